"""The scene of the spam meter: how often people were written to, and what an amount came to, replay after replay."""

from __future__ import annotations

from dataclasses import dataclass

from eda_workshop.show import palette, svg
from eda_workshop.show.blocks import gauge
from eda_workshop.show.picture import WIDTH, Picture


@dataclass(frozen=True)
class SpamState:
    """Events that were handled live once, and replayed some times.

    events     how many people signed up, and were to get one e-mail each
    replays    how often they were replayed
    inbox      how many e-mails went out in all
    booked     what 100 EUR were booked as, live
    replayed   what the last replay makes of them; None before the first
    gateways   whether the handlers use gateways
    """

    events: int
    replays: int
    inbox: int
    booked: float
    replayed: float | None
    gateways: bool

    @property
    def spam(self) -> int:
        """E-mails that nobody should have got."""
        return self.inbox - self.events


def draw_spam(state: SpamState) -> Picture:
    """The inbox as a bar, and the two amounts side by side, with their sentence."""
    most = max(20, state.inbox)
    words = f"{state.inbox} e-mails, {state.spam} too many" if state.spam else f"{state.inbox} e-mails, one each"
    body = gauge(36, "inbox", words, state.inbox, most, color=palette.LOST if state.spam else palette.SUBSCRIBER)
    wrong = state.replayed is not None and state.replayed != state.booked
    body += _amount("booked live, at the rate of the day", state.booked, 24, wrong=False)
    body += _amount("the same event, replayed", state.replayed, WIDTH / 2 + 8, wrong=wrong)
    return Picture(body, 200, _sentence(state))


def _amount(label: str, amount: float | None, x: float, *, wrong: bool) -> str:
    edge = palette.LOST if wrong else palette.EDGE
    box = svg.rect(
        x,
        92,
        WIDTH / 2 - 32,
        88,
        rx=8,
        fill="none",
        stroke=edge,
        stroke_width=2,
        stroke_dasharray="5 3" if wrong else None,
    )
    shown = "not replayed yet" if amount is None else f"100 EUR = {amount:.2f} USD"
    said = svg.text(x + 16, 154, shown + (" ✗" if wrong else ""), size=22, weight="700")
    return box + svg.text(x + 16, 118, label, size=13, color=palette.MUTED) + said


def _sentence(state: SpamState) -> str:
    way = "with gateways" if state.gateways else "without gateways"
    times = "not replayed yet" if not state.replays else f"replayed {state.replays}× {way}"
    head = f"{state.events} sign-ups, {times}: {state.inbox} e-mails, **{state.spam} of them spam**"
    if state.replayed is None:
        return f"{head}. 100 EUR were booked as {state.booked:.2f} USD."
    same = "as it was booked" if state.replayed == state.booked else f"but it was booked as {state.booked:.2f}"
    return f"{head}. 100 EUR come to {state.replayed:.2f} USD, {same}."
