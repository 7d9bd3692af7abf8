"""Subscribe late, and miss nothing."""

from __future__ import annotations

from typing import Any

from eda_workshop.bus import Bus
from eda_workshop.clock import ManualClock
from eda_workshop.event import Event
from eda_workshop.exercises.attempt import require_function
from eda_workshop.exercises.exercise import Exercise, Wrong
from eda_workshop.ids import CounterIds
from eda_workshop.log import open_log


def check(answer: Any) -> None:
    function = require_function(answer, "bus", "heard")
    bus, heard = Bus(open_log("memory://", clock=ManualClock()), ids=CounterIds()), list[str]()
    before = [bus.publish("user.signed_up", {"user": user}).event.id for user in ("ada", "grace", "edsger")]
    bus.publish("folder.created")
    function(bus, heard)
    if "audit" not in bus.subscribers:
        raise Wrong(
            'There is no subscriber "audit" on the bus afterwards.', got=", ".join(bus.subscribers) or "no subscriber"
        )
    after = [bus.publish("user.signed_up", {"user": user}).event.id for user in ("barbara", "alan")]
    bus.publish("email.sent")
    if heard != before + after:
        look = _LOOK if set(map(str, heard)) <= {*before, *after} else ""
        raise Wrong(_said(heard, before, after), _CALLED, ", ".join(before + after), _told(heard), look)


def _said(heard: list[Any], before: list[str], after: list[str]) -> str:
    if not heard:
        return "The list is as empty as before: no handler of user.signed_up appends to it."
    if any(isinstance(one, Event) for one in heard):
        return "The events themselves are in the list. Each of them has an id, and only that is wanted."
    if any(id not in before + after for id in heard):
        return "Other things than the ids of user.signed_up got into the list."
    if heard == after:
        return "The audit hears only what comes after it: it begins where the log ends, and not where the log begins."
    if heard == before:
        return "What was in the log is there, but afterwards nothing arrives: to read the log is not to subscribe."
    if heard == before[1:] + after:
        return "The first event is missing: after= names the position that you have already, and the first is 1."
    if sorted(set(heard)) == sorted(before + after) and len(heard) > len(before + after):
        return "Some events came twice: the log was read, and the subscriber began at its beginning as well."
    return "What was heard is not the whole story in order."


def _told(heard: list[Any]) -> str:
    return ", ".join(one.name if isinstance(one, Event) else str(one) for one in heard) or "nothing"


_CALLED = "3 sign-ups, then late_tap(bus, heard), then 2 more sign-ups"
_LOOK = "Look at what after= does in “Late, and still complete”."

LATE_TAP = Exercise(
    id="late_tap",
    lesson=3,
    title="A late tap that misses nothing",
    minutes=6,
    task=(
        "The audit is switched on late, on a bus whose log already holds events. Make the subscriber `audit` so that the list "
        "`heard` gets the id of *every* `user.signed_up`: first those that are in the log, then each new one, in order, and "
        "none of them twice."
    ),
    stub='def late_tap(bus, heard):\n    """Let "audit" hear every user.signed_up, old and new."""\n    ...',
    check=check,
    hints=(
        "A subscriber can be given a place in the log to start from. Which argument of bus.subscriber is it?",
        "after=0 means: I have nothing yet. Then register a handler that appends event.id, and let the subscriber catch up.",
    ),
    solutions=(
        'def late_tap(bus, heard):\n    audit = bus.subscriber("audit", after=0)\n'
        '    audit.on("user.signed_up", lambda event: heard.append(event.id))\n    audit.catch_up()',
        'def late_tap(bus, heard):\n    audit = bus.subscriber("audit", durable=True, after=0)\n\n'
        '    @audit.on("user.signed_up")\n    def note(event):\n        heard.append(event.id)',
    ),
    wrong={
        'def late_tap(bus, heard):\n    bus.subscriber("audit").on("user.signed_up", lambda event: heard.append(event.id))': (
            "The audit hears only what comes after it"
        ),
        'def late_tap(bus, heard):\n    audit = bus.subscriber("audit", after=1)\n'
        '    audit.on("user.signed_up", lambda event: heard.append(event.id))': "The first event is missing",
        'def late_tap(bus, heard):\n    audit = bus.subscriber("audit", durable=True)\n'
        '    audit.on("user.signed_up", lambda event: heard.append(event.id))': "The audit hears only what comes after it",
        'def late_tap(bus, heard):\n    bus.subscriber("audit", after=0).on("user.signed_up", heard.append)': "The events themselves",
        'def late_tap(bus, heard):\n    bus.subscriber("audit", after=0).on("user.signed_up", lambda event: heard.append(event.data["user"]))': (
            "Other things than the ids"
        ),
        'def late_tap(bus, heard):\n    heard = []\n    audit = bus.subscriber("audit", after=0)\n'
        '    audit.on("user.signed_up", lambda event: heard.append(event.id))': "The list is as empty as before",
        'def late_tap(bus, heard):\n    bus.subscriber("audit")\n'
        '    heard += [event.id for event in bus.log.read(names="user.signed_up")]': "What was in the log is there",
        'def late_tap(bus, heard):\n    heard += [event.id for event in bus.log.read(names="user.signed_up")]\n'
        '    bus.subscriber("audit", after=0).on("user.signed_up", lambda event: heard.append(event.id))': (
            "Some events came twice"
        ),
        'def late_tap(bus, heard):\n    bus.subscriber("audit", after=0).on(">", lambda event: heard.append(event.id))': (
            "Other things than the ids"
        ),
        'def late_tap(bus, heard):\n    bus.observe("user.signed_up", lambda event: heard.append(event.id))': (
            'There is no subscriber "audit"'
        ),
    },
)
