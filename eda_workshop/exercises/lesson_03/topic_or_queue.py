"""Which needs are news, and which are work?"""

from __future__ import annotations

from typing import Any

from eda_workshop.exercises.attempt import compare, require_words
from eda_workshop.exercises.exercise import Exercise, Wrong

RIGHT = {"thumbnails": "queue", "sign_up": "topic", "invoices": "queue", "scoreboard": "topic", "search": "topic"}
_SAID = {
    "thumbnails": "Three workers that all get every photo make each thumbnail three times.",
    "sign_up": "If only one of mailer, folders and audit hears of the sign-up, the other two never react.",
    "invoices": "Two printers that both get the invoice print it twice.",
    "scoreboard": "If each goal goes to one board only, the boards soon disagree.",
    "search": "If the search takes events off a queue, those who read it so far lose them.",
}


def check(answer: Any) -> None:
    table = require_words(answer, RIGHT, ("topic", "queue"), "Each need takes one of two words.")
    if set(table.values()) == {"topic"}:
        raise Wrong("Not everything is news. A topic gives work to all workers at once, and all of them do it.")
    if set(table.values()) == {"queue"}:
        raise Wrong("Not everything is work to be shared. A queue lets one listener hear and the others wait in vain.")
    compare(table, RIGHT, _SAID, "Ask: must one do it, or must all know it?")


_STUB = """topic_or_queue = {
    "thumbnails": ...,  # three workers; each photo needs one thumbnail
    "sign_up": ...,  # mailer, folders and audit each react
    "invoices": ...,  # two printers; each invoice is printed once
    "scoreboard": ...,  # every board in the stadium shows every goal
    "search": ...,  # a new service wants to hear too; nobody else changes
}"""


def _filled(**kinds: str) -> str:
    return f"topic_or_queue = {dict(RIGHT) | kinds}"


TOPIC_OR_QUEUE = Exercise(
    id="topic_or_queue",
    lesson=3,
    title="Topic or queue?",
    minutes=4,
    task=(
        'Five needs, two kinds of pipe. Write `"topic"` or `"queue"` behind each. The question to ask is: must *one* do it, or '
        "must *all* know it?"
    ),
    stub=_STUB,
    check=check,
    hints=(
        "A queue shares work among equals. A topic shares news among different listeners.",
        "Imagine the wrong pipe for each: what would be done twice, and who would never hear?",
    ),
    solutions=(_filled(),),
    wrong={
        f"topic_or_queue = {dict.fromkeys(RIGHT, 'topic')}": "Not everything is news",
        f"topic_or_queue = {dict.fromkeys(RIGHT, 'queue')}": "Not everything is work",
        _filled(thumbnails="topic"): "Three workers that all get every photo",
        _filled(search="queue"): "If the search takes events off a queue",
        _filled(sign_up="queue"): "If only one of mailer, folders and audit",
        _filled(invoices="topic"): "Two printers that both get",
        _filled(scoreboard="queue"): "If each goal goes to one board only",
    },
)
