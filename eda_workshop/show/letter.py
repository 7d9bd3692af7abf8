"""The scene of the late letter: three realities over one time, the branch point, and what it means outside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from eda_workshop.show import palette, svg
from eda_workshop.show.picture import Picture

Look = Literal["event", "other", "new", "changed", "gone"]

_RIMS = {"gone": palette.LOST, "new": palette.HYPOTHETICAL, "other": palette.EVENT}

LEFT, RIGHT, TOP = 192, 856, 44
LANE, CURVE, RADIUS = 82, 36, 9.5
DAYS = 32
BOXES = 312


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


@dataclass(frozen=True)
class RealityLane:
    """One of the three realities: its name, its state in a few words, its events, and the quantity after each day.

    curve  the day and the quantity from that day on, in order
    """

    name: str
    state: str
    color: str
    marks: tuple[Mark, ...]
    curve: tuple[tuple[float, int], ...]


@dataclass(frozen=True)
class LetterState:
    """Three lanes, the day from which they part, messages by what is to be done about them, and the sentence."""

    lanes: tuple[RealityLane, ...]
    branch: float
    outside: tuple[tuple[str, str, tuple[str, ...]], ...]
    sentence: str


def draw_letter(state: LetterState) -> Picture:
    """The three lanes under one axis of days, and the outbox below them."""
    top = max((value for lane in state.lanes for _, value in lane.curve), default=1) or 1
    rows = [TOP + LANE * index for index in range(len(state.lanes))]
    bottom = rows[-1] + LANE - 12
    body = _axis(bottom) + _branch_point(state.branch, bottom)
    body += svg.text(24, bottom + 13, "hollow: about others", size=11, color=palette.MUTED)
    body += "".join(_lane(lane, y, top) for lane, y in zip(state.lanes, rows, strict=True))
    width = (RIGHT - 24) / len(state.outside)
    for index, (name, color, lines) in enumerate(state.outside):
        body += _box(name, color, lines, 24 + width * index, width - 10)
    return Picture(body, BOXES + 100, state.sentence)


def _x(day: float) -> float:
    return LEFT + 12 + (RIGHT - LEFT - 24) * (day - 1) / (DAYS - 1)


def _axis(bottom: float) -> str:
    parts = []
    for day in (1, 5, 10, 15, 20, 25, 30):
        x = _x(day)
        parts.append(svg.line(x, 32, x, bottom, stroke=palette.EDGE, stroke_dasharray="1 5"))
        parts.append(svg.text(x, 24, f"{day} March" if day == 1 else f"{day}", size=12, anchor="middle"))
    return "".join(parts)


def _branch_point(day: float, bottom: float) -> str:
    x = _x(day) - RADIUS - 3
    line = svg.line(x, 32, x, bottom, stroke=palette.HYPOTHETICAL, stroke_width=2, stroke_dasharray="6 4")
    return line + svg.text(x - 4, bottom + 13, "branch point", size=11, anchor="middle", halo=True)


def _lane(lane: RealityLane, y: float, top: int) -> str:
    base = y + CURVE + 14
    name = svg.text(24, y + 26, lane.name, weight="600", width=LEFT - 34)
    state = svg.text(24, y + 44, lane.state, size=11.5, color=palette.MUTED, width=LEFT - 30)
    line = svg.line(LEFT, base, RIGHT, base, stroke=palette.EDGE, stroke_width=1.5)
    marks = "".join(_mark(mark, x, base) for mark, x in _spread(lane.marks))
    return name + state + _curve(lane, base, top) + line + marks


def _curve(lane: RealityLane, base: float, top: int) -> str:
    """The quantity as steps, with its value at the end."""
    if not lane.curve:
        return ""
    points, before = list[str](), lane.curve[0][1]
    for day, value in lane.curve:
        points += [f"{_x(day):.1f},{_up(before, base, top):.1f}", f"{_x(day):.1f},{_up(value, base, top):.1f}"]
        before = value
    last = _up(before, base, top)
    points.append(f"{RIGHT - 34:.1f},{last:.1f}")
    path = svg.element("polyline", points=" ".join(points), fill="none", stroke=lane.color, stroke_width=2)
    return path + svg.text(RIGHT - 30, last + 4, f"{before} GB", size=11, weight="600", halo=True)


def _up(value: int, base: float, top: int) -> float:
    return base - RADIUS - (CURVE - 4) * value / top


def _spread(marks: Iterable[Mark]) -> list[tuple[Mark, float]]:
    """Where each mark is drawn: at its day, or beside the one before."""
    placed: list[tuple[Mark, float]] = []
    for mark in sorted(marks, key=lambda mark: (mark.day, mark.number)):
        x = _x(mark.day)
        placed.append((mark, max(x, placed[-1][1] + 2 * RADIUS + 1) if placed else x))
    return placed


def _mark(mark: Mark, x: float, y: float) -> str:
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


def _box(name: str, color: str, lines: Sequence[str], x: float, width: float) -> str:
    """Messages of one kind, the first three of them."""
    frame = svg.rect(x, BOXES, width, 84, rx=6, fill="none", stroke=palette.EDGE)
    bar = svg.rect(x, BOXES, 5, 84, rx=2, fill=color)
    head = svg.text(x + 14, BOXES + 19, f"{name}: {len(lines)}", size=12.5, weight="600", width=width - 20)
    shown = list(lines) if len(lines) <= 3 else [*lines[:2], f"and {len(lines) - 2} more"]
    rows = (
        svg.text(x + 14, BOXES + 37 + 17 * index, line, size=12, width=width - 20) for index, line in enumerate(shown)
    )
    return frame + bar + head + "".join(rows)
