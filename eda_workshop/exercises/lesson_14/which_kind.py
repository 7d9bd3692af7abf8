"""What is it that turned out, and is the past to be put right at all?"""

from __future__ import annotations

from typing import Any

from eda_workshop.exercises.attempt import require_words
from eda_workshop.exercises.exercise import Exercise, Wrong

WORDS = ("late", "rejected", "incorrect", "compensate")
RIGHT = {
    "found": "late",
    "twice": "rejected",
    "misread": "incorrect",
    "day_off": "incorrect",
    "closed": "compensate",
    "partner": "compensate",
    "sums": "compensate",
}
_OPEN = "All events are there, and nobody has closed the books: the past itself can be put right. An adjustment of today would leave it wrong."
_SAID = {
    "found": {"": "Nothing that was recorded is wrong here. Something is missing.", "compensate": _OPEN},
    "twice": {
        "late": "There is one record too many. Another one makes it worse.",
        "incorrect": "There was no second arrival, at whatever port and time. No data would make that record true.",
        "compensate": _OPEN,
    },
    "misread": {
        "late": "A second arrival beside the wrong one: both would count.",
        "rejected": "The ship did arrive. With the record merely out of the way, it was nowhere on that day.",
        "compensate": _OPEN,
    },
    "day_off": {
        "late": "The report came in time; the day in it is wrong. A second loading beside it would count, too.",
        "rejected": "The books were loaded. With the record merely out of the way, they never were.",
        "compensate": _OPEN,
    },
    "closed": {
        "": "The month is closed: others have signed these very numbers. They stay, and what was too little is booked today."
    },
    "partner": {
        "": "You would put your own books right. Those of the other company stay as they are, until you send them something new."
    },
    "sums": {
        "": "To put the past right, all that came after it is computed anew, and the events for that are gone. Only a sum can be adjusted."
    },
}


def check(answer: Any) -> None:
    table = require_words(answer, RIGHT, WORDS, "Four words are possible.")
    if len(set(table.values())) == 1:
        raise Wrong("Not every story is of the same kind. Ask whether it happened at all, and who relies on the books.")
    for name, word in table.items():
        if word != RIGHT[name]:
            said = _SAID[name]
            raise Wrong(said.get(word) or said[""], got=f"{name}: {word}", look=_LOOK)


_LOOK = "Ask: did it happen, is there a record of it, and can and may all that follows be computed anew?"
_STUB = """which_kind = {
    "found": ...,  # behind a desk lies the note of a loading on 2 March, never entered
    "twice": ...,  # two clerks entered the same arrival, so it is there under two ids
    "misread": ...,  # the ship arrived that day, but in Los Angeles, not in Vancouver
    "day_off": ...,  # the books were loaded on 2 March, and 1 March was entered
    "closed": ...,  # a freight of January was billed too low; January is closed and audited
    "partner": ...,  # you billed too much, and the other company has booked your bill
    "sums": ...,  # a payment of 2019 was forgotten; of that year only the sums were kept
}"""


def _filled(**kinds: str) -> str:
    return f"which_kind = {RIGHT | kinds}"


WHICH_KIND = Exercise(
    id="which_kind",
    lesson=14,
    title="What kind of wrong?",
    minutes=4,
    task=(
        'Seven things that turn out. Write `"late"`, `"rejected"` or `"incorrect"` where the past should be put right, in one step, and '
        '`"compensate"` where it is better to leave it as it was believed, and to record an adjusting event of today.'
    ),
    stub=_STUB,
    check=check,
    hints=(
        "Begin with those that happened exactly so, and those that never did. Of the rest, some happened otherwise.",
        "For three of the seven the past can't be put right, or others rely on it as it stands.",
    ),
    solutions=(_filled(),),
    wrong={
        f"which_kind = {RIGHT | {'found': 'forgotten'}}": "Four words are possible",
        f"which_kind = {dict.fromkeys(RIGHT, 'compensate')}": "Not every story is of the same kind",
        _filled(found="incorrect"): "Nothing that was recorded is wrong here",
        _filled(found="rejected"): "Nothing that was recorded is wrong here",
        _filled(found="compensate"): "All events are there",
        _filled(twice="incorrect"): "There was no second arrival",
        _filled(twice="late"): "There is one record too many",
        _filled(misread="late"): "A second arrival beside the wrong one",
        _filled(misread="rejected"): "The ship did arrive",
        _filled(misread="compensate"): "All events are there",
        _filled(day_off="late"): "The report came in time",
        _filled(day_off="rejected"): "The books were loaded",
        _filled(closed="incorrect"): "The month is closed",
        _filled(partner="incorrect"): "You would put your own books right",
        _filled(sums="late"): "To put the past right, all that came after",
    },
)
