"""Who hears what, and from where on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from eda_workshop.bus import Bus
from eda_workshop.errors import BadSubscriber, DuplicateHandler
from eda_workshop.event import Event
from eda_workshop.exercises.attempt import require_function
from eda_workshop.exercises.crashes import Computer, Fault, killed_at_each_step
from eda_workshop.exercises.exercise import Exercise, Wrong
from eda_workshop.exercises.lesson_16.facts import fact
from eda_workshop.exercises.lesson_16.solutions import WIRE, WIRE_BY_NAME
from eda_workshop.log import EventLog
from eda_workshop.stories.lending import library_log
from eda_workshop.stories.library import BORROWED, NAMES, RESERVED, RETURNED

Handler = Callable[[Event], None]

FIRST = (fact(1, BORROWED, "ada"), fact(2, RESERVED, "grace"), fact(3, RETURNED, "ada"))
ASLEEP = (fact(4, BORROWED, "grace"), fact(5, RETURNED, "grace"))
LAST = fact(6, BORROWED, "cy")


class Run:
    """One run of the program: a bus over a log, wired by the learner."""

    def __init__(self, function: Callable[..., Any], log: EventLog) -> None:
        self.post: list[str] = []
        self.screen: list[str] = []
        self.bus = Bus(log)
        _wire(function, self.bus, lambda event: self.post.append(event.id), lambda event: self.screen.append(event.id))

    def hear(self) -> None:
        self.bus.listen(patience=0)


def check(answer: Any) -> None:
    function = require_function(answer, "bus", "post", "screen")
    log = library_log()
    log.append(*FIRST[:1])
    first = Run(function, log)
    _check_apart(first.bus)
    for event in FIRST[1:]:
        log.append(event)
    first.hear()
    _check_heard(first)
    log.append(*ASLEEP)
    second = Run(function, log)
    second.hear()
    _check_post(second)
    _check_screen(second)
    _check_accidents(function)


def _wire(function: Callable[..., Any], bus: Bus, post: Handler, screen: Handler) -> None:
    try:
        function(bus, post, screen)
    except DuplicateHandler as error:
        said = (
            f"One subscriber got two handlers for {error.name}. Post and screen are two participants, and each needs a "
            "subscriber of its own."
        )
        raise Wrong(said, _CALLED, got=f"DuplicateHandler: {error.subscriber}", look=_TWO) from None
    except BadSubscriber as error:
        raise Wrong("The bus refused a subscriber.", _CALLED, got=f"{error}") from None
    if not bus.subscribers:
        said = "Nobody subscribed. Were the handlers called instead of passed on?"
        raise Wrong(said, _CALLED, "two subscribers", "none", _TWO)


def _check_apart(bus: Bus) -> None:
    if len(bus.subscribers) == 1:
        said = "There is one subscriber for both. If the post fails, the screen stands still, too."
        raise Wrong(said, _CALLED, "two subscribers", f"{[*bus.subscribers]}", _TWO)


def _check_heard(run: Run) -> None:
    if not run.post and not run.screen:
        said = "Nobody hears what the desks append. A subscriber without a position hears only what this bus publishes."
        raise Wrong(said, _CALLED, look=_AFTER)
    if set(run.post) - {"slip-3"}:
        said = "The post hears of more than returned books. It would write letters about everything."
        raise Wrong(said, _CALLED, "slip-3", ", ".join(run.post), "One name is enough for it.")
    if not run.post:
        raise Wrong("The post doesn't hear of a book that came back.", _CALLED, "slip-3", "nothing", _AFTER)
    if not run.screen:
        raise Wrong("The screen hears nothing.", _CALLED, f"all of {', '.join(NAMES)}", "nothing", _AFTER)
    missing = {"slip-1", "slip-2", "slip-3"} - set(run.screen)
    if missing == {"slip-1"}:
        said = "What was in the log before the program started is not on the screen."
        raise Wrong(
            said, "slip-1 is there; the program starts; slip-2 and slip-3 come", got=", ".join(run.screen), look=_AFTER
        )
    if missing:
        said = "The screen doesn't hear of everything that happens to a book."
        raise Wrong(said, _CALLED, f"all of {', '.join(NAMES)}", ", ".join(run.screen))


def _check_post(run: Run) -> None:
    """After a new start, the post goes on where it was."""
    if run.post == ["slip-5"]:
        return
    if "slip-3" in run.post:
        said = "After a new start the post begins with the log's beginning again, and writes all letters of the past once more."
    elif not run.post:
        said = "A book came back while the program was down, and the post never hears of it."
    else:
        said = "After a new start the post hears something else than what it missed."
    raise Wrong(said, _AGAIN, "slip-5", ", ".join(run.post) or "nothing", _DURABLE)


def _check_screen(run: Run) -> None:
    """After a new start, the screen has nothing in its memory."""
    every = [event.id for event in (*FIRST, *ASLEEP)]
    if run.screen == every:
        return
    said = "After a new start the screen's memory is empty, and it hears only what is new: most of it stays blank."
    raise Wrong(said, _AGAIN, ", ".join(every), ", ".join(run.screen) or "nothing", _DURABLE)


def _check_accidents(function: Callable[..., Any]) -> None:
    """Whatever fails or is killed, each letter goes out after a new start."""

    def program(computer: Computer) -> None:
        log = computer.log()
        log.append(*FIRST)
        bus = Bus(log)
        function(bus, lambda event: computer.send(event.id), lambda event: None)
        bus.listen(patience=0)

    for fault in killed_at_each_step(program).faults:
        raise Wrong(
            _said_fault(fault), f"{_CALLED}; {', then '.join(fault.happened)}", "slip-3", "nothing", _AGAIN_LATER
        )


def _said_fault(fault: Fault) -> str:
    if "failed" in fault.happened[0]:
        return (
            "The mail server was down for one letter, and the reader never gets it, not even after a new start: "
            "nobody tries it again."
        )
    return "The program was killed at a bad moment, and after a new start a letter is missing."


_CALLED = "wire(bus, post, screen), then the desks append slip-1 to slip-3"
_AGAIN = "the program ends; slip-4 and slip-5 are appended; it starts again: a new bus on the same log, wire, listen"
_TWO = 'bus.subscriber("post", …) and bus.subscriber("screen", …)'
_AFTER = "after=0 begins with the log's beginning."
_DURABLE = "Who keeps its work somewhere goes on where it was (durable=True). Who keeps it in memory begins anew."
_AGAIN_LATER = "The letter waits among bus.dead_letters, after a new start, too. on_error= says what is done about it: retry(…, wait=backoff(…)) tries it later."


def _source(*lines: str) -> str:
    return "def wire(bus, post, screen):\n" + "\n".join(f"    {line}" for line in lines)


_LATER = "on_error=retry(10, wait=backoff(60))"
_POST = f'bus.subscriber("post", durable=True, after=0, {_LATER}).on("book.returned", post)'
_SCREEN = 'bus.subscriber("screen", after=0).on("book.*", screen)'

EXERCISE = Exercise(
    id="wire",
    lesson=16,
    title="Desk 3: who hears what",
    minutes=6,
    task=(
        "The desks append to the log; what follows from it is others' work. Write `wire(bus, post, screen)`, which gives two handlers their subscribers:\n\n"
        "- `post` writes to readers. It needs to hear of books that came back. After a new start of the program it goes on where it was, and what happened meanwhile is not lost to it. When the mail server is down, `post` raises an error; the letter must go out later, even if the program was started again in between.\n"
        "- `screen` shows who has what. It needs to hear of all three kinds of event. It keeps what it heard *in memory*, and after a new start it must show everything again.\n\n"
        "The bus delivers from the log, to subscribers that have a position there."
    ),
    stub='def wire(bus, post, screen):\n    """Give post and screen the subscribers that each needs."""\n    ...',
    check=check,
    hints=(
        "Which of the two would do harm if it heard the past once more? Which would do harm if it did not?",
        'bus.subscriber("post", durable=True, after=0) for one of them; leave out durable for the other.',
        "A pattern such as book.* is one handler for several names.",
        "A letter that failed is kept in the log's store. on_error=retry(10, wait=backoff(60)) tries it again after a minute, two minutes, four …",
    ),
    solutions=(WIRE, WIRE_BY_NAME),
    wrong={
        _source(
            'both = bus.subscriber("library", durable=True, after=0)',
            'both.on("book.returned", post)',
            'both.on("book.*", screen)',
        ): "One subscriber got two handlers",
        _source(
            "def both(event):",
            "    screen(event)",
            '    if event.name == "book.returned":',
            "        post(event)",
            'bus.subscriber("library", durable=True, after=0).on("book.*", both)',
        ): "There is one subscriber for both",
        _source('bus.subscriber("post").on("book.returned", post)', 'bus.subscriber("screen").on("book.*", screen)'): (
            "Nobody hears what the desks append"
        ),
        _source(_POST.replace("book.returned", "book.*"), _SCREEN): "The post hears of more than returned books",
        _source(_POST.replace("durable=True, ", ""), _SCREEN): "After a new start the post begins",
        _source('bus.subscriber("post", after=bus.log.head).on("book.returned", post)', _SCREEN): (
            "A book came back while the program was down"
        ),
        _source(_POST, _SCREEN.replace("after=0", "durable=True, after=0")): "After a new start the screen's memory",
        _source(_POST, _SCREEN.replace("after=0", "after=bus.log.head")): "What was in the log before",
        _source(_POST, _SCREEN.replace("book.*", "book.borrowed")): "The screen doesn't hear of everything",
        _source("post", "screen"): "Nobody subscribed",
        _source('bus.subscriber("post", after=0).on("book.lost", post)', _SCREEN): "The post doesn't hear of a book",
        _source(_POST, 'bus.subscriber("screen", after=0)'): "The screen hears nothing",
        _source(_POST, _SCREEN.replace('"screen"', '""')): "The bus refused a subscriber",
        _source(_POST.replace(f", {_LATER}", ""), _SCREEN): "The mail server was down for one letter",
        _source(_POST.replace(_LATER, 'on_error="park"'), _SCREEN): "The mail server was down for one letter",
        _source(
            "def careful(event):",
            "    try:",
            "        post(event)",
            "    except Exception:",
            "        pass",
            _POST.replace(", post)", ", careful)"),
            _SCREEN,
        ): "The mail server was down for one letter",
    },
)
