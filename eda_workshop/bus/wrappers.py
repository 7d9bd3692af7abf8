"""Wrappers that make a handler safer, or put several behind one."""

from __future__ import annotations

import itertools
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from eda_workshop.bus.handlers import Handler, check_handler, describe, is_async
from eda_workshop.errors import BadHandler, check_number
from eda_workshop.event import Event

if TYPE_CHECKING:
    import sqlite3


def deduplicated(
    handler: Handler, *, window: int = 10_000, inbox: sqlite3.Connection | None = None
) -> Deduplicated | Inbox:
    """The handler, called once for each event id: the way to live with at-least-once delivery.

    window  how many ids are remembered, the newest; a duplicate that comes later than that is handled again
    inbox   the subscriber's own database, which remembers all ids, also when the program ends. An id and what the
            handler writes there are one transaction: they last together, or neither does, whenever it crashes. What the
            handler does elsewhere may be done again

    ``.duplicates`` counts what was held back. An id counts as done only when the handler did not raise. Each wrapper
    remembers for itself, so subscribers don't share it. Raises `BadHandler` for an async handler with an inbox.

    >>> seen = []
    >>> once = deduplicated(lambda event: seen.append(event.id))
    >>> twin = Event("user.signed_up", id="evt-0001")
    >>> once(twin); once(twin); seen, once.duplicates
    (['evt-0001'], 1)
    """
    check_number("window", window, 1)
    kind = AsyncDeduplicated if is_async(check_handler(handler)) else Deduplicated
    if inbox is None:
        return kind(handler, window)
    if kind is AsyncDeduplicated:
        remedy = "A transaction can't stay open while others run: pass a function that is not async."
        raise BadHandler("deduplicated(inbox=…)", "the handler is async", remedy)
    return Inbox(handler, inbox)


def competing(*workers: Handler) -> Competing:
    """Several workers behind one handler: each event goes to one of them, in turn.

    They are competing consumers: one subscriber, one handler for each name, many hands. A retry goes
    to the next worker.

    >>> competing(print, print)
    <competing: 2 workers>
    """
    if not workers:
        remedy = "Pass one function or more: competing(work, work)."
        raise BadHandler("competing()", "it has no workers", remedy)
    kind = AsyncCompeting if any(is_async(check_handler(work)) for work in workers) else Competing
    return kind(workers)


class Deduplicated:
    """A handler that remembers the ids it has done; made by `deduplicated`."""

    def __init__(self, handler: Handler, window: int) -> None:
        self.__wrapped__ = handler
        self.duplicates = 0
        self._window = window
        self._done: OrderedDict[str, None] = OrderedDict()

    def __call__(self, event: Event) -> Any:
        if self._is_duplicate(event):
            return None
        result = self.__wrapped__(event)
        self._remember(event)
        return result

    def _is_duplicate(self, event: Event) -> bool:
        if event.id not in self._done:
            return False
        self.duplicates += 1
        return True

    def _remember(self, event: Event) -> None:
        self._done[event.id] = None
        if len(self._done) > self._window:
            self._done.popitem(last=False)

    def __repr__(self) -> str:
        return f"<deduplicated {describe(self.__wrapped__)}: {self.duplicates} held back>"


class AsyncDeduplicated(Deduplicated):
    """The same for an async handler."""

    async def __call__(self, event: Event) -> Any:
        if not self._is_duplicate(event):
            await self.__wrapped__(event)
            self._remember(event)


class Inbox:
    """A handler whose done ids stand in the same database as what it writes; made by `deduplicated`."""

    def __init__(self, handler: Handler, database: sqlite3.Connection) -> None:
        self.__wrapped__ = handler
        self.duplicates = 0
        self._database = database
        database.execute("CREATE TABLE IF NOT EXISTS handled_events (id TEXT PRIMARY KEY)")
        database.commit()

    def __call__(self, event: Event) -> Any:
        database = self._database
        try:
            database.execute("BEGIN IMMEDIATE")
            inserted = database.execute("INSERT OR IGNORE INTO handled_events VALUES (?)", (event.id,))
            if inserted.rowcount:
                self.__wrapped__(event)
            else:
                self.duplicates += 1
            database.commit()
        finally:
            if database.in_transaction:
                database.rollback()

    def __repr__(self) -> str:
        return f"<deduplicated {describe(self.__wrapped__)}: {self.duplicates} held back>"


class Competing:
    """Workers that take turns; made by `competing`."""

    def __init__(self, workers: tuple[Handler, ...]) -> None:
        self.workers = workers
        self.__name__ = f"<competing: {len(workers)} worker{'' if len(workers) == 1 else 's'}>"
        self._turns = itertools.cycle(workers)

    def __call__(self, event: Event) -> Any:
        return next(self._turns)(event)

    def __repr__(self) -> str:
        return self.__name__


class AsyncCompeting(Competing):
    """The same when a worker is async."""

    async def __call__(self, event: Event) -> Any:
        worker = next(self._turns)
        result = worker(event)
        if is_async(worker):
            await result
