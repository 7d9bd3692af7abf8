"""Who stops when this one stops?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from eda_workshop.exercises.attempt import bounded, kind, require_function, require_return
from eda_workshop.exercises.exercise import Exercise, Wrong

Links = list[tuple[str, str, str]]

_WAIT = ("call", "queue and wait")
_DRIVE: Links = [
    ("web", "sharing", "call"),
    ("web", "folders", "call"),
    ("sharing", "accounts", "queue and wait"),
    ("sharing", "mailer", "event"),
    ("folders", "search", "queue"),
    ("accounts", "database", "call"),
    ("printer", "mailer", "call"),
]
CASES: tuple[tuple[Links, str], ...] = (
    ([("web", "drive", "call")], "drive"),
    ([("web", "drive", "call")], "web"),
    ([("web", "drive", "queue and wait")], "drive"),
    ([("web", "mailer", "event"), ("drive", "mailer", "queue")], "mailer"),
    (_DRIVE, "accounts"),
    (_DRIVE, "database"),
    (_DRIVE, "mailer"),
    (_DRIVE, "sharing"),
    ([("a", "b", "call"), ("b", "a", "call"), ("c", "a", "call")], "b"),
)


def _spread(links: Links, dead: str, kinds: tuple[str, ...], *, turned: bool = False, once: bool = False) -> set[str]:
    fallen = {dead}
    while True:
        pairs = [(called, caller) if turned else (caller, called) for caller, called, kind in links if kind in kinds]
        more = {caller for caller, called in pairs if called in fallen} - fallen
        if not more or (once and len(fallen) > 1):
            return fallen
        fallen |= more


def right(links: Links, dead: str) -> set[str]:
    """All that wait for the dead one, directly or through others, and itself."""
    return _spread(links, dead, _WAIT)


_ALL = ("call", "queue and wait", "queue", "event")
_MISTAKES: tuple[tuple[Callable[[Links, str], set[str]], str], ...] = (
    (lambda links, dead: right(links, dead) - {dead}, "The one that fell is missing: it has stopped as well."),
    (
        lambda links, dead: _spread(links, dead, _WAIT, turned=True),
        "The direction is turned: this follows whom the dead one calls. Those who stop are the ones that call it.",
    ),
    (
        lambda links, dead: _spread(links, dead, ("call",)),
        "A queue in between was taken for a cure. Whoever puts a request on a queue and waits for the answer, waits.",
    ),
    (
        lambda links, dead: _spread(links, dead, _ALL),
        "Everybody who is linked to it was stopped. Who leaves work behind, or says what happened, goes on.",
    ),
    (
        lambda links, dead: _spread(links, dead, ("call", "queue and wait", "queue")),
        "A queue that nobody waits for stops nobody: the work is late, and its sender has gone on.",
    ),
    (
        lambda links, dead: _spread(links, dead, ("call", "queue and wait", "event")),
        "An event stops nobody: its source has said what happened, and goes on.",
    ),
    (
        lambda links, dead: _spread(links, dead, _WAIT, once=True),
        "Only those who call it directly are found. Whoever waits for one of them stops, too.",
    ),
)
_LOOK = "Begin with the dead one, and add whoever waits for somebody in the set, until nobody is added."


def check(answer: Any) -> None:
    function = require_function(answer, "links", "dead")
    for links, dead in CASES:
        given = list(links)
        with bounded():
            got = function(given, dead)
        called = f"falls_with({_told(links)}, {dead!r})"
        require_return(got, called)
        if given != links:
            raise Wrong("The list of links was changed. It belongs to whoever passed it.", called, look=_LOOK)
        if not isinstance(got, (set, frozenset, list, tuple)):
            raise Wrong("What comes back is no set of names.", called, "a set", kind(got))
        if not all(isinstance(part, str) for part in got):
            raise Wrong(
                "What comes back holds other things than names of parts.", called, "a set of names", f"{got!r:.60}"
            )
        if set(got) != right(links, dead):
            raise Wrong(
                _said(function, set(got), links, dead),
                called,
                f"{sorted(right(links, dead))}",
                f"{sorted(map(str, got))}",
                _LOOK,
            )


def _said(function: Callable[..., Any], got: set[str], links: Links, dead: str) -> str:
    for mistake, said in _MISTAKES:
        if got == mistake(links, dead) and _always(function, mistake):
            return said
    return "These are not the parts that stop."


def _always(function: Callable[..., Any], mistake: Callable[[Links, str], set[str]]) -> bool:
    """Whether the function makes this mistake in every case: then it is this one, and not another that looks like it."""
    for links, dead in CASES[:-1]:
        with bounded():
            if set(function(list(links), dead)) != mistake(links, dead):
                return False
    return True


def _told(links: Links) -> str:
    return repr(links) if len(links) < 4 else f"[{len(links)} links]"


_BODY = """def falls_with(links, dead):
    fallen = {{dead}}
    for _ in links:
        for caller, called, kind in links:
            if {test}:
                fallen.add({add})
    return {back}"""


def _source(
    test: str = 'called in fallen and kind in ("call", "queue and wait")', add: str = "caller", back: str = "fallen"
) -> str:
    return _BODY.format(test=test, add=add, back=back)


FALLS_WITH = Exercise(
    id="falls_with",
    lesson=1,
    title="Who falls with it?",
    minutes=8,
    task=(
        "Write `falls_with(links, dead)`: the set of parts that stop when `dead` stops, itself included. `links` is a list of "
        '`(caller, called, kind)`, where kind is `"call"`, `"queue and wait"`, `"queue"` or `"event"`. A part stops if it waits for one that '
        "has stopped."
    ),
    stub='def falls_with(links, dead):\n    """The set of parts that stop when this one stops."""\n    ...',
    check=check,
    hints=(
        "Two of the four kinds wait for an answer.",
        "Start with a set that holds the dead one. Add every caller that waits for somebody in the set. Again, until nothing is added.",
        "It has to end also where two parts call each other.",
    ),
    solutions=(
        _source(),
        "def falls_with(links, dead, seen=frozenset()):\n    seen = seen | {dead}\n"
        '    for caller, called, kind in links:\n        if called == dead and "event" != kind != "queue" and caller not in seen:\n'
        "            seen = seen | falls_with(links, caller, seen)\n    return seen",
    ),
    wrong={
        _source(back="fallen - {dead}"): "The one that fell is missing",
        _source('caller in fallen and kind in ("call", "queue and wait")', "called"): "The direction is turned",
        _source('called in fallen and kind == "call"'): "A queue in between was taken for a cure",
        _source("called in fallen"): "Everybody who is linked to it was stopped",
        _source('called in fallen and kind != "event"'): "A queue that nobody waits for stops nobody",
        _source('called in fallen and kind != "queue"'): "An event stops nobody",
        _source('called == dead and kind in ("call", "queue and wait")'): "Only those who call it directly",
        "def falls_with(links, dead):\n    return {part for link in links for part in link[:2]}": "These are not the parts",
        "def falls_with(links, dead):\n    fallen = {dead}\n    while links:\n        caller, called, kind = links.pop()\n"
        '        if called in fallen and kind in ("call", "queue and wait"):\n            fallen.add(caller)\n    return fallen': (
            "The list of links was changed"
        ),
        "def falls_with(links, dead):\n    return len(links)": "What comes back is no set of names",
        "def falls_with(links, dead):\n    return [[dead]]": "What comes back holds other things than names",
        _source(back="None"): "Nothing comes back",
        "def falls_with(links, dead):\n    fallen = {dead}\n    for caller, called, kind in links:\n"
        '        if called == dead and kind in ("call", "queue and wait"):\n            fallen |= falls_with(links, caller)\n'
        "    return fallen": "falls_with calls itself without end",
    },
)
