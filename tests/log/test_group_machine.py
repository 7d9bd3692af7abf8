"""Any history of workers that take, end, give back, die, park, redrive and discard, against a plain model of a group."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from eda_workshop import Event, ManualClock, open_log
from eda_workshop.clock import as_instant
from eda_workshop.event import Recorded
from eda_workshop.log import EventLog, Group

ATTEMPTS, LEASE = 2, 10
LONG_AGO = datetime.min.replace(tzinfo=UTC)
WORKERS = st.sampled_from(["ada", "bob"])
POSITIONS = st.integers(1, 3)


@dataclass
class Work:
    """One event as the model knows it: free, with a worker until a moment, done, parked or discarded."""

    state: str = "free"
    worker: object = None
    until: datetime = LONG_AGO
    tries: int = 0
    was_parked: bool = False


class Groups(RuleBasedStateMachine):
    """The engine says what the model says, whichever object of a worker asks."""

    @initialize()
    def begin(self) -> None:
        self.clock = ManualClock()
        self.log: EventLog = open_log(clock=self.clock)
        self.work: dict[int, Work] = {}
        self.workers: dict[str, Group] = {}
        self.held: dict[tuple[str, int], Recorded] = {}
        for name in ("ada", "bob"):
            self.start(name)

    def start(self, name: str) -> None:
        self.workers[name] = self.log.group("g", name, lease=LEASE, attempts=ATTEMPTS)

    def now(self) -> datetime:
        return as_instant(self.clock.now())

    def expire(self) -> None:
        """A lease that has ended frees its event, or parks it after so many tries."""
        for each in self.work.values():
            if each.state == "taken" and each.until <= self.now():
                each.state = "parked" if each.tries >= ATTEMPTS else "free"

    @rule()
    def append(self) -> None:
        if len(self.work) < 3:
            (position,) = self.log.append(Event("a.b"))
            self.work[position] = Work()

    @rule(seconds=st.sampled_from([1, 5, 10]))
    def wait(self, seconds: int) -> None:
        self.clock.advance(seconds)

    @rule(name=WORKERS)
    def take(self, name: str) -> None:
        self.expire()
        free = {at: each for at, each in self.work.items() if each.state == "free"}
        tried = [at for at, each in free.items() if each.tries or each.was_parked]
        expected = min(tried, default=min(free, default=None))
        event = self.workers[name].take()
        assert (event.position if event else None) == expected
        if event is not None:
            each = self.work[event.position]
            each.state, each.worker, each.tries = "taken", self.workers[name], each.tries + 1
            each.until = self.now() + timedelta(seconds=LEASE)
            self.held[name, event.position] = event

    @rule(name=WORKERS, position=POSITIONS, back=st.booleans())
    def end(self, name: str, position: int, back: bool) -> None:
        event = self.held.get((name, position))
        if event is None:
            return
        each, worker = self.work[position], self.workers[name]
        # A slow worker still has its event while nobody has looked: nobody else took or parked it.
        mine = each.state == "taken" and each.worker is worker
        assert (worker.give_back(event, "no") if back else worker.done(event)) is mine
        if mine:
            each.state = "done" if not back else "parked" if each.tries >= ATTEMPTS else "free"
            if back:
                self.expire()

    @rule(name=WORKERS)
    def crash(self, name: str) -> None:
        """The worker's program starts again under its name; what it had stays with the one that is gone."""
        self.start(name)

    @rule(position=POSITIONS, name=WORKERS)
    def redrive(self, position: int, name: str) -> None:
        self.expire()
        each = self.work.get(position)
        is_parked = each is not None and each.state == "parked"
        assert self.workers[name].redrive(position) is is_parked
        if each is not None and is_parked:
            each.state, each.tries, each.was_parked = "free", 0, True

    @precondition(lambda self: any(each.state == "parked" for each in self.work.values()))
    @rule(position=POSITIONS)
    def discard(self, position: int) -> None:
        each = self.work.get(position)
        is_parked = each is not None and each.state == "parked"
        assert self.workers["ada"].discard(position, "drawn") is is_parked
        if each is not None and is_parked:
            each.state = "discarded"

    @invariant()
    def what_is_parked_is_listed(self) -> None:
        if hasattr(self, "work"):
            parked = tuple(at for at, each in self.work.items() if each.state == "parked")
            assert self.workers["bob"].parked == parked


Groups.TestCase.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)
TestGroups = Groups.TestCase
