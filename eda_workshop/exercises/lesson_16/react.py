"""What an event means for the world outside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from eda_workshop.event import Event
from eda_workshop.exercises.attempt import require_function
from eda_workshop.exercises.exercise import Exercise, Wrong
from eda_workshop.exercises.lesson_16.facts import fact
from eda_workshop.exercises.lesson_16.solutions import REACT
from eda_workshop.stories.library import BORROWED, LOAN, RESERVED, RETURNED, Book, day

Message = tuple[str, dict[str, Any]]

RETURN = fact(8, RETURNED, "ada", date=18)
BACK = Book(waiting=("grace", "cy"), late=7)
MAIL: Message = ("mail", {"to": "grace", "title": "emma"})
FINE: Message = ("fine", {"reader": "ada", "euros": 7})


def check(answer: Any) -> None:
    function = require_function(answer, "event", "book", "mail", "fine")
    _check_returned(function)
    _check_others(function)
    _check_now(function)


def _check_returned(function: Callable[..., Any]) -> None:
    """In time and late, with a line and without."""
    _expect(function, RETURN, replace(BACK, waiting=(), late=0), [], _said_nothing)
    _expect(function, RETURN, replace(BACK, late=0), [MAIL], _said_mail)
    _expect(function, RETURN, replace(BACK, waiting=()), [FINE], _said_fine)
    _expect(function, RETURN, BACK, [FINE, MAIL], _said_both)


def _check_others(function: Callable[..., Any]) -> None:
    borrowed = Book("ada", day(9) + LOAN, ("cy",))
    _expect(function, fact(9, BORROWED, "ada"), borrowed, [], lambda _: "A book was lent, and somebody got a letter.")
    _expect(function, fact(9, RESERVED, "edith"), BACK, [], lambda _: (
        "A book was reserved, and somebody got a letter. The book was in already, and who is first was told when it came back."
    ))  # fmt: skip


def _check_now(function: Callable[..., Any]) -> None:
    """The same on the day itself and a year later, for a replay gives the same events again."""
    event = RETURN.replace(id="slip-80", occurred=day(365))
    _expect(function, event, BACK, [FINE, MAIL], lambda _: (
        "The same book and the same event on another day gave other messages: something else than the event and the book decides."
    ))  # fmt: skip


def _expect(
    function: Callable[..., Any], event: Event, book: Book, right: list[Message], said: Callable[[list[Message]], str]
) -> None:
    sent: list[Message] = []
    called = f"{event.name} by {event.data['reader']}, after which waiting is {book.waiting} and late is {book.late}"
    try:
        function(event, book, _gateway(sent, "mail"), _gateway(sent, "fine"))
    except _Positional as wrong:
        said_so = f"{wrong} was called without saying what is what."
        raise Wrong(said_so, called, look="mail(to=…, title=…) and fine(reader=…, euros=…)") from None
    if sorted(sent, key=str) != sorted(right, key=str):
        raise Wrong(said(sent), called, _words(right), _words(sent), _LOOK)


class _Positional(Exception):
    """A gateway takes no unnamed arguments."""


def _gateway(sent: list[Message], name: str) -> Callable[..., None]:
    def tell(*unnamed: Any, **content: Any) -> None:
        if unnamed:
            raise _Positional(name)
        sent.append((name, content))

    return tell


def _said_nothing(sent: list[Message]) -> str:
    if any(name == "fine" for name, _ in sent):
        return "The book came back in time, and there is a fine."
    return "Nobody waits for the book, and somebody got a letter."


def _said_mail(sent: list[Message]) -> str:
    told = [content.get("to") for name, content in sent if name == "mail"]
    if not sent:
        return "Grace waits for the book, it is back, and she hears nothing."
    if len(told) > 1:
        return "Everybody who waits was told that the book is theirs. It is for the first; the others would come for nothing."
    if told == ["cy"]:
        return "The last in line was told. The first has waited longer."
    if told == ["ada"]:
        return "The reader who brought the book back was told that it is back."
    if told == ["grace"] and sent != [MAIL]:
        return "Grace got a letter, and it doesn't say what was agreed."
    return "That is not the letter to the first in line."


def _said_fine(sent: list[Message]) -> str:
    fines = [content for name, content in sent if name == "fine"]
    if not fines:
        return "The book was seven days late, and there is no fine."
    if len(fines) > 1:
        return "One return, and more than one fine."
    if fines[0].get("euros") != 7:
        return "The fine is not one euro for each day: `late` says how many days."
    if fines[0].get("reader") != "ada":
        return "The fine is for somebody else than the reader who was late."
    return "The fine doesn't say what was agreed."


def _said_both(sent: list[Message]) -> str:
    if len(sent) < 2:
        return "It is late, and somebody waits: that is two messages. One doesn't take the other's place."
    return "Those are not the fine and the letter."


def _words(messages: list[Message]) -> str:
    return "; ".join(
        f"{name}({', '.join(f'{k}={v!r}' for k, v in content.items())})" for name, content in messages
    ) or ("no message")


_LOOK = "All that you need is in the event, and in the book as it is right after it."


def _but(old: str, new: str) -> str:
    """A right answer with one thing in it changed."""
    assert old in REACT
    return REACT.replace(old, new)


EXERCISE = Exercise(
    id="react",
    lesson=16,
    title="Post 1: what does it mean outside?",
    minutes=6,
    task=(
        "Write `react(event, book, mail, fine)`. It is called with each event, and with the book as it is right after it. `mail` and `fine` are gateways; what they are told goes out, once:\n\n"
        "- a book that comes back, and for which somebody waits: `mail(to=reader, title=title)`, to the first in line;\n"
        "- a book that comes back late: `fine(reader=reader, euros=…)`, one euro for each day, for the reader who brought it.\n\n"
        "Nothing else goes out. It will be called again in replays, and for events as they should have been; so it must say the same whenever it is asked."
    ),
    stub='def react(event, book, mail, fine):\n    """Tell the world outside what the event means for it."""\n    ...',
    check=check,
    hints=(
        "Only one of the three kinds of event sends anything.",
        "The reader who brought it is event.data['reader']; book.holder is nobody by now. book.late and book.waiting say the rest.",
    ),
    solutions=(REACT,),
    wrong={
        _but("if book.late:", "if True:"): "The book came back in time, and there is a fine",
        _but("if book.waiting:\n        mail(to=book.waiting[0]", "if True:\n        mail(to=event.data['reader']"): "Nobody waits for the book",
        _but("    if book.waiting:\n        mail(to=book.waiting[0], title=event.data[\"title\"])\n", ""): "Grace waits for the book, it is back",
        _but("    if book.waiting:\n        mail(to=book.waiting[0]", "    for reader in book.waiting:\n        mail(to=reader"): "Everybody who waits was told",
        _but("waiting[0]", "waiting[-1]"): "The last in line was told",
        _but("to=book.waiting[0]", "to=event.data['reader']"): "The reader who brought the book back",
        _but('title=event.data["title"]', 'text="come and get it"'): "Grace got a letter, and it doesn't say",
        _but("    if book.late:\n        fine(reader=event.data[\"reader\"], euros=book.late)\n", ""): "The book was seven days late",
        _but("euros=book.late", "euros=1"): "The fine is not one euro",
        _but('fine(reader=event.data["reader"]', "fine(reader=book.holder"): "The fine is for somebody else",
        _but("    if book.late:\n        fine(reader=event.data[\"reader\"], euros=book.late)", "    for _ in range(book.late):\n        fine(reader=event.data['reader'], euros=1)"): "One return, and more than one fine",
        _but("    if book.waiting:", "    elif book.waiting:"): "It is late, and somebody waits",
        _but('    if event.name != "book.returned":\n        return\n', ""): "A book was lent, and somebody got a letter",
        _but('event.name != "book.returned"', 'event.name == "book.borrowed"'): "A book was reserved, and somebody",
        _but("to=book.waiting[0], title=event.data[\"title\"]", "book.waiting[0], event.data['title']"): "mail was called without",
        _but("if book.waiting:", "if book.waiting and event.occurred.year == 2026:"): "The same book and the same event",
    },
)  # fmt: skip
