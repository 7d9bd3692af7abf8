"""One subscriber's turn with one event: retries, the policy for failures, and dead letters."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from enum import Enum
from typing import Literal

from eda_workshop.bus.calls import Call, Outcome, is_unawaited
from eda_workshop.bus.handlers import describe
from eda_workshop.bus.ledger import Ledger
from eda_workshop.bus.receipts import DeadLetter
from eda_workshop.bus.registry import Registration, Registry
from eda_workshop.errors import AsyncHandler
from eda_workshop.event import Event


class _Absent(Enum):
    MISSED = "missed"


MISSED: Literal[_Absent.MISSED] = _Absent.MISSED
"""The outcome of an offer that reached nobody: lost, late, or the subscriber is stopped."""

Handed = DeadLetter | Literal[_Absent.MISSED] | None
"""What became of an offer: None when it was handled, the letter it left, or `MISSED`."""


class Attempts:
    """Lets handlers try, and keeps a letter for each event that one could not handle."""

    def __init__(self, registry: Registry, ledger: Ledger) -> None:
        self.letters: list[DeadLetter] = []
        self.failures: list[DeadLetter] = []
        self._registry = registry
        self._ledger = ledger
        self._again = False

    def make(
        self, registration: Registration, event: Event, letter: DeadLetter | None = None
    ) -> Generator[Call, Outcome, Handed]:
        """Let the handler try as often as the policy allows. `letter` is the one it had left before."""
        if registration.spent:
            return None
        if registration.subscriber.stopped:
            if letter is None:
                self.keep(registration, event)
            return MISSED
        return (yield from self._try(registration, event, letter, 0, None))

    def retry(self, registration: Registration, event: Event, error: Exception) -> Generator[Call, Outcome, Handed]:
        """The same when the first attempt was made already and ended with this error."""
        return (yield from self._try(registration, event, None, 1, error))

    def again(self, letters: Sequence[DeadLetter]) -> Generator[Call, Outcome, list[DeadLetter]]:
        """Try these letters again; return those that were handled now."""
        done: list[DeadLetter] = []
        # A handler that redelivers would meet its own letter, without end.
        if self._again:
            return done
        self._again = True
        try:
            for letter in letters:
                registration = self._registry.handler_for(letter.subscriber, letter.event.name)
                if registration is None or registration.subscriber.stopped:
                    continue
                if (yield from self.make(registration, letter.event, letter)) is None:
                    self.letters.remove(letter)
                    done.append(letter)
        finally:
            self._again = False
        return done

    def letters_of(self, subscriber: str | None) -> list[DeadLetter]:
        """The letters of one subscriber, or all, oldest first."""
        return [letter for letter in self.letters if subscriber in (None, letter.subscriber)]

    def keep(self, registration: Registration, event: Event, attempts: int = 0) -> None:
        """Keep a letter, unless the subscriber will find the event in the log."""
        if registration.subscriber.position is None:
            self.letters.append(_letter(registration, event, attempts))

    def abandon(self, event: Event, registrations: Sequence[Registration]) -> None:
        """Keep letters for those who are not done with an event, unless there is one."""
        waiting = {letter.subscriber for letter in self.letters if letter.event is event}
        for registration in registrations:
            if registration.subscriber.name not in waiting:
                self.keep(registration, event)

    def take_failures(self) -> tuple[DeadLetter, ...]:
        """The failures since the last time that the publisher must be told of."""
        failures, self.failures = tuple(self.failures), []
        return failures

    def _try(
        self,
        registration: Registration,
        event: Event,
        letter: DeadLetter | None,
        made: int,
        error: Exception | None,
    ) -> Generator[Call, Outcome, Handed]:
        while made <= registration.subscriber.policy.retries:
            made += 1
            try:
                result, error = yield Call(registration.handler, event)
            except BaseException:
                if letter is None:
                    self.keep(registration, event, made)
                raise
            if error is None and not is_unawaited(result):
                self._succeed(registration)
                return None
            if error is None:
                error = self._now_known_as_async(registration, event)
                break
        assert error is not None
        return self._fail(registration, letter or _letter(registration, event), error, made)

    def _succeed(self, registration: Registration) -> None:
        self._ledger.deliver(registration.subscriber.name)
        if registration.once:
            registration.spent = True
            self._registry.discard(registration)

    def _fail(self, registration: Registration, letter: DeadLetter, error: Exception, attempts: int) -> DeadLetter:
        subscriber = registration.subscriber
        self._ledger.failed += 1
        letter.blame(error, attempts)
        if subscriber.policy.then == "stop":
            subscriber.stopped = True
            self._registry.changed()
        if subscriber.policy.then == "raise":
            self.failures.append(letter)
        # A stopped subscriber with a position finds the event in the log when it resumes.
        in_log = subscriber.stopped and subscriber.position is not None
        if letter not in self.letters and not in_log:
            self.letters.append(letter)
        return letter

    def _now_known_as_async(self, registration: Registration, event: Event) -> AsyncHandler:
        """A plain function gave a coroutine: from now on it counts as async."""
        registration.is_async = True
        self._registry.changed()
        handler = describe(registration.handler)
        return AsyncHandler(registration.subscriber.name, event.name, handler)


def _letter(registration: Registration, event: Event, attempts: int = 0) -> DeadLetter:
    return DeadLetter(event, registration.subscriber.name, describe(registration.handler), attempts)
