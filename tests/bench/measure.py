"""Running the cases of a group: each once a round, in shuffled order, proving what it did."""

from __future__ import annotations

import gc
import math
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bench.cases import Case, Group, WrongCount

CLOCKS: dict[str, Callable[[], int]] = {"cpu": time.process_time_ns, "wall": time.perf_counter_ns}


class Trial:
    """A case that is set up: it works on demand, is timed, and must have done its work."""

    def __init__(self, key: str, case: Case, clock: Callable[[], int]) -> None:
        self.key = key
        self.times = 0
        self._case = case
        self._clock = clock
        self._done = 0
        self._work = case.build()

    def run(self, times: int) -> int:
        """Do so many units and return the nanoseconds they took. Raises `WrongCount`."""
        work = self._work.prepare(times)
        start = self._clock()
        own = work()
        elapsed = self._clock() - start
        self._done += times
        wrong = self._work.wrong(self._done)
        if wrong:
            raise WrongCount(self.key, *wrong)
        return elapsed if own is None else own

    def calibrate(self, slice_ns: int) -> None:
        """Warm up, then find how many units fill a slice of time, in whole cycles."""
        self.warm_up()
        times = self.whole(1)
        elapsed = self.run(times)
        while elapsed < slice_ns // 4 and times < self.whole(times * 4):
            times = self.whole(times * 4)
            elapsed = self.run(times)
        self.times = self.whole(times * slice_ns // max(elapsed, 1))

    def warm_up(self) -> None:
        """Do what does not count: at least a cycle, and what the case asks for."""
        for _ in range(math.ceil(self._case.warm / self.whole(1))):
            self.run(self.whole(1))

    def close(self) -> None:
        """Let go of what the work holds."""
        self._work.close()

    def whole(self, times: int) -> int:
        """So many units, but no more than allowed, in whole cycles."""
        allowed = times if self._case.most is None else min(times, self._case.most)
        return max(1, allowed // self._work.cycle) * self._work.cycle


def measure(group: Group, rounds: int, slice_ns: int, seed: int = 2) -> tuple[dict[str, list[float]], dict[str, int]]:
    """Run a group; return each case's nanoseconds a unit by round, and its units a round.

    rounds    how often every case runs, 1 or more
    slice_ns  about how long one case's turn in a round lasts
    seed      of the order within the rounds

    Raises `WrongCount` as soon as a case did not do what it says.
    """
    order = random.Random(seed)
    trials: list[Trial] = []
    try:
        for key, case in group.cases().items():
            trials.append(Trial(key, case, CLOCKS[group.clock]))
            trials[-1].calibrate(slice_ns)
        samples: dict[str, list[float]] = {trial.key: [] for trial in trials}
        for _ in range(rounds):
            with uncollected():
                for trial in order.sample(trials, len(trials)):
                    samples[trial.key].append(trial.run(trial.times) / trial.times)
    finally:
        for trial in trials:
            trial.close()
    return samples, {trial.key: trial.times for trial in trials}


@contextmanager
def uncollected() -> Iterator[None]:
    """Collect garbage now and not within, so that no case pays for what another left behind."""
    was_enabled = gc.isenabled()
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
