"""Async handlers: awaited by the calls that can wait, refused by those that can't."""

from __future__ import annotations

import asyncio
import functools
import threading
import warnings
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import pytest

from eda_workshop import (
    AsyncHandler,
    Bus,
    Command,
    CounterIds,
    Delivery,
    DeliveryFailed,
    Event,
    ManualClock,
    NoHandler,
    Rejected,
    competing,
    deduplicated,
    open_log,
    retry,
)


def run(work: Coroutine[Any, Any, Any]) -> Any:
    """Run it in an event loop of its own; a coroutine that nobody awaited is an error."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        result = asyncio.run(work)
    assert [str(warning.message) for warning in caught] == []
    return result


class Later:
    """An async handler that keeps what it got, after giving others a turn."""

    def __init__(self) -> None:
        self.got: list[str] = []

    async def take(self, event: Event) -> None:
        await asyncio.sleep(0)
        self.got.append(event.id)

    async def __call__(self, event: Event) -> None:
        await self.take(event)


SHAPES: dict[str, Callable[[Later], Any]] = {
    "method": lambda later: later.take,
    "object": lambda later: later,
    "partial": lambda later: functools.partial(Later.take, later),
    "partial of partial": lambda later: functools.partial(functools.partial(later)),
    "deduplicated": lambda later: deduplicated(later.take),
    "competing": lambda later: competing(later.take, later),
    "all at once": lambda later: deduplicated(functools.partial(competing(later, lambda event: None))),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_publish_refuses_an_async_handler(logged: Bus, shape: str) -> None:
    """However it is wrapped, and on every try; nothing is recorded or delivered."""
    later, got = Later(), list[Event]()
    logged.subscriber("a").on("a.b", got.append)
    logged.subscriber("b").on("a.b", SHAPES[shape](later))
    for _ in range(2):
        with pytest.raises(AsyncHandler) as caught:
            logged.publish("a.b")
        assert (caught.value.subscriber, caught.value.name, caught.value.call) == ("b", "a.b", "bus.publish")
        assert "await bus.publish_async(...)" in str(caught.value)
    assert (got, later.got, logged.log.head) == ([], [], 0)  # type: ignore[union-attr]


@pytest.mark.parametrize("shape", SHAPES)
def test_publish_async_awaits_it(logged: Bus, shape: str) -> None:
    """Handlers run one after the other, async and plain ones, in the order they subscribed."""
    later = Later()
    logged.subscriber("a").on("a.b", SHAPES[shape](later))
    logged.subscriber("b").on("a.b", lambda event: later.got.append("plain"))
    receipt = run(logged.publish_async("a.b"))
    assert receipt.delivered_to == ("a", "b")
    assert later.got == ["evt-0001", "plain"]


def test_plain_handlers_work_both_ways(logged: Bus) -> None:
    """`publish_async` needs no async handler."""
    logged.subscriber("a").on("a.b", lambda event: None)
    assert run(logged.publish_async(Event("a.b", id="1"))).delivered_to == ("a",)
    assert run(logged.publish_async("x.y")).unheard
    assert run(logged.publish_async(next(logged.log.read()))).repeated  # type: ignore[union-attr]


def test_a_hidden_coroutine_is_found_out(bus: Bus) -> None:
    """A plain function that returns a coroutine fails loudly once, is known as async from then on, and is awaited."""
    later = Later()
    bus.subscriber("a", on_error="park").on("a.b", lambda event: later.take(event))

    async def scenario() -> None:
        (letter,) = bus.publish("a.b").failed
        assert isinstance(letter.error, AsyncHandler)
        with pytest.raises(AsyncHandler):
            bus.publish("a.b")
        with pytest.raises(AsyncHandler, match=r"bus\.redeliver"):
            bus.redeliver()
        assert later.got == []
        assert await bus.redeliver_async() == [letter]
        await bus.publish_async("a.b")

    run(scenario())
    assert len(later.got) == 2


def test_a_coroutine_that_hides_until_later_is_found_out(bus: Bus) -> None:
    """Also when the bus had learned that the handler is plain: from then on it is refused, not dropped."""
    later, mood = Later(), ["fail"]

    def moody(event: Event) -> Any:
        if mood[0] == "fail":
            raise ValueError
        return later.take(event) if mood[0] == "hide" else None

    bus.subscriber("a", on_error="park").on("a.b", moody)
    bus.publish("a.b")
    mood[0] = "plain"
    for _ in range(2):
        bus.publish(Event("a.b"))
    mood[0] = "hide"
    assert bus.redeliver() == []
    assert [type(letter.error) for letter in bus.dead_letters] == [AsyncHandler]
    with pytest.raises(AsyncHandler):
        bus.publish(Event("a.b"))


def test_what_handlers_publish_is_queued_and_linked(logged: Bus) -> None:
    """With `publish` and with `await publish_async`, before and after an await; the queue's async handlers are awaited."""
    order: list[str] = []

    async def first(event: Event) -> None:
        order.append(repr(logged.publish("c.d")))
        await asyncio.sleep(0)
        order.append(repr(await logged.publish_async("c.d")))

    async def second(event: Event) -> None:
        await asyncio.sleep(0)
        order.append(f"{event.id} ← {event.causation} in {event.correlation}")

    logged.subscriber("a").on("a.b", first)
    logged.subscriber("b").on("c.d", second)
    logged.subscriber("c").on("a.b", lambda event: order.append("c"))
    run(logged.publish_async("a.b"))
    assert order == [
        "<Receipt evt-0002 c.d: queued>",
        "<Receipt evt-0003 c.d: queued>",
        "c",
        "evt-0002 ← evt-0001 in evt-0001",
        "evt-0003 ← evt-0001 in evt-0001",
    ]


def test_tasks_that_publish_at_once_take_turns(logged: Bus) -> None:
    """One delivery ends before the next begins; nobody is linked to a stranger's event."""
    order: list[str] = []

    async def slow(event: Event) -> None:
        order.append(f"{event.id} begins")
        for _ in range(3):
            await asyncio.sleep(0)
        order.append(f"{event.id} ends")

    async def scenario() -> list[Any]:
        return await asyncio.gather(*(logged.publish_async("a.b") for _ in range(3)))

    logged.subscriber("a").on("a.b", slow)
    receipts = run(scenario())
    ids = [receipt.event.id for receipt in receipts]
    assert order == [f"{one} {what}" for one in ids for what in ("begins", "ends")]
    assert {receipt.event.causation for receipt in receipts} == {""}


def test_a_stranger_s_publish_is_queued(logged: Bus) -> None:
    """A task that can't wait gets a queued receipt; its event is delivered next and has no cause."""
    got: list[tuple[str, str]] = []
    strangers: list[Any] = []
    begun = asyncio.Event()

    async def slow(event: Event) -> None:
        begun.set()
        while not strangers:
            await asyncio.sleep(0)
        logged.publish("c.d", id="inside")

    async def stranger() -> None:
        await begun.wait()
        strangers.append(logged.publish(Event("c.d", id="stranger")))

    async def scenario() -> None:
        await asyncio.gather(logged.publish_async("a.b"), stranger())

    logged.subscriber("a").on("a.b", slow)
    logged.subscriber("b").on("c.d", lambda event: got.append((event.id, event.causation)))
    run(scenario())
    assert strangers[0].queued
    assert got == [("stranger", ""), ("inside", "evt-0001")]


def test_a_task_that_a_handler_leaves_behind_is_a_stranger(logged: Bus) -> None:
    """When its delivery is over, a task of a handler waits for its turn and begins its own conversation."""
    tasks: list[asyncio.Task[Any]] = []
    release = asyncio.Event()
    order: list[str] = []

    async def afterwards() -> Any:
        await release.wait()
        return await logged.publish_async("late.one")

    async def leave(event: Event) -> None:
        tasks.append(asyncio.create_task(afterwards()))

    async def slow(event: Event) -> None:
        order.append("slow begins")
        release.set()
        for _ in range(5):
            await asyncio.sleep(0)
        order.append("slow ends")

    async def scenario() -> Any:
        await logged.publish_async("a.b")
        await logged.publish_async("slow.one")
        return await tasks[0]

    logged.subscriber("a").on("a.b", leave)
    logged.subscriber("b").on("slow.one", slow)
    logged.subscriber("c").on("late.one", lambda event: order.append("late"))
    receipt = run(scenario())
    assert order == ["slow begins", "slow ends", "late"]
    assert (receipt.delivered_to, receipt.event.causation) == (("c",), "")


def test_a_task_that_a_handler_waits_for_is_part_of_it(logged: Bus) -> None:
    """It must not wait for its own end: what it publishes is queued and linked."""
    receipts: list[Any] = []

    async def work() -> None:
        receipts.append(await logged.publish_async("c.d"))

    async def handler(event: Event) -> None:
        await asyncio.gather(work(), asyncio.create_task(work()))
        receipts.append(await asyncio.to_thread(logged.publish, "c.d"))

    logged.subscriber("a").on("a.b", handler)
    run(logged.publish_async("a.b"))
    assert [(receipt.queued, receipt.event.causation) for receipt in receipts] == [(True, "evt-0001")] * 3


def test_failures_follow_the_policy(bus: Bus) -> None:
    """As with `publish`: others get the event, failures are raised at the end, retries await again."""
    calls: list[str] = []

    async def fail(event: Event) -> None:
        await asyncio.sleep(0)
        calls.append("fail")
        raise ValueError("late")

    bus.subscriber("a").on("a.b", fail)
    bus.subscriber("b", on_error=retry(2)).on("a.b", fail)
    bus.subscriber("c").on("a.b", lambda event: calls.append("c"))
    with pytest.raises(DeliveryFailed) as caught:
        run(bus.publish_async("a.b"))
    assert calls == ["fail"] * 4 + ["c"]
    assert [letter.attempts for letter in bus.dead_letters] == [1, 3]
    assert 'raise ValueError("late")' in bus.dead_letters[0].traceback
    assert caught.value.receipt.delivered_to == ("c",)


def test_cancelling_loses_nothing_and_blocks_nobody(logged: Bus) -> None:
    """Whoever had not finished gets a letter, so does whoever waited; the next publish gets its turn."""
    reached = asyncio.Event()
    got: list[str] = []

    async def hang(event: Event) -> None:
        logged.publish("c.d")
        reached.set()
        await asyncio.Event().wait()

    async def scenario() -> None:
        task = asyncio.create_task(logged.publish_async("a.b"))
        waiting = asyncio.create_task(logged.publish_async("x.y"))
        await reached.wait()
        waiting.cancel()
        task.cancel()
        for cancelled in (task, waiting):
            with pytest.raises(asyncio.CancelledError):
                await cancelled
        await logged.publish_async("e.f")

    logged.subscriber("a").on("a.b", hang)
    logged.subscriber("b").on("a.b", lambda event: got.append(event.name))
    logged.subscriber("c").on("c.d", lambda event: got.append(event.name))
    logged.subscriber("d").on("e.f", lambda event: got.append(event.name))
    run(scenario())
    assert got == ["e.f"]
    assert [(one.subscriber, one.event.name, one.attempts) for one in logged.dead_letters] == [
        ("a", "a.b", 1),
        ("b", "a.b", 0),
        ("c", "c.d", 0),
    ]
    assert [event.name for event in logged.log] == ["a.b", "c.d", "e.f"]  # type: ignore[union-attr]


def test_a_coroutine_that_is_thrown_away_gives_the_turn_back(bus: Bus) -> None:
    """A delivery whose loop went away in the middle is an interruption like any other."""

    async def hang(event: Event) -> None:
        await asyncio.sleep(0)

    bus.subscriber("a").on("a.b", hang)
    publishing = bus.publish_async("a.b")
    publishing.send(None)
    publishing.close()
    assert [letter.attempts for letter in bus.dead_letters] == [1]
    assert bus.publish("x.y").unheard


def test_another_thread_waits_for_an_awaited_delivery(logged: Bus) -> None:
    """A plain publish of another thread is delivered after it, and blocks no loop."""
    order: list[str] = []
    outside: list[Any] = []

    async def slow(event: Event) -> None:
        order.append("begins")
        thread.start()
        while not started.is_set():
            await asyncio.sleep(0)
        for _ in range(3):
            await asyncio.sleep(0)
        order.append("ends")

    def publish() -> None:
        started.set()
        outside.append(logged.publish("c.d"))

    started = threading.Event()
    thread = threading.Thread(target=publish)
    logged.subscriber("a").on("a.b", slow)
    logged.subscriber("b").on("c.d", lambda event: order.append("c.d"))
    run(logged.publish_async("a.b"))
    thread.join()
    assert order == ["begins", "ends", "c.d"]
    assert (outside[0].delivered_to, outside[0].event.causation) == (("b",), "")


def test_the_loop_turns_while_another_thread_delivers(bus: Bus) -> None:
    """`publish_async` waits for its turn without blocking other tasks."""
    holding, let_go = threading.Event(), threading.Event()

    def hold(event: Event) -> None:
        holding.set()
        let_go.wait()

    async def scenario() -> Any:
        task = asyncio.create_task(bus.publish_async("c.d"))
        for _ in range(3):
            await asyncio.sleep(0)
        assert not task.done()
        let_go.set()
        return await task

    bus.subscriber("a").on("a.b", hold)
    bus.subscriber("b").on("c.d", lambda event: None)
    thread = threading.Thread(target=bus.publish, args=("a.b",))
    thread.start()
    holding.wait()
    assert run(scenario()).delivered_to == ("b",)
    thread.join()


# --- the other calls ----------------------------------------------------------------------------


def test_an_async_command_handler_is_awaited(bus: Bus) -> None:
    """`send_async` returns its answer or raises its refusal; `send` refuses, also a hidden coroutine."""

    async def create(command: Command) -> str:
        await asyncio.sleep(0)
        if not command.data:
            raise Rejected("no path")
        bus.publish("folder.created")
        return "made"

    got: list[Event] = []
    bus.subscriber("a").on("folder.created", got.append)
    bus.handle("folder.create", create)
    bus.handle("folder.hidden", lambda command: create(command))
    bus.handle("folder.plain", lambda command: "plain")

    async def scenario() -> None:
        for name in ("folder.create", "folder.hidden"):
            with pytest.raises(AsyncHandler, match=r"Write: await bus\.send_async"):
                bus.send(name, {"path": "/"})
            assert await bus.send_async(name, {"path": "/"}) == "made"
            with pytest.raises(Rejected, match="no path"):
                await bus.send_async(name)
        assert await bus.send_async("folder.plain") == "plain"
        with pytest.raises(NoHandler):
            await bus.send_async("x.y")

    run(scenario())
    assert [event.causation for event in got] == [event.correlation for event in got] == ["evt-0002", "evt-0006"]


def test_a_command_inside_an_async_handler_is_answered_at_once(logged: Bus) -> None:
    """Awaited or called; its events are linked to the command."""
    answers: list[str] = []

    async def create(command: Command) -> str:
        await asyncio.sleep(0)
        await logged.publish_async("folder.created", subject=command.id)
        return "awaited"

    def count(command: Command) -> str:
        logged.publish("folder.created", subject=command.id)
        return "called"

    async def handler(event: Event) -> None:
        answers.append(await logged.send_async("folder.create"))
        answers.append(logged.send("folder.count"))
        logged.publish("email.sent", subject=event.id)

    logged.handle("folder.create", create)
    logged.handle("folder.count", count)
    logged.subscriber("a").on("a.b", handler)
    run(logged.publish_async("a.b"))
    assert answers == ["awaited", "called"]
    caused = list(logged.log.read(1))  # type: ignore[union-attr]
    assert len(caused) == 3
    assert {(event.causation, event.correlation) for event in caused} == {("evt-0001", "evt-0001")}


def test_async_letters_and_copies_wait_for_the_calls_that_wait(bus: Bus) -> None:
    """`redeliver`, `settle` and `resume` refuse without changing anything; their twins do it."""
    later, clock = Later(), ManualClock()
    faulty = Bus(delivery=Delivery(seed=1, delayed=1), clock=clock, ids=CounterIds())
    faulty.subscriber("a").on("a.b", later)
    stopping = bus.subscriber("s", on_error="stop")
    stopping.on("a.b", lambda event: 1 / 0)
    bus.publish("a.b")
    stopping.on("a.b", later, replace=True)

    async def scenario() -> None:
        await faulty.publish_async("a.b")
        with pytest.raises(AsyncHandler, match=r"bus\.settle"):
            faulty.settle()
        assert faulty.statistics().accidents["on_the_way"] == 1
        assert await faulty.settle_async() == 1
        with pytest.raises(AsyncHandler, match=r"subscriber\.resume"):
            stopping.resume()
        assert stopping.stopped
        await stopping.resume_async()

    run(scenario())
    assert len(later.got) == 2
    assert bus.dead_letters == ()


def test_async_subscribers_catch_up(logged: Bus) -> None:
    """`catch_up` refuses, `catch_up_async` awaits; live events then come without a gap."""
    for _ in range(3):
        logged.publish("a.b")
    later = Later()
    late = logged.subscriber("late", after=0)
    late.on("a.b", later)

    async def scenario() -> None:
        with pytest.raises(AsyncHandler, match=r"subscriber\.catch_up"):
            late.catch_up()
        assert late.position == 0
        assert await late.catch_up_async() == 3
        await logged.publish_async("a.b")

    run(scenario())
    assert later.got == [f"evt-000{number}" for number in range(1, 5)]


def test_the_chain_is_counted_over_awaits() -> None:
    """Async handlers that cause each other without end are stopped like others."""
    bus = Bus(open_log(), max_hops=6)

    async def again(event: Event) -> None:
        await asyncio.sleep(0)
        await bus.publish_async("c.d" if event.name == "a.b" else "a.b")

    bus.subscriber("a", on_error="park").on(">", again)
    run(bus.publish_async("a.b"))
    assert bus.log is not None
    assert bus.log.head == 6
    assert [type(letter.error).__name__ for letter in bus.dead_letters] == ["EndlessChain"]


def test_no_loop_is_started_for_the_caller(bus: Bus) -> None:
    """The library never runs an event loop of its own."""
    seen: list[bool] = []

    def look(event: Event) -> None:
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            seen.append(False)
        else:
            seen.append(True)

    bus.subscriber("a").on("a.b", look)
    bus.publish("a.b")
    run(bus.publish_async("a.b"))
    assert seen == [False, True]


def test_two_buses_await_each_other(bus: Bus) -> None:
    """A handler of one bus may publish on another; each links only its own."""
    other, got = Bus(ids=CounterIds("other")), list[tuple[str, str]]()

    async def cross(event: Event) -> None:
        await other.publish_async("c.d")
        await bus.publish_async("e.f")

    bus.subscriber("a").on("a.b", cross)
    for one in (bus, other):
        one.subscriber("note").on("*.*", lambda event: got.append((event.id, event.causation)))
    work: Awaitable[Any] = bus.publish_async("a.b")
    run(work)  # type: ignore[arg-type]
    assert got == [("other-0001", ""), ("evt-0001", ""), ("evt-0002", "evt-0001")]
