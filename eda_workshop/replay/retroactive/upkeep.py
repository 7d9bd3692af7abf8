"""Keeping what counts up with the log, by whichever strategy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any

from eda_workshop.log import EventLog
from eda_workshop.log.corrections import CORRECTIONS, Place, place_of
from eda_workshop.replay.folding import WHOLE, Cost, Values
from eda_workshop.replay.model import Model
from eda_workshop.replay.retroactive.reality import Reality, Stretch
from eda_workshop.replay.retroactive.strategies import (
    REBUILD,
    REWIND,
    SELECTIVE,
    Journal,
    Repair,
    install,
    rebuild,
    rewind,
    selective,
)
from eda_workshop.replay.retroactive.waypoints import ABSENT


class Upkeep:
    """A reality, and the journal from which its newest events can be undone.

    undo  how many of the newest events that are
    """

    def __init__(self, log: EventLog, model: type[Model], every: int, undo: int) -> None:
        self.log = log
        self.model = model
        self.every = every
        self.undo = undo
        self._made: tuple[Reality, Journal] | None = None

    def now(self) -> tuple[Reality, Journal]:
        """The reality as the log stands, and its journal."""
        self.catch_up(SELECTIVE)
        assert self._made is not None
        return self._made

    def catch_up(self, strategy: str) -> tuple[Cost, int]:
        """Take in what is new in the log; return what that cost, and how many steps were spared.

        After an error, the next call begins from nothing.
        """
        reality, journal = self._made or self._new()
        head, self._made = self.log.head, None
        cost, spared, followed = Cost(), 0, reality.followed
        if head != reality.upto:
            if strategy == REWIND:
                journal.fill()
            wrong = reality.advance(head)
            for stretch in reality.overdue():
                install(reality, selective(reality, stretch))
            for stretch in wrong:
                repair = self._again(strategy, reality, journal, stretch)
                install(reality, repair)
                cost, spared = cost + repair.cost, spared + repair.spared
            cost += Cost(applied=reality.followed - followed)
            journal.forget()
        self._made = reality, journal
        return cost, spared

    def state_of(self, keys: Iterable[str]) -> Any:
        """The state now: of a keyed model the values of these keys, those that have one."""
        reality, _ = self.now()
        return pick(self.model, {key: reality.values.get(key, ABSENT) for key in keys})

    def _new(self) -> tuple[Reality, Journal]:
        reality = Reality(self.log, self.model, every=self.every)
        return reality, Journal(reality, self.undo)

    def _again(self, strategy: str, reality: Reality, journal: Journal, stretch: Stretch) -> Repair:
        if strategy == REBUILD:
            return rebuild(reality, stretch)
        undone = journal.undone(stretch.since) if strategy == REWIND else None
        return selective(reality, stretch) if undone is None else rewind(reality, stretch, undone)


def pick(model: type[Model], values: Mapping[str, Any]) -> Any:
    """The state that some keys' values come to: for a keyed model a dict of those that have one."""
    if not model.keyed:
        return values[WHOLE]
    return {key: value for key, value in sorted(values.items()) if value is not ABSENT}


def reality_at(log: EventLog, model: type[Model], position: int, every: int) -> Reality:
    """What counted when a position was the head."""
    reality = Reality(log, model, every=every)
    for stretch in (*reality.advance(position), *reality.overdue()):
        install(reality, selective(reality, stretch))
    return reality


def alone(reality: Reality, subject: str, position: int, place: Place) -> Values:
    """The value of one subject after all that had occurred up to a place, as known when a position was the head.

    The model's rules must touch the subject alone.
    """
    corrections = reality.corrections.upto(position)
    events = chain.from_iterable(reality.log.pages(0, position, subject=subject))
    counted = (corrections.counted(event) for event in events if event.name not in CORRECTIONS)
    rows = [event for event in counted if event is not None and place_of(event) <= place]
    values = reality.fold.start()
    reality.fold.run(values, sorted(rows, key=place_of))
    return values
