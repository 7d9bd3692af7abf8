"""A log that others append to as well, right when it matters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from eda_workshop.clock import ManualClock
from eda_workshop.errors import Conflict
from eda_workshop.event import Event, Recorded
from eda_workshop.ids import CounterIds
from eda_workshop.log import Query
from eda_workshop.log.memory import MemoryLog
from eda_workshop.log.records import Written

SEAT = "12A"
PATIENCE = 10


class Stuck(BaseException):
    """One conflict after the other, and no end to it: no `except Exception` stops it."""


class BusyLog(MemoryLog):
    """A log that others append to as well: right before an append comes through, or right after a look into it."""

    def __init__(self) -> None:
        super().__init__(ManualClock())
        self.new_id = CounterIds()
        self.before_appends: list[Event] = []
        self.after_reads: list[Event] = []
        self.expected: list[int | None] = []
        self.conflicts = 0
        self.others("user.signed_up", {"user": "ada"})
        self.others("seat.reserved", {"seat": "12B", "who": "alan"})
        self.others("user.signed_up", {"user": "grace"})

    def event(self, name: str, data: dict[str, str]) -> Event:
        return Event(name, data, id=self.new_id(), occurred=self.clock.now())

    def others(self, name: str, data: dict[str, str]) -> None:
        super().write([self.event(name, data)])

    def write(
        self,
        events: Sequence[Event],
        expected: int | None = None,
        after: int | None = None,
        unless: Query | None = None,
    ) -> list[Written]:
        self.expected.append(expected)
        if self.before_appends:
            super().write([self.before_appends.pop(0)])
        try:
            return super().write(events, expected, after, unless)
        except Conflict:
            self.conflicts += 1
            if self.conflicts > PATIENCE:
                raise Stuck from None
            raise

    def read(self, *args: Any, **wanted: Any) -> Iterator[Recorded]:
        found = super().read(*args, **wanted)
        self._disturb()
        return found

    def pages(self, *args: Any, **wanted: Any) -> Iterator[list[Recorded]]:
        found = super().pages(*args, **wanted)
        self._disturb()
        return found

    def _disturb(self) -> None:
        if self.after_reads:
            super().write([self.after_reads.pop(0)])

    def holders(self, seat: str = SEAT) -> list[Any]:
        """Who has reserved the seat, each time somebody has."""
        events = list(MemoryLog.read(self, names="seat.reserved"))
        return [event.data.get("who") for event in events if event.data.get("seat") == seat]
