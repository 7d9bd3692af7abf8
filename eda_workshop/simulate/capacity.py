"""How much each service is asked to do, and how much it can do, from arithmetic alone."""

from __future__ import annotations

from collections import Counter

from eda_workshop.simulate.conditions import Load
from eda_workshop.simulate.system import System

_DEEPEST = 50


def overloaded(system: System, load: Load) -> list[tuple[str, float, float]]:
    """The services whose own work is more than they can do: (name, asked, can do), both a second, worst first.

    Without retries and time-outs. Time that a service spends waiting for others, in a place that it keeps, is not
    counted: a system may be beyond its capacity without being in this list.
    """
    found = []
    for name, rate in demand(system, load).items():
        service = system.by_name[name]
        if service.capacity is not None and service.work * rate > service.capacity:
            found.append((name, round(rate, 6), round(service.capacity / service.work, 6)))
    return sorted(found, key=lambda row: row[2] / row[1])


def demand(system: System, load: Load) -> dict[str, float]:
    """How often each service is asked for work, a second, if nothing fails."""
    whole = sum(operation.share for operation in system.operations)
    total: Counter[str] = Counter()
    for operation in system.operations:
        rate = load.rate * operation.share / whole
        for name, visits in _visits(system, operation.name, operation.entry).items():
            total[name] += rate * visits  # type: ignore[assignment]
    return {service.name: total[service.name] for service in system.services}


def _visits(system: System, operation: str, entry: str) -> Counter[str]:
    """How often each service is visited for one request; circles of events are cut after 50 rounds."""
    visits: Counter[str] = Counter()
    front = Counter({(entry, ""): 1})
    for _ in range(_DEEPEST):
        for (name, _after), times in front.items():
            visits[name] += times
        reached: Counter[tuple[str, str]] = Counter()
        for (name, after), times in front.items():
            for place in system.next_to(name, operation, after):
                reached[place] += times
        front = reached
    return visits
