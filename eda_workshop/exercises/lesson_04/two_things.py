"""Do two things on one event, legally."""

from __future__ import annotations

from typing import Any

from eda_workshop.bus import Bus
from eda_workshop.errors import DuplicateHandler
from eda_workshop.event import Event
from eda_workshop.exercises.attempt import require_function
from eda_workshop.exercises.exercise import Exercise, Wrong


def check(answer: Any) -> None:
    function = require_function(answer, "bus", "welcome", "count")
    bus, calls = Bus(), list[str]()
    try:
        function(bus, lambda event: calls.append("welcome"), lambda event: calls.append("count"))
    except DuplicateHandler as error:
        what = (
            "A pattern that overlaps is a second handler" if error.name != error.existing_name else "A second handler"
        )
        raise Wrong(
            f"{what} of one subscriber for one event is refused.", look="Who else could do the second thing?"
        ) from None
    if calls:
        raise Wrong("Something ran before any event was published.", got=f"{calls}", look="Pass f, not f().")
    bus.publish(Event("user.signed_up", {"user": "ada"}))
    if calls != ["welcome", "count"]:
        raise Wrong(_said(calls), "user.signed_up, once", "welcome, then count", ", then ".join(calls) or "no call")


def _said(calls: list[str]) -> str:
    if calls == ["count"]:
        return "Only the counting is left: replace=True swaps the handler, so welcome is gone."
    if calls == ["welcome"]:
        return "The counting never happens: the error of the second registration was swallowed, or it was never made."
    if calls == ["count", "welcome"]:
        return "Both run, but the other way round."
    if len(calls) > 2:
        return "Something runs more than once for one event."
    return "The two don't run as they should."


_HEAD = "def two_things(bus, welcome, count):\n"
_MAILER = '    mailer = bus.subscriber("mailer")\n    mailer.on("user.signed_up", welcome)\n'
_COMPOSED = """    def both(event):
        welcome(event)
        count(event)

    bus.subscriber("mailer").on("user.signed_up", both)"""
_SWALLOWED = """    try:
        mailer.on("user.signed_up", count)
    except Exception:
        pass"""

TWO_THINGS = Exercise(
    id="two_things",
    lesson=4,
    title="Two things on one event",
    minutes=5,
    task=(
        "When `user.signed_up` is published, `welcome(event)` must run and then `count(event)`, once each. Register whatever it takes "
        "on the bus; there is more than one good way."
    ),
    stub='def two_things(bus, welcome, count):\n    """On user.signed_up: welcome, then count, once each."""\n    ...',
    check=check,
    hints=(
        "One subscriber has one handler for the name. But a handler is your own function, and may call others.",
        "Either write a function that calls both and register that, or give the counting to a subscriber of its own.",
    ),
    solutions=(
        _HEAD + _COMPOSED,
        _HEAD + _MAILER + '    bus.subscriber("statistics").on("user.signed_up", count)',
    ),
    wrong={
        _HEAD + _MAILER + '    mailer.on("user.signed_up", count)': "A second handler of one subscriber",
        _HEAD + _MAILER + '    mailer.on("user.*", count)': "A pattern that overlaps",
        _HEAD + _MAILER + '    mailer.on("user.signed_up", count, replace=True)': "Only the counting is left",
        _HEAD + _MAILER + _SWALLOWED: "The counting never happens",
        _HEAD + '    bus.subscriber("statistics").on("user.signed_up", count)\n'
        '    bus.subscriber("mailer").on("user.signed_up", welcome)': "Both run, but the other way round",
        _HEAD
        + '    welcome(None)\n    bus.subscriber("statistics").on("user.signed_up", count)': "Something ran before",
    },
)
