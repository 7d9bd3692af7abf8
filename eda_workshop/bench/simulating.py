"""Simulated requests: one desk beside a library for queues and beside bare simpy; a chain over each kind of link."""

from __future__ import annotations

import random
from collections.abc import Callable, Generator
from functools import partial
from itertools import pairwise
from typing import Any

import simpy

from eda_workshop.bench.case import Aim, Block, Case, Group
from eda_workshop.bench.replaying import Replaying
from eda_workshop.simulate import Link, Load, Operation, Service, System, ask, call, event, queue, run_system
from eda_workshop.simulate.architectures import ARCHITECTURES

REQUESTS = 2_000
WORK, RATE = 0.08, 10.0
"""Seconds of work on average, and requests a second: the desk is busy four fifths of the time."""


def desk() -> Replaying:
    """Random arrivals and random work at one desk, by the kit."""
    system = System("desk", (Service("desk", WORK, 1, "exponential"),), (), (Operation("ask", "desk"),))
    return _runs(lambda: _answered(system, Load(RATE, REQUESTS / RATE, "random")))


def desk_ciw() -> Replaying:
    """The same desk, by Ciw."""
    import ciw

    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(rate=RATE)],
        service_distributions=[ciw.dists.Exponential(rate=1 / WORK)],
        number_of_servers=[1],
    )

    def run() -> int:
        ciw.seed(1)
        made = ciw.Simulation(network)
        made.simulate_until_max_customers(REQUESTS, method="Finish")
        return len(made.get_all_records())

    return _runs(run, REQUESTS)


def desk_simpy() -> Replaying:
    """The same desk, written by hand on simpy: nothing but the queue and one list of waits."""

    def run() -> int:
        env, draw, waits = simpy.Environment(), random.Random(1), list[float]()
        places = simpy.Resource(env, 1)

        def serve() -> Generator[Any, Any, None]:
            asked = env.now
            with places.request() as turn:
                yield turn
                yield env.timeout(draw.expovariate(1 / WORK))
            waits.append(env.now - asked)

        def come() -> Generator[Any, Any, None]:
            for _ in range(REQUESTS):
                yield env.timeout(draw.expovariate(RATE))
                env.process(serve())

        env.process(come())
        env.run()
        return len(waits)

    return _runs(run, REQUESTS)


def chain(tie: Callable[[str, str], Link]) -> Replaying:
    """Four services, each tied to the next; requests at even distances."""
    names = ("web", "drive", "mailer", "printer")
    links = [tie(one, other) for one, other in pairwise(names)]
    system = System("chain", [Service(name) for name in names], links, (Operation("ask", "web"),))
    return _runs(lambda: _answered(system, Load(RATE, REQUESTS / RATE)), REQUESTS)


def lesson(name: str) -> Replaying:
    """What a lesson runs: one way to build the drive, ten requests a second for a minute."""
    system, load = ARCHITECTURES[name].system, Load(10, 60)
    return _runs(lambda: _answered(system, load) // 600, 1)


def _told(source: str, target: str) -> Link:
    after = "" if source == "web" else f"{source}.told"
    return event(source, f"{target}.told", target, after=after)


def _answered(system: System, load: Load) -> int:
    return run_system(system, load, seed=1).all.answered


def _runs(run: Callable[[], int], due: int | None = None) -> Replaying:
    """Runs that must all come to the same number of answers."""
    due = run() if due is None else due
    return Replaying(run, due, due, lambda: None)


DESK = "one desk, random arrivals and work"
CHAIN = "a chain of four services"
LESSON = "a lesson's run: 600 requests to the drive"

GROUP = Group(
    name="simulate",
    title="Simulated systems",
    about="Virtual time; every run with its measures. The chain over events appends each to a log and delivers it by the bus.",
    clock="cpu",
    rounds=15,
    blocks=(
        Block(
            DESK,
            (
                Case("eda_workshop", desk, peak=False),
                Case("ciw", desk_ciw, "ciw", peak=False),
                Case("simpy, by hand", desk_simpy, peak=False),
            ),
            "request",
        ),
        Block(
            CHAIN,
            (
                Case("calls", partial(chain, call), peak=False),
                Case("queues that are waited for", partial(chain, ask), peak=False),
                Case("queues", partial(chain, queue), peak=False),
                Case("events", partial(chain, _told), peak=False),
            ),
            "request",
        ),
        Block(LESSON, tuple(Case(name, partial(lesson, name), peak=False) for name in ARCHITECTURES), "run"),
    ),
    aims=(
        Aim(DESK, "eda_workshop", "at most", 1.0, "ciw"),
        Aim(DESK, "eda_workshop", "at most", 3.0, "simpy, by hand"),
    ),
)
"""What `bench --only simulate` runs."""
