"""Two desks, or eight: they read, decide and append, and somebody else may have been quicker."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, ClassVar

import ipywidgets

from eda_workshop.errors import BadPlan, check_number
from eda_workshop.show.picture import Picture
from eda_workshop.show.two_desks import LEFT, NAMES, TOP, TwoDesksState, draw_two_desks, row_height
from eda_workshop.simulate.two_desks import (
    BOUNDARIES,
    FEWEST,
    MOST,
    WALLETS,
    Act,
    Boundary,
    Desk,
    Run,
    Sale,
    all_at_once,
    each_its_own,
    one_round,
    overtaken,
    run,
)
from eda_workshop.widgets.given import check_known
from eda_workshop.widgets.instrument import Frame, Instrument, button, choice, number
from eda_workshop.widgets.spots import Spot, Spots

_BOUNDARIES = [
    ("no condition", "none"),
    ("whole log", "log"),
    ("stream of the seat", "seat"),
    ("stream of the wallet", "wallet"),
    ("query: seat or wallet", "query"),
]


@dataclass(frozen=True)
class TwoDesksSettings:
    """How many desks there are, what each is asked for next, what they did on this log, and on those before it."""

    desks: int = FEWEST
    sales: tuple[Sale, ...] = each_its_own()
    run: Run = field(default_factory=Run)
    earlier: tuple[Run, ...] = ()


class TwoDesks(Instrument):
    """Desks that sell seats, each paid from a wallet that holds 10 €, before one log. Let them read, then append.

    desks     how many there are, 2 to 8
    boundary  what an append depends on: "none" (no condition), "log" (the whole log), "seat" or "wallet" (the stream of
              one entity), "query" (what the decision needs: both)

    Another boundary begins a new log; the numbers of the one before stay.

    >>> desks = TwoDesks(desks=8, boundary="log")
    >>> desks.all_at_once()
    Boundary log: 28 conflicts for 8 decisions, all needless.
    >>> desks.boundary("query")
    Boundary log: 28 conflicts for 8 decisions, all needless; boundary query: nothing is decided yet.
    >>> desks.all_at_once()
    Boundary log: 28 conflicts for 8 decisions, all needless; boundary query: none.
    """

    labels: ClassVar = {"run": "Boundary"}

    def __init__(self, desks: int = FEWEST, boundary: Boundary = "query") -> None:
        check_number("desks", desks, FEWEST, MOST)
        check_known("boundary", boundary, BOUNDARIES)
        self._beginning = self.settings = TwoDesksSettings(desks, run=Run(boundary))
        super().__init__()

    def frame(self) -> Frame:
        outcome = run(self.settings.run)
        earlier = tuple(map(run, self.settings.earlier))
        state = TwoDesksState(self.settings.sales[: self.settings.desks], outcome, earlier)
        numbers = {
            "decisions": outcome.decisions,
            "conflicts": outcome.conflicts,
            "needless": outcome.needless,
            "broken": len(outcome.broken),
        }
        return Frame(draw_two_desks(state), numbers)

    # --- the same as the controls, from code ----------------------------------------------------

    def read(self, desk: int) -> Picture:
        """A desk reads what its decision depends on, and decides. After a conflict it does so again."""
        return self._do(lambda: self._act("read", desk), f"Desk {desk} has read.")

    def append(self, desk: int) -> Picture:
        """A desk appends what it decided. The log refuses that if the boundary holds something new."""
        return self._do(lambda: self._act("append", desk), f"Desk {desk} has appended.")

    def round(self) -> Picture:
        """All desks read at one moment, and then all append, one after the other."""
        return self._do(lambda: self._run(one_round(self.settings.run, [*enumerate(self._sales, 1)])))

    def again(self) -> Picture:
        """The desks that were overtaken read again, and then append again."""
        return self._do(self._again)

    def all_at_once(self) -> Picture:
        """All desks decide at one moment, and again, until each has an answer."""
        return self._do(lambda: self._run(all_at_once(self.settings.run, self._sales)))

    def ask(self, desk: int, seat: int, wallet: str) -> Picture:
        """Ask a desk for another sale: a seat from 1 to 8, and whose wallet pays. What it has read it drops."""
        return self._do(lambda: self._ask((desk, seat, wallet)), f"Desk {desk} is asked for seat {seat} to {wallet}.")

    def one_seat(self) -> Picture:
        """Every desk is asked for seat 1, each from a wallet of its own."""
        asked = [(desk, 1, wallet) for desk, wallet in enumerate(WALLETS, 1)]
        return self._do(lambda: self._ask(*asked), "All want seat 1, each from a wallet of its own.")

    def one_wallet(self) -> Picture:
        """Every desk is asked for a seat of its own, all from ada's wallet."""
        asked = [(desk, desk, WALLETS[0]) for desk in range(1, MOST + 1)]
        return self._do(lambda: self._ask(*asked), "All want seats of their own, from ada's wallet.")

    def each_its_own(self) -> Picture:
        """Every desk is asked for a seat of its own from a wallet of its own: nothing to do with each other."""
        asked = [(desk, sale.seat, sale.wallet) for desk, sale in enumerate(each_its_own(), 1)]
        return self._do(lambda: self._ask(*asked), "All want seats of their own, from wallets of their own.")

    def boundary(self, boundary: Boundary) -> Picture:
        """Choose what an append depends on, and begin a new log. What happened on this one stays counted."""
        return self._do(lambda: self._bound(boundary), "A new log.")

    def desks(self, count: int) -> Picture:
        """How many desks there are from now on, 2 to 8."""
        return self._do(lambda: self._count(count), lambda: f"There are {self.settings.desks} desks.")

    def reset(self) -> Picture:
        """Begin as at first: an empty hall, and nothing counted."""
        return self._do(lambda: setattr(self, "settings", self._beginning), "All as at first.")

    # --- controls -------------------------------------------------------------------------------

    def _controls(self) -> list[list[ipywidgets.Widget]]:
        self._boundary = choice("Boundary", _BOUNDARIES, self.settings.run.boundary)
        self._desks = number(
            "Desks", self.settings.desks, FEWEST, MOST, 1, lambda count: self._by_hand(lambda: self.desks(int(count)))
        )
        self._desk = choice("Desk", self._numbers)
        self._seat = choice("Seat", [*range(1, MOST + 1)])
        self._wallet = choice("Wallet", list(WALLETS))
        self._boundary.observe(lambda change: self._by_hand(lambda: self.boundary(change["new"])), names="value")
        self._desk.observe(lambda _: self._by_hand(self._refresh), names="value")
        for each in (self._seat, self._wallet):
            each.observe(lambda _: self._by_hand(self._ask_chosen), names="value")
        asking = [
            button("Each its own", self.each_its_own),
            button("One seat for all", self.one_seat),
            button("One wallet for all", self.one_wallet),
        ]
        steps = [
            button("Read", lambda: self.read(self._desk.value)),
            button("Append", lambda: self.append(self._desk.value)),
        ]
        rounds = [
            button("All read, all append", self.round),
            button("Again", self.again),
            button("All at once", self.all_at_once),
            button("Start over", self.reset),
        ]
        chosen = [self._desk, self._seat, self._wallet]
        return [[self._boundary, *self._desks, *asking], [*chosen, *steps], rounds]

    def _stage(self) -> ipywidgets.Widget:
        """The picture, with a button over the name of each desk, which takes its next step."""
        self._spots = Spots(self._shown, MOST)
        return self._spots.stage

    def _put_controls(self) -> None:
        self._boundary.value, self._desks[0].value = self.settings.run.boundary, self.settings.desks
        if [*self._desk.options] != self._numbers:
            chosen = self._desk.value
            self._desk.options = self._numbers
            self._desk.value = min(chosen, self.settings.desks)
        asked = self._sales[self._desk.value - 1]
        self._seat.value, self._wallet.value = asked.seat, asked.wallet
        height = row_height(self.settings.desks)
        spots = [
            Spot(
                f"Desk {desk}: {self._step(desk)}",
                18,
                TOP + height * (desk - 1) + 2,
                LEFT - 26,
                height - 4,
                partial(self._take_step, desk),
            )
            for desk in self._numbers
        ]
        self._spots.put(spots, self.frame().picture.height)

    def _step(self, desk: int) -> str:
        """What a desk does next, in words."""
        status = self._at(desk).status
        return "append" if status == "read" else "read again" if status == "overtaken" else "read"

    def _take_step(self, desk: int) -> Picture:
        return self.append(desk) if self._step(desk) == "append" else self.read(desk)

    def _ask_chosen(self) -> Picture:
        return self.ask(self._desk.value, self._seat.value, self._wallet.value)

    # --- settings -------------------------------------------------------------------------------

    @property
    def _sales(self) -> tuple[Sale, ...]:
        settings: TwoDesksSettings = self.settings
        return settings.sales[: settings.desks]

    @property
    def _numbers(self) -> list[int]:
        return [*range(1, self.settings.desks + 1)]

    def _at(self, desk: int) -> Desk:
        return run(self.settings.run).desk(desk)

    def _act(self, verb: Any, desk: int) -> None:
        check_number("desk", desk, 1, self.settings.desks)
        self._run(self.settings.run.then(Act(verb, desk, self.settings.sales[desk - 1])))

    def _again(self) -> None:
        waiting = overtaken(self.settings.run, self.settings.desks)
        if not waiting:
            raise BadPlan("No desk was overtaken", "Let two desks read, and then both append.")
        self._run(one_round(self.settings.run, waiting))

    def _run(self, then: Run) -> None:
        self.settings = replace(self.settings, run=then)

    def _ask(self, *asked: tuple[int, int, str]) -> None:
        """Desk, seat and wallet of each sale that is asked for now."""
        sales, now = [*self.settings.sales], self.settings.run
        for desk, seat, wallet in asked:
            check_number("desk", desk, 1, MOST if len(asked) > 1 else self.settings.desks)
            check_known("wallet", wallet, WALLETS)
            sales[desk - 1] = Sale(check_number("seat", seat, 1, MOST), wallet)
            if run(now).desk(desk).is_busy:
                now = now.then(Act("drop", desk))
        self.settings = replace(self.settings, sales=tuple(sales), run=now)

    def _bound(self, boundary: Boundary) -> None:
        check_known("boundary", boundary, NAMES)
        settings = self.settings
        counts = run(settings.run)
        before = (settings.run,) if counts.decisions or counts.conflicts else ()
        self.settings = replace(settings, run=Run(boundary), earlier=(*settings.earlier, *before))

    def _count(self, count: int) -> None:
        self.settings = replace(self.settings, desks=check_number("desks", count, FEWEST, MOST))
