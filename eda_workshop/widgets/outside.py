"""A service that really told the world outside, once, and whose calls are counted since."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from eda_workshop.clock import ManualClock
from eda_workshop.event import Event
from eda_workshop.log import EventLog, open_log
from eda_workshop.replay import Gateways

Tells = Callable[[Event], Mapping[str, Any] | None]


class Outside:
    """Gateways over a copy of a log, whose events were all handled live.

    tells  what is told because of an event, None for nothing; left out, each event is told of
    ids    of the log's events
    """

    def __init__(self, log: EventLog, tells: Tells | None = None) -> None:
        self._tells: Tells = tells or (lambda event: {"event": event.name})
        self._sent: list[Any] = []
        story = [event.event for event in log]
        self.ids = frozenset(event.id for event in story)
        # Gateways write down what went out; the log that was given is not theirs.
        own = open_log("memory://", clock=ManualClock())
        own.append(*story)
        self.gateways = Gateways(own)
        self._tell = self.gateways.update("outside", self._sent.append)
        for event in list(own.read(upto=len(story))):
            self.gateways.handle(event, self.handle)
        self._live = len(self._sent)

    @property
    def calls(self) -> int:
        """How often the outside was called since the log was handled live."""
        return len(self._sent) - self._live

    def handle(self, event: Event) -> None:
        """What the service does on each event; it can't tell whether it is live."""
        told = self._tells(event)
        if told is not None:
            self._tell(**told)
