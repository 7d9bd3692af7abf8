"""The scene of the registry: subscribers down, event names across, a handler in each cell that has one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from eda_workshop.show import palette, svg
from eda_workshop.show.picture import WIDTH, Picture

Cell = tuple[str, str]

LEFT, TOP, ROW = 148, 64, 56


@dataclass(frozen=True)
class GridState:
    """The registry as a table.

    handlers   (subscriber, name) → how many handlers there are in the cell
    calls      (subscriber, name) → how many calls the last event made there
    refused    the cell whose registration was refused last
    published  the name that was published last
    mails      welcome e-mails that Ada has got so far
    """

    subscribers: tuple[str, ...]
    names: tuple[str, ...]
    rule: str
    handlers: Mapping[Cell, int] = field(default_factory=dict)
    calls: Mapping[Cell, int] = field(default_factory=dict)
    refused: Cell | None = None
    published: str = ""
    mails: int = 0


def draw_grid(state: GridState) -> Picture:
    """The picture of the registry, with its sentence."""
    column = (WIDTH - LEFT - 24) / len(state.names)
    parts = [_header(name, LEFT + column * i, column, state) for i, name in enumerate(state.names)]
    for row, subscriber in enumerate(state.subscribers):
        y = TOP + row * ROW
        parts.append(svg.drop(27, y + ROW / 2, palette.SUBSCRIBER))
        parts.append(svg.text(44, y + ROW / 2 + 4, subscriber, weight="600", width=LEFT - 48))
        for i, name in enumerate(state.names):
            parts.append(_cell(state, (subscriber, name), LEFT + column * i, y, column))
    return Picture("".join(parts), TOP + len(state.subscribers) * ROW + 20, _sentence(state))


def _header(name: str, x: float, width: float, state: GridState) -> str:
    label = svg.text(x + width / 2, 40, name, size=12, weight="600", anchor="middle", width=width - 8)
    if name != state.published:
        return label
    return label + svg.element("path", d=f"M{x + width / 2 - 6:.2f} 48 h12 l-6 8 z", fill=palette.EVENT)


def _cell(state: GridState, cell: Cell, x: float, y: float, width: float) -> str:
    refused = cell == state.refused
    box = svg.rect(
        x + 4,
        y + 4,
        width - 8,
        ROW - 8,
        rx=6,
        fill=palette.PAPER,
        stroke=palette.LOST if refused else palette.EDGE,
        stroke_width=3 if refused else 1,
        stroke_dasharray="6 3" if refused else None,
    )
    return svg.group(box, *_handlers(state, cell, x, y, width), title=_told(state, cell))


def _handlers(state: GridState, cell: Cell, x: float, y: float, width: float) -> list[str]:
    """A chip for each handler in the cell, stacked, and the number of calls beside them."""
    count, calls = state.handlers.get(cell, 0), state.calls.get(cell, 0)
    parts = []
    for layer in reversed(range(min(count, 3))):
        left, top = x + 16 + 5 * layer, y + 15 - 4 * layer
        chip = svg.rect(left, top, width - 76, 26, rx=13, fill=palette.SUBSCRIBER, stroke=palette.PAPER)
        parts.append(chip)
    if count:
        label = "handler" if count == 1 else f"{count} handlers"
        middle = x + 16 + (width - 76) / 2
        parts.append(svg.text(middle, y + 32, label, size=11.5, anchor="middle", color=palette.ON_EVENT, weight="600"))
    if calls:
        parts.append(svg.circle(x + width - 30, y + ROW / 2, 13, fill=palette.EVENT))
        middle, base = x + width - 30, y + ROW / 2 + 4
        parts.append(
            svg.text(middle, base, f"{calls}×", size=11, weight="700", anchor="middle", color=palette.ON_EVENT)
        )
    if state.refused == cell:
        parts.append(svg.text(x + width - 14, y + 20, "✗", size=13, anchor="middle", color=palette.WRONG, weight="700"))
    return parts


def _told(state: GridState, cell: Cell) -> str:
    count, calls = state.handlers.get(cell, 0), state.calls.get(cell, 0)
    what = "no handler" if not count else "1 handler" if count == 1 else f"{count} handlers"
    return f"{cell[0]}, {cell[1]}: {what}" + (f", called {calls}×" if calls else "")


def _sentence(state: GridState) -> str:
    registered = sum(state.handlers.values())
    head = f"Rule: {state.rule} · {registered} handler{'s' * (registered != 1)} registered"
    if state.published:
        calls = sum(state.calls.values())
        head += f" · {state.published} called {calls} of them"
    return f"{head} · welcome e-mails sent to Ada: **{state.mails}**"
