"""A copy of a log that isn't a file, in a file."""

from __future__ import annotations

from pathlib import Path

from eda_workshop.files import as_path
from eda_workshop.log.base import EventLog
from eda_workshop.log.copying import copy_log
from eda_workshop.log.sqlite import SQLiteLog
from eda_workshop.log.sqlite_file import new_copy


def back_up(log: EventLog, path: str | Path) -> None:
    """Copy the log into a new SQLite file; see `EventLog.backup`."""
    with new_copy(as_path(path)) as part, SQLiteLog(part, durable=False) as target:
        copy_log(log, target)
