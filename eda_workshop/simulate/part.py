"""A service at work: its places to work in, whether it is up, and what it came to."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from random import Random
from typing import Any

import simpy

from eda_workshop.event import Recorded
from eda_workshop.simulate.system import Service


@dataclass(frozen=True)
class Failure:
    """Why a request came to nothing: where, and what was the matter there."""

    where: str
    why: str

    def __str__(self) -> str:
        return f"{self.where} {self.why}"


@dataclass
class Request:
    """One thing that somebody asked for, in seconds of virtual time.

    answered  when the asker was told, be it an answer or a failure; None while it waits
    failure   why it came to nothing; None if it did not
    """

    number: int
    operation: str
    asked: float
    answered: float | None = None
    failure: Failure | None = None

    @property
    def response(self) -> float | None:
        """How long the asker waited; None while it still waits."""
        return None if self.answered is None else self.answered - self.asked


@dataclass(frozen=True)
class Work:
    """What a service is to do: for which operation, which services it came through, and which event told of it.

    after  the name of the event that it reacts to; "" if it was asked
    """

    operation: str
    request: int
    path: tuple[str, ...]
    event: Recorded | None = None
    after: str = ""

    def on_to(self, service: str) -> Work:
        """The same, one service further."""
        return Work(self.operation, self.request, (*self.path, service), self.event)


class Part:
    """A service that runs, with notes of what it did."""

    def __init__(self, env: simpy.Environment, service: Service, seed: int) -> None:
        self.service = service
        self.name = service.name
        self.factor = 1.0
        self.back = env.event()
        self.working: dict[simpy.Process, None] = {}
        self.handled = self.refused = self.most = 0
        self.busy = 0.0
        self._down = 0
        self._env = env
        self._places = None if service.capacity is None else simpy.Resource(env, service.capacity)
        self._random = Random(f"{seed} work {service.name}")

    @property
    def is_up(self) -> bool:
        return not self._down

    def turn(self) -> AbstractContextManager[Any]:
        """A place to work in, waited for in line, and given back at the end; None as a place if there are enough."""
        return nullcontext() if self._places is None else self._places.request()

    def duration(self) -> float:
        """How long the next piece of its own work takes, in seconds."""
        mean = self.service.work * self.factor
        if not mean or self.service.spread == "constant":
            return mean
        return self._random.expovariate(1 / mean)

    def begin(self, process: simpy.Process) -> None:
        """Note that a process works here, or waits in line."""
        self.working[process] = None
        self.most = max(self.most, len(self.working))

    def end(self, process: simpy.Process) -> None:
        """Note that it has left."""
        del self.working[process]

    def fall(self) -> None:
        """Go down, and lose everything that is being worked on."""
        self._down += 1
        if self._down == 1:
            for process in list(self.working):
                process.interrupt()

    def rise(self) -> None:
        """Come back; who waited for that goes on."""
        self._down -= 1
        if self.is_up:
            back, self.back = self.back, self._env.event()
            back.succeed()
