"""The statistics of a run: medians, quartiles, and ratios of the same round."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence

import msgspec

Samples = Mapping[str, Sequence[float]]
"""For each case's key, what one publish cost in each round, in nanoseconds."""


class Spread(msgspec.Struct, frozen=True):
    """The middle of some numbers, and the quartiles: half of them lie between low and high."""

    median: float
    low: float
    high: float


def spread(values: Sequence[float]) -> Spread:
    """The median and the quartiles, both ends included. There must be at least one value.

    >>> spread([1, 2, 3, 4, 5])
    Spread(median=3.0, low=2.0, high=4.0)
    """
    if len(values) == 1:
        return Spread(float(values[0]), float(values[0]), float(values[0]))
    low, median, high = statistics.quantiles(values, n=4, method="inclusive")
    return Spread(median, low, high)


def ratio(case: Sequence[float], reference: Sequence[float]) -> Spread:
    """How many times the reference a case costs: the spread of the ratios of the same round.

    Each round runs both within a moment, so whatever else slows the machine down slows both.

    >>> ratio([20, 40, 90], [10, 20, 30])
    Spread(median=2.0, low=2.0, high=2.5)
    """
    return spread([mine / other for mine, other in zip(case, reference, strict=True)])
