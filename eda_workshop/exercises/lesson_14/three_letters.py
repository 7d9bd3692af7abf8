"""Three letters about a voyage: each says what was not so, and the history is put right."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from eda_workshop.clock import ManualClock
from eda_workshop.errors import BadTarget, Conflict, DuplicateEvent, FrozenData, ReducerFailed
from eda_workshop.event import Event, Recorded
from eda_workshop.exercises.attempt import require_function
from eda_workshop.exercises.exercise import Exercise, Wrong
from eda_workshop.exercises.lesson_14.three_letters_answers import RIGHT, WRONG
from eda_workshop.log import EventLog, open_log
from eda_workshop.log.own import REJECTED
from eda_workshop.replay import History
from eda_workshop.stories.cargo import Freight

Fact = tuple[datetime, str, dict[str, Any]]
"""When something occurred, what it was, and its data."""


def _noon(day: int) -> datetime:
    return datetime(2026, 3, day, 12, tzinfo=UTC)


BELIEVED: tuple[Fact, ...] = (
    (_noon(2), "ship.arrived", {"port": "Los Angeles", "pilot": "Ames", "pier": 7}),
    (_noon(3), "ship.departed", {"pilot": "Ames"}),
    (_noon(4), "ship.arrived", {"port": "San Francisco", "pilot": "Ito", "pier": 2}),
    (_noon(5), "cargo.unloaded", {"cargo": "books"}),
    (_noon(6), "ship.departed", {"pilot": "Ito"}),
)
LOADED: Fact = (_noon(1), "cargo.loaded", {"cargo": "books"})
ARRIVED: Fact = (_noon(2), "ship.arrived", {"port": "Vancouver", "pilot": "Ames", "pier": 7})
TRUE = (LOADED, ARRIVED, *BELIEVED[1:4])


def voyage() -> History:
    """The voyage as it was recorded, on the tenth of March."""
    log = open_log("memory://", clock=ManualClock(_noon(10)))
    told = enumerate(BELIEVED, 1)
    log.append(*(Event(name, data, id=f"evt-{n:04}", occurred=occurred) for n, (occurred, name, data) in told))
    return History(log, Freight)


def check(answer: Any) -> None:
    function, history = require_function(answer, "history"), voyage()
    log, before = history.log, list(history.log)
    _call(function, history)
    if history.log is not log:
        said = "You made another log. The old one is what everybody reads, and nothing in it says that it was wrong."
        raise Wrong(said, _CALLED, "the same log, and more in it", "another log", _LOOK)
    _check_untouched(log, before)
    if log.head == len(before):
        said = "The log is as it was before. A plan says what would be; nothing is recorded until it is carried out."
        raise Wrong(said, _CALLED, "something in addition", "nothing", _LOOK)
    counting = [(event.occurred, event.name, dict(event.data)) for event in log.effective()]
    _check_loading(counting)
    _check_unloading(counting)
    _check_arrival(counting)
    _check_departure(counting, {event.data.get("event") for event in log.read(names=REJECTED)})
    if counting != list(TRUE):
        more = [fact for fact in counting if fact not in TRUE] or [fact for fact in TRUE if fact not in counting]
        said = "The letters say nothing of this: something counts, or counts no more, that was right before."
        raise Wrong(said, _CALLED, got=_words(more[:1]), look=_LOOK)


def _call(function: Callable[..., Any], history: History) -> None:
    try:
        function(history)
    except Conflict:
        said = "A plan was carried out after the log had grown. It was made for the log as it stood: first one, then the next."
        raise Wrong(said, _CALLED, got="Conflict", look=_LOOK) from None
    except DuplicateEvent as error:
        said = "You appended an id that is in the log already, with other content. A fact is not written over."
        raise Wrong(said, _CALLED, got=f"DuplicateEvent: {error.id}", look=_LOOK) from None
    except ReducerFailed as error:
        said = (
            "The freight can't do anything with the data of the event that you made. Compare it with those of its kind."
        )
        raise Wrong(said, _CALLED, got=f"for {error.name} it {error.problem}", look=_LOOK) from None
    except FrozenData:
        said = (
            "A recorded event was to be changed. It can't be; what is to be said of it goes into a record of its own."
        )
        raise Wrong(said, _CALLED, look=_LOOK) from None
    except BadTarget as error:
        if error.problem.startswith("can't have occurred"):
            said = "The late event has no time of its own, or one that is still to come. Give it the one in the letter: occurred=…."
            raise Wrong(said, _CALLED, look=_LOOK) from None
        if error.problem.startswith("occurred before others"):
            said = "record is for what happens now. The loading is long past, and others came after it: it is late."
            raise Wrong(said, _CALLED, got=f"BadTarget: it {error.problem}", look=_LOOK) from None
        if not error.problem.startswith(("is itself a rejection", "was rejected already")):
            raise
        said = "A rejection can't be rejected to make it firmer, nor said twice: once is enough."
        raise Wrong(said, _CALLED, got=f"BadTarget: {error.target} {error.problem}", look=_LOOK) from None


def _check_untouched(log: EventLog, before: list[Recorded]) -> None:
    try:
        is_untouched = list(log.read(upto=len(before))) == before and log.verify() is None
    except (AttributeError, TypeError):
        is_untouched = False  # there is something else now in the place of a record
    if not is_untouched:
        said = "You went behind the log's back: what was recorded is not there any more as it was."
        raise Wrong(said, _CALLED, look="No attribute that begins with _ is needed.")


def _check_loading(counting: list[Fact]) -> None:
    loadings = [fact for fact in counting if fact[1] == LOADED[1]]
    if not loadings:
        said = "The first letter has no effect: the log knows of no loading."
        others = [fact for fact in counting if fact[1] not in {name for _, name, _ in BELIEVED}]
        if others:
            said = "The loading goes by another name than loadings do. Nobody takes it for one."
            raise Wrong(said, _CALLED, LOADED[1], others[0][1], _LOOK)
    elif len(loadings) > 1:
        said = "The books were loaded once, and it counts more often."
    elif loadings[0][0] != LOADED[0]:
        said = (
            "The loading counts at the wrong time. When it became known is one thing; it occurred when the letter says."
        )
    elif loadings[0] != LOADED:
        said = "The loading has other data than the letter says."
    else:
        return
    raise Wrong(said, _CALLED, _words([LOADED]), _words(loadings), _LOOK)


def _check_unloading(counting: list[Fact]) -> None:
    if BELIEVED[3] not in counting:
        said = "The letters say nothing of this: the unloading was right before, and counts no more as it was."
        raise Wrong(said, _CALLED, _words([BELIEVED[3]]), "nothing", _LOOK)


def _check_arrival(counting: list[Fact]) -> None:
    if BELIEVED[2] not in counting:
        said = "The arrival of 4 March is another one now. The second letter is about the one of the 2nd."
        raise Wrong(said, _CALLED, _words([BELIEVED[2]]), "nothing", _LOOK)
    arrivals = [fact for fact in counting if fact[1] == ARRIVED[1] and fact != BELIEVED[2]]
    if arrivals != [ARRIVED]:
        raise Wrong(_said_of_arrivals(arrivals), _CALLED, _words([ARRIVED]), _words(arrivals), _LOOK)


def _said_of_arrivals(arrivals: list[Fact]) -> str:
    if not arrivals:
        return "The wrong arrival is out, and the right one is not in. The ship did arrive, at another port."
    if arrivals == [BELIEVED[0]]:
        return "The second letter has no effect: the ship still calls at Los Angeles."
    if BELIEVED[0] in arrivals:
        return "Two arrivals count: the wrong one and the right one. Nothing says that the first was wrong."
    if len(arrivals) > 1:
        return "More than one arrival counts in the place of the wrong one."
    occurred, _, data = arrivals[0]
    if occurred != ARRIVED[0]:
        return "The arrival counts at another time. Only the port was wrong."
    if set(data) < set(ARRIVED[2]):
        return "The port is right, and the rest of the data is lost. A correction gives all of the right data."
    return "The arrival has other data than the letter says."


def _check_departure(counting: list[Fact], rejected: set[Any]) -> None:
    if BELIEVED[1] not in counting:
        said = "The departure of 3 March is out. The third letter is about another one."
        raise Wrong(said, _CALLED, _words([BELIEVED[1]]), "nothing", _LOOK)
    departures = [fact for fact in counting if fact[1] == "ship.departed" and fact != BELIEVED[1]]
    if departures:
        said = "The departure was given another time or other data. It never was, at any time."
        if departures == [BELIEVED[4]]:
            said = (
                "The departure was rejected, and then the rejection: that takes it back, and the departure counts again."
                if "evt-0005" in rejected
                else "The third letter has no effect: the departure counts."
            )
        raise Wrong(said, _CALLED, "nothing", _words(departures), _LOOK)


def _words(facts: list[Fact]) -> str:
    """Facts in short; as text for a time that a learner can compare with the letters."""
    told = [f"{name} on {_day(occurred)} at {occurred:%H:%M}, {data}" for occurred, name, data in facts]
    return "; ".join(told)[:160] or "nothing"


def _day(occurred: datetime) -> str:
    year = f" {occurred.year}" if occurred.year != _noon(1).year else ""
    return f"{occurred.day} {occurred:%B}{year}"


_CALLED = "three_letters(history), then history.log.effective()"
_LOOK = "Look at what log.effective() says after each of your steps."

THREE_LETTERS = Exercise(
    id="three_letters",
    lesson=14,
    title="Three letters",
    minutes=8,
    task=(
        "A `history` of the freight has five events. It is 10 March 2026, and three letters come. Write `three_letters(history)`, which puts "
        "the history right, for good.\n\n```text\n"
        + "\n".join(
            f"evt-{n:04}  {occurred.day} March, noon  {name:15} {data}"
            for n, (occurred, name, data) in enumerate(BELIEVED, 1)
        )
        + "\n```\n\n"
        "- “On 1 March, at noon (UTC), we loaded your `books`. Did our wire reach you?” It did not; such an event is a `cargo.loaded`.\n"
        "- “On 2 March you were with us in Vancouver, at our pier 7, with Ames as pilot. How come that you write of Los Angeles?”\n"
        "- “We lie in San Francisco to this day. There was a storm on the 6th, and we never left.”"
    ),
    stub='def three_letters(history):\n    """Put right what the letters speak of."""\n    ...',
    check=check,
    hints=(
        "One of them came late, one was incorrect, one never happened: history has a method for each. What it returns does nothing yet.",
        'The late one is an Event("cargo.loaded", {"cargo": "books"}, occurred="2026-03-01T12:00:00Z"). The others have an id.',
        "correct(id, data=...) wants all of the data as it should be. Only the port was wrong.",
    ),
    solutions=RIGHT,
    wrong=WRONG,
)
