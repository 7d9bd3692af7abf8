"""The branch graph: a log as the trunk, and every branch as a line that leaves it or another branch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from eda_workshop.replay import Branch
from eda_workshop.show import palette, svg
from eda_workshop.show.lanes import MOST_DISCS, MOST_LANES, TALLEST, Style
from eda_workshop.show.picture import Picture
from eda_workshop.show.tracks import Value

LEFT, RIGHT, ENDS = 236, 556, 574
TOP, ROW = 52, 52


@dataclass(frozen=True)
class Twig:
    """One branch of the graph.

    parent       the name of the branch that it leaves; "" for the trunk
    at           the position at which it leaves
    edits        what was edited, in words
    end          what it comes to
    differences  what differs from the log at the end, each in words
    """

    name: str
    parent: str
    at: int
    edits: str
    end: str
    differences: tuple[str, ...]


def grow(branches: Mapping[str, Branch], value: Value) -> list[Twig]:
    """The twigs of named branches; one whose parent has no name here leaves the trunk, or what it came from."""
    names = {id(branch): name for name, branch in branches.items()}
    return [_twig(name, branch, names, value) for name, branch in branches.items()]


def branch_graph(branches: Mapping[str, Branch], value: Value, quantity: str) -> Picture:
    """The graph of one or more branches of one timeline, by name, with the quantity that each comes to."""
    timeline = next(iter(branches.values())).timeline
    return draw_tree(timeline.log.head, f"{value(timeline.at()):g}", quantity, grow(branches, value))


def draw_tree(head: int, end: str, quantity: str, twigs: list[Twig]) -> Picture:
    """The trunk above, each branch in a row of its own, and its difference from the log at its end.

    Beyond 11 branches the oldest are left out, and the picture says so.
    """
    shown = twigs[-(MOST_LANES - 1) :]
    rows = {twig.name: row for row, twig in enumerate(_ordered(shown, ""), 1)}
    step = min(ROW, (TALLEST - TOP - 40) / (len(shown) + 1))
    ys = {name: TOP + step * row for name, row in rows.items()}
    starts = {twig.name: twig.at for twig in shown}
    body = _trunk(head, end, quantity)
    for twig in shown:
        x = _x(max(twig.at, starts.get(twig.parent, 0)), head) + 6
        body += _branch(
            twig, (x, ys.get(twig.parent, TOP), ys[twig.name]), quantity, min(14, _x(1, head) - _x(0, head))
        )
    bottom = TOP + step * len(shown)
    if len(shown) < len(twigs):
        body += svg.text(24, bottom + 34, f"Not drawn: the first {len(twigs) - len(shown)} branches.", size=12)
    return Picture(body, round(bottom) + (46 if len(shown) < len(twigs) else 32), _sentence(head, twigs))


def _twig(name: str, branch: Branch, names: dict[int, str], value: Value) -> Twig:
    found, parent = branch.divergence, branch.parent
    while parent is not None and id(parent) not in names:
        parent = parent.parent
    return Twig(
        name,
        names[id(parent)] if parent is not None else "",
        branch.at,
        f"at {branch.at}: {found.dropped} dropped, {found.made_up} made up",
        f"{value(branch.state):g}",
        tuple(str(difference).strip("<>") for difference in found.values),
    )


def _ordered(twigs: list[Twig], parent: str) -> Iterator[Twig]:
    """Those that leave last come first, each followed by its own: so no line crosses another."""
    known = {twig.name for twig in twigs}
    mine = [twig for twig in twigs if (twig.parent if twig.parent in known else "") == parent]
    for twig in sorted(mine, key=lambda twig: -twig.at):
        yield twig
        yield from _ordered(twigs, twig.name)


def _x(position: float, head: int) -> float:
    return LEFT + 12 + (RIGHT - LEFT - 60) * position / max(head, 1)


def _trunk(head: int, end: str, quantity: str) -> str:
    parts = [
        svg.rect(20, TOP - 14, 14, 14, rx=3, fill=palette.LOG),
        svg.text(44, TOP - 2, "the log", weight="600"),
        svg.text(44, TOP + 14, f"{head} events", size=11.5, color=palette.MUTED),
        svg.line(LEFT, TOP, RIGHT, TOP, stroke=palette.LOG, stroke_width=5),
    ]
    for position in range(1, head + 1) if head <= MOST_DISCS else ():
        x = _x(position, head)
        parts.append(svg.circle(x, TOP, 6, fill=palette.EVENT, stroke=palette.PAPER, stroke_width=2))
        if head <= 20 or position % 5 == 0:
            parts.append(svg.text(x, TOP - 14, str(position), size=11, anchor="middle", color=palette.MUTED))
    return "".join(parts) + svg.text(ENDS, TOP + 4, f"{quantity}: {end}", weight="600", width=290)


def _branch(twig: Twig, way: tuple[float, float, float], quantity: str, bend: float) -> str:
    """A branch that leaves at x, from one height to another, and goes on to the right."""
    x, above, y = way
    d = f"M{x:.1f} {above:.1f} V{y - bend:.1f} Q{x:.1f} {y:.1f} {x + bend:.1f} {y:.1f} H{RIGHT}"
    title = f"{twig.name}, {twig.edits}: {quantity} {twig.end}, {_count(twig)}. {'; '.join(twig.differences)}"
    return svg.group(
        svg.element("path", d=d, fill="none", stroke=palette.HYPOTHETICAL, stroke_width=3),
        svg.circle(RIGHT, y, 6, fill=palette.PAPER, **_DASHED),
        svg.rect(20, y - 14, 14, 14, rx=3, fill=palette.PAPER, **_DASHED),
        svg.text(44, y - 2, twig.name, weight="600", width=LEFT - 56),
        svg.text(44, y + 12, twig.edits, size=11.5, width=LEFT - 48, color=palette.MUTED),
        svg.text(ENDS, y - 2, f"{quantity}: {twig.end}", weight="600", width=290),
        svg.text(ENDS, y + 12, _differences(twig.differences), size=11.5, width=290, color=palette.MUTED),
        title=title.strip(),
    )


def _differences(found: tuple[str, ...]) -> str:
    if not found:
        return "as in the log"
    return found[0] if len(found) == 1 else f"{len(found)} differences: {found[0]}"


def _sentence(head: int, twigs: list[Twig]) -> str:
    if not twigs:
        return f"A log of {head} events, and **no branch** of it yet."
    told = "; ".join(f"{twig.name} from {twig.parent or 'the log'} {twig.edits}, {_count(twig)}" for twig in twigs[:4])
    more = f"; and {len(twigs) - 4} more" if len(twigs) > 4 else ""
    other = sum(bool(twig.differences) for twig in twigs)
    kinds = f"{len(twigs)} branch{'es' * (len(twigs) != 1)} of a log of {head} events"
    return f"{kinds}, **{other}** of which end{'s' * (other == 1)} otherwise: {told}{more}."


def _count(twig: Twig) -> str:
    count = len(twig.differences)
    return f"{count} difference{'s' * (count != 1)}" if count else "no difference"


_DASHED: Style = {"stroke": palette.HYPOTHETICAL, "stroke_width": 2.5, "stroke_dasharray": "4 3"}
