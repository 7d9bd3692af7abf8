"""Temporal properties: the rule of two times, spans, and record history that only grows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eda_workshop import (
    BadPeriod,
    BadTime,
    Event,
    KeyedModel,
    ManualClock,
    TemporalProperty,
    Unknown,
    applies,
    fold,
    open_log,
)


def day(text: str) -> str:
    """A day of 2026 at midnight, UTC."""
    return f"2026-{text}T00:00:00Z"


def sally() -> TemporalProperty:
    """Her salary: three things put in, each known from another day."""
    salary = TemporalProperty().put(day("01-01"), 6000, day("01-01"))
    return salary.put(day("02-15"), 6500, day("03-15")).put(day("02-15"), 6400, day("04-05"))


@pytest.mark.parametrize(
    ("known", "in_february", "in_march"), [("02-25", 6000, 6000), ("03-25", 6500, 6500), ("04-25", 6400, 6400)]
)
def test_sally(known: str, in_february: int, in_march: int) -> None:
    """What each payroll run knew of the two months."""
    salary = sally()
    assert salary.at(day("02-25"), day(known)) == in_february
    assert salary.at(day("03-25"), day(known)) == in_march
    assert salary.at(day("01-25"), day(known)) == 6000


def test_what_sally_was_paid_and_was_due() -> None:
    """Each month was paid as it was known then, and is due as it is known now."""
    salary, runs = sally(), [day("01-25"), day("02-25"), day("03-25")]
    paid = [salary.at(run, run) for run in runs]
    due = [salary.at(run) for run in runs]
    assert paid == [6000, 6000, 6500]
    assert (sum(due), sum(due) - sum(paid)) == (18_800, 300)
    back_pay = salary.at(runs[1], runs[2]) - paid[1]
    assert (sum(paid) + back_pay, sum(paid) + back_pay - sum(due)) == (19_000, 200)


def test_the_very_moment_belongs_to_the_new_value() -> None:
    """And a microsecond before it to the old one; both times are meant so."""
    salary, moment = sally(), datetime(2026, 2, 15, tzinfo=UTC)
    before = moment - timedelta(microseconds=1)
    assert (salary.at(moment), salary.at(before)) == (6400, 6000)
    known = datetime(2026, 3, 15, tzinfo=UTC)
    assert (salary.at(moment, known), salary.at(moment, known - timedelta(microseconds=1))) == (6500, 6000)


def test_before_the_first_value_nothing_is_known() -> None:
    """Neither of an earlier moment, nor at an earlier moment of record time; and Unknown counts as false."""
    assert sally().at(day("01-01")) == 6000
    assert sally().at("2025-12-31T23:59:59Z") is Unknown
    assert sally().at(day("02-25"), "2025-12-31T23:59:59Z") is Unknown
    assert TemporalProperty().at(day("02-25")) is Unknown
    assert not Unknown
    assert repr(Unknown) == "Unknown"


def test_what_is_recorded_later_of_an_earlier_time_hides_nothing_that_came_after() -> None:
    """A raise from March on stays, whatever is learnt of February afterwards."""
    salary = TemporalProperty().put(day("03-01"), 7000, day("01-01")).put(day("02-01"), 6500, day("04-01"))
    assert [salary.at(day(when)) for when in ("02-10", "03-10")] == [6500, 7000]


def test_a_scheduled_change_waits_for_its_time() -> None:
    """It is known at once, and holds later."""
    salary = sally().put(day("07-01"), 7000, day("04-06"))
    assert [salary.at(day(when), day("04-06")) for when in ("06-30", "07-01")] == [6400, 7000]


def test_a_period_that_is_put_in_ends_where_it_is_said() -> None:
    """What was known of the time after it goes on; what was known within it is gone, as known from then on."""
    salary = sally().put(day("02-01"), 5000, day("05-01"), until=day("03-01"))
    assert [salary.at(day(when)) for when in ("01-31", "02-01", "02-20", "02-28", "03-01")] == [
        6000,
        5000,
        5000,
        5000,
        6400,
    ]
    assert salary.at(day("02-20"), day("04-30")) == 6400


def test_a_change_can_be_moved() -> None:
    """She moved in in January, as was thought; it was in December."""
    home = (
        TemporalProperty().put(day("01-01"), "Elm Street", day("01-02")).put(day("03-01"), "Oak Street", day("03-02"))
    )
    home = home.move(day("03-01"), day("02-01"), day("04-01"))
    assert home.at(day("02-15")) == "Oak Street"
    assert home.at(day("02-15"), day("03-15")) == "Elm Street"
    later = home.move(day("02-01"), day("05-01"), day("06-01"))
    assert later.at(day("03-15")) == "Elm Street"
    assert later.at(day("03-15"), day("05-31")) == "Oak Street"


def test_history_and_belief_are_the_rows_and_columns_of_the_plane() -> None:
    """Half-open periods; the last one is open."""
    salary = sally()
    assert str(salary.history()) == "[<2026-01-01 to 2026-02-15: 6000>, <2026-02-15 to …: 6400>]"
    assert str(salary.history(day("02-25"))) == "[<2026-01-01 to …: 6000>]"
    told = [(period.start.day, period.value) for period in salary.belief(day("02-25"))]
    assert told == [(1, 6000), (15, 6500), (5, 6400)]
    assert salary.belief("2025-01-01T00:00:00Z") == []
    assert salary.history("2025-01-01T00:00:00Z") == []


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda p: p.put(day("05-01"), 1, day("04-04")), "Record history only grows"),
        (lambda p: p.put(day("05-01"), 1, until=day("05-01")), "Give an end after the start"),
        (lambda p: p.move(day("05-01"), day("05-02")), "Changes are known at: 2026-01-01, 2026-02-15"),
    ],
)
def test_what_no_history_can_hold_is_refused(call: Any, words: str) -> None:
    """And says what can be done; the property stays as it is."""
    salary = sally()
    with pytest.raises(BadPeriod, match=words):
        call(salary)
    assert salary == sally()


@pytest.mark.parametrize("moment", [datetime(2026, 3, 2), "2026-03-02", 3, None])  # noqa: DTZ001
def test_times_need_a_zone(moment: Any) -> None:
    """Whichever of them it is."""
    for call in (
        lambda: sally().at(moment),
        lambda: sally().put(moment, 1),
        lambda: sally().move(moment, day("01-01")),
        lambda: sally().belief(moment),
    ):
        with pytest.raises(BadTime):
            call()


def test_a_temporal_property_is_folded_from_a_log() -> None:
    """From when on a value holds is data; when that became known is when the event was recorded."""

    class Salaries(KeyedModel):
        initial = TemporalProperty()

        @applies("salary.agreed")
        def agreed(salary, event):
            return salary.put(event.data["from"], event.data["amount"], event.recorded)

    clock = ManualClock(day("01-01"))
    log = open_log(clock=clock)
    for known, actual, amount in (("01-01", "01-01", 6000), ("03-15", "02-15", 6500), ("04-05", "02-15", 6400)):
        clock.set(day(known))
        data = {"amount": amount, "from": day(actual)}
        log.append(Event("salary.agreed", data, subject="sally", occurred=day("01-01")))
    assert fold(log, Salaries)["sally"] == sally()


def test_rules_hold_from_their_date() -> None:
    """A function is a value like others: ten before 18 November, fifteen from then on."""
    rules = TemporalProperty().put(day("01-01"), lambda: 10).put(day("11-18"), lambda: 15)
    assert [rules.at(moment)() for moment in (day("11-17"), day("11-18"))] == [10, 15]
    assert repr(rules) == "<TemporalProperty of 2 changes: <lambda> from 2026-11-18>"


DAYS = st.integers(0, 30)


@given(st.lists(st.tuples(DAYS, DAYS, st.integers(0, 5)), max_size=12), DAYS, DAYS)
def test_the_rule_of_two_times(rows: list[tuple[int, int, int]], actual: int, record: int) -> None:
    """Among the rows that are known and have begun, the one with the largest actual and then record time counts."""
    start = datetime(2026, 1, 1, tzinfo=UTC)
    rows.sort(key=lambda row: row[1])
    made = TemporalProperty()
    for begins, known, value in rows:
        made = made.put(start + timedelta(begins), value, start + timedelta(known))
    candidates = [(row[0], row[1], number) for number, row in enumerate(rows) if row[0] <= actual and row[1] <= record]
    expected = rows[max(candidates)[2]][2] if candidates else Unknown
    assert made.at(start + timedelta(actual), start + timedelta(record)) == expected


@given(st.lists(st.tuples(DAYS, DAYS, st.integers(0, 3)), max_size=8), DAYS)
def test_history_says_what_at_says(rows: list[tuple[int, int, int]], record: int) -> None:
    """At the start of each period and just before the next; nothing before the first."""
    start = datetime(2026, 1, 1, tzinfo=UTC)
    made = TemporalProperty()
    for begins, known, value in sorted(rows, key=lambda row: row[1]):
        made = made.put(start + timedelta(begins), value, start + timedelta(known))
    known_by = start + timedelta(record)
    for period in made.history(known_by):
        assert made.at(period.start, known_by) == period.value
        if period.end is not None:
            assert made.at(period.end - timedelta(microseconds=1), known_by) == period.value
            assert made.at(period.end, known_by) != period.value
