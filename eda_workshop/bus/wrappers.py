"""Wrappers that make a handler safer, or put several behind one."""

from __future__ import annotations

import itertools
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Generator
from typing import TYPE_CHECKING, Any

from eda_workshop.bus.inbox import Inbox
from eda_workshop.callbacks import Handler, check_handler, describe, dismiss, is_async, unfinished
from eda_workshop.errors import BadHandler, BadSetting, check_number
from eda_workshop.event import Event

if TYPE_CHECKING:
    import sqlite3


def deduplicated(
    handler: Handler,
    *,
    window: int = 10_000,
    inbox: Inbox | sqlite3.Connection | None = None,
    consumer: str | None = None,
) -> Deduplicated:
    """The handler, called once for each event, which source and id tell: the way to live with at-least-once delivery.

    window    how many events are remembered, the newest; a duplicate that comes later than that is handled again
    inbox     an `Inbox`, or the handler's own database with `consumer`: it remembers all events, also when the program
              ends, in one transaction with what the handler writes there
    consumer  whose inbox it is in that database, such as the subscriber's name

    ``.duplicates`` counts what was held back. An event counts as done only when the handler did its work and did not
    raise. Without an inbox each wrapper remembers for itself, so subscribers don't share it. Raises `BadHandler` for an
    async handler with an inbox, `BadSetting` for a database without a consumer.

    >>> seen = []
    >>> once = deduplicated(lambda event: seen.append(event.id))
    >>> twin = Event("user.signed_up", id="evt-0001")
    >>> once(twin); once(twin); seen, once.duplicates
    (['evt-0001'], 1)
    """
    window = check_number("window", window, 1)
    kind = AsyncDeduplicated if is_async(check_handler(handler)) else Deduplicated
    if inbox is None:
        if consumer is not None:
            raise BadSetting("inbox", inbox, "the consumer's database, or leave the consumer out")
        return kind(handler, window)
    if kind is AsyncDeduplicated:
        remedy = "A transaction can't stay open while others run: pass a function that is not async."
        raise BadHandler("deduplicated(inbox=…)", "the handler is async", remedy)
    return DeduplicatedByInbox(handler, _as_inbox(inbox, consumer))


def _as_inbox(inbox: Inbox | sqlite3.Connection, consumer: str | None) -> Inbox:
    if isinstance(inbox, Inbox):
        if consumer not in (None, inbox.consumer):
            raise BadSetting("consumer", consumer, f"{inbox.consumer!r}, which the inbox has already")
        return inbox
    if consumer is None:
        raise BadSetting(
            "consumer",
            consumer,
            "the name of whoever handles the events: deduplicated(f, inbox=db, consumer='billing')",
        )
    return Inbox(inbox, consumer)


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
    """A handler that remembers the events it has done; made by `deduplicated`."""

    def __init__(self, handler: Handler, window: int) -> None:
        self.__wrapped__ = handler
        self.duplicates = 0
        self._window = window
        self._done: OrderedDict[tuple[str, str], None] = OrderedDict()

    def __call__(self, event: Event) -> Any:
        if self._is_duplicate(event):
            return None
        result = self.__wrapped__(event)
        if not unfinished(result):
            self._remember(event)
        elif isinstance(result, Awaitable):
            return _Later(result, lambda: self._remember(event))
        return result

    def _is_duplicate(self, event: Event) -> bool:
        if event.identity not in self._done:
            return False
        self.duplicates += 1
        return True

    def _remember(self, event: Event) -> None:
        self._done[event.identity] = None
        if len(self._done) > self._window:
            self._done.popitem(last=False)

    def __repr__(self) -> str:
        return f"<deduplicated {describe(self.__wrapped__)}: {self.duplicates} held back>"


class _Later:
    """What a handler gave to be awaited, and what is to be done when it was."""

    def __init__(self, awaited: Awaitable[Any], then: Callable[[], None]) -> None:
        self._awaited, self._then = awaited, then

    def __await__(self) -> Generator[Any, Any, Any]:
        answer = yield from self._awaited.__await__()
        self._then()
        return answer

    def close(self) -> None:
        """Nobody will await it."""
        dismiss(self._awaited)


class AsyncDeduplicated(Deduplicated):
    """The same for an async handler."""

    async def __call__(self, event: Event) -> Any:
        if not self._is_duplicate(event):
            await self.__wrapped__(event)
            self._remember(event)


class DeduplicatedByInbox(Deduplicated):
    """The same with an inbox, which remembers all events."""

    def __init__(self, handler: Handler, inbox: Inbox) -> None:
        super().__init__(handler, 1)
        self.inbox = inbox

    def __call__(self, event: Event) -> Any:
        if not self.inbox.handle(event, self.__wrapped__):
            self.duplicates += 1


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
        result = next(self._turns)(event)
        return await result if isinstance(result, Awaitable) else result
