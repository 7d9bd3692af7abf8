"""Which of the four patterns does a need ask for, or none?"""

from __future__ import annotations

from typing import Any

from eda_workshop.exercises.attempt import require_words
from eda_workshop.exercises.exercise import Exercise, Wrong

WORDS = ("three tiers", "shards", "lambda", "streams", "none")
RIGHT = {
    "pages": "three tiers",
    "firms": "shards",
    "nightly": "lambda",
    "twelve": "streams",
    "uploads": "none",
    "fifty": "none",
}
_SAID = {
    "pages": {
        "shards": "Shards would give each group of readers a shop of its own. Here all see the same goods, and any server may answer.",
        "": "The work is in answering many at once from the same data. Servers that keep nothing can be added one by one.",
    },
    "firms": {
        "three tiers": "One store for all is just what these firms forbid.",
        "": "What is asked for is that the data of two customers never meet, and that one's rush is not another's.",
    },
    "nightly": {
        "streams": "One path that is read once more would do it with one program. But here two programs are wanted: a quick one now, an exact one by night.",
        "": "A quick number now and an exact one later, from the same events, by two ways that are merged when somebody asks.",
    },
    "twelve": {
        "lambda": "There is no second, slow way here. Each service reads the same log once, at its own pace.",
        "shards": "To cut the log by key may come later. What is asked for is one place that all read, and that forgets nothing.",
        "": "Each service keeps what it needs, and a new one must hear all that was. That needs a log which is never thrown away.",
    },
    "uploads": {
        "lambda": "That is a product with the same name. The lambda architecture has two ways for the same events, a slow and a fast one.",
        "": "One function, called for each file. Nothing here has to be spread over machines by you.",
    },
    "fifty": {
        "": "One process with a log in a file does some thousands a second. Each of the patterns would cost more than it brings.",
    },
}


def check(answer: Any) -> None:
    table = require_words(answer, RIGHT, WORDS, "Five words are possible.")
    if len(set(table.values())) == 1:
        raise Wrong("No pattern is good for everything. Ask of each: what is it that one machine can't do?")
    for name, word in table.items():
        if word != RIGHT[name]:
            raise Wrong(_SAID[name].get(word) or _SAID[name][""], got=f"{name}: {word}", look=_LOOK)


_LOOK = "Ask: what is too much for one machine here, or must be apart; and who needs the past?"
_STUB = """which_pattern = {
    "pages": ...,  # a shop whose readers come in rushes; all see the same goods, any server may answer
    "firms": ...,  # 300 firms with an application each, the same one; their data must never meet
    "nightly": ...,  # a count that may be a little off now, and the exact one by another program every night
    "twelve": ...,  # twelve services feed on what the others publish; a thirteenth will want all of the past
    "uploads": ...,  # a function that a cloud provider calls for each file that is uploaded
    "fifty": ...,  # fifty events a second, one team, one report a day
}"""


def _filled(**words: str) -> str:
    return f"which_pattern = {RIGHT | words}"


WHICH_PATTERN = Exercise(
    id="which_pattern",
    lesson=15,
    title="Which pattern, or none?",
    minutes=4,
    task=(
        'Six needs. Write `"three tiers"`, `"shards"`, `"lambda"` or `"streams"` where that is what is asked for, and `"none"` where one '
        "process will do, or where somebody else does the spreading."
    ),
    stub=_STUB,
    check=check,
    hints=(
        "Two of the six need none of the four.",
        "Each of the four is the answer once: many readers, strict walls, two ways for one number, one log for all.",
    ),
    solutions=(_filled(),),
    wrong={
        _filled(pages="three"): "Five words are possible",
        f"which_pattern = {dict.fromkeys(RIGHT, 'streams')}": "No pattern is good for everything",
        _filled(pages="shards"): "Shards would give each group of readers",
        _filled(pages="streams"): "The work is in answering many at once",
        _filled(firms="three tiers"): "One store for all",
        _filled(firms="none"): "What is asked for is that the data of two customers",
        _filled(nightly="streams"): "One path that is read once more",
        _filled(nightly="shards"): "A quick number now",
        _filled(twelve="lambda"): "There is no second, slow way here",
        _filled(twelve="shards"): "To cut the log by key may come later",
        _filled(twelve="none"): "Each service keeps what it needs",
        _filled(uploads="lambda"): "That is a product with the same name",
        _filled(uploads="streams"): "One function, called for each file",
        _filled(fifty="streams"): "One process with a log in a file",
        _filled(fifty="shards"): "One process with a log in a file",
    },
)
