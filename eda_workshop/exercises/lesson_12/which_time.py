"""Which of the two times does a report need?"""

from __future__ import annotations

from typing import Any

from eda_workshop.exercises.attempt import compare, require_words
from eda_workshop.exercises.exercise import Exercise, Wrong

RIGHT = {
    "pension": "actual",
    "audit": "record",
    "run": "both",
    "since": "actual",
    "news": "record",
    "reprint": "both",
}
_SAID = {
    "pension": "The pension goes by what really held, as well as we know it; when we learned of it plays no part.",
    "audit": "The auditor looks at the books as they stood that evening, at all of them: no month is picked out, and no later letter may show.",
    "run": "One date is not enough: the run asked about a certain month, and knew what had come in by a certain day.",
    "since": "The beginning of a value is a date of the world. It stays the same, however late the letter was.",
    "news": "The day on which a letter came in is no day of the salary: it is one of our knowledge.",
    "reprint": "The old page showed a certain month, as it was believed on a certain day. With one date only, another page comes out.",
}


def check(answer: Any) -> None:
    table = require_words(answer, RIGHT, ("actual", "record", "both"), "Three words are possible.")
    if len(set(table.values())) == 1:
        raise Wrong("Not every report needs the same. Ask what would change if a letter came late.")
    compare(table, RIGHT, _SAID, "Look at “The second time”.")


_STUB = """which_time = {
    "pension": ...,  # what did she earn in February, as well as we know today?
    "audit": ...,  # all that stood in our books on the evening of 31 March
    "run": ...,  # why did the run of 25 February pay 6000 for that month?
    "since": ...,  # from which day on does she earn what she earns?
    "news": ...,  # on which day did we learn of the raise?
    "reprint": ...,  # print February again as the page showed it on 20 March
}"""


def _filled(**times: str) -> str:
    return f"which_time = {RIGHT | times}"


WHICH_TIME = Exercise(
    id="which_time",
    lesson=12,
    title="Which time does it need?",
    minutes=4,
    task=(
        'Six reports about Sally. Write `"actual"` for those that ask for or give a date of actual time only, `"record"` for record time only, '
        'and `"both"` where neither can be left out.'
    ),
    stub=_STUB,
    check=check,
    hints=(
        "For each report: which date stands in the question, or comes out as the answer? When something held, or when it was known?",
        "Two of the six speak of a month and of a day on which somebody looked at it.",
    ),
    solutions=(_filled(),),
    wrong={
        f"which_time = {RIGHT | {'run': 'valid'}}": "Three words are possible",
        f"which_time = {dict.fromkeys(RIGHT, 'both')}": "Not every report needs the same",
        _filled(pension="record"): "The pension goes by what really held",
        _filled(audit="actual"): "The auditor looks at the books as they stood",
        _filled(run="record"): "One date is not enough",
        _filled(run="actual"): "One date is not enough",
        _filled(since="record"): "The beginning of a value is a date of the world",
        _filled(news="actual"): "The day on which a letter came in",
        _filled(reprint="record"): "The old page showed a certain month",
    },
)
