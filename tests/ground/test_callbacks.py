"""The judge of callbacks: nothing counts as done that did not run, wherever a callback is taken."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any
from unittest.mock import AsyncMock, Mock

import pytest

from eda_workshop import (
    AsyncHandler,
    BadHandler,
    Bus,
    DeliveryFailed,
    Event,
    Gateways,
    MemoryImage,
    Model,
    competing,
    deduplicated,
    open_log,
)
from eda_workshop.callbacks import call, check_handler, check_plain, dismiss, is_async, unfinished

ran: list[str] = []


@pytest.fixture(autouse=True)
def _nothing_ran() -> None:
    ran.clear()


async def coroutine(event: Any) -> None:
    ran.append("coroutine")


def generator(event: Any) -> Any:
    ran.append("generator")
    yield


async def async_generator(event: Any) -> Any:
    ran.append("async generator")
    yield


class AsyncCall:
    """A callable object whose call is async."""

    async def __call__(self, event: Any) -> None:
        ran.append("object")


PLAINLY = {
    "coroutine function": coroutine,
    "partial": functools.partial(coroutine),
    "callable object": AsyncCall(),
    "async mock": AsyncMock(),
}
GENERATORS = {"generator": generator, "async generator": async_generator}


def hidden(function: Callable[..., Any]) -> Callable[..., Any]:
    """A plain function around another, so that only its result shows what it is."""

    @functools.wraps(function)
    def wrapper(event: Any) -> Any:
        return function(event)

    wrapper.__dict__.pop("_is_coroutine", None)
    return wrapper


class Signups(Model):
    """How many have signed up."""

    initial = 0


def on_the_bus(function: Any) -> None:
    bus = Bus()
    bus.subscriber("mailer", on_error="raise").on("a.b", function)
    bus.publish("a.b")


def as_an_observer(function: Any) -> None:
    bus = Bus()
    bus.observe("a.b", function)
    bus.publish("a.b")


def as_a_command_handler(function: Any) -> None:
    bus = Bus()
    bus.handle("a.do", function)
    bus.send("a.do")


def deduplicating(function: Any) -> None:
    once = deduplicated(function)
    event = Event("a.b", id="1")
    bus = Bus()
    bus.subscriber("mailer", on_error="raise").on("a.b", once)
    try:
        bus.publish(event)
    finally:
        dismiss(once(event))
        assert once.duplicates == 0


def in_a_group_of_one(function: Any) -> None:
    on_the_bus(competing(function))


def working(function: Any) -> None:
    log = open_log()
    log.append(Event("a.b"))
    worker = log.group("g", "w")
    try:
        worker.work(function)
    finally:
        assert worker.position == 0


def telling(function: Any) -> None:
    log = open_log()
    gateways = Gateways(log)
    log.append(Event("a.b"))
    try:
        mail = gateways.update("mail", function)
        gateways.handle(next(log.read()), lambda event: mail(to="ada"))
    finally:
        assert not gateways.recording.sent


def asking(function: Any) -> None:
    log = open_log()
    gateways = Gateways(log)
    log.append(Event("a.b"))
    try:
        rate = gateways.query("rate", function)
        gateways.handle(next(log.read()), lambda event: rate("EUR"))
    finally:
        assert not gateways.recording.answers


def handling_for_gateways(function: Any) -> None:
    log = open_log()
    log.append(Event("a.b"))
    Gateways(log).replay(function)


def publishing(function: Any) -> None:
    log = open_log()
    image = None
    try:
        image = MemoryImage(log, Signups, publish=function)
        image.record(Event("a.b"))
    finally:
        assert image is None or log.position_of("image (published)") == 0


def choosing_letters(function: Any) -> None:
    bus = Bus()
    bus.subscriber("mailer", on_error="park").on("a.b", lambda event: 1 / 0)
    bus.publish("a.b")
    bus.redeliver(where=function)


PLACES = [
    on_the_bus,
    as_an_observer,
    as_a_command_handler,
    deduplicating,
    in_a_group_of_one,
    working,
    telling,
    asking,
    handling_for_gateways,
    publishing,
    choosing_letters,
]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", [*PLAINLY, *GENERATORS])
def test_what_does_not_run_is_refused_or_fails(place: Callable[[Any], None], name: str) -> None:
    """Where nobody awaits: refused when it is passed or called, and never taken for done."""
    function = (PLAINLY | GENERATORS)[name]
    with pytest.raises((AsyncHandler, BadHandler)):
        place(function)
    assert ran == []


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", [*PLAINLY, *GENERATORS, "future"])
def test_what_hides_it_fails_when_it_is_called(place: Callable[[Any], None], name: str) -> None:
    """A plain function that gives back a coroutine, a generator or a Future has not done its work."""
    function = hidden((PLAINLY | GENERATORS)[name]) if name != "future" else (lambda event: Future())
    with pytest.raises((AsyncHandler, BadHandler, DeliveryFailed)) as caught:
        place(function)
    errors = caught.value.exceptions if isinstance(caught.value, DeliveryFailed) else (caught.value,)
    assert all(isinstance(error, (AsyncHandler, BadHandler)) for error in errors)
    assert ran == []


@pytest.mark.parametrize("wrap", [lambda f: f, hidden, deduplicated, competing, lambda f: deduplicated(hidden(f))])
def test_a_task_awaits_what_can_be_awaited(wrap: Callable[[Any], Any]) -> None:
    """Coroutines behind any wrapper, and Futures of an executor; then they count as done."""
    bus = Bus()
    bus.subscriber("mailer").on("a.b", wrap(coroutine))
    receipt = asyncio.run(bus.publish_async("a.b"))
    assert (receipt.delivered_to, ran) == (("mailer",), ["coroutine"])


def test_a_task_awaits_an_executor() -> None:
    """`run_in_executor` gives a Future that a task can wait for."""
    bus = Bus()

    async def publish() -> Any:
        loop = asyncio.get_running_loop()
        with ThreadPoolExecutor() as threads:
            bus.subscriber("mailer").on("a.b", lambda event: loop.run_in_executor(threads, ran.append, event.name))
            return await bus.publish_async("a.b")

    assert asyncio.run(publish()).delivered_to == ("mailer",)
    assert ran == ["a.b"]


def test_a_generator_fails_for_a_task_too() -> None:
    """Nobody runs it there either; nor a coroutine whose result is one."""
    bus = Bus()

    async def gives_one(event: Event) -> Any:
        return generator(event)

    bus.subscriber("mailer", on_error="park").on("a.b", hidden(generator))
    bus.subscriber("other", on_error="park").on("a.b", gives_one)
    receipt = asyncio.run(bus.publish_async("a.b"))
    assert [letter.subscriber for letter in receipt.failed] == ["mailer", "other"]
    assert all("gave a generator back" in letter.reason for letter in bus.dead_letters)


def test_a_lazy_handler_that_fails_once_is_tried_again() -> None:
    """`deduplicated` remembers an event when its work is done, not when it was begun."""
    calls: list[str] = []

    async def fail_first(event: Event) -> None:
        calls.append(event.id)
        if len(calls) == 1:
            raise OSError

    bus = Bus()
    once = deduplicated(hidden(fail_first))
    bus.subscriber("mailer", on_error="park").on("a.b", once)
    asyncio.run(bus.publish_async("a.b", id="1"))
    asyncio.run(bus.redeliver_async())
    asyncio.run(bus.publish_async("a.b", id="1"))
    assert (calls, once.duplicates, bus.dead_letters) == (["1", "1"], 1, ())


def test_what_is_finished_is_let_through() -> None:
    """Whatever else a handler returns, mocks included."""
    for result in (None, 0, "text", [], iter([]), Mock(), object()):
        assert unfinished(result) == ""
    assert call(Mock(return_value=3)) == 3
    assert check_handler(print) is print
    assert check_plain(len, "abc") is len
    assert not is_async(Mock())


@pytest.mark.parametrize(("function", "words"), [(3, "it can't be called"), (lambda: None, "it will be called with")])
def test_what_can_t_be_called_so_is_refused(function: Any, words: str) -> None:
    """Also where it is not a handler."""
    with pytest.raises(BadHandler, match=words):
        check_plain(function, None)
