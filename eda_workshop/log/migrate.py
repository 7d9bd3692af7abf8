"""Files of older versions of the kit, brought to the newest shape when they are opened for the first time."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from eda_workshop.errors import BadLog
from eda_workshop.event import Event
from eda_workshop.log.record import seal
from eda_workshop.log.tables import EVENTS, GROUPS, SUBSCRIBERS, VERSION, pragma, proof, run
from eda_workshop.log.verify import Row, instant, row_of


def migrate(db: sqlite3.Connection, path: Path) -> None:
    """Bring the file to the newest version, all or nothing; another process may have been quicker."""
    if pragma(db, "user_version") >= VERSION:
        return
    db.execute("BEGIN IMMEDIATE")
    try:
        if pragma(db, "user_version") == 1:
            _from_1(db, path)
        if pragma(db, "user_version") < VERSION:
            run(db, GROUPS)
            db.execute(f"PRAGMA user_version = {VERSION}")
        db.execute("COMMIT")
    finally:
        if db.in_transaction:
            db.execute("ROLLBACK")


def _from_1(db: sqlite3.Connection, path: Path) -> None:
    """Version 1 kept the position and the time of recording out of the text, and hashed a sorted form of it."""
    for table in ("events", "subscribers"):
        db.execute(f"ALTER TABLE {table} RENAME TO old_{table}")
    for name in ("INDEX events_by_subject", "TRIGGER no_update", "TRIGGER no_delete", "TRIGGER only_append"):
        db.execute(f"DROP {name}")
    run(db, EVENTS + SUBSCRIBERS)
    db.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?)", _renewed(db, path))
    for name, position in db.execute("SELECT name, position FROM old_subscribers").fetchall():
        digest = db.execute("SELECT hash FROM events WHERE position = ?", (position,)).fetchone()
        # A position beyond the end gets no proof: the log has lost events, and whoever asks for it shall know.
        evidence = proof(name, position, digest[0] if digest else "") if digest or position == 0 else ""
        db.execute("INSERT INTO subscribers VALUES (?, ?, ?)", (name, position, evidence))
    for table in ("events", "subscribers"):
        db.execute(f"DROP TABLE old_{table}")


def _renewed(db: sqlite3.Connection, path: Path) -> Iterator[Row]:
    old = new = ""
    for position, time, digest, text in db.execute(
        "SELECT position, recorded, hash, event FROM old_events ORDER BY position"
    ):
        recorded, facts = instant(time), _facts(text)
        old = _old_hash(old, position, recorded.isoformat(), facts)
        if old != digest:
            remedy = "Restore it from a copy; nothing was changed."
            raise BadLog(str(path), f"is of an older version and damaged at position {position}", remedy)
        record, sealed = seal(Event(**facts), position, recorded, new)
        new = record.hash
        yield row_of(record, sealed)


def _facts(text: str) -> dict[str, Any]:
    try:
        return msgspec.json.decode(text, type=dict[str, Any])
    except msgspec.DecodeError:
        return {}  # whose hash is another


def _old_hash(before: str, position: int, recorded: str, facts: dict[str, Any]) -> str:
    head = f"{before}\n{position}\n{recorded}\n".encode()
    return hashlib.sha256(head + msgspec.json.encode(facts, order="sorted")).hexdigest()
