"""An inbox: which events a consumer has handled, kept in the database that its handlers write to."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from eda_workshop.callbacks import call
from eda_workshop.errors import BadInbox, BadSetting
from eda_workshop.event import Event

if TYPE_CHECKING:
    import sqlite3

_TABLE = """
CREATE TABLE IF NOT EXISTS inbox (
    consumer TEXT NOT NULL,
    source   TEXT NOT NULL,
    id       TEXT NOT NULL,
    PRIMARY KEY (consumer, source, id)
)"""
_KNOWN = "SELECT 1 FROM inbox WHERE (consumer, source, id) = (?, ?, ?)"


class Inbox:
    """The events that a consumer has handled, in its own database: by consumer, source and id.

    What a handler writes there and the note that it has handled the event are one transaction: they last together, or
    neither does, whenever the program crashes. What the handler does elsewhere may be done again.

    database  a connection without an open transaction, to be used by one thread at a time
    consumer  who handles the events: the same event is handled once for each consumer of a database

    Raises `BadInbox`, `BadSetting`.

    >>> import sqlite3
    >>> inbox, seen = Inbox(sqlite3.connect(":memory:"), "billing"), []
    >>> paid = Event("invoice.paid", id="evt-0001")
    >>> inbox.handle(paid, seen.append), inbox.handle(paid, seen.append), len(seen)
    (True, False, 1)
    """

    def __init__(self, database: sqlite3.Connection, consumer: str) -> None:
        if not callable(getattr(database, "execute", None)) or not hasattr(database, "in_transaction"):
            raise BadSetting("database", database, "a connection: sqlite3.connect('billing.db')")
        if not isinstance(consumer, str) or not consumer.strip():
            raise BadSetting("consumer", consumer, "the name of whoever handles the events")
        self.consumer = consumer
        self._database = database
        self._check_idle("it was made")
        database.execute(_TABLE)
        database.commit()

    def handle(self, event: Event, handler: Callable[[Event], object]) -> bool:
        """Handle the event, unless it was handled before; return whether it was now.

        What the handler raises is raised here, and what it wrote is rolled back. Raises `BadInbox`, and touches nothing,
        while a transaction is open; and if the handler ended the transaction itself, then the event counts as not handled.
        """
        self._check_idle(f"{event.name} came")
        database, key = self._database, (self.consumer, event.source, event.id)
        try:
            database.execute("BEGIN IMMEDIATE")
            database.execute("SAVEPOINT inbox")
            if database.execute(_KNOWN, key).fetchone():
                return False
            self._run(event, handler)
            database.execute("INSERT INTO inbox VALUES (?, ?, ?)", key)
            database.commit()
        finally:
            if database.in_transaction:
                database.rollback()
        return True

    def __contains__(self, event: Event) -> bool:
        return bool(self._database.execute(_KNOWN, (self.consumer, event.source, event.id)).fetchone())

    def _run(self, event: Event, handler: Callable[[Event], object]) -> None:
        failure: BaseException | None = None
        try:
            call(handler, event)
        except BaseException as error:
            failure = error
            raise
        finally:
            if not self._is_ours():
                problem = f"{event.name} was handled by a function that ended the transaction itself"
                remedy = (
                    "Leave out `with database:`, commit and rollback there: the inbox commits for it, when it is done."
                )
                raise BadInbox(self.consumer, problem, remedy) from failure

    def _is_ours(self) -> bool:
        """Whether the transaction that began before the handler is still open: only that has this savepoint."""
        try:
            self._database.execute("RELEASE inbox")
        except Exception:
            return False
        return True

    def _check_idle(self, moment: str) -> None:
        if self._database.in_transaction:
            problem = f"the database had an open transaction when {moment}; nothing was touched"
            remedy = "Commit or roll back first, and open the database without autocommit=False."
            raise BadInbox(self.consumer, problem, remedy)

    def __repr__(self) -> str:
        return f"<Inbox of {self.consumer}>"
