"""What the bus's tests start from."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from eda_workshop import Bus, CounterIds, ManualClock, open_log
from eda_workshop.log import EventLog


@pytest.fixture
def bus() -> Bus:
    """A bus without a log, whose ids count."""
    return Bus(ids=CounterIds(), clock=ManualClock())


@pytest.fixture
def log() -> Iterator[EventLog]:
    """A log in memory, on a manual clock."""
    with open_log(clock=ManualClock()) as log:
        yield log


@pytest.fixture
def logged(log: EventLog) -> Bus:
    """A bus with that log, whose ids count."""
    return Bus(log, ids=CounterIds())
