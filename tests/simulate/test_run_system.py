"""Systems at work: against closed forms, with faults, and with work that would not end."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eda_workshop.errors import BadSetting, BadSystem
from eda_workshop.simulate import (
    Cut,
    Load,
    Operation,
    Outage,
    Service,
    Slow,
    System,
    ask,
    availability,
    call,
    demand,
    event,
    outages,
    overloaded,
    queue,
    run_system,
    world,
)


def alone(**settings):
    """One service that people ask."""
    return System("alone", [Service("desk", **settings)], [], [Operation("ask", "desk")])


def pair(link, work=0.1, capacity=4, delay=0.0):
    """A web that passes on what it is asked; its own work takes no time."""
    services = [Service("web", 0, None), Service("drive", work, capacity)]
    return System("pair", services, [link], [Operation("share", "web")], delay=delay)


def erlang_wait(rate, mean, places):
    """How long somebody waits in line on average: random arrivals, random work, so many places (Erlang's C)."""
    offered = rate * mean
    tail = offered**places / math.factorial(places) * places / (places - offered)
    waits = tail / (sum(offered**k / math.factorial(k) for k in range(places)) + tail)
    return waits * mean / (places - offered)


# --- against closed forms -------------------------------------------------------------------------


@pytest.mark.parametrize(("rate", "places"), [(5, 1), (8, 1), (24, 3)])
def test_a_queue_waits_as_long_as_theory_says(rate, places):
    """Random arrivals and random work (M/M/c): the mean response is Erlang's, within 4 of 100."""
    run = run_system(
        alone(work=0.1, capacity=places, spread="exponential"), Load(rate, 40_000 / rate * 2, "random"), seed=1
    )
    assert run.all.mean == pytest.approx(0.1 + erlang_wait(rate, 0.1, places), rel=0.04)
    assert run.services["desk"].busy == pytest.approx(rate * 0.1 / places, rel=0.02)


def test_constant_work_waits_half_as_long():
    """Random arrivals and constant work (M/D/1): the wait is half of that with random work."""
    run = run_system(alone(work=0.1, capacity=1), Load(8, 10_000, "random"), seed=2)
    assert run.all.mean - 0.1 == pytest.approx(erlang_wait(8, 0.1, 1) / 2, rel=0.04)


def test_work_within_capacity_waits_for_nobody():
    """Regular arrivals that are further apart than the work takes: each is answered after its work."""
    found = run_system(alone(work=0.1, capacity=1), Load(9, 20)).all
    assert (found.mean, found.slowest, found.answered) == (pytest.approx(0.1), pytest.approx(0.1), 180)


def test_a_chain_takes_the_sum_of_its_parts():
    """Work of each, and one hop there and back for each call."""
    services = [Service(name, 0.01) for name in "abc"]
    system = System("chain", services, [call("a", "b"), call("b", "c")], [Operation("ask", "a")], delay=0.005)
    run = run_system(system, Load(1, 5))
    assert run.all.mean == pytest.approx(3 * 0.01 + 4 * 0.005)
    assert run.messages == {"call": 5 * 4}


@pytest.mark.parametrize("count", [2, 6])
def test_a_chain_is_as_often_up_as_its_parts_together(count):
    """With random outages of each part for its share of the time, answers come as often as the product says."""
    services = [Service(f"s{number}", 0, None, up=0.9) for number in range(count)]
    links = [call(f"s{number}", f"s{number + 1}") for number in range(count - 1)]
    system = System("chain", services, links, [Operation("ask", "s0")], delay=0)
    measured = run_system(system, Load(0.5, 40_000), outages(system, 40_000, mean=5, seed=4)).all.availability
    assert measured == pytest.approx(0.9**count, rel=0.03)
    assert availability(system) == pytest.approx(0.9**count)


@settings(max_examples=25)
@given(
    rate=st.integers(1, 30),
    places=st.integers(1, 4),
    work=st.sampled_from([0, 0.01, 0.05, 0.2]),
    kind=st.sampled_from([call, ask, queue, lambda a, b: event(a, "folder.shared", b)]),
    seed=st.integers(0, 99),
)
def test_nothing_is_lost_or_made_up(rate, places, work, kind, seed):
    """Every request is answered, failed or still waits, and every piece of work is done or still there."""
    system = pair(kind("web", "drive"), work, places)
    run = run_system(system, Load(rate, 10, "random"), [Outage("drive", 3, 2)], seed=seed)
    found = run.all
    assert found.asked == found.answered + found.failed + sum(r.answered is None for r in run.requests)
    drive = run.services["drive"]
    if kind is not call:
        assert drive.handled + run.later >= found.asked
        assert run.dropped == 0
    assert (run.stopped == "") == (run.later == 0 and all(r.answered is not None for r in run.requests))


def test_equal_seeds_give_equal_runs():
    """The same seed repeats everything; another one doesn't. Two systems get the same requests."""
    system = pair(call("web", "drive"))
    load = Load(20, 30, "random")
    one, two, other = (run_system(system, load, seed=seed) for seed in (1, 1, 2))
    assert one.requests == two.requests
    assert one.requests != other.requests
    told = run_system(pair(event("web", "folder.shared", "drive")), load, seed=1)
    assert [r.asked for r in told.requests] == [r.asked for r in one.requests]


# --- who waits, and for what ----------------------------------------------------------------------


def test_a_call_to_what_is_down_is_refused_at_once():
    """Requests of the outage fail, all others are answered; nothing is left over."""
    run = run_system(pair(call("web", "drive"), work=0.01), Load(10, 10), [Outage("drive", 2.05, 3)])
    assert (run.all.answered, run.all.failed) == (70, 30)
    assert run.all.reasons == {"drive is down": 30}
    assert run.all.slowest == pytest.approx(0.01)


def test_what_is_worked_on_falls_with_its_service():
    """A request that is being worked on when its service falls is told so."""
    run = run_system(pair(call("web", "drive"), work=1), Load(1, 2), [Outage("drive", 0.5, 0.1)])
    assert [str(request.failure) for request in run.requests] == ["drive fell", "None"]
    assert run.requests[0].response == 0.5


def test_a_queue_that_is_waited_for_saves_the_work_and_not_the_caller():
    """The caller gives up after its time-out; what it asked for is done all the same, for nobody."""
    run = run_system(pair(ask("web", "drive", timeout=1), work=0.01), Load(1, 10), [Outage("drive", 2.5, 3)])
    assert run.all.failed == 2
    assert run.all.reasons == {"drive took too long": 2}
    assert run.services["drive"].handled == 10


@pytest.mark.parametrize("link", [queue("web", "drive"), event("web", "folder.shared", "drive")])
def test_who_goes_on_does_not_notice(link):
    """Work that is left behind is done when its service is back: late, once each, and nobody failed."""
    run = run_system(pair(link, work=0.01), Load(5, 10), [Outage("drive", 2.05, 3)])
    assert (run.all.answered, run.all.mean, run.services["drive"].handled, run.later) == (50, 0, 50, 0)


def test_events_go_over_the_real_log():
    """Each event is in the log, once, with its source; a listener that was down reads them when it is back."""
    run = run_system(pair(event("web", "folder.shared", "drive"), work=0.01), Load(5, 10), [Outage("drive", 2.05, 3)])
    assert len(run.log) == 50
    assert {(event.name, event.source) for event in run.log} == {("folder.shared", "/web")}
    assert run.services["drive"].worst_lag == pytest.approx(2.2 + 0.65, abs=0.3)
    assert run.log.verify() is None


def test_an_event_that_was_being_handled_comes_again():
    """At least once: what fell with its listener is told again, and handled once in the end."""
    run = run_system(
        pair(event("web", "folder.shared", "drive"), work=0.4, capacity=1), Load(2, 5), [Outage("drive", 1.2, 1)]
    )
    assert (run.services["drive"].handled, run.services["drive"].again, run.later) == (10, 1, 0)


def test_one_event_reaches_all_who_listen():
    """The source says it once; the log holds one event; two services react."""
    links = [event("web", "folder.shared", "drive"), event("web", "folder.shared", "mailer")]
    system = System(
        "two taps", [Service(name) for name in ("web", "drive", "mailer")], links, [Operation("share", "web")]
    )
    run = run_system(system, Load(2, 5))
    assert (len(run.log), run.services["drive"].handled, run.services["mailer"].handled) == (10, 10, 10)


def test_a_reaction_goes_on_by_its_own_links():
    """What a service does after an event is apart from what it does when it is asked, and remembers its cause."""
    links = [event("a", "a.done", "b"), event("b", "b.done", "c", after="a.done")]
    system = System("choreography", [Service(name) for name in "abc"], links, [Operation("work", "a")])
    run = run_system(system, Load(1, 2))
    first, second = list(run.log)[:2]
    assert (second.name, second.causation, second.correlation) == ("b.done", first.id, first.id)
    assert run.services["c"].handled == 2


def test_a_log_that_is_down_stops_those_who_publish():
    """A log kept by a service of its own is needed by every publisher, and by nobody else."""
    services = [Service(name, 0.01) for name in ("web", "log", "mailer")]
    system = System("log", services, [event("web", "folder.shared", "mailer", via="log")], [Operation("share", "web")])
    run = run_system(system, Load(10, 10), [Outage("log", 2.05, 3)])
    assert run.all.reasons == {"log is down": 30}
    assert len(run.log) == 70


def test_callers_that_wait_take_up_places():
    """A slow part makes those slow who wait for it with all their places, also for work that doesn't need it."""
    services = [Service("web", 0.01, 2), Service("mailer", 0.01, 1)]
    operations = [Operation("list", "web"), Operation("share", "web")]
    slow = [Slow("mailer", 0, 100, 200)]
    asked = run_system(System("s", services, [call("web", "mailer", "share")], operations), Load(4, 20, "random"), slow)
    told = run_system(
        System("s", services, [event("web", "folder.shared", "mailer", "share")], operations),
        Load(4, 20, "random"),
        slow,
    )
    assert asked.of("list").mean > 1
    assert told.of("list").mean < 0.02


def test_a_slow_part_is_slow_for_its_time():
    """A factor of ten for two seconds, and then as before."""
    run = run_system(alone(work=0.01), Load(1, 6), [Slow("desk", 1.5, 2, 10)])
    assert [round(r.response, 6) for r in run.requests] == [0.01, 0.01, 0.1, 0.1, 0.01, 0.01]


def test_retries_help_against_short_outages_only_if_they_last():
    """A caller that tries again at once is refused again; one that waits in a queue is not."""
    fault = [Outage("drive", 0.95, 0.1)]
    assert run_system(pair(call("web", "drive", retries=3)), Load(1, 3), fault).all.failed == 1
    assert run_system(pair(ask("web", "drive")), Load(1, 3), fault).all.failed == 0


def test_retries_make_work():
    """A caller that gives up and asks again has the same work done twice."""
    run = run_system(pair(call("web", "drive", timeout=0.5, retries=2), work=0.6, capacity=9), Load(1, 5))
    assert run.all.failed == 5
    assert run.services["drive"].handled == 15


def test_queued_work_that_fails_is_tried_again_and_then_dropped():
    """Retries with a pause in between; when they are used up the work is given up, and counted."""
    services = [Service(name, 0.01) for name in ("web", "drive", "mailer")]
    links = [queue("web", "drive", retries=2), call("drive", "mailer")]
    system = System("poison", services, links, [Operation("share", "web")])
    short = run_system(system, Load(1, 1), [Outage("mailer", 0, 1.5)])
    long = run_system(system, Load(1, 1), [Outage("mailer", 0, 9)])
    assert (short.dropped, short.services["drive"].handled) == (0, 1)
    assert (long.dropped, long.services["mailer"].refused, long.later) == (1, 3, 0)


# --- copies and staleness -------------------------------------------------------------------------


def page():
    """A page that reads from its own copy, and a phone that shares folders; the network between is cut for 10 s."""
    links = [event("phone", "folder.shared", "page", "share")]
    operations = [Operation("list", "page"), Operation("share", "phone")]
    system = System("page", [Service("page", 0), Service("phone", 0)], links, operations, delay=0)
    return run_system(system, Load(20, 30), [Cut("page", "phone", 10, 10)], seed=3)


def test_a_copy_answers_through_a_cut_and_grows_old():
    """Who reads from a copy is always answered; the copy's age is what it has not heard, and 0 again afterwards."""
    run = page()
    assert run.of("list").failed == 0
    assert run.services["page"].stale > 0
    assert 8 < run.services["page"].oldest <= 10
    assert {age for at, age in run.ages["page"] if not 10 <= at <= 20} == {0}
    assert run.later == 0


def test_a_cut_stops_calls_both_ways():
    """Nothing gets through, and the caller is told so."""
    run = run_system(pair(call("web", "drive")), Load(1, 6), [Cut("drive", "web", 1.5, 2)])
    assert run.all.reasons == {"drive can't be reached": 2}


def test_events_on_the_way_when_the_network_is_cut_come_later():
    """What was under way is lost, and the log brings it again: handled once each."""
    system = pair(event("web", "folder.shared", "drive", delay=0.3), work=0.01)
    run = run_system(system, Load(10, 10), [Cut("web", "drive", 2, 3)])
    assert (run.services["drive"].handled, run.later) == (100, 0)
    assert run.services["drive"].again == 3


# --- what would not end ---------------------------------------------------------------------------


def test_a_load_beyond_capacity_is_bounded_and_said():
    """The run stops after its patience and names who is asked for more than it can do."""
    run = run_system(alone(work=0.5, capacity=1), Load(4, 30), patience=10)
    assert run.stopped.startswith(
        "Stopped at 40 s with 40 requests unanswered and 0 pieces of work left: desk is asked"
    )
    assert "desk is asked 4 times a second and can do 2" in run.stopped
    assert overloaded(run.system, Load(4, 30)) == [("desk", 4, 2)]


def test_a_flow_that_goes_in_a_circle_is_stopped_and_said():
    """Two services that answer each other's events would never end."""
    links = [
        event("a", "a.done", "b"),
        event("b", "b.done", "a", after="a.done"),
        event("a", "a.done", "b", after="b.done"),
    ]
    system = System("ping-pong", [Service("a"), Service("b")], links, [Operation("work", "a")])
    run = run_system(system, Load(1, 3))
    assert "has gone through 50 services and comes to no end: … → a → b → a → b → a" in run.stopped
    assert len(run.log) == 50


def test_work_that_doubles_is_stopped_by_its_number(monkeypatch):
    """Where each event causes two more, the chain is short and the work without end: what is open at once is counted as well."""
    monkeypatch.setattr(world, "MOST_AT_ONCE", 1_000)
    links = [
        event("a", "a.done", "b"),
        event("b", "b.done", "c", after="a.done"),
        event("b", "b.done", "d", after="a.done"),
    ]
    links += [event(name, "a.done", "b", after="b.done") for name in "cd"]
    system = System("rabbits", [Service(name, 0) for name in "abcd"], links, [Operation("work", "a")])
    run = run_system(system, Load(1, 1))
    assert "1,000 pieces of work were open at once. Look for a service that is asked for more" in run.stopped


def test_queues_in_a_circle_are_stopped_too():
    """Work that two services leave for each other without end is cut off."""
    system = System(
        "queues", [Service("a"), Service("b")], [queue("a", "b"), queue("b", "a")], [Operation("work", "a")]
    )
    assert "comes to no end" in run_system(system, Load(1, 3)).stopped


def test_what_is_asked_of_each_service_is_counted_along_the_links():
    """Through calls and events, as often as each is reached."""
    links = [call("a", "b"), call("a", "b"), event("b", "b.done", "c", "work"), event("b", "b.done", "d", "work")]
    system = System(
        "count", [Service(name) for name in "abcd"], links, [Operation("work", "a", 3), Operation("look", "a")]
    )
    assert demand(system, Load(4, 1)) == {"a": 4, "b": 8, "c": 6, "d": 6}


def test_a_run_without_requests():
    """A load so light that only the first comes; and numbers of nothing are 0."""
    run = run_system(pair(call("web", "drive")), Load(0.001, 1))
    assert run.between(5, 6).mean == run.between(5, 6).p95 == 0
    assert run.between(5, 6).availability == 1


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda: Load(0), BadSetting),
        (lambda: Load(5, -1), BadSetting),
        (lambda: Load(1e9, 1e9), BadSetting),
        (lambda: Load(spread="often"), BadSetting),
        (lambda: Outage("web", -1, 2), BadSetting),
        (lambda: Slow("web", 1, 2, 0), BadSetting),
        (lambda: run_system(alone(), faults=[Outage("printer", 1, 2)]), BadSystem),
        (lambda: run_system(alone(), faults=[Cut("desk", "printer", 1, 2)]), BadSystem),
        (lambda: run_system(alone(), patience=-1), BadSetting),
    ],
)
def test_bad_conditions_are_refused(make, error):
    """No load of nothing, no fault of a service that isn't there, no time before the beginning."""
    with pytest.raises(error):
        make()
