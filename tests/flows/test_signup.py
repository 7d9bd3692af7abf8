"""One sign-up, built twice: the same facts, and the order written down in one place or in four."""

import pytest

from eda_workshop import Bus, CounterIds, EdaError, ManualClock, open_log
from eda_workshop.bus import find_cycle
from eda_workshop.drive.signup import PARTICIPANTS, choreographed, orchestrated, order_known_by, request
from eda_workshop.flows import find_circles

NAMES = [who.name for who in PARTICIPANTS]


def facts(build, refuses):
    """What the participants said, in order, without what only tells of a refusal."""
    bus = Bus(open_log("memory://", clock=ManualClock()), ids=CounterIds())
    build(bus, refuses=refuses)
    request(bus)
    sources = {f"/{name}" for name in NAMES}
    return [event.name for event in bus.log if event.source in sources and not event.name.endswith(".refused")]


@pytest.mark.parametrize("refuses", ["", *NAMES])
def test_both_ways_leave_the_same_facts(refuses):
    """Whoever refuses: what was done, and what was undone, is the same, in the same order."""
    assert facts(choreographed, refuses) == facts(orchestrated, refuses)


@pytest.mark.parametrize("number", range(len(NAMES)))
def test_what_was_done_is_undone_newest_first(number):
    """Before the one that refuses everything is done, then taken back in reverse; after it nothing is touched."""
    done = [who.done for who in PARTICIPANTS[:number]]
    undone = [who.undone for who in reversed(PARTICIPANTS[:number])]
    assert facts(choreographed, NAMES[number]) == done + undone


def test_where_the_order_is_known():
    """In the choreography each knows its neighbors; with a saga only the saga listens to anybody."""
    bus = Bus(open_log("memory://"))
    choreographed(bus)
    assert set(order_known_by(bus)) == set(NAMES)
    bus = Bus(open_log("memory://"))
    orchestrated(bus)
    assert set(order_known_by(bus)) == {"saga sign_up"}


def test_an_unknown_participant_is_told():
    """Nobody of that name can refuse."""
    with pytest.raises(EdaError, match="one of: accounts, folders, billing, mailer, or nothing"):
        choreographed(Bus(), refuses="printer")


def test_circles_are_found_before_anything_runs():
    """All of them, shortest first, each from its first name; a diamond is none."""
    table = {
        "a": (["x.done"], ["y.done", "z.done"]),
        "b": (["y.done", "z.done"], ["x.done"]),
        "c": (["c.done"], ["c.done"]),
    }
    assert find_circles(table) == (
        ("c.done", "c.done"),
        ("x.done", "y.done", "x.done"),
        ("x.done", "z.done", "x.done"),
    )
    diamond = {"a": (["x.done"], ["y.done", "z.done"]), "b": (["y.done"], ["w.done"]), "c": (["z.done"], ["w.done"])}
    assert find_circles(diamond) == ()
    assert find_cycle([("x.done", "y.done"), ("y.done", "x.done")]) == ("x.done", "y.done", "x.done")


def test_patterns_hear_what_they_match():
    """Only what somebody says can come round; bad names are refused."""
    assert find_circles({"log": (["folder.>"], ["folder.moved"])}) == (("folder.moved", "folder.moved"),)
    assert find_circles({"log": (["user.>"], ["folder.moved"])}) == ()
    with pytest.raises(EdaError):
        find_circles({"log": (["user"], ["folder.moved"])})


def test_very_many_circles_are_bounded():
    """A table in which everything leads to everything is told by twenty of them."""
    names = [f"e{number}.done" for number in range(12)]
    assert len(find_circles({"all": (names, names)})) == 20
