"""What was believed at a moment, and what was so."""

from __future__ import annotations

from typing import Any

from eda_workshop.event import Event
from eda_workshop.exercises.attempt import require_function
from eda_workshop.exercises.exercise import Exercise, Wrong
from eda_workshop.exercises.lesson_16.solutions import AS_BELIEVED, kit
from eda_workshop.stories.lending import Library, library_log
from eda_workshop.stories.library import LETTER_DAY, SLIPS, Book, day

EMMA = "book/emma"
LINE = ("grace", "cy")


def check(answer: Any) -> None:
    function, library = require_function(answer, "history", "subject", "moment"), _planned_march()
    library.until(day(LETTER_DAY))
    library.letter()
    library.take(SLIPS[10])
    library.take({"slip": 13, "when": day(23).isoformat(), "what": "borrow", "title": "emma", "reader": "edith"})
    head = library.log.head
    thought, so = _pair(function(library.history, EMMA, day(13)))
    if library.log.head != head:
        raise Wrong("To ask has changed the log.", _CALLED, look="history.state(…) only reads.")
    right = Book("ada", day(11), LINE), Book(waiting=("edith", *LINE), late=1)
    if (thought, so) == right[::-1]:
        raise Wrong("The two are the wrong way round: first what was believed, then what was so.", _CALLED)
    if thought != right[0]:
        raise Wrong(_said_thought(thought, right[1]), _CALLED, _words(right[0]), _words(thought), _LOOK)
    if so != right[1]:
        raise Wrong(_said_so(so, right[0]), _CALLED, _words(right[1]), _words(so), _LOOK)
    dune = _pair(function(library.history, "book/dune", day(13)))
    if dune != (Book("alan", day(20)), Book("alan", day(20))):
        said = "Asked about Dune, it doesn't answer about Dune."
        raise Wrong(said, "as_believed(history, 'book/dune', 13 March)", "alan has it, both times", f"{dune!r:.60}")


def _planned_march() -> Library:
    """March, in which a reservation that begins on the 25th was typed in on the 4th."""
    planned = Event("book.reserved", {"title": "emma", "reader": "zoe"}, subject=EMMA, id="slip-0", occurred=day(25))
    library = Library(kit(), library_log())
    for slip in SLIPS[:10]:
        library.take(slip)
        if slip["slip"] == 3:
            library.log.append(planned)
    return library


def _pair(got: Any) -> tuple[Book, Book]:
    if isinstance(got, (tuple, list)) and len(got) == 2 and all(isinstance(book, Book) for book in got):
        return got[0], got[1]
    said = "Nothing comes back." if got is None else "Two books were asked for: as it was believed, and as it was."
    if isinstance(got, (tuple, list)) and any(isinstance(each, dict) for each in got):
        said = "These are all the books. One was asked for: state(subject=…)."
    raise Wrong(said, _CALLED, "a pair of Books", f"{got!r:.60}", _LOOK)


def _said_thought(thought: Book, so: Book) -> str:
    if thought == so:
        return "On 13 March nobody knew of the letter. This is what we know now."
    if thought.holder == "ada" and "zoe" in thought.waiting:
        return "On 13 March it was known that Zoe will reserve Emma on the 25th. On the 13th she didn't stand in the line yet: known= says what is known, occurred= until when it happened."
    if thought.holder == "edith":
        return "This is the book as it is today. What was believed on 13 March?"
    return "That was not believed on 13 March."


def _said_so(so: Book, thought: Book) -> str:
    if so == thought:
        return "This is what was believed. With all that we know today: what was so on 13 March?"
    if so.holder == "edith":
        return "This is the book as it is today, ten days later. What was so on 13 March, with all that we know?"
    return "That is not what was so on 13 March."


def _words(book: Book) -> str:
    due = f"{book.due.day} March" if book.due else "None"
    return f"holder {book.holder!r}, due {due}, waiting {book.waiting!r}, late {book.late}"


_CALLED = "as_believed(history, 'book/emma', 13 March at noon), asked on 23 March"
_LOOK = "Two times: occurred= says until when events happened, known= until when they were recorded."


def _source(*lines: str) -> str:
    return "def as_believed(history, subject, moment):\n" + "\n".join(f"    {line}" for line in lines)


def _states(thought: str, so: str) -> str:
    return _source(
        f"thought = history.state({thought}subject=subject)",
        f"so = history.state({so}subject=subject)",
        "return thought, so",
    )


_BOTH, _THEN = "occurred=moment, known=moment, ", "occurred=moment, "

EXERCISE = Exercise(
    id="as_believed",
    lesson=16,
    title="Post 3: what did we know?",
    minutes=4,
    task=(
        "Ada asks: “What stood in your books about Emma on 13 March, and what should have stood there?” Write `as_believed(history, subject, moment)`, which returns two `Book`s: "
        "the book as it was *believed* at that moment, and as it *was* at that moment, with all that is known today. `history.state` takes `occurred`, `known` and `subject`."
    ),
    stub='def as_believed(history, subject, moment):\n    """As it was believed then, and as it was then."""\n    ...',
    check=check,
    hints=(
        "Both are about the state at one moment: occurred=moment. They differ in what was known.",
        "Leave known out, and all that is recorded until today counts.",
    ),
    solutions=(AS_BELIEVED, _source("return tuple(history.state(occurred=moment, subject=subject, **more) for more in ({'known': moment}, {}))")),
    wrong={
        _states(_THEN, _THEN): "On 13 March nobody knew of the letter",
        _states(_BOTH, _BOTH): "This is what was believed",
        _states(_THEN, _BOTH): "The two are the wrong way round",
        _states(_BOTH, ""): "This is the book as it is today, ten days later",
        _states("known=moment, ", _THEN): "On 13 March it was known that Zoe",
        _states("", _THEN): "This is the book as it is today. What was believed",
        _states(_BOTH, _THEN).replace("subject=subject", ""): "These are all the books",
        _source("return history.state(occurred=moment, subject=subject)"): "Two books were asked for",
        _states(_BOTH, _THEN).replace("    return thought, so", ""): "Nothing comes back",
        _states(_BOTH, _THEN).replace("subject=subject", "subject='book/emma'"): "Asked about Dune",
    },
)  # fmt: skip
