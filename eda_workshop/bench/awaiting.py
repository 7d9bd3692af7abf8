"""Awaited handlers: publish_async beside bubus, and beside awaiting them without any bus."""

from __future__ import annotations

import asyncio
import logging
import warnings
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import repeat
from typing import Any, Protocol

from eda_workshop.bench.case import Aim, AsyncHandler, Block, Case, Group, Tally
from eda_workshop.bus import Bus
from eda_workshop.event import Event

NAME = "user.signed_up"
OURS = "our bus, publish_async"
BUBUS = "bubus dispatch + await"
HISTORY = 50
"""How many events bubus keeps, and looks at in each dispatch: until then it gets slower."""


class AsyncPeer(Protocol):
    """Something to publish with that awaits its handlers, made and used inside one event loop."""

    def on(self, handler: AsyncHandler) -> None:
        """Await the handler for each event."""

    def make(self, times: int) -> Iterable[Any]:
        """So many events of the peer's kind."""

    async def run(self, events: Iterable[Any]) -> None:
        """Publish each event and wait until it is handled."""

    async def stop(self) -> None:
        """End what runs in the background."""


class BareAwait:
    """No bus: the handlers in a list, awaited one after the other."""

    def __init__(self) -> None:
        self.handlers: list[AsyncHandler] = []

    def on(self, handler: AsyncHandler) -> None:
        self.handlers.append(handler)

    def make(self, times: int) -> Iterable[Event]:
        return repeat(Event(NAME), times)

    async def run(self, events: Iterable[Event]) -> None:
        handlers = self.handlers
        for event in events:
            for handler in handlers:
                await handler(event)

    async def stop(self) -> None:
        """Nothing runs."""


class OurBusAwaited(BareAwait):
    """The kit's bus without a log: each handler belongs to a subscriber of its own."""

    def __init__(self) -> None:
        self.bus = Bus()

    def on(self, handler: AsyncHandler) -> None:
        self.bus.subscriber(f"subscriber {len(self.bus.subscribers)}").on(NAME, handler)

    async def run(self, events: Iterable[Event]) -> None:
        publish = self.bus.publish_async
        for event in events:
            await publish(event)


class Bubus:
    """bubus as it comes, but silent.

    Its events can't be dispatched twice, so each is made anew, before its time is taken.
    """

    def __init__(self) -> None:
        import bubus

        logging.getLogger("bubus").setLevel(logging.CRITICAL + 1)
        self._kind = type("UserSignedUp", (bubus.BaseEvent,), {"__module__": __name__})
        self.bus = bubus.EventBus()

    def on(self, handler: AsyncHandler) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of handlers that share a name, as these do
            self.bus.on(self._kind, handler)

    def make(self, times: int) -> Sequence[Any]:
        return [self._kind() for _ in range(times)]

    async def run(self, events: Iterable[Any]) -> None:
        dispatch = self.bus.dispatch
        for event in events:
            await dispatch(event)

    async def stop(self) -> None:
        await self.bus.stop(timeout=1, clear=True)


class Awaiting:
    """An async peer with its handlers, in an event loop of its own: none disturbs another."""

    def __init__(self, make: Callable[[], AsyncPeer], handlers: int) -> None:
        self.tally = Tally()
        self._runner = asyncio.Runner()
        self._peer = self._runner.run(self._set_up(make, handlers))

    def prepare(self, times: int) -> Callable[[], object]:
        events = self._peer.make(times)
        return lambda: self._runner.run(self._peer.run(events))

    def close(self) -> None:
        self._runner.run(self._peer.stop())
        self._runner.close()

    async def _set_up(self, make: Callable[[], AsyncPeer], handlers: int) -> AsyncPeer:
        peer = make()
        for _ in range(handlers):
            peer.on(self.tally.async_handler())
        return peer


def _block(title: str, handlers: int) -> Block:
    return Block(
        title,
        (
            Case("await in a loop", partial(Awaiting, BareAwait, handlers)),
            Case(OURS, partial(Awaiting, OurBusAwaited, handlers)),
            Case(BUBUS, partial(Awaiting, Bubus, handlers), "bubus", warm=HISTORY),
        ),
    )


GROUP = Group(
    name="async",
    title="Awaited handlers",
    about="One ready-made event at a time, until its async handlers are done; the loop is running.",
    clock="wall",
    blocks=(_block("1 async handler", 1), _block("10 async handlers", 10)),
    aims=(
        Aim("1 async handler", BUBUS, "at least", 100, OURS),
        Aim("10 async handlers", BUBUS, "at least", 100, OURS),
    ),
)
