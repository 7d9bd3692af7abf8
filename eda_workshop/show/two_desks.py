"""The scene of the desks: the log as a row of positions, and below it what each desk has read and what came in its way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from eda_workshop.event import Recorded
from eda_workshop.show import palette, svg
from eda_workshop.show.picture import WIDTH, Picture
from eda_workshop.simulate.two_desks import SOLD, Boundary, Desk, Outcome, Sale

LEFT, RIGHT, TOP = 252, WIDTH - 24, 73
MOST_COLUMNS, MOST_RUNS = 10, 4
_WIDTH = (RIGHT - LEFT) / MOST_COLUMNS
_COLORS = (palette.PUBLISHER, palette.SUBSCRIBER, palette.HYPOTHETICAL, palette.LOG)
"""One for each desk; from the fifth on they come again, with hatched fields."""

NAMES: dict[Boundary, str] = {
    "none": "no condition",
    "log": "boundary log",
    "seat": "boundary seat's stream",
    "wallet": "boundary wallet's stream",
    "query": "boundary query",
}


@dataclass(frozen=True)
class TwoDesksState:
    """The desks before a log, and what they did on earlier ones.

    sales    what each desk is asked for next, from desk 1 on
    outcome  what the present run has led to
    earlier  the runs before it, oldest first
    """

    sales: tuple[Sale, ...]
    outcome: Outcome
    earlier: tuple[Outcome, ...] = ()

    @property
    def runs(self) -> tuple[Outcome, ...]:
        """The runs that the picture counts: the newest four, the present one last."""
        return (*self.earlier, self.outcome)[-MOST_RUNS:]


def row_height(desks: int) -> int:
    """How high the row of a desk is, in pixels."""
    return 44 if desks <= 4 else 36 if desks <= 6 else 29


def draw_two_desks(state: TwoDesksState) -> Picture:
    """The log, a row for each desk, what the fields mean, and the numbers of the runs; with their sentence."""
    height, columns = row_height(len(state.sales)), _Columns(state.outcome.events)
    bottom = TOP + height * len(state.sales)
    parts = [_log(state.outcome, columns, bottom)]
    for number, sale in enumerate(state.sales, 1):
        row = _Row(number, state.outcome.desks.get(number, Desk(sale=sale)), TOP + height * (number - 1), height)
        parts.append(row.drawn(columns))
    parts += [_legend(bottom + 18), _table(state, bottom + 38)]
    return Picture("".join(parts), bottom + 38 + 17 * len(state.runs) + 9, _sentence(state))


class _Columns:
    """Where each position is; beyond 10, the newest."""

    width = _WIDTH

    def __init__(self, events: tuple[Recorded, ...]) -> None:
        self.shown = events[-MOST_COLUMNS:]
        self.hidden = len(events) - len(self.shown)

    def left(self, position: int) -> float:
        return LEFT + self.width * (position - self.hidden - 1)

    def middle(self, position: int) -> float:
        return self.left(position) + self.width / 2

    def of(self, positions: tuple[int, ...]) -> Iterator[int]:
        return (position for position in positions if position > self.hidden)


def _log(outcome: Outcome, columns: _Columns, bottom: float) -> str:
    count = len(outcome.events)
    words = f"{count} event{'s' * (count != 1)}" + (f", the first {columns.hidden} not drawn" if columns.hidden else "")
    parts = [
        svg.rect(24, 22, 14, 14, rx=3, fill=palette.LOG),
        svg.text(56, 28, "the log", weight="600"),
        svg.text(56, 44, words, size=11.5, color=palette.MUTED),
        svg.rect(LEFT, 15, RIGHT - LEFT, 28, rx=14, fill=palette.LOG, opacity=0.25),
    ]
    for event in columns.shown:
        x = columns.middle(event.position)
        parts.append(svg.line(x, 42, x, bottom, stroke=palette.EDGE, stroke_dasharray="1 5"))
        parts.append(_event(event, outcome.broken.get(event.position, ""), x))
    return "".join(parts)


def _event(event: Recorded, problem: str, x: float) -> str:
    """The disc with its number, over what it is about; one that breaks a rule has a second, dashed ring and a cross."""
    sold = event.name == SOLD
    lines = (f"seat {event.data['seat']}", event.data["wallet"]) if sold else ("10 €", "for each")
    title = f"{event.position} {event.name}: {' '.join(lines)}" + (f"; breaks a rule, {problem}" if problem else "")
    parts = [_disc(event.position, x, 29)]
    if problem:
        style: dict[str, str | float] = {"stroke": palette.LOST, "stroke_width": 2.5, "stroke_dasharray": "3 2"}
        parts.append(svg.circle(x, 29, 13, fill="none", **style))
    weight = "700" if problem else None
    first = f"✗ {lines[0]}" if problem else lines[0]
    for y, words in ((56, first), (69, lines[1])):
        parts.append(svg.text(x, y, words, size=11, anchor="middle", weight=weight, halo=True))
    return svg.group(*parts, title=title)


def _disc(number: int, x: float, y: float) -> str:
    circle = svg.circle(x, y, 10, fill=palette.EVENT, stroke=palette.PAPER, stroke_width=2)
    return circle + svg.text(x, y + 4, str(number), size=11, weight="700", anchor="middle", color=palette.ON_EVENT)


@dataclass(frozen=True)
class _Row:
    """The row of a desk: who it is, what it does, and a field at each position that matters to it."""

    number: int
    desk: Desk
    y: float
    height: float

    @property
    def color(self) -> str:
        return _COLORS[(self.number - 1) % len(_COLORS)]

    def drawn(self, columns: _Columns) -> str:
        return svg.group(
            svg.line(24, self.y, RIGHT, self.y, stroke=palette.FAINT),
            self._label(),
            *(self._read(columns, position, guarded=True) for position in columns.of(self.desk.guarded)),
            *(self._read(columns, position, guarded=False) for position in columns.of(self.desk.unguarded)),
            *(self._in_the_way(columns, position) for position in columns.of(self.desk.in_the_way)),
            self._end(columns) if self.desk.upto else "",
            *(_disc(at, columns.middle(at), self._middle) for at in columns.of((self.desk.wrote,)) if at),
            title=f"desk {self.number}, {self.desk.sale}: {_does(self.desk)}",
        )

    @property
    def _middle(self) -> float:
        return self.y + self.height / 2

    def _label(self) -> str:
        y = self._middle
        chip = svg.rect(24, y - 11, 22, 22, rx=5, fill=palette.PAPER, stroke=self.color, stroke_width=2.5)
        number = svg.text(35, y + 4, str(self.number), size=12, weight="700", anchor="middle")
        sale = svg.text(56, y - 3, str(self.desk.sale), size=12.5, weight="600", width=LEFT - 64)
        does = svg.text(56, y + 10.5, _does(self.desk), size=11.5, color=palette.MUTED, width=LEFT - 60)
        return chip + number + sale + does

    def _field(self, columns: _Columns, position: int, **look: str | float | None) -> str:
        return svg.rect(columns.left(position) + 3, self.y + 4, columns.width - 6, self.height - 8, rx=4, **look)

    def _read(self, columns: _Columns, position: int, *, guarded: bool) -> str:
        dashes = None if guarded else "4 3"
        frame = self._field(columns, position, fill="none", stroke=self.color, stroke_width=2, stroke_dasharray=dashes)
        light = self._field(columns, position, fill=self.color, opacity=0.22) if guarded else ""
        hatch = self._hatch(columns.left(position) + 3, columns.width - 6) if self.number > len(_COLORS) else ""
        words = svg.text(columns.middle(position), self._middle + 4, "read", size=11, anchor="middle", halo=True)
        return light + hatch + frame + words

    def _hatch(self, x: float, width: float) -> str:
        """Slanted strokes within a field."""
        top, bottom = self.y + 4, self.y + self.height - 4
        slant, ends = (bottom - top) / 2, x + width
        starts = (x + slant + 7 * step for step in range(int(width / 7)))
        return "".join(
            svg.line(start, top, start - slant, bottom, stroke=self.color, stroke_width=1, opacity=0.7)
            for start in starts
            if start <= ends
        )

    def _in_the_way(self, columns: _Columns, position: int) -> str:
        light = self._field(columns, position, fill=palette.LOST, opacity=0.3)
        frame = self._field(columns, position, fill="none", stroke=palette.LOST, stroke_width=2.5)
        x, y = columns.middle(position), self._middle
        return light + frame + svg.text(x, y + 4, "✗ new", size=12, weight="700", anchor="middle")

    def _end(self, columns: _Columns) -> str:
        """How far it has read: behind that position."""
        if self.desk.upto < columns.hidden:
            return ""
        x = columns.left(self.desk.upto + 1)
        return svg.line(x, self.y + 2, x, self.y + self.height - 2, stroke=palette.INK, stroke_width=2.5)


def _does(desk: Desk) -> str:
    again = f" after {_count(desk.conflicts, 'conflict')}" if desk.conflicts else ""
    if desk.status == "read":
        now = f"but {desk.in_the_way[0]} is new" if desk.in_the_way else "can append"
        return f"read up to {desk.upto}, {now}"
    if desk.status == "overtaken":
        return f"overtaken by {desk.in_the_way[0]}: again"
    said = {"free": "nothing read yet", "sold": f"sold as {desk.wrote}{again}", "refused": f"no: {desk.no}"}
    return said[desk.status]


def _legend(y: float) -> str:
    hollow: dict[str, str | float] = {"fill": "none", "stroke": palette.INK, "stroke_width": 2}
    red: dict[str, str | float] = {"fill": "none", "stroke": palette.LOST, "stroke_width": 2.5}
    return "".join(
        [
            svg.rect(56, y - 11, 18, 14, rx=3, fill=palette.MUTED, opacity=0.3),
            svg.rect(56, y - 11, 18, 14, rx=3, **hollow),
            svg.text(81, y, "read, inside the boundary", size=11.5),
            svg.rect(250, y - 11, 18, 14, rx=3, stroke_dasharray="4 3", **hollow),
            svg.text(275, y, "read, outside it", size=11.5),
            svg.line(384, y - 12, 384, y + 4, stroke=palette.INK, stroke_width=2.5),
            svg.text(394, y, "read up to here", size=11.5),
            svg.rect(500, y - 11, 18, 14, rx=3, **red),
            svg.text(509, y, "✗", size=11.5, weight="700", anchor="middle"),
            svg.text(525, y, "new, inside the boundary: conflict", size=11.5),
            svg.circle(740, y - 4, 7, fill=palette.EVENT),
            svg.text(753, y, "what it sold", size=11.5),
        ]
    )


def _table(state: TwoDesksState, y: float) -> str:
    heads = ("decisions", "conflicts", "needless", "rules broken")
    ends = (430, 530, 630, 750)
    parts = [svg.text(56, y, "so far", size=11.5, color=palette.MUTED)]
    parts += [
        svg.text(x, y, head, size=11.5, anchor="end", color=palette.MUTED) for head, x in zip(heads, ends, strict=True)
    ]
    for index, run in enumerate(state.runs, 1):
        weight = "600" if run is state.outcome else None
        row = y + 17 * index
        mark = svg.element("path", d=f"M36 {row - 9} v10 l8 -5 z", fill=palette.INK) if run is state.outcome else ""
        parts += [mark, svg.text(56, row, NAMES[run.boundary], size=12.5, weight=weight)]
        for value, x in zip((run.decisions, run.conflicts, run.needless, len(run.broken)), ends, strict=True):
            parts.append(svg.text(x, row, str(value), size=12.5, anchor="end", weight=weight))
        if run.broken:
            cross = svg.text(ends[-1] + 10, row, "✗", size=12.5, weight="700", color=palette.WRONG)
            parts.append(cross)
    return "".join(parts)


def _sentence(state: TwoDesksState) -> str:
    clauses, before = [], None
    for run in state.runs:
        clauses.append(_clause(run, before))
        before = run
    told = "; ".join(clauses)
    return f"{told[0].upper()}{told[1:]}.{_now(state)}"


def _clause(run: Outcome, before: Outcome | None) -> str:
    if not run.decisions and not run.conflicts:
        return f"{NAMES[run.boundary]}: nothing is decided yet"
    told = f"**{_count(run.conflicts, 'conflict')}**" if run.conflicts else "**none**" if before else "**no conflicts**"
    if before is None or before.decisions != run.decisions:
        told += f" for {_count(run.decisions, 'decision')}"
    return f"{NAMES[run.boundary]}: {told}{_needless(run)}{_broken(run)}"


def _needless(run: Outcome) -> str:
    if not run.conflicts:
        return ""
    if run.conflicts == 1:
        return ", needless" if run.needless else ", not needless"
    return f", {'all' if run.needless == run.conflicts else run.needless or 'none'} needless"


def _broken(run: Outcome) -> str:
    return f", **{_count(len(run.broken), 'rule')} broken**" if run.broken else ""


def _now(state: TwoDesksState) -> str:
    """What the desks are about, and which rule is broken, in a sentence each."""
    desks = [(number, state.outcome.desk(number)) for number in range(1, len(state.sales) + 1)]
    late = [(number, desk) for number, desk in desks if desk.status == "overtaken"]
    told = ""
    if late:
        told += f" {_who(late)} overtaken by event {late[0][1].in_the_way[0]}, and must decide again."
    ready = [(number, desk) for number, desk in desks if desk.status == "read"]
    if calm := [(number, desk) for number, desk in ready if not desk.in_the_way]:
        told += f" {_who(calm, 'has', 'have')} read, and can append."
    if stale := [(number, desk) for number, desk in ready if desk.in_the_way]:
        told += f" {_who(stale, 'has', 'have')} read, and event {stale[0][1].in_the_way[0]} is new inside the boundary."
    if refused := [(number, desk) for number, desk in desks if desk.status == "refused"]:
        told += f" Desk {refused[-1][0]} said no: {refused[-1][1].no}."
    if state.outcome.broken:
        position, problem = [*state.outcome.broken.items()][-1]
        told += f" Event {position} breaks a rule: {problem}, and nobody saw it."
    return told


def _who(desks: list[tuple[int, Desk]], one: str = "was", several: str = "were") -> str:
    numbers = [str(number) for number, _ in desks]
    if len(numbers) == 1:
        return f"Desk {numbers[0]} {one}"
    return f"Desks {', '.join(numbers[:-1])} and {numbers[-1]} {several}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"
