"""Traces: what caused what, as a tree, as a graph, and the graph's cycles."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eda_workshop import Bus, Event, NoLog, causes, find_cycle, open_log
from eda_workshop.bus import bus as module
from eda_workshop.log import EventLog


@pytest.fixture
def story(logged: Bus) -> Bus:
    """A sign-up that makes a folder and sends a mail; the folder is shared; a stranger comes between."""
    mailer, folders = logged.subscriber("mailer"), logged.subscriber("folders")
    mailer.on("user.signed_up", lambda event: logged.publish("email.sent", subject=event.subject))
    folders.on("user.signed_up", lambda event: logged.publish("folder.created", subject="folder/1"))
    folders.on("folder.created", lambda event: logged.publish("folder.shared"))
    logged.publish("user.signed_up", subject="user/ada")
    logged.publish("stranger.came")
    return logged


def test_a_trace_shows_each_event_under_its_cause(story: Bus) -> None:
    """One conversation, in the order of causes, with who got what."""
    trace = story.trace("evt-0001")
    assert str(trace) == repr(trace)
    assert str(trace).splitlines() == [
        "1 user.signed_up user/ada → mailer, folders",
        "   2 email.sent user/ada → nobody",
        "   3 folder.created folder/1 → folders",
        "      4 folder.shared → nobody",
    ]
    assert [(line.event.position, line.depth) for line in trace.lines] == [(1, 0), (2, 1), (3, 1), (4, 2)]


def test_any_event_of_a_conversation_leads_to_it(story: Bus, log: EventLog) -> None:
    """Its correlation is what counts; a conversation that nobody had is empty."""
    for event in log.read(upto=4):
        assert story.trace(event).lines == story.trace("evt-0001").lines
    assert str(story.trace("nobody")) == ""


def test_a_trace_needs_a_log(bus: Bus) -> None:
    """Without one nothing is remembered."""
    with pytest.raises(NoLog):
        bus.trace("1")


def test_who_got_it_is_remembered_for_a_while(logged: Bus, monkeypatch: pytest.MonkeyPatch) -> None:
    """The memory is bounded: of older events, and of those of other writers, the receivers are unknown."""
    monkeypatch.setattr(module, "REMEMBERED", 2)
    logged.subscriber("a").on("a.b", lambda event: None)
    for _ in range(4):
        logged.publish("a.b", correlation="talk")
    assert logged.log is not None
    logged.log.append(Event("x.y", correlation="talk"))
    assert str(logged.trace("talk")).splitlines() == ["1 a.b", "2 a.b", "3 a.b → a", "4 a.b → a", "5 x.y"]
    assert [logged.receivers(event) for event in logged.log] == [None, None, ("a",), ("a",), None]


def test_failures_and_misses_are_no_receipt(logged: Bus) -> None:
    """Only who was done with it got it."""
    logged.subscriber("fails", on_error="park").on("a.b", lambda event: 1 / 0)
    logged.subscriber("works").on("a.b", lambda event: None)
    assert logged.receivers(logged.publish("a.b").event) == ("works",)


def test_odd_causes_hide_no_event(logged: Bus, log: EventLog) -> None:
    """An event that names itself, a later one, or nobody as its cause stands at the root."""
    log.append(
        Event("a.self", id="1", causation="1", correlation="c"),
        Event("a.early", id="2", causation="3", correlation="c"),
        Event("a.late", id="3", causation="2", correlation="c"),
        Event("a.lost", id="4", causation="gone", correlation="c"),
    )
    assert [(line.event.id, line.depth) for line in logged.trace("c").lines] == [("1", 0), ("2", 0), ("3", 1), ("4", 0)]
    assert causes(log) == {("a.early", "a.late"): 1}


def test_causes_counts_edges(story: Bus, log: EventLog) -> None:
    """From name to name, how often; what begins a conversation is nobody's effect."""
    story.publish("user.signed_up")
    assert causes(log) == {
        ("user.signed_up", "email.sent"): 2,
        ("user.signed_up", "folder.created"): 2,
        ("folder.created", "folder.shared"): 2,
    }


def test_a_cycle_is_found_with_its_chain() -> None:
    """It begins and ends with its first name, in alphabetical order of its first; without one there is none."""
    assert find_cycle([]) == ()
    assert find_cycle([("a.x", "b.x"), ("b.x", "c.x"), ("a.x", "c.x")]) == ()
    assert find_cycle({("c.x", "a.x"): 1, ("a.x", "b.x"): 2, ("b.x", "c.x"): 1}) == ("a.x", "b.x", "c.x", "a.x")
    assert find_cycle([("a.x", "a.x")]) == ("a.x", "a.x")


edges = st.lists(st.tuples(st.sampled_from("abcde"), st.sampled_from("abcde")), max_size=10)


@given(edges)
def test_a_found_cycle_is_one(edges: list[tuple[str, str]]) -> None:
    """Each step is an edge; and none is found exactly when walking along the edges always ends."""
    cycle = find_cycle(edges)
    assert set(pairwise(cycle)) <= set(edges)
    if cycle:
        assert cycle[0] == cycle[-1] == min(cycle)
    reachable = {(a, b) for a, b in edges}
    for _ in range(5):
        reachable |= {(a, d) for a, b in reachable for c, d in edges if b == c}
    assert bool(cycle) == any(a == b for a, b in reachable)


def test_a_trace_of_a_long_chain_does_not_recurse() -> None:
    """Ten thousand events that cause one another are walked like three."""
    log = open_log()
    log.append(*(Event("a.b", id=str(n), causation=str(n - 1), correlation="c") for n in range(10_000)))
    assert Bus(log).trace("c").lines[-1].depth == 9_999
