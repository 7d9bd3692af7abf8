"""Several futures of one present: which is the cheapest?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import permutations
from typing import Any

from eda_workshop.clock import ManualClock
from eda_workshop.event import Event
from eda_workshop.exercises.attempt import require_function
from eda_workshop.exercises.exercise import Exercise, Wrong
from eda_workshop.log import open_log
from eda_workshop.replay import Branch, Model, Timeline, applies

PAST = (("Vancouver", 400), ("San Francisco", 300))
FUTURES = {
    "coast": (("Los Angeles", 60), ("Eureka", 190), ("San Diego", 70)),
    "wait": (("Halifax", 250),),
    "north": (("Boston", 110), ("Vancouver", 600), ("San Francisco", 500), ("Halifax", 120)),
}


@dataclass(frozen=True)
class Account:
    """The ports called at, in order, and what they took in all."""

    ports: tuple[str, ...] = ()
    euros: int = 0


class Dues(Model):
    """A ship pays its dues once in a port; whoever was there before pays nothing."""

    initial = Account()

    @staticmethod
    @applies("ship.arrived")
    def arrived(account: Account, event: Event) -> Account:
        port, dues = event.data["port"], event.data["dues"]
        return Account((*account.ports, port), account.euros + (0 if port in account.ports else dues))


COSTS: dict[str, Callable[[Account], int]] = {
    "north": lambda account: account.euros,
    "wait": lambda account: len(account.ports),
}
"""What a state costs, by the future that is the cheapest then: the dues, or a day for each call."""


class _Cost:
    """What the learner's function asks for each state; notes which states those were."""

    def __init__(self, cost: Callable[[Account], int]) -> None:
        self.cost = cost
        self.states: list[Account] = []

    def __call__(self, account: Account) -> int:
        if isinstance(account, Branch):
            raise Wrong(
                "The cost of a branch was asked for. A state has a cost: ask for that of its state.", look=_LOOK
            )
        self.states.append(account)
        return self.cost(account)


def _calls(calls: tuple[tuple[str, int], ...], ids: str) -> list[Event]:
    when = ManualClock().now()
    return [
        Event("ship.arrived", {"port": port, "dues": dues}, id=f"{ids}-{number}", occurred=when)
        for number, (port, dues) in enumerate(calls, 1)
    ]


def check(answer: Any) -> None:
    function = require_function(answer, "timeline", "futures", "cost")
    for best in COSTS:
        for names in permutations(FUTURES):
            _check(function, {name: _calls(FUTURES[name], name) for name in names}, best)


def _check(function: Callable[..., Any], futures: Mapping[str, list[Event]], best: str) -> None:
    log, cost = open_log("memory://", clock=ManualClock()), _Cost(COSTS[best])
    log.append(*_calls(PAST, "past"))
    last = log.last
    called = f"best_future(timeline, futures, cost) with the futures {', '.join(futures)}"
    got = function(Timeline(log, Dues), futures, cost)
    if log.last != last:
        said = "The real log was changed: a future that may never come was recorded as if it had."
        raise Wrong(said, called, f"{len(PAST)} events", f"{log.head}", _LOOK)
    if not isinstance(got, str):
        said = "The name of a future was asked for."
        raise Wrong(said, called, "one of the names", f"{got!r:.40}", _LOOK)
    if got != best:
        raise Wrong(_said(cost.states, got), called, f"{best!r}", f"{got!r:.40}", _LOOK)


def _said(states: list[Account], got: str) -> str:
    """The misconception, from the states that the costs were asked of."""
    past = tuple(port for port, _ in PAST)
    calls = [tuple(port for port, _ in future) for future in FUTURES.values()]
    seen = [state.ports for state in states]
    if not seen:
        return "No cost was asked for: the states at the ends decide, and neither the names nor the number of events."
    if any(ports != past and ports[-len(past) :] == past for ports in seen):
        return "The future was put before the past, and changed what the past had cost."
    if any(ports[: len(past)] != past for ports in seen if ports):
        return "The past is missing, or a part of it: the ship has paid in two ports, and need not pay there again."
    if any(len(ports) > len(past) + max(map(len, calls)) for ports in seen):
        return "One future goes on where the other ended. Each begins at the present: make a branch for each."
    if set(seen) <= {past, ()}:
        return "The costs are those of the present: the futures are in none of the states."
    if not {(*past, *future) for future in calls} <= set(seen):
        return "Not every future was followed to its end."
    return f"The states are right, and {got} is not the cheapest of them." if got in FUTURES else "No such future."


_LOOK = "Look at “A future that nobody has seen”."


def _source(*lines: str) -> str:
    return "def best_future(timeline, futures, cost):\n" + "\n".join(f"    {line}" for line in lines)


def _each(state: str, *before: str) -> str:
    return _source(*before, "costs = {}", "for name, events in futures.items():", f"    costs[name] = {state}", _LEAST)


_LEAST = "return min(costs, key=costs.get)"
_END = "cost(timeline.branch().append(*events).state)"

BEST_FUTURE = Exercise(
    id="best_future",
    lesson=13,
    title="The cheapest future",
    minutes=6,
    task=(
        "Where should the ship go next? `futures` is a dict, name to list of events that might come; `cost(state)` says what a state has cost "
        "in all, and a port takes its dues only once. Write `best_future(timeline, futures, cost)`: the name of the future that ends cheapest. "
        "None of them has happened, and none knows of another."
    ),
    stub='def best_future(timeline, futures, cost):\n    """The name of the future with the lowest cost at its end."""\n    ...',
    check=check,
    hints=(
        "timeline.branch() without a number shares everything: the present. How many branches do you need?",
        "For each future: branch, append its events, ask the cost of the state. Then take the name with the least.",
    ),
    solutions=(
        _each(_END),
        _source(
            "def end(name):",
            "    return cost(timeline.branch().append(*futures[name]).state)",
            "",
            "return min(futures, key=end)",
        ),
    ),
    wrong={
        _source(
            f"return min(futures, key=lambda name: {_END.replace('*events', '*futures[name]').replace('.state', '')})"
        ): ("The cost of a branch was asked for"),
        _source(
            "costs = {}",
            "for name, events in futures.items():",
            "    timeline.log.append(*events)",
            "    costs[name] = cost(timeline.at())",
            _LEAST,
        ): "The real log was changed",
        _each("cost(branch.append(*events).state)", "branch = timeline.branch()"): "One future goes on",
        _source(
            "costs = {}",
            "for name, events in futures.items():",
            "    log = open_log('memory://', clock=ManualClock())",
            "    log.append(*events)",
            "    costs[name] = cost(fold(log, timeline.model))",
            _LEAST,
        ): "The past is missing",
        _each("cost(timeline.branch(0).insert(*events).state)"): "The future was put before the past",
        _each("cost(timeline.branch().append(events[0]).state)"): "Not every future was followed",
        _each("cost(timeline.at())"): "The costs are those of the present",
        _each(_END).replace("min(", "max("): "The states are right",
        _each(_END).replace(_LEAST, "return min(costs.values())"): "The name of a future was asked for",
        _each(_END).replace(_LEAST, "return min(costs)"): "The states are right",
        _source("return min(futures, key=lambda name: len(futures[name]))"): "No cost was asked for",
        _each("len(events)"): "No cost was asked for",
    },
)
