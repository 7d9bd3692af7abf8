"""How a run is made, on a clock that only moves when an event is published."""

from __future__ import annotations

import gc
from collections.abc import Callable

import pytest

from bench import measure as module
from bench.cases import Block, Case, Group, Work, WrongCount
from bench.measure import Trial, measure, uncollected


class Clockwork:
    """A clock in nanoseconds, and a diary of who published how much."""

    def __init__(self) -> None:
        self.now = 0
        self.diary: list[tuple[str, int]] = []
        self.closed: list[str] = []

    def __call__(self) -> int:
        return self.now

    def case(
        self, label: str, ns: int, *, cycle: int = 1, most: int | None = None, warm: int = 1, good: bool = True
    ) -> Case:
        """A case that takes so long for each event, and ten times as long for the very first."""
        return Case(label, lambda: self._work(label, ns, cycle, good), most=most, warm=warm)

    def _work(self, label: str, ns: int, cycle: int, good: bool) -> Work:
        first = [9 * ns]

        def prepare(times: int) -> Callable[[], None]:
            def work() -> None:
                self.diary.append((label, times))
                self.now += ns * times + (first.pop() if first else 0)

            return work

        return Work(prepare, lambda times: None if good else (times, 0), cycle, lambda: self.closed.append(label))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clockwork:
    """A clockwork that stands in for the processor's time."""
    clockwork = Clockwork()
    monkeypatch.setitem(module.CLOCKS, "cpu", clockwork)
    return clockwork


def _group(*cases: Case) -> Group:
    return Group("demo", "Demo", "Nothing.", "cpu", (Block("block", cases),))


def test_calibration_fills_the_slice_and_ignores_the_slow_start(clock: Clockwork) -> None:
    """At 100 ns an event, 10,000 ns take 100 events, whatever the first one cost."""
    trial = Trial("x", clock.case("x", 100), clock)
    trial.calibrate(10_000)
    assert trial.times == 100


def test_calibration_keeps_whole_cycles(clock: Clockwork) -> None:
    """Three events a cycle make 99 of 100; a cycle longer than the slice is run once."""
    short, long = (Trial("x", clock.case("x", 100, cycle=size), clock) for size in (3, 1000))
    short.calibrate(10_000)
    long.calibrate(10_000)
    assert (short.times, long.times) == (99, 1000)


def test_warm_up_publishes_what_a_case_asks_for_in_whole_cycles(clock: Clockwork) -> None:
    """Seven events of warm-up take three cycles of three, before anything else."""
    trial = Trial("x", clock.case("x", 100, cycle=3, warm=7), clock)
    trial.warm_up()
    assert clock.diary == [("x", 3), ("x", 3), ("x", 3)]


def test_calibration_stops_at_what_a_case_allows(clock: Clockwork) -> None:
    """A case that may publish 7 events at most is not asked for more."""
    trial = Trial("x", clock.case("x", 100, most=7), clock)
    trial.calibrate(10_000)
    assert trial.times == 7
    assert max(times for _, times in clock.diary) == 7


def test_run_measures_nanoseconds_for_each_publish(clock: Clockwork) -> None:
    """The samples are the cost of one event, one sample a round, without the slow start."""
    samples, times = measure(_group(clock.case("a", 100), clock.case("b", 250)), 3, 10_000)
    assert samples == {"block: a": [100] * 3, "block: b": [250] * 3}
    assert times == {"block: a": 100, "block: b": 40}


def test_every_case_runs_once_a_round_in_changing_order(clock: Clockwork) -> None:
    """Rounds hold all cases, not always in the same order, and the same seed repeats the run."""
    cases = [clock.case(label, 100) for label in "abc"]
    orders = []
    for _ in range(2):
        clock.diary.clear()
        measure(_group(*cases), 6, 10_000)
        tail = [label for label, _ in clock.diary[-18:]]
        orders.append([tuple(tail[start : start + 3]) for start in range(0, 18, 3)])
    assert all(sorted(order) == ["a", "b", "c"] for order in orders[0])
    assert len(set(orders[0])) > 1
    assert orders[0] == orders[1]


def test_everything_is_closed_when_a_run_breaks_off(clock: Clockwork) -> None:
    """A wrong count ends the run, and what was set up is let go of."""
    with pytest.raises(WrongCount):
        measure(_group(clock.case("a", 100), clock.case("b", 100, good=False)), 1, 10_000)
    assert clock.closed == ["a", "b"]


def test_work_may_time_itself(clock: Clockwork) -> None:
    """What it returns counts, not what the clock says."""
    trial = Trial("x", Case("x", lambda: Work(lambda times: lambda: 7, lambda times: None)), clock)
    assert trial.run(1) == 7


def test_garbage_collection_is_off_within_a_round_only() -> None:
    """The collector's state comes back, whichever it was."""
    was_enabled = gc.isenabled()
    try:
        for state in (True, False):
            (gc.enable if state else gc.disable)()
            with uncollected():
                assert not gc.isenabled()
            assert gc.isenabled() is state
    finally:
        (gc.enable if was_enabled else gc.disable)()
