"""A temporal property that grows from the events of a log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from eda_workshop.clock import as_instant
from eda_workshop.event import Recorded
from eda_workshop.exercises.attempt import require_function
from eda_workshop.exercises.exercise import Exercise, Wrong
from eda_workshop.replay import Change, TemporalProperty
from eda_workshop.stories.payroll import LETTERS, Letter, Salaries, day, day_name, sally_log

STORY = (*LETTERS, Letter(day("1 July"), 7000, day("20 April")))
DAYS = tuple(
    day(f"{number} {month}") for month in ("January", "February", "March", "April", "July") for number in (1, 15, 20)
)


def check(answer: Any) -> None:
    function = require_function(answer, "salary", "event")
    first, again = (_fold(function) for _ in range(2))
    if _seen(first) != _seen(again):
        said = (
            "Folded again from the same log, the property says something else: it depends on more than its arguments."
        )
        raise Wrong(said, "the same events, a second time", look=_LOOK)


def _fold(function: Callable[..., Any]) -> TemporalProperty:
    salary = TemporalProperty()
    for event in sally_log(STORY):
        called = f"learned(salary, event), for {event.data['amount']} from {day_name(_start(event))}, agreed on {day_name(event.occurred)}, recorded on {day_name(event.recorded)}"
        new = function(salary, event)
        if not isinstance(new, TemporalProperty):
            raise Wrong(_no_property(new), called, "a TemporalProperty", f"{new!r:.40}", _LOOK)
        right = Salaries.agreed(salary, event)
        if _seen(new) != _seen(right):
            raise Wrong(_said(salary, new, event), called, look=_LOOK)
        salary = new
    return salary


def _seen(salary: TemporalProperty) -> list[Any]:
    """What it says of every day, as known on every day."""
    return [salary.at(actual, record) for actual in DAYS for record in DAYS]


def _no_property(got: Any) -> str:
    if got is None:
        return "Nothing comes back. put changes nothing in place: it gives a new property."
    if isinstance(got, (int, float)):
        return "That is a number, the newest one: what held before it is overwritten."
    return "What comes back is not a temporal property."


def _said(old: TemporalProperty, new: TemporalProperty, event: Recorded) -> str:
    """What the property that comes back shows about how it was made."""
    if new.changes == old.changes:
        return "The property is the one from before: put gives a new one, and nobody has kept it."
    if new.changes[: len(old.changes)] != old.changes:
        return "What was known before is gone. A new letter adds to the history, and overwrites none of it."
    more = new.changes[len(old.changes) :]
    if len(more) > 1:
        return "One letter made several changes."
    return _about(more[0], old, event)


def _about(change: Change, old: TemporalProperty, event: Recorded) -> str:
    times = (change.actual, change.record)
    if times == (_start(event), event.recorded):
        return "Both times are right; the amount is not."
    if times == (event.recorded, _start(event)):
        return "The two times are swapped: it would hold from the day of the letter on, and have been known before."
    if change.actual == event.occurred != _start(event):
        return "occurred is the day on which it was agreed. From when on it holds is another day, and the event's data says which."
    if change.actual != _start(event):
        if change.actual == event.recorded:
            return "The salary begins when the letter came in. Some letters speak of an earlier day, others of a later one."
        return "From when on it holds is a fact that the event carries."
    if old.changes and change.record == old.changes[-1].record:
        return "No record time was given, so it looks as if it had been known together with the letter before."
    if change.record == _start(event):
        return "You say that it was known from the day on which it holds. Nobody knew: the letter came on another day."
    if change.record == event.occurred:
        return "You say that it was known on the day on which it was agreed. Payroll knew when the letter came in."
    return "When it became known is a fact of the log. The clock says when you ran this, and says something else in every replay."


def _start(event: Recorded) -> datetime:
    return as_instant(event.data["from"])


_LOOK = "Look at “From the log”."
_PUT = 'salary.put(event.data["from"], event.data["amount"], event.recorded)'
_AMOUNT = 'event.data["amount"]'
_FROM = 'event.data["from"]'


def _source(*lines: str, head: str = "") -> str:
    return f"{head}def learned(salary, event):\n" + "\n".join(f"    {line}" for line in lines)


_CLOCK = "from datetime import UTC, datetime\n\n\n"

LEARNED = Exercise(
    id="learned",
    lesson=12,
    title="From events to history",
    minutes=5,
    task=(
        "Write the reducer `learned(salary, event)`: `salary` is a `TemporalProperty`, and `event` a recorded `salary.agreed` with an `amount` in its "
        "data, and the day `from` which it holds. It returns the property that also knows of this letter, with both of its times. Some letters come late, some early."
    ),
    stub='def learned(salary, event):\n    """The salary, with what this letter says added to its history."""\n    ...',
    check=check,
    hints=(
        "put takes from when on it holds, the value, and when that became known, in this order.",
        "An event has two times of its own: occurred, when it was agreed, and recorded. From when on it holds is in its data.",
    ),
    solutions=(
        _source(f"return {_PUT}"),
        _source(
            "when, known = as_instant(event.data['from']), event.recorded",
            f"return salary.put(actual=when, value={_AMOUNT}, record=known)",
            head="from eda_workshop.clock import as_instant\n\n\n",
        ),
    ),
    wrong={
        _source(f"return salary.put(event.recorded, {_AMOUNT}, event.recorded)"): "The salary begins when the letter came in",
        _source(f"return salary.put(event.recorded, {_AMOUNT}, {_FROM})"): "The two times are swapped",
        _source(f"return salary.put(event.occurred, {_AMOUNT}, event.recorded)"): "occurred is the day on which it was agreed",
        _source(f"return salary.put({_FROM}, {_AMOUNT}, {_FROM})"): "You say that it was known from the day",
        _source(f"return salary.put({_FROM}, {_AMOUNT}, event.occurred)"): "You say that it was known on the day",
        _source(f"return salary.put({_FROM}, {_AMOUNT})"): "No record time was given",
        _source(f"return salary.put({_FROM}, {_AMOUNT}, datetime.now(UTC))", head=_CLOCK): (
            "When it became known is a fact of the log"
        ),
        _source(f"return salary.put(datetime.now(UTC), {_AMOUNT}, event.recorded)", head=_CLOCK): (
            "From when on it holds is a fact"
        ),
        _source(f"return TemporalProperty().put({_FROM}, {_AMOUNT}, event.recorded)"): "What was known before is gone",
        _source(f"return {_AMOUNT}"): "That is a number, the newest one",
        _source(_PUT): "Nothing comes back",
        _source(_PUT, "return salary"): "The property is the one from before",
        _source(f"return {_PUT}.put(event.recorded, 0, event.recorded)"): "One letter made several changes",
        _source(_PUT.replace("salary.put", "return salary.put").replace(_AMOUNT, "event.data")): "Both times are right",
        _source("return (event.occurred, event.recorded)"): "What comes back is not a temporal property",
    },
)  # fmt: skip
