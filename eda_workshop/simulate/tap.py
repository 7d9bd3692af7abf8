"""What a service hears: its subscription to the real bus, and how far behind the log it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from eda_workshop.bus import Bus
from eda_workshop.event import Recorded
from eda_workshop.log import EventLog
from eda_workshop.simulate.system import Link

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
"""The zero of virtual time."""

React = Callable[[Link, Recorded], object]


class Tap:
    """A service's place in the log. While it is closed nothing is heard; when it opens, what was missed comes first.

    heard  the events that were heard and not yet handled: position → when it was recorded, in seconds
    again  how many events were heard a second time
    lags   how long each handled event had been in the log, in seconds
    ages   (when the service answered from its copy, how old that was), in seconds
    """

    def __init__(self, bus: Bus, service: str, links: Mapping[str, Link], react: React) -> None:
        self.service = service
        self.links = links
        self.heard: dict[int, float] = {}
        self.again = 0
        self.life = 0
        self.lags: list[float] = []
        self.ages: list[tuple[float, float]] = []
        self._bus = bus
        self._log: EventLog = bus.log  # type: ignore[assignment]
        self._react = react
        self._done: set[int] = set()
        self._upto = self._newest = self._closed = 0
        self._open()

    def close(self, *, forget: bool) -> None:
        """Hear nothing more, and remember the place; `forget` what is being worked on as well, as in a fall."""
        if not self._closed:
            self._upto = min(self.heard, default=self._newest + 1) - 1
            self._bus.subscribers[self.service].close()
        self._closed += 1
        if forget:
            self.heard.clear()
            self.life += 1

    def open(self) -> None:
        """Hear again, from the first event that was not handled."""
        self._closed -= 1
        if not self._closed:
            self._open()

    def done(self, event: Recorded, now: float) -> None:
        """Note that an event has been handled."""
        self.heard.pop(event.position, None)
        self._done.add(event.position)
        self.lags.append(now - seconds(event))

    def lost(self, event: Recorded) -> None:
        """Note that an event did not arrive; the log will bring it again."""
        self.heard.pop(event.position, None)

    @property
    def is_closed(self) -> bool:
        return self._closed > 0

    @property
    def unheard(self) -> int:
        """How many events of its names it has not handled."""
        return sum(event.position not in self._done for event in self._log.read(self._upto, names=tuple(self.links)))

    def age(self, now: float) -> float:
        """How long the oldest event that is not handled has been in the log; 0 if everything is."""
        if self.heard:
            return now - next(iter(self.heard.values()))
        if not self._closed:
            return 0.0
        missed = next(iter(self._log.read(self._newest, names=tuple(self.links), limit=1)), None)
        return now - seconds(missed) if missed else 0.0

    def _open(self) -> None:
        subscriber = self._bus.subscriber(self.service, after=self._upto)
        for name, link in self.links.items():
            subscriber.on(name, lambda event, link=link: self._hear(link, event))
        subscriber.catch_up()

    def _hear(self, link: Link, event: Recorded) -> None:
        if event.position <= self._newest:
            self.again += 1
        self._newest = max(self._newest, event.position)
        if event.position not in self._done and event.position not in self.heard:
            self.heard[event.position] = seconds(event)
            self._react(link, event)


def seconds(event: Recorded) -> float:
    """When an event was recorded, in seconds of virtual time."""
    return (event.recorded - START).total_seconds()
