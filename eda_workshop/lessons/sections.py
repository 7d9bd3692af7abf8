"""The sections of a lesson, and its cells as a notebook's file holds them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eda_workshop.errors import EdaError
from eda_workshop.lessons.catalogue import LESSONS, shipped_folder

_HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
_START = re.compile(r"\bstart_here\((\".*\")\)")
_THE_LEARNERS = re.compile(r"^(?:check\.\w+|quiz)\(", re.MULTILINE)
MAY_FAIL = "raises-exception"
BEGINNING = "the beginning"
"""What stands before a lesson's first heading."""


class CannotResume(EdaError):
    """Raised when it is not known what comes before a section."""

    def __init__(self, place: str, why: str) -> None:
        super().__init__(f"What comes before “{place}” could not be replayed: {why}. Run the cells above it yourself.")
        self.place = place


@dataclass(frozen=True)
class Cell:
    """One code cell of a lesson.

    section   the section that it is in
    may_fail  whether it is meant to raise
    """

    id: str
    source: str
    section: str
    may_fail: bool

    @property
    def is_theirs(self) -> bool:
        """Whether it is an exercise or a quiz, which only the learner runs."""
        return bool(_THE_LEARNERS.search(self.source))

    @property
    def words(self) -> str:
        """Its first line of its own, to name it by."""
        lines = [line.strip() for line in self.source.splitlines()]
        return next((line for line in lines if line and "start_here(" not in line), "")


def starting_line(lesson: str, title: str) -> str:
    """What the build puts at the head of a section's first cell."""
    place = json.dumps(f"{lesson} {title}", ensure_ascii=False)
    return f"from eda_workshop.lessons import start_here; start_here({place})"


def titled(cells: Iterable[tuple[str, str]]) -> Iterator[tuple[str, bool]]:
    """For each code cell of (kind, source), the last heading above it, and whether it is the first one below that."""
    title, is_new = BEGINNING, False
    for kind, source in cells:
        if kind == "code":
            yield title, is_new
            is_new = False
        elif headings := _HEADING.findall(source):
            title, is_new = headings[-1].strip(), True


def cells_at(place: str, folder: Path) -> tuple[list[Cell], int]:
    """The code cells of the place's lesson, and which of them is its start.

    They are those of the notebook in the folder, else of the one that the kit brought; cells that somebody added are
    none of the lesson's. Raises `CannotResume`.
    """
    number = place.partition(" ")[0]
    lesson = next((lesson for lesson in LESSONS if lesson.name.startswith(f"{number}-")), None)
    if lesson is None:
        raise CannotResume(place, f"the kit has no lesson {number}")
    for home in (folder, shipped_folder()):
        cells = [cell for cell in _read(home / lesson.notebook) if cell.id.startswith(f"{number}-")]
        for at, cell in enumerate(cells):
            if place == f"{number} {cell.section}":
                return cells, at
    raise CannotResume(place, f"{lesson.notebook} has no such section")


def _read(path: Path) -> list[Cell]:
    """The notebook's code cells; none from a file that isn't there or is no notebook."""
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        return list(_cells(cell for cell in notebook["cells"] if cell["cell_type"] == "code"))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []


def _cells(codes: Iterable[dict[str, Any]]) -> Iterator[Cell]:
    """A learner may add headings, so the line in a section's first cell says where it begins."""
    section = BEGINNING
    for cell in codes:
        source = "".join(cell["source"])
        start = _START.search(source)
        if start:
            section = json.loads(start[1]).partition(" ")[2]
        yield Cell(cell.get("id", ""), source, section, MAY_FAIL in cell["metadata"].get("tags", []))
