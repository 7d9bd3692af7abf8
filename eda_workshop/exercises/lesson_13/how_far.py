"""How many values differ at the end?"""

from __future__ import annotations

from functools import cache
from typing import Any

from eda_workshop.clock import ManualClock
from eda_workshop.event import Event
from eda_workshop.exercises.attempt import require_words
from eda_workshop.exercises.exercise import Exercise, Wrong
from eda_workshop.log import open_log
from eda_workshop.replay import Timeline
from eda_workshop.stories.cargo import Freight, voyage

MOST = 6

_SAID = {
    "los_angeles": (
        "Vancouver is the only Canadian port of this voyage. Where else would the mark come from?",
        "Where the ship was on the way is not in it: diff compares the two ends.",
    ),
    "never_called": (
        "The books would never have been in Canada. That is one of the values of the state.",
        "Two events are missing, and diff counts no events: it compares the states at the two ends.",
    ),
    "never_departed": (
        "",
        "One event less, and the same end: diff compares states, not events and not positions.",
    ),
    "never_unloaded": (
        "Somebody has to carry the books ashore. If nobody did, where are they?",
        "The place would be the same: the ship lies in San Francisco. Only one of the values is another.",
    ),
    "detour": (
        "",
        "The books had been in Canada already. Being there again sets a mark that is set.",
    ),
    "later": (
        "The ship is part of the state, too, and it is elsewhere now.",
        "The books went ashore at position 5. What the ship does afterwards leaves them where they are.",
    ),
}


@cache
def right() -> dict[str, int]:
    """The number of differences for each edit, as the engine counts them."""
    log = open_log("memory://", clock=ManualClock("2026-03-06T09:00:00Z"))
    log.append(*voyage())
    timeline = Timeline(log, Freight)
    halifax = Event("ship.arrived", {"port": "Halifax"}, id="halifax", occurred=log.clock.now())
    branches = {
        "los_angeles": timeline.branch(1).replace(2, data={"port": "Los Angeles"}),
        "never_called": timeline.branch(1).drop(2).drop(3),
        "never_departed": timeline.branch(2).drop(3),
        "never_unloaded": timeline.branch(4).drop(5),
        "detour": timeline.branch(3).insert(halifax),
        "later": timeline.branch(5).append(halifax),
    }
    return {name: len(branch.diff()) for name, branch in branches.items()}


def check(answer: Any) -> None:
    said = f"Each is a number of differences, from 0 to {MOST}."
    table = require_words(answer, right(), tuple(range(MOST + 1)), said)
    for name, count in table.items():
        if count != right()[name]:
            few, many = _SAID[name]
            raise Wrong(few if count < right()[name] else many, got=f"{name}: {count}", look=_LOOK)


_LOOK = "Look at the states in “What if?”, and at what diff says of them."
_STUB = """how_far = {
    "los_angeles": ...,  # replace 2: the ship called at Los Angeles
    "never_called": ...,  # drop 2 and 3: it never called at Vancouver
    "never_departed": ...,  # drop 3: it called there, and the departure is missing
    "never_unloaded": ...,  # drop 5
    "detour": ...,  # insert after 3: it called at Halifax, too
    "later": ...,  # append: it goes on to Halifax
}"""


def _filled(**changed: int) -> str:
    return f"how_far = {right() | changed}"


HOW_FAR = Exercise(
    id="how_far",
    lesson=13,
    title="How far do they part?",
    minutes=5,
    task=(
        "The voyage of the books, and six branches of it, each with one thought. How many differences has `diff()` for each: how many values "
        "of the state are not the same at the two ends? Predict first; then you may ask the engine."
    ),
    stub=_STUB,
    check=check,
    hints=(
        "The state is the ship's place and, for each piece of cargo, its place, whether it is aboard, and the mark.",
        "Write the last state of the log down, five values. Then go through the branch, and cross out what is another at its end.",
    ),
    solutions=(_filled(),),
    wrong={
        _filled(los_angeles=9): "Each is a number of differences",
        _filled(los_angeles=0): "Vancouver is the only Canadian port",
        _filled(los_angeles=2): "Where the ship was on the way",
        _filled(never_called=0): "The books would never have been",
        _filled(never_called=2): "Two events are missing",
        _filled(never_departed=1): "One event less, and the same end",
        _filled(never_unloaded=0): "Somebody has to carry the books",
        _filled(never_unloaded=2): "The place would be the same",
        _filled(detour=1): "The books had been in Canada already",
        _filled(later=0): "The ship is part of the state",
        _filled(later=2): "The books went ashore",
    },
)
