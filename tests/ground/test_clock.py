"""Time: instants are read and written exactly, and a manual clock only goes on."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eda_workshop import BadSetting, BadTime, ClockBackwards, ManualClock, WallClock
from eda_workshop.clock import as_instant, iso


class Odd(datetime):
    """What pandas and freezegun do: a datetime of their own."""


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
    ("given", "word"),
    [
        ("2026-03-02T09:00:00", "time zone"),
        (datetime(2026, 3, 2, 9), "time zone"),  # noqa: DTZ001
        (datetime(2026, 3, 2, 9, tzinfo=Nowhere()), "time zone"),
        ("yesterday", "RFC 3339"),
        ("", "RFC 3339"),
        ("2026-02-30T09:00:00Z", "RFC 3339"),
        (None, "NoneType"),
        (1_772_442_000, "int"),
        (date(2026, 3, 2), "date"),
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
