"""Appends that last: one event a commit, many, and from several threads."""

from __future__ import annotations

import itertools
import os
import sqlite3
import threading
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import msgspec

from bench import histories
from bench.cases import Aim, Block, Case, Group, Work
from bench.histories import fresh
from eda_workshop import Event, EventLog, Query, open_log, uuid7

THREADS = 8


def appending(
    make: Callable[[int], Any],
    append: Callable[[Sequence[Any]], object],
    count: Callable[[], int],
    batch: int,
    close: Callable[[], object] = lambda: None,
) -> Work:
    """Appends in batches of one size; what is appended is made before."""
    made = map(make, itertools.count())

    def prepare(times: int) -> Callable[[], None]:
        batches = [list(itertools.islice(made, batch)) for _ in range(times // batch)]

        def work() -> None:
            for each in batches:
                append(each)

        return work

    return Work(prepare, lambda times: None if count() == times else (times, count()), batch, close)


def event(number: int) -> Event:
    """The event with this number, with an id of its own."""
    subject = f"folder/f{number * 7919 % 10_000}"
    return Event("folder.moved", {"path": f"/ada/photos-{number % 77}"}, subject=subject, id=uuid7())


def floor(batch: int) -> Work:
    """What the disk takes: write, and wait until it has it."""
    file = os.open(fresh("floor"), os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    line = b"x" * 220 + b"\n"

    def append(lines: Sequence[bytes]) -> None:
        os.write(file, b"".join(lines))
        os.fdatasync(file)

    return appending(lambda _: line, append, lambda: os.fstat(file).st_size // len(line), batch, lambda: os.close(file))


def bare(batch: int) -> Work:
    """A table of MessagePack with an index by subject, by the standard library alone."""
    db = sqlite3.connect(fresh("bare.db"), isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("CREATE TABLE events (position INTEGER PRIMARY KEY, subject TEXT NOT NULL, event BLOB NOT NULL)")
    db.execute("CREATE INDEX by_subject ON events (subject, position)")

    def append(events: Sequence[Event]) -> None:
        db.execute("BEGIN IMMEDIATE")
        rows = [(None, event.subject, msgspec.msgpack.encode(event)) for event in events]
        db.executemany("INSERT INTO events VALUES (?, ?, ?)", rows)
        db.execute("COMMIT")

    return appending(
        event, append, lambda: int(db.execute("SELECT count(*) FROM events").fetchone()[0]), batch, db.close
    )


def to_log(log: EventLog, batch: int) -> Work:
    """One of the kit's logs, when it holds some events already or none."""
    before = log.head
    return appending(event, lambda events: log.append(*events), lambda: log.head - before, batch, log.close)


def kit(batch: int) -> Work:
    """The kit's log: with ids, index, chain and triggers."""
    return to_log(open_log(fresh("kit.db")), batch)


def grown_kit(count: int, batch: int) -> Work:
    """The kit's log when it holds so many events already."""
    histories.kit_log(count).close()
    return to_log(open_log(histories.copy_of(f"kit-{count}.db")), batch)


def conditional(count: int, since: int) -> Work:
    """One event a commit into the grown log, unless its entity was deleted by one of so many last events."""
    histories.kit_log(count).close()
    log = open_log(histories.copy_of(f"kit-{count}.db"))
    head = log.head

    def append(events: Sequence[Event]) -> None:
        nonlocal head
        (one,) = events
        (head,) = log.append(one, after=max(0, head - since), unless=Query("folder.deleted", tags=one.subject))

    return appending(event, append, lambda: log.head - count, 1, log.close)


def library(batch: int, held: int = 0) -> Work:
    """The recorder of the `eventsourcing` library, given events that are encoded already."""
    from eventsourcing.persistence import StoredEvent
    from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteDatastore

    if held:
        histories.library(held).close()
    path = histories.copy_of(f"library-{held}.db") if held else fresh("library.db")
    recorder = SQLiteApplicationRecorder(SQLiteDatastore(str(path)))
    recorder.create_table()
    before = recorder.max_notification_id() or 0
    versions: dict[int, int] = {}

    def make(number: int) -> StoredEvent:
        subject = number * 7919 % histories.SUBJECTS
        version = versions[subject] = versions.get(subject, held) + 1
        state = f'{{"timestamp":"2026-03-02T09:00:00+00:00","path":"/ada/photos-{number % 77}"}}'.encode()
        return StoredEvent(UUID(int=subject + 1), version, "folders:Folder.Moved", state)

    return appending(make, recorder.insert_events, lambda: (recorder.max_notification_id() or 0) - before, batch)


def threads(count: int) -> Work:
    """So many threads, each of which appends one event at a time to one log."""
    log = open_log(fresh("threads.db"))

    def one(events: Sequence[Event]) -> None:
        for event in events:
            log.append(event)

    def together(events: Sequence[Event]) -> None:
        crowd = [threading.Thread(target=one, args=(events[start::count],)) for start in range(count)]
        for thread in crowd:
            thread.start()
        for thread in crowd:
            thread.join()

    return appending(event, together, lambda: log.head, 10 * count, log.close)


def _block(batch: int) -> Block:
    def case(label: str, build: Callable[[int], Work], peer: str = "") -> Case:
        # A write-ahead log that has come round once is written over, which is cheaper than to grow.
        return Case(label, lambda: build(batch), peer=peer, warm=500)

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
UNDER = f"1 event a commit, when {GROWN:,} are there"
SINCE, EVER = "unless its entity was deleted since", "unless its entity was ever deleted"
AFTER = f"1,000 events a commit, when {GROWN:,} are there"

GROUP = Group(
    name="append",
    title="Appends that last",
    about="Each commit returns when the disk has it. The kit's log also checks ids and keeps the chain of hashes.",
    clock="wall",
    rounds=25,
    blocks=(
        _block(1),
        _block(1_000),
        Block(
            AFTER,
            (
                Case("eventsourcing recorder", lambda: library(1_000, GROWN), peer="eventsourcing"),
                Case("our log", lambda: grown_kit(GROWN, 1_000)),
            ),
            "event",
        ),
        Block(
            UNDER,
            (
                Case("without a condition", lambda: grown_kit(GROWN, 1), warm=500),
                Case(SINCE, lambda: conditional(GROWN, 1_000), warm=500),
                Case(EVER, lambda: conditional(GROWN, 2 * GROWN), warm=500),
            ),
            "event",
        ),
        Block(
            "1 event a commit, from several threads",
            (
                Case("1 thread", lambda: threads(1), warm=500),
                Case(f"{THREADS} threads", lambda: threads(THREADS), warm=500),
            ),
            "event",
        ),
    ),
    aims=(
        Aim("1 event a commit", "our log", "at most", 1.25, "write + fdatasync"),
        Aim("1,000 events a commit", "our log", "at most", 1, "eventsourcing recorder"),
        Aim(AFTER, "eventsourcing recorder", "at least", 1.3, "our log"),
        Aim(UNDER, SINCE, "at most", 1.5, "without a condition"),
        Aim(UNDER, EVER, "at most", 1.5, "without a condition"),
    ),
)
