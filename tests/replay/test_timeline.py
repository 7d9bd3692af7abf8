"""The timeline: the state at any position and time, the playhead, and what it all costs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from accounts import Account, Accounts, Balance, a_log, a_story, added
from interrupting import REPLAY, interrupted_at

from eda_workshop import (
    BadModel,
    BadPosition,
    BadSetting,
    BadTime,
    Event,
    KeyedModel,
    ManualClock,
    Model,
    NotReversible,
    ReducerFailed,
    Timeline,
    applies,
    fold,
    open_log,
    reverses,
)
from eda_workshop.clock import as_instant
from eda_workshop.drive import Count, Folders, stream
from eda_workshop.replay import Cost


class Names(Model):
    """What happened, in the order in which it was told."""

    initial = ()

    @applies("a.b", "late.b")
    def told(names, event):
        return (*names, event.id)


def balances(*amounts: int, every: int = 1_000) -> Timeline:
    return Timeline(a_log(*map(added, amounts)), Balance, every=every)


# --- any position ------------------------------------------------------------------------------------


def test_a_position_is_inclusive() -> None:
    """0 is before the first event, the head and no argument are after the last."""
    timeline = balances(1, 10, 100)
    assert [timeline.at(position) for position in range(4)] == [0, 1, 11, 111]
    assert timeline.at() == timeline.at(position=3) == 111
    assert Timeline(a_log(), Balance).at() == Timeline(a_log(), Balance).at(0) == 0


@pytest.mark.parametrize("position", [-1, 4, 10**30, True, 1.0, "1", [], "2026-03-02T09:00:00Z", float("nan")])
def test_a_position_must_be_one_of_the_log_s(position: Any) -> None:
    """Everything that takes one says which there are, and nothing moves."""
    timeline = balances(1, 10, 100)
    timeline.seek(2)
    uses = (
        timeline.at,
        timeline.seek,
        lambda given: fold(timeline.log, Balance, upto=given),
        lambda given: list(timeline.play(upto=given)),
    )
    for use in uses:
        with pytest.raises(BadPosition, match="positions go from 0, before the first event, to 3") as info:
            use(position)
        assert info.value.given is position
        assert info.value.head == 3
    assert (timeline.position, timeline.state) == (2, 11)


def test_the_playhead_stays_while_others_are_asked() -> None:
    """`at` is a question only."""
    timeline = balances(1, 10, 100, every=2)
    timeline.seek(1)
    for position in (3, 0, 2):
        timeline.at(position)
    assert (timeline.position, timeline.state) == (1, 1)
    assert repr(timeline) == "<Timeline of Balance at 1 of 3, as recorded>"


def test_the_log_may_grow() -> None:
    """What was appended is there the next time; what was refused before is a position now."""
    log = a_log()
    timeline = Timeline(log, Balance, every=2)
    for number in range(1, 8):
        with pytest.raises(BadPosition):
            timeline.at(number)
        log.append(added(1))
        assert timeline.at() == timeline.step() == number
    assert timeline.snapshots == (2, 4, 6)


# --- times -------------------------------------------------------------------------------------------


def late_log() -> Any:
    """Recorded at 09:00, 09:01 and so on; b and d tell of what occurred earlier, and c and d of one moment."""
    moments = ["2026-03-02T08:00:00Z", "2026-03-01T12:00:00Z", "2026-03-02T08:30:00Z", "2026-03-02T08:30:00Z"]
    return a_log(*(Event("a.b", id=id, occurred=moment) for id, moment in zip("abcd", moments, strict=True)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("moment", "names"),
    [
        ("2026-03-02T08:59:59.999999Z", ""),
        ("2026-03-02T09:00:00Z", "a"),
        ("2026-03-02T09:00:59.999999Z", "a"),
        ("2026-03-02T09:01:00Z", "ab"),
        ("2026-03-02T10:02:00+01:00", "abc"),
        ("2099-01-01T00:00:00Z", "abcd"),
    ],
)
def test_as_it_was_known_at_a_moment(moment: str, names: str) -> None:
    """By time of recording, inclusive, in the order recorded; text and datetimes, in any zone."""
    timeline = Timeline(late_log(), Names, every=2)
    assert timeline.at(recorded=moment) == tuple(names)  # type: ignore[arg-type]
    assert timeline.at(recorded=as_instant(moment)) == tuple(names)


@pytest.mark.parametrize(
    ("moment", "names"),
    [
        ("2026-03-01T11:59:59.999999Z", ""),
        ("2026-03-01T12:00:00Z", "b"),
        ("2026-03-02T08:00:00Z", "ba"),
        ("2026-03-02T08:29:59.999999Z", "ba"),
        ("2026-03-02T08:30:00Z", "bacd"),
        ("2099-01-01T00:00:00Z", "bacd"),
        ("9999-12-31T23:59:59.999999Z", "bacd"),
    ],
)
def test_as_it_was_at_a_moment(moment: str, names: str) -> None:
    """By time of occurring, inclusive. As corrected, late events are where they belong, ties by position."""
    recorded, corrected = (Timeline(late_log(), Names, every=2, corrected=view) for view in (False, True))
    assert corrected.at(occurred=moment) == tuple(names)  # type: ignore[arg-type]
    assert recorded.at(occurred=moment) == tuple(sorted(names))  # type: ignore[arg-type]


def test_events_recorded_at_one_moment_are_known_together() -> None:
    """A batch is in the log at once."""
    log = a_log()
    log.append(added(1), added(2), added(3))
    assert Timeline(log, Balance).at(recorded=log.last.recorded) == 6  # type: ignore[arg-type]


def test_times_of_a_keyed_model() -> None:
    """The same, one value for each subject."""
    log = a_log(added(1, "ada", occurred="2026-03-03T00:00:00Z"), added(2, "bob", occurred="2026-03-01T00:00:00Z"))
    timeline = Timeline(log, Accounts, every=1)
    assert timeline.at(occurred="2026-03-02T00:00:00Z") == {"bob": Account(2)}  # type: ignore[arg-type]
    assert timeline.at(recorded="2026-03-02T09:00:00Z") == {"ada": Account(1)}  # type: ignore[arg-type]


@pytest.mark.parametrize("every", [1, 7, 1_000])
def test_one_subject_at_any_position(every: int) -> None:
    """By its own events since the last snapshot that is there, it comes to what the whole comes to."""
    timeline = Timeline(a_story(60), Folders, every=every)
    for position in (0, 1, 29, 30, 60):
        assert timeline.value_of("folder/f1", position) == timeline.at(position).get("folder/f1", Folders.initial)
    before = timeline.cost
    timeline.value_of("folder/f1")
    own = len(list(timeline.log.read(subject="folder/f1")))
    assert (timeline.cost - before).applied <= min(own, every)
    with pytest.raises(BadPosition):
        timeline.value_of("folder/f1", 61)
    with pytest.raises(BadModel, match="has one state for all subjects"):
        Timeline(a_story(5), Count).value_of("folder/f1")


def test_a_rejection_and_a_correction_show_in_the_past() -> None:
    """As corrected, what had occurred by a moment is what counts now, even if it was put right later."""
    ada = added(1, "ada", id="1", occurred="2026-03-01T00:00:00Z")
    bob = added(2, "bob", id="2", occurred="2026-03-01T00:00:00Z")
    log = a_log(ada, bob)
    log.append(Event("event.rejected", {"event": "1"}), Event("event.corrected", {"event": "2", "data": {"amount": 5}}))
    timeline = Timeline(log, Accounts, corrected=True)
    assert timeline.at(occurred="2026-03-01T00:00:00Z") == {"bob": Account(5)}  # type: ignore[arg-type]
    assert timeline.at(position=2) == {"ada": Account(1), "bob": Account(2)}
    as_recorded = Timeline(log, Accounts).at(occurred="2026-03-01T00:00:00Z")  # type: ignore[arg-type]
    assert as_recorded == {"ada": Account(1), "bob": Account(2)}


@pytest.mark.parametrize("moment", [datetime(2026, 3, 2), "2026-03-02T09:00:00", "noon", 3, ""])  # noqa: DTZ001
@pytest.mark.parametrize("which", ["occurred", "recorded"])
def test_a_time_without_a_zone_is_refused(which: str, moment: Any) -> None:
    """And what is no time at all."""
    timeline = balances(1)
    with pytest.raises(BadTime):
        timeline.at(**{which: moment})
    assert timeline.at() == 1


@pytest.mark.parametrize("names", [("position", "occurred"), ("position", "recorded"), ("occurred", "recorded")])
def test_one_question_at_a_time(names: tuple[str, str]) -> None:
    """Two arguments are refused, with the second as it was given; position 0 is an argument as well."""
    given = {"position": 0, "occurred": "2026-03-02T09:00:00Z", "recorded": "2026-03-03T09:00:00Z"}
    with pytest.raises(BadSetting, match=f"one of them: {names[0]} or {names[1]}") as info:
        balances(1).at(**{name: given[name] for name in names})  # type: ignore[arg-type]
    assert (info.value.name, info.value.given) == (names[1], given[names[1]])


# --- the playhead ------------------------------------------------------------------------------------


def test_steps_go_both_ways_and_stop_at_the_ends() -> None:
    """By one, by many, by none."""
    timeline = balances(1, 10, 100, 1000, every=2)
    steps = [1, 2, 0, -1, 5, -1, -9, 3, 10**9, -(10**9)]
    positions = [1, 3, 3, 2, 4, 3, 0, 3, 4, 0]
    for count, position in zip(steps, positions, strict=True):
        assert timeline.step(count) == timeline.state == timeline.at(position)
        assert timeline.position == position
    assert timeline.step() == 1


@pytest.mark.parametrize("count", [1.5, "1", True, None])
def test_a_step_is_a_whole_number(count: Any) -> None:
    """Nothing moves for anything else."""
    timeline = balances(1, 10)
    with pytest.raises(BadSetting, match="count"):
        timeline.step(count)
    assert timeline.position == 0


@pytest.mark.parametrize("every", [0, -1, 1.5, "10", True, None])
def test_the_spacing_is_a_whole_number_from_1(every: Any) -> None:
    """Refused where the timeline is made."""
    with pytest.raises(BadSetting, match="every"):
        Timeline(a_log(), Balance, every=every)


def test_playing_gives_each_event_and_the_state_after_it() -> None:
    """From the playhead to the head, or to a position; then the playhead is there."""
    timeline = balances(1, 10, 100, 1000)
    timeline.seek(1)
    assert [(event.position, state) for event, state in timeline.play(upto=3)] == [(2, 11), (3, 111)]
    assert [(event.position, state) for event, state in timeline.play()] == [(4, 1111)]
    assert list(timeline.play()) == []
    assert timeline.position == 4


@pytest.mark.parametrize("speed", [0.5, 1, 60, 1e6])
def test_playing_waits_as_long_as_the_log_did(speed: float) -> None:
    """By time of recording, divided by the speed; none before the first."""
    clock, waits = ManualClock("2026-03-02T09:00:00Z"), list[float]()
    log = open_log(clock=clock)
    for gap in (5, 0.25, 3600, 0):
        log.append(added(1))
        clock.advance(gap)
    list(Timeline(log, Balance).play(speed, sleep=waits.append))
    assert waits == [5 / speed, 0.25 / speed, 3600 / speed]


def test_without_a_speed_nothing_waits() -> None:
    """The lessons play a day in no time."""
    waits: list[float] = []
    list(balances(1, 2, 3).play(sleep=waits.append))
    assert waits == []


@pytest.mark.parametrize("speed", [0, -1, "fast", True])
def test_a_speed_is_above_0(speed: Any) -> None:
    """Time does not stand still."""
    with pytest.raises(BadSetting, match="speed"):
        next(balances(1).play(speed))


def test_the_playhead_may_be_moved_while_it_plays() -> None:
    """The events come in their order, each with the state after it."""
    timeline, seen = balances(1, 10, 100, 1000, every=2), []
    for event, state in timeline.play():
        seen.append((event.position, state))
        timeline.seek(0) if event.position % 2 else timeline.undo()
    assert seen == [(1, 1), (2, 11), (3, 111), (4, 1111)]


def test_playing_ends_at_the_head_as_it_was() -> None:
    """What the listener appends does not keep it going."""
    timeline = balances(1, 10)
    for _ in timeline.play():
        timeline.log.append(added(1))
    assert (timeline.position, timeline.log.head) == (2, 4)


# --- undo --------------------------------------------------------------------------------------------


def test_undo_of_a_difference_is_exact() -> None:
    """What was added is taken away, without a look at the log before."""
    timeline = balances(1, 10, 100)
    timeline.seek(3)
    before = timeline.cost
    assert [timeline.undo(), timeline.undo(), timeline.undo()] == [11, 1, 0]
    assert timeline.cost - before == Cost(undone=3)


def test_undo_of_an_assignment_needs_what_was_kept() -> None:
    """With keep= it is exact."""
    log = a_log(added(5), Event("money.set", {"amount": 90}), Event("money.set", {"amount": 7}), added(1))
    timeline = Timeline(log, Balance)
    timeline.seek(4)
    assert [timeline.undo() for _ in range(4)] == [7, 90, 5, 0]


def test_undo_of_an_event_that_the_model_passes() -> None:
    """It changed nothing, so nothing needs an inverse."""
    timeline = Timeline(a_log(added(1), Event("x.y")), Balance)
    timeline.seek(2)
    assert (timeline.undo(), timeline.position) == (1, 1)


def test_undo_without_an_inverse_leaves_all_as_it_is() -> None:
    """The event is named, and stepping back works."""
    timeline = Timeline(a_log(added(3), Event("money.doubled"), added(1)), Balance)
    timeline.seek(3)
    timeline.undo()
    for _ in range(2):
        with pytest.raises(NotReversible, match=r"can't undo money.doubled at position 2.*step\(-1\)") as info:
            timeline.undo()
        assert (info.value.model, info.value.name, info.value.position) == ("Balance", "money.doubled", 2)
        assert (timeline.position, timeline.state) == (2, 6)
    assert timeline.step(-1) == 3
    assert timeline.undo() == 0


def test_undo_at_the_beginning() -> None:
    """There is nothing before it."""
    timeline = balances(1)
    with pytest.raises(BadPosition):
        timeline.undo()
    assert timeline.step() == 1


def test_undo_takes_away_the_key_that_came() -> None:
    """A subject whose first event is undone was never there; the others keep their order."""
    timeline = Timeline(a_log(added(1, "ada"), added(2, "bob"), added(3, "ada"), added(4, "eve")), Accounts)
    timeline.seek(4)
    keys = [list(timeline.undo()) for _ in range(4)]
    assert keys == [["ada", "bob"], ["ada", "bob"], ["ada"], []]
    assert timeline.step(4) == fold(timeline.log, Accounts)


def test_undo_of_an_event_that_touches_several_keys() -> None:
    """All of them are as before."""
    charge = Event("money.charged", {"whom": ["ada", "bob", "eve"], "amount": 3})
    timeline = Timeline(a_log(added(1, "ada"), added(2, "bob"), charge), Accounts, every=3)
    timeline.seek(3)
    assert timeline.undo() == {"ada": Account(1), "bob": Account(2)}


@pytest.mark.parametrize("every", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize("arrive", ["seek", "step", "play"])
def test_undo_goes_back_over_snapshots(every: int, arrive: str) -> None:
    """From the head to the beginning, however the playhead came there, and forth again."""
    log = a_story(60)
    states = [fold(log, Folders, upto=position) for position in range(61)]
    timeline = Timeline(log, Folders, every=every)
    if arrive == "play":
        list(timeline.play())
    else:
        getattr(timeline, arrive)(60)
    for position in range(59, -1, -1):
        assert timeline.undo() == states[position]
        if position % 5 == 0 and position:
            assert timeline.step() == states[position + 1]
            assert timeline.undo() == states[position]
    assert timeline.step(60) == states[60]


def test_an_inverse_that_fails_harms_nothing() -> None:
    """Also when it fails for the second key only: the playhead and its state stay."""

    class Bad(KeyedModel):
        initial = 0

        @applies("a.b", keys=lambda event: ["x", "y"])
        def one(state, event):
            return state + 1

        @reverses("a.b")
        def back(state, event, _):
            seen.append(1)
            return state - 1 if len(seen) % 2 else None

    seen: list[int] = []
    timeline = Timeline(a_log(Event("a.b"), Event("a.b")), Bad)
    timeline.step(2)
    for _ in range(2):
        with pytest.raises(ReducerFailed, match="at position 2 gives back nothing"):
            timeline.undo()
        assert (timeline.position, timeline.state) == (2, {"x": 2, "y": 2})


def test_what_is_kept_is_asked_before_the_event_is_applied() -> None:
    """A keep that fails is the reducer's fault, and the playhead stays."""

    class Bad(Balance):
        @applies("money.added", keep=lambda state, event: 1 / 0)
        def added(balance, event):
            return balance + event.data["amount"]

    timeline = Timeline(a_log(added(1)), Bad)
    with pytest.raises(ReducerFailed, match="ZeroDivisionError"):
        timeline.step()
    assert (timeline.position, timeline.state) == (0, 0)


# --- what it costs -----------------------------------------------------------------------------------


@pytest.mark.parametrize("every", [10, 50, 100, 250])
def test_a_question_costs_half_a_spacing(every: int) -> None:
    """By the book: over all positions (k - 1) / 2 events on average, k - 1 at worst, once the snapshots are there."""
    timeline = Timeline(a_story(1_000), Folders, every=every)
    timeline.at()
    assert timeline.cost == Cost(applied=1_000, snapshots=1)
    assert timeline.snapshots == tuple(range(every, 1_001, every))
    costs = []
    for position in range(1_000):
        before = timeline.cost
        timeline.at(position)
        costs.append(timeline.cost - before)
    applied = [cost.applied for cost in costs]
    assert applied == [position % every for position in range(1_000)]
    assert sum(applied) / 1_000 == (every - 1) / 2
    assert max(applied) == every - 1
    assert [cost.snapshots for cost in costs] == [0] * every + [1] * (1_000 - every)


def test_snapshots_are_taken_as_far_as_somebody_went() -> None:
    """At multiples of the spacing only, each once."""
    timeline = Timeline(a_story(100), Folders, every=30)
    for position, snapshots in [(29, ()), (30, (30,)), (10, (30,)), (89, (30, 60)), (100, (30, 60, 90))]:
        timeline.at(position)
        assert timeline.snapshots == snapshots


def test_a_step_forward_costs_one_event() -> None:
    """Far from any snapshot as well as near one."""
    timeline = Timeline(a_story(100), Folders, every=1_000)
    for _ in range(100):
        before = timeline.cost
        timeline.step()
        assert timeline.cost - before == Cost(applied=1)


def test_costs_add_up() -> None:
    """As numbers do."""
    one, two = Cost(1, 2, 3), Cost(10, 20, 30)
    assert (one + two, two - one) == (Cost(11, 22, 33), Cost(9, 18, 27))


# --- Ctrl-C ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", [Balance, Accounts])
@pytest.mark.parametrize("work", ["at", "seek", "step", "undo"])
def test_an_interruption_at_any_moment_leaves_a_right_timeline(model: type[Model], work: str) -> None:
    """The playhead is where it was or where it was to go, its state is right, and so is every other."""
    log = a_log(*(added(10**n, "ada" if n % 2 else "bob") for n in range(5)))
    states = [fold(log, model, upto=position) for position in range(6)]
    uses: dict[str, Callable[[Timeline], Any]] = {
        "at": lambda timeline: timeline.at(5),
        "seek": lambda timeline: timeline.seek(5),
        "step": lambda timeline: timeline.step(2),
        "undo": lambda timeline: timeline.undo(),
    }
    moment = 0
    while True:
        timeline = Timeline(log, model, every=2)
        timeline.seek(2)
        if not interrupted_at(moment, lambda timeline=timeline: uses[work](timeline), REPLAY):  # type: ignore[misc]
            break
        assert timeline.state == states[timeline.position], moment
        assert timeline.position in (2, {"at": 2, "seek": 5, "step": 4, "undo": 1}[work]), moment
        assert [timeline.at(position) for position in range(6)] == states, moment
        assert timeline.snapshots == (2, 4), moment
        assert (timeline.seek(5), timeline.undo(), timeline.undo()) == (states[5], states[4], states[3]), moment
        moment += 1
    assert moment > 10


def test_a_day_can_be_gone_through_from_both_ends() -> None:
    """The story's time of recording and its positions agree."""
    clock = ManualClock("2026-03-02T09:00:00Z", tick=timedelta(minutes=1).total_seconds())
    log = open_log(clock=clock)
    for event in stream(50):
        log.append(event)
    timeline = Timeline(log, Folders, every=8)
    for event in log:
        assert timeline.at(recorded=event.recorded) == timeline.at(event.position)
