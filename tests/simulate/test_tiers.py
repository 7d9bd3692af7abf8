"""Three tiers against counting by hand: what each can do, what dies with a server, when nothing can be written."""

from __future__ import annotations

from itertools import product

import pytest

from eda_workshop import BadSetting
from eda_workshop.simulate.tiers import SESSIONS, UP, Tiers, serve


def test_enough_servers_answer_all_and_too_few_do_not() -> None:
    """A server does a hundred a second; below that all are answered, above it most wait until they give up."""
    for servers in (1, 2, 4):
        enough, too_much = serve(Tiers(servers, rate=servers * 80)), serve(Tiers(servers, rate=servers * 130))
        assert enough.can[0] == pytest.approx(servers * 100)
        assert (enough.answered, enough.p95 < 0.1) == (1.0, True)
        assert too_much.answered < 0.8


def test_the_store_can_be_the_narrow_place() -> None:
    """Six servers could do six hundred; one replica does 250."""
    assert serve(Tiers(6, 1, rate=400)).answered < serve(Tiers(6, 3, rate=400)).answered == 1.0


def test_a_dead_server_is_one_less_to_do_the_work() -> None:
    """Three of which one is down do what two do."""
    assert serve(Tiers(3, dead_servers=1)).answered == serve(Tiers(2)).answered
    assert serve(Tiers(2, dead_servers=2)).answered == 0.0
    assert serve(Tiers(replicas=2, dead_replicas=2)).answered == 0.0


@pytest.mark.parametrize(("servers", "dead", "lost"), [(3, 1, 200), (4, 1, 150), (6, 6, 600), (5, 0, 0)])
def test_sessions_go_with_the_server_that_keeps_them(servers: int, dead: int, lost: int) -> None:
    """Their share of all; none if the servers keep nothing."""
    assert serve(Tiers(servers, sticky=True, dead_servers=dead)).lost == lost <= SESSIONS
    assert serve(Tiers(servers, dead_servers=dead)).lost == 0


def test_a_majority_writes() -> None:
    """More than half of all replicas, counted one by one."""
    for replicas in range(1, 6):
        for dead in range(replicas + 1):
            assert serve(Tiers(replicas=replicas, dead_replicas=dead)).writes == (2 * (replicas - dead) > replicas)


@pytest.mark.parametrize(("servers", "replicas"), [(1, 1), (2, 3), (3, 4)])
def test_how_often_it_works(servers: int, replicas: int) -> None:
    """Against all ways in which each box is up or down, with their chances added up."""
    total = 0.0
    for boxes in product((True, False), repeat=servers + replicas):
        chance = 1.0
        for box in boxes:
            chance *= UP if box else 1 - UP
        total += chance * (any(boxes[:servers]) and 2 * sum(boxes[servers:]) > replicas)
    assert serve(Tiers(servers, replicas)).works == pytest.approx(total)


@pytest.mark.parametrize(
    "wrong", [{"servers": 0}, {"servers": 7}, {"replicas": 6}, {"rate": 9}, {"dead_servers": 4}, {"dead_replicas": -1}]
)
def test_wrong_settings_are_refused(wrong: dict[str, int]) -> None:
    """With what to give instead."""
    with pytest.raises(BadSetting):
        Tiers(**wrong)  # type: ignore[arg-type]
