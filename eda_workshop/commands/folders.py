"""Where the notebooks are: in the clone, or copied from the installed package."""

from __future__ import annotations

import shutil
from pathlib import Path

from eda_workshop.commands.errors import NotWritable
from eda_workshop.lessons.catalogue import PACKAGED, clone_root

COPIED = "eda-workshop-notebooks"


def notebooks_folder() -> Path:
    """The clone's notebooks; without a clone, a folder here that the packaged ones are copied to."""
    return expected_folder() if clone_root() else bring_along(PACKAGED, expected_folder())


def expected_folder() -> Path:
    """The same folder, whether it is there yet or not."""
    root = clone_root()
    return root / "notebooks" if root else Path.cwd() / COPIED


def bring_along(packaged: Path, folder: Path) -> Path:
    """Copy the notebooks, and the pages they link to, that aren't in the folder yet; what is there is the learner's.

    Raises `NotWritable`.
    """
    brought = [*sorted(packaged.glob("*.ipynb")), *sorted(packaged.glob("*.md"))]
    missing = [source for source in brought if not (folder / source.name).exists()]
    try:
        folder.mkdir(exist_ok=True)
        for source in missing:
            shutil.copy(source, folder / source.name)
    except OSError as error:
        raise NotWritable(str(folder), error.strerror or str(error)) from None
    count = sum(source.suffix == ".ipynb" for source in missing)
    if missing:
        what = "the glossary" if not count else "1 notebook" if count == 1 else f"{count} notebooks"
        print(f"Copied {what} to {folder.name}. What you change there stays.")
    return folder
