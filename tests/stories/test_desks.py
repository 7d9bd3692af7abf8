"""The desk of the library: what it refuses, and that each wrong desk differs from it on its own story."""

from __future__ import annotations

import pytest

from eda_workshop import Decider, Event, Rejected, SpecFailed, execute, kills, open_log, spec
from eda_workshop.stories.desks import (
    WRONG,
    Desk,
    Mutant,
    borrowed,
    lending,
    reserved,
    reserving,
    returned,
    returning,
)

each_wrong = pytest.mark.parametrize("mutant", WRONG.values(), ids=WRONG)
THREE = tuple(borrowed(title, "ada") for title in ("dune", "faust", "ulysses"))
WAITS = (reserved("emma", "grace"), reserved("emma", "cy"))


def answer(decider: type[Decider], mutant: Mutant) -> str:
    """What a decider does in a wrong desk's story, in words."""
    asked = spec(decider).given(*mutant.story.given).when(mutant.story.when)
    try:
        return asked.refused().outcome
    except SpecFailed:
        return f"{decider.decisions[mutant.story.when.name].__name__} happens: {recorded(decider, mutant)}"


def recorded(decider: type[Decider], mutant: Mutant) -> list[tuple[object, ...]]:
    log = open_log("memory://")
    log.append(*mutant.story.given)
    events = execute(log, decider, mutant.story.when).events
    return [(event.name, dict(event.data), event.subject, event.tags) for event in events]


@pytest.mark.parametrize(
    ("given", "command", "event"),
    [
        ((), lending("emma", "ada"), borrowed("emma", "ada")),
        ((), lending("emma", "ada", 30), borrowed("emma", "ada", 30)),
        (THREE[:2], lending("emma", "ada"), borrowed("emma", "ada")),
        (WAITS, lending("emma", "grace"), borrowed("emma", "grace")),
        ((*WAITS, borrowed("emma", "grace"), returned("emma", "grace")), lending("emma", "cy"), borrowed("emma", "cy")),
        ((borrowed("emma", "ada"),), returning("emma", "ada"), returned("emma", "ada")),
        ((borrowed("emma", "ada"),), reserving("emma", "bob"), reserved("emma", "bob")),
    ],
)
def test_what_the_desk_does(given: tuple[Event, ...], command: object, event: Event) -> None:
    """It lends for ten days, to the first in line, up to three books; takes back, and reserves."""
    spec(Desk).given(*given).when(command).then(event)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "command"),
    [
        ((borrowed("emma", "bob"),), lending("emma", "ada")),
        ((borrowed("emma", "ada"),), lending("emma", "ada")),
        (WAITS, lending("emma", "ada")),
        (WAITS, lending("emma", "cy")),
        (THREE, lending("emma", "ada")),
        ((), returning("emma", "ada")),
        ((borrowed("emma", "ada"),), returning("emma", "bob")),
        ((borrowed("emma", "ada"),), reserving("emma", "ada")),
        (WAITS, reserving("emma", "cy")),
    ],
)
def test_what_the_desk_refuses(given: tuple[Event, ...], command: object) -> None:
    """A book that is out, a place in line that is not the first, a fourth book, and what makes no sense."""
    spec(Desk).given(*given).when(command).refused()  # type: ignore[arg-type]


@each_wrong
def test_a_wrong_desk_differs_on_its_story(mutant: Mutant) -> None:
    """One of the two refuses, or another event happens."""
    assert answer(mutant.decider, mutant) != answer(Desk, mutant)


@each_wrong
def test_a_wrong_desk_is_right_elsewhere(mutant: Mutant) -> None:
    """It breaks one rule: a book that is out is still out, and a reader still can't reserve twice."""
    spec(mutant.decider).given(borrowed("emma", "bob")).when(lending("emma", "ada")).refused()
    spec(mutant.decider).given(*WAITS).when(reserving("emma", "cy")).refused()


def test_happy_paths_catch_no_more_than_wrong_events() -> None:
    """There are eight wrong desks, and most of them err only at an edge."""

    def lends(decider: type[Decider]) -> object:
        return spec(decider).when(lending("emma", "ada")).then(borrowed("emma", "ada"))

    def takes_back(decider: type[Decider]) -> object:
        return spec(decider).given(borrowed("emma", "ada")).when(returning("emma", "ada")).then(returned("emma", "ada"))

    caught = kills([lends, takes_back], [mutant.decider for mutant in WRONG.values()])
    assert (len(caught), len(WRONG)) == (2, 8)


def test_a_limit_that_spans_books_holds_on_a_log() -> None:
    """The reader's tag leads from one book's line of events to the other books."""
    log = open_log("memory://")
    for title in ("dune", "faust", "ulysses"):
        execute(log, Desk, lending(title, "ada"))
    with pytest.raises(Rejected, match="ada has 3 books"):
        execute(log, Desk, lending("emma", "ada"))
    execute(log, Desk, returning("faust", "ada"))
    assert execute(log, Desk, lending("emma", "ada")).position == 5
