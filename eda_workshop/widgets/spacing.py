"""Snapshot spacing: fewer events to apply, or fewer snapshots to keep."""

from __future__ import annotations

from functools import cache
from typing import ClassVar

import ipywidgets

from eda_workshop.clock import ManualClock
from eda_workshop.errors import BadSetting
from eda_workshop.event import Event
from eda_workshop.ids import CounterIds
from eda_workshop.log import EventLog, open_log
from eda_workshop.replay import Timeline
from eda_workshop.show.picture import Picture
from eda_workshop.show.spacing import SpacingState, draw_spacing
from eda_workshop.widgets.instrument import Frame, Instrument, choice
from eda_workshop.widgets.tape import Storage

COUNT = 1_000
CHOICES = (10, 50, 100, 250, 1_000)


@cache
def _log() -> EventLog:
    log, ids = open_log("memory://", clock=ManualClock(tick=60)), CounterIds()
    moment = log.clock.now()
    log.append(*(Event("file.uploaded", {"gb": 1}, id=ids(), occurred=moment) for _ in range(COUNT)))
    return log


@cache
def run(every: int) -> SpacingState:
    """Look at every position once, and count what the timeline applied for it."""
    timeline = Timeline(_log(), Storage, every=every)
    timeline.at()
    costs = []
    for position in range(COUNT):
        before = timeline.cost
        timeline.at(position=position)
        costs.append((timeline.cost - before).applied)
    return SpacingState(every, tuple(costs), len(timeline.snapshots))


class SnapshotSpacing(Instrument):
    """A log of 1,000 events, and a snapshot every so many.

    every  10, 50, 100, 250 or 1,000 events between two snapshots

    >>> SnapshotSpacing(every=10).numbers
    {'snapshots': 100, 'mean': 4.5, 'worst': 9}
    """

    labels: ClassVar = {"every": "A snapshot every"}

    def __init__(self, every: int = 100) -> None:
        self.settings = _checked(every)
        super().__init__()

    def frame(self) -> Frame:
        state = run(self.settings)
        return Frame(draw_spacing(state), {"snapshots": state.snapshots, "mean": state.mean, "worst": state.worst})

    def every(self, events: int) -> Picture:
        """Take a snapshot every so many events: 10, 50, 100, 250 or 1,000."""
        return self._do(lambda: self._choose(events))

    def _controls(self) -> list[list[ipywidgets.Widget]]:
        self._every = choice("A snapshot every", [(f"{k:,} events", k) for k in CHOICES], self.settings)
        self._every.observe(lambda change: self.every(change["new"]), names="value")
        return [[self._every]]

    def _choose(self, events: int) -> None:
        self.settings = _checked(events)
        self._every.value = events


def _checked(every: int) -> int:
    if every not in CHOICES:
        raise BadSetting("every", every, f"one of {', '.join(map(str, CHOICES))}")
    return every
