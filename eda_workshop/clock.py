"""Time: where "now" comes from, and how an instant is read and written."""

from __future__ import annotations

import math
import re
import threading
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import msgspec

from eda_workshop.errors import BadSetting, BadTime, ClockBackwards, check_number

__all__ = ["Clock", "ManualClock", "WallClock"]

Instant = datetime | str

_MINUTE = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_TIME = rf"([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})[Tt ]({_MINUTE}:(?:[0-5][0-9]|60))(\.[0-9]+)?"
_RFC3339 = re.compile(rf"{_TIME}([Zz]|[+-]{_MINUTE})")
_LOCAL = re.compile(_TIME)
_NO_ZONE = "it has no time zone, so it could be any of some 40 moments"
_OTHER_FORM = "it is not in the form of RFC 3339"
_OUTSIDE = "in UTC it falls outside the years 1 to 9999"
_LAST = datetime.max.replace(tzinfo=UTC)
_UNITS = ("weeks", "days", "hours", "minutes", "seconds", "milliseconds", "microseconds")


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


def check_clock(given: Any) -> Clock:
    """Return the clock; raise `BadSetting` for what can't say what time it is, the class in place of a clock included.

    >>> check_clock(ManualClock)
    Traceback (most recent call last):
    ...
    eda_workshop.errors.BadSetting: clock=<class 'eda_workshop.clock.ManualClock'> can't be used. Give a clock: WallClock(), ManualClock().
    """
    if isinstance(given, type) or not callable(getattr(given, "now", None)):
        raise BadSetting("clock", given, "a clock: WallClock(), ManualClock()")
    return given  # type: ignore[no-any-return]


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
        self._now = as_instant(start)
        self._tick = timedelta(seconds=check_number("tick", tick, 0, 1e9, whole=False))
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """Where the clock stands; then it moves on by its tick."""
        with self._lock:
            now = self._now
            # The last moment that a calendar has is the last one here, too.
            self._now = now + min(self._tick, _LAST - now)
            return now

    def advance(self, seconds: float = 0, **units: float) -> None:
        """Move on by `seconds`, or by what `timedelta` takes (``minutes=5``); never back.

        Raises `ClockBackwards`, and `BadSetting` for what isn't a number, or ends after the year 9999.
        """
        with self._lock:
            self._move(self._after({"seconds": seconds, **units}))

    def set(self, instant: Instant) -> None:
        """Move to an instant. Raises `ClockBackwards` for an earlier one."""
        with self._lock:
            self._move(as_instant(instant))

    def _after(self, units: dict[str, float]) -> datetime:
        """The moment that is so far from now."""
        for unit in units.keys() - _UNITS:
            raise BadSetting(unit, units[unit], f"one of {', '.join(_UNITS)}")
        numbers = {unit: check_number(unit, count, -math.inf, whole=False) for unit, count in units.items()}
        try:
            return self._now + timedelta(**numbers)
        except OverflowError:
            unit, count = max(units.items(), key=lambda item: abs(item[1]))
            raise BadSetting(unit, count, "a time that ends before the year 10000") from None

    def _move(self, moment: datetime) -> None:
        if moment < self._now:
            raise ClockBackwards(iso(self._now), iso(moment))
        self._now = moment

    def __repr__(self) -> str:
        return f"ManualClock({iso(self._now)!r})"


def as_instant(value: Instant) -> datetime:
    """An aware datetime in UTC, from one in any zone or from RFC 3339 text; else `BadTime`.

    Digits after the sixth decimal are cut off. A leap second, ``23:59:60Z``, becomes the second after it.

    >>> as_instant("2026-03-02T10:00:00+01:00")
    datetime.datetime(2026, 3, 2, 9, 0, tzinfo=datetime.timezone.utc)
    """
    if type(value) is datetime and value.tzinfo is UTC:
        return value
    if isinstance(value, str):
        value = _parse(value)
    if not isinstance(value, datetime):
        raise BadTime(repr(value), f"it is {type(value).__name__}, not a datetime or text")
    if value != value:  # as pandas says that there is none
        raise BadTime(repr(value), "it stands for a time that is missing")
    if value.utcoffset() is None:
        raise BadTime(value.isoformat(), _NO_ZONE)
    try:
        moment = value.astimezone(UTC)
    except OverflowError:
        raise BadTime(value.isoformat(), _OUTSIDE) from None
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
    """The datetime of a text in the grammar of RFC 3339, which has fewer forms than ISO 8601, and leap seconds."""
    found = _RFC3339.fullmatch(text)
    if found is None:
        raise BadTime(text, _NO_ZONE if _LOCAL.fullmatch(text) else _OTHER_FORM)
    day, clock, fraction, offset = found.groups()
    is_leap = clock.endswith(":60")
    plain = f"{day}T{clock[:-2] + '59' if is_leap else clock}{fraction or ''}{offset.upper()}"
    try:
        moment = datetime.fromisoformat(plain)
    except ValueError:
        raise BadTime(text, "RFC 3339 has no such day") from None
    return _after_leap(text, moment) if is_leap else moment


def _after_leap(text: str, moment: datetime) -> datetime:
    """A leap second as the second after it, for no Python clock has it; `moment` is the second before it."""
    try:
        moment = moment.astimezone(UTC)
        if (moment.hour, moment.minute) == (23, 59):
            return moment + timedelta(seconds=1)
    except OverflowError:
        raise BadTime(text, _OUTSIDE) from None
    raise BadTime(text, "a leap second, :60, comes only at 23:59 UTC")
