"""The replay player: first, back, play, forward, last, over any log and any model."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import ipywidgets

from eda_workshop.clock import iso
from eda_workshop.errors import check_number
from eda_workshop.event import Event
from eda_workshop.log import EventLog
from eda_workshop.replay import Model, Timeline
from eda_workshop.show.picture import Picture
from eda_workshop.show.player import PlayerState, draw_player
from eda_workshop.widgets.instrument import Frame, Instrument, button, choice, number
from eda_workshop.widgets.status import Note

SPEEDS = {"1 event/s": 1.0, "2 events/s": 0.5, "5 events/s": 0.2, "10 events/s": 0.1}
"""Seconds for each event."""


class ReplayPlayer(Instrument):
    """A player over a log: it shows the state of a model at any position.

    log    what to replay, as it stands when the player is made
    model  what state is
    every  events between two snapshots

    >>> from eda_workshop.drive import Count, stream
    >>> log = open_log("memory://", clock=ManualClock(tick=60))
    >>> _ = log.append(*stream(10))
    >>> player = ReplayPlayer(log, Count)
    >>> player.forward()
    Position 1 of 10, 2026-03-02T09:00:00Z: user.signed_up user/ada · changed: users · 4 in the state.
    """

    def __init__(self, log: EventLog, model: type[Model], *, every: int = 100) -> None:
        self.timeline = Timeline(log, model, every=every)
        self._head = log.head
        self._playing: asyncio.Task[None] | None = None
        self.settings = 0
        super().__init__()

    def frame(self) -> Frame:
        position = self.settings
        state = self.timeline.at(position=position)
        numbers = {"position": position, "head": self._head, "state": state}
        return Frame(draw_player(self._look(position, state)), numbers)

    def first(self) -> Picture:
        """Before the first event."""
        return self.seek(0)

    def back(self) -> Picture:
        """One event back."""
        return self.seek(max(self.settings - 1, 0))

    def forward(self) -> Picture:
        """One event on."""
        return self.seek(min(self.settings + 1, self._head))

    def last(self) -> Picture:
        """After the last event."""
        return self.seek(self._head)

    def play(self) -> Picture:
        """Go on event by event, to the end or until `pause`; from the end, begin again.

        Where no event loop runs, as in a script, it doesn't wait between events.
        """
        self._stop()
        if self.settings == self._head:
            self.first()
        try:
            self._playing = asyncio.get_running_loop().create_task(self._go_on())
        except RuntimeError:
            while self.settings < self._head:
                self.forward()
        return self._stand("Playing" if self._playing else "At the end")

    def pause(self) -> Picture:
        """Stand still."""
        self._stop()
        return self._stand("Paused")

    def seek(self, position: int) -> Picture:
        """To a position, 0 to the head."""
        return self._do(lambda: self._seek(position))

    def speed(self, name: str) -> Picture:
        """How fast Play goes: "1 event/s", "2 events/s", "5 events/s" or "10 events/s"."""
        return self._set_control(self._speed, name)

    def _controls(self) -> list[list[ipywidgets.Widget]]:
        position = number("Position", 0, 0, self._head, 1, lambda value: self.seek(int(value)))
        self._place = position[0]
        self._button = button("Play", lambda: self.pause() if self._playing else self.play())
        self._speed = choice("Speed", list(SPEEDS), "2 events/s")
        buttons = [
            button("First", self.first),
            button("Back", self.back),
            self._button,
            button("Forward", self.forward),
            button("Last", self.last),
            self._speed,
        ]
        return [buttons, position]

    async def _go_on(self) -> None:
        while self.settings < self._head:
            await asyncio.sleep(SPEEDS[self._speed.value])
            self.forward()
        self._playing = None
        self._stand("At the end")

    def _stop(self) -> None:
        if self._playing is not None:
            self._playing.cancel()
            self._playing = None

    def _stand(self, how: str) -> Picture:
        """Say how the player stands; what passes by meanwhile is shown, and not read aloud."""
        self._button.description = "Pause" if self._playing else "Play"
        return self._refresh(Note(how), aloud=True)

    @property
    def _is_playing(self) -> bool:
        return self._playing is not None

    def _seek(self, position: int) -> None:
        check_number("position", position, 0)
        self.timeline.at(position=position)
        self.settings = position
        self._place.value = position

    def _look(self, position: int, state: Any) -> PlayerState:
        lines = _lines(state)
        if not position:
            return PlayerState(0, self._head, "", "", lines)
        event = next(self.timeline.log.read(position - 1, position))
        before = dict(_lines(self.timeline.at(position=position - 1)))
        changed = frozenset(name for name, value in lines if before.get(name) != value)
        return PlayerState(position, self._head, iso(event.recorded), _words(event), lines, changed)


def _lines(state: Any) -> list[tuple[str, str]]:
    """The state as names and values, in words."""
    if isinstance(state, Mapping):
        return [(str(name), _value(value)) for name, value in state.items()]
    return [("state", _value(state))]


def _value(value: Any) -> str:
    return value if isinstance(value, str) else repr(value)


def _words(event: Event) -> str:
    return f"{event.name} {event.subject}".strip()
