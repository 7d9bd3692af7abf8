"""The peers, each behind the same two methods: `on`, and `run`, which is the loop that is timed.

Every loop is written out, so that no wrapper's call is added to a peer's time; the loop itself,
about 10 ns a turn, is part of all of them. A peer is imported when it is made, not before.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import uuid4

from eda_workshop.bench.case import Handler
from eda_workshop.bus import Bus
from eda_workshop.event import Event

DATA = {"name": "Ada", "plan": "free"}


class Peer(Protocol):
    """Something to publish with."""

    def on(self, name: str, handler: Handler) -> None:
        """Call the handler for events of this name, or of the names that a pattern stands for."""

    def run(self, events: Iterable[Event]) -> None:
        """Publish each event."""


class DictOfLists:
    """What everybody writes first, and the least that publishing can cost in Python."""

    def __init__(self) -> None:
        self.handlers: dict[str, list[Handler]] = {}

    def on(self, name: str, handler: Handler) -> None:
        self.handlers.setdefault(name, []).append(handler)

    def publish(self, event: Any) -> None:
        for handler in self.handlers.get(event.name, ()):
            handler(event)

    def run(self, events: Iterable[Event]) -> None:
        publish = self.publish
        for event in events:
            publish(event)


class OurBus:
    """The kit's bus without a log: each handler belongs to a subscriber of its own."""

    def __init__(self, bus: Bus | None = None) -> None:
        self.bus = bus or Bus()

    def on(self, name: str, handler: Handler) -> None:
        self.bus.subscriber(f"subscriber {len(self.bus.subscribers)}").on(name, handler)

    def run(self, events: Iterable[Event]) -> None:
        publish = self.bus.publish
        for event in events:
            publish(event)


class Pyee:
    """pyee's emitter; the event goes as the one argument."""

    def __init__(self) -> None:
        from pyee.base import EventEmitter

        self.emitter = EventEmitter()

    def on(self, name: str, handler: Handler) -> None:
        self.emitter.on(name, handler)

    def run(self, events: Iterable[Event]) -> None:
        emit = self.emitter.emit
        for event in events:
            emit(event.name, event)


class Blinker:
    """One blinker signal a name, strong references; the event goes as the sender."""

    def __init__(self) -> None:
        from blinker import Namespace

        self.signals = Namespace()

    def on(self, name: str, handler: Handler) -> None:
        self.signals.signal(name).connect(handler, weak=False)

    def run(self, events: Iterable[Event]) -> None:
        signals = self.signals
        for event in events:
            signals[event.name].send(event)


class Pymitter:
    """pymitter's emitter with wildcards."""

    def __init__(self) -> None:
        from pymitter import EventEmitter

        self.emitter = EventEmitter(wildcard=True)

    def on(self, name: str, handler: Handler) -> None:
        self.emitter.on(name, handler)

    def run(self, events: Iterable[Event]) -> None:
        emit = self.emitter.emit
        for event in events:
            emit(event.name, event)


class MakingByHand(DictOfLists):
    """Makes each event itself, as code without a library does: a dict with an id and a time."""

    def publish_new(self, name: str, data: dict[str, Any]) -> None:
        event = {"name": name, "data": data, "id": str(uuid4()), "occurred": datetime.now(UTC)}
        for handler in self.handlers.get(name, ()):
            handler(event)

    def run(self, events: Iterable[Event]) -> None:
        publish = self.publish_new
        for event in events:
            publish(event.name, DATA)


class OurBusMaking(OurBus):
    """The kit's bus, which checks name and data, freezes them, and adds id and time."""

    def run(self, events: Iterable[Event]) -> None:
        publish = self.bus.publish
        for event in events:
            publish(event.name, DATA)
