"""The log that lives in this process and ends with it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from eda_workshop.clock import Clock
from eda_workshop.event import Event, Recorded
from eda_workshop.log.base import EventLog, Query, Written, check_head
from eda_workshop.names import matches


class MemoryLog(EventLog):
    """A log in memory: ``open_log("memory://")``."""

    def __init__(self, clock: Clock | None = None) -> None:
        super().__init__("memory://", clock)
        self._events: list[Recorded] = []
        self._by_id: dict[str, Recorded] = {}
        self._positions: dict[str, int] = {}

    @property
    def head(self) -> int:
        return len(self._events)

    def position_of(self, subscriber: str) -> int | None:
        return self._positions.get(subscriber)

    def keep_position(self, subscriber: str, position: int) -> None:
        self._positions[subscriber] = position

    def _write(self, events: list[Event], expected: int | None) -> list[Written]:
        check_head(expected, self.head)
        written = self._record(events, self._events[-1] if self._events else None)
        fresh = [entry.event for entry in written if entry.fresh]
        self._by_id.update((event.id, event) for event in fresh)
        self._events.extend(fresh)
        return written

    def _find(self, id: str) -> Recorded | None:
        return self._by_id.get(id)

    def _read(self, query: Query) -> Iterator[Recorded]:
        position, step = (self._last(query), -1) if query.reverse else (query.after + 1, 1)
        while query.after < position <= self._last(query):
            event = self._events[position - 1]
            if _wanted(event, query):
                yield event
            position += step

    def _last(self, query: Query) -> int:
        return self.head if query.upto is None else min(query.upto, self.head)


def _wanted(event: Recorded, query: Query) -> bool:
    if query.subject is not None and event.subject != query.subject:
        return False
    if query.names is not None and not any(matches(name, event.name) for name in query.names):
        return False
    return _within(event.occurred, query.occurred) and _within(event.recorded, query.recorded)


def _within(moment: datetime, span: tuple[datetime | None, datetime | None]) -> bool:
    first, until = span
    return (first is None or first <= moment) and (until is None or moment < until)
