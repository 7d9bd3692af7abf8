"""Every case of every group publishes what it says, and a case that does not is found out."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

import pytest

from eda_workshop.bench.case import Case, Handler, Tally
from eda_workshop.bench.catalog import GROUPS
from eda_workshop.bench.errors import WrongCount
from eda_workshop.bench.measure import CLOCKS, Trial
from eda_workshop.bench.peers import DictOfLists
from eda_workshop.bench.subjects import Publishing
from eda_workshop.event import Event

CALLS = {
    "1 handler": 1,
    "10 handlers": 10,
    "1,000 handlers": 1000,
    "1,000 names, 1 handler each": 1,
    "1 handler, event made on the way": 1,
    "30 patterns, 3 match": 3,
    "999 patterns, 3 match": 3,
    "999 patterns, first sight of a name": 3,
    "names with a handler each": 1,
    "patterns with a handler each": 3,
    "1 async handler": 1,
    "10 async handlers": 10,
}
CASES = [
    pytest.param(group.clock, block.title, case, id=f"{group.name}: {block.key(case.label)}")
    for group in GROUPS.values()
    for block in group.blocks
    for case in block.cases
    if block.unit == "publish"
]


@pytest.mark.parametrize(("clock", "block", "case"), CASES)
def test_case_calls_as_many_handlers_as_its_block_says(clock: str, block: str, case: Case) -> None:
    """Two cycles of events reach every handler that is due, and no other, in every case."""
    trial = Trial(block, case, CLOCKS[clock])
    try:
        times = trial.whole(1)
        assert trial.run(times) > 0
        trial.run(times)
        assert Fraction(trial.delivered, 2 * times) == CALLS[block]
    finally:
        trial.close()


def test_cases_of_a_group_have_different_names() -> None:
    """No case is lost because another of the group has its name."""
    for group in GROUPS.values():
        assert len(group.cases()) == sum(len(block.cases) for block in group.blocks)


def test_aims_speak_of_cases_that_exist() -> None:
    """Both sides of every aim are measured in the aim's block."""
    for group in GROUPS.values():
        for aim in group.aims:
            assert {f"{aim.block}: {aim.label}", f"{aim.block}: {aim.other}"} <= set(group.cases())


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


def _publishing(peer: DictOfLists) -> Publishing:
    return Publishing(peer, [Event("user.signed_up")], {"user.signed_up": 1, "user.left": 0})


def test_lost_event_stops_the_run() -> None:
    """A peer that loses one event of ten is named, with both counts."""
    trial = Trial("lossy", Case("x", lambda: _publishing(Forgetful())), CLOCKS["cpu"])
    with pytest.raises(WrongCount) as caught:
        trial.run(20)
    assert (caught.value.case, caught.value.expected, caught.value.actual) == ("lossy", 20, 18)
    assert "called 18 times, not 20" in str(caught.value)


def test_call_of_a_handler_that_is_not_due_stops_the_run() -> None:
    """The right total is not enough: a handler that had to stay silent was called."""
    trial = Trial("loud", Case("x", lambda: _publishing(Generous())), CLOCKS["cpu"])
    with pytest.raises(WrongCount) as caught:
        trial.run(5)
    assert (caught.value.expected, caught.value.actual) == (0, 5)


def test_tally_shares_a_cycle_between_handlers() -> None:
    """With ten events a cycle, a handler due twice is called six times in three cycles."""
    tally = Tally(cycle=10)
    handler: Handler = tally.handler(due=2)
    for _ in range(6):
        handler("an event")
    tally.check("shared", published=30)
    with pytest.raises(WrongCount):
        tally.check("shared", published=40)
