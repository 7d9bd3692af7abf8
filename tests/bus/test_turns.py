"""Taking a turn on the bus, and ringing when the time has come."""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Thread

import pytest

from eda_workshop import BadHandler, Bus, DeliveryFailed, Event


class Bell:
    """Rings once, at a moment, and publishes that."""

    def __init__(self, bus: Bus, due: datetime) -> None:
        self.bus = bus
        self.next_due: datetime | None = due

    def ring(self, now: datetime) -> int:
        self.next_due = None
        self.bus.publish("bell.rung", {"at": now.isoformat()})
        return 1


def test_a_turn_is_a_handler_s(bus: Bus) -> None:
    """What it publishes is delivered when it has returned, in order; its result comes back."""
    heard: list[str] = []
    bus.subscriber("all").on("*.*", lambda event: heard.append(event.name))

    def act() -> int:
        bus.publish("door.opened")
        bus.publish("door.closed")
        return len(heard)

    assert (bus.in_turn(act), heard) == (0, ["door.opened", "door.closed"])


def test_what_a_turn_raises_is_raised_when_all_is_delivered(bus: Bus) -> None:
    """Its own error, with the failures of others as a note; and theirs alone as `DeliveryFailed`."""
    bus.subscriber("mailer").on("door.opened", lambda event: 1 / 0)

    def act() -> None:
        bus.publish("door.opened")
        raise OSError("no line")

    with pytest.raises(OSError, match="no line") as failed:
        bus.in_turn(act)
    assert "mailer on door.opened" in failed.value.__notes__[0]
    with pytest.raises(DeliveryFailed):
        bus.in_turn(lambda: bus.publish("door.opened"))


def test_other_threads_wait_for_a_turn(bus: Bus) -> None:
    """A turn is not interrupted by what another thread publishes."""
    heard: list[str] = []
    bus.observe(">", lambda event: heard.append(event.name))
    other = Thread(target=lambda: bus.publish("other.came"))

    def act() -> None:
        other.start()
        other.join(0.05)
        bus.publish("door.opened")

    bus.in_turn(act)
    other.join()
    assert heard == ["door.opened", "other.came"]


def test_a_turn_can_t_be_awaited(bus: Bus) -> None:
    """Refused before it, or a failure after it, and never counted as done."""

    async def later() -> None:
        """Nobody awaits it."""

    with pytest.raises(BadHandler, match="async"):
        bus.in_turn(later)
    with pytest.raises(BadHandler, match="not done"):
        bus.in_turn(lambda: later())


@pytest.mark.parametrize("way", ["publish", "settle", "listen"])
def test_what_keeps_time_rings_once_it_is_due(logged: Bus, way: str) -> None:
    """At the next opportunity, before what is published then."""
    heard: list[str] = []
    logged.observe(">", lambda event: heard.append(event.name))
    logged.keep_time(Bell(logged, logged.clock.now() + timedelta(seconds=10)))
    act = {
        "publish": lambda: logged.publish("door.opened"),
        "settle": logged.settle,
        "listen": lambda: logged.listen(patience=0.01),
    }
    act[way]()
    assert "bell.rung" not in heard
    logged.clock.advance(10)  # type: ignore[attr-defined]
    act[way]()
    act[way]()
    assert heard.count("bell.rung") == 1
    if way == "publish":
        assert heard == ["door.opened", "bell.rung", "door.opened", "door.opened"]


def test_settle_counts_what_has_rung_and_who_is_gone_rings_no_more(bus: Bus) -> None:
    """The end of timekeeping may come twice."""
    first, second = (Bell(bus, bus.clock.now()) for _ in range(2))
    bus.keep_time(first)
    end = bus.keep_time(second)
    end()
    end()
    assert (bus.settle(), bus.settle()) == (1, 0)
    assert second.next_due is not None


def test_a_bell_that_another_hears(bus: Bus) -> None:
    """What it publishes is an event as all others."""
    heard: list[Event] = []
    bus.subscriber("clerk").on("bell.rung", heard.append)
    bus.keep_time(Bell(bus, bus.clock.now()))
    bus.settle()
    assert [event.data["at"] for event in heard] == ["2026-03-02T09:00:00+00:00"]
