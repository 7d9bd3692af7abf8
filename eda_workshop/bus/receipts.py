"""What a bus tells: receipts, dead letters, counts; and what a subscriber wants done about a failure."""

from __future__ import annotations

import traceback
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import msgspec

from eda_workshop.errors import BadSubscriber, check_number
from eda_workshop.event import Event

Verdict = Literal["raise", "park", "stop"]


class Policy(NamedTuple):
    """How often a subscriber tries again at once, and what happens when that did not help."""

    retries: int
    then: Verdict

    def __str__(self) -> str:
        return f"retry({self.retries}, then={self.then!r})" if self.retries else self.then


def retry(times: int, then: Verdict = "park") -> Policy:
    """Try a failed handler again up to `times` times at once, then raise, park or stop.

    >>> print(retry(2))
    retry(2, then='park')
    """
    check_number("times", times, 0)
    return Policy(times, then)


def as_policy(subscriber: str, given: str | Policy) -> Policy:
    """The policy that was meant. Raises `BadSubscriber` for one that doesn't exist."""
    policy = given if isinstance(given, Policy) else Policy(0, given)  # type: ignore[arg-type]
    if policy.then not in ("raise", "park", "stop"):
        remedy = "Choose 'raise', 'park', 'stop' or retry(3)."
        raise BadSubscriber(subscriber, f"can't have the policy {str(given)!r}", remedy)
    check_number("retries", policy.retries, 0)
    return policy


@dataclass(eq=False)
class DeadLetter:
    """An event that a subscriber could not handle. It waits in ``bus.dead_letters``.

    attempts   how often the handler was called with it; 0 while it waits behind a stopped subscriber,
               or when the delivery was interrupted before its turn
    error      how the last attempt ended; None if there was none, or it was interrupted
    traceback  where the handler failed, as text; "" if `error` is None
    """

    event: Event
    subscriber: str
    handler: str
    attempts: int = 0
    error: Exception | None = None
    traceback: str = field(default="", repr=False)

    def blame(self, error: Exception, attempts: int) -> None:
        """Note a failure after so many more attempts."""
        self.error = error
        self.attempts += attempts
        self.traceback = "".join(traceback.format_exception(error))

    def __repr__(self) -> str:
        error = self.error
        why = f"{type(error).__name__}: {error}" if error else "not handled yet"
        what = f"{self.event.id} {self.event.name} for {self.subscriber!r}"
        return f"<DeadLetter {what}, {self.attempts}x: {why}>"


class Receipt(msgspec.Struct, frozen=True):
    """What became of one published event. It never holds what a handler returned.

    event      as recorded, or as published on a bus without a log
    addressed  the subscribers that have a handler for it, in the order they subscribed
    missed     those of them that did not get it: lost, late or stopped
    failed     the dead letters it left
    queued     True when a handler published it: it is recorded, and will be delivered in its turn
    repeated   True when the log held this id already: nothing was delivered again
    """

    event: Event
    addressed: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    failed: tuple[DeadLetter, ...] = ()
    queued: bool = False
    repeated: bool = False

    @property
    def delivered_to(self) -> tuple[str, ...]:
        """The subscribers whose handlers took it without an error."""
        without = {*self.missed, *(letter.subscriber for letter in self.failed)}
        return tuple(name for name in self.addressed if name not in without)

    @property
    def unheard(self) -> bool:
        """Whether nobody has a handler for it, which is allowed, and worth seeing."""
        return not (self.addressed or self.queued or self.repeated)

    def __repr__(self) -> str:
        return f"<Receipt {self.event.id} {self.event.name}: {self._outcome()}>"

    def _outcome(self) -> str:
        if self.queued:
            return "queued"
        if self.repeated:
            return "published before, not delivered again"
        if self.unheard:
            return "unheard"
        parts = {"delivered to": self.delivered_to, "missed": self.missed}
        parts["failed"] = tuple(letter.subscriber for letter in self.failed)
        return "; ".join(f"{what} {', '.join(who)}" for what, who in parts.items() if who)


@dataclass(frozen=True)
class Statistics:
    """Counts since the bus was made.

    published      events that were delivered or whose delivery was interrupted, by name
    delivered      times that a handler was done with an event, by subscriber
    unheard        events that nobody had a handler for
    failed         times that a handler failed with an event, after all retries
    dead_letters   letters that wait now
    accidents      what bad delivery did: lost, duplicate, delayed, reordered, and on_the_way now
    """

    published: dict[str, int]
    delivered: dict[str, int]
    unheard: int
    failed: int
    dead_letters: int
    accidents: dict[str, int] = field(default_factory=dict)
