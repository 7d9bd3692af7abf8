"""The scene of links against a bus: everybody calls everybody, or everybody is tied to one log."""

from __future__ import annotations

import math
from dataclasses import dataclass

from eda_workshop.show import palette, svg
from eda_workshop.show.picture import Picture

_LEFT, _RIGHT, _MIDDLE, _RADIUS = 200, 560, 170, 112


@dataclass(frozen=True)
class LinksState:
    """So many parts, and how often one of them can do its work.

    parts   2 to 8
    direct  links if each calls each other one
    bus     links if each is tied to the bus
    chain   how often all parts of a chain of calls are up, 0 to 1
    tied    how often a part is up that needs nothing but itself, and the bus if that counts
    counts  whether the bus counts as a part that can fail
    """

    parts: int
    direct: int
    bus: int
    chain: float
    tied: float
    counts: bool


def draw_links(state: LinksState) -> Picture:
    """Both ways side by side, with their links and how often a part can do its work."""
    body = _calls(state) + _bus(state)
    body += _words(
        _LEFT, "each calls each", f"{state.direct} links, both ways", f"a chain of {state.parts}: up {state.chain:.2%}"
    )
    alone = "publisher and log" if state.counts else "publisher"
    body += _words(_RIGHT + 100, "each is tied to a bus", f"{state.bus} links", f"{alone}: up {state.tied:.2%}")
    return Picture(body, 384, _sentence(state))


def _circle(state: LinksState) -> list[tuple[float, float]]:
    turns = [2 * math.pi * number / state.parts - math.pi / 2 for number in range(state.parts)]
    return [(_LEFT + _RADIUS * math.cos(turn), _MIDDLE + _RADIUS * math.sin(turn)) for turn in turns]


def _calls(state: LinksState) -> str:
    points = _circle(state)
    lines = [
        svg.line(x1, y1, x2, y2, stroke=palette.MUTED, stroke_width=1.4)
        for number, (x1, y1) in enumerate(points)
        for x2, y2 in points[:number]
    ]
    return "".join([*lines, *(_part(x, y, number) for number, (x, y) in enumerate(points, 1))])


def _bus(state: LinksState) -> str:
    left, right, y = _RIGHT - 60, _RIGHT + 260, _MIDDLE
    bar = svg.rect(left, y - 12, right - left, 24, rx=12, fill=palette.LOG)
    name = svg.text(
        (left + right) / 2, y + 5, "the log", size=12, weight="600", anchor="middle", color=palette.ON_EVENT
    )
    columns = (state.parts + 1) // 2
    parts, lines = [], []
    for number in range(state.parts):
        x = left + (right - left) * (number // 2 + 0.5) / columns
        end = y - 84 if number % 2 == 0 else y + 84
        lines.append(svg.line(x, y, x, end, stroke=palette.MUTED, stroke_width=1.4))
        parts.append(_part(x, end, number + 1))
    return "".join([*lines, bar, name, *parts])


def _part(x: float, y: float, number: int) -> str:
    disc = svg.circle(x, y, 15, fill=palette.PAPER, stroke=palette.SUBSCRIBER, stroke_width=2.5)
    return disc + svg.text(x, y + 4, str(number), size=12, weight="700", anchor="middle")


def _words(x: float, name: str, links: str, up: str) -> str:
    return "".join(
        [
            svg.text(x, 28, name, weight="600", anchor="middle"),
            svg.text(x, 334, links, size=16, weight="700", anchor="middle"),
            svg.text(x, 358, up, anchor="middle", color=palette.MUTED),
        ]
    )


def _sentence(state: LinksState) -> str:
    honest = "the bus counted as a part that fails" if state.counts else "the bus not counted"
    return (
        f"{state.parts} parts: **{state.direct}** links if each calls each, **{state.bus}** with a bus. A chain of them is up "
        f"{state.chain:.2%} of the time, a publisher {state.tied:.2%} ({honest}). The {state.direct} ways in which one part may "
        f"depend on another are still there: they have moved into what the events say."
    )
