"""A temporal property as regions of the plane of its two times, and how a value looks there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Any, Final

from eda_workshop.replay import TemporalProperty, Unknown
from eda_workshop.show import palette


@dataclass(frozen=True)
class Region:
    """A rectangle of the plane with one value, half-open: actual time from `left` to `right`, record from `low` to `high`."""

    left: datetime
    right: datetime
    low: datetime
    high: datetime
    value: Any


def regions_of(value: TemporalProperty, first: datetime, last: datetime) -> list[Region]:
    """The plane from `first` to `last`, exclusive, on both axes, without gap or overlap; from below, then from the left.

    >>> salary = TemporalProperty().put("2026-01-01T00:00:00Z", 6000, "2026-01-01T00:00:00Z")
    >>> first, last = (datetime.fromisoformat(f"2026-0{month}-01T00:00:00Z") for month in (1, 3))
    >>> [region.value for region in regions_of(salary, first, last)]
    [6000]
    """
    lines = sorted({first, last, *(record for record in value.records if first < record < last)})
    found: list[Region] = []
    for low, high in pairwise(lines):
        for region in _band(value, first, last, low, high):
            _add(found, region)
    return found


def _band(value: TemporalProperty, first: datetime, last: datetime, low: datetime, high: datetime) -> list[Region]:
    """What was believed from one record time to the next, from left to right."""
    believed = value.history(low)
    starts = sorted({first, last, *(period.start for period in believed if first < period.start < last)})
    return [Region(left, right, low, high, value.at(left, low)) for left, right in pairwise(starts)]


def _add(found: list[Region], region: Region) -> None:
    """Add a region, or let the one below it grow if it says the same of the same time."""
    for index, other in enumerate(found):
        same = (other.left, other.right, other.value) == (region.left, region.right, region.value)
        if same and other.high == region.low:
            found[index] = replace(other, high=region.high)
            return
    found.append(region)


@dataclass(frozen=True)
class Look:
    """How a value looks: its paper, the color of its lines, and their pattern, which differs from value to value."""

    face: str
    ink: str
    hatch: str


NOWHERE: Final = Look("#ffffff", "#c9ced4", "....")
"""The look of what is not known."""

_COLORS = (palette.LOG, palette.EVENT, palette.SUBSCRIBER, palette.HYPOTHETICAL, palette.PUBLISHER)
_HATCHES = ("", "///", "\\\\\\", "xx", "--", "||", "++", "oo", "//")


def looks_of(regions: Sequence[Region]) -> dict[Any, Look]:
    """A look for each value, in the order in which they became known."""
    values = dict.fromkeys(region.value for region in regions if region.value is not Unknown)
    looks = {
        value: Look(_tint(_COLORS[i % len(_COLORS)], 0.28), _tint(_COLORS[i % len(_COLORS)], 0.6), _HATCHES[i % 9])
        for i, value in enumerate(values)
    }
    return {Unknown: NOWHERE, **looks}


def _tint(color: str, share: float) -> str:
    """The color on white paper, so thin that ink stays readable on it."""
    parts = (int(color[place : place + 2], 16) for place in (1, 3, 5))
    return "#" + "".join(f"{round(255 - (255 - part) * share):02x}" for part in parts)
