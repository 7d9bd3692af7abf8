"""What a bus tells: receipts and counts."""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec

from eda_workshop.bus.letters import DeadLetter
from eda_workshop.event import Event


class Receipt(msgspec.Struct, frozen=True):
    """What became of one published event. It never holds what a handler returned. It counts as false if it is `unheard`.

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

    def __bool__(self) -> bool:
        return not self.unheard

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
