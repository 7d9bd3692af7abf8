"""Retroactive events: what came late, never happened, or was recorded wrongly, put right by one more event.

A correction changes how one event counts. What that event touches is folded again in the order of occurrence: for a
model with a value for each subject the events of the touched keys alone, for a model of the whole all of them from the
nearest snapshot on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, partial
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
    ReducerFailed,
    UnknownEvent,
    check_number,
)
from eda_workshop.event import NO_SOURCE, Event, Recorded, as_event, record_as
from eda_workshop.log import EventLog
from eda_workshop.log.corrections import Broken, Place, place_of
from eda_workshop.log.own import ACCEPTED, CORRECTED, CORRECTIONS, REJECTED, is_own
from eda_workshop.replay.conditions import Impossible, objections
from eda_workshop.replay.corrected import END, CorrectedView, OrderedFold
from eda_workshop.replay.fold import ABSENT, WHOLE, Cost, Values, check_log, position_in
from eda_workshop.replay.gateways import Gateways, Message, outbound_diff, rehearse
from eda_workshop.replay.model import Model, check_model
from eda_workshop.replay.snapshots import EVERY
from eda_workshop.values import freeze, same

REBUILD, REWIND, SELECTIVE = "rebuild", "rewind", "selective"
STRATEGIES = (REBUILD, REWIND, SELECTIVE)

LATE, WRONG, INCORRECT, WITHDRAWN = "late", "rejected", "incorrect", "withdrawn"
_KINDS = {
    LATE: "a late event",
    WRONG: "an event that never happened",
    INCORRECT: "an event that was wrong",
    WITHDRAWN: "a correction taken back",
}

React = Callable[[Event, Any], object]
Prices = tuple[dict[str, int | None], dict[str, str]]


# --- what a correction means --------------------------------------------------------------------


class NoState:
    """Stands where there is no state because the events can't be folded. It counts as false; `error` says why."""

    def __init__(self, error: ReducerFailed | UnknownEvent) -> None:
        self.error = error

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return f"<no state: {self.error}>"


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
    impossible the events that could not have happened in the correct branch, by the model's `possible`, although
               they could as it is believed now; in the order of occurrence
    head       where the log ended when it was made

    A state that can't be folded is a `NoState`, which is false.
    """

    kind: str
    event: Event
    since: datetime
    keys: tuple[str, ...]
    affected: tuple[Recorded, ...]
    incorrect: Any
    correct: Any
    impossible: tuple[Impossible, ...]
    head: int
    _stale: list[Place] = field(repr=False)
    _selective: int | None = field(repr=False)
    _price: Callable[[], Prices] = field(repr=False)
    _commit: Callable[[Plan, str, Mapping[str, str]], Outcome] = field(repr=False)
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

    def commit(self, strategy: str | None = None, *, accept: Mapping[str, str] | None = None) -> Outcome:
        """Append the event and bring the state up to date; return what came of it. Outside, nothing is done yet.

        strategy  "rebuild", "rewind" or "selective"; None takes the best. All end in the same state
        accept    for the id of each event in `impossible` the reason why it counts all the same. Each is recorded as an
                  ``event.accepted``

        Raises `BadPlan` for a strategy that is not possible, for an impossible event without a reason, and for a reason
        without one; `Conflict` if the log has grown since: plan again.
        """
        reasons = dict(accept or {})
        self._check_accepted(reasons)
        best = self.best
        chosen = best if strategy is None else strategy
        if chosen not in STRATEGIES:
            raise BadPlan(f"There is no strategy {chosen!r}", f"Take one of: {', '.join(STRATEGIES)}.")
        if chosen != best and self.costs[chosen] is None:
            raise BadPlan(f"The strategy {chosen} is not possible: {self.problems[chosen]}", "Take another, or none.")
        return self._commit(self, chosen, reasons)

    def _check_accepted(self, reasons: Mapping[str, str]) -> None:
        """Raise `BadPlan` unless there is a reason for each impossible event, and for nothing else."""
        ids = [impossible.event.id for impossible in self.impossible]
        for id in reasons:
            if id not in ids:
                listed = f"Those are: {', '.join(ids)}." if ids else "It makes none, so leave accept out."
                raise BadPlan(f"{id!r} is not an event that this plan makes impossible", listed)
        open = [it for it in self.impossible if not isinstance(it_is := reasons.get(it.event.id), str) or not it_is]
        if open:
            said = "; ".join(f"{it.event.id} ({it.event.name}): {it.problem}" for it in open)
            remedy = (
                f"Plan something else, or say why it counts all the same: commit(accept={{{open[0].event.id!r}: '…'}})."
            )
            raise BadPlan(f"This correction makes {_events(len(open))} impossible: {said}", remedy)

    @cached_property
    def _prices(self) -> Prices:
        """Counting all events after the branch point takes longer than a selective replay, so only who asks waits."""
        return self._price()

    def __repr__(self) -> str:
        ways = ", ".join(f"{name} {_steps(cost)}" for name, cost in self.costs.items())
        impossible = f"; {_events(len(self.impossible))} impossible" if self.impossible else ""
        return f"<Plan: {_KINDS[self.kind]}, {_events(len(self.affected))} after it; {ways}{impossible}>"


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


def _events(count: int) -> str:
    return f"{count} event{'s' * (count != 1)}"


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
        return same(self.before, self.after)

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
        self.log = check_log(log)
        self.model = check_model(model)
        self.every = every
        self.undo = undo
        self.gateways = gateways
        self.react = react
        self._view = CorrectedView(log, model, every)

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
            return self._state_of(self._view.values_by(moment))
        position = self._position_known(known)
        keys = None if subject is None else {subject}
        values = self._view.fold.start()
        events = self._view.events(keys, known=position)
        self._view.fold.run(values, (event for event in events if event.occurred <= moment), keys)
        return self._state_of(values) if subject is None else values.get(subject, self.model.initial)

    def _position_known(self, known: Instant | int | None) -> int:
        self._view.catch_up(self.log.head)
        if known is None:
            return self._view.read
        if isinstance(known, (str, datetime)):
            return self.log.position_at(known)
        return position_in(self.log, known)

    def _state_of(self, values: Values) -> Any:
        plain = self._view.plain(values)
        return dict(plain) if self.model.keyed else plain[WHOLE]

    @property
    def broken(self) -> tuple[Broken, ...]:
        """The rejections and corrections that can't be applied and are skipped; `withdraw` takes one back."""
        self._view.catch_up(self.log.head)
        return self._view.corrections.broken

    # --- putting it right -----------------------------------------------------------------------

    def late(self, event: Event) -> Plan:
        """The plan to take in an event that occurred some time ago and was not recorded then.

        Raises `BadTarget` for a time that has not come, `DuplicateEvent` for an id that the log has already, and what
        the model's rules raise.
        """
        now = self._now()
        new = as_event(event)
        _check_past(new.id, new.occurred, now)
        if is_own(new):
            raise BadTarget(new.id, "is not an event that happened", "Use reject, correct or withdraw.")
        if (known := self.log.find(new.id, new.source)) is not None:
            raise DuplicateEvent(new.id, known.position)
        return self._plan(LATE, new)

    def reject(self, id: str, *, source: str | None = None, reason: str = "") -> Plan:
        """The plan to say that an event never happened; it stays in the log, and counts no more.

        source  whose id it is, if several sources have used it; else it may be left out

        That may be the very event that the model can't fold. Raises `AmbiguousId` without a source where one is needed,
        and `BadTarget` for an id that is not there, was rejected already, or is itself a rejection or correction; one
        that can't be applied is withdrawn.
        """
        now = self._now()
        if self._view.corrections.is_broken(self._find(id, source)):
            return self.withdraw(id, source=source, reason=reason)
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
        counted = self._view.corrections.counted(target)
        assert counted is not None
        changes: dict[str, Any] = {}
        if data is not None and not same(freeze(data), counted.data):
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
        if self._view.corrections.is_void(target):
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
        broken = f"; {len(self.broken)} broken correction{'s' * (len(self.broken) != 1)} skipped" if self.broken else ""
        return f"<History of {self.model.__name__} over {_events(self.log.head)}, as corrected{broken}>"

    def _now(self) -> datetime:
        self._view.catch_up(self.log.head)
        return self.log.clock.now()

    def _counting(self, id: str, source: str | None) -> Recorded:
        """The event with this id, which happened and counts."""
        target = self._find(id, source)
        if target.name in CORRECTIONS:
            problem = f"is itself {'a rejection' if target.name == REJECTED else 'a correction'}"
            raise BadTarget(id, problem, f"Take it back: withdraw({id!r}).")
        for said in self._view.corrections.about(target):
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
        root = self._view.corrections.root(target)
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
        head = self._view.read
        change = self._change(record_as(event, head + 1, self.log.clock.now(), ""), target)
        try:
            folded, counted = self._view.fold_of(change.keys)
        except (ReducerFailed, UnknownEvent) as error:
            return self._plan_over_failure(kind, event, change, head, error)
        number, place, values = folded.start(change.since)
        if counted is None:
            counted = self._view.events(after=place)
        now = [event for event in counted if place_of(event) > place]
        events = change.apply(now)
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
            impossible=self._impossible(lambda: folded.start(change.since)[2], now, events, change.keys),
            head=head,
            _stale=self._view.boundaries[folded.number(change.since) :],
            _selective=(0 if change.is_nothing else len(events)) if self.model.keyed else None,
            _price=partial(self._price, change, folded.place(folded.number(change.since)), head),
            _commit=partial(self._commit, change, folded, events),
            _external=partial(self._external, change, is_committed=False),
        )

    def _plan_over_failure(
        self, kind: str, event: Event, change: _Change, head: int, failure: ReducerFailed | UnknownEvent
    ) -> Plan:
        """The plan where what counts now can't be folded: what it rejects or corrects may be the reason."""
        if kind == LATE:
            raise failure
        self._view.catch_up(head)
        now = self._view.events()
        events = change.apply(now)
        later = (event for event in events if place_of(event) > change.since and event.position != change.position)
        problem = f"what counts now can't be folded: {str(failure).rstrip('.')}"
        return Plan(
            kind=kind,
            event=event,
            since=change.since[0],
            keys=tuple(sorted(change.keys)),
            affected=tuple(event for event in later if not change.keys.isdisjoint(self._keys_if_known([event]))),
            incorrect=NoState(failure),
            correct=self._folded_anew(events, change),
            impossible=self._impossible(self._view.fold.start, now, events, None),
            head=head,
            _stale=[],
            _selective=None,
            _price=lambda: ({REBUILD: len(events), REWIND: None}, {REWIND: problem, SELECTIVE: problem}),
            _commit=partial(self._commit_over_failure, change, len(events)),
            _external=partial(self._external, change, is_committed=False),
        )

    def _folded_anew(self, events: list[Recorded], change: _Change) -> Any:
        """The state that events come to, from nothing. Raises what the model raises about the changed event itself."""
        values = self._view.fold.start()
        try:
            self._view.fold.run(values, events)
        except (ReducerFailed, UnknownEvent) as error:
            if error.position == change.position:
                raise
            return NoState(error)
        return self._pick(change.keys, values)

    def _impossible(
        self,
        start: Callable[[], Values],
        now: list[Recorded],
        events: list[Recorded],
        keys: frozenset[str] | None,
    ) -> tuple[Impossible, ...]:
        """What can't have happened if these events count, of what can have happened as events count now."""
        if not self.model.conditions:
            return ()
        only = keys if self.model.keyed else None
        before = objections(self._view.fold, start(), now, only)
        after = objections(self._view.fold, start(), events, only)
        return tuple(impossible for position, impossible in after.items() if position not in before)

    def _change(self, trial: Recorded, target: Recorded | None) -> _Change:
        """What would count otherwise if an event were recorded that speaks of a target, or of nothing before it."""
        if target is None:
            return _Change(None, trial, trial, self._view.keys([trial]))
        root = self._view.corrections.root(target)
        before = self._view.corrections.counted(root)
        with self._view.corrections.supposing(trial, target):
            after = self._view.corrections.counted(root)
        keys = self._view.keys([after]) if after is not None else frozenset()
        return _Change(before, after, root, keys | self._keys_if_known([before or after or root]))

    def _keys_if_known(self, events: list[Recorded]) -> frozenset[str]:
        """The keys that events touch; of those that the model can't handle, their subjects."""
        try:
            return self._view.keys(events)
        except (ReducerFailed, UnknownEvent):
            return frozenset(event.subject if self.model.keyed else WHOLE for event in events)

    def _price(self, change: _Change, start: Place, head: int) -> Prices:
        """The steps of rebuild and rewind from the snapshot at `start`, and why a strategy is not possible."""
        name, problems = self.model.__name__, dict[str, str]()
        if not self.model.keyed:
            problems[SELECTIVE] = f"{name} has one state for all subjects, so every event touches it"
        if change.is_nothing:
            return {REBUILD: 0, REWIND: 0}, problems
        self._view.catch_up(self.log.head)
        counted = self._view.events(after=start, known=head)
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
        self,
        change: _Change,
        folded: OrderedFold,
        events: list[Recorded],
        plan: Plan,
        strategy: str,
        reasons: Mapping[str, str],
    ) -> Outcome:
        """Append the plan's event, and fold again what it touches."""
        if strategy != SELECTIVE:
            folded = self._view.whole(self.log.head)
        position = self._append(plan, reasons)
        values: Values = folded.values
        cost, spared = Cost(), 0
        if strategy == SELECTIVE and not change.is_nothing:
            late = self.log.read(position - 1, position)
            events = [next(late) if event.position == position else event for event in events]
            number, _, start = folded.start(change.since)
            values, applied = folded.replay(start, number, events, change.until)
            cost, spared = Cost(applied), len(events) - applied
        elif not change.is_nothing:
            undone = self._view.rewind(change.since) if strategy == REWIND else 0
            before = folded.applied
            values, cost = self._view.whole(self.log.head).values, Cost(folded.applied - before, undone)
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

    def _commit_over_failure(
        self, change: _Change, count: int, plan: Plan, strategy: str, reasons: Mapping[str, str]
    ) -> Outcome:
        """Append the plan's event, and fold all anew, as far as that goes now."""
        position = self._append(plan, reasons)
        try:
            corrected = self._pick(change.keys, self._view.whole(self.log.head).values)
        except (ReducerFailed, UnknownEvent) as error:
            corrected = NoState(error)
        return Outcome(
            position=position,
            strategy=strategy,
            cost=Cost(count),
            spared=0,
            incorrect=plan.incorrect,
            correct=plan.correct,
            corrected=corrected,
            _external=partial(self._external, change, is_committed=True),
            _settle=self._settle,
        )

    def _append(self, plan: Plan, reasons: Mapping[str, str]) -> int:
        """Append the plan's event, with what was accepted for it; return its position."""
        accepted = [
            Event(
                ACCEPTED,
                {"event": event.id, "because": plan.event.id, "reason": reasons[event.id]},
                subject=event.subject,
                id=f"{ACCEPTED}/{event.id}/{event.position}/{plan.head + 1}",
                occurred=self.log.clock.now(),
                correlation=event.correlation,
                causation=plan.event.id,
            )
            for event in (impossible.event for impossible in plan.impossible)
        ]
        return self.log.append(plan.event, *accepted, expected=plan.head)[0]

    def _pick(self, keys: Iterable[str], values: Values) -> Any:
        """The state that some keys' values come to: for a keyed model a dict of those that have one."""
        if not self.model.keyed:
            return self._state_of(values)
        found = ((key, values.get(key, ABSENT)) for key in sorted(keys))
        return {key: value for key, value in found if value is not ABSENT}

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
        self._view.catch_up(self.log.head)
        keys = change.keys if self.model.keyed else None
        events = self._view.events(keys) if is_committed else change.apply(self._view.events(keys))
        values, story = self._view.fold.start(), list[tuple[Recorded, Any]]()
        for event in events:
            self._view.fold.run(values, (event,), keys)
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
            event = None if recorded is None else self._view.corrections.counted(recorded)
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
