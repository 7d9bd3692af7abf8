"""Long logs to measure on: the same story in the kit's log, in the library's database, and in a bare table."""

from __future__ import annotations

import random
import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from eda_workshop import Event, EventLog, KeyedModel, applies, open_log

SUBJECTS = 10_000
_START = datetime(2026, 3, 2, 9, tzinfo=UTC)


class Place(msgspec.Struct, frozen=True):
    """A folder's place, and how often it was moved."""

    path: str = ""
    moves: int = 0


class Places(KeyedModel):
    """What is folded: every folder's place."""

    initial = Place()

    @staticmethod
    @applies("folder.moved")
    def moved(place: Place, event: Event) -> Place:
        return Place(event.data["path"], place.moves + 1)


def moves(count: int) -> Iterator[tuple[int, str]]:
    """The story: which subject moved where; the same each time."""
    draw = random.Random(3)
    subjects = min(SUBJECTS, count // 100)
    return ((draw.randrange(subjects), f"/ada/photos-{number % 77}") for number in range(count))


def subject_of(number: int) -> str:
    """A subject's name."""
    return f"folder/f{number}"


@cache
def folder() -> Path:
    """Where a run keeps its files; they are made once for a run."""
    return Path(tempfile.mkdtemp(prefix="bench-"))


def clear() -> None:
    """Delete a run's files."""
    shutil.rmtree(folder(), ignore_errors=True)
    folder.cache_clear()


def fresh(name: str) -> Path:
    """A path of this name in a new folder of the run."""
    return Path(tempfile.mkdtemp(dir=folder())) / name


def copy_of(name: str) -> Path:
    """A copy of one of the run's files, to append to."""
    path = fresh(name)
    shutil.copyfile(folder() / name, path)
    return path


def kit_log(count: int) -> EventLog:
    """The story in the kit's SQLite log, kit-COUNT.db."""
    path = folder() / f"kit-{count}.db"
    is_new = not path.exists()
    log = open_log(path, durable=False)
    if is_new:
        for batch in _batches(_event(number, *move) for number, move in enumerate(moves(count))):
            log.append(*batch)
    return log


def bare_table(count: int) -> sqlite3.Connection:
    """The story in a table of MessagePack, by the standard library alone."""
    path = folder() / f"bare-{count}.db"
    is_new = not path.exists()
    db = sqlite3.connect(path)
    if is_new:
        db.execute("CREATE TABLE events (position INTEGER PRIMARY KEY, event BLOB NOT NULL)")
        rows = ((None, msgspec.msgpack.encode((subject_of(subject), to))) for subject, to in moves(count))
        db.executemany("INSERT INTO events VALUES (?, ?)", rows)
        db.commit()
    return db


def library(count: int) -> Any:
    """The story in an application of the `eventsourcing` library on SQLite, library-COUNT.db."""
    from eventsourcing.persistence import StoredEvent
    from eventsourcing.utils import get_topic

    from bench.library import Folders, Place

    path = folder() / f"library-{count}.db"
    is_new = not path.exists()
    app = Folders(env={"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(path)})
    if not is_new:
        return app
    created, moved = get_topic(Place.Created), get_topic(Place.Moved)
    origin = f'"originator_topic":"{get_topic(Place)}"'
    versions: dict[int, int] = {}

    def stored(number: int, subject: int, to: str) -> StoredEvent:
        version = versions[subject] = versions.get(subject, 0) + 1
        moment = (_START + timedelta(seconds=number)).isoformat()
        topic, rest = (created, origin) if version == 1 else (moved, f'"path":"{to}"')
        state = f'{{"timestamp":{{"_type_":"datetime_iso","_data_":"{moment}"}},{rest}}}'
        return StoredEvent(UUID(int=subject + 1), version, topic, state.encode())

    for batch in _batches(stored(number, *move) for number, move in enumerate(moves(count))):
        app.recorder.insert_events(batch)
    return app


def _batches(items: Iterable[Any]) -> Iterator[list[Any]]:
    source = iter(items)
    while batch := list(islice(source, 1_000)):
        yield batch


def _event(number: int, subject: int, to: str) -> Event:
    occurred = _START + timedelta(seconds=number)
    return Event("folder.moved", {"path": to}, subject=subject_of(subject), id=f"evt-{number:08}", occurred=occurred)
