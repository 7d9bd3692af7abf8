"""Subscribers with a position: they catch up from the log, go on live, and remember where they were."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from eda_workshop import BadSetting, BadSubscriber, Bus, DeliveryFailed, Event, NoLog, Subscriber, open_log, retry
from eda_workshop.log import EventLog


class Reader:
    """A handler that keeps the positions it got, and fails at some of them for a while."""

    def __init__(self, *failing: int) -> None:
        self.got: list[int] = []
        self.failing = set(failing)

    def __call__(self, event: Event) -> None:
        position = event.position  # type: ignore[attr-defined]
        if position in self.failing:
            raise ValueError(position)
        self.got.append(position)


def publish(bus: Bus, *names: str) -> None:
    for name in names:
        bus.publish(name)


def test_a_late_subscriber_hears_what_was(logged: Bus) -> None:
    """From the position it names, and then live: no gap and no double at the hand-over."""
    publish(logged, "a.b", "a.b", "x.y", "a.b")
    reader = Reader()
    late = logged.subscriber("late", after=1)
    late.on("a.b", reader)
    assert reader.got == []
    assert late.catch_up() == 2
    assert reader.got == [2, 4]
    publish(logged, "x.y", "a.b")
    assert reader.got == [2, 4, 6]
    assert late.catch_up() == 0
    assert repr(late) == "<Subscriber late at position 6: a.b>"


def test_a_live_event_brings_what_it_missed(logged: Bus) -> None:
    """Without a call to `catch_up` the first live event is preceded by all before it."""
    publish(logged, "a.b", "a.b")
    reader = Reader()
    logged.subscriber("late", after=0).on("a.b", reader)
    receipt = logged.publish("a.b")
    assert reader.got == [1, 2, 3]
    assert receipt.delivered_to == ("late",)


def test_without_a_position_nothing_is_heard_of_before(logged: Bus) -> None:
    """The default is from now on; catching up then is an error that says how to make a position."""
    publish(logged, "a.b")
    reader = Reader()
    plain = logged.subscriber("plain")
    plain.on("a.b", reader)
    publish(logged, "a.b")
    assert reader.got == [2]
    with pytest.raises(BadSubscriber, match="after=0"):
        plain.catch_up()


def test_a_position_needs_a_log(bus: Bus) -> None:
    """A bus without a log has forgotten what was."""
    for settings in ({"after": 0}, {"durable": True}):
        with pytest.raises(NoLog, match="A subscriber with a position"):
            bus.subscriber("late", **settings)
    assert not bus.subscribers


@pytest.mark.parametrize("after", [-1, 3, "1", 0.5, True])
def test_a_position_is_one_of_the_log_s(logged: Bus, after: Any) -> None:
    """From 0 to the head; beyond it the subscriber would wait for events that are not its."""
    publish(logged, "a.b", "a.b")
    with pytest.raises(BadSetting, match="after"):
        logged.subscriber("late", after=after)
    assert logged.subscriber("late", after=2).position == 2


def test_events_of_other_writers_are_heard_too(logged: Bus, log: EventLog) -> None:
    """What went into the log without the bus comes with the next event, in its place."""
    reader = Reader()
    logged.subscriber("late", after=0).on("a.b", reader)
    log.append(Event("a.b"), Event("x.y"), Event("a.b"))
    publish(logged, "a.b")
    assert reader.got == [1, 3, 4]


def test_two_buses_on_one_log_hear_each_other(log: EventLog) -> None:
    """Each at its next event, or when it catches up; each event once."""
    left, right = Bus(log), Bus(log)
    readers = [Reader(), Reader()]
    for bus, reader in zip((left, right), readers, strict=True):
        bus.subscriber("reader", after=0).on("a.b", reader)
    for bus in (left, right, right, left):
        publish(bus, "a.b")
    assert right.subscribers["reader"].catch_up() == 1
    assert readers[0].got == readers[1].got == [1, 2, 3, 4]


def test_what_handlers_publish_arrives_in_order(logged: Bus) -> None:
    """Events that are queued live are not read from the log a second time."""
    reader, seen = Reader(), Reader()
    late = logged.subscriber("late", after=0)
    late.on("a.b", lambda event: (reader(event), publish(logged, "c.d", "c.d")))  # type: ignore[func-returns-value]
    late.on("c.d", reader)
    logged.subscriber("live").on(">", seen)
    publish(logged, "a.b", "a.b")
    assert reader.got == [1, 2, 3, 4, 5, 6]
    assert seen.got == [1, 2, 3, 4, 5, 6]


def test_catching_up_and_publishing_meanwhile(logged: Bus) -> None:
    """What a handler publishes while it catches up is handled after that, once, with its own cause."""
    publish(logged, "a.b", "a.b")
    order: list[str] = []
    late = logged.subscriber("late", after=0)
    late.on("a.b", lambda event: (order.append(event.id), logged.publish("c.d")))  # type: ignore[func-returns-value]
    late.on("c.d", lambda event: order.append(f"{event.id} because of {event.causation}"))
    assert late.catch_up() == 2
    assert order == ["evt-0001", "evt-0002", "evt-0003 because of evt-0001", "evt-0004 because of evt-0002"]
    assert late.position == 4


def test_a_handler_that_catches_up_does_not_meet_its_own_event(logged: Bus) -> None:
    """The inner call does nothing; the outer one goes on."""
    publish(logged, "a.b", "a.b")
    inner: list[int] = []
    late = logged.subscriber("late", after=0)
    late.on("a.b", lambda event: inner.append(late.catch_up()))
    assert late.catch_up() == 2
    publish(logged, "a.b")
    assert inner == [0, 0, 0]


def test_a_chain_through_the_log_is_stopped(log: EventLog) -> None:
    """Subscribers with a position can't cause each other's events without end either."""
    bus = Bus(log, max_hops=6)
    for name, answer in (("a.b", "c.d"), ("c.d", "a.b")):
        log.append(Event(name))
        bus.subscriber(name, after=0, on_error="park").on(name, lambda event, answer=answer: bus.publish(answer))
    bus.subscribers["a.b"].catch_up()
    assert {type(letter.error).__name__ for letter in bus.dead_letters} == {"EndlessChain"}
    assert log.head <= 14


def test_without_handlers_nothing_is_passed(logged: Bus) -> None:
    """Catching up before a handler is there must not skip what it should hear."""
    publish(logged, "a.b")
    reader = Reader()
    late = logged.subscriber("late", after=0)
    assert late.catch_up() == 0
    assert late.position == 0
    late.on("a.b", reader)
    late.catch_up()
    assert reader.got == [1]


def test_patterns_and_once_work_from_the_log(logged: Bus) -> None:
    """The names that have a handler now count; a `once` handler takes the first."""
    publish(logged, "a.b", "x.y", "a.c", "a.d")
    wide, single = Reader(), Reader()
    logged.subscriber("wide", after=0).on("a.*", wide)
    logged.subscriber("single", after=0).once("a.*", single)
    for subscriber in logged.subscribers.values():
        subscriber.catch_up()
    assert (wide.got, single.got) == ([1, 3, 4], [1])


def test_closing_while_catching_up_ends_it(logged: Bus) -> None:
    """A durable subscriber that leaves in its handler has handled that event, and goes on after it next time."""
    publish(logged, "a.b", "a.b", "a.b")
    reader = Reader()
    late = logged.subscriber("late", after=0, durable=True)
    late.on("a.b", lambda event: (reader(event), late.close()))  # type: ignore[func-returns-value]
    assert late.catch_up() == 1
    again = logged.subscriber("late", durable=True)
    again.on("a.b", reader)
    again.catch_up()
    assert reader.got == [1, 2, 3]


# --- durable ------------------------------------------------------------------------------------


def session(path: Path, work: Callable[[Bus], None]) -> None:
    """Do the work on a bus of its own, as one run of a program would."""
    with open_log(path) as log:
        work(Bus(log))


def test_a_durable_subscriber_goes_on_where_it_was(tmp_path: Path) -> None:
    """It hears in order what came while it was away, each once; a new one begins now unless told."""
    reader = Reader()

    def with_reader(bus: Bus) -> None:
        bus.subscriber("reader", durable=True).on("a.b", reader)
        publish(bus, "a.b", "a.b")

    def without(bus: Bus) -> None:
        publish(bus, "a.b", "x.y")

    path = tmp_path / "drive.db"
    for work in (without, with_reader, without, without, with_reader):
        session(path, work)
    assert reader.got == [3, 4, 5, 7, 9, 10]


def test_after_counts_only_the_first_time(tmp_path: Path) -> None:
    """A kept position wins over `after`."""
    reader = Reader()

    def run(bus: Bus) -> None:
        bus.subscriber("reader", after=0, durable=True).on("a.b", reader)
        publish(bus, "a.b")

    for _ in range(3):
        session(tmp_path / "drive.db", run)
    assert reader.got == [1, 2, 3]


def test_a_crash_in_the_handler_loses_nothing(tmp_path: Path) -> None:
    """An event whose handler was interrupted is handled again: at least once."""
    reader, crashing = Reader(), True

    def handler(event: Event) -> None:
        reader(event)
        if crashing and event.position == 2:  # type: ignore[attr-defined]
            raise KeyboardInterrupt

    def run(bus: Bus) -> None:
        reading = bus.subscriber("reader", durable=True, after=0)
        reading.on("a.b", handler)
        reading.catch_up()

    session(tmp_path / "drive.db", lambda bus: publish(bus, "a.b", "a.b", "a.b"))
    with pytest.raises(KeyboardInterrupt):
        session(tmp_path / "drive.db", run)
    crashing = False
    session(tmp_path / "drive.db", run)
    assert reader.got == [1, 2, 2, 3]


# --- failures -----------------------------------------------------------------------------------


def fed(bus: Bus, policy: Any, *failing: int) -> tuple[Subscriber, Reader]:
    """A subscriber at the beginning of the log whose handler fails at these positions."""
    reader = Reader(*failing)
    subscriber = bus.subscriber("reader", after=0, on_error=policy)
    subscriber.on("a.b", reader)
    return subscriber, reader


def test_stop_stays_at_the_event_that_failed(logged: Bus) -> None:
    """The log keeps what waits, so there are no letters; `resume` goes on in order."""
    subscriber, reader = fed(logged, "stop", 2)
    publish(logged, "a.b", "a.b", "a.b")
    assert (reader.got, subscriber.position, subscriber.stopped) == ([1], 1, True)
    assert logged.dead_letters == ()
    assert subscriber.catch_up() == 0
    subscriber.resume()
    assert (reader.got, subscriber.stopped, logged.dead_letters) == ([1], True, ())
    reader.failing.clear()
    subscriber.resume()
    assert reader.got == [1, 2, 3]
    assert not subscriber.stopped


def test_stop_while_catching_up_misses_the_live_event(logged: Bus) -> None:
    """The receipt says so: it waits in the log."""
    publish(logged, "a.b", "a.b")
    _, reader = fed(logged, "stop", 1)
    receipt = logged.publish("a.b")
    assert receipt.missed == ("reader",)
    assert reader.got == []


@pytest.mark.parametrize("policy", ["park", retry(2)])
def test_park_goes_on_and_keeps_a_letter(logged: Bus, policy: Any) -> None:
    """One bad event does not hold the others up; redelivery does not move the position back."""
    subscriber, reader = fed(logged, policy, 2)
    publish(logged, "a.b", "a.b", "a.b")
    assert reader.got == [1, 3]
    assert [letter.event.position for letter in logged.dead_letters] == [2]  # type: ignore[attr-defined]
    reader.failing.clear()
    assert len(logged.redeliver()) == 1
    assert (reader.got, subscriber.position) == ([1, 3, 2], 3)


def test_raise_tells_of_failures_while_catching_up(logged: Bus) -> None:
    """After everything was handled; the error holds how many were."""
    publish(logged, "a.b", "a.b", "a.b")
    subscriber, reader = fed(logged, "raise", 1, 3)
    with pytest.raises(DeliveryFailed) as caught:
        subscriber.catch_up()
    assert [str(error) for error in caught.value.exceptions] == ["1", "3"]
    assert (reader.got, caught.value.receipt, subscriber.position) == ([2], 1, 3)


def test_an_interruption_leaves_no_letter_for_it(logged: Bus) -> None:
    """It finds the event in the log; others, who have no position, get letters."""
    calls: list[str] = []

    def interrupt(event: Event) -> None:
        if not calls:
            calls.append(event.id)
            raise KeyboardInterrupt

    fed_one = logged.subscriber("fed", after=0)
    fed_one.on("a.b", interrupt)
    logged.subscriber("also fed", after=0).on("a.b", Reader())
    logged.subscriber("live").on("a.b", Reader())
    with pytest.raises(KeyboardInterrupt):
        logged.publish("a.b")
    assert [letter.subscriber for letter in logged.dead_letters] == ["live"]
    assert [logged.subscribers[name].catch_up() for name in ("fed", "also fed")] == [1, 1]
