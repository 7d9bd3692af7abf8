"""What can handle an event, how it is described, and wrappers that make a handler safer or wider."""

from __future__ import annotations

import functools
import inspect
import itertools
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from pathlib import PurePath
from typing import Any

from eda_workshop.errors import BadHandler
from eda_workshop.event import Event

Handler = Callable[[Any], Any]


def check_handler(handler: Any) -> Handler:
    """Return the handler, or raise `BadHandler` if it can't be called with one event."""
    if handler is None:
        raise BadHandler(
            "None", "it is what a function returns", "Pass the function itself, on(name, f), not its result, f()."
        )
    if inspect.isawaitable(handler):
        if inspect.iscoroutine(handler):
            handler.close()
        raise BadHandler("A coroutine", "it is the result of calling an async function", "Pass f, not f().")
    if not callable(handler):
        kind = type(handler).__name__
        raise BadHandler(f"{handler!r:.40}", f"it is {kind}, not a function", "Pass a function of one event.")
    if inspect.isgeneratorfunction(handler):
        raise BadHandler(describe(handler), "it has a yield, so a call would not run it", "Remove the yield.")
    _check_arguments(handler)
    return handler  # type: ignore[no-any-return]


def is_async(handler: Handler) -> bool:
    """Whether calling the handler gives something to await; looks through partials and callable objects."""
    while isinstance(handler, functools.partial):
        handler = handler.func
    return inspect.iscoroutinefunction(handler) or inspect.iscoroutinefunction(type(handler).__call__)


def describe(handler: Handler) -> str:
    """The handler's name and where it was defined, without a path: ``welcome (handlers.py, line 3)``."""
    inner: Any = handler
    while isinstance(inner, functools.partial) or hasattr(inner, "__wrapped__"):
        inner = inner.func if isinstance(inner, functools.partial) else inner.__wrapped__
    name = getattr(inner, "__name__", type(inner).__name__)
    code = getattr(inner, "__code__", None)
    return f"{name} ({_place(code.co_filename)}, line {code.co_firstlineno})" if code else str(name)


def deduplicated(handler: Handler, *, window: int = 10_000) -> Handler:
    """The handler, called once for each event id: the way to live with at-least-once delivery.

    `window` is how many ids are remembered, the newest; a duplicate that comes later than that is handled again.
    ``.duplicates`` counts what was held back. An id counts as done only when the handler did not raise. Each wrapper
    remembers for itself, so subscribers don't share it.

    >>> seen = []
    >>> once = deduplicated(lambda event: seen.append(event.id))
    >>> twin = Event("user.signed_up", id="evt-0001")
    >>> once(twin); once(twin); seen, once.duplicates
    (['evt-0001'], 1)
    """
    return _Deduplicated(check_handler(handler), window)


def competing(*workers: Handler) -> Handler:
    """Several workers behind one handler: each event goes to one of them, in turn (competing consumers).

    >>> competing(print, print)
    <competing: 2 workers>
    """
    if not workers:
        raise BadHandler("competing()", "it has no workers", "Pass one function or more: competing(work, work).")
    return _Competing(tuple(check_handler(worker) for worker in workers))


class _Deduplicated:
    def __init__(self, handler: Handler, window: int) -> None:
        self.__wrapped__ = handler
        self.duplicates = 0
        self._window = window
        self._done: OrderedDict[str, None] = OrderedDict()
        if is_async(handler):
            self.__class__ = _AsyncDeduplicated

    def __call__(self, event: Event) -> Any:
        if not self._is_duplicate(event):
            self.__wrapped__(event)
            self._remember(event)

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
        return f"<deduplicated {describe(self.__wrapped__)}: {self.duplicates} duplicates held back>"


class _AsyncDeduplicated(_Deduplicated):
    async def __call__(self, event: Event) -> Any:
        if not self._is_duplicate(event):
            await self.__wrapped__(event)
            self._remember(event)


class _Competing:
    def __init__(self, workers: tuple[Handler, ...]) -> None:
        self.workers = workers
        self._turns = itertools.cycle(workers)
        if any(map(is_async, workers)):
            self.__class__ = _AsyncCompeting

    def __call__(self, event: Event) -> Any:
        next(self._turns)(event)

    def __repr__(self) -> str:
        return f"<competing: {len(self.workers)} workers>"


class _AsyncCompeting(_Competing):
    async def __call__(self, event: Event) -> Any:
        result = next(self._turns)(event)
        if isinstance(result, Awaitable):
            await result


def _check_arguments(handler: Handler) -> None:
    try:
        signature = inspect.signature(handler)
    except (TypeError, ValueError):
        return
    try:
        signature.bind(object())
    except TypeError:
        raise BadHandler(
            describe(handler),
            f"it takes {signature}, and it will be called with one argument, the event",
            "Write: def handler(event): ...",
        ) from None


def _place(filename: str) -> str:
    if "ipykernel" in filename or filename.startswith("<ipython"):
        return "a notebook cell"
    return filename if filename.startswith("<") else PurePath(filename).name
