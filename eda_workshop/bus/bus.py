"""The bus: publish an event, and everybody who has a handler for it gets it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import get_ident
from types import MappingProxyType
from typing import Any

from eda_workshop.bus.asking import Asking
from eda_workshop.bus.calls import Steps, already
from eda_workshop.bus.faults import Delivery
from eda_workshop.bus.flow import Cause
from eda_workshop.bus.handlers import Handler
from eda_workshop.bus.insight import Insight
from eda_workshop.bus.listening import Listening
from eda_workshop.bus.parts import Detour
from eda_workshop.bus.receipts import Policy, Receipt, as_policy
from eda_workshop.bus.registry import Observer, Registration, Route
from eda_workshop.bus.subscriber import Subscriber
from eda_workshop.clock import Clock
from eda_workshop.errors import BadSubscriber, DeliveryFailed, NoLog, check_number
from eda_workshop.event import Event
from eda_workshop.ids import NewId, uuid7
from eda_workshop.log import EventLog


class Bus(Asking, Listening, Insight):
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
        super().__init__(log, clock, ids, delivery, max_hops)

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
            flow, me = self._flow, get_ident()
            try:
                route: Route | None = self._direct[event.name]
                del flow.free[0]
            except (KeyError, IndexError):
                route = None
            if route is not None:
                # No call from taking the turn to the try: an interruption here would keep it for ever.
                flow.owner = me
                flow.current = event
                try:
                    try:
                        for call in route.handlers:
                            call(event)
                        receipt = Receipt(event, route.subscribers)
                    except BaseException as error:
                        return self._rescue(event, route, call, error)
                    route.published += 1
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
                  comes back: each event at least once. Starts after `after`, or from now, the first time. Only with
                  "stop" does the position wait for a failed event; else it moves on, and the dead letter lives as long
                  as this bus
        """
        with self._flow:
            _check_subscriber_name(name, self._subscribers)
            policy = as_policy(name, on_error)
            position = self._starting_position(name, after, durable=durable)
            made = self._subscribers[name] = Subscriber(self, name, policy, position, durable=durable)
        return made

    def observe(self, pattern: str, handler: Callable[[Event], object]) -> Observer:
        """A read-only tap on all events that the pattern stands for; close it with ``.close()``.

        Observers come before subscribers, don't count as handlers, and may not publish. What an
        observer raises is raised by `publish` when everything has been delivered.
        """
        observer = Observer(pattern, handler, lambda: self._unobserve(observer))
        with self._flow:
            self._registry.observe(observer)
        return observer

    @property
    def subscribers(self) -> Mapping[str, Subscriber]:
        """The subscribers by name, in the order they came. Read-only."""
        return MappingProxyType(self._subscribers)

    def __repr__(self) -> str:
        count = len(self._subscribers)
        return f"<Bus: {count} subscriber{'' if count == 1 else 's'}, log {self.log!r}>"

    # --- the long way, and what subscribers ask for ---------------------------------------------

    def _publish(self, event: Event) -> Receipt:
        if self._flow.is_nested():
            return self._intake.enqueue(event)
        return self._flow.run(self._steps(event))  # type: ignore[no-any-return]

    def _steps(self, event: Event) -> Steps:
        receipt = yield from self._intake.steps(event, awaited=False)
        self._learn(event.name)
        return receipt

    def _rescue(self, event: Event, route: Route, failed: Handler, error: BaseException) -> Receipt:
        """This handler failed on the short way: go on the long way, from there."""
        failed_at = route.place_of(failed)
        if isinstance(error, Detour):
            steps: Steps = self._intake.steps(event, awaited=False)
        elif isinstance(error, Exception):
            steps = self._courier.go_on(event, route, failed_at, error)
        else:
            self._courier.interrupt(event, route, failed_at)
            self._flow.abandon()
            raise error
        try:
            return self._flow.finish(steps, Cause(event, (event.name,)))  # type: ignore[no-any-return]
        except DeliveryFailed as group:
            # Its parts tell of the failure; that it happened on the short way tells nobody anything.
            raise group from None

    def _starting_position(self, name: str, after: int | None, *, durable: bool) -> int | None:
        if not durable and after is None:
            return None
        if self.log is None:
            raise NoLog("A subscriber with a position")
        head = self.log.head
        if after is not None:
            check_number("after", after, 0, head)
        kept = self.log.position_of(name) if durable else None
        if kept is not None:
            return kept
        position = head if after is None else after
        if durable:
            self.log.keep_position(name, position)
        return position

    def _add(self, registration: Registration, *, replace: bool) -> None:
        with self._flow:
            registration.subscriber.check_open()
            self._registry.add(registration, replace=replace)

    def _remove(self, subscriber: Subscriber, name: str) -> None:
        with self._flow:
            subscriber.check_open()
            self._registry.remove(subscriber.name, name)

    def _close(self, subscriber: Subscriber) -> None:
        with self._flow:
            if not subscriber.closed:
                for name in subscriber.names:
                    self._registry.remove(subscriber.name, name)
                del self._subscribers[subscriber.name]
                subscriber.closed = True

    def _unobserve(self, observer: Observer) -> None:
        with self._flow:
            self._registry.unobserve(observer)


def _check_subscriber_name(name: object, taken: Mapping[str, Subscriber]) -> None:
    if not isinstance(name, str) or not name.strip():
        raise BadSubscriber(str(name), "has no name", "Give one that says who reacts: bus.subscriber('mailer').")
    if name != name.strip() or len(name) > 64 or not name.isprintable():
        raise BadSubscriber(name, "has a name with odd spaces or over 64 characters", "Shorten or strip it.")
    if name in taken:
        remedy = f"Use bus.subscribers[{name!r}], close it first, or choose another name."
        raise BadSubscriber(name, "is there already", remedy)
