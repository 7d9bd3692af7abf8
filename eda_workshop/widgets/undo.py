"""The undo button: a mark that was set can only be taken back if the one before it was kept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import ipywidgets

from eda_workshop.clock import ManualClock
from eda_workshop.event import Event
from eda_workshop.ids import CounterIds
from eda_workshop.log import EventLog, open_log
from eda_workshop.replay import KeyedModel, Timeline, applies, reverses
from eda_workshop.show.picture import Picture
from eda_workshop.show.ships import ShipState, draw_ship
from eda_workshop.widgets.given import check_known
from eda_workshop.widgets.instrument import Frame, Instrument, button, choice, tick

PORTS = {"Vancouver": True, "San Francisco": False, "Halifax": True, "Los Angeles": False}
"""Each port, and whether it is in Canada."""

CARGO = {"books": "San Francisco", "silk": "Vancouver", "tea": "Halifax"}
"""Each piece of cargo, and where it came aboard: it has been at every port since, that one included."""


def _aboard(event: Event) -> tuple[str, ...]:
    return tuple(event.data["aboard"])


class Forgetful(KeyedModel):
    """Cargo, and whether it was in Canada; undoing sets what a new piece of cargo begins with."""

    initial = False

    @staticmethod
    @applies("ship.arrived", keys=_aboard)
    def arrived(was_in_canada: bool, event: Event) -> bool:
        return was_in_canada or bool(event.data["in_canada"])

    @staticmethod
    @reverses("ship.arrived")
    def left(was_in_canada: bool, event: Event, _: None) -> bool:
        return False if event.data["in_canada"] else was_in_canada


class Careful(KeyedModel):
    """The same, but each arrival keeps the marks it found beside it."""

    initial = False

    @staticmethod
    @applies("ship.arrived", keys=_aboard, keep=lambda was_in_canada, event: was_in_canada)
    def arrived(was_in_canada: bool, event: Event) -> bool:
        return was_in_canada or bool(event.data["in_canada"])

    @staticmethod
    @reverses("ship.arrived")
    def left(_now: bool, _event: Event, before: bool) -> bool:
        return before


@dataclass(frozen=True)
class UndoSettings:
    """The ports called at, how many arrivals were undone, and whether the marks before them are kept."""

    voyage: tuple[str, ...] = ("San Francisco", "Vancouver", "Halifax")
    undone: int = 0
    keeps: bool = False


def _log(voyage: tuple[str, ...]) -> EventLog:
    log, ids, aboard = open_log("memory://", clock=ManualClock(tick=60)), CounterIds(), dict[str, None]()
    for port in voyage:
        aboard |= dict.fromkeys(cargo for cargo, origin in CARGO.items() if origin == port)
        data = {"port": port, "in_canada": PORTS[port], "aboard": list(aboard)}
        log.append(Event("ship.arrived", data, id=ids(), subject="ship/king-roy"))
    return log


def run(settings: UndoSettings) -> ShipState:
    """Sail, undo, and compare with the marks that a replay gives."""
    log = _log(settings.voyage)
    timeline = Timeline(log, Careful if settings.keeps else Forgetful)
    timeline.seek(log.head)
    for _ in range(settings.undone):
        timeline.undo()
    truth = timeline.at(position=timeline.position)
    marks = {cargo: timeline.state.get(cargo, False) for cargo in CARGO}
    right = {cargo: truth.get(cargo, False) for cargo in CARGO}
    return ShipState(settings.voyage[: timeline.position], marks, right, settings.keeps, settings.undone)


class UndoButton(Instrument):
    """A ship, three pieces of cargo, and an undo button.

    keep  whether the mark that was there before is kept beside each event

    >>> ship = UndoButton()
    >>> ship.undo()
    2 arrivals, 1 undone with nothing kept beside the events · wrong marks: 2. To set a mark can't be undone from the event alone: what was there before?
    """

    def __init__(self, *, keep: bool = False) -> None:
        self.settings = UndoSettings(keeps=keep)
        super().__init__()

    def frame(self) -> Frame:
        state = run(self.settings)
        return Frame(draw_ship(state), {"arrivals": len(state.voyage), "undone": state.undone, "wrong": state.wrong})

    def arrive(self, port: str) -> Picture:
        """Call at a port: Vancouver, San Francisco, Halifax or Los Angeles."""
        return self._do(lambda: self._arrive(port))

    def undo(self) -> Picture:
        """Undo the newest arrival by its inverse."""
        return self._do(lambda: self._set(undone=self.settings.undone + 1))

    def keep(self, on: bool = True) -> Picture:
        """Keep the marks before each arrival beside it, or nothing."""
        return self._set_control(self._keep, on)

    def reset(self) -> Picture:
        """The first three ports again, nothing undone."""
        return self._do(lambda: setattr(self, "settings", UndoSettings(keeps=self.settings.keeps)))

    def _controls(self) -> list[list[ipywidgets.Widget]]:
        port = choice("Port", list(PORTS))
        self._keep = tick("Keep the mark before", self.settings.keeps, lambda on: self._do(lambda: self._set(keeps=on)))
        return [
            [
                port,
                button("Arrive", lambda: self.arrive(port.value)),
                button("Undo", self.undo),
                self._keep,
                button("Start over", self.reset),
            ]
        ]

    def _arrive(self, port: str) -> None:
        check_known("port", port, PORTS)
        left = len(self.settings.voyage) - self.settings.undone
        self._set(voyage=(*self.settings.voyage[:left], port), undone=0)

    def _set(self, **changes: Any) -> None:
        self.settings = replace(self.settings, **changes)
