"""Where the boxes of a system stand, and how the lines between them go round one another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import networkx as nx

from eda_workshop.show.picture import WIDTH
from eda_workshop.simulate import System

Point = tuple[float, float]
Places = Mapping[str, Point]

BOX = (108.0, 46.0)
"""Width and height of a box."""

TOP, BOTTOM = 48.0, 288.0
_BENDS = (0, 40, -40, 80, -80, 120, -120)

DRIVE: Places = {
    "client": (70, 168),
    "web": (206, 168),
    "sharing": (352, 168),
    "accounts": (508, 56),
    "folders": (508, 280),
    "log": (508, 168),
    "mailer": (664, 168),
    "database": (810, 168),
}
"""The boxes of the drive stand in the same places in each of its architectures."""


def places(system: System) -> Places:
    """The middle of each box: those of the drive where it knows them; else in columns, by the way from the entries."""
    if set(system.by_name) <= set(DRIVE):
        return {name: DRIVE[name] for name in system.by_name}
    columns = _columns(system)
    width = (WIDTH - 140) / max(len(columns) - 1, 1)
    found = {}
    for number, names in enumerate(columns):
        height = (BOTTOM - TOP) / (len(names) + 1)
        for row, name in enumerate(names, 1):
            found[name] = (70 + width * number, TOP + height * row)
    return found


def _columns(system: System) -> list[list[str]]:
    """Services by how far they are from an entry, along any link; circles are left out of account."""
    entries = {operation.entry for operation in system.operations}
    graph = nx.DiGraph()
    graph.add_nodes_from(system.by_name)
    for link in system.links:
        for source, target in (
            ((link.source, link.via), (link.via, link.target)) if link.via else ((link.source, link.target),)
        ):
            if target not in entries and not nx.has_path(graph, target, source):
                graph.add_edge(source, target)
    return [sorted(names, key=list(system.by_name).index) for names in nx.topological_generations(graph)]


@dataclass(frozen=True)
class Curve:
    """A line from one box to another: a quadratic Bézier curve from edge to edge."""

    start: Point
    control: Point
    end: Point

    def at(self, t: float) -> Point:
        """The point at 0 <= t <= 1 of the way."""
        a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t * t
        pairs = zip(self.start, self.control, self.end, strict=True)
        x, y = (a * one + b * two + c * three for one, two, three in pairs)
        return x, y

    @property
    def path(self) -> str:
        """The curve as an SVG path."""
        (x1, y1), (x, y), (x2, y2) = self.start, self.control, self.end
        return f"M{x1:.1f} {y1:.1f} Q{x:.1f} {y:.1f} {x2:.1f} {y2:.1f}"


def curve(source: Point, target: Point, others: Iterable[Point]) -> Curve:
    """From one box to another: straight if nothing stands in the way, else with the least bend that passes by."""
    others = list(others)
    tried = [_bent(source, target, bend) for bend in _BENDS]
    return next((curve for curve in tried if not any(_touches(curve, box) for box in others)), tried[-1])


def _bent(source: Point, target: Point, bend: float) -> Curve:
    (x1, y1), (x2, y2) = source, target
    length = max(((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5, 1)
    control = ((x1 + x2) / 2 - (y2 - y1) / length * bend * 2, (y1 + y2) / 2 + (x2 - x1) / length * bend * 2)
    return Curve(_edge(source, control), control, _edge(target, control))


def _edge(middle: Point, toward: Point) -> Point:
    """Where a line from the middle of a box leaves it, three pixels outside."""
    dx, dy = toward[0] - middle[0], toward[1] - middle[1]
    half, high = BOX[0] / 2 + 3, BOX[1] / 2 + 3
    scale = min(half / abs(dx) if dx else 9e9, high / abs(dy) if dy else 9e9)
    return middle[0] + dx * scale, middle[1] + dy * scale


def _touches(curve: Curve, box: Point) -> bool:
    return any(
        abs(x - box[0]) < BOX[0] / 2 + 6 and abs(y - box[1]) < BOX[1] / 2 + 6
        for x, y in (curve.at(step / 24) for step in range(25))
    )
