"""A peer with its handlers and the events to publish: what a case times."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from eda_workshop.bench.case import Tally
from eda_workshop.bench.peers import Peer
from eda_workshop.event import Event


class Publishing:
    """Publishes the same ready-made events over and over, in their order.

    `due` says for each name or pattern, in the order of registration, how often its handlers are
    called while all events are published once; `handlers` is how many handlers each of them gets.
    """

    def __init__(
        self,
        peer: Peer,
        events: Sequence[Event],
        due: Mapping[str, int],
        handlers: int = 1,
    ) -> None:
        self.tally = Tally(cycle=len(events))
        self._peer = peer
        self._events = events
        for name, calls in due.items():
            for _ in range(handlers):
                peer.on(name, self.tally.handler(calls))

    def prepare(self, times: int) -> Callable[[], object]:
        return partial(self._peer.run, self._stream(times))

    def close(self) -> None:
        """Nothing is held."""

    def _stream(self, times: int) -> Iterable[Event]:
        if len(self._events) == 1:
            return itertools.repeat(self._events[0], times)
        rounds = itertools.repeat(self._events, times // len(self._events))
        return itertools.chain.from_iterable(rounds)


class FreshNames:
    """Publishes events whose names the peer never saw; `name` makes the name of a number."""

    def __init__(self, peer: Peer, name: Callable[[int], str], due: Mapping[str, int]) -> None:
        self.tally = Tally()
        self._peer = peer
        self._names = map(name, itertools.count())
        for pattern, calls in due.items():
            peer.on(pattern, self.tally.handler(calls))

    def prepare(self, times: int) -> Callable[[], object]:
        events = [Event(name) for name in itertools.islice(self._names, times)]
        return partial(self._peer.run, events)

    def close(self) -> None:
        """Nothing is held."""
