"""The shape of a log's file, and how it is opened safely."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from eda_workshop.errors import BadLog
from eda_workshop.log.migrate import migrate
from eda_workshop.log.tables import ALL, MARK, VERSION, pragma, run

PATIENCE = 30
"""Seconds to wait for another program that writes."""

TROUBLE = (sqlite3.DatabaseError, UnicodeDecodeError, OverflowError)
"""What SQLite raises; damaged letters and times that no calendar has fail on their way to Python."""

_DAMAGED = "is damaged", "Restore it from a copy; what can be read is unharmed."


def connect(path: Path, *, durable: bool) -> sqlite3.Connection:
    """Open the file, make the tables in a new one, and refuse what is no log of ours."""
    with explained(path):
        db = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
        try:
            _prepare(db, path, durable=durable)
        except BaseException:
            db.close()
            raise
    return db


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn SQLite's complaints into `BadLog`, in our words."""
    try:
        yield
    except TROUBLE as error:
        raise BadLog(str(path), *words(error)) from error


def words(error: Exception) -> tuple[str, str]:
    """What is wrong with the file, and what to do, in our words."""
    if not isinstance(error, sqlite3.DatabaseError):
        return _DAMAGED
    # The low byte is the kind of failure; the rest says more than a reader needs.
    match getattr(error, "sqlite_errorcode", 0) & 0xFF:
        case sqlite3.SQLITE_READONLY:
            return "is read-only", "Allow writing to the file and its folder, or copy it."
        case sqlite3.SQLITE_CANTOPEN:
            return "can't be opened", "Does the folder exist, and may you write there?"
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            held = f"was locked by another program for {PATIENCE} s"
            return held, "Close that program, then try again; nothing was appended."
        case sqlite3.SQLITE_FULL:
            return "can't grow: the disk is full", "Free some space; nothing was appended."
        case sqlite3.SQLITE_NOTADB:
            remedy = "Give the name of a log, or of a file that isn't there yet."
            return "is not an SQLite file", remedy
        case sqlite3.SQLITE_CORRUPT:
            return _DAMAGED
    return f"can't be used ({error})", "Nothing was appended."


def _prepare(db: sqlite3.Connection, path: Path, *, durable: bool) -> None:
    # In this order: whoever makes the tables at this moment sets the mark together with them.
    if db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] == 0:
        _create(db, path)
    else:
        _check(path, pragma(db, "application_id"), pragma(db, "user_version"))
        # Changes nothing, but shows now and not at the first append whether the file may be written.
        db.execute("DELETE FROM subscribers WHERE false")
        _write_ahead(db, path)
        migrate(db, path)
    db.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")


def _write_ahead(db: sqlite3.Connection, path: Path) -> None:
    """Readers and one writer at a time don't wait for each other then."""
    if (mode := _switch_to_wal(db)) != "wal":
        remedy = "Keep the log on a disk of this machine, not on a network's."
        raise BadLog(str(path), f"can't have a write-ahead log (it stays {mode})", remedy)


def _switch_to_wal(db: sqlite3.Connection) -> str:
    """The mode after asking for WAL; when several open a new file at once, SQLite does not wait by itself here."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return str(pragma(db, "journal_mode = WAL"))
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
        time.sleep(0.005)


def _create(db: sqlite3.Connection, path: Path) -> None:
    """All tables in one transaction; another process may have been quicker."""
    _write_ahead(db, path)
    db.execute("BEGIN IMMEDIATE")
    if db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] == 0:
        run(db, ALL)
        db.execute(f"PRAGMA application_id = {MARK}")
        db.execute(f"PRAGMA user_version = {VERSION}")
    db.execute("COMMIT")


def _check(path: Path, mark: int, version: int) -> None:
    if mark != MARK:
        raise BadLog(str(path), "is an SQLite file, but no event log", "Give the log a file of its own.")
    if version > VERSION:
        raise BadLog(
            str(path),
            f"was written by a newer version of the kit (schema {version}, this one knows {VERSION})",
            "Install the newer kit; the file was not touched.",
        )


def identity(path: Path) -> tuple[int, int] | None:
    """What tells a file from another that has its name; None if there is none."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return status.st_dev, status.st_ino


def told_once(show: Callable[[str], object]) -> Callable[[str], object]:
    """SQLite tells of an INSERT again for the trigger that it fires; show it once."""
    last = ""

    def show_once(sql: str) -> None:
        nonlocal last
        before, last = last, sql
        if sql != before or not sql.startswith("INSERT"):
            show(sql)

    return show_once
