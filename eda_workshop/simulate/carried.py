"""Tell that something changed, or tell what it is now: what either way moves, asks for, and knows when the source is gone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from eda_workshop.bus import Bus
from eda_workshop.clock import ManualClock
from eda_workshop.errors import check_number
from eda_workshop.event import Event
from eda_workshop.ids import CounterIds

USERS = 10
"""So many people take turns in moving house."""

CHANGED, DUE = "user.address_changed", "letter.due"


@dataclass(frozen=True)
class Scenario:
    """Somebody moves house every second, and each consumer writes to them in the same second.

    events     how many changes there are, one a second
    consumers  how many are told of each
    small      bytes of a payload that only says who it is about
    full       bytes of all that the source knows of one user
    down_at    the second at which the source is cut off: it can't be asked, and what it publishes waits
    down_for   for how many seconds
    """

    events: int = 100
    consumers: int = 4
    small: int = 40
    full: int = 900
    down_at: int = 40
    down_for: int = 0

    def __post_init__(self) -> None:
        check_number("events", self.events, 1, 200)
        check_number("consumers", self.consumers, 1, 8)
        check_number("small", self.small, 30, 200)
        check_number("full", self.full, 100, 4000)
        check_number("down_at", self.down_at, 1, 200)
        check_number("down_for", self.down_for, 0, 200)

    def is_cut_off(self, second: int) -> bool:
        """Whether the source can't be reached in this second."""
        return self.down_at <= second < self.down_at + self.down_for


@dataclass(frozen=True)
class Bill:
    """What one way of telling comes to.

    bus_bytes       payload that was delivered, each consumer's copy counted
    callbacks       how often the source was asked, in vain or not
    callback_bytes  payload of its answers
    failed          letters that could not be written, since the source did not answer
    stale           letters that were written from a copy which was no longer true
    failures        how many had failed by the end of each second
    ages            the age in seconds of the oldest copy that was written from, in each second
    """

    bus_bytes: int
    callbacks: int
    callback_bytes: int
    failed: int
    stale: int
    failures: tuple[int, ...]
    ages: tuple[float, ...]

    @property
    def oldest(self) -> float:
        """The age in seconds of the oldest copy that was written from."""
        return max(self.ages)


def run_traffic(scenario: Scenario, *, carried: bool) -> Bill:
    """Let the scenario happen on a bus, its events carrying the whole state or only saying who changed.

    >>> run_traffic(Scenario(), carried=False).callbacks, run_traffic(Scenario(), carried=True).callbacks
    (400, 0)
    """
    clock = ManualClock()
    bus = Bus(clock=clock, ids=CounterIds())
    source = _Source(bus, scenario, carried=carried)
    consumers = [_Consumer(bus, source, f"consumer {n}", carried=carried) for n in range(1, scenario.consumers + 1)]
    failures, ages = [], []
    for second in range(1, scenario.events + 1):
        clock.advance(1)
        source.is_up = not scenario.is_cut_off(second)
        user = f"u{second % USERS}"
        source.change(user, second)
        bus.publish(DUE, {"user": user})
        failures.append(len(bus.dead_letters))
        ages.append(max(consumer.age for consumer in consumers))
    source.is_up = True
    source.tell()
    return Bill(
        sum(consumer.heard for consumer in consumers),
        source.asked,
        source.answered,
        len(bus.dead_letters),
        sum(consumer.stale for consumer in consumers),
        tuple(failures),
        tuple(ages),
    )


def run_updates(values: tuple[int, ...] = (20, 30), *, carried: bool, gap: float = 1, behind: float = 3) -> list[int]:
    """What a consumer notes of these updates, that come `gap` seconds apart, when it is so many seconds behind.

    If a change and the consumer's turn come at the same moment, the change is first.

    >>> run_updates(carried=False), run_updates(carried=True)
    ([30, 30], [20, 30])
    """
    check_number("gap", gap, 0.5, 10, whole=False)
    check_number("behind", behind, 0, 10, whole=False)
    bus, source, inbox, noted = Bus(clock=ManualClock(), ids=CounterIds()), {"value": 10}, list[Event](), list[int]()
    bus.subscriber("consumer").on("quota.changed", inbox.append)
    changes = [(gap * n, 0, value) for n, value in enumerate(values)]
    turns = [(at + behind, 1, 0) for at, _, _ in changes]
    for _, is_turn, value in sorted(changes + turns):
        if is_turn:
            noted.append((inbox.pop(0).data if carried else source)["value"])
        else:
            source["value"] = value
            bus.publish("quota.changed", dict(source) if carried else {})
    return noted


class _Source:
    """Owns the addresses, tells of changes, and answers, unless it is cut off."""

    def __init__(self, bus: Bus, scenario: Scenario, *, carried: bool) -> None:
        self.is_up = True
        self.addresses = {f"u{number}": 0 for number in range(USERS)}
        self.asked = self.answered = 0
        self._bus, self._scenario, self._carried = bus, scenario, carried
        self._waiting: list[Event] = []

    def facts(self, user: str) -> dict[str, Any]:
        """All that is known of a user."""
        return _padded({"user": user, "address": self.addresses[user]}, self._scenario.full)

    def change(self, user: str, address: int) -> None:
        """Take a new address down, and say so as soon as somebody can hear it."""
        self.addresses[user] = address
        data = self.facts(user) if self._carried else _padded({"user": user}, self._scenario.small)
        self._waiting.append(self._bus.event(CHANGED, data))
        self.tell()

    def tell(self) -> None:
        """Publish what waits."""
        while self.is_up and self._waiting:
            self._bus.publish(self._waiting.pop(0))

    def ask(self, user: str) -> dict[str, Any]:
        """The callback. Raises `ConnectionError` while the source is cut off."""
        self.asked += 1
        if not self.is_up:
            raise ConnectionError("the source is cut off")
        facts = self.facts(user)
        self.answered += _size(facts)
        return facts


class _Consumer:
    """Writes to people: either from a copy that events keep up to date, or by asking the source each time."""

    def __init__(self, bus: Bus, source: _Source, name: str, *, carried: bool) -> None:
        self.heard = self.stale = 0
        self.age = 0.0
        self._clock, self._source, self._carried = bus.clock, source, carried
        # Both ways begin with the same addresses: what the first copy costs is not compared.
        self._copy: dict[str, Mapping[str, Any]] = {user: source.facts(user) for user in source.addresses}
        self._newest: datetime = bus.clock.now()
        subscriber = bus.subscriber(name, on_error="park")
        subscriber.on(CHANGED, self._hear)
        subscriber.on(DUE, self._write)

    def _hear(self, event: Event) -> None:
        self.heard += _size(event.data)
        if self._carried:
            self._copy[event.data["user"]] = event.data
            self._newest = event.occurred

    def _write(self, event: Event) -> None:
        user = event.data["user"]
        if not self._carried:
            self._source.ask(user)
            return
        self.age = (self._clock.now() - self._newest).total_seconds()
        self.stale += self._copy[user]["address"] != self._source.addresses[user]


def _size(data: Mapping[str, Any]) -> int:
    return len(msgspec.json.encode(data))


def _padded(facts: dict[str, Any], size: int) -> dict[str, Any]:
    """The facts, with as much more that their JSON has so many bytes."""
    return {**facts, "more": "x" * (size - _size({**facts, "more": ""}))}
