"""What can't have happened: a corrected past that makes later facts impossible needs a yes for each."""

from __future__ import annotations

from typing import Any

import pytest
from accounts import new_log

from eda_workshop import (
    BadModel,
    BadPlan,
    Event,
    History,
    KeyedModel,
    ManualClock,
    Model,
    applies,
    fold,
    possible,
)
from eda_workshop.drive.billing import Usage, day, photos

pytestmark = pytest.mark.usefixtures("engine")

WHY = "0 GB are stored and 2 GB are removed"


def storing(*events: Event, model: type[Model] = Usage) -> History:
    """A history at the end of March."""
    log = new_log(ManualClock(day(31)))
    log.append(*(events or (photos(2, "a", gigabytes=4), photos(5, "b", "bob", 3), photos(12, "c", "ada", 2, REMOVED))))
    return History(log, model)


REMOVED = "photos.removed"


@pytest.mark.parametrize(
    ("plan", "id", "why"),
    [
        (lambda history: history.correct("c", occurred=day(1)), "c", WHY),
        (lambda history: history.reject("a"), "c", WHY),
        (lambda history: history.correct("a", occurred=day(20)), "c", WHY),
        (lambda history: history.correct("a", data={"gigabytes": 1}), "c", "1 GB are stored and 2 GB are removed"),
        (lambda history: history.late(photos(1, "x", gigabytes=2, name=REMOVED)), "x", WHY),
    ],
)
def test_a_plan_names_what_becomes_impossible(plan: Any, id: str, why: str) -> None:
    """Whether it is the event itself or one that follows; and nothing is done without a reason."""
    history = storing()
    planned, before = plan(history), history.log.head
    assert [(it.event.id, it.problem) for it in planned.impossible] == [(id, why)]
    assert repr(planned).endswith("; 1 event impossible>")
    with pytest.raises(BadPlan, match=rf"makes 1 event impossible: {id} \(photos.removed\): {why}.*accept=") as info:
        planned.commit()
    assert "Nothing was recorded" in str(info.value)
    assert history.log.head == before
    planned.commit(accept={id: "she says so"})
    assert history.state() == fold(history.log, Usage, corrected=True)


def test_what_was_accepted_is_recorded() -> None:
    """Together with the correction, and no reader of events minds."""
    history = storing()
    outcome = history.reject("a").commit(accept={"c": "the photos were lost"})
    *_, rejected, accepted = history.log
    assert (outcome.position, rejected.name, accepted.name) == (4, "event.rejected", "event.accepted")
    assert accepted.data == {"event": "c", "because": rejected.id, "reason": "the photos were lost"}
    assert (accepted.causation, accepted.subject) == (rejected.id, "user/ada")
    assert outcome.corrected == {"user/ada": 0}
    assert [event.id for event in history.log.effective()] == ["b", "c"]


def test_what_is_impossible_already_is_not_asked_again() -> None:
    """Each plan names what it makes impossible itself."""
    history = storing()
    history.reject("a").commit(accept={"c": "the photos were lost"})
    assert history.correct("c", data={"gigabytes": 1}).impossible == ()
    late = history.late(photos(20, "d", gigabytes=1, name=REMOVED))
    assert [it.event.id for it in late.impossible] == ["d"]


def test_what_others_do_is_as_possible_as_before() -> None:
    """Of a keyed model only the touched keys are looked at, and a correction that does no harm needs no yes."""
    history = storing()
    assert history.reject("b").impossible == ()
    assert history.correct("a", data={"gigabytes": 2}).impossible == ()
    assert history.reject("b").commit(accept={}).position == 4


@pytest.mark.parametrize(
    ("accept", "words"),
    [
        ({"c": ""}, "makes 1 event impossible"),
        ({"c": None}, "makes 1 event impossible"),
        ({"a": "why not"}, "'a' is not an event that this plan makes impossible. Those are: c."),
        ({"c": "yes", "typo": "yes"}, "'typo' is not an event"),
    ],
)
def test_a_yes_is_a_reason_for_an_impossible_event(accept: Any, words: str) -> None:
    """Nothing else; and where nothing is impossible there is nothing to accept."""
    history = storing()
    with pytest.raises(BadPlan, match=words):
        history.reject("a").commit(accept=accept)
    with pytest.raises(BadPlan, match="It makes none"):
        history.reject("b").commit(accept={"c": "yes"})
    assert history.log.head == 3


class Shelf(Model):
    """Books on one shelf; reducers take everything, conditions say what can't be."""

    initial = frozenset[str]()

    @applies("book.put")
    def put(shelf, event):
        return shelf | {event.data["book"]}

    @applies("book.taken")
    def taken(shelf, event):
        return shelf - {event.data["book"]}

    @possible("book.taken")
    def is_there(shelf, event):
        return None if event.data["book"] in shelf else f"{event.data['book']} isn't on the shelf"


def book(number: int, name: str, title: str) -> Event:
    """An event of that day."""
    return Event(f"book.{name}", {"book": title}, id=f"{name} {title}", occurred=day(number))


def test_a_model_of_the_whole() -> None:
    """Several at once, in the order in which they occurred."""
    story = [book(1, "put", "Emma"), book(2, "put", "Dune"), book(4, "taken", "Dune"), book(3, "taken", "Emma")]
    history = storing(*story, model=Shelf)
    first = history.late(Event("book.taken", {"book": "Emma"}, id="early", occurred=day(2)))
    assert [str(it) for it in first.impossible] == [
        "taken Emma (book.taken) is impossible: Emma isn't on the shelf",
    ]
    first.commit(accept={"taken Emma": "two copies"})
    second = history.correct("put Dune", occurred=day(9))
    assert [it.event.id for it in second.impossible] == ["taken Dune"]


class Pots(KeyedModel):
    """What is in each pot; a transfer touches two of them."""

    initial = 0

    @applies("money.put")
    def put(pot, event):
        return pot + 5

    @applies("money.taken", keys=lambda event: event.data["from"])
    def taken(pot, event):
        return pot - 5

    @possible("money.taken")
    def is_enough(pot, event):
        return None if pot >= 5 else "a pot is empty"


def test_an_event_that_touches_several_keys_is_looked_at_for_each() -> None:
    """One empty pot is enough."""
    history = storing(
        Event("money.put", subject="a", id="1", occurred=day(1)),
        Event("money.put", subject="b", id="2", occurred=day(2)),
        Event("money.taken", {"from": ["a", "b"]}, id="3", occurred=day(3)),
        model=Pots,
    )
    assert [it.event.id for it in history.reject("2").impossible] == ["3"]


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (lambda state, event: True, "returns True"),
        (lambda state, event: " ", "returns ' '"),
        (lambda state, event: event.data["typo"], "raises KeyError: 'typo'"),
    ],
)
def test_a_condition_that_says_neither_is_an_error(condition: Any, words: str) -> None:
    """The error names the model, the event's name and the position."""
    made = {"initial": 0, "one": applies("a.b")(lambda n, event: n + 1), "two": possible("a.b")(condition)}
    history = storing(Event("a.b", id="1"), Event("a.b", id="2"), model=type("Odd", (Model,), made))
    with pytest.raises(BadModel, match=f"Odd has a condition for a.b, which at position . {words}"):
        history.reject("1")
