"""A log as corrected: the fold of what counts, in the order in which it occurred, as it was known at any position.

Late events come where they belong, rejected ones are left out, and corrected ones are as they were put right. `fold`,
`Timeline`, `MemoryImage` and `Projection` show this view with ``corrected=True``; `History` always does.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime
from itertools import chain, groupby

from eda_workshop.event import Recorded
from eda_workshop.log import EventLog
from eda_workshop.log.corrections import Corrections, Place, earlier_target, place_of
from eda_workshop.log.own import CORRECTIONS, is_own
from eda_workshop.replay.fold import ABSENT, WHOLE, Fold, Values
from eda_workshop.replay.model import Model
from eda_workshop.replay.snapshots import EVERY, KeyedState, Overlay, SnapshotStore
from eda_workshop.values import same

BEGINNING: Place = (datetime.min.replace(tzinfo=UTC), 0)
END: Place = (datetime.max.replace(tzinfo=UTC), 0)


class CorrectedView:
    """What counts for a model as known at a position, which moves on with `catch_up`, and the fold of it.

    read         up to where the log is known
    corrections  what was rejected and corrected up to there
    boundaries   where snapshots lie, in the order of occurrence
    applied      how many events were applied so far
    """

    def __init__(self, log: EventLog, model: type[Model], every: int = EVERY) -> None:
        self.log = log
        self.model = model
        self.every = every
        self.fold = Fold(model)
        self.applied = 0
        # Events of these names touch keys without being about them, so a subject's events are not all that matter.
        self._wide = [name for name, rule in model.rules.items() if rule.keys is not None and model.keyed]
        self.restart()

    # --- values ---------------------------------------------------------------------------------

    def values_at(self, position: int) -> Values:
        """The values of all keys as known at a position, for the caller to go on with."""
        if position < self.read:
            values = self.fold.start()
            self._run(values, self.events(known=position))
            return values
        return self.plain(self.whole(position).values)

    def values_by(self, moment: datetime) -> Values:
        """The values after all that had occurred by a moment, inclusive, as known now; from the nearest snapshot."""
        folded = self.whole(self.log.head)
        if folded.last[0] <= moment:
            return self.plain(folded.values)
        number = bisect_right(self.boundaries, (moment, self.read))
        values = folded.values_at(number)
        events = self.events(after=folded.place(number))
        self._run(values, [event for event in events if event.occurred <= moment])
        return self.plain(values)

    def plain(self, values: Values) -> Values:
        """The same values, which nobody else goes on with."""
        return {**self.fold.start(), **(KeyedState(values) if isinstance(values, Overlay) else values)}

    def _run(self, values: Values, events: list[Recorded]) -> None:
        self.fold.run(values, events)
        self.applied += len(events)

    # --- what counts ----------------------------------------------------------------------------

    def restart(self) -> None:
        """Forget all that was read: at the beginning, and after an error or an interruption, which may come half-way."""
        self.read = 0
        self.corrections = Corrections()
        self._corrected: dict[int, Recorded] = {}
        self.boundaries: list[Place] = []
        # The fold of all that counts as of a position, and the first place where something changed since.
        self._all = OrderedFold(self.fold, self.boundaries)
        self._upto = 0
        self._changed = END

    def catch_up(self, position: int) -> None:
        """Read on, up to a position, what was corrected, and where the snapshots lie; the rest when it is needed."""
        every = self.every
        try:
            for event in self.log.read(self.read, position, names=CORRECTIONS):
                self._take_in(event)
            for place in range(self.read // every * every + every, position + 1, every):
                self._set_boundary(next(self.log.read(place - 1, place)))
        except BaseException:
            self.restart()
            raise
        self.read = max(self.read, position)

    def _take_in(self, event: Recorded) -> None:
        target = earlier_target(event, self.log.find)
        root = target and self.corrections.root(target)
        before = root and self.corrections.counted(root)
        self.corrections.add(event, target)
        after = root and self.corrections.counted(root)
        if root is not None and not same(before, after):
            self._corrected[root.position] = root
            self._changed = min([self._changed, *(place_of(counted) for counted in (before, after) if counted)])

    def _set_boundary(self, event: Recorded) -> None:
        """Snapshots lie at every so many positions, as far as these follow the order of occurrence."""
        place = place_of(event)
        if is_own(event) or (self.boundaries and place <= self.boundaries[-1]):
            return
        self.boundaries.append(place)
        if place <= self._all.last:
            self._changed = min(self._changed, place)

    def fold_of(self, keys: frozenset[str]) -> tuple[OrderedFold, list[Recorded] | None]:
        """The fold of what touches some keys, and its events; of all that counts for a model of the whole."""
        if not self.model.keyed:
            return self.whole(self.read), None
        folded, events = OrderedFold(self.fold, self.boundaries, keys), self.events(keys)
        folded.extend(events)
        return folded, events

    def whole(self, position: int) -> OrderedFold:
        """The fold of all that counts, as known at a position, or later if more is known already.

        It goes on from its end, or from the nearest snapshot before a change.
        """
        self.catch_up(position)
        folded, head = self._all, self.read
        if self._upto == head and self._changed == END:
            return folded
        before = folded.applied
        try:
            new = self._in_order(chain.from_iterable(self.log.pages(self._upto, head)), self.corrections)
            since = min([self._changed, *map(place_of, new[:1])])
            follows = since > folded.last and self._changed == END
            if since <= folded.last:
                folded.go_back(folded.number(since))
            folded.extend(new if follows else self.events(after=folded.last))
        except BaseException:
            self.restart()
            raise
        self._upto, self._changed = head, END
        self.applied += folded.applied - before
        return folded

    def rewind(self, since: Place) -> int:
        """Undo all that counts from a place on, newest first; return how many events that were."""
        number = self._all.number(since)
        events = self.events(after=self._all.place(number))
        undone = [event for event in events if place_of(event) >= since]
        if not undone:
            return 0
        try:
            self._all.go_back(number)
            self._all.extend(events[: -len(undone)])
            self._all.values.update(self._undo(dict(KeyedState(self._all.values)), undone))
        except BaseException:
            self.restart()
            raise
        self._changed = since
        return len(undone)

    def _undo(self, values: Values, events: list[Recorded]) -> Values:
        """Apply events, then their inverses from the last to the first; the values of the keys that they touch."""
        data = []
        for event in events:
            data.append(self.fold.undo_data(values, event))
            self.fold.run(values, (event,))
        for event in reversed(events):
            self.fold.undo(values, event, data.pop())
        return {key: values[key] for key in self.fold.touched(events) if key in values}

    def events(
        self, keys: Collection[str] | None = None, *, after: Place = BEGINNING, known: int | None = None
    ) -> list[Recorded]:
        """The events that count after a place, in the order of occurrence; those that touch some keys, or all.

        known  as was known when this position was the head
        """
        upto = self.read if known is None else known
        corrections = self.corrections if upto == self.read else self.corrections.upto(upto)
        events = self._in_order(self._recorded(keys, after, upto), corrections)
        if self._wide and keys is not None:
            events = [event for event in events if not self.keys([event]).isdisjoint(keys)]
        return [event for event in events if place_of(event) > after]

    def _recorded(self, keys: Collection[str] | None, after: Place, upto: int) -> Iterator[Recorded]:
        """What must be read of the log to find these events."""
        if keys is not None:
            for key in keys:
                yield from chain.from_iterable(self.log.pages(0, upto, subject=key))
            if self._wide:
                yield from self.log.read(0, upto, names=self._wide)
        elif after == BEGINNING:
            yield from chain.from_iterable(self.log.pages(0, upto))
        else:
            yield from self.log.read(0, upto, occurred=(after[0], None))
            # A correction may have moved one of these behind the place.
            yield from (event for event in self._corrected.values() if event.position <= upto)

    def _in_order(self, recorded: Iterable[Recorded], corrections: Corrections) -> list[Recorded]:
        """The events as they count, without the kit's own records, in the order of occurrence."""
        by_position = {event.position: event for event in recorded}
        facts = (event for event in by_position.values() if not is_own(event))
        return sorted(filter(None, map(corrections.counted, facts)), key=place_of)

    def keys(self, events: list[Recorded]) -> frozenset[str]:
        """The keys that events touch, their subjects among them. Raises `UnknownEvent` if the model is strict."""
        self.fold.check_known(events)
        if not self.model.keyed:
            return frozenset([WHOLE])
        return frozenset(self.fold.touched(events) | {event.subject for event in events})


class OrderedFold:
    """A fold in the order of occurrence, with a snapshot at each boundary on the way.

    Snapshot n is the state after all events up to boundary n; snapshot 0, before the first event, is always there.

    boundaries  places in the order of occurrence, for the owner to append to
    only        the keys that are folded; None means all
    values      the values after the last event
    last        the place of the last event
    applied     how many events were applied so far
    """

    def __init__(self, fold: Fold, boundaries: list[Place], only: Collection[str] | None = None) -> None:
        self.fold = fold
        self.boundaries = boundaries
        self.only = only
        self.applied = 0
        self._store = SnapshotStore()
        self._lasts: list[Place] = []
        self._number = 0
        self.go_back(0)

    def number(self, place: Place) -> int:
        """The number of the last snapshot before a place."""
        return bisect_left(self.boundaries, place)

    def place(self, number: int) -> Place:
        """Where a snapshot is taken."""
        return self.boundaries[number - 1] if number else BEGINNING

    def values_at(self, number: int) -> Overlay:
        """The values at a snapshot, for the caller to go on with."""
        return self.values.copy() if number > self._number else Overlay(self._store, number)

    def go_back(self, number: int) -> None:
        """Back to a snapshot; all after it is forgotten."""
        self._store.drop_after(number)
        # The last of the snapshots left is taken once more when the fold goes on beyond its boundary.
        changed = self._store.drop_last()
        self.last = self._lasts[len(self._store.positions)] if changed is not None else BEGINNING
        del self._lasts[len(self._store.positions) :]
        self._number = self.number(self.last)
        self.values = Overlay(self._store, self._number, changed or {})

    def extend(self, events: Iterable[Recorded]) -> None:
        """Apply events, all of them after the last one."""
        for number, group in groupby(events, key=lambda event: self.number(place_of(event))):
            if number > self._number:
                self._take_snapshot(number)
            rows = list(group)
            self.fold.run(self.values, rows, self.only)
            self.applied += len(rows)
            self.last = place_of(rows[-1])

    def start(self, since: Place) -> tuple[int, Place, Overlay]:
        """The nearest snapshot before a place, or the end if that is before it: its number, its place, its values."""
        if since > self.last:
            return self._number, self.last, self.values.copy()
        number = self.number(since)
        return number, self.place(number), self.values_at(number)

    def replay(self, values: Overlay, number: int, events: list[Recorded], until: Place) -> tuple[Values, int]:
        """The values at the end, if from a snapshot on these events counted; and how many were applied for that.

        until  after this place the same events follow as before, so once the values are as before, they stay so
        """
        applied = 0
        for segment, group in groupby(events, key=lambda event: self.number(place_of(event))):
            if segment > number and self.place(segment) >= until and self._is_as_before(values, segment):
                return self.values, applied
            rows = list(group)
            self.fold.run(values, rows, self.only)
            applied += len(rows)
        return values, applied

    def _take_snapshot(self, number: int) -> None:
        """At the next boundary. The number may be a later one: nothing happened in between."""
        self._store.take(self._number + 1, self.values.items())
        self._lasts.append(self.last)
        self._number = number
        self.values = Overlay(self._store, number)

    def _is_as_before(self, values: Overlay, number: int) -> bool:
        before = self.values_at(number)
        return all(same(values.get(key, ABSENT), before.get(key, ABSENT)) for key in self.only or (WHOLE,))
