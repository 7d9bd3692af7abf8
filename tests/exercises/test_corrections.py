"""What the exercises of lesson 14 ask for is what the engine does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from eda_workshop import Event, History, ManualClock, Message, Model, applies, fold, open_log, outbound_diff, reverses
from eda_workshop.exercises.lesson_14 import outbox, steps, three_letters
from eda_workshop.stories.cargo import Freight
from eda_workshop.values import freeze

START = datetime(2026, 3, 1, tzinfo=UTC)


class Sum(Model):
    """A sum that can be undone."""

    initial = 0

    @staticmethod
    @applies("number.added")
    def added(total: int, event: Event) -> int:
        return total + int(event.data["number"])

    @staticmethod
    @reverses("number.added")
    def taken_away(total: int, event: Event, _: None) -> int:
        return total - int(event.data["number"])


def added(minutes: float) -> Event:
    """An event so many minutes after the start."""
    return Event("number.added", {"number": 1}, occurred=START + timedelta(minutes=minutes))


@pytest.mark.parametrize(("n", "kept", "every"), [(100, 75, 25), (100, 60, 50), (90, 70, 50), (10, 2, 100), (6, 0, 4)])
def test_the_steps_are_those_of_a_plan(n: int, kept: int, every: int) -> None:
    """For a late event, with snapshots at every so many events; stale ones are among them."""
    log = open_log("memory://", clock=ManualClock(START + timedelta(days=1)))
    log.append(*(added(minute) for minute in range(1, n + 1)))
    plan = History(log, Sum, every=every).late(added(kept + 0.5))
    costs = steps.right(n, kept, tuple(range(0, n + 1, every)))
    assert costs == {way: plan.costs[way] for way in ("rebuild", "rewind")}


def test_one_case_is_a_tie_and_in_others_each_way_is_cheaper() -> None:
    """Or nobody could tell a right comparison from a wrong one."""
    differences = [costs["rebuild"] - costs["rewind"] for costs in (steps.right(*case) for case in steps.CASES)]
    assert min(differences) < 0 < max(differences)
    assert 0 in differences


@pytest.mark.parametrize("case", outbox.CASES, ids=range(len(outbox.CASES)))
def test_the_outbox_is_the_difference_of_messages(case: outbox.Case) -> None:
    """As the gateways compare them."""
    sent, should = ([Message("mail", freeze(mail), "1") for mail in mails] for mails in (case.sent, case.should))
    found = outbound_diff(sent, should)
    assert [message.content for message in found["missing"]] == list(case.to_send)
    assert [message.content for message in found["wrong"]] == list(case.to_retract)


def test_the_letters_change_what_the_freight_comes_to() -> None:
    """Each one does: the mark by the first two together, where the ship lies by the third."""
    log = open_log("memory://", clock=ManualClock(START + timedelta(days=9)))
    log.append(*(Event(name, data, occurred=occurred) for occurred, name, data in three_letters.TRUE))
    believed, true = three_letters.voyage().state(), fold(log, Freight)
    assert (believed.ship, believed.cargo["books"].was_in_canada) == ("at sea", False)
    assert (true.ship, true.cargo["books"].was_in_canada) == ("San Francisco", True)
