"""The scene of the undo button: cargo on a ship, what touched Canada, and what undoing brings back."""

from __future__ import annotations

from dataclasses import dataclass

from eda_workshop.show import palette, svg
from eda_workshop.show.blocks import Card, strip
from eda_workshop.show.picture import WIDTH, Picture


@dataclass(frozen=True)
class ShipState:
    """A voyage and its cargo.

    voyage  what happened, in order: the port called at
    marks   cargo → whether it counts as having been in Canada
    truth   cargo → whether it had been in Canada at this moment
    keeps   whether the mark that was there before is kept beside each event
    undone  how many events were undone
    """

    voyage: tuple[str, ...]
    marks: dict[str, bool]
    truth: dict[str, bool]
    keeps: bool
    undone: int

    @property
    def wrong(self) -> int:
        """How many pieces of cargo have a wrong mark."""
        return sum(self.marks[cargo] != self.truth[cargo] for cargo in self.truth)


def draw_ship(state: ShipState) -> Picture:
    """The voyage above the cargo, with its sentence."""
    cards = [Card(number, port, "done") for number, port in enumerate(state.voyage, 1)]
    body = strip(cards, 40, name="the log: arrivals")
    width = (WIDTH - 48) / max(len(state.truth), 1)
    for index, cargo in enumerate(state.truth):
        body += _cargo(cargo, state, 24 + width * index, 124, width - 12)
    return Picture(body, 204, _sentence(state))


def _cargo(cargo: str, state: ShipState, x: float, y: float, width: float) -> str:
    marked, wrong = state.marks[cargo], state.marks[cargo] != state.truth[cargo]
    edge = palette.LOST if wrong else palette.EDGE
    box = svg.rect(
        x,
        y,
        width,
        60,
        rx=6,
        fill=palette.PAPER,
        stroke=edge,
        stroke_width=2,
        stroke_dasharray="4 3" if wrong else None,
    )
    flag = svg.rect(x + 12, y + 14, 18, 32, rx=3, fill=palette.LOST if marked else palette.FAINT)
    words = "was in Canada" if marked else "never in Canada"
    said = svg.text(x + 40, y + 44, words + (", which is wrong" if wrong else ""), size=11.5, color=palette.MUTED)
    cross = svg.text(x + width - 16, y + 24, "✗", size=14, anchor="middle", weight="700", color=palette.WRONG)
    return svg.group(
        box,
        flag,
        svg.text(x + 40, y + 26, cargo, weight="600"),
        said,
        cross if wrong else "",
        title=f"{cargo}: {words}",
    )


def _sentence(state: ShipState) -> str:
    kept = "with the mark before each event kept" if state.keeps else "with nothing kept beside the events"
    head = f"{len(state.voyage)} arrivals, {state.undone} undone {kept} · wrong marks: **{state.wrong}**"
    if not state.wrong:
        return f"{head}."
    return f"{head}. To set a mark can't be undone from the event alone: what was there before?"
