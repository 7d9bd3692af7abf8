"""The event log: one contract, and an engine for each place where events can be kept."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from eda_workshop.clock import Clock
from eda_workshop.errors import BadLog
from eda_workshop.log.address import place_of
from eda_workshop.log.base import EventLog
from eda_workshop.log.base import Follower as Follower
from eda_workshop.log.copying import Copied, copy_log
from eda_workshop.log.corrections import Broken
from eda_workshop.log.files import Loaded
from eda_workshop.log.group import Group
from eda_workshop.log.query import Query
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
    "Query",
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
    create: bool = True,
    read_only: bool = False,
    connect: Mapping[str, Any] | None = None,
) -> EventLog:
    """Open the log at a URL, or make a new one there.

    url        ``memory://`` lives in this process; ``drive.db`` and ``sqlite:///drive.db`` name an SQLite file, which
               stays the same when the program goes to another folder;
               ``nats://127.0.0.1:4222/drive`` and ``tls://…`` a JetStream stream on one server or more, with commas;
               ``?replicas=3`` behind it makes a new stream with three, and refuses one that has fewer
    clock      gives the times of recording. Default: the wall clock
    upcasters  bring old events up to date as they are read
    durable    False lets SQLite answer before the disk has the event
    create     False: a log that isn't there is an error, and nothing is made
    read_only  True: the log must be there, it can be read without the right to write, and writing raises `BadLog`
    connect    for NATS, what `nats.connect` takes: user, password, token, tls, user_credentials, …

    Raises `BadLog` for an address that names no log, a file that isn't one, is read-only or of another version of the
    kit, for a server that can't be reached, and for a stream that can't hold a log; `BadSetting` for the rest.

    >>> log = open_log("memory://")
    >>> log
    <EventLog memory://: 0 events>
    >>> open_log("dirve.db", create=False)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    eda_workshop.errors.BadLog: The log ...dirve.db can't be opened: there is no such file. Check the name...
    """
    engine, name = place_of(url)
    if engine == "memory":
        from eda_workshop.log.memory import MemoryLog

        if read_only or not create:
            raise BadLog(name, "is always a new log, so there is nothing to open", "Name a file or a server.")
        return MemoryLog(clock, upcasters)
    create = create and not read_only
    if engine == "nats":
        from eda_workshop.log.nats.log import NatsLog

        return NatsLog(name, clock, upcasters, connect=connect, create=create, read_only=read_only)
    from eda_workshop.log.sqlite import SQLiteLog

    return SQLiteLog(name, clock, upcasters, durable=durable, create=create, read_only=read_only)
