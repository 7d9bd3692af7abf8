"""How high a block will be on a slide, about: in lines of prose, of which a slide has room for so many."""

from __future__ import annotations

import re
from math import ceil

from bs4 import BeautifulSoup, Tag

from eda_workshop.site.blocks import Block, Kind

ROOM, RUNNING = 17.8, 1.55
"""Lines of prose on a slide, its heading among them; and what the line on top takes where there is no heading."""
LINE = 4.833
"""A line of prose in hundredths of the screen's height."""
BROAD, SMALL = 33.0, 8.5
"""How broad a slide is in lines, and how high a picture has to be at least to be read from afar."""
PROSE, CODE, CELL = 86, 104, 26
"""Characters in a line of prose, in a line of code, and in a cell of a table."""

_VIEW = re.compile(r'viewBox="0 0 (\d+) (\d+)"')


def height(block: Block) -> float:
    """The lines that the block takes, with the space after it."""
    if block.level:
        return 1.8 if block.level > 1 else 3
    if block.kind in (Kind.CODE, Kind.PRINTED):
        return 1 + 0.73 * _lines(block.words, CODE)
    if block.kind is Kind.PICTURE:
        return _picture(block)
    soup = BeautifulSoup(block.html, "html.parser")
    table, code = soup.find("table"), soup.find("pre")
    if isinstance(table, Tag):
        return 0.6 + sum(_row(row) for row in table.find_all("tr"))
    if isinstance(code, Tag):
        return 1 + 0.73 * _lines(code.get_text().strip(), CODE)
    items = soup.find_all("li")
    return 0.5 + sum(_lines(item.get_text().strip(), PROSE) for item in items or [soup])


def _lines(text: str, width: int) -> int:
    return sum(max(1, ceil(len(line) / width)) for line in text.splitlines())


def _row(row: Tag) -> float:
    return 0.4 + 0.85 * max((ceil(len(cell.get_text()) / CELL) for cell in row.find_all(["td", "th"])), default=1)


def _picture(block: Block) -> float:
    """What the sentence takes, and the picture at its least."""
    return min(SMALL, drawn(block)) + said(block)


def drawn(block: Block) -> float:
    """The picture alone, as broad as the slide."""
    view = _VIEW.search(block.html)
    return BROAD * int(view[2]) / int(view[1]) if view else BROAD / 2


def said(block: Block) -> float:
    """The sentence under a picture."""
    sentence = BeautifulSoup(block.html, "html.parser").find("figcaption")
    return 0.6 + 0.82 * _lines(sentence.get_text() if sentence else "", 108)
