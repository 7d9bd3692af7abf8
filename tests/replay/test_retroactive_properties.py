"""Random histories and random corrections: what is so afterwards is what would be, had all been right from the start."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from accounts import Accounts, Balance
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from thorough import THOROUGH

from eda_workshop import (
    BadTarget,
    Event,
    EventLog,
    History,
    KeyedModel,
    ManualClock,
    Model,
    applies,
    open_log,
    reverses,
)
from eda_workshop.replay.fold import WHOLE, Fold

START = datetime(2026, 3, 1, tzinfo=UTC)
NAMES = ("money.added", "money.set", "money.noted", "money.charged", "no.rule")


class Trail(KeyedModel):
    """What happened to each subject, in order: every change of order shows."""

    initial = ()

    @applies("money.added", "money.set")
    def happened(trail, event):
        return (*trail[-6:], event.data["amount"])

    @applies("money.charged", keys=lambda event: event.data["whom"], keep=lambda trail, event: trail)
    def charged(trail, event):
        return (*trail[-6:], -event.data["amount"])

    @reverses("money.charged")
    def not_charged(trail, event, before):
        return before


class Last(KeyedModel):
    """The last amount of each subject: it forgets, so that a correction may meet what was so before."""

    initial = 0

    @applies("money.added", "money.set", keep=lambda last, event: last)
    def happened(last, event):
        return event.data["amount"]

    @reverses("money.added", "money.set")
    def taken_back(last, event, before):
        return before


MODELS = (Accounts, Balance, Trail, Last)


def oracle(log: EventLog, model: type[Model], upto: int | None = None, occurred: datetime | None = None) -> Any:
    """The fold of all that counts, from nothing."""
    fold = Fold(model)
    values = fold.start()
    fold.run(values, [event for event in log.effective(upto) if occurred is None or event.occurred <= occurred])
    return dict(values) if model.keyed else values[WHOLE]


def event_of(name: str, subject: str, amount: int, whom: list[str], day: int, number: int) -> Event:
    """An event of one of the names, with the data that all models want."""
    data = {"amount": amount, "whom": whom, "note": f"n{amount}"}
    return Event(name, data, subject=subject, id=f"e{number}", occurred=START + timedelta(days=day))


subjects = st.sampled_from(["", "ada", "bob"])
facts = st.tuples(
    st.sampled_from(NAMES), subjects, st.integers(1, 3), st.lists(st.sampled_from(["ada", "bob", "cy"]), max_size=2)
)
days = st.integers(0, 20)
ways = st.sampled_from(["rebuild", "rewind", "selective", None])


class Retroactive(RuleBasedStateMachine):
    """A history that is corrected in all ways, beside the fold of what counts."""

    @initialize(
        model=st.sampled_from(MODELS),
        every=st.sampled_from([1, 2, 3, 100]),
        undo=st.sampled_from([0, 3, 100]),
        in_a_file=st.sampled_from([False, False, False, True]),
    )
    def begin(self, model: type[Model], every: int, undo: int, in_a_file: bool) -> None:
        self.clock = ManualClock(START)
        self.folder = TemporaryDirectory()
        url = Path(self.folder.name) / "log.db" if in_a_file else "memory://"
        self.log = open_log(url, clock=self.clock, durable=False)
        self.history = History(self.log, model, every=every, undo=undo)
        self.number = 0
        self.day = 0

    def teardown(self) -> None:
        if hasattr(self, "log"):
            self.log.close()
            self.folder.cleanup()

    def next(self, fact: Any, day: int) -> Event:
        self.number += 1
        return event_of(*fact, day, self.number)

    @rule(fact=facts, step=st.integers(0, 2))
    def happen(self, fact: Any, step: int) -> None:
        self.day += step
        self.clock.set(START + timedelta(days=self.day))
        self.log.append(self.next(fact, self.day))

    @rule(fact=facts, day=days)
    def come_late_or_early_without_a_plan(self, fact: Any, day: int) -> None:
        self.log.append(self.next(fact, day))

    @rule(fact=facts, back=st.integers(0, 20), way=ways)
    def come_late(self, fact: Any, back: int, way: str | None) -> None:
        self.commit(lambda: self.history.late(self.next(fact, max(self.day - back, 0))), way)

    @precondition(lambda self: self.log.head)
    @rule(data=st.data(), way=ways)
    def reject(self, data: st.DataObject, way: str | None) -> None:
        self.commit(lambda: self.history.reject(self.any_id(data)), way)

    @precondition(lambda self: self.log.head)
    @rule(data=st.data(), amount=st.integers(1, 3), way=ways, whom=st.sampled_from([["ada"], ["cy", "bob"]]))
    def correct_the_data(self, data: st.DataObject, amount: int, way: str | None, whom: list[str]) -> None:
        right = {"amount": amount, "whom": whom, "note": "right"}
        self.commit(lambda: self.history.correct(self.any_id(data), data=right), way)

    @precondition(lambda self: self.log.head)
    @rule(data=st.data(), back=st.integers(0, 20), way=ways)
    def correct_the_time(self, data: st.DataObject, back: int, way: str | None) -> None:
        moment = START + timedelta(days=max(self.day - back, 0))
        self.commit(lambda: self.history.correct(self.any_id(data), occurred=moment), way)

    @precondition(lambda self: self.log.head)
    @rule(data=st.data(), way=ways)
    def withdraw(self, data: st.DataObject, way: str | None) -> None:
        self.commit(lambda: self.history.withdraw(self.any_id(data)), way)

    def any_id(self, data: st.DataObject) -> str:
        return next(self.log.read(position := data.draw(st.integers(0, self.log.head - 1)), position + 1)).id

    def commit(self, make: Callable[[], Any], way: str | None) -> None:
        before, head = self.log.last, self.log.head
        try:
            plan = make()
        except BadTarget:
            assert self.log.last == before
            return
        assert self.log.last == before
        way = way if way and plan.costs[way] is not None else None
        outcome = plan.commit(way)
        assert self.log.head == head + 1
        assert outcome.steps + outcome.spared == plan.costs[outcome.strategy]
        assert outcome.corrected == outcome.correct

    @invariant()
    def all_is_as_if_it_had_been_right_from_the_start(self) -> None:
        if not hasattr(self, "log"):
            return
        model = self.history.model
        expected = oracle(self.log, model)
        assert self.history.state() == expected
        for day in (0, 3, 9, self.day):
            moment = START + timedelta(days=day)
            assert self.history.state(occurred=moment) == oracle(self.log, model, occurred=moment)
        known = self.log.head // 2
        assert self.history.state(known=known) == oracle(self.log, model, known)
        if model.keyed:
            past = oracle(self.log, model, known)
            for subject in ("", "ada", "bob", "cy"):
                assert self.history.state(subject=subject) == expected.get(subject, model.initial)
                assert self.history.state(subject=subject, known=known) == past.get(subject, model.initial)


TestRetroactive = Retroactive.TestCase
TestRetroactive.settings = settings(max_examples=2_000 if THOROUGH else 40, stateful_step_count=20, deadline=None)
