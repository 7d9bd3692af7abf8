"""The desk of a lending library as a decider, right and wrong: what specs are written for, and which errors they catch.

A reader has at most three books, keeps each for ten days, and waits in line for one that is out.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, ClassVar, NamedTuple

from eda_workshop.bus import Command
from eda_workshop.decide import Decider, decides
from eda_workshop.errors import Rejected
from eda_workshop.event import Event
from eda_workshop.log import Query
from eda_workshop.replay import applies
from eda_workshop.stories.library import BORROWED, LOAN, RESERVED, RETURNED

LIMIT = 3
"""The most books that a reader may have."""

LEND, RETURN, RESERVE = "book.lend", "book.return", "book.reserve"


def _event(name: str, title: str, reader: str, **more: str) -> Event:
    return Event(name, {"title": title, "reader": reader, **more}, subject=f"book/{title}", tags=(f"reader/{reader}",))


def _due(day: str) -> str:
    return (date.fromisoformat(day) + LOAN).isoformat()


def _date(number: int) -> str:
    """A day of March as text."""
    return (date(2026, 3, 1) + timedelta(days=number - 1)).isoformat()


def lending(title: str, reader: str, day: int = 2) -> Command:
    """The request to lend a book, on a day of March.

    >>> dict(lending("emma", "ada").data)
    {'title': 'emma', 'reader': 'ada', 'day': '2026-03-02'}
    """
    return Command(LEND, {"title": title, "reader": reader, "day": _date(day)})


def returning(title: str, reader: str) -> Command:
    """The request to take a book back from a reader."""
    return Command(RETURN, {"title": title, "reader": reader})


def reserving(title: str, reader: str) -> Command:
    """The request to put a reader into the line for a book."""
    return Command(RESERVE, {"title": title, "reader": reader})


def borrowed(title: str, reader: str, day: int = 2) -> Event:
    """A reader borrowed a book on a day of March; it is due ten days later. It concerns the book and the reader.

    >>> event = borrowed("emma", "ada")
    >>> dict(event.data), event.subject, event.tags
    ({'title': 'emma', 'reader': 'ada', 'due': '2026-03-12'}, 'book/emma', ('reader/ada',))
    """
    return _event(BORROWED, title, reader, due=_due(_date(day)))


def returned(title: str, reader: str) -> Event:
    """A reader brought a book back."""
    return _event(RETURNED, title, reader)


def reserved(title: str, reader: str) -> Event:
    """A reader reserved a book."""
    return _event(RESERVED, title, reader)


def _line(state: Any, title: str) -> tuple[str, ...]:
    return tuple(state["line"].get(title, ()))


def _count(state: Any, reader: str) -> int:
    """How many books the reader has."""
    return sum(each == reader for each in state["holder"].values())


def _check_in(state: Any, title: str) -> None:
    if title in state["holder"]:
        raise Rejected(f"{state['holder'][title]} has {title}")


def _check_first(state: Any, title: str, reader: str) -> None:
    line = _line(state, title)
    if line and line[0] != reader:
        raise Rejected(f"{line[0]} is first in line")


class Desk(Decider):
    """The desk as it should be. It decides on the book's events and on all borrowings and returns of the reader.

    The state holds, by title, the reader who has each book, and the readers who wait for it, first come first.
    """

    initial: ClassVar[Any] = {"holder": {}, "line": {}}

    @staticmethod
    def boundary(command: Command) -> Query:
        book = Query(tags=f"book/{command.data['title']}")
        if command.name != LEND:
            return book
        return book | Query((BORROWED, RETURNED), tags=f"reader/{command.data['reader']}")

    @staticmethod
    @applies(BORROWED)
    def lent(state: Any, event: Event) -> Any:
        title, reader = event.data["title"], event.data["reader"]
        line = tuple(each for each in _line(state, title) if each != reader)
        return {"holder": {**state["holder"], title: reader}, "line": {**state["line"], title: line}}

    @staticmethod
    @applies(RETURNED)
    def came_back(state: Any, event: Event) -> Any:
        holder = {title: reader for title, reader in state["holder"].items() if title != event.data["title"]}
        return {**state, "holder": holder}

    @staticmethod
    @applies(RESERVED)
    def queued(state: Any, event: Event) -> Any:
        title = event.data["title"]
        return {**state, "line": {**state["line"], title: (*_line(state, title), event.data["reader"])}}

    @staticmethod
    @decides(LEND)
    def lend(state: Any, command: Command) -> Event:
        title, reader = command.data["title"], command.data["reader"]
        _check_in(state, title)
        _check_first(state, title, reader)
        if _count(state, reader) >= LIMIT:
            raise Rejected(f"{reader} has {LIMIT} books")
        return _event(BORROWED, title, reader, due=_due(command.data["day"]))

    @staticmethod
    @decides(RETURN)
    def take_back(state: Any, command: Command) -> Event:
        title, reader = command.data["title"], command.data["reader"]
        if state["holder"].get(title) != reader:
            raise Rejected(f"{reader} doesn't have {title}")
        return _event(RETURNED, title, reader)

    @staticmethod
    @decides(RESERVE)
    def reserve(state: Any, command: Command) -> Event:
        title, reader = command.data["title"], command.data["reader"]
        if reader in (state["holder"].get(title), *_line(state, title)):
            raise Rejected(f"{reader} has {title}, or waits for it already")
        return _event(RESERVED, title, reader)


class OneTooMany(Desk):
    @staticmethod
    @decides(LEND)
    def lend(state: Any, command: Command) -> Event:
        title, reader = command.data["title"], command.data["reader"]
        _check_in(state, title)
        _check_first(state, title, reader)
        if _count(state, reader) > LIMIT:
            raise Rejected(f"{reader} has more than {LIMIT} books")
        return _event(BORROWED, title, reader, due=_due(command.data["day"]))


class CountsReturned(Desk):
    initial: ClassVar[Any] = {"holder": {}, "line": {}, "borrowed": {}}

    @staticmethod
    @applies(BORROWED)
    def lent(state: Any, event: Event) -> Any:
        reader = event.data["reader"]
        count = state["borrowed"].get(reader, 0) + 1
        return {**Desk.lent(state, event), "borrowed": {**state["borrowed"], reader: count}}

    @staticmethod
    @decides(LEND)
    def lend(state: Any, command: Command) -> Event:
        if state["borrowed"].get(command.data["reader"], 0) >= LIMIT:
            raise Rejected(f"{command.data['reader']} has borrowed {LIMIT} books")
        return Desk.lend(state, command)


class SkipsTheLine(Desk):
    @staticmethod
    @decides(LEND)
    def lend(state: Any, command: Command) -> Event:
        return Desk.lend({**state, "line": {}}, command)


class StaysInLine(Desk):
    @staticmethod
    @applies(BORROWED)
    def lent(state: Any, event: Event) -> Any:
        return {**Desk.lent(state, event), "line": state["line"]}


class OneDayMore(Desk):
    @staticmethod
    @decides(LEND)
    def lend(state: Any, command: Command) -> Event:
        event = Desk.lend(state, command)
        later = date.fromisoformat(event.data["due"]) + timedelta(days=1)
        return event.replace(data={**event.data, "due": later.isoformat()})


class TakesFromAnyone(Desk):
    @staticmethod
    @decides(RETURN)
    def take_back(state: Any, command: Command) -> Event:
        title, reader = command.data["title"], command.data["reader"]
        if title not in state["holder"]:
            raise Rejected(f"{title} is in")
        return _event(RETURNED, title, reader)


class ReadsTheBookAlone(Desk):
    @staticmethod
    def boundary(command: Command) -> Query:
        return Query(tags=f"book/{command.data['title']}")


class LeavesOutTheReader(Desk):
    @staticmethod
    @decides(LEND)
    def lend(state: Any, command: Command) -> Event:
        return Desk.lend(state, command).replace(tags=())


class Story(NamedTuple):
    """What has happened, and what is asked for then."""

    given: tuple[Event, ...]
    when: Command


class Mutant(NamedTuple):
    """A wrong desk: its class, what is wrong in a sentence, a story on which it differs from `Desk`, and the edge where it errs."""

    decider: type[Decider]
    fault: str
    story: Story
    edge: str


_THREE = (borrowed("dune", "ada"), borrowed("ulysses", "ada"), borrowed("faust", "ada"))
_WAITS = (borrowed("emma", "ada"), reserved("emma", "grace"), reserved("emma", "cy"), returned("emma", "ada"))

WRONG: Mapping[str, Mutant] = {
    "one too many": Mutant(
        OneTooMany,
        "It lends a fourth book to a reader who has three.",
        Story(_THREE, lending("emma", "ada")),
        "the limit of three books",
    ),
    "counts returned": Mutant(
        CountsReturned,
        "It counts the books that a reader brought back.",
        Story((*_THREE, returned("dune", "ada")), lending("emma", "ada")),
        "the limit of three books",
    ),
    "skips the line": Mutant(
        SkipsTheLine,
        "It lends a book past the readers who wait for it.",
        Story(_WAITS, lending("emma", "cy")),
        "the line",
    ),
    "stays in line": Mutant(
        StaysInLine,
        "A reader who got the book stays first in its line.",
        Story((*_WAITS, borrowed("emma", "grace"), returned("emma", "grace")), lending("emma", "cy")),
        "the line",
    ),
    "one day more": Mutant(
        OneDayMore,
        "The book is due after eleven days instead of ten.",
        Story((), lending("emma", "ada")),
        "the due date",
    ),
    "takes from anyone": Mutant(
        TakesFromAnyone,
        "It takes a book back from a reader who doesn't have it.",
        Story((borrowed("emma", "ada"),), returning("emma", "bob")),
        "the return",
    ),
    "reads the book alone": Mutant(
        ReadsTheBookAlone,
        "Its boundary leaves out the reader's other books, so it never sees that there are three.",
        Story(_THREE, lending("emma", "ada")),
        "the boundary",
    ),
    "leaves out the reader": Mutant(
        LeavesOutTheReader,
        "The event that it records lacks the reader's tag, so the next decision about this reader doesn't read it.",
        Story((), lending("emma", "ada")),
        "the event's tags",
    ),
}
"""Wrong desks, each of which breaks one rule at an edge; what mutation testing calls mutants."""
