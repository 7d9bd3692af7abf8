"""What a log's SQLite file holds: its tables, triggers and indexes."""

from __future__ import annotations

import sqlite3
from contextlib import closing

VERSION = 8
"""SQLite's user_version of a log; raised whenever the tables change."""
MARK = 0x45444C47
"""SQLite's application_id of a log: the letters EDLG."""

SCHEMA = """
CREATE TABLE events (
    position INTEGER PRIMARY KEY,
    source   TEXT NOT NULL,
    id       TEXT NOT NULL,
    name     TEXT NOT NULL,
    subject  TEXT NOT NULL,
    occurred INTEGER NOT NULL, -- microseconds since 1970, UTC
    recorded INTEGER NOT NULL, -- microseconds since 1970, UTC
    hash     TEXT NOT NULL,    -- SHA-256 in hex over: the hash before, a newline, the event
    event    TEXT NOT NULL,    -- the whole record as JSON
    UNIQUE (id, source)
) STRICT;
-- With the name, so that a query about one entity looks at the index alone.
CREATE INDEX events_by_subject ON events (subject, position, name);
-- Further entities that an event concerns. Its subject is a tag, too, but is only in events.
CREATE TABLE tags (
    tag      TEXT NOT NULL,
    position INTEGER NOT NULL,
    name     TEXT NOT NULL,    -- of the event
    PRIMARY KEY (tag, position)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER no_update BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'the log is append-only: publish a new event instead'); END;
CREATE TRIGGER no_delete BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'the log is append-only: publish a new event instead'); END;
CREATE TRIGGER no_update_of_tags BEFORE UPDATE ON tags
BEGIN SELECT RAISE(ABORT, 'the log is append-only: publish a new event instead'); END;
CREATE TRIGGER no_delete_of_tags BEFORE DELETE ON tags
BEGIN SELECT RAISE(ABORT, 'the log is append-only: publish a new event instead'); END;
-- INSERT OR REPLACE deletes without asking no_delete.
CREATE TRIGGER only_append BEFORE INSERT ON events
WHEN NEW.position <> (SELECT coalesce(max(position), 0) + 1 FROM events)
     OR EXISTS (SELECT 1 FROM events WHERE id = NEW.id AND source = NEW.source)
BEGIN SELECT RAISE(ABORT, 'the log is append-only: the next position, and an id that is new for its source'); END;
CREATE VIEW readable AS
SELECT position, name, subject, json_extract(event, '$.data') AS data,
       strftime('%Y-%m-%d %H:%M:%f', occurred / 1e6, 'unixepoch') AS occurred_utc,
       strftime('%Y-%m-%d %H:%M:%f', recorded / 1e6, 'unixepoch') AS recorded_utc, id, substr(hash, 1, 8) AS hash
FROM events;

-- What is kept for those who read the log: how far each has come, what it could not handle, which worker has what.
CREATE TABLE states (
    kind     TEXT NOT NULL,    -- subscriber, letter, group, worker or parked
    name     TEXT NOT NULL,    -- whose
    item     TEXT NOT NULL,    -- of a letter, the position; of a worker, its name
    revision INTEGER NOT NULL, -- how often it was written
    text     TEXT NOT NULL,    -- as JSON; '' when it was deleted
    PRIMARY KEY (kind, name, item)
) STRICT;
"""

TABLES = ("events", "tags", "states")

SHAPE = "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name"
"""Asks a file for its tables, triggers and indexes."""

_SAID = "SELECT position, value, name FROM events, json_each(event, '$.tags')"
_THERE = "SELECT position, tag, name FROM tags"
DOUBTFUL_TAGS = (
    f"SELECT position FROM ({_SAID} EXCEPT {_THERE}) UNION SELECT position FROM ({_THERE} EXCEPT {_SAID}) "
    "UNION SELECT position FROM events WHERE instr(json_extract(event, '$.tags'), '\\u0000') ORDER BY position"
)
"""Asks where a record and the table of tags may differ; SQLite's JSON ends a text at a NUL, so these are looked at again."""


def shape() -> list[tuple[str, str, str]]:
    """What `SHAPE` answers for a file that nobody changed."""
    with closing(sqlite3.connect(":memory:")) as db:
        create(db)
        return db.execute(SHAPE).fetchall()


def create(db: sqlite3.Connection) -> None:
    """Make all tables within the transaction that is open; `executescript` would end it."""
    statement = ""
    for line in SCHEMA.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            db.execute(statement)
            statement = ""
    db.execute(f"PRAGMA application_id = {MARK}")
    db.execute(f"PRAGMA user_version = {VERSION}")
