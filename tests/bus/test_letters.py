"""Dead letters on the bus: falling due, being held, chosen and discarded."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from waiting import until

from eda_workshop import BadSetting, Bus, CounterIds, DeliveryFailed, Event, ManualClock, backoff, open_log, retry


class Flaky:
    """Fails for some subjects as long as it is told to, and remembers what it handled."""

    def __init__(self, *failing: str) -> None:
        self.failing = set(failing)
        self.handled: list[str] = []
        self.calls = 0

    def __call__(self, event: Event) -> None:
        self.calls += 1
        if event.subject in self.failing:
            raise OSError(event.subject)
        self.handled.append(event.id)


def a_bus(handler: Callable[[Event], Any], **settings: Any) -> tuple[Bus, ManualClock]:
    """A bus without a log on a clock that stands still, with one subscriber."""
    clock = ManualClock()
    bus = Bus(ids=CounterIds(), clock=clock)
    bus.subscriber("mailer", **settings).on("a.b", handler)
    return bus, clock


# --- waiting for a time -------------------------------------------------------------------------


def test_waits_grow_up_to_their_cap_and_come_from_the_seed() -> None:
    """Each is `factor` times as long as the one before; chance takes off a part, the same for the same seed and key."""
    waits = backoff(2, factor=3, cap=30)
    assert [waits.seconds(attempt) for attempt in (1, 2, 3, 4, 1_000_000)] == [2, 6, 18, 30, 30]
    chance = backoff(10, 1, 10, jitter=0.5, seed=7)
    drawn = {key: chance.seconds(1, key) for key in "abcdefgh"}
    assert len(set(drawn.values())) == 8
    assert all(5 < wait <= 10 for wait in drawn.values())
    assert drawn == {key: backoff(10, 1, 10, jitter=0.5, seed=7).seconds(1, key) for key in "abcdefgh"}
    assert drawn != {key: backoff(10, 1, 10, jitter=0.5, seed=8).seconds(1, key) for key in "abcdefgh"}
    assert backoff(0).seconds(5) == 0


@pytest.mark.parametrize(
    "wrong",
    [{"base": -1}, {"base": "1"}, {"factor": 0.5}, {"cap": float("nan")}, {"jitter": 2}, {"seed": 1.5}, {"seed": -1}],
)
def test_wrong_waits_are_refused(wrong: dict[str, Any]) -> None:
    """Where they are given."""
    with pytest.raises(BadSetting, match=next(iter(wrong))):
        backoff(**wrong)


@pytest.mark.parametrize("wait", ["soon", -1, lambda attempt: 1])
def test_a_wait_is_a_backoff_or_seconds(wait: Any) -> None:
    """Nothing else."""
    with pytest.raises(BadSetting, match="wait"):
        retry(3, wait=wait)
    assert str(retry(3, wait=5)) == "retry(3, then='park', wait=backoff(5, 1, 5))"


def test_a_retry_that_waits_is_a_letter_with_a_due_time() -> None:
    """The handler is called once by `publish`, which does not wait; then at each due time, and then the letter stays."""
    handler = Flaky("ada")
    bus, clock = a_bus(handler, on_error=retry(2, wait=backoff(10, 2)))
    receipt = bus.publish("a.b", subject="ada")
    (letter,) = bus.dead_letters
    assert (receipt.failed, handler.calls, letter.due) == ((letter,), 1, clock.now() + timedelta(seconds=10))
    assert repr(letter).endswith("1x: OSError: ada, due 2026-03-02T09:00:10Z>")
    for seconds, settled, calls, waits in ((9, 0, 1, True), (1, 1, 2, True), (19, 0, 2, True), (1, 1, 3, False)):
        clock.advance(seconds)
        assert (bus.settle(), handler.calls, letter.due is not None) == (settled, calls, waits)
    clock.advance(10_000)
    assert (bus.settle(), bus.dead_letters, bus.statistics().failed) == (0, (letter,), 1)
    handler.failing.clear()
    assert (bus.redeliver(), bus.dead_letters) == ([letter], ())


def test_due_letters_come_before_the_next_event_oldest_first() -> None:
    """Also where a later letter fell due before an older one; what they publish comes in its turn."""
    handler, order = Flaky("ada", "bob"), list[str]()
    bus, clock = a_bus(handler, on_error=retry(5, wait=10))
    bus.observe("a.*", lambda event: order.append(event.name))
    for subject in ("ada", "bob"):
        bus.publish("a.b", subject=subject)
    handler.failing.clear()
    clock.advance(10)
    bus.publish("a.b", subject="eve")
    assert handler.handled == ["evt-0001", "evt-0002", "evt-0003"]


@pytest.mark.parametrize("then", ["raise", "stop"])
def test_a_verdict_comes_after_the_last_wait(then: Any) -> None:
    """What the policy says happens to whoever delivers it last."""
    handler = Flaky("ada")
    bus, clock = a_bus(handler, on_error=retry(1, then=then, wait=10))
    bus.publish("a.b", subject="ada")
    clock.advance(10)
    if then == "raise":
        with pytest.raises(DeliveryFailed, match="OSError: ada"):
            bus.publish("a.b", subject="bob")
        assert handler.handled == ["evt-0002"]
    else:
        assert bus.publish("a.b", subject="bob").missed == ("mailer",)
        handler.failing.clear()
        bus.subscribers["mailer"].resume()
        assert handler.handled == ["evt-0001", "evt-0002"]
    assert len(bus.dead_letters) == (then == "raise")


def test_catching_up_delivers_what_is_due() -> None:
    """Of this subscriber, before what it has missed."""
    clock = ManualClock()
    bus, handler = Bus(open_log(clock=clock), ids=CounterIds()), Flaky("ada")
    late = bus.subscriber("late", after=0, on_error=retry(1, wait=10))
    late.on("a.b", handler)
    bus.publish("a.b", subject="ada")
    Bus(bus.log, ids=CounterIds("other")).publish("a.b", subject="bob")
    handler.failing.clear()
    clock.advance(10)
    assert (late.catch_up(), handler.handled) == (1, ["evt-0001", "other-0001"])


def test_a_letter_that_only_a_task_can_deliver_waits_for_one() -> None:
    """`publish` of other events goes on; `publish_async` delivers it."""
    handler = Flaky("ada")

    async def later(event: Event) -> None:
        handler(event)

    bus, clock = a_bus(later, on_error=retry(1, wait=10))
    bus.subscriber("plain").on("x.y", lambda event: None)
    asyncio.run(bus.publish_async("a.b", subject="ada"))
    handler.failing.clear()
    clock.advance(10)
    bus.publish("x.y")
    assert len(bus.dead_letters) == 1
    asyncio.run(bus.publish_async("x.y"))
    assert (handler.handled, bus.dead_letters) == (["evt-0001"], ())


def test_listening_wakes_for_the_next_due_time() -> None:
    """Nothing is appended meanwhile, and the clock is moved by another thread."""
    clock = ManualClock()
    bus, handler = Bus(open_log(clock=clock)), Flaky("ada")
    bus.subscriber("mailer", on_error=retry(1, wait=3600)).on("a.b", handler)
    bus.publish("a.b", subject="ada")
    handler.failing.clear()
    listener = threading.Thread(target=bus.listen)
    listener.start()
    try:
        until(lambda: bus._follower is not None)
        assert handler.handled == []
        clock.advance(3600)
        until(lambda: len(handler.handled) == 1)
    finally:
        bus.stop_listening()
        listener.join(10)
    assert bus.dead_letters == ()


def test_a_handler_that_settles_does_not_meet_its_own_letter() -> None:
    """Else it would never end."""
    calls: list[str] = []

    def handle(event: Event) -> None:
        calls.append(event.id)
        bus.settle()
        raise OSError

    bus, clock = a_bus(handle, on_error=retry(9, wait=0))
    bus.publish("a.b")
    clock.advance(1)
    assert (bus.settle(), len(calls)) == (1, 2)


# --- order for one subject ----------------------------------------------------------------------


def test_what_follows_for_a_subject_is_held() -> None:
    """In order, behind its letter; other subjects, and events about nothing, go on."""
    handler = Flaky("ada")
    bus, clock = a_bus(handler, on_error=retry(3, wait=10), hold="subject")
    receipts = [bus.publish("a.b", subject=subject) for subject in ("ada", "bob", "ada", "", "ada")]
    assert [receipt.missed for receipt in receipts] == [(), (), ("mailer",), (), ("mailer",)]
    assert (handler.handled, handler.calls) == (["evt-0002", "evt-0004"], 3)
    clock.advance(10)
    assert (bus.settle(), handler.calls) == (1, 4)
    handler.failing.clear()
    clock.advance(20)
    assert bus.settle() == 1
    assert bus.settle() == 1
    bus.settle()
    assert (handler.handled[2:], bus.dead_letters) == (["evt-0001", "evt-0003", "evt-0005"], ())


def test_discarding_the_first_lets_the_next_go() -> None:
    """It falls due at once."""
    handler = Flaky("ada")
    bus, _ = a_bus(handler, on_error="park", hold="subject")
    for _ in range(3):
        bus.publish("a.b", subject="ada")
    handler.failing.clear()
    bus.discard(bus.dead_letters[0], "a test account")
    bus.publish("a.b", subject="bob")
    assert "evt-0002" in handler.handled
    bus.settle()
    assert (handler.handled[-1], bus.dead_letters) == ("evt-0003", ())


def test_only_a_subject_can_be_held() -> None:
    """The word is checked where it is given."""
    with pytest.raises(BadSetting, match="hold='name'"):
        Bus().subscriber("mailer", hold="name")  # type: ignore[arg-type]


# --- choosing and discarding --------------------------------------------------------------------


def test_letters_are_chosen() -> None:
    """`where` says which are tried again."""
    handler = Flaky("ada", "bob")
    bus, _ = a_bus(handler, on_error="park")
    for subject in ("ada", "bob", "ada"):
        bus.publish("a.b", subject=subject)
    handler.failing.clear()
    done = bus.redeliver("mailer", where=lambda letter: letter.event.subject == "ada")
    assert ([letter.event.id for letter in done], handler.handled) == (
        ["evt-0001", "evt-0003"],
        ["evt-0001", "evt-0003"],
    )
    assert [letter.event.subject for letter in bus.dead_letters] == ["bob"]


def test_a_letter_is_discarded_for_a_reason() -> None:
    """It is seen among the discarded, is never tried again, and can't be discarded twice."""
    bus, _ = a_bus(Flaky("ada"), on_error="park")
    bus.publish("a.b", subject="ada")
    (letter,) = bus.dead_letters
    with pytest.raises(BadSetting, match="reason"):
        bus.discard(letter, "")
    bus.discard(letter, "a test account")
    assert (bus.dead_letters, bus.redeliver(), bus.discarded) == ((), [], (letter,))
    for wrong in (letter, None, "evt-0001"):
        with pytest.raises(BadSetting, match=r"one of bus.dead_letters"):
            bus.discard(wrong, "again")  # type: ignore[arg-type]


def test_a_once_handler_that_has_had_its_event_misses_the_next() -> None:
    """It catches up on an event while another is published: the receipt says that nobody took that one."""
    bus, got = Bus(open_log(), ids=CounterIds()), list[str]()
    Bus(bus.log).publish("a.b", id="first")
    late = bus.subscriber("late", after=0)
    late.once("a.b", lambda event: got.append(event.id))
    receipt = bus.publish("a.b", id="second")
    assert (got, receipt.delivered_to, receipt.missed) == (["first"], (), ("late",))
