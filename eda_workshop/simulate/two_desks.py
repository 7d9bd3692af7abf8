"""Desks that sell seats, each paid from a wallet: whom the boundary of a decision disturbs, and what it overlooks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, get_args

from eda_workshop.bus import Command
from eda_workshop.clock import ManualClock
from eda_workshop.decide import Decider, decides
from eda_workshop.errors import BadPlan, BadSetting, Conflict, Rejected, check_number
from eda_workshop.event import Event, Recorded
from eda_workshop.log import Query, open_log
from eda_workshop.replay import applies, fold
from eda_workshop.replay.decisions import decided
from eda_workshop.values import FrozenDict

Boundary = Literal["none", "log", "seat", "wallet", "query"]
BOUNDARIES: tuple[Boundary, ...] = get_args(Boundary)
Status = Literal["free", "read", "overtaken", "sold", "refused"]

PAID, SOLD = "allowance.paid", "seat.sold"
PRICE = 10
"""Euros that a seat costs; the allowance fills each wallet with as many, once."""
FEWEST, MOST = 2, 8
WALLETS = ("ada", "bob", "grace", "alan", "edsger", "barbara", "donald", "frances")


@dataclass(frozen=True)
class Sale:
    """What a desk is asked for: to sell a seat, 1 to 8, to the owner of a wallet. Raises `BadSetting`."""

    seat: int = 1
    wallet: str = "ada"

    def __post_init__(self) -> None:
        check_number("seat", self.seat, 1, MOST)
        if self.wallet not in WALLETS:
            raise BadSetting("wallet", self.wallet, f"one of: {', '.join(WALLETS)}")

    @property
    def about_seat(self) -> Query:
        return Query(SOLD, tags=f"seat/{self.seat}")

    @property
    def about_wallet(self) -> Query:
        return Query((PAID, SOLD), tags=f"wallet/{self.wallet}")

    def __str__(self) -> str:
        return f"seat {self.seat} to {self.wallet}"


def each_its_own(desks: int = MOST) -> tuple[Sale, ...]:
    """Sales that have nothing to do with each other.

    >>> [str(sale) for sale in each_its_own(2)]
    ['seat 1 to ada', 'seat 2 to bob']
    """
    return tuple(Sale(number, wallet) for number, wallet in enumerate(WALLETS[:desks], 1))


@dataclass(frozen=True)
class Hall:
    """Whose each sold seat is, and how many euros each wallet holds: what the rules ask."""

    owners: FrozenDict = field(default_factory=FrozenDict)
    euros: FrozenDict = field(default_factory=FrozenDict)

    def objection(self, seat: int, wallet: str) -> str:
        """Why this seat can't be sold to the owner of this wallet; "" if it can."""
        if f"{seat}" in self.owners:
            return f"seat {seat} is {self.owners[f'{seat}']}'s"
        has = self.euros.get(wallet, 0)
        return "" if has >= PRICE else f"{wallet} has {has} €".replace("-", "−")


class Selling(Decider):
    """A seat belongs to one person, and a wallet never goes below zero."""

    initial = Hall()

    @staticmethod
    def boundary(command: Command) -> Query:
        sale = Sale(**command.data)
        return sale.about_seat | sale.about_wallet

    @staticmethod
    @applies(PAID)
    def paid(hall: Hall, event: Event) -> Hall:
        filled = {wallet: hall.euros.get(wallet, 0) + event.data["euros"] for wallet in event.data["wallets"]}
        return replace(hall, euros=FrozenDict({**hall.euros, **filled}))

    @staticmethod
    @applies(SOLD)
    def sold(hall: Hall, event: Event) -> Hall:
        seat, wallet = event.data["seat"], event.data["wallet"]
        euros = {**hall.euros, wallet: hall.euros.get(wallet, 0) - PRICE}
        return Hall(FrozenDict({**hall.owners, f"{seat}": wallet}), FrozenDict(euros))

    @staticmethod
    @decides("seat.sell")
    def sell(hall: Hall, command: Command) -> Event:
        sale = Sale(**command.data)
        if no := hall.objection(sale.seat, sale.wallet):
            raise Rejected(no)
        return Event(SOLD, command.data, subject=f"seat/{sale.seat}", tags=(f"wallet/{sale.wallet}",))


_GUARDS: dict[Boundary, Callable[[Sale], Query | None]] = {
    "none": lambda _: None,
    "log": lambda _: Query(),
    "seat": lambda sale: sale.about_seat,
    "wallet": lambda sale: sale.about_wallet,
    "query": lambda sale: sale.about_seat | sale.about_wallet,
}


class Act(NamedTuple):
    """One thing that a desk did: it read the log to decide on a sale, it appended, or it dropped what it had read."""

    verb: Literal["read", "append", "drop"]
    desk: int
    sale: Sale = Sale()


@dataclass(frozen=True)
class Run:
    """What the desks did on one log, in order, with one boundary for all decisions."""

    boundary: Boundary = "query"
    acts: tuple[Act, ...] = ()

    def then(self, *acts: Act) -> Run:
        return replace(self, acts=(*self.acts, *acts))


@dataclass(frozen=True)
class Desk:
    """A desk as it is now.

    status      free; read: decided, not yet appended; overtaken: the log refused its append; sold; refused: it said no
    sale        what it decides on, or decided on last
    upto        the position up to which it has read
    guarded     the positions that it read and that lie inside the boundary
    unguarded   those that it read and that lie outside
    in_the_way  what others have appended inside the boundary since it read, as long as it hasn't appended
    wrote       the position of its event, 0 if it has none
    conflicts   how often this decision was overtaken
    no          why it said no
    """

    status: Status = "free"
    sale: Sale = Sale()
    upto: int = 0
    guarded: tuple[int, ...] = ()
    unguarded: tuple[int, ...] = ()
    in_the_way: tuple[int, ...] = ()
    wrote: int = 0
    conflicts: int = 0
    no: str = ""

    @property
    def is_busy(self) -> bool:
        """Whether it has begun a decision and not finished it."""
        return self.status in ("read", "overtaken")


@dataclass(frozen=True)
class Outcome:
    """What a run has led to.

    events     the log
    desks      the desks that did something, by their number
    decisions  sales, and times that a desk said no
    conflicts  appends that the log refused
    needless   those of them in which nothing had changed that the decision depends on
    broken     the sales that break a rule, by position, and which
    """

    boundary: Boundary
    events: tuple[Recorded, ...]
    desks: Mapping[int, Desk]
    decisions: int
    conflicts: int
    needless: int
    broken: Mapping[int, str]

    def desk(self, number: int) -> Desk:
        return self.desks.get(number, Desk())


@lru_cache(64)
def run(settings: Run) -> Outcome:
    """Do the acts on a log in memory, through its own condition. Raises `BadPlan` for an append without a decision.

    >>> both = Run("log", (Act("read", 1, Sale(1, "ada")), Act("read", 2, Sale(2, "bob")), Act("append", 1), Act("append", 2)))
    >>> outcome = run(both)
    >>> outcome.conflicts, outcome.needless, outcome.desk(2).in_the_way
    (1, 1, (2,))
    """
    hall = _Hall(settings.boundary)
    for act in settings.acts:
        getattr(hall, act.verb)(act)
    return hall.outcome()


def one_round(settings: Run, desks: list[tuple[int, Sale]]) -> Run:
    """All of these desks read at one moment; then all that decided to sell append, in their order."""
    settings = settings.then(*(Act("read", number, sale) for number, sale in desks))
    selling = [number for number, _ in desks if run(settings).desk(number).status == "read"]
    return settings.then(*(Act("append", number) for number in selling))


def overtaken(settings: Run, desks: int = MOST) -> list[tuple[int, Sale]]:
    """The desks, 1 to `desks`, that have to decide again, and on what."""
    found = [(number, run(settings).desk(number)) for number in range(1, desks + 1)]
    return [(number, desk.sale) for number, desk in found if desk.status == "overtaken"]


def all_at_once(settings: Run, sales: tuple[Sale, ...]) -> Run:
    """Desk 1 to the last decide on their sales at one moment, and again, until each has an answer.

    >>> outcome = run(all_at_once(Run("log"), each_its_own(8)))
    >>> outcome.decisions, outcome.conflicts, outcome.needless
    (8, 28, 28)
    >>> run(all_at_once(Run("query"), each_its_own(8))).conflicts
    0
    """
    settings = one_round(settings, [*enumerate(sales, 1)])
    while waiting := overtaken(settings, len(sales)):
        settings = one_round(settings, waiting)
    return settings


class _Hall:
    """The log, and the desks before it."""

    def __init__(self, boundary: Boundary) -> None:
        self.boundary = boundary
        self.log = open_log("memory://", clock=ManualClock(tick=60))
        everybody = tuple(f"wallet/{wallet}" for wallet in WALLETS)
        paid = {"euros": PRICE, "wallets": WALLETS}
        self.log.append(Event(PAID, paid, tags=everybody, id="allowance", occurred=self.log.clock.now()))
        self.desks: dict[int, Desk] = {}
        self.drafts: dict[int, tuple[Event, ...]] = {}
        self.decisions = self.conflicts = self.needless = self.commands = 0

    def read(self, act: Act) -> None:
        """Read what the decision depends on, and decide; what is outside the boundary is read all the same."""
        before, guard, self.commands = self.desks.get(act.desk, Desk()), self._guard(act.sale), self.commands + 1
        command = Command("seat.sell", {"seat": act.sale.seat, "wallet": act.sale.wallet}, id=f"sell-{self.commands}")
        events = list(self.log.read(where=Selling.boundary(command) | (guard or Selling.boundary(command))))
        inside = tuple(event.position for event in events if guard is not None and guard.matches(event))
        outside = tuple(event.position for event in events if event.position not in inside)
        conflicts = before.conflicts if before.status == "overtaken" else 0
        desk = Desk("read", act.sale, self.log.head, inside, outside, conflicts=conflicts)
        try:
            self.drafts[act.desk] = decided(Selling.sell, fold(events, Selling), command, self.log.clock)
        except Rejected as no:
            self.decisions += 1
            desk = replace(desk, status="refused", no=str(no))
        self.desks[act.desk] = desk

    def append(self, act: Act) -> None:
        """Append what was decided, unless something inside the boundary was added since it was read."""
        desk = self.desks.get(act.desk, Desk())
        if desk.status != "read":
            said = "was overtaken" if desk.status == "overtaken" else "has decided nothing that it could append"
            raise BadPlan(f"Desk {act.desk} {said}", "Let it read first.")
        guard = self._guard(desk.sale)
        condition: dict[str, Any] = {} if guard is None else {"after": desk.upto, "unless": guard}
        try:
            (position,) = self.log.append(*self.drafts[act.desk], **condition)
        except Conflict:
            self.conflicts += 1
            needs = desk.sale.about_seat | desk.sale.about_wallet
            self.needless += next(self.log.read(desk.upto, where=needs), None) is None
            self.desks[act.desk] = replace(desk, status="overtaken", conflicts=desk.conflicts + 1)
        else:
            self.decisions += 1
            self.desks[act.desk] = replace(desk, status="sold", wrote=position)

    def drop(self, act: Act) -> None:
        """The customer has left, or wants another seat."""
        self.desks.pop(act.desk, None)

    def outcome(self) -> Outcome:
        desks = {number: self._seen(desk) for number, desk in self.desks.items()}
        counts = self.decisions, self.conflicts, self.needless
        return Outcome(self.boundary, tuple(self.log), MappingProxyType(desks), *counts, self._broken())

    def _guard(self, sale: Sale) -> Query | None:
        return _GUARDS[self.boundary](sale)

    def _seen(self, desk: Desk) -> Desk:
        """The desk with what has come in its way since it read."""
        guard = self._guard(desk.sale)
        if guard is None or not desk.is_busy:
            return desk
        return replace(desk, in_the_way=tuple(event.position for event in self.log.read(desk.upto, where=guard)))

    def _broken(self) -> Mapping[int, str]:
        """The sales that a desk which had read the whole log before them would have refused."""
        sales = [event for event in self.log if event.name == SOLD]
        found = {event.position: fold(self.log, Selling, event.position - 1).objection(**event.data) for event in sales}
        return MappingProxyType({position: words for position, words in found.items() if words})
