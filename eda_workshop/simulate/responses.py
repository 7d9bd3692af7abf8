"""Request against publish in virtual time: who waits, for how long, and where the work goes."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any

import simpy


@dataclass
class Job:
    """One piece of work, with its times in seconds from the start.

    arrived    when the caller asked
    answered   when the caller had an answer and could go on
    begun      when the worker began
    done       when the worker was done
    """

    number: int
    arrived: float
    answered: float = 0
    begun: float = 0
    done: float = 0

    @property
    def response(self) -> float:
        """How long the caller waited, in seconds."""
        return self.answered - self.arrived


@dataclass
class Timings:
    """What a run came to: its jobs, and how many waited or were worked on after each change."""

    jobs: list[Job] = field(default_factory=list)
    depth: list[tuple[float, int]] = field(default_factory=lambda: [(0.0, 0)])

    @property
    def mean_response(self) -> float:
        """The mean of what the callers waited, in seconds; 0 without jobs."""
        waits = [job.response for job in self.jobs]
        return round(sum(waits) / len(waits), 6) if waits else 0.0

    @property
    def deepest(self) -> int:
        """The most jobs that were unfinished at one moment."""
        return max(depth for _, depth in self.depth)

    @property
    def end(self) -> float:
        """When the last job was done, in seconds."""
        return max((job.done for job in self.jobs), default=0.0)


def run_jobs(*, publish: bool, jobs: int = 6, every: float = 2.0, work: float = 3.0, base: float = 0.1) -> Timings:
    """`jobs` callers, one every `every` seconds, and one worker that needs `work` seconds for each job.

    A caller spends `base` seconds on its own part. With `publish=False` it then waits until the worker has done its
    job; with `publish=True` it goes on at once, and the worker takes the job when it is free.

    >>> run_jobs(publish=False, jobs=1).mean_response, run_jobs(publish=True, jobs=1).mean_response
    (3.1, 0.1)
    """
    world, timings = simpy.Environment(), Timings()
    worker = simpy.Resource(world, capacity=1)
    for number in range(jobs):
        job = Job(number + 1, arrived=number * every)
        timings.jobs.append(job)
        world.process(_call(world, worker, job, timings, work, base, publish=publish))
    world.run()
    return timings


def _call(
    world: simpy.Environment,
    worker: simpy.Resource,
    job: Job,
    timings: Timings,
    work: float,
    base: float,
    *,
    publish: bool,
) -> Generator[Any, Any, None]:
    yield world.timeout(job.arrived + base)
    finished = world.process(_work(world, worker, job, timings, work))
    if not publish:
        yield finished
    job.answered = round(world.now, 6)


def _work(
    world: simpy.Environment, worker: simpy.Resource, job: Job, timings: Timings, work: float
) -> Generator[Any, Any, None]:
    _count(timings, world.now, +1)
    with worker.request() as turn:
        yield turn
        job.begun = round(world.now, 6)
        yield world.timeout(work)
        job.done = round(world.now, 6)
    _count(timings, world.now, -1)


def _count(timings: Timings, now: float, change: int) -> None:
    """Note a change of depth; of several at one moment only the last is kept."""
    at, depth = timings.depth[-1]
    if at == round(now, 6):
        timings.depth.pop()
    timings.depth.append((round(now, 6), depth + change))
