"""Whether a model gives the same state every time, and what in it would not."""

from __future__ import annotations

import builtins
import dis
import inspect
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import CodeType, FunctionType, ModuleType
from typing import Any

from eda_workshop.errors import EdaError, ReducerFailed
from eda_workshop.log import EventLog
from eda_workshop.replay.fold import Fold
from eda_workshop.replay.model import Model, check_model

_OUTSIDE = {
    "asyncio": "waits",
    "datetime": "reads the clock",
    "http": "asks the outside",
    "httpx": "asks the outside",
    "os": "asks the machine",
    "pathlib": "reads files",
    "random": "draws at random",
    "requests": "asks the outside",
    "secrets": "draws at random",
    "socket": "asks the outside",
    "subprocess": "starts a program",
    "time": "reads the clock",
    "urllib": "asks the outside",
    "uuid": "makes an id of its own",
}
_CLOCKS = {"now", "today", "utcnow"}
_BUILTINS = {"open": "reads files", "input": "asks a person", "print": "prints", "id": "looks at addresses"}
_PURE = {
    "HTTPStatus",
    "NAMESPACE_DNS",
    "NAMESPACE_OID",
    "NAMESPACE_URL",
    "Random",
    "UUID",
    "basename",
    "dirname",
    "join",
    "quote",
    "uuid3",
    "uuid5",
}


@dataclass(frozen=True)
class Impurity:
    """Something in a model that replays would not repeat.

    name      the event's name
    position  where it showed; 0 if it was seen in the reducer's code
    problem   what it is
    """

    name: str
    position: int
    problem: str

    def __str__(self) -> str:
        where = f" at position {self.position}" if self.position else ""
        return f"The reducer for {self.name}{where} {self.problem}."


def check_determinism(model: type[Model], log: EventLog) -> tuple[Impurity, ...]:
    """What in the model is not pure, as far as can be seen; empty if nothing is.

    It looks at what the reducers' code refers to, and folds the log twice. What is hidden deeper, in a function that a
    reducer calls, only the second look can show.

    >>> import random
    >>> class Dice(Model):
    ...     initial = 0
    ...     @applies("die.thrown")
    ...     def thrown(total, event): return total + random.randint(1, 6)
    >>> for impurity in check_determinism(Dice, open_log("memory://")): print(impurity)
    The reducer for die.thrown draws at random: random.randint.
    """
    check_model(model)
    found = [
        Impurity(name, 0, f"{verb}: {what}")
        for name, rule in sorted(model.rules.items())
        for what, verb in _outside(rule.apply)
    ]
    return tuple(found) + tuple(_differences(model, log))


def _differences(model: type[Model], log: EventLog) -> Iterator[Impurity]:
    fold = Fold(model)
    one, other = fold.start(), fold.start()
    for event in log.read():
        before = repr(event)
        try:
            fold.run(one, (event,))
            fold.run(other, (event,))
        except ReducerFailed as error:
            yield Impurity(event.name, event.position, error.problem)
            return
        except EdaError as error:
            yield Impurity(event.name, event.position, str(error).rstrip("."))
            return
        keys = fold.touched((event,))
        if any(one.get(key) != other.get(key) for key in keys) or repr(event) != before:
            yield Impurity(event.name, event.position, "gives another state the second time")
            return


def _outside(function: Callable[..., Any]) -> Iterator[tuple[str, str]]:
    """What in a function's code refers to the world outside, and what it does there."""
    if not isinstance(function, FunctionType):
        return
    around = {**vars(builtins), **function.__globals__, **inspect.getclosurevars(function).nonlocals}
    for code in _all_code(function.__code__):
        for path in _paths(code):
            if verb := _verb(around.get(path[0]), path):
                yield ".".join(path), verb


def _paths(code: CodeType) -> Iterator[list[str]]:
    """The names that code reads from outside itself, with the attributes taken of each: ``["random", "randint"]``."""
    path: list[str] = []
    for instruction in dis.get_instructions(code):
        if path and instruction.opname in ("LOAD_ATTR", "LOAD_METHOD"):
            path.append(instruction.argval)
        elif instruction.opname != "PUSH_NULL":
            if path:
                yield path
            path = [instruction.argval] if instruction.opname in ("LOAD_GLOBAL", "LOAD_NAME", "LOAD_DEREF") else []
            if instruction.opname == "IMPORT_NAME":
                path = ["import", instruction.argval]


def _verb(value: object, path: list[str]) -> str:
    """What a name does in the world outside; "" for nothing."""
    name = path[-1]
    home = path[1].partition(".")[0] if path[0] == "import" else _home(value)
    if home == "datetime":
        return _OUTSIDE[home] if _CLOCKS & set(path) else ""
    if home in _OUTSIDE and name not in _PURE:
        return _OUTSIDE[home]
    return _BUILTINS.get(path[0], "") if value is getattr(builtins, path[0], path) else ""


def _home(value: object) -> str:
    """The module that a module, a function or a class belongs to, or whose source of chance something is."""
    if isinstance(value, ModuleType):
        return value.__name__.partition(".")[0]
    # A function such as `random.randint`, imported by its own name, is a method of an object hidden in its module.
    if isinstance(getattr(value, "__self__", value), random.Random):
        return "random"
    return str(getattr(value, "__module__", "")).partition(".")[0] if callable(value) else ""


def _all_code(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _all_code(constant)
