"""A registration that may run any number of times."""

from __future__ import annotations

from typing import Any

from eda_workshop.bus import Bus
from eda_workshop.errors import BadSubscriber, DuplicateHandler, NotRegistered
from eda_workshop.event import Event
from eda_workshop.exercises.attempt import require_function
from eda_workshop.exercises.exercise import Exercise, Wrong

RUNS = 3


def check(answer: Any) -> None:
    function = require_function(answer, "bus", "welcome")
    bus, sent = Bus(), list[int]()
    for number in range(1, RUNS + 1):
        try:
            function(bus, lambda event, number=number: sent.append(number))
        except DuplicateHandler:
            raise Wrong(
                f"Run {number} was refused: the mailer has a handler from the run before.", look=_LOOK
            ) from None
        except BadSubscriber as error:
            raise Wrong(f"Run {number} was refused: {error}", look="The subscriber outlives the cell, too.") from None
        except NotRegistered as error:
            raise Wrong(f"Run {number} was refused: {error}", look="What is there depends on the run.") from None
        except KeyError as error:
            if error.args != ("mailer",):
                raise
            raise Wrong(f"Run {number} failed: no subscriber 'mailer' is there yet.", look="Who makes it?") from None
    if sent:
        raise Wrong("A mail went out though nobody had signed up: something ran while you were registering.")
    bus.publish(Event("user.signed_up", {"user": "ada"}))
    if sent != [RUNS]:
        raise Wrong(
            _said(sent),
            f"{RUNS} runs with 3 versions of welcome, then one sign-up",
            "one mail, by version 3",
            _got(sent),
        )
    if "mailer" not in bus.subscribers:
        got = f"one of {', '.join(bus.subscribers)}" if bus.subscribers else "no subscriber"
        raise Wrong("The newest welcome handles it, but it is not the mailer's handler.", got=got)


def _said(sent: list[int]) -> str:
    if not sent:
        return "Ada gets no mail at all: in the end, no handler is there on the bus that you were given."
    if len(sent) > 1:
        return "Ada gets a mail for each run: every run left one more handler, under another subscriber."
    return "Ada gets the mail of an old version: that handler is still there, and no newer one has taken its place."


def _got(sent: list[int]) -> str:
    return f"mails by version {', '.join(map(str, sent))}" if sent else "no mail"


_LOOK = "Read again what the error suggests."
_HEAD = "def run_again(bus, welcome):\n"
_FIND = '    mailer = bus.subscribers.get("mailer") or bus.subscriber("mailer")\n'
_SWALLOW = """    try:
        mailer.on("user.signed_up", welcome)
    except Exception:
        pass"""
_OFF_ONLY = """    if mailer.names:
        mailer.off("user.signed_up")
    else:
        mailer.on("user.signed_up", welcome)"""

RUN_AGAIN = Exercise(
    id="run_again",
    lesson=4,
    title="Run the cell again",
    minutes=6,
    task=(
        "In a notebook, cells run again and again. Write a registration that may run any number of times on the *same* bus, each time "
        "with a newer `welcome`: afterwards the mailer's newest `welcome` handles `user.signed_up`, and Ada gets exactly one mail."
    ),
    stub='def run_again(bus, welcome):\n    """Let the newest welcome be the mailer\'s handler."""\n    ...',
    check=check,
    hints=(
        "Two things outlive the cell: the subscriber and its handler. bus.subscribers is a dict of those that are there.",
        'bus.subscribers.get("mailer") or bus.subscriber("mailer") finds or makes it; then register with replace=True.',
    ),
    solutions=(
        _HEAD + _FIND + '    mailer.on("user.signed_up", welcome, replace=True)',
        _HEAD + '    if "mailer" in bus.subscribers:\n        bus.subscribers["mailer"].close()\n'
        '    bus.subscriber("mailer").on("user.signed_up", welcome)',
    ),
    wrong={
        _HEAD + '    bus.subscriber("mailer").on("user.signed_up", welcome)': "Run 2 was refused: Subscriber 'mailer'",
        _HEAD + _FIND + '    mailer.on("user.signed_up", welcome)': "Run 2 was refused: the mailer has a handler",
        _HEAD + _FIND + _SWALLOW: "Ada gets the mail of an old version",
        _HEAD + '    name = f"mailer {len(bus.subscribers)}"\n    bus.subscriber(name).on("user.signed_up", welcome)': (
            "Ada gets a mail for each run"
        ),
        _HEAD
        + _FIND
        + '    mailer.off("user.signed_up")\n    mailer.on("user.signed_up", welcome)': "Run 1 was refused",
        _HEAD
        + '    bus.subscribers["mailer"].on("user.signed_up", welcome, replace=True)': "Run 1 failed: no subscriber",
        _HEAD
        + '    if "mailer" in bus.subscribers:\n        return\n    bus.subscriber("mailer").on("user.signed_up", welcome)': (
            "Ada gets the mail of an old version"
        ),
        _HEAD + _FIND + '    mailer.on("user.signed_up", welcome, replace=True)\n    bus.publish("user.signed_up")': (
            "A mail went out though nobody"
        ),
        _HEAD + _FIND.replace('"mailer"', '"audit"') + '    mailer.on("user.signed_up", welcome, replace=True)': (
            "The newest welcome handles it, but"
        ),
        _HEAD
        + "    bus.subscribers.get('mailer') and bus.subscribers['mailer'].close()\n    bus.subscriber('mailer')": (
            "Ada gets no mail at all"
        ),
    },
)
