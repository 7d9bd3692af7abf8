"""The wheel: the package, its settings and its notebooks, and nothing else."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BROUGHT = {path.name for path in (ROOT / "notebooks").glob("*.ipynb")} | {"glossary.md"}
HOME = ROOT / "notebooks" / "exercises"
EXERCISES = {path.relative_to(HOME).as_posix() for path in [*HOME.rglob("*.py"), HOME / "order.txt"]}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """A wheel of the project as it stands, built as pip builds it."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    return next(folder.glob("*.whl"))


def test_it_brings_the_notebooks_and_the_settings(wheel):
    """`pip install .` is enough to open the lessons, and the glossary that they link to."""
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {f"eda_workshop/_notebooks/{name}" for name in BROUGHT} <= names
    assert {f"eda_workshop/_notebooks/exercises/{name}" for name in EXERCISES} <= names
    assert "eda_workshop/commands/jupyter/labconfig/default_setting_overrides.json" in names
    assert "eda_workshop/py.typed" in names
    assert {f"eda_workshop/site/{name}" for name in ("theme.css", "slides.js", "templates/lesson.html.j2")} <= names


def test_it_brings_nothing_of_the_tests_or_the_sources(wheel):
    """What an author or a tester needs stays in the clone."""
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"eda_workshop"}
    assert not any(name.endswith("-bus.py") for name in zipfile.ZipFile(wheel).namelist())


def test_an_installed_copy_opens_its_own_notebooks(wheel, tmp_path):
    """Away from any clone, the command copies the notebooks to where the learner is."""
    site, home = tmp_path / "site", tmp_path / "home"
    home.mkdir()
    zipfile.ZipFile(wheel).extractall(site)
    code = "from eda_workshop.commands.folders import notebooks_folder; print(notebooks_folder())"
    environment = {**os.environ, "PYTHONPATH": str(site)}
    result = subprocess.run(
        [sys.executable, "-P", "-c", code], cwd=home, env=environment, capture_output=True, text=True, check=True
    )
    assert result.stdout.splitlines()[-1] == str(home / "eda-workshop-notebooks")
    copied = {path.name for path in (home / "eda-workshop-notebooks").iterdir()}
    assert copied == {*BROUGHT, ".eda-workshop"}


def test_an_exercise_is_solved_with_an_installed_copy_in_an_empty_folder(wheel, tmp_path):
    """The exercises' files are found inside the package; none of them, with its solutions, gets to the learner."""
    site, home = tmp_path / "site", tmp_path / "home"
    home.mkdir()
    zipfile.ZipFile(wheel).extractall(site)
    code = (
        "from eda_workshop.commands.folders import notebooks_folder\nnotebooks_folder()\n"
        "from eda_workshop.exercises import check, hint\n"
        "def late_tap(bus, heard):\n"
        "    audit = bus.subscriber('audit', after=0)\n"
        "    audit.on('user.signed_up', lambda event: heard.append(event.id))\n"
        "    audit.catch_up()\n"
        "print(check.late_tap(late_tap).state, check.late_tap(lambda bus, heard: heard.clear()).state, hint.late_tap().title)"
    )
    environment = {**os.environ, "PYTHONPATH": str(site)}
    result = subprocess.run(
        [sys.executable, "-P", "-c", code], cwd=home, env=environment, capture_output=True, text=True, check=True
    )
    assert result.stdout.splitlines()[-1] == "right wrong Hint 1 of 2."
    assert not list(home.rglob("*.py"))
