"""Publishing: what goes in, who gets it, what comes back, in which order."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from eda_workshop import (
    BadData,
    BadEvent,
    BadName,
    BadSetting,
    Bus,
    Command,
    CounterIds,
    Delivery,
    DuplicateEvent,
    Event,
    ManualClock,
    Recorded,
    open_log,
    retry,
)
from eda_workshop.clock import iso
from eda_workshop.log import EventLog


def test_everybody_with_a_handler_gets_the_event(bus: Bus) -> None:
    """A topic copies: each subscriber that handles the name gets it once, in the order they subscribed."""
    got: list[tuple[str, Any]] = []
    for name in ("b", "a", "c"):
        bus.subscriber(name)
    for name in ("c", "a"):
        bus.subscribers[name].on("user.signed_up", lambda event, name=name: got.append((name, event)))
    bus.subscribers["b"].on("user.left", lambda event: got.append(("b", event)))
    event = Event("user.signed_up", {"name": "Ada"})
    receipt = bus.publish(event)
    assert got == [("c", event), ("a", event)]
    assert receipt.addressed == receipt.delivered_to == ("c", "a")
    assert receipt.event is event


def test_nobody_need_listen(bus: Bus) -> None:
    """An event without a handler is legal, and the receipt shows it."""
    receipt = bus.publish("user.signed_up")
    assert receipt.unheard
    assert receipt.delivered_to == ()
    assert repr(receipt) == "<Receipt evt-0001 user.signed_up: unheard>"


def test_a_receipt_never_holds_a_handler_s_result(bus: Bus) -> None:
    """What a handler returns is ignored."""
    bus.subscriber("a").on("a.b", lambda event: "secret")
    receipt = bus.publish("a.b")
    assert "secret" not in f"{receipt!r} {[getattr(receipt, name) for name in receipt.__struct_fields__]}"


def test_a_name_and_data_make_an_event(bus: Bus) -> None:
    """The bus gives the id and the time; every other attribute may be passed by name."""
    event = bus.publish("user.signed_up", {"name": "Ada"}, subject="user/ada", version=2).event
    assert (event.id, event.data, event.subject, event.version) == ("evt-0001", {"name": "Ada"}, "user/ada", 2)
    assert iso(event.occurred) == "2026-03-02T09:00:00Z"
    assert event.correlation == "evt-0001"
    explicit = bus.publish("user.left", id="x", occurred="2026-01-01T00:00:00Z", correlation="evt-0001").event
    assert (explicit.id, explicit.correlation, explicit.occurred.year) == ("x", "evt-0001", 2026)


def test_the_clock_is_the_log_s_unless_told(log: EventLog) -> None:
    """One clock gives both times; another may be passed."""
    assert Bus(log).clock is log.clock
    own = ManualClock("2020-01-01T00:00:00Z")
    event = Bus(log, clock=own).publish("a.b").event
    assert isinstance(event, Recorded)
    assert (event.occurred.year, event.recorded.year) == (2020, 2026)


@pytest.mark.parametrize(
    ("arguments", "attributes", "error", "words"),
    [
        (("user.*",), {}, BadName, "wildcard"),
        (("signup",), {}, BadName, "one token"),
        (("a.b", {"f": print}), {}, BadData, "data['f']"),
        (("a.b", [1]), {}, BadData, "a list"),
        (("a.b",), {"sbject": "x"}, BadEvent, "no attribute sbject. Did you mean subject?"),
        (("a.b",), {"position": 1}, BadEvent, "no attribute position"),
        (("a.b",), {"name": "c.d"}, BadEvent, "no attribute name"),
        (("a.b",), {"id": ""}, BadEvent, "id is empty"),
        (("a.b",), {"id": None}, BadEvent, "id is NoneType"),
        ((3,), {}, BadEvent, "This is int, not an event"),
        ((None,), {}, BadEvent, "This is NoneType"),
        ((Event,), {}, BadEvent, "the class Event"),
        ((Command("folder.create"),), {}, BadEvent, "commands are not published"),
        ((Event("a.b"), {"x": 1}), {}, BadEvent, "ready-made, and data was passed beside it"),
        ((Event("a.b"),), {"subject": "x"}, BadEvent, "ready-made, and subject was passed beside it"),
    ],
)
@pytest.mark.parametrize("warm", [False, True])
def test_a_mistake_is_one_clear_error(
    logged: Bus, arguments: tuple[Any, ...], attributes: dict[str, Any], error: type[Exception], words: str, warm: bool
) -> None:
    """Nothing is recorded, delivered or counted, and no id is used up, on the first event and later."""
    got: list[Event] = []
    logged.subscriber("a").on(">", got.append)
    if warm:
        logged.publish("a.b", id="warm")
    with pytest.raises(error) as caught:
        logged.publish(*arguments, **attributes)
    assert words in str(caught.value)
    assert len(got) == logged.log.head == sum(logged.statistics().published.values()) == warm  # type: ignore[union-attr]


def test_a_refused_name_uses_up_no_id_and_no_tick() -> None:
    """A lesson that invites a mistake prints the same ids and times as one that doesn't."""
    clock = ManualClock(tick=1)
    bus = Bus(ids=CounterIds(), clock=clock)
    for name, data in (("a", {}), ("a.b", {"x": {1}})):
        with pytest.raises((BadName, BadData)):
            bus.publish(name, data)
    event = bus.publish("a.b").event
    assert (event.id, iso(event.occurred)) == ("evt-0001", "2026-03-02T09:00:00Z")


def test_what_is_recorded_is_delivered(logged: Bus, log: EventLog) -> None:
    """With a log handlers and receipt get the recorded event, and it is in the log before they run."""
    seen: list[tuple[Event, int]] = []
    logged.subscriber("a").on("a.b", lambda event: seen.append((event, log.head)))
    receipt = logged.publish("a.b")
    (recorded,) = log
    assert seen == [(recorded, 1)]
    assert receipt.event == recorded


def test_an_event_of_another_log_is_published_as_the_event_alone(logged: Bus) -> None:
    """Its place and hash elsewhere mean nothing here; in its own log it is a repetition."""
    other = open_log()
    other.append(Event("x.y"), Event("a.b", id="1"))
    foreign = next(other.read(1))
    receipt = logged.publish(foreign)
    assert isinstance(receipt.event, Recorded)
    assert receipt.event.position == 1
    assert logged.publish(receipt.event).repeated


def test_an_id_is_published_once(logged: Bus) -> None:
    """A repeated publish of the same event is not delivered again; the same id for another event is an error."""
    got: list[Event] = []
    logged.subscriber("a").on("a.b", got.append)
    event = Event("a.b", id="1")
    first, second = logged.publish(event), logged.publish(event)
    assert (first.repeated, second.repeated, len(got)) == (False, True, 1)
    assert second.event == first.event
    assert second.delivered_to == ()
    assert not second.unheard
    with pytest.raises(DuplicateEvent):
        logged.publish("a.b", {"x": 1}, id="1")
    assert logged.statistics().published == {"a.b": 1}


def test_without_a_log_nobody_remembers_ids(bus: Bus) -> None:
    """A bus without a log delivers whatever it is given, as often as it is given."""
    got: list[Event] = []
    bus.subscriber("a").on("a.b", got.append)
    event = Event("a.b", id="1")
    assert [bus.publish(event).repeated for _ in range(3)] == [False] * 3
    assert got == [event] * 3


def test_event_makes_without_publishing(logged: Bus) -> None:
    """It has the bus's next id and time, and goes nowhere."""
    event = logged.event("a.b", {"x": 1}, subject="s")
    assert (event.id, event.subject, logged.publish("c.d").event.id) == ("evt-0001", "s", "evt-0002")
    assert logged.publish(event).event.position == 2  # type: ignore[attr-defined]


# --- what handlers publish ----------------------------------------------------------------------


def test_a_nested_publish_waits_for_its_turn(logged: Bus) -> None:
    """It is recorded at once, and delivered when everybody has the first event: breadth first."""
    order: list[str] = []

    def first(event: Event) -> None:
        order.append("first begins")
        receipt = logged.publish("c.d")
        order.append(f"{receipt!r}, head {logged.log.head}")  # type: ignore[union-attr]

    logged.subscriber("a").on("a.b", first)
    logged.subscriber("b").on("a.b", lambda event: order.append("second"))
    logged.subscriber("c").on("c.d", lambda event: order.append("third"))
    logged.publish("a.b")
    assert order == ["first begins", "<Receipt evt-0002 c.d: queued>, head 2", "second", "third"]


@pytest.mark.parametrize("with_log", [False, True])
@pytest.mark.parametrize("ready_made", [False, True])
def test_what_a_handler_publishes_is_linked_to_its_cause(with_log: bool, ready_made: bool) -> None:
    """Causation is the handled event's id, correlation the conversation's, however it is published."""
    bus = Bus(open_log() if with_log else None, ids=CounterIds())
    got: list[tuple[str, str, str]] = []

    def tell(name: str) -> Any:
        return bus.publish(Event(name, id=bus.event(name).id) if ready_made else name)

    def note(event: Event) -> None:
        got.append((event.name, event.causation, event.correlation))

    bus.subscriber("a").on("a.b", lambda event: tell("c.d"))
    bus.subscriber("b").on("c.d", lambda event: tell("e.f"))
    bus.subscriber("c").on(">", note)
    for run in range(3):
        # The second and third time the bus knows the routes; that must make no difference.
        if not with_log:
            for name in ("c.d", "e.f"):
                bus.publish(Event(name))
        got.clear()
        bus.publish(Event("a.b", id=f"start-{run}"))
        (_, none, start), (_, first, same), (_, second, still) = got
        assert [name for name, _, _ in got] == ["a.b", "c.d", "e.f"]
        assert (none, first) == ("", f"start-{run}")
        assert second.startswith("evt-")
        assert start == same == still == f"start-{run}"


def test_a_link_that_is_given_is_kept(bus: Bus) -> None:
    """A handler may answer another event, or speak in another conversation."""
    got: list[Event] = []

    def answer(event: Event) -> None:
        bus.publish("c.d", causation="other")
        bus.publish("c.d", correlation="elsewhere")

    bus.subscriber("a").on("a.b", answer)
    bus.subscriber("b").on("c.d", got.append)
    start = bus.publish("a.b").event
    assert [(event.causation, event.correlation) for event in got] == [
        ("other", got[0].id),
        (start.id, "elsewhere"),
    ]


def test_after_a_delivery_nothing_is_linked_any_more(bus: Bus) -> None:
    """What is published outside a handler begins its own conversation."""
    bus.subscriber("a").on("a.b", lambda event: None)
    for _ in range(3):
        bus.publish(Event("a.b"))
    event = bus.publish("a.b").event
    assert (event.causation, event.correlation) == ("", event.id)


def test_a_chain_that_comes_back_is_stopped(bus: Bus) -> None:
    """After `max_hops` events the next publish of the chain raises in its handler; the rest was delivered."""
    bus = Bus(ids=CounterIds(), max_hops=4)
    hops: list[str] = []

    def ping(event: Event) -> None:
        hops.append(event.name)
        bus.publish("c.d" if event.name == "a.b" else "a.b")

    bus.subscriber("s", on_error="park").on(">", ping)
    bus.publish("a.b")
    (letter,) = bus.dead_letters
    assert hops == ["a.b", "c.d", "a.b", "c.d"]
    assert type(letter.error).__name__ == "EndlessChain"
    assert letter.error.chain == ("a.b", "c.d", "a.b", "c.d", "a.b")  # type: ignore[union-attr]
    bus.subscribers["s"].close()
    assert bus.publish("a.b").unheard


def test_a_wide_flow_is_no_chain() -> None:
    """Only hops count: one event may cause any number of others."""
    bus = Bus(max_hops=2)
    got: list[Event] = []
    bus.subscriber("a").on("a.b", lambda event: [bus.publish("c.d") for _ in range(60)])
    bus.subscriber("b").on("c.d", got.append)
    bus.publish("a.b")
    assert len(got) == 60


@pytest.mark.parametrize("settings", [{"max_hops": 0}, {"max_hops": "5"}, {"log": "drive.db"}, {"log": open_log}])
def test_a_bus_refuses_wrong_settings(settings: dict[str, Any]) -> None:
    """The error names the setting and what to give."""
    with pytest.raises(BadSetting, match=next(iter(settings))):
        Bus(**settings)


def test_an_empty_log_is_still_a_log() -> None:
    """An empty container is false in Python; the bus does not take it for none."""
    log = open_log(clock=ManualClock("2020-01-01T00:00:00Z"))
    bus = Bus(log)
    bus.publish("a.b")
    assert log.head == 1
    assert bus.clock is log.clock


def test_reprs_tell_what_is_there(bus: Bus, logged: Bus) -> None:
    """Receipts and buses print what a learner wants to know."""
    assert repr(bus) == "<Bus: 0 subscribers, log None>"
    logged.subscriber("a").on("a.b", lambda event: None)
    logged.subscriber("b", on_error="park").on("a.b", lambda event: 1 / 0)
    logged.subscriber("c", on_error="stop").on("a.b", lambda event: 1 / 0)
    assert repr(logged) == "<Bus: 3 subscribers, log <EventLog memory://: 0 events>>"
    assert repr(logged.publish("a.b")) == "<Receipt evt-0001 a.b: delivered to a; failed b, c>"
    assert repr(logged.publish("a.b")) == "<Receipt evt-0002 a.b: delivered to a; missed c; failed b>"
    again = logged.publish(Event("x.y", id="1"))
    assert repr(again) == "<Receipt 1 x.y: unheard>"
    assert repr(logged.publish(again.event)) == "<Receipt 1 x.y: published before, not delivered again>"


@pytest.mark.parametrize(
    "wrong",
    [
        {"clock": ManualClock},
        {"clock": 0},
        {"clock": "2026-03-02T09:00:00Z"},
        {"ids": CounterIds},
        {"ids": "evt"},
        {"ids": None},
        {"delivery": 0.2},
        {"delivery": Delivery},
        {"delivery": {}},
        {"max_hops": True},
    ],
)
def test_a_bus_is_made_of_what_it_takes(wrong: dict[str, Any]) -> None:
    """A class in place of its object, and a number in place of bad delivery, are refused where they are given."""
    with pytest.raises(BadSetting) as caught:
        Bus(**wrong)
    assert (caught.value.name, caught.value.given) == next(iter(wrong.items()))


def test_numpy_s_numbers_are_numbers_for_a_bus() -> None:
    """Where a subscriber begins, how often one is tried, how bad delivery is."""
    log = open_log("memory://")
    log.append(Event("a.b"), Event("a.b"), Event("a.b"))
    bus = Bus(log, max_hops=np.int64(5), delivery=Delivery(seed=np.int64(7), lost=np.float32(0)))
    got: list[int] = []
    mailer = bus.subscriber("mailer", after=np.int64(2), on_error=retry(np.int64(2)))
    mailer.on("a.b", lambda event: got.append(event.position))
    mailer.catch_up()
    assert (got, type(mailer.position)) == ([3], int)
