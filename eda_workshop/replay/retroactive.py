"""Retroactive events: what came late, never happened, or was recorded wrongly, put right by one more event.

A correction changes how one event counts. What that event touches is folded again in the order of occurrence: for a
model with a value for each subject the events of the touched keys alone, for a model of the whole all of them from the
nearest snapshot on.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property, partial
from itertools import chain, groupby
from typing import Any

from eda_workshop.clock import Instant, as_instant, iso
from eda_workshop.errors import (
    AmbiguousId,
    BadModel,
    BadPlan,
    BadSetting,
    BadTarget,
    DuplicateEvent,
    MissingAnswer,
    check_number,
)
from eda_workshop.event import NO_SOURCE, Event, Recorded, as_event, record_as
from eda_workshop.log import EventLog
from eda_workshop.log.corrections import CORRECTED, CORRECTIONS, REJECTED, Corrections, Place, place_of, target_of
from eda_workshop.replay.fold import ABSENT, WHOLE, Cost, Fold, Values, position_in
from eda_workshop.replay.gateways import Gateways, Message, is_own, outbound_diff, rehearse
from eda_workshop.replay.model import Model, check_model
from eda_workshop.replay.snapshots import EVERY, KeyedState, Overlay, SnapshotStore
from eda_workshop.values import freeze

REBUILD, REWIND, SELECTIVE = "rebuild", "rewind", "selective"
STRATEGIES = (REBUILD, REWIND, SELECTIVE)

LATE, WRONG, INCORRECT, WITHDRAWN = "late", "rejected", "incorrect", "withdrawn"
_KINDS = {
    LATE: "a late event",
    WRONG: "an event that never happened",
    INCORRECT: "an event that was wrong",
    WITHDRAWN: "a correction taken back",
}

BEGINNING: Place = (datetime.min.replace(tzinfo=UTC), 0)
END: Place = (datetime.max.replace(tzinfo=UTC), 0)

React = Callable[[Event, Any], object]
Prices = tuple[dict[str, int | None], dict[str, str]]


# --- what a correction means --------------------------------------------------------------------


@dataclass(frozen=True)
class External:
    """What a correction means outside, as far as its events go.

    same        went out, or waits, and is right
    missing     should have gone out
    wrong       went out, and should not have
    waiting     should not go out, and waits still: it can be withdrawn without a trace
    unanswered  questions that nobody asked at the time, so that nobody knows what their events should have sent
    """

    same: tuple[Message, ...] = ()
    missing: tuple[Message, ...] = ()
    wrong: tuple[Message, ...] = ()
    waiting: tuple[Message, ...] = ()
    unanswered: tuple[MissingAnswer, ...] = ()

    @property
    def repeated(self) -> int:
        """How many messages a replay without gateways would have sent once more."""
        return len(self.same)

    def __repr__(self) -> str:
        names = ("same", "missing", "wrong", "waiting", "unanswered")
        return f"<External: {', '.join(f'{len(getattr(self, name))} {name}' for name in names)}>"


@dataclass(frozen=True, eq=False)
class Plan:
    """What a correction would do. Nothing is done before `commit`.

    kind       "late", "rejected", "incorrect" or "withdrawn"
    event      the event that commit appends
    since      the branch point: from when on the incorrect reality and the correct branch part
    keys       the keys whose values it touches; for a model of the whole the one key ""
    affected   the events after the branch point that touch these keys, as they will count, in the order of occurrence
    incorrect  the state as it is believed now; for a keyed model the values of `keys`, as in all three realities
    correct    the state in the correct branch: as it would be, had all been recorded in time and rightly
    head       where the log ended when it was made
    """

    kind: str
    event: Event
    since: datetime
    keys: tuple[str, ...]
    affected: tuple[Recorded, ...]
    incorrect: Any
    correct: Any
    head: int
    _stale: list[Place] = field(repr=False)
    _selective: int | None = field(repr=False)
    _price: Callable[[], Prices] = field(repr=False)
    _commit: Callable[[Plan, str], Outcome] = field(repr=False)
    _external: Callable[[], External] = field(repr=False)

    @property
    def stale(self) -> tuple[datetime, ...]:
        """When the snapshots were taken that it makes invalid."""
        return tuple(moment for moment, _ in self._stale)

    @property
    def costs(self) -> dict[str, int | None]:
        """Steps by strategy, an event undone or applied being one; None where a strategy is not possible."""
        return {**self._prices[0], SELECTIVE: self._selective}

    @property
    def problems(self) -> dict[str, str]:
        """Why a strategy is not possible."""
        return self._prices[1]

    @property
    def best(self) -> str:
        """The strategy with the fewest steps; selective replay, if it is possible, as it may stop early."""
        if self._selective is not None:
            return SELECTIVE
        possible = {name: cost for name, cost in self.costs.items() if cost is not None}
        return min(possible, key=possible.__getitem__)

    @property
    def external(self) -> External:
        """What it would mean outside: messages that are missing, wrong and right, and open questions.

        Raises `BadSetting` for a history without gateways.
        """
        return self._external()

    def commit(self, strategy: str | None = None) -> Outcome:
        """Append the event and bring the state up to date; return what came of it. Outside, nothing is done yet.

        strategy  "rebuild", "rewind" or "selective"; None takes the best. All end in the same state

        Raises `BadPlan` for a strategy that is not possible, `Conflict` if the log has grown since: plan again.
        """
        best = self.best
        chosen = best if strategy is None else strategy
        if chosen not in STRATEGIES:
            raise BadPlan(f"There is no strategy {chosen!r}", f"Take one of: {', '.join(STRATEGIES)}.")
        if chosen != best and self.costs[chosen] is None:
            raise BadPlan(f"The strategy {chosen} is not possible: {self.problems[chosen]}", "Take another, or none.")
        return self._commit(self, chosen)

    @cached_property
    def _prices(self) -> Prices:
        """Counting all events after the branch point takes longer than a selective replay, so only who asks waits."""
        return self._price()

    def __repr__(self) -> str:
        count = len(self.affected)
        ways = ", ".join(f"{name} {_steps(cost)}" for name, cost in self.costs.items())
        return f"<Plan: {_KINDS[self.kind]}, {count} event{'s' * (count != 1)} after it; {ways}>"


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a correction came to.

    position   where its event stands in the log
    strategy   how the state was brought up to date
    cost       the events that were applied and undone for it
    spared     how many steps of the plan were not needed, because from a snapshot on all was as before
    incorrect  the state as it was believed before
    correct    the state in the correct branch
    corrected  the state as it is now
    """

    position: int
    strategy: str
    cost: Cost
    spared: int
    incorrect: Any
    correct: Any
    corrected: Any
    _external: Callable[[], External] = field(repr=False)
    _settle: Callable[[External], None] = field(repr=False)

    @property
    def steps(self) -> int:
        """How many events were applied and undone."""
        return self.cost.applied + self.cost.undone

    @property
    def external(self) -> External:
        """What is still to be done outside. Raises `BadSetting` for a history without gateways."""
        return self._external()

    def settle(self) -> External:
        """Send what is missing, withdraw and retract what is wrong; return what is left, for a person to do.

        What is right is not sent again, however often it is called.
        """
        self._settle(self.external)
        return self.external


def _steps(cost: int | None) -> str:
    return "not possible" if cost is None else f"{cost:,} step{'s' * (cost != 1)}"


# --- how the state is folded again --------------------------------------------------------------


@dataclass(frozen=True)
class _Change:
    """The one event that counts otherwise after a correction.

    before  the event as it counts now; None if it does not
    after   the event as it will count; None if it will not
    root    the event as it was recorded
    keys    what it touches, now or then
    """

    before: Recorded | None
    after: Recorded | None
    root: Recorded
    keys: frozenset[str]

    @property
    def position(self) -> int:
        """Where the event stands in the log."""
        return self.root.position

    @property
    def since(self) -> Place:
        """The first place in the order of occurrence at which something changes."""
        return min(self._places)

    @property
    def until(self) -> Place:
        """The last one."""
        return max(self._places)

    @property
    def is_nothing(self) -> bool:
        """Whether something else that was said of the event has the last word."""
        return self.before == self.after

    @property
    def more(self) -> int:
        """How many events there will be more."""
        return (self.after is not None) - (self.before is not None)

    def apply(self, events: Iterable[Recorded]) -> list[Recorded]:
        """The events as they will count, of those that count now."""
        others = [event for event in events if event.position != self.position]
        return sorted([*others, self.after] if self.after else others, key=place_of)

    @property
    def _places(self) -> list[Place]:
        return [place_of(event) for event in (self.before, self.after) if event] or [place_of(self.root)]


class _OrderedFold:
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
        return all(values.get(key, ABSENT) == before.get(key, ABSENT) for key in self.only or (WHOLE,))


class History:
    """The state of a model as it should be: over what counts, in the order in which it occurred.

    A timeline follows the order of recording; a history follows the order of occurrence, with rejections and
    corrections applied. It puts the past right: `late`, `reject`, `correct` and `withdraw` each give a `Plan`, which
    changes nothing until it is committed. Then one event is appended, and the log tells both what was believed and
    what is true. After Fowler's Retroactive Event.

    every     events between two snapshots, at least 1
    undo      how many of the newest events `rewind` can undo, at least 0
    gateways  the ways to the world outside; with `react`, plans say which messages were wrong and which are missing
    react     called with an event and the state right after it, the subject's value for a keyed model; it uses
              gateways, and nothing else outside. `record` calls it live

    Ids and times of what it records follow from the log and its clock.

    >>> class Signups(Model):
    ...     initial = ()
    ...     @applies("user.signed_up")
    ...     def signed_up(names, event): return (*names, event.data["name"])
    >>> log = open_log("memory://", clock=ManualClock("2026-03-03T00:00:00Z"))
    >>> _ = log.append(Event("user.signed_up", {"name": "Bob"}, id="1", occurred="2026-03-02T00:00:00Z"))
    >>> history = History(log, Signups)
    >>> plan = history.late(Event("user.signed_up", {"name": "Ada"}, id="2", occurred="2026-03-01T00:00:00Z"))
    >>> plan
    <Plan: a late event, 1 event after it; rebuild 2 steps, rewind not possible, selective not possible>
    >>> plan.commit().corrected, history.state(known=1)
    (('Ada', 'Bob'), ('Bob',))
    """

    def __init__(
        self,
        log: EventLog,
        model: type[Model],
        *,
        every: int = EVERY,
        undo: int = 1_000,
        gateways: Gateways | None = None,
        react: React | None = None,
    ) -> None:
        check_number("every", every, 1)
        check_number("undo", undo, 0)
        if (gateways is None) is not (react is None):
            raise BadSetting("react", react, "both gateways= and react=, or none of them")
        self.log = log
        self.model = check_model(model)
        self.every = every
        self.undo = undo
        self.gateways = gateways
        self.react = react
        self._fold = Fold(model)
        # Events of these names touch keys without being about them, so a subject's events are not all that matter.
        self._wide = [name for name, rule in model.rules.items() if rule.keys is not None and model.keyed]
        self._begin()

    # --- what is so -----------------------------------------------------------------------------

    def state(
        self, *, occurred: Instant | None = None, known: Instant | int | None = None, subject: str | None = None
    ) -> Any:
        """The state as it should be; for a keyed model a dict from subject to value.

        occurred  after all that had occurred by this moment, inclusive; None means all that counts
        known     as it was known: after all that had been recorded by this moment, inclusive, or up to this position.
                  Corrections that came later do not count yet. None means as it is known now
        subject   only this subject's value of a keyed model

        Raises `BadTime`, `BadPosition`, `BadModel`, `ReducerFailed`, `UnknownEvent`, `BadCorrection`.
        """
        if subject is not None and not self.model.keyed:
            problem = "has one state for all subjects"
            raise BadModel(self.model.__name__, problem, "Leave subject out, or write class …(KeyedModel).")
        moment = END[0] if occurred is None else as_instant(occurred)
        if known is None and subject is None:
            return self._state_of(self._values_by(moment))
        position = self._position_known(known)
        keys = None if subject is None else {subject}
        values = self._fold.start()
        events = self._events(keys, known=position)
        self._fold.run(values, (event for event in events if event.occurred <= moment), keys)
        return self._state_of(values) if subject is None else values.get(subject, self.model.initial)

    def _position_known(self, known: Instant | int | None) -> int:
        self._catch_up()
        if known is None:
            return self._read
        return position_in(self.log, known) if isinstance(known, int) else self.log.position_at(known)

    def _values_by(self, moment: datetime) -> Values:
        """The values after all that had occurred by a moment, from the nearest snapshot."""
        folded = self._whole()
        if folded.last[0] <= moment:
            return folded.values
        number = bisect_right(self._boundaries, (moment, self._read))
        values = folded.values_at(number)
        events = self._events(after=folded.place(number))
        self._fold.run(values, (event for event in events if event.occurred <= moment))
        return values

    def _state_of(self, values: Values) -> Any:
        if not self.model.keyed:
            return values.get(WHOLE, self.model.initial)
        return dict(KeyedState(values) if isinstance(values, Overlay) else values)

    # --- putting it right -----------------------------------------------------------------------

    def late(self, event: Event) -> Plan:
        """The plan to take in an event that occurred some time ago and was not recorded then.

        Raises `BadTarget` for a time that has not come, `DuplicateEvent` for an id that the log has already, and what
        the model's rules raise.
        """
        now = self._now()
        new = as_event(event)
        _check_past(new.id, new.occurred, now)
        if new.name in CORRECTIONS:
            raise BadTarget(new.id, "is not an event that happened", "Use reject, correct or withdraw.")
        if (known := self.log.find(new.id, new.source)) is not None:
            raise DuplicateEvent(new.id, known.position)
        return self._plan(LATE, new)

    def reject(self, id: str, *, source: str | None = None, reason: str = "") -> Plan:
        """The plan to say that an event never happened; it stays in the log, and counts no more.

        source  whose id it is, if several sources have used it; else it may be left out

        Raises `AmbiguousId` without a source where one is needed, and `BadTarget` for an id that is not there, was rejected already, or is itself a rejection or correction.
        """
        now = self._now()
        target = self._counting(id, source)
        return self._plan(WRONG, self._about(target, REJECTED, {"reason": reason}, now), target)

    def correct(
        self,
        id: str,
        *,
        data: Mapping[str, Any] | None = None,
        occurred: Instant | None = None,
        source: str | None = None,
        reason: str = "",
    ) -> Plan:
        """The plan to say that an event happened with other data, at another time, or both.

        source    whose id it is, as in `reject`
        data      all of the right data, not only what changes
        occurred  when it really happened; it then counts there

        Raises what `reject` raises, and `BadTarget` if it changes nothing.
        """
        now = self._now()
        target = self._counting(id, source)
        counted = self._corrections.counted(target)
        assert counted is not None
        changes: dict[str, Any] = {}
        if data is not None and freeze(data) != counted.data:
            changes["data"] = data
        if occurred is not None and as_instant(occurred) != counted.occurred:
            _check_past(id, as_instant(occurred), now)
            changes["occurred"] = iso(as_instant(occurred))
        if not changes:
            problem = "counts exactly so already, so the correction would change nothing"
            raise BadTarget(id, problem, "Give data= or occurred= that differs.")
        return self._plan(INCORRECT, self._about(target, CORRECTED, {**changes, "reason": reason}, now), target)

    def withdraw(self, id: str, *, source: str | None = None, reason: str = "") -> Plan:
        """The plan to take back a rejection or correction: what it was about counts as before.

        Raises `BadTarget` for an id that is neither, or was withdrawn already.
        """
        now = self._now()
        target = self._find(id, source)
        if target.name not in CORRECTIONS:
            raise BadTarget(id, "is neither a rejection nor a correction", f"Use reject({id!r}) if it never happened.")
        if self._corrections.is_void(target):
            raise BadTarget(id, "was withdrawn already", "What it said counts no more; say it again if it is true.")
        return self._plan(WITHDRAWN, self._about(target, REJECTED, {"reason": reason}, now), target)

    def record(self, *events: Event) -> tuple[int, ...]:
        """Append what happens now, and react to each live, if there are gateways; return the positions.

        Raises `BadTarget` for an event that occurred before others that touch the same: that is for `late`. Also what
        `late` raises, and whatever `react` raises; then this event was appended, and those after it were not.
        """
        positions: list[int] = []
        for event in map(as_event, events):
            if self.late(event).affected:
                raise BadTarget(event.id, "occurred before others that touch the same", "Use late(...).commit().")
            positions += self.log.append(event)
            self._react(next(self.log.read(positions[-1] - 1, positions[-1])))
        return tuple(positions)

    def __repr__(self) -> str:
        return f"<History of {self.model.__name__} over {self.log.head} events>"

    def _now(self) -> datetime:
        self._catch_up()
        return self.log.clock.now()

    def _counting(self, id: str, source: str | None) -> Recorded:
        """The event with this id, which happened and counts."""
        target = self._find(id, source)
        if target.name in CORRECTIONS:
            problem = f"is itself {'a rejection' if target.name == REJECTED else 'a correction'}"
            raise BadTarget(id, problem, f"Take it back: withdraw({id!r}).")
        for said in self._corrections.about(target):
            if said.name == REJECTED:
                problem = f"was rejected already, at position {said.position}"
                raise BadTarget(id, problem, f"If it did happen, take that back: withdraw({said.id!r}).")
        return target

    def _find(self, id: str, source: str | None) -> Recorded:
        target = self.log.find(id, source) if isinstance(id, str) else None
        if target is None:
            raise BadTarget(id, "is not in the log", "Give the id of an event that was recorded, as text.")
        return target

    def _about(self, target: Recorded, name: str, data: dict[str, Any], now: datetime) -> Event:
        root = self._corrections.root(target)
        said = {"event": target.id, **({"source": target.source or NO_SOURCE} if self._is_ambiguous(target) else {})}
        return Event(
            name,
            {**said, **{key: value for key, value in data.items() if value != ""}},
            subject=root.subject,
            id=f"{name}/{target.id}/{self.log.head + 1}",
            occurred=now,
            correlation=root.correlation,
        )

    def _is_ambiguous(self, target: Recorded) -> bool:
        """Whether its id alone doesn't say which event it is."""
        try:
            return self.log.find(target.id) is None
        except AmbiguousId:
            return True

    # --- planning and committing ----------------------------------------------------------------

    def _plan(self, kind: str, event: Event, target: Recorded | None = None) -> Plan:
        """Try the correction out. Raises what the model's rules raise."""
        head = self._read
        change = self._change(record_as(event, head + 1, self.log.clock.now(), ""), target)
        folded, counted = self._fold_of(change.keys)
        number, place, values = folded.start(change.since)
        if counted is None:
            counted = self._events(after=place)
        events = change.apply(event for event in counted if place_of(event) > place)
        correct, _ = folded.replay(values, number, events, change.until)
        later = (event for event in events if place_of(event) > change.since and event.position != change.position)
        return Plan(
            kind=kind,
            event=event,
            since=change.since[0],
            keys=tuple(sorted(change.keys)),
            affected=tuple(later),
            incorrect=self._pick(change.keys, folded.values),
            correct=self._pick(change.keys, correct),
            head=head,
            _stale=self._boundaries[folded.number(change.since) :],
            _selective=(0 if change.is_nothing else len(events)) if self.model.keyed else None,
            _price=partial(self._price, change, folded.place(folded.number(change.since)), head),
            _commit=partial(self._commit, change, folded, events),
            _external=partial(self._external, change, is_committed=False),
        )

    def _change(self, trial: Recorded, target: Recorded | None) -> _Change:
        """What would count otherwise if an event were recorded that speaks of a target, or of nothing before it."""
        if target is None:
            return _Change(None, trial, trial, self._keys([trial]))
        root = self._corrections.root(target)
        before = self._corrections.counted(root)
        with self._corrections.supposing(trial, target):
            after = self._corrections.counted(root)
        return _Change(before, after, root, self._keys([event for event in (before, after) if event] or [root]))

    def _price(self, change: _Change, start: Place, head: int) -> Prices:
        """The steps of rebuild and rewind from the snapshot at `start`, and why a strategy is not possible."""
        name, problems = self.model.__name__, dict[str, str]()
        if not self.model.keyed:
            problems[SELECTIVE] = f"{name} has one state for all subjects, so every event touches it"
        if change.is_nothing:
            return {REBUILD: 0, REWIND: 0}, problems
        self._catch_up()
        counted = self._events(after=start, known=head)
        undone = [event for event in counted if place_of(event) >= change.since]
        if problem := self._why_no_rewind(undone):
            problems[REWIND] = problem
        rebuild = len(counted) + change.more if undone else 1
        return {REBUILD: rebuild, REWIND: None if problem else 2 * len(undone) + change.more}, problems

    def _why_no_rewind(self, undone: list[Recorded]) -> str:
        rules, name = self.model.rules, self.model.__name__
        if undone and rules and all(rule.reverse is None for rule in rules.values()):
            return f"{name} has no inverses"
        if len(undone) > self.undo:
            return f"it lies further back than the newest {self.undo:,} events, which can be undone"
        for event in reversed(undone):
            if event.name in rules and rules[event.name].reverse is None:
                return f"{name} has no inverse for {event.name} at position {event.position}"
        return ""

    def _commit(
        self, change: _Change, folded: _OrderedFold, events: list[Recorded], plan: Plan, strategy: str
    ) -> Outcome:
        """Append the plan's event, and fold again what it touches."""
        if strategy != SELECTIVE:
            folded = self._whole()
        (position,) = self.log.append(plan.event, expected=plan.head)
        values: Values = folded.values
        cost, spared = Cost(), 0
        if strategy == SELECTIVE and not change.is_nothing:
            late = self.log.read(position - 1, position)
            events = [next(late) if event.position == position else event for event in events]
            number, _, start = folded.start(change.since)
            values, applied = folded.replay(start, number, events, change.until)
            cost, spared = Cost(applied), len(events) - applied
        elif not change.is_nothing:
            undone = self._rewind(change.since) if strategy == REWIND else 0
            before = folded.applied
            values, cost = self._whole().values, Cost(folded.applied - before, undone)
        return Outcome(
            position=position,
            strategy=strategy,
            cost=cost,
            spared=spared,
            incorrect=plan.incorrect,
            correct=plan.correct,
            corrected=self._pick(change.keys, values),
            _external=partial(self._external, change, is_committed=True),
            _settle=self._settle,
        )

    def _pick(self, keys: Iterable[str], values: Values) -> Any:
        """The state that some keys' values come to: for a keyed model a dict of those that have one."""
        if not self.model.keyed:
            return self._state_of(values)
        found = ((key, values.get(key, ABSENT)) for key in sorted(keys))
        return {key: value for key, value in found if value is not ABSENT}

    # --- what counts ----------------------------------------------------------------------------

    def _begin(self) -> None:
        """Forget all that was read: at the beginning, and after an error or an interruption, which may come half-way."""
        self._read = 0
        self._corrections = Corrections()
        self._corrected: dict[int, Recorded] = {}
        self._boundaries: list[Place] = []
        # The fold of all that counts as of a position, and the first place where something changed since.
        self._all = _OrderedFold(self._fold, self._boundaries)
        self._upto = 0
        self._changed = END

    def _catch_up(self) -> None:
        """Read on what was corrected, and where the snapshots lie. All else is read when it is needed."""
        head, every = self.log.head, self.every
        try:
            for event in self.log.read(self._read, head, names=CORRECTIONS):
                self._take_in(event)
            for position in range(self._read // every * every + every, head + 1, every):
                self._set_boundary(next(self.log.read(position - 1, position)))
        except BaseException:
            self._begin()
            raise
        self._read = head

    def _take_in(self, event: Recorded) -> None:
        target = target_of(event, self.log.find)
        root = target and self._corrections.root(target)
        before = root and self._corrections.counted(root)
        self._corrections.add(event, target)
        after = root and self._corrections.counted(root)
        if root is not None and before != after:
            self._corrected[root.position] = root
            self._changed = min([self._changed, *(place_of(counted) for counted in (before, after) if counted)])

    def _set_boundary(self, event: Recorded) -> None:
        """Snapshots lie at every so many positions, as far as these follow the order of occurrence."""
        place = place_of(event)
        if event.name in CORRECTIONS or (self._boundaries and place <= self._boundaries[-1]):
            return
        self._boundaries.append(place)
        if place <= self._all.last:
            self._changed = min(self._changed, place)

    def _fold_of(self, keys: frozenset[str]) -> tuple[_OrderedFold, list[Recorded] | None]:
        """The fold of what touches some keys, and its events; of all that counts for a model of the whole."""
        if not self.model.keyed:
            return self._whole(), None
        folded, events = _OrderedFold(self._fold, self._boundaries, keys), self._events(keys)
        folded.extend(events)
        return folded, events

    def _whole(self) -> _OrderedFold:
        """The fold of all that counts, up to date: it goes on from its end, or from the nearest snapshot before a change."""
        self._catch_up()
        folded, head = self._all, self._read
        if self._upto == head and self._changed == END:
            return folded
        try:
            new = self._in_order(chain.from_iterable(self.log.pages(self._upto, head)), self._corrections)
            since = min([self._changed, *map(place_of, new[:1])])
            follows = since > folded.last and self._changed == END
            if since <= folded.last:
                folded.go_back(folded.number(since))
            folded.extend(new if follows else self._events(after=folded.last))
        except BaseException:
            self._begin()
            raise
        self._upto, self._changed = head, END
        return folded

    def _rewind(self, since: Place) -> int:
        """Undo all that counts from a place on, newest first; return how many events that were."""
        number = self._all.number(since)
        events = self._events(after=self._all.place(number))
        undone = [event for event in events if place_of(event) >= since]
        if not undone:
            return 0
        try:
            self._all.go_back(number)
            self._all.extend(events[: -len(undone)])
            self._all.values.update(self._undo(dict(KeyedState(self._all.values)), undone))
        except BaseException:
            self._begin()
            raise
        self._changed = since
        return len(undone)

    def _undo(self, values: Values, events: list[Recorded]) -> Values:
        """Apply events, then their inverses from the last to the first; the values of the keys that they touch."""
        data = []
        for event in events:
            data.append(self._fold.undo_data(values, event))
            self._fold.run(values, (event,))
        for event in reversed(events):
            self._fold.undo(values, event, data.pop())
        return {key: values[key] for key in self._fold.touched(events) if key in values}

    def _events(
        self, keys: Collection[str] | None = None, *, after: Place = BEGINNING, known: int | None = None
    ) -> list[Recorded]:
        """The events that count after a place, in the order of occurrence; those that touch some keys, or all.

        known  as was known when this position was the head
        """
        upto = self._read if known is None else known
        corrections = self._corrections if upto == self._read else self._corrections.upto(upto)
        events = self._in_order(self._recorded(keys, after, upto), corrections)
        if self._wide and keys is not None:
            events = [event for event in events if not self._keys([event]).isdisjoint(keys)]
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
        """The events as they count, without those that only speak of others, in the order of occurrence."""
        rules = self.model.rules
        by_position = {event.position: event for event in recorded}
        facts = (
            event
            for event in by_position.values()
            if event.name not in CORRECTIONS and (event.name in rules or not is_own(event))
        )
        return sorted(filter(None, map(corrections.counted, facts)), key=place_of)

    def _keys(self, events: list[Recorded]) -> frozenset[str]:
        """The keys that events touch, their subjects among them. Raises `UnknownEvent` if the model is strict."""
        self._fold.check_known(events)
        if not self.model.keyed:
            return frozenset([WHOLE])
        return frozenset(self._fold.touched(events) | {event.subject for event in events})

    # --- the world outside ----------------------------------------------------------------------

    def _react(self, event: Recorded) -> None:
        if self.gateways is None or self.react is None:
            return
        react, state = self.react, self.state(subject=event.subject if self.model.keyed else None)
        self.gateways.handle(event, lambda event: react(event, state))

    def _external(self, change: _Change, *, is_committed: bool) -> External:
        """What went out because of the events that a change touches, against what they would send now."""
        if self.gateways is None or self.react is None:
            raise BadSetting("gateways", None, "History(log, model, gateways=..., react=...) when you make it")
        self._catch_up()
        keys = change.keys if self.model.keyed else None
        events = self._events(keys) if is_committed else change.apply(self._events(keys))
        values, story = self._fold.start(), list[tuple[Recorded, Any]]()
        for event in events:
            self._fold.run(values, (event,), keys)
            if place_of(event) >= change.since:
                story.append((event, values.get(event.subject if self.model.keyed else WHOLE, self.model.initial)))
        return _compare(self.gateways, self.react, story, [change.before] if change.before else [])

    def _settle(self, external: External) -> None:
        """Withdraw what waits wrongly, retract what can be retracted, and send what is missing; the rest is for a person.

        Nothing that is right is sent again.
        """
        assert self.gateways is not None
        for message in (*external.waiting, *external.wrong):
            self.gateways.retract(message)
        for message in external.missing:
            recorded = self.log.find(message.cause, message.source)
            event = None if recorded is None else self._corrections.counted(recorded)
            if event is not None:
                self.gateways.make_up(message, event)


def _compare(gateways: Gateways, react: React, story: list[tuple[Recorded, Any]], gone: Iterable[Recorded]) -> External:
    """What went out because of some events against what they would send now.

    story  the events as they count, each with the state right after it
    gone   events that count no more
    """
    events, states = [event for event, _ in story], {event.identity: state for event, state in story}
    rehearsal = rehearse(gateways, events, lambda event: react(event, states[event.identity]))
    positions = {missing.position for missing in rehearsal.unanswered}
    causes = {event.identity for event in (*events, *gone) if event.position not in positions}
    out = [message for _, message in gateways.recording.out(causes)]
    waiting = [message for _, message in gateways.recording.waiting(causes)]
    found = outbound_diff([*out, *waiting], rehearsal.messages)
    wrong = outbound_diff(found["wrong"], waiting)
    return External(
        tuple(found["same"]), tuple(found["missing"]), tuple(wrong["wrong"]), tuple(wrong["same"]), rehearsal.unanswered
    )


def _check_past(id: str, occurred: datetime, now: datetime) -> None:
    if occurred > now:
        problem = f"can't have occurred at {iso(occurred)}, for it is only {iso(now)}"
        raise BadTarget(id, problem, "Give a time that has passed; what is planned for later is published now.")
