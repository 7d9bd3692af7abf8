"""What an SQLite file keeps beside its events: how far subscribers have come, and what groups of workers have."""

from __future__ import annotations

import sqlite3

from eda_workshop.log import tables


def positions(db: sqlite3.Connection) -> dict[str, tuple[int, bool]]:
    """How far each subscriber has come, by name, and whether this log kept that."""
    rows = db.execute("SELECT name, position, proof FROM subscribers ORDER BY name").fetchall()
    return {name: (position, proof == _proof(db, name, position)) for name, position, proof in rows}


def position_of(db: sqlite3.Connection, subscriber: str) -> tuple[int, bool] | None:
    """The same of one subscriber; None if it was never here."""
    row = db.execute("SELECT position, proof FROM subscribers WHERE name = ?", (subscriber,)).fetchone()
    return row and (row[0], row[1] == _proof(db, subscriber, row[0]))


def keep_position(db: sqlite3.Connection, subscriber: str, position: int) -> None:
    """Write down how far a subscriber has come."""
    values = subscriber, position, _proof(db, subscriber, position)
    db.execute("INSERT OR REPLACE INTO subscribers VALUES (?, ?, ?)", values)


def wrong_position(subscriber: str) -> tuple[str, str]:
    """What to say of a position that this log never kept: the problem, and what to do."""
    remedy = "Restore the file from a copy, or use another name for the subscriber to begin anew."
    return f"holds a position of the subscriber {subscriber!r} that it never kept", remedy


def _proof(db: sqlite3.Connection, subscriber: str, position: int) -> str:
    row = db.execute("SELECT hash FROM events WHERE position = ?", (position,)).fetchone()
    return tables.proof(subscriber, position, row[0] if row else "")


def kept(db: sqlite3.Connection, group: str) -> tuple[str, int]:
    """What a group keeps, and its revision; "" and 0 if it keeps nothing yet."""
    return db.execute("SELECT state, revision FROM groups WHERE name = ?", (group,)).fetchone() or ("", 0)


def keep(db: sqlite3.Connection, group: str, state: str, revision: int) -> bool:
    """Keep this for a group if what it keeps is of that revision; within the transaction that is open."""
    if kept(db, group)[1] != revision:
        return False
    db.execute("INSERT OR REPLACE INTO groups VALUES (?, ?, ?)", (group, revision + 1, state))
    return True
