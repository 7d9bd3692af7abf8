"""Two boards: displays of one auction that are fed by events, and what comes of writing into one of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import ipywidgets

from eda_workshop.bus import Bus, Command, Subscriber
from eda_workshop.clock import ManualClock
from eda_workshop.errors import BadSetting, Rejected
from eda_workshop.event import Event
from eda_workshop.ids import CounterIds
from eda_workshop.log import open_log
from eda_workshop.show.boards import BoardsState, draw_boards
from eda_workshop.show.picture import Picture
from eda_workshop.widgets.instrument import Frame, Instrument, button, choice, number, tick

BOARDS = ("A", "B")
STEP = 10
"""Euros by which a bid must be higher than the one before."""


@dataclass(frozen=True)
class BoardsSettings:
    """What was done: ("bid", board, amount) or ("deliver", "", 0); and whether boards write into themselves."""

    acts: tuple[tuple[str, str, int], ...] = ()
    local: bool = False


class _Auction:
    """The owner, who may say no; two boards, which hear of what was accepted; and the way between them."""

    def __init__(self, *, local: bool) -> None:
        self.local = local
        self.log = open_log("memory://", clock=ManualClock(tick=1))
        self.bus = Bus(self.log, ids=CounterIds())
        self.bus.handle("bid.place", self.decide)
        self.highest, self.refused = 0, 0
        self.boards = dict.fromkeys(BOARDS, 0)
        self.taps = {name: self._board(name) for name in BOARDS}
        self.delivered = 0

    def decide(self, command: Command) -> None:
        amount = command.data["amount"]
        if amount < self.highest + STEP:
            raise Rejected(f"{amount} € is less than {self.highest + STEP} €")
        self.highest = amount
        self.log.append(self.bus.event("bid.accepted", command.data))

    def bid(self, board: str, amount: int) -> None:
        if self.local:
            self.boards[board] = max(self.boards[board], amount)
        try:
            self.bus.send("bid.place", {"board": board, "amount": amount})
        except Rejected:
            self.refused += 1

    def deliver(self) -> None:
        for tap in self.taps.values():
            tap.catch_up()
        self.delivered = self.log.head

    def _board(self, name: str) -> Subscriber:
        def show(event: Event) -> None:
            self.boards[name] = max(self.boards[name], event.data["amount"])

        tap = self.bus.subscriber(f"board {name}", after=0)
        tap.on("bid.accepted", show)
        return tap


def run(settings: BoardsSettings) -> BoardsState:
    """Play the auction again."""
    auction = _Auction(local=settings.local)
    for verb, board, amount in settings.acts:
        if verb == "bid":
            auction.bid(board, amount)
        else:
            auction.deliver()
    events = tuple((event.data["board"], event.data["amount"]) for event in auction.log.read())
    waiting = auction.log.head - auction.delivered
    return BoardsState(events, dict(auction.boards), auction.highest, auction.refused, waiting, settings.local)


class TwoBoards(Instrument):
    """Two displays of one auction. Bid at either; events reach the boards when they are delivered.

    local  True: a board shows a bid at once; False: it sends the bid and waits for the event

    >>> boards = TwoBoards()
    >>> boards.bid("A", 50)
    Boards that send and wait for the event: A shows 0 €, B shows 0 €, and the owner knows 50 € · 0 refused, 1 on their way · the boards are 0 € apart.
    """

    def __init__(self, *, local: bool = False) -> None:
        self.settings = BoardsSettings(local=local)
        super().__init__()

    def frame(self) -> Frame:
        state = run(self.settings)
        numbers = {"difference": state.difference, "refused": state.refused, "waiting": state.waiting, **state.boards}
        return Frame(draw_boards(state), numbers)

    def bid(self, board: str, amount: int) -> Picture:
        """Bid at board A or B; the owner wants at least 10 € more than the bid before."""
        return self._do(lambda: self._bid(board, amount))

    def deliver(self) -> Picture:
        """Let the events that are on their way arrive at both boards."""
        delivered = (*self.settings.acts, ("deliver", "", 0))
        return self._do(lambda: self._set(acts=delivered), "What was on its way has arrived.")

    def local(self, on: bool = True) -> Picture:
        """Let boards write into themselves, or send and wait, in the whole story."""
        return self._set_control(self._local, on)

    def reset(self) -> Picture:
        """A new auction."""
        return self._do(lambda: self._set(acts=()))

    def _controls(self) -> list[list[ipywidgets.Widget]]:
        board = choice("Board", list(BOARDS))
        amount = number("Bid (€)", 50, 10, 500, 10, lambda _: None)[0]
        self._local = tick("Write locally", self.settings.local, lambda on: self._do(lambda: self._set(local=on)))
        return [
            [
                board,
                amount,
                button("Bid", lambda: self.bid(board.value, amount.value)),
                button("Deliver", self.deliver),
                self._local,
                button("Start over", self.reset),
            ]
        ]

    def _bid(self, board: str, amount: int) -> None:
        if board not in BOARDS:
            raise BadSetting("board", board, "A or B")
        if type(amount) is not int or amount < 1:
            raise BadSetting("amount", amount, "whole euros from 1")
        self._set(acts=(*self.settings.acts, ("bid", board, amount)))

    def _set(self, **changes: Any) -> None:
        self.settings = replace(self.settings, **changes)
