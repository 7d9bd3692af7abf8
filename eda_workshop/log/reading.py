"""Reading a log: what was recorded, by position, name, subject or time; once, or for ever."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain, islice
from typing import Any

from eda_workshop.clock import Instant, as_instant
from eda_workshop.errors import check_number
from eda_workshop.event import Recorded
from eda_workshop.log.effective import effective
from eda_workshop.log.engine import Engine
from eda_workshop.log.follow import Follower
from eda_workshop.log.query import Span, ask


class Reading(Engine):
    """The part of a log that reads."""

    def read(
        self,
        after: int = 0,
        upto: int | None = None,
        *,
        names: str | Iterable[str] | None = None,
        subject: str | None = None,
        occurred: Span = (None, None),
        recorded: Span = (None, None),
        limit: int | None = None,
        reverse: bool = False,
        raw: bool = False,
    ) -> Iterator[Recorded]:
        """The events at the positions after < position <= upto, in the order recorded.

        after     a position from 0
        upto      a position; None, or one beyond the head, means the head as it is now
        names     only these names; patterns such as ``user.*`` are names too
        subject   only events about this entity
        occurred  only events in this half-open span: from <= occurred < until; None leaves an end open
        recorded  the same for the time of recording
        limit     at most so many
        reverse   newest first
        raw       as they are stored, without what the upcasters make of them

        You read the log as it stands at the call; what is appended meanwhile is not included. Raises `BadSetting`,
        `BadPattern`, `BadTime`; `BadLog` and `MissingUpcaster` when an event can't be read.

        >>> log = open_log("memory://")
        >>> _ = log.append(Event("user.signed_up", id="1"), Event("email.sent", id="2"))
        >>> list(log.read(names="email.*"))
        [Recorded(2, 'email.sent', {}, id='2')]
        """
        if limit is not None:
            check_number("limit", limit, 0)
        query = ask(self.head, after, upto, names, subject, occurred, recorded, reverse)
        pages = self._pages(query, hashes=True)
        return islice(chain.from_iterable(pages if raw else map(self.upcasters.apply, pages)), limit)

    def pages(self, after: int = 0, upto: int | None = None, *, subject: str | None = None) -> Iterator[list[Recorded]]:
        """The same events in lists, for those who fold many: without their hashes, which takes a third off the time.

        >>> log = open_log("memory://")
        >>> _ = log.append(Event("user.signed_up", id="1"), Event("email.sent", id="2"))
        >>> list(log.pages())
        [[Recorded(1, 'user.signed_up', {}, id='1'), Recorded(2, 'email.sent', {}, id='2')]]
        """
        query = ask(self.head, after, upto, None, subject, (None, None), (None, None), False)
        return map(self.upcasters.apply, self._pages(query, hashes=False))

    def effective(self, upto: int | None = None) -> list[Recorded]:
        """The events as they count, after all that was recorded up to a position; None means the head.

        They come in the order in which they occurred, at one moment in the order recorded. An ``event.rejected`` with
        the id of another in its data's `event` takes that one out; an ``event.corrected`` gives it other `data`,
        another time `occurred`, or both. Neither is among the events that count. What was rejected or corrected
        itself has no effect any more: rejecting a rejection brings the event back. `read` shows all of them as they
        were recorded.

        Raises `BadCorrection` for one that refers to no event before it.

        >>> log = open_log("memory://")
        >>> _ = log.append(Event("user.signed_up", id="1"), Event("event.rejected", {"event": "1"}, id="2"))
        >>> log.effective(), log.effective(upto=1)
        ([], [Recorded(1, 'user.signed_up', {}, id='1')])
        """
        return effective(self.read(upto=upto))

    def find(self, id: str) -> Recorded | None:
        """The event with this id, or None."""
        with self._lock:
            found = self._find(id)
        return None if found is None else self.upcasters.apply([found])[0]

    def position_at(self, recorded: Instant) -> int:
        """The position of the last event that was recorded at this moment or before; 0 if none was.

        >>> log = open_log("memory://", clock=ManualClock("2026-03-02T09:00:00Z", tick=60))
        >>> _ = log.append(Event("user.signed_up"), Event("email.sent"))
        >>> log.position_at("2026-03-02T09:00:59Z")
        1
        """
        moment = as_instant(recorded)
        times = RecordingTimes(self)
        return bisect_right(times, moment)

    def follow(
        self,
        after: int = 0,
        *,
        names: str | Iterable[str] | None = None,
        subject: str | None = None,
        patience: float | None = None,
    ) -> Follower:
        """Catch up from a position, then go on live: every event once, in order, also those of other processes.

        `patience` is how many seconds to wait for the next event before the iteration ends; None waits until
        `Follower.close` is called, from any thread, or the log is closed.

        >>> log = open_log("memory://")
        >>> _ = log.append(Event("user.signed_up", id="1"))
        >>> for event in log.follow(patience=0): print(event)
        Recorded(1, 'user.signed_up', {}, id='1')
        """
        return Follower(self, after, names, subject, patience)

    def __len__(self) -> int:
        return self.head

    def __iter__(self) -> Iterator[Recorded]:
        return self.read()


class RecordingTimes(Sequence[datetime]):
    """When each event was recorded, in order, so that one can be found without reading all."""

    def __init__(self, log: Reading) -> None:
        self._log = log
        self._head = log.head

    def __len__(self) -> int:
        return self._head

    def __getitem__(self, index: Any) -> Any:
        return next(self._log.read(index, index + 1, raw=True)).recorded
