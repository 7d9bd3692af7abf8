"""The shape of a log's file, and how it is opened safely."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from eda_workshop.errors import BadLog

VERSION = 1
_MARK = 0x45444C47
"""SQLite's application_id of a log: the letters EDLG."""

_TABLES = """
CREATE TABLE events (
    position INTEGER PRIMARY KEY,
    id       TEXT NOT NULL UNIQUE,
    name     TEXT NOT NULL,
    subject  TEXT NOT NULL,
    occurred INTEGER NOT NULL, -- microseconds since 1970, UTC
    recorded INTEGER NOT NULL, -- microseconds since 1970, UTC
    hash     TEXT NOT NULL,
    event    TEXT NOT NULL     -- the whole event as canonical JSON
) STRICT;
CREATE INDEX events_by_subject ON events (subject, position);
CREATE INDEX events_by_name ON events (name, position);
CREATE TRIGGER no_update BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'the log is append-only: publish a new event instead'); END;
CREATE TRIGGER no_delete BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'the log is append-only: publish a new event instead'); END;
CREATE TABLE subscribers (name TEXT PRIMARY KEY, position INTEGER NOT NULL) STRICT;
"""


def connect(path: Path, *, durable: bool) -> sqlite3.Connection:
    """Open the file, make the tables in a new one, and refuse what is no log of ours."""
    try:
        db = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
    except sqlite3.OperationalError as error:
        raise explain(path, error) from error
    try:
        _prepare(db, path, durable=durable)
    except BaseException:
        db.close()
        raise
    return db


def explain(path: Path, error: sqlite3.OperationalError) -> BadLog:
    """SQLite's complaint in our words."""
    text = str(error)
    if "readonly" in text:
        return BadLog(str(path), "is read-only", "Allow writing to the file and its folder, or copy it.")
    if "unable to open" in text:
        return BadLog(str(path), "can't be opened", "Does the folder exist, and may you write there?")
    if "locked" in text:
        return BadLog(str(path), "was locked by another program for 30 s", "Close that program, then try again.")
    if "full" in text:
        return BadLog(str(path), "can't grow: the disk is full", "Free some space; nothing was appended.")
    return BadLog(str(path), f"can't be used ({text})", "Nothing was appended.")


def _prepare(db: sqlite3.Connection, path: Path, *, durable: bool) -> None:
    try:
        mark = db.execute("PRAGMA application_id").fetchone()[0]
        version = db.execute("PRAGMA user_version").fetchone()[0]
        tables = db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
        if tables == 0:
            _create(db)
        else:
            _check(path, mark, version)
        db.execute("PRAGMA journal_mode = WAL")
        db.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
        # A transaction that takes the writer's turn shows now, not at the first append, if we may not write.
        db.execute("BEGIN IMMEDIATE")
        db.execute("COMMIT")
    except sqlite3.OperationalError as error:
        raise explain(path, error) from error
    except sqlite3.DatabaseError:
        raise BadLog(
            str(path), "is not an SQLite file", "Give the name of a log, or of a file that isn't there yet."
        ) from None


def _create(db: sqlite3.Connection) -> None:
    """All tables in one transaction; another process may have been quicker."""
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("BEGIN IMMEDIATE")
    if db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] == 0:
        for statement in _statements():
            db.execute(statement)
        db.execute(f"PRAGMA application_id = {_MARK}")
        db.execute(f"PRAGMA user_version = {VERSION}")
    db.execute("COMMIT")


def _statements() -> list[str]:
    statements, current = [], ""
    for line in _TABLES.splitlines():
        current += line + "\n"
        if sqlite3.complete_statement(current):
            statements.append(current)
            current = ""
    return statements


def _check(path: Path, mark: int, version: int) -> None:
    if mark != _MARK:
        raise BadLog(str(path), "is an SQLite file, but no event log", "Give the log a file of its own.")
    if version > VERSION:
        raise BadLog(
            str(path),
            f"was written by a newer version of the kit (schema {version}, this one knows {VERSION})",
            "Install the newer kit; the file was not touched.",
        )
