"""Where the pages go: into a new folder, an empty one, or over what the same command wrote."""

import hashlib
import json
import os
import random

import pytest

from eda_workshop import cli
from eda_workshop.site.folder import MARK, NotOurFolder, NotWritten, fill, move_in, written


def test_a_new_folder_is_made(tmp_path):
    """Folders on the way are made too."""
    folder = tmp_path / "new" / "site"
    fill(folder, "site", {"index.html": "é"})
    assert (folder / "index.html").read_text(encoding="utf-8") == "é"
    assert names(folder) == {"index.html"}


def names(folder, command="site"):
    return {name for name, _ in written(folder, command)}


def test_an_empty_folder_is_taken(tmp_path):
    """Nothing is lost in it."""
    fill(tmp_path, "site", {"index.html": ""})
    assert names(tmp_path) == {"index.html"}


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


@pytest.fixture
def mine(tmp_path):
    """A file of the user's beside the folder of the pages, which holds one page."""
    fill(tmp_path / "site", "site", {"index.html": ""})
    mine = tmp_path / "mine.txt"
    mine.write_text("mine", encoding="utf-8")
    return mine


def marked(folder, *entries):
    (folder / MARK).write_text(json.dumps({"command": "site", "files": entries}), encoding="utf-8")


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize(
    "name", ["..", ".", "", "../mine.txt", "a/../../mine.txt", "/mine.txt", "..\\mine.txt", "C:x", MARK]
)
def test_a_mark_names_files_in_the_folder_only(tmp_path, mine, name):
    """A mark that was tampered with deletes nothing, wherever it points."""
    marked(tmp_path / "site", [name, digest(mine)])
    with pytest.raises(NotOurFolder):
        fill(tmp_path / "site", "site", {"index.html": ""})
    assert mine.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("entry", ["..", ["..", "0" * 64]], ids=["a name", "a name and a hash"])
def test_a_build_deletes_no_folder_outside(tmp_path, mine, entry):
    """As `lite` moves in what it built, in place of what the mark names."""
    folder, built = tmp_path / "site", tmp_path / "built"
    built.mkdir()
    marked(folder, entry)
    with pytest.raises(NotOurFolder):
        move_in(folder, "site", built)
    assert mine.exists()
    assert folder.exists()


def test_a_mark_deletes_only_what_the_command_wrote(tmp_path, mine):
    """A file that the mark names and that has other bytes is the user's."""
    folder = tmp_path / "site"
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    marked(folder, ["notes.txt", "0" * 64], ["index.html", digest(folder / "index.html")])
    fill(folder, "site", {"new.html": ""})
    assert {path.name for path in folder.iterdir()} == {"new.html", "notes.txt", MARK}


def test_a_page_that_was_changed_is_not_overwritten(tmp_path):
    """Whoever edited a page keeps it, and is told which one is in the way."""
    fill(tmp_path, "site", {"index.html": "ours", "a.html": "old"})
    (tmp_path / "index.html").write_text("mine", encoding="utf-8")
    with pytest.raises(NotOurFolder, match=r"holds index\.html, which `site` did not write"):
        fill(tmp_path, "site", {"a.html": "new", "index.html": "ours"})
    assert (tmp_path / "index.html").read_text(encoding="utf-8") == "mine"
    assert (tmp_path / "a.html").read_text(encoding="utf-8") == "old"


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_links_are_not_followed(tmp_path, mine):
    """Neither for writing, nor for deleting, as a file or as a folder on the way."""
    folder, other = tmp_path / "site", tmp_path / "other"
    other.mkdir()
    (other / "a.html").write_text("mine", encoding="utf-8")
    (folder / "page.html").symlink_to(mine)
    (folder / "sub").symlink_to(other)
    for name in ("page.html", "sub/a.html"):
        with pytest.raises(NotOurFolder):
            fill(folder, "site", {name: "ours"})
    page = ["index.html", digest(folder / "index.html")]
    marked(folder, page, ["page.html", digest(mine)], ["sub/a.html", digest(mine)])
    fill(folder, "site", {"index.html": ""})
    assert mine.read_text(encoding="utf-8") == (other / "a.html").read_text(encoding="utf-8") == "mine"


def test_folders_that_become_empty_go(tmp_path):
    """What is built as a tree of folders is replaced as one, and a user's file keeps its folder."""
    fill(tmp_path, "site", {"a/b/c.html": "", "d/e.html": ""})
    (tmp_path / "d" / "mine.txt").touch()
    fill(tmp_path, "site", {"index.html": ""})
    assert {path.name for path in tmp_path.iterdir()} == {"index.html", "d", MARK}


def test_any_mark_is_read_or_refused(tmp_path):
    """Thousands of damaged marks: each is refused by its name, or names files below the folder; nobody's file goes."""
    chance = random.Random(7)
    good = json.dumps({"command": "site", "files": [["a/b.html", "0" * 64], ["index.html", "1" * 64]]})
    keep = tmp_path / "keep.txt"
    keep.touch()
    odd = ["..", "/", "\\", "null", "[]", "{}", '"', ",", "\\u0000", "1e999", "é", "[" * 5000, "true", ":"]
    for _ in range(4000):
        text = list(good)
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(text))
            text[at : at + chance.randint(0, 8)] = chance.choice(odd)
        (tmp_path / MARK).write_text("".join(text), encoding="utf-8")
        try:
            entries = written(tmp_path, "site")
        except NotOurFolder:
            continue
        marked(tmp_path, *map(list, entries))
        assert written(tmp_path, "site") == entries
        assert all((tmp_path / name).resolve().is_relative_to(tmp_path.resolve()) for name, _ in entries)
    assert keep.exists()


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


def test_the_command_refuses_in_a_sentence(tmp_path, capsys):
    """Somebody's folder: exit code 1 and one sentence."""
    (tmp_path / "thesis.txt").touch()
    assert cli.main(["site", str(tmp_path)]) == 1
    assert "holds something that `site` did not write" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
