"""Ada's letter goes through all of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from eda_workshop.errors import BadTarget, Conflict, DuplicateEvent, EdaError
from eda_workshop.exercises.attempt import require_function
from eda_workshop.exercises.exercise import Exercise, Wrong
from eda_workshop.exercises.lesson_16.solutions import TAKE_IN
from eda_workshop.exercises.lesson_16.suppose import march
from eda_workshop.stories.lending import Library
from eda_workshop.stories.library import CARD, LETTER_DAY, RESERVED, RETURNED, day

SENT = [("mail", {"to": "alan", "title": "dune"}), ("mail", {"to": "grace", "title": "emma"})]
SORRY = ("sorry", {"to": "grace", "title": "emma"})
EDITH = ("mail", {"to": "edith", "title": "emma"})
FINE = ("fine", {"reader": "ada", "euros": 1})


def check(answer: Any) -> None:
    function, library = require_function(answer, "history"), march()
    library.until(day(LETTER_DAY))
    before = list(library.log)
    _call(function, library)
    if list(library.log.read(upto=len(before))) != before or library.log.verify() is not None:
        raise Wrong("You went behind the log's back: what was recorded is not there as it was.", _CALLED)
    if library.log.head == len(before):
        said = "The log is as it was before. A plan says what would be; nothing is recorded until it is carried out."
        raise Wrong(said, _CALLED, "something in addition", "nothing", _LOOK)
    _check_return(library)
    _check_card(library)
    _check_outside(library)
    _check_fine(library)


def _call(function: Callable[..., Any], library: Library) -> None:
    try:
        function(library.history)
    except Conflict:
        said = "A plan was carried out after the log had grown. It was made for the log as it stood: first one, then the next."
        raise Wrong(said, _CALLED, got="Conflict", look=_LOOK) from None
    except DuplicateEvent as error:
        raise Wrong("The log has an event with this id, with other content.", _CALLED, got=error.id) from None
    except BadTarget as error:
        if error.problem.startswith("occurred before others"):
            said = "record is for what happens now. The card is of 3 March, and others came after it: it is late."
            raise Wrong(said, _CALLED, got=f"BadTarget: it {error.problem}", look=_LOOK) from None
        raise Wrong("The kit refused a correction.", _CALLED, got=f"{error}", look=_LOOK) from None
    except EdaError as error:
        raise Wrong("The kit refused something.", _CALLED, got=f"{error}", look=_LOOK) from None


def _check_return(library: Library) -> None:
    counting = {event.id: event for event in library.log.effective()}
    found = counting.get("slip-8")
    if found is None or found.name != RETURNED:
        said = "The return doesn't count any more. Ada did bring the book back, on another day."
        raise Wrong(said, _CALLED, "slip-8 on 12 March", "no slip-8", _LOOK)
    if found.occurred.day == 18:
        said = "The return still counts on 18 March."
        more = [e for e in counting.values() if e.name == RETURNED and e.occurred.day == 12]
        if more:
            said = "Ada now brought the book back twice, on the 12th and on the 18th."
        raise Wrong(said, _CALLED, "slip-8 on 12 March", look=_LOOK)
    if found.occurred != day(12):
        said = "The return counts at another time than the letter says."
        raise Wrong(said, _CALLED, "12 March at noon (UTC)", f"{found.occurred:%d %B %H:%M}", _LOOK)
    if dict(found.data) != {"title": "emma", "reader": "ada"}:
        raise Wrong("The return has other data now. Only its time was wrong.", _CALLED, got=f"{dict(found.data)}")


def _check_card(library: Library) -> None:
    cards = [e for e in library.log.effective() if e.name == RESERVED and e.data.get("reader") == "edith"]
    if not cards:
        raise Wrong("Edith's card has no effect: she doesn't stand in the line.", _CALLED, look=_LOOK)
    card = cards[0]
    line = library.history.state(subject="book/emma").waiting
    if card.occurred != day(3):
        said = "The card counts from another time than it says. It was found on the 21st; Edith wrote it on the 3rd."
        raise Wrong(said, _CALLED, "edith before grace and cy", f"waiting {line}", _LOOK)
    if (card.subject, card.id, len(cards)) != ("book/emma", f"slip-{CARD['slip']}", 1):
        said = "The card is not the event that from_slip would make of it, once: book.reserved, subject book/emma, id slip-12."
        raise Wrong(said, _CALLED, got=f"{card.name}, subject {card.subject!r}, id {card.id}", look=_LOOK)


def _check_outside(library: Library) -> None:
    """No letter twice, none missing, none that is wrong left without a word."""
    got = library.world.received
    if got[: len(SENT)] != SENT or any(got.count(message) > 1 for message in SENT):
        said = "Somebody got the same letter twice. What was right is left alone."
        raise Wrong(said, _CALLED, got=_words(got), look=_SETTLE)
    new = got[len(SENT) :]
    if SORRY not in new and EDITH not in new:
        said = "The books are right, and outside nobody knows: grace still believes that Emma waits for her."
        raise Wrong(said, _CALLED, f"{_words([SORRY, EDITH])}", "nothing new", _SETTLE)
    if sorted(new, key=str) != sorted([SORRY, EDITH], key=str):
        said = "Outside, something else was told than the letter means."
        raise Wrong(said, _CALLED, _words([SORRY, EDITH]), _words(new), _SETTLE)


def _check_fine(library: Library) -> None:
    library.open_box(60)
    fines = [content for what, content in library.world.received if what in ("fine", "credit")]
    if fines != [FINE[1]]:
        said = "The fine is not the one for the right day."
        raise Wrong(said, f"{_CALLED}, and April comes", _words([FINE]), f"{fines}", _SETTLE)


def _words(messages: list[tuple[str, dict[str, Any]]]) -> str:
    return "; ".join(f"{what} {content}" for what, content in messages) or "nothing"


_CALLED = "take_in(history), on 21 March"
_LOOK = "late, reject or correct? And when is a plan carried out?"
_SETTLE = "history.….commit() gives an outcome, and outcome.settle() does what is to be done outside."


def _source(*lines: str) -> str:
    return "def take_in(history):\n" + "\n".join(f"    {line}" for line in lines)


_MOVED = 'history.correct("slip-8", occurred="2026-03-12T12:00:00Z").commit()'
_CARD = (
    'Event("book.reserved", {"title": "emma", "reader": "edith"}, '
    'subject="book/emma", id="slip-12", occurred="2026-03-03T12:00:00Z")'
)
_LATE = f"history.late({_CARD}).commit()"

EXERCISE = Exercise(
    id="take_in",
    lesson=16,
    title="Post 2: the letter",
    minutes=8,
    task=(
        "On 21 March Ada's letter comes, with a card in it:\n\n"
        "> “Seven euros? I was at your door on 12 March, at noon (UTC). It was locked, so I put Emma into the box. In there I found this, and took it with me by mistake.”\n"
        ">\n"
        "> *Slip 12 · 3 March, noon · reserve · emma · edith*\n\n"
        "In the log Emma's return is `slip-8`, on the 18th. The mail to Grace, that Emma waits for her, went out; the fine for Ada waits.\n\n"
        "Write `take_in(history)`, which puts the past right and tells the world outside what it must know: each once, and nothing that was right a second time. "
        "The history has gateways, and knows your `react`."
    ),
    stub='def take_in(history):\n    """Put the past right as the letter says, and settle it outside."""\n    ...',
    check=check,
    hints=(
        "Two things turned out: an event was at another time, and one came late. history has a method for each; both give a plan.",
        "plan.commit() records it, and gives an outcome; outcome.settle() sends what is missing and takes back what is wrong.",
        'history.correct("slip-8", occurred="2026-03-12T12:00:00Z").commit().settle(), and then the card, with late.',
    ),
    solutions=(
        TAKE_IN,
        _source(f"card = {_LATE}", f"{_MOVED}.settle()", "card.settle()"),
    ),
    wrong={
        _source(_MOVED.removesuffix(".commit()"), _LATE.removesuffix(".commit()")): "The log is as it was before",
        _source(
            f"moved, card = {_MOVED.removesuffix('.commit()')}, {_LATE.removesuffix('.commit()')}",
            "moved.commit().settle()",
            "card.commit().settle()",
        ): "A plan was carried out after the log had grown",
        _source(_MOVED, _LATE): "The books are right, and outside nobody knows",
        _source(f"{_LATE}.settle()"): "The return still counts on 18 March",
        _source(f"{_MOVED}.settle()"): "Edith's card has no effect",
        _source('history.reject("slip-8").commit().settle()', f"{_LATE}.settle()"): "The return doesn't count any more",
        _source(
            'history.late(Event("book.returned", {"title": "emma", "reader": "ada"}, '
            'subject="book/emma", occurred="2026-03-12T12:00:00Z")).commit().settle()',
            f"{_LATE}.settle()",
        ): "Ada now brought the book back twice",
        _source(f"{_MOVED}.settle()".replace("12T12", "12T00"), f"{_LATE}.settle()"): "The return counts at another time",
        _source(
            _MOVED.replace(", occurred", ', data={"title": "emma", "reader": "ada", "late": 1}, occurred') + ".settle()", f"{_LATE}.settle()"
        ): "The return has other data",
        _source(f"{_MOVED}.settle()", f"{_LATE}.settle()".replace("03-03T", "03-21T")): "The card counts from another time",
        _source(f"{_MOVED}.settle()", f"history.record({_CARD})"): "record is for what happens now",
        _source(f"{_MOVED}.settle()", f"{_LATE}.settle()".replace('id="slip-12", ', "")): "The card is not the event",
        _source(f"{_MOVED}.settle()", f"{_LATE}.settle()".replace("slip-12", "slip-8")): "The log has an event with this id",
        _source(f"{_MOVED}.settle()".replace("slip-8", "slip-80"), f"{_LATE}.settle()"): "The kit refused a correction",
        _source(
            f"{_MOVED}.settle()",
            f"{_LATE}.settle()",
            "for message in [m for m in history.gateways.outbound if m.content.get('to') == 'alan']:",
            "    history.gateways.make_up(message, history.log.find(message.cause))",
        ): "Somebody got the same letter twice",
    },
)  # fmt: skip
