"""The cases of log and replay, on short histories: each does its work, and one that does not is found out."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from eda_workshop.bench import appending, correcting, histories, replaying
from eda_workshop.bench.appending import Appending
from eda_workshop.bench.errors import WrongCount
from eda_workshop.bench.replaying import Replaying

COUNT = 2_000


@pytest.mark.parametrize(
    "build",
    [
        replaying.whole_kit,
        replaying.decoded,
        replaying.bare,
        replaying.whole_library,
        replaying.one_kit,
        replaying.one_library,
        replaying.from_nothing,
        partial(replaying.at_random, every=100),
        partial(replaying.restart, snapshot=True),
        partial(replaying.restart, snapshot=False),
        replaying.read_kit,
        replaying.read_bare,
        replaying.read_library,
        partial(correcting.correct, times=5),
        partial(correcting.correct, strategy="rebuild", times=2),
        correcting.what_if,
    ],
)
def test_every_replay_comes_to_the_same_story(build: Callable[[int], Replaying], monkeypatch) -> None:
    """All of them count as many moves as the story has, twice."""
    monkeypatch.setattr(histories, "SUBJECTS", 20)
    monkeypatch.setattr(replaying, "CHOSEN", 10)
    subject = build(COUNT)
    try:
        for _ in range(2):
            subject.prepare(subject.tally.cycle)()
            subject.tally.check("case", subject.tally.cycle)
    finally:
        subject.close()


def test_a_replay_that_comes_to_something_else_is_found_out() -> None:
    """One move too few, and the case has failed."""
    subject = Replaying(lambda: 9, 10, 10, lambda: None)
    subject.prepare(10)()
    with pytest.raises(WrongCount):
        subject.tally.check("case", 10)


@pytest.mark.parametrize("batch", [1, 10])
@pytest.mark.parametrize("build", [appending.floor, appending.bare, appending.kit, appending.library])
def test_every_append_is_there(build: Callable[[int], Appending], batch: int) -> None:
    """So many were appended, so many are counted, in any batch."""
    _append(build(batch), 3 * batch)


@pytest.mark.parametrize(
    "build",
    [
        appending.tasks,
        appending.threads,
        partial(appending.grown_kit, COUNT),
        partial(appending.grown_library, COUNT),
    ],
)
def test_those_that_wait_and_those_on_top_are_there_too(build: Callable[[], Appending]) -> None:
    """What was there before does not count."""
    subject = build()
    _append(subject, subject.tally.cycle)


def test_an_append_that_lost_one_is_found_out() -> None:
    """Nine of ten, and the case has failed."""
    subject = Appending(int, lambda batch: None, lambda: 9, 1, lambda: None)
    subject.prepare(10)()
    with pytest.raises(WrongCount):
        subject.tally.check("case", 10)


def test_files_of_a_run_are_deleted(tmp_path) -> None:
    """Nothing is left where the histories were."""
    histories.kit_log(100).close()
    histories.clear()
    assert list(tmp_path.iterdir()) == []


def _append(subject: Appending, times: int) -> None:
    try:
        for round_ in (1, 2):
            subject.prepare(times)()
            subject.tally.check("case", round_ * times)
    finally:
        subject.close()
