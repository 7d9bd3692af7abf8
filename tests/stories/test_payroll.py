"""Sally's payroll: who knew what, what was paid, and what was due."""

from __future__ import annotations

import pytest

from eda_workshop import BadSetting, ClockBackwards, History, TemporalProperty, Timeline, Unknown, fold
from eda_workshop.clock import as_instant
from eda_workshop.stories.payroll import (
    LETTERS,
    RUNS,
    Letter,
    Payslip,
    Salaries,
    day,
    day_name,
    due,
    owed,
    payroll,
    sally_log,
    tax_rules,
)

APRIL = day("25 April")


def salary(letters: tuple[Letter, ...] = LETTERS) -> TemporalProperty:
    """Sally's salary, folded from a log of these letters."""
    folded: TemporalProperty = fold(sally_log(letters), Salaries)["sally"]
    return folded


@pytest.mark.parametrize(("known", "february", "march"), [(1, 6000, 6000), (2, 6500, 6500), (3, 6400, 6400)])
def test_what_each_run_knew(known: int, february: int, march: int) -> None:
    """The table of the story: each day of payroll knows the letters before it."""
    day_of_record = (*RUNS, APRIL)[known]
    assert salary().at(day("25 February"), day_of_record) == february
    assert salary().at(day("25 March"), day_of_record) == march


def test_the_log_carries_three_times() -> None:
    """When a letter came in, when it was agreed, and from when on it holds, which is data."""
    told = [(event.recorded, event.occurred, as_instant(event.data["from"])) for event in sally_log()]
    assert told == [(letter.known, letter.agreed, letter.start) for letter in LETTERS]


def test_a_raise_that_lies_ahead_is_not_there_yet() -> None:
    """It was agreed in April and holds from July: a reader in May has the event, and the old salary."""
    letter = Letter(day("1 July"), 7000, day("22 April"), agreed=day("20 April"))
    log = sally_log((*LETTERS, letter))
    for state in (
        History(log, Salaries).state(),
        Timeline(log, Salaries).at(occurred=day("1 May")),
        fold(log, Salaries),
    ):
        assert state["sally"].at(day("1 May")) == 6400
        assert state["sally"].at(day("1 July")) == 7000
    assert History(log, Salaries).state(occurred=day("19 April"))["sally"].at(day("1 July")) == 6400


def test_three_hundred_are_owed() -> None:
    """Each run paid what it knew; what was due is known in April."""
    slips = payroll(salary())
    assert [slip.paid for slip in slips] == [6000, 6000, 6500]
    assert (due(salary()), sum(due(salary()))) == ((6000, 6400, 6400), 18_800)
    assert owed(salary(), slips) == 300


def test_with_back_pay_it_was_two_hundred_too_much() -> None:
    """In March 500 were added for February, which turn out to have been 400; April's run keeps back the difference."""
    slips = payroll(salary(), (*RUNS, APRIL), back_pay=True)
    assert [slip.back_pay for slip in slips] == [0, 0, 500, -200]
    assert sum(slip.paid for slip in slips[:3]) == 19_000
    assert owed(salary(), slips[:3]) == -200
    assert owed(salary(), slips) == 0


def test_what_is_owed_is_a_matter_of_record_time() -> None:
    """In February nothing was owed, as far as anybody knew; in March, February's raise."""
    slips = payroll(salary())
    assert owed(salary(), slips[:2], RUNS[1]) == 0
    assert owed(salary(), slips, RUNS[2]) == 500


def test_a_run_before_the_contract_pays_nothing() -> None:
    """What is not known can't be paid, and is not due."""
    early = day("25 December 2025")
    assert salary().at(early) is Unknown
    assert payroll(salary(), [early]) == (Payslip(early, 0),)
    assert due(salary(), [early]) == (0,)


def test_letters_come_in_the_order_of_their_days() -> None:
    """Record time goes one way."""
    with pytest.raises(ClockBackwards):
        sally_log(reversed(LETTERS))


def test_the_first_moment_of_march_has_the_new_tax() -> None:
    """The rule of the day counts, and before the first rule there is none."""
    rules = tax_rules()
    assert [rules.at(day(when))(6400) for when in ("28 February", "1 March", "25 March")] == [640, 680, 680]
    assert rules.at(day("31 December 2025")) is Unknown
    assert rules.at(day("25 March"), day("31 January"))(6400) == 640


@pytest.mark.parametrize("text", ["25 March", "31 December 2025", "29 February 2028"])
def test_days_are_written_as_they_are_read(text: str) -> None:
    """The year is left out where it is the story's."""
    assert day_name(day(text)) == text


@pytest.mark.parametrize("text", ["", "March", "30 February", "25 march", "2026-03-25", "25 March 2026 noon", None])
def test_other_days_are_refused(text: str) -> None:
    """In a sentence that shows how to write one."""
    with pytest.raises(BadSetting, match='a day such as "25 March"'):
        day(text)


def test_payslips_say_what_they_hold() -> None:
    """The salary they used, and what was added or kept back."""
    assert [repr(Payslip(RUNS[2], 6500, more)) for more in (0, 500, -200)] == [
        "<25 March: 6500>",
        "<25 March: 6500 + 500>",
        "<25 March: 6500 - 200>",
    ]
