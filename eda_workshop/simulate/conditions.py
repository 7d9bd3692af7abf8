"""What a system is put through: a load, outages, slow parts, a network that is cut."""

from __future__ import annotations

import math
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from eda_workshop.errors import BadSetting, BadSystem, check_number
from eda_workshop.simulate.system import Operation, System

MOST_REQUESTS = 200_000
"""So many requests fit in one run, which takes about a minute."""


@dataclass(frozen=True)
class Load:
    """So many requests a second, for so many seconds; which operation each asks for follows the operations' shares.

    spread  "regular": at even distances; "random": each moment is as likely as any other (a Poisson process)
    """

    rate: float = 5.0
    seconds: float = 60.0
    spread: str = "regular"

    def __post_init__(self) -> None:
        check_number("rate", self.rate, 1e-9, whole=False)
        check_number("seconds", self.seconds, 1e-9, whole=False)
        if self.spread not in ("regular", "random"):
            raise BadSetting("spread", self.spread, "'regular' or 'random'")
        if not math.isfinite(self.rate * self.seconds) or self.rate * self.seconds > MOST_REQUESTS:
            raise BadSetting("seconds", self.seconds, f"a time in which at most {MOST_REQUESTS:,} requests come")

    def arrivals(self, system: System, seed: int) -> Iterator[tuple[float, Operation]]:
        """When each request comes, in seconds, and what it asks for: the same for systems with equal operations."""
        when, what = Random(f"{seed}/arrivals"), Random(f"{seed}/operations")
        operations = list(system.operations)
        shares = list(accumulate(operation.share for operation in operations))
        at, number = 0.0, 0
        while True:
            at = number / self.rate if self.spread == "regular" else at + when.expovariate(self.rate)
            if at >= self.seconds:
                return
            yield at, operations[bisect(shares, what.random() * shares[-1], 0, len(shares) - 1)]
            number += 1


@dataclass(frozen=True)
class Outage:
    """A service is down for some seconds, with everything in its unit. What it works on is lost with it."""

    service: str
    at: float
    seconds: float

    def __post_init__(self) -> None:
        _check_span(self.at, self.seconds)


@dataclass(frozen=True)
class Slow:
    """A service takes so many times as long for its own work, for some seconds. It is up, and answers."""

    service: str
    at: float
    seconds: float
    factor: float = 10.0

    def __post_init__(self) -> None:
        _check_span(self.at, self.seconds)
        check_number("factor", self.factor, 1e-9, whole=False)


@dataclass(frozen=True)
class Cut:
    """Nothing gets from one service to another, or back, for some seconds. Both are up."""

    service: str
    other: str
    at: float
    seconds: float

    def __post_init__(self) -> None:
        _check_span(self.at, self.seconds)


Fault = Outage | Slow | Cut


def outages(system: System, seconds: float, *, mean: float = 10.0, seed: int = 0) -> tuple[Outage, ...]:
    """Random outages of every unit, each as long and as often as its `up` says, independent of one another.

    mean  how long an outage is on average, in seconds; both times are exponential

    >>> from eda_workshop.simulate import Operation, Service
    >>> outages(System("one", [Service("web", up=1)], [], [Operation("see", "web")]), 3600)
    ()
    """
    check_number("seconds", seconds, 0, whole=False)
    check_number("mean", mean, 1e-9, whole=False)
    return tuple(
        outage
        for unit, services in system.units.items()
        for outage in _outages(
            services[0], min(system.by_name[name].up for name in services), seconds, mean, Random(f"{seed}/{unit}")
        )
    )


def _outages(service: str, up: float, seconds: float, mean: float, random: Random) -> Iterator[Outage]:
    if up >= 1:
        return
    whole = mean * up / (1 - up)
    # In the long run it is down for its share; so it may be down at the start as well.
    at = 0.0 if random.random() > up else random.expovariate(1 / whole)
    while at < seconds:
        lasts = random.expovariate(1 / mean)
        yield Outage(service, at, lasts)
        at += lasts + random.expovariate(1 / whole)


def check_faults(system: System, faults: tuple[Fault, ...]) -> None:
    """Raise `BadSystem` for a fault of a service that is not there."""
    for fault in faults:
        for name in (fault.service, fault.other) if isinstance(fault, Cut) else (fault.service,):
            if name not in system.by_name:
                known = f"Use one of: {', '.join(system.by_name)}."
                raise BadSystem(system.name, f"{type(fault).__name__} is of an unknown service, {name!r}", known)


def _check_span(at: float, seconds: float) -> None:
    check_number("at", at, 0, whole=False)
    check_number("seconds", seconds, 0, whole=False)
