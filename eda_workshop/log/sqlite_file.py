"""A log's SQLite file: how it is opened, how its locks are waited for, and SQLite's complaints in our words."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple, TypeVar
from urllib.parse import quote

from eda_workshop.errors import BadLog, did_you_mean
from eda_workshop.files import part_of
from eda_workshop.log.sqlite_schema import MARK, TABLES, VERSION, create

PATIENCE = 30
"""Seconds to wait for another program that writes."""
GLANCE = 0.1
"""Seconds that SQLite waits before Python looks whether it was interrupted."""
CACHE = 16_384
"""KiB of pages that SQLite may keep in memory, taken as they are needed."""

_TROUBLE = (sqlite3.DatabaseError, UnicodeDecodeError, OverflowError)
"""What SQLite raises; damaged letters and times that no calendar has fail on their way to Python."""
_DAMAGED = "is damaged", "Restore it from a copy; what can be read is unharmed."
_UNREADABLE = (
    "has a write-ahead log, which can't be read in a folder without the right to write",
    "Copy the file and the one ending in -wal into a folder of yours, and open that copy.",
)
_CLOSED = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)
_LOCKED = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)

_Result = TypeVar("_Result")


class SQLiteFile:
    """One log's file, open. Its path is bound: the program may go to another folder.

    create     make a log if there is none
    read_only  write nothing, neither here nor beside it, so that no right to write is needed
    durable    whether a transaction returns only when the disk has it
    """

    def __init__(self, path: Path, *, create: bool, read_only: bool, durable: bool) -> None:
        self.path = path.absolute()
        self.read_only = read_only
        self._still: _Still | None = None
        with explained(self.path):
            self.db = self._open_to_read() if read_only else _open_to_write(self.path, create=create, durable=durable)
        self._identity = _identity(self.path)

    def all(self, sql: str, *values: Any) -> list[Any]:
        """All rows."""
        return self._read(lambda db: db.execute(sql, values).fetchall())

    def row(self, sql: str, *values: Any) -> Any:
        """The first row, None if there is none."""
        return self._read(lambda db: db.execute(sql, values).fetchone())

    def transact(self, work: Callable[[sqlite3.Connection], _Result]) -> _Result:
        """BEGIN IMMEDIATE: other writers wait before anything is read. Raises `BadLog`.

        A function and no context manager, which an interruption between two of its steps could leave open.
        """
        db = self.db
        self._check_there()
        with explained(self.path):
            try:
                patiently(lambda: db.execute("BEGIN IMMEDIATE"))
                result = work(db)
                patiently(lambda: db.execute("COMMIT"))
                return result
            finally:
                if db.in_transaction:
                    db.execute("ROLLBACK")

    def backup(self, path: Path) -> None:
        """Copy everything into a new file, which has its name only when it is complete. Raises `BadLog`."""
        with new_copy(path) as part, closing(sqlite3.connect(part)) as target:
            self._read(lambda db: _copy_pages(db, target))

    def close(self) -> None:
        """Let go of the file."""
        self.db.close()

    # --- reading --------------------------------------------------------------------------------

    def _read(self, ask: Callable[[sqlite3.Connection], _Result]) -> _Result:
        """What `ask` gives, and once more on a new connection if the file changed under one that expects no change."""
        while True:
            try:
                answer = patiently(lambda: ask(self.db))
            except sqlite3.DatabaseError:
                if self._is_still():
                    raise
            else:
                if self._is_still():
                    return answer
            self.db.close()
            self.db = self._open_to_read()

    def _open_to_read(self) -> sqlite3.Connection:
        """A connection that makes no file.

        Without a write-ahead log nobody is writing, and the file is read as one that doesn't change, for else SQLite
        would make that log and its index. Should somebody begin to write, `_is_still` finds out.
        """
        self._still = None if _size_of_wal(self.path) else _still(self.path)
        db = _connect(self.path, "mode=ro" if self._still is None else "mode=ro&immutable=1")
        try:
            patiently(lambda: _check_read(db, self.path))
        except BaseException as error:
            db.close()
            if isinstance(error, sqlite3.OperationalError) and _code(error) in _CLOSED and _size_of_wal(self.path):
                raise BadLog(str(self.path), *_UNREADABLE) from error
            raise
        return db

    def _is_still(self) -> bool:
        if self._still is None:
            return True
        now = _still(self.path)
        return now == self._still or now.identity != self._still.identity  # what was replaced is still open here

    def _check_there(self) -> None:
        with suppress(OSError):  # a folder that is closed to us by now says nothing about the file
            if _identity(self.path) == self._identity:
                return
            raise BadLog(
                str(self.path),
                "was deleted or replaced while it was open, or its folder was moved; nothing was appended",
                "Save what it held with log.backup('rescued.db') and open that file.",
            )


class _Still(NamedTuple):
    """What stays as it is while nobody writes to a file."""

    identity: tuple[int, int] | None
    changed: int = 0
    size: int = 0
    wal: int = 0


def _still(path: Path) -> _Still:
    try:
        status = path.stat()
    except OSError:
        return _Still(None)
    return _Still((status.st_dev, status.st_ino), status.st_mtime_ns, status.st_size, _size_of_wal(path))


def _size_of_wal(path: Path) -> int:
    """Bytes in the write-ahead log; 0 if there is none."""
    try:
        return Path(f"{path}-wal").stat().st_size
    except OSError:
        return 0


def _identity(path: Path) -> tuple[int, int] | None:
    """What tells a file from another that has its name; None if there is none."""
    try:
        status = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return status.st_dev, status.st_ino


# --- waiting ------------------------------------------------------------------------------------


def patiently(ask: Callable[[], _Result]) -> _Result:
    """What `ask` gives, tried again while another program has the file locked, up to `PATIENCE`.

    SQLite itself waits in C, where Ctrl-C can't end it; so it waits for short times only, and Python goes on.
    """
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return ask()
        except sqlite3.OperationalError as error:
            if _code(error) not in _LOCKED or time.monotonic() >= deadline:
                raise
        time.sleep(0.001)


# --- opening ------------------------------------------------------------------------------------


def _connect(path: Path, options: str) -> sqlite3.Connection:
    """A connection to the file; ``mode=ro``, ``rw`` or ``rwc``, as SQLite's URLs have it."""
    name = quote(os.fsencode(path.as_posix()), safe="/:")
    url = f"file://{'' if name.startswith('/') else '/'}{name}?{options}"
    return sqlite3.connect(url, uri=True, timeout=GLANCE, isolation_level=None, check_same_thread=False)


def _open_to_write(path: Path, *, create: bool, durable: bool) -> sqlite3.Connection:
    """Open the file, make the tables in a new one, and refuse one that isn't a log of ours."""
    has_wal = Path(f"{path}-wal").exists()
    db = _connect(path, "mode=rwc" if create else "mode=rw")
    try:
        if patiently(lambda: _is_empty(db)):
            _check_new(db, path, may_create=create, has_wal=has_wal)
            _fill(db, path)
        else:
            patiently(lambda: _check(db, path))
            _check_writable(db)
            _write_ahead(db, path)
        db.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
        # Room for the index by subject, whose pages a batch changes all over, up to some million events.
        db.execute(f"PRAGMA cache_size = -{CACHE}")
    except BaseException:
        db.close()
        raise
    return db


def _fill(db: sqlite3.Connection, path: Path) -> None:
    """Make the tables, unless another process is quicker."""
    try:
        _write_ahead(db, path)
        patiently(lambda: db.execute("BEGIN IMMEDIATE"))
        if _is_empty(db):
            create(db)
        patiently(lambda: db.execute("COMMIT"))
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        with suppress(sqlite3.Error):  # what is left looks like a new file then, and not like half a copy
            db.execute("PRAGMA journal_mode = DELETE")
        raise


def _is_empty(db: sqlite3.Connection) -> bool:
    return bool(db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] == 0)


def _check_new(db: sqlite3.Connection, path: Path, *, may_create: bool, has_wal: bool) -> None:
    """Raise `BadLog` for a file without tables that isn't the beginning of a log."""
    if not may_create:
        raise BadLog(str(path), "is an empty file, not a log", "Check the name; open_log(name) makes a log of it.")
    if has_wal or _pragma(db, "journal_mode") != "wal":
        return
    for _ in range(10):  # another process may be about to make the tables
        time.sleep(GLANCE)
        if not patiently(lambda: _is_empty(db)):
            return
    wal = f"{path.name}-wal"
    raise BadLog(
        str(path),
        f"holds nothing, for its events are in a file {wal} that isn't here: it was copied while it was open",
        "Copy it again with log.backup('copy.db') or the command copy. If you don't miss any events, delete this file.",
    )


def _check(db: sqlite3.Connection, path: Path) -> None:
    mark, version = _pragma(db, "application_id"), _pragma(db, "user_version")
    if mark != MARK:
        raise BadLog(str(path), "is an SQLite file, but not an event log", "Give the log a file of its own.")
    if version != VERSION:
        raise BadLog(
            str(path),
            f"was written by another version of the kit (schema {version}; this one reads and writes schema {VERSION})",
            "Open it with the version that wrote it, save its events with log.save('events.ndjson'), and load them "
            "into a new log here; the file was not touched.",
        )
    _check_tables(db, path)


def _check_tables(db: sqlite3.Connection, path: Path) -> None:
    """Refuse a view in the place of a table, which could give rows without end."""
    kinds = dict(db.execute("SELECT name, substr(sql, 1, 13) FROM sqlite_schema WHERE type IN ('table', 'view')"))
    for table in TABLES:
        if kinds.get(table) != "CREATE TABLE ":
            problem = f"has no table {table}, so somebody changed it"
            raise BadLog(str(path), problem, "Restore it from a copy; the file was not touched.")


def _check_read(db: sqlite3.Connection, path: Path) -> None:
    if _is_empty(db):
        raise BadLog(str(path), "is an empty file, not a log", "Check the name.")
    _check(db, path)


def _check_writable(db: sqlite3.Connection) -> None:
    """Show now and not at the first append whether the file may be written; it changes nothing."""
    db.execute("PRAGMA busy_timeout = 0")
    try:
        db.execute("DELETE FROM states WHERE false")
    except sqlite3.OperationalError as error:
        if _code(error) not in _LOCKED:  # somebody writes, so it can be written
            raise
    finally:
        db.execute(f"PRAGMA busy_timeout = {int(GLANCE * 1000)}")


def _write_ahead(db: sqlite3.Connection, path: Path) -> None:
    """Readers and one writer at a time don't wait for each other then."""
    if (mode := patiently(lambda: str(_pragma(db, "journal_mode = WAL")))) != "wal":
        remedy = "Keep the log on a disk of this machine, not on a network's."
        raise BadLog(str(path), f"can't have a write-ahead log (it stays {mode})", remedy)


def _pragma(db: sqlite3.Connection, name: str) -> Any:
    """The value of a setting of SQLite."""
    return db.execute(f"PRAGMA {name}").fetchone()[0]


# --- copies -------------------------------------------------------------------------------------


@contextmanager
def new_copy(path: Path) -> Iterator[Path]:
    """A file to write a copy into, which takes the name when it is complete. Raises `BadLog` if the name is in use."""
    path = path.absolute()
    if os.path.lexists(path):
        raise BadLog(str(path), "is there already", "Name a file that isn't there yet.")
    part = part_of(path)
    try:
        with explained(path, "no copy was made"):
            yield part
            part.replace(path)
    except BadLog as error:
        if error.url != str(part):
            raise
        raise BadLog(str(path), error.problem, error.remedy) from error
    except OSError as error:
        problem = f"can't be written ({error.strerror})"
        raise BadLog(str(path), problem, "Choose another folder, or a shorter name; no copy was made.") from error
    finally:
        for ending in ("", "-journal", "-wal", "-shm", "-lock"):
            Path(f"{part}{ending}").unlink(missing_ok=True)


def _copy_pages(source: sqlite3.Connection, target: sqlite3.Connection) -> None:
    """Copy everything as it is at one moment, in steps, between which Python looks whether it was interrupted."""
    try:
        source.execute("BEGIN")
        _is_empty(source)  # from here on the transaction sees that moment, whatever others write
        source.backup(target, pages=500, progress=lambda *_: None)
    finally:
        if source.in_transaction:
            source.execute("ROLLBACK")


# --- what is wrong ------------------------------------------------------------------------------


@contextmanager
def explained(path: Path, outcome: str = "nothing was appended") -> Iterator[None]:
    """Turn SQLite's complaints into `BadLog`, in our words; `outcome` says what came of the call."""
    try:
        yield
    except _TROUBLE as error:
        raise BadLog(str(path), *_words(error, path, outcome)) from error


def _code(error: sqlite3.Error) -> int:
    """The kind of failure: the low byte of SQLite's code, of which the rest says more than a reader needs."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _words(error: Exception, path: Path, outcome: str) -> tuple[str, str]:
    """What is wrong with the file, and what to do, in our words."""
    if not isinstance(error, sqlite3.DatabaseError):
        return _DAMAGED
    match _code(error):
        case sqlite3.SQLITE_READONLY:
            remedy = "Allow writing to the file and its folder, or read it with open_log(name, read_only=True)."
            return "is read-only", remedy
        case sqlite3.SQLITE_CANTOPEN:
            problem, remedy = _why_closed(path)
            return f"can't be opened: {problem}", remedy
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            held = f"was locked by another program for {PATIENCE} s"
            return held, f"Close that program, then try again; {outcome}."
        case sqlite3.SQLITE_FULL:
            return "can't grow: the disk is full", f"Free some space; {outcome}."
        case sqlite3.SQLITE_NOTADB:
            remedy = "Give the name of a log, or of a file that isn't there yet."
            return "is not an SQLite file", remedy
        case sqlite3.SQLITE_CORRUPT:
            return _DAMAGED
    return f"can't be used ({error})", f"{outcome.capitalize()}."


def _why_closed(path: Path) -> tuple[str, str]:
    """Why a file can't be opened, and what to do."""
    try:
        if path.is_dir():
            return "it is a folder", "Name a file in it, such as drive.db."
        if path.exists():
            return "you may not read it", "Ask its owner, or whoever looks after this machine."
        if not path.parent.is_dir():
            return f"there is no folder {path.parent}", "Make the folder first, or check the name."
        known = sorted(file.name for file in path.parent.glob("*.db"))
    except OSError:
        return "you may not look into its folder", "Ask its owner, or whoever looks after this machine."
    may_write = os.access(path.parent, os.W_OK, effective_ids=os.access in os.supports_effective_ids)
    advice = "Check the name." if may_write else "You may not make one in that folder."
    return "there is no such file", advice + did_you_mean(path.name, known)
