"""The fold: one event after the other, each through its reducer."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, MutableMapping
from dataclasses import dataclass
from typing import Any, NamedTuple, NoReturn

from eda_workshop.errors import EdaError, FrozenData, ReducerFailed, UnknownEvent
from eda_workshop.event import Recorded
from eda_workshop.log import EventLog
from eda_workshop.replay.model import Model, Rule
from eda_workshop.replay.solid import SOLID, Changeable, solid

WHOLE = ""
"""The key of the one state of a model that is not keyed."""

Values = MutableMapping[str, Any]

_ABSENT: Any = object()


class Kept(NamedTuple):
    """What is kept beside an event for one key: whether it had no value before, and what the rule keeps."""

    is_first: bool
    value: Any


Beside = dict[str, Kept]


@dataclass(frozen=True)
class Cost:
    """What replaying took.

    applied    events that went forward through the model, those included that it has no reducer for
    undone     events that went through an inverse
    snapshots  how often a snapshot spared the events before it
    """

    applied: int = 0
    undone: int = 0
    snapshots: int = 0

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.applied + other.applied, self.undone + other.undone, self.snapshots + other.snapshots)

    def __sub__(self, other: Cost) -> Cost:
        return Cost(self.applied - other.applied, self.undone - other.undone, self.snapshots - other.snapshots)


class Fold:
    """A model's reducers, at work on its values by key."""

    def __init__(self, model: type[Model]) -> None:
        self.model = model
        self._initial = model.initial
        # Nearly all rules touch the subject alone; the fast loop serves those, and the others one by one.
        simple = {name: rule.apply for name, rule in model.rules.items() if rule.keys is None or not model.keyed}
        self._simple: dict[str, Callable[..., Any]] = simple

    def start(self) -> Values:
        """The values before the first event."""
        return {} if self.model.keyed else {WHOLE: self._initial}

    def run(self, values: Values, events: Iterable[Recorded], only: Collection[str] | None = None) -> None:
        """Apply the events to the values, in place.

        only  the keys whose values are wanted, one of which each event touches; None means all

        Raises `ReducerFailed` or `UnknownEvent`, which name the event; the values are then as before it.
        """
        event = None
        reducer, old, initial, whole = self._simple.get, values.get, self._initial, not self.model.keyed
        try:
            for event in events:
                apply = reducer(event.name)
                if apply is None:
                    self._apply_special(values, event, only)
                    continue
                key = WHOLE if whole else event.subject
                value = apply(old(key, initial), event)
                if type(value) not in SOLID:
                    value = _settle(value)
                values[key] = value
        except Exception as error:
            self._blame(event, error)

    def values_at(self, log: EventLog, position: int, subject: str | None = None) -> Values:
        """The values after the events up to a position, or those of one subject, from nothing."""
        values = self.start()
        for page in log.pages(0, position, subject=subject):
            self.run(values, page)
        return values

    def touched(self, events: Iterable[Recorded]) -> set[str]:
        """The keys that events touch. Raises `ReducerFailed` where a rule can't say which."""
        simple, keys = self._simple, set[str]()
        if not self.model.keyed:
            return {WHOLE} if any(event.name in simple for event in events) else keys
        for event in events:
            if event.name in simple:
                keys.add(event.subject)
            elif (rule := self.model.rules.get(event.name)) is not None:
                try:
                    keys.update(self.keys(rule, event))
                except Exception as error:
                    self._blame(event, error)
        return keys

    def check_known(self, events: Iterable[Recorded]) -> None:
        """Raise `UnknownEvent` for the first event that a strict model has no reducer for."""
        for event in events if self.model.strict else ():
            if event.name not in self.model.rules:
                raise UnknownEvent(self.model.__name__, event.name, event.position)

    def keys(self, rule: Rule, event: Recorded) -> tuple[str, ...]:
        """The keys that an event touches under its rule, each once."""
        if not self.model.keyed:
            return (WHOLE,)
        return (event.subject,) if rule.keys is None else tuple(dict.fromkeys(rule.keys(event)))

    def kept_beside(self, values: Values, event: Recorded) -> Beside:
        """What undoing the event will need. Ask before the event is applied."""
        rule = self.model.rules.get(event.name)
        if rule is None:
            return {}
        beside = {}
        try:
            for key in self.keys(rule, event):
                old = values.get(key, _ABSENT)
                value = self._initial if old is _ABSENT else old
                beside[key] = Kept(old is _ABSENT, rule.keep and rule.keep(value, event))
        except Exception as error:
            self._blame(event, error)
        return beside

    def undo(self, values: Values, event: Recorded, beside: Beside) -> None:
        """Apply the inverse of the event, in place. The rule must have one."""
        rule = self.model.rules.get(event.name)
        if rule is None:
            return
        assert rule.reverse is not None
        try:
            before = {
                key: _settle(rule.reverse(values.get(key, self._initial), event, kept.value))
                for key, kept in beside.items()
            }
        except Exception as error:
            self._blame(event, error)
        for key, value in before.items():
            if beside[key].is_first and value == self._initial:
                values.pop(key, None)
            else:
                values[key] = value

    def _apply_special(self, values: Values, event: Recorded, only: Collection[str] | None) -> None:
        """An event without a reducer, or one that touches other keys than its subject: all of them or none."""
        rule = self.model.rules.get(event.name)
        if rule is None:
            if self.model.strict:
                raise UnknownEvent(self.model.__name__, event.name, event.position)
            return
        initial = self._initial
        keys = [key for key in self.keys(rule, event) if only is None or key in only]
        values.update({key: _settle(rule.apply(values.get(key, initial), event)) for key in keys})

    def _blame(self, event: Recorded | None, error: Exception) -> NoReturn:
        if event is None or isinstance(error, UnknownEvent):
            raise error
        problem, remedy = _words(error)
        raise ReducerFailed(self.model.__name__, event.name, event.position, problem, remedy) from error


class _NoState(Exception):
    pass


def _settle(value: Any) -> Any:
    if value is None:
        raise _NoState
    return solid(value)


def _words(error: Exception) -> tuple[str, str]:
    """What a reducer did wrong, and what to do about it."""
    if isinstance(error, _NoState):
        return "gives back nothing", "Return the new state at its end, also when nothing changes."
    if isinstance(error, FrozenData):
        return "changes the state or the event it was given", "Return a new state: {**state, 'name': value}."
    if isinstance(error, Changeable):
        return f"gives back a {error.kind}, which can be changed afterwards", error.remedy
    said = str(error) if isinstance(error, EdaError) else f"{type(error).__name__}: {error}"
    said = " ".join(said.split()).rstrip(".: ")
    return f"raises {said}", "Reducers take every event of the log: mend it for this one."
