"""The bus: publish an event, and everybody who has a handler for it gets it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import length_hint
from threading import get_ident
from types import MappingProxyType
from typing import Any

from eda_workshop.bus.commands import Command, Commands, carry_out
from eda_workshop.bus.calls import already
from eda_workshop.bus.courier import Courier
from eda_workshop.bus.faults import Delivery
from eda_workshop.bus.flow import Cause, Flow
from eda_workshop.bus.intake import Intake
from eda_workshop.bus.ledger import Ledger, Statistics
from eda_workshop.bus.receipts import DeadLetter, Policy, Receipt, as_policy
from eda_workshop.bus.registry import Observer, Registration, Registry, Route, Row
from eda_workshop.bus.subscriber import Subscriber
from eda_workshop.bus.trace import Trace, TraceLine, tree
from eda_workshop.clock import Clock, WallClock
from eda_workshop.errors import BadSubscriber, NoLog
from eda_workshop.event import Event
from eda_workshop.ids import NewId, uuid7
from eda_workshop.log import EventLog


class Bus:
    """Publish/subscribe in one process, synchronous: `publish` returns when every handler has run.

    log       where events are appended before they are delivered; None: nothing is remembered
    clock     gives the times of events that the bus makes. Default: the log's clock, or the wall clock
    ids       gives their ids. Default: UUIDs of version 7
    delivery  makes delivery bad on purpose; None: every copy arrives at once
    max_hops  how many events may cause one another in a chain before it is taken for endless

    One thread delivers at a time; another thread's publish waits for it. References to handlers are strong.

    >>> bus = Bus()
    >>> mailer = bus.subscriber("mailer")
    >>> _ = mailer.on("user.signed_up", lambda event: print("Welcome", event.data["name"]))
    >>> bus.publish("user.signed_up", {"name": "Ada"}, id="evt-0001")
    Welcome Ada
    <Receipt evt-0001 user.signed_up: delivered to mailer>
    """

    def __init__(
        self,
        log: EventLog | None = None,
        *,
        clock: Clock | None = None,
        ids: NewId = uuid7,
        delivery: Delivery | None = None,
        max_hops: int = 50,
    ) -> None:
        self.log = log
        self.clock: Clock = clock or (log.clock if log is not None else WallClock())
        self._subscribers: dict[str, Subscriber] = {}
        self._commands = Commands()
        self._direct: dict[str, Route] = {}
        self._ledger = Ledger()
        self._registry = Registry(self._fold)
        self._courier = Courier(self._registry, self._ledger, log, self.clock, delivery)
        self._flow = Flow(self._courier)
        self._intake = Intake(self._flow, self._courier, self._registry, log, self.clock, ids, max_hops)

    # --- publishing -----------------------------------------------------------------------------

    def publish(self, event: Event | str, data: Mapping[str, Any] | None = None, **attributes: Any) -> Receipt:
        """Append an event to the log, then deliver it; return a `Receipt`, never a handler's result.

        Pass an `Event`, or a name, data and any attribute of `Event`. Handlers run in the order they subscribed, which
        nobody should rely on. What a handler publishes is appended at once and delivered afterwards, first in first
        out, with correlation and causation set. A handler that fails stops no other: its failure becomes a
        `DeadLetter`, and its subscriber's policy says what then. By default all failures are raised together, as
        `DeliveryFailed`, when everything has been delivered. An async handler is refused with `AsyncHandler`, a chain
        of more than `max_hops` events with `EndlessChain`; then nothing was appended.
        """
        # The short way, for a ready-made event whose route needs nothing but calls; `bench` measures it.
        if type(event) is Event and data is None and not attributes:
            route = self._direct.get(event.name)
            if route is not None:
                flow = self._flow
                try:
                    flow.free.pop()
                except IndexError:
                    return self._publish(event)
                flow.owner = get_ident()
                flow.current = event
                calls = iter(route.handlers)
                try:
                    try:
                        for call in calls:
                            call(event)
                    except BaseException as error:
                        return self._rescue(event, route, length_hint(calls), error)
                    route.published += 1
                    receipt = Receipt(event, route.subscribers)
                    return flow.finish(already(receipt)) if flow.queue else receipt
                finally:
                    flow.owner = 0
                    flow.free.append(True)
                    if flow.waiting:
                        flow.wake()
        return self._publish(self._intake.make(event, data, attributes))

    async def publish_async(
        self, event: Event | str, data: Mapping[str, Any] | None = None, **attributes: Any
    ) -> Receipt:
        """`publish` for async handlers: they are awaited one after the other; others are called."""
        made = self._intake.make(event, data, attributes)
        if self._flow.is_inside():
            return self._intake.enqueue(made)
        return await self._flow.run_async(self._intake.steps(made, awaited=True))  # type: ignore[no-any-return]

    def event(self, name: str, data: Mapping[str, Any] | None = None, **attributes: Any) -> Event:
        """An event with this bus's next id and time, made but not published."""
        return self._intake.make(name, data, attributes)

    # --- subscribing ----------------------------------------------------------------------------

    def subscriber(
        self,
        name: str,
        *,
        on_error: str | Policy = "raise",
        after: int | None = None,
        durable: bool = False,
    ) -> Subscriber:
        """A new participant. Its name must be free, else `BadSubscriber`.

        on_error  what a failure leads to: "raise" (after everybody got the event), "park" (a dead letter, nothing
                  more), "stop" (nothing further for this subscriber until `resume`), or ``retry(3)``
        after     start from this position of the log, 0 for its beginning; None: from now on, with no memory
        durable   keep the position in the log under this name, so that the subscriber goes on where it was when it
                  comes back: each event at least once. Starts after `after`, or from now, the first time
        """
        _check_subscriber_name(name, self._subscribers)
        position = self._starting_position(name, after, durable=durable)
        with self._flow:
            made = Subscriber(self, name, as_policy(name, on_error), position, durable=durable)
            self._subscribers[name] = made
        return made

    def observe(self, pattern: str, handler: Callable[[Event], object]) -> Observer:
        """A read-only tap on all events that the pattern stands for; close it with ``.close()``.

        Observers come before subscribers, don't count as handlers, and may not publish.
        """
        with self._flow:
            return self._registry.observe(pattern, handler)

    @property
    def subscribers(self) -> Mapping[str, Subscriber]:
        """The subscribers by name, in the order they came. Read-only."""
        return MappingProxyType(self._subscribers)

    # --- commands -------------------------------------------------------------------------------

    def handle(self, name: str, handler: Any = ..., *, replace: bool = False) -> Any:
        """Carry out commands of this name. Also a decorator. A second handler raises `DuplicateHandler`."""
        if handler is ...:
            return lambda function: self.handle(name, function, replace=replace)
        self._commands.add(name, handler, replace=replace)
        return handler

    def send(self, command: Command | str, data: Mapping[str, Any] | None = None) -> Any:
        """Ask the one handler of a command, and return its answer.

        Raises `NoHandler` if there is none, and whatever the handler raises, such as `Rejected`. What it publishes is
        delivered before `send` returns.
        """
        made = self._intake.make_command(command, data)
        steps = carry_out(self._commands.handler(made.name), made)
        answer, error = self._flow.run(steps, Cause(made, (made.name,)))
        if error is not None:
            raise error
        return answer

    # --- what did not arrive --------------------------------------------------------------------

    @property
    def dead_letters(self) -> tuple[DeadLetter, ...]:
        """What subscribers could not handle and nobody has redelivered yet, oldest first."""
        return tuple(self._courier.letters)

    def redeliver(self, subscriber: str | None = None) -> list[DeadLetter]:
        """Try the dead letters again, of one subscriber or of all; return those that are handled now."""
        letters = [letter for letter in self._courier.letters if subscriber in (None, letter.subscriber)]
        return self._flow.run(self._courier.redeliver(letters))  # type: ignore[no-any-return]

    def settle(self) -> int:
        """Deliver every copy that bad delivery still holds; return how many there were."""
        return self._flow.run(self._courier.settle())  # type: ignore[no-any-return]

    # --- looking inside -------------------------------------------------------------------------

    def registry(self) -> tuple[Row, ...]:
        """Who handles what: rows of subscriber, name and handler, sorted."""
        return self._registry.rows()

    def statistics(self) -> Statistics:
        """What the bus has done since it was made, in numbers."""
        with self._flow:
            self._fold()
            return self._ledger.statistics(len(self._courier.letters), self._courier.faults)

    def receivers(self, event: Event) -> tuple[str, ...] | None:
        """Who got this event, if it is one of the last 10,000 of a bus with a log; else None."""
        return self._ledger.receivers(event.id)

    def trace(self, conversation: Event | str) -> Trace:
        """One conversation from the log, each event under its cause: of an event, or of a correlation id."""
        if self.log is None:
            raise NoLog("A trace")
        wanted = conversation.correlation if isinstance(conversation, Event) else conversation
        events = tree(event for event in self.log.read() if event.correlation == wanted)
        return Trace(tuple(TraceLine(event, depth, self.receivers(event)) for event, depth in events))

    def __repr__(self) -> str:
        return f"<Bus: {len(self._subscribers)} subscribers, log {self.log!r}>"

    # --- for publish and for subscribers --------------------------------------------------------

    def _publish(self, event: Event) -> Receipt:
        if self._flow.is_nested():
            return self._intake.enqueue(event)
        with self._flow:
            receipt: Receipt = self._flow.finish(self._intake.steps(event, awaited=False))
            self._learn(event.name)
        return receipt

    def _rescue(self, event: Event, route: Route, left: int, error: BaseException) -> Receipt:
        """A handler failed on the short way, with so many left behind it: go on the long way."""
        failed_at = len(route.handlers) - left - 1
        if not isinstance(error, Exception):
            self._courier.abandon(event, route.registrations[failed_at:])
            self._flow.abandon()
            raise error
        steps = self._courier.go_on(event, route, failed_at, error)
        return self._flow.finish(steps, Cause(event, (event.name,)))  # type: ignore[no-any-return]

    def _learn(self, name: str) -> None:
        """Remember the route for the short way, if nothing else has to be done for its events."""
        route = self._registry.route(name)
        if self.log is None and self._courier.faults is None and route.is_plain:
            self._direct[name] = route

    def _fold(self) -> None:
        """Take over what the short way counted, and forget it: routes are about to change."""
        for name, route in self._direct.items():
            self._ledger.fold(name, route)
        self._direct.clear()

    def _starting_position(self, name: str, after: int | None, *, durable: bool) -> int | None:
        if not durable and after is None:
            return None
        if self.log is None:
            raise NoLog("A subscriber with a position")
        kept = self.log.position_of(name) if durable else None
        if kept is not None:
            return kept
        position = self.log.head if after is None else after
        if durable:
            self.log.keep_position(name, position)
        return position

    def _add(self, registration: Registration, *, replace: bool) -> None:
        with self._flow:
            self._registry.add(registration, replace=replace)

    def _remove(self, subscriber: Subscriber, name: str) -> None:
        with self._flow:
            self._registry.remove(subscriber.name, name)

    def _close(self, subscriber: Subscriber) -> None:
        with self._flow:
            for name in subscriber.names:
                self._registry.remove(subscriber.name, name)
            del self._subscribers[subscriber.name]
            subscriber.closed = True

    def _resume(self, subscriber: Subscriber) -> None:
        with self._flow:
            subscriber.stopped = False
            self._registry.changed()
        self.redeliver(subscriber.name)
        if subscriber.position is not None:
            subscriber.catch_up()


def _check_subscriber_name(name: object, taken: Mapping[str, Subscriber]) -> None:
    if not isinstance(name, str) or not name.strip():
        raise BadSubscriber(str(name), "has no name", "Give one that says who reacts: bus.subscriber('mailer').")
    if name != name.strip() or len(name) > 64 or not name.isprintable():
        raise BadSubscriber(name, "has a name with odd spaces or over 64 characters", "Shorten or strip it.")
    if name in taken:
        remedy = f"Use bus.subscribers[{name!r}], close it first, or choose another name."
        raise BadSubscriber(name, "is there already", remedy)
