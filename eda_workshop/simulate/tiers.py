"""Three tiers: many frontends, servers in the middle that can be added, and a store in several copies."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import comb

from eda_workshop.errors import check_number
from eda_workshop.simulate.conditions import Load
from eda_workshop.simulate.run import run_system
from eda_workshop.simulate.system import Operation, Service, System, call

SERVER, REPLICA = 0.006, 0.004
"""Seconds that a server, and then a replica, works on one request. A server waits for the store, so it does 100 a second."""
SESSIONS, UP, SECONDS, PATIENCE = 600, 0.99, 5, 0.5


@dataclass(frozen=True)
class Tiers:
    """How the drive is built, and what of it is down.

    servers        in the middle, 1 to 6
    replicas       copies of the store, 1 to 5
    rate           requests a second, 10 to 800
    sticky         whether a server keeps the sessions of its users in its own memory
    dead_servers   how many servers are down
    dead_replicas  how many replicas are down
    """

    servers: int = 3
    replicas: int = 3
    rate: int = 250
    sticky: bool = False
    dead_servers: int = 0
    dead_replicas: int = 0

    def __post_init__(self) -> None:
        check_number("servers", self.servers, 1, 6)
        check_number("replicas", self.replicas, 1, 5)
        check_number("rate", self.rate, 10, 800)
        check_number("dead_servers", self.dead_servers, 0, self.servers)
        check_number("dead_replicas", self.dead_replicas, 0, self.replicas)


@dataclass(frozen=True)
class Tiered:
    """What comes of it.

    can       requests a second that the middle and the store can do
    answered  the share of requests that were answered within half a second, 0 to 1
    p95       how long 95 of 100 answers took at most, in seconds
    lost      sessions that went with the dead servers, of 600
    writes    whether a majority of the replicas is up, without which nothing is written
    works     how often both is so: some server is up, and a majority of the replicas; each is up 99 % of the time
    """

    tiers: Tiers
    can: tuple[float, float]
    answered: float
    p95: float
    lost: int
    writes: bool
    works: float


@lru_cache(maxsize=64)  # an instrument asks for the same several times
def serve(tiers: Tiers) -> Tiered:
    """Put the tiers under their load, and count.

    >>> serve(Tiers(servers=2, rate=150)).answered, serve(Tiers(servers=1, rate=150)).answered < 0.8
    (1.0, True)
    """
    alive, copies = tiers.servers - tiers.dead_servers, tiers.replicas - tiers.dead_replicas
    answered, p95 = _run(tiers.rate, alive, copies)
    return Tiered(
        tiers,
        (alive / (SERVER + REPLICA), copies / REPLICA),
        answered,
        p95,
        sum(session % tiers.servers < tiers.dead_servers for session in range(SESSIONS)) if tiers.sticky else 0,
        copies > tiers.replicas // 2,
        _at_least(1, tiers.servers) * _at_least(tiers.replicas // 2 + 1, tiers.replicas),
    )


def _run(rate: int, servers: int, replicas: int) -> tuple[float, float]:
    """The share that was answered, and how long 95 of 100 took at most."""
    if not (servers and replicas):
        return 0.0, 0.0
    services = [
        Service("browser", work=0, capacity=None),
        Service("middle", work=SERVER, capacity=servers),
        Service("store", work=REPLICA, capacity=replicas),
    ]
    links = [call("browser", "middle", timeout=PATIENCE), call("middle", "store")]
    system = System("three tiers", services, links, [Operation("open a folder", "browser")], delay=0)
    run = run_system(system, Load(rate=rate, seconds=SECONDS), seed=1)
    return run.all.availability, run.all.p95


def _at_least(needed: int, there: int) -> float:
    """How often so many of them are up at once, 0 to 1."""
    return sum(comb(there, up) * UP**up * (1 - UP) ** (there - up) for up in range(needed, there + 1))
