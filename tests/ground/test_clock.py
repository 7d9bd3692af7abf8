"""Time: instants are read and written exactly, and a manual clock only goes on."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eda_workshop import BadSetting, BadTime, ClockBackwards, ManualClock, WallClock
from eda_workshop.clock import as_instant, iso


class Odd(datetime):
    """What pandas and freezegun do: a datetime of their own."""


class Missing(datetime):
    """What pandas gives for a time that is missing: a datetime that equals nothing and answers everything with itself."""

    def __eq__(self, other: object) -> bool:
        return False

    def __ne__(self, other: object) -> bool:
        return True

    __hash__ = datetime.__hash__

    def __str__(self) -> str:
        return "NaT"

    def utcoffset(self) -> Any:
        return self

    def astimezone(self, tz: Any = None) -> Any:
        return self

    def date(self) -> Any:
        raise ValueError("NaTType does not support date")


class Nowhere(tzinfo):
    """A zone that does not know its offset."""

    def utcoffset(self, dt: datetime | None) -> timedelta | None:
        return None

    dst = utcoffset

    def tzname(self, dt: datetime | None) -> str | None:
        return None


@pytest.mark.parametrize(
    "text",
    ["2026-03-02T09:00:00Z", "2026-03-02T10:00:00+01:00", "2026-03-02 09:00:00+00:00", "2026-03-01T19:00:00-14:00"],
)
def test_text_with_a_zone_is_an_instant_in_utc(text: str) -> None:
    """The same instant in any zone is the same datetime."""
    assert as_instant(text) == datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert as_instant(text).tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        # The examples of RFC 3339, section 5.8.
        ("1985-04-12T23:20:50.52Z", datetime(1985, 4, 12, 23, 20, 50, 520_000, UTC)),
        ("1996-12-19T16:39:57-08:00", datetime(1996, 12, 20, 0, 39, 57, tzinfo=UTC)),
        ("1990-12-31T23:59:60Z", datetime(1991, 1, 1, tzinfo=UTC)),
        ("1990-12-31T15:59:60-08:00", datetime(1991, 1, 1, tzinfo=UTC)),
        ("1937-01-01T12:00:27.87+00:20", datetime(1937, 1, 1, 11, 40, 27, 870_000, UTC)),
        # Lower case, a time zone that nobody knows, and more digits than a clock has.
        ("2018-04-05t09:00:00z", datetime(2018, 4, 5, 9, tzinfo=UTC)),
        ("2018-04-05T09:00:00-00:00", datetime(2018, 4, 5, 9, tzinfo=UTC)),
        ("2018-04-05T09:00:00.123456789Z", datetime(2018, 4, 5, 9, 0, 0, 123_456, UTC)),
        ("2018-04-05T23:59:60.5Z", datetime(2018, 4, 6, 0, 0, 0, 500_000, UTC)),
    ],
)
def test_the_grammar_of_rfc_3339(text: str, instant: datetime) -> None:
    """What the RFC writes is read; a leap second, which no clock of Python has, is the second after it."""
    assert as_instant(text) == instant


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ("2026-03-02T09:00:00", "time zone"),
        (datetime(2026, 3, 2, 9), "time zone"),  # noqa: DTZ001
        (datetime(2026, 3, 2, 9, tzinfo=Nowhere()), "time zone"),
        ("yesterday", "RFC 3339"),
        ("", "RFC 3339"),
        ("2026-02-30T09:00:00Z", "RFC 3339 has no such day"),
        ("0000-01-01T00:00:00Z", "RFC 3339 has no such day"),
        ("2018-W14-4T17:31:00Z", "not in the form of RFC 3339"),
        ("20180405T173100Z", "not in the form of RFC 3339"),
        ("2018-04-05☃09:00:00Z", "not in the form of RFC 3339"),
        ("2018-04-05T09:00Z", "not in the form of RFC 3339"),
        ("2018-04-05T09:00:00,5Z", "not in the form of RFC 3339"),
        ("2018-04-05T09:00:00+01", "not in the form of RFC 3339"),
        ("2018-04-05T09:00:00+01:00:30", "not in the form of RFC 3339"),
        ("2018-04-05T09:00:00+24:00", "not in the form of RFC 3339"),
        ("2018-04-05T24:00:00Z", "not in the form of RFC 3339"),
        ("2018-04-05T09:00:61Z", "not in the form of RFC 3339"),
        ("\u0662018-04-05T09:00:00Z", "not in the form of RFC 3339"),
        ("2018-04-05T09:00:00Z\n", "not in the form of RFC 3339"),
        ("2018-04-05T12:59:60Z", "a leap second"),
        ("9999-12-31T23:59:60Z", "outside the years"),
        ("0001-01-01T00:00:00+01:00", "outside the years"),
        (None, "NoneType"),
        (1_772_442_000, "int"),
        (date(2026, 3, 2), "date"),
        (Missing(2026, 3, 2), "a time that is missing"),
        (datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=1))), "outside the years"),
    ],
)
def test_what_is_no_instant_is_refused(given: object, word: str) -> None:
    """The error says what was given, which rule it breaks and how to write an instant."""
    with pytest.raises(BadTime) as caught:
        as_instant(given)  # type: ignore[arg-type]
    assert word in caught.value.rule
    assert caught.value.given in (given, repr(given), getattr(given, "isoformat", str)())
    assert "2026-03-02T09:00:00Z" in str(caught.value)


def test_a_datetime_of_another_library_becomes_a_plain_one() -> None:
    """A subclass keeps its instant and loses its own ways."""
    moment = as_instant(Odd(2026, 3, 2, 10, 0, 0, 7, tzinfo=timezone(timedelta(hours=1))))
    assert type(moment) is datetime
    assert moment == datetime(2026, 3, 2, 9, 0, 0, 7, tzinfo=UTC)


zones = st.timezones() | st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1), timezones=zones))  # noqa: DTZ001
def test_writing_and_reading_an_instant_loses_nothing(moment: datetime) -> None:
    """`iso` and `as_instant` undo each other, to the microsecond, in any zone."""
    assert as_instant(iso(moment)) == moment.astimezone(UTC)
    assert iso(as_instant(moment)).endswith("Z")


def test_a_manual_clock_stands_still() -> None:
    """Looking does not move it."""
    clock = ManualClock()
    assert clock.now() == clock.now() == datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_a_ticking_clock_moves_after_each_look() -> None:
    """The first look gives the start; then it is a tick later each time."""
    clock = ManualClock("2026-03-02T09:00:00Z", tick=0.5)
    assert [clock.now().microsecond for _ in range(3)] == [0, 500_000, 0]
    assert repr(clock) == "ManualClock('2026-03-02T09:00:01.500000Z')"


def test_a_manual_clock_is_moved_by_hand() -> None:
    """`advance` moves by seconds or units, `set` to an instant, which may be the same."""
    clock = ManualClock()
    clock.advance(30)
    clock.advance(minutes=1, hours=1)
    assert iso(clock.now()) == "2026-03-02T10:01:30Z"
    clock.set("2026-03-02T12:00:00+01:00")
    clock.set("2026-03-02T11:00:00Z")
    assert iso(clock.now()) == "2026-03-02T11:00:00Z"


def test_a_manual_clock_never_goes_back() -> None:
    """The error names both instants, and the clock stands where it stood."""
    clock = ManualClock()
    backs: list[Callable[[], None]] = [lambda: clock.set("2026-03-02T08:59:59Z"), lambda: clock.advance(-1)]
    for back in backs:
        with pytest.raises(ClockBackwards) as caught:
            back()
        assert (caught.value.now, caught.value.asked) == ("2026-03-02T09:00:00Z", "2026-03-02T08:59:59Z")
        assert "09:00:00Z" in str(caught.value)
        assert "occurred=" in str(caught.value)
    assert iso(clock.now()) == "2026-03-02T09:00:00Z"


@pytest.mark.parametrize("tick", [-1, float("nan"), "1", None])
def test_a_tick_goes_on(tick: object) -> None:
    """A tick that would go back, or is no number, is refused."""
    with pytest.raises(BadSetting, match="tick"):
        ManualClock(tick=tick)  # type: ignore[arg-type]


def test_threads_share_a_clock_without_losing_a_move() -> None:
    """Each of two threads' moves and ticks counts."""
    clock, start = ManualClock(tick=1), threading.Barrier(2)

    def move() -> None:
        start.wait()
        for _ in range(500):
            clock.advance(1)
            clock.now()

    threads = [threading.Thread(target=move) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert clock.now() == datetime(2026, 3, 2, 9, tzinfo=UTC) + timedelta(seconds=2_000)


def test_the_wall_clock_is_aware() -> None:
    """It gives UTC, and two looks are in order."""
    clock = WallClock()
    first = clock.now()
    assert first.tzinfo is UTC
    assert first <= clock.now()
    assert repr(clock) == "WallClock()"


@pytest.mark.parametrize("amount", [float("inf"), float("-inf"), float("nan"), 1e300, 10**400, "5", None, True, [1]])
@pytest.mark.parametrize("unit", ["seconds", "minutes", "weeks"])
def test_a_clock_is_not_moved_by_what_is_no_time(amount: Any, unit: str) -> None:
    """The error names the unit and what was given; the clock stands where it stood."""
    clock = ManualClock()
    before = clock.now()
    with pytest.raises(BadSetting) as caught:
        clock.advance(**{unit: amount})
    assert caught.value.name == unit
    assert clock.now() == before


def test_a_clock_moves_by_units_that_it_knows() -> None:
    """Numpy's numbers are numbers; another unit is refused."""
    clock = ManualClock()
    before = clock.now()
    clock.advance(np.float32(1.5), minutes=np.int64(2))
    assert clock.now() - before == timedelta(seconds=121.5)
    with pytest.raises(BadSetting, match=r"minuets=1 can't be used.*minutes"):
        clock.advance(minuets=1)


def test_a_clock_that_ticks_stays_within_the_calendar() -> None:
    """At the last moment that a datetime has it stands still."""
    clock = ManualClock("9999-12-31T23:59:59Z", tick=1)
    assert [clock.now().microsecond for _ in range(3)] == [0, 999_999, 999_999]
    with pytest.raises(BadSetting, match="tick"):
        ManualClock(tick=float("inf"))
