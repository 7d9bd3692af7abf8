"""A lesson cut into slides: a heading begins one, and what a cell gives comes after it was asked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from bs4 import BeautifulSoup

from eda_workshop.site.blocks import Block, Kind
from eda_workshop.site.heights import LINE, ROOM, RUNNING, height, said
from eda_workshop.site.markup import without_words

_RESULTS = (Kind.PICTURE, Kind.PRINTED, Kind.ERROR)
_IMPORTS = re.compile(r"(?:%load_ext |# ModuleNotFoundError|from |import |\s|\)|$)")
_FOR_A_LEARNER = ("Stuck? ", "Next: ")
"""How paragraphs begin that speak to somebody who sits before the notebook."""


@dataclass(frozen=True)
class Slide:
    """One slide: the section that it belongs to, and what it shows; its own heading, if it has one, is the first block."""

    section: str
    blocks: tuple[Block, ...]

    @property
    def running(self) -> str:
        """The line on top that says where we are: the section, unless the slide says so itself."""
        return "" if self.blocks[0].words == self.section else self.section

    @property
    def crowded(self) -> bool:
        """Whether one block alone is too much for a slide, so that all has to be smaller."""
        return self._top + sum(map(height, self.blocks)) > ROOM

    @property
    def rest(self) -> float:
        """Hundredths of the screen's height that are left for a picture beside all else."""
        others = sum(said(block) if block.kind is Kind.PICTURE else height(block) for block in self.blocks)
        return round(LINE * (ROOM - others - self._top), 1)

    @property
    def _top(self) -> float:
        return RUNNING if self.running else 0


def slides(blocks: Iterable[Block]) -> list[Slide]:
    """The lesson's slides in order. A result stands on another slide than the question for it."""
    return [Slide(part[0].words, tuple(shown)) for part in _parts(blocks) for shown in _cut(part)]


def _parts(blocks: Iterable[Block]) -> Iterator[list[Block]]:
    """The blocks from one heading to the next. A heading with nothing under it but headings is left out."""
    part: list[Block] = []
    for block in _shown(list(blocks)):
        if block.level and len(part) > 1:
            yield part
        part = [block] if block.level else [*part, block]
    if len(part) > 1:
        yield part


def _shown(blocks: list[Block]) -> Iterator[Block]:
    """What an audience needs: no imports, hints, checks and progress; a quiz question by question."""
    for block, after in zip(blocks, [*blocks[1:], None], strict=True):
        if block.kind is Kind.QUIZ:
            yield from _questions(block)
        elif block.kind is Kind.CODE:
            asks = after is not None and after.kind is Kind.QUIZ
            if not asks and not all(_IMPORTS.match(line) for line in block.words.splitlines()):
                yield block
        elif block.kind is Kind.PROSE and block.words.startswith(_FOR_A_LEARNER):
            continue
        elif block.kind not in (Kind.CHECKED, Kind.OTHER):
            yield replace(block, html=without_words(block.html))


def _questions(quiz: Block) -> Iterator[Block]:
    page = BeautifulSoup(quiz.html, "html.parser")
    for number, question in enumerate(page.select("div > ol > li"), 1):
        yield replace(quiz, html=f'<ol start="{number}">{question}</ol>')


def _cut(part: list[Block]) -> Iterator[list[Block]]:
    """The blocks of one section, slide by slide."""
    shown, asked = part[:1], None
    for block in part[1:]:
        if _begins(block, shown):
            yield shown
            # Where there is room, the code that printed it is shown with it; a picture speaks for itself.
            again = asked and block.kind in (Kind.PRINTED, Kind.ERROR)
            shown = [asked] if again and RUNNING + height(asked) + height(block) <= ROOM else []
        shown = [*shown, block]
        asked = block if block.kind is Kind.CODE else None
    yield shown


def _begins(block: Block, shown: list[Block]) -> bool:
    """Whether the block needs a slide of its own after what is shown."""
    if not shown or shown[-1].level:
        return False
    answer = block.kind in _RESULTS and shown[-1].kind is Kind.CODE
    top = 0 if shown[0].level else RUNNING
    return answer or block.kind is Kind.QUIZ or top + sum(map(height, [*shown, block])) > ROOM
