"""The scene of order: three events in every order they can come in, and where each order ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eda_workshop.show import palette, svg
from eda_workshop.show.picture import WIDTH, Picture

ROW, TOP = 44, 52


@dataclass(frozen=True)
class OrderRow:
    """One order: the events by number, the balance after each, and which was refused."""

    order: tuple[int, ...]
    words: tuple[str, ...]
    balances: tuple[int, ...]
    refused: tuple[bool, ...]


@dataclass(frozen=True)
class OrdersState:
    """All orders, and the one that was chosen."""

    rows: tuple[OrderRow, ...]
    chosen: tuple[int, ...]

    @property
    def outcomes(self) -> dict[tuple[int, int], int]:
        """(balance, refusals) → how many orders end there."""
        ends: dict[tuple[int, int], int] = {}
        for row in self.rows:
            end = row.balances[-1], sum(row.refused)
            ends[end] = ends.get(end, 0) + 1
        return ends


def draw_orders(state: OrdersState) -> Picture:
    """A row for each order, with its sentence."""
    parts = [
        svg.text(24, 32, "order", size=12, color=palette.MUTED),
        svg.text(740, 32, "ends at", size=12, color=palette.MUTED),
    ]
    for index, row in enumerate(state.rows):
        parts.append(_row(row, TOP + ROW * index, chosen=row.order == state.chosen))
    return Picture("".join(parts), TOP + ROW * len(state.rows) + 8, _sentence(state))


def _row(row: OrderRow, y: float, *, chosen: bool) -> str:
    edge = palette.INK if chosen else palette.FAINT
    parts = [svg.rect(16, y, WIDTH - 32, ROW - 6, rx=6, fill="none", stroke=edge, stroke_width=2 if chosen else 1)]
    parts.append(svg.text(24, y + 24, "→".join(map(str, row.order)), weight="700" if chosen else None))
    for step, (number, words, balance, refused) in enumerate(
        zip(row.order, row.words, row.balances, row.refused, strict=True)
    ):
        parts.append(_step(96 + 208 * step, y, number, words, balance, refused=refused))
    refusals = ", 1 refused ✗" if any(row.refused) else ""
    parts.append(svg.text(740, y + 24, f"{row.balances[-1]}{refusals}", weight="600"))
    return "".join(parts)


def _step(x: float, y: float, number: int, words: str, balance: int, *, refused: bool) -> str:
    fill = palette.PAPER if refused else palette.EVENT
    style: dict[str, str | float | None] = {"stroke": palette.LOST if refused else palette.EVENT, "stroke_width": 2}
    if refused:
        style["stroke_dasharray"] = "3 2"
    disc = svg.circle(x + 12, y + 19, 10, fill=fill, **style)
    color = palette.INK if refused else palette.ON_EVENT
    mark = svg.text(x + 12, y + 23, str(number), size=11, weight="700", anchor="middle", color=color)
    said = f"{words} ✗" if refused else f"{words} → {balance}"
    return disc + mark + svg.text(x + 28, y + 24, said, size=12, width=172)


def _sentence(state: OrdersState) -> str:
    ends = " and ".join(f"{count} at {end}" for end, count in _told(state.outcomes))
    return (
        f"The same three events in {len(state.rows)} orders end in **{len(state.outcomes)} different states**: {ends}. "
        "Order is part of what happened."
    )


def _told(outcomes: dict[tuple[int, int], int]) -> Sequence[tuple[str, int]]:
    ordered = sorted(outcomes.items(), reverse=True)
    return [(f"{balance} with {'one refusal' if refused else 'none'}", count) for (balance, refused), count in ordered]
