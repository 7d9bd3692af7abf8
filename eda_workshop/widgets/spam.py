"""The spam meter: what a replay does to the world outside, with gateways and without."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import ipywidgets

from eda_workshop.clock import ManualClock
from eda_workshop.event import Event
from eda_workshop.ids import CounterIds
from eda_workshop.log import open_log
from eda_workshop.replay import Gateways
from eda_workshop.show.picture import Picture
from eda_workshop.show.spam import SpamState, draw_spam
from eda_workshop.widgets.instrument import Frame, Instrument, button, number, tick

THEN, TODAY = 1.10, 1.25
"""Dollars for a euro: when the payment was booked, and when it is replayed."""
USERS = ("ada", "grace", "edsger", "barbara", "alan")


@dataclass(frozen=True)
class SpamSettings:
    """How often the log was replayed, the rate of today, and whether the handlers use gateways."""

    replays: int = 0
    today: float = TODAY
    gateways: bool = False


def run(settings: SpamSettings) -> SpamState:
    """Handle the events live, then replay them."""
    log, ids = open_log("memory://", clock=ManualClock(tick=60)), CounterIds()
    inbox: list[Any] = []
    booked: list[float] = []
    rate = {"now": THEN}
    gateways = Gateways(log)
    mail = gateways.update("mail", inbox.append)
    quote = gateways.query("rate", lambda _: rate["now"])

    def handle(event: Event) -> None:
        """What the service does on each event; it can't tell whether it is live."""
        if event.name == "user.signed_up":
            if settings.gateways:
                mail(to=event.data["user"])
            else:
                inbox.append({"to": event.data["user"]})
        else:
            now = quote("EUR") if settings.gateways else rate["now"]
            booked.append(round(event.data["euros"] * now, 2))

    log.append(*(Event("user.signed_up", {"user": user}, id=ids()) for user in USERS))
    log.append(Event("payment.received", {"euros": 100}, id=ids()))
    story = list(log.read())
    for event in story:
        gateways.handle(event, handle)
    rate["now"] = settings.today
    for _ in range(settings.replays):
        gateways.replay(handle, upto=len(story))
    replayed = booked[-1] if settings.replays else None
    return SpamState(len(USERS), settings.replays, len(inbox), booked[0], replayed, settings.gateways)


class SpamMeter(Instrument):
    """Five sign-ups and a payment, handled live once. Replay them, with gateways or without.

    gateways  whether the handlers reach the world outside through gateways

    >>> SpamMeter().replay()
    5 sign-ups, replayed 1× without gateways: 10 e-mails, 5 of them spam. 100 EUR come to 125.00 USD, but it was booked as 110.00.
    """

    def __init__(self, *, gateways: bool = False) -> None:
        self.settings = SpamSettings(gateways=gateways)
        super().__init__()

    def frame(self) -> Frame:
        state = run(self.settings)
        numbers = {"inbox": state.inbox, "spam": state.spam, "booked": state.booked, "replayed": state.replayed}
        return Frame(draw_spam(state), numbers)

    def replay(self) -> Picture:
        """Replay all events once more."""
        return self._do(lambda: self._set(replays=self.settings.replays + 1))

    def gateways(self, on: bool = True) -> Picture:
        """Let the handlers use gateways, or the outside itself, in the whole story."""
        return self._set_control(self._gateways, on)

    def today(self, rate: float) -> Picture:
        """Dollars for a euro on the day of the replay, 0.5 to 2."""
        return self._set_control(self._today, rate)

    def reset(self) -> Picture:
        """Not replayed yet."""
        return self._do(lambda: self._set(replays=0))

    def _controls(self) -> list[list[ipywidgets.Widget]]:
        self._gateways = tick("Gateways", self.settings.gateways, lambda on: self._do(lambda: self._set(gateways=on)))
        rate = number(
            "Rate today", self.settings.today, 0.5, 2, 0.05, lambda value: self._do(lambda: self._set(today=value))
        )
        self._today = rate[0]
        return [[button("Replay", self.replay), self._gateways, *rate, button("Start over", self.reset)]]

    def _set(self, **changes: Any) -> None:
        self.settings = replace(self.settings, **changes)
