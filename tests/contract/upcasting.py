"""What every log does, whatever engine it runs on: old events in new shapes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from contract.setup import LogSetup, an_event
from eda_workshop.bus import Bus
from eda_workshop.clock import as_instant
from eda_workshop.errors import BadUpcaster, MissingUpcaster, UpcasterFailed
from eda_workshop.event import Event
from eda_workshop.log import EventLog, Upcasters

NEWEST = {"first": "Ada", "last": "Lovelace", "active": True}


def split(data: Mapping[str, Any]) -> dict[str, Any]:
    """From version 1 to 2: one name becomes two."""
    first, last = data["name"].split(" ")
    return {"first": first, "last": last}


def activate(data: Mapping[str, Any]) -> dict[str, Any]:
    """From version 2 to 3: everybody has been active so far."""
    return {**data, "active": True}


class UpcastingContract(LogSetup):
    """The tests of `EventLog.upcasters`."""

    @pytest.fixture
    def old(self, log: EventLog) -> EventLog:
        """A log with an event of each version, 1 to 4, and one of another name; the steps reach from 1 to 3."""
        user = Event(
            "user.named", {"name": "Ada Lovelace"}, subject="user/ada", occurred=as_instant("2026-03-01T00:00:00Z")
        )
        halves = {"first": "Ada", "last": "Lovelace"}
        log.append(
            user.replace(id="v1"),
            user.replace(id="v2", data=halves, version=2),
            user.replace(id="v3", data=NEWEST, version=3),
            user.replace(id="v4", data={"who": "Ada"}, version=4),
            an_event(5),
        )
        log.upcasters = Upcasters()
        log.upcasters.step("user.named", 1)(split)
        log.upcasters.step("user.named", 2)(activate)
        return log

    def test_old_events_come_in_the_newest_shape(self, old: EventLog) -> None:
        """Each goes through the steps that it lacks; what is newer than all steps, or has none, stays as it is."""
        events = list(old)
        assert [event.data for event in events] == [NEWEST, NEWEST, NEWEST, {"who": "Ada"}, {"number": 5}]
        assert [event.version for event in events] == [3, 3, 3, 4, 1]

    def test_every_way_of_reading_upcasts(self, old: EventLog) -> None:
        """`find`, `pages` and `follow` give the same as `read`, also to those who read backwards or by a filter."""
        found = old.find("v1")
        assert found is not None
        assert found.data == NEWEST
        assert [event.data for page in old.pages() for event in page] == [event.data for event in old]
        assert list(old.follow(patience=0)) == list(old)
        assert list(old.read(reverse=True)) == list(old)[::-1]
        assert list(old.read(names="user.named", subject="user/ada", limit=2)) == list(old)[:2]

    def test_what_is_stored_stays_as_it_was(self, old: EventLog) -> None:
        """Only the reading differs: `raw` gives the old shapes, the hashes fit them, and the chain holds."""
        raw = list(old.read(raw=True))
        assert [event.version for event in raw] == [1, 2, 3, 4, 1]
        assert raw[0].data == {"name": "Ada Lovelace"}
        assert [event.hash for event in raw] == [event.hash for event in old]
        assert old.verify() is None
        old.upcasters = Upcasters()
        assert list(old) == raw

    def test_all_but_data_and_version_stays(self, old: EventLog) -> None:
        """An upcaster can't touch the id, the times or the position."""
        raw, new = next(old.read(raw=True)), next(old.read())
        assert (new.id, new.position, new.recorded) == (raw.id, raw.position, raw.recorded)
        assert new.event.replace(data=raw.data, version=1) == raw.event

    def test_an_old_event_is_repeated_as_it_was_stored(self, old: EventLog) -> None:
        """Whether an append repeats an event is judged by what is stored, not by what the upcasters make of it."""
        again = next(old.read(raw=True)).event
        assert old.append(again) == (1,)

    def test_upcasted_data_is_frozen(self, old: EventLog) -> None:
        """What an upcaster gives back is an event's data like any other; later changes don't reach it."""
        given: dict[str, Any] = {"first": "Ada"}
        old.upcasters = Upcasters()
        old.upcasters.step("user.named", 3)(lambda data: given)
        event = next(old.read(2, 3))
        given["first"] = "Eve"
        assert event.data == {"first": "Ada"}
        with pytest.raises(TypeError):
            event.data["first"] = "Eve"  # type: ignore[index]

    def test_a_missing_step_is_named(self, old: EventLog) -> None:
        """The error tells the event, its position and the step; what needs no such step can be read."""
        old.upcasters = Upcasters()
        old.upcasters.step("user.named", 2)(activate)
        asks = (lambda: list(old), lambda: old.find("v1"), lambda: list(old.pages()), lambda: next(old.follow()))
        for ask in asks:
            with pytest.raises(MissingUpcaster) as caught:
                ask()
            assert (caught.value.name, caught.value.position, caught.value.version) == ("user.named", 1, 1)
            assert caught.value.newest == 3
        assert [event.version for event in old.read(1)] == [3, 3, 4, 1]
        assert len(list(old.read(raw=True))) == 5

    @pytest.mark.parametrize(
        ("gives", "problem"),
        [(lambda data: 1 / 0, "ZeroDivisionError"), (lambda data: None, "None"), (lambda data: {"x": {1}}, "a set")],
    )
    def test_a_failing_step_is_named(self, old: EventLog, gives: Any, problem: str) -> None:
        """A step that raises, or gives what is no event's data, is one error; what is stored is unharmed."""
        old.upcasters = Upcasters()
        old.upcasters.step("user.named", 2)(gives)
        with pytest.raises(UpcasterFailed, match=problem) as caught:
            list(old.read(1))
        assert (caught.value.name, caught.value.position, caught.value.version) == ("user.named", 2, 2)
        assert len(list(old.read(raw=True))) == 5

    def test_a_step_is_registered_once(self, old: EventLog) -> None:
        """A second function for the same step, and what is no function, are refused; the first stays."""
        for wrong in (activate, {"active": True}):
            with pytest.raises(BadUpcaster) as caught:
                old.upcasters.step("user.named", 1)(wrong)  # type: ignore[arg-type]
            assert (caught.value.name, caught.value.version) == ("user.named", 1)
        assert next(old.read()).data == NEWEST

    def test_live_is_what_late_is(self, log: EventLog) -> None:
        """A handler that hears an event live gets the shape that one gets who catches up, and who has a position."""
        log.upcasters.step("user.named", 1)(split)
        log.upcasters.step("user.named", 2)(activate)
        bus, got = Bus(log), dict[str, list[Event]]()
        for name, after in {"live": None, "fed": 0}.items():
            bus.subscriber(name, after=after).on("user.named", got.setdefault(name, []).append)
        bus.observe("user.named", got.setdefault("tap", []).append)
        bus.publish("user.named", {"name": "Ada Lovelace"}, id="1")
        bus.publish("user.named", {"first": "Ada", "last": "Lovelace"}, id="2", version=2)
        late = bus.subscriber("late", after=0)
        late.on("user.named", got.setdefault("late", []).append)
        late.catch_up()
        assert {name: [(event.data, event.version) for event in each] for name, each in got.items()} == dict.fromkeys(
            got, [(NEWEST, 3)] * 2
        )
        assert got["live"] == got["late"] == list(log)
        assert [event.version for event in log.read(raw=True)] == [1, 2]

    def test_a_receipt_has_the_newest_shape(self, log: EventLog) -> None:
        """Also of an event that was there already; which one that is, the stored shape decides."""
        bus, event = Bus(log), Event("user.named", {"first": "Ada", "last": "Lovelace"}, id="1", version=2)
        log.append(event)
        log.upcasters.step("user.named", 2)(activate)
        receipt = bus.publish(event)
        assert (receipt.repeated, receipt.event) == (True, log.find("1"))

    def test_what_can_t_be_upcast_isn_t_published(self, log: EventLog) -> None:
        """A missing or failing step refuses the event before it is appended."""
        bus = Bus(log)
        log.upcasters.step("user.named", 2)(lambda data: 1 / 0)  # type: ignore[arg-type, return-value]
        with pytest.raises(MissingUpcaster, match="Nothing was appended"):
            bus.publish("user.named")
        with pytest.raises(UpcasterFailed, match="Nothing was appended"):
            bus.publish("user.named", version=2)
        assert log.head == 0
