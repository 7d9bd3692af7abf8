"""Delivery that is bad on purpose, from a seed, so that a lesson's accidents repeat."""

from __future__ import annotations

import math
import random
from datetime import UTC, datetime, timedelta

from eda_workshop.bus.subscriber import Binding
from eda_workshop.errors import check_number
from eda_workshop.event import Event

_LAST = datetime.max.replace(tzinfo=UTC)
Copy = tuple[Binding, Event]
"""One copy of an event, on its way to the subscriber that this handler belongs to."""


class Delivery:
    """Loses, duplicates, delays and reorders the copies of events on their way to subscribers.

    Each probability is from 0 to 1 and is drawn for each copy. A delayed copy arrives up to `delay` seconds of the
    bus's clock later, and later copies to the same subscriber wait behind it: each link is first-in first-out. Only a
    reordered copy lets the next one to its subscriber overtake. ``bus.settle()`` delivers what is still on its way.
    The same seed gives the same accidents.

    >>> Delivery(seed=7, duplicate=0.2)
    Delivery(seed=7, duplicate=0.2)
    """

    def __init__(
        self,
        *,
        seed: int,
        lost: float = 0,
        duplicate: float = 0,
        delayed: float = 0,
        reordered: float = 0,
        delay: float = 5,
    ) -> None:
        chances = {"lost": lost, "duplicate": duplicate, "delayed": delayed, "reordered": reordered}
        self.chances = {name: check_number(name, chance, 0, 1, whole=False) for name, chance in chances.items()}
        self.counts = dict.fromkeys(self.chances, 0)
        self._seed = check_number("seed", seed, -math.inf)
        self._random = random.Random(self._seed)
        self._delay = check_number("delay", delay, 0, 1e9, whole=False)
        self._on_the_way: list[tuple[datetime, Copy]] = []
        self._held: dict[str, Copy] = {}

    def send(self, binding: Binding, event: Event, now: datetime) -> None:
        """Put a copy on its way, or two, or none."""
        # Every draw is made for every copy, so that raising one chance leaves the other accidents alone.
        happens = {name: self._random.random() < chance for name, chance in self.chances.items()}
        lateness = self._random.random() * self._delay
        if self._count(happens, "lost"):
            return
        copy = binding, event
        link = binding.subscriber.name
        if link not in self._held and self._count(happens, "reordered"):
            self._held[link] = copy
            return
        due = now + timedelta(seconds=lateness) if self._count(happens, "delayed") else now
        copies = 2 if self._count(happens, "duplicate") else 1
        self._post(link, due, [copy] * copies)

    def arrivals(self, now: datetime | None) -> list[Copy]:
        """Take out what has arrived by now, in order; with None, all there is."""
        if now is None:
            late = [(_LAST, copy) for copy in self._held.values()]
            arrived, self._on_the_way, self._held = self._on_the_way + late, [], {}
        else:
            arrived = [entry for entry in self._on_the_way if entry[0] <= now]
            self._on_the_way = [entry for entry in self._on_the_way if entry[0] > now]
        return [copy for _, copy in sorted(arrived, key=lambda entry: entry[0])]

    def receivers(self) -> list[Binding]:
        """Whom the copies are for that have not arrived yet."""
        copies = [*(copy for _, copy in self._on_the_way), *self._held.values()]
        return [binding for binding, _ in copies]

    @property
    def on_the_way(self) -> int:
        """How many copies have not arrived yet."""
        return len(self._on_the_way) + len(self._held)

    def _post(self, link: str, due: datetime, copies: list[Copy]) -> None:
        """Nothing overtakes on a link but what a held copy lets pass."""
        before = [when for when, (other, _) in self._on_the_way if other.subscriber.name == link]
        due = max([due, *before])
        held = self._held.pop(link, None)
        self._on_the_way += [(due, copy) for copy in [*copies, *([held] if held else [])]]

    def _count(self, happens: dict[str, bool], name: str) -> bool:
        self.counts[name] += happens[name]
        return happens[name]

    def __repr__(self) -> str:
        chances = "".join(f", {name}={chance}" for name, chance in self.chances.items() if chance)
        return f"Delivery(seed={self._seed}{chances})"
