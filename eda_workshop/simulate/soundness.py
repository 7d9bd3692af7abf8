"""What makes a described system one that can be simulated, and what is said where it can't."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import networkx as nx

from eda_workshop.errors import BadSystem

if TYPE_CHECKING:
    from eda_workshop.simulate.system import Link, System


def check_system(system: System) -> None:
    """Raise `BadSystem` for the first thing that can't be."""
    if not system.services or not system.operations:
        _refuse(system, "it has no services or no operations", "Give at least one of each.")
    _check_unique(system, "services", [service.name for service in system.services])
    _check_unique(system, "operations", [operation.name for operation in system.operations])
    for operation in system.operations:
        _check_known(system, operation.entry, f"the operation {operation.name!r} begins at")
    if not any(operation.share for operation in system.operations):
        _refuse(system, "no operation has a share of the load", "Give one of them a share above 0.")
    for link in system.links:
        _check_link(system, link)
    for operation in system.operations:
        _check_answers(system, operation.name)


def _check_link(system: System, link: Link) -> None:
    words = f"the {link.kind} of {link.source!r} goes"
    for name in (link.source, link.target):
        _check_known(system, name, f"{words} from" if name == link.source else f"{words} to")
    if link.via:
        _check_known(system, link.via, f"{words} by way of")
    if link.target in (link.source, link.via) or link.via == link.source:
        _refuse(system, f"{link.target!r} calls itself", "Work inside one service is its `work`; leave the link out.")
    operations = {operation.name for operation in system.operations}
    heard = {other.name for other in system.links if other.name and other.target == link.source}
    if link.after and link.after not in heard:
        rule = f"{link.source!r} goes on after {link.after}, of which it never hears"
        _refuse(
            system,
            rule,
            f"It hears of: {', '.join(sorted(heard)) or 'nothing'}. Add an event link, or use one of those.",
        )
    for name in link.takes:
        if name not in operations:
            rule = f"{link.source!r} → {link.target!r} is for an unknown operation, {name!r}"
            _refuse(system, rule, f"Use one of: {', '.join(sorted(operations))}.")


def _check_answers(system: System, operation: str) -> None:
    """Calls that come round to their caller are never answered."""
    waiting = nx.DiGraph()
    waiting.add_edges_from(
        (link.source, link.target) for link in system.links if link.waits and link.carries(operation)
    )
    try:
        circle = [source for source, _ in nx.find_cycle(waiting)]
    except nx.NetworkXNoCycle:
        return
    way = " → ".join([*circle, circle[0]])
    remedy = "Turn one of these calls into an event or a queue, or give the operations different links with `takes`."
    _refuse(system, f"{operation!r} is called in a circle, so nobody ever answers: {way}", remedy)


def _check_unique(system: System, what: str, names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if not name or name in seen:
            _refuse(system, f"two of its {what} are called {name!r}", "Give each a name of its own.")
        seen.add(name)


def _check_known(system: System, name: str, words: str) -> None:
    known = [service.name for service in system.services]
    if name not in known:
        _refuse(system, f"{words} {name!r}, which it has no service for", f"Use one of: {', '.join(known)}.")


def _refuse(system: System, problem: str, remedy: str) -> None:
    raise BadSystem(system.name, problem, remedy)
