"""The timeline: the state at any position or time of a log, and what it took to get there."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from eda_workshop.clock import Instant, as_instant
from eda_workshop.errors import BadEdit, BadPosition, BadSetting, NotReversible, check_number
from eda_workshop.event import Recorded
from eda_workshop.log import EventLog
from eda_workshop.replay.branches import Branch, EditedLog
from eda_workshop.replay.corrected import CorrectedView
from eda_workshop.replay.fold import ABSENT, WHOLE, Cost, Fold, UndoData, Values, check_log, position_in, view_of
from eda_workshop.replay.model import Model, check_apart, check_model
from eda_workshop.replay.snapshots import EVERY, KeyedState, Overlay, SnapshotStore


class Timeline:
    """The states of a model along a log, with a playhead.

    every      how many events lie between two snapshots, at least 1. A snapshot shares with the one before all that
               did not change
    corrected  False: as recorded, each event in the order of the log. True: as corrected: late, rejected and corrected
               events count as they should, in the order in which they occurred, by what was known at a position.
               Its snapshots follow that order; going back folds from nothing

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
    <Timeline of Signups at 0 of 3, as recorded>
    """

    def __init__(self, log: EventLog, model: type[Model], *, every: int = EVERY, corrected: bool = False) -> None:
        check_number("every", every, 1)
        self.log = check_log(log)
        self.model = check_model(model)
        self.every = every
        self.corrected = corrected
        self.cost = Cost()
        self._view = CorrectedView(log, model, every) if corrected else None
        self._fold = Fold(model)
        self._snapshots = SnapshotStore()
        self._overlay = self._overlay_at(0)
        self._position = 0
        self._undo_data: dict[int, UndoData] = {}

    # --- any position ---------------------------------------------------------------------------

    def at(
        self, position: int | None = None, *, occurred: Instant | None = None, recorded: Instant | None = None
    ) -> Any:
        """The state at a position or a time, both inclusive; without an argument, at the head.

        position  after the events at positions 1 to this; 0 is before the first. Costs the events since the last
                  snapshot
        recorded  as it was known at this moment: after all that was recorded by then
        occurred  of all that is known today, what occurred by this moment. As recorded: in the order of the log, with
                  whatever was said of it later left aside; this folds from nothing. As corrected: what really counts,
                  in the order in which it occurred

        The playhead stays where it is. Raises `BadPosition`, `BadTime`, `BadSetting` for two arguments,
        `ReducerFailed`, `UnknownEvent`.
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

    def branch(self, at: int | str | None = None) -> Branch:
        """A branch that shares all events up to a place, and may go another way after it; None means the head.

        at  a position, or the id of the last event that is shared

        Raises `BadPosition`, `BadEdit` for an id that the log does not have.
        """
        head = self.log.head
        point = position_in(self.log, at) if not isinstance(at, str) else self._position_of(at)
        return Branch(self, EditedLog(self.log, head, head, {}), (point, min(point, 1)))

    @property
    def snapshots(self) -> tuple[int, ...]:
        """The positions at which snapshots were taken so far."""
        return tuple(self._snapshots.positions)

    # --- the playhead ---------------------------------------------------------------------------

    @property
    def position(self) -> int:
        """Where the playhead stands."""
        return self._position

    @property
    def state(self) -> Any:
        """The state at the playhead."""
        return self.state_of(self._overlay)

    def seek(self, position: int) -> Any:
        """Move the playhead to a position; return the state there."""
        position = position_in(self.log, position)
        overlay, undo_data = self._go(position)
        self._overlay, self._undo_data, self._position = overlay, undo_data, position
        return self.state

    def step(self, count: int = 1) -> Any:
        """Move the playhead by so many events, back if negative, to an end at most; return the state there.

        As recorded, forward costs one event each; back costs what it takes from the last snapshot.
        """
        check_number("count", count, -(2**63))
        target = max(0, min(self._position + count, self.log.head))
        if self.corrected or count <= 0 or count > self.every:
            return self.seek(target)
        overlay = self._overlay.copy()
        for page in self.log.pages(self._position, target):
            self._undo_data |= self._forward(overlay, page)
        self._overlay, self._position = overlay, target
        return self.state

    def undo(self) -> Any:
        """Move the playhead back by one event through the model's inverse; return the state there.

        As corrected, the event before may count elsewhere or not at all, so this is ``step(-1)``. Raises `NotReversible`, and the playhead stays, if the model has none; `BadPosition` at position 0.
        """
        if self._position == 0:
            raise BadPosition(-1, self.log.head)
        if self.corrected:
            return self.step(-1)
        event = next(self.log.read(self._position - 1, self._position))
        rule = self.model.rules.get(event.name)
        if rule is not None and rule.reverse is None:
            raise NotReversible(self.model.__name__, event.name, event.position)
        if self._position not in self._undo_data:
            # The state is the same with another snapshot below it, from where this event was not undone yet.
            self._overlay, self._undo_data = self._go(self._position, below=self._position - 1)
        overlay = self._overlay.copy()
        self._fold.undo(overlay, event, self._undo_data[self._position])
        self._overlay, self._position = overlay, self._position - 1
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
        view = view_of(self.corrected)
        return f"<Timeline of {self.model.__name__} at {self._position} of {self.log.head}, {view}>"

    # --- how it gets there ----------------------------------------------------------------------

    def values_at(self, position: int) -> Values:
        """The values at a position, for the caller to go on with."""
        return self._go(position)[0]

    def values_of(self, subject: str, position: int) -> Values:
        """The value of one subject at a position, if it has one, for the caller to go on with."""
        if self.corrected:
            return self._folded(self.log.effective(position, subject=subject))
        start = self._snapshots.before(position)
        values: Values = {}
        if (value := self._snapshots.get(subject, start, ABSENT)) is not ABSENT:
            values[subject] = value
        for page in self.log.pages(start, position, subject=subject):
            self._fold.run(values, page)
            self.cost += Cost(applied=len(page))
        self.cost += Cost(snapshots=int(start > 0))
        return values

    def state_of(self, values: Values) -> Any:
        """The state that values come to, once nobody goes on with them."""
        if self.model.keyed:
            return KeyedState(values) if isinstance(values, Overlay) else dict(values)
        return values.get(WHOLE)

    def _go(self, position: int, below: int | None = None) -> tuple[Overlay, dict[int, UndoData]]:
        """The values at a position, over a snapshot at or before `below`, and what undoing the events needs."""
        if self._view is not None:
            return self._from_view(lambda view: view.values_at(position)), {}
        self._advance(position)
        start = self._snapshots.before(position if below is None else below)
        overlay, undo_data = self._overlay_at(start), dict[int, UndoData]()
        if start:
            self.cost += Cost(snapshots=1)
        for page in self.log.pages(start, position):
            undo_data |= self._forward(overlay, page)
        return overlay, undo_data

    def _from_view(self, look: Callable[[CorrectedView], Values]) -> Overlay:
        """Values of the corrected view; what it applied for them is counted."""
        assert self._view is not None
        before = self._view.applied
        values = look(self._view)
        self.cost += Cost(applied=self._view.applied - before)
        return Overlay(self._snapshots, 0, values)

    def _position_of(self, id: str) -> int:
        if (found := self.log.find(id)) is None:
            raise BadEdit(
                id, "the log has no such event", f"Give a position from 0 to {self.log.head}, or an event's id."
            )
        return found.position

    def _advance(self, position: int) -> None:
        """Fold on to where nobody was yet, and take the snapshots up to a position."""
        while (front := self._snapshots.last) + self.every <= position:
            changed = self._overlay_at(front)
            for page in self.log.pages(front, front + self.every):
                self._fold.run(changed, page)
                self.cost += Cost(applied=len(page))
            self._snapshots.take(front + self.every, changed.items())

    def _forward(self, values: Values, page: list[Recorded]) -> dict[int, UndoData]:
        """Apply a page; return what undoing each event needs."""
        undo_data = {}
        for event in page:
            undo_data[event.position] = self._fold.undo_data(values, event)
            self._fold.run(values, (event,))
        self.cost += Cost(applied=len(page))
        return undo_data

    def _overlay_at(self, snapshot: int) -> Overlay:
        overlay = Overlay(self._snapshots, snapshot)
        if snapshot == 0:
            overlay.update(self._fold.start())
        return overlay

    def _at_occurred(self, moment: Instant) -> Any:
        last = as_instant(moment)
        if self._view is not None:
            return self.state_of(self._from_view(lambda view: view.values_by(last)))
        pages = self.log.pages()
        return self.state_of(self._folded([event for page in pages for event in page if event.occurred <= last]))

    def _folded(self, events: list[Recorded]) -> Overlay:
        """The values after these events, from nothing."""
        overlay = self._overlay_at(0)
        self._fold.run(overlay, events)
        self.cost += Cost(applied=len(events))
        return overlay
