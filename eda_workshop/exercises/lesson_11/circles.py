"""Find a circle before anything runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any

from eda_workshop.exercises.attempt import EndlessLoop, bounded, require_function
from eda_workshop.exercises.exercise import Exercise, Wrong

Table = dict[str, tuple[list[str], list[str]]]

SELF: Table = {"sync": (["folder.moved"], ["folder.moved"])}
PAIR: Table = {"a": (["x.done"], ["y.done"]), "b": (["y.done"], ["x.done"])}
THREE: Table = {"a": (["x.done"], ["y.done"]), "b": (["y.done"], ["z.done"]), "c": (["z.done"], ["x.done"])}
DIAMOND: Table = {
    "a": (["x.done"], ["y.done", "z.done"]),
    "b": (["y.done"], ["w.done"]),
    "c": (["z.done"], ["w.done"]),
    "d": (["w.done"], []),
}
LINE: Table = {"a": (["x.done"], ["y.done"]), "b": (["y.done"], ["z.done"])}
BEHIND: Table = {"start": (["s.done"], ["x.done"]), **THREE}
SHARED: Table = {"a": (["x.done", "w.done"], ["y.done"]), "b": (["y.done"], ["w.done", "q.done"])}
APART: Table = {"a": (["x.done"], ["y.done"]), "b": (["p.done"], ["q.done"]), "c": (["q.done"], ["p.done"])}
FOUR: Table = {
    **LINE,
    "c": (["z.done"], ["w.done"]),
    "d": (["w.done"], ["x.done"]),
}
TWO_HEAR: Table = {**PAIR, "c": (["x.done"], ["z.done"])}
SECOND: Table = {"a": (["x.done"], ["z.done", "y.done"]), "b": (["y.done"], ["x.done"])}
CASES: tuple[tuple[str, Table, bool], ...] = (
    ("a line: x → y → z", LINE, False),
    ("an event that its own handler publishes", SELF, True),
    ("two that answer each other", PAIR, True),
    ("a circle of three", THREE, True),
    ("a diamond: x → y and z, both → w", DIAMOND, False),
    ("a circle that begins behind another event", BEHIND, True),
    ("y → w → y, beside a way out", SHARED, True),
    ("a circle that nothing else leads to", APART, True),
    ("a circle of four", FOUR, True),
    ("two that hear the same event, one of them in a circle", TWO_HEAR, True),
    ("one that says two things, the second in a circle", SECOND, True),
    ("nobody at all", {}, False),
)


def check(answer: Any) -> None:
    function = require_function(answer, "table")
    results = []
    for called, table, there in CASES:
        got = _run(function, called, table, there)
        if not isinstance(got, (list, tuple)):
            raise Wrong("What comes back is a list of names, empty if there is no circle.", called, got=f"{got!r:.40}")
        results.append(list(got))
    for got, (called, table, there) in zip(results, CASES, strict=True):
        if any(name == who for name in got for who in table):
            raise Wrong("These are subscribers. A circle is told by the names of events.", called, got=f"{got}")
        if bool(got) != there:
            raise Wrong(_said(results, there), called, "a circle" if there else "[]", f"{got}", _LOOK)
        if got:
            _check_circle(got, called, table)


def _run(function: Callable[..., Any], called: str, table: Table, there: bool) -> Any:
    try:
        with bounded():
            return function({name: (list(hears), list(says)) for name, (hears, says) in table.items()})
    except (RecursionError, EndlessLoop):
        if not there:
            raise
        said = "It goes round and round with the circle that it should find. A name that is met again ends the walk."
        raise Wrong(said, called, look=_LOOK) from None


def _check_circle(got: list[Any], called: str, table: Table) -> None:
    if got[0] != got[-1] and got[-1] in got[1:-1]:
        said = "The circle is in it, and the way that leads there as well. Begin with the name that comes again."
        raise Wrong(said, called, got=f"{got}", look=_LOOK)
    if len(got) < 2 or got[0] != got[-1]:
        said = "A circle ends where it began: its first name comes again as its last."
        raise Wrong(said, called, got=f"{got}", look=_LOOK)
    for cause, effect in pairwise(got):
        if not any(cause in hears and effect in says for hears, says in table.values()):
            said = "This is no chain of causes: nobody who hears the one says the next."
            raise Wrong(said, called, got=f"{cause} → {effect}", look=_LOOK)


def _said(results: list[list[Any]], there: bool) -> str:
    found = [bool(got) for got in results]
    patterns: tuple[tuple[Callable[[Table], bool], str], ...] = (
        (_only_self, "Only what a subscriber says to itself is found. Two can keep each other busy as well."),
        (_only_short, "Circles of one and of two are found, and not those that go through more."),
        (_up_to_three, "Circles of up to three are found, and not those that go through more."),
        (_from_the_first, "Only what follows from the first event was looked at. A circle can be anywhere."),
        (_last_listener, "Several may hear the same event. Only one of them was looked at."),
        (_first_said, "A subscriber may say several things. Only the first was looked at."),
        (_seen_twice, _DIAMOND),
        (_seen_twice_anywhere, _DIAMOND),
        (bool, "Every table was taken for a circle."),
        (lambda table: False, "No circle was found, and there are some."),
    )
    for wrong, said in patterns:
        if found == [wrong(table) for _, table, _ in CASES]:
            return said
    return "There is a circle, and it was not found." if there else "What was found is no circle."


def _edges(table: Table) -> set[tuple[str, str]]:
    return {(cause, effect) for hears, says in table.values() for cause in hears for effect in says}


def _closes(edges: set[tuple[str, str]], starts: Iterable[str] | None = None, most: int | None = None) -> bool:
    """Whether a walk along the edges, from these names or from all, of at most so many steps, comes back to where it was."""
    ways: list[tuple[str, ...]] = [
        (name,) for name in (starts if starts is not None else sorted({cause for cause, _ in edges}))
    ]
    while ways:
        way = ways.pop()
        for cause, effect in edges:
            if cause == way[-1]:
                if effect in way and (most is None or len(way) - way.index(effect) <= most):
                    return True
                ways += [(*way, effect)] if effect not in way else []
    return False


def _only_self(table: Table) -> bool:
    return _closes(_edges(table), most=1)


def _only_short(table: Table) -> bool:
    return _closes(_edges(table), most=2)


def _up_to_three(table: Table) -> bool:
    return _closes(_edges(table), most=3)


def _names(table: Table) -> list[str]:
    return [cause for hears, _ in table.values() for cause in hears]


def _from_the_first(table: Table) -> bool:
    return _closes(_edges(table), _names(table)[:1])


def _last_listener(table: Table) -> bool:
    says = {cause: said for hears, said in table.values() for cause in hears}
    return _closes({(cause, effect) for cause, said in says.items() for effect in said})


def _first_said(table: Table) -> bool:
    return _closes(_edges({name: (hears, says[:1]) for name, (hears, says) in table.items()}))


def _seen_twice(table: Table) -> bool:
    return _meets_again(table, _names(table)[:1])


def _seen_twice_anywhere(table: Table) -> bool:
    return any(_meets_again(table, [name]) for name in _names(table))


def _meets_again(table: Table, waiting: list[str]) -> bool:
    """Whether a walk from there meets a name again, on whatever way."""
    seen = set[str]()
    while waiting:
        name = waiting.pop()
        if name in seen:
            return True
        seen.add(name)
        waiting += [effect for cause, effect in sorted(_edges(table)) if cause == name]
    return False


_DIAMOND = "An event that can be reached in two ways was taken for a circle. A diamond comes back to nobody."
_LOOK = "From each event go on to what is said when it is heard, and keep the way. Back at a name of that way, there is a circle."
_RIGHT = """def circles(table):
    def go(way):
        for hears, says in table.values():
            for name in says if way[-1] in hears else []:
                if name in way:
                    return way[way.index(name):] + [name]
                found = go(way + [name])
                if found:
                    return found
        return []
    starts = [name for hears, _ in table.values() for name in hears]
    return next((found for found in map(go, [[name] for name in starts]) if found), [])"""
_FOUND = "way[way.index(name):] + [name]"

CIRCLES = Exercise(
    id="circles",
    lesson=11,
    title="Round and round",
    minutes=9,
    task=(
        "Write `circles(table)`. The table has for each subscriber what it hears and what it then says: "
        '`{"mailer": (["user.signed_up"], ["mail.sent"]), …}`. Give back one chain of event names that comes back to its first, such as '
        '`["a.done", "b.done", "a.done"]`, or `[]` if there is none. Every name is a whole name here, no pattern.'
    ),
    stub='def circles(table):\n    """One chain of names that comes back to its first; [] if there is none."""\n    ...',
    check=check,
    hints=(
        "Make pairs first: (cause, effect) for everything that is heard and everything that is said then.",
        "Walk along the pairs and keep the way you came. A name that is in the way already closes a circle.",
        "A name that was seen on *another* way closes none.",
    ),
    solutions=(
        _RIGHT,
        "import networkx\n\n\ndef circles(table):\n    graph = networkx.DiGraph()\n    for hears, says in table.values():\n"
        "        graph.add_edges_from((one, other) for one in hears for other in says)\n    try:\n"
        "        found = [edge[0] for edge in networkx.find_cycle(graph)]\n    except networkx.NetworkXNoCycle:\n        return []\n"
        "    return found + found[:1]",
    ),
    wrong={
        "def circles(table):\n    for hears, says in table.values():\n        for name in hears:\n            if name in says:\n"
        "                return [name, name]\n    return []": "Only what a subscriber says to itself",
        "def circles(table):\n    pairs = [(a, b) for hears, says in table.values() for a in hears for b in says]\n"
        "    for a, b in pairs:\n        if (b, a) in pairs:\n            return [a, b, a]\n    return []": "Circles of one and of two",
        "def circles(table):\n    seen, waiting = [], [name for hears, _ in table.values() for name in hears][:1]\n    while waiting:\n"
        "        name = waiting.pop()\n        if name in seen:\n            return seen[seen.index(name):] + [name]\n        seen.append(name)\n"
        "        waiting += [b for hears, says in table.values() if name in hears for b in says]\n    return []": (
            "An event that can be reached in two ways"
        ),
        _RIGHT.replace("in starts])", "in starts[:1]])"): "Only what follows from the first event",
        _RIGHT.replace("for name in says if", "for name in says[:1] if"): "A subscriber may say several things",
        "def circles(table):\n    follows = {name: says for hears, says in table.values() for name in hears}\n"
        + _RIGHT.replace("def circles(table):\n", "").replace(
            "        for hears, says in table.values():\n            for name in says if way[-1] in hears else []:",
            "        if True:\n            for name in follows.get(way[-1], []):",
        ): "Several may hear the same event",
        _RIGHT.replace("if name in way:", "if name in way[-3:]:").replace(
            "found = go(way + [name])", "found = go(way + [name]) if len(way) < 3 else []"
        ): "Circles of up to three",
        _RIGHT.replace("if name in way:", "if not way:"): "It goes round and round",
        "def circles(table):\n    return []": "No circle was found",
        "def circles(table):\n    return ['x.done', 'x.done'] if table else []": "Every table was taken for a circle",
        _RIGHT.replace(_FOUND, "way[way.index(name):]"): "A circle ends where it began",
        _RIGHT.replace(_FOUND, "['x.done', 'w.done', 'x.done']"): "This is no chain of causes",
        _RIGHT.replace(_FOUND, "way + [name]"): "The circle is in it, and the way",
        "def circles(table):\n    return [*table, *table][: len(table) + 1]": "These are subscribers",
        "def circles(table):\n    seen = []\n    for hears, says in table.values():\n        for name in hears:\n            if name in seen:\n"
        "                return [*seen, name]\n            seen.append(name)\n    return []": "There is a circle, and it was not found",
        "def circles(table):\n    return bool(table)": "What comes back is a list",
    },
)
