"""Snapshots along the order of occurrence: the values of each key there, and how many events lie between."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from eda_workshop.log.corrections import Place
from eda_workshop.replay.states import Versions

BEGINNING: Place = (datetime.min.replace(tzinfo=UTC), 0)

ABSENT: Any = object()
"""Stands where a key has no value."""


class Waypoints:
    """Snapshots by number, from 1; number 0 is the beginning, where nothing has happened.

    places  where each snapshot was taken: the place of the last event before it
    """

    def __init__(self) -> None:
        self.places: list[Place] = []
        self._lows: list[int] = []
        self._counts = [0]
        self._versions = Versions()
        self._scheduled: list[Place] = []

    def __len__(self) -> int:
        return len(self.places)

    def take(self, place: Place, low: int, changed: Iterable[tuple[str, Any]]) -> None:
        """Take a snapshot of the values that changed since the last.

        low  the position up to which all events come before it, apart from those that are out of order
        """
        self.places.append(place)
        self._lows.append(low)
        self._scheduled = [later for later in self._scheduled if later > place]
        self._counts[-1] -= len(self._scheduled)
        self._counts.append(len(self._scheduled))
        self._versions.take(len(self), changed)

    def before(self, place: Place) -> int:
        """The number of the last snapshot before a place."""
        return bisect_left(self.places, place)

    def place(self, number: int) -> Place:
        """Where a snapshot was taken."""
        return self.places[number - 1] if number else BEGINNING

    def low(self, number: int) -> int:
        """The position after which the events after a snapshot were recorded, apart from those out of order."""
        return self._lows[number - 1] if number else 0

    def value(self, key: str, number: int) -> Any:
        """A key's value at a snapshot, or `ABSENT`."""
        return self._versions.get(key, number, ABSENT) if number else ABSENT

    def keys(self, number: int) -> list[str]:
        """The keys that ever had a value up to a snapshot."""
        return list(self._versions.keys(number)) if number else []

    def rewrite(self, key: str, after: int, rows: list[tuple[int, Any]], upto: int | None) -> None:
        """Put other values of a key in place of those at snapshots after one, and before another if there is one."""
        self._versions.rewrite(key, after, rows, len(self) + 1 if upto is None else upto)

    def count(self, place: Place, step: int) -> None:
        """There is one event more at a place, or less."""
        self._counts[self.before(place)] += step
        if step < 0 and place in self._scheduled:
            self._scheduled.remove(place)

    def count_last(self, step: int) -> None:
        """There are so many events more after the last snapshot."""
        self._counts[-1] += step

    def schedule(self, place: Place) -> None:
        """An event at this place was counted, and later snapshots may come before it."""
        insort(self._scheduled, place)

    def events_after(self, number: int) -> int:
        """How many events come after a snapshot."""
        return sum(self._counts[number:])

    @property
    def events_since_last(self) -> int:
        """How many events come after the last snapshot."""
        return self._counts[-1]
