"""Predict the copies on a topic and on a queue."""

from __future__ import annotations

from typing import Any

from eda_workshop.exercises.attempt import require_numbers, require_table
from eda_workshop.exercises.exercise import Exercise, Wrong
from eda_workshop.widgets.pipe import Act, PipeSettings, run

PUBLISHERS, EVENTS, TAPS = 3, 2, 4

_ALL_EVENTS = "Every event of every publisher counts: multiply before you think of the taps."
_SAID = {
    (
        "topic",
        PUBLISHERS * EVENTS,
    ): "On the topic you let the taps share the events. Water divides, an event is copied.",
    ("topic", EVENTS * TAPS): f"On the topic you counted one publisher only. {_ALL_EVENTS}",
    ("topic", TAPS): f"On the topic you counted the copies of one event only. {_ALL_EVENTS}",
    ("topic", PUBLISHERS * TAPS): f"On the topic you counted one event for each publisher. {_ALL_EVENTS}",
    ("queue", PUBLISHERS * EVENTS * TAPS): "On the queue you made copies. A queue hands each message to one consumer.",
    ("queue", EVENTS): f"On the queue you counted one publisher only. {_ALL_EVENTS}",
    ("queue", PUBLISHERS): f"On the queue you counted one event for each publisher. {_ALL_EVENTS}",
    ("queue", TAPS): "On the queue you counted the taps. Who takes a message doesn't change how many there are.",
}


def count(*, queue: bool) -> int:
    """How many copies really arrive, on the engine."""
    acts = [Act("open", tap=f"tap {number}") for number in range(TAPS)]
    acts += [Act("publish", name="user.signed_up", data={}) for _ in range(PUBLISHERS * EVENTS)]
    return run(PipeSettings(tuple(acts), queue=queue)).numbers["delivered"]


def check(answer: Any) -> None:
    table = require_numbers(require_table(answer, ("topic", "queue")))
    right = {"topic": count(queue=False), "queue": count(queue=True)}
    if table == {"topic": right["queue"], "queue": right["topic"]}:
        raise Wrong("You have the two the wrong way round.", look="Which of them copies?")
    for kind, number in table.items():
        if number != right[kind]:
            said = _SAID.get((kind, number), f"The number for the {kind} is not what arrives.")
            raise Wrong(said, got=f"{number} for the {kind}", look="Try it with PipeAndTaps: open a fourth tap.")


DELIVERIES = Exercise(
    id="deliveries",
    lesson=3,
    title="Count the copies",
    minutes=4,
    task=(
        "Three publishers publish two events each, and four taps are open all the time. How many copies are delivered in all, "
        "if the pipe is a topic, and how many if it is a queue? Write the numbers down before you try it out."
    ),
    stub='deliveries = {"topic": ..., "queue": ...}',
    check=check,
    hints=(
        "How many events are there in all? That is the number of messages, whatever the pipe is.",
        "A topic delivers each of them once to every open tap; a queue delivers each of them once.",
    ),
    solutions=('deliveries = {"topic": 3 * 2 * 4, "queue": 3 * 2}',),
    wrong={
        'deliveries = {"topic": 6, "queue": 6}': "On the topic you let the taps share",
        'deliveries = {"topic": 24, "queue": 24}': "On the queue you made copies",
        'deliveries = {"topic": 6, "queue": 24}': "You have the two the wrong way round",
        'deliveries = {"topic": 8, "queue": 6}': "On the topic you counted one publisher only",
        'deliveries = {"topic": 12, "queue": 6}': "On the topic you counted one event",
        'deliveries = {"topic": 24, "queue": 4}': "On the queue you counted the taps",
        'deliveries = {"topic": 4, "queue": 6}': "On the topic you counted the copies of one event",
        'deliveries = {"topic": 24, "queue": 3}': "On the queue you counted one event for each",
        'deliveries = {"topic": "24", "queue": 6}': "Each answer is one whole number",
        'deliveries = {"topic": 24, "queue": 2}': "On the queue you counted one publisher only",
    },
)
