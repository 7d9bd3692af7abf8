"""The scene of the lending library: a lane for each book over the days of March, and what is known and told."""

from __future__ import annotations

from dataclasses import dataclass

from eda_workshop.show import palette, svg
from eda_workshop.show.blocks import arrow, listing
from eda_workshop.show.month import LEFT, RIGHT, Mark, axis, draw_mark, spread, x_of
from eda_workshop.show.picture import Picture

TOP, LANE, BAR = 44, 96, 20
LINES = 5


@dataclass(frozen=True)
class Spell:
    """A reader has a book: from a day of March to another, due on a third."""

    reader: str
    start: float
    end: float
    due: float


@dataclass(frozen=True)
class BookLane:
    """One book: its title, its state in a few words, its events, and who had it when."""

    title: str
    state: str
    marks: tuple[Mark, ...]
    spells: tuple[Spell, ...]


@dataclass(frozen=True)
class LibraryState:
    """The library on a day of March.

    lanes    the books
    today    the day
    told     messages that went out, oldest first
    waiting  messages that wait
    screen   the rows of the screen
    agrees   whether the screen shows what counts
    sentence what the picture shows
    """

    lanes: tuple[BookLane, ...]
    today: float
    told: tuple[str, ...]
    waiting: tuple[str, ...]
    screen: tuple[str, ...]
    agrees: bool
    sentence: str


def draw_library(state: LibraryState) -> Picture:
    """The lanes under one axis, a line for today, and three boxes below."""
    bottom = TOP + LANE * len(state.lanes)
    body = axis(bottom) + _today(state.today, bottom)
    for index, lane in enumerate(state.lanes):
        body += _lane(lane, TOP + LANE * index)
    screen = "on the screen" if state.agrees else "screen, not what counts ✗"
    boxes = (
        ("went out", palette.SUBSCRIBER, state.told),
        ("waits", palette.MUTED, state.waiting),
        (screen, palette.LOG if state.agrees else palette.LOST, state.screen),
    )
    width = (RIGHT - 24) / len(boxes)
    for index, (name, color, lines) in enumerate(boxes):
        body += listing(name, color, lines, 24 + width * index, bottom + 20, width - 10, LINES)
    return Picture(body, bottom + 20 + 33 + 17 * LINES + 16, state.sentence)


def _lane(lane: BookLane, y: float) -> str:
    base = y + LANE - 22
    name = svg.text(24, y + 26, lane.title, weight="600", width=LEFT - 34)
    state = "".join(
        svg.text(24, y + 44 + 16 * index, words, size=11.5, color=palette.MUTED, width=LEFT - 30)
        for index, words in enumerate(lane.state.split("; "))
    )
    line = svg.line(LEFT, base, RIGHT, base, stroke=palette.EDGE, stroke_width=1.5)
    bars, busy = "", 0.0
    for spell in lane.spells:
        bars += _spell(spell, y + (8 + BAR + 2 if spell.start < busy else 8))
        busy = max(busy, spell.end)
    marks = "".join(draw_mark(mark, x, base) for mark, x in spread(lane.marks))
    return name + state + line + bars + marks


def _spell(spell: Spell, y: float) -> str:
    """A bar from when the book was borrowed; hollow and dashed from when it was due."""
    start, due, end = x_of(spell.start), x_of(min(spell.due, spell.end)), x_of(spell.end)
    title = f"{spell.reader} has it, due on day {spell.due:g}"
    bar = svg.rect(start, y, max(due - start, 2), BAR, rx=3, fill=palette.SUBSCRIBER)
    late = ""
    if end > due:
        style: dict[str, str | float] = {"stroke": palette.LOST, "stroke_width": 2, "stroke_dasharray": "4 3"}
        late = svg.rect(due, y + 1, end - due, BAR - 2, rx=3, fill="none", **style)
        if end - due > 30:
            late += svg.text((due + end) / 2, y + 14, "late", size=11, anchor="middle", halo=True)
    room = max(due - start - 8, 0)
    words = svg.text(start + 6, y + 14, spell.reader, size=12, weight="600", color=palette.ON_EVENT, width=room)
    return svg.group(bar, late, words if room > 20 else "", title=title)


def _today(day: float, bottom: float) -> str:
    x = x_of(min(day, 32))
    return svg.line(x, 32, x, bottom, stroke=palette.INK, stroke_width=1.5) + arrow(x, 34)
