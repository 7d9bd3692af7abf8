"""The scene of the late letter: three realities over one time, the branch point, and what it means outside."""

from __future__ import annotations

from dataclasses import dataclass

from eda_workshop.show import palette, svg
from eda_workshop.show.blocks import listing
from eda_workshop.show.month import LEFT, RADIUS, RIGHT, Mark, axis, draw_mark, spread, x_of
from eda_workshop.show.picture import Picture

TOP, LANE, CURVE = 44, 82, 36
BOXES = 312


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
    body = axis(bottom) + _branch_point(state.branch, bottom)
    body += svg.text(24, bottom + 13, "hollow: about others", size=11, color=palette.MUTED)
    body += "".join(_lane(lane, y, top) for lane, y in zip(state.lanes, rows, strict=True))
    width = (RIGHT - 24) / len(state.outside)
    for index, (name, color, lines) in enumerate(state.outside):
        body += listing(name, color, lines, 24 + width * index, BOXES, width - 10)
    return Picture(body, BOXES + 100, state.sentence)


def _branch_point(day: float, bottom: float) -> str:
    x = x_of(day) - RADIUS - 3
    line = svg.line(x, 32, x, bottom, stroke=palette.HYPOTHETICAL, stroke_width=2, stroke_dasharray="6 4")
    return line + svg.text(x - 4, bottom + 13, "branch point", size=11, anchor="middle", halo=True)


def _lane(lane: RealityLane, y: float, top: int) -> str:
    base = y + CURVE + 14
    name = svg.text(24, y + 26, lane.name, weight="600", width=LEFT - 34)
    state = svg.text(24, y + 44, lane.state, size=11.5, color=palette.MUTED, width=LEFT - 30)
    line = svg.line(LEFT, base, RIGHT, base, stroke=palette.EDGE, stroke_width=1.5)
    marks = "".join(draw_mark(mark, x, base) for mark, x in spread(lane.marks))
    return name + state + _curve(lane, base, top) + line + marks


def _curve(lane: RealityLane, base: float, top: int) -> str:
    """The quantity as steps, with its value at the end."""
    if not lane.curve:
        return ""
    points, before = list[str](), lane.curve[0][1]
    for day, value in lane.curve:
        points += [f"{x_of(day):.1f},{_up(before, base, top):.1f}", f"{x_of(day):.1f},{_up(value, base, top):.1f}"]
        before = value
    last = _up(before, base, top)
    points.append(f"{RIGHT - 34:.1f},{last:.1f}")
    path = svg.element("polyline", points=" ".join(points), fill="none", stroke=lane.color, stroke_width=2)
    return path + svg.text(RIGHT - 30, last + 4, f"{before} GB", size=11, weight="600", halo=True)


def _up(value: int, base: float, top: int) -> float:
    return base - RADIUS - (CURVE - 4) * value / top
