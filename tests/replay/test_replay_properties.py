"""Any log, any order of calls: the replay gives what a naive fold gives."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from accounts import Account, Accounts, Balance, a_log
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from thorough import THOROUGH

from eda_workshop import (
    CounterIds,
    Event,
    EventLog,
    KeyedState,
    ManualClock,
    MemoryImage,
    Model,
    Projection,
    Timeline,
    check_determinism,
    fold,
    open_log,
)
from eda_workshop.clock import as_instant
from eda_workshop.drive import Folders, stream
from eda_workshop.replay import Cost

WHO = st.sampled_from(["ada", "bob", "eve", ""])
AMOUNTS = st.integers(-100, 100)
CHANGES = st.one_of(
    st.tuples(st.just("money.added"), WHO, st.fixed_dictionaries({"amount": AMOUNTS})),
    st.tuples(st.just("money.noted"), WHO, st.fixed_dictionaries({"note": st.text(max_size=3)})),
    st.tuples(
        st.just("money.charged"), WHO, st.fixed_dictionaries({"amount": AMOUNTS, "whom": st.lists(WHO, max_size=3)})
    ),
    st.tuples(st.just("money.set"), WHO, st.fixed_dictionaries({"amount": AMOUNTS})),
    st.tuples(st.just("x.y"), WHO, st.just({})),
)
EVENTS = CHANGES.map(lambda change: Event(change[0], change[2], subject=change[1]))
HISTORIES = st.lists(EVENTS, max_size=40)
SPACINGS = st.integers(1, 30)
MODELS = st.sampled_from([Balance, Accounts])


def naive(events: list[Any], model: type[Model]) -> Any:
    """What the events come to, event by event, for the two models of the tests."""
    balance, accounts = 0, dict[str, Account]()
    for event in events:
        data = event.data
        if event.name == "money.set":
            balance = data["amount"]
        if event.name == "money.added":
            balance += data["amount"]
        old = accounts.get(event.subject, Account())
        if event.name == "money.added":
            accounts[event.subject] = Account(old.amount + data["amount"], old.note)
        if event.name == "money.noted":
            accounts[event.subject] = Account(old.amount, data["note"])
        if event.name == "money.charged":
            for who in dict.fromkeys(data["whom"]):
                old = accounts.get(who, Account())
                accounts[who] = Account(old.amount - data["amount"], old.note)
    return balance if model is Balance else accounts


def same(state: Any, expected: Any) -> bool:
    """Equal, with the keys in the same order."""
    return bool(state == expected) and (not isinstance(expected, dict) or list(state) == list(expected))


def an_empty_log(engine: str, folder: Path) -> EventLog:
    return open_log() if engine == "memory" else open_log(folder / "drive.db", durable=False)


def filled(events: list[Event]) -> EventLog:
    log = open_log()
    log.append(*events)
    return log


@given(HISTORIES, MODELS)
def test_fold_is_the_naive_fold(events: list[Event], model: type[Model]) -> None:
    """At every position."""
    log = filled(events)
    for position in range(len(events) + 1):
        assert same(fold(log, model, upto=position), naive(events[:position], model))


@given(HISTORIES, MODELS, SPACINGS, st.randoms(use_true_random=False))
def test_a_timeline_is_the_naive_fold(events: list[Event], model: type[Model], every: int, chance: Any) -> None:
    """At every position, in whatever order they are asked."""
    timeline, positions = Timeline(filled(events), model, every=every), list(range(len(events) + 1)) * 2
    chance.shuffle(positions)
    for position in positions:
        assert same(timeline.at(position), naive(events[:position], model))
    assert timeline.snapshots == tuple(range(every, len(events) + 1, every))


@given(HISTORIES, MODELS, SPACINGS, st.integers(0, 40), st.sampled_from(["memory", "sqlite"]))
def test_a_snapshot_and_its_tail_are_the_whole(
    events: list[Event], model: type[Model], every: int, cut: int, engine: str
) -> None:
    """Wherever it is cut, in memory and in files, taken on the way or on demand."""
    cut = min(cut, len(events))
    with tempfile.TemporaryDirectory() as folder, an_empty_log(engine, Path(folder)) as log:
        path = Path(folder) / "snapshot"
        image = MemoryImage(log, model, snapshots=path, every=every)
        for event in events[:cut]:
            image.record(event)
        image.snapshot()
        log.append(*events[cut:])
        again = MemoryImage(log, model, snapshots=path)
        assert (again.recovery.snapshot, again.recovery.replayed) == (cut, len(events) - cut)
        assert same(again.state, naive(events, model))
        assert image.catch_up() == again.state


@given(HISTORIES, MODELS, SPACINGS, st.data())
def test_undo_is_the_way_back(events: list[Event], model: type[Model], every: int, data: st.DataObject) -> None:
    """Last in, first out, from any position to any before it: undo(apply(state)) is the state."""
    timeline = Timeline(filled(events), model, every=every)
    top = data.draw(st.integers(0, len(events)))
    timeline.step(top) if data.draw(st.booleans()) else timeline.seek(top)
    for position in range(top - 1, data.draw(st.integers(0, top)) - 1, -1):
        assert same(timeline.undo(), naive(events[:position], model))
        assert timeline.position == position
    before = timeline.position
    if before < len(events):
        timeline.step()
        assert same(timeline.undo(), naive(events[:before], model))


@given(HISTORIES, MODELS, st.lists(st.integers(0, 7), max_size=12))
def test_a_projection_is_the_naive_fold(events: list[Event], model: type[Model], limits: list[int]) -> None:
    """In whatever portions it is moved."""
    projection, position = Projection(filled(events), model), 0
    for limit in limits:
        position = min(position + limit, len(events))
        projection.advance(limit)
        assert (projection.position, projection.lag) == (position, len(events) - position)
        assert same(projection.state, naive(events[:position], model))


@given(st.lists(st.tuples(AMOUNTS, st.integers(0, 10), st.integers(0, 3)), max_size=25), st.integers(-1, 40), SPACINGS)
def test_times_are_the_naive_choice(entries: list[tuple[int, int, int]], minute: int, every: int) -> None:
    """As it was known is a prefix; as it was is what had occurred, and as corrected in the order in which it did."""
    start, clock = as_instant("2026-03-02T09:00:00Z"), ManualClock("2026-03-02T09:00:00Z")
    log = open_log(clock=clock)
    for amount, occurred, pause in entries:
        log.append(Event("money.set", {"amount": amount}, occurred=start.replace(minute=occurred)))
        clock.advance(60 * pause)
    timeline = Timeline(log, Balance, every=every)
    moment = as_instant("2026-03-02T08:59:00Z") if minute < 0 else start.replace(minute=minute)
    known = [event for event in log if event.recorded <= moment]
    been = [event for event in log if event.occurred <= moment]
    in_order = sorted(been, key=lambda event: event.occurred)
    assert timeline.at(recorded=moment) == naive(known, Balance)
    assert timeline.at(occurred=moment) == naive(been, Balance)
    assert Timeline(log, Balance, every=every, corrected=True).at(occurred=moment) == naive(in_order, Balance)


@given(st.integers(0, 400), st.integers(1, 5), st.integers(1, 100))
def test_the_story_is_the_same_every_way(count: int, seed: int, every: int) -> None:
    """Folded, by snapshots, by projection and by image; and nothing in its models is impure."""
    log = a_log()
    log.append(*stream(count, seed=seed))
    projection = Projection(log, Folders)
    projection.advance()
    whole = fold(log, Folders)
    timeline = Timeline(log, Folders, every=every)
    assert same(timeline.at(), whole)
    assert same(timeline.seek(count), whole)
    assert same(projection.state, whole)
    assert same(MemoryImage(log, Folders).state, whole)
    assert check_determinism(Folders, log) == ()


@given(st.integers(1, 120), st.integers(1, 40))
def test_costs_are_by_the_book(count: int, every: int) -> None:
    """After one full pass each question costs what lies behind its snapshot, and nothing else."""
    log = a_log()
    log.append(*stream(count))
    timeline = Timeline(log, Folders, every=every)
    timeline.at()
    assert timeline.cost.applied == count
    for position in range(count + 1):
        before = timeline.cost
        timeline.at(position)
        assert timeline.cost - before == Cost(applied=position % every, snapshots=1 if position >= every else 0)


class TimelineMachine(RuleBasedStateMachine):
    """A timeline over a growing log, against a list of the events and a number."""

    every = 4
    model: type[Model] = Accounts

    def __init__(self) -> None:
        super().__init__()
        self.log = open_log(clock=ManualClock("2026-03-02T09:00:00Z", tick=60))
        self.timeline = Timeline(self.log, self.model, every=self.every)
        self.events: list[Event] = []
        self.ids = CounterIds()
        self.place = 0
        self.given: list[tuple[Any, Any]] = []

    def teardown(self) -> None:
        for state, expected in self.given:
            assert same(state, expected)
        self.log.close()

    def check(self, state: Any, position: int) -> None:
        """A state that was given out, now and at the end."""
        expected = naive(self.events[:position], self.model)
        assert same(state, expected)
        assert isinstance(state, KeyedState) == (self.model is Accounts)
        self.given.append((state, expected))

    @rule(events=st.lists(EVENTS, min_size=1, max_size=5))
    def append(self, events: list[Event]) -> None:
        events = [event.replace(id=self.ids()) for event in events]
        self.log.append(*events)
        self.events += events

    @rule(data=st.data())
    def at(self, data: st.DataObject) -> None:
        position = data.draw(st.none() | st.integers(0, len(self.events)))
        self.check(self.timeline.at(position), len(self.events) if position is None else position)

    @precondition(lambda self: self.events)
    @rule(data=st.data())
    def at_recorded(self, data: st.DataObject) -> None:
        event = data.draw(st.sampled_from(list(self.log)))
        self.check(self.timeline.at(recorded=event.recorded), self.log.position_at(event.recorded))

    @rule(data=st.data())
    def seek(self, data: st.DataObject) -> None:
        self.place = data.draw(st.integers(0, len(self.events)))
        self.check(self.timeline.seek(self.place), self.place)

    @rule(count=st.integers(-12, 12))
    def step(self, count: int) -> None:
        self.place = max(0, min(self.place + count, len(self.events)))
        self.check(self.timeline.step(count), self.place)

    @precondition(lambda self: self.place)
    @rule(count=st.integers(1, 9))
    def undo(self, count: int) -> None:
        for _ in range(min(count, self.place)):
            self.place -= 1
            self.check(self.timeline.undo(), self.place)

    @rule(data=st.data())
    def play(self, data: st.DataObject) -> None:
        upto = data.draw(st.integers(0, len(self.events)))
        for event, state in self.timeline.play(upto=upto):
            self.place += 1
            assert (event.position, event.id) == (self.place, self.events[self.place - 1].id)
            self.check(state, self.place)

    @invariant()
    def the_playhead_is_where_it_was_put(self) -> None:
        assert self.timeline.position == self.place
        assert same(self.timeline.state, naive(self.events[: self.place], self.model))

    @invariant()
    def snapshots_are_at_multiples(self) -> None:
        taken = self.timeline.snapshots
        assert taken == tuple(range(self.every, self.every * len(taken) + 1, self.every))


@pytest.mark.parametrize("every", [1, 2, 4, 1000])
@pytest.mark.parametrize("model", [Accounts, Balance])
def test_any_order_of_calls(model: type[Model], every: int) -> None:
    """A timeline does what a list of the events would, whatever it is asked and told."""
    machine = type("Machine", (TimelineMachine,), {"model": model, "every": every})
    run_state_machine_as_test(machine, settings=settings(max_examples=500 if THOROUGH else 40, stateful_step_count=30))
