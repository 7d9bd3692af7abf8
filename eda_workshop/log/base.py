"""The contract that every log keeps, whatever engine it runs on, and all that the engines share."""

from __future__ import annotations

import sys
import time
from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from threading import Condition, RLock
from typing import Any, Self

from eda_workshop.clock import Clock, Instant, WallClock, as_instant, check_clock
from eda_workshop.errors import BadLog, BadSetting, check_number
from eda_workshop.event import Event, Recorded, as_event
from eda_workshop.files import as_path
from eda_workshop.log import consumers
from eda_workshop.log.consumers import Consumer, Key
from eda_workshop.log.corrections import Broken, check_corrections, corrections_of, effective
from eda_workshop.log.files import Loaded, load, save
from eda_workshop.log.group import Group
from eda_workshop.log.group_commit import GroupCommit, Request
from eda_workshop.log.identity import Identity, the_one
from eda_workshop.log.own import CORRECTIONS
from eda_workshop.log.query import Query, Selection, Span, all_of, check_query, select
from eda_workshop.log.records import (
    ALWAYS,
    AppendCondition,
    Damage,
    Draft,
    End,
    Find,
    LogStatistics,
    Row,
    Written,
    find_damage,
    measure,
)
from eda_workshop.log.upcasters import Upcasters, check_upcasters


class EventLog(ABC):
    """An append-only sequence of events. Positions count from 1 without gaps.

    One lock guards each log, so threads may share it. Use it in ``with``, or call `close`.
    """

    max_batch: int | None = None
    """How many events one append may have; None: as many as there are."""

    def __init__(
        self, url: str, clock: Clock | None = None, upcasters: Upcasters | None = None, *, read_only: bool = False
    ) -> None:
        self.url = url
        self.read_only = read_only
        self.clock: Clock = WallClock() if clock is None else check_clock(clock)
        self.upcasters = Upcasters() if upcasters is None else check_upcasters(upcasters)
        self._changed: Condition | None = None
        self._lock = RLock()
        self._group_commit = GroupCommit()

    # --- appending ------------------------------------------------------------------------------

    def append(
        self, *events: Event, expected: int | None = None, after: int | None = None, unless: Query | None = None
    ) -> tuple[int, ...]:
        """Append the events, all or none, and return their positions.

        expected  the position at which the log must end now, 0 for an empty log
        after     the position, from 0, up to which you read the log for this decision. If you give only `unless`, it is 0
        unless    the events that the decision depends on: the log refuses the append if one of them was added after that
                  position. If you give only `after`, it is every event

        If a condition doesn't hold, you get a `Conflict`, which names the first event in the way. An event whose source and id are
        there already with the same content gives back its old position, before any condition is looked at; with other
        content `DuplicateEvent`. An ``event.rejected`` or ``event.corrected`` that can't be applied raises
        `BadCorrection`, see `effective`. After an error nothing has been appended. Threads that append at once share
        commits, and each append is judged by itself. The condition is the append condition of dcb.events.

        >>> log = open_log("memory://")
        >>> log.append(Event("seat.reserved", subject="seat/12", id="1"), unless=Query("seat.*", tags="seat/12"))
        (1,)
        >>> log.append(Event("seat.reserved", subject="seat/7", id="2"), after=0, unless=Query(tags="seat/7"))
        (2,)
        >>> log.append(Event("seat.reserved", subject="seat/12", id="3"), unless=Query(tags="seat/12"))
        Traceback (most recent call last):
        ...
        eda_workshop.errors.Conflict: 'seat.reserved' about 'seat/12' is in the way, at position 1. You had read up to ...
        """
        return tuple(written.event.position for written in self.write(events, expected, after, unless))

    async def append_async(
        self, *events: Event, expected: int | None = None, after: int | None = None, unless: Query | None = None
    ) -> tuple[int, ...]:
        """`append` for tasks: it runs in another thread, so that other tasks run while the disk is busy.

        A task that is canceled while it waits may have appended: append the same event again, its id makes it harmless.

        >>> import asyncio
        >>> log = open_log("memory://")
        >>> asyncio.run(log.append_async(Event("user.signed_up")))
        (1,)
        """
        import asyncio

        return await asyncio.to_thread(self.append, *events, expected=expected, after=after, unless=unless)

    def write(
        self,
        events: Sequence[Event],
        expected: int | None = None,
        after: int | None = None,
        unless: Query | None = None,
    ) -> list[Written]:
        """Like `append`, but returns what became of each event."""
        condition = _condition(expected, after, unless)
        plain = [as_event(event) for event in events]
        if any(event.name in CORRECTIONS for event in plain):
            check_corrections(plain, self.find)
        return self._write(plain, condition)

    def _write(self, events: Sequence[Event], condition: AppendCondition = ALWAYS) -> list[Written]:
        request = Request(events, condition)
        self._group_commit.run(request, self._write_together)
        return request.outcome()

    def _write_together(self, requests: list[Request]) -> None:
        def decide(end: End, find: Find) -> Draft:
            draft = Draft(end, self.clock, find, self._first)
            for request in requests:
                if draft.records and self.max_batch and len(draft.records) + len(request.events) > self.max_batch:
                    break
                request.add_to(draft)
            return draft

        self._store(decide)

    def restore(self, records: Sequence[Recorded]) -> int:
        """Copy records of another log, all or none, with their positions, times and hashes; return how many are new.

        They must continue this log without a gap, and those that are here already must be the same; else
        `BadRecord`. So a copy that broke off can be done again.

        >>> here, there = open_log("memory://"), open_log("memory://")
        >>> _ = here.append(Event("user.signed_up"))
        >>> there.restore(list(here)), there.last == here.last
        (1, True)
        """

        def decide(end: End, find: Find) -> Draft:
            draft = Draft(end, self.clock, find, self._first)
            draft.copy(records)
            return draft

        return len(self._store(decide).records)

    def _store(self, decide: Callable[[End, Find], Draft]) -> Draft:
        self._check_writable()
        with self._lock:
            draft = self._commit(decide)
            draft.stored = True
        if self._changed is not None:
            with self._changed:
                self._changed.notify_all()
        return draft

    def _check_writable(self) -> None:
        """Raise `BadLog` if it was opened to be read only."""
        if self.read_only:
            remedy = "Open it without read_only=True to write; nothing was changed."
            raise BadLog(self.url, "was opened to be read only", remedy)

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
        where: Query | None = None,
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
        where     only events that this query means; all these conditions must hold
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
            limit = min(check_number("limit", limit, 0), sys.maxsize)
        selection = select(self.head, after, upto, names, subject, occurred, recorded, reverse, where)
        pages = self._pages(selection, hashes=True)
        return islice(chain.from_iterable(pages if raw else map(self.upcasters.apply, pages)), limit)

    def pages(self, after: int = 0, upto: int | None = None, *, subject: str | None = None) -> Iterator[list[Recorded]]:
        """The same events in lists, for a fold of many: without their hashes, which takes a third off the time.

        >>> log = open_log("memory://")
        >>> _ = log.append(Event("user.signed_up", id="1"), Event("email.sent", id="2"))
        >>> list(log.pages())
        [[Recorded(1, 'user.signed_up', {}, id='1'), Recorded(2, 'email.sent', {}, id='2')]]
        """
        selection = select(self.head, after, upto, None, subject, (None, None), (None, None), False)
        return map(self.upcasters.apply, self._pages(selection, hashes=False))

    def effective(
        self, upto: int | None = None, *, subject: str | None = None, where: Query | None = None
    ) -> list[Recorded]:
        """The events as they count, after all that was recorded up to a position; None means the head.

        subject  only events about this entity; only they are read, and what was said of them
        where    the same for the events that a query means

        They come in the order in which they occurred, at one moment in the order recorded. An ``event.rejected`` with
        the id of another in its data's `event` (and its source in `source`, if several sources had used that id by
        then) takes that one out; an ``event.corrected`` gives it other `data`,
        another time `occurred`, or both. Neither is among the events that count. What was rejected or corrected
        itself has no effect any more: rejecting a rejection brings the event back. `read` shows all of them as they
        were recorded. One that can't be applied has no effect, see `broken_corrections`.

        >>> log = open_log("memory://")
        >>> _ = log.append(Event("user.signed_up", id="1"), Event("event.rejected", {"event": "1"}, id="2"))
        >>> log.effective(), log.effective(upto=1)
        ([], [Recorded(1, 'user.signed_up', {}, id='1')])
        """
        if subject is None and where is None:
            return effective(self.read(upto=upto))
        said = corrections_of(self.read(upto=upto, names=CORRECTIONS), self.find)
        return effective(self.read(upto=upto, subject=subject, where=where), said)

    def broken_corrections(self) -> tuple[Broken, ...]:
        """The rejections and corrections that can't be applied, and why; all readers skip them.

        `append` refuses such records, so these came with a file, a copy, an older version or another program. An
        ``event.rejected`` about one of them takes it back, and then it is no longer among these.

        >>> log = open_log("memory://")
        >>> log.broken_corrections()
        ()
        """
        return corrections_of(self.read(names=CORRECTIONS), self.find).broken

    def find(self, id: str, source: str | None = None, *, upto: int | None = None) -> Recorded | None:
        """The event with this id, or None.

        source  whose id it is; None: anybody's, as long as only one source has used it, else `AmbiguousId`
        upto    only up to this position; None means the head

        >>> log = open_log("memory://")
        >>> _ = log.append(Event("invoice.sent", id="1", source="/billing"), Event("order.placed", id="1", source="/shop"))
        >>> log.find("1", source="/shop")
        Recorded(2, 'order.placed', {}, id='1')
        """
        with self._lock:
            with_id = self._with_id(id)
        found = the_one((event for event in with_id if upto is None or event.position <= upto), id, source)
        return None if found is None else self.upcasters.apply([found])[0]

    def position_at(self, recorded: Instant) -> int:
        """The position of the last event that was recorded at this moment or before; 0 if none was.

        >>> log = open_log("memory://", clock=ManualClock("2026-03-02T09:00:00Z", tick=60))
        >>> _ = log.append(Event("user.signed_up"), Event("email.sent"))
        >>> log.position_at("2026-03-02T09:00:59Z")
        1
        """
        return bisect_right(RecordingTimes(self), as_instant(recorded))

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

    def group(
        self,
        name: str,
        worker: str,
        *,
        names: str | Iterable[str] | None = None,
        after: int = 0,
        lease: float = 30,
        attempts: int = 5,
    ) -> Group:
        """One worker's part in a group of competing consumers, which may be in any processes.

        name      the group's; its workers share the events, each goes to one of them
        worker    this worker's, unlike all others of the group
        names     only these names or patterns; the same for all workers
        after     where a new group begins
        lease     seconds, by the log's clock, that a worker may have an event before another may take it
        attempts  how often an event is taken before it is parked

        Raises `BadSetting`, `BadPattern`.
        """
        return Group(self, name, worker, names, after, lease, attempts)

    def consumer(self, name: str, after: int = 0) -> Consumer:
        """A durable subscriber's place in this log, for one program at a time; `Bus.subscriber` makes one.

        after  where it begins if it was never here: a position from 0 to the head

        Raises `BadSetting`, and `NameTaken` while it is at work in another program.
        """
        return Consumer(self, name, check_number("after", after, 0, self.head))

    def position_of(self, subscriber: str) -> int | None:
        """How far this durable subscriber has come, None if it was never here."""
        return consumers.position_of(self, subscriber)

    def keep_position(self, subscriber: str, position: int) -> None:
        """Move a durable subscriber forward to a position from 0 to the head, else `BadSetting`; never back.

        Whoever is at work as it in this process is refused from then on; in another one, `NameTaken` is raised.
        """
        consumers.keep_position(self, subscriber, position)

    def subscribers(self) -> dict[str, int]:
        """How far each durable subscriber has come, in the order of their names."""
        return consumers.positions(self)

    def delete_subscriber(self, name: str) -> bool:
        """Forget a durable subscriber that is no longer wanted: its position and its letters. False if there is none.

        Raises `NameTaken` while it is at work in another program.

        >>> log = open_log("memory://")
        >>> log.keep_position("mailer", 0)
        >>> log.delete_subscriber("mailer"), log.subscribers()
        (True, {})
        """
        return consumers.delete_subscriber(self, name)

    def delete_group(self, name: str) -> bool:
        """Forget a group of workers: what they have taken, and what it parked. False if there is none.

        Raises `NameTaken` while a worker is at work in another program.
        """
        return consumers.delete_group(self, name)

    def __len__(self) -> int:
        return self.head

    def __iter__(self) -> Iterator[Recorded]:
        return self.read()

    # --- looking after it -----------------------------------------------------------------------

    def save(self, path: str | Path) -> int:
        """Write all events to a new file as CloudEvents; return how many.

        ``.ndjson`` and ``.jsonl`` mean one event a line, ``.json`` the batch of the specification, one array. Raises
        `BadFile` for another ending, or a file that is there already.
        """
        return save(self.read(raw=True), as_path(path))

    def load(self, path: str | Path, *, restore: bool = False, names: Mapping[str, str] | None = None) -> Loaded:
        """Append the events of a file that `save` wrote, or another CloudEvents producer; return how many are new.

        restore  False: they are recorded now, and those that are here already are skipped. True: they keep their
                 positions, times of recording and hashes, and must continue this log exactly; done twice, or
                 broken off and done again, it goes on where it was
        names    our names for types that others use: ``{"com.example.OrderPlaced": "order.placed"}``; not for `restore`

        An event without a time gets the time of this log, once: loaded again, it is there already. The last line may be torn, as after a crash: it is reported and left out. Any other damage raises `BadFile`
        with the line's number, and nothing is appended.
        """
        if restore and names:
            raise BadSetting(
                "names", names, "none with restore=True: a record keeps its name, or its hash wouldn't fit"
            )
        append = self.restore if restore else self._count_new
        return load(as_path(path), append, self.max_batch, restore=restore, names=names or {})

    def _count_new(self, events: Sequence[Event]) -> int:
        return sum(written.fresh for written in self._write(events))

    def verify(self) -> Damage | None:
        """None if the log is whole, else the first position that doesn't fit, and why.

        It recomputes the chain of hashes and compares all that is stored with it. It can't see that the last
        records were cut off, or that all hashes from some place on were recomputed: keep `last.hash` elsewhere for
        that, as snapshots and durable subscribers do.

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

    def tracer(self, show: Callable[[str], object] | None) -> AbstractContextManager[object]:  # noqa: ARG002
        """Show each SQL statement as it runs, from now on or in ``with``; None ends it. Only SQLite has any."""
        raise BadLog(self.url, "has no SQL to show", "Open a file: open_log('drive.db').")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        try:
            state = f"{self.head} event{'' if self.head == 1 else 's'}"
        except BadLog as error:
            state = error.problem
        return f"<EventLog {self.url}: {state}{', read-only' if self.read_only else ''}>"

    # --- what an engine brings ------------------------------------------------------------------

    @property
    @abstractmethod
    def last(self) -> Recorded | None:
        """The last record as it is stored; None while the log is empty."""

    @property
    def head(self) -> int:
        """The position of the last event, 0 while the log is empty."""
        last = self.last
        return last.position if last else 0

    @abstractmethod
    def get_state(self, key: Key) -> tuple[str, int]:
        """A text that the log's store keeps beside the events, and its revision; "" and 0 if there is none yet."""

    @abstractmethod
    def put_state(self, key: Key, text: str, revision: int) -> int:
        """Replace a text, "" deletes it, if it still has this revision; its new one, or 0 if somebody else was quicker."""

    @abstractmethod
    def states(self, kind: str, name: str | None = None) -> Mapping[Key, str]:
        """The texts of this kind, of one name or of all."""

    @abstractmethod
    def proof(self, subscriber: str, position: int) -> str:
        """What only this log, with its events up to there, keeps beside a subscriber's position."""

    @abstractmethod
    def hold(self, key: Key, holder: str, new: str) -> bool:
        """Make `new` the holder of a name; False if `holder` is at work in another process that lives."""

    @abstractmethod
    def let_go(self, key: Key, holder: str) -> None:
        """End a `hold`, unless a newer one took over."""

    @abstractmethod
    def backup(self, path: str | Path) -> None:
        """Write a copy of the whole log into a new SQLite file: records, positions of subscribers, letters.

        Others may append meanwhile; the copy is the log as it was at one moment. The file has its name only when the
        copy is complete, so a full disk or an interruption leaves none. Raises `BadLog` for a name that is in use, and `BadFile` for what names no file.

        >>> log = open_log("memory://")
        >>> log.backup("copy.db")  # doctest: +SKIP
        """

    @abstractmethod
    def close(self) -> None:
        """Let go of files and connections. Closing twice is allowed; any other call raises `BadLog` then."""

    @property
    @abstractmethod
    def closed(self) -> bool:
        """Whether it was closed."""

    def changed(self) -> Condition:
        """What is notified when something is appended, from now on: here, and elsewhere if the engine hears of it."""
        self._changed = self._changed or Condition()
        return self._changed

    def _first(self, query: Query, after: int, upto: int) -> Recorded | None:
        """The first event that a query means at after < position <= upto, as it is stored; None if there is none."""
        return next(chain.from_iterable(self._pages(all_of(query, after, upto), hashes=True)), None)

    @abstractmethod
    def _commit(self, decide: Callable[[End, Find], Draft]) -> Draft:
        """Store the records of a draft in one transaction, and return it; the log's lock is held.

        `decide` is called with the log's end and a way to find ids, again if another writer was quicker. What it
        raises is raised here, and nothing is stored.
        """

    @abstractmethod
    def _pages(self, selection: Selection, *, hashes: bool) -> Iterator[list[Recorded]]:
        """The selected events in lists of any length, some perhaps empty; their hashes only if asked for."""

    @abstractmethod
    def _find(self, identities: Sequence[Identity]) -> Mapping[Identity, Recorded]:
        """The events with these sources and ids as they are stored; those that the log does not hold are left out."""

    @abstractmethod
    def _with_id(self, id: str) -> list[Recorded]:
        """The events with this id from any source, as they are stored."""

    @abstractmethod
    def _rows(self) -> Iterator[Row]:
        """All records as they are stored, unchecked, in the order of their positions."""

    @abstractmethod
    def _stored_bytes(self) -> int | None:
        """What the log takes where it is kept; None where that is nothing but its records."""


def _condition(expected: int | None, after: int | None, unless: Query | None) -> AppendCondition:
    """The condition that these arguments mean. Raises `BadSetting`."""
    expected = None if expected is None else check_number("expected", expected, 0)
    if after is None and unless is None:
        return AppendCondition(expected)
    query = Query() if unless is None else check_query("unless", unless)
    return AppendCondition(expected, 0 if after is None else check_number("after", after, 0), query)


def closed(url: str) -> BadLog:
    """The error for any call of a log that was closed."""
    return BadLog(url, "is closed", "Open it again: open_log(url).")


class RecordingTimes(Sequence[datetime]):
    """When each event was recorded, in order, so that one can be found without reading all."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._head = log.head

    def __len__(self) -> int:
        return self._head

    def __getitem__(self, index: Any) -> Any:
        return next(self._log.read(index, index + 1, raw=True)).recorded


# --- following ----------------------------------------------------------------------------------

GLANCE = 0.05
"""Seconds between two looks for what other processes have appended; what this one appends is seen at once."""


class Follower:
    """An iteration over a log that waits at its end. Made by `EventLog.follow`; use it in ``with`` or call `close`.

    `position` is how far it has come.
    """

    def __init__(
        self,
        log: EventLog,
        after: int,
        names: str | Iterable[str] | None,
        subject: str | None,
        patience: float | None,
    ) -> None:
        if patience is not None:
            check_number("patience", patience, 0, whole=False)
        self.position = check_number("after", after, 0)
        self._log = log
        self._names = names if names is None or isinstance(names, str) else tuple(names)
        self._subject = subject
        self._patience = patience
        self._closed = False
        # Before the head is read, or what is appended in between would notify nobody.
        self._changed = log.changed()
        self._upto = log.head
        self._page = self._read()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Recorded:
        deadline = None if self._patience is None else time.monotonic() + self._patience
        try:
            return self._next(deadline)
        except BadLog:
            if self._log.closed:
                raise StopIteration from None
            raise

    def _next(self, deadline: float | None) -> Recorded:
        while not self.is_over:
            event = next(self._page, None)
            if event is not None:
                self.position = event.position
                return event
            self.position = max(self.position, self._upto)
            if not self._wait(deadline):
                break
            self._page = self._read()
        raise StopIteration

    @property
    def is_over(self) -> bool:
        """Whether it, or its log, was closed."""
        return self._closed or self._log.closed

    def skip(self, patience: float | None) -> bool:
        """Wait until something is appended, and go past it; False if nothing was within so many seconds, or it is over."""
        try:
            found = self._wait(None if patience is None else time.monotonic() + patience)
        except BadLog:
            if self._log.closed:
                return False
            raise
        self.position = self._upto
        return found

    def close(self) -> None:
        """End the iteration, also one that waits in another thread."""
        self._closed = True
        with self._changed:
            self._changed.notify_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _read(self) -> Iterator[Recorded]:
        return self._log.read(self.position, self._upto, names=self._names, subject=self._subject)

    def _wait(self, deadline: float | None) -> bool:
        """Wait for a higher head; False if the time is up or either end was closed."""
        while not self.is_over:
            # An append takes this lock only after it is stored, so what is missed here is seen at the next glance.
            with self._changed:
                if self._log.head > self._upto:
                    self._upto = self._log.head
                    return True
                left = GLANCE if deadline is None else min(GLANCE, deadline - time.monotonic())
                if left <= 0:
                    return False
                self._changed.wait(left)
        return False
