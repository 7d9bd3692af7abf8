"""Where the notebooks are: in the clone, or copied from the installed package."""

from __future__ import annotations

import os
import shutil
from itertools import count
from pathlib import Path

from eda_workshop.commands.errors import NotWritable
from eda_workshop.exercises.progress import FOLDER
from eda_workshop.lessons.catalogue import PACKAGED, clone_root
from eda_workshop.lessons.shipped import MANIFEST, digest

COPIED = "eda-workshop-notebooks"
STAMP = Path(FOLDER) / "edition"
"""The file in a folder of copied lessons that says which edition they are of."""


def notebooks_folder() -> Path:
    """The clone's notebooks; without a clone, a folder here that the packaged ones are copied to."""
    return expected_folder() if clone_root() else bring_along(PACKAGED, expected_folder())


def expected_folder() -> Path:
    """The same folder, whether it is there yet or not. Lessons that were copied from another edition are in another one."""
    root = clone_root()
    if root:
        return root / "notebooks"
    names = (COPIED if number == 1 else f"{COPIED}-{number}" for number in count(1))
    return next(folder for folder in map(Path.cwd().joinpath, names) if _is_for_now(folder))


def use_own_progress() -> None:
    """Let commands find the progress that the lessons keep, unless EDA_WORKSHOP_HOME says where it is."""
    os.environ.setdefault("EDA_WORKSHOP_HOME", str(expected_folder()))


def edition() -> str:
    """What tells the lessons of this version of the kit from those of any other."""
    return digest(MANIFEST.read_bytes())


def bring_along(packaged: Path, folder: Path) -> Path:
    """Copy the notebooks, and the pages they link to, that aren't in the folder yet; what is there is the learner's.

    A new folder beside one of an older edition gets the progress from there. Raises `NotWritable`.
    """
    older = _before(folder)
    brought = [*sorted(packaged.glob("*.ipynb")), *sorted(packaged.glob("*.md"))]
    missing = [source for source in brought if not (folder / source.name).exists()]
    try:
        (folder / FOLDER).mkdir(parents=True, exist_ok=True)
        if older and not (folder / STAMP).exists():
            _carry_over(older, folder)
        (folder / STAMP).write_text(edition(), encoding="utf-8")
        for source in missing:
            shutil.copy(source, folder / source.name)
    except OSError as error:
        raise NotWritable(str(folder), error.strerror or str(error)) from None
    number = sum(source.suffix == ".ipynb" for source in missing)
    if missing:
        what = "the glossary" if not number else "1 notebook" if number == 1 else f"{number} notebooks"
        print(f"Copied {what} to {folder.name}. What you change there stays.")
    return folder


def _is_for_now(folder: Path) -> bool:
    """Whether the lessons of this edition are there, or no lessons at all."""
    try:
        return (folder / STAMP).read_text(encoding="utf-8") == edition()
    except (OSError, ValueError):
        return not any(folder.glob("*.ipynb"))


def _before(folder: Path) -> Path | None:
    """The folder of the edition before, if this one is made beside it."""
    name, _, number = folder.name.rpartition("-")
    if name != COPIED or not number.isdecimal():
        return None
    return folder.with_name(COPIED if number == "2" else f"{COPIED}-{int(number) - 1}")


def _carry_over(older: Path, folder: Path) -> None:
    """Copy the progress; the lessons stay where they are."""
    for file in (older / FOLDER).glob("progress-*.json"):
        shutil.copy(file, folder / FOLDER / file.name)
    print(f"The lessons in {older.name} are of an older edition and stay as they are; your progress comes along.")
