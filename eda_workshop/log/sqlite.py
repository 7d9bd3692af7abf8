"""The log in one SQLite file, safe for several threads and several processes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from eda_workshop.clock import Clock
from eda_workshop.errors import BadLog, EdaError
from eda_workshop.event import Event, Recorded
from eda_workshop.log import schema
from eda_workshop.log.base import EventLog, Query, Written, check_head, closed, record
from eda_workshop.names import is_pattern, matches

PAGE = 1_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_COLUMNS = "position, recorded, hash, event"


class SQLiteLog(EventLog):
    """A log in a file: ``open_log("drive.db")``, or ``sqlite:///drive.db``.

    durable  True: an append returns when the disk has the event (``synchronous=FULL``). False: a power cut may
             take the last appends, a crash of the program takes none.
    """

    def __init__(self, path: str | Path, clock: Clock | None = None, *, durable: bool = True) -> None:
        super().__init__(str(path), clock)
        self.path = Path(path)
        self._db: sqlite3.Connection | None = schema.connect(self.path, durable=durable)
        self._file = _identity(self.path)

    @property
    def head(self) -> int:
        return int(self._value("SELECT coalesce(max(position), 0) FROM events"))

    def position_of(self, subscriber: str) -> int | None:
        kept = self._value("SELECT position FROM subscribers WHERE name = ?", subscriber)
        return None if kept is None else int(kept)

    def keep_position(self, subscriber: str, position: int) -> None:
        with self._transaction() as db:
            db.execute("INSERT OR REPLACE INTO subscribers VALUES (?, ?)", (subscriber, position))

    def backup(self, path: str | Path) -> None:
        """Write a copy of the whole log to a new file, also when the log's own file is gone."""
        copy = Path(path)
        if copy.exists():
            raise BadLog(str(copy), "is there already", "Name a file that isn't there yet.")
        with self._lock, schema.explained(copy), closing(sqlite3.connect(copy)) as target:
            self._connection().backup(target)

    def close(self) -> None:
        with self._lock:
            if self._db is not None:
                self._db.close()
                self._db = None

    def _write(self, events: list[Event], expected: int | None) -> list[Written]:
        with self._transaction() as db:
            last = next(self._select("ORDER BY position DESC LIMIT 1", ()), None)
            check_head(expected, last.position if last else 0)
            written = self._record(events, last)
            rows = [_row(entry.event) for entry in written if entry.fresh]
            db.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
        return written

    def _find(self, id: str) -> Recorded | None:
        return next(self._select("WHERE id = ?", (id,)), None)

    def _read(self, query: Query) -> Iterator[Recorded]:
        """Page by page, so that no transaction stays open while the caller works."""
        size = PAGE if query.limit is None or not _is_exact(query) else min(PAGE, query.limit)
        while size:
            clauses, values = _where(query)
            order = f"ORDER BY position {'DESC' if query.reverse else ''} LIMIT {size}"
            page = list(self._select(f"WHERE {' AND '.join(clauses)} {order}", values))
            yield from (event for event in page if _named(event, query))
            if len(page) < size:
                return
            if query.reverse:
                query = query._replace(upto=page[-1].position - 1)
            else:
                query = query._replace(after=page[-1].position)

    # --- the connection -------------------------------------------------------------------------

    def _connection(self) -> sqlite3.Connection:
        if self._db is None:
            raise closed(self.url)
        return self._db

    def _value(self, sql: str, *values: Any) -> Any:
        with self._lock, schema.explained(self.path):
            row = self._connection().execute(sql, values).fetchone()
        return None if row is None else row[0]

    def _select(self, rest: str, values: tuple[Any, ...]) -> Iterator[Recorded]:
        sql = f"SELECT {_COLUMNS} FROM events {rest}"
        with self._lock, schema.explained(self.path):
            rows = self._connection().execute(sql, values).fetchall()
        return (self._recorded(row) for row in rows)

    def _recorded(self, row: tuple[int, int, str, str]) -> Recorded:
        position, recorded, digest, content = row
        try:
            event = msgspec.json.decode(content, type=Event)
        except (msgspec.DecodeError, EdaError) as error:
            remedy = "Somebody changed the file; restore it from a copy."
            raise BadLog(self.url, f"holds no event at position {position}", remedy) from error
        return record(event, position, _EPOCH + timedelta(microseconds=recorded), digest)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """BEGIN IMMEDIATE: the writer's turn is taken before anything is read."""
        with self._lock, schema.explained(self.path):
            db = self._connection()
            self._check_file()
            try:
                db.execute("BEGIN IMMEDIATE")
                yield db
                db.execute("COMMIT")
            finally:
                if db.in_transaction:
                    db.execute("ROLLBACK")

    def _check_file(self) -> None:
        if _identity(self.path) != self._file:
            raise BadLog(
                self.url,
                "was deleted or replaced while it was open; nothing was appended",
                "Save what it held with log.backup('rescued.db') and open that file.",
            )


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return status.st_dev, status.st_ino


def _micros(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _row(event: Recorded) -> tuple[Any, ...]:
    times = _micros(event.occurred), _micros(event.recorded)
    content = msgspec.json.encode(event.event).decode()
    return (event.position, event.id, event.name, event.subject, *times, event.hash, content)


def _where(query: Query) -> tuple[list[str], tuple[Any, ...]]:
    """The conditions that SQLite can check; names with wildcards are left to `_named`."""
    conditions: list[tuple[str, Any]] = [("position > ?", query.after)]
    conditions.append(("position <= ?", query.upto))
    if query.subject is not None:
        conditions.append(("subject = ?", query.subject))
    for column, span in (("occurred", query.occurred), ("recorded", query.recorded)):
        for sign, moment in zip((">=", "<"), span, strict=True):
            if moment is not None:
                conditions.append((f"{column} {sign} ?", _micros(moment)))
    clauses = [condition for condition, _ in conditions]
    values = tuple(value for _, value in conditions)
    if query.names is not None and _is_exact(query):
        clauses.append(f"name IN ({', '.join('?' * len(query.names))})")
        values += query.names
    return clauses, values


def _is_exact(query: Query) -> bool:
    """Whether SQLite can check all conditions: it has no patterns, and a limit for the number of values."""
    return query.names is None or (len(query.names) <= PAGE and not any(map(is_pattern, query.names)))


def _named(event: Recorded, query: Query) -> bool:
    return query.names is None or any(matches(name, event.name) for name in query.names)
