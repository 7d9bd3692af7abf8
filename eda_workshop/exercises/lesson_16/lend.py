"""Lend a book, while others are at their desks, too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from eda_workshop.errors import Conflict, DuplicateEvent, Rejected
from eda_workshop.event import Event
from eda_workshop.exercises.attempt import fill_the_disk, require_function
from eda_workshop.exercises.exercise import Exercise, Wrong
from eda_workshop.exercises.lesson_16.busy_history import BusyHistory, Stuck
from eda_workshop.exercises.lesson_16.facts import fact
from eda_workshop.exercises.lesson_16.solutions import LEND
from eda_workshop.log import EventLog
from eda_workshop.log.memory import MemoryLog
from eda_workshop.stories.library import BORROWED, RESERVED

EMMA = "book/emma"
ADA, GRACE = fact(9, BORROWED, "ada"), fact(8, BORROWED, "grace")


def check(answer: Any) -> None:
    function = require_function(answer, "history", "event")
    _check_free(function)
    _check_out(function)
    _check_line(function)
    _check_twin(function)
    _check_overtaken(function)
    _check_disturbed(function)
    _check_corrected(function)
    _check_disk(function)


def _check_free(function: Callable[..., Any]) -> None:
    """Nobody has it, nobody waits."""
    history = BusyHistory()
    said = _lend(function, history, ADA)
    if said is not None:
        raise Wrong("The book is in, nobody waits for it, and ada is refused.", _CALLED, got=f"Rejected: {said}")
    if history.log.head == 0:
        raise Wrong("Nothing was recorded, and nothing was refused.", _CALLED, "the event in the log", "an empty log")
    if [event.event for event in history.log] != [ADA]:
        said = "What was recorded is not the event that was given, once."
        raise Wrong(said, _CALLED, f"{ADA!r}", ", ".join(event.name for event in history.log))


def _check_out(function: Callable[..., Any]) -> None:
    """Somebody has it; another book is no matter."""
    history = _with(GRACE)
    said = _lend(function, history, ADA)
    _check_one_holder(history.log, "grace has the book, then lend(history, ada's borrowing)", _BLIND)
    if said is None:
        raise Wrong("Grace has the book, and ada isn't told no. The desk needs a Rejected.", _CALLED, look=_REFUSE)
    if _lend(function, _with(fact(8, BORROWED, "grace", "dune")), ADA) is not None:
        raise Wrong(
            "Grace has another book, and ada is refused this one.", _CALLED, look="Which subject do you look at?"
        )


def _check_line(function: Callable[..., Any]) -> None:
    """Others wait, or ada is the first who does."""
    called = "grace reserved, then cy; the book is in; lend(history, …)"
    line = (fact(1, RESERVED, "grace"), fact(2, RESERVED, "cy"))
    for reader in ("ada", "cy"):
        if _lend(function, _with(*line), fact(9, BORROWED, reader)) is None:
            said = f"{reader} got the book, and grace waits for it, and waited longer."
            raise Wrong(said, called, "Rejected", "nothing", "The first in `waiting` has the right to it.")
    if _lend(function, _with(*line), fact(9, BORROWED, "grace")) is not None:
        said = "Grace is the first in line, and it is refused to her as well. Then nobody will ever get it."
        raise Wrong(said, called, look="Is the reader the first in line?")


def _check_twin(function: Callable[..., Any]) -> None:
    """The same slip, typed in again."""
    history = _with(ADA)
    said = _lend(function, history, ADA)
    if said is not None:
        text = "The same slip was typed in twice, and the second time ada is refused, because ada has the book."
        raise Wrong(text, "lend(history, event), twice", "nothing the second time", f"Rejected: {said}", _FIND)
    if history.log.head != 1:
        raise Wrong("The same slip was recorded twice.", "lend(history, event), twice", look=_FIND)


def _check_overtaken(function: Callable[..., Any]) -> None:
    """Grace is quicker, right after the book was looked at."""
    history = BusyHistory()
    history.others = [GRACE]
    said = _lend(function, history, ADA)
    called = "grace borrows the book at another desk, right after you have looked at it"
    _check_one_holder(history.log, called, _UNEXPECTED)
    if said is None and [event.event for event in history.log] == [GRACE]:
        text = "Grace was quicker. The Conflict said so, it was swallowed, and ada is told nothing."
        raise Wrong(text, called, "Rejected", "nothing", _AGAIN)


def _check_disturbed(function: Callable[..., Any]) -> None:
    """Others append what has nothing to do with it."""
    history = BusyHistory()
    history.others = [fact(number, RESERVED, "cy", "dune") for number in (1, 2, 3)]
    said = _lend(function, history, ADA)
    called = "others reserve Dune three times, each time right after you have looked at Emma"
    if said is not None or not _borrowings(history.log):
        text = "A Conflict was taken for a no. It only says that the log has grown; the book is still in."
        raise Wrong(text, called, "ada has the book", f"Rejected: {said}" if said else "nothing", _AGAIN)


def _check_corrected(function: Callable[..., Any]) -> None:
    """What counts, not what was recorded."""
    history = _with(GRACE)
    history.reject(GRACE.id).commit()
    if _lend(function, history, ADA) is not None:
        said = "It was found out that grace never borrowed the book, and that was recorded. Yet it counts as out."
        raise Wrong(said, _CALLED, look="history.state(subject=…) has corrections applied; events in the log have not.")


def _check_disk(function: Callable[..., Any]) -> None:
    """An append may fail for another reason than a second desk."""
    history = BusyHistory()
    fill_the_disk(history.log)
    try:
        _lend(function, history, ADA)
    except OSError:
        return
    said = "The disk was full, and that was taken for a Conflict: every error is caught, and the desk never hears why."
    raise Wrong(said, f"{_CALLED}, while the disk is full", "the error of the log", "nothing", "except Conflict")


def _with(*events: Event) -> BusyHistory:
    history = BusyHistory()
    history.log.append(*events)
    return history


def _lend(function: Callable[..., Any], history: BusyHistory, event: Event) -> str | None:
    """Why it was refused, None if it was not."""
    try:
        function(history, event)
    except Rejected as no:
        return str(no)
    except Conflict:
        said = (
            "The Conflict was let through. It is no failure: somebody was quicker, and you are asked to decide again."
        )
        raise Wrong(said, "others append right after you have looked", look=_AGAIN) from None
    except DuplicateEvent as error:
        said = (
            "An event with this id and other content was appended. The event that you were given is the one to record."
        )
        raise Wrong(said, _CALLED, got=f"DuplicateEvent: {error.id}") from None
    except Stuck:
        said = "One Conflict after the other, and no end: the head is asked for once, before the first attempt."
        raise Wrong(said, "others append right after you have looked", look=_AGAIN) from None
    return None


def _borrowings(log: EventLog) -> list[Event]:
    found = MemoryLog.read(log, names=BORROWED)
    return [event for event in found if event.subject == EMMA]


def _check_one_holder(log: EventLog, called: str, said: str) -> None:
    holders = [event.data["reader"] for event in _borrowings(log)]
    if len(holders) > 1:
        raise Wrong(said, called, "grace alone", " and ".join(holders), "append(event, expected=…)")


_CALLED = "lend(history, event), ada borrows Emma"
_BLIND = "Two readers have one book: nothing asks whether it is in."
_UNEXPECTED = (
    "Two readers have one book. You looked, and then recorded; in between somebody else did the same. Ask for the head before "
    "you look, and say with the append that you expect it."
)
_REFUSE = 'raise Rejected("grace has it")'
_FIND = "history.log.find(event.id) tells whether the log has it."
_AGAIN = "After a Conflict: look again, decide again."


def _source(*lines: str) -> str:
    return "def lend(history, event):\n" + "\n".join(f"    {line}" for line in lines)


_TWIN = ("if history.log.find(event.id):", "    return")
_HEAD = ("head = history.log.head",)
_BOOK = ("book = history.state(known=head, subject=event.subject)",)
_NOW = ("book = history.state(subject=event.subject)",)
_HAS = ("if book.holder:", "    raise Rejected(book.holder)")
_LINE = ('if book.waiting and book.waiting[0] != event.data["reader"]:', "    raise Rejected(book.waiting[0])")
_EXPECT = ("history.log.append(event, expected=head)",)
_TRY = ("    try:", "        history.log.append(event, expected=head)", "        return")
_UP = ("    except Conflict:", "        pass")


def _in(*lines: str) -> tuple[str, ...]:
    return tuple(f"    {line}" for line in lines)


_LOOP = (*_TWIN, "while True:", *_in(*_HEAD, *_BOOK, *_HAS, *_LINE), *_TRY, *_UP)

EXERCISE = Exercise(
    id="lend",
    lesson=16,
    title="Desk 2: lend a book, at two desks at once",
    minutes=8,
    task=(
        "Write `lend(history, event)`: `event` is a `book.borrowed`. If the book is in, and the reader may have it, the event goes into `history.log`; else `raise Rejected(why)`. "
        "A reader may have it if nobody waits, or if the reader is the first who does. There is a second desk, which does the same at the same time; "
        "and a slip may be typed in twice, which changes nothing and is no reason to refuse.\n\n"
        "`history.state(subject=event.subject)` gives the book as it counts now, with `holder`, `due`, `waiting` and `late`; `known=` a position, as it was known there. "
        "`history.log` has `head`, `find(id)` and `append(event, expected=…)`, which may raise `Conflict`."
    ),
    stub='def lend(history, event):\n    """Record that a book was borrowed, or say no."""\n    ...',
    check=check,
    hints=(
        "First the head, then the book as it was known there, then the decision, then the append that expects this head.",
        "A Conflict says that you decided on what is old by now: go round again, from the head on.",
        "If history.log.find(event.id) is not None, there is nothing left to do.",
    ),
    solutions=(LEND, _source(*_LOOP)),
    wrong={
        LEND.replace("except Conflict", "except Exception"): "The disk was full, and that was taken",
        _source("history.log.append(event)"): "Two readers have one book: nothing asks",
        _source(*_HEAD, *_BOOK, *_HAS, *_EXPECT): "ada got the book, and grace waits",
        _source(*_TWIN, *_NOW, *_HAS, *_LINE, "history.log.append(event)"): "Two readers have one book. You looked",
        _source(*_TWIN, *_NOW, *_HEAD, *_HAS, *_LINE, *_EXPECT): "Two readers have one book. You looked",
        _source(*_TWIN, *_HEAD, *_BOOK, *_HAS, *_LINE, *_EXPECT): "The Conflict was let through",
        _source(*_HEAD, *_BOOK, *_HAS, *_LINE, *_EXPECT): "The same slip was typed in twice",
        _source(
            *_TWIN, *_HEAD, *_BOOK, *_HAS, *_LINE, "try:", "    history.log.append(event, expected=head)",
            "except Conflict:", "    pass",
        ): "Grace was quicker",
        _source(
            *_TWIN, *_HEAD, *_BOOK, *_HAS, *_LINE, "try:", "    history.log.append(event, expected=head)",
            "except Conflict:", "    raise Rejected('somebody was quicker')",
        ): "A Conflict was taken for a no",
        _source(*_TWIN, *_HEAD, "while True:", *_in(*_NOW, *_HAS, *_LINE), *_TRY, *_UP): "One Conflict after the other",
        _source(*_LOOP).replace("if book.waiting and book.waiting[0] != event.data[\"reader\"]:", "if book.waiting:"): (
            "Grace is the first in line"
        ),
        _source(*_LOOP).replace("raise Rejected(book.holder)", "return"): "Grace has the book, and ada isn't told no",
        _source("raise Rejected('closed')"): "The book is in, nobody waits",
        _source("return event"): "Nothing was recorded, and nothing was refused",
        _source(
            *_TWIN, "while True:", *_in(*_HEAD, "book = None", "for each in history.log.read(upto=head, subject=event.subject):",
            "    book = None if each.name == 'book.returned' else each if each.name == 'book.borrowed' else book",
            "line = history.state(known=head, subject=event.subject).waiting",
            "if book or line and line[0] != event.data['reader']:", "    raise Rejected('out')"), *_TRY, *_UP,
        ): "It was found out that grace never borrowed",
    },
)  # fmt: skip
