"""Sally's salary: what was agreed and when that became known, what each payroll run paid, and what was due."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from eda_workshop.clock import ManualClock, iso
from eda_workshop.errors import BadSetting
from eda_workshop.event import Event, Recorded
from eda_workshop.log import EventLog, open_log
from eda_workshop.replay import KeyedModel, TemporalProperty, Unknown, applies

YEAR = 2026
MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def day(text: str) -> datetime:
    """The first moment of a day, in UTC; the year is 2026 if none is given. Raises `BadSetting`.

    >>> print(day("25 March"), "|", day("31 December 2025"))
    2026-03-25 00:00:00+00:00 | 2025-12-31 00:00:00+00:00
    """
    match str(text).split():
        case [number, month, *year] if len(year) < 2:
            try:
                return datetime(int(year[0]) if year else YEAR, MONTHS.index(month) + 1, int(number), tzinfo=UTC)
            except ValueError:
                pass
    raise BadSetting("day", text, 'a day such as "25 March" or "31 December 2025"')


def day_name(moment: datetime) -> str:
    """The day of a moment, as `day` takes it."""
    year = "" if moment.year == YEAR else f" {moment.year}"
    return f"{moment.day} {MONTHS[moment.month - 1]}{year}"


@dataclass(frozen=True)
class Letter:
    """A letter about the salary: from when on which amount holds, when it came in, and when that was agreed.

    agreed  None: on the day on which the letter came in
    """

    start: datetime
    amount: int
    known: datetime
    agreed: datetime | None = None


LETTERS = (
    Letter(day("1 January"), 6000, day("1 January"), agreed=day("10 December 2025")),
    Letter(day("15 February"), 6500, day("15 March"), agreed=day("10 March")),
    Letter(day("15 February"), 6400, day("5 April"), agreed=day("1 April")),
)
"""The contract; a raise that was told a month late; and a word on it that put the amount right."""

RUNS = (day("25 January"), day("25 February"), day("25 March"))
"""The payroll runs before the last letter."""


class Salaries(KeyedModel):
    """What each person earns: from when on is in the event's data, and when it became known is when it was recorded.

    When it was agreed, `occurred`, plays no part in what anybody earns.

    >>> salary = fold(sally_log(), Salaries)["sally"]
    >>> [salary.at(day("25 February"), known) for known in (day("25 February"), day("25 March"), day("25 April"))]
    [6000, 6500, 6400]
    """

    initial = TemporalProperty()

    @staticmethod
    @applies("salary.agreed")
    def agreed(salary: TemporalProperty, event: Recorded) -> TemporalProperty:
        return salary.put(event.data["from"], event.data["amount"], event.recorded)


def sally_log(letters: Iterable[Letter] = LETTERS) -> EventLog:
    """A log in which each letter was recorded on the day it came in. Raises `ClockBackwards` if one came before another."""
    clock = ManualClock(datetime.min.replace(tzinfo=UTC))
    log = open_log("memory://", clock=clock)
    for number, letter in enumerate(letters, 1):
        clock.set(letter.known)
        data = {"amount": letter.amount, "from": iso(letter.start)}
        agreed = letter.agreed or letter.known
        log.append(Event("salary.agreed", data, subject="sally", id=f"letter-{number}", occurred=agreed))
    return log


@dataclass(frozen=True)
class Payslip:
    """What a payroll run paid: the salary it used, and what it added or kept back for the months before."""

    run: datetime
    salary: int
    back_pay: int = 0

    @property
    def paid(self) -> int:
        return self.salary + self.back_pay

    def __repr__(self) -> str:
        back_pay = f" {'+' if self.back_pay > 0 else '-'} {abs(self.back_pay)}" if self.back_pay else ""
        return f"<{day_name(self.run)}: {self.salary}{back_pay}>"


def payroll(
    salary: TemporalProperty, runs: Sequence[datetime] = RUNS, *, back_pay: bool = False
) -> tuple[Payslip, ...]:
    """What each run pays, as it knows things on its day; before anything is known, nothing.

    back_pay  a run also adds what, by then, is known to be missing from the runs before it, or keeps back what was
              too much

    >>> salary = fold(sally_log(), Salaries)["sally"]
    >>> payroll(salary, back_pay=True)
    (<25 January: 6000>, <25 February: 6000>, <25 March: 6500 + 500>)
    """
    slips: list[Payslip] = []
    for run in runs:
        more = owed(salary, slips, run) if back_pay else 0
        slips.append(Payslip(run, _amount(salary, run, run), more))
    return tuple(slips)


def due(salary: TemporalProperty, runs: Sequence[datetime] = RUNS, known: datetime | None = None) -> tuple[int, ...]:
    """What each run should have paid, as it is known on a day; None: now."""
    return tuple(_amount(salary, run, known) for run in runs)


def owed(salary: TemporalProperty, slips: Sequence[Payslip], known: datetime | None = None) -> int:
    """What is still to be paid for the runs of these slips, as it is known on a day; below 0: it was too much.

    >>> salary = fold(sally_log(), Salaries)["sally"]
    >>> owed(salary, payroll(salary)), owed(salary, payroll(salary, back_pay=True))
    (300, -200)
    """
    return sum(due(salary, [slip.run for slip in slips], known)) - sum(slip.paid for slip in slips)


def tax_rules() -> TemporalProperty:
    """The tax on a month's salary, as a rule that depends on the date: from 1 March on another one holds.

    >>> rules = tax_rules()
    >>> rules.at(day("28 February"))(6400), rules.at(day("1 March"))(6400)
    (640, 680)
    """
    rules = TemporalProperty().put(day("1 January"), _tenth, day("1 January"))
    return rules.put(day("1 March"), _more_above, day("1 February"))


def _tenth(amount: int) -> int:
    return amount // 10


def _more_above(amount: int) -> int:
    """A tenth of the first 6000, a fifth of what is above."""
    return min(amount, 6000) // 10 + max(amount - 6000, 0) // 5


def _amount(salary: TemporalProperty, run: datetime, known: datetime | None) -> int:
    value = salary.at(run, known)
    return 0 if value is Unknown else int(value)
