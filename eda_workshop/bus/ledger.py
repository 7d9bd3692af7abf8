"""What the bus has done so far, in numbers, and who got which event lately."""

from __future__ import annotations

from collections import Counter, OrderedDict
from dataclasses import dataclass, field

from eda_workshop.bus.faults import Delivery
from eda_workshop.bus.receipts import Receipt
from eda_workshop.bus.registry import Route

REMEMBERED = 10_000


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


class Ledger:
    """Counts, and a bounded memory of who got which event."""

    def __init__(self) -> None:
        self.failed = 0
        self._published: Counter[str] = Counter()
        self._delivered: Counter[str] = Counter()
        self._unheard = 0
        self._receivers: OrderedDict[str, tuple[str, ...]] = OrderedDict()

    def publish(self, name: str, *, heard: bool) -> None:
        """Count one event whose delivery begins."""
        self._published[name] += 1
        self._unheard += not heard

    def deliver(self, subscriber: str) -> None:
        """Count one event that a handler is done with."""
        self._delivered[subscriber] += 1

    def note(self, receipt: Receipt) -> None:
        """Remember who got an event."""
        self._receivers[receipt.event.id] = receipt.delivered_to
        if len(self._receivers) > REMEMBERED:
            self._receivers.popitem(last=False)

    def fold(self, route: Route) -> None:
        """Take over what a route counted on the short way."""
        count, route.published = route.published, 0
        if count:
            self._published[route.name] += count
            self._unheard += 0 if route.subscribers else count
            for subscriber in route.subscribers:
                self._delivered[subscriber] += count

    def statistics(self, letters: int, faults: Delivery | None) -> Statistics:
        """The counts as they stand now."""
        return Statistics(
            published=dict(sorted(self._published.items())),
            delivered=dict(sorted(self._delivered.items())),
            unheard=self._unheard,
            failed=self.failed,
            dead_letters=letters,
            accidents={**faults.counts, "on_the_way": faults.on_the_way} if faults else {},
        )

    def receivers(self, id: str) -> tuple[str, ...] | None:
        """Who got the event, None if that is no longer, or was never, known."""
        return self._receivers.get(id)
