"""Tape and gauge: the state can be erased and comes back from the log; what was never recorded does not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import ipywidgets

from eda_workshop.clock import ManualClock
from eda_workshop.errors import BadEvent, BadSetting, check_number
from eda_workshop.event import Event
from eda_workshop.ids import CounterIds
from eda_workshop.log import EventLog, open_log
from eda_workshop.replay import Model, Timeline, applies
from eda_workshop.show.picture import Picture
from eda_workshop.show.tape import TapeState, draw_tape
from eda_workshop.widgets.instrument import Frame, Instrument, button, number


class Storage(Model):
    """How much is stored, in GB."""

    initial = 0

    @staticmethod
    @applies("file.uploaded")
    def uploaded(stored: int, event: Event) -> int:
        return stored + int(event.data["gb"])

    @staticmethod
    @applies("file.deleted")
    def deleted(stored: int, event: Event) -> int:
        return stored - int(event.data["gb"])


@dataclass(frozen=True)
class TapeSettings:
    """The changes on the tape, where the replay stands, and what was done to the gauge by hand."""

    changes: tuple[int, ...] = ()
    replayed: int = 0
    cheated: int = 0


MOST = 1_000
"""GB that one event may be about."""


def tape_of(changes: tuple[int, ...]) -> EventLog:
    """A log with these changes."""
    log, ids = open_log("memory://", clock=ManualClock(tick=60)), CounterIds()
    for change in changes:
        name = "file.uploaded" if change > 0 else "file.deleted"
        log.append(Event(name, {"gb": abs(change)}, id=ids(), occurred=log.clock.now()))
    return log


def run(settings: TapeSettings) -> TapeState:
    """Fold the tape up to where the replay stands; what was turned by hand comes on top."""
    stored = Timeline(tape_of(settings.changes), Storage).at(position=settings.replayed)
    return TapeState(settings.changes, settings.replayed, stored + settings.cheated)


class TapeAndGauge(Instrument):
    """A tape of events and a gauge that follows it. Record, erase the gauge, replay, and turn it by hand.

    >>> tape = TapeAndGauge()
    >>> tape.record(5), tape.record(3)
    (1 event on the tape, 1 replayed · the gauge shows 5 GB · unexplained difference: 0 GB. Every GB has its event., 2 events on the tape, 2 replayed · the gauge shows 8 GB · unexplained difference: 0 GB. Every GB has its event.)
    """

    labels: ClassVar = {"gb": "GB"}

    def __init__(self) -> None:
        self.settings = TapeSettings()
        super().__init__()

    def frame(self) -> Frame:
        state = run(self.settings)
        numbers = {"events": len(state.changes), "gauge": state.gauge, "unexplained": state.gauge - state.explained}
        return Frame(draw_tape(state), numbers)

    def record(self, gb: int = 3) -> Picture:
        """Record that so many GB were uploaded, deleted if negative; the gauge follows."""
        return self._do(lambda: self._record(gb))

    def erase(self) -> Picture:
        """Set the gauge to nothing; the tape stays."""
        return self._do(lambda: self._set(replayed=0, cheated=0))

    def step(self) -> Picture:
        """Replay one more event."""
        return self._do(lambda: self._set(replayed=min(self.settings.replayed + 1, len(self.settings.changes))))

    def replay(self) -> Picture:
        """Replay the whole tape into the gauge, from nothing."""
        return self._do(lambda: self._set(replayed=len(self.settings.changes), cheated=0))

    def seek(self, position: int) -> Picture:
        """Show the gauge as it was at a position."""
        return self._do(lambda: self._seek(position))

    def cheat(self, gb: int = 2) -> Picture:
        """Turn the gauge by hand, past the tape."""
        return self._do(lambda: self._cheat(gb))

    def reset(self) -> Picture:
        """An empty tape."""
        return self._do(lambda: setattr(self, "settings", TapeSettings()))

    def _controls(self) -> list[list[ipywidgets.Widget]]:
        self._gb = number("GB", 3, -9, 9, 1, lambda _: None)[0]
        first = [
            self._gb,
            button("Record", lambda: self.record(self._gb.value)),
            button("Turn the gauge by hand", self.cheat),
            button("Start over", self.reset),
        ]
        second = [
            button("Erase the gauge", self.erase),
            button("Replay one", self.step),
            button("Replay all", self.replay),
        ]
        return [first, second]

    def _record(self, gb: int) -> None:
        check_number("gb", gb, -MOST, MOST)
        if gb == 0:
            raise BadSetting("gb", gb, "an amount other than nothing: no event tells that nothing happened")
        changes = (*self.settings.changes, gb)
        if self.settings.replayed < len(self.settings.changes):
            raise BadEvent("A state that is behind its log must not decide", "Replay all first.")
        self._set(changes=changes, replayed=len(changes))

    def _cheat(self, gb: int) -> None:
        check_number("gb", gb, -MOST, MOST)
        self._set(cheated=self.settings.cheated + gb)

    def _seek(self, position: int) -> None:
        check_number("position", position, 0)
        Timeline(tape_of(self.settings.changes), Storage).at(position=position)
        self._set(replayed=position, cheated=0)

    def _set(self, **changes: Any) -> None:
        self.settings = replace(self.settings, **changes)
