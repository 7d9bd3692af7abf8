"""The way into the bus: an event is made, checked and recorded before anybody hears of it."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import Any

from eda_workshop.bus.commands import Command
from eda_workshop.bus.calls import Call, Outcome
from eda_workshop.bus.courier import Courier
from eda_workshop.bus.flow import Cause, Flow
from eda_workshop.bus.handlers import describe
from eda_workshop.bus.receipts import Receipt
from eda_workshop.bus.registry import Registry
from eda_workshop.clock import Clock
from eda_workshop.errors import AsyncHandler, BadEvent, EndlessChain, ReadOnlyTap
from eda_workshop.event import Event, Recorded
from eda_workshop.ids import NewId
from eda_workshop.log import EventLog


class Intake:
    """Turns what was passed to `publish` into an event that is recorded and ready to deliver."""

    def __init__(
        self,
        flow: Flow,
        courier: Courier,
        registry: Registry,
        log: EventLog | None,
        clock: Clock,
        ids: NewId,
        max_hops: int,
    ) -> None:
        self.clock, self.ids = clock, ids
        self._flow, self._courier, self._registry = flow, courier, registry
        self._log = log
        self._max_hops = max_hops

    def make(self, given: Any, data: Mapping[str, Any] | None, attributes: dict[str, Any]) -> Event:
        """The event that was meant, linked to what caused it. Raises `BadEvent` for what is no event."""
        if isinstance(given, str):
            event = self._new(given, data, attributes)
        elif not isinstance(given, Event):
            raise _not_an_event(given)
        elif data is not None or attributes:
            extra = "data" if data is not None else next(iter(attributes))
            raise BadEvent(
                f"The event {given.name} is ready-made, and {extra} was passed beside it",
                "Publish event.replace(...) if it shall be another event.",
            )
        else:
            event = given.event if isinstance(given, Recorded) else given
        return self._link(event)

    def record(self, event: Event, *, awaited: bool) -> tuple[Event, bool]:
        """Append it to the log; return it as recorded, and whether it is new. Checks come first."""
        cause = self._flow.cause()
        if self._courier.observing:
            raise ReadOnlyTap(repr(self._courier.observing), event.name)
        if cause and len(cause.chain) >= self._max_hops:
            raise EndlessChain((*cause.chain, event.name), self._max_hops)
        if not (awaited or self._flow.awaiting):
            self._refuse_async(event.name)
        if self._log is None:
            return event, True
        written = self._log.write([event])[0]
        return written.event, written.fresh

    def steps(self, event: Event, *, awaited: bool) -> Generator[Call, Outcome, Receipt]:
        """Record the event and bring it to everybody."""
        recorded, fresh = self.record(event, awaited=awaited)
        if not fresh:
            return Receipt(recorded, repeated=True)
        self._flow.current = Cause(recorded, (recorded.name,))
        return (yield from self._courier.deliver(recorded))

    def enqueue(self, event: Event) -> Receipt:
        """Record what a handler publishes; it is delivered when what is going on is done."""
        recorded, fresh = self.record(event, awaited=False)
        if not fresh:
            return Receipt(recorded, repeated=True)
        cause = self._flow.cause()
        chain = cause.chain if cause else ()
        self._flow.queue.append(Cause(recorded, (*chain, recorded.name)))
        return Receipt(recorded, queued=True)

    def make_command(self, given: Command | str, data: Mapping[str, Any] | None) -> Command:
        """The command that was meant; one that a handler sends belongs to the handler's conversation."""
        if isinstance(given, Command):
            return given
        if isinstance(given, Event) or not isinstance(given, str):
            raise BadEvent("send() takes a command", "Pass its name and data: send('folder.create', {...}).")
        if self._courier.observing:
            raise ReadOnlyTap(repr(self._courier.observing), given)
        cause = self._flow.cause() if self._flow.is_nested() else None
        return Command(given, data or {}, self.ids(), cause.message.correlation if cause else "")

    def _new(self, name: str, data: Mapping[str, Any] | None, attributes: dict[str, Any]) -> Event:
        facts = {"id": attributes.pop("id", None) or self.ids()} | attributes
        facts.setdefault("occurred", self.clock.now())
        return Event(name, {} if data is None else data, **facts)

    def _link(self, event: Event) -> Event:
        cause = self._flow.cause() if self._flow.is_nested() else None
        if cause is None or event.causation:
            return event
        follows = event.correlation == event.id
        correlation = cause.message.correlation if follows else event.correlation
        return event.replace(causation=cause.message.id, correlation=correlation)

    def _refuse_async(self, name: str) -> None:
        for registration in self._registry.route(name).registrations:
            if registration.is_async:
                raise AsyncHandler(registration.subscriber.name, name, describe(registration.handler))


def _not_an_event(given: Any) -> BadEvent:
    if isinstance(given, Command):
        return BadEvent(
            f"{given.name} is a command, and commands are not published", "Send it: bus.send(command)."
        )
    kind = given.__name__ if isinstance(given, type) else type(given).__name__
    return BadEvent(
        f"publish() got {kind}, not an event", "Pass an Event, or a name and data: publish('user.signed_up', {...})."
    )
