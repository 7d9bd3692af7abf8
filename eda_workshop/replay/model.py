"""A model: what state is, as reducers that take a state and an event and give the next state."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from types import CodeType
from typing import Any, ClassVar, TypeVar

from eda_workshop.errors import BadModel
from eda_workshop.event import Event
from eda_workshop.names import check_name
from eda_workshop.replay.freeze import Changeable, freeze_state

Reducer = Callable[[Any, Event], Any]
Reverser = Callable[[Any, Event, Any], Any]
Keys = Callable[[Event], Iterable[str]]
Keep = Callable[[Any, Event], Any]
F = TypeVar("F", bound=Callable[..., Any])


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
    return _marker("_applies", names, (keys, keep))


def reverses(*names: str) -> Callable[[F], F]:
    """Mark a plain function ``(state, event, kept) -> state`` as the inverse: it gives the state before the event."""
    return _marker("_reverses", names, ())


def _marker(mark: str, names: tuple[str, ...], options: tuple[Any, ...]) -> Callable[[F], F]:
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
        for name in names:
            if name in seen:
                problem = f"has two reducers for {name}: {seen[name]} and {attribute}"
                raise BadModel(cls.__name__, problem, "Do both things in one, in an order that can be seen.")
            seen[name] = attribute
            cls.rules[name] = Rule(function, *options)


def _reverse(cls: type[Model], own: dict[str, Any]) -> None:
    for attribute, function in own.items():
        names, _ = getattr(function, "_reverses", ((), ()))
        for name in names:
            if name not in cls.rules:
                problem = f"has an inverse for {name}, {attribute}, and no reducer"
                raise BadModel(cls.__name__, problem, f"Write one: @applies({name!r}).")
            cls.rules[name] = replace(cls.rules[name], reverse=function)


class Model:
    """One state of the whole: subclass it, say what the empty state is, and write a reducer for each event.

    initial  the state before the first event; dicts, lists and sets are frozen
    strict   True: an event without a reducer is an error, `UnknownEvent`; False: it is skipped
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
    rules: ClassVar[dict[str, Rule]] = {}

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        try:
            cls.initial = freeze_state(cls.initial)
        except Changeable as error:
            problem = f"begins with a {error.kind}, which can be changed afterwards"
            raise BadModel(cls.__name__, problem, error.remedy) from None
        cls.rules = dict(cls.rules)
        own = {name: value.__func__ if isinstance(value, staticmethod) else value for name, value in vars(cls).items()}
        _collect(cls, own)
        _reverse(cls, own)
        for name, value in own.items():
            if hasattr(value, "_applies") or hasattr(value, "_reverses"):
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
