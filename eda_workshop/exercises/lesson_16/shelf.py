"""What a book's state is, after one more fact."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import FrozenInstanceError, replace
from typing import Any

from eda_workshop.event import Event
from eda_workshop.exercises.attempt import require_function
from eda_workshop.exercises.exercise import Exercise, Wrong
from eda_workshop.exercises.lesson_16.facts import fact
from eda_workshop.exercises.lesson_16.solutions import SHELF
from eda_workshop.exercises.purity import require_pure
from eda_workshop.stories.library import BORROWED, LOAN, RESERVED, RETURNED, Book, day, model_of

OUT = Book("ada", day(11), ("grace", "cy"))
IN = Book(waiting=("grace", "cy"), late=7)

Reducer = Callable[[Book, Event], Book]


def check(answer: Any) -> None:
    function = require_function(answer, "book", "event")
    require_pure(model_of(function))
    _check_borrowed(function)
    _check_reserved(function)
    _check_returned(function)
    _check_odd(function)


def _check_borrowed(function: Reducer) -> None:
    event = fact(19, BORROWED, "grace")
    got = _after(function, IN, event)
    right = replace(IN, holder="grace", due=event.occurred + LOAN, waiting=("cy",), late=0)
    if got == right:
        return
    if got.holder != "grace":
        said = "The book was borrowed, and the reader hasn't got it."
    elif "grace" in got.waiting:
        said = "Grace has the book, and still stands in the line for it."
    elif got.waiting != ("cy",):
        said = "Others than grace lost their places in the line."
    elif got.late:
        said = "The days that the last reader was late are still there, and would be the next one's fine."
    elif got.due is None:
        said = "The book is out, and nobody knows when it is due."
    else:
        said = "The book is due on another day. A loan is ten days, from when it was borrowed, to the hour."
    _refuse(said, event, IN, right, got)


def _check_reserved(function: Reducer) -> None:
    for book in (OUT, IN):
        event = fact(9, RESERVED, "edith")
        got, right = _after(function, book, event), replace(book, waiting=("grace", "cy", "edith"))
        if got == right:
            continue
        if "edith" not in got.waiting:
            said = "The book was reserved, and the reader doesn't stand in the line."
        elif set(got.waiting) != {"grace", "cy", "edith"}:
            said = "Who stood in the line before is gone."
        elif got.waiting[-1] != "edith":
            said = "The line has another order. Who comes last stands last."
        elif isinstance(got.waiting, list):
            said = "The line is a list now. Whoever gets this state could change it: keep a tuple."
        else:
            said = "To reserve a book changes the line, and nothing else."
        _refuse(said, event, book, right, got)


def _check_returned(function: Reducer) -> None:
    for date, late in ((11, 0), (10, 0), (18, 7), (12, 1)):
        event = fact(8, RETURNED, "ada", date=date)
        got, right = _after(function, OUT, event), replace(OUT, holder="", due=None, late=late)
        if got != right:
            _refuse(_said_returned(got, date), event, OUT, right, got)


def _said_returned(got: Book, date: int) -> str:
    if got.holder:
        return "The book came back, and the reader has it still."
    if got.waiting != OUT.waiting:
        return "The book came back, and the line is another. Those who wait, wait until they have it."
    if got.due is not None:
        return "The book is in, and still due."
    if got.late < 0:
        return "The book came back before it was due, and the days are negative. That would be a fine with a minus."
    if date <= 11:
        return "The book came back in time, and counts as late."
    if got.late == date - 1:
        return "The days are counted from when it was borrowed. It is late from when it was due."
    return "The book came back after it was due, and the days it was late are not right."


def _check_odd(function: Reducer) -> None:
    """What a replay meets as well: a return of what is in, and an event of another kind."""
    got = _after(function, IN, fact(8, RETURNED, "ada"))
    if got != replace(IN, late=0):
        said = "A book that is in comes back once more. That can't be late: nobody had it."
        _refuse(said, fact(8, RETURNED, "ada"), IN, replace(IN, late=0), got)
    event = fact(8, "book.praised", "ada")
    if (got := _after(function, IN, event)) != IN:
        said = "An event of a kind that it doesn't know changes the book. The next version of the desk will record new kinds."
        _refuse(said, event, IN, IN, got)


def _after(function: Reducer, book: Book, event: Event) -> Book:
    """The state after the event, if it is one."""
    try:
        got = function(book, event)
    except FrozenInstanceError:
        said = "The book was to be changed. Snapshots share it, and whoever looked at it before: give back another."
        raise Wrong(said, _called(book, event), look="dataclasses.replace(book, holder=…) makes one.") from None
    except TypeError as error:
        if book.due is not None or event.name != RETURNED:
            raise
        said = (
            "It fails for a book that is in and comes back once more. A reducer meets every event, also the odd ones."
        )
        raise Wrong(said, _called(book, event), got=f"TypeError: {error}", look="There is no `due` then.") from None
    if not isinstance(got, Book):
        said = (
            "Nothing comes back: after this event there is no book any more."
            if got is None
            else "What comes back is no Book."
        )
        raise Wrong(
            said,
            _called(book, event),
            "a Book",
            type(got).__name__,
            "An event that changes nothing gives the book as it was.",
        )
    return got


def _refuse(said: str, event: Event, before: Book, right: Book, got: Book) -> None:
    raise Wrong(said, _called(before, event), _words(right), _words(got))


def _called(book: Book, event: Event) -> str:
    return f"{_words(book)}; then {event.name} by {event.data['reader']} on {event.occurred.day} March"


def _words(book: Book) -> str:
    due = f"{book.due.day} March" if book.due else "None"
    return f"holder {book.holder!r}, due {due}, waiting {book.waiting!r}, late {book.late}"


_BORROWED = (
    'if event.name == "book.borrowed":',
    '    line = tuple(other for other in book.waiting if other != event.data["reader"])',
    '    return replace(book, holder=event.data["reader"], due=event.occurred + timedelta(days=10), waiting=line, late=0)',
)
_RESERVED = (
    'if event.name == "book.reserved":',
    '    return replace(book, waiting=(*book.waiting, event.data["reader"]))',
)
_RETURNED = (
    'if event.name == "book.returned":',
    "    late = max((event.occurred - book.due).days, 0) if book.due else 0",
    '    return replace(book, holder="", due=None, late=late)',
)
_REST = ("return book",)


def _source(*lines: str) -> str:
    head = (
        "from dataclasses import replace\nfrom datetime import datetime, timedelta, UTC\n\n\ndef shelf(book, event):\n"
    )
    return head + "\n".join(f"    {line}" for line in lines)


def _but(old: str, new: str) -> str:
    """A right answer with one thing in it changed."""
    return _source(*(line.replace(old, new) for line in (*_BORROWED, *_RESERVED, *_RETURNED, *_REST)))


EXERCISE = Exercise(
    id="shelf",
    lesson=16,
    title="Shelf 1: what is a book, after one more fact?",
    minutes=8,
    task=(
        "Write `shelf(book, event)`, the reducer of one book. A `Book` has `holder` (a reader, `\"\"` while it is in), `due` (a moment, `None` while it is in), `waiting` "
        "(a tuple of readers, first come first) and `late`. It is frozen; `dataclasses.replace` makes another.\n\n"
        "- `book.borrowed`: the reader has it, due in ten days, and stands in the line no more; `late` is 0.\n"
        "- `book.reserved`: the reader is the last in the line.\n"
        "- `book.returned`: it is in; `late` is how many whole days after `due` that was, 0 if it was in time.\n\n"
        "Replays will bring events in another order than you expect, and of other kinds."
    ),
    stub='from dataclasses import replace\nfrom datetime import timedelta\n\n\ndef shelf(book, event):\n    """The book after the event."""\n    ...',
    check=check,
    hints=(
        "One if for each name, each of which returns replace(book, …); in the end return book.",
        "(event.occurred - book.due).days are whole days, negative if it came earlier. And if due is None?",
    ),
    solutions=(SHELF, _source(*_RETURNED, *_RESERVED, *_BORROWED, *_REST)),
    wrong={
        _but("event.occurred + timedelta", "datetime.now(UTC) + timedelta"): "The reducer ",
        _but("return replace(book, waiting=(*book.waiting, event.data[\"reader\"]))", "book.waiting += (event.data['reader'],); return book"): "The book was to be changed",
        _but(", waiting=line", ""): "Grace has the book, and still stands",
        _but(", waiting=line", ", waiting=()"): "Others than grace lost",
        _but(", late=0)", ")"): "The days that the last reader was late",
        _but(", due=event.occurred + timedelta(days=10)", ""): "The book is out, and nobody knows",
        _but("days=10", "days=14"): "The book is due on another day",
        _but('holder=event.data["reader"], ', ""): "The book was borrowed, and the reader hasn't",
        _but('(*book.waiting, event.data["reader"])', '(event.data["reader"],)'): "Who stood in the line before",
        _but('(*book.waiting, event.data["reader"])', '(event.data["reader"], *book.waiting)'): "The line has another order",
        _but('(*book.waiting, event.data["reader"])', '[*book.waiting, event.data["reader"]]'): "The line is a list now",
        _but('waiting=(*book.waiting, event.data["reader"])', "late=0"): "The book was reserved, and the reader doesn't",
        _but('replace(book, holder="", due=None, late=late)', "replace(book, due=None, late=late)"): "The book came back, and the reader has it still",
        _but('replace(book, holder="", due=None', 'replace(book, waiting=book.waiting[1:], holder="", due=None'): "The book came back, and the line is another",
        _but("due=None, ", ""): "The book is in, and still due",
        _but("max((event.occurred - book.due).days, 0)", "(event.occurred - book.due).days"): "The book came back before it was due",
        _but("event.occurred - book.due)", "event.occurred - book.due + timedelta(days=10))"): "The book came back in time, and counts",
        _but("max((event.occurred - book.due).days, 0)", "(event.occurred - book.due).days + 10 if event.occurred > book.due else 0"): "The days are counted from when it was borrowed",
        _but("max((event.occurred - book.due).days, 0)", "int(event.occurred > book.due)"): "The book came back after it was due",
        _but(" if book.due else 0", ""): "It fails for a book that is in",
        _but(" if book.due else 0", " if book.due else book.late"): "A book that is in comes back once more",
        _source(*_BORROWED, *_RESERVED, *_RETURNED): "Nothing comes back",
        _source(*_BORROWED, *_RESERVED, *(line.removeprefix("    ") for line in _RETURNED[1:])): "An event of a kind",
        _but('waiting=(*book.waiting, event.data["reader"])', 'late=0, waiting=(*book.waiting, event.data["reader"])'): "To reserve a book changes the line",
    },
)  # fmt: skip
