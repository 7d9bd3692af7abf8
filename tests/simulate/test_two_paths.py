"""Two paths against what is true: exact without accidents, and mended at each run of the batch."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eda_workshop import BadSetting
from eda_workshop.simulate.two_paths import HOUR, UPLOADS, Paths, count, messages


@pytest.mark.parametrize("period", [5, 15, 60])
def test_without_accidents_both_together_are_exact(period: int) -> None:
    """Whenever the batch runs: what it has and what the stream has seen since are all there is."""
    counted = count(Paths(period=period, late=0))
    assert counted.served == counted.truth
    assert counted.truth[0] == 0
    assert counted.truth[HOUR] == UPLOADS
    assert counted.worst == 0


def test_after_a_run_nothing_is_missing_but_what_has_not_come() -> None:
    """By hand: all that occurred before the run and arrives after it, and nothing else; it is never too much."""
    paths = Paths(late=0.5)
    counted, told = count(paths), messages(paths, seed=1)
    assert (max(counted.gaps), min(counted.gaps) < -5) == (0, True)
    for run in counted.runs:
        assert -counted.gaps[run] == sum(each.occurred < run <= each.arrived for each in told) > 0


def test_between_two_runs_the_late_ones_of_closed_times_are_missing() -> None:
    """By hand: what the newest batch could not have, and what of the time after it has not come."""
    paths = Paths(period=20, late=0.5)
    counted, told = count(paths), messages(paths, seed=1)
    for minute in range(20, 40):
        closed = sum(each.occurred < 20 <= each.arrived for each in told)
        underway = sum(20 <= each.occurred < minute <= each.arrived for each in told)
        assert -counted.gaps[minute] == closed + underway


def test_twins_are_counted_by_the_stream_only() -> None:
    """Too much between the runs, exact at each run: the log knows each id once."""
    counted = count(Paths(late=0, twins=1))
    assert min(counted.gaps) == 0
    assert max(counted.gaps) > 10
    assert [counted.gaps[run] for run in counted.runs] == [0, 0, 0, 0]


def test_a_rule_in_one_program_only() -> None:
    """The batch drops the films, and the stream brings them in again until the next run."""
    counted = count(Paths(late=0, changed=True))
    assert counted.truth[HOUR] < UPLOADS
    assert max(counted.gaps) > 0
    assert [counted.gaps[run] for run in counted.runs] == [0, 0, 0, 0]


def test_seeds_reproduce() -> None:
    """Equal seeds, equal hours; the settings change what is told, not what happened."""
    assert count(Paths()) == count(Paths())
    assert count(Paths(), seed=2).truth != count(Paths()).truth
    assert count(replace(Paths(), late=0.9, twins=0.5)).truth == count(Paths()).truth


@pytest.mark.parametrize("wrong", [{"period": 4}, {"period": 61}, {"late": -0.1}, {"late": 2}, {"twins": "x"}])
def test_wrong_settings_are_refused(wrong: dict[str, object]) -> None:
    """With what to give instead."""
    with pytest.raises(BadSetting):
        Paths(**wrong)  # type: ignore[arg-type]
