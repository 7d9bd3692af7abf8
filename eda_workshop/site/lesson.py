"""What the pages say of a lesson: the catalogue's entry, the question it asks, and its blocks."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import nbformat

from eda_workshop.lessons.catalogue import LESSONS, Lesson
from eda_workshop.site.blocks import Block, Kind, blocks

_MINUTES = re.compile(r"\d+ minutes\.\s*")


@dataclass(frozen=True)
class Reading:
    """A lesson to be read: what the catalogue says of it, and the blocks of its notebook."""

    lesson: Lesson
    blocks: tuple[Block, ...]

    @property
    def page(self) -> str:
        """The file name of its page."""
        return f"{self.lesson.name}.html"

    @property
    def number(self) -> str:
        return f"{self.lesson.number:02}"

    @property
    def sections(self) -> list[Block]:
        """The headings under the title."""
        return [block for block in self.blocks if block.level == 2]

    @property
    def question(self) -> str:
        """What the lesson asks; a lesson that asks nothing says what one does in it."""
        first = next((block.words for block in self.blocks if block.kind is Kind.PROSE), "")
        return _MINUTES.sub("", first.replace("\n", " ").removeprefix("Question. "))


def readings(notebooks: Path, names: Iterable[str] = ()) -> list[Reading]:
    """The lessons of the catalogue whose notebooks are there; with names, those that begin so."""
    begins = tuple(names) or ("",)
    found = [(lesson, notebooks / lesson.notebook) for lesson in LESSONS if lesson.name.startswith(begins)]
    return [
        Reading(lesson, tuple(blocks(nbformat.read(path, as_version=4)))) for lesson, path in found if path.exists()
    ]
