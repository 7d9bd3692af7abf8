"""What a publish costs: from a name and data, for a ready-made event, and as the bus grows."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import uuid4

from bench.cases import Aim, Block, Case, Counts, Group, Work, sized
from eda_workshop import Bus, CounterIds, Event, ManualClock

DATA = {"name": "Ada", "plan": "free"}
NAME = "user.signed_up"

# --- the peers ------------------------------------------------------------------------------------
#
# Every loop is written out, so that no wrapper's call is added to a peer's time; the loop itself, about
# 10 ns a turn, is part of all of them. A peer is imported when it is made, not before.

Handler = Callable[[Any], None]


class Peer(Protocol):
    """Something to publish with."""

    def on(self, name: str, handler: Handler) -> None:
        """Call the handler for events of this name, or of the names that a pattern matches."""

    def run(self, events: Iterable[Event]) -> None:
        """Publish each event."""


class DictOfLists:
    """The first thing anybody writes, and the least that publishing can cost in Python."""

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


class OurBus:
    """The kit's bus without a log: each handler belongs to a subscriber of its own."""

    def __init__(self, **settings: Any) -> None:
        self.bus = Bus(**settings)

    def on(self, name: str, handler: Handler) -> None:
        self.bus.subscriber(f"subscriber {len(self.bus.subscribers)}").on(name, handler)

    def run(self, events: Iterable[Event]) -> None:
        publish = self.bus.publish
        for event in events:
            publish(event)


class OurBusMaking(OurBus):
    """The kit's bus, which checks name and data, freezes them, and adds id and time."""

    def run(self, events: Iterable[Event]) -> None:
        publish = self.bus.publish
        for event in events:
            publish(event.name, DATA)


class Emitter:
    """pyee's or pymitter's emitter; the event goes as the one argument."""

    def __init__(self, emitter: Any) -> None:
        self.on = emitter.on
        self._emit = emitter.emit

    def run(self, events: Iterable[Event]) -> None:
        emit = self._emit
        for event in events:
            emit(event.name, event)


def pyee() -> Peer:
    from pyee.base import EventEmitter

    return Emitter(EventEmitter())


def pymitter() -> Peer:
    from pymitter import EventEmitter

    return Emitter(EventEmitter(wildcard=True))


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


# --- the work -------------------------------------------------------------------------------------


class Counter:
    """A handler as handlers usually are, a method of an object of its own: it adds one to a number."""

    __slots__ = ("calls", "due")

    def __init__(self, due: int) -> None:
        self.due = due
        self.calls = 0

    def handle(self, _event: Any) -> None:
        """Count an event."""
        self.calls += 1


def publishing(peer: Peer, events: Sequence[Event], due: Mapping[str, int], handlers: int = 1) -> Work:
    """Publish the same ready-made events over and over, in their order.

    `due` says for each name or pattern how often its handlers are called while all events are published once;
    `handlers` is how many handlers each of them gets.
    """
    counters = [Counter(calls) for calls in due.values() for _ in range(handlers)]
    for counter, name in zip(counters, (name for name in due for _ in range(handlers)), strict=True):
        peer.on(name, counter.handle)

    def prepare(times: int) -> Callable[[], None]:
        if len(events) == 1:
            stream: Iterable[Event] = itertools.repeat(events[0], times)
        else:
            stream = itertools.chain.from_iterable(itertools.repeat(events, times // len(events)))
        return lambda: peer.run(stream)

    def wrong(published: int) -> Counts | None:
        cycles = published // len(events)
        return next(((cycles * each.due, each.calls) for each in counters if each.calls != cycles * each.due), None)

    return Work(prepare, wrong, len(events))


def to_handlers(make: Callable[[], Peer], handlers: int = 1) -> Callable[[], Work]:
    """One event, over and over, to so many handlers."""
    return lambda: publishing(make(), [Event(NAME)], {NAME: 1}, handlers)


def among_names(count: int) -> Work:
    """Ten names in turn, spread evenly over so many that have a handler each.

    Always the same number of names is used: the question is what the others cost that are merely
    there. Going through all of them would ask how many events fit into the processor's cache.
    """
    names = [f"user.fact_{number}" for number in range(count)]
    used = names[:: count // 10]
    return publishing(OurBus(), [Event(name) for name in used], dict.fromkeys(names, 0) | dict.fromkeys(used, 1))


MATCHING = ("drive.*.created", "drive.*.*", "*.*.created")
OTHERS = ("service_{}.*.created", "drive.*.failed_{}", "*.thing_{}.*")


def among_patterns(count: int, make: Callable[[], Peer] = OurBus) -> Work:
    """One event at so many patterns, of which three match; the others have a wildcard in each of the places."""
    others = (OTHERS[number % 3].format(number) for number in range(count - len(MATCHING)))
    due = dict.fromkeys(MATCHING, 1) | dict.fromkeys(others, 0)
    return publishing(make(), [Event("drive.folder.created")], due)


def exact() -> Work:
    """The same event to three subscribers of its very name."""
    return publishing(OurBus(), [Event("drive.folder.created")], {"drive.folder.created": 1}, handlers=3)


# --- the groups -----------------------------------------------------------------------------------


def _delivery(title: str, handlers: int) -> Block:
    return Block(
        title,
        (
            Case("dict of lists", to_handlers(DictOfLists, handlers)),
            Case("our bus", to_handlers(OurBus, handlers)),
            Case("pyee emit", to_handlers(pyee, handlers), "pyee"),
            Case("blinker send", to_handlers(Blinker, handlers), "blinker"),
        ),
    )


MADE = "1 handler, event made on the way"

NAMING = Group(
    name="naming",
    title="From a name and data to a delivered event",
    about="publish(name, data) to one handler: checks, a frozen copy of the data, id and time.",
    clock="cpu",
    blocks=(
        Block(
            MADE,
            (
                Case("uuid4 + now + dict of lists", to_handlers(MakingByHand)),
                Case("our bus", to_handlers(OurBusMaking)),
                Case(
                    "our bus, counted ids, manual clock",
                    to_handlers(lambda: OurBusMaking(clock=ManualClock(), ids=CounterIds())),
                ),
            ),
        ),
    ),
    aims=(Aim(MADE, "our bus", "at most", 5, "uuid4 + now + dict of lists"),),
)

DELIVERY = Group(
    name="delivery",
    title="Delivery of a ready-made event",
    about="One publish to all its handlers, each adding one to a number; the event is made before.",
    clock="cpu",
    blocks=(_delivery("1 handler", 1), _delivery("10 handlers", 10), _delivery("1,000 handlers", 1000)),
    aims=(
        Aim("10 handlers", "our bus", "at most", 1, "pyee emit"),
        Aim("1,000 handlers", "pyee emit", "at least", 1.5, "our bus"),
    ),
)

NAMES, PATTERNS = "names with a handler each", "patterns with a handler each, 3 match"

FLAT = Group(
    name="flat",
    title="What the size of the bus costs",
    about="One publish on our bus: to ten names in turn among many, and at many patterns, 3 of which match.",
    clock="cpu",
    blocks=(
        sized(NAMES, among_names, (10, 100, 1000, 10_000), "names"),
        sized(PATTERNS, among_patterns, (10, 100, 999), "patterns"),
        Block(
            "999 patterns, 3 match",
            (
                Case("our bus, exact name", exact),
                Case("our bus", lambda: among_patterns(999)),
                Case("pymitter emit", lambda: among_patterns(999, pymitter), "pymitter"),
            ),
        ),
    ),
    aims=(
        Aim(NAMES, "10,000 names", "at most", 1.2, "10 names"),
        Aim(PATTERNS, "999 patterns", "at most", 1.2, "10 patterns"),
    ),
)
