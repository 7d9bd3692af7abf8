"""Go on from a snapshot."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from eda_workshop.clock import ManualClock
from eda_workshop.event import Event, Recorded
from eda_workshop.exercises.attempt import require_function
from eda_workshop.exercises.exercise import Exercise, Wrong
from eda_workshop.exercises.lesson_07.shown import shown
from eda_workshop.ids import CounterIds
from eda_workshop.log.memory import MemoryLog

HEAD, AT = 8, 5
SNAPSHOT = tuple(range(1, AT + 1))
RIGHT = tuple(range(1, HEAD + 1))
LATER = RIGHT[AT:]


class _CountingLog(MemoryLog):
    """A log that counts how many events were read from it."""

    def __init__(self) -> None:
        super().__init__(ManualClock())
        self.count = 0
        new_id = CounterIds()
        self.append(*(Event("folder.created", id=new_id(), occurred=self.clock.now()) for _ in range(HEAD)))

    def read(self, *args: Any, **wanted: Any) -> Iterator[Recorded]:
        return map(self._counted, super().read(*args, **wanted))

    def pages(self, *args: Any, **wanted: Any) -> Iterator[list[Recorded]]:
        return (list(map(self._counted, page)) for page in super().pages(*args, **wanted))

    def _counted(self, event: Recorded) -> Recorded:
        self.count += 1
        return event


Apply = Callable[[Any, Any], Any]


def _applying(grow: Apply) -> tuple[Apply, list[int]]:
    """A function from a state and an event to the next state, and the positions that it was called with."""
    calls = list[int]()

    def apply(state: Any, event: Any) -> Any:
        if not isinstance(event, Recorded):
            said = "apply takes the state first and then one event. What came second is no event."
            raise Wrong(said, _CALLED, "apply(state, event)", f"apply({_kind(state)}, {_kind(event)})")
        calls.append(event.position)
        return grow(state, event)

    return apply, calls


def _noting() -> tuple[Apply, list[int]]:
    return _applying(lambda state, event: (*state, event.position))


def _kind(value: Any) -> str:
    return "None" if value is None else "an event" if isinstance(value, Event) else f"a {type(value).__name__}"


def check(answer: Any) -> None:
    function = require_function(answer, "state", "position", "log", "apply")
    log = _CountingLog()
    apply, calls = _noting()
    got = function(SNAPSHOT, AT, log, apply)
    if got != RIGHT:
        raise Wrong(_said(got, len(calls)), _CALLED, f"{RIGHT}", shown(got), _LOOK)
    if len(calls) > len(LATER):
        said = "The state is right, but it was folded from nothing: the snapshot has spared no work at all."
        raise Wrong(said, _CALLED, f"{len(LATER)} events applied", f"{len(calls)} events applied", _LOOK)
    if log.count > len(LATER):
        said = "The state is right, but the events under the snapshot were read all the same, and passed over."
        raise Wrong(said, _CALLED, f"{len(LATER)} events read", f"{log.count} events read", "What does log.read take?")
    _check_ends(function)
    _check_number(function)


def _said(got: Any, calls: int) -> str:
    """The misconception behind a state that is not the one at the head."""
    if got == SNAPSHOT:
        return (
            "The events were applied, but each time to the snapshot, and what came of it was dropped."
            if calls
            else "That is the snapshot. The log has gone on since it was taken."
        )
    if got is None:
        return "Nothing comes back."
    if isinstance(got, Event):
        return "That is an event, not a state."
    return next((said for state, said in _FOUND if state == got), "That is not the state at the head.")


def _check_ends(function: Callable[..., Any]) -> None:
    """A snapshot of nothing, and one at the head."""
    log, (apply, _) = _CountingLog(), _noting()
    got = function((), 0, log, apply)
    if got != RIGHT:
        said = "From position 0, where nothing has happened yet, it does not come to the head."
        raise Wrong(said, "resume((), 0, log, apply)", f"{RIGHT}", shown(got))
    got = function(RIGHT, HEAD, log, apply)
    if got != RIGHT:
        said = "A snapshot at the head is the state already: there is nothing to apply."
        raise Wrong(said, f"resume({RIGHT}, {HEAD}, log, apply)", f"{RIGHT}", shown(got))


def _check_number(function: Callable[..., Any]) -> None:
    """A state of another kind: a count, which may well be 0."""
    apply, _ = _applying(lambda state, _: state + 1)
    for state in (AT, 0):
        due = state + len(LATER)
        try:
            got = shown(function(state, AT, _CountingLog(), apply))
        except TypeError:
            got = "a TypeError"
        if got != f"{due}":
            said = "It works for some states only. What a state is, how it grows and whether it is empty, only apply knows."
            raise Wrong(said, f"resume({state}, {AT}, log, apply), where apply counts", f"{due}", got)


_FOUND: tuple[tuple[tuple[int, ...], str], ...] = (
    (SNAPSHOT + RIGHT, "The whole log was replayed on top of the snapshot, which held its first part already."),
    (SNAPSHOT + RIGHT[AT - 1 :], "One event was applied twice: the snapshot is taken after the event at its position."),
    (
        SNAPSHOT + RIGHT[AT + 1 :],
        "One event was skipped: after= leaves out the position itself, so nothing is to be added.",
    ),
    (
        SNAPSHOT + SNAPSHOT,
        "You read the events up to the position. The snapshot holds those already; what comes after it is missing.",
    ),
    (SNAPSHOT + LATER[::-1], "The newest event came first. A fold goes in the order of the log."),
    (LATER, "The snapshot was thrown away: only what came after it is there."),
    (RIGHT[:-1], "It stops one event before the head."),
    (SNAPSHOT + LATER[:1], "Only one event was applied. The log goes on to its head."),
    (
        SNAPSHOT + LATER[-1:],
        "Only the last event counts: each one was applied to the snapshot, not to the state before it.",
    ),
)
_CALLED = f"resume({SNAPSHOT}, {AT}, log, apply), with {HEAD} events in the log, where apply notes their positions"
_LOOK = "Look at “Why a look back is cheap”."


def _source(which: str = "log.read(after=position)", does: str = "state = apply(state, event)", first: str = "") -> str:
    return (
        f"def resume(state, position, log, apply):\n{first}    for event in {which}:\n        {does}\n    return state"
    )


RESUME = Exercise(
    id="resume",
    lesson=7,
    title="On from the snapshot",
    minutes=8,
    task=(
        "`state` is a snapshot: the state of a log after the event at `position`, or before the first event if that is 0. "
        "`apply(state, event)` gives the next state. Write `resume(state, position, log, apply)`, which returns the state at the head of "
        "the log, and neither reads nor applies an event more than it must. What a state is, a tuple or a number, is not its business."
    ),
    stub='def resume(state, position, log, apply):\n    """The state at the head, from a snapshot at position."""\n    ...',
    check=check,
    hints=(
        "Which events does the snapshot hold already, and which is the first that it doesn't?",
        "log.read takes after=, a position that you have already; it gives the later events, oldest first.",
        "Go through them in a loop, and each time put what apply gives back in the place of state.",
    ),
    solutions=(
        _source(),
        "from functools import reduce\n\n\ndef resume(state, position, log, apply):\n"
        "    return reduce(apply, log.read(after=position), state)",
    ),
    wrong={
        _source("log"): "The whole log was replayed on top of the snapshot",
        _source("log.read(after=position - 1)"): "One event was applied twice",
        _source("log.read(after=position + 1)"): "One event was skipped",
        _source("log.read(after=position, reverse=True)"): "The newest event came first",
        _source("log.read(upto=position)"): "You read the events up to the position",
        _source(does="state = apply(event, state)"): "apply takes the state first",
        _source("log", first="    state = type(state)()\n"): "The state is right, but it was folded from nothing",
        _source(first="    state = type(state)()\n"): "The snapshot was thrown away",
        _source("list(log)[position:]"): "The state is right, but the events under the snapshot were read",
        _source("log", "state = apply(state, event) if event.position > position else state"): (
            "The state is right, but the events under the snapshot were read"
        ),
        "def resume(state, position, log, apply):\n    return state": "That is the snapshot",
        _source(does="apply(state, event)"): "The events were applied, but each time to the snapshot",
        _source(does="newest = apply(state, event)").replace(
            "return state", "return newest"
        ): "Only the last event counts",
        _source(does="return apply(state, event)"): "Only one event was applied",
        _source("log.read(position, log.head - 1)"): "It stops one event before the head",
        _source(does="state += (event.position,)"): "It works for some states only",
        _source(first="    if not state:\n        position = 0\n"): "It works for some states only",
        _source(does="newest = apply(state, event)", first="").replace("    return state", ""): "Nothing comes back",
        _source().replace("return state", "return event"): "That is an event, not a state",
        _source(does="state = apply(apply(state, event), event)"): "That is not the state at the head",
        _source("log.read(after=position)", first="    if position == 0:\n        return state\n"): "From position 0",
    },
)
