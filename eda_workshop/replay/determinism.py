"""Whether a model gives the same state every time, and what in it would not."""

from __future__ import annotations

import builtins
import dis
import inspect
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from types import CodeType, FunctionType, ModuleType
from typing import Any, Self

from eda_workshop.errors import EdaError, ReducerFailed
from eda_workshop.log import EventLog
from eda_workshop.replay.fold import Fold, check_log
from eda_workshop.replay.model import Model, Rule, check_model
from eda_workshop.replay.twin import NoTwin, Twins
from eda_workshop.values import same

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
_BUILTINS = {
    "hash": "hashes otherwise in each process",
    "id": "looks at addresses",
    "input": "asks a person",
    "open": "reads files",
    "print": "prints",
}
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


class Findings(tuple[Impurity, ...]):  # noqa: SLOT001 - a tuple's subclass can't have any
    """What `check_determinism` found: a tuple, empty if it found nothing.

    unchecked  what it could not look at, and why, in sentences
    """

    unchecked: tuple[str, ...]

    def __new__(cls, found: Iterable[Impurity], unchecked: Iterable[str] = ()) -> Self:
        self = super().__new__(cls, tuple(found))
        self.unchecked = tuple(unchecked)
        return self

    def __repr__(self) -> str:
        return f"<{tuple(self)!r}, unchecked: {' '.join(self.unchecked)}>" if self.unchecked else repr(tuple(self))


def check_determinism(model: type[Model], log: EventLog) -> Findings:
    """What in the model is not pure, as far as can be seen; empty if nothing is.

    It looks at what the reducers' code refers to, and folds the log three times: the third time as in another process,
    where text has other hashes, and sets come in another order. What is hidden deeper, in a function that a reducer
    calls, only the events of the log can show.

    That third time needs the source of the reducers, as files and notebooks have it; what has none, or behaves
    otherwise when it is compiled anew, is named in the result's `unchecked`. Other libraries are not looked into.

    >>> import random
    >>> class Dice(Model):
    ...     initial = 0
    ...     @applies("die.thrown")
    ...     def thrown(total, event): return total + random.randint(1, 6)
    >>> for impurity in check_determinism(Dice, open_log("memory://")): print(impurity)
    The reducer for die.thrown draws at random: random.randint.
    """
    check_model(model)
    check_log(log)
    found = [
        Impurity(name, 0, f"{verb}: {what}")
        for name, rule in sorted(model.rules.items())
        for what, verb in _outside(rule.apply)
    ]
    found += _differences(model, log)
    if not log.head or any(impurity.position for impurity in found):
        return Findings(found)
    elsewhere = _Elsewhere(model)
    return Findings([*found, *elsewhere.differences(log, {impurity.name for impurity in found})], elsewhere.unchecked)


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
        if not all(same(one.get(key), other.get(key)) for key in keys) or repr(event) != before:
            yield Impurity(event.name, event.position, "gives another state the second time")
            return


class _Elsewhere:
    """A model, and its twin that is folded as if in another process.

    unchecked  what has no twin, and why
    """

    def __init__(self, model: type[Model]) -> None:
        self.model = model
        self.unchecked: list[str] = []
        self._twins = Twins()
        self._twin: type[Model] = type(model.__name__, (model,), {"strict": False})
        self._twin.rules = {name: replace(rule, apply=self._twin_of(name, rule)) for name, rule in model.rules.items()}

    def differences(self, log: EventLog, known: set[str]) -> Iterator[Impurity]:
        """The first event at which the twin comes to something else, unless its name is known to be impure already."""
        here, there = Fold(self.model), Fold(self._twin)
        one, other = here.start(), there.start()
        for event in log.read():
            here.run(one, (event,))
            try:
                there.run(other, (event,))
            except EdaError as error:
                self._leave_out(event.name, f"it fails when compiled anew: {error}")
                return
            keys = here.touched((event,))
            if problem := self._problem(all(same(one.get(key), other.get(key)) for key in keys)):
                if event.name not in known:
                    yield Impurity(event.name, event.position, problem)
                return

    def _problem(self, is_same: bool) -> str:
        if self._twins.hashed:
            return "uses hash() of what hashes otherwise in each process, such as text"
        return "" if is_same else "depends on the order of a set, which is another one in each process"

    def _twin_of(self, name: str, rule: Rule) -> Callable[..., Any]:
        try:
            return partial(self._twins.run, self._twins.of(rule.apply))
        except NoTwin as error:
            self._leave_out(name, str(error))
            return rule.apply

    def _leave_out(self, name: str, why: str) -> None:
        self.unchecked.append(f"The reducer for {name} was not tried with other hashes: {why.rstrip('.')}.")


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
