"""What readers are given: logs, lists of events, positions and ids."""

from __future__ import annotations

from typing import Any

import pytest
from accounts import Account, Accounts, Balance, a_log, added

from eda_workshop import (
    BadEdit,
    BadPosition,
    BadSetting,
    Event,
    History,
    MemoryImage,
    Projection,
    Timeline,
    check_determinism,
    fold,
)

EVENTS = [added(1, "ada", id="1"), added(2, "bob", id="2"), added(4, "ada", id="3")]


class WholeNumber:
    """As numpy's: no int, but a whole number."""

    def __init__(self, value: int) -> None:
        self.value = value

    def __index__(self) -> int:
        return self.value


def test_a_list_is_folded_as_a_log_is() -> None:
    """Events that were never recorded count from 1; those of a log keep their positions."""
    log = a_log(*EVENTS)
    for given in (EVENTS, tuple(EVENTS), iter(EVENTS), list(log), log.read()):
        assert fold(given, Balance) == 7  # type: ignore[arg-type]
    assert fold(EVENTS, Balance, 2) == fold(list(log), Balance, upto=2) == 3
    assert fold(EVENTS, Accounts) == {"ada": Account(5), "bob": Account(2)}
    assert fold([], Balance) == 0
    assert fold(list(log.read(subject="ada")), Balance, upto=2) == 1


def test_a_list_as_corrected() -> None:
    """What its events say of each other counts."""
    said = [
        *EVENTS,
        Event("event.rejected", {"event": "2"}),
        Event("event.corrected", {"event": "3", "data": {"amount": 9}}),
    ]
    assert (fold(said, Balance), fold(said, Balance, corrected=True), fold(said, Balance, 4, corrected=True)) == (
        7,
        10,
        5,
    )


@pytest.mark.parametrize("given", ["drive.db", 3, None, [1], {"a": 1}, [EVENTS[0], "x"], Balance])
def test_what_is_no_log_is_refused(given: Any) -> None:
    """At once, and in words."""
    with pytest.raises(BadSetting, match="an event log, or a list of events"):
        fold(given, Balance)


@pytest.mark.parametrize(
    "reader", [Timeline, History, MemoryImage, Projection, lambda log, model: check_determinism(model, log)]
)
@pytest.mark.parametrize("given", ["drive.db", None, EVENTS])
def test_a_reader_needs_a_log(reader: Any, given: Any) -> None:
    """It goes on reading, so a list won't do."""
    with pytest.raises(BadSetting, match=r"an event log: open_log\('drive.db'\)"):
        reader(given, Balance)


def test_a_branch_begins_at_an_event() -> None:
    """Named by its position or its id."""
    timeline = Timeline(a_log(*EVENTS), Balance)
    for corrected in (False, True):
        timeline = Timeline(timeline.log, Balance, corrected=corrected)
        assert timeline.branch("2").at == timeline.branch(2).at == timeline.branch(WholeNumber(2)).at == 2  # type: ignore[arg-type]
        assert timeline.branch("2").cut().state == 3
    with pytest.raises(BadEdit, match="the log has no such event.* or an event's id"):
        timeline.branch("typo")


@pytest.mark.parametrize("corrected", [False, True])
def test_any_whole_number_is_a_position(corrected: bool) -> None:
    """For every reader that takes one."""
    log, two = a_log(*EVENTS), WholeNumber(2)
    timeline: Any = Timeline(log, Balance, corrected=corrected)
    assert timeline.at(two) == timeline.seek(two) == fold(log, Balance, two, corrected=corrected) == 3  # type: ignore[arg-type]
    assert (timeline.position, History(log, Balance).state(known=two)) == (2, 3)  # type: ignore[arg-type]
    assert timeline.branch(two).insert(added(10), after=two).state == 17
    for wrong in (True, 2.0, "2", 4, -1):
        with pytest.raises(BadPosition):
            timeline.at(wrong)
