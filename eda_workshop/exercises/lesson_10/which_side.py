"""Which side does it belong to?"""

from __future__ import annotations

from typing import Any

from eda_workshop.exercises.attempt import compare, require_words
from eda_workshop.exercises.exercise import Exercise

RIGHT = {
    "move": "command",
    "list": "query",
    "opened": "command",
    "search": "query",
    "mail": "neither",
    "new_list": "neither",
}
_SAID = {
    "move": "To move a folder may be refused, and changes something: the side that decides has to know of it.",
    "list": "To look at a list changes nothing. Nobody has to decide anything.",
    "opened": "A question that also counts the visit changes something. Send a command for that, and let the question be one.",
    "search": "A search has an index of its own, made for reading; nothing is decided there.",
    "mail": "A read model that sends e-mails would send them again at each rebuild. That is for a subscriber, with a gateway.",
    "new_list": "A command that gives back the new list ties both sides together. It returns a position, and the list is asked for.",
}


def check(answer: Any) -> None:
    table = require_words(answer, RIGHT, ("command", "query", "neither"), "Three words are possible.")
    compare(table, RIGHT, _SAID, "Ask: does it change something, and may it be refused?")


_STUB = """which_side = {
    "move": ...,  # move folder f1 to /ada/summer
    "list": ...,  # the folders of Ada, sorted
    "opened": ...,  # note that Ada has opened folder f1
    "search": ...,  # all paths with the word "photos"
    "mail": ...,  # the read model of shares writes to whoever got one
    "new_list": ...,  # a folder is created, and the answer is the new list
}"""


def _filled(**sides: str) -> str:
    return f"which_side = {RIGHT | sides}"


WHICH_SIDE = Exercise(
    id="which_side",
    lesson=10,
    title="Which side?",
    minutes=4,
    task=(
        'Six things that somebody wants to build. Write `"command"` for what belongs to the side that decides, `"query"` for what a read '
        'model answers, and `"neither"` where CQRS says: not like this.'
    ),
    stub=_STUB,
    check=check,
    hints=(
        "A command changes something and may be refused. A query changes nothing, however often it is asked.",
        "Two of the six mix what should be apart: they have an effect where there should be none, or an answer.",
    ),
    solutions=(_filled(),),
    wrong={
        f"which_side = {RIGHT | {'move': 'event'}}": "Three words are possible",
        _filled(move="query"): "To move a folder may be refused",
        _filled(list="command"): "To look at a list changes nothing",
        _filled(opened="query"): "A question that also counts the visit",
        _filled(search="neither"): "A search has an index of its own",
        _filled(mail="query"): "A read model that sends e-mails",
        _filled(new_list="command"): "A command that gives back the new list",
    },
)
