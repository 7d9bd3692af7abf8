"""The log that lives in this process and ends with it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence

from eda_workshop.clock import Clock
from eda_workshop.errors import check_number
from eda_workshop.event import Recorded
from eda_workshop.log.base import EventLog, closed
from eda_workshop.log.query import Selection, is_wanted
from eda_workshop.log.records import Draft, End, Find, Row, end_of, row_of, text_of
from eda_workshop.log.upcasters import Upcasters

PAGE = 1_000


class MemoryLog(EventLog):
    """A log in memory: ``open_log("memory://")``. Once closed, it is gone."""

    def __init__(self, clock: Clock | None = None, upcasters: Upcasters | None = None) -> None:
        super().__init__("memory://", clock, upcasters)
        self._events: list[Recorded] = []
        self._by_id: dict[str, Recorded] = {}
        self._by_subject: dict[str, list[Recorded]] = {}
        self._positions: dict[str, int] = {}
        self._states: dict[str, tuple[str, int]] = {}
        self._closed = False

    @property
    def last(self) -> Recorded | None:
        self._check_open()
        return self._events[-1] if self._events else None

    def position_of(self, subscriber: str) -> int | None:
        self._check_open()
        return self._positions.get(subscriber)

    def keep_position(self, subscriber: str, position: int) -> None:
        check_number("position", position, 0, self.head)
        self._positions[subscriber] = position

    def subscribers(self) -> dict[str, int]:
        self._check_open()
        return dict(sorted(self._positions.items()))

    def get_state(self, name: str) -> tuple[str, int]:
        self._check_open()
        return self._states.get(name, ("", 0))

    def put_state(self, name: str, text: str, revision: int) -> bool:
        with self._lock:
            if self.get_state(name)[1] != revision:
                return False
            self._states[name] = text, revision + 1
            return True

    def close(self) -> None:
        self._closed = True

    @property
    def closed(self) -> bool:
        return self._closed

    def _check_open(self) -> None:
        if self._closed:
            raise closed(self.url)

    def _commit(self, decide: Callable[[End, Find], Draft]) -> Draft:
        draft = decide(end_of(self.last), self._find)
        records = [record for record, _ in draft.records]
        self._by_id.update({record.id: record for record in records})
        for record in records:
            self._by_subject.setdefault(record.subject, []).append(record)
        # From here on they are in the log; what an interruption before leaves behind is skipped.
        self._events.extend(records)
        return draft

    def _find(self, ids: Sequence[str]) -> dict[str, Recorded]:
        self._check_open()
        found = (self._by_id[id] for id in ids if id in self._by_id)
        return {each.id: each for each in found if each in self._events[each.position - 1 : each.position]}

    def _pages(self, selection: Selection, *, hashes: bool) -> Iterator[list[Recorded]]:  # noqa: ARG002 (they come anyway)
        if selection.subject is not None:
            yield from self._pages_about(selection.subject, selection)
            return
        starts = range(selection.after, selection.upto, PAGE)
        for start in reversed(starts) if selection.reverse else starts:
            events = self._events[start : min(start + PAGE, selection.upto)]
            page = [event for event in events if is_wanted(event, selection)]
            yield page[::-1] if selection.reverse else page

    def _pages_about(self, subject: str, selection: Selection) -> Iterator[list[Recorded]]:
        """One page: a subject's events are few."""
        about = self._by_subject.get(subject, [])
        start = bisect_right(about, selection.after, key=lambda event: event.position)
        stop = bisect_right(about, selection.upto, key=lambda event: event.position)
        events = (event for event in about[start:stop] if self._events[event.position - 1] is event)
        page = [event for event in events if is_wanted(event, selection)]
        yield page[::-1] if selection.reverse else page

    def _rows(self) -> Iterator[Row]:
        self._check_open()
        return (row_of(event, text_of(event)) for event in self._events[:])

    def _stored_bytes(self) -> None:
        return None
