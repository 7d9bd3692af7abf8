"""The scene of snapshot spacing: how many events each position costs, and how many snapshots are kept for it."""

from __future__ import annotations

from dataclasses import dataclass

from eda_workshop.show import palette, svg
from eda_workshop.show.picture import WIDTH, Picture

LEFT, RIGHT, TOP, BOTTOM = 96, WIDTH - 24, 44, 244


@dataclass(frozen=True)
class SpacingState:
    """What it costs to see the state at each position.

    every      events between two snapshots
    costs      events applied for each position from 0 on
    snapshots  how many are kept
    """

    every: int
    costs: tuple[int, ...]
    snapshots: int

    @property
    def mean(self) -> float:
        return sum(self.costs) / len(self.costs)

    @property
    def worst(self) -> int:
        return max(self.costs)


def draw_spacing(state: SpacingState) -> Picture:
    """The saw-tooth, and a tick for each snapshot, with its sentence."""
    most = max(state.worst, 1)
    top = next(limit for limit in (10, 20, 50, 100, 250, 500, 1_000, 10**9) if limit >= most)
    body = _axes(len(state.costs), top) + _ticks(state) + _curve(state.costs, top)
    y = _y(state.mean, top)
    mean: dict[str, str | float | None] = {"stroke": palette.PUBLISHER, "stroke_width": 1.5, "stroke_dasharray": "6 4"}
    body += svg.line(LEFT, y, RIGHT, y, **mean)
    return Picture(body, 300, _sentence(state))


def _x(position: float, count: int) -> float:
    return LEFT + (RIGHT - LEFT) * position / count


def _y(cost: float, top: float) -> float:
    return BOTTOM - (BOTTOM - TOP) * cost / top


def _axes(count: int, top: int) -> str:
    parts = [svg.text(24, 28, "events to apply", size=12, weight="600")]
    for share in (0, 0.5, 1):
        y = _y(top * share, top)
        parts.append(svg.line(LEFT, y, RIGHT, y, stroke=palette.FAINT))
        parts.append(svg.text(LEFT - 8, y + 4, f"{top * share:g}", size=12, anchor="end"))
    for share in (0, 0.25, 0.5, 0.75, 1):
        x = _x(count * share, count)
        anchor = "end" if share == 1 else "middle"
        parts.append(svg.text(x, BOTTOM + 40, f"{count * share:g}", size=12, anchor=anchor))
    parts.append(svg.text(24, BOTTOM + 40, "position", size=12, color=palette.MUTED))
    return "".join(parts)


def _ticks(state: SpacingState) -> str:
    """A tick for each snapshot: what they take, beside what they spare."""
    count = len(state.costs)
    marks = [
        svg.line(_x(position, count), BOTTOM + 8, _x(position, count), BOTTOM + 20, stroke=palette.LOG, stroke_width=2)
        for position in range(state.every, count + 1, state.every)
    ]
    return svg.text(24, BOTTOM + 18, "snapshots", size=12, color=palette.MUTED) + "".join(marks)


def _curve(costs: tuple[int, ...], top: float) -> str:
    """Corners only: between them the curve is straight."""
    count = len(costs)
    corners = [0, *(i for i in range(1, count - 1) if costs[i] - costs[i - 1] != costs[i + 1] - costs[i]), count - 1]
    points = " L".join(f"{_x(i, count):.2f} {_y(costs[i], top):.2f}" for i in corners)
    return svg.element("path", d=f"M{points}", fill="none", stroke=palette.EVENT, stroke_width=2)


def _sentence(state: SpacingState) -> str:
    kept = f"{state.snapshots} snapshot{'s' * (state.snapshots != 1)}"
    return (
        f"A snapshot every {state.every} events: {kept} kept for {len(state.costs)} positions · "
        f"a look back applies **{state.mean:g} events** on average, {state.worst} at worst."
    )
