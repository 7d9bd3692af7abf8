"""The contract, kept by the log in an SQLite file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from contract import DurableLogContract, SettableClock
from eda_workshop.log import EventLog, open_log


class TestSQLiteLog(DurableLogContract):
    """``open_log("drive.db")``."""

    def open(self, clock: SettableClock, folder: Path, **options: Any) -> EventLog:
        return open_log(folder / "drive.db", clock=clock, **options)


class TestHastySQLiteLog(DurableLogContract):
    """The same when the disk may have the event later than the answer, in a folder with a difficult name."""

    def open(self, clock: SettableClock, folder: Path, **options: Any) -> EventLog:
        home = folder / "mes événements?#%41"
        home.mkdir(exist_ok=True)
        return open_log(home / "drive.db", clock=clock, durable=False, **options)
