"""From a table to a stream: what to tell, so that somebody who has the old table gets the new one."""

from __future__ import annotations

from typing import Any

from eda_workshop.errors import FrozenData
from eda_workshop.exercises.attempt import require_function
from eda_workshop.exercises.exercise import Exercise, Wrong
from eda_workshop.values import freeze

Table = dict[str, Any]
CASES: tuple[tuple[str, Table, Table], ...] = (
    ("a new row", {"f1": "/a"}, {"f1": "/a", "f2": "/b"}),
    ("another value", {"f1": "/a", "f2": "/b"}, {"f1": "/c", "f2": "/b"}),
    ("a row that went", {"f1": "/a", "f2": "/b"}, {"f1": "/a"}),
    ("an empty path", {"f1": "/a"}, {"f1": ""}),
    ("nothing at all", {"f1": "/a", "f2": "/b"}, {"f1": "/a", "f2": "/b"}),
    ("all at once", {"f1": "/a", "f2": "/b", "f3": "/c"}, {"f2": "/b", "f3": "/d", "f4": "/a"}),
    ("from nothing", {}, {"f1": "/a"}),
    ("to nothing", {"f1": "/a"}, {}),
)


def check(answer: Any) -> None:
    function = require_function(answer, "old", "new")
    for title, old, new in CASES:
        told = _call(function, old, new)
        table = _applied(old, told)
        if table != new:
            raise Wrong(
                _said(old, new, table, dict(told)), f"{title}: changes({old}, {new})", f"{new}", f"{table}", _LOOK
            )
        needless = [key for key, value in told if old.get(key) == value]
        if needless:
            said = "What did not change is told as well. With a million rows, every change would be a million messages."
            raise Wrong(said, f"{title}: changes({old}, {new})", got=f"{needless}", look=_LOOK)
        if len({key for key, _ in told}) < len(told):
            raise Wrong(
                "A row is told twice: gone, and there again. In between, whoever reads sees it nowhere.",
                title,
                look=_LOOK,
            )


def _call(function: Any, old: Table, new: Table) -> list[tuple[str, Any]]:
    try:
        told = function(freeze(old), freeze(new))
    except FrozenData:
        raise Wrong("A table was changed. Both are only to be read.", look=_LOOK) from None
    rows = list(told) if isinstance(told, (list, tuple)) else None
    if rows is None or not all(
        isinstance(row, (list, tuple)) and len(row) == 2 and isinstance(row[0], str) for row in rows
    ):
        said = "What comes back is a list of pairs: the key, and its new value or None."
        raise Wrong(said, expected='[("f1", "/a"), ("f2", None)]', got=f"{told!r:.60}", look=_LOOK)
    return [(key, value) for key, value in rows]


def _applied(table: Table, told: list[tuple[str, Any]]) -> Table:
    """What a reader makes of it: each value in its row, and None takes the row away."""
    rows = table | dict(told)
    return {key: value for key, value in rows.items() if value is not None}


def _said(old: Table, new: Table, table: Table, told: Table) -> str:
    if told.keys() & {*new.values()} - new.keys():
        return "The pairs are turned round: first the key, then its value."
    if any(new.get(key) and value is None for key, value in told.items()):
        return "A row that is in the new table was taken away. None is for what is in the old one only."
    if any(told.get(key) is not None for key in old.keys() - new.keys()):
        return "A row that went is told with a value, and so it is still there. None takes it away."
    if any(key in table for key in old.keys() - new.keys()):
        return "A row that went is still there for whoever reads the stream. Nobody told them: what is gone must be told, too."
    if any(key not in table for key in new.keys() - old.keys()):
        return "A new row never comes."
    if any((value == "" and key not in table) or table.get(key) != value for key, value in new.items() if not value):
        return "An empty value was taken for a row that went. Empty is a value; gone is None."
    if any(table.get(key) == old[key] != new[key] for key in new.keys() & old.keys()):
        return "A row whose value changed keeps its old one."
    return "Whoever applies this to the old table doesn't get the new one."


_LOOK = "Go through the keys of both tables: only in the new one, only in the old one, in both with another value."
_HEAD = "def changes(old, new):\n"
_SET = "    told = [(key, value) for key, value in new.items() if {}]\n"
_GONE = "    return told + [(key, None) for key in old if key not in new]"

CHANGES = Exercise(
    id="changes",
    lesson=15,
    title="From a table to a stream",
    minutes=5,
    task=(
        "Write `changes(old, new)`: the messages that turn somebody's copy of the table `old`, a dict from folder to path, into `new`. A message is a pair: "
        "`(key, value)` puts a value into a row, `(key, None)` takes the row away. Tell nothing that did not change."
    ),
    stub='def changes(old, new):\n    """A list of (key, new value), None for a row that went."""\n    ...',
    check=check,
    hints=(
        "First what is new or has another value, then what is gone.",
        "old.get(key) is None for a key that isn't there; no path is None.",
    ),
    solutions=(
        _HEAD + _SET.format("old.get(key) != value") + _GONE,
        _HEAD
        + "    keys = dict.fromkeys([*old, *new])\n    return [(key, new.get(key)) for key in keys if old.get(key) != new.get(key)]",
    ),
    wrong={
        _HEAD
        + "    return [(key, value) for key, value in new.items() if old.get(key) != value]": "A row that went is still there",
        _HEAD + _SET.format("True") + _GONE: "What did not change is told as well",
        _HEAD + _SET.format("key not in old") + _GONE: "A row whose value changed keeps its old one",
        _HEAD + _SET.format("key in old and old[key] != value") + _GONE: "A new row never comes",
        _HEAD + "    return [(key, new.get(key) or None) for key in {**old, **new} if old.get(key) != new.get(key)]": (
            "An empty value was taken for a row that went"
        ),
        _HEAD + _SET.format("old.get(key) != value").replace("(key, value) for", "(value, key) for") + _GONE: (
            "The pairs are turned round"
        ),
        _HEAD + _SET.format("old.get(key) != value") + "    return told + [(key, None) for key in old]": (
            "A row that is in the new table was taken away"
        ),
        _HEAD
        + _SET.format("old.get(key) != value")
        + _GONE.replace("None", "''"): "A row that went is told with a value",
        _HEAD + "    return new": "What comes back is a list of pairs",
        _HEAD
        + "    return [(key, None) for key in old] + [(key, value) for key, value in new.items()]": "What did not change is told as well",
        _HEAD
        + "    gone = [(key, None) for key in old if old[key] != new.get(key)]\n"
        + "    return gone + [(key, value) for key, value in new.items() if old.get(key) != value]": "A row is told twice",
        _HEAD + "    old.update(new)\n    return list(old.items())": "A table was changed",
    },
)
