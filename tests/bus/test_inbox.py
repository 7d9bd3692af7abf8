"""Inboxes: each event once for each consumer, in the transaction of what its handler writes."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from eda_workshop import BadHandler, BadInbox, BadSetting, Bus, DeliveryFailed, Event, Inbox, deduplicated

PAID = Event("invoice.paid", id="1", source="/billing")


@pytest.fixture(params=["", None], ids=["transactions of its own", "autocommit"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A consumer's database, in both of Python's ways to open one."""
    with closing(sqlite3.connect(tmp_path / "shop.db", isolation_level=request.param)) as database:
        database.execute("CREATE TABLE notes (who TEXT, event TEXT)")
        yield database


def notes(database: sqlite3.Connection) -> list[Any]:
    return database.execute("SELECT who, event FROM notes").fetchall()


def test_each_consumer_handles_each_event_once(database: sqlite3.Connection) -> None:
    """Two subscribers share a database, and an event that comes twice."""
    bus = Bus()
    for who in ("mailer", "stock"):

        def note(event: Event, who: str = who) -> None:
            database.execute("INSERT INTO notes VALUES (?, ?)", (who, event.id))

        bus.subscriber(who).on("invoice.paid", deduplicated(note, inbox=database, consumer=who))
    for _ in range(2):
        assert bus.publish(PAID).delivered_to == ("mailer", "stock")
    assert notes(database) == [("mailer", "1"), ("stock", "1")]


def test_an_id_of_another_source_is_another_event(database: sqlite3.Connection) -> None:
    """CloudEvents: source and id together."""
    inbox, seen = Inbox(database, "mailer"), list[str]()
    for source in ("/billing", "/shop", "/billing"):
        inbox.handle(PAID.replace(source=source), lambda event: seen.append(event.source))
    assert (seen, PAID in inbox, PAID.replace(source="/x") in inbox) == (["/billing", "/shop"], True, False)
    assert repr(inbox) == "<Inbox of mailer>"


def test_an_open_transaction_is_left_alone(database: sqlite3.Connection) -> None:
    """What somebody wrote and has not committed stays as it is: not committed, not rolled back."""
    seen: list[str] = []
    once = deduplicated(lambda event: seen.append(event.id), inbox=database, consumer="mailer")
    database.execute("BEGIN")
    database.execute("INSERT INTO notes VALUES ('user', '')")
    with pytest.raises(BadInbox, match="open transaction when invoice.paid came; nothing was touched"):
        once(PAID)
    with pytest.raises(BadInbox, match="when it was made"):
        Inbox(database, "other")
    assert (database.in_transaction, seen) == (True, [])
    database.commit()
    once(PAID)
    assert (notes(database), seen) == ([("user", "")], ["1"])


@pytest.mark.parametrize("fails", [True, False])
@pytest.mark.parametrize("goes_on", [True, False])
def test_a_handler_that_ends_the_transaction_is_told(database: sqlite3.Connection, fails: bool, goes_on: bool) -> None:
    """Its event is not in the inbox, so it comes again; what it wrote after its own commit is taken back."""

    def note(event: Event) -> None:
        with database:
            database.execute("INSERT INTO notes VALUES ('mailer', ?)", (event.id,))
        if goes_on:
            database.execute("INSERT INTO notes VALUES ('after', ?)", (event.id,))
        if fails:
            raise OSError("the mail server is down")

    if database.isolation_level is None:
        pytest.skip("`with` commits nothing there")
    bus = Bus()
    inbox = Inbox(database, "mailer")
    bus.subscriber("mailer").on("invoice.paid", deduplicated(note, inbox=inbox))
    with pytest.raises(DeliveryFailed) as caught:
        bus.publish(PAID)
    (error,) = caught.value.exceptions
    assert isinstance(error, BadInbox)
    assert "ended the transaction itself" in str(error)
    assert isinstance(error.__cause__, OSError) is fails
    assert (PAID in inbox, notes(database), database.in_transaction) == (False, [("mailer", "1")], False)


@pytest.mark.parametrize("statement", ["COMMIT", "ROLLBACK"])
def test_a_handler_may_end_it_in_any_way(database: sqlite3.Connection, statement: str) -> None:
    """Also by a statement, and also if it begins another."""
    inbox = Inbox(database, "mailer")

    def note(event: Event) -> None:
        database.execute(statement)
        database.execute("BEGIN")

    with pytest.raises(BadInbox, match="ended the transaction itself"):
        inbox.handle(PAID, note)
    assert (PAID in inbox, database.in_transaction) == (False, False)


def test_what_has_not_run_is_not_handled(database: sqlite3.Connection) -> None:
    """A generator in place of the work."""
    inbox = Inbox(database, "mailer")
    with pytest.raises(BadHandler, match="gave a generator back"):
        inbox.handle(PAID, lambda event: (each for each in [1]))
    assert PAID not in inbox


def test_an_inbox_needs_a_connection_and_a_consumer(database: sqlite3.Connection) -> None:
    """Each is checked where it is given; an `Inbox` has its consumer already."""
    for wrong in ("shop.db", None, 3):
        with pytest.raises(BadSetting, match="database"):
            Inbox(wrong, "mailer")  # type: ignore[arg-type]
    for nobody in ("", " ", None, 3):
        with pytest.raises(BadSetting, match="consumer"):
            Inbox(database, nobody)  # type: ignore[arg-type]
    with pytest.raises(BadSetting, match="consumer='billing'"):
        deduplicated(print, inbox=database)
    with pytest.raises(BadSetting, match="consumer"):
        deduplicated(print, inbox=Inbox(database, "mailer"), consumer="stock")
    with pytest.raises(BadSetting, match="inbox"):
        deduplicated(print, consumer="stock")


@pytest.mark.skipif(sys.version_info < (3, 12), reason="Python 3.12 brought autocommit=False")
def test_a_database_that_always_has_a_transaction_is_refused(tmp_path: Path) -> None:
    """The inbox could not tell its own from another."""
    database = sqlite3.connect(tmp_path / "shop.db", autocommit=False)  # type: ignore[call-overload]
    with closing(database), pytest.raises(BadInbox, match="autocommit=False"):
        Inbox(database, "mailer")
