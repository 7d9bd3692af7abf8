"""Wrappers: handling once for each id, and several hands behind one handler."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
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


def test_deduplicated_tells_sources_apart() -> None:
    """Two sources may use one id: these are two events."""
    got: list[str] = []
    once = deduplicated(lambda event: got.append(event.source))
    for source in ("/billing", "/shop", "/billing", "/", ""):
        once(event("1").replace(source=source))
    assert (got, once.duplicates) == (["/billing", "/shop", ""], 2)


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


# --- ids in the subscriber's own database -------------------------------------------------------


@pytest.fixture(params=["", None], ids=["transactions of its own", "autocommit"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A subscriber's database, in both of Python's ways to open one."""
    with closing(sqlite3.connect(tmp_path / "mailer.db", isolation_level=request.param)) as database:
        database.execute("CREATE TABLE mails (event TEXT)")
        yield database


def mails(database: sqlite3.Connection) -> list[str]:
    return [row[0] for row in database.execute("SELECT event FROM mails")]


def test_an_inbox_remembers_when_the_program_ends(database: sqlite3.Connection) -> None:
    """A new wrapper over the same database knows all ids of the old one."""

    def mail(event: Event) -> None:
        database.execute("INSERT INTO mails VALUES (?)", (event.id,))

    for ids in ("1", "2", "1"), ("2", "3"):
        once = deduplicated(mail, inbox=database, consumer="mailer")
        for each in ids:
            once(event(each))
        assert (once.duplicates, repr(once).endswith(": 1 held back>")) == (1, True)
    assert mails(database) == ["1", "2", "3"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_an_id_and_its_effect_last_together(database: sqlite3.Connection, error: type[BaseException]) -> None:
    """Whatever ends the handler takes both back: the next delivery is no duplicate, and does it once."""
    broken = [True]

    def mail(event: Event) -> None:
        database.execute("INSERT INTO mails VALUES (?)", (event.id,))
        if broken.pop():
            raise error

    once = deduplicated(mail, inbox=database, consumer="mailer")
    with pytest.raises(error):
        once(event("1"))
    assert (mails(database), database.in_transaction) == ([], False)
    broken.append(False)
    once(event("1"))
    once(event("1"))
    assert (mails(database), once.duplicates) == (["1"], 1)


def test_an_inbox_needs_a_handler_that_is_not_async(database: sqlite3.Connection) -> None:
    """A transaction can't wait for others."""

    async def handle(event: Event) -> None: ...

    with pytest.raises(BadHandler, match="not async"):
        deduplicated(handle, inbox=database, consumer="mailer")


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
