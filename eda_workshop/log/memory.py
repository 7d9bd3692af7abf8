"""The log that lives in this process and ends with it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from operator import attrgetter
from pathlib import Path

from eda_workshop.clock import Clock
from eda_workshop.event import Recorded
from eda_workshop.log.base import EventLog, closed
from eda_workshop.log.consumers import Key
from eda_workshop.log.files import batches
from eda_workshop.log.identity import Identity
from eda_workshop.log.query import Query, Selection, all_of, is_wanted, merged
from eda_workshop.log.records import Draft, End, Find, Row, end_of, row_of, text_of
from eda_workshop.log.upcasters import Upcasters

PAGE = 1_000
_POSITION = attrgetter("position")


class MemoryLog(EventLog):
    """A log in memory: ``open_log("memory://")``. Once closed, it is gone."""

    def __init__(self, clock: Clock | None = None, upcasters: Upcasters | None = None) -> None:
        super().__init__("memory://", clock, upcasters)
        self._events: list[Recorded] = []
        self._by_identity: dict[Identity, Recorded] = {}
        self._by_id: dict[str, list[Recorded]] = {}
        self._by_tag: dict[str, list[Recorded]] = {}
        self._states: dict[Key, tuple[str, int]] = {}
        self._closed = False

    @property
    def last(self) -> Recorded | None:
        self._check_open()
        return self._events[-1] if self._events else None

    def get_state(self, key: Key) -> tuple[str, int]:
        self._check_open()
        return self._states.get(key, ("", 0))

    def put_state(self, key: Key, text: str, revision: int) -> int:
        with self._lock:
            if self.get_state(key)[1] != revision:
                return 0
            self._states[key] = text, revision + 1
            return revision + 1

    def states(self, kind: str, name: str | None = None) -> dict[Key, str]:
        self._check_open()
        states = [*self._states.items()]
        return {key: text for key, (text, _) in states if text and key.kind == kind and name in (None, key.name)}

    def proof(self, subscriber: str, position: int) -> str:  # noqa: ARG002 (nobody else can write here)
        return ""

    def hold(self, key: Key, holder: str, new: str) -> bool:  # noqa: ARG002 (no other process comes here)
        return True

    def let_go(self, key: Key, holder: str) -> None:
        pass

    def backup(self, path: str | Path) -> None:
        self._check_open()
        from eda_workshop.log.backup import back_up

        back_up(self, path)

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
        for record in records:
            self._by_identity[record.identity] = record
            self._by_id.setdefault(record.id, []).append(record)
            for tag in {record.subject, *record.tags}:
                self._tag(tag, record)
        # From here on they are in the log; what an interruption before leaves behind is skipped.
        self._events.extend(records)
        return draft

    def _tag(self, tag: str, record: Recorded) -> None:
        """Add the record to those with this tag, which stay in order: what an interruption left at their end is removed."""
        tagged = self._by_tag.setdefault(tag, [])
        while tagged and tagged[-1].position >= record.position:
            tagged.pop()
        tagged.append(record)

    def _find(self, identities: Sequence[Identity]) -> dict[Identity, Recorded]:
        self._check_open()
        found = (self._by_identity[identity] for identity in identities if identity in self._by_identity)
        return {event.identity: event for event in found if self._is_stored(event)}

    def _with_id(self, id: str) -> list[Recorded]:
        self._check_open()
        return [event for event in self._by_id.get(id, ()) if self._is_stored(event)]

    def _is_stored(self, event: Recorded) -> bool:
        """Whether it is in the log, and not what an interruption has left behind."""
        return event.position <= len(self._events) and self._events[event.position - 1] is event

    def _pages(self, selection: Selection, *, hashes: bool) -> Iterator[list[Recorded]]:  # noqa: ARG002 (they come anyway)
        parts = self._parts(selection)
        if parts is not None:
            yield from batches(merged(parts, reverse=selection.reverse), PAGE)
            return
        starts = range(selection.after, selection.upto, PAGE)
        for start in reversed(starts) if selection.reverse else starts:
            events = self._events[start : min(start + PAGE, selection.upto)]
            page = [event for event in events if is_wanted(event, selection)]
            yield page[::-1] if selection.reverse else page

    def _first(self, query: Query, after: int, upto: int) -> Recorded | None:
        parts = self._parts(all_of(query, after, upto))
        return super()._first(query, after, upto) if parts is None else next(merged(parts), None)

    def _parts(self, selection: Selection) -> list[Iterator[Recorded]] | None:
        """What is wanted, for a subject or for each item of a query; None where all events have to be looked at."""
        if selection.subject is not None:
            return [self._tagged(selection.subject, selection)]
        if selection.where is None or not all(item.tags for item in selection.where.items):
            return None
        return [self._tagged(min(item.tags, key=self._count), selection) for item in selection.where.items]

    def _tagged(self, tag: str, selection: Selection) -> Iterator[Recorded]:
        """What is wanted of the events with this tag, one after the other, so that a caller that needs few looks at few."""
        tagged = self._by_tag.get(tag, [])
        start, stop = (bisect_right(tagged, end, key=_POSITION) for end in (selection.after, selection.upto))
        places = reversed(range(start, stop)) if selection.reverse else range(start, stop)
        events = (tagged[place] for place in places)
        return (event for event in events if self._is_stored(event) and is_wanted(event, selection))

    def _count(self, tag: str) -> int:
        return len(self._by_tag.get(tag, ()))

    def _rows(self) -> Iterator[Row]:
        self._check_open()
        return (row_of(event, text_of(event)) for event in self._events[:])

    def _stored_bytes(self) -> None:
        return None
