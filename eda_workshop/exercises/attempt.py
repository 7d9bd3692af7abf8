"""Whether there is an answer at all, and calling what a learner wrote."""

from __future__ import annotations

import dis
import inspect
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType, FunctionType
from typing import Any

from eda_workshop.exercises.exercise import STEPS, Wrong


class EndlessLoop(BaseException):
    """Raised inside a learner's code that does not come to an end.

    No `except Exception` stops it. A bare `except` does, and then the exception is thrown away inside a loop that goes on:
    so `swallowed` is called when that happens.
    """

    def __init__(self, swallowed: Callable[[], None]) -> None:
        super().__init__()
        self._swallowed = swallowed

    def __del__(self) -> None:
        self._swallowed()


def is_attempted(answer: object) -> bool:
    """Whether the answer is more than the stub: no ``...`` in it, and not only functions that do nothing."""
    if answer is ...:
        return False
    if isinstance(answer, FunctionType):
        return not _does_nothing(answer)
    if isinstance(answer, type):
        return not _is_empty(answer)
    if isinstance(answer, dict):
        return all(value is not ... for value in answer.values())
    return not (isinstance(answer, (list, tuple)) and any(value is ... for value in answer))


def require_function(answer: object, *parameters: str) -> Callable[..., Any]:
    """The answer, if it is a plain function that takes these arguments; else `Wrong`."""
    wanted = f"a function of ({', '.join(parameters)})"
    if not inspect.isfunction(answer):
        raise Wrong("This is no function.", expected=wanted, got=kind(answer), look="Keep the line with def.")
    if inspect.iscoroutinefunction(answer):
        raise Wrong("This function is async, and nobody awaits it here.", expected=wanted, look="Leave async out.")
    try:
        inspect.signature(answer).bind(*parameters)
    except TypeError:
        got = f"a function of {inspect.signature(answer)}"
        raise Wrong("The function takes other arguments.", expected=wanted, got=got) from None
    return answer


def require_return(got: Any, called: str) -> None:
    """Raise `Wrong` if a call came back with nothing."""
    if got is None:
        raise Wrong("Nothing comes back. Is there a line with return, and is it reached?", called)


def require_table(answer: object, keys: tuple[str, ...]) -> dict[str, Any]:
    """The answer, if it is a dict with exactly these keys; else `Wrong`."""
    if not isinstance(answer, dict) or set(answer) != set(keys):
        raise Wrong(
            "This is not the table that was asked for.",
            expected=f"a dict with the keys {', '.join(map(repr, keys))}",
            got=f"a dict with the keys {', '.join(map(repr, answer))}" if isinstance(answer, dict) else kind(answer),
            look="Change only what stands behind the colons.",
        )
    return answer


def require_words(answer: object, right: dict[str, Any], words: tuple[Any, ...], said: str) -> dict[str, Any]:
    """The answer, if it is a table with the keys of `right` and one of the words behind each; else `Wrong`."""
    table = require_table(answer, tuple(right))
    odd = {name: word for name, word in table.items() if type(word) is not type(words[0]) or word not in words}
    if odd:
        raise Wrong(said, expected=f"{', '.join(map(repr, words[:-1]))} or {words[-1]!r}", got=f"{odd!r:.80}")
    return table


def require_numbers(table: dict[str, Any]) -> dict[str, Any]:
    """The table, if a whole number stands behind each key; else `Wrong`."""
    for name, number in table.items():
        is_whole = type(number) is int or (isinstance(number, float) and number.is_integer())
        if not is_whole:
            raise Wrong("Each answer is one whole number, without quotes.", got=f"{number!r:.40} for {name}")
    return table


def compare(table: dict[str, Any], right: dict[str, Any], said: dict[str, str], look: str) -> None:
    """Raise `Wrong` at the first line of a table that is not right, with the sentence for that line."""
    for name, word in table.items():
        if word != right[name]:
            raise Wrong(said[name], got=f"{name}: {word}", look=look)


@contextmanager
def bounded(steps: int = STEPS) -> Iterator[None]:
    """Stop code that runs more than so many steps, unless a debugger or coverage traces it already."""
    if sys.gettrace() is not None:
        yield
        return
    counter = _Counter(steps)
    counter.trace()
    try:
        yield
    finally:
        counter.stop()


class _Counter:
    """Counts the steps of the interpreter, because a loop on one line makes no other events.

    Python stops tracing when a trace function raises, so a counter whose exception was swallowed traces again. It then
    allows half as many steps as before: in the end none, so that no nest of loops and handlers catches them all.
    """

    def __init__(self, steps: int) -> None:
        self._left = self._allowed = steps
        self._ended = False
        self._counting = self._count  # one bound method for all steps

    def trace(self) -> None:
        """Count from here, in this frame and in those that it calls."""
        # Python 3.12 makes no opcode events unless one frame asked for them before the trace was set.
        sys._getframe().f_trace_opcodes = True
        sys.settrace(self._counting)

    def stop(self) -> None:
        self._ended = True
        sys.settrace(None)

    def _count(self, frame: FrameType, event: str, _: Any) -> Any:
        if event == "opcode":
            self._left -= 1
            if self._left < 0:
                self._allowed = min(self._allowed // 2, 1000)
                raise EndlessLoop(self._again)
        else:
            frame.f_trace_opcodes = True
        return self._counting

    def _again(self) -> None:
        if self._ended:
            return
        self._left = self._allowed
        frame: FrameType | None = sys._getframe(2)
        while frame is not None and frame.f_code.co_filename != __file__:
            frame.f_trace = self._counting
            frame.f_trace_opcodes = True
            frame = frame.f_back
        self.trace()


def fill_the_disk(log: Any) -> None:
    """Let the next write to a log fail as it does when the disk is full; those after it go well."""
    write = log.write

    def refuse(*_: Any, **__: Any) -> Any:
        log.write = write
        raise OSError("the disk is full")

    log.write = refuse


def _does_nothing(function: FunctionType) -> bool:
    """Whether the body is ``...``, ``pass`` or a docstring: it compiles to returning None."""
    steps = [step for step in dis.get_instructions(function) if step.opname not in ("RESUME", "NOP", "CACHE")]
    return all(step.opname.startswith(("LOAD_CONST", "RETURN")) and step.argval is None for step in steps)


def _is_empty(answer: type) -> bool:
    """Whether a class has functions of its own, and none of them does anything."""
    own = [value.__func__ if isinstance(value, staticmethod) else value for value in vars(answer).values()]
    functions = [function for function in own if isinstance(function, FunctionType)]
    return bool(functions) and all(map(_does_nothing, functions))


def kind(answer: object) -> str:
    """What an answer is, in a word: ``list``, ``None``, or ``the class Event``."""
    if answer is None:
        return "None"
    return f"the class {answer.__name__}" if isinstance(answer, type) else type(answer).__name__


def in_short(got: object) -> str:
    """A number or a text as it is, and of anything else only what it is."""
    return repr(got) if isinstance(got, (int, str)) else kind(got)
