"""Where the pages go: into a new folder, an empty one, or over what the same command wrote."""

import pytest

from eda_workshop import cli
from eda_workshop.commands import site
from eda_workshop.site.folder import MARK, NotOurFolder, NotWritten, fill, written


def test_a_new_folder_is_made(tmp_path):
    """Folders on the way are made too."""
    folder = tmp_path / "new" / "site"
    fill(folder, "site", {"index.html": "é"})
    assert (folder / "index.html").read_text(encoding="utf-8") == "é"
    assert written(folder, "site") == {"index.html"}


def test_an_empty_folder_is_taken(tmp_path):
    """Nothing is lost in it."""
    fill(tmp_path, "site", {"index.html": ""})
    assert written(tmp_path, "site") == {"index.html"}


def test_the_next_writing_replaces_the_last(tmp_path):
    """A page that is gone goes; what somebody put beside the pages stays."""
    fill(tmp_path, "site", {"index.html": "old", "gone.html": ""})
    (tmp_path / "CNAME").write_text("mine", encoding="utf-8")
    fill(tmp_path, "site", {"index.html": "new"})
    assert {path.name for path in tmp_path.iterdir()} == {"index.html", "CNAME", MARK}
    assert (tmp_path / "index.html").read_text(encoding="utf-8") == "new"


@pytest.mark.parametrize(
    "mark", [None, "", "[]", "{}", '{"command": "slides", "files": []}'], ids=["none", "empty", "list", "bare", "other"]
)
def test_a_folder_of_something_else_is_left_alone(tmp_path, mark):
    """Without the mark of this very command, nothing is written, and a sentence says what to do."""
    (tmp_path / "index.html").write_text("mine", encoding="utf-8")
    if mark is not None:
        (tmp_path / MARK).write_text(mark, encoding="utf-8")
    with pytest.raises(NotOurFolder, match="nothing was written. Name a new or an empty folder."):
        fill(tmp_path, "site", {"index.html": "ours"})
    assert (tmp_path / "index.html").read_text(encoding="utf-8") == "mine"


def test_a_mark_can_name_no_file_outside(tmp_path):
    """A mark that was tampered with makes nobody delete what is elsewhere."""
    folder, outside = tmp_path / "site", tmp_path / "mine.txt"
    outside.touch()
    fill(folder, "site", {"index.html": ""})
    (folder / MARK).write_text('{"command": "site", "files": ["../mine.txt"]}', encoding="utf-8")
    fill(folder, "site", {"index.html": ""})
    assert outside.exists()


def test_a_file_is_no_folder(tmp_path):
    """A file of the name is left alone."""
    (tmp_path / "site").write_text("mine", encoding="utf-8")
    with pytest.raises(NotOurFolder):
        fill(tmp_path / "site", "site", {})
    with pytest.raises(NotWritten, match="Name a folder that is yours"):
        fill(tmp_path / "site" / "below", "site", {})


def test_the_command_says_what_it_wrote(tmp_path, capsys):
    """How many lessons, how large, and what to open; done again, it is the same."""
    folder = tmp_path / "site"
    for _ in range(2):
        assert cli.main(["site", str(folder)]) == 0
        assert capsys.readouterr().out.endswith(f"Open {folder / 'index.html'}.\n")


def test_changed_lessons_are_named(monkeypatch, capsys):
    """Who ran and saved a lesson is told that the pages show that; other files of the folder are no lessons."""
    monkeypatch.setattr(site, "changed", lambda folder: {"03-bus.ipynb", "source/03-bus.py"})
    assert site.stored().name == "notebooks"
    assert capsys.readouterr().err == "Changed since they came, and shown as they are now: 03-bus.ipynb.\n"


def test_the_command_refuses_in_a_sentence(tmp_path, capsys):
    """Somebody's folder: exit code 1 and one sentence."""
    (tmp_path / "thesis.txt").touch()
    assert cli.main(["site", str(tmp_path)]) == 1
    assert "holds something that `site` did not write" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
