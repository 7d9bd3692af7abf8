"""Every case that publishes calls the handlers that are due, and a case that does not do its work is found out."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from bench.cases import Case, Work, WrongCount, repeated
from bench.command import GROUPS
from bench.measure import CLOCKS, Trial
from bench.publishing import DictOfLists, publishing
from eda_workshop import Event
from eda_workshop.commands import table

CASES = [
    pytest.param(group.clock, case, id=f"{group.name}: {block.key(case.label)}")
    for group in GROUPS.values()
    for block in group.blocks
    for case in block.cases
    if block.unit == "publish"
]


@pytest.mark.parametrize(("clock", "case"), CASES)
def test_a_case_calls_the_handlers_that_are_due(clock: str, case: Case) -> None:
    """Two cycles of events reach every handler that is due, and no other, in every case."""
    trial = Trial("case", case, CLOCKS[clock])
    try:
        for _ in range(2):
            assert trial.run(trial.whole(1)) > 0
    finally:
        trial.close()


def test_the_command_knows_every_group() -> None:
    """Its help names them without importing any."""
    assert tuple(GROUPS) == table.GROUPS


def test_cases_of_a_group_have_different_names() -> None:
    """No case is lost because another of the group has its name."""
    for group in GROUPS.values():
        assert len(group.cases()) == sum(len(block.cases) for block in group.blocks)


def test_aims_speak_of_cases_that_exist() -> None:
    """Both sides of every aim are measured in the aim's block."""
    for group in GROUPS.values():
        for aim in group.aims:
            assert {f"{aim.block}: {aim.label}", f"{aim.block}: {aim.other}"} - set(group.cases()) <= {
                f"{aim.block}: ms"
            }


class Forgetful(DictOfLists):
    """Drops every tenth event."""

    def run(self, events: Iterable[Event]) -> None:
        super().run(event for number, event in enumerate(events, 1) if number % 10)


class Generous(DictOfLists):
    """Calls handlers of other names too."""

    def publish(self, event: Event) -> None:
        for handlers in self.handlers.values():
            for handler in handlers:
                handler(event)


def _publishing(peer: DictOfLists) -> Work:
    return publishing(peer, [Event("user.signed_up")], {"user.signed_up": 1, "user.left": 0})


def test_a_lost_event_stops_the_run() -> None:
    """A peer that loses one event of ten is named, with both counts."""
    trial = Trial("lossy", Case("x", lambda: _publishing(Forgetful())), CLOCKS["cpu"])
    with pytest.raises(WrongCount) as caught:
        trial.run(20)
    assert (caught.value.case, caught.value.expected, caught.value.actual) == ("lossy", 20, 18)
    assert "18 were counted, not 20" in str(caught.value)


def test_a_call_of_a_handler_that_is_not_due_stops_the_run() -> None:
    """The right total is not enough: a handler that had to stay silent was called."""
    trial = Trial("loud", Case("x", lambda: _publishing(Generous())), CLOCKS["cpu"])
    with pytest.raises(WrongCount) as caught:
        trial.run(5)
    assert (caught.value.expected, caught.value.actual) == (0, 5)


def test_a_replay_that_comes_to_something_else_is_found_out() -> None:
    """One move too few, and the case has failed."""
    trial = Trial("short", Case("x", lambda: repeated(lambda: 9, 10, cycle=10)), CLOCKS["cpu"])
    with pytest.raises(WrongCount) as caught:
        trial.run(10)
    assert (caught.value.expected, caught.value.actual) == (10, 9)
