"""March as an axis of days, and the marks of events on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from eda_workshop.show import palette, svg

Look = Literal["event", "other", "new", "changed", "gone"]

_RIMS = {"gone": palette.LOST, "new": palette.HYPOTHETICAL, "other": palette.EVENT}

LEFT, RIGHT = 192, 856
RADIUS = 9.5
DAYS = 32


@dataclass(frozen=True)
class Mark:
    """An event on a lane: its day, its number, and how it looks.

    The looks: an event; one about somebody else (hollow); new (made up as long as it is a plan); changed (a second ring); gone
    (hollow and crossed).
    """

    day: float
    number: int
    look: Look = "event"
    title: str = ""


def x_of(day: float) -> float:
    """Where a day of March is; 32 is the first of April."""
    return LEFT + 12 + (RIGHT - LEFT - 24) * (day - 1) / (DAYS - 1)


def axis(bottom: float) -> str:
    """The days along the top, with a line for each down to `bottom`."""
    parts = []
    for day in (1, 5, 10, 15, 20, 25, 30):
        x = x_of(day)
        parts.append(svg.line(x, 32, x, bottom, stroke=palette.EDGE, stroke_dasharray="1 5"))
        parts.append(svg.text(x, 24, f"{day} March" if day == 1 else f"{day}", size=12, anchor="middle"))
    return "".join(parts)


def spread(marks: Iterable[Mark]) -> list[tuple[Mark, float]]:
    """Where each mark is drawn: at its day, or beside the one before."""
    placed: list[tuple[Mark, float]] = []
    for mark in sorted(marks, key=lambda mark: (mark.day, mark.number)):
        x = x_of(mark.day)
        placed.append((mark, max(x, placed[-1][1] + 2 * RADIUS + 1) if placed else x))
    return placed


def draw_mark(mark: Mark, x: float, y: float) -> str:
    """A disc with its number, and a sign for its look."""
    hollow = mark.look in ("gone", "new", "other")
    shape = svg.circle(
        x,
        y,
        RADIUS,
        fill=palette.PAPER if hollow else palette.EVENT,
        stroke=_RIMS.get(mark.look, palette.PAPER),
        stroke_width=2,
        stroke_dasharray="3 2" if mark.look in ("gone", "new") else None,
    )
    if mark.look == "changed":
        shape += svg.circle(x, y, RADIUS + 3, fill="none", stroke=palette.EVENT, stroke_width=1.5)
    color = palette.INK if hollow else palette.ON_EVENT
    words = svg.text(x, y + 4, str(mark.number), size=10.5, weight="700", anchor="middle", color=color)
    if mark.look == "gone":
        words = "".join(
            svg.line(x - 5, y - 5 * way, x + 5, y + 5 * way, stroke=palette.LOST, stroke_width=2) for way in (1, -1)
        )
    return svg.group(shape, words, title=mark.title)
