"""Three ways to the values that count after a correction: rebuild, rewind, and selective replay."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import groupby
from typing import Any, NamedTuple

from eda_workshop.errors import NotReversible
from eda_workshop.event import Recorded
from eda_workshop.log.corrections import Place, place_of
from eda_workshop.replay.folding import Beside, Cost, Values
from eda_workshop.replay.retroactive.reality import Reality, Stretch
from eda_workshop.replay.retroactive.waypoints import ABSENT

Rows = list[tuple[Recorded, Beside]]
"""Events, each with what undoing it needs."""

REBUILD, REWIND, SELECTIVE = "rebuild", "rewind", "selective"
STRATEGIES = (REBUILD, REWIND, SELECTIVE)


class Repair(NamedTuple):
    """New values of some keys, and what it took to get them.

    values    each key's value at the end, or `ABSENT`
    versions  each key's values at snapshots: the snapshot's number, and what the value is from there on
    start     the number of the snapshot after which values are new
    met       the number of the snapshot from which on all is as it was; None if there is none
    events    what there was to apply
    """

    values: dict[str, Any]
    versions: dict[str, list[tuple[int, Any]]]
    start: int
    met: int | None
    cost: Cost
    events: list[Recorded]

    @property
    def spared(self) -> int:
        """How many events need not be applied because the values met the old ones."""
        return len(self.events) - self.cost.applied


def selective(reality: Reality, stretch: Stretch, extra: Recorded | None = None) -> Repair:
    """From the snapshot before, by the events that touch the keys alone; ends where the values meet the old ones.

    extra  an event that is not in the log yet; as for the others
    """
    start = reality.waypoints.before(stretch.since)
    values, events = reality.values_at(start, stretch.keys), reality.sequence(stretch.keys, start, extra)
    return _forward(reality, values, events, stretch, start, only=stretch.keys)


def rebuild(reality: Reality, stretch: Stretch, extra: Recorded | None = None) -> Repair:
    """From the snapshot before, by all events after it."""
    start = reality.waypoints.before(stretch.since)
    return _forward(reality, reality.values_at(start), reality.sequence(None, start, extra), stretch, start)


class Journal:
    """The newest events that count, each with what undoing it needs, as they were applied.

    It is filled from a snapshot when somebody asks for it.
    """

    def __init__(self, reality: Reality, most: int) -> None:
        self.reality = reality
        self.most = most
        self._start = 0
        self._rows: Rows | None = None

    def fill(self) -> None:
        """Look at the events now, before something changes what counts."""
        if self._rows is None:
            self._rows = self._filled()

    def is_too_far(self, since: Place) -> bool:
        """Whether it is plain, without a look at the events, that too many of them come after a place."""
        waypoints = self.reality.waypoints
        number = waypoints.before(since)
        return number < len(waypoints) and waypoints.events_after(number + 1) > self.most

    @property
    def rows(self) -> Rows:
        """The events with what was kept beside them, in the order of occurrence; at least the newest `most`."""
        self.fill()
        return self._rows or []

    def forget(self) -> None:
        """What counts has changed."""
        self._rows = None

    def undone(self, since: Place) -> Rows | None:
        """What must be undone to come back to a place, newest first; None if it lies too far back."""
        if self.is_too_far(since):
            return None
        rows = [row for row in self.rows if place_of(row[0]) >= since]
        reaches_back = not self._start or since > self.reality.waypoints.place(self._start)
        return rows[::-1] if reaches_back and len(rows) <= self.most else None

    def irreversible(self, undone: Rows) -> Recorded | None:
        """The first of the events to undo that has no inverse; None if all have one."""
        rules = self.reality.model.rules
        on_the_way = (event for event, _ in undone if event.name in rules)
        return next((event for event in on_the_way if rules[event.name].reverse is None), None)

    def _filled(self) -> Rows:
        reality = self.reality
        number = len(reality.waypoints)
        while number and reality.waypoints.events_after(number) < self.most:
            number -= 1
        self._start = number
        values, rows = reality.values_at(number), []
        for event in reality.sequence(None, number):
            rows.append((event, reality.fold.kept_beside(values, event)))
            reality.fold.run(values, (event,))
        return rows


def rewind(reality: Reality, stretch: Stretch, undone: Rows, extra: Recorded | None = None) -> Repair:
    """From the end back through the inverses, then forward again, by all events on the way.

    undone  the events as they were applied, newest first, with what was kept beside them

    Raises `NotReversible` for one that has no inverse.
    """
    values = dict(reality.values)
    for event, beside in undone:
        rule = reality.model.rules.get(event.name)
        if rule is not None and rule.reverse is None:
            raise NotReversible(reality.model.__name__, event.name, event.position)
        reality.fold.undo(values, event, beside)
    start = reality.waypoints.before(stretch.since)
    events = [event for event in reality.sequence(None, start, extra) if place_of(event) >= stretch.since]
    repair = _forward(reality, values, events, stretch, start)
    return repair._replace(cost=repair.cost + Cost(undone=len(undone)))


def install(reality: Reality, repair: Repair) -> None:
    """Make the new values count."""
    for key, value in repair.values.items():
        reality.waypoints.rewrite(key, repair.start, repair.versions[key], repair.met)
        if repair.met is not None:
            continue
        if value is ABSENT:
            reality.values.pop(key, None)
        else:
            reality.values[key] = value
    reality.changed.update(repair.values)


def _forward(
    reality: Reality,
    values: Values,
    events: list[Recorded],
    stretch: Stretch,
    start: int,
    only: Collection[str] | None = None,
) -> Repair:
    """Apply the events, and note the keys' values at every snapshot on the way."""
    waypoints, number, applied = reality.waypoints, start, 0
    versions: dict[str, list[tuple[int, Any]]] = {key: [] for key in stretch.keys}
    for segment, group in groupby(events, key=lambda event: waypoints.before(place_of(event))):
        if segment > number:
            _note(versions, values, number + 1)
            if only and waypoints.place(segment) >= stretch.until and _is_old(reality, values, stretch.keys, segment):
                return Repair(_values(values, stretch.keys), versions, start, segment, Cost(applied=applied), events)
        number = segment
        rows = list(group)
        reality.fold.run(values, rows, only)
        applied += len(rows)
    if number < len(waypoints):
        _note(versions, values, number + 1)
    return Repair(_values(values, stretch.keys), versions, start, None, Cost(applied=applied), events)


def _note(versions: dict[str, list[tuple[int, Any]]], values: Values, number: int) -> None:
    for key, rows in versions.items():
        rows.append((number, values.get(key, ABSENT)))


def _values(values: Values, keys: Iterable[str]) -> dict[str, Any]:
    return {key: values.get(key, ABSENT) for key in keys}


def _is_old(reality: Reality, values: Values, keys: Iterable[str], number: int) -> bool:
    """Whether the keys have the values that they had at a snapshot before."""
    return all(values.get(key, ABSENT) == reality.waypoints.value(key, number) for key in keys)
