"""Tell four systems apart by two tests."""

from __future__ import annotations

from typing import Any

from eda_workshop.exercises.attempt import compare, require_words
from eda_workshop.exercises.exercise import Exercise, Wrong

WORDS = ("monolith", "modular monolith", "microlith", "microservices")
RIGHT = {
    "bank": "monolith",
    "clinic": "modular monolith",
    "travel": "microlith",
    "market": "microlith",
    "library": "microservices",
    "giant": "microservices",
}
_SAID = {
    "bank": "It is deployed as one and falls as one, and inside everybody reaches into everything. There is nothing micro or modular about it.",
    "clinic": "One unit, so it falls as one; but its parts own their data and have doors. It is modular, and a monolith.",
    "travel": "There are queues everywhere, and everybody waits: they fall together. Neither a queue nor many processes make a part independent.",
    "market": "No queue is in sight, and yet: they call in a chain, share a database, and must be released on one day. The release test decides.",
    "library": "One stopped, and the others went on; each is released alone. What they use between them is not the test.",
    "giant": "Small is not the point: it is released alone, owns its data, and stops nobody. It may be as large as it likes.",
}
_ONE_UNIT = "That would be one unit. These are several, and only fall or are released as if they were one: that has a name of its own."
_LOOK = "Two tests: does it fall together, and must it be released together?"


def check(answer: Any) -> None:
    table = require_words(answer, RIGHT, WORDS, "Four words are possible.")
    if set(table.values()) == {"microservices"}:
        raise Wrong("Not everything that is cut in pieces is independent.", look=_LOOK)
    compare(table, RIGHT, _SAID | _taken_for_one(table), _LOOK)


def _taken_for_one(table: dict[str, Any]) -> dict[str, str]:
    """The sentence for a microlith that is taken for a monolith, of either kind."""
    return {name: _ONE_UNIT for name in ("travel", "market") if table[name].endswith("monolith")}


_STUB = """microlith = {
    "bank": ...,  # one program; any part may call any other and write any table
    "clinic": ...,  # one program; each part has its own tables and is entered by its interface only
    "travel": ...,  # 12 services with queues in between; each waits for answers; one stops, 11 stop
    "market": ...,  # 8 services call each other by HTTP, share a database, are released on one day
    "library": ...,  # 5 services with data of their own, released alone; one stopped, 4 went on
    "giant": ...,  # 3 services of 200,000 lines each, released alone, own data; one stopped, 2 went on
}"""


def _filled(**changed: str) -> str:
    return f"microlith = {RIGHT | changed}"


MICROLITH = Exercise(
    id="microlith",
    lesson=1,
    title="By their fruits",
    minutes=4,
    task=(
        'Six systems, each with what was seen. Write `"monolith"`, `"modular monolith"`, `"microlith"` or `"microservices"`, by the failure test '
        "and the release test, and not by how the system looks."
    ),
    stub=_STUB,
    check=check,
    hints=(
        "What falls together and is released together is one thing, however many processes it has.",
        "Two of the six are microliths: one has queues, the other none.",
    ),
    solutions=(_filled(),),
    wrong={
        _filled(bank="big"): "Four words are possible",
        f"microlith = {dict.fromkeys(RIGHT, 'microservices')}": "Not everything that is cut in pieces",
        _filled(travel="microservices"): "There are queues everywhere",
        _filled(market="microservices"): "No queue is in sight",
        _filled(travel="monolith"): "That would be one unit",
        _filled(market="modular monolith"): "That would be one unit",
        _filled(clinic="microservices"): "One unit",
        _filled(bank="modular monolith"): "It is deployed as one and falls as one",
        _filled(library="microlith"): "One stopped",
        _filled(giant="monolith"): "Small is not the point",
    },
)
