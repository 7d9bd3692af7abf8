"""Command, event or query? The name may lie; what its sender expects does not."""

from __future__ import annotations

from typing import Any

from eda_workshop.exercises.attempt import compare, require_words
from eda_workshop.exercises.exercise import Exercise, Wrong

_EXPECTED = {
    "folder.create": ("command", "one service shall make it, or say why not"),
    "folder.created": ("event", "whoever cares may know; nothing is awaited"),
    "folders_of_ada": ("query", "a list comes back, and all is as before"),
    "email.send": ("command", "published to all; the sender relies on the mailer"),
    "report.requested": ("command", "published; the sender waits until one service is done"),
    "payment.refused": ("event", "the bank has decided; the shop tells everybody"),
    "quota.check": ("query", "a number comes back, the same however often one asks"),
    "user.signed_up": ("event", "three services react, and the sender needs none"),
    "password.reset": ("event", "Ada has a new one; audit and mailer may know"),
    "next_number": ("command", "a number comes back, and is used up"),
}
"""Message → what it is, and what its sender expects."""

RIGHT = {name: kind for name, (kind, _) in _EXPECTED.items()}
_SAID = {
    "folder.create": "What may still be answered with a no has not happened yet.",
    "folder.created": "An event is no call to action. Nobody is called here: it is told that something has happened.",
    "folders_of_ada": "Nothing has happened and nothing shall change: somebody wants to know something.",
    "email.send": "To be published makes it no event: there is one addressee, and the sender relies on what it does.",
    "report.requested": "The past tense makes it no event: its sender waits for one service to do its part. Only the dress is new.",
    "payment.refused": "Nobody is asked to refuse anything: the bank has done that already, and it can't be undone by who hears of it.",
    "quota.check": "The name is an order, but all that comes of it is an answer. Nothing is changed, so there is nothing to refuse.",
    "user.signed_up": "An event needs no reply. That three react makes it no request: without them it would be as true.",
    "password.reset": "The verb looks the same as order and as past. What counts is that Ada has done it already.",
    "next_number": "It looks like a question, and changes something: whoever asks twice gets two different answers.",
}
_QUERY = "A query wants to know something, and nothing has happened or changes by it. Is an answer all that this sender wants?"
_ELSE = {
    (
        "next_number",
        "event",
    ): "An event has happened before it is told. Here nothing has happened until somebody asks for it.",
    ("next_number", "query"): _SAID["next_number"],
}
"""What fits better than the sentence for the message, for this message and this word."""


def check(answer: Any) -> None:
    words = ("command", "event", "query")
    table = require_words(answer, RIGHT, words, "Three words are possible.")
    if len(set(table.values())) == 1:
        raise Wrong(
            "Not all that is sent is of one kind. Ask of each: has it happened, shall it be done, or is something asked?"
        )
    said = {name: _ELSE.get((name, kind), _QUERY if kind == "query" else _SAID[name]) for name, kind in table.items()}
    compare(table, RIGHT, said, "Read what the sender expects, not the name.")


_STUB = "say_what = {\n" + "".join(f'    "{name}": ...,  # {said}\n' for name, (_, said) in _EXPECTED.items()) + "}"


def _filled(**kinds: str) -> str:
    return f"say_what = {RIGHT | kinds}"


def _but(name: str, kind: str) -> str:
    return f"say_what = {RIGHT | {name: kind}}"


SAY_WHAT = Exercise(
    id="say_what",
    lesson=2,
    title="Say what it is",
    minutes=5,
    task=(
        'Ten messages, with what their senders expect. Write `"command"`, `"event"` or `"query"` behind each. Some names mislead, as '
        "names do: go by what is expected."
    ),
    stub=_STUB,
    check=check,
    hints=(
        "Has it happened already? Then it is an event, however the name sounds, and however many react.",
        "If it has not: does anything change when it is done? If so it is a command, else a query.",
        "Somebody who publishes and then waits for one certain service has sent a command.",
    ),
    solutions=(_filled(),),
    wrong={
        _but("folder.create", "order"): "Three words are possible",
        f"say_what = {dict.fromkeys(RIGHT, 'event')}": "Not all that is sent is of one kind",
        _but("folder.create", "event"): "What may still be answered with a no",
        _but("folder.created", "command"): "An event is no call to action",
        _but("folder.created", "query"): "A query wants to know something",
        _but("report.requested", "query"): "A query wants to know something",
        _but("next_number", "event"): "An event has happened before it is told",
        _but("folders_of_ada", "command"): "Nothing has happened and nothing shall change",
        _but("email.send", "event"): "To be published makes it no event",
        _but("report.requested", "event"): "The past tense makes it no event",
        _but("payment.refused", "command"): "Nobody is asked to refuse anything",
        _but("quota.check", "command"): "The name is an order, but all that comes of it",
        _but("user.signed_up", "command"): "An event needs no reply",
        _but("password.reset", "command"): "The verb looks the same",
        _filled(next_number="query"): "It looks like a question, and changes something",
    },
)
