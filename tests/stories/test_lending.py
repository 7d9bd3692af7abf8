"""The lending library: March, the letter, and the plug at any moment, on every engine."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from itertools import combinations
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest

from eda_workshop import Command, Event, History, Rejected, execute
from eda_workshop.exercises.lesson_16.solutions import kit
from eda_workshop.log import EventLog
from eda_workshop.stories.lending import Lending, Library, lend, library_log
from eda_workshop.stories.library import BORROWED, LETTER_DAY, SLIPS, Book, day, model_of

ALAN = ("mail", {"to": "alan", "title": "dune"})
GRACE = ("mail", {"to": "grace", "title": "emma"})
SORRY = ("sorry", {"to": "grace", "title": "emma"})
EDITH = ("mail", {"to": "edith", "title": "emma"})
LINE = ("edith", "grace", "cy")

Step = Callable[[Library], Any]


def slip(number: int) -> Step:
    return lambda library: library.take(SLIPS[number - 1])


def letter(library: Library) -> None:
    library.until(day(LETTER_DAY))
    library.letter()


MARCH: tuple[Step, ...] = (*map(slip, range(1, 11)), letter, slip(11), lambda library: library.open_box(36))


def lived(log: EventLog, plugs: tuple[int, ...] = (), steps: tuple[Step, ...] = MARCH) -> Library:
    """The library after these steps; the plug is pulled before those that are named."""
    library = Library(kit(), log)
    for number, step in enumerate(steps):
        if number in plugs:
            library = Library(kit(), log, library.world)
        step(library)
    return library


def test_march_without_a_letter() -> None:
    """Cy is refused, the fine is for seven days and goes out a fortnight after the return."""
    library = lived(library_log(), steps=MARCH[:10])
    assert library.world.received == [ALAN, GRACE]
    assert library.world.refused == [(9, "grace is first in line")]
    assert library.history.state(subject="book/emma") == Book(waiting=("grace", "cy"), late=7)
    assert library.screen == {"grace": {"emma": 1}, "cy": {"emma": 2}}
    assert library.open_box(31) == 0
    assert library.open_box(32) == 1
    assert library.world.received[-1] == ("fine", {"reader": "ada", "euros": 7})


def test_the_letter_goes_through_all_of_it() -> None:
    """The line, the fine, the letters and the next decision follow; what was right is left alone."""
    library = lived(library_log(), steps=MARCH[:11])
    assert library.world.received == [ALAN, GRACE, SORRY, EDITH]
    assert library.history.state(subject="book/emma") == Book(waiting=LINE, late=1)
    library.take(SLIPS[10])
    assert library.world.refused[-1] == (11, "edith is first in line")
    assert library.open_box(25) == 0
    assert library.open_box(26) == 1
    assert library.world.received[-1] == ("fine", {"reader": "ada", "euros": 1})
    assert library.log.verify() is None


def test_the_screen_folds_what_it_hears() -> None:
    """In the log's order Edith came last; made anew from what counts, she is the first."""
    library = lived(library_log(), steps=MARCH[:11])
    assert library.screen == {"grace": {"emma": 1}, "cy": {"emma": 2}, "edith": {"emma": 3}}
    library.rebuild_screen()
    assert library.screen == {"edith": {"emma": 1}, "grace": {"emma": 2}, "cy": {"emma": 3}}


@pytest.mark.parametrize("plugs", [*combinations(range(len(MARCH)), 1), (3, 8), (6, 7, 8), tuple(range(len(MARCH)))])
def test_the_plug_at_any_moment_changes_nothing(plugs: tuple[int, ...]) -> None:
    """The same log to the last hash, the same letters, once each, and the same state."""
    log, other = library_log(), library_log()
    plain, pulled = lived(log), lived(other, plugs)
    assert other.last == log.last
    assert pulled.world == plain.world
    assert pulled.history.state() == plain.history.state()


@pytest.mark.parametrize("engine", ["sqlite", "nats"])
def test_it_is_the_same_library_elsewhere(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """In a file and on a server the chain is that of the log in memory, the plug included."""
    server = request.getfixturevalue("nats_server") if engine == "nats" else None
    url = server.url(f"t{token_hex(8)}") if server else str(tmp_path / "library.db")
    here = library_log()
    plain = lived(here)
    with library_log(url) as there:
        moved = lived(there, plugs=(8, 11))
        assert there.last == here.last
        assert moved.world == plain.world


def test_slips_are_typed_in_twice_and_later() -> None:
    """A twin changes nothing, and a slip of an earlier day doesn't turn the clock back."""
    library = lived(library_log(), steps=MARCH[:8])
    head, world = library.log.head, list(library.world.received)
    for each in SLIPS[:8]:
        library.take(each)
    assert (library.log.head, library.world.received, library.world.refused) == (head, world, [])
    assert library.log.clock.now() == day(18)


def test_time_only_goes_on() -> None:
    """Whoever waits until a moment that has passed waits for nothing."""
    library = Library(kit(), library_log())
    moments: list[datetime] = []
    for number in (3, 1, 5):
        library.until(day(number))
        moments.append(library.log.clock.now())
    assert moments == [day(3), day(3), day(5)]


def borrowing(number: int, reader: str) -> Event:
    return Event(
        BORROWED, {"title": "emma", "reader": reader}, subject="book/emma", id=f"slip-{number}", occurred=day(9)
    )


def desk(*events: Event) -> History:
    """A desk with a log that holds these events."""
    history = History(library_log(), model_of(kit().shelf))
    history.log.append(*events)
    return history


def meanwhile(history: History, act: Callable[[], object]) -> None:
    """Let somebody act right before the next append."""
    write = history.log.write

    def act_first(*given: Any, **more: Any) -> Any:
        history.log.write = write  # type: ignore[method-assign]
        act()
        return write(*given, **more)

    history.log.write = act_first  # type: ignore[method-assign]


def test_the_desk_decides_on_what_counts() -> None:
    """Grace's loan was rejected, so the book is in; and it is in for one desk only."""
    history = desk(borrowing(1, "grace"))
    with pytest.raises(Rejected, match="grace has it"):
        lend(history, borrowing(2, "ada"))
    history.reject("slip-1").commit()
    lend(history, borrowing(2, "ada"))
    with pytest.raises(Rejected, match="ada has it"):
        lend(history, borrowing(3, "cy"))


def test_a_correction_in_between_makes_the_desk_decide_again() -> None:
    """Ada's return turns out to be a mistake, right before the append: she still has the book."""
    back = Event("book.returned", {"title": "emma", "reader": "ada"}, subject="book/emma", id="slip-2", occurred=day(5))
    history = desk(borrowing(1, "ada"), back)
    meanwhile(history, lambda: history.reject("slip-2").commit())
    with pytest.raises(Rejected, match="ada has it"):
        lend(history, borrowing(3, "cy"))


def test_a_slip_at_two_desks_at_once_counts_once() -> None:
    """The second desk finds the same slip in the log, and refuses nothing."""
    history = desk()
    meanwhile(history, lambda: lend(history, borrowing(1, "ada")))
    lend(history, borrowing(1, "ada"))
    assert [event.id for event in history.log] == ["slip-1"]


def test_other_books_don_t_disturb_the_desk() -> None:
    """A loan of Dune right before the append is no reason to decide again."""
    history = desk()
    dune = Event(BORROWED, {"title": "dune", "reader": "cy"}, subject="book/dune")
    meanwhile(history, lambda: history.log.append(dune))
    asked = {"slip": "slip-1", "title": "emma", "reader": "ada", "when": day(9).isoformat()}
    decision = execute(history.log, Lending, Command("book.lend", asked), corrected=True)
    assert (decision.attempts, decision.position) == (1, 2)
