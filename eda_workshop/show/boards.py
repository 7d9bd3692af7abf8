"""The scene of two boards: what each shows, what the owner knows, and what is still on its way."""

from __future__ import annotations

from dataclasses import dataclass

from eda_workshop.show import palette, svg
from eda_workshop.show.blocks import Card, strip
from eda_workshop.show.picture import Picture


@dataclass(frozen=True)
class BoardsState:
    """An auction on two boards.

    events    what the owner has recorded: (who, amount) of each accepted bid
    boards    board → the highest bid that it shows
    truth     the highest bid
    refused   how many bids the owner refused
    waiting   how many events are on their way to the boards
    local     whether boards write into themselves before they hear from the owner
    """

    events: tuple[tuple[str, int], ...]
    boards: dict[str, int]
    truth: int
    refused: int
    waiting: int
    local: bool

    @property
    def difference(self) -> int:
        """How far the boards are apart."""
        return max(self.boards.values()) - min(self.boards.values())


def draw_boards(state: BoardsState) -> Picture:
    """The boards above the owner's log, with their sentence."""
    body = ""
    for index, (name, shown) in enumerate(state.boards.items()):
        body += _board(f"board {name}", "shows", shown, 24 + 286 * index, wrong=shown > state.truth)
    body += _board("owner", "knows", state.truth, 24 + 286 * 2, wrong=False)
    sent = len(state.events) - state.waiting
    cards = [
        Card(number, f"{who} bids {amount}", "done" if number <= sent else "plain")
        for number, (who, amount) in enumerate(state.events, 1)
    ]
    body += strip(cards, 168, name="the owner's log: accepted bids; a dashed disc is still on its way to the boards")
    return Picture(body, 236, _sentence(state))


def _board(name: str, verb: str, amount: int, x: float, *, wrong: bool) -> str:
    edge = palette.LOST if wrong else palette.EDGE
    box = svg.rect(
        x, 24, 260, 104, rx=8, fill="none", stroke=edge, stroke_width=2, stroke_dasharray="5 3" if wrong else None
    )
    said = svg.text(x + 16, 76, f"{verb} {amount} €", size=26, weight="700")
    note = svg.text(x + 16, 108, "no such bid was accepted ✗", size=12) if wrong else ""
    return svg.group(box, svg.text(x + 16, 46, name, weight="600"), said, note, title=f"{name} {verb} {amount} €")


def _sentence(state: BoardsState) -> str:
    way = "that write into themselves at once" if state.local else "that send and wait for the event"
    boards = ", ".join(f"{name} shows {amount} €" for name, amount in state.boards.items())
    head = f"Boards {way}: {boards}, and the owner knows {state.truth} €"
    tail = f"{state.refused} refused, {state.waiting} on their way"
    return f"{head} · {tail} · the boards are **{state.difference} € apart**."
