"""The event log: one contract, and an engine for each place where events can be kept."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from eda_workshop.clock import Clock
from eda_workshop.errors import BadLog
from eda_workshop.log.base import EventLog, Span, Written

__all__ = ["EventLog", "Span", "Written", "open_log"]


def open_log(url: str | Path = "memory://", *, clock: Clock | None = None, durable: bool = True) -> EventLog:
    """Open the log at a URL, or make a new one there.

    ``memory://`` lives in this process; ``drive.db`` and ``sqlite:///drive.db`` name an SQLite file. `clock` gives
    the times of recording (default: the wall clock). `durable=False` lets SQLite answer before the disk has the
    event. Raises `BadLog` for a file that is no log, is read-only or of a newer version.

    >>> log = open_log("memory://")
    >>> log
    <EventLog memory://: 0 events>
    """
    text = str(url)
    if text == "memory://":
        from eda_workshop.log.memory import MemoryLog

        return MemoryLog(clock)
    if "://" in text and not text.startswith("sqlite:///"):
        scheme = urlsplit(text).scheme
        raise BadLog(text, f"has the scheme {scheme!r}, which no engine knows", "Use memory:// or a file's name.")
    if not text.removeprefix("sqlite:///"):
        raise BadLog(repr(text), "has no file name", "Name a file, such as drive.db, or use memory://.")
    from eda_workshop.log.sqlite import SQLiteLog

    path = unquote(text.removeprefix("sqlite:///")) if text.startswith("sqlite:///") else text
    return SQLiteLog(path, clock, durable=durable)
