"""The way into the bus: an event is made, checked and recorded before anybody hears of it."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import Any

from eda_workshop.bus.calls import Call, Outcome
from eda_workshop.bus.commands import Command
from eda_workshop.bus.courier import Courier
from eda_workshop.bus.flow import Cause, Flow
from eda_workshop.bus.receipts import Receipt
from eda_workshop.bus.registry import Registry, refuse_async
from eda_workshop.clock import Clock
from eda_workshop.errors import BadEvent, EndlessChain, ReadOnlyTap
from eda_workshop.event import Event, as_event, check_attributes
from eda_workshop.values import freeze
from eda_workshop.ids import NewId
from eda_workshop.log import EventLog
from eda_workshop.names import check_name

ATTRIBUTES = tuple(name for name in Event.__struct_fields__ if name not in ("name", "data"))


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
        self._flow, self._courier, self._registry = flow, courier, registry
        self._log, self._clock, self._ids = log, clock, ids
        self._max_hops = max_hops

    def make(self, given: Any, data: Mapping[str, Any] | None, attributes: dict[str, Any]) -> Event:
        """The event that was meant, linked to its cause. Raises `BadEvent` for what is no event."""
        if isinstance(given, str):
            event = self._new(given, data, attributes)
        elif isinstance(given, Command):
            remedy = "Send it: bus.send(command)."
            raise BadEvent(f"{given.name} is a command, and commands are not published", remedy)
        else:
            event = as_event(given)
            _refuse_extras(f"event {event.name}", "Publish event.replace(...)", data, attributes)
        return self._link(event)

    def record(self, event: Event, *, awaited: bool) -> tuple[Event, bool]:
        """Append it to the log; return it as recorded, and whether it is new. Checks come first."""
        self._refuse_tap(event.name)
        self._refuse_endless(event.name)
        if not (awaited or self._flow.awaiting):
            refuse_async(self._registry.route(event.name).registrations, "bus.publish", event.name)
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

    def make_command(self, given: Any, data: Mapping[str, Any] | None) -> Command:
        """The command that was meant; one that a handler sends belongs to its conversation."""
        if isinstance(given, Command):
            _refuse_extras(f"command {given.name}", "Send another Command", data, {})
        elif not isinstance(given, str):
            remedy = "Pass its name and data: send('folder.create', {...})."
            raise BadEvent(f"send() takes a command, not {type(given).__name__}", remedy)
        name = given.name if isinstance(given, Command) else check_name(given)
        self._refuse_tap(name)
        self._refuse_endless(name)
        if isinstance(given, Command):
            return given
        cause = self._flow.cause() if self._flow.is_nested() else None
        frozen = freeze({} if data is None else data)
        return Command(name, frozen, self._ids(), cause.message.correlation if cause else "")

    def _new(self, name: str, data: Mapping[str, Any] | None, attributes: dict[str, Any]) -> Event:
        check_attributes(attributes, ATTRIBUTES)
        # What can be wrong comes before the next id and time, so that a refusal uses up neither.
        check_name(name)
        frozen = freeze({} if data is None else data)
        facts = {**attributes}
        if "id" not in facts:
            facts["id"] = self._ids()
        if "occurred" not in facts:
            facts["occurred"] = self._clock.now()
        return Event(name, frozen, **facts)

    def _link(self, event: Event) -> Event:
        cause = self._flow.cause() if self._flow.is_nested() else None
        if cause is None or event.causation:
            return event
        follows = event.correlation == event.id
        correlation = cause.message.correlation if follows else event.correlation
        return event.replace(causation=cause.message.id, correlation=correlation)

    def _refuse_tap(self, name: str) -> None:
        if self._courier.observing and self._flow.mine():
            raise ReadOnlyTap(repr(self._courier.observing), name)

    def _refuse_endless(self, name: str) -> None:
        cause = self._flow.cause() if self._flow.is_nested() else None
        if cause and len(cause.chain) >= self._max_hops:
            raise EndlessChain((*cause.chain, name), self._max_hops)


def _refuse_extras(what: str, remedy: str, data: Mapping[str, Any] | None, attributes: dict[str, Any]) -> None:
    """Beside a ready-made message nothing else may be passed."""
    if data is not None or attributes:
        extra = "data" if data is not None else next(iter(attributes))
        problem = f"The {what} is ready-made, and {extra} was passed beside it"
        raise BadEvent(problem, f"{remedy} if it shall be another one.")
