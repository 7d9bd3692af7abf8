"""A process: what has to be done about one thing, as a decider over events. Events come in; commands, timers and facts go out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from eda_workshop.bus.commands import effect_of
from eda_workshop.errors import BadEvent, BadModel, check_number
from eda_workshop.event import Event, Recorded, as_event
from eda_workshop.names import check_name, check_pattern
from eda_workshop.replay.decisions import deciding, listed, numbered
from eda_workshop.replay.fold import checked, failed
from eda_workshop.replay.model import Model, check_call, functions_of
from eda_workshop.values import FrozenDict, freeze

ACCEPTED, REFUSED = "command.accepted", "command.refused"
"""What a process hears about the commands that it sent."""
EVERYTHING = (">",)
LONGEST = 1e10
"""Seconds that a timer can take, some 300 years."""

_FUNCTIONS = {"key": "event", "evolve": "state, event", "decide": "state, event", "status": "state"}
_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")


@dataclass(frozen=True)
class Send:
    """A command that a process sends: its name, ``noun.verb``, and JSON data. Raises `BadName`, `BadData`.

    >>> Send("account.open", {"user": "ada"})
    Send(name='account.open', data={'user': 'ada'})
    """

    name: str
    data: Mapping[str, Any] = field(default_factory=FrozenDict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", check_name(self.name))
        object.__setattr__(self, "data", freeze(self.data))


@dataclass(frozen=True)
class After:
    """A timer: so many seconds from now, at least 0, the process gets an event of this name with this data.

    Only this process gets it; it is not published. Raises `BadSetting`, `BadName`, `BadData`.

    >>> After(3600, "trial.expired")
    After(seconds=3600.0, name='trial.expired', data={})
    """

    seconds: float
    name: str
    data: Mapping[str, Any] = field(default_factory=FrozenDict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "seconds", float(check_number("seconds", self.seconds, 0, LONGEST, whole=False)))
        object.__setattr__(self, "name", check_name(self.name))
        object.__setattr__(self, "data", freeze(self.data))


Output = Send | After | Event


class Process(Model):
    """What has to be done about one thing: subclass it, and write plain functions without self in its body.

    key      ``(event) -> text or None``: which process the event is for, by a business key such as a member's number;
             None: for none
    initial  the state of a process before its first event
    evolve   ``(state, event) -> state``: takes whatever happened. Or leave it out and mark reducers with `@applies`
    decide   ``(state, event) -> [Send(…), After(…), Event(…)]``: what the event leads to, in the state before it. Or it
             yields them one by one, or returns one of them, or nothing. An `Event` is a fact that the process publishes
    hears    names or patterns of events; left out, those that have a reducer, or all events
    starts   those of them that may be the first of a process; left out, any
    status   ``(state) -> text``: what to call the state, such as "done" or "stuck"; left out, "running"
    name     one token, under which it is recorded; left out, the class's name: ``Joining`` is ``joining``

    A process hears of its own commands, too, whatever else it hears: ``command.accepted`` says that one was carried out, with
    its name, data and id in the data's `command`, `data` and `id`; ``command.refused`` says that it was not, and also has
    `error`, the error's class, and `reason`, which is never empty. Its timers come under their own names. All functions are
    pure: the state is folded again after each restart, and the process decides once on each event. `ProcessManager`
    runs it. Raises `BadModel` where the class is defined.

    The pattern is the Process Manager of Hohpe and Woolf's Enterprise Integration Patterns.

    >>> class Joining(Process):
    ...     initial = "new"
    ...     hears = "member.came", "account.opened"
    ...     def key(event): return event.data["member"]
    ...     def evolve(state, event): return "open" if event.name == "account.opened" else state
    ...     def decide(state, event):
    ...         if event.name == "member.came" and state == "new":
    ...             return [Send("account.open", event.data), After(3600, "account.overdue")]
    ...         if event.name == "account.overdue" and state == "new":
    ...             return Send("clerk.call", {"reason": "no account after an hour"})
    >>> Joining.decide("new", Event("member.came", {"member": "ada"}))
    [Send(name='account.open', data={'member': 'ada'}), After(seconds=3600.0, name='account.overdue', data={})]
    """

    name: ClassVar[str] = ""
    hears: ClassVar[Any] = ()
    starts: ClassVar[Any] = ()
    key: ClassVar[Callable[[Event], str | None] | None] = None
    evolve: ClassVar[Callable[[Any, Event], Any] | None] = None
    decide: ClassVar[Callable[[Any, Event], Any] | None] = None
    status: ClassVar[Callable[[Any], str] | None] = None

    def __init_subclass__(cls) -> None:
        own = functions_of(cls)
        super().__init_subclass__()
        for attribute, given in _FUNCTIONS.items():
            if own.get(attribute) is not None:
                check_call(cls, attribute, own[attribute], given, may_yield=attribute == "decide")
                setattr(cls, attribute, staticmethod(own[attribute]))
        if cls.evolve is not None and cls.rules:
            problem = f"has evolve, and a reducer for {next(iter(cls.rules))}"
            raise BadModel(cls.__name__, problem, "Do it in one of them.")
        cls.name = own.get("name") or _CAPITAL.sub("_", cls.__name__.lstrip("_")).lower()
        check_name(f"{cls.name}.heard")
        cls.starts, cls.hears = _patterns(cls.starts), _patterns(cls.hears)


def check_process(given: object) -> type[Process]:
    """The process's class. Raises `BadModel` for anything else, and for one that lacks a function."""
    if not (isinstance(given, type) and issubclass(given, Process) and given is not Process):
        kind = given.__name__ if isinstance(given, type) else type(given).__name__
        raise BadModel(kind, "is not a process's class", "Write class Joining(Process): …, and pass Joining itself.")
    for attribute, arguments in _FUNCTIONS.items():
        is_there = getattr(given, attribute) is not None or (attribute == "evolve" and given.rules)
        if attribute != "status" and not is_there:
            raise BadModel(given.__name__, f"has no {attribute}", f"Write def {attribute}({arguments}): … in its body.")
    return given


def patterns_heard(process: type[Process]) -> tuple[str, ...]:
    """The names and patterns of the events that a process hears, besides its timers and what became of its commands."""
    return process.hears or tuple(name for name in process.rules if name not in (ACCEPTED, REFUSED)) or EVERYTHING


def key_of(process: type[Process], event: Recorded) -> str | None:
    """Which process an event is for. Raises `BadModel` for what can't be a key."""
    assert process.key is not None
    key = process.key(event)
    if key is None:
        return None
    if not isinstance(key, str) or not key:
        problem = f"has a key for {event.name} at position {event.position} that gives {key!r:.60}"
        raise BadModel(
            process.__name__, problem, "Return text, such as event.data['member'], or None: not for this process."
        )
    return str.__str__(key)


def evolved(process: type[Process], state: Any, event: Recorded) -> Any:
    """The state after an event. Raises `ReducerFailed`."""
    apply = process.evolve
    if apply is None:
        rule = process.rules.get(event.name)
        if rule is None:
            return state
        apply = rule.apply
    try:
        return checked(apply(state, event))
    except Exception as error:
        raise failed(process, event, error) from error


def decided(process: type[Process], state: Any, event: Recorded, step: str, now: datetime) -> tuple[Output, ...]:
    """What an event leads to in a state; facts as effects of the event, with ids made of the step's and their number.

    Raises what the process's `decide` raises, and `BadEvent` for anything but these three.
    """
    assert process.decide is not None
    with deciding(lambda: now) as made:
        outputs = _outputs(process, event, process.decide(state, event))
    return tuple(
        effect_of(event, as_event(output)) if isinstance(output, Event) else output
        for output in numbered(outputs, made, step)
    )


def _outputs(process: type[Process], event: Event, result: Any) -> tuple[Output, ...]:
    remedy = "Return Send('account.open', …), After(3600, 'trial.expired'), Event(…), or several in a list."

    def refusal(given: object) -> BadEvent:
        return BadEvent(f"{process.__name__}'s decision about {event.name} gives {type(given).__name__}", remedy)

    return listed(result, Output, refusal)


def _patterns(given: Any) -> tuple[str, ...]:
    return tuple(check_pattern(name) for name in ([given] if isinstance(given, str) else given))
