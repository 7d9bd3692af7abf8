"""Trouble with files: each kind is one clear error, nothing is changed, nothing is lost."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from contract.setup import an_event, numbers

from eda_workshop import BadLog, open_log
from eda_workshop.log import sqlite_file
from eda_workshop.log.sqlite import SQLiteLog
from eda_workshop.log.sqlite_schema import VERSION


def filled(path: Path) -> Path:
    """A closed log of one event."""
    with open_log(path) as log:
        log.append(an_event(1))
    return path


def connecting(monkeypatch: pytest.MonkeyPatch, options: str) -> None:
    """From now on every file is opened with these options of SQLite's URLs."""
    connect = sqlite3.connect

    def with_options(url: str, **settings: Any) -> sqlite3.Connection:
        db: sqlite3.Connection = connect(f"{url.partition('?')[0]}?{options}", **settings)
        return db

    monkeypatch.setattr(sqlite3, "connect", with_options)


@pytest.mark.parametrize("content", [b"dear diary\n", b"dear diary\n" * 500, b"SQLite format 3\x00" + b"x" * 2000])
def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path, content: bytes) -> None:
    """The error says so, and the file keeps every byte."""
    path = tmp_path / "notes.txt"
    path.write_bytes(content)
    with pytest.raises(BadLog, match="is not an SQLite file"):
        open_log(path)
    assert path.read_bytes() == content
    assert [entry.name for entry in tmp_path.iterdir()] == ["notes.txt"]


def test_a_database_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    """A database without the mark of a log is refused and not touched."""
    path = tmp_path / "shop.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE events (position INTEGER PRIMARY KEY)")
    before = path.read_bytes()
    with pytest.raises(BadLog, match="is an SQLite file, but not an event log"):
        open_log(path)
    assert path.read_bytes() == before


def test_an_empty_file_becomes_a_log(tmp_path: Path) -> None:
    """A file without a byte is as good as none."""
    (tmp_path / "drive.db").touch()
    assert numbers(open_log(filled(tmp_path / "drive.db")).read()) == [1]


@pytest.mark.parametrize("version", [0, 1, VERSION - 1, VERSION + 1, 70])
def test_another_schema_is_left_alone(tmp_path: Path, version: int) -> None:
    """Older or newer: the error names both versions and the way out, and the file keeps every byte."""
    path = filled(tmp_path / "drive.db")
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"PRAGMA user_version = {version}")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = path.read_bytes()
    with pytest.raises(BadLog, match=rf"\(schema {version}; this one reads and writes schema {VERSION}\)") as caught:
        open_log(path)
    assert "log.save('events.ndjson')" in caught.value.remedy
    assert path.read_bytes() == before


@pytest.mark.parametrize("table", ["events", "states"])
def test_a_view_in_the_place_of_a_table_is_refused(tmp_path: Path, table: str) -> None:
    """It might give rows without end; the file is not touched."""
    path = filled(tmp_path / "drive.db")
    endless = "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x AS position FROM n"
    with closing(sqlite3.connect(path)) as db:
        db.execute("DROP VIEW readable")
        db.execute(f"DROP TABLE {table}")
        db.execute(f"CREATE VIEW {table} AS {endless}")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = path.read_bytes()
    with pytest.raises(BadLog, match=f"has no table {table}"):
        open_log(path)
    assert path.read_bytes() == before


def test_a_read_only_file_is_refused_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not only at the first append: SQLite itself is told here that the file may not be written."""
    path = filled(tmp_path / "drive.db")
    connecting(monkeypatch, "mode=ro")
    with pytest.raises(BadLog, match="is read-only") as caught:
        open_log(path)
    assert "folder" in caught.value.remedy


def test_a_file_in_a_read_only_folder_is_refused_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a place for the write-ahead log SQLite can only read, which `immutable` makes it do here."""
    path = filled(tmp_path / "drive.db")
    connecting(monkeypatch, "immutable=1")
    with pytest.raises(BadLog, match="is read-only"):
        open_log(path)


def test_a_disk_without_write_ahead_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database in memory can't have one, as on some network disks; the log says so instead of going on."""
    connecting(monkeypatch, "mode=memory")
    with pytest.raises(BadLog, match=r"can't have a write-ahead log \(it stays memory\)"):
        open_log(tmp_path / "drive.db")


def test_a_full_disk_appends_nothing(tmp_path: Path) -> None:
    """The batch that did not fit is not there, and appending goes on when there is room again."""
    with SQLiteLog(tmp_path / "drive.db") as log:
        log.append(an_event(1))
        pages = log._connection().execute("PRAGMA page_count").fetchone()[0]
        log._connection().execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(BadLog, match="the disk is full") as caught:
            log.append(*(an_event(number) for number in range(2, 500)))
        assert "nothing was appended" in caught.value.remedy
        assert numbers(log.read()) == [1]
        log._connection().execute("PRAGMA max_page_count = 100000")
        assert log.append(an_event(2)) == (2,)


def test_a_locked_file_is_waited_for_and_then_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another program that writes for too long is named as the reason; afterwards appending goes on."""
    monkeypatch.setattr(sqlite_file, "PATIENCE", 0)
    with open_log(tmp_path / "drive.db") as log, closing(sqlite3.connect(tmp_path / "drive.db")) as db:
        db.execute("BEGIN IMMEDIATE")
        with pytest.raises(BadLog, match="was locked by another program"):
            log.append(an_event(1))
        db.execute("ROLLBACK")
        assert log.append(an_event(1)) == (1,)


@pytest.mark.parametrize("options", [{}, {"create": False}, {"read_only": True}])
def test_a_log_that_is_being_written_opens_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: dict[str, bool]
) -> None:
    """To read needs no lock that a writer has, and to open asks for none."""
    monkeypatch.setattr(sqlite_file, "PATIENCE", 0)
    with open_log(tmp_path / "drive.db") as log, closing(sqlite3.connect(tmp_path / "drive.db")) as db:
        log.append(an_event(1))
        db.execute("BEGIN EXCLUSIVE")
        with open_log(tmp_path / "drive.db", **options) as reader:
            assert (numbers(reader.read()), reader.verify()) == ([1], None)


def test_a_file_whose_folder_was_moved_while_open(tmp_path: Path) -> None:
    """The sentence doesn't say that it was deleted and nothing else."""
    (tmp_path / "here").mkdir()
    with open_log(tmp_path / "here" / "drive.db") as log:
        (tmp_path / "here").rename(tmp_path / "there")
        with pytest.raises(BadLog, match="or its folder was moved; nothing was appended"):
            log.append(an_event(1))
        (tmp_path / "there").rename(tmp_path / "here")
        assert log.append(an_event(1)) == (1,)


@pytest.mark.parametrize("name", ["drive.db", "./drive.db"])
def test_another_folder_is_no_other_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """A path is bound when it is opened: what the log does later, it does there, wherever the program has gone."""
    (tmp_path / "there").mkdir()
    monkeypatch.chdir(tmp_path)
    with open_log(name) as log:
        log.append(an_event(1))
        monkeypatch.chdir("there")
        log.append(an_event(2))
        log.consumer("mailer").move(2)
        assert log.statistics().stored
        log.backup("copy.db")
        assert sorted(path.name for path in Path().iterdir()) == ["copy.db"]
    assert [path.name for path in tmp_path.glob("drive*")] == ["drive.db"]


def test_a_file_that_was_replaced_while_open(tmp_path: Path) -> None:
    """An append does not go into a file that nobody looks at any more."""
    with open_log(tmp_path / "drive.db") as log:
        log.append(an_event(1))
        (tmp_path / "drive.db").rename(tmp_path / "old.db")
        (tmp_path / "drive.db").touch()
        with pytest.raises(BadLog, match="was deleted or replaced while it was open"):
            log.append(an_event(2))


def test_a_file_that_was_deleted_while_open(tmp_path: Path) -> None:
    """An append says so instead of writing into nothing; what was recorded can be read and saved."""
    with SQLiteLog(tmp_path / "drive.db") as log:
        log.append(an_event(1), an_event(2))
        before = list(log)
        (tmp_path / "drive.db").unlink()
        for ask in (lambda: log.append(an_event(3)), lambda: log.keep_position("mailer", 1)):
            with pytest.raises(BadLog, match="was deleted or replaced while it was open") as caught:
                ask()
        assert "log.backup(" in caught.value.remedy
        assert list(log) == before
        log.backup(tmp_path / "rescued.db")
    with open_log(tmp_path / "rescued.db") as rescued:
        assert list(rescued) == before
        assert rescued.append(an_event(3)) == (3,)


def test_a_damaged_file_is_one_error(tmp_path: Path) -> None:
    """Bytes overwritten in the middle show when they are read, as a damaged file and not as SQLite's words."""
    path = tmp_path / "drive.db"
    with open_log(path) as log:
        log.append(*(an_event(number) for number in range(1, 200)))
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(BadLog, match="is damaged"), open_log(path) as log:
        list(log.read())


def test_a_crash_inside_an_append_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An interruption between two events of a batch takes the whole batch back, and the log goes on."""
    with SQLiteLog(tmp_path / "drive.db") as log:
        made = iter([log.clock.now(), KeyboardInterrupt()])

        class Interrupted:
            """A clock that is interrupted at the second look."""

            def now(self) -> Any:
                moment = next(made)
                if isinstance(moment, BaseException):
                    raise moment
                return moment

        clock, log.clock = log.clock, Interrupted()
        with pytest.raises(KeyboardInterrupt):
            log.append(an_event(1), an_event(2))
        log.clock = clock
        assert log.head == 0
        assert log.append(an_event(2)) == (1,)
