"""The drive's bills: what each user stores, an invoice at the end of the month, and a mail when it gets much."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from eda_workshop.clock import ManualClock
from eda_workshop.event import Event
from eda_workshop.log import EventLog, open_log
from eda_workshop.replay import Gateways, History, KeyedModel, applies, possible, reverses

MUCH = 10
"""Gigabytes; who stores more gets a mail with each addition."""

PRICE = 2
"""Euros for a gigabyte that is stored when the month is closed."""

GRACE = timedelta(days=5)
"""How long an invoice waits after the month was closed."""


class Usage(KeyedModel):
    """Gigabytes stored, by user. Nobody can remove more than they have."""

    initial = 0

    @staticmethod
    @applies("photos.added")
    def added(gigabytes: int, event: Event) -> int:
        return gigabytes + int(event.data["gigabytes"])

    @staticmethod
    @applies("photos.removed", keep=lambda gigabytes, event: gigabytes)
    def removed(gigabytes: int, event: Event) -> int:
        return max(gigabytes - int(event.data["gigabytes"]), 0)

    @staticmethod
    @possible("photos.removed")
    def is_stored(gigabytes: int, event: Event) -> str | None:
        removed = int(event.data["gigabytes"])
        return None if removed <= gigabytes else f"{gigabytes} GB are stored and {removed} GB are removed"

    @staticmethod
    @reverses("photos.added")
    def not_added(gigabytes: int, event: Event, _: None) -> int:
        return gigabytes - int(event.data["gigabytes"])

    @staticmethod
    @reverses("photos.removed")
    def not_removed(_gigabytes: int, _event: Event, before: int) -> int:
        return before


def day(number: int) -> datetime:
    """Noon of a day in March 2026; 32 is the first of April."""
    return datetime(2026, 3, 1, 12, tzinfo=UTC) + timedelta(days=number - 1)


MARCH = (
    (2, "photos.added", "ada", 4),
    (5, "photos.added", "bob", 3),
    (8, "photos.added", "ada", 3),
    (12, "photos.removed", "ada", 2),
    (15, "photos.added", "bob", 5),
    (18, "photos.added", "ada", 4),
    (22, "photos.added", "ada", 2),
    (24, "photos.removed", "bob", 1),
    (28, "month.closed", "ada", 0),
    (28, "month.closed", "bob", 0),
    (30, "photos.added", "ada", 1),
)
"""What happened in March: the day, what it was, whose it was, and how many gigabytes."""


def photos(number: int, id: str, user: str = "ada", gigabytes: int = 3, name: str = "photos.added") -> Event:
    """An event of a day in March."""
    data = {"gigabytes": gigabytes} if gigabytes else {"month": "March"}
    return Event(name, data, subject=f"user/{user}", id=id, occurred=day(number))


class Billing:
    """The service with its ways outside, where invoices wait for some days, and mails go out at once.

    history  what everybody stores, and the way to put it right
    outside  what the world outside received: the gateway, and the content

    >>> billing = Billing()
    >>> billing.month()
    >>> billing.history.state()
    {'user/ada': 12, 'user/bob': 7}
    >>> billing.outside
    [('mail', {'user': 'user/ada', 'text': 'more than 10 GB'}), ('mail', {'user': 'user/ada', 'text': 'more than 10 GB'})]
    """

    def __init__(self, log: EventLog | None = None, *, every: int = 4) -> None:
        self.clock = ManualClock(day(1))
        self.log = open_log("memory://", clock=self.clock) if log is None else log
        self.outside: list[tuple[str, dict[str, Any]]] = []
        self.gateways = Gateways(self.log)
        self._mail = self.gateways.update("mail", self._receiver("mail"), retract=self._receiver("sorry"))
        self._invoice = self.gateways.buffered(
            "invoice", self._receiver("invoice"), lambda event: event.occurred + GRACE, retract=self._receiver("credit")
        )
        self.history = History(self.log, Usage, every=every, gateways=self.gateways, react=self.react)

    def react(self, event: Event, gigabytes: int) -> None:
        """What each event means for the world outside, given what is stored right after it."""
        if event.name == "month.closed":
            self._invoice(user=event.subject, euros=gigabytes * PRICE)
        if event.name == "photos.added" and gigabytes > MUCH:
            self._mail(user=event.subject, text=f"more than {MUCH} GB")

    def month(self) -> None:
        """Live through March, to its last day."""
        for number, (date, name, user, gigabytes) in enumerate(MARCH, 1):
            self.clock.set(day(date))
            self.history.record(photos(date, f"evt-{number:04}", user, gigabytes, name))
        self.clock.set(day(31))

    def release(self, number: int) -> int:
        """Let a day begin: invoices that are due go out. Returns how many."""
        self.clock.set(day(number))
        return self.gateways.release(day(number))

    def _receiver(self, name: str) -> Any:
        return lambda content: self.outside.append((name, dict(content)))
