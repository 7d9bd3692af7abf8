"""A branch in which the ship called elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from eda_workshop.clock import ManualClock
from eda_workshop.errors import BadEdit, DuplicateEvent, MadeUp
from eda_workshop.event import Event
from eda_workshop.exercises.attempt import require_function
from eda_workshop.exercises.exercise import Exercise, Wrong
from eda_workshop.log import EventLog, open_log
from eda_workshop.replay import Branch, Timeline
from eda_workshop.stories.cargo import Freight

CALLS = ("Los Angeles", "Vancouver", "Seattle", "Halifax", "San Francisco")

CASES = ((3, "Oakland"), (2, "Portland"), (6, "Boston"))
"""A call's position, and where the ship is to have called instead."""

Facts = list[tuple[str, dict[str, Any]]]


def _timeline() -> Timeline:
    """The books are loaded, the ship calls at five ports: a call at each position from 2 to 6."""
    log = open_log("memory://", clock=ManualClock("2026-03-09T09:00:00Z"))
    told = [("cargo.loaded", {"cargo": "books"}), *(("ship.arrived", {"port": port}) for port in CALLS)]
    log.append(*(Event(name, data, id=f"evt-{n}", occurred=log.clock.now()) for n, (name, data) in enumerate(told, 1)))
    return Timeline(log, Freight)


def check(answer: Any) -> None:
    function = require_function(answer, "timeline", "position", "port")
    for position, port in CASES:
        timeline, called = _timeline(), f"what_if(timeline, {position}, {port!r})"
        last = timeline.log.last
        try:
            got = function(timeline, position, port)
        except (MadeUp, DuplicateEvent) as error:
            raise Wrong(_TO_LOG, called, got=type(error).__name__, look=_UNTOUCHED) from None
        except BadEdit as error:
            if "shared" not in error.problem:
                raise
            said = "The branch begins at the event, or behind it. What both share can't be edited: branch before it."
            raise Wrong(said, called, got=f"BadEdit: {error.problem}", look=_LOOK) from None
        if timeline.log.last != last:
            said = "The real log was changed. What never happened is in it now, for everybody and for good."
            raise Wrong(said, called, "the same tip as before", "another", _UNTOUCHED)
        _check_kind(got, timeline.log, called)
        _check_events(got, timeline, position, port, called)


def _check_kind(got: Any, log: EventLog, called: str) -> None:
    if not isinstance(got, Branch):
        kind = "None" if got is None else type(got).__name__
        if isinstance(got, EventLog) or (isinstance(got, Timeline) and got.log is not log):
            raise Wrong(_COPY, called, "a Branch of the timeline", kind, _LOOK)
        said = "Nothing comes back." if got is None else "The branch was asked for, not what it comes to."
        raise Wrong(said, called, "a Branch", kind, _LOOK)
    if got.timeline.log is not log:
        raise Wrong(_COPY, called, "a Branch of the timeline", "a branch of another log", _LOOK)


def _check_events(branch: Branch, timeline: Timeline, position: int, port: str, called: str) -> None:
    logged, got = _facts(timeline.log), _facts(branch.events)
    right = [*logged[: position - 1], ("ship.arrived", {"port": port}), *logged[position:]]
    if got != right:
        expected, found = (", ".join(_word(fact) for fact in facts) for facts in (right, got))
        raise Wrong(_said(got, logged, right, position), called, expected, found, _LOOK)


def _said(got: Facts, logged: Facts, right: Facts, position: int) -> str:
    """The misconception behind events that are not the right ones."""
    if got == logged:
        return "Nothing is otherwise in this branch: its events are those of the log."
    if got == [*logged[: position - 1], *logged[position:]]:
        return "The call was left out. It took place, at another port: that is another question."
    if len(got) <= position < len(logged):
        return "What came after the call is gone, as if the ship had stopped there."
    if len(got) < len(logged):
        return "An event is missing that took place all the same."
    if len(got) > len(logged):
        return "The ship calls at both ports now: to insert leaves what was there."
    if sorted(map(str, got)) == sorted(map(str, right)):
        return "The call is there, but not in its place: the order of a history decides what it comes to."
    if got[position - 1] == right[position - 1]:
        return "More than the one call is otherwise. One thought a branch, or nobody knows what made the difference."
    if logged[position - 1] == got[position - 1]:
        return "Another event was changed. Positions count from 1, and the branch point is the last that stays."
    return "The event in that place is not the call at the other port."


def _facts(events: Iterable[Event]) -> Facts:
    return [(event.name, dict(event.data)) for event in events]


def _word(fact: tuple[str, dict[str, Any]]) -> str:
    return str(next(iter(fact[1].values()), "nothing"))[:20]


_COPY = (
    "This goes on with a copy of the log. It knows neither what it was made from nor what differs: ask the timeline."
)
_TO_LOG = "What was made up was to go into the real log. A branch is there to be looked at, never to be recorded."
_LOOK = "Look at “What if?”."
_UNTOUCHED = "Look at “The log knows nothing of it”."


def _source(*lines: str) -> str:
    return "def what_if(timeline, position, port):\n" + "\n".join(f"    {line}" for line in lines)


_AT = "timeline.branch(position - 1)"
_PORT = 'data={"port": port}'
_NEW = 'Event("ship.arrived", {"port": port})'

WHAT_IF = Exercise(
    id="what_if",
    lesson=13,
    title="Another port",
    minutes=7,
    task=(
        "Write `what_if(timeline, position, port)`. At `position`, the log has a `ship.arrived`. Return the branch in which the ship called at "
        "another `port` there, and all else went as it did: what came before, and what came after."
    ),
    stub='def what_if(timeline, position, port):\n    """The branch in which the call at this position was at another port."""\n    ...',
    check=check,
    hints=(
        "timeline.branch(at) shares everything up to `at`, and lets you edit everything after it.",
        "replace(position, data=…) lets an event have happened otherwise, and its place stays. Every edit gives back the branch.",
    ),
    solutions=(
        _source(f"return {_AT}.replace(position, {_PORT})"),
        _source("branch = timeline.branch(0)", f"branch.replace(position, {_PORT})", "return branch"),
        _source(f"return {_AT}.drop(position).insert({_NEW})"),
    ),
    wrong={
        _source(f"return timeline.branch(position).replace(position, {_PORT})"): "The branch begins at the event",
        _source(f"return timeline.branch().replace(position, {_PORT})"): "The branch begins at the event",
        _source(f"timeline.log.append({_NEW})", "return timeline.branch()"): "The real log was changed",
        _source(f"branch = {_AT}.replace(position, {_PORT})", "timeline.log.append(*branch.events)", "return branch"): (
            "What was made up was to go"
        ),
        _source(
            "copy = open_log('memory://')",
            "for event in timeline.log:",
            "    if event.position == position:",
            f"        event = event.event.replace({_PORT})",
            "    copy.append(event)",
            "return Timeline(copy, timeline.model)",
        ): "This goes on with a copy",
        _source(
            "copy = open_log('memory://')",
            "copy.append(*timeline.log)",
            f"return Timeline(copy, timeline.model).branch(position - 1).replace(position, {_PORT})",
        ): "This goes on with a copy",
        _source(f"return {_AT}.drop(position)"): "The call was left out",
        _source(f"return {_AT}.replace(position + 1, {_PORT})"): "Another event was changed",
        _source(f"return timeline.branch(0).replace(position - 1, {_PORT})"): "Another event was changed",
        _source(f"return {_AT}.cut().append({_NEW})"): "What came after the call is gone",
        _source(f"return {_AT}.insert({_NEW})"): "The ship calls at both ports",
        _source(f"return {_AT}.drop(position).append({_NEW})"): "The call is there, but not in its place",
        _source(
            f"branch = {_AT}",
            "for later in range(position, timeline.log.head + 1):",
            f"    branch.replace(later, {_PORT})",
            "return branch",
        ): "More than the one call",
        _source(f"return {_AT}.replace(position, {_PORT}).state"): "The branch was asked for",
        _source("branch = timeline.branch(position - 1)", "return branch"): "Nothing is otherwise",
        _source(f"{_AT}.replace(position, {_PORT})"): "Nothing comes back",
        _source('return timeline.branch(0).replace(position, data={"harbour": port})'): "The event in that place",
    },
)
