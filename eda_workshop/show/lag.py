"""The scene of lag: the write side and two read models, each at its own position of one log."""

from __future__ import annotations

from dataclasses import dataclass

from eda_workshop.show import palette, svg
from eda_workshop.show.picture import WIDTH, Picture

LEFT, RIGHT, TOP, BOTTOM = 96, WIDTH - 176, 44, 252


@dataclass(frozen=True)
class Reader:
    """A read model: its name, its position at each tick, and how many of the questions it answered were stale."""

    name: str
    positions: tuple[int, ...]
    stale: int
    asked: int
    rebuilding: bool = False


@dataclass(frozen=True)
class LagState:
    """The log's head at each tick, and the read models behind it."""

    heads: tuple[int, ...]
    readers: tuple[Reader, ...]

    @property
    def lag(self) -> dict[str, int]:
        return {reader.name: self.heads[-1] - reader.positions[-1] for reader in self.readers}


COLORS = (palette.SUBSCRIBER, palette.EVENT)
DASHES = ("7 3", "2 3")


def draw_lag(state: LagState) -> Picture:
    """Positions over time, each line named at its end, with their sentence."""
    last, top = len(state.heads) - 1, max(10, -(-state.heads[-1] // 10) * 10)
    body = _axes(last, top)
    ends: list[tuple[str, tuple[int, ...], str, str | None]] = [("write side", state.heads, palette.LOG, None)]
    ends += [
        (f"{reader.name}{', rebuilding' if reader.rebuilding else ''}", reader.positions, color, dash)
        for reader, color, dash in zip(state.readers, COLORS, DASHES, strict=True)
    ]
    heights = _apart([_y(positions[-1], top) for _, positions, _, _ in ends])
    for (name, positions, color, dash), y in zip(ends, heights, strict=True):
        points = " L".join(f"{_x(tick, last):.2f} {_y(value, top):.2f}" for tick, value in enumerate(positions))
        body += svg.element(
            "path",
            d=f"M{points}",
            fill="none",
            stroke=color,
            stroke_width=3,
            stroke_dasharray=dash,
            stroke_linejoin="round",
        )
        body += svg.text(RIGHT + 10, y + 4, f"{name}: {positions[-1]}", size=12, width=164)
    return Picture(body, 296, _sentence(state))


def _apart(heights: list[float]) -> list[float]:
    """The heights, moved up or down until labels there don't touch."""
    order = sorted(range(len(heights)), key=lambda i: heights[i])
    moved, least = list(heights), float(TOP)
    for index in order:
        moved[index] = max(heights[index], least)
        least = moved[index] + 16
    return moved


def _x(tick: float, last: int) -> float:
    return LEFT + (RIGHT - LEFT) * tick / max(last, 1)


def _y(position: float, top: float) -> float:
    return BOTTOM - (BOTTOM - TOP) * position / top


def _axes(last: int, top: int) -> str:
    parts = [svg.text(24, 28, "position", size=12, weight="600")]
    for share in (0, 0.5, 1):
        y = _y(top * share, top)
        parts.append(svg.line(LEFT, y, RIGHT, y, stroke=palette.FAINT))
        parts.append(svg.text(LEFT - 8, y + 4, f"{top * share:g}", size=12, anchor="end"))
    step = max(1, last // 6)
    ticks = (
        svg.text(_x(tick, last), BOTTOM + 24, f"{tick} s", size=12, anchor="middle")
        for tick in range(0, last + 1, step)
    )
    return "".join([*parts, *ticks])


def _sentence(state: LagState) -> str:
    told = ", ".join(
        f"{reader.name} {state.lag[reader.name]} behind with {reader.stale} of {reader.asked} answers stale"
        for reader in state.readers
    )
    stale = sum(reader.stale for reader in state.readers)
    asked = sum(reader.asked for reader in state.readers)
    return f"{state.heads[-1]} events written · {told} · stale answers: **{stale} of {asked}**."
