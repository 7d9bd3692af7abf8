"""Competing consumers: workers, in any processes, that share the events of a log."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from eda_workshop.clock import Clock, as_instant
from eda_workshop.errors import BadSetting, check_number
from eda_workshop.event import Recorded
from eda_workshop.names import check_pattern


class GroupLog(Protocol):
    """What a group needs of its log; see `EventLog` for what each does."""

    clock: Clock

    @property
    def head(self) -> int: ...
    def read(
        self, after: int = 0, upto: int | None = None, *, names: Iterable[str] | None = None, limit: int | None = None
    ) -> Iterator[Recorded]: ...
    def follow(
        self, after: int = 0, *, patience: float | None = None
    ) -> AbstractContextManager[Iterator[Recorded]]: ...
    def get_state(self, name: str) -> tuple[str, int]: ...
    def put_state(self, name: str, text: str, revision: int) -> bool: ...


class _Lease(msgspec.Struct):
    """Who has an event, until when, and how often it was taken."""

    worker: str
    until: datetime
    tries: int


class _State(msgspec.Struct):
    """What a group keeps in the log's store. `seen`: up to where events were given out; `leases` by position."""

    seen: int = 0
    leases: dict[int, _Lease] = {}
    parked: list[int] = []


class Group:
    """One worker's part in a group: each event goes to one of the workers. Made by `EventLog.group`.

    A worker that dies keeps an event until its lease ends; then another takes it. So each event is handled at least
    once, and twice if a worker was only slow. Workers run side by side, so the order in which events are *done* is
    nobody's; who needs order takes a durable subscriber.

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
        check_number("after", after, 0, log.head)
        check_number("lease", lease, 0.001, whole=False)
        check_number("attempts", attempts, 1)
        self.name, self.worker = name, worker
        self._log, self._after = log, after
        self._names = None if names is None else tuple(map(check_pattern, [names] if isinstance(names, str) else names))
        self._lease, self._attempts = timedelta(seconds=lease), attempts

    def take(self) -> Recorded | None:
        """The next event for this worker: one whose worker let it go or died, else one that nobody had; None if there is none."""
        while True:
            state, revision = self._load()
            now = as_instant(self._log.clock.now())
            position = self._left_behind(state, now)
            event = self._log_at(position) if position else self._next(state)
            if event is None:
                return None
            tries = state.leases[position].tries if position else 0
            state.leases[event.position] = _Lease(self.worker, now + self._lease, tries + 1)
            state.seen = max(state.seen, event.position)
            if self._save(state, revision):
                return event

    def done(self, event: Recorded) -> bool:
        """This worker is done with an event. False if it was too slow, and the event is another's or was done again."""
        return self._end(event, lambda state: state.leases.pop(event.position))

    def give_back(self, event: Recorded) -> bool:
        """Let another worker take the event, or park it if it was tried often enough. False as in `done`."""

        def free(state: _State) -> None:
            lease = state.leases[event.position]
            if lease.tries >= self._attempts:
                del state.leases[event.position]
                state.parked.append(event.position)
            else:
                lease.worker = ""

        return self._end(event, free)

    def work(self, handler: Callable[[Recorded], object], *, patience: float | None = 0) -> int:
        """Take events and handle them, until none came for `patience` seconds; None: for ever. Return how many.

        What the handler raises is raised here; the event is given back before.
        """
        handled = 0
        with self._log.follow(self._log.head, patience=patience) as follower:
            while True:
                while (event := self.take()) is not None:
                    self._handle(event, handler)
                    handled += 1
                if next(follower, None) is None:
                    return handled

    @property
    def position(self) -> int:
        """All events up to here are done, parked or nobody's in this group."""
        state, _ = self._load()
        return min(state.leases, default=state.seen + 1) - 1

    @property
    def parked(self) -> tuple[int, ...]:
        """The positions of the events that failed too often, oldest failure first; nobody takes them any more."""
        return tuple(self._load()[0].parked)

    # --- small parts ----------------------------------------------------------------------------

    def _handle(self, event: Recorded, handler: Callable[[Recorded], object]) -> None:
        try:
            handler(event)
        except BaseException:
            self.give_back(event)
            raise
        self.done(event)

    def _left_behind(self, state: _State, now: datetime) -> int:
        """The first position whose worker let it go or ran out of time; 0 if there is none. Too many tries: it is parked."""
        for position, lease in sorted(state.leases.items()):
            if not lease.worker or lease.until <= now:
                if lease.tries < self._attempts:
                    return position
                del state.leases[position]
                state.parked.append(position)
        return 0

    def _next(self, state: _State) -> Recorded | None:
        return next(self._log.read(state.seen, names=self._names, limit=1), None)

    def _log_at(self, position: int) -> Recorded:
        return next(self._log.read(position - 1, position))

    def _end(self, event: Recorded, change: Callable[[_State], object]) -> bool:
        while True:
            state, revision = self._load()
            lease = state.leases.get(event.position)
            if lease is None or lease.worker != self.worker:
                return False
            change(state)
            if self._save(state, revision):
                return True

    def _load(self) -> tuple[_State, int]:
        text, revision = self._log.get_state(self.name)
        return (msgspec.json.decode(text, type=_State) if text else _State(seen=self._after)), revision

    def _save(self, state: _State, revision: int) -> bool:
        return self._log.put_state(self.name, msgspec.json.encode(state).decode(), revision)

    def __repr__(self) -> str:
        return f"<Group {self.name}, worker {self.worker}, at position {self.position}>"
