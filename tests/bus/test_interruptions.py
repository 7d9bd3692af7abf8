"""Interruptions: Ctrl-C in a handler loses nothing and leaves the bus working."""

from __future__ import annotations

import asyncio

import pytest

from eda_workshop import Bus, CounterIds, Event, open_log, retry

INTERRUPTIONS = [KeyboardInterrupt(), SystemExit(3), GeneratorExit(), asyncio.CancelledError()]


@pytest.fixture(params=["long way", "short way", "with a log", "with an observer", "after a failure"])
def way(request: pytest.FixtureRequest) -> str:
    """How the event travels when the interruption comes."""
    return str(request.param)


class Stage:
    """Four subscribers to a.b; the first publishes c.d, the third is interrupted as long as it is told."""

    def __init__(self, way: str, interruption: BaseException) -> None:
        self.bus = Bus(open_log() if way == "with a log" else None, ids=CounterIds())
        self.interruption: BaseException | None = None
        self.way = way
        self.got: list[str] = []
        for name in ("one", "two", "three", "four"):
            self.bus.subscriber(name, on_error="park")
        self.bus.subscribers["one"].on("a.b", lambda event: self.bus.publish(Event("c.d", id=f"caused by {event.id}")))
        self.bus.subscribers["two"].on("a.b", self.two)
        self.bus.subscribers["three"].on("a.b", self.three)
        self.bus.subscribers["four"].on(">", lambda event: self.got.append(f"four {event.name}"))
        if way == "short way":
            self.bus.publish(Event("a.b", id="warm"))
            self.got.clear()
        if way == "with an observer":
            self.bus.observe(">", lambda event: None)
        self.interruption = interruption

    def two(self, event: Event) -> None:
        self.got.append("two")
        if self.interruption and self.way == "after a failure":
            raise ValueError

    def three(self, event: Event) -> None:
        if self.interruption:
            raise self.interruption
        self.got.append("three")

    def letters(self) -> list[tuple[str, str, int]]:
        return [(one.subscriber, one.event.name, one.attempts) for one in self.bus.dead_letters if one.error is None]


@pytest.mark.parametrize("interruption", INTERRUPTIONS)
def test_an_interruption_goes_through_and_leaves_letters(way: str, interruption: BaseException) -> None:
    """The caller gets it as it was raised; whoever did not get an event, queued ones included, has a letter."""
    stage = Stage(way, interruption)
    with pytest.raises(type(interruption)) as caught:
        stage.bus.publish(Event("a.b", id="1"))
    assert caught.value is interruption
    assert stage.got == ["two"]
    assert stage.letters() == [("three", "a.b", 1), ("four", "a.b", 0), ("four", "c.d", 0)]


@pytest.mark.parametrize("interruption", INTERRUPTIONS)
def test_afterwards_the_bus_works_and_the_letters_can_be_redelivered(way: str, interruption: BaseException) -> None:
    """The turn was given back, nothing of the old delivery clings to the next one, and the counts are exact."""
    stage = Stage(way, interruption)
    warm = 1 if way == "short way" else 0
    with pytest.raises(type(interruption)):
        stage.bus.publish(Event("a.b", id="1"))
    stage.interruption = None
    event = stage.bus.publish("x.y").event
    assert (event.causation, stage.got) == ("", ["two", "four x.y"])
    stage.got.clear()
    assert len(stage.bus.redeliver()) == (4 if way == "after a failure" else 3)
    expected = ["three", "four a.b", "four c.d"]
    assert stage.got == (["two", *expected] if way == "after a failure" else expected)
    statistics = stage.bus.statistics()
    assert statistics.published == {"a.b": 1 + warm, "c.d": 1 + warm, "x.y": 1}
    assert statistics.delivered == {"one": 1 + warm, "two": 1 + warm, "three": 1 + warm, "four": 3 + 2 * warm}
    assert statistics.failed == (1 if way == "after a failure" else 0)
    assert stage.bus.dead_letters == ()


def test_an_interruption_in_a_retry(bus: Bus) -> None:
    """The attempts made so far are in the letter; on the short way as well."""
    for warm in (False, True):
        calls: list[int] = []

        def handle(event: Event, calls: list[int] = calls) -> None:
            calls.append(1)
            if event.id == "warm":
                calls.clear()
            elif len(calls) == 3:
                raise KeyboardInterrupt
            else:
                raise ValueError

        name = f"warm {warm}"
        bus.subscriber(name, on_error=retry(5)).on("a.b", handle)
        bus.subscriber(f"after {name}").on("a.b", lambda event: None)
        if warm:
            bus.publish(Event("a.b", id="warm"))
        with pytest.raises(KeyboardInterrupt):
            bus.publish(Event("a.b", id="1"))
        assert [(one.subscriber, one.attempts) for one in bus.dead_letters] == [(name, 3), (f"after {name}", 0)]
        for subscriber in list(bus.subscribers.values()):
            subscriber.on("a.b", lambda event: None, replace=True)
        bus.redeliver()
        for subscriber in list(bus.subscribers.values()):
            subscriber.close()


def test_an_interrupted_observer_keeps_nobody_s_event(bus: Bus) -> None:
    """All subscribers get letters, and the ban on publishing ends."""

    def interrupt(event: Event) -> None:
        raise KeyboardInterrupt

    observer = bus.observe("a.b", interrupt)
    for name in ("a", "b"):
        bus.subscriber(name).on("a.b", lambda event: bus.publish("c.d"))
    with pytest.raises(KeyboardInterrupt):
        bus.publish("a.b")
    observer.close()
    assert [letter.subscriber for letter in bus.dead_letters] == ["a", "b"]
    assert len(bus.redeliver()) == 2


def test_an_interrupted_redelivery_keeps_its_letters(bus: Bus) -> None:
    """Those that were handled are gone, the others are there once."""
    calls: list[str] = []

    def handle(event: Event) -> None:
        calls.append(event.id)
        if calls.count(event.id) == 1:
            raise ValueError
        if event.id == "evt-0002" and calls.count(event.id) == 2:
            raise KeyboardInterrupt

    bus.subscriber("a", on_error="park").on("a.b", handle)
    for _ in range(3):
        bus.publish("a.b")
    with pytest.raises(KeyboardInterrupt):
        bus.redeliver()
    assert [letter.event.id for letter in bus.dead_letters] == ["evt-0002", "evt-0003"]
    assert len(bus.redeliver()) == 2


def test_an_interrupted_command_gives_the_turn_back(bus: Bus) -> None:
    """What its handler had published waits as letters."""

    def interrupt(command: object) -> None:
        bus.publish("c.d")
        raise KeyboardInterrupt

    bus.handle("a.b", interrupt)
    bus.subscriber("a").on("c.d", lambda event: None)
    with pytest.raises(KeyboardInterrupt):
        bus.send("a.b")
    assert len(bus.redeliver()) == 1
    assert bus.publish("x.y").unheard


def test_failures_before_an_interruption_are_not_told_later() -> None:
    """They are in the letters; the next publish raises only its own."""
    bus = Bus()
    bus.subscriber("a").on("a.b", lambda event: 1 / 0)

    def interrupt(event: Event) -> None:
        raise KeyboardInterrupt

    bus.subscriber("b").on("a.b", interrupt)
    with pytest.raises(KeyboardInterrupt):
        bus.publish("a.b")
    assert bus.publish("x.y").unheard
    assert [letter.subscriber for letter in bus.dead_letters] == ["a", "b"]
