"""Where a branch runs beside its log: one column for each event, the same for both lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from eda_workshop.event import Event, Hypothetical, Recorded
from eda_workshop.replay import Branch

Look = Literal["kept", "dropped", "made up"]

Label = Callable[[Event], str]

Value = Callable[[Any], float]

Curve = tuple[tuple[int, float], ...]
"""A quantity after the event in each column; column 0 is before the first."""


@dataclass(frozen=True)
class Stop:
    """One event on a line.

    column  its place from left to right, from 1
    mark    what stands in its disc: its number; with a prime if it stands for another; a letter if it was added
    words   what it says in short
    """

    column: int
    mark: str
    look: Look
    words: str


@dataclass(frozen=True)
class Tracks:
    """Two lines over the same columns: the log, and a branch of it.

    base     the log's events
    branch   the branch's events, and those of the log that it does not have
    leaves   the column after which the branch leaves the log
    switch   the column after which the branch's own edits begin; later than `leaves` in a branch of a branch
    columns  how many columns there are
    """

    base: tuple[Stop, ...]
    branch: tuple[Stop, ...]
    leaves: int
    switch: int
    columns: int


def lay_out(branch: Branch, *, label: Label, head: int) -> Tracks:
    """The columns of a branch and of the log that it was made from, which had `head` events then."""
    logged = {event.position: event for event in branch.timeline.log.read(upto=head)}
    rows: dict[int, list[Recorded]] = {}
    for event in branch.events:
        rows.setdefault(event.position, []).append(event)
    base: list[Stop] = []
    other: list[Stop] = []
    letters = _letters()
    places = {0: 0}
    for slot in range(head + 1):
        for stop, is_logged in _stops(logged.get(slot), rows.get(slot, []), len(other), letters, label):
            if is_logged:
                base.append(Stop(stop.column, str(slot), "kept", label(logged[slot])))
                places[slot] = stop.column
            other.append(stop)
    return Tracks(tuple(base), tuple(other), places[min(_points(branch))], places[branch.at], len(other))


def value_curve(tracks: Iterable[Stop], states: Iterable[Any], value: Value, start: Any) -> Curve:
    """The quantity after each event of a line; an event that the line does not have changes nothing."""
    latest, after = float(value(start)), iter(states)
    points = [(0, latest)]
    for stop in tracks:
        if stop.look != "dropped":
            latest = float(value(next(after)))
        points.append((stop.column, latest))
    return tuple(points)


def _stops(
    logged: Recorded | None, row: list[Recorded], before: int, letters: Iterator[str], label: Label
) -> Iterator[tuple[Stop, bool]]:
    """The stops of one slot, each with whether the log's own event stands there, too."""
    told: list[Recorded] = list(row)
    if logged is not None and all(event.id != logged.id for event in row):
        told.insert(0, logged)
    for column, event in enumerate(told, before + 1):
        is_logged = logged is not None and event.id == logged.id
        if not is_logged:
            yield Stop(column, next(letters), "made up", label(event)), False
        elif isinstance(event, Hypothetical):
            yield Stop(column, f"{event.position}′", "made up", label(event)), True
        else:
            look: Look = "kept" if event in row else "dropped"
            yield Stop(column, str(event.position), look, label(event)), True


def _letters() -> Iterator[str]:
    """A to Z, then A1, B1 and so on."""
    round_ = 0
    while True:
        yield from (f"{letter}{round_ or ''}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        round_ += 1


def _points(branch: Branch | None) -> Iterator[int]:
    """The branch points of a branch and of those that it was made from."""
    while branch is not None:
        yield branch.at
        branch = branch.parent
