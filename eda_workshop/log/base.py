"""The contract that every log keeps, whatever engine it runs on."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from threading import RLock
from typing import NamedTuple, Self

import msgspec

from eda_workshop.clock import Clock, Instant, WallClock, as_instant
from eda_workshop.errors import BadLog, BadSetting, Conflict, DuplicateEvent, check_number
from eda_workshop.event import Event, Recorded, as_event
from eda_workshop.names import check_pattern

Span = tuple[Instant | None, Instant | None]


class Written(NamedTuple):
    """What became of one event that was appended: as recorded, and whether it is new in the log."""

    event: Recorded
    fresh: bool


class Query(NamedTuple):
    """What to read: the arguments of `EventLog.read`, checked and with instants parsed.

    `upto` is at most the head. An engine may stop after `limit` events, but need not.
    """

    after: int
    upto: int
    names: tuple[str, ...] | None
    subject: str | None
    occurred: tuple[datetime | None, datetime | None]
    recorded: tuple[datetime | None, datetime | None]
    limit: int | None
    reverse: bool


class EventLog(ABC):
    """An append-only sequence of events. Positions count from 1 without gaps.

    One lock guards each log, so threads may share it. Use it in ``with``, or call `close`.
    """

    def __init__(self, url: str, clock: Clock | None = None) -> None:
        self.url = url
        self.clock: Clock = clock or WallClock()
        self._lock = RLock()

    # --- writing --------------------------------------------------------------------------------

    def append(self, *events: Event, expected: int | None = None) -> tuple[int, ...]:
        """Append the events, all or none, and return their positions.

        `expected` is the position at which the log must end now, 0 for an empty log; else
        `Conflict`, which is checked first. An event whose id is there already with the same content
        gives back its old position; with other content `DuplicateEvent`. After an error nothing has
        been appended.

        >>> log = open_log("memory://")
        >>> log.append(Event("user.signed_up"), Event("email.sent"), expected=0)
        (1, 2)
        """
        return tuple(written.event.position for written in self.write(events, expected))

    def write(self, events: Sequence[Event], expected: int | None = None) -> list[Written]:
        """Like `append`, but returns what became of each event."""
        plain = [as_event(event) for event in events]
        if expected is not None:
            check_number("expected", expected, 0)
        with self._lock:
            return self._write(plain, expected)

    # --- reading --------------------------------------------------------------------------------

    def read(
        self,
        after: int = 0,
        upto: int | None = None,
        *,
        names: str | Iterable[str] | None = None,
        subject: str | None = None,
        occurred: Span = (None, None),
        recorded: Span = (None, None),
        limit: int | None = None,
        reverse: bool = False,
    ) -> Iterator[Recorded]:
        """The events at the positions after < position <= upto, in the order recorded.

        after     a position from 0
        upto      a position; None, or one beyond the head, means the head as it is now
        names     only these names; patterns such as ``user.*`` are names too
        subject   only events about this entity
        occurred  only events in this half-open span: from <= occurred < until; None leaves an end open
        recorded  the same for the time of recording
        limit     at most so many
        reverse   newest first

        You read the log as it stands at the call; what is appended meanwhile is not included.

        >>> log = open_log("memory://")
        >>> _ = log.append(Event("user.signed_up", id="1"), Event("email.sent", id="2"))
        >>> list(log.read(names="email.*"))
        [Recorded(2, 'email.sent', {}, id='2')]
        """
        for name, number in (("after", after), ("upto", upto), ("limit", limit)):
            if number is not None:
                check_number(name, number, 0)
        head = self.head
        query = Query(
            after,
            head if upto is None else min(upto, head),
            _names(names),
            subject,
            _span("occurred", occurred),
            _span("recorded", recorded),
            limit,
            reverse,
        )
        return islice(self._read(query), limit)

    def find(self, id: str) -> Recorded | None:
        """The event with this id, or None."""
        with self._lock:
            return self._find(id)

    @property
    @abstractmethod
    def head(self) -> int:
        """The position of the last event, 0 while the log is empty."""

    def __len__(self) -> int:
        return self.head

    def __iter__(self) -> Iterator[Recorded]:
        return self.read()

    # --- positions of durable subscribers -------------------------------------------------------

    @abstractmethod
    def position_of(self, subscriber: str) -> int | None:
        """How far this durable subscriber has come, None if it was never here."""

    @abstractmethod
    def keep_position(self, subscriber: str, position: int) -> None:
        """Remember how far this durable subscriber has come."""

    # --- life -----------------------------------------------------------------------------------

    @abstractmethod
    def close(self) -> None:
        """Let go of files and connections. Closing twice is allowed; whatever else is asked then is `BadLog`."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        try:
            state = f"{self.head} event{'' if self.head == 1 else 's'}"
        except BadLog as error:
            state = error.problem
        return f"<EventLog {self.url}: {state}>"

    # --- what an engine brings ------------------------------------------------------------------

    @abstractmethod
    def _write(self, events: list[Event], expected: int | None) -> list[Written]: ...

    @abstractmethod
    def _read(self, query: Query) -> Iterator[Recorded]: ...

    @abstractmethod
    def _find(self, id: str) -> Recorded | None: ...

    def _record(self, events: list[Event], last: Recorded | None) -> list[Written]:
        """What appending the events after `last` comes to; nothing is stored yet."""
        written: list[Written] = []
        known: dict[str, Recorded] = {}
        for event in events:
            old = known.get(event.id) or self._find(event.id)
            if old is not None:
                written.append(Written(_same(old, event), fresh=False))
                continue
            last = known[event.id] = self._next(event, last)
            written.append(Written(last, fresh=True))
        return written

    def _next(self, event: Event, last: Recorded | None) -> Recorded:
        position = last.position + 1 if last else 1
        now = as_instant(self.clock.now())
        recorded = max(now, last.recorded) if last else now
        digest = chain(last.hash if last else "", position, recorded, event)
        return record(event, position, recorded, digest)


def record(event: Event, position: int, recorded: datetime, digest: str) -> Recorded:
    """The event with what a log adds to it."""
    facts = {name: getattr(event, name) for name in Event.__struct_fields__}
    return Recorded(**facts, position=position, recorded=recorded, hash=digest)


def canonical(event: Event) -> bytes:
    """The event alone as canonical JSON: sorted keys, no spaces. Equal events have equal bytes."""
    return msgspec.json.encode(as_event(event), order="sorted")


def chain(before: str, position: int, recorded: datetime, event: Event) -> str:
    """The hash of an event in the chain: over the hash before it and all that is stored of it."""
    head = f"{before}\n{position}\n{recorded.isoformat()}\n".encode()
    return hashlib.sha256(head + canonical(event)).hexdigest()


def check_head(expected: int | None, actual: int) -> None:
    """Raise `Conflict` unless the log ends where the writer expected it."""
    if expected is not None and expected != actual:
        raise Conflict(expected, actual)


def closed(url: str) -> BadLog:
    """The error for whatever is asked of a log that was closed."""
    return BadLog(url, "is closed", "Open it again: open_log(url).")


def _same(old: Recorded, new: Event) -> Recorded:
    # Python calls 1, 1.0 and True equal; JSON does not.
    if canonical(old) != canonical(new):
        raise DuplicateEvent(new.id, old.position)
    return old


def _names(names: str | Iterable[str] | None) -> tuple[str, ...] | None:
    if names is None:
        return None
    return tuple(check_pattern(name) for name in ([names] if isinstance(names, str) else names))


def _span(name: str, span: Span) -> tuple[datetime | None, datetime | None]:
    if not isinstance(span, (tuple, list)) or len(span) != 2:
        raise BadSetting(name, span, "a pair (from, until), None for an open end")
    first, until = (None if moment is None else as_instant(moment) for moment in span)
    return first, until
