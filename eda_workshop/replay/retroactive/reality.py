"""What counts: a model's values over all events in the order in which they occurred, with corrections applied."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from operator import le
from typing import Any, NamedTuple

from eda_workshop.errors import ReducerFailed
from eda_workshop.event import Recorded
from eda_workshop.log import EventLog
from eda_workshop.log.corrections import CORRECTIONS, Corrections, Place, place_of, target_of
from eda_workshop.replay.folding import WHOLE, Fold, Values
from eda_workshop.replay.messages import is_own
from eda_workshop.replay.model import Model
from eda_workshop.replay.retroactive.waypoints import ABSENT, BEGINNING, Waypoints
from eda_workshop.replay.retroactive.whereabouts import Whereabouts


class Stretch(NamedTuple):
    """Some keys, and the places from which and up to which their events are not what they were."""

    keys: frozenset[str]
    since: Place
    until: Place


Wrong = dict[str, tuple[Place, Place]]
"""The keys whose values are out of date, each with the first and the last place where its events changed."""


class Reality:
    """The values of a model at the end of what counts, kept up with the log.

    Most events come in the order in which they occurred, and are folded at once. Where one does not, and where one is
    rejected or corrected, `advance` says which keys must be folded again, and from where on.

    every     events between two snapshots
    upto      the position up to which the log was taken in
    latest    the latest moment at which something occurred, of the events that came in order
    followed  how many events came in order, and were folded at once
    """

    def __init__(self, log: EventLog, model: type[Model], *, every: int) -> None:
        self.log = log
        self.model = model
        self.every = every
        self.upto = 0
        self.followed = 0
        self.corrections = Corrections()
        self.fold = Fold(model)
        self.values: Values = self.fold.start()
        self.waypoints = Waypoints()
        self.whereabouts = Whereabouts(log)
        self.changed: set[str] = set()
        self.latest = BEGINNING[0]
        self._has_wide_rules = model.keyed and any(rule.keys is not None for rule in model.rules.values())
        # Keys that an event has changed which is scheduled for later than all that has happened.
        self._ahead: dict[str, Place] = {}
        self._overdue: Wrong = {}

    # --- keeping up -----------------------------------------------------------------------------

    def advance(self, upto: int) -> list[Stretch]:
        """Take in what was recorded up to a position; return what must be folded again."""
        known, self.upto = self.upto, upto
        wrong: Wrong = {}
        for event in self.log.read(known, upto, names=CORRECTIONS):
            self._correct(event, known, wrong)
        for page in filter(None, self.log.pages(known, upto)):
            self._take_in(page, wrong)
        return _stretches(wrong)

    def overdue(self) -> list[Stretch]:
        """What must be folded again because snapshots were taken before or after events that had been scheduled."""
        stretches, self._overdue = _stretches(self._overdue), {}
        return stretches

    def _correct(self, event: Recorded, known: int, wrong: Wrong) -> None:
        target = target_of(event, self.log.find)
        root = None if target is None else self.corrections.root(target)
        before = root and self.corrections.counted(root)
        self.corrections.add(event, target)
        after = root and self.corrections.counted(root)
        if root is None or root.position > known or before == after:
            return
        if before is not None:
            self.waypoints.count(place_of(before), -1)
        if after is not None:
            self.waypoints.count(place_of(after), 1)
            self._remember_wide(after)
            if after.occurred != root.occurred or after.occurred > self.latest:
                self._remember_stray(after)
        stretch = self.stretch(before, after)
        for key in stretch.keys:
            _widen(wrong, key, stretch.since, stretch.until)

    def _take_in(self, page: list[Recorded], wrong: Wrong) -> None:
        if self._is_plain(page):
            self.latest = page[-1].occurred
            self._run(page, wrong)
            return
        plain: list[Recorded] = []
        for event in page:
            counted = None if self._is_note(event) else self.corrections.counted(event)
            if counted is None:
                continue
            if self.is_stray(event, counted):
                self._run(plain, wrong)
                plain = []
                self._put_in(counted, wrong)
            else:
                self.latest = counted.occurred
                plain.append(counted)
        self._run(plain, wrong)

    def _is_plain(self, page: list[Recorded]) -> bool:
        """Whether the events follow all others, in order, and nothing else was ever said about them."""
        moments = [event.occurred for event in page]
        return (
            not self._ahead
            and self.latest <= moments[0]
            and all(map(le, moments, moments[1:]))
            and not any(event.occurred > event.recorded or self._is_note(event) for event in page)
            and not self.corrections.concern(event.id for event in page)
        )

    def _is_note(self, event: Recorded) -> bool:
        """Whether it only speaks of other events: a correction, or what gateways recorded, unless the model wants it."""
        return event.name in CORRECTIONS or (is_own(event) and event.name not in self.model.rules)

    def is_stray(self, event: Recorded, counted: Recorded) -> bool:
        """Whether the event comes at another place than after all others."""
        if counted.occurred < self.latest or counted.occurred != event.occurred or counted.scheduled:
            return True
        return bool(self._ahead) and not self._ahead.keys().isdisjoint(self.keys((counted,)))

    def _put_in(self, event: Recorded, wrong: Wrong) -> None:
        """An event whose place is not after all others."""
        place = place_of(event)
        self.waypoints.count(place, 1)
        self._remember_wide(event)
        self._remember_stray(event)
        for key in self.keys((event,)):
            _widen(wrong, key, place, place)

    def _run(self, plain: list[Recorded], wrong: Wrong) -> None:
        """Fold events that follow all others, with snapshots on the way."""
        while plain:
            room = max(self.every - self.waypoints.events_since_last, 1)
            chunk, plain = plain[:room], plain[room:]
            self._apply(chunk, wrong)
            self.waypoints.count_last(len(chunk))
            self.followed += len(chunk)
            self.changed |= self.fold.touched(chunk)
            for event in chunk if self._has_wide_rules else ():
                self._remember_wide(event)
            if self.waypoints.events_since_last >= self.every:
                self._take_snapshot(chunk[-1])

    def _apply(self, chunk: list[Recorded], wrong: Wrong) -> None:
        try:
            self.fold.run(self.values, chunk)
        except ReducerFailed:
            # What it needs may come later in the log, and earlier in time.
            for event in chunk:
                for key in self.keys((event,)):
                    _widen(wrong, key, place_of(event), place_of(event))

    def _take_snapshot(self, last: Recorded) -> None:
        place, before = place_of(last), self.waypoints.place(len(self.waypoints))
        self.changed.update(self._ahead)
        self.waypoints.take(place, last.position, ((key, self.values.get(key, ABSENT)) for key in self.changed))
        self.changed.clear()
        for key, ahead in list(self._ahead.items()):
            _widen(self._overdue, key, before, place)
            if ahead <= place:
                del self._ahead[key]

    def _remember_stray(self, event: Recorded) -> None:
        keys = self.keys((event,))
        self.whereabouts.note_stray(event, keys)
        if event.occurred > self.latest:
            place = place_of(event)
            self.waypoints.schedule(place)
            self._ahead.update({key: max(place, self._ahead.get(key, place)) for key in keys})

    def _remember_wide(self, event: Recorded) -> None:
        rule = self.model.rules.get(event.name)
        if self._has_wide_rules and rule is not None and rule.keys is not None:
            self.whereabouts.note_wide(event, self.keys((event,)))

    # --- what is there --------------------------------------------------------------------------

    def keys(self, events: Iterable[Recorded]) -> set[str]:
        """The keys that events touch, their subjects among them. Raises `UnknownEvent` if the model is strict."""
        rows = list(events)
        self.fold.check_known(rows)
        if not self.model.keyed:
            return {WHOLE}
        return self.fold.touched(rows) | {event.subject for event in rows}

    def stretch(self, *events: Recorded | None) -> Stretch:
        """What is touched when one event is added, taken away, or counts differently from before."""
        rows = [event for event in events if event is not None]
        places = sorted(map(place_of, rows))
        return Stretch(frozenset(self.keys(rows)), places[0], places[-1])

    def sequence(self, keys: Collection[str] | None, start: int, extra: Recorded | None = None) -> list[Recorded]:
        """The events after a snapshot that count, in the order of occurrence; those that touch some keys, or all.

        extra  one more, that is not in the log yet
        """
        low, place = self.waypoints.low(start), self.waypoints.place(start)
        wanted = keys if self.model.keyed else None
        where = self.whereabouts
        found = where.after(low, self.upto) if wanted is None else where.touching(wanted, low, self.upto)
        by_position = {event.position: event for event in found if not self._is_note(event)}
        if extra is not None:
            by_position[extra.position] = extra
        counted = map(self.corrections.counted, by_position.values())
        rows = [event for event in counted if event is not None and place_of(event) > place]
        if wanted is not None and self._has_wide_rules:
            rows = [event for event in rows if not self.keys((event,)).isdisjoint(wanted)]
        return sorted(rows, key=place_of)

    def values_at(self, number: int, keys: Collection[str] | None = None) -> Values:
        """The values at a snapshot: of some keys, or of all."""
        values = self.fold.start()
        for key in self.waypoints.keys(number) if keys is None else keys:
            if (value := self.waypoints.value(key, number)) is not ABSENT:
                values[key] = value
        return values

    def values_upto(self, place: Place, keys: Collection[str] | None = None) -> Values:
        """The values after the last event that counts at or before a place."""
        start = bisect_right(self.waypoints.places, place)
        values = self.values_at(start, keys)
        self.fold.run(values, (event for event in self.sequence(keys, start) if place_of(event) <= place), keys)
        return values

    def story(self, stretch: Stretch, extra: Recorded | None = None) -> Iterator[tuple[Recorded, Any]]:
        """The events of a stretch's keys from its beginning to the end, each with the state right after it.

        The state is that of the event's subject, for a keyed model.
        """
        start = self.waypoints.before(stretch.since)
        values = self.values_at(start, stretch.keys)
        for event in self.sequence(stretch.keys, start, extra):
            self.fold.run(values, (event,), stretch.keys)
            if place_of(event) >= stretch.since:
                yield event, values.get(event.subject if self.model.keyed else WHOLE, self.model.initial)

    @contextmanager
    def supposing(self, event: Recorded, target: Recorded | None) -> Iterator[tuple[Stretch, Recorded | None]]:
        """As if an event had been recorded: what it touches, and the event itself unless it speaks of another."""
        if target is None:
            yield self.stretch(event), event
            return
        root = self.corrections.root(target)
        before = self.corrections.counted(root)
        with self.corrections.supposing(event, target):
            after = self.corrections.counted(root)
            yield self.stretch(*((root,) if before is after is None else (before, after))), None


def _widen(wrong: Wrong, key: str, since: Place, until: Place) -> None:
    first, last = wrong.get(key, (since, until))
    wrong[key] = min(first, since), max(last, until)


def _stretches(wrong: Wrong) -> list[Stretch]:
    """The same, with keys together whose events changed at the same places."""
    together: dict[tuple[Place, Place], set[str]] = {}
    for key, places in wrong.items():
        together.setdefault(places, set()).add(key)
    return [Stretch(frozenset(keys), *places) for places, keys in together.items()]
