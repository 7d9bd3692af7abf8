"""Notification against carried state: what is counted on the bus is what the arithmetic says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eda_workshop.errors import BadSetting
from eda_workshop.simulate.carried import Scenario, run_traffic, run_updates

scenarios = st.builds(
    Scenario,
    events=st.integers(1, 40),
    consumers=st.integers(1, 4),
    small=st.integers(30, 200),
    full=st.integers(100, 1000),
    down_at=st.integers(1, 50),
    down_for=st.integers(0, 50),
)


def seconds_cut_off(plan):
    """How many seconds of the scenario the source was cut off."""
    return max(0, min(plan.events, plan.down_at + plan.down_for - 1) - plan.down_at + 1)


def test_the_golden_numbers():
    """100 events, 4 consumers, 40 or 900 bytes."""
    told, carried = (run_traffic(Scenario(), carried=way) for way in (False, True))
    assert (told.bus_bytes, told.callbacks, told.callback_bytes) == (16_000, 400, 360_000)
    assert (carried.bus_bytes, carried.callbacks, carried.callback_bytes) == (360_000, 0, 0)


@given(scenarios)
def test_a_notification_costs_callbacks(plan):
    """Small payloads for all, one callback for each letter, and answers while the source can be reached."""
    bill, cut = run_traffic(plan, carried=False), seconds_cut_off(plan)
    assert bill.bus_bytes == plan.events * plan.consumers * plan.small
    assert bill.callbacks == plan.events * plan.consumers
    assert bill.failed == cut * plan.consumers
    assert bill.callback_bytes == (plan.events - cut) * plan.consumers * plan.full
    assert (bill.stale, bill.oldest) == (0, 0)


@given(scenarios)
def test_carried_state_costs_bytes_and_age(plan):
    """Full payloads for all, no callback, nothing fails; while the source is cut off the copies grow old."""
    bill, cut = run_traffic(plan, carried=True), seconds_cut_off(plan)
    assert bill.bus_bytes == plan.events * plan.consumers * plan.full
    assert (bill.callbacks, bill.callback_bytes, bill.failed) == (0, 0, 0)
    assert (bill.stale, bill.oldest) == (cut * plan.consumers, cut)


def test_second_by_second():
    """Failures pile up and stay; the copy's age climbs and is nothing again when the source is back."""
    plan = Scenario(events=6, consumers=2, down_at=3, down_for=2)
    assert run_traffic(plan, carried=False).failures == (0, 0, 2, 4, 4, 4)
    assert run_traffic(plan, carried=True).ages == (0, 0, 1, 2, 0, 0)


def test_a_callback_gives_the_state_now():
    """Who is slower than the updates and asks, notes the last value twice; who is told, each."""
    assert run_updates(carried=False, gap=1, behind=3) == [30, 30]
    assert run_updates(carried=True, gap=1, behind=3) == [20, 30]
    assert run_updates(carried=False, gap=1, behind=0.5) == [20, 30]


@given(st.lists(st.integers(-99, 99), min_size=1, max_size=8), st.floats(0.5, 10), st.floats(0, 10))
def test_who_is_told_misses_nothing(values, gap, behind):
    """However slow; and who asks ends at the truth as well."""
    assert run_updates(tuple(values), carried=True, gap=gap, behind=behind) == values
    assert run_updates(tuple(values), carried=False, gap=gap, behind=behind)[-1] == values[-1]


@pytest.mark.parametrize(
    "wrong", [{"events": 0}, {"consumers": 9}, {"small": 10}, {"full": 50}, {"down_at": 0}, {"down_for": -1}]
)
def test_a_scenario_out_of_range_is_refused(wrong):
    """The error names the number."""
    with pytest.raises(BadSetting, match=next(iter(wrong))):
        Scenario(**wrong)
