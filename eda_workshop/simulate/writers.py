"""Writers that decide at the same moment, in virtual turns: how often they get in each other's way, and how often for nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eda_workshop.clock import ManualClock
from eda_workshop.errors import BadSetting, Conflict, check_number
from eda_workshop.event import Event
from eda_workshop.log import EventLog, Query, open_log

RESERVED = "seat.reserved"


@dataclass(frozen=True)
class Sale:
    """What a writer decides: to reserve a seat in a show if it is free.

    show  the entity whose stream it belongs to, such as ``show/1``
    seat  what the decision is really about, such as ``seat/12``
    """

    show: str
    seat: str


def _whole_log(sale: Sale, read: int) -> Mapping[str, Any]:  # noqa: ARG001 (all sales depend on everything)
    return {"expected": read}


def _stream(sale: Sale, read: int) -> Mapping[str, Any]:
    return {"after": read, "unless": Query(tags=sale.show)}


def _query(sale: Sale, read: int) -> Mapping[str, Any]:
    return {"after": read, "unless": _sold(sale)}


BOUNDARIES: Mapping[str, Callable[[Sale, int], Mapping[str, Any]]] = {
    "whole log": _whole_log,
    "stream": _stream,
    "query": _query,
}
"""What must not have changed since a writer read the log: anything, the show's events, or sales of this seat."""


@dataclass(frozen=True)
class Try:
    """One append by a writer, or what came instead.

    turn      from 1; in each turn, all writers have read the log as it was at its beginning
    writer    from 1
    sale      what was decided
    position  where the event is; None if something was in the way, or the seat was taken
    needless  True for a conflict after which the writer decides the same again
    refused   True if the seat was taken when the writer read, so nothing was appended
    """

    turn: int
    writer: int
    sale: Sale
    position: int | None = None
    needless: bool = False
    refused: bool = False


@dataclass(frozen=True)
class Outcome:
    """What the writers did, try by try."""

    tries: tuple[Try, ...]

    @property
    def appends(self) -> int:
        """How many events were recorded."""
        return sum(each.position is not None for each in self.tries)

    @property
    def conflicts(self) -> int:
        """How many appends failed because of an event in the way."""
        return sum(each.position is None and not each.refused for each in self.tries)

    @property
    def needless(self) -> int:
        """How many of the conflicts changed no decision."""
        return sum(each.needless for each in self.tries)

    @property
    def refused(self) -> int:
        """How many sales came to nothing because the seat was taken."""
        return sum(each.refused for each in self.tries)

    @property
    def turns(self) -> int:
        """How many turns it took until all was decided."""
        return max((each.turn for each in self.tries), default=0)


def unrelated(writers: int = 8, each: int = 1) -> list[list[Sale]]:
    """For each writer so many sales, in a show of the writer's own.

    >>> unrelated(2)
    [[Sale(show='show/1', seat='seat/1')], [Sale(show='show/2', seat='seat/1')]]
    """
    return [[Sale(f"show/{writer}", f"seat/{seat}") for seat in _upto(each)] for writer in _upto(writers)]


def one_show(writers: int = 8, each: int = 1) -> list[list[Sale]]:
    """For each writer so many sales in one show, of seats that nobody else sells.

    >>> one_show(2)
    [[Sale(show='show/1', seat='seat/1')], [Sale(show='show/1', seat='seat/2')]]
    """
    return [[Sale("show/1", f"seat/{each * (writer - 1) + seat}") for seat in _upto(each)] for writer in _upto(writers)]


def one_seat(writers: int = 8) -> list[list[Sale]]:
    """For each writer the same sale: one of them gets the seat."""
    return [[Sale("show/1", "seat/1")] for _ in _upto(writers)]


def write(writers: Sequence[Sequence[Sale]], boundary: str) -> Outcome:
    """Let the writers make their sales on a log in memory, by its real `append`.

    writers   the sales of each, in their order
    boundary  ``"whole log"``, ``"stream"`` or ``"query"``, else `BadSetting`

    In each turn, every writer reads the log, and then they append one after the other. A writer that gets a conflict reads
    again in the next turn. Each turn begins with the writer after the one that began the turn before.

    >>> [(written.appends, written.conflicts) for written in (write(unrelated(8), each) for each in BOUNDARIES)]
    [(8, 28), (8, 0), (8, 0)]
    >>> [(written.conflicts, written.needless) for written in (write(one_show(8), each) for each in BOUNDARIES)]
    [(28, 28), (28, 28), (0, 0)]
    """
    if boundary not in BOUNDARIES:
        raise BadSetting("boundary", boundary, f"one of {', '.join(map(repr, BOUNDARIES))}")
    waiting, tries = [list(sales) for sales in writers], list[Try]()
    with open_log("memory://", clock=ManualClock()) as log:
        turn = 0
        while any(waiting):
            turn += 1
            tries += _turn(log, waiting, turn, BOUNDARIES[boundary])
    return Outcome(tuple(tries))


def _turn(
    log: EventLog, waiting: Sequence[list[Sale]], turn: int, condition: Callable[[Sale, int], Mapping[str, Any]]
) -> list[Try]:
    """Let each writer who has a sale left try it once, and take what is decided from its list."""
    tries, read = list[Try](), log.head
    for place in range(len(waiting)):
        writer = (turn - 1 + place) % len(waiting)
        if waiting[writer]:
            sale = waiting[writer][0]
            made = _try(log, Try(turn, writer + 1, sale), read, condition(sale, read))
            if made.position is not None or made.refused:
                del waiting[writer][0]
            tries.append(made)
    return tries


def _try(log: EventLog, planned: Try, read: int, condition: Mapping[str, Any]) -> Try:
    turn, writer, sale = planned.turn, planned.writer, planned.sale
    if _is_sold(log, sale, read):
        return Try(turn, writer, sale, refused=True)
    event = Event(RESERVED, subject=sale.show, tags=(sale.seat,), id=f"{turn}-{writer}", occurred=log.clock.now())
    try:
        (position,) = log.append(event, **condition)
    except Conflict:
        return Try(turn, writer, sale, needless=not _is_sold(log, sale, log.head))
    return Try(turn, writer, sale, position)


def _is_sold(log: EventLog, sale: Sale, upto: int) -> bool:
    return next(log.read(upto=upto, where=_sold(sale)), None) is not None


def _sold(sale: Sale) -> Query:
    return Query(RESERVED, tags=(sale.show, sale.seat))


def _upto(count: int) -> range:
    return range(1, check_number("count", count, 0) + 1)
