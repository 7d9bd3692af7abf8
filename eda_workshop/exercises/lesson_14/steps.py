"""What does a late event cost, by rebuild and by rewind?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from eda_workshop.exercises.attempt import require_function
from eda_workshop.exercises.exercise import Exercise, Wrong

KEYS = ("rebuild", "rewind", "cheaper")

Case = tuple[int, int, tuple[int, ...]]
"""How many events there are, how many of them are kept, and the positions of the snapshots."""

CASES: tuple[Case, ...] = (
    (100, 90, (0, 50, 97)),
    (100, 60, (0, 50, 100)),
    (100, 75, (0, 25, 50, 75)),
    (10, 2, (0,)),
    (90, 70, (0, 50, 80)),
    (1000, 999, (0, 500)),
    (6, 0, (0, 4)),
)


def right(n: int, kept: int, snapshots: tuple[int, ...]) -> dict[str, int]:
    """The steps of both ways."""
    start = max(position for position in snapshots if position <= kept)
    return {"rebuild": n - start + 1, "rewind": 2 * (n - kept) + 1}


def check(answer: Any) -> None:
    function = require_function(answer, "n", "kept", "snapshots")
    for case in CASES:
        _try(function, case)


def _try(function: Callable[..., Any], case: Case) -> None:
    n, kept, snapshots = case
    called = f"steps({n}, {kept}, {list(snapshots)})"
    table = function(n, kept, list(snapshots))
    if not isinstance(table, dict) or set(table) != set(KEYS):
        expected = f"a dict with the keys {', '.join(map(repr, KEYS))}"
        raise Wrong("A dict with three keys was asked for.", called, expected, f"{table!r:.80}")
    costs = right(*case)
    for way, meanings in (("rebuild", _rebuilt), ("rewind", _rewound)):
        got = table[way]
        if isinstance(got, bool) or not isinstance(got, (int, float)):
            raise Wrong("A number of steps was asked for.", called, got=f"{way}: {got!r:.40}", look=_LOOK)
        if got != costs[way]:
            said = meanings(*case).get(got, f"That is not the number of steps that a {way} takes.")
            raise Wrong(said, called, f"{way}: {costs[way]}", f"{way}: {got}", _LOOK)
    _check_cheaper(table["cheaper"], costs, called)


def _check_cheaper(got: Any, costs: dict[str, int], called: str) -> None:
    if not isinstance(got, str) or got not in costs:
        raise Wrong("The cheaper way has a name, one of two.", called, "'rebuild' or 'rewind'", f"{got!r:.40}")
    if costs[got] > min(costs.values()):
        said = (
            "Here the rewind takes more steps. It goes its way twice, back and forth: compare all that each of them does."
            if got == "rewind"
            else "Here the rewind takes fewer steps. It goes its way twice, but that way is short: the branch point is near the end."
        )
        raise Wrong(said, called, f"the fewer of {costs['rebuild']} and {costs['rewind']} steps", repr(got), _LOOK)


# The misconception behind a wrong number. Where two come to one number, the later line counts.


def _rebuilt(n: int, kept: int, snapshots: tuple[int, ...]) -> dict[float, str]:
    start, last = max(position for position in snapshots if position <= kept), snapshots[-1]
    before = max((position for position in snapshots if position < kept), default=0)
    first = min(position for position in (*snapshots, n) if position >= kept)
    branch = "The state at the branch point is in no snapshot. What lies between the snapshot and it is applied, too."
    nothing = "You begin from nothing, although there is a snapshot that is still good."
    stale = "That snapshot was taken after the branch point. It is stale: the state in it lacks the late event."
    short = "You stop at the branch point. The state is wanted at the end, so all that came after is applied, too."
    return {
        n - before + 1: "A snapshot right at the branch point holds all that is kept, and nothing else. It is good.",
        n - kept: branch,
        n - kept + 1: branch,
        n: nothing,
        n + 1: nothing,
        n - first: stale,
        n - first + 1: stale,
        n - last: stale,
        n - last + 1: stale,
        kept - start: short,
        kept - start + 1: short,
        n - start: "You forgot the late event itself: it is one step more.",
        n - start + 2: "The late event is applied once. There is nothing else to do for it.",
    }


def _rewound(n: int, kept: int, snapshots: tuple[int, ...]) -> dict[float, str]:
    start = max(position for position in snapshots if position <= kept)
    again = "What was undone must be applied again, or it never happened."
    snapshot = "A rewind needs no snapshot: it begins at the end, with the state that is there."
    far = "You undo more than you have to: down to the branch point is enough."
    return {
        2 * n: far,
        2 * n + 1: far,
        2 * (n - start): far,
        2 * (n - start) + 1: far,
        n - start: snapshot,
        n - start + 1: snapshot,
        n - kept: again,
        n - kept + 1: again,
        2 * (n - kept): "You forgot the late event itself: it is one step more.",
        2 * (n - kept) + 2: "The late event was never applied, so there is nothing to undo for it.",
    }


_LOOK = "Draw a line from 0 to n, and mark the branch point and the snapshots on it."


def _source(*lines: str) -> str:
    return "def steps(n, kept, snapshots):\n" + "\n".join(f"    {line}" for line in lines)


_START = "start = max(s for s in snapshots if s <= kept)"
_TABLE = 'return {"rebuild": rebuild, "rewind": rewind, "cheaper": "rewind" if rewind < rebuild else "rebuild"}'


def _answer(
    rebuild: str = "n - start + 1", rewind: str = "2 * (n - kept) + 1", start: str = _START, table: str = _TABLE
) -> str:
    return _source(start, f"rebuild = {rebuild}", f"rewind = {rewind}", table)


def _told(test: str) -> str:
    """An answer with another comparison."""
    table = f'return {{"rebuild": rebuild, "rewind": rewind, "cheaper": "rewind" if {test} else "rebuild"}}'
    return _answer(table=table)


STEPS = Exercise(
    id="steps",
    lesson=14,
    title="Back, or from the snapshot?",
    minutes=6,
    task=(
        "One event came late. The log had `n` events without it, and the first `kept` of them lie before the branch point; `kept` is "
        "less than `n`. `snapshots` has the positions of the snapshots, in order, and begins with 0, where nothing has happened. Write "
        '`steps(n, kept, snapshots)`, which returns a dict: `"rebuild"` and `"rewind"`, the steps that each takes, an event undone or '
        'applied being one, and `"cheaper"`, the name of the cheaper one; if both take the same, either. All events touch the same state.'
    ),
    stub='def steps(n, kept, snapshots):\n    """The steps of both ways, and which is cheaper, for one late event."""\n    ...',
    check=check,
    hints=(
        "A rebuild begins at a snapshot and goes forward to the end. Which is the newest one that the late event leaves good?",
        "A rewind begins at the end. Count what it undoes, then what it applies; the late event is among the second only.",
    ),
    solutions=(
        _answer(),
        _source(
            "good = [position for position in snapshots if position <= kept]",
            "after = n - kept  # the events behind the branch point",
            'costs = {"rebuild": (kept - good[-1]) + 1 + after, "rewind": after + 1 + after}',
            'return {**costs, "cheaper": min(costs, key=costs.get)}',
        ),
    ),
    wrong={
        _answer(rebuild="n - start"): "You forgot the late event itself",
        _answer(rewind="2 * (n - kept)"): "You forgot the late event itself",
        _answer(rewind="n - kept"): "What was undone must be applied again",
        _answer(rewind="n - kept + 1"): "What was undone must be applied again",
        _answer(rebuild="n + 1"): "You begin from nothing",
        _answer(rewind="n - start + 1"): "A rewind needs no snapshot",
        _answer(rewind="2 * (n - start) + 1"): "You undo more than you have to",
        _answer(rewind="2 * (n - kept) + 2"): "The late event was never applied",
        _answer(start="start = snapshots[-1]"): "That snapshot was taken after the branch point",
        _answer(start="start = min(snapshots, key=lambda s: abs(s - kept))"): "That snapshot was taken after",
        _answer(start="start = max(s for s in snapshots if s < kept)"): "A snapshot right at the branch point",
        _answer(rebuild="kept - start + 1"): "You stop at the branch point",
        _answer(rebuild="n - kept + 1"): "The state at the branch point is in no snapshot",
        _told("n - kept < n - start"): "Here the rewind takes more steps",
        _told("n - kept < kept"): "Here the rewind takes more steps",
        _told("n - kept > kept - start"): "Here the rewind takes fewer steps",
        _told("True"): "Here the rewind takes more steps",
        _told("False"): "Here the rewind takes fewer steps",
        _answer(table="return rebuild, rewind"): "A dict with three keys",
        _answer(table='return {"rebuild": rebuild, "rewind": rewind, "cheaper": min(rebuild, rewind)}'): (
            "The cheaper way has a name"
        ),
    },
)
