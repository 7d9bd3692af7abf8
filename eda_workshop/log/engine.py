"""What an engine brings: where records are kept, and how they are found again."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from threading import Condition, RLock

from eda_workshop.clock import Clock, WallClock
from eda_workshop.errors import BadLog
from eda_workshop.event import Recorded
from eda_workshop.log.query import Query
from eda_workshop.log.upcasters import Upcasters
from eda_workshop.log.verify import Row
from eda_workshop.log.writing import Draft, Find, Tip


class Engine(ABC):
    """The part of a log that differs from engine to engine.

    most  how many events one append may have; None: as many as there are
    """

    most: int | None = None

    def __init__(self, url: str, clock: Clock | None, upcasters: Upcasters | None) -> None:
        self.url = url
        self.clock: Clock = clock or WallClock()
        self.upcasters = upcasters or Upcasters()
        self.news: Condition | None = None
        self._lock = RLock()

    def watched(self) -> Condition:
        """What is notified when something is appended, from now on: here, and elsewhere if the engine hears of it."""
        self.news = self.news or Condition()
        return self.news

    @property
    def head(self) -> int:
        """The position of the last event, 0 while the log is empty."""
        return self.tip.position

    @property
    @abstractmethod
    def tip(self) -> Tip:
        """The position, time of recording and hash of the last record; 0, None and "" while the log is empty."""

    @abstractmethod
    def position_of(self, subscriber: str) -> int | None:
        """How far this durable subscriber has come, None if it was never here."""

    @abstractmethod
    def keep_position(self, subscriber: str, position: int) -> None:
        """Remember how far this durable subscriber has come: a position from 0 to the head, else `BadSetting`."""

    @abstractmethod
    def subscribers(self) -> dict[str, int]:
        """How far each durable subscriber has come, in the order of their names."""

    @abstractmethod
    def kept(self, name: str) -> tuple[str, int]:
        """What a group keeps beside the log, and its revision; "" and 0 if it keeps nothing yet."""

    @abstractmethod
    def keep(self, name: str, text: str, revision: int) -> bool:
        """Keep this for a group, if what it keeps is of that revision; False if somebody else was quicker."""

    @abstractmethod
    def close(self) -> None:
        """Let go of files and connections. Closing twice is allowed; whatever else is asked then is `BadLog`."""

    @property
    @abstractmethod
    def closed(self) -> bool:
        """Whether it was closed."""

    @abstractmethod
    def _commit(self, draft: Callable[[Tip, Find], Draft]) -> None:
        """Store the records of the draft in one transaction; it is told the tip and how to find an id."""

    @abstractmethod
    def _pages(self, query: Query, *, hashes: bool) -> Iterator[list[Recorded]]:
        """The events of a query in lists of any length, some perhaps empty; their hashes only if asked for."""

    @abstractmethod
    def _find(self, id: str) -> Recorded | None:
        """The event with this id as it is stored, or None."""

    @abstractmethod
    def _rows(self) -> Iterator[Row]:
        """All records as they are stored, unchecked, in the order of their positions."""

    @abstractmethod
    def _stored_bytes(self) -> int | None:
        """What the log takes where it is kept; None where that is nothing but its records."""


def closed(url: str) -> BadLog:
    """The error for whatever is asked of a log that was closed."""
    return BadLog(url, "is closed", "Open it again: open_log(url).")
