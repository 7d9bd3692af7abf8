"""Eight ways to build the drive, under the same load and the same outages."""

import pytest

from eda_workshop.simulate import Load, Outage, Slow, availability, blast, run_system
from eda_workshop.simulate.architectures import ARCHITECTURES, OPERATIONS, PARTS

LOAD = Load(10, 60)
SYSTEMS = {name: each.system for name, each in ARCHITECTURES.items()}


@pytest.fixture(scope="module")
def outage():
    """Each architecture while its mailer is down from 20 to 35 s."""
    return {name: run_system(system, LOAD, [Outage("mailer", 20, 15)], seed=1) for name, system in SYSTEMS.items()}


@pytest.mark.parametrize("system", SYSTEMS.values(), ids=list(SYSTEMS))
def test_without_faults_everybody_is_answered(system):
    """The same 600 requests, all answered, nothing left to do, and no operation missing."""
    run = run_system(system, LOAD, seed=1)
    assert (run.all.asked, run.all.answered, run.later, run.stopped) == (600, 600, 0, "")
    assert system.operations == OPERATIONS
    assert {service.name for service in system.services} <= set(PARTS)


@pytest.mark.parametrize("system", SYSTEMS.values(), ids=list(SYSTEMS))
def test_the_same_mails_are_sent(system):
    """However it is built, one mail for each share and each sign-up."""
    run = run_system(system, LOAD, seed=1)
    assert run.services["mailer"].handled == run.of("share").asked + run.of("sign up").asked


def test_deployment_and_distribution_are_two_axes():
    """One unit on one machine, one unit beside others on two and three, many units."""
    units = {name: len(system.units) for name, system in SYSTEMS.items()}
    machines = {name: len(system.machines) for name, system in SYSTEMS.items()}
    assert [(units[name], machines[name]) for name in ("one tier", "two tiers", "three tiers, monolith")] == [
        (1, 1),
        (2, 2),
        (3, 3),
    ]
    assert units["modular monolith"] == 3
    assert units["microlith"] == units["event-driven"] == 7


def test_the_failure_test_decides():
    """Who falls with the mailer: everything in a monolith, those who wait in a microlith, nobody who only told."""
    radius = {name: blast(system, "mailer").radius for name, system in SYSTEMS.items()}
    assert radius["microlith"] == radius["microservices by request"] == 5
    assert radius["event-driven"] == 1
    assert radius["three tiers, monolith"] == radius["modular monolith"] == 6


def test_a_queue_in_the_middle_changes_the_waiting_and_not_the_radius(outage):
    """The microlith's requests fail as often as those of direct calls, only later."""
    assert outage["microlith"].all.failed == outage["microservices by request"].all.failed == 35
    assert all("took too long" in reason for reason in outage["microlith"].all.reasons)


def test_events_cost_messages_and_save_answers(outage):
    """Nobody fails in the outage; the price is more messages than by request, and mails that come late."""
    told, asked = outage["event-driven"], outage["microservices by request"]
    assert told.all.failed == 0
    assert told.services["mailer"].worst_lag > 10
    assert told.later == 0
    assert sum(told.messages.values()) > sum(asked.messages.values())


def test_a_slow_part_reaches_only_those_who_wait():
    """A mailer that takes ten times as long makes the monolith's shares fail, and not those of a modular one."""
    slow = [Slow("mailer", 10, 30, 10)]
    whole = run_system(SYSTEMS["three tiers, monolith"], LOAD, slow, seed=1)
    modular = run_system(SYSTEMS["modular monolith"], LOAD, slow, seed=1)
    assert whole.of("share").failed > 0
    assert modular.of("share").failed == 0
    assert modular.of("share").slowest < 0.2


def test_the_page_with_a_copy_can_be_read_while_the_server_is_away(outage):
    """Its lists are all answered in the outage of the server; what changes something isn't."""
    page = outage["single page with a local copy"]
    assert page.of("list").failed == 0
    assert page.of("share").failed > 0


def test_more_units_in_line_are_less_often_up():
    """The microlith needs the most units at once; the event-driven one fewer, though it has as many."""
    up = {name: availability(system) for name, system in SYSTEMS.items()}
    assert min(up, key=up.__getitem__) == "microlith"
    assert up["event-driven"] > up["microservices by request"] > up["microlith"]
