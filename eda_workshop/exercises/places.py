"""Where the exercises' files are, and in which order a lesson has them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


def folder() -> Path:
    """The folder of all exercises' files: in the installed package, else in the clone."""
    packaged = _PACKAGE / "_notebooks" / "exercises"
    return packaged if packaged.is_dir() else _PACKAGE.parent / "notebooks" / "exercises"


def path_of(lesson: int, id: str) -> Path:
    """The file of an exercise, whether there is one or not."""
    return folder() / f"{lesson:02}" / f"{id}.py"


@cache
def order() -> dict[int, tuple[str, ...]]:
    """The ids of each lesson's exercises, in the order in which the lesson has them."""
    lines = (folder() / "order.txt").read_text(encoding="utf-8").splitlines()
    parted = (line.partition(":") for line in lines if line.strip())
    return {int(lesson): tuple(ids.split()) for lesson, _, ids in parted}
