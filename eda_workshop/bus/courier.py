"""How one event reaches everybody: in order, each failure for itself, nothing lost.

The steps are generators that ask for calls and are told how each ended, so that the same rules serve
`publish`, which calls handlers, and `publish_async`, which awaits them.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from datetime import UTC, datetime

from eda_workshop.bus.attempts import MISSED, Attempts, Handed
from eda_workshop.bus.calls import Call, Outcome, Steps, is_unawaited
from eda_workshop.bus.faults import Delivery, Parcel
from eda_workshop.bus.feed import Feed
from eda_workshop.bus.handlers import describe
from eda_workshop.bus.ledger import Ledger
from eda_workshop.bus.receipts import DeadLetter, Receipt
from eda_workshop.bus.registry import Observer, Registration, Registry, Route, refuse_async
from eda_workshop.bus.subscriber import Subscriber
from eda_workshop.clock import Clock
from eda_workshop.event import Event, Recorded
from eda_workshop.log import EventLog


class Courier:
    """Brings events to subscribers and keeps what could not be handled."""

    def __init__(
        self,
        registry: Registry,
        ledger: Ledger,
        log: EventLog | None,
        clock: Clock,
        faults: Delivery | None,
    ) -> None:
        self.observing: Observer | None = None
        self.faults = faults
        self.attempts = Attempts(registry, ledger)
        self.feed = Feed(registry, self.attempts, log)
        self._registry = registry
        self._ledger = ledger
        self._clock = clock
        self._now = datetime.min.replace(tzinfo=UTC)

    def deliver(self, event: Event) -> Generator[Call, Outcome, Receipt]:
        """To all observers, then to all subscribers, in the order they came to the bus."""
        route = self._registry.route(event.name)
        outcomes: list[tuple[Registration, Handed]] = []
        try:
            self._ledger.publish(event.name, heard=bool(route.registrations))
            if self.faults is not None:
                self._now = self._clock.now()
                yield from self._hand_over(self.faults.arrivals(self._now))
            for observer in route.observers:
                yield from self._show(observer, event)
            yield from self._offer_all(route, event, outcomes)
        except BaseException:
            self.attempts.abandon(event, route.registrations[len(outcomes) :])
            raise
        return self._receipt(route, event, outcomes)

    def go_on(self, event: Event, route: Route, failed_at: int, error: Exception) -> Steps:
        """Take over a delivery on the short way whose handler at that index failed."""
        outcomes: list[tuple[Registration, Handed]] = [(entry, None) for entry in route.registrations[:failed_at]]
        try:
            self._count_short(event, route, failed_at)
            failed = route.registrations[failed_at]
            outcomes.append((failed, (yield from self.attempts.retry(failed, event, error))))
            yield from self._offer_all(route, event, outcomes)
        except BaseException:
            self.attempts.abandon(event, route.registrations[len(outcomes) :])
            raise
        return self._receipt(route, event, outcomes)

    def interrupt(self, event: Event, route: Route, stopped_at: int) -> None:
        """Keep letters for what an interruption of the short way left undone."""
        self._count_short(event, route, stopped_at)
        self.attempts.keep(route.registrations[stopped_at], event, attempts=1)
        self.attempts.abandon(event, route.registrations[stopped_at + 1 :])

    def abandon(self, event: Event) -> None:
        """Keep letters for everybody who has a handler for an event that waited in the queue."""
        registrations = self._registry.route(event.name).registrations
        self._ledger.publish(event.name, heard=bool(registrations))
        self.attempts.abandon(event, registrations)

    def redeliver(self, subscriber: str | None, *, awaited: bool) -> Steps:
        """Try letters again, oldest first; the list of those that were handled now."""
        letters = self.attempts.letters_of(subscriber)
        if not awaited:
            entries = [self._handler_for(letter) for letter in letters]
            refuse_async(entries, "bus.redeliver")
        return (yield from self.attempts.again(letters))

    def resume(self, subscriber: Subscriber, *, awaited: bool) -> Steps:
        """Undo a stop: what waits, oldest first, then what the log holds."""
        if not awaited:
            refuse_async(self._registry.entries_of(subscriber.name), "subscriber.resume")
        subscriber.stopped = False
        yield from self.redeliver(subscriber.name, awaited=awaited)
        if subscriber.position is not None:
            yield from self.feed.catch_up(subscriber)

    def settle(self, *, awaited: bool) -> Steps:
        """Deliver whatever is still on its way; the number of copies."""
        if not awaited and self.faults:
            refuse_async(self.faults.receivers(), "bus.settle")
        parcels = self.faults.arrivals(None) if self.faults else []
        yield from self._hand_over(parcels)
        return len(parcels)

    def _count_short(self, event: Event, route: Route, handled: int) -> None:
        self._ledger.publish(event.name, heard=True)
        for registration in route.registrations[:handled]:
            self._ledger.deliver(registration.subscriber.name)

    def _offer_all(
        self, route: Route, event: Event, outcomes: list[tuple[Registration, Handed]]
    ) -> Generator[Call, Outcome, None]:
        """To the subscribers that have no outcome yet."""
        for registration in route.registrations[len(outcomes) :]:
            outcome = yield from self._offer(registration, event)
            outcomes.append((registration, outcome))

    def _receipt(self, route: Route, event: Event, outcomes: list[tuple[Registration, Handed]]) -> Receipt:
        missed = tuple(entry.subscriber.name for entry, outcome in outcomes if outcome is MISSED)
        failed = tuple(outcome for _, outcome in outcomes if isinstance(outcome, DeadLetter))
        receipt = Receipt(event, route.subscribers, missed, failed)
        self._ledger.note(receipt)
        return receipt

    def _offer(self, registration: Registration, event: Event) -> Generator[Call, Outcome, Handed]:
        if registration.subscriber.position is not None and isinstance(event, Recorded):
            return (yield from self.feed.offer(registration, event))
        if self.faults is not None:
            self.faults.send(registration, event, self._now)
            return (yield from self._hand_over(self.faults.arrivals(self._now), (registration, event)))
        return (yield from self.attempts.make(registration, event))

    def _hand_over(self, parcels: Sequence[Parcel], sent: Parcel | None = None) -> Generator[Call, Outcome, Handed]:
        """Whatever arrives, to whoever handles it now; what became of the copy that was sent."""
        outcome: Handed = MISSED
        for index, (registration, event) in enumerate(parcels):
            is_sent = sent is not None and registration is sent[0] and event is sent[1]
            receiver = registration if is_sent else self._handler_now(registration, event)
            if receiver is None:
                continue
            try:
                result = yield from self.attempts.make(receiver, event)
            except BaseException:
                for left, waiting in parcels[index + 1 :]:
                    self.attempts.keep(left, waiting)
                raise
            if is_sent and (outcome is MISSED or isinstance(result, DeadLetter)):
                outcome = result
        return outcome

    def _show(self, observer: Observer, event: Event) -> Generator[Call, Outcome, None]:
        self.observing = observer
        try:
            result, error = yield Call(observer.handler, event, waits=False)
        finally:
            self.observing = None
        if is_unawaited(result):
            error = observer.refusal()
        if error is not None:
            letter = DeadLetter(event, repr(observer), describe(observer.handler))
            letter.blame(error, 1)
            self.attempts.failures.append(letter)

    def _handler_for(self, letter: DeadLetter) -> Registration | None:
        return self._registry.handler_for(letter.subscriber, letter.event.name)

    def _handler_now(self, registration: Registration, event: Event) -> Registration | None:
        return self._registry.handler_for(registration.subscriber.name, event.name)
