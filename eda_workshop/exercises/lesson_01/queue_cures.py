"""What does a queue in the middle cure?"""

from __future__ import annotations

from typing import Any

from eda_workshop.exercises.attempt import compare, require_words
from eda_workshop.exercises.exercise import Exercise, Wrong

WORDS = ("cured", "not cured", "moved")
RIGHT = {
    "restart": "cured",
    "burst": "cured",
    "answer": "not cured",
    "overload": "moved",
    "database": "not cured",
    "poison": "not cured",
    "broker": "moved",
    "order": "not cured",
}
_SAID = {
    "restart": "Nobody waits for the mail, and the queue keeps the work for a minute. This is what queues are good at.",
    "burst": "More comes than can be done, but only for a moment: the queue fills, and empties again.",
    "answer": "The web waits for the answer all the same. A queue doesn't decouple those who wait.",
    "overload": "The callers are rid of it, and the queue grows without end: the trouble stands elsewhere now. Nothing is done faster.",
    "database": "Two services that write one table are tied by its shape, whatever goes over queues beside it. A shared database is no detail.",
    "poison": "The message that can't be handled comes again and again. A queue keeps it; somebody has to take it out.",
    "broker": "Who must hand over to the queue now needs the queue to be up. One dependency went, another one came.",
    "order": "Several who share a queue finish in any order. It has to be in the messages, or one must work alone.",
}
_LOOK = "A queue keeps work for later. Ask what that changes here, and what it leaves as it was."


def check(answer: Any) -> None:
    table = require_words(answer, RIGHT, WORDS, "Three words are possible.")
    if set(table.values()) == {"cured"}:
        raise Wrong(
            "A queue doesn't cure everything. Look for those who wait for the answer, and for work that only piles up.",
            look=_LOOK,
        )
    compare(table, RIGHT, _SAID, _LOOK)


_STUB = """queue_cures = {
    "restart": ...,  # the mailer restarts for a minute; nobody waits for its answer
    "burst": ...,  # at nine o'clock, for a minute, come ten times as many requests for thumbnails
    "answer": ...,  # the web puts a question on a queue, and waits; the answering service is down
    "overload": ...,  # all day come twelve jobs a second, and ten can be done; the callers wait too long
    "database": ...,  # two services write the same table, so they must be released together
    "poison": ...,  # one malformed message makes the worker crash, every time
    "broker": ...,  # the web called the mailer, which was often down; who must be up now?
    "order": ...,  # four workers take turns, and moves of one folder must be done in order
}"""


def _filled(**changed: str) -> str:
    return f"queue_cures = {RIGHT | changed}"


QUEUE_CURES = Exercise(
    id="queue_cures",
    lesson=1,
    title="Will a queue help?",
    minutes=4,
    task=(
        'Eight complaints, and each time somebody says: put a queue in the middle. Write `"cured"` where the trouble is gone, `"not cured"` '
        'where it stays as it was, and `"moved"` where those who complain are rid of it, and it is now at another place.'
    ),
    stub=_STUB,
    check=check,
    hints=(
        "A queue keeps work for later. It does no work, and it answers nobody.",
        "Two are cured, two are moved.",
        "Cured is what passes, while nobody waits for an answer. Moved is what is found at the queue from now on.",
    ),
    solutions=(_filled(),),
    wrong={
        _filled(restart="helped"): "Three words are possible",
        f"queue_cures = {dict.fromkeys(RIGHT, 'cured')}": "A queue doesn't cure everything",
        _filled(restart="moved"): "Nobody waits for the mail",
        _filled(burst="not cured"): "More comes than can be done",
        _filled(answer="cured"): "The web waits for the answer all the same",
        _filled(overload="cured"): "The callers are rid of it",
        _filled(overload="not cured"): "The callers are rid of it",
        _filled(database="cured"): "Two services that write one table are tied by its shape",
        _filled(poison="cured"): "The message that can't be handled comes again and again",
        _filled(broker="cured"): "Who must hand over to the queue now needs the queue to be up",
        _filled(order="cured"): "Several who share a queue finish in any order",
    },
)
