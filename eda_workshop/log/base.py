"""The contract that every log keeps, whatever engine it runs on."""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, MutableMapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from threading import Condition, RLock
from typing import TYPE_CHECKING, Any, Self
from weakref import WeakKeyDictionary

from eda_workshop.clock import Clock, Instant, WallClock, as_instant
from eda_workshop.errors import BadLog, check_number
from eda_workshop.event import Event, Recorded, as_event
from eda_workshop.log.exchange import Loaded, load, save
from eda_workshop.log.follow import Follower
from eda_workshop.log.query import Query, Span, ask
from eda_workshop.log.sharing import Sharing
from eda_workshop.log.statistics import LogStatistics, measure
from eda_workshop.log.upcasters import Upcasters
from eda_workshop.log.verify import Damage, Row, find_damage
from eda_workshop.log.writing import Copy, Draft, Find, Request, Tip, Written

if TYPE_CHECKING:
    from eda_workshop.log.awaiting import WaitingRoom


class EventLog(ABC):
    """An append-only sequence of events. Positions count from 1 without gaps.

    One lock guards each log, so threads may share it. Use it in ``with``, or call `close`.
    """

    def __init__(self, url: str, clock: Clock | None, upcasters: Upcasters | None) -> None:
        self.url = url
        self.clock: Clock = clock or WallClock()
        self.upcasters = upcasters or Upcasters()
        self.news: Condition | None = None
        self._lock = RLock()
        self._sharing = Sharing()
        self._rooms: MutableMapping[object, WaitingRoom] = WeakKeyDictionary()

    # --- writing --------------------------------------------------------------------------------

    def append(self, *events: Event, expected: int | None = None) -> tuple[int, ...]:
        """Append the events, all or none, and return their positions.

        `expected` is the position at which the log must end now, 0 for an empty log; else
        `Conflict`, which is checked first. An event whose id is there already with the same content
        gives back its old position; with other content `DuplicateEvent`. After an error nothing has
        been appended. Appends that wait for each other are committed together.

        >>> log = open_log("memory://")
        >>> log.append(Event("user.signed_up"), Event("email.sent"), expected=0)
        (1, 2)
        """
        return tuple(written.event.position for written in self.write(events, expected))

    async def append_async(self, *events: Event, expected: int | None = None) -> tuple[int, ...]:
        """`append` for tasks: others run while the disk is busy, and those that wait share a commit.

        A task that is canceled while it waits may have appended: append again, the id makes it harmless.

        >>> import asyncio
        >>> log = open_log("memory://")
        >>> asyncio.run(log.append_async(Event("user.signed_up")))
        (1,)
        """
        import asyncio

        from eda_workshop.log.awaiting import WaitingRoom

        request = self._request(events, expected)
        loop = asyncio.get_running_loop()
        room = self._rooms.setdefault(loop, WaitingRoom(self._commit_turn))
        await room.wait(request)
        self._tell()
        return tuple(written.event.position for written in request.outcome())

    def write(self, events: Sequence[Event], expected: int | None = None) -> list[Written]:
        """Like `append`, but returns what became of each event."""
        request, sharing = self._request(events, expected), self._sharing
        try:
            if sharing.enter(request):
                self._commit_turn(sharing.turn(request))
                sharing.done()
                sharing.leave(request)
                self._tell()
        except BaseException:
            sharing.leave(request, interrupted=True)
            raise
        return request.outcome()

    def restore(self, events: Sequence[Recorded]) -> int:
        """Copy records of another log, all or none, with their positions, times and hashes; return how many are new.

        They must continue this log without a gap, and those that are here already must be the same; else
        `BadRecord`. So a copy that broke off can be done again.

        >>> here, there = open_log("memory://"), open_log("memory://")
        >>> _ = here.append(Event("user.signed_up"))
        >>> there.restore(list(here)), there.tip == here.tip
        (1, True)
        """
        copies: list[Copy] = []

        def draft(tip: Tip, find: Find) -> Draft:
            copies[:] = [Copy(tip, self.clock, find)]
            copies[0].copy(list(events))
            return copies[0]

        with self._lock:
            self._commit(draft)
        self._tell()
        return len(copies[0].records)

    # --- reading --------------------------------------------------------------------------------

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
        times = _RecordingTimes(self)
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

    @property
    def head(self) -> int:
        """The position of the last event, 0 while the log is empty."""
        return self.tip.position

    @property
    @abstractmethod
    def tip(self) -> Tip:
        """The position, time of recording and hash of the last record; 0, None and "" while the log is empty."""

    def __len__(self) -> int:
        return self.head

    def __iter__(self) -> Iterator[Recorded]:
        return self.read()

    # --- positions of durable subscribers -------------------------------------------------------

    @abstractmethod
    def position_of(self, subscriber: str) -> int | None:
        """How far this durable subscriber has come, None if it was never here."""

    @abstractmethod
    def keep_position(self, subscriber: str, position: int) -> None:
        """Remember how far this durable subscriber has come: a position from 0 to the head, else `BadSetting`."""

    # --- looking after it -----------------------------------------------------------------------

    def verify(self) -> Damage | None:
        """None if the log is whole, else the first position that doesn't fit, and why.

        It recomputes the chain of hashes and compares all that is stored with it. It can't see that the last
        records were cut off: keep `tip` elsewhere for that, as snapshots and durable subscribers do.

        >>> log = open_log("memory://")
        >>> _ = log.append(Event("user.signed_up"))
        >>> print(log.verify())
        None
        """
        return find_damage(self._rows())

    def statistics(self) -> LogStatistics:
        """How many events of which name there are, how many bytes they take, and their times.

        >>> log = open_log("memory://")
        >>> _ = log.append(Event("user.signed_up"), Event("user.signed_up"))
        >>> log.statistics().names
        {'user.signed_up': 2}
        """
        return measure(self._rows(), self._stored_bytes())

    def save(self, path: str | Path) -> int:
        """Write all events to a new file as CloudEvents; return how many.

        ``.ndjson`` and ``.jsonl`` mean one event a line, ``.json`` the batch of the specification, one array. Raises
        `BadFile` for another ending, or a file that is there already.
        """
        return save(self, Path(path))

    def load(self, path: str | Path, *, restore: bool = False) -> Loaded:
        """Append the events of a file that `save` wrote, or another CloudEvents producer; tell what became of them.

        restore  False: they are recorded now, and those that are here already are passed. True: they keep their
                 positions, times of recording and hashes, and must continue this log exactly; done twice, or
                 broken off and done again, it goes on where it was

        The last line may be torn, as after a crash: it is reported and left out. Any other damage raises `BadFile`
        with the line's number, and nothing is appended.
        """
        return load(self, Path(path), restore=restore)

    def tracer(self, show: Callable[[str], object] | None) -> AbstractContextManager[object]:  # noqa: ARG002
        """Show each SQL statement as it runs, from now on or in ``with``; None ends it. Only SQLite has any."""
        raise BadLog(self.url, "has no SQL to show", "Open a file: open_log('drive.db').")

    # --- life -----------------------------------------------------------------------------------

    @abstractmethod
    def close(self) -> None:
        """Let go of files and connections. Closing twice is allowed; whatever else is asked then is `BadLog`."""

    @property
    @abstractmethod
    def closed(self) -> bool:
        """Whether it was closed."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        try:
            state = f"{self.head} event{'' if self.head == 1 else 's'}"
        except BadLog as error:
            state = error.problem
        return f"<EventLog {self.url}: {state}>"

    # --- what an engine brings ------------------------------------------------------------------

    @abstractmethod
    def _commit(self, draft: Callable[[Tip, Find], Draft]) -> None:
        """Store the records of the draft in one transaction; it is told the tip and how to find an id."""

    @abstractmethod
    def _pages(self, query: Query, *, hashes: bool) -> Iterator[list[Recorded]]: ...

    @abstractmethod
    def _find(self, id: str) -> Recorded | None: ...

    @abstractmethod
    def _rows(self) -> Iterator[Row]: ...

    @abstractmethod
    def _stored_bytes(self) -> int: ...

    def _request(self, events: Sequence[Event], expected: int | None) -> Request:
        if expected is not None:
            check_number("expected", expected, 0)
        return Request([as_event(event) for event in events], expected)

    def _commit_turn(self, turn: list[Request]) -> None:
        def draft(tip: Tip, find: Find) -> Draft:
            drafted = Draft(tip, self.clock, find)
            for request in turn:
                drafted.add(request)
            return drafted

        try:
            with self._lock:
                self._commit(draft)
        except Exception as error:
            for request in turn:
                request.written, request.error = None, error

    def _tell(self) -> None:
        if self.news is not None:
            with self.news:
                self.news.notify_all()


class _RecordingTimes(Sequence[datetime]):
    """When each event was recorded, in order, so that one can be found without reading all."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._head = log.head

    def __len__(self) -> int:
        return self._head

    def __getitem__(self, index: Any) -> Any:
        return next(self._log.read(index, index + 1, raw=True)).recorded


def closed(url: str) -> BadLog:
    """The error for whatever is asked of a log that was closed."""
    return BadLog(url, "is closed", "Open it again: open_log(url).")
