"""The scene of the two axes: what runs on which machine, what is released together, and where that is on the board."""

from __future__ import annotations

from dataclasses import dataclass

from eda_workshop.show import palette, svg
from eda_workshop.show.picture import Picture
from eda_workshop.simulate import System

_LEFT, _BOARD, _HEIGHT = 24, 608, 372
_ROWS = ("one unit", "one unit, in modules", "a unit each")


@dataclass(frozen=True)
class AxesState:
    """Where the parts are, and what a change costs.

    system     the parts, each with its unit and its machine
    row        which of the three ways to deploy: 0 one unit, 1 one unit in modules, 2 a unit each
    changed    the part that is changed
    restarted  the parts that its release restarts
    hops       how often one request goes from machine to machine, there and back
    delay      seconds for one hop
    """

    system: System
    row: int
    changed: str
    restarted: tuple[str, ...]
    hops: int
    delay: float

    @property
    def machines(self) -> int:
        return len(self.system.machines)

    @property
    def units(self) -> int:
        """How many units are released; the database is bought."""
        return len(self.system.units) - 1


def draw_axes(state: AxesState) -> Picture:
    """The machines with their parts, and the board with the place of this system."""
    width = (_BOARD - 24 - _LEFT) / state.machines
    parts = [
        _machine(state, number, names, _LEFT + width * number, width - 10)
        for number, names in enumerate(state.system.machines.values())
    ]
    return Picture("".join(parts) + _board(state), _HEIGHT, _sentence(state))


def _machine(state: AxesState, number: int, names: tuple[str, ...], x: float, width: float) -> str:
    frame = svg.rect(x, 44, width, _HEIGHT - 60, rx=10, fill=palette.FAINT, opacity=0.45)
    title = svg.text(x + width / 2, 32, f"machine {number + 1}", weight="600", anchor="middle")
    gap = min(48.0, (_HEIGHT - 84) / len(names))
    boxes = [_part(state, name, x + 10, 56 + gap * row, width - 20) for row, name in enumerate(names)]
    return svg.group(title, frame, *boxes, title=f"machine {number + 1}: {', '.join(names)}")


def _part(state: AxesState, name: str, x: float, y: float, width: float) -> str:
    restarts, bought = name in state.restarted, name == "database"
    unit = "bought" if bought else f"unit {list(state.system.units).index(state.system.unit_of(name)) + 1}"
    box = svg.rect(
        x,
        y,
        width,
        38,
        rx=6,
        fill=palette.PAPER,
        stroke=palette.EVENT if restarts else palette.EDGE,
        stroke_width=2.5 if restarts else 1.2,
    )
    said = f"{unit}, restarts" if restarts else unit
    sign = svg.circle(x + width - 14, y + 13, 5, fill=palette.EVENT) if name == state.changed else ""
    return svg.group(
        box,
        svg.text(x + 10, y + 16, name, weight="600", width=width - 30),
        svg.text(x + 10, y + 31, said, size=11, color=palette.MUTED),
        sign,
        title=f"{name}: {said}{', changed' if name == state.changed else ''}",
    )


def _board(state: AxesState) -> str:
    """Deployment upward, distribution to the right; a cross-hair and a disc at this system's place."""
    left, top, cell, high = _BOARD + 64, 64, 44, 62
    parts = [
        svg.text(_BOARD, 32, "the two axes", weight="600"),
        svg.text(left, top + 3 * high + 40, "machines →", size=12, color=palette.MUTED),
        svg.text(_BOARD, top - 10, "↑ units", size=12, color=palette.MUTED),
    ]
    for row, words in enumerate(("one", "modules", "many")):
        y = top + high * (2 - row)
        parts.append(svg.text(left - 8, y + high / 2 + 4, words, size=12, anchor="end"))
        for column in range(4):
            here = row == state.row and column == state.machines - 1
            fill = palette.FAINT if row == state.row or column == state.machines - 1 else palette.PAPER
            x = left + cell * column
            parts.append(svg.rect(x, y, cell, high, fill=fill, stroke=palette.EDGE))
            parts.append(svg.circle(x + cell / 2, y + high / 2, 11, fill=palette.EVENT) if here else "")
    parts += [
        svg.text(left + cell * (column + 0.5), top + 3 * high + 18, f"{column + 1}", size=12, anchor="middle")
        for column in range(4)
    ]
    y = top + 3 * high + 72
    parts += [
        svg.circle(_BOARD + 8, y, 5, fill=palette.EVENT),
        svg.text(_BOARD + 22, y + 4, "changed", size=12),
        svg.rect(_BOARD + 96, y - 8, 24, 16, rx=4, fill=palette.PAPER, stroke=palette.EVENT, stroke_width=2.5),
        svg.text(_BOARD + 128, y + 4, "restarts", size=12),
    ]
    return "".join(parts)


def _sentence(state: AxesState) -> str:
    units = f"{state.units} unit{'s' * (state.units != 1)}" + (", in modules" if state.row == 1 else "")
    machines = f"{state.machines} machine{'s' * (state.machines != 1)}"
    latency = state.hops * state.delay * 1000
    name = {0: "a monolith", 1: "a modular monolith", 2: "services"}[state.row]
    return (
        f"{name[0].upper()}{name[1:]} on {machines}: {units}. A change of {state.changed} restarts "
        f"**{len(state.restarted)}** of 5 parts; one request makes {state.hops} hops between machines, {latency:.0f} ms in all."
    )
