"""Failing handlers: nobody else suffers, nothing is lost, and the policy says what then."""

from __future__ import annotations

from typing import Any

import pytest

from eda_workshop import (
    BadSetting,
    BadSubscriber,
    Bus,
    DeadLetter,
    DeliveryFailed,
    Event,
    Subscriber,
    open_log,
    retry,
)
from eda_workshop.bus import Policy


class Flaky:
    """Fails so many times, then works; keeps what it handled."""

    def __init__(self, failures: float = float("inf")) -> None:
        self.failures = failures
        self.calls = 0
        self.done: list[str] = []

    def __call__(self, event: Event) -> None:
        self.calls += 1
        if self.calls <= self.failures:
            raise ValueError(f"no {self.calls}")
        self.done.append(event.id)


class Stage:
    """A bus with three subscribers to a.b, of which the second fails as told."""

    def __init__(self, way: str, on_error: str | Policy = "raise", failures: float = float("inf")) -> None:
        self.bus = Bus(open_log() if way == "with a log" else None)
        self.flaky, self.got = Flaky(0), list[tuple[str, str]]()
        for name in ("first", "flaky", "last"):
            self.bus.subscriber(name, on_error=on_error if name == "flaky" else "raise")
        self.bus.subscribers["first"].on("a.b", lambda event: self.got.append(("first", event.id)))
        self.bus.subscribers["flaky"].on("a.b", self.flaky)
        self.bus.subscribers["last"].on("a.b", lambda event: self.got.append(("last", event.id)))
        if way == "short way":
            self.publish("warm")
            self.flaky.__init__()  # type: ignore[misc]
            self.got.clear()
        self.flaky.failures = failures

    def publish(self, id: str = "1") -> Any:
        """Publish a ready-made a.b."""
        return self.bus.publish(Event("a.b", id=id))


@pytest.fixture(params=["long way", "short way", "with a log"])
def way(request: pytest.FixtureRequest) -> str:
    """The way by which an event is delivered; it must make no difference."""
    return str(request.param)


def test_raise_tells_after_everybody_got_it(way: str) -> None:
    """The default: all others get the event, then all failures are raised together, and letters are kept."""
    stage = Stage(way)
    with pytest.raises(DeliveryFailed) as caught:
        stage.publish()
    failed = caught.value
    assert stage.got == [("first", "1"), ("last", "1")]
    assert [str(error) for error in failed.exceptions] == ["no 1"]
    assert failed.letters == stage.bus.dead_letters == failed.receipt.failed
    assert failed.receipt.delivered_to == ("first", "last")
    assert failed.__cause__ is None
    assert failed.__suppress_context__ or failed.__context__ is None


def test_park_tells_nobody_but_the_receipt(way: str) -> None:
    """The letter waits; publish returns."""
    stage = Stage(way, "park")
    receipt = stage.publish()
    (letter,) = receipt.failed
    assert stage.got == [("first", "1"), ("last", "1")]
    assert stage.bus.dead_letters == (letter,)
    assert (letter.subscriber, letter.attempts, str(letter.error)) == ("flaky", 1, "no 1")
    assert letter.event.id == "1"


@pytest.mark.parametrize(("failures", "calls", "failed"), [(0, 1, 0), (1, 2, 0), (2, 3, 0), (3, 3, 1)])
def test_retry_tries_again_at_once(way: str, failures: int, calls: int, failed: int) -> None:
    """As often as it says, and only as long as it fails; what remains is parked with all attempts counted."""
    stage = Stage(way, retry(2), failures)
    receipt = stage.publish()
    assert (stage.flaky.calls, len(receipt.failed)) == (calls, failed)
    assert [letter.attempts for letter in stage.bus.dead_letters] == [3] * failed
    assert stage.got == [("first", "1"), ("last", "1")]
    assert stage.bus.statistics().failed == failed


def test_retry_may_raise_in_the_end(way: str) -> None:
    """`then` says what happens when no retry helped."""
    stage = Stage(way, retry(1, then="raise"))
    with pytest.raises(DeliveryFailed, match=r"flaky on a\.b"):
        stage.publish()
    assert stage.flaky.calls == 2


def test_stop_keeps_everything_that_follows(way: str) -> None:
    """After a failure the subscriber gets nothing; its events wait in order, others go on."""
    stage = Stage(way, "stop", failures=1)
    first = stage.publish("1")
    later = [stage.publish(str(number)) for number in (2, 3)]
    assert [letter.subscriber for letter in first.failed] == ["flaky"]
    assert [receipt.missed for receipt in later] == [("flaky",)] * 2
    assert stage.bus.subscribers["flaky"].stopped
    assert [(letter.event.id, letter.attempts) for letter in stage.bus.dead_letters] == [("1", 1), ("2", 0), ("3", 0)]
    assert len(stage.got) == 6
    assert stage.flaky.calls == 1


def test_resume_catches_up_in_order(way: str) -> None:
    """First what waits, oldest first; then the subscriber is live again."""
    stage = Stage(way, "stop", failures=1)
    for number in (1, 2, 3):
        stage.publish(str(number))
    stage.bus.subscribers["flaky"].resume()
    assert stage.flaky.done == ["1", "2", "3"]
    assert not stage.bus.dead_letters
    stage.publish("4")
    assert stage.flaky.done[-1] == "4"


def test_resume_stops_again_at_the_next_failure(way: str) -> None:
    """The letter counts its attempts, and the later ones are not tried."""
    stage = Stage(way, "stop", failures=2)
    for number in (1, 2):
        stage.publish(str(number))
    flaky = stage.bus.subscribers["flaky"]
    flaky.resume()
    assert flaky.stopped
    assert [(letter.event.id, letter.attempts) for letter in stage.bus.dead_letters] == [("1", 2), ("2", 0)]
    flaky.resume()
    assert stage.flaky.done == ["1", "2"]
    assert not flaky.stopped


def test_redelivery_passes_a_stopped_subscriber_by(way: str) -> None:
    """Its letters wait for `resume`."""
    stage = Stage(way, "stop", failures=1)
    stage.publish()
    assert stage.bus.redeliver() == []
    assert stage.flaky.calls == 1


def test_redeliver_gives_back_what_is_handled_now(way: str) -> None:
    """Handled letters are gone, failed ones stay with one more attempt; nobody else is bothered."""
    stage = Stage(way, "park", failures=3)
    for number in (1, 2):
        stage.publish(str(number))
    stage.got.clear()
    done = stage.bus.redeliver()
    assert [letter.event.id for letter in done] == ["2"]
    assert [(letter.event.id, letter.attempts) for letter in stage.bus.dead_letters] == [("1", 2)]
    assert [letter.event.id for letter in stage.bus.redeliver()] == ["1"]
    assert stage.bus.redeliver() == []
    assert stage.got == []


def test_a_redelivery_that_fails_raises_like_a_delivery(way: str) -> None:
    """With the default policy; the letter is the same one and stays."""
    stage = Stage(way, failures=2)
    with pytest.raises(DeliveryFailed) as first:
        stage.publish()
    with pytest.raises(DeliveryFailed) as second:
        stage.bus.redeliver()
    assert first.value.letters == second.value.letters == stage.bus.dead_letters
    assert second.value.receipt == []
    assert stage.bus.redeliver()
    assert stage.bus.statistics().failed == 2


def test_redelivery_goes_to_whoever_handles_the_name_now(bus: Bus) -> None:
    """A mended handler gets it, also one of a subscriber that left and came back; without one it waits."""
    bus.subscriber("mailer", on_error="park").on("a.b", Flaky())
    bus.publish("a.b")
    bus.subscribers["mailer"].close()
    assert bus.redeliver() == []
    got: list[Event] = []
    bus.subscriber("mailer").on("a.*", got.append)
    assert len(bus.redeliver("mailer")) == len(got) == 1


def test_redelivery_may_be_for_one_subscriber(bus: Bus) -> None:
    """The others' letters wait; a name that nobody has is an error, not silence."""
    flaky = {name: Flaky(1) for name in ("a", "b")}
    for name, handler in flaky.items():
        bus.subscriber(name, on_error="park").on("a.b", handler)
    bus.publish("a.b")
    assert [letter.subscriber for letter in bus.redeliver("b")] == ["b"]
    assert [letter.subscriber for letter in bus.dead_letters] == ["a"]
    with pytest.raises(BadSubscriber, match="There are: a, b"):
        bus.redeliver("c")


def test_what_a_redelivered_event_causes_is_linked_to_it(logged: Bus) -> None:
    """Handling late is handling: causation and correlation are those of the letter's event."""
    mailer = logged.subscriber("mailer", on_error="park")
    mailer.on("a.b", Flaky())
    first = logged.publish("a.b").event
    logged.publish("x.y")
    mailer.on("a.b", lambda event: logged.publish("c.d"), replace=True)
    logged.redeliver()
    caused = list(logged.log.read(names="c.d"))  # type: ignore[union-attr]
    assert [(event.causation, event.correlation) for event in caused] == [(first.id, first.id)]


def test_a_handler_that_redelivers_does_not_meet_its_own_letter(bus: Bus) -> None:
    """A redelivery inside a redelivery does nothing."""
    inner: list[list[DeadLetter]] = []
    mailer = bus.subscriber("mailer", on_error="park")
    mailer.on("a.b", Flaky())
    bus.publish("a.b")
    mailer.on("a.b", lambda event: inner.append(bus.redeliver()), replace=True)
    assert len(bus.redeliver()) == 1
    assert inner == [[]]


def test_failures_of_all_are_raised_together(way: str) -> None:
    """In the order of subscribing, and those of queued events with those of the first."""
    stage = Stage(way)
    stage.bus.subscribers["first"].on("a.b", lambda event: stage.bus.publish("c.d"), replace=True)
    stage.bus.subscribers["last"].on("c.d", lambda event: 1 / 0)
    with pytest.raises(DeliveryFailed) as caught:
        stage.publish()
    assert [letter.subscriber for letter in caught.value.letters] == ["flaky", "last"]
    assert [type(error) for error in caught.value.exceptions] == [ValueError, ZeroDivisionError]
    assert caught.value.receipt.event.name == "a.b"


def test_a_failure_is_raised_once(way: str) -> None:
    """The next publish does not tell of it again."""
    stage = Stage(way, failures=1)
    with pytest.raises(DeliveryFailed):
        stage.publish("1")
    assert stage.publish("2").delivered_to == ("first", "flaky", "last")


@pytest.mark.parametrize(
    "error", [StopIteration(3), StopAsyncIteration(), AssertionError(), EOFError(), RecursionError()]
)
def test_any_exception_is_a_failure(way: str, error: Exception) -> None:
    """Also those that Python's own machinery uses for itself."""
    stage = Stage(way, "park")

    def fail(event: Event) -> None:
        raise error

    stage.bus.subscribers["flaky"].on("a.b", fail, replace=True)
    assert [letter.error for letter in stage.publish().failed] == [error]
    assert stage.got == [("first", "1"), ("last", "1")]


def test_a_letter_tells_where_it_failed(bus: Bus) -> None:
    """The traceback is kept as text, with the handler's line; the handler is described without a path."""
    bus.subscriber("mailer", on_error="park").on("a.b", Flaky())
    (letter,) = bus.publish("a.b").failed
    assert 'raise ValueError(f"no {self.calls}")' in letter.traceback
    assert letter.handler == "Flaky"
    assert repr(letter) == "<DeadLetter evt-0001 a.b for 'mailer', 1x: ValueError: no 1>"
    assert (
        repr(DeadLetter(letter.event, "mailer", "f")) == "<DeadLetter evt-0001 a.b for 'mailer', 0x: not handled yet>"
    )


def test_a_handled_letter_can_be_forgotten_by_the_memory(bus: Bus) -> None:
    """What a failed handler held goes when its letter goes: nothing keeps its frames alive."""
    import gc
    import weakref

    class Big:
        """What a handler works with."""

    alive: list[weakref.ref[Big]] = []

    def fail(event: Event) -> None:
        big = Big()
        alive.append(weakref.ref(big))
        raise ValueError(str(big))

    def run() -> None:
        for policy in ("park", "raise"):
            subscriber: Subscriber = bus.subscriber(policy, on_error=policy)
            subscriber.on("a.b", fail)
        with pytest.raises(DeliveryFailed):
            bus.publish("a.b")
        for policy in ("park", "raise"):
            bus.subscribers[policy].on("a.b", lambda event: None, replace=True)
        assert len(bus.redeliver()) == 2

    run()
    gc.collect()
    assert [reference() for reference in alive] == [None, None]


@pytest.mark.parametrize("policy", ["retry", "", None, 3, Policy(1, "explode")])  # type: ignore[arg-type]
def test_an_unknown_policy_is_refused(logged: Bus, policy: Any) -> None:
    """Nothing was made then: neither the subscriber nor a durable position."""
    with pytest.raises(BadSubscriber, match="policy"):
        logged.subscriber("mailer", on_error=policy, durable=True)
    assert not logged.subscribers
    assert logged.log.position_of("mailer") is None  # type: ignore[union-attr]


def test_a_number_of_retries_is_a_number() -> None:
    """Whole, and not below 0; a policy prints as it is written."""
    for wrong in (-1, 1.5, "3", True):
        with pytest.raises(BadSetting, match="times"):
            retry(wrong)  # type: ignore[arg-type]
    with pytest.raises(BadSetting, match="retries"):
        Bus().subscriber("mailer", on_error=Policy(-1, "park"))
    assert str(retry(3, then="stop")) == "retry(3, then='stop')"
    assert str(retry(0, then="raise")) == "raise"


def test_a_log_that_fails_delivers_nothing(tmp_path: Any) -> None:
    """An event that could not be recorded did not happen; the next one that can is delivered, without old failures."""
    log = open_log(tmp_path / "drive.db")
    bus, got = Bus(log), list[Event]()
    bus.subscriber("a").on("a.b", got.append)
    bus.publish("a.b")
    moved = (tmp_path / "drive.db").rename(tmp_path / "away.db")
    with pytest.raises(Exception, match="was deleted or replaced"):
        bus.publish("a.b")
    moved.rename(tmp_path / "drive.db")
    bus.publish("a.b")
    assert [event.position for event in got] == [1, 2]  # type: ignore[attr-defined]
    log.close()


def test_a_shared_handler_fails_for_the_one_it_failed_for() -> None:
    """Several subscribers may have the same function; the letter goes to the right one, and nobody is called twice."""
    bus, calls = Bus(), list[str]()

    def handle(event: Event) -> None:
        calls.append(event.id)
        if event.id == "1" and calls.count("1") == 2:
            raise ValueError

    for name in ("first", "second", "third"):
        bus.subscriber(name, on_error="park").on("a.b", handle)
    for each in ("warm", "1", "2"):
        bus.publish(Event("a.b", id=each))
    assert [(letter.subscriber, letter.event.id) for letter in bus.dead_letters] == [("second", "1")]
    assert calls == ["warm"] * 3 + ["1"] * 3 + ["2"] * 3
