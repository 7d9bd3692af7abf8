"""A branch without a library, which shares nothing that can be changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from copy import deepcopy
from typing import Any

from eda_workshop.exercises.attempt import require_function
from eda_workshop.exercises.exercise import Exercise, Wrong

BASE: dict[str, dict[str, Any]] = {
    "books": {"place": "Vancouver", "aboard": True},
    "silk": {"place": "Seattle", "aboard": False},
}
EDITS = [("books", "place", "Los Angeles"), ("books", "aboard", False)]
RIGHT = {"books": {"place": "Los Angeles", "aboard": False}, "silk": {"place": "Seattle", "aboard": False}}


def check(answer: Any) -> None:
    function = require_function(answer, "state", "edits")
    _check_base(function)
    _check_later(function)
    _check_twins(function)
    _check_child(function)


def _check_base(function: Callable[..., Any]) -> None:
    base = deepcopy(BASE)
    got = function(base, list(EDITS))
    if got is base:
        said = "The branch is the base itself, under a second name."
        raise Wrong(said, _CALLED, "a state of its own", "the base", _LOOK)
    if base != BASE:
        said = "The dict is a new one, and what is in it is the old: the edit got through to the base."
        if isinstance(got, Mapping) and got.get("books") == BASE["books"]:
            said = "The edits went into the base, and the branch has none of them."
        raise Wrong(said, _CALLED, f"the base with {BASE['books']}", f"{base.get('books')!r:.60}", _LOOK)
    if not isinstance(got, Mapping) or plainly(got) != RIGHT:
        raise Wrong(_said(got), _CALLED, f"{RIGHT}", f"{got!r:.120}", _LOOK)


def _said(got: Any) -> str:
    if got is None:
        return "Nothing comes back."
    if not isinstance(got, Mapping):
        return "The branch's state was asked for: a dict of dicts, like the base."
    if plainly(got) == BASE:
        return "The base is safe, and the branch is the same as the base: the edits are missing in it."
    if "silk" not in got:
        return "What was not edited is missing: a branch has all that the base has, but for its edits."
    if plainly(got).get("books") == {"aboard": False}:
        return "The other values of the cargo are gone: an edit is of one field."
    if plainly(got).get("books") == {**BASE["books"], "aboard": False}:
        return "Of two edits of the same cargo only the last is left."
    return "The branch is not what the edits make of the base."


def _check_later(function: Callable[..., Any]) -> None:
    """Whoever goes on with the branch changes the branch."""
    base = deepcopy(BASE)
    got = function(base, list(EDITS))
    _sink(got, "silk")
    if base != BASE:
        said = "What was not edited is still shared: whoever edits it in the branch later, edits it in the base."
        raise Wrong(said, f"{_CALLED}, then the branch's silk is moved", "Seattle in the base", "At the bottom", _LOOK)


def _check_twins(function: Callable[..., Any]) -> None:
    """Two branches of one base are apart."""
    base = deepcopy(BASE)
    first, second = function(base, list(EDITS)), function(base, [("silk", "aboard", True)])
    if plainly(first) != RIGHT or plainly(second)["books"] != BASE["books"]:
        said = "Two branches of one base know of each other: something outlives the call."
        raise Wrong(said, "two forks of one base", f"{BASE['books']} in the second", f"{second!r:.80}", _LOOK)


def _check_child(function: Callable[..., Any]) -> None:
    """What a parent does later does not reach a branch of it."""
    parent = function(deepcopy(BASE), list(EDITS))
    child = function(parent, [])
    _sink(parent, "books")
    if plainly(child) != RIGHT:
        said = (
            "A branch of a branch sees what its parent did later. It was to have the state of the moment it was made."
        )
        raise Wrong(said, "fork(branch, []), then the parent's books are moved", "Los Angeles", "elsewhere", _LOOK)


def _sink(state: Any, cargo: str) -> None:
    with suppress(TypeError, AttributeError):  # What can't be changed can't be shared wrongly.
        state[cargo]["place"] = "At the bottom"


def plainly(state: Any) -> dict[str, Any]:
    """The state in plain dicts, whatever it is made of."""
    return {name: dict(item) if isinstance(item, Mapping) else item for name, item in state.items()}


_CALLED = f"fork(base, {EDITS})"
_LOOK = "Look at what “The log knows nothing of it” says on shared state."


def _source(*lines: str) -> str:
    return "def fork(state, edits):\n" + "\n".join(f"    {line}" for line in lines)


_APPLY = ("for cargo, field, value in edits:", "    branch[cargo][field] = value", "return branch")
_COPIED = "branch = {cargo: dict(item) for cargo, item in state.items()}"

FORK = Exercise(
    id="fork",
    lesson=13,
    title="A branch of your own",
    minutes=4,
    task=(
        "Somebody made branches without a library: `branch = dict(state)`, and then for each edit `branch[cargo][field] = value`. In the branch "
        "the books are in Los Angeles; to everybody's surprise they are in reality, too.\n\n"
        "Write `fork(state, edits)`. `state` is a dict of dicts, `edits` a list of `(cargo, field, value)`. Return the branch's state. "
        "The base stays as it was, whatever anybody does with the branch later; and so does a branch of a branch."
    ),
    stub='def fork(state, edits):\n    """The state with the edits; the one that was given stays as it was."""\n    ...',
    check=check,
    hints=(
        "dict(state) copies the outer dict. Which objects are its values?",
        "Copy each item as well, before the first edit. The module copy has a function that goes all the way down.",
    ),
    solutions=(
        _source(_COPIED, *_APPLY),
        "import copy\n\n\n" + _source("branch = copy.deepcopy(state)", *_APPLY),
    ),
    wrong={
        _source("branch = state", *_APPLY): "The branch is the base itself",
        _source("branch = dict(state)", *_APPLY): "The dict is a new one",
        _source("branch = {**state}", *_APPLY): "The dict is a new one",
        _source(
            "branch = dict(state)",
            "for cargo, field, value in edits:",
            "    branch[cargo] = {**branch[cargo], field: value}",
            "return branch",
        ): "What was not edited is still shared",
        _source(_COPIED, "return branch"): "The base is safe",
        _source(_COPIED, _APPLY[0], "    state[cargo][field] = value", _APPLY[2]): "The edits went into the base",
        _source(_COPIED, _APPLY[0], "    branch[cargo] = {field: value}", _APPLY[2]): "The other values of the cargo",
        _source(_COPIED, _APPLY[0], "    branch[cargo] = {**state[cargo], field: value}", _APPLY[2]): (
            "Of two edits of the same cargo only the last"
        ),
        _source(_COPIED, *_APPLY[:2]): "Nothing comes back",
        _source(
            "branch = {}",
            "for cargo, field, value in edits:",
            "    branch.setdefault(cargo, dict(state[cargo]))[field] = value",
            "return branch",
        ): "What was not edited is missing",
        _source("if not edits:", "    return state", _COPIED, *_APPLY): "A branch of a branch sees",
        "made = {}\n\n\n"
        + _source(
            "for cargo, item in state.items():", "    made.setdefault(cargo, dict(item))", "branch = made", *_APPLY
        ): "Two branches of one base",
        _source(_COPIED, "branch['books']['place'] = 'Los Angeles'", "return branch"): "The branch is not what",
        _source("return list(edits)"): "The branch's state was asked for",
    },
)
