"""The contract, kept by the log in memory."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from contract import LogContract, SettableClock
from eda_workshop.log import EventLog, open_log


class TestMemoryLog(LogContract):
    """``open_log("memory://")``."""

    def open(self, clock: SettableClock, folder: Path, **options: Any) -> EventLog:
        return open_log("memory://", clock=clock, **options)
