"""A log as it counts: in the order in which things occurred, with rejections and corrections applied."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from eda_workshop.clock import as_instant
from eda_workshop.errors import BadCorrection
from eda_workshop.event import Recorded, record_as

REJECTED, CORRECTED = "event.rejected", "event.corrected"
CORRECTIONS = (REJECTED, CORRECTED)

Place = tuple[datetime, int]


class Corrections:
    """What rejections and corrections say of the events before them; they are added in the order recorded."""

    def __init__(self) -> None:
        self._targets: dict[str, Recorded] = {}
        self._by_target: dict[str, list[Recorded]] = {}

    def add(self, event: Recorded, target: Recorded | None) -> None:
        """Take in a rejection or correction of a target. Raises `BadCorrection` for one that can't be."""
        is_before = target is not None and target.position < event.position
        if target is None or not is_before or (event.name == CORRECTED and target.name in CORRECTIONS):
            raise BadCorrection(event.name, event.position, event.data.get("event"))
        self._targets[event.id] = target
        self._by_target.setdefault(target.id, []).append(event)

    @contextmanager
    def supposing(self, event: Recorded, target: Recorded) -> Iterator[None]:
        """As if a rejection or correction had been added; within, it is."""
        self.add(event, target)
        try:
            yield
        finally:
            del self._targets[event.id]
            self._by_target[target.id].pop()

    def upto(self, position: int) -> Corrections:
        """Those that were recorded up to a position."""
        older = Corrections()
        for rows in self._by_target.values():
            for event in rows:
                if event.position <= position:
                    older.add(event, self._targets[event.id])
        return older

    def about(self, id: str) -> list[Recorded]:
        """The rejections and corrections of an event that stand, oldest first."""
        return [event for event in self._by_target.get(id, ()) if not self.is_void(event.id)]

    def is_void(self, id: str) -> bool:
        """Whether an event, or a correction, was rejected by something that was not rejected itself."""
        return any(event.name == REJECTED for event in self.about(id))

    def root(self, event: Recorded) -> Recorded:
        """What happened, of an event or of what was said about it in one or more steps."""
        while event.name in CORRECTIONS and event.id in self._targets:
            event = self._targets[event.id]
        return event

    def counted(self, event: Recorded) -> Recorded | None:
        """The event as it counts, with all its corrections, oldest first; None if it does not count."""
        if event.id not in self._by_target:
            return event
        changes = self.about(event.id)
        if any(change.name == REJECTED for change in changes):
            return None
        for change in changes:
            event = _corrected(event, change)
        return event


def effective(events: Iterable[Recorded]) -> list[Recorded]:
    """The events that count, of all that were recorded, in the order recorded; see `EventLog.effective`."""
    recorded = list(events)
    known = {event.id: event for event in recorded}
    corrections = Corrections()
    for event in recorded:
        if event.name in CORRECTIONS:
            corrections.add(event, target_of(event, known.get))
    counted = (corrections.counted(event) for event in recorded if event.name not in CORRECTIONS)
    return sorted((event for event in counted if event is not None), key=place_of)


def target_of(event: Recorded, find: Callable[[str], Recorded | None]) -> Recorded | None:
    """What a rejection or correction refers to; None if it names no event."""
    id = event.data.get("event")
    return find(id) if isinstance(id, str) else None


def place_of(event: Recorded) -> Place:
    """Where an event stands in the order of occurrence; at one moment, the order recorded decides."""
    return event.occurred, event.position


def _corrected(event: Recorded, change: Recorded) -> Recorded:
    """The event with other data, another time, or both; its place in the log stays."""
    data = change.data.get("data", event.data)
    occurred = as_instant(change.data["occurred"]) if "occurred" in change.data else event.occurred
    plain = event.replace(data=data, occurred=occurred)
    return record_as(plain, event.position, event.recorded, event.hash)
