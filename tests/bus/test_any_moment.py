"""Ctrl-C at any moment: whichever statement of the bus it hits, the bus works afterwards."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable

import pytest
from interrupting import interrupted_at

from eda_workshop import Bus, Event, open_log


def a_bus(way: str) -> tuple[Bus, dict[str, list[str]]]:
    """A bus whose first subscriber publishes c.d because of a.b; who got what is kept."""
    bus = Bus(open_log() if way == "with a log" else None)
    got: dict[str, list[str]] = {"one": [], "two": [], "three": []}

    def one(event: Event) -> None:
        got["one"].append(event.id)
        bus.publish(Event("c.d", id="effect"))
        if way == "failing" and event.id == "1":
            raise ValueError

    handlers: dict[str, tuple[str, Callable[[Event], None]]] = {
        "one": ("a.b", one),
        "two": (">", lambda event: got["two"].append(event.id)),
        "three": ("a.b", lambda event: got["three"].append(event.id)),
    }
    for name, (pattern, handler) in handlers.items():
        bus.subscriber(name, on_error="park", after=0 if way == "positions" else None).on(pattern, handler)
    if way in ("short way", "failing"):
        bus.publish(Event("a.b", id="warm"))
        for kept in got.values():
            kept.clear()
    return bus, got


def is_free(bus: Bus) -> bool:
    """Whether another thread can publish now."""
    thread = threading.Thread(target=lambda: bus.publish("is.free"), daemon=True)
    thread.start()
    thread.join(60)
    return not thread.is_alive()


def causes_in_memory() -> int:
    """How many notes of what is being handled there are, garbage not counted."""
    gc.collect()
    return sum(type(each).__name__ == "_Cause" for each in gc.get_objects())


@pytest.mark.parametrize("way", ["long way", "short way", "failing", "with a log"])
def test_the_bus_works_after_an_interruption_at_any_moment(way: str) -> None:
    """The turn is free, the next event is delivered and has no cause, and nothing waits any more."""
    moment, before = 0, causes_in_memory()
    while True:
        bus, got = a_bus(way)
        if not interrupted_at(moment, lambda bus=bus: bus.publish(Event("a.b", id="1"))):  # type: ignore[misc]
            break
        assert is_free(bus), moment
        receipt = bus.publish("x.y")
        assert (receipt.delivered_to, receipt.event.causation) == (("two",), ""), moment
        assert receipt.event.id in got["two"], moment
        moment += 1
    assert moment > 100
    assert got["two"] == ["1", "effect"]
    assert causes_in_memory() < before + 5, "interruptions leave causes behind"


@pytest.mark.parametrize("way", ["long way", "short way", "with a log"])
def test_an_interruption_at_any_moment_takes_an_event_from_nobody(way: str) -> None:
    """As soon as one handler has got an event, every other has got it or there is a letter."""
    moment, letters = 0, 0
    while True:
        bus, got = a_bus(way)
        if not interrupted_at(moment, lambda bus=bus: bus.publish(Event("a.b", id="1"))):  # type: ignore[misc]
            break
        waiting = {letter.subscriber for letter in bus.dead_letters if letter.event.id == "1"}
        if any("1" in kept for kept in got.values()):
            assert [name for name, kept in got.items() if "1" not in kept and name not in waiting] == [], moment
        letters += len(waiting)
        moment += 1
    assert letters > 100
