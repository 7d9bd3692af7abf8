"""A slip of paper becomes a fact."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from eda_workshop.clock import as_instant
from eda_workshop.errors import EdaError
from eda_workshop.event import Event
from eda_workshop.exercises.attempt import require_function
from eda_workshop.exercises.exercise import Exercise, Wrong
from eda_workshop.exercises.lesson_16.solutions import FROM_SLIP
from eda_workshop.stories.library import CARD, SLIPS, Slip

NAMES = {"borrow": "book.borrowed", "return": "book.returned", "reserve": "book.reserved"}


def check(answer: Any) -> None:
    function = require_function(answer, "slip")
    for slip in (SLIPS[2], SLIPS[0], SLIPS[7], CARD):
        _check_slip(function, slip)


def _check_slip(function: Callable[..., Any], slip: Slip) -> None:
    given, called = dict(slip), f"from_slip({dict(slip)})"
    event = _call(function, given, called)
    _check_name(event, slip, called)
    _check_time(event, slip, called)
    _check_id(event, _call(function, dict(slip), called), slip, called)
    if given != slip:
        said = "The slip was changed. It is paper that others read, too."
        raise Wrong(said, called, look="Take out of it what you need, and leave it as it is.")
    _check_content(event, slip, called)


def _call(function: Callable[..., Any], slip: dict[str, Any], called: str) -> Event:
    try:
        event = function(slip)
    except EdaError as error:
        raise Wrong("The kit refused this event.", called, got=f"{error}") from None
    if not isinstance(event, Event):
        said = "No event comes back." if event is None else "What comes back is no event."
        raise Wrong(said, called, "an Event", type(event).__name__, "Event(name, data, subject=…, id=…, occurred=…)")
    return event


def _check_name(event: Event, slip: Slip, called: str) -> None:
    if event.name == NAMES[slip["what"]]:
        return
    if event.name == f"book.{slip['what']}":
        said = (
            "The name tells somebody to do something. On the slip stands what has happened: say it in the past tense."
        )
    elif event.name in NAMES.values():
        said = "The event says something else than the slip."
    else:
        said = f"The name is not one of {', '.join(NAMES.values())}. The other parts listen for these."
    raise Wrong(said, called, NAMES[slip["what"]], event.name)


def _check_time(event: Event, slip: Slip, called: str) -> None:
    if event.occurred != as_instant(slip["when"]):
        said = (
            "The event says when it was typed in, and not when it occurred. Slips are typed in late, and some are found "
            "weeks later."
        )
        raise Wrong(said, called, f"occurred {slip['when']}", f"occurred {event.occurred:%Y-%m-%d}", _LOOK)


def _check_id(event: Event, again: Event, slip: Slip, called: str) -> None:
    if event.id != again.id:
        said = "The same slip, typed in twice, becomes two events: each time it has another id."
        raise Wrong(said, f"{called}, twice", "the same id", "two ids", _LOOK)
    if str(slip["slip"]) not in event.id:
        said = "The id doesn't come from the slip's number. Two borrowings of one title would look like one."
        raise Wrong(said, called, f"slip-{slip['slip']}", event.id, _LOOK)
    if event.id != f"slip-{slip['slip']}":
        raise Wrong("The id has another form than agreed.", called, f"slip-{slip['slip']}", event.id)


def _check_content(event: Event, slip: Slip, called: str) -> None:
    if event.subject != f"book/{slip['title']}":
        said = (
            "The event is about nobody: it has no subject."
            if not event.subject
            else "The subject is not the book. What is folded and decided here, is folded and decided for each book."
        )
        raise Wrong(said, called, f"book/{slip['title']}", event.subject or "no subject")
    data = {"title": slip["title"], "reader": slip["reader"]}
    if dict(event.data) != data:
        more = set(event.data) - set(data)
        said = (
            "The data says again what the event has a place for already, and two places can disagree."
            if more & set(slip)
            else "The data is not what was agreed."
        )
        raise Wrong(said, called, f"{data}", f"{dict(event.data)}")


_LOOK = "All that you need stands on the slip."


def _source(name: str, more: str = "", data: str = '{"title": slip["title"], "reader": slip["reader"]}') -> str:
    return (
        'PAST = {"borrow": "borrowed", "return": "returned", "reserve": "reserved"}\n\n\n'
        f"def from_slip(slip):\n    return Event({name}, {data}{more})"
    )


_NAME = "f\"book.{PAST[slip['what']]}\""
_SUBJECT = ", subject=f\"book/{slip['title']}\""
_ID = ", id=f\"slip-{slip['slip']}\""
_WHEN = ', occurred=slip["when"]'

EXERCISE = Exercise(
    id="from_slip",
    lesson=16,
    title="Desk 1: a slip becomes a fact",
    minutes=5,
    task=(
        "At the desk a slip is filled in for all that happens; it has a printed number. Somebody types it in: at once, in the evening, or twice. A slip is a dict such as\n\n"
        f"```python\n{dict(SLIPS[2])}\n```\n\n"
        "where `what` is `borrow`, `return` or `reserve`. Write `from_slip(slip)`, which gives the `Event`. The team has agreed: the name is `book.` and a verb "
        "in the past tense, the data has `title` and `reader`, the subject is `book/emma`, the id `slip-3`."
    ),
    stub='def from_slip(slip):\n    """The event that a slip tells of."""\n    ...',
    check=check,
    hints=(
        "An event has two times. Which of them do you give it, and which does the log?",
        'Event(name, data, subject=..., id=..., occurred=slip["when"]), with a dict for the three verbs.',
    ),
    solutions=(FROM_SLIP,),
    wrong={
        _source("f\"book.{slip['what']}\"", _SUBJECT + _ID + _WHEN): "The name tells somebody to do something",
        _source('"library.changed"', _SUBJECT + _ID + _WHEN): "The name is not one of",
        _source('"book.borrowed"', _SUBJECT + _ID + _WHEN): "The event says something else",
        _source(_NAME, _SUBJECT + _ID): "The event says when it was typed in",
        _source(_NAME, _SUBJECT + _WHEN): "The same slip, typed in twice",
        _source(_NAME, _SUBJECT + _WHEN + ", id=f\"{slip['what']}-{slip['title']}\""): "The id doesn't come from",
        _source(_NAME, _SUBJECT + _WHEN + ", id=str(slip['slip'])"): "The id has another form",
        _source(_NAME, _ID + _WHEN): "The event is about nobody",
        _source(_NAME, _ID + _WHEN + ', subject="reader/" + slip["reader"]'): "The subject is not the book",
        _source(_NAME, _SUBJECT + _ID + _WHEN, "slip"): "The data says again",
        _source(_NAME, _SUBJECT + _ID + _WHEN, '{"title": slip.pop("title")}').replace(
            "f\"book/{slip['title']}\"", '"book/emma"'
        ): "The slip was changed",
        _source(_NAME, _SUBJECT + _ID + _WHEN, '{"book": slip["title"]}'): "The data is not what was agreed",
        "def from_slip(slip):\n    return dict(slip)": "What comes back is no event",
    },
)
