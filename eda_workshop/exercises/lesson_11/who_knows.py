"""Who knows the flow?"""

from __future__ import annotations

from typing import Any

from eda_workshop.exercises.attempt import compare, require_words
from eda_workshop.exercises.exercise import Exercise, Wrong

WORDS = ("choreography", "orchestration", "request in disguise", "order in disguise")
RIGHT = {
    "chain": "choreography",
    "leader": "orchestration",
    "back": "request in disguise",
    "fetch": "order in disguise",
    "only_one": "order in disguise",
    "newcomer": "choreography",
    "clock": "orchestration",
    "reply": "request in disguise",
}
_SAID = {
    "chain": "Each reacts to the fact before it, and no place knows all of them.",
    "leader": "One place knows the order, sends a command for each step, and waits for what comes of it. That it does so over a bus makes no choreography of it.",
    "back": "The handler calls back and waits: it is as dependent on the source as if it had asked at once.",
    "fetch": "The name says what somebody shall do. A fact says what happened, and leaves the rest to those who hear it.",
    "only_one": "The sender counts on one certain receiver to do one certain thing, and is in trouble if it doesn't. That is an order, in the past tense.",
    "newcomer": "Nobody was told of the newcomer, and nobody had to be: that is what listening is good for.",
    "clock": "Somebody keeps the state of each flow, waits, and decides when the time is up.",
    "reply": "Two events make a question and an answer here, and the asker stands still in between.",
}
_LOOK = "Ask: who knows what comes next, and does anybody wait for anybody?"


def check(answer: Any) -> None:
    table = require_words(answer, RIGHT, WORDS, "Four answers are possible.")
    if set(table.values()) == {"choreography"}:
        raise Wrong("Not everything that goes over a bus is a choreography.", look=_LOOK)
    compare(table, RIGHT, _SAID, _LOOK)


_STUB = """who_knows = {
    "chain": ...,  # folders hears account.opened; billing hears home.made; mailer hears trial.begun
    "leader": ...,  # sign_up sends account.open, waits for account.opened, then sends home.make
    "back": ...,  # at order.placed the shipping service calls the shop for the address, and waits
    "fetch": ...,  # the door publishes valet.fetch_coat
    "only_one": ...,  # it publishes invoice.needed; if billing doesn't print one, it fails
    "newcomer": ...,  # statistics subscribes to account.opened, and nothing else is changed
    "clock": ...,  # a process waits an hour for address.confirmed, then closes the account
    "reply": ...,  # the web publishes price.asked and blocks until price.given comes back
}"""


def _filled(**changed: str) -> str:
    return f"who_knows = {RIGHT | changed}"


WHO_KNOWS = Exercise(
    id="who_knows",
    lesson=11,
    title="Who knows the flow?",
    minutes=4,
    task=(
        'Eight ways of working together, all of them over a bus. Write `"choreography"`, `"orchestration"`, `"request in disguise"` or '
        '`"order in disguise"`.'
    ),
    stub=_STUB,
    check=check,
    hints=(
        "A disguise is where events are used, and somebody waits for an answer, or counts on one receiver, all the same.",
        "Each of the four occurs twice.",
    ),
    solutions=(_filled(),),
    wrong={
        _filled(chain="events"): "Four answers are possible",
        f"who_knows = {dict.fromkeys(RIGHT, 'choreography')}": "Not everything that goes over a bus",
        _filled(leader="choreography"): "One place knows the order",
        _filled(back="choreography"): "The handler calls back and waits",
        _filled(fetch="choreography"): "The name says what somebody shall do",
        _filled(only_one="choreography"): "The sender counts on one certain receiver",
        _filled(clock="choreography"): "Somebody keeps the state of each flow",
        _filled(reply="choreography"): "Two events make a question and an answer",
        _filled(newcomer="orchestration"): "Nobody was told of the newcomer",
    },
)
