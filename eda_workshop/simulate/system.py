"""A system as data: services, the links between them, and what people ask of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import networkx as nx

from eda_workshop.errors import BadSetting, BadSystem, check_number
from eda_workshop.names import check_name

Spread = Literal["constant", "exponential"]

CALL, ASK, QUEUE, EVENT = "call", "queue and wait", "queue", "event"
KINDS = (CALL, ASK, QUEUE, EVENT)
"""The four kinds of link, from the tightest to the loosest."""


@dataclass(frozen=True)
class Service:
    """A part of a system that does work.

    work      seconds of its own work for one request, on average; at least 0
    capacity  how many requests it works on at a time, waiting for others included; None: any number
    spread    whether each request takes exactly that long ("constant") or varies ("exponential")
    unit      what it is deployed with, and falls with: "" for a unit of its own
    machine   where its unit runs: "" for a machine of the unit's own
    up        the share of time in which its unit is up, above 0 and at most 1; of a shared unit the lowest counts
    """

    name: str
    work: float = 0.01
    capacity: int | None = 4
    spread: Spread = "constant"
    unit: str = ""
    machine: str = ""
    up: float = 0.99

    def __post_init__(self) -> None:
        check_number("work", self.work, 0, whole=False)
        if self.capacity is not None:
            check_number("capacity", self.capacity, 1)
        check_number("up", self.up, 1e-9, 1, whole=False)


@dataclass(frozen=True)
class Link:
    """How one service reaches another. Use `call`, `ask`, `queue` and `event` to make one.

    kind      "call": the caller waits for the answer, and is refused when the target is down;
              "queue and wait": the request waits in a queue, and the caller waits for the answer all the same;
              "queue": the caller goes on, and the target does the work when it can;
              "event": the source says what happened, on the bus, and goes on; the target reads the log at its own pace
    takes     the operations that use the link; () for all
    after     the event that sets it going, by name; "" if it is part of what the source does when it is asked
    delay     seconds for one way over the network; None: the system's delay, or 0 on one machine
    timeout   seconds that a caller waits for the answer; None: for ever
    retries   how often what failed is tried again: a call at once, queued work and events after a second
    optional  whether the caller can go on without an answer, with what it has
    via       the service that keeps the queue or the log; "" if its source keeps it itself
    name      of an event: what happened, as ``noun.verb_past``
    """

    source: str
    target: str
    kind: str
    takes: tuple[str, ...] = ()
    delay: float | None = None
    timeout: float | None = None
    retries: int = 0
    optional: bool = False
    via: str = ""
    name: str = ""
    after: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise BadSetting("kind", self.kind, f"one of: {', '.join(KINDS)}")
        if self.delay is not None:
            check_number("delay", self.delay, 0, whole=False)
        if self.timeout is not None:
            check_number("timeout", self.timeout, 1e-9, whole=False)
        check_number("retries", self.retries, 0, 100)
        if self.kind == EVENT:
            check_name(self.name)
        if self.after:
            check_name(self.after)

    @property
    def waits(self) -> bool:
        """Whether the source waits for the target's answer."""
        return self.kind in (CALL, ASK)

    @property
    def needs(self) -> tuple[str, ...]:
        """The services without which the source can't do its part: what it must have an answer from."""
        kept = (self.via,) if self.via else ()
        return () if self.optional else (self.target, *kept) if self.waits else kept

    def carries(self, operation: str, after: str = "") -> bool:
        """Whether this operation uses the link, when the source is asked or after it heard of an event."""
        return self.after == after and (not self.takes or operation in self.takes)


@dataclass(frozen=True)
class Operation:
    """Something that people ask of a system: at which service it begins, and its share of the load (a weight)."""

    name: str
    entry: str
    share: float = 1.0

    def __post_init__(self) -> None:
        check_number("share", self.share, 0, whole=False)


@dataclass(frozen=True)
class System:
    """Services, the links between them in the order of use, and the operations that people ask for.

    delay  seconds for one way from one machine to another

    Raises `BadSystem` for what can't be: a link to nowhere, a service that calls itself, calls in a circle.

    >>> system = System(
    ...     "pair", (Service("web"), Service("drive")), (call("web", "drive"),), (Operation("share", "web"),)
    ... )
    >>> system
    <System pair: 2 services in 2 units on 2 machines, 1 link (1 call), 1 operation>
    """

    name: str
    services: Sequence[Service]
    links: Sequence[Link]
    operations: Sequence[Operation]
    delay: float = 0.005

    def __post_init__(self) -> None:
        check_number("delay", self.delay, 0, whole=False)
        for each in ("services", "links", "operations"):
            object.__setattr__(self, each, tuple(getattr(self, each)))
        _check_system(self)

    @cached_property
    def by_name(self) -> dict[str, Service]:
        """The services by their names."""
        return {service.name: service for service in self.services}

    @property
    def units(self) -> dict[str, tuple[str, ...]]:
        """What is deployed together, and falls together: unit → its services."""
        return self._grouped(self.unit_of(service.name) for service in self.services)

    @property
    def machines(self) -> dict[str, tuple[str, ...]]:
        """What runs where: machine → its services."""
        return self._grouped(self.machine_of(service.name) for service in self.services)

    def unit_of(self, service: str) -> str:
        """The unit that the service is part of; its own name if it stands alone."""
        return self.by_name[service].unit or service

    def machine_of(self, service: str) -> str:
        """The machine that the service runs on; its unit's name if that has one of its own."""
        return self.by_name[service].machine or self.unit_of(service)

    def hop(self, link: Link) -> float:
        """Seconds for one way over the link."""
        if link.delay is not None:
            return link.delay
        return 0.0 if self.machine_of(link.source) == self.machine_of(link.target) else self.delay

    def out_of(self, service: str, operation: str, after: str = "") -> tuple[Link, ...]:
        """The links by which this service goes on with this operation, in the order of use.

        after  the event it reacts to; "" for what it does when it is asked
        """
        return tuple(link for link in self.links if link.source == service and link.carries(operation, after))

    def next_to(self, service: str, operation: str, after: str = "") -> Iterator[tuple[str, str]]:
        """Where one piece of work is followed by others: each service, with the event it hears of or "" if it is asked.

        An event is said once, and everybody who listens to its name hears it.
        """
        said = set()
        for link in self.out_of(service, operation, after):
            if link.kind == EVENT and link.name in said:
                continue
            said.add(link.name)
            if link.via:
                yield link.via, ""
            if link.kind == EVENT:
                yield from ((other, link.name) for other in self.listeners(link.name))
            else:
                yield link.target, ""

    def listeners(self, name: str) -> list[str]:
        """The services that hear an event of this name."""
        return list(dict.fromkeys(link.target for link in self.links if link.kind == EVENT and link.name == name))

    def _grouped(self, keys: Iterable[str]) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for key, service in zip(keys, self.services, strict=True):
            found[key] = (*found.get(key, ()), service.name)
        return found

    def __repr__(self) -> str:
        kinds = [(sum(link.kind == kind for link in self.links), kind) for kind in KINDS]
        told = ", ".join(f"{count} {kind}" for count, kind in kinds if count)
        parts = (
            f"{_count(len(self.services), 'service')} in {_count(len(self.units), 'unit')} "
            f"on {_count(len(self.machines), 'machine')}",
            f"{_count(len(self.links), 'link')}" + (f" ({told})" if told else ""),
            _count(len(self.operations), "operation"),
        )
        return f"<System {self.name}: {', '.join(parts)}>"


def call(source: str, target: str, *takes: str, **settings: float | bool | str | None) -> Link:
    """The source calls the target and waits for the answer, for these operations or for all."""
    return Link(source, target, CALL, takes, **settings)  # type: ignore[arg-type]


def ask(source: str, target: str, *takes: str, **settings: float | bool | str | None) -> Link:
    """The source puts a request on a queue, and waits for the answer."""
    return Link(source, target, ASK, takes, **settings)  # type: ignore[arg-type]


def queue(source: str, target: str, *takes: str, **settings: float | bool | str | None) -> Link:
    """The source leaves work on a queue, and goes on."""
    return Link(source, target, QUEUE, takes, **settings)  # type: ignore[arg-type]


def event(source: str, name: str, target: str, *takes: str, **settings: float | bool | str | None) -> Link:
    """The source says what happened, by this name, and goes on; the target hears it."""
    return Link(source, target, EVENT, takes, name=name, **settings)  # type: ignore[arg-type]


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"


# --- what can't be simulated ----------------------------------------------------------------------


def _check_system(system: System) -> None:
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
