"""A lending library with one copy of each book: its slips of paper, what a book's state is, and how a state follows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from eda_workshop.event import Event
from eda_workshop.replay import KeyedModel, applies, reverses

LOAN = timedelta(days=10)
"""How long a reader may keep a book."""

GRACE = timedelta(days=14)
"""How long a fine waits after the return, so that a mistake can be found."""

BORROWED, RETURNED, RESERVED = NAMES = ("book.borrowed", "book.returned", "book.reserved")

Slip = Mapping[str, Any]
"""What is filled in at the desk: the slip's printed number, when, what, which title, which reader."""

Shelf = Callable[["Book", Event], "Book"]


@dataclass(frozen=True)
class Book:
    """What is known of one book.

    holder   the reader who has it, "" while it is in
    due      when it must be back; None while it is in
    waiting  the readers who reserved it, first come first
    late     how many days it was late when it came back last; 0 while it is out
    """

    holder: str = ""
    due: datetime | None = None
    waiting: tuple[str, ...] = ()
    late: int = 0


def day(number: int) -> datetime:
    """Noon of a day in March 2026; 32 is the first of April."""
    return datetime(2026, 3, 1, 12, tzinfo=UTC) + timedelta(days=number - 1)


def _slips(*rows: tuple[int, str, str, str]) -> tuple[Slip, ...]:
    """Slips with their numbers, from (day of March, what, title, reader)."""
    return tuple(
        {"slip": number, "when": day(date).isoformat(), "what": what, "title": title, "reader": reader}
        for number, (date, what, title, reader) in enumerate(rows, 1)
    )


SLIPS = _slips(
    (1, "borrow", "emma", "ada"),
    (2, "borrow", "dune", "bob"),
    (4, "reserve", "emma", "grace"),
    (6, "reserve", "emma", "cy"),
    (8, "reserve", "dune", "alan"),
    (9, "return", "dune", "bob"),
    (10, "borrow", "dune", "alan"),
    (18, "return", "emma", "ada"),
    (19, "borrow", "emma", "cy"),
    (20, "return", "dune", "alan"),
    (22, "borrow", "emma", "grace"),
)
"""March at the desk, in the order of the days."""

LETTER_DAY = 21
"""The day of March on which Ada's letter comes."""

CARD: Slip = {"slip": 12, "when": day(3).isoformat(), "what": "reserve", "title": "emma", "reader": "edith"}
"""The card that lay in the box: Edith reserved Emma on 3 March."""


def model_of(shelf: Shelf) -> type[KeyedModel]:
    """The model of all books, by subject such as ``book/emma``, of which `shelf` gives the next state of one.

    Each state is kept beside its event, so everything can be undone.
    """

    class Loans(KeyedModel):
        initial = Book()
        follow = staticmethod(applies(*NAMES, keep=lambda book, event: book)(shelf))

        @staticmethod
        @reverses(*NAMES)
        def back(_book: Book, _event: Event, before: Book) -> Book:
            return before

    return Loans
