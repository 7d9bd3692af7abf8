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

    def welcome(event: Event) -> None:
        calls.append(_told("welcome", event))

    def count(event: Event) -> None:
        calls.append(_told("count", event))

    try:
        function(bus, welcome, count)
    except DuplicateHandler as error:
        what = (
            "A pattern that overlaps is a second handler" if error.name != error.existing_name else "A second handler"
        )
        raise Wrong(
            f"{what} of one subscriber for one event is refused.", look="Who else could do the second thing?"
        ) from None
    if calls:
        raise Wrong(
            "Something ran while you were still registering.",
            got=", then ".join(calls),
            look="Pass f, not f(), and leave it to others to publish.",
        )
    bus.publish(Event("user.signed_up", {"user": "ada"}))
    if calls != ["welcome", "count"]:
        look = _ORDER if calls == ["count", "welcome"] else ""
        got = ", then ".join(calls) or "no call"
        raise Wrong(_said(calls), "user.signed_up, once", "welcome, then count", got, look)


def _told(name: str, event: object) -> str:
    return name if isinstance(event, Event) else f"{name} without the event"


def _said(calls: list[str]) -> str:
    if not calls:
        return "Neither runs. Is there a handler for user.signed_up, and does it call the two with the event?"
    if calls == ["count"]:
        return "Only the counting is left: welcome was never registered, or its handler was swapped or taken off."
    if calls == ["welcome"]:
        return "The counting never happens: it was never registered, or refused, or what calls it doesn't get that far."
    if calls == ["count", "welcome"]:
        return "Both run, but the other way round."
    if len(calls) > 2:
        return "Something runs more than once for one event."
    return "The two don't run as they should."


_ORDER = (
    "In one handler you choose the order. Else this bus goes by who came first; observers come before all subscribers."
)
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
        _HEAD
        + "    # Two owners, called in the order in which they subscribed. Where the order matters, prefer one handler.\n"
        + _MAILER
        + '    bus.subscriber("statistics").on("user.signed_up", count)',
    ),
    wrong={
        _HEAD + _MAILER + '    mailer.on("user.signed_up", count)': "A second handler of one subscriber",
        _HEAD + _MAILER + '    mailer.on("user.*", count)': "A pattern that overlaps",
        _HEAD + _MAILER + '    mailer.on("user.signed_up", count, replace=True)': "Only the counting is left",
        _HEAD + _MAILER + _SWALLOWED: "The counting never happens",
        _HEAD + '    bus.subscriber("statistics").on("user.signed_up", count)\n'
        '    bus.subscriber("mailer").on("user.signed_up", welcome)': "Both run, but the other way round",
        _HEAD
        + '    welcome(None)\n    bus.subscriber("statistics").on("user.signed_up", count)': "Something ran while",
        _HEAD + _MAILER + '    bus.observe("user.signed_up", count)': "Both run, but the other way round",
        _HEAD + '    bus.subscriber("mailer").on("user.signed_up", lambda event: welcome(event) and count(event))': (
            "The counting never happens"
        ),
        _HEAD + '    bus.subscriber("mailer").on("user.signed_up", lambda event: (welcome, count))': "Neither runs",
    },
)
