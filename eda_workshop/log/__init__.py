"""The event log: one contract, and an engine for each place where events can be kept."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from eda_workshop.clock import Clock
from eda_workshop.errors import BadLog
from eda_workshop.log.base import EventLog
from eda_workshop.log.base import Follower as Follower
from eda_workshop.log.copying import Copied, copy_log
from eda_workshop.log.corrections import Broken
from eda_workshop.log.files import Loaded
from eda_workshop.log.group import Group
from eda_workshop.log.query import Span as Span
from eda_workshop.log.records import Damage, LogStatistics
from eda_workshop.log.records import Written as Written
from eda_workshop.log.upcasters import Upcasters

__all__ = [
    "Broken",
    "Copied",
    "Damage",
    "EventLog",
    "Group",
    "Loaded",
    "LogStatistics",
    "Upcasters",
    "copy_log",
    "open_log",
]


def open_log(
    url: str | Path = "memory://",
    *,
    clock: Clock | None = None,
    upcasters: Upcasters | None = None,
    durable: bool = True,
    connect: Mapping[str, Any] | None = None,
) -> EventLog:
    """Open the log at a URL, or make a new one there.

    url        ``memory://`` lives in this process; ``drive.db`` and ``sqlite:///drive.db`` name an SQLite file;
               ``nats://127.0.0.1:4222/drive`` and ``tls://…`` a JetStream stream on one server or more, with commas;
               ``?replicas=3`` behind it makes a new stream with three, and refuses one that has fewer
    clock      gives the times of recording. Default: the wall clock
    upcasters  bring old events up to date as they are read
    durable    False lets SQLite answer before the disk has the event
    connect    for NATS, what `nats.connect` takes: user, password, token, tls, user_credentials, …

    Raises `BadLog` for a file that isn't a log, is read-only or of another version of the kit, for a server that can't
    be reached, and for a stream that can't hold a log.

    >>> log = open_log("memory://")
    >>> log
    <EventLog memory://: 0 events>
    """
    if not isinstance(url, (str, Path)):
        raise BadLog(repr(url), "has no name", "Name a file, such as drive.db, or use memory://.")
    text = str(url)
    if text == "memory://":
        from eda_workshop.log.memory import MemoryLog

        return MemoryLog(clock, upcasters)
    if text.startswith(("nats://", "tls://")):
        from eda_workshop.log.nats.log import NatsLog

        return NatsLog(text, clock, upcasters, connect=connect)
    from eda_workshop.log.sqlite import SQLiteLog

    return SQLiteLog(_file(text), clock, upcasters, durable=durable)


def _file(url: str) -> str:
    """The name of the file that the URL means."""
    path = unquote(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else url
    if "://" in path or path == ":memory:":
        scheme = path.partition("://")[0]
        known = "Use memory://, a file's name such as drive.db, or nats://127.0.0.1:4222/drive."
        raise BadLog(url, f"has the scheme {scheme!r}, which no engine knows", known)
    if not path:
        raise BadLog(repr(url), "has no file name", "Name a file, such as drive.db.")
    return path
