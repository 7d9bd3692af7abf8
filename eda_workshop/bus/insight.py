"""Looking inside: who handles what, what was done, what caused what."""

from __future__ import annotations

from eda_workshop.bus.ledger import Statistics
from eda_workshop.bus.parts import Parts
from eda_workshop.bus.registry import Row
from eda_workshop.bus.trace import Trace, TraceLine, tree
from eda_workshop.errors import NoLog
from eda_workshop.event import Event


class Insight(Parts):
    """The side of a bus that answers questions about itself."""

    def registry(self) -> tuple[Row, ...]:
        """Who handles what: rows of subscriber, name and handler, sorted."""
        return self._registry.rows()

    def statistics(self) -> Statistics:
        """What the bus has done since it was made, in numbers."""
        with self._flow:
            self._count()
            letters = len(self._courier.attempts.letters)
            return self._ledger.statistics(letters, self._courier.faults)

    def receivers(self, event: Event) -> tuple[str, ...] | None:
        """Who got this event, if it is one of the last 10,000 of a bus with a log; else None."""
        return self._ledger.receivers(event.id)

    def trace(self, conversation: Event | str) -> Trace:
        """One conversation from the log, each event under its cause.

        Pass one of its events, or its correlation id. Raises `NoLog` on a bus without a log.
        """
        if self.log is None:
            raise NoLog("A trace")
        if isinstance(conversation, Event):
            conversation = conversation.correlation
        events = tree(event for event in self.log.read() if event.correlation == conversation)
        lines = (TraceLine(event, depth, self.receivers(event)) for event, depth in events)
        return Trace(tuple(lines))
