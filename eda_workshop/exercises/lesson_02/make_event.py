"""Tell on Friday what happened on Tuesday."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from eda_workshop.clock import ManualClock, as_instant
from eda_workshop.errors import DuplicateEvent
from eda_workshop.event import Recorded
from eda_workshop.exercises.attempt import require_function
from eda_workshop.exercises.exercise import Exercise, Wrong
from eda_workshop.exercises.lesson_02.verbs import is_past
from eda_workshop.log import EventLog, open_log

FRIDAY = "2026-03-06T09:00:00Z"
SLIP: dict[str, Any] = {"number": "slip-0117", "table": 4, "euros": 24, "paid": "2026-03-03T20:15:00+01:00"}
_ANOTHER: dict[str, Any] = {"number": "slip-0121", "table": 9, "euros": 61, "paid": "2026-03-04T12:40:00+01:00"}
_CALLED = "make_event(log, slip), on Friday morning"


def check(answer: Any) -> None:
    function = require_function(answer, "log", "slip")
    for slip in (SLIP, _ANOTHER):
        _check_slip(function, slip)
    _check_identity(function)


def _check_slip(function: Callable[..., Any], slip: dict[str, Any]) -> None:
    given = dict(slip)
    log = _recorded(function, given)
    if given != slip:
        raise Wrong("The slip itself was changed. It belongs to the restaurant: make your event beside it.", _CALLED)
    if not len(log):
        said = "Nothing was recorded: an event that no log holds is only a thought."
        raise Wrong(said, _CALLED, "1 event in the log", "0")
    if len(log) > 1:
        raise Wrong("One slip makes one event.", _CALLED, "1 event in the log", f"{len(log)}")
    (event,) = log.read()
    _check_event(event, slip)


def _recorded(function: Callable[..., Any], *slips: dict[str, Any]) -> EventLog:
    log = open_log("memory://", clock=ManualClock(FRIDAY))
    for slip in slips:
        function(log, slip)
    return log


def _check_event(event: Recorded, slip: dict[str, Any]) -> None:
    if not is_past(event.name.rsplit(".", maxsplit=1)[-1]):
        raise Wrong("The name is an order, or no verb at all. On Friday nobody is to pay any more.", got=event.name)
    if event.name.startswith("slip."):
        raise Wrong(
            "What happens to the slip happens on Friday. What happened on Tuesday, and to what?", got=event.name
        )
    if event.occurred == event.recorded:
        raise Wrong(
            "Occurred and recorded are two times. This says that the meal was paid on Friday morning, when its slip came in.",
            _CALLED,
        )
    if event.occurred != as_instant(slip["paid"]):
        raise Wrong(
            "That is not when the meal was paid. If nothing is said, `occurred` is the moment at which somebody makes the event.",
            _CALLED,
            look="The slip knows the time.",
        )
    if "recorded" in event.data:
        raise Wrong(
            "When it was recorded is for the log to say. Whoever sends an event can't know it.",
            got="recorded in the data",
        )
    if any(event.data.get(key) != slip[key] for key in ("table", "euros")):
        expected, got = f"table {slip['table']}, euros {slip['euros']}", f"{dict(event.data)!r:.80}"
        raise Wrong("The data doesn't say, under table and euros, what stands on the slip.", _CALLED, expected, got)


def _check_identity(function: Callable[..., Any]) -> None:
    if not len(_recorded(function, dict(SLIP))):
        raise Wrong(
            "What you remember of the slips stands beside the log, and not in it: a new log stayed empty, since another one has the slip.",
            called="slip-0117, and a log that has never seen it",
            look="Let the log recognize the slip. What does it know an event by?",
        )
    other = {**SLIP, "number": "slip-0118"}
    try:
        count = len(_recorded(function, dict(SLIP), other))
    except DuplicateEvent:
        count = 1
    if count < 2:
        raise Wrong(
            "Two meals became one, for both got the same id. A name belongs to a kind of event, and a table sees many guests; an id is "
            "one occurrence's own.",
            called="slip-0117 and slip-0118: two parties at table 4, the same amount, the same minute",
            expected="2 events",
            got="1, or a refusal",
        )
    count = len(_recorded(function, dict(SLIP), dict(SLIP)))
    if count > 1:
        raise Wrong(
            "One meal became two: its slip came twice, and each time it got another id.",
            called="slip-0117 twice",
            expected="1 event",
            got=f"{count}",
            look="What on the slip is the same for one meal, and different for two?",
        )


def _source(
    name: str = "meal.paid",
    data: str = '{"table": slip["table"], "euros": slip["euros"]}',
    more: str = 'id=slip["number"], occurred=slip["paid"]',
    last: str = "log.append(event)",
) -> str:
    return (
        "from eda_workshop import Event\n\n\ndef make_event(log, slip):\n"
        f'    event = Event("{name}", {data}, {more})\n    {last}'
    )


MAKE_EVENT = Exercise(
    id="make_event",
    lesson=2,
    title="Tuesday's meal, on Friday",
    minutes=6,
    task=(
        "A restaurant's line was down from Tuesday to Friday. Now its slips come in, some of them twice. Each is a dict:\n\n"
        f"```python\n{SLIP}\n```\n\n"
        "Write `make_event(log, slip)`. It appends one event to the log: with the name of a fact, an id, the time at which it happened, and "
        "table and euros as data. A slip that comes again is still one meal; two slips are two meals, even if all but their numbers is equal."
    ),
    stub='def make_event(log, slip):\n    """Append the event that this slip tells of."""\n    ...',
    check=check,
    hints=(
        "log.append(Event(name, data, id=…, occurred=…)): which of these does the slip know?",
        "The log adds the time of recording itself. If the same event comes again, with the same id and content, it isn't recorded again.",
        "The slip's number is the same whenever this slip comes in, and no other slip has it.",
    ),
    solutions=(
        _source(),
        "from eda_workshop import Bus\n\n\ndef make_event(log, slip):\n"
        '    Bus(log).publish("bill.paid", slip, id="restaurant/" + slip["number"], occurred=slip["paid"])',
    ),
    wrong={
        _source(name="meal.pay"): "The name is an order",
        _source(more='id=slip["number"]'): "That is not when the meal was paid",
        _source(more='id=slip["number"], occurred=log.clock.now()'): "Occurred and recorded are two times",
        _source(more='occurred=slip["paid"]'): "One meal became two",
        _source(more='id="meal.paid", occurred=slip["paid"]'): "Two meals became one",
        _source(more='id=f"table-{slip[\'table\']}", occurred=slip["paid"]'): "Two meals became one",
        _source(data='{"table": slip["table"]}'): "The data doesn't say, under table and euros",
        _source(data='{"table": 4, "euros": 24}'): "The data doesn't say, under table and euros",
        _source(data='{"table": slip["table"], "euros": str(slip["euros"])}'): "The data doesn't say, under table",
        _source(name="slip.received"): "What happens to the slip happens on Friday",
        "seen = set()\n\n\n"
        + _source(more='occurred=slip["paid"]').replace(
            "    log.append(event)",
            '    if slip["number"] not in seen:\n        seen.add(slip["number"])\n        log.append(event)',
        ): "What you remember of the slips stands beside the log",
        _source(data='{**slip, "recorded": "Friday"}'): "When it was recorded is for the log to say",
        _source(data="slip", more='id=slip.pop("number"), occurred=slip["paid"]'): "The slip itself was changed",
        _source(last="return event"): "Nothing was recorded",
        _source(last='log.append(event, event.replace(id="again"))'): "One slip makes one event",
    },
)
