"""The statistics of the bench, on numbers that were worked out by hand."""

from __future__ import annotations

import doctest

import pytest

from bench import report
from bench.cases import Aim
from bench.report import Spread, ratio, spread


def test_spread_is_median_and_inclusive_quartiles() -> None:
    """The quartiles lie within the values, also where they fall between two of them."""
    assert spread([40, 10, 30, 20]) == Spread(median=25, low=17.5, high=32.5)


def test_spread_of_a_single_round_is_that_round() -> None:
    """One value is its own median and its own quartiles."""
    assert spread([7]) == Spread(median=7, low=7, high=7)


def test_ratio_compares_within_each_round() -> None:
    """A round in which the machine was ten times slower for both does not move the ratio."""
    steady = ratio([20, 200, 20], [10, 100, 10])
    assert steady == Spread(median=2, low=2, high=2)


def test_ratio_is_the_median_of_ratios_not_the_ratio_of_medians() -> None:
    """Medians 30 and 10 would say 3; two of three rounds say less."""
    assert ratio([10, 30, 60], [10, 30, 5]).median == 1


def test_ratio_refuses_rounds_that_do_not_pair() -> None:
    """Every figure needs the reference's figure of the same round."""
    with pytest.raises(ValueError, match="shorter"):
        ratio([1, 2, 3], [1, 2])


@pytest.mark.parametrize(
    ("limit", "measured", "reached"),
    [
        ("at most", 1.69, True),
        ("at most", 1.7, True),
        ("at most", 1.71, False),
        ("at least", 1.69, False),
        ("at least", 1.7, True),
        ("at least", 1.71, True),
    ],
)
def test_aim_is_reached_up_to_and_with_its_bound(
    limit: str,
    measured: float,
    reached: bool,
) -> None:
    """The bound itself still counts, on either side."""
    aim = Aim("1 handler", "ours", limit, 1.7, "theirs")  # type: ignore[arg-type]
    assert aim.reached(measured) is reached


def test_aim_reads_as_a_sentence() -> None:
    """The printed aim names the block, both cases and the bound."""
    aim = Aim("999 patterns", "theirs", "at least", 1000, "ours")
    assert str(aim) == "999 patterns: theirs at least 1,000x ours"


def test_an_aim_may_be_in_milliseconds() -> None:
    """Where nothing is compared, the bound is a time."""
    assert str(Aim("start", "import", "at most", 100, "ms")) == "start: import at most 100 ms"


def test_its_examples_run() -> None:
    """What the docstrings show is what comes."""
    assert doctest.testmod(report).failed == 0
