"""The fold: one event after the other, each through its reducer."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, MutableMapping
from dataclasses import dataclass
from operator import index
from typing import Any, NamedTuple, NoReturn, Protocol, SupportsIndex

from eda_workshop.errors import (
    BadEvent,
    BadModel,
    BadPosition,
    BadSetting,
    EdaError,
    FrozenData,
    ReducerFailed,
    UnknownEvent,
    close_to,
)
from eda_workshop.event import Event, Recorded, as_event, record_as
from eda_workshop.log import EventLog
from eda_workshop.log.corrections import effective
from eda_workshop.log.own import is_own
from eda_workshop.replay.freeze import FROZEN, Changeable, freeze_state
from eda_workshop.replay.model import Condition, Model, Rule, check_apart, check_model
from eda_workshop.values import FrozenDict, same

WHOLE = ""
"""The key of the one state of a model that is not keyed."""

ABSENT: Any = object()
"""Stands where a key has no value."""

Values = MutableMapping[str, Any]


def fold(
    log: EventLog | Iterable[Event],
    model: type[Model],
    upto: int | None = None,
    *,
    subject: str | None = None,
    corrected: bool = False,
) -> Any:
    """The state after the events at positions 1 to `upto`, folded from nothing; None means the head.

    log        an event log, or events in a list: those that weren't recorded count from position 1
    subject    only this subject's value of a keyed model: only its events are read. `BadModel` if a rule of the model
               touches other keys than the event's subject
    corrected  False: as recorded, each event in the order of the log. True: late, rejected and corrected events count
               as they should, as known at `upto`, in the order in which they occurred; see `EventLog.effective`

    A model's state, or a dict from subject to value for a keyed model. Raises what `Timeline.at` raises, and
    `BadSetting` for anything but a log or a list of events.

    >>> class Signups(Model):
    ...     initial = 0
    ...     @applies("user.signed_up")
    ...     def count(n, event): return n + 1
    >>> log = open_log("memory://")
    >>> _ = log.append(Event("user.signed_up"), Event("email.sent"), Event("user.signed_up"))
    >>> fold(log, Signups), fold(log, Signups, upto=2)
    (2, 1)
    >>> fold([Event("user.signed_up"), Event("user.signed_up")], Signups)
    2
    """
    check_model(model)
    if subject is not None:
        check_apart(model)
    source = log if isinstance(log, EventLog) else _Events(log)
    position, folding = position_in(source, upto), Fold(model)
    if corrected:
        values = folding.start()
        folding.run(values, source.effective(position, subject=subject))
    else:
        values = folding.values_at(source, position, subject)
    if subject is not None:
        return values.get(subject, model.initial)
    return dict(values) if model.keyed else values[WHOLE]


class Source(Protocol):
    """Where a fold finds its events: a log, or a list of events."""

    @property
    def head(self) -> int:
        """The last position."""

    def pages(self, after: int = 0, upto: int | None = None, *, subject: str | None = None) -> Iterator[list[Recorded]]:
        """The events in lists, in the order recorded."""

    def effective(self, upto: int | None = None, *, subject: str | None = None) -> list[Recorded]:
        """The events as they count."""


class _Events:
    """Events in a list, read as a log is. Raises `BadSetting` for anything else."""

    def __init__(self, given: Iterable[Event]) -> None:
        try:
            self._events = [_as_recorded(event, number) for number, event in enumerate(given, 1)]
        except (TypeError, BadEvent):
            raise BadSetting("log", given, "an event log, or a list of events") from None

    @property
    def head(self) -> int:
        return max((event.position for event in self._events), default=0)

    def pages(self, after: int = 0, upto: int | None = None, *, subject: str | None = None) -> Iterator[list[Recorded]]:
        last = self.head if upto is None else upto
        rows = [event for event in self._events if after < event.position <= last]
        yield [event for event in rows if subject is None or event.subject == subject]

    def effective(self, upto: int | None = None, *, subject: str | None = None) -> list[Recorded]:
        counting = effective(event for page in self.pages(upto=upto) for event in page)
        return [event for event in counting if subject is None or event.subject == subject]


def _as_recorded(given: Event, number: int) -> Recorded:
    if isinstance(given, Recorded):
        return given
    event = as_event(given)
    return record_as(event, number, event.occurred, "")


class UndoValue(NamedTuple):
    """What undoing an event needs for one key: whether it had no value before, and what the rule keeps."""

    is_first: bool
    kept: Any


UndoData = dict[str, UndoValue]
"""What undoing an event needs, for each key that it touched."""


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
    """A model's reducers, applied to its values by key."""

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
                if type(value) not in FROZEN:
                    value = checked(value)
                values[key] = value
        except Exception as error:
            self._blame(event, error)

    def values_at(self, log: Source, position: int, subject: str | None = None) -> Values:
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
            if event.name not in self.model.rules and not is_own(event):
                raise _unknown(self.model, event)

    def keys(self, rule: Rule, event: Recorded) -> tuple[str, ...]:
        """The keys that an event touches under its rule, each once."""
        if not self.model.keyed:
            return (WHOLE,)
        return (event.subject,) if rule.keys is None else tuple(dict.fromkeys(rule.keys(event)))

    def objection(self, values: Values, event: Recorded, only: Collection[str] | None = None) -> str:
        """Why the event can't happen in the state of these values, by the model's condition for it; "" if it can.

        Raises `ReducerFailed` where a rule can't say which keys it touches, `BadModel` for a condition that fails.
        """
        condition = self.model.conditions.get(event.name)
        if condition is None:
            return ""
        rule = self.model.rules.get(event.name)
        try:
            keys = self.keys(rule, event) if rule else (event.subject if self.model.keyed else WHOLE,)
        except Exception as error:
            self._blame(event, error)
        for key in keys:
            if (only is None or key in only) and (
                problem := self._problem(condition, values.get(key, self._initial), event)
            ):
                return problem
        return ""

    def _problem(self, condition: Condition, value: Any, event: Recorded) -> str:
        where = f"has a condition for {event.name}, which at position {event.position}"
        remedy = "Let it return None if the event is possible, and if not, a sentence that says why."
        try:
            problem = condition(value, event)
        except Exception as error:
            raise BadModel(self.model.__name__, f"{where} raises {type(error).__name__}: {error}", remedy) from error
        if problem is not None and (not isinstance(problem, str) or not problem.strip()):
            raise BadModel(self.model.__name__, f"{where} returns {problem!r:.60}", remedy)
        return problem or ""

    def undo_data(self, values: Values, event: Recorded) -> UndoData:
        """What undoing the event will need. Ask before the event is applied."""
        rule = self.model.rules.get(event.name)
        if rule is None:
            return {}
        data = {}
        try:
            for key in self.keys(rule, event):
                old = values.get(key, ABSENT)
                value = self._initial if old is ABSENT else old
                data[key] = UndoValue(old is ABSENT, rule.keep and rule.keep(value, event))
        except Exception as error:
            self._blame(event, error)
        return data

    def undo(self, values: Values, event: Recorded, data: UndoData) -> None:
        """Apply the inverse of the event, in place. The rule must have one."""
        rule = self.model.rules.get(event.name)
        if rule is None:
            return
        assert rule.reverse is not None
        try:
            before = {
                key: checked(rule.reverse(values.get(key, self._initial), event, undo.kept))
                for key, undo in data.items()
            }
        except Exception as error:
            self._blame(event, error)
        for key, value in before.items():
            if data[key].is_first and same(value, self._initial):
                values.pop(key, None)
            else:
                values[key] = value

    def _apply_special(self, values: Values, event: Recorded, only: Collection[str] | None) -> None:
        """An event without a reducer, or one that touches other keys than its subject: all of them or none."""
        rule = self.model.rules.get(event.name)
        if rule is None:
            if self.model.strict and not is_own(event):
                raise _unknown(self.model, event)
            return
        initial = self._initial
        keys = [key for key in self.keys(rule, event) if only is None or key in only]
        values.update({key: checked(rule.apply(values.get(key, initial), event)) for key in keys})

    def _blame(self, event: Recorded | None, error: Exception) -> NoReturn:
        if event is None or isinstance(error, UnknownEvent):
            raise error
        raise failed(self.model, event, error) from error


class _NoState(Exception):
    pass


def failed(model: type[Model], event: Recorded, error: Exception) -> ReducerFailed:
    """The error that says what a reducer did wrong with an event."""
    problem, remedy = _words(error)
    return ReducerFailed(model.__name__, event.name, event.position, problem, remedy)


def checked(value: Any) -> Any:
    """What a reducer has returned, frozen. Raises what `failed` puts into words."""
    if value is None:
        raise _NoState
    return freeze_state(value)


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
    return f"raises {said}", "Reducers take every event of the log: fix it for this one."


def state_of(values: Values, model: type[Model]) -> Any:
    """The state that values come to: one value, or a mapping that can't be changed."""
    return FrozenDict(values) if model.keyed else values[WHOLE]


def position_in(log: Source, given: SupportsIndex | None) -> int:
    """The position, the head for None. Raises `BadPosition` where the log has none."""
    head = log.head
    if given is None:
        return head
    if isinstance(given, bool) or not hasattr(given, "__index__") or not 0 <= index(given) <= head:
        raise BadPosition(given, head)
    return index(given)


def view_of(corrected: bool) -> str:
    """The view that a reader takes, in words."""
    return "as corrected" if corrected else "as recorded"


def check_log(given: object) -> EventLog:
    """The log. Raises `BadSetting` for anything else."""
    if not isinstance(given, EventLog):
        raise BadSetting("log", given, "an event log: open_log('drive.db')")
    return given


def _unknown(model: type[Model], event: Recorded) -> UnknownEvent:
    return UnknownEvent(model.__name__, event.name, event.position, close_to(event.name, model.rules))
