"""Given, when, then: examples of how a decider must behave, and the wrong deciders that they catch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from eda_workshop.bus import Command
from eda_workshop.clock import ManualClock
from eda_workshop.decide.decider import Decider, boundary_of, check_decider
from eda_workshop.errors import BadSetting, NoDecision, Rejected, SpecFailed
from eda_workshop.event import Event, as_event
from eda_workshop.replay.decisions import decided
from eda_workshop.replay.difference import Missing, diff
from eda_workshop.replay.fold import fold

SpecFunction = Callable[[type[Decider]], object]
"""A spec as a function of the decider that it examines."""

_MORNING = "2026-03-02T09:00:00Z"


def spec(decider: type[Decider]) -> Spec:
    """Begin an example of what a decider must do: ``spec(Lending).given(…).when(…).then(…)`` or ``.refused()``.

    >>> class Seat(Decider):
    ...     initial = ""
    ...     def boundary(command): return Query(tags=command.data["seat"])
    ...     @applies("seat.reserved")
    ...     def reserved(holder, event): return event.data["by"]
    ...     @decides("seat.reserve")
    ...     def reserve(holder, command):
    ...         if holder: raise Rejected(f"{holder} has it")
    ...         return Event("seat.reserved", command.data, subject=command.data["seat"])
    >>> ada, bob = ({"seat": "seat/12", "by": name} for name in ("ada", "bob"))
    >>> spec(Seat).when(Command("seat.reserve", ada)).then(Event("seat.reserved", ada, subject="seat/12"))
    Seat, given nothing, when seat.reserve: seat.reserved happens, as it should.
    >>> spec(Seat).given(Event("seat.reserved", ada, subject="seat/12")).when(Command("seat.reserve", bob)).refused()
    Seat, given seat.reserved, when seat.reserve: it refuses: "ada has it", as it should.
    >>> spec(Seat).when(Command("seat.reserve", ada)).refused()
    Traceback (most recent call last):
    ...
    eda_workshop.errors.SpecFailed: Seat, given nothing, when seat.reserve: it should refuse, but seat.reserved happens.
    """
    return Spec(check_decider(decider))


class Answer(NamedTuple):
    """A decider's answer in words; its events, None if it gives none; and whether it says no."""

    words: str
    events: tuple[Event, ...] | None = None
    is_refusal: bool = False


@dataclass(frozen=True)
class Spec:
    """An example as far as it has been said; `spec` begins one. Each step gives a new one.

    decider  the decider that it examines
    history  the events that were given
    command  the command; None before `when`
    outcome  the decider's answer, in words; "" before `then` or `refused`
    """

    decider: type[Decider]
    history: tuple[Event, ...] = ()
    command: Command | None = None
    outcome: str = ""

    def given(self, *events: Event) -> Spec:
        """The events that happened before, in order; a second call adds more. Only those within the decision's boundary count."""
        return replace(self, history=(*self.history, *map(as_event, events)))

    def when(self, command: Command) -> Spec:
        """The command that the decider gets."""
        if not isinstance(command, Command):
            raise BadSetting("command", command, "a command: Command('book.lend', {'title': 'emma'})")
        return replace(self, command=command)

    def then(self, *events: Event) -> Spec:
        """Claim that these events happen, in this order. Without events: that nothing happens, and nothing is refused.

        Names, data, subjects and tags are compared, and sources that you give; ids and times are not. Raises `SpecFailed`,
        which says what happened instead, or which values differ.
        """
        expected = tuple(map(as_event, events))
        answer = self.ask()
        if answer.events is None or [event.name for event in answer.events] != [event.name for event in expected]:
            raise self._failed(f"{_happening(expected, 'should happen')}, but {answer.words}")
        pairs = enumerate(zip(expected, answer.events, strict=True), 1)
        if differences := [each for number, pair in pairs for each in _differences(number, *pair)]:
            raise self._failed("; ".join(differences))
        return replace(self, outcome=answer.words)

    def refused(self) -> Spec:
        """Claim that the decider says no, with `Rejected`, for any reason. Raises `SpecFailed`."""
        answer = self.ask()
        if not answer.is_refusal:
            raise self._failed(f"it should refuse, but {answer.words}")
        return replace(self, outcome=answer.words)

    def ask(self) -> Answer:
        """Let the decider decide on those of the given events that its boundary lets it read, and claim nothing.

        >>> class Seat(Decider):
        ...     def boundary(command): return Query()
        ...     @decides("seat.reserve")
        ...     def reserve(state, command): raise Rejected("it is taken")
        >>> spec(Seat).when(Command("seat.reserve")).ask().words
        'it refuses: "it is taken"'
        """
        if self.command is None:
            raise BadSetting("when", None, "a command first: spec(Lending).when(command).then(…)")
        rule = self.decider.decisions.get(self.command.name)
        if rule is None:
            raise NoDecision(self.decider.__name__, self.command.name, tuple(self.decider.decisions))
        try:
            boundary = boundary_of(self.decider, self.command)
            state = fold([event for event in self.history if boundary.matches(event)], self.decider)
            events = decided(rule, state, self.command, ManualClock(_MORNING))
        except Rejected as no:
            return Answer(f'it refuses: "{no}"', is_refusal=True)
        except Exception as error:
            return Answer(f"it fails with {type(error).__name__}: {error}".rstrip("."))
        return Answer(_happening(events, "happens" if len(events) < 2 else "happen"), events)

    def _failed(self, problem: str) -> SpecFailed:
        unread = self._unread()
        hint = f" The decision didn't read {_listed(unread)}, which its boundary leaves out." if unread else ""
        return SpecFailed(self._told(), problem, hint)

    def _unread(self) -> tuple[Event, ...]:
        """The given events that lie outside the boundary."""
        try:
            assert self.command is not None
            boundary = boundary_of(self.decider, self.command)
        except Exception:
            return ()
        return tuple(event for event in self.history if not boundary.matches(event))

    def _told(self) -> str:
        asked = "" if self.command is None else f", when {self.command.name}"
        return f"{self.decider.__name__}, given {_listed(self.history)}{asked}"

    def __repr__(self) -> str:
        if not self.outcome:
            return f"{self._told()}: nothing is claimed yet. End it with .then(…) or .refused()."
        return f"{self._told()}: {self.outcome}, as it should."


def caught_by(specs: Iterable[SpecFunction], decider: type[Decider]) -> list[SpecFunction]:
    """The specs that fail on a decider. A mistake in a spec itself is raised; `BadSetting` if a spec claims nothing.

    >>> caught_by([], Decider)
    []
    """
    return [function for function in specs if not _holds(function, decider)]


def kills(specs: Iterable[SpecFunction], deciders: Iterable[type[Decider]]) -> list[type[Decider]]:
    """The deciders that at least one of the specs catches, in their order: the score of specs on wrong deciders.

    specs  functions of the decider: ``def full(decider): return spec(decider).given(…).when(…).refused()``

    Wrong deciders made to be found are what mutation testing calls mutants.

    >>> class Yes(Decider):
    ...     def boundary(command): return Query()
    ...     @decides("seat.reserve")
    ...     def reserve(state, command): return Event("seat.reserved")
    >>> def full(decider): return spec(decider).given(Event("seat.reserved")).when(Command("seat.reserve")).refused()
    >>> [decider.__name__ for decider in kills([full], [Yes])]
    ['Yes']
    """
    specs = [*specs]
    return [decider for decider in deciders if caught_by(specs, decider)]


def _holds(function: SpecFunction, decider: type[Decider]) -> bool:
    try:
        result = function(decider)
    except AssertionError:
        return False
    if isinstance(result, Spec) and not result.outcome:
        name = getattr(function, "__name__", "spec")
        raise BadSetting("specs", name, "specs that claim something: end each with .then(…) or .refused()")
    return True


def _differences(number: int, expected: Event, got: Event) -> Iterator[str]:
    where = f"event {number}, {got.name}"
    for field in ("subject", "tags", "source"):
        wanted, found = getattr(expected, field), getattr(got, field)
        if wanted != found and (field != "source" or wanted):
            yield f"{where}: {field} is {found!r} and should be {wanted!r}"
    for difference in diff(expected.data, got.data):
        value = " › ".join(map(str, difference.path))
        if difference.right is Missing:
            yield f"{where}: {value} is missing and should be {difference.left!r}"
        elif difference.left is Missing:
            yield f"{where}: {value} is {difference.right!r} and should not be there"
        else:
            yield f"{where}: {value} is {difference.right!r} and should be {difference.left!r}"


def _happening(events: tuple[Event, ...], verb: str) -> str:
    return f"{_listed(events)} {verb}"


def _listed(events: tuple[Event, ...]) -> str:
    return ", ".join(event.name for event in events) or "nothing"
