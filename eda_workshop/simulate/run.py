"""Run a system under a load: the one call that a lesson needs."""

from __future__ import annotations

from collections.abc import Iterable

from eda_workshop.errors import check_number
from eda_workshop.simulate.capacity import overloaded
from eda_workshop.simulate.carrying import Carrier
from eda_workshop.simulate.conditions import Fault, Load, check_faults
from eda_workshop.simulate.measures import Run, Worked
from eda_workshop.simulate.part import Part, Request
from eda_workshop.simulate.system import System
from eda_workshop.simulate.tap import Tap
from eda_workshop.simulate.world import Steps, World


def run_system(
    system: System, load: Load | None = None, faults: Iterable[Fault] = (), *, seed: int = 0, patience: float = 60.0
) -> Run:
    """Run a system in virtual time under a load and with faults, and measure what becomes of it.

    load      how many requests come, and when. Default: 5 a second for a minute
    faults    `Outage`, `Slow` and `Cut`, in any number and order
    seed      decides what is random: equal seeds give equal runs, and the same requests to every system
    patience  seconds after the last request has come until the run is stopped, with what is unfinished then

    A run that would not end, because the load is beyond what a service can do or because services cause one another's
    work in a circle, is stopped, and `Run.stopped` says why.

    >>> from eda_workshop.simulate import Operation, Service, System, call
    >>> pair = System("pair", [Service("web"), Service("db")], [call("web", "db")], [Operation("see", "web")])
    >>> run_system(pair, Load(rate=2, seconds=10))
    <Run of pair: 20 asked, 20 answered, 0 failed, mean 0.030 s, 40 messages>
    """
    load, faults = load or Load(), tuple(faults)
    check_number("patience", patience, 0, whole=False)
    check_faults(system, faults)
    world = World(system, seed)
    carrier, requests = Carrier(world), list[Request]()
    for fault in faults:
        world.env.process(world.suffer(fault))
    world.env.process(_come(carrier, load, seed, requests))
    world.run(load.seconds + patience)
    return _measured(world, load, requests)


def _come(carrier: Carrier, load: Load, seed: int, requests: list[Request]) -> Steps:
    """The askers, each at its moment."""
    env = carrier.env
    for at, operation in load.arrivals(carrier.world.system, seed):
        yield env.timeout(at - env.now)
        request = Request(len(requests) + 1, operation.name, env.now)
        requests.append(request)
        env.process(carrier.ask(request, operation.entry))


def _measured(world: World, load: Load, requests: list[Request]) -> Run:
    waiting = sum(request.answered is None for request in requests)
    later = world.later + sum(tap.unheard for tap in world.taps.values())
    seconds = max([world.quiet, *(request.answered or 0 for request in requests)])
    return Run(
        system=world.system,
        seconds=seconds,
        requests=tuple(requests),
        services={name: _worked(part, world.taps.get(name), seconds) for name, part in world.parts.items()},
        messages=dict(world.messages),
        dropped=world.dropped,
        later=later,
        log=world.log,
        ages={name: tuple(tap.ages) for name, tap in world.taps.items()},
        stopped=_why(world, load, waiting, later),
    )


def _worked(part: Part, tap: Tap | None, seconds: float) -> Worked:
    capacity = part.service.capacity
    lags, ages = (tap.lags, [age for _, age in tap.ages]) if tap else ([], [])
    return Worked(
        handled=part.handled,
        refused=part.refused,
        busy=part.busy / (capacity * seconds) if capacity and seconds else 0.0,
        most=part.most,
        lag=sum(lags) / len(lags) if lags else 0.0,
        worst_lag=max(lags, default=0.0),
        unheard=tap.unheard if tap else 0,
        again=tap.again if tap else 0,
        answers=len(ages),
        stale=sum(age > 0 for age in ages),
        oldest=max(ages, default=0.0),
    )


def _why(world: World, load: Load, waiting: int, later: int) -> str:
    """Why the run was stopped, as a sentence; "" if everything came to an end."""
    head = f"Stopped at {world.env.now:.0f} s with {waiting} requests unanswered and {later} pieces of work left"
    if world.stopped:
        return f"{head}: {world.stopped}."
    if not waiting and not later:
        return ""
    beyond = [
        f"{name} is asked {asked:g} times a second and can do {can:g}"
        for name, asked, can in overloaded(world.system, load)
    ]
    why = "; ".join(beyond) or "something they wait for is down or out of reach, or has not caught up"
    return f"{head}: {why}."
