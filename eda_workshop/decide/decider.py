"""The decider: which events a command leads to in a state, and which events that state is folded from.

`execute` is the heart. It reads the events that the decision depends on, folds them, decides, and appends under the
condition that no more of them were added meanwhile. If some were, it begins again.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar
from weakref import WeakSet

from eda_workshop.bus import Bus, Command
from eda_workshop.errors import BadModel, BadSetting, DuplicateEvent, NoDecision, NoLog
from eda_workshop.event import Event, Recorded
from eda_workshop.log import EventLog, Query
from eda_workshop.log.own import CORRECTIONS
from eda_workshop.replay.decisions import Decide, decided, try_again
from eda_workshop.replay.fold import Fold, state_of
from eda_workshop.replay.model import Model, check_call, functions_of, marked

F = TypeVar("F", bound=Callable[..., Any])

_told = WeakSet[type]()
"""Deciders without a boundary, once they have caused a warning."""


def decides(*names: str) -> Callable[[F], F]:
    """Mark a plain function ``(state, command) -> events`` in a decider's body as the rule for these commands.

    The rule returns an event, several in a list or one by one with ``yield``, or nothing if nothing happens. It raises
    `Rejected` to say no. It is pure: it knows only the state and the command, and reads no clock, so the same command in
    the same state leads to the same events. A replay never asks it.
    """
    return marked("_decides", names)


class Decider(Model):
    """A model with rules: the state, the events that a command leads to in it, and the events that a decision depends on.

    initial    the state before the first event, as in `Model`
    @applies   ``(state, event) -> state``: takes every event that happened
    @decides   ``(state, command) -> events``: may say no
    boundary   ``(command) -> Query``: the events that the decision reads. Without one it reads the whole log, every
               append by another program is a conflict, and you get a warning, once

    The state is folded from the events within the boundary, and needs to hold only what the rules ask for. The new events
    may lie outside the boundary; then decisions of this kind neither see them nor conflict because of them. The decider
    is Chassaing's, and the boundary is the Dynamic Consistency Boundary of dcb.events. Raises `BadModel` where the class
    is defined.

    >>> class Seat(Decider):
    ...     initial = ""
    ...     def boundary(command): return Query("seat.*", tags=command.data["seat"])
    ...     @applies("seat.reserved")
    ...     def reserved(holder, event): return event.data["by"]
    ...     @decides("seat.reserve")
    ...     def reserve(holder, command):
    ...         if holder: raise Rejected(f"{holder} has it")
    ...         return Event("seat.reserved", command.data, subject=command.data["seat"])
    >>> log = open_log("memory://")
    >>> execute(log, Seat, Command("seat.reserve", {"seat": "seat/12", "by": "ada"}, id="c1"))
    <Decision: seat.reserved at 1, 1 attempt>
    >>> execute(log, Seat, Command("seat.reserve", {"seat": "seat/12", "by": "bob"}, id="c2"))
    Traceback (most recent call last):
    ...
    eda_workshop.errors.Rejected: ada has it
    """

    decisions: ClassVar[dict[str, Decide]] = {}
    boundary: ClassVar[Any] = None

    def __init_subclass__(cls) -> None:
        own = functions_of(cls)
        super().__init_subclass__()
        cls.decisions = dict(cls.decisions)
        for attribute, function in own.items():
            names, _ = getattr(function, "_decides", ((), ()))
            if names:
                check_call(cls, attribute, function, "state, command", may_yield=True)
            cls.decisions.update(dict.fromkeys(names, function))
        if own.get("boundary") is not None:
            check_call(cls, "boundary", own["boundary"], "command")
            cls.boundary = staticmethod(own["boundary"])


@dataclass(frozen=True)
class Decision:
    """The result of a command.

    events    the events that were recorded because of it; empty if nothing happened
    position  the position of the last of them; without events, the position up to which the log was read
    attempts  how often the decider decided: more than once if other writers were quicker, 0 if the log had the events
              of this command already
    """

    events: tuple[Recorded, ...]
    position: int
    attempts: int

    def __repr__(self) -> str:
        told = ", ".join(f"{event.name} at {event.position}" for event in self.events) or "nothing happened"
        return f"<Decision: {told}, {self.attempts} attempt{'' if self.attempts == 1 else 's'}>"


def execute(
    place: EventLog | Bus, decider: type[Decider], command: Command, *, tries: int = 5, corrected: bool = False
) -> Decision:
    """Let a decider decide on a command, and record the events, unless the decision has gone out of date meanwhile.

    place      a log, or a bus with a log, which delivers the events, too
    tries      how often to decide at most, from 1, while other writers are quicker; after that, `Overtaken`
    corrected  False: the state is as recorded. True: late, rejected and corrected events count as they should, and a new
               correction makes it decide again

    You can execute the same command again: its events have ids that are made from its own, so the log knows them, and
    nothing is added. An error of the decider, such as `Rejected`, is raised, and nothing was appended. Raises `NoDecision`
    for a command without a rule, `BadModel` if the boundary gives anything but a query, and `BadEvent` if a rule gives
    anything but events. On a bus, `DeliveryFailed` means that the events are recorded and a subscriber failed.
    """
    log, rule, query = _log_of(place), _rule_of(decider, command), boundary_of(decider, command)
    reading = _Reading(log, decider, query, corrected=corrected)

    def attempt() -> tuple[tuple[Recorded, ...], bool]:
        known = _led_to(log, command)
        if known:
            return known, True
        state = reading.state()
        events = decided(rule, state, command, place.clock)
        try:
            return _record(place, events, reading.position, reading.depends_on), False
        except DuplicateEvent:
            known = _led_to(log, command)
            if not known:
                raise
            return known, True  # another program has executed the same command just now

    (events, was_known), attempts = try_again(attempt, tries)
    position = events[-1].position if events else reading.position
    return Decision(events, position, 0 if was_known else attempts)


def boundary_of(decider: type[Decider], command: Command) -> Query:
    """The events that a decision depends on. Raises `BadModel` if the boundary gives anything but a query."""
    if decider.boundary is None:
        _tell_once(decider)
        return Query()
    query = decider.boundary(command)
    if not isinstance(query, Query):
        problem = f"has a boundary for {command.name} that gives {query!r:.60}, which isn't a query"
        raise BadModel(decider.__name__, problem, "Return one: Query(tags='seat/12'), or Query() for the whole log.")
    return query


def check_decider(given: object) -> type[Decider]:
    """The decider. Raises `BadModel` for anything else."""
    if isinstance(given, type) and issubclass(given, Decider) and given is not Decider:
        return given
    kind = given.__name__ if isinstance(given, type) else type(given).__name__
    raise BadModel(kind, "is not a decider's class", "Write class Lending(Decider): …, and pass Lending itself.")


class _Reading:
    """The state that a decision is made on, which follows the log from one try to the next.

    position    the position up to which the log was read
    depends_on  the events that nobody else may add meanwhile
    """

    def __init__(self, log: EventLog, decider: type[Decider], query: Query, *, corrected: bool) -> None:
        self.position = 0
        self.depends_on = query | Query(CORRECTIONS) if corrected else query
        self._log, self._decider, self._query, self._corrected = log, decider, query, corrected
        self._fold = Fold(decider)
        self._values = self._fold.start()

    def state(self) -> Any:
        """The state now, by the log's head at this moment."""
        before, self.position = self.position, self._log.head
        if self._corrected:
            self._values = self._fold.start()
            self._fold.run(self._values, self._log.effective(self.position, where=self._query))
        else:
            self._fold.run(self._values, self._log.read(before, self.position, where=self._query))
        return state_of(self._values, self._decider)


def _record(place: EventLog | Bus, events: tuple[Event, ...], after: int, unless: Query) -> tuple[Recorded, ...]:
    if not events:
        return ()
    if isinstance(place, Bus):
        receipts = place.publish_all(*events, after=after, unless=unless)
        return tuple(receipt.event for receipt in receipts)  # type: ignore[misc]
    return tuple(written.event for written in place.write(events, after=after, unless=unless))


def _led_to(log: EventLog, command: Command) -> tuple[Recorded, ...]:
    """The events that a command led to earlier."""
    found: list[Recorded] = []
    while (event := log.find(f"{command.id}/{len(found) + 1}")) is not None:
        found.append(event)
    return tuple(found)


def _log_of(place: object) -> EventLog:
    log = place.log if isinstance(place, Bus) else place
    if isinstance(place, Bus) and log is None:
        raise NoLog("A decision")
    if not isinstance(log, EventLog):
        raise BadSetting("place", place, "a log, or a bus that has one: Bus(open_log('drive.db'))")
    return log


def _rule_of(decider: object, command: object) -> Decide:
    rules = check_decider(decider).decisions
    if not isinstance(command, Command):
        raise BadSetting("command", command, "a command: Command('book.lend', {'title': 'emma'})")
    if command.name not in rules:
        raise NoDecision(check_decider(decider).__name__, command.name, tuple(rules))
    return rules[command.name]


def _tell_once(decider: type[Decider]) -> None:
    if decider not in _told:
        _told.add(decider)
        advice = "Write def boundary(command): return Query(tags=…), or Query() if it really depends on everything."
        said = f"{decider.__name__} has no boundary, so it reads the whole log and conflicts with every other append."
        warnings.warn(f"{said} {advice}", stacklevel=4)
