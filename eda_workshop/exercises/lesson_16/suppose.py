"""March as it would have been, had Bob kept Dune."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from eda_workshop.errors import BadEdit
from eda_workshop.event import Event
from eda_workshop.exercises.attempt import require_function
from eda_workshop.exercises.exercise import Exercise, Wrong
from eda_workshop.exercises.lesson_16.solutions import SUPPOSE, kit
from eda_workshop.replay import Branch
from eda_workshop.stories.lending import Library, library_log
from eda_workshop.stories.library import RETURNED, SLIPS

DUNE, EMMA = "book/dune", "book/emma"
GONE = ("slip-6", "slip-7", "slip-10")


def march() -> Library:
    """The kit's library in March, up to slip 10."""
    library = Library(kit(), library_log())
    for slip in SLIPS[:10]:
        library.take(slip)
    return library


def check(answer: Any) -> None:
    function, library = require_function(answer, "timeline"), march()
    last, head, received = library.log.last, library.log.head, len(library.world.received)
    got = _call(function, library)
    if library.log.last != last:
        said = "The log has grown: a supposition got into it, and now everybody takes it for a fact."
        raise Wrong(said, _CALLED, f"{head} events", f"{library.log.head} events", _LOOK)
    if len(library.world.received) != received:
        raise Wrong("Somebody got a letter because of what was only supposed.", _CALLED, look=_LOOK)
    if not isinstance(got, Branch):
        said = "Nothing comes back." if got is None else "A branch was asked for, so that others can look into it."
        raise Wrong(said, _CALLED, "a Branch", type(got).__name__, "timeline.branch(…) makes one.")
    _check_events(got, library)


def _call(function: Callable[..., Any], library: Library) -> Any:
    try:
        return function(library.timeline)
    except BadEdit as error:
        said = "The kit refused this edit."
        if "shared" in str(error):
            said = "The branch begins too late: what you want to edit is before its branch point."
        raise Wrong(said, _CALLED, got=f"{error}", look=_LOOK) from None


def _check_events(branch: Branch, library: Library) -> None:
    """What is in the branch, by the ids of the slips."""
    told = {event.id: event for event in branch.events if event.name.startswith("book.")}
    book = branch.value_of(DUNE)
    if "slip-6" in told and told["slip-6"].name == RETURNED:
        said = "Bob still brings Dune back on 9 March."
        if told["slip-6"].occurred.day != 9:
            said = "Bob brings Dune back on another day. He never brought it back."
        _refuse(said, branch)
    if "slip-7" in told:
        _refuse("Alan borrows what Bob has: what followed from the return is still in the branch.", branch)
    if "slip-10" in told:
        _refuse("Alan gives back what he never had.", branch)
    left = [slip for slip in (f"slip-{number}" for number in range(1, 11)) if slip not in told and slip not in GONE]
    if [slip for slip in left if library.log.find(slip)]:
        _refuse("More is left out than what hangs on Bob's return.", branch)
    if set(told) - {event.id for event in library.log}:
        _refuse("Events were made up. All that you need is to leave some out.", branch)
    assert book.holder == "bob"


def _refuse(said: str, branch: Branch) -> None:
    told: list[Event] = [event for event in branch.events if event.subject == DUNE]
    raise Wrong(said, _CALLED, got="Dune: " + ", ".join(f"{e.id} {e.name.split('.')[1]}" for e in told), look=_LOOK)


_CALLED = "suppose(timeline), with slips 1 to 10 in the log"
_LOOK = "Which events could not have happened without slip-6?"


def _source(*lines: str) -> str:
    return "def suppose(timeline):\n" + "\n".join(f"    {line}" for line in lines)


EXERCISE = Exercise(
    id="suppose",
    lesson=16,
    title="Shelf 3: had Bob kept Dune",
    minutes=5,
    task=(
        "Bob brought Dune back on 9 March; that is the event `slip-6`. The team wants to know who would be waiting now, had he kept it to this day. Write "
        "`suppose(timeline)`, which returns a `Branch` of the timeline in which he did, and in which everything is possible that happens. These are Dune's events:\n\n"
        "```text\nslip-2   2 March  borrowed by bob\nslip-5   8 March  reserved by alan\nslip-6   9 March  returned by bob\n"
        "slip-7  10 March  borrowed by alan\nslip-10 20 March  returned by alan\n```\n\n"
        "In the log there is more than slips, such as what the post has sent. So positions are no slips' numbers; a place in a branch may also be an event's id."
    ),
    stub='def suppose(timeline):\n    """A branch of March in which Bob kept Dune."""\n    ...',
    check=check,
    hints=(
        "timeline.branch(at=…) shares all events up to a position; drop(…) leaves one out, by its id.",
        "Without Bob's return Alan can't have borrowed it. And what did Alan do on the 20th?",
    ),
    solutions=(
        SUPPOSE,
        _source(
            "branch = timeline.branch(0)",
            'for slip in ("slip-10", "slip-7", "slip-6"):',
            "    branch.drop(slip)",
            "return branch",
        ),
    ),
    wrong={
        _source("return timeline.branch(5)"): "Bob still brings Dune back",
        _source('return timeline.branch(5).drop("slip-6")'): "Alan borrows what Bob has",
        _source('return timeline.branch(5).drop("slip-6").drop("slip-7")'): "Alan gives back what he never had",
        _source('return timeline.branch(8).drop("slip-6")'): "The branch begins too late",
        _source('return timeline.branch(5).drop("slip-60")'): "The kit refused this edit",
        _source("return timeline.branch(5).cut()"): "More is left out",
        _source(
            'return timeline.branch(5).replace("slip-6", occurred="2026-03-20T12:00:00Z")'
        ): "Bob brings Dune back on another day",
        _source(
            'return timeline.branch(5).drop("slip-6").drop("slip-7").drop("slip-10").state'
        ): "A branch was asked for",
        _source('timeline.branch(5).drop("slip-6").drop("slip-7").drop("slip-10")'): "Nothing comes back",
        _source(
            'timeline.log.append(Event("event.rejected", {"event": "slip-6"}))', "return timeline.branch(5)"
        ): "The log has grown",
        _source(
            'branch = timeline.branch(5).drop("slip-6").drop("slip-7").drop("slip-10")',
            'return branch.append(Event("book.borrowed", {"title": "dune", "reader": "bob"}, subject="book/dune"))',
        ): "Events were made up",
    },
)
