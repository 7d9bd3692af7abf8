"""The scene of the replay player: the tape with its playhead, and the state where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eda_workshop.show import palette, svg
from eda_workshop.show.blocks import arrow
from eda_workshop.show.picture import WIDTH, Picture

LEFT, RIGHT = 40, WIDTH - 40
RAIL = 76
MOST_LINES = 6


@dataclass(frozen=True)
class PlayerState:
    """Where the playhead stands, and what the state is there.

    position  of the playhead, from 0
    head      of the log
    time      when the event at the position was recorded, in words; "" at 0
    event     that event in words; "" at 0
    lines     the state, a name and a value each
    changed   the names in `lines` that this event changed
    """

    position: int
    head: int
    time: str
    event: str
    lines: Sequence[tuple[str, str]]
    changed: frozenset[str] = frozenset()


def draw_player(state: PlayerState) -> Picture:
    """The rail of positions with the playhead, and the state under it, with its sentence."""
    body = _rail(state)
    body += svg.text(24, 32, f"position {state.position} of {state.head}", weight="700", size=15)
    body += svg.text(WIDTH - 24, 32, state.time or "before the first event", size=13, anchor="end")
    body += svg.text(24, 124, state.event or "nothing has happened yet", size=13, width=WIDTH - 48)
    shown = state.lines[:MOST_LINES]
    for index, (name, value) in enumerate(shown):
        body += _line(name, value, 152 + 30 * index, changed=name in state.changed)
    hidden = len(state.lines) - len(shown)
    if hidden:
        body += svg.text(24, 168 + 30 * len(shown), f"and {hidden} more", size=12, color=palette.MUTED)
    return Picture(body, 176 + 30 * max(len(shown), 1) + (16 if hidden else 0), _sentence(state))


def _x(position: float, head: int) -> float:
    return LEFT + (RIGHT - LEFT) * position / max(head, 1)


def _rail(state: PlayerState) -> str:
    here = _x(state.position, state.head)
    parts = [
        svg.rect(LEFT, RAIL - 5, RIGHT - LEFT, 10, rx=5, fill=palette.LOG, opacity=0.25),
        svg.rect(LEFT, RAIL - 5, here - LEFT, 10, rx=5, fill=palette.LOG),
    ]
    if state.head <= 40:
        for position in range(1, state.head + 1):
            done = position <= state.position
            style: dict[str, str | float | None] = {"stroke": palette.EVENT, "stroke_width": 2}
            if not done:
                style["stroke_dasharray"] = "3 2"
            fill = palette.EVENT if done else palette.PAPER
            parts.append(svg.circle(_x(position, state.head), RAIL, 6, fill=fill, **style))
    parts.append(svg.line(here, RAIL - 20, here, RAIL + 18, stroke=palette.INK, stroke_width=2))
    return "".join(parts) + arrow(here, RAIL - 18)


def _line(name: str, value: str, y: float, *, changed: bool) -> str:
    edge = palette.EVENT if changed else palette.FAINT
    box = svg.rect(24, y, WIDTH - 48, 26, rx=4, fill="none", stroke=edge, stroke_width=2 if changed else 1)
    mark = svg.text(WIDTH - 36, y + 18, "changed", size=11.5, anchor="end", color=palette.MUTED) if changed else ""
    return box + svg.text(36, y + 18, name, weight="600", width=180) + svg.text(232, y + 18, value, width=530) + mark


def _sentence(state: PlayerState) -> str:
    changed = ", ".join(name for name, _ in state.lines if name in state.changed) or "nothing"
    if not state.position:
        return f"Before the first of {state.head} events: the state is empty."
    head = f"Position **{state.position}** of {state.head}, {state.time}: {state.event}"
    return f"{head} · changed: {changed} · {len(state.lines)} in the state."
