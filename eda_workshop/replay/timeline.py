"""The timeline: the state at any position or time of a log, and what it took to get there."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from eda_workshop.clock import Instant, as_instant
from eda_workshop.errors import BadPosition, BadSetting, NotReversible, check_number
from eda_workshop.event import Recorded
from eda_workshop.log import EventLog
from eda_workshop.replay.branches import Branch
from eda_workshop.replay.folding import WHOLE, Beside, Cost, Fold, Values
from eda_workshop.replay.model import Model, check_apart, check_model
from eda_workshop.replay.script import Script
from eda_workshop.replay.states import Layer, States, Versions

_ABSENT: Any = object()

EVERY = 1_000
"""Events between two snapshots, unless the caller chose."""


def fold(log: EventLog, model: type[Model], upto: int | None = None, *, subject: str | None = None) -> Any:
    """The state after the events at positions 1 to `upto`, folded from nothing; None means the head.

    subject  only this subject's value of a keyed model: only its events are read. `BadModel` if a rule of the model
             touches other keys than the event's subject

    A model's state, or a dict from subject to value for a keyed model. Raises what `Timeline.at` raises.

    >>> class Signups(Model):
    ...     initial = 0
    ...     @applies("user.signed_up")
    ...     def count(n, event): return n + 1
    >>> log = open_log("memory://")
    >>> _ = log.append(Event("user.signed_up"), Event("email.sent"), Event("user.signed_up"))
    >>> fold(log, Signups), fold(log, Signups, upto=2)
    (2, 1)
    """
    check_model(model)
    if subject is not None:
        check_apart(model)
    values = Fold(model).values_at(log, position_in(log, upto), subject)
    if subject is not None:
        return values.get(subject, model.initial)
    return dict(values) if model.keyed else values[WHOLE]


class Timeline:
    """The states of a model along a log, with a playhead.

    every  how many events lie between two snapshots, at least 1. A snapshot shares with the one before all that did
           not change

    `cost` counts what everything so far has taken.

    >>> class Signups(Model):
    ...     initial = 0
    ...     @applies("user.signed_up")
    ...     def count(n, event): return n + 1
    >>> log = open_log("memory://")
    >>> _ = log.append(Event("user.signed_up"), Event("email.sent"), Event("user.signed_up"))
    >>> timeline = Timeline(log, Signups)
    >>> timeline.at(position=1), timeline.at(position=3)
    (1, 2)
    >>> timeline
    <Timeline of Signups at 0 of 3>
    """

    def __init__(self, log: EventLog, model: type[Model], *, every: int = EVERY) -> None:
        check_number("every", every, 1)
        self.log = log
        self.model = check_model(model)
        self.every = every
        self.cost = Cost()
        self._fold = Fold(model)
        self._versions = Versions()
        self._layer = self._layer_at(0)
        self._position = 0
        self._beside: dict[int, Beside] = {}

    # --- any position ---------------------------------------------------------------------------

    def at(
        self, position: int | None = None, *, occurred: Instant | None = None, recorded: Instant | None = None
    ) -> Any:
        """The state at a position or a time, both inclusive; without an argument, at the head.

        position  after the events at positions 1 to this; 0 is before the first. Costs the events since the last
                  snapshot
        recorded  as it was known at this moment: after all that was recorded by then
        occurred  of all that counts and had occurred by this moment, in that order, whenever it was recorded: with
                  rejections and corrections applied, see `EventLog.effective`. Snapshots follow the order of
                  recording, so this folds from nothing

        The playhead stays where it is. Raises `BadPosition`, `BadTime`, `BadSetting` for two arguments,
        `ReducerFailed`, `UnknownEvent`, and for `occurred` `BadCorrection`.
        """
        named = {"position": position, "occurred": occurred, "recorded": recorded}
        given = {name: value for name, value in named.items() if value is not None}
        if len(given) > 1:
            name, value = list(given.items())[1]
            raise BadSetting(name, value, f"one of them: {' or '.join(given)}")
        if occurred is not None:
            return self._at_occurred(occurred)
        if recorded is not None:
            position = self.log.position_at(recorded)
        return self.state_of(self.values_at(position_in(self.log, position)))

    def value_of(self, subject: str, position: int | None = None) -> Any:
        """One subject's value of a keyed model at a position, by its own events alone; None means the head.

        Begins at the last snapshot that is there already, or with nothing. Raises what `fold` raises.
        """
        check_apart(self.model)
        return self.values_of(subject, position_in(self.log, position)).get(subject, self.model.initial)

    def branch(self, at: int | None = None) -> Branch:
        """A branch that shares all events up to a position, and may go another way after it; None means the head.

        Raises `BadPosition`.
        """
        point, head = position_in(self.log, at), self.log.head
        return Branch(self, Script(self.log, head, head, {}), (point, min(point, 1)))

    @property
    def snapshots(self) -> tuple[int, ...]:
        """The positions at which snapshots were taken so far."""
        return tuple(self._versions.positions)

    # --- the playhead ---------------------------------------------------------------------------

    @property
    def position(self) -> int:
        """Where the playhead stands."""
        return self._position

    @property
    def state(self) -> Any:
        """The state at the playhead."""
        return self.state_of(self._layer)

    def seek(self, position: int) -> Any:
        """Move the playhead to a position; return the state there."""
        layer, beside = self._go(position_in(self.log, position))
        self._layer, self._beside, self._position = layer, beside, position
        return self.state

    def step(self, count: int = 1) -> Any:
        """Move the playhead by so many events, back if negative, to an end at most; return the state there.

        Forward costs one event each; back costs what it takes from the last snapshot.
        """
        check_number("count", count, -(2**63))
        target = max(0, min(self._position + count, self.log.head))
        if count <= 0 or count > self.every:
            return self.seek(target)
        layer = self._layer.copy()
        for page in self.log.pages(self._position, target):
            self._beside |= self._forward(layer, page)
        self._layer, self._position = layer, target
        return self.state

    def undo(self) -> Any:
        """Move the playhead back by one event through the model's inverse; return the state there.

        Raises `NotReversible`, and the playhead stays, if the model has none; `BadPosition` at position 0.
        """
        if self._position == 0:
            raise BadPosition(-1, self.log.head)
        event = next(self.log.read(self._position - 1, self._position))
        rule = self.model.rules.get(event.name)
        if rule is not None and rule.reverse is None:
            raise NotReversible(self.model.__name__, event.name, event.position)
        if self._position not in self._beside:
            # The state is the same with another snapshot below it, from where this event was not undone yet.
            self._layer, self._beside = self._go(self._position, below=self._position - 1)
        layer = self._layer.copy()
        self._fold.undo(layer, event, self._beside[self._position])
        self._layer, self._position = layer, self._position - 1
        self.cost += Cost(undone=1)
        return self.state

    def play(
        self, speed: float | None = None, *, upto: int | None = None, sleep: Callable[[float], object] = time.sleep
    ) -> Iterator[tuple[Recorded, Any]]:
        """Step from the playhead to a position, or the head as it is now; give each event and the state after it.

        speed  how many seconds of the log, by time of recording, pass in one of yours; None doesn't wait
        sleep  what waits
        """
        if speed is not None:
            check_number("speed", speed, 1e-9, whole=False)
        last = position_in(self.log, upto)
        before = None
        for event in self.log.read(self._position, last):
            if speed is not None and before is not None:
                sleep((event.recorded - before).total_seconds() / speed)
            before = event.recorded
            yield event, self.seek(event.position) if self._position != event.position - 1 else self.step()

    def __repr__(self) -> str:
        return f"<Timeline of {self.model.__name__} at {self._position} of {self.log.head}>"

    # --- how it gets there ----------------------------------------------------------------------

    def values_at(self, position: int) -> Values:
        """The values at a position, for the caller to go on with."""
        return self._go(position)[0]

    def values_of(self, subject: str, position: int) -> Values:
        """The value of one subject at a position, if it has one, for the caller to go on with."""
        start = self._versions.before(position)
        values: Values = {}
        if (value := self._versions.get(subject, start, _ABSENT)) is not _ABSENT:
            values[subject] = value
        for page in self.log.pages(start, position, subject=subject):
            self._fold.run(values, page)
            self.cost += Cost(applied=len(page))
        self.cost += Cost(snapshots=int(start > 0))
        return values

    def state_of(self, values: Values) -> Any:
        """The state that values come to, once nobody goes on with them."""
        if self.model.keyed:
            return States(values) if isinstance(values, Layer) else dict(values)
        return values.get(WHOLE)

    def _go(self, position: int, below: int | None = None) -> tuple[Layer, dict[int, Beside]]:
        """The values at a position, over a snapshot at or before `below`, and what was kept beside the events."""
        self._advance(position)
        start = self._versions.before(position if below is None else below)
        layer, beside = self._layer_at(start), dict[int, Beside]()
        if start:
            self.cost += Cost(snapshots=1)
        for page in self.log.pages(start, position):
            beside |= self._forward(layer, page)
        return layer, beside

    def _advance(self, position: int) -> None:
        """Fold on to where nobody was yet, and take the snapshots up to a position."""
        while (front := self._versions.last) + self.every <= position:
            changed = self._layer_at(front)
            for page in self.log.pages(front, front + self.every):
                self._fold.run(changed, page)
                self.cost += Cost(applied=len(page))
            self._versions.take(front + self.every, changed.items())

    def _forward(self, values: Values, page: list[Recorded]) -> dict[int, Beside]:
        """Apply a page; return what its rules keep beside each event."""
        beside = {}
        for event in page:
            beside[event.position] = self._fold.kept_beside(values, event)
            self._fold.run(values, (event,))
        self.cost += Cost(applied=len(page))
        return beside

    def _layer_at(self, snapshot: int) -> Layer:
        layer = Layer(self._versions, snapshot)
        if snapshot == 0:
            layer.update(self._fold.start())
        return layer

    def _at_occurred(self, moment: Instant) -> Any:
        last = as_instant(moment)
        events = [event for event in self.log.effective() if event.occurred <= last]
        layer = self._layer_at(0)
        self._fold.run(layer, events)
        self.cost += Cost(applied=len(events))
        return self.state_of(layer)


def position_in(log: EventLog, given: int | None) -> int:
    """The position, the head for None. Raises `BadPosition` where the log has none."""
    head = log.head
    if given is None:
        return head
    if type(given) is not int or not 0 <= given <= head:
        raise BadPosition(given, head)
    return given
