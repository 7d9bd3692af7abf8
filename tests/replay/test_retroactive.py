"""Retroactive events: golden data, plans and their prices, what is refused, and the world outside."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from accounts import Account, Accounts, Balance, a_log, added, new_log

from eda_workshop import (
    AmbiguousId,
    BadPlan,
    BadSetting,
    BadTarget,
    BadTime,
    Conflict,
    DuplicateEvent,
    Event,
    EventLog,
    External,
    Gateways,
    History,
    KeyedModel,
    ManualClock,
    Model,
    ReducerFailed,
    UnknownEvent,
    applies,
    fold,
    open_log,
    reverses,
)
from eda_workshop.stories.cargo import Freight, voyage

pytestmark = pytest.mark.usefixtures("engine")

DAY = datetime(2026, 3, 1, 12, tzinfo=UTC)


def day(number: int) -> datetime:
    """Noon of a day of March 2026."""
    return DAY + timedelta(days=number - 1)


def sailing(*events: Event) -> History:
    """A history of the cargo, at the end of the tenth of March."""
    log = new_log(ManualClock(day(10)))
    log.append(*events)
    return History(log, Freight)


def books(history: History) -> tuple[bool, bool]:
    """Whether the books have been in Canada, and whether they are aboard."""
    item = history.state().cargo["books"]
    return item.was_in_canada, item.aboard


# --- the cargo ----------------------------------------------------------------------------------


def is_done(external: External) -> bool:
    """Whether nothing is left to do outside."""
    return not (external.missing or external.wrong or external.waiting or external.unanswered)


def test_the_cargo() -> None:
    """In order: in Canada, and unloaded."""
    assert books(sailing(*voyage())) == (True, False)


def test_a_load_that_is_recorded_last() -> None:
    """In the order recorded the books are still aboard and were never in Canada; in the order of occurrence they were."""
    load, *rest = voyage()
    history = sailing(*rest)
    outcome = history.late(load).commit()
    believed = fold(history.log, Freight).cargo["books"]
    assert (believed.was_in_canada, believed.aboard) == (False, True)
    assert books(history) == (True, False)
    assert outcome.incorrect.cargo["books"].was_in_canada is False
    assert outcome.corrected == outcome.correct == fold(sailing(*voyage()).log, Freight)


def test_of_two_events_with_one_id_the_source_tells() -> None:
    """A rejection or correction says whose event it means where the id alone doesn't; taking it back, too."""
    log = new_log(ManualClock(day(10)))
    log.append(*(added(n, id="1", occurred=day(n), source=source) for n, source in ((1, "/bank"), (2, "/shop"))))
    history = History(log, Balance)
    with pytest.raises(AmbiguousId):
        history.reject("1")
    history.correct("1", source="/shop", data={"amount": 5}).commit()
    assert history.state() == 6
    history.reject("1", source="/bank").commit()
    assert (history.state(), log.last and log.last.data["source"]) == (5, "/bank")
    assert log.last is not None
    history.withdraw(log.last.id).commit()
    assert history.state() == 6


def test_an_arrival_that_was_elsewhere() -> None:
    """It was Los Angeles: the books have not been in Canada. Taken back, they have again."""
    history = sailing(*voyage())
    outcome = history.correct("evt-0002", data={"port": "Los Angeles"}, reason="misheard").commit()
    assert books(history) == (False, False)
    correction = list(history.log)[outcome.position - 1]
    assert correction.data == {"event": "evt-0002", "data": {"port": "Los Angeles"}, "reason": "misheard"}
    history.withdraw(correction.id).commit()
    assert books(history) == (True, False)


def test_events_that_never_were() -> None:
    """The ship never called: the books have not been in Canada."""
    history = sailing(*voyage())
    history.reject("evt-0002").commit()
    history.reject("evt-0003").commit()
    assert books(history) == (False, False)
    assert history.log.head == 7


def test_a_correction_of_the_time_moves_an_event() -> None:
    """The books were loaded after Vancouver."""
    history = sailing(*voyage())
    plan = history.correct("evt-0001", occurred=day(2) + timedelta(hours=1))
    assert (plan.kind, plan.since) == ("incorrect", day(1))
    plan.commit()
    assert books(history) == (False, False)


def test_every_past_belief_can_still_be_asked_for() -> None:
    """At each position, and at each moment of recording."""
    load, *rest = voyage()
    log = new_log(ManualClock(day(10), tick=3600))
    log.append(*rest)
    history = History(log, Freight)
    history.late(load).commit()
    history.reject("evt-0002").commit()
    assert [history.state(known=known).cargo["books"].was_in_canada for known in (4, 5, 6)] == [False, True, False]
    late, rejected = (event.recorded for event in log.read(4))
    assert history.state(known=late).cargo["books"].was_in_canada
    assert not history.state(known=rejected).cargo["books"].was_in_canada
    assert history.state(known=late, occurred=day(1)).cargo["books"].aboard
    assert history.state(known=0) == Freight.initial


# --- prices -------------------------------------------------------------------------------------


class Digits(Model):
    """A number that gets a digit with every event."""

    initial = 0

    @applies("digit.added", keep=lambda number, event: number)
    def added(number, event):
        return (number * 10 + event.data["digit"]) % 10**9

    @reverses("digit.added")
    def taken_away(number, event, before):
        return before


def digits(count: int, every: int) -> History:
    """A history of so many digits, one a day; in memory, for the prices are the same everywhere."""
    log = open_log(clock=ManualClock(day(100)))
    log.append(*(Event("digit.added", {"digit": n % 10}, id=f"d{n}", occurred=day(n)) for n in range(1, count + 1)))
    return History(log, Digits, every=every)


@pytest.mark.parametrize("engine", ["memory"], indirect=True)
@pytest.mark.parametrize("every", [1, 4, 10, 100])
def test_rewind_is_cheaper_when_the_branch_is_nearer_to_the_head_than_to_the_snapshot(every: int) -> None:
    """For all small cases: n events, B before the branch, S at the snapshot; and the steps taken are those planned."""
    for n in range(1, 40):
        for kept in range(n):
            history = digits(n, every)
            snapshot = kept // every * every
            late = Event("digit.added", {"digit": 7}, id="late", occurred=day(kept) + timedelta(hours=1))
            assert history.late(late).costs == prices(2 * (n - kept) + 1, n - snapshot + 1)
            wrong = f"d{kept + 1}"
            assert history.reject(wrong).costs == prices(2 * (n - kept) - 1, n - snapshot - 1)
            plan = history.correct(wrong, data={"digit": 77})
            assert plan.costs == prices(2 * (n - kept), n - snapshot)
            cheaper = "rewind" if n - kept < kept - snapshot else "rebuild"
            assert plan.best == cheaper or n - kept == kept - snapshot
            if n % 13 == 0:
                assert plan.commit().steps == min(2 * (n - kept), n - snapshot)


def prices(rewind: int, rebuild: int) -> dict[str, int | None]:
    """What a model of the whole costs."""
    return {"rebuild": rebuild, "rewind": rewind, "selective": None}


@pytest.mark.parametrize("strategy", ["rebuild", "rewind"])
def test_strategies_end_in_the_same_state(strategy: str) -> None:
    """And in that of a history that had been right from the start."""
    history = digits(9, 4)
    outcome = history.correct("d3", data={"digit": 0}).commit(strategy)
    assert (outcome.corrected, outcome.strategy) == (120_456_789, strategy)


def test_a_correction_costs_what_its_subject_costs() -> None:
    """Of a thousand events of fifty subjects, the few after it."""
    log = new_log(ManualClock(day(10)))
    log.append(*(added(1, f"s{n % 50}", id=f"e{n}", occurred=day(1) + timedelta(seconds=n)) for n in range(1_000)))
    history = History(log, Accounts, every=100)
    plan = history.correct("e500", data={"amount": 11})
    assert plan.costs == {"rebuild": 500, "rewind": 1_000, "selective": 10}
    assert (plan.keys, len(plan.affected), len(plan.stale)) == (("s0",), 9, 5)
    assert plan.incorrect == {"s0": Account(20)}
    assert plan.commit().steps == 10
    assert history.state(subject="s0") == Account(30)
    assert history.state(subject="s1") == Account(20)


class Place(KeyedModel):
    """Where each is now; what was before is forgotten."""

    initial = ""

    @applies("person.moved")
    def moved(place, event):
        return event.data["to"]


def test_it_stops_where_the_state_meets_the_old_one() -> None:
    """At the next snapshot after a later move, all is as it was."""
    log = new_log(ManualClock(day(90)))
    log.append(
        *(
            Event("person.moved", {"to": f"p{n}"}, subject="ada", id=f"m{n}", occurred=day(1) + timedelta(hours=n))
            for n in range(100)
        )
    )
    history = History(log, Place, every=10)
    outcome = history.correct("m20", data={"to": "elsewhere"}).commit()
    assert (outcome.steps, outcome.spared) == (10, 70)
    assert history.state() == {"ada": "p99"}
    assert history.state(occurred=day(1) + timedelta(hours=20)) == {"ada": "elsewhere"}


def test_an_event_that_touches_several_subjects_widens_the_plan() -> None:
    """All of them are replayed, those that it touched and those that it should have."""
    log = new_log(ManualClock(day(10)))
    log.append(
        added(5, "ada", id="1", occurred=day(1)),
        added(5, "bob", id="2", occurred=day(2)),
        Event("money.charged", {"whom": ["ada", "bob"], "amount": 1}, id="fee", occurred=day(3)),
        added(5, "cy", id="3", occurred=day(4)),
    )
    history = History(log, Accounts)
    plan = history.correct("fee", data={"whom": ["bob", "cy"], "amount": 1})
    assert plan.keys == ("", "ada", "bob", "cy")
    plan.commit()
    assert {key: value.amount for key, value in history.state().items()} == {"ada": 5, "bob": 4, "cy": 4}


def test_prices_are_those_of_the_plan_whenever_somebody_asks() -> None:
    """Also when it was committed, and the log has gone on."""
    asked, later = (digits(9, 4) for _ in range(2))
    before = asked.correct("d3", data={"digit": 0})
    plan = later.correct("d3", data={"digit": 0})
    plan.commit()
    later.log.append(Event("digit.added", {"digit": 5}, occurred=day(50)))
    later.reject("d1").commit()
    assert before.costs == plan.costs == prices(14, 9)


class Total(KeyedModel):
    """What came in, for each."""

    initial = 0

    @applies("money.added")
    def added(total, event):
        return total + event.data["amount"]


@pytest.mark.parametrize("count", [400, 4_000])
def test_a_correction_reads_the_events_of_its_keys_alone(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long the log is: of each subject there are twenty."""
    log = new_log(ManualClock(day(10)))
    subjects = count // 20
    for start in range(0, count, 400):
        numbers = range(start, start + 400)
        log.append(*(added(1, f"s{n % subjects}", id=f"e{n}", occurred=day(1) + timedelta(seconds=n)) for n in numbers))
    history = History(log, Total, every=1_000)
    seen: list[int] = []

    def counted(read: Any) -> Any:
        def reading(*args: Any, **more: Any) -> Any:
            for found in read(*args, **more):
                seen.append(len(found) if isinstance(found, list) else 1)
                yield found

        return reading

    monkeypatch.setattr(log, "pages", counted(log.pages))
    monkeypatch.setattr(log, "read", counted(log.read))
    assert history.correct("e7", data={"amount": 11}).commit().corrected == {"s7": 30}
    assert sum(seen) < 60


@pytest.mark.parametrize("strategy", ["rebuild", "rewind"])
def test_an_interruption_on_the_way_leaves_nothing_half_done(strategy: str) -> None:
    """What was appended counts, and the next look finds it."""
    stops: list[int] = []

    class Stopped(Digits):
        @applies("digit.added", keep=lambda number, event: number)
        def added(number, event):
            if stops and stops.pop():
                raise KeyboardInterrupt
            return (number * 10 + event.data["digit"]) % 10**9

        @reverses("digit.added")
        def taken_away(number, event, before):
            if stops and stops.pop():
                raise KeyboardInterrupt
            return before

    for steps in range(12):
        log = digits(9, 4).log
        history = History(log, Stopped, every=4)
        plan = history.correct("d6", data={"digit": 0})
        assert plan.costs[strategy] == {"rebuild": 5, "rewind": 8}[strategy]
        stops[:] = [1, *[0] * steps]
        with suppress(KeyboardInterrupt):
            plan.commit(strategy)
        stops.clear()
        assert (log.head, history.state(), history.state(occurred=day(6))) == (10, 123_450_789, 123_450)


# --- what is refused ----------------------------------------------------------------------------


def corrected() -> History:
    """Two events, of which the second was rejected; and a correction of the first."""
    history = History(a_log(added(1, id="1", occurred=day(1)), added(2, id="2", occurred=day(1))), Balance)
    history.reject("2").commit()
    history.correct("1", data={"amount": 3}).commit()
    return history


@pytest.mark.parametrize(
    ("attempt", "kind", "words"),
    [
        (lambda h: h.reject("nobody"), BadTarget, "is not in the log. Give the id"),
        (lambda h: h.reject(1), BadTarget, "The event 1 is not in the log"),
        (lambda h: h.reject("2"), BadTarget, r"was rejected already, at position 3.*withdraw\('event.rejected/2/3'\)"),
        (lambda h: h.correct("2", data={}), BadTarget, "was rejected already"),
        (lambda h: h.reject("event.rejected/2/3"), BadTarget, "is itself a rejection. Take it back: withdraw"),
        (lambda h: h.reject("event.corrected/1/4"), BadTarget, "is itself a correction"),
        (lambda h: h.correct("event.corrected/1/4", data={}), BadTarget, "is itself a correction"),
        (lambda h: h.withdraw("1"), BadTarget, r"neither a rejection nor a correction. Use reject\('1'\)"),
        (lambda h: h.correct("1", data={"amount": 3}), BadTarget, "would change nothing"),
        (lambda h: h.correct("1", occurred=day(1)), BadTarget, "would change nothing"),
        (lambda h: h.correct("1"), BadTarget, "Give data= or occurred= that differs"),
        (lambda h: h.correct("1", occurred=day(20)), BadTarget, "can't have occurred at 2026-03-20.* only 2026-03-02"),
        (lambda h: h.correct("1", occurred=datetime(2026, 3, 1)), BadTime, "zone|offset|aware"),  # noqa: DTZ001
        (lambda h: h.late(added(1, occurred=day(20))), BadTarget, "what is planned for later is published now"),
        (lambda h: h.late(added(9, id="1", occurred=day(1))), DuplicateEvent, "position 1"),
        (lambda h: h.late(added(1, id="1", occurred=day(1))), DuplicateEvent, "position 1"),
        (lambda h: h.late(Event("event.rejected", {"event": "1"}, occurred=day(1))), BadTarget, "Use reject"),
        (lambda h: h.late(Event("money.added", {}, id="x", occurred=day(1))), ReducerFailed, "KeyError"),
        (lambda h: h.state(known=9), Exception, "There is no position 9"),
        (lambda h: h.state(subject="ada"), Exception, "has one state for all subjects"),
        (lambda h: h.reject("1").commit("magic"), BadPlan, "rebuild, rewind, selective"),
        (lambda h: h.reject("1").commit("selective"), BadPlan, "Balance has one state for all subjects"),
        (lambda h: h.reject("1").external, BadSetting, "gateways=..., react=..."),
    ],
)
def test_bad_corrections(attempt: Any, kind: type[Exception], words: str) -> None:
    """Each says what to do instead, and the log is as it was."""
    history = corrected()
    before = history.log.last, history.state()
    with pytest.raises(kind, match=words):
        attempt(history)
    assert (history.log.last, history.state()) == before


def test_withdrawn_is_withdrawn() -> None:
    """A second time it is refused; and what was said can be said again."""
    history = corrected()
    history.withdraw("event.rejected/2/3").commit()
    assert history.state() == 5
    with pytest.raises(BadTarget, match="was withdrawn already"):
        history.withdraw("event.rejected/2/3")
    history.reject("2").commit()
    assert history.state() == 3


def test_without_an_inverse_there_is_no_rewind() -> None:
    """The plan says so, and commits otherwise."""
    log = a_log(added(1, id="1", occurred=day(1)), Event("money.doubled", id="2", occurred=day(2)))
    plan = History(log, Balance).reject("1")
    assert plan.problems["rewind"] == "Balance has no inverse for money.doubled at position 2"
    with pytest.raises(BadPlan, match=r"rewind is not possible: Balance has no inverse for money.doubled"):
        plan.commit("rewind")
    assert plan.commit().corrected == 0


def test_too_far_back_there_is_no_rewind() -> None:
    """What undoing needs is kept for the newest events only."""
    log = a_log(*(added(1, id=str(n), occurred=day(1) + timedelta(seconds=n)) for n in range(10)))
    history = History(log, Balance, undo=3, every=2)
    assert "the newest 3 events" in history.reject("2").problems["rewind"]
    assert history.reject("7").costs["rewind"] == 5


def test_a_plan_is_out_of_date_when_the_log_has_grown() -> None:
    """Nothing is appended then."""
    history = corrected()
    plan = history.reject("1")
    history.log.append(added(1, id="new"))
    with pytest.raises(Conflict):
        plan.commit()
    assert history.log.head == 5


def test_a_strict_model_refuses_a_late_stranger() -> None:
    """As it refuses others."""

    class Strict(Balance):
        strict = True

    with pytest.raises(UnknownEvent):
        History(a_log(added(1)), Strict).late(Event("x.y", occurred=day(1)))


def test_an_event_that_no_rule_can_take_is_rejected() -> None:
    """Before that the state can't be told; afterwards it can."""
    log = a_log(added(1, id="1", occurred=day(1)), Event("money.added", {}, id="bad", occurred=day(1)))
    history = History(log, Balance)
    with pytest.raises(ReducerFailed):
        history.state()
    log.append(Event("event.rejected", {"event": "bad"}))
    assert history.state() == 1
    assert History(log, Balance).state() == 1


def test_corrections_of_another_process_are_seen(tmp_path: Any) -> None:
    """The log is the only memory: another history of the same file corrects, and this one follows."""
    with open_log(tmp_path / "a.db", clock=ManualClock(day(5))) as here:
        here.append(added(1, "ada", id="1", occurred=day(1)), added(2, "ada", id="2", occurred=day(2)))
        history = History(here, Accounts)
        assert history.state(subject="ada") == Account(3)
        with open_log(tmp_path / "a.db", clock=ManualClock(day(5))) as there:
            History(there, Accounts).reject("1").commit()
        assert history.state(subject="ada") == Account(2)
        assert history.state(subject="ada", known=2) == Account(3)


# --- the world outside --------------------------------------------------------------------------


class Desk:
    """A business that sends a mail for every amount, and bills at the end of the month; it asks a rate."""

    def __init__(self, *, retract: bool = True) -> None:
        self.log: EventLog = new_log(ManualClock(day(20)))
        self.mails: list[Any] = []
        self.regrets: list[Any] = []
        self.bills: list[Any] = []
        self.gateways = Gateways(self.log)
        more = {"retract": self.regrets.append} if retract else {}
        mail = self.gateways.update("mail", self.mails.append, **more)
        bill = self.gateways.buffered("bill", self.bills.append, lambda event: "2026-03-31T00:00:00Z")
        rate = self.gateways.query("rate", lambda currency: 2)

        def react(event: Event, account: Any) -> None:
            if event.name == "money.added":
                mail(to=event.subject, total=account.amount)
            if event.name == "month.closed":
                bill(to=event.subject, total=account.amount)
            if event.name == "money.noted":
                mail(to=event.subject, worth=account.amount * rate(event.data["note"]))

        self.history = History(self.log, Accounts, gateways=self.gateways, react=react)
        self.history.record(
            added(1, "ada", id="1", occurred=day(1)),
            added(2, "bob", id="2", occurred=day(2)),
            added(3, "ada", id="3", occurred=day(3)),
            Event("month.closed", subject="ada", id="4", occurred=day(4)),
        )


def test_what_is_right_is_not_sent_again() -> None:
    """A late event: the mail after it was wrong, its own is missing, the bill that waits is withdrawn and made anew."""
    desk = Desk()
    assert [mail["total"] for mail in desk.mails] == [1, 2, 4]
    outcome = desk.history.late(added(10, "ada", id="late", occurred=day(2))).commit()
    external = outcome.external
    assert [message.content["total"] for message in external.missing] == [11, 14, 14]
    assert [message.content["total"] for message in external.wrong] == [4]
    assert [message.content["total"] for message in external.waiting] == [4]
    assert repr(external) == "<External: 0 same, 3 missing, 1 wrong, 1 waiting, 0 unanswered>"
    assert is_done(outcome.settle())
    assert [mail["total"] for mail in desk.mails] == [1, 2, 4, 11, 14]
    assert [regret["total"] for regret in desk.regrets] == [4]
    assert outcome.settle().repeated == 3
    assert len(desk.mails) == 5
    desk.gateways.release("2026-04-01T00:00:00Z")
    assert [bill["total"] for bill in desk.bills] == [14]


def test_what_waits_is_due_by_the_event_as_it_counts() -> None:
    """An event that was moved back in time: what it makes anew is due by its right time, not by the one recorded."""
    log = new_log(ManualClock(day(20)))
    gateways, bills = Gateways(log), list[Any]()
    bill = gateways.buffered("bill", bills.append, lambda event: event.occurred + timedelta(days=14))

    def react(event: Event, account: Any) -> None:
        bill(to=event.subject, day=event.occurred.day)

    history = History(log, Accounts, gateways=gateways, react=react)
    history.record(added(1, "ada", id="1", occurred=day(18)))
    history.correct("1", occurred=day(12)).commit().settle()
    assert gateways.release(day(26) - timedelta(seconds=1)) == 0
    assert gateways.release(day(26)) == 1
    assert bills == [{"to": "ada", "day": 12}]


def test_a_plan_shows_what_it_means_outside_before_anything_is_done() -> None:
    """And afterwards it is the same."""
    desk = Desk()
    plan = desk.history.reject("1")
    before = desk.log.last
    planned = plan.external
    assert desk.log.last == before
    assert [message.content["total"] for message in planned.wrong] == [1, 4]
    assert plan.commit().external == planned


def test_what_can_not_be_retracted_is_left_to_a_person() -> None:
    """Then the corrected reality is not the correct branch, and it is said why."""
    desk = Desk(retract=False)
    outcome = desk.history.reject("3").commit()
    left = outcome.settle()
    assert [message.content["total"] for message in left.wrong] == [4]
    assert (outcome.corrected, outcome.correct) == ({"ada": Account(1)}, {"ada": Account(1)})


def test_a_question_that_was_never_asked_is_for_a_person() -> None:
    """Once the answer is recorded, the message is known and can be sent."""
    desk = Desk()
    late = Event("money.noted", {"note": "EUR"}, subject="ada", id="late", occurred=day(2))
    outcome = desk.history.late(late).commit()
    assert [missing.question for missing in outcome.external.unanswered] == ['["EUR"]']
    assert not is_done(outcome.settle())
    desk.gateways.answer("rate", ["EUR"], 3, event=late)
    assert [message.content["worth"] for message in outcome.external.missing] == [3]
    assert is_done(outcome.settle())
    assert desk.mails[-1] == {"to": "ada", "worth": 3}


def test_correcting_a_correction_sends_nothing_twice() -> None:
    """There and back again: everybody was told once of each thing, and of each mistake."""
    desk = Desk()
    desk.history.correct("1", data={"amount": 5}).commit().settle()
    desk.history.withdraw(next(desk.log.read(names="event.corrected")).id).commit().settle()
    told = [mail["total"] for mail in desk.mails if mail["to"] == "ada"]
    regretted = [regret["total"] for regret in desk.regrets]
    assert (told, regretted) == ([1, 4, 5, 8, 1, 4], [1, 4, 5, 8])
    out = [message.content["total"] for _, message in desk.gateways.recording.out({("", "1"), ("", "3")})]
    assert sorted(out) == [1, 4]


def test_recording_is_for_what_happens_now() -> None:
    """What occurred before others is late, and nothing is sent because of it unless it is planned."""
    desk = Desk()
    with pytest.raises(BadTarget, match=r"Use late\(...\).commit\(\)"):
        desk.history.record(added(1, "ada", id="x", occurred=day(1)))
    assert len(desk.mails) == 3


def test_a_compensating_event_is_the_other_way() -> None:
    """The account comes to the right amount, and the past stays as it was believed."""
    desk = Desk()
    wrong = desk.history.reject("1")
    owed = wrong.correct["ada"].amount - wrong.incorrect["ada"].amount
    desk.history.record(added(owed, "ada", id="adjusted", occurred=day(5)))
    assert desk.history.state(subject="ada") == wrong.correct["ada"]
    assert desk.history.state(subject="ada", occurred=day(1)) == Account(1)


def test_both_or_none_of_gateways_and_react() -> None:
    """One without the other could do nothing."""
    with pytest.raises(BadSetting, match="both gateways= and react="):
        History(a_log(), Balance, gateways=Gateways(a_log()))
