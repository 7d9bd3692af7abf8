"""A log as it counts: in the order in which things occurred, with rejections and corrections applied."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Protocol

from eda_workshop.clock import as_instant
from eda_workshop.errors import AmbiguousId, BadCorrection
from eda_workshop.event import Recorded, record_as
from eda_workshop.log.identity import the_one

REJECTED, CORRECTED = "event.rejected", "event.corrected"
CORRECTIONS = (REJECTED, CORRECTED)

Place = tuple[datetime, int]


class Find(Protocol):
    """Finds the event with an id, up to a position, as `EventLog.find` does."""

    def __call__(self, id: str, source: str | None, *, upto: int) -> Recorded | None: ...


class Corrections:
    """What rejections and corrections say of the events before them; they are added in the order recorded."""

    def __init__(self) -> None:
        self._targets: dict[int, Recorded] = {}
        self._by_target: dict[int, list[Recorded]] = {}

    def add(self, event: Recorded, target: Recorded | None) -> None:
        """Take in a rejection or correction of a target. Raises `BadCorrection` for one that can't be."""
        is_before = target is not None and target.position < event.position
        if target is None or not is_before or (event.name == CORRECTED and target.name in CORRECTIONS):
            raise BadCorrection(event.name, event.position, event.data.get("event"))
        self._targets[event.position] = target
        self._by_target.setdefault(target.position, []).append(event)

    @contextmanager
    def supposing(self, event: Recorded, target: Recorded) -> Iterator[None]:
        """As if a rejection or correction had been added; within, it is."""
        self.add(event, target)
        try:
            yield
        finally:
            del self._targets[event.position]
            self._by_target[target.position].pop()

    def upto(self, position: int) -> Corrections:
        """Those that were recorded up to a position."""
        older = Corrections()
        for rows in self._by_target.values():
            for event in rows:
                if event.position <= position:
                    older.add(event, self._targets[event.position])
        return older

    def about(self, target: Recorded) -> list[Recorded]:
        """The rejections and corrections of an event that stand, oldest first."""
        return [event for event in self._by_target.get(target.position, ()) if not self.is_void(event)]

    def is_void(self, target: Recorded) -> bool:
        """Whether an event, or a correction, was rejected by something that was not rejected itself."""
        return any(event.name == REJECTED for event in self.about(target))

    def root(self, event: Recorded) -> Recorded:
        """What happened, of an event or of what was said about it in one or more steps."""
        while event.name in CORRECTIONS and event.position in self._targets:
            event = self._targets[event.position]
        return event

    def counted(self, event: Recorded) -> Recorded | None:
        """The event as it counts, with all its corrections, oldest first; None if it does not count."""
        if event.position not in self._by_target:
            return event
        changes = self.about(event)
        if any(change.name == REJECTED for change in changes):
            return None
        for change in changes:
            event = _corrected(event, change)
        return event


def effective(events: Iterable[Recorded]) -> list[Recorded]:
    """The events that count, of all that were recorded, in the order recorded; see `EventLog.effective`."""
    recorded = list(events)
    by_id: dict[str, list[Recorded]] = {}
    corrections = Corrections()
    for event in recorded:
        if event.name in CORRECTIONS:
            corrections.add(event, target_of(event, partial(_among, by_id)))
        by_id.setdefault(event.id, []).append(event)
    counted = (corrections.counted(event) for event in recorded if event.name not in CORRECTIONS)
    return sorted((event for event in counted if event is not None), key=place_of)


def target_of(event: Recorded, find: Find) -> Recorded | None:
    """What a rejection or correction refers to: the earlier event with the id in its data, of the source there.

    Without a source it means the one earlier event that has the id; ids that came later change nothing about that.
    None if it names no event, or doesn't say which of several.
    """
    id, source = event.data.get("event"), event.data.get("source")
    if not isinstance(id, str) or not isinstance(source, str | None):
        return None
    try:
        return find(id, source, upto=event.position - 1)
    except AmbiguousId:
        return None


def _among(by_id: dict[str, list[Recorded]], id: str, source: str | None, *, upto: int) -> Recorded | None:
    """`EventLog.find` among events that were read in order, up to `upto`."""
    return the_one((event for event in by_id.get(id, ()) if event.position <= upto), id, source)


def place_of(event: Recorded) -> Place:
    """Where an event stands in the order of occurrence; at one moment, the order recorded decides."""
    return event.occurred, event.position


def _corrected(event: Recorded, change: Recorded) -> Recorded:
    """The event with other data, another time, or both; its place in the log stays."""
    data = change.data.get("data", event.data)
    occurred = as_instant(change.data["occurred"]) if "occurred" in change.data else event.occurred
    plain = event.replace(data=data, occurred=occurred)
    return record_as(plain, event.position, event.recorded, event.hash)
