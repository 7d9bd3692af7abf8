"""Retroactive events: what came late, never happened, or was recorded wrongly, put right by one more event."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from eda_workshop.clock import Instant, as_instant
from eda_workshop.errors import BadModel, BadSetting, BadTarget, check_number
from eda_workshop.event import Event, Recorded, as_event
from eda_workshop.log import EventLog
from eda_workshop.replay.folding import WHOLE, Values
from eda_workshop.replay.gateways import Gateways
from eda_workshop.replay.model import Model, check_model, is_apart
from eda_workshop.replay.retroactive.drafts import Desk, Draft
from eda_workshop.replay.retroactive.outside import External, React, compare, settle
from eda_workshop.replay.retroactive.plan import Outcome, Plan
from eda_workshop.replay.retroactive.planning import make_plan
from eda_workshop.replay.retroactive.upkeep import Upkeep, alone, reality_at
from eda_workshop.replay.timeline import EVERY, position_in

END = datetime.max.replace(tzinfo=UTC)


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
        self.gateways = gateways
        self.react = react
        self._upkeep = Upkeep(log, model, every, undo)

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
        moment = END if occurred is None else as_instant(occurred)
        values = self._values(moment, known, subject)
        if subject is not None:
            return values.get(subject, self.model.initial)
        return dict(values) if self.model.keyed else values[WHOLE]

    def _values(self, moment: datetime, known: Instant | int | None, subject: str | None) -> Values:
        place = moment, self.log.head
        reality = self._upkeep.now()[0]
        if known is not None:
            position = position_in(self.log, known) if isinstance(known, int) else self.log.position_at(known)
            if subject is not None and is_apart(self.model):
                return alone(reality, subject, position, place)
            reality = reality_at(self.log, self.model, position, self.every)
        if moment is END:
            return reality.values
        return reality.values_upto(place, None if subject is None else {subject})

    # --- putting it right -----------------------------------------------------------------------

    def late(self, event: Event) -> Plan:
        """The plan to take in an event that occurred some time ago and was not recorded then.

        Raises `BadTarget` for a time that has not come, `DuplicateEvent` for an id that the log has already, and what
        the model's rules raise.
        """
        return self._plan(self._desk().late(event))

    def reject(self, id: str, *, reason: str = "") -> Plan:
        """The plan to say that an event never happened; it stays in the log, and counts no more.

        Raises `BadTarget` for an id that is not there, was rejected already, or is itself a rejection or correction.
        """
        return self._plan(self._desk().reject(id, reason))

    def correct(
        self, id: str, *, data: Mapping[str, Any] | None = None, occurred: Instant | None = None, reason: str = ""
    ) -> Plan:
        """The plan to say that an event happened with other data, at another time, or both.

        data      all of the right data, not only what changes
        occurred  when it really happened; it then counts there

        Raises what `reject` raises, and `BadTarget` if it changes nothing.
        """
        return self._plan(self._desk().correct(id, data, occurred, reason))

    def withdraw(self, id: str, *, reason: str = "") -> Plan:
        """The plan to take back a rejection or correction: what it was about counts as before.

        Raises `BadTarget` for an id that is neither, or was withdrawn already.
        """
        return self._plan(self._desk().withdraw(id, reason))

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

    # --- what a plan needs ----------------------------------------------------------------------

    def carry_out(self, plan: Plan, strategy: str) -> Outcome:
        """Append a plan's event, and bring the state up to date; see `Plan.commit`."""
        (position,) = self.log.append(plan.event, expected=plan.head)
        cost, spared = self._upkeep.catch_up(strategy)
        corrected = self._upkeep.state_of(plan.keys)
        return Outcome(position, strategy, cost, spared, plan.incorrect, plan.correct, corrected, plan)

    def external(self, plan: Plan, *, committed: bool = False) -> External:
        """What a plan means outside; see `Plan.external`."""
        if self.gateways is None or self.react is None:
            raise BadSetting("gateways", None, "History(log, model, gateways=..., react=...) when you make it")
        reality, _ = self._upkeep.now()
        if committed:
            return compare(self.gateways, self.react, reality.story(plan.stretch), plan.gone)
        with reality.supposing(*plan.draft) as (stretch, extra):
            return compare(self.gateways, self.react, reality.story(stretch, extra), plan.gone)

    def settle(self, plan: Plan) -> External:
        """Do outside what a committed plan means; see `Outcome.settle`."""
        external = self.external(plan, committed=True)
        assert self.gateways is not None
        settle(self.gateways, external, self._as_it_counts)
        return self.external(plan, committed=True)

    def __repr__(self) -> str:
        return f"<History of {self.model.__name__} over {self.log.head} events>"

    def _desk(self) -> Desk:
        return Desk(self.log, self._upkeep.now()[0].corrections)

    def _as_it_counts(self, id: str) -> Event | None:
        recorded = self.log.find(id)
        return None if recorded is None else self._upkeep.now()[0].corrections.counted(recorded)

    def _plan(self, draft: Draft) -> Plan:
        return make_plan(self, self._upkeep, draft)

    def _react(self, event: Recorded) -> None:
        if self.gateways is None or self.react is None:
            return
        react, state = self.react, self.state() if not self.model.keyed else self.state(subject=event.subject)
        self.gateways.handle(event, lambda event: react(event, state))
