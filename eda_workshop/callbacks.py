"""The one judge of callbacks: what can be called with an event, and whether a call did its work."""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Awaitable, Callable
from pathlib import PurePath
from types import AsyncGeneratorType, CodeType, CoroutineType, GeneratorType
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
    _check_arguments(handler, (None,))
    return handler  # type: ignore[no-any-return]


def check_plain(function: Any, *examples: object) -> Callable[..., Any]:
    """Return a function that is called where nobody can await it, with such arguments if any are named. Raises `BadHandler`.

    >>> check_plain(str, 1)
    <class 'str'>
    """
    if not callable(function):
        shown = repr(function)
        raise BadHandler(
            shown if len(shown) <= 40 else f"This {type(function).__name__}", "it can't be called", "Pass a function."
        )
    if is_async(function):
        raise BadHandler(describe(function), "it is async, and nobody can await it here", "Write a plain def.")
    if _is_generator(function) or _is_generator(type(function).__call__):
        problem = "it has a yield, so a call would not run it"
        raise BadHandler(describe(function), problem, "Remove the yield.")
    if examples:
        _check_arguments(function, examples)
    return function  # type: ignore[no-any-return]


def is_async(handler: Handler) -> bool:
    """Whether a call gives something to await; looks through partials and callable objects."""
    while isinstance(handler, functools.partial):
        handler = handler.func
    call = type(handler).__call__
    is_mock = "_is_coroutine" in getattr(handler, "__dict__", ())
    return is_mock or inspect.iscoroutinefunction(handler) or inspect.iscoroutinefunction(call)


def unfinished(result: object) -> str:
    """What a call gave in place of its work, such as "a generator"; "" if the work is done.

    >>> unfinished(None), unfinished(number for number in [1])
    ('', 'a generator')
    """
    match result:
        case None:
            return ""
        case CoroutineType():
            return "a coroutine"
        case GeneratorType():
            return "something to await" if inspect.isawaitable(result) else "a generator"
        case AsyncGeneratorType():
            return "an async generator"
        case Awaitable():
            return "something to await"
    threads = sys.modules.get("concurrent.futures")
    return "a Future" if threads is not None and isinstance(result, threads.Future) else ""


def call(function: Callable[..., Any], *arguments: Any) -> Any:
    """What a call gives where nobody can await it. Raises `BadHandler` if it has not done its work yet.

    >>> call(len, "abc")
    3
    """
    result = function(*arguments)
    if result is not None and (what := unfinished(result)):
        dismiss(result)
        raise not_done(function, what)
    return result


def not_done(function: Callable[..., Any], what: str) -> BadHandler:
    """The error for a callback that gave this in place of its work."""
    problem = f"it gave {what} back, so its work is not done when it returns"
    return BadHandler(describe(function), problem, "Do the work, or wait for it, before you return.")


def dismiss(result: object) -> None:
    """Give up what nobody will await, so that Python doesn't warn about it."""
    if isinstance(result, Awaitable) and hasattr(result, "close"):
        result.close()


def describe(handler: Handler) -> str:
    """The handler's name and where it was defined: ``welcome (handlers.py, line 3)``."""
    inner = _innermost(handler)
    name = getattr(inner, "__name__", None)
    if not isinstance(name, str):
        return type(inner).__name__
    code = getattr(inner, "__code__", None)
    if type(code) is not CodeType:  # a mock's says that it is one, too
        return name
    return f"{name} ({_place(code.co_filename)}, line {code.co_firstlineno})"


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


def _check_arguments(handler: Handler, examples: tuple[object, ...]) -> None:
    try:
        signature = inspect.signature(handler)
    except (TypeError, ValueError):
        return
    try:
        signature.bind(*examples)
    except TypeError:
        count = f"{len(examples)} arguments" if len(examples) > 1 else "one argument, the event"
        raise BadHandler(
            describe(handler),
            f"it takes {signature}, and it will be called with {count}",
            "Write: def handler(event): ..." if len(examples) == 1 else "Give it as many parameters.",
        ) from None


def _place(filename: str) -> str:
    if "ipykernel" in filename or filename.startswith("<ipython"):
        return "a notebook cell"
    return filename if filename.startswith("<") else PurePath(filename).name
