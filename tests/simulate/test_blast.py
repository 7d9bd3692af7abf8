"""Who falls when this falls, and how often everything is up that is needed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eda_workshop.errors import BadSystem
from eda_workshop.simulate import (
    Blast,
    Operation,
    Service,
    System,
    ask,
    availability,
    blast,
    call,
    event,
    needed,
    queue,
)

TIES = {
    "call": call,
    "queue and wait": ask,
    "queue": queue,
    "event": lambda source, target: event(source, "folder.shared", target),
}


def chain(count, up=0.99):
    """So many services, each of which calls the next."""
    services = [Service(f"s{number}", up=up) for number in range(count)]
    links = [call(f"s{number}", f"s{number + 1}") for number in range(count - 1)]
    return System("chain", services, links, [Operation("ask", "s0")])


@pytest.mark.parametrize(("kind", "stopped"), [("call", 3), ("queue and wait", 3), ("queue", 1), ("event", 1)])
def test_who_waits_falls(kind, stopped):
    """A queue in between saves nobody who waits for the answer; a queue or an event that is left behind does."""
    tie = TIES[kind]
    three = System("three", [Service(name) for name in "abc"], [tie("a", "b"), tie("b", "c")], [Operation("work", "a")])
    assert blast(three, "c").radius == stopped


def test_what_is_in_a_unit_falls_together():
    """A part that crashes takes its unit with it, whatever the links in it are."""
    parts = [Service("web", unit="drive"), Service("mailer", unit="drive"), Service("database")]
    system = System("monolith", parts, [event("web", "folder.shared", "mailer")], [Operation("share", "web")])
    assert blast(system, "mailer") == Blast(("web", "mailer"), (), (), (), ("share",), 1.0)
    assert blast(system, "drive").dead == ("web", "mailer")


def test_what_does_not_need_it_works_on():
    """A service with one operation lost and one left is hurt, not stopped."""
    links = [call("web", "mailer", "share"), call("web", "folders", "list")]
    system = System(
        "two ways",
        [Service(name) for name in ("web", "folders", "mailer")],
        links,
        [Operation("list", "web", 3), Operation("share", "web", 1)],
    )
    assert blast(system, "mailer") == Blast(("mailer",), (), ("web",), (), ("share",), 0.25)


def test_a_log_of_its_own_is_a_part_that_can_fall():
    """Who publishes waits for the log alone; when that is down, the publisher stops and the listeners hear nothing."""
    links = [event("drive", "folder.shared", "mailer", via="log")]
    system = System(
        "with a log", [Service(name) for name in ("drive", "log", "mailer")], links, [Operation("share", "drive")]
    )
    assert needed(system, "share") == {"drive", "log"}
    assert blast(system, "log") == Blast(("log",), ("drive",), (), ("mailer",), ("share",), 1.0)
    assert blast(system, "mailer").behind == ("mailer",)
    assert blast(system, "drive").behind == ("mailer",)


def test_an_optional_call_is_not_needed():
    """A caller that can do without an answer doesn't stop."""
    links = [call("web", "adverts", optional=True)]
    system = System("page", [Service("web"), Service("adverts")], links, [Operation("see", "web")])
    assert blast(system, "adverts").radius == 1
    assert availability(system) == 0.99


def test_a_listener_that_asks_is_hurt_by_those_it_asks():
    """A reaction that calls somebody needs that somebody; the publisher doesn't."""
    links = [event("a", "a.done", "b"), call("b", "c", after="a.done")]
    system = System("reaction", [Service(name) for name in "abc"], links, [Operation("work", "a")])
    assert blast(system, "c") == Blast(("c",), ("b",), (), (), (), 0.0)


@pytest.mark.parametrize(("count", "wanted"), [(2, 0.9801), (4, 0.9606), (6, 0.9415), (8, 0.9227)])
def test_a_chain_is_up_as_often_as_all_of_it(count, wanted):
    """Of n services that wait for one another, each up 99 of 100 times: 0.99 to the n-th power."""
    assert round(availability(chain(count)), 4) == wanted


@given(st.integers(1, 8), st.floats(0.5, 1))
def test_a_unit_counts_once(count, up):
    """Services in one unit are up together, so there is nothing to multiply."""
    apart = chain(count, up)
    together = System(
        "unit", [Service(s.name, up=up, unit="all") for s in apart.services], apart.links, apart.operations
    )
    assert availability(apart) == pytest.approx(up**count)
    assert availability(together) == up


def test_the_whole_load_is_weighed_by_shares():
    """An operation that is asked for three times as often counts three times."""
    links = [call("web", "mailer", "share")]
    operations = [Operation("list", "web", 3), Operation("share", "web", 1)]
    system = System("weighed", [Service("web", up=1), Service("mailer", up=0.8)], links, operations)
    assert availability(system) == pytest.approx(0.95)
    assert availability(system, "share") == 0.8


def test_unknown_names_are_told():
    """What should fall, and what is asked for, must be there."""
    with pytest.raises(BadSystem, match="'printer', which should fall, is no part of it"):
        blast(chain(2), "printer")
    with pytest.raises(BadSystem, match="knows no operation 'print'. Use one of: ask"):
        availability(chain(2), "print")


@given(st.data())
def test_the_blast_is_what_can_be_reached_against_the_arrows(data):
    """Against a search by hand: in random systems of calls, those stop from which the dead one can be reached."""
    count = data.draw(st.integers(2, 7))
    pairs = [(a, b) for a in range(count) for b in range(a + 1, count)]
    chosen = data.draw(st.lists(st.sampled_from(pairs), unique=True))
    links = [call(f"s{a}", f"s{b}") for a, b in chosen] + [call("door", f"s{number}") for number in range(count)]
    services = [Service("door"), *(Service(f"s{number}") for number in range(count))]
    dead = data.draw(st.integers(0, count - 1))
    fallen = {dead}
    for a, b in sorted(chosen, reverse=True):
        fallen |= {a} if b in fallen else set()
    found = blast(System("random", services, links, [Operation("work", "door")]), f"s{dead}")
    assert {*found.dead, *found.stopped} == {f"s{number}" for number in fallen} | {"door"}
    assert found.hurt == ()
