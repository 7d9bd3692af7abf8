"""Where the notebooks are: in the clone, or copied from the installed package."""

from __future__ import annotations

import shutil
from pathlib import Path

from eda_workshop.lessons.catalogue import clone_root

PACKAGED = Path(__file__).resolve().parents[1] / "_notebooks"
COPIED = "eda-workshop-notebooks"


def notebooks_folder() -> Path:
    """The clone's notebooks; without a clone, a folder here that the packaged ones are copied to."""
    root = clone_root()
    return root / "notebooks" if root else bring_along(PACKAGED, Path.cwd() / COPIED)


def bring_along(packaged: Path, folder: Path) -> Path:
    """Copy the notebooks that aren't in the folder yet; what is there is the learner's and stays."""
    folder.mkdir(exist_ok=True)
    missing = [source for source in sorted(packaged.glob("*.ipynb")) if not (folder / source.name).exists()]
    for source in missing:
        shutil.copy(source, folder / source.name)
    if missing:
        print(f"Copied {len(missing)} notebooks to {folder.name}. What you change there stays.")
    return folder
