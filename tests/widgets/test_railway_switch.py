"""The railway switch: its numbers, its twins in code, its controls, and what it refuses."""

import pytest
from labelled import control

from eda_workshop import Event, ManualClock, open_log
from eda_workshop.stories.cargo import Freight, voyage
from eda_workshop.widgets import RailwaySwitch
from eda_workshop.widgets.outside import Outside


def call(port):
    return Event("ship.arrived", {"port": port}, id=port, subject="ship/king-roy", occurred="2026-03-03T18:00:00Z")


def marked(state):
    return sum(item.was_in_canada for item in state.cargo.values())


@pytest.fixture
def log():
    made = open_log("memory://", clock=ManualClock("2026-03-06T09:00:00Z", tick=60))
    made.append(*voyage())
    return made


@pytest.fixture
def switch(log):
    return RailwaySwitch(log, Freight, marked, "marked", ready={port: call(port) for port in ("Halifax", "Boston")})


def end(switch):
    return switch.numbers["branch"], switch.numbers["differences"]


def test_the_golden_edits(switch):
    """Another port, or never there: no mark; the departure alone makes no difference."""
    assert end(switch) == (1, 0)
    switch.replace(2, "Boston")
    assert end(switch) == (0, 1)
    switch.reset()
    switch.drop(2)
    switch.drop(3)
    assert end(switch) == (0, 1)
    switch.reset()
    switch.drop(3)
    assert end(switch) == (1, 0)


def test_made_up_events_join_the_branch(switch):
    """In the middle and at the end; each has an id of its own, however often it is taken."""
    switch.insert(3, "Halifax")
    switch.insert(3, "Halifax")
    switch.append("Boston")
    assert switch.numbers["differences"] == 1
    assert "0 dropped and 3 made up" in switch.picture.words


def test_the_outside_is_never_called(switch, log):
    """Counted by the sender itself: five calls when it was live, none since; and the log is as it was."""
    last = log.last
    switch.replace(2, "Boston")
    switch.append("Halifax")
    assert (switch.numbers["calls"], switch.numbers["silent"]) == (0, 6)
    assert (log.last, log.head) == (last, 5)


def test_calls_to_the_outside_would_be_counted(log):
    """The counter is no fixed zero: a service that handles an event live raises it."""
    outside = Outside(log)
    outside.gateways.handle(call("Boston"), outside.handle)
    assert outside.calls == 1


def test_only_what_is_told_is_rehearsed(log):
    """A service that tells the outside of arrivals keeps two messages silent."""
    switch = RailwaySwitch(log, Freight, marked, "marked", tells=lambda e: e.data if e.name == "ship.arrived" else None)
    assert switch.numbers["silent"] == 2


def test_what_is_replayed_begins_at_the_first_edit(switch):
    """Everything before comes from a snapshot."""
    counts = []
    for place in (5, 4, 3):
        switch.drop(place)
        counts.append(switch.numbers["replayed"])
    assert counts == [0, 0, 0]
    switch.reset()
    switch.replace(2, "Boston")
    assert switch.numbers["replayed"] == 4


def test_a_branch_of_a_branch_is_apart(switch):
    """The child begins with its parent's edits; neither sees what the other does later."""
    switch.replace(2, "Boston")
    switch.branch_off()
    assert (switch.numbers["at"], end(switch)) == (2, (0, 1))
    switch.insert(3, "Halifax")
    assert end(switch) == (1, 0)
    switch.show("branch 1")
    assert end(switch) == (0, 1)
    switch.drop(5)
    switch.show("branch 2")
    assert end(switch) == (1, 0)


def test_the_graph_shows_all_branches(switch):
    """With what each comes from, and the switch again afterwards."""
    switch.replace(2, "Boston")
    switch.branch_off()
    words = switch.tree().words
    assert "2 branches of a log of 5 events" in words
    assert "branch 2 from branch 1 at 2" in words
    assert switch.tree(False).words.startswith("Branch at 2")


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda s: s.drop(1), "all up to position 1 is shared"),
        (lambda s: s.drop(9), "it has no such event"),
        (lambda s: s.insert(0, "Boston"), "all up to position 1 is shared"),
        (lambda s: s.replace(2, "Atlantis"), "one of: Halifax, Boston"),
        (lambda s: s.append(""), "one of: Halifax, Boston"),
        (lambda s: s.switch(6), "a position from 0 to 5"),
        (lambda s: s.switch(True), "a position from 0 to 5"),
        (lambda s: s.show("branch 7"), "one of: branch 1"),
    ],
)
def test_what_can_not_be_is_refused(switch, act, said):
    """In the library's words, and the branch is as it was."""
    before = switch.settings
    words = act(switch).words
    assert words.startswith("Refused: ")
    assert said in words
    assert switch.settings == before


def test_edits_have_to_come_after_the_switch(switch):
    """It can't be moved behind an edit, and the control goes back to where it was; before it, it can."""
    switch.replace(2, "Boston")
    control(switch, "Switch at").value = 3
    assert "all up to position 3 is shared" in switch.picture.words
    assert control(switch, "Switch at").value == 1
    control(switch, "Switch at").value = 0
    assert (switch.numbers["at"], switch.numbers["branch"]) == (0, 0)


def test_a_child_can_not_leave_before_its_parent(switch):
    """What is before belongs to the log."""
    switch.branch_off()
    assert "a position from 1 to 5" in switch.switch(0).words


def test_the_controls_do_the_same(switch):
    """Edit, Event, Made up and Apply; Branch and the graph's tick follow what is shown."""
    control(switch, "Edit").value = "replace"
    assert control(switch, "Event").value == 2  # the first behind the switch
    control(switch, "Made up").value = "Boston"
    control(switch, "Apply").click()
    assert end(switch) == (0, 1)
    control(switch, "Branch off").click()
    assert control(switch, "Branch").value == "branch 2"
    control(switch, "Branch").value = "branch 1"
    assert switch.numbers["at"] == 1
    control(switch, "Branch graph").value = True
    assert "2 branches" in switch.picture.words
    control(switch, "Start over").click()
    assert control(switch, "Branch graph").value is False
    assert control(switch, "Event").value == 2
    assert end(switch) == (1, 0)


def test_the_list_of_events_is_that_of_the_branch(switch):
    """What was dropped is gone from it, what was made up is in it and can be dropped by hand."""
    switch.drop(2)
    switch.insert(3, "Halifax")
    places = [place for _, place in control(switch, "Event").options]
    assert places == [0, 1, 3, "made-up-1", 4, 5]
    control(switch, "Edit").value = "drop"
    control(switch, "Event").value = "made-up-1"
    control(switch, "Apply").click()
    assert "1 dropped and 0 made up" in switch.picture.words


def test_behind_the_last_edit(switch):
    """A further branch leaves behind the last edit, at an event that is there."""
    switch.drop(3)
    switch.branch_off()
    assert switch.numbers["at"] == 2
    switch.append("Boston")
    switch.branch_off()
    assert switch.numbers["at"] == 5


def test_an_empty_log_has_one_line_and_nothing_on_it():
    """The switch stands before everything, and a future can be made up."""
    made = RailwaySwitch(open_log("memory://"), Freight, marked, "marked", ready={"Halifax": call("Halifax")})
    made.append("Halifax")
    assert (made.numbers["at"], made.numbers["differences"]) == (0, 1)
