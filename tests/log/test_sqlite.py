"""The SQLite file: what is in it, and that nobody changes it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from contract.setup import an_event, numbers
from contract.together import behind

from eda_workshop import BadLog, Event, EventLog, ManualClock, open_log
from eda_workshop.clock import as_instant
from eda_workshop.log import sqlite, sqlite_schema
from eda_workshop.log.sqlite import SQLiteLog

BEFORE_1970 = as_instant("1969-12-31T23:59:59.5Z")


@pytest.fixture
def log(tmp_path: Path) -> Iterator[SQLiteLog]:
    """A log of three events in ``drive.db``."""
    with SQLiteLog(tmp_path / "drive.db", ManualClock()) as log:
        log.append(an_event(1).replace(tags=("user/ada", "team/1")), an_event(2), an_event(3))
        yield log


def raw(log: SQLiteLog) -> closing[sqlite3.Connection]:
    """Somebody else's connection to the same file."""
    return closing(sqlite3.connect(log.path, isolation_level=None))


def test_the_file_is_marked_and_versioned(log: SQLiteLog) -> None:
    """It says that it is a log, and by which schema; every table is strict."""
    with raw(log) as db:
        assert db.execute("PRAGMA application_id").fetchone() == (int.from_bytes(b"EDLG", "big"),)
        assert db.execute("PRAGMA user_version").fetchone() == (sqlite_schema.VERSION,)
        found = db.execute(
            "SELECT name, strict FROM pragma_table_list"
            " WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'"
        )
        assert sorted(found) == [("events", 1), ("states", 1), ("tags", 1)]
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.parametrize(("durable", "level"), [(True, 2), (False, 1)])
def test_write_ahead_and_full_are_really_set(tmp_path: Path, durable: bool, level: int) -> None:
    """WAL always; FULL unless the caller said that a power cut may take the last appends."""
    with SQLiteLog(tmp_path / "drive.db", durable=durable) as log:
        assert log._connection().execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert log._connection().execute("PRAGMA synchronous").fetchone() == (level,)


def test_the_stored_event_is_plain_json(log: SQLiteLog) -> None:
    """Types are stored by name, so any program can read them; keys keep their order."""
    log.append(Event("folder.created", {"z": 1, "a": 2}, id="x"))
    with raw(log) as db:
        name, content = db.execute("SELECT name, event FROM events WHERE id = 'x'").fetchone()
    assert name == "folder.created"
    assert list(msgspec.json.decode(content)["data"]) == ["z", "a"]


CHANGES = [
    "UPDATE events SET name = 'x.y' WHERE position = 1",
    "UPDATE OR REPLACE events SET position = 2 WHERE position = 1",
    "DELETE FROM events WHERE position = 3",
    "DELETE FROM events",
    "REPLACE INTO events SELECT position, '', 'new', name, subject, occurred, recorded, hash, event FROM events WHERE position = 1",
    "INSERT OR REPLACE INTO events SELECT 4, source, id, name, subject, occurred, recorded, hash, event FROM events WHERE position = 1",
    "INSERT OR IGNORE INTO events SELECT * FROM events",
    "INSERT INTO events SELECT * FROM events WHERE true ON CONFLICT (id, source) DO UPDATE SET name = 'x.y'",
    "INSERT INTO events SELECT 9, '', 'new', name, subject, occurred, recorded, hash, event FROM events WHERE position = 1",
    "INSERT INTO events SELECT NULL, '', 'new', name, subject, occurred, recorded, hash, event FROM events WHERE position = 1",
    "INSERT INTO events SELECT 0, '', 'new', name, subject, occurred, recorded, hash, event FROM events WHERE position = 1",
    "UPDATE tags SET position = 2",
    "UPDATE OR REPLACE tags SET tag = 'x'",
    "DELETE FROM tags",
]


@pytest.mark.parametrize("sql", CHANGES)
def test_the_file_refuses_every_change(log: SQLiteLog, sql: str) -> None:
    """Update, delete, replace, and a position that is not the next, from any program."""
    before = list(log)
    with raw(log) as db, pytest.raises(sqlite3.IntegrityError, match="append-only"):
        db.execute(sql)
    assert list(log) == before


def test_reading_goes_page_by_page(log: SQLiteLog, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many pages are one read: in both directions, with conditions, a limit, and patterns."""
    monkeypatch.setattr(sqlite, "PAGE", 3)
    log.append(*(an_event(number, "folder.moved" if number % 3 else "folder.created") for number in range(4, 21)))
    assert numbers(log.read()) == list(range(1, 21))
    assert numbers(log.read(2, 19, reverse=True)) == list(range(19, 2, -1))
    assert numbers(log.read(names="*.created")) == [6, 9, 12, 15, 18]
    assert numbers(log.read(names="folder.created", limit=4, reverse=True)) == [18, 15, 12, 9]
    assert numbers(log.read(names=["folder.created", "a.b", "c.d", "e.f"], limit=2)) == [6, 9]
    assert numbers(log.read(limit=7)) == list(range(1, 8))


def test_an_unfinished_read_holds_nothing(log: SQLiteLog) -> None:
    """While a read waits between two events, another program may write and tidy up."""
    reading = log.read()
    next(reading)
    with raw(log) as db:
        db.execute("BEGIN IMMEDIATE")
        db.execute("INSERT INTO states VALUES ('group', 'x', '', 1, '{}')")
        db.execute("COMMIT")
        assert db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
    assert not log._connection().in_transaction
    assert numbers(reading) == [2, 3]


def test_a_tampered_event_is_no_event(log: SQLiteLog) -> None:
    """Content that is no event any more is one clear error with its position; the others can be read."""
    with raw(log) as db:
        db.execute("DROP TRIGGER no_update")
        db.execute("UPDATE events SET event = '{' WHERE position = 2")
    assert numbers(log.read(upto=1)) == [1]
    for text in ("{", '{"name": "*"}'):
        with raw(log) as db:
            db.execute("UPDATE events SET event = ? WHERE position = 2", (text,))
        with pytest.raises(BadLog, match="is damaged at position 2"):
            list(log.read())


def test_a_backup_is_a_log(log: SQLiteLog, tmp_path: Path) -> None:
    """The copy holds the same events and positions, and may be appended to on its own."""
    log.keep_position("mailer", 2)
    log.backup(tmp_path / "copy.db")
    with open_log(tmp_path / "copy.db") as copy:
        assert list(copy) == list(log)
        assert copy.position_of("mailer") == 2
        copy.append(an_event(4))
    assert log.head == 3


def test_a_backup_overwrites_nothing(log: SQLiteLog, tmp_path: Path) -> None:
    """A file that is there already, and a folder that isn't, are refused; the log goes on."""
    (tmp_path / "mine.txt").write_text("dear diary")
    with pytest.raises(BadLog, match=r"mine\.txt is there already"):
        log.backup(tmp_path / "mine.txt")
    with pytest.raises(BadLog, match="can't be opened"):
        log.backup(tmp_path / "nowhere" / "copy.db")
    assert (tmp_path / "mine.txt").read_text() == "dear diary"
    log.append(an_event(4))


def test_the_log_is_an_event_log(log: SQLiteLog) -> None:
    """It prints as one, with how many events it holds."""
    assert isinstance(log, EventLog)
    assert repr(log) == f"<EventLog {log.path}: 3 events>"


# --- looking inside -----------------------------------------------------------------------------


def test_a_tracer_shows_the_statements(log: SQLiteLog) -> None:
    """Within `with` each statement is shown with its values as it runs; afterwards nothing is."""
    seen: list[str] = []
    with log.tracer(seen.append):
        log.append(an_event(4), an_event(5))
        inserts = [sql for sql in seen if sql.startswith("INSERT")]
        assert (seen[0], seen[-3:]) == ("BEGIN IMMEDIATE", [*inserts, "COMMIT"])
        assert inserts[0].startswith("INSERT INTO events VALUES (4, '', 'evt-0004', 'user.signed_up'")
        log.find("evt-0002")
        assert "WHERE id = 'evt-0002'" in seen[-1]
        log.find("x")
        log.find("x")
        assert seen[-1] == seen[-2]
    count = len(seen)
    log.append(an_event(6))
    assert list(log)
    assert len(seen) == count


def test_a_tracer_prints(log: SQLiteLog, capsys: pytest.CaptureFixture[str]) -> None:
    """`print` is all that a lesson needs."""
    with log.tracer(print):
        log.append(an_event(4))
    assert "\nINSERT INTO events VALUES (4, " in capsys.readouterr().out


def test_tracers_are_undone_in_turn(log: SQLiteLog) -> None:
    """The outer one goes on after the inner; without `with` one stays until None takes it off."""
    outer, inner = list[str](), list[str]()
    log.tracer(outer.append)
    with log.tracer(inner.append):
        log.find("x")
    log.find("y")
    log.tracer(None)
    log.find("z")
    assert (len(outer), len(inner)) == (1, 1)
    assert "'y'" in outer[0]


def test_a_tracer_may_outlive_its_log(log: SQLiteLog) -> None:
    """Closing the log inside is allowed; a closed log takes no tracer."""
    with log.tracer(print):
        log.close()
    with pytest.raises(BadLog, match="closed"):
        log.tracer(print)


def test_a_log_in_memory_has_no_sql() -> None:
    """It says so, and where there is some."""
    with pytest.raises(BadLog, match="has no SQL to show") as caught:
        open_log().tracer(print)
    assert "drive.db" in caught.value.remedy


def test_any_tool_can_read_the_file(log: SQLiteLog) -> None:
    """The view shows data as JSON and times as text, beside the subject and the first letters of the hash."""
    log.append(Event("folder.created", {"path": "/ü", "n": 1}, subject="folder/ü", id="x", occurred=BEFORE_1970))
    with raw(log) as db:
        db.row_factory = sqlite3.Row
        rows = [dict(row) for row in db.execute("SELECT * FROM readable ORDER BY position")]
        (size,) = db.execute("SELECT count(*) FROM readable WHERE data ->> '$.number' >= 2").fetchone()
    assert size == 2
    assert rows[3] == {
        "position": 4,
        "name": "folder.created",
        "subject": "folder/ü",
        "data": '{"path":"/ü","n":1}',
        "occurred_utc": "1969-12-31 23:59:59.500",
        "recorded_utc": "2026-03-02 09:00:00.000",
        "id": "x",
        "hash": log.last.hash[:8],
    }
    assert [row["id"] for row in rows] == [event.id for event in log]


def test_what_waits_together_is_committed_together(log: SQLiteLog) -> None:
    """Thirty appends that come while one is being written take fewer than ten commits between them."""
    seen: list[str] = []
    with log.tracer(seen.append):
        works = [lambda n=n: log.append(an_event(n)) for n in range(5, 35)]
        answers = behind(log, lambda: log.append(an_event(4)), works)
    assert sorted(place for places in answers for place in places) == list(range(4, 35))
    assert seen.count("BEGIN IMMEDIATE") == seen.count("COMMIT") < 10
    assert sum(sql.startswith("INSERT INTO events VALUES") for sql in seen) == 31


def test_batches_let_the_write_ahead_log_grow(log: SQLiteLog) -> None:
    """It is written back to the file after more pages for batches, and after fewer again for single events."""
    seen: list[str] = []
    with log.tracer(seen.append):
        log.append(*map(an_event, range(4, 104)))
        log.append(*map(an_event, range(104, 204)))
        log.append(an_event(204))
    assert [sql for sql in seen if sql.startswith("PRAGMA")] == [
        "PRAGMA wal_autocheckpoint = 8000",
        "PRAGMA wal_autocheckpoint = 1000",
    ]
