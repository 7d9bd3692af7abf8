"""What can handle an event, and how it is described."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from pathlib import PurePath
from typing import Any, TypeVar

from eda_workshop.errors import BadHandler

Handler = Callable[[Any], Any]
AnyHandler = TypeVar("AnyHandler", bound=Handler)

_WRAPPERS = 20
"""How many wrappers `describe` looks through: a mock may claim to be wrapped without end."""


def check_handler(handler: Any) -> Handler:
    """Return the handler, or raise `BadHandler` if it can't be called with one event."""
    if handler is None:
        remedy = "Pass the function itself, on(name, f), not its result, f()."
        raise BadHandler("None", "it is what a function returns", remedy)
    if inspect.isawaitable(handler):
        if inspect.iscoroutine(handler):
            handler.close()
        problem = "it is the result of calling an async function"
        raise BadHandler("A coroutine", problem, "Pass f, not f().")
    if not callable(handler):
        kind = type(handler).__name__
        problem = f"it is {kind}, not a function"
        shown = repr(handler)
        raise BadHandler(shown if len(shown) <= 40 else f"This {kind}", problem, "Pass a function of one event.")
    if _is_generator(handler) or _is_generator(type(handler).__call__):
        problem = "it has a yield, so a call would not run it"
        raise BadHandler(describe(handler), problem, "Remove the yield.")
    _check_arguments(handler)
    return handler  # type: ignore[no-any-return]


def is_async(handler: Handler) -> bool:
    """Whether a call gives something to await; looks through partials and callable objects."""
    while isinstance(handler, functools.partial):
        handler = handler.func
    call = type(handler).__call__
    return inspect.iscoroutinefunction(handler) or inspect.iscoroutinefunction(call)


def describe(handler: Handler) -> str:
    """The handler's name and where it was defined: ``welcome (handlers.py, line 3)``."""
    inner = _innermost(handler)
    name = getattr(inner, "__name__", None)
    if not isinstance(name, str):
        return type(inner).__name__
    code = getattr(inner, "__code__", None)
    return f"{name} ({_place(code.co_filename)}, line {code.co_firstlineno})" if code else name


def _innermost(handler: Any) -> Any:
    for _ in range(_WRAPPERS):
        if isinstance(handler, functools.partial):
            handler = handler.func
        elif callable(getattr(handler, "__wrapped__", None)):
            handler = handler.__wrapped__
        else:
            break
    return handler


def _is_generator(function: Any) -> bool:
    return inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function)


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
