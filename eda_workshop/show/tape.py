"""The scene of tape and gauge: the log's events as cards, and the state that follows from them as a bar."""

from __future__ import annotations

from dataclasses import dataclass

from eda_workshop.show import palette
from eda_workshop.show.blocks import Card, Mark, gauge, strip
from eda_workshop.show.picture import Picture


@dataclass(frozen=True)
class TapeState:
    """A tape of quantities, and a gauge.

    changes   what each event on the tape adds, in GB
    replayed  how many of them went through the gauge; after an erasure fewer than there are
    gauge     what the gauge shows
    """

    changes: tuple[int, ...]
    replayed: int
    gauge: int

    @property
    def explained(self) -> int:
        """What the events come to, as far as they were replayed."""
        return sum(self.changes[: self.replayed])


def draw_tape(state: TapeState) -> Picture:
    """The picture of the tape above its gauge, with its sentence."""
    cards = [
        Card(number, f"{signed(change)} GB", _mark(number, state)) for number, change in enumerate(state.changes, 1)
    ]
    most = max(20, state.gauge, sum(change for change in state.changes if change > 0))
    unexplained = state.gauge - state.explained
    body = strip(cards, 40, name="tape: the log")
    words = f"{state.gauge} GB" + (f", {signed(unexplained)} unexplained" if unexplained else ", all explained")
    body += gauge(124, "gauge: the state", words, max(state.gauge, 0), most, color=_color(unexplained))
    return Picture(body, 172, _sentence(state, unexplained))


def signed(change: int) -> str:
    """The change with its sign, a real minus included."""
    return f"{change:+}".replace("-", "−")


def _mark(number: int, state: TapeState) -> Mark:
    if number <= state.replayed:
        return "done"
    return "next" if number == state.replayed + 1 else "plain"


def _color(unexplained: int) -> str:
    return palette.LOST if unexplained else palette.SUBSCRIBER


def _sentence(state: TapeState, unexplained: int) -> str:
    count = len(state.changes)
    head = (
        f"{count} event{'s' * (count != 1)} on the tape, {state.replayed} replayed · the gauge shows {state.gauge} GB"
    )
    tail = (
        f" · unexplained difference: **{signed(unexplained)} GB**"
        if unexplained
        else " · unexplained difference: **0 GB**"
    )
    if unexplained:
        return f"{head}{tail}. No event says so: the next replay will not know it."
    if state.replayed < count:
        return f"{head}{tail}. {count - state.replayed} more to go."
    return f"{head}{tail}. Every GB has its event."
