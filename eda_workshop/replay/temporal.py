"""Temporal property: a value with two times, when it holds and when that became known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from itertools import zip_longest
from typing import Any, Final

from eda_workshop.clock import Instant, as_instant, iso
from eda_workshop.errors import BadPeriod
from eda_workshop.replay.freeze import freeze_state
from eda_workshop.values import same

ALWAYS = datetime.min.replace(tzinfo=UTC)
"""The record time of what was known from the beginning."""


class _Unknown:
    """What is said of a time before the first value. It counts as false, and equals nothing but itself."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Unknown"

    def __bool__(self) -> bool:
        return False

    def __hash__(self) -> int:
        return hash(_Unknown)

    def __reduce__(self) -> str:
        return "Unknown"


Unknown: Final = _Unknown()


@dataclass(frozen=True)
class Change:
    """One thing that was put into a temporal property.

    actual     from when on the value holds
    record     when that became known
    value      the value
    withdrawn  True: the change that was said to lie at this moment is not there, as was learned later
    """

    actual: datetime
    record: datetime
    value: Any
    withdrawn: bool = False


@dataclass(frozen=True)
class Period:
    """A value and its half-open span: from `start`, inclusive, to `end`, exclusive; None is open."""

    start: datetime
    end: datetime | None
    value: Any

    def __repr__(self) -> str:
        return f"<{short(self.start)} to {short(self.end) if self.end else '…'}: {_told(self.value)}>"


@dataclass(frozen=True, repr=False)
class TemporalProperty:
    """All values of one thing, by actual time, when they hold, and by record time, when that became known.

    It never changes: `put` and `move` give a new one, so that it can be the state of a model. Spans are half-open: at
    the very moment of a change the new value holds. Of several changes at one moment the one recorded last counts.
    After Fowler's Temporal Property; he calls the two times actual and record, others valid and transaction time.

    >>> salary = TemporalProperty().put("2026-01-01T00:00:00Z", 6000, record="2026-01-01T09:00:00Z")
    >>> salary = salary.put("2026-02-15T00:00:00Z", 6500, record="2026-03-15T09:00:00Z")
    >>> salary.at("2026-02-20T00:00:00Z"), salary.at("2026-02-20T00:00:00Z", record="2026-02-25T00:00:00Z")
    (6500, 6000)
    >>> salary
    <TemporalProperty of 2 changes: 6500 from 2026-02-15>
    """

    changes: tuple[Change, ...] = ()

    def put(
        self, actual: Instant, value: Any, record: Instant | None = None, *, until: Instant | None = None
    ) -> TemporalProperty:
        """The property with a value that holds from `actual` to the next change that is known.

        actual  may lie in the past, a retroactive change, or in the future, a scheduled one
        record  when it became known, not before the newest; None: together with it, or always, if it is the first
        until   the value holds to this moment, exclusive, whatever was known of the time before it; from then on what
                was known goes on

        Raises `BadTime`, and `BadPeriod` for a record time before the newest or an end that is not after the start.
        """
        start, known = as_instant(actual), self._record(record)
        put = Change(start, known, _kept(value))
        if until is None:
            return TemporalProperty((*self.changes, put))
        end = as_instant(until)
        if end <= start:
            raise BadPeriod(f"A period from {short(start)} can't end at {short(end)}", "Give an end after the start.")
        between = [change for change in self._standing(known) if start < change.actual < end]
        gone = [Change(change.actual, known, change.value, withdrawn=True) for change in between]
        after = Change(end, known, self.at(end, known))
        return TemporalProperty((*self.changes, put, *gone, after))

    def move(self, actual: Instant, to: Instant, record: Instant | None = None) -> TemporalProperty:
        """The property with the change that was known to lie at `actual` at another moment, with the same value.

        Raises `BadTime`, and `BadPeriod` if no change is known at `actual`.
        """
        start, known = as_instant(actual), self._record(record)
        for change in self._standing(known):
            if change.actual == start:
                gone = Change(start, known, change.value, withdrawn=True)
                return TemporalProperty((*self.changes, gone, Change(as_instant(to), known, change.value)))
        starts = ", ".join(short(change.actual) for change in self._standing(known)) or "none"
        raise BadPeriod(f"No change is known at {short(start)}", f"Changes are known at: {starts}.")

    def at(self, actual: Instant, record: Instant | None = None) -> Any:
        """The value that held at a moment, as it was known at another; `Unknown` before the first.

        actual  the moment that is asked about
        record  what had been recorded by then, inclusive, counts; None: all that is known
        """
        moment = as_instant(actual)
        holding = [change for change in self._standing(_known(record)) if change.actual <= moment]
        return holding[-1].value if holding else Unknown

    def history(self, record: Instant | None = None) -> list[Period]:
        """The actual history as it was believed at a moment of record time; None: as it is known now."""
        standing = self._standing(_known(record))
        return _periods((change.actual, change.value) for change in standing)

    def belief(self, actual: Instant) -> list[Period]:
        """What was believed of one actual moment, along record time; before the first period nothing was."""
        told = _periods((record, self.at(actual, record)) for record in self.records)
        return told[1:] if told and told[0].value is Unknown else told

    @property
    def records(self) -> tuple[datetime, ...]:
        """The moments of record time at which something became known, in order, each once."""
        return tuple(dict.fromkeys(change.record for change in self.changes))

    def __repr__(self) -> str:
        count = f"{len(self.changes)} change{'s' * (len(self.changes) != 1)}"
        standing = self._standing(None)
        newest = f": {_told(standing[-1].value)} from {short(standing[-1].actual)}" if standing else ""
        return f"<TemporalProperty of {count}{newest}>"

    def _record(self, given: Instant | None) -> datetime:
        """The record time of the next change. Record history only grows."""
        newest = self.changes[-1].record if self.changes else ALWAYS
        record = newest if given is None else as_instant(given)
        if record < newest:
            problem = f"What was known by {short(newest)} can't be changed by what is recorded at {short(record)}"
            raise BadPeriod(problem, "Record history only grows: give the moment at which it became known.")
        return record

    def _standing(self, record: datetime | None) -> list[Change]:
        """The changes that are believed at a moment of record time, in the order of actual time."""
        newest = {change.actual: change for change in self.changes if record is None or change.record <= record}
        standing = (change for change in newest.values() if not change.withdrawn)
        return sorted(standing, key=lambda change: change.actual)


def _told(value: Any) -> str:
    """A value in words; a rule by its name, not by its address."""
    return str(getattr(value, "__name__", None) or repr(value))


def _known(record: Instant | None) -> datetime | None:
    return None if record is None else as_instant(record)


def _kept(value: Any) -> Any:
    """A value that can't be changed; rules are functions, which stay as they are."""
    return value if callable(value) else freeze_state(value)


def _periods(values: Iterable[tuple[datetime, Any]]) -> list[Period]:
    """Each value from its moment to the next; what does not change at a moment goes on."""
    starts: list[tuple[datetime, Any]] = []
    for moment, value in values:
        if not starts or not same(starts[-1][1], value):
            starts.append((moment, value))
    ends = [moment for moment, _ in starts[1:]]
    return [Period(start, end, value) for (start, value), end in zip_longest(starts, ends)]


def short(moment: datetime) -> str:
    """A moment for people: only its date, if it is midnight."""
    if moment == ALWAYS:
        return "always"
    return moment.date().isoformat() if moment.time() == time() else iso(moment)
