"""Files of version 1: brought up to date when they are opened, whole or not at all."""

from __future__ import annotations

import hashlib
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest

from eda_workshop import BadLog, Event, open_log
from eda_workshop.clock import as_instant
from eda_workshop.log import migrate, tables
from eda_workshop.log.verify import micros
from eda_workshop.testing.setup import an_event

OLD_TABLES = """
CREATE TABLE events (
    position INTEGER PRIMARY KEY,
    id       TEXT NOT NULL UNIQUE,
    name     TEXT NOT NULL,
    subject  TEXT NOT NULL,
    occurred INTEGER NOT NULL, -- microseconds since 1970, UTC
    recorded INTEGER NOT NULL, -- microseconds since 1970, UTC
    hash     TEXT NOT NULL,
    event    TEXT NOT NULL     -- the whole event as JSON
) STRICT;
CREATE INDEX events_by_subject ON events (subject, position);
CREATE INDEX events_by_name ON events (name, position);
CREATE TRIGGER no_update BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'the log is append-only: publish a new event instead'); END;
CREATE TRIGGER no_delete BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'the log is append-only: publish a new event instead'); END;
-- INSERT OR REPLACE deletes without asking no_delete.
CREATE TRIGGER only_append BEFORE INSERT ON events
WHEN NEW.position <> (SELECT coalesce(max(position), 0) + 1 FROM events)
     OR EXISTS (SELECT 1 FROM events WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'the log is append-only: the next position, and a new id'); END;
CREATE TABLE subscribers (name TEXT PRIMARY KEY, position INTEGER NOT NULL) STRICT;
PRAGMA application_id = 0x45444C47;
PRAGMA user_version = 1;
"""

EVENTS = [
    an_event(1),
    Event(
        "folder.created",
        {"z": "Zoë 😀\x00", "a": [1.5, -0.0, 1e300, None, True, {"": {}}], "big": 2**63},
        subject="folder/x",
        source="/drive",
        id="2",
        occurred=as_instant("1900-03-01T23:59:59.999999+14:00"),
        correlation="evt-0001",
        causation="evt-0001",
        version=7,
        extensions={"traceparent": "00-x", "flag": True, "count": -3},
    ),
    an_event(3, "email.sent", "folder/x", day=30),
]
RECORDED = [as_instant(f"2026-03-02T09:00:00.{number:06}Z") for number in (0, 1, 1)]


def old_rows() -> list[tuple[Any, ...]]:
    """The events as version 1 stored and hashed them."""
    rows, digest = list[tuple[Any, ...]](), ""
    for position, (event, recorded) in enumerate(zip(EVENTS, RECORDED, strict=True), 1):
        facts = {name: getattr(event, name) for name in Event.__struct_fields__}
        head = f"{digest}\n{position}\n{recorded.isoformat()}\n".encode()
        digest = hashlib.sha256(head + msgspec.json.encode(facts, order="sorted")).hexdigest()
        text = msgspec.json.encode(facts).decode()
        times = micros(event.occurred), micros(recorded)
        rows.append((position, event.id, event.name, event.subject, *times, digest, text))
    return rows


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file of version 1 with three events and the positions of two subscribers."""
    path = tmp_path / "drive.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.executescript(OLD_TABLES)
        db.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?)", old_rows())
        db.executemany("INSERT INTO subscribers VALUES (?, ?)", [("mailer", 2), ("search", 0)])
    return path


def version(path: Path) -> int:
    """The version that the file says it has."""
    with closing(sqlite3.connect(path)) as db:
        return int(db.execute("PRAGMA user_version").fetchone()[0])


def tamper(path: Path, *statements: str) -> None:
    """Change the file by hand, past its triggers."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("DROP TRIGGER no_update")
        db.execute("DROP TRIGGER no_delete")
        for statement in statements:
            db.execute(statement)
        for name in ("update", "delete"):
            db.execute(f"CREATE TRIGGER no_{name} BEFORE {name} ON events BEGIN SELECT 1; END")


def test_an_old_file_is_brought_up_to_date(path: Path) -> None:
    """Events, positions, times of recording and subscribers stay; the chain is made anew, and the log goes on."""
    with open_log(path) as log:
        assert [event.event for event in log] == EVENTS
        assert [repr(event.data) for event in log] == [repr(event.data) for event in EVENTS]
        assert [(event.position, event.recorded) for event in log] == list(enumerate(RECORDED, 1))
        assert [log.position_of(name) for name in ("mailer", "search", "nobody")] == [2, 0, None]
        assert log.verify() is None
        assert log.append(*EVENTS, an_event(4)) == (1, 2, 3, 4)
        log.keep_position("mailer", 4)
        assert log.verify() is None
    assert version(path) == tables.VERSION


def test_an_old_file_becomes_what_a_new_one_would_be(path: Path, tmp_path: Path) -> None:
    """The same events, recorded at the same times by this version, have the same hashes."""

    class Recorder:
        """A clock that gives the old times one by one."""

        moments = iter(RECORDED)

        def now(self) -> Any:
            return next(self.moments)

    with open_log(path) as old, open_log(tmp_path / "new.db", clock=Recorder()) as new:
        new.append(*EVENTS)
        assert list(old) == list(new)
        assert old.tip == new.tip


def test_an_up_to_date_file_stays_as_it_is(path: Path) -> None:
    """The second opening changes nothing."""
    open_log(path).close()
    before = path.read_bytes()
    open_log(path).close()
    assert path.read_bytes() == before


def test_an_old_file_without_events(tmp_path: Path) -> None:
    """There is nothing to hash anew; the tables are the new ones."""
    with closing(sqlite3.connect(tmp_path / "drive.db")) as db:
        db.executescript(OLD_TABLES)
    with open_log(tmp_path / "drive.db") as log:
        assert (log.head, log.verify()) == (0, None)
        assert log.append(an_event(1)) == (1,)
    assert version(tmp_path / "drive.db") == tables.VERSION


def test_a_file_without_groups_gets_them(tmp_path: Path) -> None:
    """Version 2 knew no competing workers; all else stays as it is, byte for byte."""
    path = tmp_path / "drive.db"
    with open_log(path) as log:
        log.append(*EVENTS)
        log.keep_position("mailer", 2)
        before = list(log)
    with closing(sqlite3.connect(path)) as db:
        db.executescript("DROP TABLE groups; PRAGMA user_version = 2;")
    with open_log(path) as log:
        assert (list(log), log.position_of("mailer"), log.verify()) == (before, 2, None)
        assert log.group("folders", "ada").take() == before[0]
    assert version(path) == tables.VERSION


@pytest.mark.parametrize(
    ("sql", "position"),
    [
        ("UPDATE events SET event = replace(event, '\"number\":3', '\"number\":4') WHERE position = 3", 3),
        ("UPDATE events SET event = '{' WHERE position = 2", 2),
        ("UPDATE events SET event = '[]' WHERE position = 2", 2),
        ("UPDATE events SET hash = upper(hash) WHERE position = 1", 1),
        ("UPDATE events SET recorded = recorded + 1 WHERE position = 2", 2),
        ("DELETE FROM events WHERE position = 1", 2),
        ("DELETE FROM events WHERE position = 2", 3),
        ("UPDATE events SET position = 9 WHERE position = 3", 9),
    ],
)
def test_a_damaged_old_file_is_refused_unchanged(path: Path, sql: str, position: int) -> None:
    """The position is named, and the file keeps every byte."""
    tamper(path, sql)
    before = path.read_bytes()
    with pytest.raises(BadLog, match=f"is of an older version and damaged at position {position}"):
        open_log(path)
    assert path.read_bytes() == before
    assert [entry.name for entry in path.parent.iterdir()] == ["drive.db"]


def test_a_subscriber_beyond_the_end_of_an_old_file(path: Path) -> None:
    """Version 1 could not tell that its last events were cut off; the subscriber that had come further still can."""
    tamper(path, "DELETE FROM events WHERE position = 3", "UPDATE subscribers SET position = 3 WHERE name = 'mailer'")
    with open_log(path) as log:
        assert log.head == 2
        damage = log.verify()
        assert damage is not None
        assert "'mailer'" in damage.problem
        with pytest.raises(BadLog, match="never kept"):
            log.position_of("mailer")


def test_an_interrupted_migration_leaves_the_old_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped in the middle it is of version 1 still, byte for byte; the next opening does it all."""
    before, seal, sealed = path.read_bytes(), migrate.seal, list[int]()

    def interrupted(event: Event, position: int, *rest: Any) -> Any:
        sealed.append(position)
        if position == 3:
            raise KeyboardInterrupt
        return seal(event, position, *rest)

    monkeypatch.setattr(migrate, "seal", interrupted)
    with pytest.raises(KeyboardInterrupt):
        open_log(path)
    monkeypatch.undo()
    assert sealed == [1, 2, 3]
    assert path.read_bytes() == before
    assert version(path) == 1
    with open_log(path) as log:
        assert [event.event for event in log] == EVENTS


def test_several_threads_open_an_old_file_at_once(path: Path) -> None:
    """One of them brings it up to date, the others wait and find it done."""
    start, found = threading.Barrier(4), list[Any]()

    def work() -> None:
        start.wait()
        with open_log(path) as log:
            found.append(([event.event for event in log], log.verify()))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [(EVENTS, None)] * 4


def test_several_processes_open_an_old_file_at_once(path: Path) -> None:
    """The same between processes; all append afterwards."""
    code = "import sys; from eda_workshop import Event, open_log; open_log(sys.argv[1]).append(Event('a.b'))"
    started = [subprocess.Popen([sys.executable, "-W", "ignore", "-c", code, str(path)]) for _ in range(3)]
    assert [process.wait(60) for process in started] == [0, 0, 0]
    with open_log(path) as log:
        assert (log.head, log.verify()) == (6, None)
        assert [event.event for event in log.read(upto=3)] == EVENTS
