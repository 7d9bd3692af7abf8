"""The log in one SQLite file, safe for several threads and several processes."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from itertools import chain
from pathlib import Path
from typing import Any

import msgspec

from eda_workshop.clock import Clock
from eda_workshop.errors import BadLog, EdaError
from eda_workshop.event import Recorded
from eda_workshop.files import as_path
from eda_workshop.log.base import EventLog, closed
from eda_workshop.log.consumers import Key
from eda_workshop.log.files import batches
from eda_workshop.log.held_names import held_names
from eda_workshop.log.identity import Identity
from eda_workshop.log.query import Item, Moments, Query, Selection, all_of, is_meant
from eda_workshop.log.records import (
    EMPTY,
    Damage,
    Draft,
    End,
    Find,
    LogStatistics,
    Row,
    find_damage,
    instant,
    micros,
    row_of,
    unpack,
)
from eda_workshop.log.sqlite_file import SQLiteFile, explained
from eda_workshop.log.sqlite_schema import DOUBTFUL_TAGS, SHAPE, shape
from eda_workshop.log.upcasters import Upcasters
from eda_workshop.names import is_pattern

PAGE = 200
"""Events read at once, small enough for a processor's cache; fewer when they are large."""
PAGE_BYTES = 200_000
MANY_PATTERNS = 100
MANY_TAGS = 20
FEW_NAMES = 20
"""A statement of SQLite's has limits: more patterns and tags are left to Python, and more names are sent as one value."""
MANY_IDENTITIES = 400
"""Of two values each, looked up at once."""
FEW_TAGGED = 100
"""Events counted of each tag at first, to find the rarest; ten times as many if all have more."""

_INSERT = f"INSERT INTO events VALUES ({', '.join('?' * len(Row._fields))})"
_ROWS = f"SELECT {', '.join(Row._fields)} FROM events WHERE position > ? ORDER BY position LIMIT ?"
_END = "SELECT position, recorded, hash FROM events ORDER BY position DESC LIMIT 1"
_BY_ID = "SELECT event, hash FROM events WHERE id = ?"
_STATE = "SELECT text, revision FROM states WHERE kind = ? AND name = ? AND item = ?"
_BY_IDENTITY = (
    "WITH wanted (source, id) AS (VALUES {}) SELECT event, hash FROM wanted "
    "CROSS JOIN events ON events.id = wanted.id AND events.source = wanted.source"  # CROSS: it searches, and never scans
)
_LAST = "SELECT event, hash FROM events ORDER BY position DESC LIMIT 1"
_COUNT_TAGGED = """SELECT count(*) FROM (
SELECT 1 FROM events WHERE subject = ? AND position > ? AND position <= ? UNION ALL
SELECT 1 FROM tags WHERE tag = ? AND position > ? AND position <= ? LIMIT ?)"""


class SQLiteLog(EventLog):
    """A log in a file: ``open_log("drive.db")``, or ``sqlite:///drive.db``.

    Any SQLite tool can open it; its view `readable` shows times as text. What is appended can't be changed or
    deleted there: triggers refuse.

    durable  True: an append returns when the disk has the event (``synchronous=FULL``). False: a power cut may
             take the last appends, a crash of the program takes none.

    A log that nobody holds any more is closed, as happens in a notebook whenever a cell runs again.
    """

    _file: SQLiteFile | None = None

    def __init__(
        self,
        path: str | Path,
        clock: Clock | None = None,
        upcasters: Upcasters | None = None,
        *,
        durable: bool = True,
        create: bool = True,
        read_only: bool = False,
    ) -> None:
        super().__init__(str(path), clock, upcasters, read_only=read_only)
        self._file = SQLiteFile(Path(path), create=create, read_only=read_only, durable=durable)
        self.path = self._file.path
        self._show: Callable[[str], object] | None = None
        self._wal_pages = 1_000
        self._names = held_names(Path(f"{self.path}-lock"))
        self._holds: dict[Key, str] = {}

    # --- the contract ---------------------------------------------------------------------------

    @property
    def last(self) -> Recorded | None:
        row = self._row(_LAST)
        return self._unpack(*row)[0] if row else None

    @property
    def head(self) -> int:
        return int(self._row("SELECT coalesce(max(position), 0) FROM events")[0])

    def get_state(self, key: Key) -> tuple[str, int]:
        return self._row(_STATE, *key) or ("", 0)

    def put_state(self, key: Key, text: str, revision: int) -> int:
        def put(db: sqlite3.Connection) -> int:
            if self.get_state(key)[1] != revision:
                return 0
            # A deleted text keeps its row, so that its revisions never start again.
            db.execute("INSERT OR REPLACE INTO states VALUES (?, ?, ?, ?, ?)", (*key, revision + 1, text))
            return revision + 1

        self._check_writable()
        with self._lock:
            revision = self._open_file().transact(put)
        return revision

    def states(self, kind: str, name: str | None = None) -> dict[Key, str]:
        clause, values = ("kind = ? AND name = ?", (kind, name)) if name is not None else ("kind = ?", (kind,))
        rows = self._all(f"SELECT kind, name, item, text FROM states WHERE {clause} AND text <> ''", *values)
        return {Key(*row[:3]): row[3] for row in rows}

    def proof(self, subscriber: str, position: int) -> str:
        row = self._row("SELECT hash FROM events WHERE position = ?", position)
        return hashlib.sha256(f"{subscriber}\n{position}\n{row[0] if row else ''}\n".encode()).hexdigest()

    def hold(self, key: Key, holder: str, new: str) -> bool:  # noqa: ARG002 (the lock knows whether it lives)
        self._check_writable()
        if not self._names.take(repr(key), new):
            return False
        self._holds[key] = new
        return True

    def let_go(self, key: Key, holder: str) -> None:
        if self._holds.get(key) == holder:
            del self._holds[key]
        self._names.let_go(repr(key), holder)

    def verify(self) -> Damage | None:
        self._open_file()  # a closed log is not a damaged one
        return find_damage(self._rows()) or self._find_other_damage()

    def statistics(self) -> LogStatistics:
        with explained(self.path):
            return super().statistics()

    def tracer(self, show: Callable[[str], object] | None) -> AbstractContextManager[object]:
        before, self._show = self._show, show
        self._connection().set_trace_callback(show and _shown_once(show))
        undo = ExitStack()
        undo.callback(lambda: self.closed or self.tracer(before))
        return undo

    def backup(self, path: str | Path) -> None:
        with self._lock:
            self._open_file().backup(as_path(path))

    def close(self) -> None:
        with self._lock:
            self._release()

    def __del__(self) -> None:
        if self._file is not None:
            self._release()

    def _release(self) -> None:
        """Close the file, and free the names that its subscribers and workers have."""
        if self._file is not None:
            for key, holder in [*self._holds.items()]:
                self.let_go(key, holder)
            self._file.close()
            self._file = None

    @property
    def closed(self) -> bool:
        return self._file is None

    # --- what the contract builds on ------------------------------------------------------------

    def _commit(self, decide: Callable[[End, Find], Draft]) -> Draft:
        def insert(db: sqlite3.Connection) -> Draft:
            row = db.execute(_END).fetchone()
            draft = decide(End(row[0], instant(row[1]), row[2]) if row else EMPTY, self._find)
            self._pace(db, len(draft.records))
            db.executemany(_INSERT, [row_of(*record) for record in draft.records])
            tagged = [(tag, record.position, record.name) for record, _ in draft.records for tag in record.tags]
            if tagged:
                db.executemany("INSERT INTO tags VALUES (?, ?, ?)", tagged)
            return draft

        return self._open_file().transact(insert)

    def _pace(self, db: sqlite3.Connection, count: int) -> None:
        """Choose how many pages the write-ahead log may hold before they are written back to the file.

        Few for single events: it is soon full and written over then, which is faster than to let it grow. Many for
        batches, which change the same pages of the indexes again and again.
        """
        pages = 8_000 if count >= 100 else 1_000
        if pages != self._wal_pages:
            db.execute(f"PRAGMA wal_autocheckpoint = {pages}")
            self._wal_pages = pages

    def _find(self, identities: Sequence[Identity]) -> dict[Identity, Recorded]:
        found: dict[Identity, Recorded] = {}
        for part in batches(identities, MANY_IDENTITIES):
            sql = _BY_IDENTITY.format(", ".join(["(?, ?)"] * len(part)))
            rows = self._all(sql, *chain.from_iterable(part))
            found.update({event.identity: event for row in rows for event in self._unpack(*row)})
        return found

    def _with_id(self, id: str) -> list[Recorded]:
        return [event for row in self._all(_BY_ID, id) for event in self._unpack(*row)]

    def _pages(self, selection: Selection, *, hashes: bool) -> Iterator[list[Recorded]]:
        return self._paged(selection, PAGE, hashes=hashes)

    def _first(self, query: Query, after: int, upto: int) -> Recorded | None:
        return next(chain.from_iterable(self._paged(all_of(query, after, upto), 1, hashes=True)), None)

    def _paged(self, selection: Selection, size: int, *, hashes: bool) -> Iterator[list[Recorded]]:
        """Page by page, so that no transaction stays open while the caller works; the first has this size."""
        is_plain, where = selection.names is None and selection.where is None, selection.where
        items = [self._rarest_first(item, selection) for item in where.items] if where else []
        while selection.after < selection.upto:
            sql, values = _page_query(selection, items, size, hashes=hashes)
            texts, digests, count, last = self._row(sql, *values) or ("", "", 0, 0)
            if not count:
                return
            page = self._unpack(texts, digests)
            yield page if is_plain else [event for event in page if is_meant(event, selection)]
            if count < size:
                return
            selection = selection._replace(upto=last - 1) if selection.reverse else selection._replace(after=last)
            size = max(1, min(PAGE, PAGE_BYTES * count // len(texts)))

    def _rarest_first(self, item: Item, selection: Selection) -> Item:
        """The same with its rarest tag as the first, by which SQLite finds the events."""
        span, most = (selection.after, selection.upto), FEW_TAGGED
        while len(item.tags) > 1:
            counts = {tag: self._row(_COUNT_TAGGED, tag, *span, tag, *span, most)[0] for tag in item.tags}
            if min(counts.values()) < most:
                return item._replace(tags=tuple(sorted(item.tags, key=lambda tag: counts[tag])))
            most *= 10
        return item

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

    # --- rows -----------------------------------------------------------------------------------

    def _open_file(self) -> SQLiteFile:
        if self._file is None:
            raise closed(self.url)
        return self._file

    def _connection(self) -> sqlite3.Connection:
        return self._open_file().db

    def _all(self, sql: str, *values: Any) -> list[Any]:
        with self._lock, explained(self.path):
            return self._open_file().all(sql, *values)

    def _row(self, sql: str, *values: Any) -> Any:
        with self._lock, explained(self.path):
            return self._open_file().row(sql, *values)

    def _unpack(self, texts: str, digests: str = "") -> list[Recorded]:
        try:
            return unpack(texts, digests)
        except (msgspec.DecodeError, EdaError, ValueError) as error:
            damage = find_damage(self._rows())
            where = f"is damaged at {damage}" if damage else f"can't be read ({error})"
            raise BadLog(self.url, where, "Somebody changed the file; restore it from a copy.") from error

    def _find_other_damage(self) -> Damage | None:
        """What is wrong with the file where the records are right: indexes, triggers, subscribers."""
        try:
            self.subscribers()
            found = self._all("PRAGMA integrity_check(1)")[0][0]
        except BadLog as error:
            return Damage(self.head + 1, error.problem)
        if found == "ok" and self._all(SHAPE) != shape():
            found = "a table, an index or a trigger was changed"
        for (position,) in self._all(DOUBTFUL_TAGS):
            if wrong := self._wrong_tags(position):
                return Damage(
                    position, f"the table tags doesn't say what the record says about the tag {wrong[0]!r:.60}"
                )
        return None if found == "ok" else Damage(self.head + 1, f"SQLite says: {found}")

    def _wrong_tags(self, position: int) -> list[str]:
        """The tags that are only in the record at this position, or only in the table."""
        texts = self._all("SELECT event FROM events WHERE position = ?", position)
        said = {(tag, event.name) for row in texts for event in self._unpack(*row) for tag in event.tags}
        there = self._all("SELECT tag, name FROM tags WHERE position = ?", position)
        return sorted(tag for tag, _ in said ^ {*there})


# --- what to ask SQLite -------------------------------------------------------------------------


def _page_query(selection: Selection, items: Sequence[Item], size: int, *, hashes: bool) -> tuple[str, list[Any]]:
    """One row for a whole page: its texts joined by commas, its hashes, how many, and the last position.

    items  the alternatives of the selection's query, if it has one
    size   events at most

    SQLite joins the texts about as fast as it reads them; a row for each event would take Python much longer.
    """
    direction, last = ("DESC", "min") if selection.reverse else ("ASC", "max")
    digests = "group_concat(hash, '')" if hashes else "''"
    order = f"ORDER BY position {direction} LIMIT ?"
    clauses, values = _where(selection)
    if not items:
        inner = f"SELECT * FROM events WHERE {clauses} {order}"
    else:
        arms = [arm for item in items for arm in _arms(item, clauses, values)]
        union = " UNION ".join(sql for sql, _ in arms)
        values = [value for _, given in arms for value in given]
        inner = f"SELECT events.* FROM ({union} {order}) AS found CROSS JOIN events USING (position)"
    return f"SELECT group_concat(event), {digests}, count(*), {last}(position) FROM ({inner})", [*values, size]


def _arms(item: Item, clauses: str, values: list[Any]) -> list[tuple[str, list[Any]]]:
    """What gives the positions of one alternative of a query, each in their order, so that SQLite has nothing to sort.

    An event has its first tag as its subject or in the table of tags, and each is one look-up in an index.
    """
    named, names = _named(item.names) if item.names else ([], [])
    first, *others = item.tags[:MANY_TAGS] or ("",)
    also = "(subject = ? OR EXISTS (SELECT 1 FROM tags AS t WHERE t.tag = ? AND t.position = events.position))"
    clauses = " AND ".join([clauses, *named, *[also] * len(others)])
    given = [*values, *names, *(tag for other in others for tag in (other, other))]
    if not item.tags:
        return [(f"SELECT position FROM events WHERE {clauses}", given)]
    tagged = "tags CROSS JOIN events USING (position, name)"
    return [
        (f"SELECT position FROM events WHERE subject = ? AND {clauses}", [first, *given]),
        (f"SELECT position FROM {tagged} WHERE tag = ? AND {clauses}", [first, *given]),
    ]


def _where(selection: Selection) -> tuple[str, list[Any]]:
    """The conditions that SQLite can check."""
    clauses = ["position > ?", "position <= ?"]
    values: list[Any] = [selection.after, selection.upto]
    if selection.subject is not None:
        clauses.append("subject = ?")
        values.append(selection.subject)
    _between(clauses, values, "occurred", selection.occurred)
    _between(clauses, values, "recorded", selection.recorded)
    named, names = ([], []) if selection.names is None else _named(selection.names)
    return " AND ".join(clauses + named), values + names


def _named(names: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """The clause that an event has one of these names, however many, or looks as if one of the patterns were its.

    Python looks again: to SQLite, a wildcard stands for any number of tokens.
    """
    patterns = [name.replace(">", "*") for name in names if is_pattern(name)]
    if len(patterns) > MANY_PATTERNS:
        return [], []
    exact = [name for name in names if not is_pattern(name)]
    listed = ", ".join("?" * len(exact))
    if len(exact) > FEW_NAMES:
        listed, exact = "SELECT value FROM json_each(?)", [msgspec.json.encode(exact).decode()]
    return [f"({' OR '.join([f'name IN ({listed})', *['name GLOB ?'] * len(patterns)])})"], exact + patterns


def _between(clauses: list[str], values: list[Any], column: str, span: Moments) -> None:
    for sign, moment in zip((">=", "<"), span, strict=True):
        if moment is not None:
            clauses.append(f"{column} {sign} ?")
            values.append(micros(moment))


def _shown_once(show: Callable[[str], object]) -> Callable[[str], object]:
    """SQLite reports an INSERT again for the trigger that it fires; show it once."""
    last = ""

    def show_once(sql: str) -> None:
        nonlocal last
        before, last = last, sql
        if sql != before or not sql.startswith("INSERT"):
            show(sql)

    return show_once
