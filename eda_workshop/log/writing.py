"""How appends become records: each is judged by itself, and those that wait together are committed together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from threading import Lock
from typing import NamedTuple

from eda_workshop.clock import Clock, as_instant
from eda_workshop.errors import BadRecord, Conflict, DuplicateEvent, EdaError
from eda_workshop.event import Event, Recorded
from eda_workshop.log.record import chain, same_content, seal, text_of

Find = Callable[[str], Recorded | None]


class Written(NamedTuple):
    """What became of one event that was appended: as recorded, and whether it is new in the log."""

    event: Recorded
    fresh: bool


class Tip(NamedTuple):
    """Where a log ends: the position, time and hash of its last record."""

    position: int
    recorded: datetime | None
    hash: str


EMPTY = Tip(0, None, "")


class Request:
    """One call of `append`, waiting for its turn, and what came of it."""

    __slots__ = ("error", "events", "expected", "gone", "latch", "leads", "written")

    def __init__(self, events: list[Event], expected: int | None) -> None:
        self.events = events
        self.expected = expected
        self.written: list[Written] | None = None
        self.error: Exception | None = None
        self.latch: Lock | None = None
        self.leads = False
        self.gone = False

    def outcome(self) -> list[Written]:
        """What was written. Raises what stood in the way."""
        if self.error is not None:
            raise self.error
        assert self.written is not None
        return self.written


class Draft:
    """The records that a number of requests come to; nothing is stored yet."""

    def __init__(self, tip: Tip, clock: Clock, find: Find) -> None:
        self.tip = tip
        self.records: list[tuple[Recorded, str]] = []
        self.refused = False
        self._clock = clock
        self._find = find
        self._known: dict[str, Recorded] = {}

    def add(self, request: Request) -> None:
        """Judge a request by what is stored and drafted before it; refused, it leaves no trace."""
        tip, count = self.tip, len(self.records)
        try:
            if request.expected is not None and request.expected != tip.position:
                raise Conflict(request.expected, tip.position)
            request.written, request.error = [self._write(event) for event in request.events], None
        except EdaError as error:
            for record, _ in self.records[count:]:
                del self._known[record.id]
            del self.records[count:]
            self.tip, request.written, request.error = tip, None, error
            self.refused = True

    def _write(self, event: Event) -> Written:
        old = self._known.get(event.id) or self._find(event.id)
        if old is None:
            return Written(self._next(event), True)
        if not same_content(old, event):
            raise DuplicateEvent(event.id, old.position)
        return Written(old, False)

    def _next(self, event: Event) -> Recorded:
        position, before, digest = self.tip
        recorded = as_instant(self._clock.now())
        if before is not None and recorded < before:
            recorded = before
        record, text = seal(event, position + 1, recorded, digest)
        self.records.append((record, text))
        self._known[event.id] = record
        self.tip = Tip(position + 1, recorded, record.hash)
        return record


class Copy(Draft):
    """The records of another log, each of which must continue this one exactly."""

    def copy(self, events: list[Recorded]) -> None:
        """Take over what isn't here yet. Raises `BadRecord`."""
        for event in events:
            twin = self._known.get(event.id) or self._find(event.id)
            text = text_of(event)
            if twin.hash != event.hash if twin else not self._continues(event, text):
                raise BadRecord(event.position, event.id, self.tip.position)
            if twin is None:
                self.records.append((event, text))
                self._known[event.id] = event
                self.tip = Tip(event.position, event.recorded, event.hash)

    def _continues(self, event: Recorded, text: str) -> bool:
        position, before, digest = self.tip
        in_order = event.position == position + 1 and (before is None or before <= event.recorded)
        return in_order and event.hash == chain(digest, text)
