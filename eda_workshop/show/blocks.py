"""Building blocks of scenes: cards for events, gauges for quantities, and labels that keep to their column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from eda_workshop.show import palette, svg
from eda_workshop.show.picture import WIDTH

Mark = Literal["plain", "done", "next", "wrong", "made up"]

MOST_CARDS = 12


@dataclass(frozen=True)
class Card:
    """An event as a card: its number, a word or two, and how it looks.

    The marks: plain; done (the replay has passed it); next; wrong (crossed); made up (dashed).
    """

    number: int
    label: str
    mark: Mark = "plain"
    title: str = ""


def strip(cards: Sequence[Card], y: float, *, left: float = 24, right: float = WIDTH - 24, name: str = "") -> str:
    """Cards side by side from left to right, the newest 12 of them; returns their markup. They are 52 high."""
    shown = cards[-MOST_CARDS:]
    hidden = len(cards) - len(shown)
    width = min((right - left) / max(len(shown), 1), 104)
    parts = [svg.text(left, y - 10, name, size=12, weight="600")] if name else []
    if hidden:
        parts.append(svg.text(right, y - 10, f"{hidden} before these", size=11, anchor="end", color=palette.MUTED))
    return "".join(parts) + "".join(_card(card, left + width * i, y, width - 6) for i, card in enumerate(shown))


def _card(card: Card, x: float, y: float, width: float) -> str:
    stroke = {"wrong": palette.LOST, "made up": palette.HYPOTHETICAL, "next": palette.INK}.get(card.mark, palette.EDGE)
    dashed = "4 3" if card.mark in ("wrong", "made up") else None
    thick = 2 if card.mark in ("wrong", "made up", "next") else 1
    box = svg.rect(
        x, y, width, 52, rx=6, fill=palette.PAPER, stroke=stroke, stroke_width=thick, stroke_dasharray=dashed
    )
    waits = card.mark in ("plain", "next")
    disc = svg.circle(
        x + 16,
        y + 17,
        10,
        fill=palette.PAPER if waits else palette.EVENT,
        stroke=palette.EVENT,
        stroke_width=2,
        stroke_dasharray="3 2" if waits else None,
    )
    color = palette.INK if waits else palette.ON_EVENT
    number = svg.text(x + 16, y + 21, str(card.number), size=11, weight="700", anchor="middle", color=color)
    words = svg.text(x + 6, y + 44, card.label, size=11.5, width=width - 8)
    cross = svg.text(x + width - 12, y + 20, "✗", size=13, anchor="middle", color=palette.WRONG, weight="700")
    return svg.group(box, disc, number, words, cross if card.mark == "wrong" else "", title=card.title or card.label)


def gauge(
    y: float,
    name: str,
    words: str,
    value: float,
    most: float,
    *,
    color: str = palette.SUBSCRIBER,
    left: float = 184,
    right: float = WIDTH - 24,
    missing: float = 0,
) -> str:
    """A bar from nothing to the value on a track to `most`; what is missing follows as a dashed outline. 28 high."""
    scale = (right - left) / max(most, value + missing, 1e-9)
    parts = [
        svg.text(24, y + 12, name, weight="600", width=left - 36),
        svg.text(24, y + 27, words, size=11.5, color=palette.MUTED, width=left - 30),
        svg.rect(left, y, right - left, 28, rx=4, fill=palette.FAINT, opacity=0.5),
    ]
    if value > 0:
        parts.append(svg.rect(left, y, max(scale * value, 2), 28, rx=4, fill=color))
    if missing > 0:
        style: dict[str, str | float] = {"stroke": palette.LOST, "stroke_width": 2, "stroke_dasharray": "4 3"}
        parts.append(svg.rect(left + scale * value, y + 1, max(scale * missing, 2), 26, rx=4, fill="none", **style))
    return "".join(parts)


def arrow(x: float, y: float) -> str:
    """The handle of a playhead or a branch point, pointing down to y."""
    return svg.element("path", d=f"M{x - 6:.2f} {y - 8:.2f} h12 l-6 8 z", fill=palette.INK)


def listing(name: str, color: str, lines: Sequence[str], x: float, y: float, width: float, most: int = 3) -> str:
    """A box with a heading and its lines, as many as fit."""
    height = 33 + 17 * most
    frame = svg.rect(x, y, width, height, rx=6, fill="none", stroke=palette.EDGE)
    bar = svg.rect(x, y, 5, height, rx=2, fill=color)
    head = svg.text(x + 14, y + 19, f"{name}: {len(lines)}", size=12.5, weight="600", width=width - 20)
    shown = list(lines) if len(lines) <= most else [*lines[: most - 1], f"and {len(lines) - most + 1} more"]
    rows = (svg.text(x + 14, y + 37 + 17 * index, line, size=12, width=width - 20) for index, line in enumerate(shown))
    return frame + bar + head + "".join(rows)
