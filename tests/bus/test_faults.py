"""Delivery that is bad on purpose: seeded, counted, first-in first-out on each link."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eda_workshop import BadSetting, Bus, CounterIds, Delivery, Event, ManualClock, deduplicated, open_log

CALM = {"lost": 0, "duplicate": 0, "delayed": 0, "reordered": 0, "on_the_way": 0}


def a_bus(clock: ManualClock | None = None, taps: int = 1, **chances: Any) -> tuple[Bus, list[list[int]]]:
    """A bus with bad delivery and so many taps on a.b, each keeping the numbers it got."""
    bus = Bus(delivery=Delivery(**{"seed": 7} | chances), clock=clock or ManualClock(), ids=CounterIds())
    got: list[list[int]] = [[] for _ in range(taps)]
    for place, kept in enumerate(got):
        bus.subscriber(f"tap {place}").on("a.b", lambda event, kept=kept: kept.append(event.data["n"]))
    return bus, got


def pour(bus: Bus, count: int, first: int = 1) -> None:
    for number in range(first, first + count):
        bus.publish("a.b", {"n": number})


def test_without_chances_nothing_happens() -> None:
    """Delivery is good until it is told otherwise."""
    bus, (got,) = a_bus()
    pour(bus, 50)
    assert got == list(range(1, 51))
    assert bus.statistics().accidents == CALM


def test_a_lost_copy_never_comes() -> None:
    """It is counted and missed; nothing is left to settle."""
    bus, (got,) = a_bus(lost=1)
    receipt = bus.publish("a.b", {"n": 1})
    assert (got, receipt.missed, receipt.delivered_to) == ([], ("tap 0",), ())
    assert bus.settle() == 0
    assert bus.statistics().accidents == CALM | {"lost": 1}
    assert bus.statistics().delivered == {}


def test_a_duplicate_comes_twice_in_a_row() -> None:
    """The receipt names the subscriber once; both copies count as delivered."""
    bus, (got,) = a_bus(duplicate=1)
    assert bus.publish("a.b", {"n": 1}).delivered_to == ("tap 0",)
    assert got == [1, 1]
    assert bus.statistics().accidents == CALM | {"duplicate": 1}
    assert bus.statistics().delivered == {"tap 0": 2}


def test_a_delayed_copy_comes_when_its_time_has_come() -> None:
    """By the bus's clock, with whatever is published next, also if nobody listens to that."""
    clock = ManualClock()
    bus, (got,) = a_bus(clock, delayed=1, delay=10)
    receipt = bus.publish("a.b", {"n": 1})
    assert (got, receipt.missed) == ([], ("tap 0",))
    assert bus.statistics().accidents == CALM | {"delayed": 1, "on_the_way": 1}
    clock.advance(10)
    bus.publish("nobody.listens")
    assert got == [1]
    assert bus.statistics().accidents["on_the_way"] == 0


def test_nothing_overtakes_a_delayed_copy_on_its_link() -> None:
    """Each link is first-in first-out, links don't wait for each other, and settling delivers the rest in order."""
    clock = ManualClock()
    bus, got = a_bus(clock, taps=3, delayed=0.4, delay=30)
    for number in range(1, 61):
        pour(bus, 1, number)
        clock.advance(3)
    assert [kept == sorted(kept) for kept in got] == [True] * 3
    assert len({len(kept) for kept in got}) > 1
    waiting = bus.statistics().accidents["on_the_way"]
    assert bus.settle() == waiting > 0
    assert got == [list(range(1, 61))] * 3
    assert bus.settle() == 0


def test_a_reordered_copy_lets_one_pass() -> None:
    """It comes right after the next copy to its subscriber; without a next one, when the bus settles."""
    bus, (got,) = a_bus(reordered=1)
    pour(bus, 4)
    assert got == [2, 1, 4, 3]
    pour(bus, 1, 5)
    assert got == [2, 1, 4, 3]
    assert bus.settle() == 1
    assert got[-1] == 5
    assert bus.statistics().accidents == CALM | {"reordered": 3}


def test_accidents_are_counted_only_where_they_happen() -> None:
    """A copy that is lost is neither delayed nor doubled; one that is held back is not delayed besides."""
    bus, (got,) = a_bus(lost=1, duplicate=1, delayed=1, reordered=1)
    pour(bus, 3)
    assert bus.statistics().accidents == CALM | {"lost": 3}
    bus, (got,) = a_bus(delayed=1, reordered=1)
    pour(bus, 1)
    assert bus.statistics().accidents == CALM | {"reordered": 1, "on_the_way": 1}
    assert got == []


@pytest.mark.parametrize("seed", range(5))
def test_the_same_seed_gives_the_same_accidents(seed: int) -> None:
    """Two runs are equal to the last copy; another seed gives another run."""

    def run(seed: int) -> tuple[list[list[int]], dict[str, int]]:
        clock = ManualClock()
        bus, got = a_bus(clock, taps=2, seed=seed, lost=0.1, duplicate=0.2, delayed=0.3, reordered=0.1)
        for number in range(40):
            pour(bus, 1, number)
            clock.advance(1)
        bus.settle()
        return got, bus.statistics().accidents

    assert run(seed) == run(seed) != run(seed + 1)


def test_raising_one_chance_leaves_the_other_accidents_alone() -> None:
    """So that a slider moves one thing: the same copies are lost, whatever else happens."""

    def lost(**chances: Any) -> set[int]:
        bus, (got,) = a_bus(lost=0.3, **chances)
        pour(bus, 50)
        bus.settle()
        return set(range(1, 51)) - set(got)

    assert lost() == lost(duplicate=0.5) == lost(delayed=0.9, reordered=0.2)


@given(
    st.integers(0, 10_000),
    st.lists(st.sampled_from([0.0, 0.1, 0.5]), min_size=3, max_size=3),
    st.lists(st.integers(0, 20), min_size=1, max_size=30),
)
def test_every_copy_is_accounted_for(seed: int, chances: list[float], steps: list[int]) -> None:
    """Sent plus duplicated is delivered plus lost plus on the way; without reordering each link keeps its order."""
    clock = ManualClock()
    lost, duplicate, delayed = chances
    bus, got = a_bus(clock, taps=2, seed=seed, lost=lost, duplicate=duplicate, delayed=delayed)
    for number, step in enumerate(steps):
        pour(bus, 1, number)
        clock.advance(step)
    accidents = bus.statistics().accidents
    delivered = sum(len(kept) for kept in got)
    sent = 2 * len(steps) + accidents["duplicate"]
    assert sent == delivered + accidents["lost"] + accidents["on_the_way"]
    bus.settle()
    assert sum(len(kept) for kept in got) == sent - accidents["lost"]
    assert all(kept == sorted(kept) for kept in got)


def test_idempotent_handlers_make_duplicates_harmless() -> None:
    """At least once and remembering ids is once."""
    bus, _ = a_bus(taps=0, duplicate=0.5)
    got: list[int] = []
    handler = deduplicated(lambda event: got.append(event.data["n"]))
    bus.subscriber("careful").on("a.b", handler)
    pour(bus, 40)
    assert got == list(range(1, 41))
    assert handler.duplicates == bus.statistics().accidents["duplicate"] > 0


def test_once_is_once_even_if_doubled() -> None:
    """The second copy finds nobody."""
    bus, _ = a_bus(taps=0, duplicate=1)
    got: list[int] = []
    bus.subscriber("a").once("a.b", lambda event: got.append(event.data["n"]))
    pour(bus, 2)
    assert got == [1]


def test_a_late_copy_goes_to_whoever_handles_the_name_then() -> None:
    """A swapped handler gets it, a subscriber that left does not."""
    bus, (first, second) = a_bus(taps=2, delayed=1)
    pour(bus, 1)
    swapped: list[int] = []
    bus.subscribers["tap 0"].on("a.b", lambda event: swapped.append(event.data["n"]), replace=True)
    bus.subscribers["tap 1"].close()
    assert bus.settle() == 2
    assert (first, second, swapped) == ([], [], [1])


def test_what_a_late_copy_causes_is_linked_to_it() -> None:
    """Its handler publishes because of it, not because of what brought it along."""
    clock = ManualClock()
    log = open_log(clock=clock)
    bus = Bus(log, delivery=Delivery(seed=7, delayed=1, delay=5), ids=CounterIds())
    bus.subscriber("a").on("a.b", lambda event: bus.publish("c.d"))
    bus.publish("a.b")
    clock.advance(5)
    bus.publish("x.y")
    (caused,) = log.read(names="c.d")
    assert (caused.causation, caused.correlation) == ("evt-0001", "evt-0001")


def test_a_failing_copy_leaves_a_letter() -> None:
    """Of two copies the failing one shows in the receipt, whichever it is; failures are counted."""
    for failing in (0, 1):
        bus, _ = a_bus(taps=0, duplicate=1)
        calls: list[int] = []

        def fail_once(event: Event, calls: list[int] = calls, failing: int = failing) -> None:
            calls.append(1)
            if len(calls) == failing + 1:
                raise ValueError

        bus.subscriber("a", on_error="park").on("a.b", fail_once)
        receipt = bus.publish("a.b", {"n": 1})
        assert [letter.subscriber for letter in receipt.failed] == ["a"]
        assert (bus.statistics().failed, bus.statistics().delivered) == (1, {"a": 1})


def test_a_stopped_subscriber_s_copies_become_letters() -> None:
    """What arrives while it is stopped waits with the rest."""
    bus, _ = a_bus(taps=0, duplicate=1)
    bus.subscriber("a", on_error="stop").on("a.b", lambda event: 1 / 0)
    pour(bus, 1)
    assert [letter.attempts for letter in bus.dead_letters] == [1, 0]


def test_an_interruption_loses_no_copy_on_its_way() -> None:
    """Copies that had arrived become letters, those that had not are still on their way."""
    clock = ManualClock()
    bus, (got,) = a_bus(clock, delayed=1, delay=5)
    pour(bus, 3)

    def interrupt(event: Event) -> None:
        raise KeyboardInterrupt

    bus.subscribers["tap 0"].on("a.b", interrupt, replace=True)
    clock.advance(5)
    with pytest.raises(KeyboardInterrupt):
        pour(bus, 1, 4)
    bus.subscribers["tap 0"].on("a.b", lambda event: got.append(event.data["n"]), replace=True)
    bus.redeliver()
    bus.settle()
    assert sorted(got) == [1, 2, 3, 4]


def test_subscribers_with_a_position_are_spared() -> None:
    """They are fed from the log, which loses nothing; observers look at what is published."""
    bus = Bus(open_log(), delivery=Delivery(seed=7, lost=1))
    seen, fed = list[str](), list[str]()
    bus.observe(">", lambda event: seen.append(event.name))
    bus.subscriber("fed", after=0).on("a.b", lambda event: fed.append(event.name))
    bus.subscriber("live").on("a.b", lambda event: fed.append("live"))
    assert bus.publish("a.b").missed == ("live",)
    assert seen == fed == ["a.b"]


def test_queued_events_meet_bad_delivery_too() -> None:
    """What handlers publish travels the same links."""
    bus, _ = a_bus(taps=0, duplicate=1)
    got: list[str] = []
    bus.subscriber("a").on("x.y", lambda event: bus.publish("c.d"))
    bus.subscriber("b").on("c.d", lambda event: got.append(event.id))
    bus.publish("x.y")
    assert got == ["evt-0002", "evt-0002", "evt-0003", "evt-0003"]


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("lost", 1.1),
        ("lost", -0.1),
        ("delayed", "often"),
        ("reordered", float("nan")),
        ("duplicate", True),
        ("delay", -1),
        ("delay", float("inf")),
        ("seed", None),
        ("seed", "x"),
    ],
)
def test_a_chance_is_a_probability(name: str, wrong: Any) -> None:
    """From 0 to 1; a delay is not negative; a seed is there, or the run would not repeat."""
    with pytest.raises(BadSetting) as caught:
        Delivery(**{"seed": 1, name: wrong})
    assert caught.value.name == name


def test_a_delivery_prints_its_chances() -> None:
    """As it is written, without what is 0."""
    assert repr(Delivery(seed=7, lost=0.5, duplicate=0.2)) == "Delivery(seed=7, lost=0.5, duplicate=0.2)"
