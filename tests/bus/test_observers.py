"""Observers: they see everything their pattern stands for, and change nothing."""

from __future__ import annotations

import asyncio

import pytest

from eda_workshop import BadHandler, BadPattern, Bus, Command, DeliveryFailed, Event, ReadOnlyTap


def test_an_observer_sees_what_its_pattern_stands_for(bus: Bus) -> None:
    """Any number may look at one event, in the order they came, before the subscribers."""
    seen: list[str] = []
    bus.subscriber("a").on("user.signed_up", lambda event: seen.append("a"))
    for pattern in ("user.*", ">", "user.signed_up", "folder.>"):
        bus.observe(pattern, lambda event, pattern=pattern: seen.append(pattern))  # type: ignore[misc]
    receipt = bus.publish("user.signed_up")
    assert seen == ["user.*", ">", "user.signed_up", "a"]
    assert receipt.addressed == ("a",)


def test_an_observer_is_no_handler(bus: Bus) -> None:
    """An event that is only looked at is unheard, and the registry does not show the observer."""
    bus.observe(">", lambda event: None)
    assert bus.publish("a.b").unheard
    assert bus.registry() == ()
    assert bus.statistics().unheard == 1


def test_an_observer_can_be_taken_off(bus: Bus) -> None:
    """Also while it looks; taking it off twice does no harm."""
    seen: list[str] = []

    def look(event: Event) -> None:
        seen.append(event.id)
        observer.close()

    observer = bus.observe("a.b", look)
    for _ in range(3):
        bus.publish("a.b")
    observer.close()
    assert seen == ["evt-0001"]
    assert repr(observer).startswith("observer look (test_observers.py, line ")
    assert repr(observer).endswith(" on a.b")


def test_observers_count_after_the_route_was_learned(bus: Bus) -> None:
    """A tap that is opened later sees what comes from then on."""
    bus.subscriber("a").on("a.b", lambda event: None)
    event, seen = Event("a.b"), list[Event]()
    for _ in range(3):
        bus.publish(event)
    bus.observe(">", seen.append)
    bus.publish(event)
    assert seen == [event]


@pytest.mark.parametrize("what", ["publish name", "publish event", "send name", "send command"])
@pytest.mark.parametrize("warm", [False, True])
def test_an_observer_may_not_publish(logged: Bus, what: str, warm: bool) -> None:
    """Its attempt raises in it; nothing is recorded or asked, subscribers get the event, and the failure is told."""
    got: list[str] = []
    logged.handle("c.d", lambda command: got.append("asked"))
    logged.subscriber("a").on("a.b", lambda event: got.append("a"))
    if warm:
        logged.publish("c.d")
    head = logged.log.head  # type: ignore[union-attr]
    ways = {
        "publish name": lambda event: logged.publish("c.d"),
        "publish event": lambda event: logged.publish(Event("c.d")),
        "send name": lambda event: logged.send("c.d"),
        "send command": lambda event: logged.send(Command("c.d")),
    }
    observer = logged.observe("a.*", ways[what])
    with pytest.raises(DeliveryFailed) as caught:
        logged.publish("a.b")
    (error,) = caught.value.exceptions
    assert isinstance(error, ReadOnlyTap)
    assert (error.name, error.observer) == ("c.d", repr(observer))
    assert got == ["a"]
    assert logged.log.head == head + 1  # type: ignore[union-attr]


def test_the_ban_ends_with_the_look(bus: Bus) -> None:
    """Handlers of the same event may publish, also when an observer failed before."""
    got: list[str] = []
    bus.observe("a.b", lambda event: 1 / 0)
    bus.subscriber("a").on("a.b", lambda event: bus.publish("c.d"))
    bus.subscriber("b").on("c.d", lambda event: got.append(event.name))
    with pytest.raises(DeliveryFailed, match=r"observer <lambda> .* on a\.b on a\.b"):
        bus.publish("a.b")
    assert got == ["c.d"]
    assert bus.dead_letters == ()


def test_an_observer_sees_queued_events_in_their_turn(bus: Bus) -> None:
    """When they are delivered, not when a handler publishes them."""
    seen: list[str] = []
    bus.observe(">", lambda event: seen.append(f"saw {event.name}"))
    bus.subscriber("a").on("a.b", lambda event: (bus.publish("c.d"), seen.append("published")))  # type: ignore[func-returns-value]
    bus.publish("a.b")
    assert seen == ["saw a.b", "published", "saw c.d"]


def test_an_observer_is_not_awaited(bus: Bus) -> None:
    """An async function could not look while the event passes: it is refused, and a hidden one fails loudly."""

    async def look(event: Event) -> None: ...

    with pytest.raises(BadHandler, match="can't be awaited"):
        bus.observe("a.b", look)
    bus.observe("a.b", lambda event: look(event))
    with pytest.raises(DeliveryFailed, match="observer <lambda>") as caught:
        bus.publish("a.b")
    assert [type(error) for error in caught.value.exceptions] == [BadHandler]
    with pytest.raises(DeliveryFailed, match="observer <lambda>"):
        asyncio.run(bus.publish_async("a.b"))


def test_an_observer_has_a_pattern(bus: Bus) -> None:
    """A wrong one is refused, and nothing observes."""
    with pytest.raises(BadPattern):
        bus.observe("*", lambda event: 1 / 0)
    assert bus.publish("a.b").unheard
