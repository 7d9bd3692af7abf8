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

    published      events, by name
    delivered      calls of handlers that ended without an error, by subscriber
    unheard        events that nobody had a handler for
    failed         calls, after all retries, that ended with an error
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
        self.published: Counter[str] = Counter()
        self.handled: Counter[str] = Counter()
        self.unheard = 0
        self.failed = 0
        self._receivers: OrderedDict[str, tuple[str, ...]] = OrderedDict()

    def note(self, receipt: Receipt) -> None:
        """Count one delivered event and remember who got it."""
        self.published[receipt.event.name] += 1
        self.unheard += receipt.unheard
        self.failed += len(receipt.failed)
        self._receivers[receipt.event.id] = receipt.delivered_to
        if len(self._receivers) > REMEMBERED:
            self._receivers.popitem(last=False)

    def delivered(self, subscriber: str) -> None:
        """Count one call that ended well."""
        self.handled[subscriber] += 1

    def fold(self, name: str, route: Route) -> None:
        """Take over what a route counted on the short way."""
        self.published[name] += route.published
        for subscriber in route.subscribers:
            self.handled[subscriber] += route.published
        self.unheard += 0 if route.subscribers else route.published
        route.published = 0

    def statistics(self, letters: int, faults: Delivery | None) -> Statistics:
        """The counts as they stand now."""
        accidents = {**faults.counts, "on_the_way": faults.on_the_way} if faults else {}
        return Statistics(
            published=dict(sorted(self.published.items())),
            delivered=dict(sorted(self.handled.items())),
            unheard=self.unheard,
            failed=self.failed,
            dead_letters=letters,
            accidents=accidents,
        )

    def receivers(self, id: str) -> tuple[str, ...] | None:
        """Who got the event, None if that is no longer, or was never, known."""
        return self._receivers.get(id)
