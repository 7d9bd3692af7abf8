"""A model: what state is, as reducers that take a state and an event and give the next state."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from types import CodeType
from typing import Any, ClassVar, TypeVar

from eda_workshop.errors import BadModel, close_to
from eda_workshop.event import Event
from eda_workshop.log.own import OWN
from eda_workshop.names import check_name
from eda_workshop.replay.freeze import Changeable, freeze_state

Reducer = Callable[[Any, Event], Any]
Reverser = Callable[[Any, Event, Any], Any]
Keys = Callable[[Event], Iterable[str]]
Keep = Callable[[Any, Event], Any]
Condition = Callable[[Any, Event], str | None]
F = TypeVar("F", bound=Callable[..., Any])


MARKS = ("_applies", "_reverses", "_possible", "_decides")
"""Attributes of functions that say what a model does with them."""


@dataclass(frozen=True)
class Rule:
    """What a model does with the events of one name.

    apply    the reducer
    keys     gives the keys whose values the event touches; None: its subject alone
    keep     gives what to remember of the state for undoing the event; None: nothing
    reverse  the inverse; None if there is none
    """

    apply: Reducer
    keys: Keys | None = None
    keep: Keep | None = None
    reverse: Reverser | None = None


def applies(*names: str, keys: Keys | None = None, keep: Keep | None = None) -> Callable[[F], F]:
    """Mark a plain function ``(state, event) -> state`` in a model's body as the reducer for these names.

    A type checker wants ``@staticmethod`` above it; Python does not.

    keys  for a keyed model: gives the keys that an event touches, each of which is reduced by itself; left out, it
          is the event's subject
    keep  gives ``(state, event) -> what to keep``, for the inverse to put back
    """
    return marked("_applies", names, (keys, keep))


def reverses(*names: str) -> Callable[[F], F]:
    """Mark a plain function ``(state, event, kept) -> state`` as the inverse: it gives the state before the event."""
    return marked("_reverses", names, ())


def possible(*names: str) -> Callable[[F], F]:
    """Mark a plain function ``(state, event) -> None or a sentence`` as the condition for these names.

    It says why the event can't happen in that state, or returns None. Reducers still take every event: a condition is asked
    when the past is corrected, see `Plan.impossible`. For a keyed model the state is the value of each key touched.

    >>> class Stock(Model):
    ...     initial = 0
    ...     @applies("box.taken")
    ...     def taken(boxes, event): return max(boxes - 1, 0)
    ...     @possible("box.taken")
    ...     def is_there(boxes, event): return None if boxes else "no box is left"
    >>> Stock.is_there(0, Event("box.taken"))
    'no box is left'
    """
    return marked("_possible", names, ())


def marked(mark: str, names: tuple[str, ...], options: tuple[Any, ...] = ()) -> Callable[[F], F]:
    """A decorator that leaves the names and options at a function, as one of `MARKS`."""
    for name in names:
        check_name(name)

    def apply(function: F) -> F:
        setattr(function, mark, (names, options))
        return function

    return apply


def _collect(cls: type[Model], own: dict[str, Any]) -> None:
    seen: dict[str, str] = {}
    for attribute, function in own.items():
        names, options = getattr(function, "_applies", ((), ()))
        if names:
            check_call(cls, attribute, function, "state, event")
            _check_options(cls, attribute, *options)
        for name in names:
            _check_kind(cls, name, attribute)
            if name in seen:
                problem = f"has two reducers for {name}: {seen[name]} and {attribute}"
                raise BadModel(cls.__name__, problem, "Do both things in one, in an order that can be seen.")
            seen[name] = attribute
            cls.rules[name] = Rule(function, *options)


def _reverse(cls: type[Model], own: dict[str, Any]) -> None:
    for attribute, function in own.items():
        names, _ = getattr(function, "_reverses", ((), ()))
        if names:
            check_call(cls, attribute, function, "state, event, kept")
        for name in names:
            if name not in cls.rules:
                problem = f"has an inverse for {name}, {attribute}, and no reducer"
                raise BadModel(cls.__name__, problem, f"Write one: @applies({name!r}).")
            cls.rules[name] = replace(cls.rules[name], reverse=function)


def _restrict(cls: type[Model], own: dict[str, Any]) -> None:
    for attribute, function in own.items():
        names, _ = getattr(function, "_possible", ((), ()))
        if names:
            check_call(cls, attribute, function, "state, event")
        for name in names:
            _check_kind(cls, name, attribute)
            cls.conditions[name] = function


def _check_options(cls: type[Model], attribute: str, keys: Keys | None, keep: Keep | None) -> None:
    if keys is not None:
        check_call(cls, f"keys of {attribute}", keys, "event")
    if keep is not None:
        check_call(cls, f"keep of {attribute}", keep, "state, event")


def functions_of(cls: type) -> dict[str, Any]:
    """What stands in the body of a class, static methods as the functions they are."""
    return {name: value.__func__ if isinstance(value, staticmethod) else value for name, value in vars(cls).items()}


def check_call(cls: type, what: str, function: object, given: str, *, may_yield: bool = False) -> None:
    """Raise `BadModel` for what can't be called with these arguments, or gives no result at once."""
    right = f"Write a plain function of ({given}), without self."
    if not callable(function):
        raise BadModel(cls.__name__, f"has {what}, which is {type(function).__name__} and can't be called", right)
    if (
        inspect.iscoroutinefunction(function)
        or (inspect.isgeneratorfunction(function) and not may_yield)
        or inspect.isasyncgenfunction(function)
    ):
        raise BadModel(cls.__name__, f"has {what}, which is async or yields, so it returns no result", right)
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return  # some built-in functions don't say what they take
    try:
        signature.bind(*given.split(", "))
    except TypeError:
        problem = f"has {what}{signature}, which is called with {given.count(',') + 1} argument{'s' * (',' in given)}: {given}"
        raise BadModel(cls.__name__, problem, right) from None


def _check_kind(cls: type[Model], name: str, attribute: str) -> None:
    """Raise `BadModel` for a name that no model ever sees, or that is none of the model's kinds."""
    if name in OWN:
        problem = f"has {attribute} for {name}, a record of the kit's own, which no model sees"
        raise BadModel(cls.__name__, problem, "What was rejected or corrected counts with corrected=True.")
    if cls.kinds is not None and name not in cls.kinds:
        like = close_to(name, cls.kinds)
        remedy = f"Did you mean {like}?" if like else f"Its kinds are: {', '.join(cls.kinds)}."
        raise BadModel(cls.__name__, f"has {attribute} for {name}, which is none of its kinds of event", remedy)


class Model:
    """One state of the whole: subclass it, say what the empty state is, and write a reducer for each event.

    initial  the state before the first event; dicts, lists and sets are frozen
    strict   True: an event without a reducer is an error, `UnknownEvent`; False: it is skipped
    kinds    the names of all events there are, such as `eda_workshop.drive.KINDS`: then a reducer for any other name,
             most likely misspelt, is an error; None: any name will do
    version  count it up when something that the reducers call changes, so that old snapshots are not used

    Reducers are pure: they see a state and an event, and neither a clock, nor chance, nor the world outside. Raises
    `BadModel` where the class is defined. State as a fold over events is Fowler's Event Sourcing.

    >>> class Folders(Model):
    ...     initial = 0
    ...     @applies("folder.created")
    ...     def created(count, event): return count + 1
    >>> Folders.created(2, Event("folder.created"))
    3
    """

    initial: ClassVar[Any] = None
    strict: ClassVar[bool] = False
    version: ClassVar[int] = 1
    keyed: ClassVar[bool] = False
    kinds: ClassVar[Collection[str] | None] = None
    rules: ClassVar[dict[str, Rule]] = {}
    conditions: ClassVar[dict[str, Condition]] = {}

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        try:
            cls.initial = freeze_state(cls.initial)
        except Changeable as error:
            problem = f"begins with a {error.kind}, which can be changed afterwards"
            raise BadModel(cls.__name__, problem, error.remedy) from None
        cls.rules, cls.conditions = dict(cls.rules), dict(cls.conditions)
        own = functions_of(cls)
        _collect(cls, own)
        _reverse(cls, own)
        _restrict(cls, own)
        for name, value in own.items():
            if any(hasattr(value, mark) for mark in MARKS):
                setattr(cls, name, staticmethod(value))


class KeyedModel(Model):
    """A state for each subject: `initial` is what a subject begins with, and reducers see one subject's value.

    The whole state is a mapping from subject to value. An event without a subject belongs to the subject "".

    >>> class Folders(KeyedModel):
    ...     initial = ""
    ...     @applies("folder.created", "folder.moved")
    ...     def placed(path, event): return event.data["path"]
    """

    keyed = True


def check_model(model: object) -> type[Model]:
    """The model. Raises `BadModel` for anything else."""
    if isinstance(model, type) and issubclass(model, Model) and model not in (Model, KeyedModel):
        return model
    kind = model.__name__ if isinstance(model, type) else type(model).__name__
    raise BadModel(kind, "is not a model's class", "Write class Folders(Model): …, and pass Folders itself.")


def is_apart(model: type[Model]) -> bool:
    """Whether each subject's value follows from the subject's own events alone."""
    return model.keyed and all(rule.keys is None for rule in model.rules.values())


def check_apart(model: type[Model]) -> None:
    """Raise `BadModel` unless each subject's value follows from its own events alone."""
    if not model.keyed:
        raise BadModel(model.__name__, "has one state for all subjects", "Write class …(KeyedModel) for one each.")
    for name, rule in model.rules.items():
        if rule.keys is not None:
            problem = f"lets {name} touch several keys, so no subject can be folded alone"
            raise BadModel(model.__name__, problem, "Fold the whole, and take the one you want.")


def fingerprint(model: type[Model]) -> str:
    """A hash of the model's name, version, empty state and reducers: another one means that snapshots are out of date.

    What the reducers call is not covered; count up `Model.version` when that changes.
    """
    digest = hashlib.sha256(f"{model.__name__} {model.version} {model.keyed} {_text(model.initial)}".encode())
    for name, rule in sorted(model.rules.items()):
        for function in (rule.apply, rule.keys, rule.keep, rule.reverse):
            digest.update(f"{name} ".encode() + _text(function).encode())
    return digest.hexdigest()


def _text(value: object) -> str:
    """A text that is the same in every process for the same function or constant."""
    if isinstance(value, CodeType):
        return repr((value.co_code, _text(value.co_consts), value.co_names, value.co_varnames))
    if isinstance(value, (frozenset, tuple)):
        texts = list(map(_text, value))
        return f"({', '.join(sorted(texts) if isinstance(value, frozenset) else texts)})"
    if (code := getattr(value, "__code__", None)) is not None:
        return _text((code, getattr(value, "__defaults__", None)))
    return repr(value)
