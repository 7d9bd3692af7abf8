"""The world in which a system runs: virtual time, the parts, the real bus with its log, and what is broken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator
from datetime import datetime, timedelta
from typing import Any

import simpy

from eda_workshop.bus import Bus
from eda_workshop.ids import CounterIds
from eda_workshop.log import open_log
from eda_workshop.simulate.conditions import Cut, Fault, Slow
from eda_workshop.simulate.part import Part
from eda_workshop.simulate.system import EVENT, System
from eda_workshop.simulate.tap import START, React, Tap

MOST_AT_ONCE = 50_000
"""So many pieces of work may wait or be worked on at one moment, before a run is taken for one that never ends."""

Steps = Generator[simpy.Event, Any, Any]


class SimulatedClock:
    """The clock of a simulated world: its zero is 09:00 on the second of March 2026."""

    def __init__(self, env: simpy.Environment) -> None:
        self._env = env

    def now(self) -> datetime:
        """The moment of the world."""
        return START + timedelta(seconds=self._env.now)


class World:
    """Parts that work, fall and come back, on one clock; events go over a real bus and stay in its log.

    messages  how many went between units, by kind of link
    later     how much queued work is not done yet; `dropped` is how much was given up
    quiet     when the last piece of work ended, in seconds
    stopped   why the run must not go on; "" while it may
    """

    def __init__(self, system: System, seed: int) -> None:
        self.system = system
        self.env = simpy.Environment()
        self.parts = {service.name: Part(self.env, service, seed) for service in system.services}
        self.taps: dict[str, Tap] = {}
        self.log = open_log("memory://", clock=SimulatedClock(self.env))
        self.bus = Bus(self.log, ids=CounterIds())
        self.messages: Counter[str] = Counter()
        self.later = self.dropped = 0
        self.quiet = 0.0
        self.stopped = ""
        self.healed = self.env.event()
        self._over = self.env.event()
        self._open = 0
        self._cuts: Counter[frozenset[str]] = Counter()

    def subscribe(self, react: React) -> None:
        """Give every service that listens a tap on the bus."""
        for service in self.system.services:
            links = [link for link in self.system.links if link.kind == EVENT and link.target == service.name]
            if links:
                by_name = {link.name: link for link in reversed(links)}
                self.taps[service.name] = Tap(self.bus, service.name, by_name, react)

    def run(self, end: float) -> None:
        """Let time pass until this second, or until the world is stopped."""
        self.env.timeout(end).callbacks.append(lambda _: self._finish())
        self.env.run(self._over)

    def stop(self, why: str) -> None:
        """End the run before its time."""
        self.stopped = why
        self._finish()

    def begin(self) -> None:
        """Note that a piece of work begins; if too many are open at once, the world is stopped."""
        self._open += 1
        if self._open > MOST_AT_ONCE:
            self.stop(
                f"{MOST_AT_ONCE:,} pieces of work were open at once. Look for a service that is asked for more than it can "
                "do, or for events that cause ever more events; or give a shorter load"
            )

    def end(self) -> None:
        """Note that a piece of work has ended."""
        self._open -= 1
        self.quiet = self.env.now

    def _finish(self) -> None:
        if not self._over.triggered:
            self._over.succeed()

    def is_cut(self, one: str, other: str) -> bool:
        """Whether nothing gets from one service to the other now."""
        return bool(self._cuts) and self._cuts[frozenset((one, other))] > 0

    def suffer(self, fault: Fault) -> Steps:
        """One fault, from its beginning to its end; a process of the world."""
        yield self.env.timeout(fault.at)
        if isinstance(fault, Slow):
            yield from self._slow(fault)
        elif isinstance(fault, Cut):
            yield from self._cut(fault)
        else:
            yield from self._outage(fault.service, fault.seconds)

    def _slow(self, fault: Slow) -> Steps:
        part = self.parts[fault.service]
        part.factor *= fault.factor
        yield self.env.timeout(fault.seconds)
        part.factor /= fault.factor

    def _outage(self, service: str, lasts: float) -> Steps:
        fallen = self.system.units[self.system.unit_of(service)]
        taps = [self.taps[name] for name in fallen if name in self.taps]
        for tap in taps:
            tap.close(forget=True)
        for name in fallen:
            self.parts[name].fall()
        yield self.env.timeout(lasts)
        for name in fallen:
            self.parts[name].rise()
        for tap in taps:
            tap.open()

    def _cut(self, fault: Cut) -> Steps:
        ends = frozenset((fault.service, fault.other))
        told = [link for link in self.system.links if link.kind == EVENT]
        listeners = dict.fromkeys(link.target for link in told if ends == {link.via or link.source, link.target})
        taps = [self.taps[name] for name in listeners]
        self._cuts[ends] += 1
        for tap in taps:
            tap.close(forget=False)
        yield self.env.timeout(fault.seconds)
        self._cuts[ends] -= 1
        healed, self.healed = self.healed, self.env.event()
        healed.succeed()
        for tap in taps:
            tap.open()
