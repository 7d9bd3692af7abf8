"""How one event reaches everybody: in order, each failure for itself, nothing lost.

The steps are generators that ask for calls and are told how each ended, so that the same rules serve `publish`, which
calls handlers, and `publish_async`, which awaits them.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any

from eda_workshop.bus.calls import Call, Outcome
from eda_workshop.bus.faults import Delivery
from eda_workshop.bus.handlers import describe
from eda_workshop.bus.ledger import Ledger
from eda_workshop.bus.receipts import DeadLetter, Receipt
from eda_workshop.bus.registry import Observer, Registration, Registry, Route
from eda_workshop.bus.subscriber import Subscriber
from eda_workshop.clock import Clock
from eda_workshop.event import Event, Recorded
from eda_workshop.log import EventLog


_MISSED = object()


class Courier:
    """Brings events to subscribers and keeps what could not be handled."""

    def __init__(
        self, registry: Registry, ledger: Ledger, log: EventLog | None, clock: Clock, faults: Delivery | None
    ) -> None:
        self.letters: list[DeadLetter] = []
        self.observing: Observer | None = None
        self.faults = faults
        self._failures: list[DeadLetter] = []
        self._registry = registry
        self._ledger = ledger
        self._log = log
        self._clock = clock

    def take_failures(self) -> tuple[DeadLetter, ...]:
        """The failures since the last time that somebody must be told of."""
        failures, self._failures = tuple(self._failures), []
        return failures

    def deliver(self, event: Event) -> Generator[Call, Outcome, Receipt]:
        """To all observers, then to all subscribers, in the order they came to the bus."""
        route = self._registry.route(event.name)
        for observer in route.observers:
            yield from self._show(observer, event)
        return (yield from self._offer_all(route, event))

    def go_on(
        self, event: Event, route: Route, failed_at: int, error: Exception
    ) -> Generator[Call, Outcome, Receipt]:
        """Take over a delivery on the short way whose handler at that index failed."""
        for registration in route.registrations[:failed_at]:
            self._succeed(registration)
        return (yield from self._offer_all(route, event, failed_at, error))

    def _offer_all(
        self, route: Route, event: Event, first: int = 0, error: Exception | None = None
    ) -> Generator[Call, Outcome, Receipt]:
        """To the subscribers from index `first` on; `error` is how its first attempt ended, if it was made."""
        missed, failed = [], []
        for index in range(first, len(route.registrations)):
            registration = route.registrations[index]
            try:
                if index == first and error is not None:
                    outcome = yield from self._attempt(registration, event, error=error)
                else:
                    outcome = yield from self._offer(registration, event)
            except BaseException:
                self.abandon(event, route.registrations[index:])
                raise
            if outcome is _MISSED:
                missed.append(registration.subscriber.name)
            elif outcome is not None:
                failed.append(outcome)
        receipt = Receipt(event, route.subscribers, tuple(missed), tuple(failed))
        self._ledger.note(receipt)
        return receipt

    def advance(self, subscriber: Subscriber, upto: int | None) -> Generator[Call, Outcome, int]:
        """Feed a positioned subscriber from the log, up to a position or to the head."""
        assert self._log is not None and subscriber.position is not None
        handled, names = 0, subscriber.names
        for event in self._log.read(subscriber.position, upto, names=names) if names else ():
            registration = self._registry.handler_for(subscriber.name, event.name)
            if registration is not None:
                handled += (yield from self._attempt(registration, event)) is None
            if subscriber.stopped:
                return handled
            self._move(subscriber, event.position)
        if not subscriber.stopped:
            self._move(subscriber, upto if upto is not None else self._log.head)
        return handled

    def redeliver(self, letters: Sequence[DeadLetter]) -> Generator[Call, Outcome, list[DeadLetter]]:
        """Try parked letters again, oldest first; return those that were handled now."""
        done = []
        for letter in letters:
            registration = self._registry.handler_for(letter.subscriber, letter.event.name)
            if registration is None or registration.subscriber.stopped:
                continue
            if (yield from self._attempt(registration, letter.event, letter)) is None:
                self.letters.remove(letter)
                done.append(letter)
        return done

    def settle(self) -> Generator[Call, Outcome, int]:
        """Deliver whatever is still on its way."""
        parcels = self.faults.arrivals(None) if self.faults else []
        for registration, event in parcels:
            yield from self._attempt(registration, event)
        return len(parcels)

    def abandon(self, event: Event, registrations: Sequence[Registration] | None = None) -> None:
        """Keep letters for those who did not get the event because the delivery was interrupted."""
        if registrations is None:
            registrations = self._registry.route(event.name).registrations
        for registration in registrations:
            if registration.subscriber.position is None:
                self.letters.append(self._letter(registration, event))

    def _offer(self, registration: Registration, event: Event) -> Generator[Call, Outcome, Any]:
        subscriber = registration.subscriber
        if subscriber.position is not None and isinstance(event, Recorded):
            return (yield from self._feed(subscriber, registration, event))
        if self.faults is not None:
            return (yield from self._risk(registration, event))
        return (yield from self._attempt(registration, event))

    def _feed(
        self, subscriber: Subscriber, registration: Registration, event: Recorded
    ) -> Generator[Call, Outcome, Any]:
        """Up to this event from the log, then this event, unless it was there already."""
        assert subscriber.position is not None
        if subscriber.stopped:
            return _MISSED
        if subscriber.position < event.position - 1:
            yield from self.advance(subscriber, event.position - 1)
        if subscriber.stopped or subscriber.position >= event.position:
            return _MISSED if subscriber.stopped else None
        outcome = yield from self._attempt(registration, event)
        if not subscriber.stopped:
            self._move(subscriber, event.position)
        return outcome

    def _risk(self, registration: Registration, event: Event) -> Generator[Call, Outcome, Any]:
        """Through the faults: what arrives now may be another event, or this one twice, or nothing."""
        assert self.faults is not None
        now = self._clock.now()
        self.faults.send(registration, event, now)
        outcome: Any = _MISSED
        for receiver, arrived in self.faults.arrivals(now):
            result = yield from self._attempt(receiver, arrived)
            if receiver is registration and arrived is event:
                outcome = result
        return outcome

    def _attempt(
        self,
        registration: Registration,
        event: Event,
        letter: DeadLetter | None = None,
        error: Exception | None = None,
    ) -> Generator[Call, Outcome, Any]:
        """None when it was handled, else the letter that was left, or that it was missed.

        `error` is how the first attempt ended, if it was made already.
        """
        subscriber = registration.subscriber
        if subscriber.stopped:
            self.letters.append(self._letter(registration, event))
            return _MISSED
        tries = subscriber.policy.retries + 1
        for _ in range(tries if error is None else tries - 1):
            _, error = yield Call(registration.handler, event)
            if error is None:
                return self._succeed(registration)
        assert error is not None
        return self._fail(registration, letter or self._letter(registration, event), error, tries)

    def _succeed(self, registration: Registration) -> None:
        self._ledger.delivered(registration.subscriber.name)
        if registration.once and registration.name in registration.subscriber.names:
            self._registry.remove(registration.subscriber.name, registration.name)

    def _fail(
        self, registration: Registration, letter: DeadLetter, error: Exception, attempts: int
    ) -> DeadLetter:
        subscriber = registration.subscriber
        letter.blame(error, attempts)
        if subscriber.policy.then == "stop":
            subscriber.stopped = True
            self._registry.changed()
        if subscriber.policy.then == "raise":
            self._failures.append(letter)
        if letter not in self.letters and not (subscriber.stopped and subscriber.position is not None):
            self.letters.append(letter)
        return letter

    def _show(self, observer: Observer, event: Event) -> Generator[Call, Outcome, None]:
        self.observing = observer
        try:
            _, error = yield Call(observer.handler, event)
        finally:
            self.observing = None
        if error is not None:
            letter = DeadLetter(event, repr(observer), describe(observer.handler), 0)
            letter.blame(error, 1)
            self._failures.append(letter)

    def _letter(self, registration: Registration, event: Event) -> DeadLetter:
        return DeadLetter(event, registration.subscriber.name, describe(registration.handler), 0)

    def _move(self, subscriber: Subscriber, position: int) -> None:
        assert self._log is not None and subscriber.position is not None
        if position > subscriber.position:
            subscriber.position = position
            if subscriber.durable:
                self._log.keep_position(subscriber.name, position)

