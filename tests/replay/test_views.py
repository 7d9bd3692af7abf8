"""Readers that take the same view agree: with each other, and with a list that is sorted and folded by hand."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from accounts import Balance, a_log, added
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from thorough import THOROUGH

from eda_workshop import (
    BadSetting,
    Event,
    EventLog,
    Gateways,
    History,
    KeyedModel,
    ManualClock,
    MemoryImage,
    Model,
    Projection,
    ReducerFailed,
    Timeline,
    UnknownEvent,
    applies,
    fold,
    open_log,
)

START = datetime(2026, 3, 1, tzinfo=UTC)
REJECTED, CORRECTED = "event.rejected", "event.corrected"


class Told(Model):
    """What happened, in order: every change of order shows."""

    initial = ()
    strict = True

    @applies("thing.said", "thing.shared")
    def happened(told, event):
        return (*told, event.data["what"])


class ToldOf(KeyedModel):
    """The same for each subject, and for whoever it was shared with."""

    initial = ()
    strict = True

    @applies("thing.said")
    def said(told, event):
        return (*told, event.data["what"])

    @applies("thing.shared", keys=lambda event: event.data["with"])
    def shared(told, event):
        return (*told, -event.data["what"])


class Apart(KeyedModel):
    """Each subject alone."""

    initial = ()

    @applies("thing.said", "thing.shared")
    def happened(told, event):
        return (*told, event.data["what"])


MODELS = (Told, ToldOf, Apart)


# --- by hand -----------------------------------------------------------------------------------------


class ByHand:
    """The records of a log in a list; nothing here is the kit's."""

    def __init__(self, log: EventLog, upto: int | None = None) -> None:
        self.rows = list(log)[:upto]
        self.by_id = {row.id: row for row in self.rows}

    def counting(self) -> list[tuple[datetime, int, str, str, dict[str, Any]]]:
        """When, where, what and about whom, of all that counts, sorted."""
        found = []
        for row in self.rows:
            if row.name.startswith("thing.") and not self.is_void(row):
                data, occurred = dict(row.data), row.occurred
                for said in self.about(row):
                    data = dict(said.data.get("data", data))
                    occurred = datetime.fromisoformat(said.data["occurred"]) if "occurred" in said.data else occurred
                found.append((occurred, row.position, row.name, row.subject, data))
        return sorted(found, key=lambda entry: entry[:2])

    def recorded(self) -> list[tuple[datetime, int, str, str, dict[str, Any]]]:
        """The same of all that was recorded, as it was recorded."""
        rows = (row for row in self.rows if row.name.startswith("thing."))
        return [(row.occurred, row.position, row.name, row.subject, dict(row.data)) for row in rows]

    def about(self, row: Any) -> list[Any]:
        said = (it for it in self.rows if it.name in (REJECTED, CORRECTED) and it.data.get("event") == row.id)
        return [it for it in said if it.position > row.position and self.is_whole(it, row) and not self.is_void(it)]

    def is_void(self, row: Any) -> bool:
        return any(said.name == REJECTED for said in self.about(row))

    def is_whole(self, said: Any, row: Any) -> bool:
        return said.name == REJECTED or row.name not in (REJECTED, CORRECTED)

    def broken(self) -> list[str]:
        """What refers to nothing before it, and stands."""
        found = []
        for row in self.rows:
            if row.name in (REJECTED, CORRECTED):
                target = self.by_id.get(row.data.get("event"))
                is_whole = target is not None and target.position < row.position and self.is_whole(row, target)
                if not is_whole and not self.is_void(row):
                    found.append(row.id)
        return found


def folded(entries: Any, model: type[Model], by: datetime | None = None) -> Any:
    """What entries come to for a model."""
    whole: tuple[int, ...] = ()
    each: dict[str, tuple[int, ...]] = {}
    for occurred, _, name, subject, data in entries:
        if by is not None and occurred > by:
            continue
        whole += (data["what"],)
        shared = name == "thing.shared" and model is ToldOf
        for key in dict.fromkeys(data["with"]) if shared else [subject]:
            each[key] = (*each.get(key, ()), -data["what"] if shared else data["what"])
    return each if model.keyed else whole


# --- the machine -------------------------------------------------------------------------------------

SUBJECTS = st.sampled_from(["ada", "bob", ""])
WHATS = st.integers(1, 5)
SHARED = st.lists(st.sampled_from(["ada", "bob", "cy"]), max_size=2)
DAYS = st.integers(0, 15)


class Views(RuleBasedStateMachine):
    """One log, and readers of both views that are moved from time to time, while anything is recorded in any order."""

    @initialize(model=st.sampled_from(MODELS), every=st.sampled_from([1, 2, 3, 100]))
    def begin(self, model: type[Model], every: int) -> None:
        self.model, self.number, self.clock = model, 0, ManualClock(START, tick=60)
        self.log = open_log("memory://", clock=self.clock)
        self.history = History(self.log, model, every=every)
        self.timelines = {view: Timeline(self.log, model, every=every, corrected=view) for view in (False, True)}
        self.images = {view: MemoryImage(self.log, model, corrected=view) for view in (False, True)}
        self.projections = {view: Projection(self.log, model, corrected=view) for view in (False, True)}

    def next(self, name: str, data: dict[str, Any], day: int, subject: str = "") -> Event:
        self.number += 1
        return Event(name, data, id=f"e{self.number}", subject=subject, occurred=START + timedelta(days=day))

    @rule(shared=st.booleans(), what=WHATS, subject=SUBJECTS, with_=SHARED, day=DAYS)
    def happen(self, shared: bool, what: int, subject: str, with_: list[str], day: int) -> None:
        name = "thing.shared" if shared else "thing.said"
        self.log.append(self.next(name, {"what": what, "with": with_}, day, subject))

    @precondition(lambda self: self.log.head)
    @rule(data=st.data())
    def reject_anything(self, data: st.DataObject) -> None:
        self.log.append(self.next(REJECTED, {"event": self.any(data).id}, 15))

    @precondition(lambda self: self.log.head)
    @rule(data=st.data(), what=WHATS, with_=SHARED, day=st.none() | DAYS)
    def correct(self, data: st.DataObject, what: int, with_: list[str], day: int | None) -> None:
        target = self.any(data)
        if target.name.startswith("thing."):
            moved = {} if day is None else {"occurred": (START + timedelta(days=day)).isoformat()}
            right = {"data": {"what": what, "with": with_}} if data.draw(st.booleans()) or not moved else {}
            self.log.append(self.next(CORRECTED, {"event": target.id, **right, **moved}, 15))

    @rule(whom=st.sampled_from(["nobody", "e1", "e2", "e99"]), name=st.sampled_from([REJECTED, CORRECTED]))
    def bring_what_may_be_broken(self, whom: str, name: str) -> None:
        event = self.next(name, {"event": whom, "data": {"what": 9, "with": []}}, 15)
        with TemporaryDirectory() as folder:
            file = Path(folder) / "events.ndjson"
            file.write_text(json.dumps(event.to_cloudevent()) + "\n")
            self.log.load(file)

    @rule(name=st.sampled_from(["gateway.sent", "gateway.answered", "gateway.withdrawn", "event.accepted"]))
    def note(self, name: str) -> None:
        self.log.append(self.next(name, {"anything": 1}, 3))

    @precondition(lambda self: self.log.head)
    @rule(data=st.data())
    def withdraw_by_a_plan(self, data: st.DataObject) -> None:
        said = [row.id for row in self.log if row.name in (REJECTED, CORRECTED)]
        if said and not ByHand(self.log).is_void(self.log.find(id := data.draw(st.sampled_from(said)))):
            self.history.withdraw(id).commit()

    @rule(limit=st.integers(0, 5))
    def move_the_projections(self, limit: int) -> None:
        for projection in self.projections.values():
            projection.advance(limit)

    @rule()
    def catch_up_the_images(self) -> None:
        for image in self.images.values():
            image.catch_up()

    @rule(count=st.integers(-3, 3))
    def step(self, count: int) -> None:
        for timeline in self.timelines.values():
            timeline.step(count)

    def any(self, data: st.DataObject) -> Any:
        return list(self.log)[data.draw(st.integers(0, self.log.head - 1))]

    @invariant()
    def all_of_one_view_agree(self) -> None:
        if not hasattr(self, "log"):
            return
        head, model, log = self.log.head, self.model, self.log
        middle, moment = head // 2, START + timedelta(days=6)
        for view, timeline in self.timelines.items():
            now, then = (self.by_hand(view, position) for position in (head, middle))
            assert fold(log, model, corrected=view) == fold(list(log), model, corrected=view) == folded(now, model)
            assert fold(log, model, middle, corrected=view) == timeline.at(middle) == folded(then, model)
            assert timeline.at() == timeline.branch().state == timeline.branch(middle).state == folded(now, model)
            assert timeline.branch(middle).cut().state == folded(then, model)
            assert timeline.at(occurred=moment) == folded(now, model, by=moment)
            known = log.position_at(START + timedelta(minutes=middle))
            at_known = timeline.at(recorded=START + timedelta(minutes=middle))
            assert at_known == folded(self.by_hand(view, known), model)
            for reader in (timeline, self.images[view], self.projections[view]):
                assert reader.state == folded(self.by_hand(view, reader.position), model)
            if model is Apart:
                for subject in ("ada", "cy"):
                    own = folded(now, model).get(subject, ())
                    assert fold(log, model, subject=subject, corrected=view) == timeline.value_of(subject) == own
                    assert timeline.branch().value_of(subject) == own
        assert self.history.state() == fold(log, model, corrected=True)
        assert self.history.state(known=middle) == fold(log, model, middle, corrected=True)
        assert self.history.state(occurred=moment) == self.timelines[True].at(occurred=moment)
        assert [it.event.id for it in log.broken_corrections()] == ByHand(log).broken()
        assert list(self.history.broken) == list(log.broken_corrections())

    def by_hand(self, corrected: bool, position: int) -> Any:
        rows = ByHand(self.log, position)
        return rows.counting() if corrected else rows.recorded()


TestViews = Views.TestCase
TestViews.settings = settings(max_examples=1_000 if THOROUGH else 60, stateful_step_count=20, deadline=None)


# --- examples ----------------------------------------------------------------------------------------


class Signups(Model):
    """How many signed up; anything unknown is an error."""

    initial = 0
    strict = True

    @applies("user.signed_up")
    def count(n, event):
        return n + 1


MOMENT = "2026-03-03T00:00:00Z"


def test_one_was_rejected(engine: None) -> None:
    """Three as recorded, two as corrected, whoever is asked; each says which view it shows."""
    log = a_log(*(Event("user.signed_up", id=str(n), occurred=MOMENT) for n in range(3)))  # type: ignore[arg-type]
    History(log, Signups).reject("1").commit()
    for corrected, expected, words in ((False, 3, "as recorded"), (True, 2, "as corrected")):
        projection = Projection(log, Signups, corrected=corrected)
        projection.advance()
        image, timeline = (kind(log, Signups, corrected=corrected) for kind in (MemoryImage, Timeline))  # type: ignore[operator]
        states = [fold(log, Signups, corrected=corrected), image.state, projection.state, timeline.at()]
        assert [*states, timeline.at(occurred=MOMENT), timeline.seek(log.head)] == [expected] * 6
        for reader in (projection, image, timeline, timeline.branch()):
            assert words in repr(reader)
    assert History(log, Signups).state() == 2
    assert "as corrected" in repr(History(log, Signups))


def test_the_kit_s_own_records_reach_no_model(engine: None) -> None:
    """Nor upset a strict one: corrections, what was accepted, and what gateways noted."""
    log = a_log(Event("user.signed_up", id="1"), Event("user.signed_up", id="2"))
    log.append(
        Event("event.corrected", {"event": "1", "data": {"name": "Ada"}}), Event("event.rejected", {"event": "2"})
    )
    gateways = Gateways(log)
    mail = gateways.update("mail", lambda content: None)
    gateways.handle(next(log.read()), lambda event: mail(to="ada"))
    projection = Projection(log, Signups)
    assert (projection.advance(), projection.state, fold(log, Signups), MemoryImage(log, Signups).state) == (5, 2, 2, 2)
    assert Timeline(log, Signups).at() == 2
    assert [event.name for event in log][-1] == "gateway.sent"


def test_other_names_in_the_same_namespace_are_anybody_s() -> None:
    """``event.planned`` and ``gateway.opened`` are facts like others."""
    log = a_log(Event("event.planned"), Event("gateway.opened"))

    class Plans(Model):
        initial = ()

        @applies("event.planned", "gateway.opened")
        def noted(names, event):
            return (*names, event.name)

    assert fold(log, Plans) == fold(log, Plans, corrected=True) == ("event.planned", "gateway.opened")
    assert Gateways(log).waiting == []
    with pytest.raises(UnknownEvent):
        fold(log, Signups)


@pytest.mark.parametrize("name", ["sent", "buffered", "answered", "withdrawn", "retracted"])
def test_what_others_record_under_a_gateway_s_name_is_no_note(name: str) -> None:
    """It says nothing about messages, and harms none."""
    log, inbox = a_log(Event(f"gateway.{name}", {"gateway": "mail"}), Event("user.signed_up")), list[Any]()
    gateways = Gateways(log)
    mail = gateways.update("mail", inbox.append)
    for _ in range(2):
        gateways.handle(next(log.read(1)), lambda event: mail(to="ada"))
    assert (inbox, gateways.waiting) == ([{"to": "ada"}], [])


class Picky(Model):
    """It can't fold an event without a number."""

    initial = 0

    @applies("money.added")
    def added(total, event):
        return total + event.data["amount"]


def test_readers_go_on_once_the_past_is_put_right() -> None:
    """As corrected, all of them; as recorded they stay before the event that can't be folded."""
    log = a_log(added(1))
    image, projection = MemoryImage(log, Picky, corrected=True), Projection(log, Picky, corrected=True)
    timeline = Timeline(log, Picky, corrected=True)
    log.append(Event("money.added", {}, id="bad"), added(2))
    for move in (image.catch_up, projection.advance, timeline.at):
        with pytest.raises(ReducerFailed):
            move()
    assert (image.state, projection.state, projection.position) == (1, 0, 0)
    History(log, Picky).reject("bad").commit()
    projection.advance()
    assert (image.catch_up(), projection.state, timeline.at(), projection.error) == (3, 3, 3, None)
    with pytest.raises(ReducerFailed):
        MemoryImage(log, Picky)


def test_a_corrected_image_takes_no_snapshots(tmp_path: Path) -> None:
    """A correction can reach behind any of them."""
    with pytest.raises(BadSetting, match="corrected=True"):
        MemoryImage(a_log(), Balance, snapshots=tmp_path / "s", corrected=True)


def test_a_corrected_branch_follows_the_order_of_occurrence() -> None:
    """What is made up comes where it occurred, and corrections apply to it, too."""
    log = a_log(
        *(Event("thing.said", {"what": day}, id=f"{day}", occurred=START + timedelta(days=day)) for day in (3, 1))
    )
    branch = Timeline(log, Told, corrected=True).branch()
    branch.append(Event("thing.said", {"what": 2}, id="2", occurred=START + timedelta(days=2)))
    assert branch.state == (1, 2, 3)
    assert [state for _, state in branch.play()] == [(1,), (1, 2), (1, 2, 3)]
    branch.append(Event(REJECTED, {"event": "2"}), Event(CORRECTED, {"event": "1", "data": {"what": 10}}))
    assert branch.state == (10, 3)
    assert Timeline(log, Told).branch().state == (3, 1)
