"""What a log stores of an event, how each record is chained to the one before it, and how a log is checked."""

from __future__ import annotations

import hashlib
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain as chained
from itertools import repeat
from operator import attrgetter
from typing import NamedTuple

import msgspec
from msgspec.structs import force_setattr

from eda_workshop.clock import Clock, as_instant
from eda_workshop.errors import BadLog, BadRecord, BadSetting, Conflict, DuplicateEvent, EdaError
from eda_workshop.event import Event, Recorded, as_event, record_as
from eda_workshop.log.identity import Identity
from eda_workshop.log.query import Query
from eda_workshop.values import FrozenDict, freeze, same

_PAGE = msgspec.json.Decoder(list[Recorded])
_DATA = attrgetter("data")
_ZONES = attrgetter("occurred.tzinfo", "recorded.tzinfo")
_encode = msgspec.json.Encoder().encode
_WIDTH = 64
"""Letters of a SHA-256 in hex."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

# --- one record ---------------------------------------------------------------------------------


def seal(event: Event, position: int, recorded: datetime, before: str) -> tuple[Recorded, str]:
    """The event as recorded at this position, and the text of its record; `before` is the hash before it."""
    sealed = record_as(event, position, recorded, "")
    text = _encode(sealed).decode()
    force_setattr(sealed, "hash", chain(before, text))
    return sealed, text


def chain(before: str, text: str) -> str:
    """The hash of a record: SHA-256 in hex over the hash before it, a newline, and the record's text."""
    return hashlib.sha256(f"{before}\n{text}".encode()).hexdigest()


def text_of(event: Recorded) -> str:
    """The text of a record: the recorded event as JSON, without its hash and without what is empty."""
    return _encode(record_as(event, event.position, event.recorded, "")).decode()


def unpack(texts: str, hashes: str = "") -> list[Recorded]:
    """The recorded events of texts joined by commas, with their hashes, joined without anything, if given.

    Raises `msgspec.DecodeError` if one of them isn't a record, `ValueError` if its times are not in UTC, or the hashes
    are not theirs.
    """
    try:
        page = _PAGE.decode(f"[{texts}]")
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    if not {*chained.from_iterable(map(_ZONES, page))} <= {UTC}:
        raise ValueError("its times are not in UTC")
    filled = [event for event in page if event.data]
    tagged = [event for event in page if event.tags]
    # One brace for each record and one for each data, and one bracket where there are tags: then nothing in them is
    # nested, which is so nearly always. To count is much faster than to look into each, and so is a loop that runs in C.
    if texts.count("{") == len(page) + len(filled) and texts.count("[") == len(tagged):
        deque(map(force_setattr, filled, repeat("data"), map(FrozenDict, map(_DATA, filled))), maxlen=0)
    else:
        for event in page:
            force_setattr(event, "data", freeze(event.data))
            force_setattr(event, "extensions", freeze(event.extensions))
    if hashes:
        for event, digest in zip(page, _cut(hashes, _WIDTH), strict=True):
            force_setattr(event, "hash", digest)
    return page


def difference(one: Event, other: Event) -> str:
    """The first attribute in which two events differ, wherever they were recorded; "" if they say the same."""
    ours, theirs = msgspec.structs.asdict(as_event(one)), msgspec.structs.asdict(as_event(other))
    return "" if same(ours, theirs) else next(name for name in ours if not same(ours[name], theirs[name]))


def _cut(text: str, width: int) -> Iterator[str]:
    return (text[start : start + width] for start in range(0, len(text), width))


# --- what an append adds ------------------------------------------------------------------------

Find = Callable[[Sequence[Identity]], Mapping[Identity, Recorded]]
"""Gives the events that a log holds, of those with these identities."""

First = Callable[[Query, int, int], Recorded | None]
"""Gives the first event of a log that a query means, at a position after < position <= upto."""


class AppendCondition(NamedTuple):
    """What must hold so that an append goes through.

    expected  the position at which the log ends; None: any
    after     see `unless`
    unless    no event after that position may be one of these; None: whatever there is
    """

    expected: int | None = None
    after: int = 0
    unless: Query | None = None


ALWAYS = AppendCondition()


class End(NamedTuple):
    """Where a log ends: the position, time of recording and hash of its last record."""

    position: int
    recorded: datetime | None
    hash: str


EMPTY = End(0, None, "")


def end_of(last: Recorded | None) -> End:
    """The end of a log whose last record is this one."""
    return EMPTY if last is None else End(last.position, last.recorded, last.hash)


class Written(NamedTuple):
    """What became of one event that was appended: as recorded, and whether it is new in the log."""

    event: Recorded
    fresh: bool


class Draft:
    """The records that one or more appends add to a log that ends somewhere; nothing is stored yet.

    records  what must be stored: each new record and its text
    stored   whether an engine has stored it
    """

    def __init__(self, end: End, clock: Clock, find: Find, first: First) -> None:
        self.records: list[tuple[Recorded, str]] = []
        self.stored = False
        self._clock = clock
        self._find = find
        self._first = first
        self._stored = end.position
        self._last: End | Recorded = end
        self._known: dict[Identity, Recorded] = {}

    @property
    def end(self) -> End:
        """Where the log will end."""
        return End(self._last.position, self._last.recorded, self._last.hash)

    def append(self, events: Sequence[Event], condition: AppendCondition) -> list[Written]:
        """Add records of the events, made now. Raises `Conflict` or `DuplicateEvent`; after any error it adds none."""
        last, count = self._last, len(self.records)
        try:
            self._look_up(events)
            # What is in the log already was accepted then: a retry after a lost acknowledgement must succeed.
            if not events or any(event.identity not in self._known for event in events):
                self._check(condition)
            return [self._append(event) for event in events]
        except Exception:
            for record, _ in self.records[count:]:
                del self._known[record.identity]
            del self.records[count:]
            self._last = last
            raise

    def copy(self, records: Sequence[Recorded]) -> None:
        """Add records of another log that aren't here yet. Raises `BadRecord` for one that doesn't continue this log."""
        self._look_up(records)
        for record in records:
            old, text = self._known.get(record.identity), text_of(record)
            if old.hash != record.hash if old else not self._continues(record, text):
                raise BadRecord(record.position, record.id, self._last.position)
            if old is None:
                self._add(record, text)

    def holds(self, records: Sequence[Recorded]) -> bool:
        """Whether the log holds all of these very records."""
        self._look_up(records)
        found = (self._known.get(record.identity) for record in records)
        return all(old is not None and old.hash == record.hash for old, record in zip(found, records, strict=True))

    def _check(self, condition: AppendCondition) -> None:
        head, (expected, after, unless) = self._last.position, condition
        if expected is not None and expected != head:
            raise Conflict(expected, head)
        if unless is None:
            return
        if after > head:
            raise BadSetting("after", after, f"a position of this log, which ends at {head}")
        drafted = (record for record, _ in self.records if record.position > after and unless.matches(record))
        in_the_way = self._first(unless, after, self._stored) or next(drafted, None)
        if in_the_way is not None:
            raise Conflict(after, head, in_the_way, unless)

    def _append(self, event: Event) -> Written:
        old = self._known.get(event.identity)
        if old is None:
            last, recorded = self._last, as_instant(self._clock.now())
            if last.recorded is not None and recorded < last.recorded:
                recorded = last.recorded
            event = event.replace(occurred=recorded) if event.undated else event
            return Written(self._add(*seal(event, last.position + 1, recorded, last.hash)), True)
        event = event.replace(occurred=old.occurred) if event.undated else event
        if differs := difference(old, event):
            raise DuplicateEvent(event.id, old.position, differs)
        return Written(old, False)

    def _look_up(self, events: Sequence[Event]) -> None:
        """Learn which of the events are in the log, all at once."""
        self._known.update(self._find([event.identity for event in events if event.identity not in self._known]))

    def _add(self, record: Recorded, text: str) -> Recorded:
        self.records.append((record, text))
        self._known[record.identity] = self._last = record
        return record

    def _continues(self, record: Recorded, text: str) -> bool:
        last = self._last
        in_order = record.position == last.position + 1 and (last.recorded is None or last.recorded <= record.recorded)
        return in_order and record.hash == chain(last.hash, text)


# --- rows, and whether they fit -----------------------------------------------------------------


class Row(NamedTuple):
    """One record as a log stores it; the columns before `hash` repeat what `event` says, for queries.

    occurred and recorded are microseconds since 1970, UTC; event is the text that the hash covers.
    """

    position: int
    source: str
    id: str
    name: str
    subject: str
    occurred: int
    recorded: int
    hash: str
    event: str


@dataclass(frozen=True)
class Damage:
    """The first thing in a log that doesn't fit.

    position  where: from 1; one more than the last record's if something other than the records is damaged
    problem   what, in words
    """

    position: int
    problem: str

    def __str__(self) -> str:
        return f"position {self.position}: {self.problem}"


def row_of(record: Recorded, text: str) -> Row:
    """The row that stores this record."""
    occurred, recorded = micros(record.occurred), micros(record.recorded)
    about = record.source, record.id, record.name, record.subject
    return Row(record.position, *about, occurred, recorded, record.hash, text)


def micros(moment: datetime) -> int:
    """Microseconds since 1970, UTC."""
    return (moment - _EPOCH) // _MICROSECOND


def instant(micros: int) -> datetime:
    """The moment that many microseconds after the beginning of 1970, UTC."""
    return _EPOCH + timedelta(microseconds=micros)


def find_damage(rows: Iterator[Row]) -> Damage | None:
    """The first row that doesn't continue the ones before it."""
    position, digest, recorded = 0, "", None
    try:
        for row in rows:
            position += 1
            if row.position != position:
                return Damage(position, f"it is missing; the next record is at {row.position}")
            if row.hash != chain(digest, row.event):
                return Damage(position, "the hash doesn't fit the record and the hash before it")
            digest = row.hash
            record, problem = _read(row)
            if record is None or problem:
                return Damage(position, problem)
            if recorded is not None and record.recorded < recorded:
                return Damage(position, "it was recorded before the record at the position before")
            recorded = record.recorded
    except BadLog as error:
        return Damage(position + 1, f"{error.problem}")
    return None


def _read(row: Row) -> tuple[Recorded | None, str]:
    try:
        record = unpack(row.event, row.hash)[0]
        sure = row_of(record, row.event)
    except (msgspec.DecodeError, EdaError, ValueError) as error:
        return None, f"the record is not an event ({error})"
    wrong = [column for column, stored, true in zip(Row._fields, row, sure, strict=True) if stored != true]
    return record, f"the column {wrong[0]} is not what the record says" if wrong else ""


@dataclass(frozen=True)
class LogStatistics:
    """What a log holds.

    events  how many
    bytes   what their records take, as JSON in UTF-8
    stored  what the log takes where it is kept, with indexes; the same as `bytes` in memory
    names   how many events of each name, in the order of first appearance
    first   when the first was recorded; None while the log is empty
    last    when the last was recorded
    """

    events: int
    bytes: int
    stored: int
    names: dict[str, int]
    first: datetime | None
    last: datetime | None


def measure(rows: Iterable[Row], stored: int | None) -> LogStatistics:
    """Count the rows; `stored` is what they take where they are kept, None if that is no more than they are."""
    names: Counter[str] = Counter()
    size, first, last = 0, None, None
    for row in rows:
        names[row.name] += 1
        size += len(row.event.encode())
        first, last = row.recorded if first is None else first, row.recorded
    times = (None if time is None else instant(time) for time in (first, last))
    return LogStatistics(names.total(), size, size if stored is None else stored, dict(names), *times)
