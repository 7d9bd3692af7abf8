"""The lessons as the kit ships them: known by their bytes, and what handouts are made from."""

import shutil
import subprocess
from pathlib import Path

import nbformat
import pytest

from eda_workshop import cli
from eda_workshop.lessons import shipped
from eda_workshop.lessons.catalogue import LESSONS, clone_root
from eda_workshop.lite.build import source_of_kit

ROOT = clone_root()
ANSWER = "my_secret_answer = 42"


def test_the_manifest_knows_the_lessons_as_they_are():
    """Whoever changes a lesson builds it, and commits both; bytes with other line ends are no lesson."""
    notebooks = {lesson.notebook: (ROOT / "notebooks" / lesson.notebook).read_bytes() for lesson in LESSONS}
    stale = [name for name, data in notebooks.items() if not shipped.is_shipped(name, data)]
    assert stale == [], "run `python3 workshop.py build` for these, or after a merge, and commit shipped.txt with them"
    assert list(shipped.digests()) == list(notebooks)
    assert not shipped.is_shipped("03-bus.ipynb", notebooks["03-bus.ipynb"].replace(b"\n", b"\r\n"))


def test_every_system_gets_the_same_bytes():
    """Git changes no line ends, wherever the clone is."""
    asked = ["git", "check-attr", "eol", "--", "notebooks/03-bus.ipynb", "notebooks/source/03-bus.py"]
    said = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert [line.rpartition(" ")[2] for line in said.splitlines()] == ["lf", "lf"]


@pytest.fixture
def clone(tmp_path, monkeypatch):
    """A clone of somebody who solves exercises: its notebooks are committed, and then one is changed."""
    folder = tmp_path / "clone" / "notebooks"
    shutil.copytree(ROOT / "notebooks", folder)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder.parent)
    (folder.parent / "eda_workshop").mkdir()
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "lessons")
    monkeypatch.setattr(shipped, "shipped_folder", lambda: folder)
    monkeypatch.setattr("eda_workshop.commands.site.shipped_folder", lambda: folder)
    solve(folder / "03-bus.ipynb")
    return folder


def git(folder, *arguments):
    subprocess.run(
        ["git", "-C", str(folder), "-c", "user.name=a", "-c", "user.email=a@example.org", *arguments], check=True
    )


def solve(path):
    notebook = nbformat.read(path, as_version=4)
    cell = next(cell for cell in notebook.cells if cell.cell_type == "code" and "check." in cell.source)
    cell.source = f"{ANSWER}\n{cell.source}"
    nbformat.write(notebook, path)


@pytest.mark.parametrize("is_committed", [False, True])
@pytest.mark.parametrize("command", [["site", "out"], ["slides", "03", "--into", "out"]], ids=["site", "slides"])
def test_no_answer_gets_into_a_handout(clone, tmp_path, monkeypatch, capsys, command, is_committed):
    """Saved or even committed, an answer stays with whoever gave it, and a sentence names the lesson."""
    monkeypatch.chdir(tmp_path)
    if is_committed:
        git(clone, "commit", "-q", "-a", "-m", "solved")
    assert cli.main(command) == 0
    pages = list(Path("out").glob("*.html"))
    assert pages
    assert not any(ANSWER in page.read_text(encoding="utf-8") for page in pages)
    assert "03-bus.ipynb is shown as it was shipped" in capsys.readouterr().err


def test_no_answer_gets_into_a_browser(clone, tmp_path):
    """Neither among the lessons nor in the kit's own wheel, which brings them as well."""
    with shipped.as_shipped() as lessons:
        kit = source_of_kit(clone.parent, lessons, tmp_path / "kit")
        texts = [path.read_text(encoding="utf-8") for path in (*lessons.iterdir(), *kit.rglob("*.ipynb"))]
    assert len(texts) == 2 * len(LESSONS) + 1
    assert not any(ANSWER in text for text in texts)


def test_without_git_a_changed_lesson_stops_the_handout(clone, tmp_path, monkeypatch, capsys):
    """Nothing is written, and the sentence says how to get the shipped one back."""
    shutil.rmtree(clone / ".git")
    monkeypatch.chdir(tmp_path)
    assert cli.main(["site", "out"]) == 1
    assert not Path("out").exists()
    said = capsys.readouterr().err
    assert "the shipped ones aren't to be found: 03-bus.ipynb" in said
    assert "`python3 workshop.py build 03`" in said
    monkeypatch.setattr(shipped, "clone_root", lambda: None)
    assert cli.main(["site", "out"]) == 1
    assert "Install the kit again." in capsys.readouterr().err
