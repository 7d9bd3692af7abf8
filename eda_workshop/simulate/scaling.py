"""How far a log carries: bytes, partitions, hot keys, time to replay, time to wait. Arithmetic, no simulation."""

from __future__ import annotations

import math
from dataclasses import dataclass

from eda_workshop.errors import check_number

DAY = 86_400
"""Seconds."""


@dataclass(frozen=True)
class Flow:
    """Events that come in, and how they are kept.

    rate    events a second
    size    bytes of one event as it is stored
    copies  machines that keep it
    days    for how long

    >>> flow = Flow(rate=10_000, size=300)
    >>> flow.megabytes_a_second, flow.terabytes
    (3.0, 94.608)
    """

    rate: float
    size: float = 300
    copies: int = 1
    days: float = 365

    def __post_init__(self) -> None:
        for name in ("rate", "size", "days"):
            check_number(name, getattr(self, name), 0, whole=False)
        check_number("copies", self.copies, 1)

    @property
    def megabytes_a_second(self) -> float:
        """What comes in, before it is copied: MB/s, a million bytes each."""
        return self.rate * self.size / 1e6

    @property
    def events(self) -> float:
        """How many events are kept at last."""
        return self.rate * DAY * self.days

    @property
    def terabytes(self) -> float:
        """What all copies of them take: TB, a million million bytes each."""
        return self.events * self.size * self.copies / 1e12


def partitions(rate: float, each: float, *, busy: float = 0.6) -> int:
    """How many partitions a rate needs, if one does `each` events a second and shall be busy for this share of its time.

    >>> partitions(1_000_000, 30_000)
    56
    """
    check_number("rate", rate, 0, whole=False)
    check_number("each", each, 1e-9, whole=False)
    check_number("busy", busy, 0.01, 1, whole=False)
    return max(1, math.ceil(rate / (each * busy)))


def waiting(rate: float, each: float) -> float:
    """How long an event waits on average before its turn, in seconds, when arrivals are random and each takes as long.

    The formula of Pollaczek and Khinchine for the queue M/D/1; infinite at or above capacity.

    >>> waiting(500, 1_000), waiting(1_000, 1_000)
    (0.0005, inf)
    """
    check_number("rate", rate, 0, whole=False)
    check_number("each", each, 1e-9, whole=False)
    load = rate / each
    return load / (2 * each * (1 - load)) if load < 1 else math.inf


def hottest(keys: int, skew: float = 1.0) -> float:
    """The share of all events that the busiest of so many keys has, 0 to 1, by Zipf's law.

    skew  0: all are equally busy; 1: the tenth does a tenth of what the first does

    >>> round(hottest(1_000_000), 3), hottest(4, 0)
    (0.069, 0.25)
    """
    check_number("keys", keys, 1)
    check_number("skew", skew, 0, whole=False)
    weights = (float(rank) ** -skew for rank in range(1, keys + 1))
    return 1 / math.fsum(weights)


def replaying(events: float, seconds: float, *, side_by_side: int = 1) -> float:
    """How many hours a replay takes, if one event takes so many seconds, on so many partitions side by side.

    >>> replaying(1_000_000_000, 4e-6)
    1.1111111111111112
    """
    check_number("events", events, 0, whole=False)
    check_number("side_by_side", side_by_side, 1)
    return events * seconds / side_by_side / 3_600


def smallest_batch(rate: float, fixed: float, each: float) -> int:
    """How many events one append must have at least, so that a writer who waits for each append keeps up with a rate.

    fixed  seconds that an append takes, however small
    each   seconds that each event in it takes

    Raises `BadSetting` for a rate that no batch reaches: one event alone would take longer than it has.

    >>> smallest_batch(10_000, 0.003, 0.00003)
    43
    """
    check_number("rate", rate, 0, 1 / each - 1e-9, whole=False)
    return max(1, math.ceil(rate * fixed / (1 - rate * each)))
