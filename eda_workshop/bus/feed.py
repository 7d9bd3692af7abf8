"""How a subscriber with a position hears: from the log, in order, without a gap or a double."""

from __future__ import annotations

from collections.abc import Generator

from eda_workshop.bus.attempts import MISSED, Attempts, Handed
from eda_workshop.bus.calls import Call, Outcome
from eda_workshop.bus.registry import Registration, Registry
from eda_workshop.bus.subscriber import Subscriber
from eda_workshop.event import Recorded
from eda_workshop.log import EventLog


class Feed:
    """Moves subscribers along the log."""

    def __init__(self, registry: Registry, attempts: Attempts, log: EventLog | None) -> None:
        self._registry = registry
        self._attempts = attempts
        self._log = log

    def catch_up(self, subscriber: Subscriber) -> Generator[Call, Outcome, int]:
        """Handle what the log holds now; return how many events were handled."""
        assert self._log is not None
        head = self._log.head
        # A handler that catches up would meet its own event, without end.
        if subscriber.is_fed or not subscriber.names:
            return 0
        handled = yield from self._advance(subscriber, head)
        if not _is_halted(subscriber):
            self._move(subscriber, head)
        return handled

    def offer(self, registration: Registration, event: Recorded) -> Generator[Call, Outcome, Handed]:
        """Up to this event from the log, then this event, unless it was there already."""
        subscriber = registration.subscriber
        assert subscriber.position is not None
        yield from self._advance(subscriber, event.position - 1)
        if _is_halted(subscriber):
            return MISSED
        if subscriber.position >= event.position:
            return None
        return (yield from self._hand(subscriber, registration, event))

    def _advance(self, subscriber: Subscriber, upto: int) -> Generator[Call, Outcome, int]:
        """Handle what lies between the subscriber's position and `upto`, that included."""
        assert self._log is not None
        assert subscriber.position is not None
        handled, names = 0, subscriber.names
        if subscriber.position >= upto or not names:
            return handled
        for event in self._log.read(subscriber.position, upto, names=names):
            if _is_halted(subscriber):
                break
            registration = self._registry.handler_for(subscriber.name, event.name)
            if registration is not None:
                handled += (yield from self._hand(subscriber, registration, event)) is None
        return handled

    def _hand(
        self, subscriber: Subscriber, registration: Registration, event: Recorded
    ) -> Generator[Call, Outcome, Handed]:
        subscriber.is_fed = True
        try:
            outcome = yield from self._attempts.make(registration, event)
        finally:
            subscriber.is_fed = False
        if not subscriber.stopped:
            self._move(subscriber, event.position)
        return outcome

    def _move(self, subscriber: Subscriber, position: int) -> None:
        assert self._log is not None
        assert subscriber.position is not None
        if position > subscriber.position:
            subscriber.position = position
            if subscriber.durable:
                self._log.keep_position(subscriber.name, position)


def _is_halted(subscriber: Subscriber) -> bool:
    return subscriber.stopped or subscriber.closed
