"""A rule by date."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from eda_workshop.clock import ManualClock
from eda_workshop.event import Event, Recorded
from eda_workshop.exercises.attempt import require_function
from eda_workshop.exercises.exercise import Exercise, Wrong
from eda_workshop.log import open_log
from eda_workshop.replay import TemporalProperty, Unknown
from eda_workshop.stories.payroll import day, day_name, tax_rules

FEBRUARY, MARCH = day("25 February"), day("25 March")
_PROBES: tuple[tuple[datetime, datetime, dict[int, str]], ...] = (
    (MARCH, MARCH, {640: "The first rule was taken for everything. From 1 March on another one holds."}),
    (FEBRUARY, FEBRUARY, {680: "Today's rule was taken for a payment of February. It was not the rule then."}),
    (
        FEBRUARY,
        day("2 March"),
        {680: "The payment was recorded late, and was taxed by the rule of the day on which it was recorded."},
    ),
    (day("1 March"), day("1 March"), {640: "Off by one: at the first moment of 1 March the new rule holds."}),
    (day("31 December 2025"), day("2 January"), {}),
)
_BACKWARDS = "The law was changed in June, back to February. You asked for the rule that was known when the payment was; today more is known."


def _paid(occurred: datetime, recorded: datetime, amount: int) -> Recorded:
    log = open_log("memory://", clock=ManualClock(recorded))
    log.append(Event("salary.paid", {"amount": amount}, subject="sally", id="paid-1", occurred=occurred))
    return next(iter(log))


def check(answer: Any) -> None:
    function, rules = require_function(answer, "rules", "event"), tax_rules()
    for occurred, recorded, means in _PROBES:
        _try(function, rules, _paid(occurred, recorded, 6400), means)
    rules = rules.put(day("1 February"), lambda amount: amount // 5, day("1 June"))
    then = "; and from 1 February on a fifth, as is known since 1 June"
    _try(function, rules, _paid(FEBRUARY, FEBRUARY, 7000), {700: _BACKWARDS}, then)


def _try(
    function: Callable[..., Any], rules: TemporalProperty, event: Recorded, means: dict[int, str], then: str = ""
) -> None:
    rule, amount = rules.at(event.occurred), event.data["amount"]
    right = Unknown if rule is Unknown else rule(amount)
    days = f"paid on {day_name(event.occurred)}, recorded on {day_name(event.recorded)}"
    called = f"tax(rules, event): {amount}, {days}{then}"
    got = _called(function, rules, event, called)
    if got is right or (type(got) is int and got == right):
        return
    if callable(got) and not isinstance(got, type):
        said = "That is the rule itself. What it makes of the amount was asked for."
    elif right is Unknown and got is None:
        said = "No rule held yet, and None comes back. What nobody knows has a name of its own."
    elif right is Unknown:
        said = "No rule held yet, and you name a tax. What nobody knows has a name of its own."
    elif got is None:
        said = "Nothing comes back."
    else:
        said = means.get(got, _OTHER) if isinstance(got, int) else _OTHER
    raise Wrong(said, called, f"{right}", f"{got!r:.40}" if not callable(got) else "a function", _LOOK)


def _called(function: Callable[..., Any], rules: TemporalProperty, event: Recorded, called: str) -> Any:
    try:
        return function(rules, event)
    except TypeError as error:
        if "_Unknown" not in str(error) or "not callable" not in str(error):
            raise
        said = "Before the first rule there is none, and you called what is not there."
        raise Wrong(said, called, "Unknown", f"TypeError: {error}", _LOOK) from None


_OTHER = "That is not what the rule of that day makes of the amount."
_LOOK = "Look at “Rules have dates, too”."


def _source(*lines: str, head: str = "") -> str:
    return f"{head}def tax(rules, event):\n" + "\n".join(f"    {line}" for line in lines)


def _by(rule: str) -> str:
    return _source(f"rule = {rule}", 'return Unknown if rule is Unknown else rule(event.data["amount"])')


_FEW = 'event.data["amount"]'

TAX = Exercise(
    id="tax",
    lesson=12,
    title="By the rule of the day",
    minutes=4,
    task=(
        "Write `tax(rules, event)`: `rules` is a `TemporalProperty` whose values are functions from an amount to its tax, and `event` a recorded "
        "`salary.paid` with an `amount` in its data. Return the tax by the rule that held when the salary was paid, as we know today; `Unknown`, if "
        "no rule held yet."
    ),
    stub='def tax(rules, event):\n    """The tax on what was paid, by the rule that held then."""\n    ...',
    check=check,
    hints=(
        "rules.at gives a function, or Unknown. Which of the event's times is the one to ask for?",
        "Without a record time, at tells what is known today.",
    ),
    solutions=(
        _by("rules.at(event.occurred)"),
        _source(
            "rule = rules.at(event.occurred)",
            "if rule is Unknown:",
            "    return Unknown",
            f"return rule({_FEW})",
        ),
    ),
    wrong={
        _by("rules.changes[0].value"): "The first rule was taken",
        _by("rules.changes[-1].value"): "Today's rule was taken",
        _by('rules.at("2026-12-31T00:00:00Z")'): "Today's rule was taken",
        _by("rules.at(event.recorded)"): "The payment was recorded late",
        _by("rules.at(event.occurred, event.recorded)"): "The law was changed in June",
        "from datetime import timedelta\n\n\n" + _by("rules.at(event.occurred - timedelta(microseconds=1))"): "Off by one",
        _source(f"return rules.at(event.occurred)({_FEW})"): "Before the first rule there is none",
        _source("rule = rules.at(event.occurred)", f"return rule({_FEW}) if rule else 0"): "No rule held yet, and you name a tax",
        _source("rule = rules.at(event.occurred)", f"return rule({_FEW}) if rule else None"): "No rule held yet, and None comes back",
        _source("return rules.at(event.occurred)"): "That is the rule itself",
        _source(f"rules.at(event.occurred)({_FEW})"): "Nothing comes back",
        _source(f"return {_FEW}"): "That is not what the rule of that day",
    },
)  # fmt: skip
