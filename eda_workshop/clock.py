"""Time: where "now" comes from, and how an instant is read and written."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Protocol

import msgspec

from eda_workshop.errors import BadTime, ClockBackwards, check_number

__all__ = ["Clock", "ManualClock", "WallClock"]

Instant = datetime | str


class Clock(Protocol):
    """Anything that can say what time it is, as an aware datetime in UTC."""

    def now(self) -> datetime:
        """The moment, aware."""
        ...


class WallClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The moment, to the microsecond."""
        return datetime.now(UTC)

    def __repr__(self) -> str:
        return "WallClock()"


class ManualClock:
    """A clock that stands still until it is moved, so that a run repeats exactly.

    `start` is an instant; `tick` is how far the clock moves by itself after each look, in seconds,
    at least 0.

    >>> clock = ManualClock("2026-03-02T09:00:00Z", tick=60)
    >>> print(clock.now(), "|", clock.now())
    2026-03-02 09:00:00+00:00 | 2026-03-02 09:01:00+00:00
    >>> clock.advance(hours=1); clock
    ManualClock('2026-03-02T10:02:00Z')
    """

    def __init__(self, start: Instant = "2026-03-02T09:00:00Z", *, tick: float = 0) -> None:
        check_number("tick", tick, 0, whole=False)
        self._now = as_instant(start)
        self._tick = timedelta(seconds=tick)
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """Where the clock stands; then it moves on by its tick."""
        with self._lock:
            now = self._now
            self._now += self._tick
            return now

    def advance(self, seconds: float = 0, **units: float) -> None:
        """Move on by `seconds`, or by what `timedelta` takes (``minutes=5``); never back."""
        with self._lock:
            self._move(self._now + timedelta(seconds=seconds, **units))

    def set(self, instant: Instant) -> None:
        """Move to an instant. Raises `ClockBackwards` for an earlier one."""
        with self._lock:
            self._move(as_instant(instant))

    def _move(self, moment: datetime) -> None:
        if moment < self._now:
            raise ClockBackwards(iso(self._now), iso(moment))
        self._now = moment

    def __repr__(self) -> str:
        return f"ManualClock({iso(self._now)!r})"


def as_instant(value: Instant) -> datetime:
    """An aware datetime in UTC, from one in any zone or from RFC 3339 text; else `BadTime`.

    >>> as_instant("2026-03-02T10:00:00+01:00")
    datetime.datetime(2026, 3, 2, 9, 0, tzinfo=datetime.timezone.utc)
    """
    if type(value) is datetime and value.tzinfo is UTC:
        return value
    if isinstance(value, str):
        value = _parse(value)
    if not isinstance(value, datetime):
        raise BadTime(repr(value), f"it is {type(value).__name__}, not a datetime or text")
    if value.utcoffset() is None:
        rule = "it has no time zone, so it could be any of some 40 moments"
        raise BadTime(value.isoformat(), rule)
    try:
        moment = value.astimezone(UTC)
    except OverflowError:
        raise BadTime(value.isoformat(), "in UTC it falls outside the years 1 to 9999") from None
    # Libraries bring subclasses, which compare and print in their own ways.
    return moment if type(moment) is datetime else datetime.combine(moment.date(), moment.time(), UTC)


def iso(moment: datetime) -> str:
    """The instant in RFC 3339 form, in UTC; six decimals where the seconds are not whole.

    >>> iso(as_instant("2026-03-02T09:00:00.25Z"))
    '2026-03-02T09:00:00.250000Z'
    """
    text: str = msgspec.to_builtins(moment.astimezone(UTC))  # in a ninth of the time of isoformat
    return text


def _parse(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise BadTime(text, "it is not in the form of RFC 3339") from None
