"""Deciding: schedules in which others are quicker, and specs that are scored by the wrong desks that they catch."""

from __future__ import annotations

from typing import Any

import pytest

from eda_workshop import Conflict, Event, Query, caught_by, exercises
from eda_workshop.exercises.exercise import Wrong
from eda_workshop.exercises.judge import judge
from eda_workshop.exercises.lesson_16.solutions import answer
from eda_workshop.exercises.lesson_17.busy_log import BusyLog, Stuck, call
from eda_workshop.exercises.lesson_17.other_desks import Forgets, OtherFacts, OtherState, OtherWords, SaysYes
from eda_workshop.stories.desks import WRONG, Desk

EXERCISES = {exercise.id: exercise for exercise in exercises.of(17)}
KILL = EXERCISES["kill_the_mutants"]
SPECS: Any = answer(KILL.solutions[0], KILL.id)


def test_every_wrong_desk_is_caught_and_no_right_one() -> None:
    """The solution's specs catch all eight, and the desks that are wrong in everything of a kind."""
    assert [name for name, mutant in WRONG.items() if not caught_by(SPECS, mutant.decider)] == []
    assert [desk for desk in (SaysYes, Forgets, OtherFacts) if not caught_by(SPECS, desk)] == []
    assert [desk for desk in (Desk, OtherWords, OtherState) if caught_by(SPECS, desk)] == []


def never(decider: object) -> None:
    raise AssertionError


def only_this_desk(decider: object) -> None:
    assert decider is Desk


def only_this_name(decider: type) -> None:
    assert decider.__name__ == "Desk"


@pytest.mark.parametrize("cheat", [never, only_this_desk, only_this_name])
def test_a_spec_that_fails_a_right_desk_counts_nothing(cheat: Any) -> None:
    """Alone it catches nothing, and beside good ones it does no harm."""
    assert judge(KILL, [cheat]).state == "wrong"
    assert judge(KILL, [cheat, *SPECS]).state == "right"


@pytest.mark.parametrize("count", range(len(SPECS) + 1))
def test_six_of_eight_are_enough(count: int) -> None:
    """As many as are caught decide, and nothing else."""
    specs = SPECS[:count]
    caught = sum(bool(caught_by(specs, mutant.decider)) for mutant in WRONG.values())
    assert judge(KILL, specs).state == ("right" if caught >= 6 else "wrong")


def test_many_specs_are_no_endless_loop() -> None:
    """Forty of them are checked to the end, and still judged by what they catch."""
    assert "Your specs catch 4 of 8" in judge(KILL, [SPECS[0], SPECS[2], SPECS[4]] * 13).sentence


def test_a_spec_that_never_ends_is_stopped() -> None:
    """Whatever it claims."""

    def endless(decider: object) -> None:
        while True:
            pass

    assert "does not come to an end" in judge(KILL, [endless]).sentence


def test_others_come_in_between_where_they_should() -> None:
    """Right before an append, and right after a read; each once."""
    log = BusyLog()
    log.after_reads = [lambda: log.others("a.read", {})]
    log.before_appends = [lambda: log.others("a.appended", {})]
    seen = [event.name for event in log.read()]
    with pytest.raises(Conflict):
        log.append(log_event(), after=0, unless=Query("a.appended"))
    assert (seen, [event.name for event in log.all_of("a.*")]) == ([], ["a.read", "a.appended"])
    log.append(log_event(), after=log.head)
    assert (log.head, log.conflicts, log.is_quiet) == (3, 1, True)


def test_conflicts_without_end_are_stopped() -> None:
    """Whatever the function catches, short of everything."""
    log = BusyLog()
    log.others("a.happened", {})

    def stubborn(log: BusyLog) -> None:
        while True:
            try:
                log.append(log_event(), expected=0)
            except Exception:
                continue

    with pytest.raises(Stuck):
        stubborn(log)
    with pytest.raises(Wrong, match="appends again on what is old"):
        call(stubborn, log)


def log_event() -> Event:
    return Event("b.happened")
