"""Appends that last: one event a commit, many, and many that wait together."""

from __future__ import annotations

import asyncio
import itertools
import os
import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from eda_workshop.bench import histories
from eda_workshop.bench.case import Aim, Block, Case, Group
from eda_workshop.bench.errors import WrongCount
from eda_workshop.event import Event
from eda_workshop.ids import uuid7
from eda_workshop.log import open_log

WAITING = 64


class Written:
    """Checks that all that was appended is there; stands where the bus's cases have their tally."""

    def __init__(self, cycle: int, count: Callable[[], int]) -> None:
        self.cycle = cycle
        self.delivered = 0
        self._count = count

    def check(self, case: str, published: int) -> None:
        """Raise `WrongCount` unless so many are there."""
        self.delivered = self._count()
        if self.delivered != published:
            raise WrongCount(case, published, self.delivered)


class Appending:
    """Appends events in batches of one size; `append` takes a batch."""

    def __init__(
        self,
        make: Callable[[int], Any],
        append: Callable[[Sequence[Any]], object],
        count: Callable[[], int],
        batch: int,
        close: Callable[[], object],
    ) -> None:
        self.tally = Written(batch, count)
        self._make = map(make, itertools.count())
        self._append = append
        self._batch = batch
        self._close = close

    def prepare(self, times: int) -> Callable[[], object]:
        batches = [list(itertools.islice(self._make, self._batch)) for _ in range(times // self._batch)]
        return lambda: [self._append(batch) for batch in batches] and None

    def close(self) -> None:
        self._close()


def _path(name: str) -> Path:
    return Path(tempfile.mkdtemp(dir=histories.folder())) / name


def event(number: int) -> Event:
    """The event with this number, with an id of its own."""
    subject = f"folder/f{number * 7919 % 10_000}"
    return Event("folder.moved", {"path": f"/ada/photos-{number % 77}"}, subject=subject, id=uuid7())


def floor(batch: int) -> Appending:
    """What the disk takes: write, and wait until it has it."""
    file = os.open(_path("floor"), os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    line = b"x" * 220 + b"\n"

    def append(lines: Sequence[bytes]) -> None:
        os.write(file, b"".join(lines))
        os.fdatasync(file)

    def count() -> int:
        return os.fstat(file).st_size // len(line)

    return Appending(lambda _: line, append, count, batch, lambda: os.close(file))


def bare(batch: int) -> Appending:
    """A table of MessagePack with an index by subject, by the standard library alone."""
    db = sqlite3.connect(_path("bare.db"), isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("CREATE TABLE events (position INTEGER PRIMARY KEY, subject TEXT NOT NULL, event BLOB NOT NULL)")
    db.execute("CREATE INDEX by_subject ON events (subject, position)")

    def append(events: Sequence[Event]) -> None:
        db.execute("BEGIN IMMEDIATE")
        rows = [(None, event.subject, msgspec.msgpack.encode(event)) for event in events]
        db.executemany("INSERT INTO events VALUES (?, ?, ?)", rows)
        db.execute("COMMIT")

    def count() -> int:
        return int(db.execute("SELECT count(*) FROM events").fetchone()[0])

    return Appending(event, append, count, batch, db.close)


def kit(batch: int) -> Appending:
    """The kit's log: with ids, index, chain and triggers."""
    log = open_log(_path("kit.db"))
    return Appending(event, lambda events: log.append(*events), lambda: log.head, batch, log.close)


def library(batch: int) -> Appending:
    """The recorder of the `eventsourcing` library, given events that are encoded already."""
    from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteDatastore

    recorder = SQLiteApplicationRecorder(SQLiteDatastore(str(_path("library.db"))))
    recorder.create_table()
    return Appending(_stored(), recorder.insert_events, _added(recorder), batch, lambda: None)


def grown_kit(count: int) -> Appending:
    """The kit's log when it holds so many events already."""
    histories.kit_log(count).close()
    path = _path("grown.db")
    shutil.copyfile(histories.folder() / f"kit-{count}.db", path)
    log = open_log(path)
    return Appending(event, lambda events: log.append(*events), lambda: log.head - count, 1_000, log.close)


def grown_library(count: int) -> Appending:
    """The library's recorder when its table holds so many events already."""
    from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteDatastore

    histories.library(count).close()
    path = _path("grown-library.db")
    shutil.copyfile(histories.folder() / f"library-{count}.db", path)
    recorder = SQLiteApplicationRecorder(SQLiteDatastore(str(path)))
    return Appending(_stored(count), recorder.insert_events, _added(recorder), 1_000, lambda: None)


def _stored(first_version: int = 0) -> Callable[[int], Any]:
    """What makes the library's stored events, each the next version of its subject."""
    from eventsourcing.persistence import StoredEvent

    versions: dict[int, int] = {}

    def make(number: int) -> StoredEvent:
        subject = number * 7919 % histories.SUBJECTS
        version = versions[subject] = versions.get(subject, first_version) + 1
        state = f'{{"timestamp":"2026-03-02T09:00:00+00:00","path":"/ada/photos-{number % 77}"}}'.encode()
        return StoredEvent(UUID(int=subject + 1), version, "folders:Folder.Moved", state)

    return make


def _added(recorder: Any) -> Callable[[], int]:
    """What counts the events that were inserted from now on."""
    before = recorder.max_notification_id() or 0
    return lambda: (recorder.max_notification_id() or 0) - before


def tasks() -> Appending:
    """As many tasks as wait, each of which appends one event at a time."""
    log, loop = open_log(_path("tasks.db")), asyncio.new_event_loop()

    async def one(events: Iterator[Event]) -> None:
        for event in events:
            await log.append_async(event)

    async def together(events: Sequence[Event]) -> None:
        await asyncio.gather(*(one(iter(events[start::WAITING])) for start in range(WAITING)))

    def close() -> None:
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()
        log.close()

    return Appending(event, lambda events: loop.run_until_complete(together(events)), lambda: log.head, 640, close)


def threads() -> Appending:
    """As many threads as wait, each of which appends one event at a time."""
    log = open_log(_path("threads.db"))

    def one(events: Sequence[Event]) -> None:
        for event in events:
            log.append(event)

    def together(events: Sequence[Event]) -> None:
        crowd = [threading.Thread(target=one, args=(events[start::WAITING],)) for start in range(WAITING)]
        for thread in crowd:
            thread.start()
        for thread in crowd:
            thread.join()

    return Appending(event, together, lambda: log.head, 640, log.close)


def _block(batch: int) -> Block:
    def case(label: str, build: Callable[[int], Appending], peer: str = "") -> Case:
        # A write-ahead log that has come round once is written over, which is cheaper than to grow.
        return Case(label, lambda: build(batch), peer=peer, peak=False, warm=500)

    return Block(
        f"{batch:,} event{'s' * (batch != 1)} a commit",
        (
            case("write + fdatasync", floor),
            case("sqlite3 + msgspec, one index", bare),
            case("our log", kit),
            case("eventsourcing recorder", library, "eventsourcing"),
        ),
        "event",
    )


GROWN = 1_000_000
AFTER = f"1,000 events a commit, when {GROWN:,} are there"
TOGETHER = f"{WAITING} that wait together"

GROUP = Group(
    name="append",
    title="Appends that last",
    about="Each commit returns when the disk has it. The kit's log also checks ids and keeps the chain of hashes.",
    clock="wall",
    rounds=25,
    blocks=(
        *map(_block, (1, 10, 1_000)),
        Block(
            AFTER,
            (
                Case("eventsourcing recorder", lambda: grown_library(GROWN), peer="eventsourcing", peak=False),
                Case("our log", lambda: grown_kit(GROWN), peak=False),
            ),
            "event",
        ),
        Block(
            TOGETHER,
            (
                Case("one after the other", lambda: kit(1), peak=False, warm=500),
                Case(f"{WAITING} tasks", tasks, peak=False),
                Case(f"{WAITING} threads", threads, peak=False),
            ),
            "event",
        ),
    ),
    aims=(
        Aim("1 event a commit", "our log", "at most", 1.2, "write + fdatasync"),
        Aim(AFTER, "eventsourcing recorder", "at least", 1, "our log"),
        Aim(TOGETHER, "one after the other", "at least", 10, f"{WAITING} tasks"),
    ),
)
