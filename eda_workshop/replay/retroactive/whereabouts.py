"""Where in a log the events of a key are, if they don't stand in the order in which they occurred."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterable, Iterator

from eda_workshop.event import Recorded
from eda_workshop.log import EventLog


class Whereabouts:
    """An index beside the log's own, of the few events to which that does not lead."""

    def __init__(self, log: EventLog) -> None:
        self.log = log
        # Events that touch a key without being about it.
        self._wide: dict[str, list[int]] = {}
        # Events that stand elsewhere in the log than in the order of occurrence: of each key, and all.
        self._astray: dict[str, set[int]] = {}
        self._strays: set[int] = set()
        self._last: tuple[tuple[str, int], int, list[Recorded]] = ("", 0), 0, []

    def note_stray(self, event: Recorded, keys: Iterable[str]) -> None:
        """The event's position does not lead to its place."""
        self._strays.add(event.position)
        for key in keys:
            self._astray.setdefault(key, set()).add(event.position)

    def note_wide(self, event: Recorded, keys: Iterable[str]) -> None:
        """The event's subject does not lead to all the keys that it touches."""
        for key in keys:
            insort(self._wide.setdefault(key, []), event.position)

    def after(self, low: int, upto: int) -> Iterator[Recorded]:
        """All events at positions from low + 1 to upto, and all that may come after them out of order."""
        for page in self.log.pages(low, upto):
            yield from page
        yield from self._single(position for position in self._strays if position <= low)

    def touching(self, keys: Iterable[str], low: int, upto: int) -> Iterator[Recorded]:
        """The same, of those that touch one of the keys, some perhaps several times."""
        for key in keys:
            yield from self._about(key, low, upto)
            wide = self._wide.get(key, [])
            yield from self._single(wide[bisect_right(wide, low) :])
            yield from self._single(position for position in self._astray.get(key, ()) if position <= low)

    def _about(self, subject: str, low: int, upto: int) -> list[Recorded]:
        """A subject's events. A plan reads them, and so does its commit: they are kept in between."""
        asked, known, events = self._last
        if asked != (subject, low) or known > upto:
            known, events = low, []
        for page in self.log.pages(known, upto, subject=subject):
            events = events + page
        self._last = (subject, low), upto, events
        return events

    def _single(self, positions: Iterable[int]) -> Iterator[Recorded]:
        for position in positions:
            for page in self.log.pages(position - 1, position):
                yield from page
