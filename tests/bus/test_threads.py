"""Threads: one delivery at a time, nobody is forgotten, nothing is counted twice."""

from __future__ import annotations

import ctypes
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from eda_workshop import Bus, Event, open_log
from eda_workshop.log import EventLog


@pytest.fixture(autouse=True)
def restless() -> Iterator[None]:
    """Let Python change threads as often as it can, so that what can go wrong does."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


def run_at_once(*work: Callable[[], object]) -> None:
    """Run each in a thread of its own; all begin together; raise what one of them raised."""
    start, errors = threading.Barrier(len(work)), list[BaseException]()

    def run(task: Callable[[], object]) -> None:
        start.wait()
        try:
            task()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(task,), daemon=True) for task in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive(), "a thread never got its turn"
    if errors:
        raise errors[0]


@pytest.fixture(params=["plain", "with a log", "on disk"])
def shared(request: pytest.FixtureRequest, tmp_path: object) -> Bus:
    """A bus that goes the short way, and one that has a log."""
    url = {"with a log": "memory://", "on disk": f"{tmp_path}/drive.db"}.get(request.param)
    return Bus(None if url is None else open_log(url, durable=False))


def test_deliveries_of_threads_never_overlap(shared: Bus) -> None:
    """Handlers of one bus need no locks: while one runs no other does, also not for what they publish."""
    inside, overlaps, counts = [0], list[int](), Counter[str]()

    def handle(event: Event) -> None:
        inside[0] += 1
        overlaps.append(inside[0])
        counts[event.name] += 1
        if event.name == "a.b":
            shared.publish(Event("c.d"))
        inside[0] -= 1

    for name in ("first", "second"):
        shared.subscriber(name).on("a.b" if name == "first" else ">", handle)

    def work() -> None:
        for _ in range(50):
            shared.publish(Event("a.b"))

    run_at_once(*[work] * 4)
    assert set(overlaps) == {1}
    assert counts == {"a.b": 400, "c.d": 400}
    assert shared.statistics().published == {"a.b": 200, "c.d": 400}
    assert shared.statistics().delivered == {"first": 200, "second": 600}


def test_registering_while_others_publish(shared: Bus) -> None:
    """Subscribers that come, change and go don't disturb a delivery, and the counts stay exact."""
    got: Counter[str] = Counter()
    shared.subscriber("steady").on("a.b", lambda event: got.update(["steady"]))

    def publish() -> None:
        for _ in range(100):
            shared.publish(Event("a.b"))

    def come_and_go() -> None:
        for number in range(40):
            with shared.subscriber(f"guest {number}") as guest:
                guest.on("a.*", lambda event: got.update(["guest"]))
                guest.off("a.*")
                guest.on("a.b", lambda event: got.update(["guest"]))
            shared.observe(">", lambda event: None).close()
            shared.statistics()

    run_at_once(publish, come_and_go, publish)
    assert got["steady"] == 200
    statistics = shared.statistics()
    assert statistics.published == {"a.b": 200}
    assert statistics.delivered["steady"] == 200
    assert sum(statistics.delivered.values()) == got["steady"] + got["guest"]
    assert len(shared.registry()) == 1


def test_a_publish_waits_for_the_delivery_of_another_thread(shared: Bus) -> None:
    """It is not queued into it: its receipt says who got it, and its event has no cause."""
    order: list[str] = []
    holding, waiting = threading.Event(), threading.Event()

    def hold(event: Event) -> None:
        order.append("a.b begins")
        holding.set()
        waiting.wait()
        order.append("a.b ends")

    def publish_second() -> None:
        holding.wait()
        waiting.set()
        receipt = shared.publish(Event("c.d"))
        order.append(f"{receipt.delivered_to} {receipt.event.causation!r}")

    shared.subscriber("a").on("a.b", hold)
    shared.subscriber("b").on("c.d", lambda event: order.append("c.d"))
    run_at_once(lambda: shared.publish(Event("a.b")), publish_second)
    assert order == ["a.b begins", "a.b ends", "c.d", "('b',) ''"]


def test_a_handler_may_wait_a_while_for_a_thread_that_publishes(shared: Bus) -> None:
    """The thread gets its turn when the handler has given up waiting: no deadlock, nothing lost."""
    threads: list[threading.Thread] = []
    order: list[str] = []

    def start_and_join(event: Event) -> None:
        threads.append(threading.Thread(target=lambda: shared.publish(Event("c.d")), daemon=True))
        threads[0].start()
        threads[0].join(0.05)
        order.append(f"still waiting: {threads[0].is_alive()}")

    shared.subscriber("a").on("a.b", start_and_join)
    shared.subscriber("b").on("c.d", lambda event: order.append("c.d"))
    shared.publish(Event("a.b"))
    threads[0].join(60)
    assert order == ["still waiting: True", "c.d"]


def test_another_thread_may_send_while_an_observer_looks(bus: Bus) -> None:
    """The ban on publishing is for the observer, not for everybody at that moment."""
    looking, done = threading.Event(), threading.Event()
    answers: list[str] = []

    def look(event: Event) -> None:
        looking.set()
        done.wait()

    def send() -> None:
        looking.wait()
        made.append(bus.event("x.y").id)
        done.set()
        answers.append(bus.send("folder.count"))

    made: list[str] = []
    bus.handle("folder.count", lambda command: "one")
    bus.observe("a.b", look)
    run_at_once(lambda: bus.publish("a.b"), send)
    assert answers == ["one"]


def test_threads_that_make_the_same_subscriber(bus: Bus) -> None:
    """One gets it, the others the error that it is taken."""
    made, refused = list[object](), list[Exception]()

    def make() -> None:
        try:
            made.append(bus.subscriber("mailer"))
        except Exception as error:
            refused.append(error)

    run_at_once(*[make] * 4)
    assert made == [bus.subscribers["mailer"]]
    assert len(refused) == 3


def test_threads_that_register_the_same_name(bus: Bus) -> None:
    """At most one handler, whoever is first."""
    mailer = bus.subscriber("mailer")
    refused: list[Exception] = []

    def register() -> None:
        try:
            mailer.on("a.b", lambda event: None)
        except Exception as error:
            refused.append(error)

    run_at_once(*[register] * 4)
    assert len(refused) == 3
    assert len(bus.registry()) == 1


def test_every_thread_gets_its_turn(shared: Bus) -> None:
    """However often the turn changes hands, nobody is left waiting when all is done."""
    count = [0]

    def handle(event: Event) -> None:
        before = count[0]
        count[0] = before + 1

    shared.subscriber("a").on("a.b", handle)
    run_at_once(*[lambda: [shared.publish(Event("a.b")) for _ in range(50)]] * 6)
    assert count == [300]


def test_a_waiter_that_is_interrupted_does_not_keep_others_waiting(bus: Bus) -> None:
    """A thread that gives up while another delivers leaves the turn to the next."""
    holding, let_go, order = threading.Event(), threading.Event(), list[str]()

    def hold(event: Event) -> None:
        holding.set()
        let_go.wait(60)

    def interrupted() -> None:
        holding.wait()
        thread = threading.get_ident()
        # What Ctrl-C does to a thread that waits for the lock.
        threading.Timer(0.05, lambda: raise_in(thread)).start()
        with pytest.raises(KeyboardInterrupt):
            bus.publish("c.d")

    def patient() -> None:
        holding.wait()
        threading.Event().wait(0.1)
        let_go.set()
        order.append(repr(bus.publish("e.f")))

    bus.subscriber("a").on("a.b", hold)
    run_at_once(lambda: bus.publish("a.b"), interrupted, patient)
    assert len(order) == 1
    assert bus.publish("g.h").unheard


def raise_in(thread: int) -> None:
    """Raise KeyboardInterrupt in a thread as soon as it runs Python again."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(KeyboardInterrupt))


def test_a_log_is_shared_by_buses_of_several_threads(log: EventLog) -> None:
    """Each bus delivers its own events; the log holds all of them, dense."""
    buses = [Bus(log) for _ in range(3)]
    counts: Counter[int] = Counter()
    for place, bus in enumerate(buses):
        bus.subscriber("s").on("a.b", lambda event, place=place: counts.update([place]))

    def work(bus: Bus) -> Callable[[], object]:
        return lambda: [bus.publish("a.b") for _ in range(50)]

    run_at_once(*(work(bus) for bus in buses))
    assert counts == {0: 50, 1: 50, 2: 50}
    assert [event.position for event in log] == list(range(1, 151))
