"""Predict how many handlers run."""

from __future__ import annotations

from typing import Any

from eda_workshop.bus import Bus
from eda_workshop.event import Event
from eda_workshop.exercises.attempt import require_numbers, require_table
from eda_workshop.exercises.exercise import Exercise, Wrong

REGISTERED = {"mailer": "user.signed_up", "folders": "user.*", "audit": "user.>", "search": "*.created"}
NAMES = ("user.signed_up", "user.profile.updated", "folder.created", "email.sent")
_SAID = {
    (
        "user.signed_up",
        1,
    ): "You read the rule for the whole bus. It holds within one subscriber; each has its own handler.",
    ("user.signed_up", 2): "A pattern is a handler too: count mailer, folders and audit for user.signed_up.",
    ("user.signed_up", 4): "The search listens to *.created alone, and user.signed_up doesn't end with that.",
    ("user.signed_up", 0): "Somebody listens to user.signed_up.",
    ("user.profile.updated", 2): "The star stands for exactly one token, and profile.updated are two.",
    ("user.profile.updated", 0): "The sign > stands for one token or more, so it takes both tokens of profile.updated.",
    ("folder.created", 0): "The star may stand for the first token as well: *.created takes folder.created.",
    (
        "user.profile.updated",
        3,
    ): "Only a pattern with > takes more than one token after the dot. Here that is one of the four.",
    ("folder.created", 2): "The patterns of user don't take folder.created.",
    ("email.sent", 1): "Nobody listens to email.sent. An unheard event calls no handler, and that is no error.",
}
_MANY = {"user.signed_up": 4, "user.profile.updated": 3, "folder.created": 2, "email.sent": 1}
"""From this number on, all that are too high get the same sentence."""


def counted() -> dict[str, int]:
    """How many handlers really run for one event of each name, on the bus."""
    bus = Bus()
    for subscriber, name in REGISTERED.items():
        bus.subscriber(subscriber).on(name, lambda event: None)
    return {name: len(bus.publish(Event(name)).delivered_to) for name in NAMES}


def check(answer: Any) -> None:
    table, right = require_numbers(require_table(answer, NAMES)), counted()
    for name, number in table.items():
        if number != right[name]:
            said = _SAID.get((name, min(number, _MANY[name])), f"That is not how many handlers run for {name}.")
            raise Wrong(said, got=f"{number} for {name}", look="Go through the four registrations one by one.")


_STUB = """# bus.subscriber("mailer").on("user.signed_up", f)
# bus.subscriber("folders").on("user.*", g)
# bus.subscriber("audit").on("user.>", h)
# bus.subscriber("search").on("*.created", k)
count_calls = {
    "user.signed_up": ...,
    "user.profile.updated": ...,
    "folder.created": ...,
    "email.sent": ...,
}"""


def _filled(*numbers: int) -> str:
    return f"count_calls = {dict(zip(NAMES, numbers, strict=True))}"


COUNT_CALLS = Exercise(
    id="count_calls",
    lesson=4,
    title="How many handlers run?",
    minutes=5,
    task=(
        "Four subscribers have registered as the comment says. One event of each name is published. How many handlers run for each? "
        "Predict first; afterwards you may try it out."
    ),
    stub=_STUB,
    check=check,
    hints=(
        "The rule limits each subscriber to one handler for a name. It doesn't limit how many subscribers react.",
        "* is exactly one token, at any place. > is one token or more, and only at the end. Count the dots.",
    ),
    solutions=(_filled(3, 1, 1, 0),),
    wrong={
        _filled(1, 1, 1, 0): "You read the rule for the whole bus",
        _filled(2, 1, 1, 0): "A pattern is a handler too",
        _filled(4, 1, 1, 0): "The search listens to *.created alone",
        _filled(3, 3, 1, 0): "Only a pattern with > takes more than one token",
        _filled(3, 1, 3, 0): "The patterns of user don't take folder.created",
        _filled(3, 1, 1, 4): "Nobody listens to email.sent",
        f"count_calls = {dict.fromkeys(NAMES, '1')}": "Each answer is one whole number",
        _filled(3, 2, 1, 0): "The star stands for exactly one token",
        _filled(3, 0, 1, 0): "The sign > stands for one token or more",
        _filled(3, 1, 0, 0): "The star may stand for the first token",
        _filled(3, 1, 1, 1): "Nobody listens to email.sent",
    },
)
