"""The arithmetic of scaling, against counting by hand and against the simulator."""

from __future__ import annotations

import math
import random

import pytest

from eda_workshop import BadSetting
from eda_workshop.simulate.scaling import Flow, hottest, partitions, replaying, smallest_batch, waiting


def test_bytes_and_events() -> None:
    """A million events of 300 bytes a second, three copies, a day."""
    flow = Flow(rate=1_000_000, copies=3, days=1)
    assert (flow.megabytes_a_second, flow.events, flow.terabytes) == (300.0, 86_400_000_000, pytest.approx(77.76))


def test_partitions_keep_their_share_of_rest() -> None:
    """So many that none is busier than asked for; with one less, it would be."""
    for rate, each, busy in ((1_000_000, 30_000, 0.6), (100, 30_000, 0.6), (90_000, 30_000, 1)):
        count = partitions(rate, each, busy=busy)
        assert rate / count <= each * busy
        assert count == 1 or rate / (count - 1) > each * busy


def test_waiting_is_what_a_queue_does() -> None:
    """A queue with random arrivals and even work, event by event, comes to the formula."""
    chance, clock, free, waited = random.Random(3), 0.0, 0.0, 0.0
    for _ in range(200_000):
        clock += chance.expovariate(700)
        waited += max(0.0, free - clock)
        free = max(free, clock) + 0.001
    assert waited / 200_000 == pytest.approx(waiting(700, 1_000), rel=0.05)
    assert waiting(1_200, 1_000) == math.inf


def test_the_hottest_key() -> None:
    """One of many equals has its part; by Zipf the first of three has 6 of 11."""
    assert hottest(200, 0) == pytest.approx(1 / 200)
    assert hottest(3) == pytest.approx(6 / 11)


def test_a_batch_keeps_up() -> None:
    """With the number that is named the writer keeps up, with one less it doesn't; past the price of an event nobody does."""
    count = smallest_batch(10_000, 0.003, 0.00003)
    assert count / (0.003 + count * 0.00003) >= 10_000 > (count - 1) / (0.003 + (count - 1) * 0.00003)
    with pytest.raises(BadSetting):
        smallest_batch(40_000, 0.003, 0.00003)


def test_a_replay_is_shared() -> None:
    """Ten partitions replay in a tenth of the time."""
    assert replaying(9e9, 4e-6) == pytest.approx(10.0)
    assert replaying(9e9, 4e-6, side_by_side=10) == pytest.approx(1.0)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Flow(rate=-1),
        lambda: Flow(rate=1, copies=0),
        lambda: partitions(1, 0),
        lambda: partitions(1, 1, busy=0),
        lambda: hottest(0),
        lambda: replaying(1, 1, side_by_side=0),
    ],
)
def test_wrong_numbers_are_refused(wrong: object) -> None:
    """With the bound that they break."""
    with pytest.raises(BadSetting):
        wrong()  # type: ignore[operator]
