"""The cases of log and replay, on short histories: each does its work."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from bench import appending, histories, replaying, starting
from bench.cases import Case, Work, WrongCount
from bench.measure import CLOCKS, Trial

COUNT = 2_000


def work_twice(build: Callable[[], Work]) -> None:
    """Two cycles, each proved."""
    trial = Trial("case", Case("x", build), CLOCKS["wall"])
    try:
        for _ in range(2):
            trial.run(trial.whole(1))
    finally:
        trial.close()


@pytest.mark.parametrize(
    "build",
    [
        replaying.whole_kit,
        replaying.whole_bare,
        replaying.whole_library,
        replaying.one_kit,
        replaying.one_library,
        replaying.from_nothing,
        partial(replaying.at_random, every=100),
        replaying.correct,
    ],
)
def test_every_replay_comes_to_the_same_story(build: Callable[[int], Work], monkeypatch) -> None:
    """All of them count as many moves as the story has, twice."""
    monkeypatch.setattr(histories, "SUBJECTS", 20)
    monkeypatch.setattr(replaying, "CHOSEN", 10)
    work_twice(lambda: build(COUNT))


@pytest.mark.parametrize("batch", [1, 10])
@pytest.mark.parametrize("build", [appending.floor, appending.bare, appending.kit, appending.library])
def test_every_append_is_there(build: Callable[[int], Work], batch: int) -> None:
    """So many were appended, so many are counted, in any batch."""
    work_twice(lambda: build(batch))


@pytest.mark.parametrize(
    "build",
    [
        partial(appending.threads, 4),
        partial(appending.grown_kit, COUNT, 1_000),
        partial(appending.grown_kit, COUNT, 1),
        partial(appending.conditional, COUNT, 2 * COUNT),
        partial(appending.library, 1_000, COUNT),
    ],
)
def test_those_of_threads_and_those_on_top_are_there_too(build: Callable[[], Work]) -> None:
    """What was there before does not count."""
    work_twice(build)


def test_an_append_that_lost_one_is_found_out() -> None:
    """Nine of ten, and the case has failed."""
    with pytest.raises(WrongCount):
        work_twice(lambda: appending.appending(int, lambda batch: None, lambda: 9, 10))


def test_an_import_is_timed_by_the_process_that_does_it() -> None:
    """The figure is less than what starting the process took as well."""
    trial = Trial("import", Case("x", lambda: starting.importing("json")), CLOCKS["wall"])
    started = CLOCKS["wall"]()
    inside = trial.run(1)
    assert 0 < inside < CLOCKS["wall"]() - started


def test_files_of_a_run_are_deleted() -> None:
    """Nothing is left where the histories were."""
    histories.kit_log(100).close()
    folder = histories.folder()
    histories.clear()
    assert not folder.exists()
