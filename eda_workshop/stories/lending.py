"""The lending library at work: a desk, a log, a bus, a screen and the post, put together from parts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from eda_workshop.bus import Bus, Command
from eda_workshop.clock import ManualClock, as_instant
from eda_workshop.decide import Decider, decides, execute
from eda_workshop.errors import Rejected
from eda_workshop.event import Event
from eda_workshop.log import EventLog, Query, open_log
from eda_workshop.replay import Gateways, History, Timeline, applies
from eda_workshop.stories.library import BORROWED, GRACE, NAMES, RESERVED, Slip, day, model_of

Part = Callable[..., Any]


@dataclass(frozen=True)
class Loan:
    """What a decision about one book depends on: the reader who has it, those who wait, and the slips that count already."""

    holder: str = ""
    line: tuple[str, ...] = ()
    slips: frozenset[str] = frozenset()


class Lending(Decider):
    """The desk: lends a book that is in, to the first who waits for it. A slip that counts already changes nothing.

    >>> log = library_log()
    >>> asked = Command("book.lend", {"slip": "slip-1", "title": "emma", "reader": "ada", "when": "2026-03-01T12:00:00Z"})
    >>> execute(log, Lending, asked).events[0].id
    'slip-1'
    """

    initial = Loan()

    @staticmethod
    def boundary(command: Command) -> Query:
        return Query(NAMES, tags=f"book/{command.data['title']}")

    @staticmethod
    @applies(*NAMES)
    def follow(loan: Loan, event: Event) -> Loan:
        reader, slips = event.data["reader"], loan.slips | {event.id}
        if event.name == RESERVED:
            return Loan(loan.holder, (*loan.line, reader), slips)
        line = tuple(other for other in loan.line if other != reader) if event.name == BORROWED else loan.line
        return Loan(reader if event.name == BORROWED else "", line, slips)

    @staticmethod
    @decides("book.lend")
    def lend(loan: Loan, command: Command) -> Event | None:
        slip, title, reader = (command.data[name] for name in ("slip", "title", "reader"))
        if slip in loan.slips:
            return None
        if loan.holder:
            raise Rejected(f"{loan.holder} has it")
        if loan.line and loan.line[0] != reader:
            raise Rejected(f"{loan.line[0]} is first in line")
        data, when = {"title": title, "reader": reader}, command.data["when"]
        return Event(BORROWED, data, subject=f"book/{title}", id=slip, occurred=when)


def lend(history: History, event: Event) -> None:
    """Record a borrowing if the desk says yes, on what counts now. Raises `Rejected`."""
    asked = {**event.data, "slip": event.id, "when": event.occurred.isoformat()}
    execute(history.log, Lending, Command("book.lend", asked, id=f"lend/{event.id}"), corrected=True)


@dataclass(frozen=True)
class Parts:
    """What a library is made of, one function for each task; the desk that lends is the kit's own.

    from_slip    ``(slip)`` → the `Event` that a slip of paper tells of
    wire         ``(bus, post, screen)``: who hears what
    shelf        ``(book, event)`` → the `Book` after the event
    on_screen    ``(events)`` → for each reader the place in each title's line, 0 for the one who has the book
    suppose      ``(timeline)`` → a branch of March in which Bob kept Dune
    react        ``(event, book, mail, fine)``: what an event means outside, given the book right after it
    take_in      ``(history)``: put the past right as the letter says, and settle it outside
    as_believed  ``(history, subject, moment)`` → the book as it was believed at that moment, and as it was
    lend         ``(history, event)``: record a borrowing, or raise `Rejected`
    """

    from_slip: Part
    wire: Part
    shelf: Part
    on_screen: Part
    suppose: Part
    react: Part
    take_in: Part
    as_believed: Part
    lend: Part = lend


@dataclass
class World:
    """What is outside, and does not care for our plug: what readers received, and what the desk said no to.

    received  (what, content): mail, sorry, fine or credit
    refused   the borrowings that were refused, as (slip's number, why)
    """

    received: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)


class Library:
    """The library, over a log. All that it keeps in memory can be thrown away: make it again over the same log.

    log    where everything is; its clock is moved by slips, see `take`
    world  what is outside; None: a new one
    """

    def __init__(self, parts: Parts, log: EventLog, world: World | None = None) -> None:
        self.parts = parts
        self.log = log
        self.world = world or World()
        self.heard: list[Event] = []
        self.gateways = Gateways(log)
        self._mail = self.gateways.update("mail", self._receiver("mail"), retract=self._receiver("sorry"))
        self._fine = self.gateways.buffered(
            "fine", self._receiver("fine"), lambda event: event.occurred + GRACE, retract=self._receiver("credit")
        )
        model = model_of(parts.shelf)
        self.history = History(log, model, every=4, gateways=self.gateways, react=self._react)
        self.timeline = Timeline(log, model)
        self.bus = Bus(log)
        parts.wire(self.bus, self.gateways.handler(self._post), self.heard.append)
        self.bus.redeliver()
        self.bus.listen(patience=0)

    @property
    def screen(self) -> dict[str, dict[str, int]]:
        """What the screen shows, of what it heard."""
        shown: dict[str, dict[str, int]] = self.parts.on_screen(list(self.heard))
        return shown

    def take(self, slip: Slip) -> None:
        """A slip comes to the desk on its day. A borrowing may be refused; then nothing is recorded."""
        self.until(as_instant(slip["when"]))
        event = self.parts.from_slip(slip)
        if event.name != BORROWED:
            self.log.append(event)
        else:
            try:
                self.parts.lend(self.history, event)
            except Rejected as no:
                self.world.refused.append((slip["slip"], str(no)))
        self.bus.listen(patience=0)

    def letter(self) -> None:
        """Ada's letter is read."""
        self.parts.take_in(self.history)
        self.bus.listen(patience=0)

    def open_box(self, number: int) -> int:
        """Let a day of March begin: fines that are due go out. Returns how many."""
        self.until(day(number))
        return self.gateways.release(day(number))

    def rebuild_screen(self) -> None:
        """Throw away what the screen heard, and show what counts, in the order in which it happened."""
        self.heard[:] = self.log.effective()

    def until(self, moment: datetime) -> None:
        """Let time go on to this moment, if it hasn't come yet."""
        clock = self.log.clock
        if isinstance(clock, ManualClock) and moment > clock.now():
            clock.set(moment)

    def _post(self, event: Event) -> None:
        subject, position = event.subject, getattr(event, "position", self.log.head)
        self._react(event, self.history.state(occurred=event.occurred, known=position, subject=subject))

    def _react(self, event: Event, book: Any) -> None:
        self.parts.react(event, book, self._mail, self._fine)

    def _receiver(self, what: str) -> Callable[[Any], None]:
        return lambda content: self.world.received.append((what, dict(content)))


def library_log(url: str = "memory://") -> EventLog:
    """A log whose clock shows the first of March.

    >>> library_log().clock.now().date().isoformat()
    '2026-03-01'
    """
    return open_log(url, clock=ManualClock(day(1)))
