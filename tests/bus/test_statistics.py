"""Statistics: exact, whichever way events travelled, and the same for both ways."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eda_workshop import Bus, Delivery, DeliveryFailed, Event, open_log, retry
from eda_workshop.bus import Statistics


def test_a_new_bus_has_done_nothing(bus: Bus) -> None:
    """All counts are there and empty."""
    assert bus.statistics() == Statistics({}, {}, 0, 0, 0, {})


def test_what_is_counted(bus: Bus) -> None:
    """Events by name, handled events by subscriber, unheard ones, failures after all retries, letters that wait."""
    bus.subscriber("b").on("a.b", lambda event: None)
    bus.subscriber("a", on_error=retry(2)).on("a.b", lambda event: 1 / 0)
    bus.subscriber("raises").on("c.d", lambda event: 1 / 0)
    for name in ("x.y", "a.b", "a.b", "x.y"):
        bus.publish(name)
    with pytest.raises(DeliveryFailed):
        bus.publish("c.d")
    bus.redeliver("a")
    assert bus.statistics() == Statistics(
        published={"a.b": 2, "c.d": 1, "x.y": 2},
        delivered={"b": 2},
        unheard=2,
        failed=5,
        dead_letters=3,
    )


def test_asking_changes_nothing(bus: Bus) -> None:
    """Also in the middle of a delivery, by a handler that goes the short way."""
    bus.subscriber("a").on("a.b", lambda event: (bus.statistics(), bus.statistics()))
    for _ in range(5):
        bus.publish(Event("a.b"))
    for _ in range(2):
        assert bus.statistics().published == {"a.b": 5}
        assert bus.statistics().delivered == {"a": 5}
    bus.publish(Event("a.b"))
    assert bus.statistics().delivered == {"a": 6}


def test_changes_in_the_middle_of_a_delivery_lose_no_count(bus: Bus) -> None:
    """A handler that registers, closes or observes while its own event is on the short way."""
    event = Event("a.b")

    def meddle(event: Event) -> None:
        bus.subscriber("guest").on("c.d", lambda event: None)
        bus.subscribers["guest"].close()
        bus.observe("c.d", lambda event: None).close()
        bus.statistics()

    bus.subscriber("a").on("a.b", meddle)
    bus.subscriber("b").on("a.b", lambda event: bus.publish(Event("x.y")))
    for _ in range(6):
        bus.publish(event)
    bus.publish(Event("x.y"))
    statistics = bus.statistics()
    assert statistics.published == {"a.b": 6, "x.y": 7}
    assert statistics.delivered == {"a": 6, "b": 6}
    assert statistics.unheard == 7


def test_who_never_succeeded_is_not_listed(bus: Bus) -> None:
    """No zero stands for a subscriber, not even after the short way."""
    bus.subscriber("a", on_error="park").on("a.b", lambda event: 1 / 0)
    for _ in range(3):
        bus.publish(Event("a.b"))
    assert bus.statistics().delivered == {}
    assert bus.statistics().failed == 3


def test_counts_are_snapshots(bus: Bus) -> None:
    """What was asked for stays as it was."""
    before = bus.statistics()
    bus.publish("a.b")
    assert before.published == {}


STEPS = ("publish a.b", "publish c.d", "ready a.b", "ready c.d", "statistics", "on", "off", "observe", "redeliver")


@given(st.lists(st.sampled_from(STEPS), max_size=40), st.booleans(), st.booleans())
def test_counts_agree_with_what_handlers_saw(steps: list[str], with_log: bool, fails: bool) -> None:
    """A naive count beside the bus, over random publishing and changing, agrees at the end."""
    bus = Bus(open_log() if with_log else None, delivery=Delivery(seed=1, duplicate=0.3) if fails else None)
    seen: dict[str, int] = {}
    published: dict[str, int] = {}
    failures: list[int] = []

    def count(who: str, event: Event) -> None:
        if fails and len(seen) % 2 and sum(seen.values()) % 3 == 0 and failures[-3:] != [1, 1, 1]:
            failures.append(1)
            raise ValueError
        failures.append(0)
        seen[who] = seen.get(who, 0) + 1

    for who in ("one", "two"):
        bus.subscriber(who, on_error="park").on("a.b", lambda event, who=who: count(who, event))
    guest = bus.subscriber("guest", on_error="park")
    for step in steps:
        what, _, name = step.partition(" ")
        if what in ("publish", "ready"):
            published[name] = published.get(name, 0) + 1
            bus.publish(name if what == "publish" else Event(name))
        elif what == "on":
            guest.on("*.*", lambda event: count("guest", event), replace=True)
        elif what == "off" and guest.names:
            guest.off("*.*")
        elif what == "observe":
            bus.observe(">", lambda event: None).close()
        elif what == "redeliver":
            bus.redeliver()
        elif what == "statistics":
            bus.statistics()
    statistics = bus.statistics()
    assert statistics.published == published
    assert statistics.delivered == seen
    assert statistics.failed == sum(failures)
    assert statistics.dead_letters == len(bus.dead_letters)
