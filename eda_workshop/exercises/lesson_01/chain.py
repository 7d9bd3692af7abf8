"""How often is everything up that is needed?"""

from __future__ import annotations

import math
from collections.abc import Callable
from numbers import Real
from typing import Any

from eda_workshop.exercises.attempt import bounded, require_function, require_return
from eda_workshop.exercises.exercise import Exercise, Wrong

Groups = list[list[float]]

CASES: tuple[Groups, ...] = (
    [[0.9]],
    [[0.9], [0.8]],
    [[0.9], [0.9], [0.9]],
    [[0.9, 0.9]],
    [[0.9, 0.8, 0.7]],
    [[0.99], [0.9, 0.8], [0.95]],
    *([[0.99]] * count for count in (2, 4, 6, 8)),
    [[0.5]] * 3,
)


def right(groups: Groups) -> float:
    """All groups must be up; of a group one copy is enough."""
    return math.prod(1 - math.prod(1 - up for up in group) for group in groups)


def _flat(groups: Groups) -> list[float]:
    return [up for group in groups for up in group]


def _ups(groups: Groups) -> list[float]:
    """The share of time of each group."""
    return [right([group]) for group in groups]


_MISTAKES: tuple[tuple[Callable[[Groups], float], str], ...] = (
    (
        lambda groups: sum(_flat(groups)) / len(_flat(groups)),
        "This is the mean. Parts that must all be up don't help each other out.",
    ),
    *(
        (mistake, "The weakest link is not all: each further part fails at other times as well.")
        for mistake in (lambda groups: min(_flat(groups)), lambda groups: min(_ups(groups)))
    ),
    (
        lambda groups: math.prod(_flat(groups)),
        "A copy was taken for one more part that must be up. Of copies one is enough.",
    ),
    *(
        (
            mistake,
            "The failures were added up. That counts the time twice in which two are down, and gets below zero with enough parts.",
        )
        for mistake in (
            lambda groups: 1 - sum(1 - up for up in _flat(groups)),
            lambda groups: 1 - sum(1 - up for up in _ups(groups)),
        )
    ),
    *(
        (mistake, "Availabilities were added: three parts would be up more than always.")
        for mistake in (
            lambda groups: sum(_flat(groups)),
            lambda groups: sum(_ups(groups)),
            lambda groups: math.prod(sum(group) for group in groups),
        )
    ),
    (
        lambda groups: math.prod(max(group) for group in groups),
        "Of each group only the best copy was counted. The others are up in part of the time in which it is down.",
    ),
    (
        lambda groups: 1 - math.prod(1 - up for up in _flat(groups)),
        "This asks that any part at all is up. Every group must be.",
    ),
    (
        lambda groups: math.prod(1 - (1 - sum(group) / len(group)) / len(group) for group in groups),
        "Two copies halve nothing: they are down together as often as both happen to be down, which is a product.",
    ),
    (
        lambda groups: math.prod(sum(group) / len(group) for group in groups),
        "In each group the mean was taken. Copies do help each other out: a group is up more than any one of them.",
    ),
    (
        lambda groups: math.prod(1 - (1 - group[0]) ** len(group) for group in groups),
        "The first copy of a group was taken for all of them. Each has its own share of time.",
    ),
    (
        lambda groups: right(groups[:1]),
        "Only the first group was counted. Does the return stand inside the loop?",
    ),
    (
        lambda groups: math.prod(right([_flat(groups[: number + 1])]) for number in range(len(groups))),
        "What one group's copies came to goes on into the next group. Each group begins anew.",
    ),
    (lambda groups: 100 * right(groups), "This is in percent. A share of time goes from 0 to 1."),
)
_LOOK = "When is a group down? And when is the whole chain up?"


def check(answer: Any) -> None:
    function = require_function(answer, "groups")
    results = []
    for groups in CASES:
        with bounded():
            got = function([list(group) for group in groups])
        require_return(got, f"chain({groups})")
        if isinstance(got, bool) or not isinstance(got, Real):
            raise Wrong(
                "A share of time is a number.", f"chain({groups})", "a number from 0 to 1", f"{got!r:.40}", _LOOK
            )
        results.append(float(got))
    for groups, got in zip(CASES, results, strict=True):
        if not math.isclose(got, right(groups), abs_tol=1e-6):
            raise Wrong(_said(results), f"chain({_told(groups)})", f"{right(groups):.6f}", f"{got:.6f}", _LOOK)


def _said(results: list[float]) -> str:
    for mistake, said in _MISTAKES:
        if all(math.isclose(got, mistake(groups), abs_tol=1e-6) for got, groups in zip(results, CASES, strict=True)):
            return said
    if any(_is_rounded(results, digits) for digits in range(1, 6)):
        return "The result was rounded. Four nines and three are worlds apart; round when you print."
    return "This is not the share of time in which all groups are up."


def _is_rounded(results: list[float], digits: int) -> bool:
    """Whether all would be right, had they not been rounded to so many digits."""
    pairs = zip(results, CASES, strict=True)
    return all(math.isclose(got, round(right(groups), digits), abs_tol=1e-9) for got, groups in pairs)


def _told(groups: Groups) -> str:
    return repr(groups) if len(groups) < 4 else f"[[{groups[0][0]}]] * {len(groups)}"


def _source(expression: str, head: str = "") -> str:
    return f"{head}def chain(groups):\n    return {expression}"


_FLAT = "[up for group in groups for up in group]"
_MATH = "from math import prod\n\n\n"

CHAIN = Exercise(
    id="chain",
    lesson=1,
    title="A chain and its copies",
    minutes=6,
    task=(
        "Write `chain(groups)`: the share of time in which a request can be answered. `groups` is a list of groups that must *all* be up; a group "
        "is a list of copies of which *one* must be up, each given by its own share of time. They fail independently. "
        "`chain([[0.99], [0.99]])` is 0.9801, and `chain([[0.9, 0.9]])` is 0.99."
    ),
    stub='def chain(groups):\n    """The share of time in which every group has a copy that is up."""\n    ...',
    check=check,
    hints=(
        "How often is a group *down*? When all of its copies are.",
        "A group is up 1 - (1 - a) × (1 - b) … of the time; the groups are then multiplied.",
    ),
    solutions=(
        _source("prod(1 - prod(1 - up for up in group) for group in groups)", _MATH),
        "def chain(groups):\n    up = 1\n    for group in groups:\n        down = 1\n        for copy in group:\n"
        "            down *= 1 - copy\n        up *= 1 - down\n    return up",
    ),
    wrong={
        _source(f"sum({_FLAT}) / len({_FLAT})"): "This is the mean",
        _source(f"min({_FLAT})"): "The weakest link is not all",
        _source(f"prod({_FLAT})", _MATH): "A copy was taken for one more part",
        _source(f"1 - sum(1 - up for up in {_FLAT})"): "The failures were added up",
        _source(f"sum({_FLAT})"): "Availabilities were added",
        _source("prod(max(group) for group in groups)", _MATH): "Of each group only the best copy was counted",
        _source(f"1 - prod(1 - up for up in {_FLAT})", _MATH): "This asks that any part at all is up",
        _source(
            "prod(1 - (1 - sum(group) / len(group)) / len(group) for group in groups)", _MATH
        ): "Two copies halve nothing",
        _source(
            "round(prod(1 - prod(1 - up for up in group) for group in groups), 2)", _MATH
        ): "The result was rounded",
        _source(
            "round(prod(1 - prod(1 - up for up in group) for group in groups), 4)", _MATH
        ): "The result was rounded",
        _source("min(1 - prod(1 - up for up in group) for group in groups)", _MATH): "The weakest link is not all",
        _source("1 - sum(prod(1 - up for up in group) for group in groups)", _MATH): "The failures were added up",
        _source("prod(sum(group) for group in groups)", _MATH): "Availabilities were added",
        _source("prod(sum(group) / len(group) for group in groups)", _MATH): "In each group the mean was taken",
        _source("prod(1 - (1 - group[0]) ** len(group) for group in groups)", _MATH): "The first copy of a group",
        _source("100 * prod(1 - prod(1 - up for up in group) for group in groups)", _MATH): "This is in percent",
        "def chain(groups):\n    up = 1\n    for group in groups:\n        down = 1\n        for copy in group:\n"
        "            down *= 1 - copy\n        up *= 1 - down\n        return up": "Only the first group was counted",
        "def chain(groups):\n    up = down = 1\n    for group in groups:\n        for copy in group:\n"
        "            down *= 1 - copy\n        up *= 1 - down\n    return up": "What one group's copies came to",
        "def chain(groups):\n    up = [max(group) for group in groups]": "Nothing comes back",
        _source("'0.99'"): "A share of time is a number",
    },
)
