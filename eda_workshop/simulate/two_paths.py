"""The lambda pattern: the same events by a slow exact way and by a fast one, added up by whoever asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple

from eda_workshop.clock import as_instant
from eda_workshop.errors import check_number
from eda_workshop.event import Event
from eda_workshop.log import EventLog, open_log

HOUR, UPLOADS = 60, 90
START = as_instant("2026-03-02T09:00:00Z")


@dataclass(frozen=True)
class Paths:
    """How the two paths are set up.

    period   minutes between two runs of the batch, 5 to 60
    late     the share of uploads that are told 3 to 18 minutes later, 0 to 1
    twins    the share of uploads that are told twice, 0 to 1
    changed  whether films don't count any more for the batch, and the stream's program was forgotten
    """

    period: int = 15
    late: float = 0.3
    twins: float = 0.0
    changed: bool = False

    def __post_init__(self) -> None:
        check_number("period", self.period, 5, HOUR)
        check_number("late", self.late, 0, 1, whole=False)
        check_number("twins", self.twins, 0, 1, whole=False)


class Told(NamedTuple):
    """One message about an upload: its id and kind, when it occurred and when it arrived, in minutes."""

    id: str
    kind: str
    occurred: float
    arrived: float


@dataclass(frozen=True)
class Counted:
    """What was counted at each minute, 0 to 60.

    truth   uploads that had occurred, by the rule as it is now
    served  what who asks is told: the batch's number and the stream's, added up
    runs    the minutes at which the batch ran
    """

    paths: Paths
    truth: tuple[int, ...]
    served: tuple[int, ...]
    runs: tuple[int, ...]

    @property
    def gaps(self) -> tuple[int, ...]:
        """Served minus truth at each minute: too little is negative."""
        return tuple(served - truth for served, truth in zip(self.served, self.truth, strict=True))

    @property
    def worst(self) -> int:
        """The minute of the widest gap."""
        return max(range(HOUR + 1), key=lambda minute: abs(self.gaps[minute]))


def count(paths: Paths, *, seed: int = 1) -> Counted:
    """Let an hour of uploads arrive, and ask both paths every minute. Equal seeds give equal uploads.

    >>> exact = count(Paths(late=0, twins=0))
    >>> exact.served == exact.truth
    True
    """
    told = messages(paths, seed)
    log = _recorded(told)
    runs = tuple(range(paths.period, HOUR + 1, paths.period))
    batches = {run: _batch(log, run, paths) for run in runs}
    served = tuple(_served(minute, batches, told) for minute in range(HOUR + 1))
    truth = {each.id: each for each in told if _counts(each.kind, paths)}.values()
    return Counted(
        paths,
        tuple(sum(each.occurred < minute for each in truth) for minute in range(HOUR + 1)),
        served,
        runs,
    )


def messages(paths: Paths, seed: int) -> list[Told]:
    """What is told of the hour's uploads, in the order of arrival."""
    chance, told = Random(f"{seed}/uploads"), []
    for number in range(UPLOADS):
        occurred, kind = chance.uniform(0, HOUR), "film" if chance.random() < 0.25 else "photo"
        is_late, delay, is_twin, again = (chance.random() for _ in range(4))
        arrived = occurred + (3 + 15 * delay if is_late < paths.late else 0)
        told.append(Told(f"up-{number}", kind, occurred, arrived))
        if is_twin < paths.twins:
            told.append(Told(f"up-{number}", kind, occurred, arrived + 1 + again))
    return sorted(told, key=lambda each: each.arrived)


class _Minutes:
    """A clock that stands where it is put, in minutes."""

    def __init__(self) -> None:
        self.minute = 0.0

    def now(self) -> datetime:
        """The moment."""
        return _moment(self.minute)


def _recorded(told: list[Told]) -> EventLog:
    """A log of all that was told; a twin has the id of the first and is not recorded again."""
    clock = _Minutes()
    log = open_log("memory://", clock=clock)
    for each in told:
        clock.minute = each.arrived
        log.append(Event(f"{each.kind}.uploaded", id=each.id, occurred=_moment(each.occurred)))
    return log


def _batch(log: EventLog, run: int, paths: Paths) -> int:
    """What the batch counts at its run: everything that occurred before, as far as it has arrived."""
    until = (None, _moment(run))
    events = log.read(occurred=until, recorded=until)
    return sum(_counts(event.name.partition(".")[0], paths) for event in events)


def _served(minute: int, batches: dict[int, int], told: list[Told]) -> int:
    """The newest batch's number, and what the stream has seen of the time after it."""
    run = max((run for run in batches if run <= minute), default=0)
    return batches.get(run, 0) + sum(each.arrived < minute and each.occurred >= run for each in told)


def _counts(kind: str, paths: Paths) -> bool:
    """The rule, as the batch's program has it; the stream's counts whatever comes."""
    return kind == "photo" or not paths.changed


def _moment(minute: float) -> datetime:
    return START + timedelta(minutes=minute)
