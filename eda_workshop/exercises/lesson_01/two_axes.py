"""Place systems on the two axes."""

from __future__ import annotations

from typing import Any

from eda_workshop.exercises.attempt import require_table
from eda_workshop.exercises.exercise import Exercise, Wrong

RIGHT = {
    "desk": ("one", 1),
    "office": ("one", 2),
    "shop": ("one", 3),
    "layers": ("one", 1),
    "modules": ("one", 3),
    "farm": ("one", 3),
    "page": ("one", 3),
    "services": ("many", 3),
}
_UNITS = {
    "desk": "Screen, rules and data come as one program: there is one thing to deploy.",
    "office": "Twenty copies of one program are still one thing that is released. A copy is no unit of its own.",
    "shop": "Three tiers don't make it many units: the application is released as one. Three-tier is not the opposite of a monolith.",
    "layers": "Layers say what code is for. All three of these are released together.",
    "modules": "Modules that are released together are one unit, however well they are kept apart: a modular monolith.",
    "farm": "Eight servers run the same application. Copies for the load are not units: one release replaces them all.",
    "page": "A single-page application needs no microservices. Page and server are released together here.",
    "services": "Each of the ten is released alone. That is what makes them units.",
}
_TIERS = {
    "desk": "Everything runs on one machine.",
    "office": "The data are on a server, everything else on the desks: two kinds of machines.",
    "shop": "Browser, application server, database server: count the kinds of machines.",
    "layers": "A layer is no tier. These three share one machine.",
    "modules": "Modules inside a program add no machine. The shop runs where it ran.",
    "farm": "More servers of one kind are the same tier, and what spreads the load stands at the edge; it does none of the work.",
    "page": "The page runs in the browser, as any page does. Nothing was added, and nothing taken away.",
    "services": "Ten services on one kind of machine are one tier, beside the browsers and the database servers.",
}
_LOOK = "Ask twice: what is released together, and on how many kinds of machines does it run?"


def check(answer: Any) -> None:
    table = require_table(answer, tuple(RIGHT))
    for name, given in table.items():
        units, tiers = _pair(name, given)
        if units != RIGHT[name][0]:
            raise Wrong(_UNITS[name], got=f"{name}: {units!r}", look=_LOOK)
        if tiers != RIGHT[name][1]:
            raise Wrong(_TIERS[name], got=f"{name}: {tiers}", look=_LOOK)


def _pair(name: str, given: Any) -> tuple[Any, Any]:
    wanted = '"one" or "many", and behind it 1, 2 or 3, such as ("one", 2)'
    if not isinstance(given, (tuple, list)) or len(given) != 2:
        raise Wrong("Each is a pair of two answers.", expected=wanted, got=f"{name}: {given!r:.40}", look=_LOOK)
    units, tiers = given
    if units not in ("one", "many") or type(tiers) is not int:
        raise Wrong(
            "Each is a word for the units and a number of tiers.", expected=wanted, got=f"{name}: {given!r:.40}"
        )
    return units, tiers


_STUB = """two_axes = {
    "desk": ...,  # bookkeeping on one PC: screens, rules and the data file
    "office": ...,  # the same program on twenty desks; the data moved to one server
    "shop": ...,  # browsers, one application on a server, a database server
    "layers": ...,  # a program on one PC, neatly divided in screen, logic and data layer
    "modules": ...,  # the shop, whose application now has ten modules, released together
    "farm": ...,  # the shop, whose application now runs on eight servers behind a load balancer
    "page": ...,  # the shop as a single-page application; page and server are released together
    "services": ...,  # browsers, ten services that are released alone, their database servers
}"""


def _filled(**changed: tuple[str, int]) -> str:
    return f"two_axes = {RIGHT | changed}"


TWO_AXES = Exercise(
    id="two_axes",
    lesson=1,
    title="Two axes",
    minutes=5,
    task=(
        'Place eight systems on both axes. Write a pair for each: `"one"` or `"many"` for the units that are deployed, and `1`, `2` or `3` '
        'for its tiers, such as `("one", 2)`. Database products and browsers are bought, not deployed: count what the team releases.'
    ),
    stub=_STUB,
    check=check,
    hints=(
        "The first answer has nothing to do with machines: it asks what a team releases together.",
        "Seven of the eight are one unit.",
        "Copies, layers and modules change neither number.",
    ),
    solutions=(_filled(), f"two_axes = dict({', '.join(f'{name}={list(pair)}' for name, pair in RIGHT.items())})"),
    wrong={
        f"two_axes = {RIGHT | {'desk': 'one'}}": "Each is a pair of two answers",
        f"two_axes = {RIGHT | {'desk': ('1', 1)}}": "Each is a word for the units",
        _filled(shop=("many", 3)): "Three tiers don't make it many units",
        _filled(office=("many", 2)): "Twenty copies of one program are still one thing that is released",
        _filled(layers=("one", 3)): "A layer is no tier",
        _filled(modules=("many", 3)): "Modules that are released together are one unit",
        _filled(farm=("many", 3)): "Eight servers run the same application",
        _filled(page=("many", 3)): "A single-page application needs no microservices",
        _filled(services=("one", 3)): "Each of the ten is released alone",
        _filled(office=("one", 1)): "The data are on a server",
    },
)
