"""Competing consumers: workers, in any processes, that share the events of a log."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Protocol, Self

import msgspec

from eda_workshop.callbacks import call, check_plain
from eda_workshop.clock import Clock, as_instant
from eda_workshop.errors import BadSetting, check_number
from eda_workshop.event import Recorded
from eda_workshop.log.consumers import (
    Claim,
    Key,
    Letter,
    Store,
    decoded,
    drop_letter,
    keep_letter,
    letters_of,
    worker_name,
)
from eda_workshop.names import check_pattern

GLANCE = 0.05
"""Seconds between two looks for what another worker let go, or had for too long."""
LONGEST = 1e9
"""Seconds of the longest lease, some thirty years; a calendar ends somewhere."""


class GroupLog(Store, Protocol):
    """What a group needs of its log; see `EventLog` for what each does."""

    clock: Clock

    def read(
        self, after: int = 0, upto: int | None = None, *, names: Iterable[str] | None = None, limit: int | None = None
    ) -> Iterator[Recorded]: ...
    def follow(self, after: int = 0) -> Waiting: ...


class Waiting(Protocol):
    """What a group needs of a `Follower`."""

    def skip(self, patience: float | None) -> bool: ...
    @property
    def is_over(self) -> bool: ...
    def __enter__(self) -> Self: ...
    def __exit__(self, *_: object) -> None: ...


class _Lease(msgspec.Struct, omit_defaults=True):
    """Who has an event, until when, how often it was taken, and how that ended.

    epoch   in which claim of the worker's name; 0 when the worker let it go
    parked  whether it was tried often enough, and is on its way to the letters
    """

    worker: str
    epoch: int
    until: datetime
    tries: int
    error: str = ""
    parked: bool = False


class _State(msgspec.Struct):
    """What a group keeps in the log's store. `seen`: up to where events were given out; `leases` by position."""

    seen: int = 0
    leases: dict[int, _Lease] = {}


class Group:
    """One worker's part in a group: each event goes to one of the workers. Made by `EventLog.group`.

    A worker that dies keeps an event until its lease ends; then another takes it. So each event is handled at least
    once, and twice if a worker was only slow. Workers run side by side, so the order in which events are *done* is
    nobody's; who needs order takes a durable subscriber. What was tried too often is parked, in the log's store, until
    somebody calls `redrive` or `discard`.

    A worker's name is one worker's. A newer one of the same process takes it over, as when a cell of a notebook runs
    again, and calls of the older raise `NameTaken` from then on.

    >>> log = open_log("memory://")
    >>> _ = log.append(Event("folder.created", id="1"), Event("folder.created", id="2"))
    >>> here, there = log.group("folders", "here"), log.group("folders", "there")
    >>> one, two = here.take(), there.take()
    >>> one.id, two.id, here.done(one), there.take()
    ('1', '2', True, None)
    """

    def __init__(
        self,
        log: GroupLog,
        name: str,
        worker: str,
        names: str | Iterable[str] | None,
        after: int,
        lease: float,
        attempts: int,
    ) -> None:
        for what, text in (("name", name), ("worker", worker)):
            if not isinstance(text, str) or not text.strip():
                raise BadSetting(what, text, "a name")
        self.name, self.worker = name, worker
        self._log, self._after = log, check_number("after", after, 0, log.head)
        self._names = None if names is None else tuple(map(check_pattern, [names] if isinstance(names, str) else names))
        self._lease = timedelta(seconds=check_number("lease", lease, 0.001, LONGEST, whole=False))
        self._attempts = check_number("attempts", attempts, 1)
        self._claim = Claim(log, Key("worker", name, worker), worker_name(name, worker))

    def take(self) -> Recorded | None:
        """The next event for this worker: one whose worker let it go or died, else one that nobody had; None if there is none."""
        self._claim.check()
        while True:
            state, revision = self._load()
            if self._park(state, revision):
                continue
            now = as_instant(self._log.clock.now())
            position = min((at for at, lease in state.leases.items() if _is_free(lease, now)), default=0)
            event = self._log_at(position) if position else self._next(state)
            if event is None:
                return None
            before = state.leases.get(event.position)
            lease = _Lease(self.worker, self._claim.epoch, now + self._lease, before.tries + 1 if before else 1)
            state.leases[event.position] = lease
            state.seen = max(state.seen, event.position)
            if self._save(state, revision):
                return event

    def done(self, event: Recorded) -> bool:
        """This worker is done with an event. False if it was too slow, and the event is another's or was done again."""
        return self._end(event, lambda state: state.leases.pop(event.position))

    def give_back(self, event: Recorded, reason: str = "") -> bool:
        """Let another worker take the event, or park it, with the reason, if it was tried often enough. False as in `done`."""

        def free(state: _State) -> None:
            lease = state.leases[event.position]
            lease.epoch, lease.until, lease.error = 0, as_instant(self._log.clock.now()), reason

        if not self._end(event, free):
            return False
        while self._park(*self._load()):
            pass
        return True

    def work(self, handler: Callable[[Recorded], object], *, patience: float | None = 0) -> int:
        """Take events and handle them, until none came for `patience` seconds; None: for ever. Return how many.

        An event comes when it is appended, and when another worker gives it back or has had it for too long. What the
        handler raises is raised here; the event is given back before. Raises `BadHandler` for an async handler, and
        after one that has not done its work when it returns.
        """
        check_plain(handler, None)
        if patience is not None:
            check_number("patience", patience, 0, whole=False)
        handled, since = 0, time.monotonic()
        with self._log.follow(self._log.head) as follower:
            while not follower.is_over:
                while (event := self.take()) is not None:
                    self._handle(event, handler)
                    handled, since = handled + 1, time.monotonic()
                left = GLANCE if patience is None else min(GLANCE, patience - (time.monotonic() - since))
                if left <= 0:
                    break
                follower.skip(left)
        return handled

    @property
    def position(self) -> int:
        """All events up to here are done, parked or nobody's in this group."""
        state, _ = self._load()
        return min((at for at, lease in state.leases.items() if not lease.parked), default=state.seen + 1) - 1

    # --- what failed too often ------------------------------------------------------------------

    @property
    def parked(self) -> tuple[int, ...]:
        """The positions of the events that failed too often; nobody takes them any more. `letters` says why."""
        return tuple(letter.position for letter in self.letters)

    @property
    def letters(self) -> tuple[Letter, ...]:
        """What is parked, in the order of positions: how often each was tried, and how that ended."""
        state, _ = self._load()
        kept = {each.position: each for each in letters_of(self._log, "parked", self.name) if not each.discarded}
        kept |= {at: self._letter(at, lease) for at, lease in state.leases.items() if lease.parked}
        return tuple(kept[at] for at in sorted(kept) if at not in state.leases or state.leases[at].parked)

    def redrive(self, position: int) -> bool:
        """Let the workers try a parked event again, as often as a new one; False if it isn't parked."""
        while self._park(*self._load()):
            pass
        position = check_number("position", position, 1)
        if position not in self.parked:
            return False
        while True:
            state, revision = self._load()
            state.leases.setdefault(position, _Lease("", 0, as_instant(self._log.clock.now()), 0))
            if self._save(state, revision):
                drop_letter(self._log, "parked", self.name, position)
                return True

    def discard(self, position: int, reason: str) -> bool:
        """Give a parked event up for good; its letter stays in the log's store, with the reason. False if it isn't parked."""
        if not isinstance(reason, str) or not reason.strip():
            raise BadSetting("reason", reason, "a sentence that says why nobody needs it")
        found = next((letter for letter in self.letters if letter.position == position), None)
        if found is None:
            return False
        keep_letter(self._log, "parked", self.name, msgspec.structs.replace(found, discarded=reason))
        return True

    def close(self) -> None:
        """Free the worker's name; what it has taken stays with it until the lease ends."""
        self._claim.release()

    # --- small parts ----------------------------------------------------------------------------

    def _handle(self, event: Recorded, handler: Callable[[Recorded], object]) -> None:
        try:
            call(handler, event)
        except BaseException as error:
            self.give_back(event, f"{type(error).__name__}: {error}")
            raise
        self.done(event)

    def _park(self, state: _State, revision: int) -> bool:
        """Park what was tried too often; whether there was anything, so that the state has changed.

        First the state says so, then the letter is kept, then the state forgets it: a crash in between loses nothing.
        """
        now = as_instant(self._log.clock.now())
        on_the_way = [at for at, lease in state.leases.items() if lease.parked]
        for at in on_the_way:
            keep_letter(self._log, "parked", self.name, self._letter(at, state.leases.pop(at)))
        worn = [lease for lease in state.leases.values() if _is_free(lease, now) and lease.tries >= self._attempts]
        for lease in worn:
            lease.parked = True
        if on_the_way or worn:
            self._save(state, revision)
        return bool(on_the_way or worn)

    def _letter(self, position: int, lease: _Lease) -> Letter:
        error = lease.error or f"worker {lease.worker!r} had it for longer than its lease"
        subject = self._log_at(position).subject
        return Letter(position, subject, lease.worker, lease.tries, error=error)

    def _next(self, state: _State) -> Recorded | None:
        return next(self._log.read(state.seen, names=self._names, limit=1), None)

    def _log_at(self, position: int) -> Recorded:
        return next(self._log.read(position - 1, position))

    def _end(self, event: Recorded, change: Callable[[_State], object]) -> bool:
        self._claim.check()
        while True:
            state, revision = self._load()
            lease = state.leases.get(event.position)
            if lease is None or (lease.worker, lease.epoch) != (self.worker, self._claim.epoch):
                return False
            change(state)
            if self._save(state, revision):
                return True

    def _load(self) -> tuple[_State, int]:
        key = Key("group", self.name)
        text, revision = self._log.get_state(key)
        return (decoded(self._log, key, text, _State) if text else _State(seen=self._after)), revision

    def _save(self, state: _State, revision: int) -> bool:
        return bool(self._log.put_state(Key("group", self.name), msgspec.json.encode(state).decode(), revision))

    def __repr__(self) -> str:
        return f"<Group {self.name}, worker {self.worker}, at position {self.position}>"


def _is_free(lease: _Lease, now: datetime) -> bool:
    """Whether its worker let it go, or had it for too long."""
    return not lease.parked and lease.until <= now
