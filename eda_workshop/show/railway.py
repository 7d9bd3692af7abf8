"""The railway switch: a log above, a branch that leaves it below, and one quantity along both."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from eda_workshop.event import Event
from eda_workshop.replay import Branch
from eda_workshop.show import lanes, palette, svg
from eda_workshop.show.blocks import arrow
from eda_workshop.show.picture import WIDTH, Picture
from eda_workshop.show.tracks import Curve, Label, Stop, Tracks, Value, lay_out, value_curve

LEFT, RIGHT = 184, 752
LOG_LINE, BRANCH_LINE = 84, 144
HIGH, LOW = 212, 300
HEIGHT = 340
MOST_COLUMNS = 24
MOST_WORDS = 8


@dataclass(frozen=True)
class RailwayState:
    """A log, a branch of it, and what the branch comes to.

    at           the branch point
    values       the quantity along the log, and along the branch
    differences  what differs between the two ends, each in words
    dropped      how many of the log's events the branch does not have
    made_up      how many of the branch's events the log does not have
    replayed     how many events were applied for the branch's state
    calls        how often the outside was really called for the branch
    silent       how many messages would have gone out
    """

    name: str
    quantity: str
    at: int
    tracks: Tracks
    values: tuple[Curve, Curve]
    differences: tuple[str, ...]
    dropped: int
    made_up: int
    replayed: int
    calls: int = 0
    silent: int = 0

    @property
    def ends(self) -> tuple[float, float]:
        """The quantity at the end of the log, and at the end of the branch."""
        log, branch = self.values
        return log[-1][1], branch[-1][1]


def look_at(
    branch: Branch,
    value: Value,
    quantity: str,
    *,
    name: str = "the branch",
    label: Label | None = None,
    head: int | None = None,
    calls: int = 0,
    silent: int = 0,
) -> RailwayState:
    """What there is to draw of a branch.

    value     the quantity, of a state
    label     an event in a word or two; None takes its name
    head      of the log when the branch was made; None means that nothing was recorded since
    """
    timeline = branch.timeline
    head = timeline.log.head if head is None else head
    before = branch.cost
    _ = branch.state
    replayed = (branch.cost - before).applied
    tracks = lay_out(branch, label=label or _name, head=head)
    start = timeline.at(position=0)
    lines = (timeline.branch(head), tracks.base), (branch, tracks.branch)
    base, other = (value_curve(stops, (state for _, state in line.play()), value, start) for line, stops in lines)
    found = branch.divergence
    return RailwayState(
        name,
        quantity,
        branch.at,
        tracks,
        (base, other),
        tuple(str(difference).strip("<>") for difference in found.values),
        found.dropped,
        found.made_up,
        replayed,
        calls,
        silent,
    )


def railway(branch: Branch, value: Value, quantity: str, *, label: Label | None = None) -> Picture:
    """A branch beside its log; nothing was recorded since it was made. For the arguments see `look_at`."""
    return draw_railway(look_at(branch, value, quantity, label=label))


def draw_railway(state: RailwayState) -> Picture:
    """The two lines, the switch, and the two curves, with their sentence.

    Beyond 24 columns those around the switch are drawn, and the picture says how many were left out.
    """
    scale = Scale(state.tracks)
    body = _switch(state, scale) + _line_of_log(state, scale) + _line_of_branch(state, scale)
    body += _curves(state, scale)
    if scale.note:
        body += svg.text(WIDTH - 24, 24, scale.note, size=12, anchor="end", color=palette.MUTED)
    return Picture(body + _differences(state), HEIGHT, _sentence(state))


class Scale:
    """Columns to pixels; of many columns, those that are shown."""

    def __init__(self, tracks: Tracks) -> None:
        self.count = min(tracks.columns, MOST_COLUMNS)
        self.first = max(0, min(tracks.leaves - 2, tracks.columns - self.count))
        self.last = self.first + self.count
        self.step = (RIGHT - LEFT - 16) / (self.count + 0.75)
        hidden = {"before": self.first, "after": tracks.columns - self.last}
        told = [f"{count} events {where}" for where, count in hidden.items() if count]
        self.note = f"Not drawn: {' and '.join(told)} these." if told else ""

    def x(self, column: float) -> float:
        return LEFT + 16 + self.step * (column - self.first)

    def shown(self, stops: Iterable[Stop]) -> list[Stop]:
        return [stop for stop in stops if self.first < stop.column <= self.last]

    def points(self, curve: Curve) -> list[tuple[int, float]]:
        return [point for point in curve if self.first <= point[0] <= self.last]


def _line_of_log(state: RailwayState, scale: Scale) -> str:
    y, stops = LOG_LINE, state.tracks.base
    parts = [
        svg.rect(20, y - 14, 14, 14, rx=3, fill=palette.LOG),
        _named("the log", f"{len(stops)} event{'s' * (len(stops) != 1)}", y),
        svg.rect(LEFT, y - 14, RIGHT - LEFT, 28, rx=14, fill=palette.LOG, opacity=0.25),
    ]
    parts += [_stop(stop, y, scale) for stop in scale.shown(stops)]
    return "".join(parts) + _words(scale.shown(stops), y - 20, scale, upwards=True)


def _line_of_branch(state: RailwayState, scale: Scale) -> str:
    y, tracks = BRANCH_LINE, state.tracks
    start, end = scale.x(tracks.leaves + 0.2), scale.x(tracks.leaves + 0.8)
    bend = (end - start) / 2
    d = f"M{start:.1f} {LOG_LINE} C{start + bend:.1f} {LOG_LINE} {end - bend:.1f} {y} {end:.1f} {y} H{RIGHT}"
    line = svg.element("path", d=d, fill="none", stroke=palette.HYPOTHETICAL, stroke_width=3)
    stops = [stop for stop in scale.shown(tracks.branch) if stop.column > tracks.leaves]
    words = f"{state.dropped} dropped, {state.made_up} made up"
    drops = svg.rect(20, y - 14, 14, 14, rx=3, fill=palette.PAPER, **_DASHED)
    changed = [stop for stop in stops if stop.look != "kept"]
    parts = [line, drops, _named(state.name, words, y), *(_stop(stop, y, scale) for stop in stops)]
    return "".join(parts) + _words(changed, y + 26, scale)


def _switch(state: RailwayState, scale: Scale) -> str:
    x = scale.x(state.tracks.switch + 0.5)
    line = svg.line(x, 40, x, LOW + 8, stroke=palette.INK, stroke_width=1.5)
    words = "switch before the first event" if not state.at else f"switch after event {state.at}"
    anchor = "start" if x < WIDTH / 2 else "end"
    return line + arrow(x, 46) + svg.text(x + (-10 if anchor == "start" else 10), 28, words, size=12, anchor=anchor)


def _stop(stop: Stop, y: float, scale: Scale) -> str:
    x, title = scale.x(stop.column), f"{stop.mark} {stop.words}, {stop.look}"
    if stop.look != "made up":
        look: lanes.Look = "lost" if stop.look == "dropped" else "event"
        return lanes.disc(x, y, lanes.Disc(0, int(stop.mark), look, title))
    shape = svg.circle(x, y, lanes.RADIUS, fill=palette.PAPER, **_DASHED)
    words = svg.text(x, y + 4, stop.mark, size=11 if len(stop.mark) < 3 else 9, weight="700", anchor="middle")
    return svg.group(shape, words, title=title)


def _words(stops: Iterable[Stop], y: float, scale: Scale, *, upwards: bool = False) -> str:
    """What events say, where there is room for it: one line or two, which grow away from the discs."""
    if scale.count > MOST_WORDS:
        return ""
    parts = []
    for stop in stops:
        lines = _wrapped(stop.words, scale.step - 6)
        first = y - 12 * (len(lines) - 1) if upwards else y
        for index, words in enumerate(lines):
            parts.append(_word(scale.x(stop.column), first + 12 * index, words, scale.step - 6))
    return "".join(parts)


def _word(x: float, y: float, words: str, width: float) -> str:
    return svg.text(x, y, words, size=11, anchor="middle", width=width, halo=True)


def _wrapped(words: str, width: float) -> list[str]:
    """The words in one line, or cut at the first space if they are too long for one."""
    return [words] if svg.clip(words, width, 11) == words else words.split(" ", 1)


def _named(name: str, words: str, y: float) -> str:
    head = svg.text(44, y - 2, name, weight="600", width=LEFT - 56)
    return head + svg.text(44, y + 14, words, size=11.5, width=LEFT - 48, color=palette.MUTED)


def _curves(state: RailwayState, scale: Scale) -> str:
    log, branch = (scale.points(curve) for curve in state.values)
    after = [point for point in branch if point[0] >= state.tracks.leaves]
    reached = [value for _, value in (*log, *branch)]
    low, high = min(reached), max(reached)
    heights = {value: LOW - (LOW - HIGH) * (value - low) / ((high - low) or 1) for value in reached}
    parts = [_named(state.quantity, "after each event", (HIGH + LOW) / 2)]
    for value in {low, high}:
        parts.append(svg.line(LEFT, heights[value], RIGHT, heights[value], stroke=palette.FAINT))
        parts.append(svg.text(LEFT - 6, heights[value] + 4, f"{value:g}", size=11.5, anchor="end"))
    parts.append(_steps(log, heights, scale, stroke=palette.INK, stroke_width=2))
    if after:
        parts.append(_steps(after, heights, scale, stroke=palette.HYPOTHETICAL, stroke_width=4, stroke_dasharray="7 4"))
    return "".join(parts) + _ends(state, heights[log[-1][1]], heights[branch[-1][1]])


def _steps(
    points: list[tuple[int, float]], heights: dict[float, float], scale: Scale, **style: str | float | None
) -> str:
    """A quantity that stays until the next event, as a line of stairs up to the end."""
    (column, value), *rest = points
    d = f"M{scale.x(column):.1f} {heights[value]:.1f}"
    for column, value in rest:
        d += f" H{scale.x(column):.1f} V{heights[value]:.1f}"
    return svg.element("path", d=f"{d} H{RIGHT}", fill="none", **style)


def _ends(state: RailwayState, y: float, other: float) -> str:
    """The names of the curves at their ends, one above the other where they are close."""
    log, branch = state.ends
    if abs(y - other) < 18:
        above = y <= other
        y, other = (y - 5, y + 13) if above else (other + 13, other - 5)
    names = ((f"the log: {log:g}", y), (f"{state.name}: {branch:g}", other))
    return "".join(svg.text(RIGHT + 10, place + 4, said, size=12, weight="600", width=112) for said, place in names)


def _differences(state: RailwayState) -> str:
    """The first difference in words, under the curves."""
    if not state.differences:
        return svg.text(24, HEIGHT - 14, "Both ends are the same.", size=12)
    more = len(state.differences) - 1
    tail = f", and {more} more" if more else ""
    return svg.text(24, HEIGHT - 14, f"At the end: {state.differences[0]}{tail}", size=12, width=WIDTH - 48)


def _sentence(state: RailwayState) -> str:
    log, branch = state.ends
    count = len(state.differences)
    head = f"Branch at {state.at}, {state.dropped} dropped and {state.made_up} made up"
    values = f"{state.quantity} at the end: {branch:g} instead of {log:g}" if log != branch else ""
    values = values or f"{state.quantity} at the end: {log:g} in both"
    tail = f"{state.replayed} events replayed · calls to the outside: {state.calls}"
    silent = f", {state.silent} message{'s' * (state.silent != 1)} kept silent" if state.silent else ""
    return f"{head} · {values} · **{count} difference{'s' * (count != 1)}** · {tail}{silent}."


def _name(event: Event) -> str:
    return event.name


_DASHED: lanes.Style = {"stroke": palette.HYPOTHETICAL, "stroke_width": 2.5, "stroke_dasharray": "4 3"}
