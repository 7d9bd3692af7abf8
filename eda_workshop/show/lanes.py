"""The grammar of every timeline: lanes under one axis, discs for events, one upright line for now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from eda_workshop.show import palette, svg
from eda_workshop.show.picture import Picture

Look = Literal["event", "lost", "waiting", "late"]

Style = dict[str, str | float | None]

LEFT, RIGHT, TOP = 184, 856, 56
LANE = 58
TALLEST = 420
RADIUS = 10
MOST_LANES = 12
MOST_DISCS = 40


@dataclass(frozen=True)
class Disc:
    """One event on a lane: when (seconds from the start), its number, how it looks, and what it says in full.

    The looks: an event; lost (hollow, dashed, crossed); waiting (hollow, dashed); late (filled, dashed rim: it came
    after its time).
    """

    at: float
    number: int
    look: Look = "event"
    title: str = ""


@dataclass(frozen=True)
class Band:
    """A stretch of time on a lane, with a word over it; times in seconds from the start."""

    start: float
    end: float
    label: str = ""
    color: str = palette.FAINT


@dataclass(frozen=True)
class Lane:
    """One participant: its name, its state in a few words, and what happened to it."""

    name: str
    state: str
    color: str = palette.SUBSCRIBER
    is_pipe: bool = False
    discs: tuple[Disc, ...] = ()
    bands: tuple[Band, ...] = field(default=())


def draw(lanes: Iterable[Lane], *, now: float, sentence: str, links: bool = True) -> Picture:
    """Lanes from top to bottom over time from 0 to a little after `now`, in seconds.

    The first lane is where events come from: thin lines lead from its discs down to their twins. Beyond 12 lanes
    or 40 events the rest is left out, and the picture says so.
    """
    shown, note = _fit(list(lanes))
    scale = Scale(now)
    step = min(LANE, (TALLEST - TOP - 30) / max(len(shown), 1))
    rows = [TOP + step * (index + 0.35) for index in range(len(shown))]
    bottom = TOP + step * len(shown)
    parts = [scale.axis(bottom), _now(scale.x(now), bottom + 4)]
    if links and len(shown) > 1:
        parts += _links(shown, rows, scale)
    parts += [_lane(lane, y, scale, roomy=step == LANE) for lane, y in zip(shown, rows, strict=True)]
    if note:
        parts.append(svg.text(LEFT, bottom + 20, note, size=12))
    return Picture("".join(parts), round(bottom) + (30 if note else 12), sentence)


class Scale:
    """Seconds to pixels, and the axis with round steps."""

    def __init__(self, now: float) -> None:
        self.step = next(step for step in (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 10**9) if now / step <= 7)
        self.end = max(self.step * (int(now / self.step) + 1), 6.0)

    def x(self, seconds: float) -> float:
        return LEFT + 16 + (RIGHT - LEFT - 32) * seconds / self.end

    def axis(self, bottom: float) -> str:
        ticks = []
        second = 0.0
        while second <= self.end:
            x = self.x(second)
            ticks.append(svg.line(x, 40, x, bottom, stroke=palette.EDGE, stroke_dasharray="1 5"))
            ticks.append(svg.text(x, 28, f"{second:g} s", size=12, anchor="middle"))
            second += self.step
        return "".join(ticks)


def disc(x: float, y: float, mark: Disc) -> str:
    """An event with its number, looking like what became of it."""
    hollow: Style = {"fill": palette.PAPER, "stroke_width": 2, "stroke_dasharray": "3 2"}
    if mark.look == "lost":
        shape = svg.circle(x, y, RADIUS, stroke=palette.LOST, **hollow) + _cross(x, y)
        return svg.group(shape, title=mark.title)
    if mark.look == "waiting":
        shape = svg.circle(x, y, RADIUS, stroke=palette.EVENT, **hollow)
        color = palette.INK
    else:
        late = mark.look == "late"
        rim: Style = {"stroke": palette.INK, "stroke_dasharray": "3 2"} if late else {"stroke": palette.PAPER}
        shape = svg.circle(x, y, RADIUS, fill=palette.EVENT, stroke_width=2, **rim)
        color = palette.ON_EVENT
    label = str(mark.number)
    size = 11 if len(label) < 3 else 9
    words = svg.text(x, y + 4, label, size=size, weight="700", anchor="middle", color=color)
    return svg.group(shape, words, title=mark.title)


def _lane(lane: Lane, y: float, scale: Scale, *, roomy: bool) -> str:
    parts = [_name(lane, y, roomy=roomy)]
    if lane.is_pipe:
        parts.append(svg.rect(LEFT, y - 14, RIGHT - LEFT, 28, rx=14, fill=palette.LOG, opacity=0.25))
    parts += [_band(band, y, scale) for band in lane.bands]
    if not lane.is_pipe:
        parts.append(svg.line(LEFT, y, RIGHT, y, stroke=palette.EDGE, stroke_width=1.5))
    parts += [disc(scale.x(mark.at), y, mark) for mark in lane.discs]
    return "".join(parts)


def _name(lane: Lane, y: float, *, roomy: bool) -> str:
    sign = svg.rect(20, y - 14, 14, 14, rx=3, fill=lane.color) if lane.is_pipe else svg.drop(27, y - 7, lane.color)
    if not roomy:
        return sign + svg.text(44, y + 4, lane.name, weight="600", width=LEFT - 56)
    words = svg.text(44, y - 2, lane.name, weight="600", width=LEFT - 56)
    return sign + words + svg.text(44, y + 14, lane.state, size=11.5, width=LEFT - 48, color=palette.MUTED)


def _band(band: Band, y: float, scale: Scale) -> str:
    x, end = scale.x(band.start), scale.x(band.end)
    box = svg.rect(x, y - 15, max(end - x, 4), 30, rx=4, fill=band.color, opacity=0.8)
    middle = min(max((x + end) / 2, LEFT + 40), RIGHT - 40)
    return box + (svg.text(middle, y - 19, band.label, size=11, anchor="middle", halo=True) if band.label else "")


def _links(lanes: list[Lane], rows: list[float], scale: Scale) -> list[str]:
    """From each event in the first lane down to the last lane that has it."""
    lines = []
    for mark in lanes[0].discs:
        below = [i for i, lane in enumerate(lanes) if any(disc.number == mark.number for disc in lane.discs)]
        x = scale.x(mark.at)
        lines.append(svg.line(x, rows[0], x, rows[max(below)], stroke=palette.EVENT, opacity=0.45))
    return lines


def _now(x: float, bottom: float) -> str:
    handle = svg.element("path", d=f"M{x - 5:.2f} 36 h10 l-5 7 z", fill=palette.INK)
    return svg.line(x, 40, x, bottom, stroke=palette.INK, stroke_width=1.5) + handle


def _cross(x: float, y: float) -> str:
    style: Style = {"stroke": palette.LOST, "stroke_width": 2}
    return svg.line(x - 4, y - 4, x + 4, y + 4, **style) + svg.line(x - 4, y + 4, x + 4, y - 4, **style)


def _fit(lanes: list[Lane]) -> tuple[list[Lane], str]:
    """The lanes and events that there is room for, and a note on what was left out."""
    notes = []
    newest = sorted({mark.number for lane in lanes for mark in lane.discs})[-MOST_DISCS:]
    hidden = {mark.number for lane in lanes for mark in lane.discs} - set(newest)
    if len(lanes) > MOST_LANES:
        notes.append(f"{len(lanes) - MOST_LANES} more lanes")
    if hidden:
        notes.append(f"the first {len(hidden)} events")
    kept = [
        Lane(
            lane.name,
            lane.state,
            lane.color,
            lane.is_pipe,
            tuple(mark for mark in lane.discs if mark.number not in hidden),
            lane.bands,
        )
        for lane in lanes[:MOST_LANES]
    ]
    return kept, f"Not drawn: {' and '.join(notes)}." if notes else ""
