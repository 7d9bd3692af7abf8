"""What a payroll run adds for the months before it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from eda_workshop.exercises.attempt import require_function
from eda_workshop.exercises.exercise import Exercise, Wrong
from eda_workshop.replay import TemporalProperty, fold
from eda_workshop.stories.payroll import LETTERS, RUNS, Letter, Salaries, day, owed, payroll, sally_log

APRIL = day("25 April")
LATER = Letter(day("15 February"), 6800, day("10 May"))
_LETTERS_LEFT = {
    18_800: "That is all that was due, as if nothing had been paid yet.",
    -18_500: "That is what was paid, and nothing was due.",
    -300: "The sign is turned: she would have to pay back what is owed to her.",
    -100: "That is the last letter against the one before it, 6400 for 6500. What counts is what was paid, month by month.",
    -200: "That is what was believed against what was believed before. What counts is what was paid.",
    6700: "The run's own month is in it. It is paid anyway; what is asked for comes on top.",
    400: "February was settled, and March forgotten, for which too much was paid.",
    700: "The salary of April was taken for every month, January too. Each month had its own.",
    0: "You compare what each run paid with what it knew. That it did right; but more is known now.",
}


def _salary(*more: Letter) -> TemporalProperty:
    salary: TemporalProperty = fold(sally_log((*LETTERS, *more)), Salaries)["sally"]
    return salary


def check(answer: Any) -> None:
    function = require_function(answer, "salary", "paid", "run")
    _check_plain(function)
    _check_back_pay(function)
    _check_known(function)
    paid = {RUNS[0]: 6000}
    got = _call(function, _salary(), paid, RUNS[1])
    if got != 0:
        raise Wrong("In February nothing was owed yet: the run knew of no raise.", "extra for the run of 25 February, 6000 paid in January", "0", f"{got}", _LOOK)  # fmt: skip
    _call(function, _salary(), {}, RUNS[0])


def _check_plain(function: Callable[..., Any]) -> None:
    paid = {slip.run: slip.paid for slip in payroll(_salary())}
    got, right = _call(function, _salary(), paid, APRIL), owed(_salary(), payroll(_salary()))
    if got != right:
        said = _LETTERS_LEFT.get(got, "That does not bring what was paid up to what was due.")
        raise Wrong(said, _paid("6500"), f"{right}", f"{got}", _LOOK)


def _check_back_pay(function: Callable[..., Any]) -> None:
    slips = payroll(_salary(), back_pay=True)
    got, right = _call(function, _salary(), {slip.run: slip.paid for slip in slips}, APRIL), owed(_salary(), slips)
    if got == right:
        return
    said = "With back pay in March the sum is another one."
    if got == 300:
        said = "The 500 that March had added for February are forgotten: what a run believed is not what it paid."
    if got == 0:
        said = (
            "Too much was paid, and you leave it at that. Then the books never come right: an amount may be negative."
        )
    if got == -right:
        said = "Too much was paid, and you pay as much again: the sign says who owes whom."
    raise Wrong(said, _paid("7000 (back pay included)"), f"{right}", f"{got}", _LOOK)


def _check_known(function: Callable[..., Any]) -> None:
    """Seen from May on: the history holds more than the run of April knew."""
    paid = {slip.run: slip.paid for slip in payroll(_salary())}
    got = _call(function, _salary(LATER), paid, APRIL)
    if got != 300:
        said = "The run used a letter that came in after it, on 10 May. A run knows what is recorded by its day."
        raise Wrong(said, f"{_paid('6500')}, asked again in June", "300", f"{got}", _LOOK)


def _call(function: Callable[..., Any], salary: TemporalProperty, paid: Mapping[datetime, int], run: datetime) -> Any:
    given = dict(paid)
    try:
        got = function(salary, given, run)
    except (IndexError, KeyError, ValueError) as error:
        if paid:
            raise
        said = "The first run of all has none before it, and your function fell over that."
        raise Wrong(said, "extra(salary, {}, 25 January)", "0", type(error).__name__, _LOOK) from None
    if given != paid:
        raise Wrong("What was paid was changed. It was paid; nothing changes that.", look=_LOOK)
    if isinstance(got, bool) or not isinstance(got, (int, float)):
        raise Wrong("One amount was asked for.", expected="a number", got=f"{got!r:.40}", look=_LOOK)
    if not paid and got != 0:
        raise Wrong("Before the first run nothing can be owed.", "extra(salary, {}, 25 January)", "0", f"{got}", _LOOK)
    return got


def _paid(march: str) -> str:
    return f"extra for the run of 25 April, with 6000, 6000 and {march} paid"


_LOOK = "Look at “What is owed”."


def _source(*lines: str) -> str:
    return "def extra(salary, paid, run):\n" + "\n".join(f"    {line}" for line in lines)


_DUE = "sum(salary.at(before, run) for before in paid)"
_PAID = "sum(paid.values())"

EXTRA = Exercise(
    id="extra",
    lesson=12,
    title="What April has to add",
    minutes=6,
    task=(
        "Write `extra(salary, paid, run)`: what the payroll run at the moment `run` has to add for the runs before it, so that all is paid that was "
        "due, as that run knows it. `paid` is a dict from the moment of each earlier run to all that it paid, back pay included; `salary` is "
        "the temporal property. Too much was paid? Then the amount is negative. The run's own month is not part of it."
    ),
    stub='def extra(salary, paid, run):\n    """What is still to be paid for the earlier runs, as known at this one."""\n    ...',
    check=check,
    hints=(
        "For each earlier run: what should it have paid, as is known now, at the moment of this run?",
        "All that was due less all that was paid. It does not matter why a run paid what it paid.",
    ),
    solutions=(
        _source(f"return {_DUE} - {_PAID}"),
        _source("missing = 0", "for before, amount in paid.items():", "    missing += salary.at(before, run) - amount", "return missing"),
    ),
    wrong={
        _source(f"return {_PAID} - {_DUE}"): "The sign is turned",
        _source(f"return {_DUE}"): "That is all that was due",
        _source(f"return {_DUE} - {_PAID} + salary.at(run, run)"): "The run's own month is in it",
        _source("last = max(paid, default=run)", "return salary.at(last, run) - salary.at(last, last)"): "That is the last letter against",
        _source("if not paid:", "    return 0", "last = max(paid)", "return salary.at(last, run) - paid[last]"): "That is the last letter against",
        _source("return sum(salary.at(day, run) - salary.at(day, max(paid)) for day in paid)"): "That is what was believed against",
        _source("return sum(salary.at(day, run) - salary.at(day, day) for day in paid)"): "The 500 that March had added",
        _source(f"return sum(salary.at(day, day) for day in paid) - {_PAID}"): "You compare what each run paid",
        _source(f"return salary.at(run, run) * len(paid) - {_PAID}"): "The salary of April was taken",
        _source(f"return max(0, {_DUE} - {_PAID})"): "Too much was paid, and you leave it",
        _source(f"return abs({_DUE} - {_PAID})"): "Too much was paid, and you pay as much again",
        _source("return sum(max(0, salary.at(day, run) - amount) for day, amount in paid.items())"): "February was settled, and March",
        _source(f"return {_DUE.replace(', run)', ')')} - {_PAID}"): "The run used a letter that came in after it",
        _source("paid[run] = salary.at(run, run)", f"return {_DUE} - {_PAID}"): "What was paid was changed",
        _source("return {day: salary.at(day, run) - amount for day, amount in paid.items()}"): "One amount was asked for",
        _source("first = min(paid)", f"return {_DUE} - {_PAID}"): "The first run of all has none",
        _source(f"return {_DUE} + {_PAID}"): "That does not bring what was paid",
    },
)  # fmt: skip
