"""The log that lives in this process and ends with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from eda_workshop.clock import Clock
from eda_workshop.errors import check_number
from eda_workshop.event import Recorded
from eda_workshop.log.base import EventLog
from eda_workshop.log.engine import closed
from eda_workshop.log.query import Query, is_wanted
from eda_workshop.log.record import text_of
from eda_workshop.log.upcasters import Upcasters
from eda_workshop.log.verify import Row, row_of
from eda_workshop.log.writing import EMPTY, Draft, Find, Tip

PAGE = 1_000


class MemoryLog(EventLog):
    """A log in memory: ``open_log("memory://")``. Once closed, it is gone."""

    def __init__(self, clock: Clock | None = None, upcasters: Upcasters | None = None) -> None:
        super().__init__("memory://", clock, upcasters)
        self._events: list[Recorded] = []
        self._by_id: dict[str, Recorded] = {}
        self._positions: dict[str, int] = {}
        self._kept: dict[str, tuple[str, int]] = {}
        self._closed = False

    @property
    def tip(self) -> Tip:
        self._check_open()
        if not self._events:
            return EMPTY
        last = self._events[-1]
        return Tip(last.position, last.recorded, last.hash)

    def position_of(self, subscriber: str) -> int | None:
        self._check_open()
        return self._positions.get(subscriber)

    def keep_position(self, subscriber: str, position: int) -> None:
        check_number("position", position, 0, self.head)
        self._positions[subscriber] = position

    def subscribers(self) -> dict[str, int]:
        self._check_open()
        return dict(sorted(self._positions.items()))

    def kept(self, name: str) -> tuple[str, int]:
        self._check_open()
        return self._kept.get(name, ("", 0))

    def keep(self, name: str, text: str, revision: int) -> bool:
        with self._lock:
            if self.kept(name)[1] != revision:
                return False
            self._kept[name] = text, revision + 1
            return True

    def close(self) -> None:
        self._closed = True

    @property
    def closed(self) -> bool:
        return self._closed

    def _check_open(self) -> None:
        if self._closed:
            raise closed(self.url)

    def _commit(self, draft: Callable[[Tip, Find], Draft]) -> None:
        records = [record for record, _ in draft(self.tip, self._find).records]
        self._by_id.update({record.id: record for record in records})
        # From here on they are in the log; an interruption before leaves ids behind, which `_find` passes over.
        self._events.extend(records)

    def _find(self, id: str) -> Recorded | None:
        self._check_open()
        found = self._by_id.get(id)
        return found if found and found in self._events[found.position - 1 : found.position] else None

    def _pages(self, query: Query, *, hashes: bool) -> Iterator[list[Recorded]]:  # noqa: ARG002 (they come anyway)
        starts = range(query.after, query.upto, PAGE)
        for start in reversed(starts) if query.reverse else starts:
            page = [event for event in self._events[start : min(start + PAGE, query.upto)] if is_wanted(event, query)]
            yield page[::-1] if query.reverse else page

    def _rows(self) -> Iterator[Row]:
        self._check_open()
        return (row_of(event, text_of(event)) for event in self._events[:])

    def _stored_bytes(self) -> None:
        return None
