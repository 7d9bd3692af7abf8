"""Questions to the graph: who falls when this falls, and how often is everything up that is needed."""

from __future__ import annotations

import math
from dataclasses import dataclass

import networkx as nx

from eda_workshop.errors import BadSystem
from eda_workshop.simulate.system import Operation, System


@dataclass(frozen=True)
class Blast:
    """What the fall of some parts does to the rest. All names are of services, in the system's order.

    dead     what fell: with each part everything in its unit
    stopped  what is up and can do none of its operations any more
    hurt     what is up and can do some of its operations
    behind   what is up and gets no news, or what is dead and has work waiting for it, so that it is late
    lost     the operations that fail
    share    the share of the load that these are, 0 to 1
    """

    dead: tuple[str, ...]
    stopped: tuple[str, ...]
    hurt: tuple[str, ...]
    behind: tuple[str, ...]
    lost: tuple[str, ...]
    share: float

    @property
    def radius(self) -> int:
        """How many services can't do all of their work any more, the dead ones included."""
        return len(self.dead) + len(self.stopped) + len(self.hurt)


def needed(system: System, operation: str, at: str = "", after: str = "") -> frozenset[str]:
    """The services that must be up for this operation, from its entry on, or for the part of it from another service on.

    after  the event by which that other service comes to it; "" if it is asked

    >>> from eda_workshop.simulate import Operation, Service, System, call, event
    >>> services = [Service(name) for name in ("web", "drive", "mailer")]
    >>> links = [call("web", "drive"), event("drive", "folder.shared", "mailer")]
    >>> sorted(needed(System("three", services, links, [Operation("share", "web")]), "share"))
    ['drive', 'web']
    """
    entry = at or _operation(system, operation).entry
    waiting = nx.DiGraph()
    waiting.add_node(entry)
    for service in system.by_name:
        for link in system.out_of(service, operation, after if service == entry else ""):
            waiting.add_edges_from((service, other) for other in link.needs)
    return frozenset({entry, *nx.descendants(waiting, entry)})


def blast(system: System, *names: str) -> Blast:
    """What falls, stops, limps or is late when these services, units or machines fall.

    A service falls with its unit, a unit with its machine. What waits for a fallen service can't do that operation;
    what listens to it hears nothing new, and goes on.

    >>> from eda_workshop.simulate import Operation, Service, System, ask
    >>> pair = System("pair", [Service("a"), Service("b")], [ask("a", "b")], [Operation("work", "a")])
    >>> blast(pair, "b")
    Blast(dead=('b',), stopped=('a',), hurt=(), behind=(), lost=('work',), share=1.0)
    """
    dead = _dead(system, names)
    able: dict[str, list[bool]] = {service.name: [] for service in system.services}
    lost = []
    for operation in system.operations:
        for name, after in _places(system, operation):
            able[name].append(not needed(system, operation.name, name, after) & dead)
        if needed(system, operation.name) & dead:
            lost.append(operation)
    up = [service.name for service in system.services if service.name not in dead]
    whole = sum(operation.share for operation in system.operations)
    return Blast(
        _in_order(system, dead),
        tuple(name for name in up if able[name] and not any(able[name])),
        tuple(name for name in up if any(able[name]) and not all(able[name])),
        _in_order(system, _behind(system, dead)),
        tuple(operation.name for operation in lost),
        round(sum(operation.share for operation in lost) / whole, 6),
    )


def availability(system: System, operation: str = "") -> float:
    """The share of time in which an operation works, if units fail independently; of the whole load without one.

    The product over the units that must be up: of a chain of n at 0.99 each it is 0.99 to the n-th power. Of a unit
    with several services the lowest `up` counts once, because they run and fall together.
    """
    if operation:
        units = {system.unit_of(name) for name in needed(system, _operation(system, operation).name)}
        members = system.units
        return math.prod(min(system.by_name[name].up for name in members[unit]) for unit in units)
    whole = sum(each.share for each in system.operations)
    return sum(each.share * availability(system, each.name) for each in system.operations) / whole


def _dead(system: System, names: tuple[str, ...]) -> frozenset[str]:
    """Everything that falls with these. A name stands for the service first, then the unit, then the machine."""
    dead: set[str] = set()
    for name in names:
        if name in system.by_name:
            dead.update(system.units[system.unit_of(name)])
        elif name in system.units:
            dead.update(system.units[name])
        elif name in system.machines:
            dead.update(system.machines[name])
        else:
            known = ", ".join(system.by_name)
            raise BadSystem(system.name, f"{name!r}, which should fall, is no part of it", f"Use one of: {known}.")
    return frozenset(dead)


def _places(system: System, operation: Operation) -> set[tuple[str, str]]:
    """Every service that has a part in the operation, waited for or not, with the event by which it comes to it."""
    start = (operation.entry, "")
    found, waiting = {start}, [start]
    while waiting:
        service, after = waiting.pop()
        new = set(system.next_to(service, operation.name, after)) - found
        found |= new
        waiting += new
    return found


def _behind(system: System, dead: frozenset[str]) -> set[str]:
    """Who listens to what is dead, and who is dead while others leave work for it."""
    loose = [link for link in system.links if not link.waits]
    silent = {link.target for link in loose if {link.source, link.via} & dead and link.target not in dead}
    return silent | {link.target for link in loose if link.target in dead and not {link.source, link.via} & dead}


def _operation(system: System, name: str) -> Operation:
    for operation in system.operations:
        if operation.name == name:
            return operation
    known = ", ".join(operation.name for operation in system.operations)
    raise BadSystem(system.name, f"it knows no operation {name!r}", f"Use one of: {known}.")


def _in_order(system: System, names: set[str] | frozenset[str]) -> tuple[str, ...]:
    return tuple(service.name for service in system.services if service.name in names)
