"""The past put right in long logs, and what-if questions about it: by one subject's events, not by the whole log."""

from __future__ import annotations

import random
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

from eda_workshop.bench import histories
from eda_workshop.bench.case import Aim, Block, Case, Group
from eda_workshop.bench.histories import Places, kit_log, subject_of
from eda_workshop.bench.replaying import MOST, SIZES, Replaying, from_nothing
from eda_workshop.log import EventLog, open_log
from eda_workshop.replay import History, Timeline

ROUND = 100
"""Corrections in a round, each at another place."""


def correct(count: int, *, strategy: str = "selective", times: int = ROUND) -> Replaying:
    """Events at random places turn out to have been wrong: plan, append, and fold again what they touch."""
    log, draw = _copy(count), random.Random(11)
    history = History(log, Places)
    history.state(subject=subject_of(0))

    def once() -> bool:
        position = draw.randrange(count)
        event = next(log.read(position, position + 1))
        path = f"/right/{log.head}"
        plan = history.correct(event.id, data={"path": path})
        outcome = plan.commit(strategy)
        return bool(outcome.corrected[event.subject].moves == plan.incorrect[event.subject].moves)

    return Replaying(lambda: sum(once() for _ in range(times)), times, times, log.close)


def what_if(count: int) -> Replaying:
    """Branches with one event replaced at a random place, and the value of its subject at the end."""
    log, draw = kit_log(count), random.Random(13)
    timeline = Timeline(log, Places)
    timeline.at()

    def once() -> bool:
        position = draw.randrange(1, count)
        event = next(log.read(position - 1, position))
        branch = timeline.branch(position - 1).replace(position, data={"path": "/what-if"})
        return bool(branch.value_of(event.subject).moves)

    return Replaying(lambda: sum(once() for _ in range(ROUND)), ROUND, ROUND, log.close)


def _copy(count: int) -> EventLog:
    """A log of its own, as corrections are appended to it; durable, as logs are."""
    kit_log(count).close()
    with closing(sqlite3.connect(histories.folder() / f"kit-{count}.db")) as story:
        path = Path(tempfile.mkdtemp(dir=histories.folder())) / "log.db"
        story.execute("VACUUM INTO ?", (str(path),))
    return open_log(path)


def _full(count: int) -> Case:
    return Case("full replay", partial(from_nothing, count), most=1, peak=False)


def _corrections(count: int) -> Block:
    rebuild: Callable[[], Replaying] = partial(correct, count, strategy="rebuild", times=1)
    cases = (
        _full(count),
        Case("rebuild from the snapshot before", rebuild, most=2, peak=False),
        Case("selective replay", partial(correct, count), most=ROUND, peak=False),
    )
    return Block(f"a correction in {count:,} events", cases, "correction")


FLAT = "a correction, as the log grows"
BRANCH = f"a branch of {MOST:,} events with one edit"

GROUP = Group(
    name="time",
    title="Corrections and branches",
    about="Corrections at random places, appended durably; the state of their subject before and after.",
    clock="wall",
    rounds=5,
    blocks=(
        *map(_corrections, SIZES),
        Block(
            FLAT,
            tuple(Case(f"{size:,} events", partial(correct, size), most=ROUND, peak=False) for size in SIZES),
            "correction",
        ),
        Block(
            BRANCH,
            (_full(MOST), Case("value of its subject", partial(what_if, MOST), most=ROUND, peak=False)),
            "question",
        ),
    ),
    aims=(
        Aim(f"a correction in {MOST:,} events", "full replay", "at least", 1_000, "selective replay"),
        Aim(FLAT, f"{MOST:,} events", "at most", 1.5, f"{SIZES[0]:,} events"),
        Aim(BRANCH, "full replay", "at least", 300, "value of its subject"),
    ),
)
