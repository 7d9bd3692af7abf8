"""The log that lives in this process and ends with it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from eda_workshop.clock import Clock
from eda_workshop.event import Event, Recorded
from eda_workshop.log.base import EventLog, Query, Written, check_head, closed
from eda_workshop.names import matches


class MemoryLog(EventLog):
    """A log in memory: ``open_log("memory://")``. Once closed, it is gone."""

    def __init__(self, clock: Clock | None = None) -> None:
        super().__init__("memory://", clock)
        self._events: list[Recorded] = []
        self._by_id: dict[str, Recorded] = {}
        self._positions: dict[str, int] = {}
        self._closed = False

    @property
    def head(self) -> int:
        self._check_open()
        return len(self._events)

    def position_of(self, subscriber: str) -> int | None:
        self._check_open()
        return self._positions.get(subscriber)

    def keep_position(self, subscriber: str, position: int) -> None:
        self._check_open()
        self._positions[subscriber] = position

    def close(self) -> None:
        self._closed = True

    def _check_open(self) -> None:
        if self._closed:
            raise closed(self.url)

    def _write(self, events: list[Event], expected: int | None) -> list[Written]:
        check_head(expected, self.head)
        written = self._record(events, self._events[-1] if self._events else None)
        fresh = [entry.event for entry in written if entry.fresh]
        self._by_id.update((event.id, event) for event in fresh)
        self._events.extend(fresh)
        return written

    def _find(self, id: str) -> Recorded | None:
        self._check_open()
        return self._by_id.get(id)

    def _read(self, query: Query) -> Iterator[Recorded]:
        positions = range(query.after + 1, query.upto + 1)
        for position in reversed(positions) if query.reverse else positions:
            event = self._events[position - 1]
            if _wanted(event, query):
                yield event


def _wanted(event: Recorded, query: Query) -> bool:
    if query.subject is not None and event.subject != query.subject:
        return False
    if query.names is not None and not any(matches(name, event.name) for name in query.names):
        return False
    return _within(event.occurred, query.occurred) and _within(event.recorded, query.recorded)


def _within(moment: datetime, span: tuple[datetime | None, datetime | None]) -> bool:
    first, until = span
    return (first is None or first <= moment) and (until is None or moment < until)
