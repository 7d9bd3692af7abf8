"""Two ways to one number: what the batch has counted, and what only the stream has seen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from eda_workshop.errors import FrozenData
from eda_workshop.exercises.attempt import require_function
from eda_workshop.exercises.exercise import Exercise, Wrong
from eda_workshop.values import freeze

UNTIL = 12


def _seen(id: str, user: str, occurred: int, arrived: int) -> dict[str, Any]:
    return {"id": id, "user": user, "occurred": occurred, "arrived": arrived}


BATCH = {"ada": 3, "grace": 2, "alan": 4}
STREAM = (
    _seen("e5", "ada", 11, 11),
    _seen("e6", "grace", 12, 12),
    _seen("e7", "ada", 13, 13),
    _seen("e4", "alan", 10, 14),
    _seen("e7", "ada", 13, 15),
    _seen("e8", "katherine", 14, 14),
)
RIGHT = {"ada": 4, "grace": 3, "alan": 4, "katherine": 1}
_MISTAKES: tuple[tuple[dict[str, int], str], ...] = (
    (BATCH, "What happened since the batch ran is missing. That is what the stream is for."),
    (
        {"ada": 1, "grace": 1, "katherine": 1},
        "What the batch has counted is missing: the stream knows the newest only.",
    ),
    (
        {"ada": 6, "grace": 3, "alan": 5, "katherine": 1},
        "What the stream saw before the batch's end was counted by the batch, too. It counts twice now.",
    ),
    (
        {"ada": 5, "grace": 3, "alan": 5, "katherine": 1},
        "What the stream saw before the batch's end was counted by the batch, too. It counts twice now.",
    ),
    (
        {"ada": 4, "grace": 3, "alan": 5, "katherine": 1},
        "You asked when a message arrived. The batch went by when it occurred: a late one is in it, and is added again here.",
    ),
    (
        {"ada": 5, "grace": 3, "alan": 4, "katherine": 1},
        "A message that came twice was counted twice. The network doubles; the id tells.",
    ),
    (
        {"ada": 4, "grace": 2, "alan": 4, "katherine": 1},
        "What occurred at the batch's very end is in neither. The batch has counted up to that moment, without it.",
    ),
    (
        {"ada": 4, "grace": 3, "alan": 4},
        "Somebody new is missing: the batch has never heard of her, and the stream has.",
    ),
    (
        {"ada": 4, "grace": 2, "alan": 5},
        "It is the wrong way round: what the batch has is added again, and what it can't have is left out.",
    ),
    (
        {"ada": 1, "grace": 1, "alan": 4, "katherine": 1},
        "Whoever did something since the batch ran has lost the batch's number. The two are to be added up.",
    ),
    (
        {"ada": 4, "grace": 3, "katherine": 1},
        "Whoever did nothing since the batch ran is missing, and was there before.",
    ),
)


def check(answer: Any) -> None:
    function = require_function(answer, "batch", "stream", "until")
    got = _call(function, BATCH, STREAM, UNTIL)
    if got != RIGHT:
        said = next((said for wrong, said in _MISTAKES if got == wrong), "The numbers are not right.")
        raise Wrong(said, _CALLED, f"{RIGHT}", f"{got!r:.90}", _LOOK)
    for batch, stream, until, right in (
        ({}, [_seen("x", "ada", 5, 9)], 0, {"ada": 1}),
        ({"ada": 7}, [], 3, {"ada": 7}),
        ({"ada": 7}, [_seen("y", "ada", 29, 30), _seen("z", "ada", 30, 31)], 30, {"ada": 8}),
    ):
        got = _call(function, batch, tuple(stream), until)
        if got != right:
            called = f"merged({batch}, {len(stream)} messages, {until})"
            raise Wrong("It is right for one day only.", called, f"{right}", f"{got!r:.60}", _LOOK)
    _check_twins(function)


def _check_twins(function: Any) -> None:
    """Three events of one user, two of them at the same moment, are three."""
    stream = (_seen("a", "ada", 6, 6), _seen("b", "ada", 6, 6), _seen("a", "ada", 6, 7), _seen("c", "ada", 8, 8))
    got = _call(function, {"ada": 7}, stream, 6)
    if got != {"ada": 10}:
        said = "Different events of one user were taken for twins. Twins have the same id, and nothing else tells them."
        raise Wrong(said, "merged(batch, ada's events a, b, a and c, 6)", "3 more", f"{got!r:.60}", _LOOK)


def _call(function: Any, batch: dict[str, int], stream: tuple[dict[str, Any], ...], until: int) -> dict[str, Any]:
    try:
        got = function(freeze(batch), [freeze(seen) for seen in stream], until)
    except FrozenData:
        raise Wrong("The batch's numbers were changed. Others read them, too: make new ones.", look=_LOOK) from None
    except KeyError as error:
        if error.args[0] not in {seen["user"] for seen in stream} - batch.keys():
            raise
        raise Wrong(
            "Somebody new is not among the batch's numbers.", _CALLED, got=f"KeyError: {error}", look=_LOOK
        ) from None
    if not isinstance(got, Mapping):
        raise Wrong("What comes back is a dict, user to number.", got=f"{got!r:.40}")
    return dict(got)


_CALLED = f"merged(batch, {len(STREAM)} messages, until={UNTIL})"
_LOOK = "Draw the axis of time: the batch has all that occurred before `until`, whenever it came."
_HEAD = "def merged(batch, stream, until):\n    total = dict(batch)\n"
_LOOP = "    for seen in {}:\n        if {}:\n            total[seen['user']] = total.get(seen['user'], 0) + 1\n    return total"
_ONCE = "{seen['id']: seen for seen in stream}.values()"

MERGED = Exercise(
    id="merged",
    lesson=15,
    title="Two ways, one number",
    minutes=6,
    task=(
        "Write `merged(batch, stream, until)` for the lambda pattern: how many events each user has made. `batch` is exact, user to number, for all "
        "that *occurred before* `until`. `stream` is what the fast path has seen lately, in the order it came: dicts with `id`, `user`, `occurred` and "
        "`arrived`. Some are older than `until`, some come late, and one came twice."
    ),
    stub='def merged(batch, stream, until):\n    """How many events each user has made: the batch\'s, and what it can\'t have yet."""\n    ...',
    check=check,
    hints=(
        "Which messages has the batch counted already? It asks when they occurred.",
        "Remember the ids that you have counted, and begin with a copy: dict(batch).",
    ),
    solutions=(
        _HEAD + _LOOP.format(_ONCE, "seen['occurred'] >= until"),
        "def merged(batch, stream, until):\n    new = {seen['id']: seen['user'] for seen in stream if seen['occurred'] >= until}\n"
        "    users = [*new.values()]\n    return {user: batch.get(user, 0) + users.count(user) for user in {*batch, *users}}",
    ),
    wrong={
        "def merged(batch, stream, until):\n    return batch": "What happened since the batch ran is missing",
        _HEAD.replace("dict(batch)", "{}")
        + _LOOP.format(_ONCE, "seen['occurred'] >= until"): "What the batch has counted is missing",
        _HEAD + _LOOP.format("stream", "True"): "What the stream saw before the batch's end",
        _HEAD + _LOOP.format(_ONCE, "True"): "What the stream saw before the batch's end",
        _HEAD + _LOOP.format(_ONCE, "seen['arrived'] >= until"): "You asked when a message arrived",
        _HEAD + _LOOP.format("stream", "seen['occurred'] >= until"): "A message that came twice",
        _HEAD + _LOOP.format("{seen['user']: seen for seen in stream}.values()", "seen['occurred'] >= until"): (
            "Different events of one user were taken for twins"
        ),
        _HEAD
        + _LOOP.format(
            "{(seen['user'], seen['occurred']): seen for seen in stream}.values()", "seen['occurred'] >= until"
        ): ("Different events of one user were taken for twins"),
        _HEAD + _LOOP.format(_ONCE, "seen['occurred'] < until"): "It is the wrong way round",
        _HEAD + _LOOP.format(_ONCE, "seen['occurred'] >= until").replace("total.get(seen['user'], 0) + 1", "1"): (
            "Whoever did something since the batch ran"
        ),
        _HEAD + _LOOP.format(_ONCE, "seen['occurred'] > until"): "What occurred at the batch's very end",
        _HEAD + _LOOP.format(_ONCE, "seen['occurred'] >= until and seen['user'] in batch"): "Somebody new is missing",
        _HEAD
        + _LOOP.format(_ONCE, "seen['occurred'] >= until").replace(
            "total.get(seen['user'], 0)", "total[seen['user']]"
        ): ("Somebody new is not among"),
        _HEAD.replace("dict(batch)", "batch")
        + _LOOP.format(_ONCE, "seen['occurred'] >= until"): "The batch's numbers were changed",
        _HEAD + _LOOP.format(_ONCE, "seen['occurred'] >= 12"): "It is right for one day only",
    },
)
