"""The log in one SQLite file, safe for several threads and several processes."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from eda_workshop.clock import Clock
from eda_workshop.errors import BadLog, EdaError, check_number
from eda_workshop.event import Recorded
from eda_workshop.log import beside, schema, tables
from eda_workshop.log.base import EventLog
from eda_workshop.log.engine import closed
from eda_workshop.log.query import Query, is_named
from eda_workshop.log.record import unpack
from eda_workshop.log.select import select
from eda_workshop.log.statistics import LogStatistics
from eda_workshop.log.upcasters import Upcasters
from eda_workshop.log.verify import Damage, Row, find_damage, instant, row_of
from eda_workshop.log.writing import EMPTY, Draft, Find, Tip

PAGE = 200
"""Events read at once, small enough for a processor's cache; fewer when they are large."""
PAGE_BYTES = 200_000

_Result = TypeVar("_Result")

_INSERT = "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_ROWS = f"SELECT {', '.join(Row._fields)} FROM events WHERE position > ? ORDER BY position LIMIT ?"
_TIP = "SELECT position, recorded, hash FROM events ORDER BY position DESC LIMIT 1"


class SQLiteLog(EventLog):
    """A log in a file: ``open_log("drive.db")``, or ``sqlite:///drive.db``.

    Any SQLite tool can open it; its view `readable` shows times as text. What is appended can't be changed or
    deleted there: triggers refuse.

    durable  True: an append returns when the disk has the event (``synchronous=FULL``). False: a power cut may
             take the last appends, a crash of the program takes none.

    A log that nobody holds any more is closed, as happens in a notebook whenever a cell runs again.
    """

    _db: sqlite3.Connection | None = None

    def __init__(
        self,
        path: str | Path,
        clock: Clock | None = None,
        upcasters: Upcasters | None = None,
        *,
        durable: bool = True,
    ) -> None:
        super().__init__(str(path), clock, upcasters)
        self.path = Path(path)
        self._db = schema.connect(self.path, durable=durable)
        self._show: Callable[[str], object] | None = None
        self._file = schema.identity(self.path)
        self._last: Tip | None = None
        self._wal_pages = 1_000

    @property
    def tip(self) -> Tip:
        with self._lock, schema.explained(self.path):
            return self._tip(self._connection())

    def position_of(self, subscriber: str) -> int | None:
        with self._lock, schema.explained(self.path):
            found = beside.position_of(self._connection(), subscriber)
        return None if found is None else self._proven(subscriber, *found)

    def keep_position(self, subscriber: str, position: int) -> None:
        def keep(db: sqlite3.Connection) -> None:
            self._check_file()
            check_number("position", position, 0, self._tip(db).position)
            beside.keep_position(db, subscriber, position)

        with self._lock, schema.explained(self.path):
            self._transact(keep)

    def subscribers(self) -> dict[str, int]:
        with self._lock, schema.explained(self.path):
            found = beside.positions(self._connection())
        return {name: self._proven(name, *position) for name, position in found.items()}

    def kept(self, name: str) -> tuple[str, int]:
        with self._lock, schema.explained(self.path):
            return beside.kept(self._connection(), name)

    def keep(self, name: str, text: str, revision: int) -> bool:
        with self._lock, schema.explained(self.path):
            self._check_file()
            return self._transact(lambda db: beside.keep(db, name, text, revision))

    def verify(self) -> Damage | None:
        self._connection()  # a closed log is not a damaged one
        return find_damage(self._rows()) or self._find_damage_beside()

    def statistics(self) -> LogStatistics:
        with schema.explained(self.path):
            return super().statistics()

    def tracer(self, show: Callable[[str], object] | None) -> AbstractContextManager[object]:
        before, self._show = self._show, show
        self._connection().set_trace_callback(show and schema.told_once(show))
        undo = ExitStack()
        undo.callback(lambda: self.closed or self.tracer(before))
        return undo

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

    def __del__(self) -> None:
        if self._db is not None:
            self._db.close()

    @property
    def closed(self) -> bool:
        return self._db is None

    # --- what the contract asks for -------------------------------------------------------------

    def _commit(self, draft: Callable[[Tip, Find], Draft]) -> None:
        """First as if nobody else appended and no id were known, which is nearly always so; else with care."""
        with self._lock:
            self._check_file()
            tip, self._last = self._last, None
            try:
                drafted = (tip and self._guess(tip, draft)) or self._insert_with_care(draft)
            except schema.TROUBLE as error:
                raise BadLog(self.url, *schema.words(error)) from error
            self._last = drafted.tip

    def _guess(self, tip: Tip, draft: Callable[[Tip, Find], Draft]) -> Draft | None:
        """Store what fits if the guess was right: a position or an id that is taken stores nothing."""
        try:
            drafted = draft(tip, _finds_nothing)
        except EdaError:
            return None
        # Without a record there is nothing that SQLite could refuse if the guess was wrong.
        if drafted.refused or not drafted.records:
            return None
        rows = [row_of(*record) for record in drafted.records]
        self._pace(len(rows))
        try:
            if len(rows) == 1:
                # One statement is a transaction of its own, and ten microseconds less than three.
                self._connection().execute(_INSERT, rows[0])
            else:
                self._transact(lambda db: db.executemany(_INSERT, rows))
        except sqlite3.IntegrityError:
            return None
        return drafted

    def _pace(self, count: int) -> None:
        """Choose how many pages the WAL may hold before they are written back to the file.

        Few, for events that come one by one: a WAL that has come round once is written over, which is twice as fast as
        to let it grow. Many, for batches: they change the same pages of the index again and again.
        """
        pages = 8_000 if count >= 100 else 1_000
        if pages != self._wal_pages:
            self._connection().execute(f"PRAGMA wal_autocheckpoint = {pages}")
            self._wal_pages = pages

    def _insert_with_care(self, draft: Callable[[Tip, Find], Draft]) -> Draft:
        def insert(db: sqlite3.Connection) -> Draft:
            drafted = draft(self._tip(db), self._find)
            db.executemany(_INSERT, [row_of(*record) for record in drafted.records])
            return drafted

        return self._transact(insert)

    def _find(self, id: str) -> Recorded | None:
        row = self._row("SELECT event, hash FROM events WHERE id = ?", id)
        return self._unpack(*row)[0] if row else None

    def _pages(self, query: Query, *, hashes: bool) -> Iterator[list[Recorded]]:
        """Page by page, so that no transaction stays open while the caller works."""
        size = PAGE
        while query.after < query.upto:
            sql, values = select(query, size, hashes=hashes)
            texts, digests, count, last = self._row(sql, *values) or ("", "", 0, 0)
            if not count:
                return
            page = self._unpack(texts, digests)
            yield page if query.names is None else [event for event in page if is_named(event, query.names)]
            if count < size:
                return
            query = query._replace(upto=last - 1) if query.reverse else query._replace(after=last)
            size = max(1, min(PAGE, PAGE_BYTES * count // len(texts)))

    def _rows(self) -> Iterator[Row]:
        after, size = 0, PAGE
        while True:
            try:
                rows = self._all(_ROWS, after, size)
            except BadLog:
                if size == 1:
                    raise
                size = 1  # give what comes before the row that can't be read
                continue
            if not rows:
                return
            yield from map(Row._make, rows)
            after = rows[-1][0]

    def _stored_bytes(self) -> int:
        files = (self.path, Path(f"{self.path}-wal"))
        return sum(file.stat().st_size for file in files if file.exists())

    # --- reading rows ---------------------------------------------------------------------------

    def _connection(self) -> sqlite3.Connection:
        if self._db is None:
            raise closed(self.url)
        return self._db

    def _all(self, sql: str, *values: Any) -> list[Any]:
        with self._lock, schema.explained(self.path):
            return self._connection().execute(sql, values).fetchall()

    def _row(self, sql: str, *values: Any) -> Any:
        with self._lock, schema.explained(self.path):
            return self._connection().execute(sql, values).fetchone()

    def _tip(self, db: sqlite3.Connection) -> Tip:
        row = db.execute(_TIP).fetchone()
        return Tip(row[0], instant(row[1]), row[2]) if row else EMPTY

    def _unpack(self, texts: str, digests: str = "") -> list[Recorded]:
        try:
            return unpack(texts, digests)
        except (msgspec.DecodeError, EdaError, ValueError) as error:
            damage = find_damage(self._rows())
            where = f"is damaged at {damage}" if damage else f"can't be read ({error})"
            raise BadLog(self.url, where, "Somebody changed the file; restore it from a copy.") from error

    def _proven(self, subscriber: str, position: int, proven: bool) -> int:
        if not proven:
            raise BadLog(self.url, *beside.wrong_position(subscriber))
        return position

    def _find_damage_beside(self) -> Damage | None:
        """What is wrong with the file where the records are right: indexes, triggers, subscribers."""
        try:
            self.subscribers()
            found = self._all("PRAGMA integrity_check(1)")[0][0]
        except BadLog as error:
            return Damage(self.head + 1, error.problem)
        if found == "ok" and self._all(tables.SHAPE) != tables.shape():
            found = "a table, an index or a trigger was changed"
        return None if found == "ok" else Damage(self.head + 1, f"SQLite says: {found}")

    # --- writing rows ---------------------------------------------------------------------------

    def _transact(self, work: Callable[[sqlite3.Connection], _Result]) -> _Result:
        """BEGIN IMMEDIATE: the writer's turn is taken before anything is read.

        A function and no context manager, which an interruption between two of its steps could leave open.
        """
        db = self._connection()
        try:
            db.execute("BEGIN IMMEDIATE")
            result = work(db)
            db.execute("COMMIT")
            return result
        finally:
            if db.in_transaction:
                db.execute("ROLLBACK")

    def _check_file(self) -> None:
        if schema.identity(self.path) != self._file:
            raise BadLog(
                self.url,
                "was deleted or replaced while it was open; nothing was appended",
                "Save what it held with log.backup('rescued.db') and open that file.",
            )


def _finds_nothing(_: str) -> None:
    """Says that no id is in the log."""
