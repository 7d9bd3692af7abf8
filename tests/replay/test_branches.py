"""Branches: edits, isolation, and states that are the same as those of a log that had been so."""

from __future__ import annotations

from typing import Any

import pytest
from accounts import Account, Accounts, Balance, a_log, added
from hypothesis import given
from hypothesis import strategies as st

from eda_workshop import (
    BadEdit,
    BadEvent,
    BadModel,
    BadPosition,
    Branch,
    Bus,
    Event,
    Gateways,
    Hypothetical,
    KeyedModel,
    MadeUp,
    Timeline,
    applies,
    diff,
    fold,
)


def numbered(*amounts: int) -> Any:
    """A log of amounts; the id of each event is its position as text."""
    return a_log(*(added(amount, id=str(number)) for number, amount in enumerate(amounts, 1)))


class Sums(KeyedModel):
    """An account for each subject, and no event that touches two."""

    initial = Account()

    @applies("money.added")
    def added(account, event):
        return Account(account.amount + event.data["amount"])


def amounts(branch: Branch) -> list[int]:
    """What comes in along a branch."""
    return [event.data["amount"] for event in branch.events]


def test_edits_after_the_branch_point() -> None:
    """Drop, replace, insert and append; each is seen by the state."""
    branch = Timeline(numbered(1, 2, 3, 4), Balance).branch(1)
    assert amounts(branch.drop(2)) == [1, 3, 4]
    assert amounts(branch.replace(3, data={"amount": 30})) == [1, 30, 4]
    assert amounts(branch.insert(added(5), added(6))) == [1, 5, 6, 30, 4]
    assert amounts(branch.insert(added(7), after=3)) == [1, 5, 6, 30, 7, 4]
    assert amounts(branch.append(added(8))) == [1, 5, 6, 30, 7, 4, 8]
    assert branch.state == 61
    assert repr(branch) == "<Branch of Balance at 1, as recorded: 2 events dropped, 5 made up>"


def test_made_up_events_are_found_by_their_id() -> None:
    """They can be replaced, followed and dropped like others."""
    branch = Timeline(numbered(1, 2), Balance).branch(0).insert(added(5, id="x"), after=1)
    branch.replace("x", data={"amount": 6}).insert(added(7, id="y"), after="x")
    assert amounts(branch) == [1, 6, 7, 2]
    assert amounts(branch.drop("x").drop(1)) == [7, 2]
    assert amounts(branch.insert(added(9), after="2").insert(added(8), after=0)) == [8, 7, 2, 9]


def test_a_branch_that_is_cut_goes_its_own_way() -> None:
    """Everything after the place is gone, and a future can be made up."""
    branch = Timeline(numbered(1, 2, 3, 4), Balance).branch(2).cut()
    assert (branch.state, amounts(branch)) == (3, [1, 2])
    assert amounts(branch.append(added(10), added(11)).cut(after=2)) == [1, 2]
    branch.append(added(20, id="z"), added(21)).cut("z")
    assert (branch.state, branch.diff()[0].left) == (23, 10)
    assert (branch.divergence.dropped, branch.divergence.made_up, branch.divergence.since) == (2, 1, 2)


@pytest.mark.parametrize(
    ("edit", "since"),
    [
        (lambda branch: branch, 3),
        (lambda branch: branch.drop(2), 1),
        (lambda branch: branch.replace(3, data={"amount": 9}), 2),
        (lambda branch: branch.insert(added(9), after=2), 2),
        (lambda branch: branch.insert(added(9), after=0), 0),
        (lambda branch: branch.append(added(9)), 3),
        (lambda branch: branch.cut(after=2), 2),
        (lambda branch: branch.insert(added(9, id="x"), after=2).drop("x"), 3),
    ],
)
def test_both_are_the_same_up_to_the_first_difference(edit: Any, since: int) -> None:
    """The position of the last event before it."""
    assert edit(Timeline(numbered(1, 2, 3), Balance).branch(0)).divergence.since == since


def test_the_log_and_the_timeline_know_nothing_of_it() -> None:
    """Tip, positions, state and playhead are as they were."""
    log = numbered(1, 2, 3)
    timeline = Timeline(log, Balance, every=1)
    timeline.seek(2)
    before = (log.last, timeline.state, timeline.at(), timeline.position, timeline.snapshots)
    branch = timeline.branch(0).drop(1).replace(2, data={"amount": 50}).append(added(5))
    assert branch.state == 58
    assert (log.last, timeline.state, timeline.at(), timeline.position, timeline.snapshots) == before


def test_what_is_recorded_later_does_not_reach_a_branch() -> None:
    """It was made from the log as it was."""
    log = numbered(1, 2)
    branch = Timeline(log, Balance).branch().append(added(5))
    log.append(added(100))
    assert (branch.state, amounts(branch)) == (8, [1, 2, 5])


@pytest.mark.parametrize("at", [0, 2, 4])
def test_branches_of_branches_are_apart(at: int) -> None:
    """Neither an edit of the child nor one of the parent reaches the other."""
    parent = Timeline(numbered(1, 2, 3, 4), Balance).branch(0).drop(1)
    child = parent.branch(at)
    parent.drop(4)
    child.append(added(40))
    assert (amounts(parent), amounts(child)) == ([2, 3], [2, 3, 4, 40])
    assert child.parent is parent


def test_a_branch_may_begin_at_an_event_that_was_made_up() -> None:
    """All up to it is shared."""
    parent = Timeline(numbered(1, 2), Balance).branch(1).insert(added(5, id="x"), added(6, id="y"))
    child = parent.branch("x").drop("y")
    assert amounts(child) == [1, 5, 2]
    with pytest.raises(BadEdit, match="is shared"):
        child.drop("x")


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda b: b.drop(2), "all up to position 2 is shared"),
        (lambda b: b.replace(1, data={}), "all up to position 2 is shared"),
        (lambda b: b.insert(added(1), after=1), "all up to position 2 is shared"),
        (lambda b: b.cut(after=0), "all up to position 2 is shared"),
        (lambda b: b.drop(9), "Give a position from 1 to 4, or an event's id"),
        (lambda b: b.drop("nobody"), "it has no such event"),
        (lambda b: b.drop(True), "it has no such event"),
        (lambda b: b.drop(None), "it has no such event"),
        (lambda b: b.drop(3).drop(3), "that event was dropped here"),
        (lambda b: b.append(added(1, id="1")), "an event with this id already"),
        (lambda b: b.append(added(1, id="n"), added(1, id="n")), "two of the new events have this id"),
        (lambda b: b.replace(3, id="other"), "is another event"),
    ],
)
def test_edits_that_can_not_be_made(edit: Any, words: str) -> None:
    """Each says what to do instead."""
    branch = Timeline(numbered(1, 2, 3, 4), Balance).branch(2)
    with pytest.raises(BadEdit, match=words):
        edit(branch)
    assert amounts(branch)[:2] == [1, 2]


def test_what_is_no_event_is_refused() -> None:
    """And nothing was edited."""
    branch = Timeline(numbered(1), Balance).branch()
    with pytest.raises(BadEvent):
        branch.append(added(1), "an event")  # type: ignore[arg-type]
    with pytest.raises(BadEvent, match="no attribute"):
        branch.branch(0).replace(1, dat={})
    with pytest.raises(BadPosition):
        Timeline(numbered(1), Balance).branch(2)
    assert amounts(branch) == [1]


def test_made_up_events_get_into_no_log() -> None:
    """Not by appending, not by publishing, not through a live gateway; the plain event does, on purpose."""
    log = numbered(1)
    made_up = list(Timeline(log, Balance).branch().append(added(5, id="x")).events)[-1]
    assert isinstance(made_up, Hypothetical)
    sent: list[Any] = []
    gateways = Gateways(log)
    mail = gateways.update("mail", sent.append)
    for attempt in (log.append, Bus(log).publish, lambda event: gateways.handle(event, lambda _: mail(to="ada"))):
        with pytest.raises(MadeUp, match="has not happened"):
            attempt(made_up)
    assert (log.head, sent) == (1, [])
    assert log.append(made_up.event) == (2,)


def test_a_rehearsal_sends_nothing_and_says_what_it_would_send() -> None:
    """Answers come from the recording; what was never asked is said."""
    log = numbered(1, 2)
    gateways, sent = Gateways(log), list[Any]()
    mail, rate = gateways.update("mail", sent.append), gateways.query("rate", lambda _: 2)

    def book(event: Event) -> None:
        mail(amount=event.data["amount"] * rate("EUR"))

    for event in list(log.read(upto=2)):
        gateways.handle(event, book)
    head, calls = log.head, len(sent)
    branch = Timeline(log, Balance).branch(1).replace(2, data={"amount": 20}).append(added(5, id="x"))
    rehearsal = branch.rehearse(gateways, book)
    assert [message.content["amount"] for message in rehearsal.messages] == [2, 40]
    assert [missing.event for missing in rehearsal.unanswered] == ["money.added"]
    assert (log.head, len(sent)) == (head, calls)


def test_one_subject_costs_its_own_events_alone() -> None:
    """The others are not replayed, neither for a value nor for the whole state."""
    log = a_log(*(added(1, f"s{number % 50}") for number in range(1_000)))
    timeline = Timeline(log, Sums, every=100)
    timeline.at()
    branch = timeline.branch(500).replace(501, data={"amount": 10})
    assert branch.value_of("s0") == Account(29)
    assert branch.cost.applied <= 11
    assert str(branch.diff()) == "[<s0 › amount: 20 → 29>]"
    assert branch.state["s0"] == Account(29)


def test_one_subject_needs_a_model_that_has_subjects_apart() -> None:
    """Neither a model of the whole has, nor one with a rule that touches several keys."""
    for model in (Balance, Accounts):
        with pytest.raises(BadModel):
            Timeline(numbered(1), model).branch().value_of("s0")


def test_the_difference_names_the_subjects() -> None:
    """Also one that is there in one of the two only."""
    log = a_log(added(1, "ada"), added(2, "bob"))
    branch = Timeline(log, Accounts).branch(0).drop(2).append(added(3, "ada"))
    assert str(branch.diff()) == "[<ada › amount: 1 → 4>, <bob: Account(amount=2, note='') → Missing>]"
    other = Timeline(log, Accounts).branch(1).drop(2)
    assert [(d.path, d.left, d.right) for d in branch.diff(other)] == [(("ada", "amount"), 1, 4)]


@given(
    st.lists(st.tuples(st.integers(1, 5), st.sampled_from("abc")), min_size=1, max_size=12),
    st.lists(
        st.tuples(st.sampled_from(["drop", "replace", "insert", "append"]), st.integers(1, 12), st.integers(1, 9))
    ),
    st.integers(1, 4),
    st.booleans(),
)
def test_a_branch_is_as_if_it_had_been_so(
    rows: list[tuple[int, str]], edits: list[tuple[str, int, int]], every: int, charge: bool
) -> None:
    """Its state is the fold of a log that holds its events, by whichever way it was reached."""
    model = Accounts if charge else Sums
    events = [added(amount, subject, id=str(number)) for number, (amount, subject) in enumerate(rows, 1)]
    if charge:
        events.append(Event("money.charged", {"whom": ["a", "c"], "amount": 2}, id="fee"))
    log = a_log(*events)
    timeline = Timeline(log, model, every=every)
    branch = timeline.branch(0)
    for number, (kind, place, amount) in enumerate(edits):
        new = added(amount, "abc"[amount % 3], id=f"new-{number}")
        try:
            if kind == "drop":
                branch.drop(place)
            elif kind == "replace":
                branch.replace(place, data={"amount": amount, "whom": ["b"]})
            elif kind == "insert":
                branch.insert(new, after=place)
            else:
                branch.append(new)
        except BadEdit:
            continue
    twin = a_log(*(event.event for event in branch.events))
    expected = fold(twin, model)
    assert branch.state == expected
    assert diff(timeline.at(), expected) == branch.diff()
    played = list(branch.play())
    assert len(played) == twin.head
    assert not played or played[-1][1] == expected


def test_diff_compares_part_by_part() -> None:
    """Mappings, dataclasses and rows; floats within the tolerance; types that differ are different."""
    left: dict[str, Any] = {"a": [1, 2], "b": Account(1), "c": 1.0, "d": True}
    right: dict[str, Any] = {"a": (1, 3, 4), "b": Account(2), "c": 1.001, "d": 1}
    assert [d.path for d in diff(left, right, tolerance=0.01)] == [("a", 1), ("a", 2), ("b", "amount"), ("d",)]
    assert [d.path for d in diff(left, right)] == [("a", 1), ("a", 2), ("b", "amount"), ("c",), ("d",)]
    assert diff(left, left) == []
    assert str(diff(1, 2)) == "[<state: 1 → 2>]"
