"""Wrappers: handling once for each id, and several hands behind one handler."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from eda_workshop import BadHandler, BadSetting, Bus, Event, competing, deduplicated, retry


def event(id: str) -> Event:
    return Event("a.b", id=id)


def test_deduplicated_handles_each_id_once() -> None:
    """Repetitions are held back and counted, whatever else they carry."""
    got: list[str] = []
    once = deduplicated(lambda event: got.append(event.id))
    for each in ("1", "2", "1", "1", "3"):
        once(event(each))
    assert got == ["1", "2", "3"]
    assert once.duplicates == 2
    assert repr(once).endswith(": 2 held back>")
    assert repr(once).startswith("<deduplicated <lambda> (test_wrappers.py, line ")


def test_the_memory_of_ids_is_bounded() -> None:
    """The newest ids are remembered; one that comes after more than that is handled again."""
    got: list[str] = []
    once = deduplicated(lambda event: got.append(event.id), window=2)
    for each in ("1", "2", "1", "3", "2", "1"):
        once(event(each))
    assert got == ["1", "2", "3", "1"]


def test_an_id_is_done_only_when_its_handler_was() -> None:
    """A failure is not remembered, so a retry is no duplicate."""
    calls: list[str] = []

    def fail_first(event: Event) -> None:
        calls.append(event.id)
        if len(calls) == 1:
            raise ValueError

    once = deduplicated(fail_first)
    bus = Bus()
    bus.subscriber("a", on_error=retry(1)).on("a.b", once)
    for _ in range(2):
        assert bus.publish(event("1")).delivered_to == ("a",)
    assert (calls, once.duplicates) == (["1", "1"], 1)


def test_each_wrapper_remembers_for_itself(bus: Bus) -> None:
    """Two subscribers with the same function each handle the event."""
    got: list[str] = []

    def handle(event: Event) -> None:
        got.append(event.id)

    for name in ("a", "b"):
        bus.subscriber(name).on("a.b", deduplicated(handle))
    for _ in range(2):
        bus.publish(event("1"))
    assert got == ["1", "1"]


@pytest.mark.parametrize("window", [0, -1, 1.5, None])
def test_a_window_is_a_number_of_ids(window: Any) -> None:
    """At least one."""
    with pytest.raises(BadSetting, match="window"):
        deduplicated(print, window=window)


def test_competing_workers_take_turns(bus: Bus) -> None:
    """Each event goes to one of them, in turn; together they are one handler of one subscriber."""
    got: list[tuple[int, str]] = []
    workers = [lambda event, number=number: got.append((number, event.id)) for number in range(3)]
    bus.subscriber("workers").on("a.b", competing(*workers))
    for each in "12345":
        assert bus.publish(event(each)).delivered_to == ("workers",)
    assert got == [(0, "1"), (1, "2"), (2, "3"), (0, "4"), (1, "5")]
    assert [row.handler for row in bus.registry()] == ["<competing: 3 workers>"]
    assert bus.statistics().delivered == {"workers": 5}


def test_a_retry_goes_to_the_next_worker(bus: Bus) -> None:
    """One broken worker does not lose an event."""
    got: list[str] = []

    def broken(event: Event) -> None:
        raise OSError

    bus.subscriber("workers", on_error=retry(1)).on("a.b", competing(broken, lambda event: got.append(event.id)))
    for each in "12":
        bus.publish(event(each))
    assert got == ["1", "2"]
    assert bus.dead_letters == ()


def test_nobody_can_t_compete() -> None:
    """A group has workers, and each must be able to handle."""
    with pytest.raises(BadHandler, match="it has no workers"):
        competing()
    for wrong in (None, 3, lambda: None):
        with pytest.raises(BadHandler):
            competing(print, wrong)  # type: ignore[arg-type]
        with pytest.raises(BadHandler):
            deduplicated(wrong)  # type: ignore[arg-type]
    assert repr(competing(print)) == "<competing: 1 worker>"


def test_wrappers_of_async_handlers_are_async() -> None:
    """They await what they wrap, and remember an id only when it is done."""
    calls: list[str] = []

    async def fail_first(event: Event) -> None:
        await asyncio.sleep(0)
        calls.append(event.id)
        if len(calls) == 1:
            raise ValueError

    once = deduplicated(competing(fail_first, fail_first))
    with pytest.raises(ValueError):
        asyncio.run(once(event("1")))
    for _ in range(2):
        asyncio.run(once(event("1")))
    assert (calls, once.duplicates) == (["1", "1"], 1)


def test_a_mixed_group_awaits_only_who_is_async() -> None:
    """Plain workers in an async group are called."""
    got: list[str] = []

    async def later(event: Event) -> None:
        got.append("async")

    group = competing(later, lambda event: got.append("plain"))
    for _ in range(4):
        asyncio.run(group(event("1")))
    assert got == ["async", "plain"] * 2
