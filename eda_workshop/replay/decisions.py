"""The events that a function decides on for a command, and one more try after a conflict."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar

from eda_workshop.bus.commands import Command, effect_of
from eda_workshop.callbacks import dismiss, unfinished
from eda_workshop.clock import Clock
from eda_workshop.errors import BadEvent, Conflict, Overtaken, check_number
from eda_workshop.event import Defaults, Event, as_event, defaults

T = TypeVar("T")
Decide = Callable[[Any, Any], Any]
"""``(state, command) -> an event, several, or None``."""


def decided(decide: Decide, state: Any, command: Any, clock: Clock) -> tuple[Event, ...]:
    """The events that a function decides on, as effects of the command. Raises what it raises, such as `Rejected`.

    An event that is given no id has the command's, a slash and its number, from 1; so the same command leads to the
    same events. One that is given no time occurs now, by the clock. Raises `BadEvent` for anything but events.
    """
    with deciding(clock.now) as made:
        events = _events(decide(state, command), command)
    if not isinstance(command, Command):
        return events
    return tuple(effect_of(command, event) for event in numbered(events, made, command.id))


@contextmanager
def deciding(now: Callable[[], datetime]) -> Iterator[set[str]]:
    """Give the events that are made meanwhile this time; yields the ids that they get, for `numbered` to replace."""
    made, new_id = set[str](), defaults.get().new_id

    def noted_id() -> str:
        id = new_id()
        made.add(id)
        return id

    before = defaults.set(Defaults(noted_id, now))
    try:
        yield made
    finally:
        defaults.reset(before)


def numbered(outputs: Sequence[Any], made: Collection[str], prefix: str) -> list[Any]:
    """The outputs of a decision; its events have the prefix, a slash and their number, from 1, for the ids that were made."""
    numbers = {each.id: number for number, each in enumerate(outputs, 1) if isinstance(each, Event)}
    ids = {id: f"{prefix}/{number}" for id, number in numbers.items() if id in made}

    def with_ids(each: Any) -> Any:
        if not isinstance(each, Event):
            return each
        return each.replace(id=ids.get(each.id, each.id), causation=ids.get(each.causation, each.causation))

    return [with_ids(each) for each in outputs]


def _events(result: Any, command: Any) -> tuple[Event, ...]:
    about = f"The decision about {command.name}" if isinstance(command, Command) else "The decision"
    remedy = "Return an event, several in a list, or nothing; to say no, raise Rejected('…')."

    def refusal(given: object) -> BadEvent:
        return BadEvent(f"{about} gives {type(given).__name__}, which isn't an event", remedy)

    return tuple(map(as_event, listed(result, Event, refusal)))


def listed(result: Any, kinds: Any, refusal: Callable[[object], Exception]) -> tuple[Any, ...]:
    """The result of a decision as a tuple: nothing, one object of these kinds, or several, perhaps one by one.

    Raises the refusal of the first object that is something else.
    """
    if result is None:
        return ()
    if isinstance(result, kinds):
        return (result,)
    if isinstance(result, (str, bytes, Mapping, Command)) or not isinstance(result, Iterable):
        if unfinished(result):
            dismiss(result)
        raise refusal(result)
    found = []
    for each in result:
        if not isinstance(each, kinds):
            raise refusal(each)
        found.append(each)
    return tuple(found)


def try_again(attempt: Callable[[], T], tries: int) -> tuple[T, int]:
    """The result of an attempt, and how many it took: after a `Conflict` there is one more. Raises `Overtaken`."""
    conflicts: list[Conflict] = []
    for number in range(1, check_number("tries", tries, 1) + 1):
        try:
            return attempt(), number
        except Conflict as conflict:
            conflicts.append(conflict)
    last = conflicts[-1]
    in_the_way = tuple(conflict.event for conflict in conflicts)
    raise Overtaken(last.expected, last.actual, last.event, last.unless, in_the_way) from last
