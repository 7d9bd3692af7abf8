"""What every test of the contract starts from: a clock, a log, and a few events."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from eda_workshop.clock import Instant, as_instant
from eda_workshop.event import Event
from eda_workshop.log import EventLog


class SettableClock:
    """A clock that stands where it is set, also earlier than before, as a machine's clock may be."""

    def __init__(self, moment: Instant = "2026-03-02T09:00:00Z") -> None:
        self.moment = as_instant(moment)

    def now(self) -> datetime:
        """Where the clock stands."""
        return self.moment

    def move(self, **units: float) -> None:
        """Move by what `timedelta` takes, forth or back: ``move(minutes=-5)``."""
        self.moment += timedelta(**units)


class LogSetup:
    """The fixtures of the contract. An engine's test class overrides `open`."""

    def open(self, clock: SettableClock, folder: Path, **options: Any) -> EventLog:
        """The log to test, with its times from the clock. A durable engine keeps its files in the folder.

        options  what else `open_log` takes: `create`, `read_only`
        """
        raise NotImplementedError("Override open(clock, folder): return the log that is to be tested.")

    def another(self, clock: SettableClock, folder: Path) -> EventLog:
        """A second, empty log of the same kind, in a folder of its own."""
        home = folder / "another"
        home.mkdir()
        return self.open(clock, home)

    @pytest.fixture
    def clock(self) -> SettableClock:
        """The clock that gives the times of recording."""
        return SettableClock()

    @pytest.fixture
    def log(self, clock: SettableClock, tmp_path: Path) -> Iterator[EventLog]:
        """An empty log, closed after the test."""
        with self.open(clock, tmp_path) as log:
            yield log


def an_event(number: int = 1, name: str = "user.signed_up", subject: str = "", day: int = 1) -> Event:
    """An event whose id is its number, and which occurred at midnight of a day in March 2026."""
    occurred = as_instant(f"2026-03-{day:02}T00:00:00Z")
    return Event(name, {"number": number}, id=f"evt-{number:04}", subject=subject, occurred=occurred)


def fill(log: EventLog, first: int, last: int, **attributes: Any) -> None:
    """Append events with these numbers, some hundreds at once, for not every engine takes more."""
    for start in range(first, last + 1, 500):
        log.append(*(an_event(number, **attributes) for number in range(start, min(start + 500, last + 1))))


def numbers(events: Iterator[Event]) -> list[int]:
    """The numbers of events that `an_event` made."""
    return [event.data["number"] for event in events]
