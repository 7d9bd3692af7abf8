"""Find out where a folder is now, from events in no order at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from eda_workshop.clock import ManualClock, as_instant
from eda_workshop.event import Event, Recorded
from eda_workshop.exercises.attempt import in_short, require_function
from eda_workshop.exercises.exercise import Exercise, Wrong
from eda_workshop.log import open_log

# Each story: its id, what happened, which folder, where it is then, and when it occurred. They are recorded in two batches,
# and the last move was made on a phone that was offline at the time. Each device counts its own ids.
_EARLY = (
    ("laptop-1", "folder.created", "f1", "/ada/photos", "2026-03-02T09:00:00Z"),
    ("laptop-2", "folder.created", "f2", "/ada/music", "2026-03-02T09:10:00Z"),
    ("laptop-3", "folder.moved", "f1", "/ada/summer", "2026-03-02T09:20:00Z"),
    ("tablet-1", "folder.moved", "f1", "/ada/tents", "2026-03-02T09:25:00Z"),
    ("laptop-4", "folder.moved", "f1", "/ada/sea", "2026-03-02T09:30:00Z"),
)
_LATE = (
    ("laptop-5", "folder.moved", "f1", "/ada/greece", "2026-03-06T09:00:00Z"),
    ("laptop-6", "folder.moved", "f1", "/ada/islands", "2026-03-06T09:10:00Z"),
    ("laptop-7", "folder.moved", "f1", "/ada/boats", "2026-03-06T09:20:00Z"),
    ("phone-1", "folder.moved", "f1", "/ada/holidays", "2026-03-03T18:00:00Z"),
    ("laptop-8", "folder.moved", "f3", "/ada/letters", "2026-03-06T09:30:00Z"),
    ("laptop-9", "folder.shared", "f1", "", "2026-03-06T09:40:00Z"),
)
_SHUFFLED = (5, 11, 6, 8, 1, 10, 9, 2, 4, 7, 3)
NOW = "/ada/holidays"
_SAID = {
    "/ada/sea": "You took the first in the list that fits. The list has no order; the log has.",
    "/ada/summer": "You took the last in the list that fits. The list has no order; the log has.",
    "/ada/boats": "You asked when it occurred. A phone told of one move days later: it occurred before others, and the log has it after them.",
    "/ada/greece": "You asked when it was recorded. Several events were recorded at one moment, and any of them could be the one.",
    "/ada/islands": "You asked when it was recorded. Several events were recorded at one moment, and any of them could be the one.",
    "/ada/tents": "You went by the ids. An id tells one event from another; it says nothing of their order.",
    "/ada/photos": "That is where the folder was created. It was moved since.",
    "/ada/letters": "That is another folder's path: nothing asks which folder an event is about.",
    "/ada/music": "That is another folder's path: nothing asks which folder an event is about.",
}


def recorded() -> list[Recorded]:
    """The events as a log has recorded them, in its order."""
    clock = ManualClock("2026-03-02T12:00:00Z")
    log = open_log("memory://", clock=clock)
    for batch in (_EARLY, _LATE):
        log.append(*(_event(*story) for story in batch))
        clock.advance(days=4)
    return list(log)


def _event(id: str, name: str, folder: str, path: str, occurred: str) -> Event:
    data = {"folder": folder, "path": path} if path else {"folder": folder, "with": "grace"}
    return Event(name, data, subject=f"folder/{folder}", id=id, occurred=as_instant(occurred))


def check(answer: Any) -> None:
    function = require_function(answer, "events", "folder")
    events = recorded()
    shuffled = [events[position - 1] for position in _SHUFFLED]
    got = _call(function, shuffled)
    if got != NOW:
        said = _SAID.get(got) if isinstance(got, str) else None
        raise Wrong(said or _other(got), _CALLED, got=in_short(got), look=_LOOK)
    if function(list(shuffled), "f2") != "/ada/music":
        said = "A folder that was never moved is still where it was created."
        raise Wrong(said, 'newest_path(events, "f2")', got=in_short(function(list(shuffled), "f2")))
    for other in (events, events[::-1]):
        got = function(list(other), "f1")
        if got != NOW:
            raise Wrong("The same events in another order give another path.", _CALLED, got=in_short(got), look=_LOOK)
    _check_unknown(function, shuffled)


def _call(function: Callable[..., Any], events: list[Recorded]) -> Any:
    try:
        return function(list(events), "f1")
    except KeyError as error:
        if error.args not in (("path",), ("folder",)):
            raise
        said = (
            "An event that has no such field stopped it. Others are among them: folder.shared, for one, tells no path."
        )
        raise Wrong(said, _CALLED, got=f"KeyError: {error}") from None


def _check_unknown(function: Callable[..., Any], events: list[Recorded]) -> None:
    called = 'newest_path(events, "f9")'
    try:
        got = function(list(events), "f9")
    except Exception as error:
        said = "No event tells of that folder, and instead of an answer there is an exception."
        raise Wrong(said, called, "None", type(error).__name__) from None
    if got is not None:
        said = "No event tells of that folder: then there is no path, and not even an empty one."
        raise Wrong(said, called, "None", in_short(got))


def _other(got: Any) -> str:
    if got is None:
        return (
            "The folder is somewhere, and nothing came back. Either a return is missing, or no event of the folder was found, or "
            "the last that was found tells no path, as folder.shared does."
        )
    if isinstance(got, Event):
        return "That is the event. What was asked for is the path in its data."
    return "That is not where the folder is."


_CALLED = 'newest_path(events, "f1"), with the events of a log in a shuffled list'
_LOOK = "What has each record, from 1 and without gaps?"
_NAMES = "('folder.created', 'folder.moved')"
_MINE = f"event.name in {_NAMES} and event.data['folder'] == folder"


def _source(choose: str, which: str = _MINE, give: str = "mine[-1].data['path'] if mine else None") -> str:
    return (
        f"def newest_path(events, folder):\n    mine = [event for event in events if {which}]\n"
        f"    {choose}\n    return {give}"
    )


_BY_POSITION = "mine.sort(key=lambda event: event.position)"

NEWEST_PATH = Exercise(
    id="newest_path",
    lesson=6,
    title="Where is it now?",
    minutes=6,
    task=(
        "Somebody hands you a list of recorded events, shuffled. `folder.created` and `folder.moved` have the data `folder`, such as "
        '`"f1"`, and `path`; other events may be among them. Write `newest_path(events, folder)`: the path of that folder after all of '
        "them, in the order in which the *log* has them, or `None` if none of them tells where it is. Some come from a phone that was "
        "offline for days, and some were appended together."
    ),
    stub='def newest_path(events, folder):\n    """The path of the folder after all events, None if there is none."""\n    ...',
    check=check,
    hints=(
        "A list can be in any order, and two times can be the same. What is different for each record of a log, and grows?",
        "Keep the events that tell a path of this folder; of those, the one with the greatest position has the answer.",
        "max(…, key=lambda event: event.position, default=None) gives None where nothing is left to choose from.",
    ),
    solutions=(
        _source(_BY_POSITION),
        "def newest_path(events, folder):\n    path = None\n"
        "    for event in sorted(events, key=lambda event: event.position):\n"
        "        if event.data.get('folder') == folder:\n            path = event.data.get('path', path)\n    return path",
    ),
    wrong={
        _source("pass"): "You took the last in the list",
        _source("mine.reverse()"): "You took the first in the list",
        _source("mine.sort(key=lambda event: event.occurred)"): "You asked when it occurred",
        _source("mine.sort(key=lambda event: event.recorded)"): "You asked when it was recorded",
        _source("mine.sort(key=lambda event: event.id)"): "You went by the ids",
        _source(_BY_POSITION, "event.subject == folder"): "The folder is somewhere, and nothing came back",
        _source("mine = mine and [max(mine, key=lambda event: event.recorded)]"): "You asked when it was recorded",
        _source(_BY_POSITION, _MINE.replace(_NAMES, "('folder.created',)")): "That is where the folder was created",
        _source(_BY_POSITION, _MINE.replace(_NAMES, "('folder.moved',)")): "A folder that was never moved is still",
        _source(_BY_POSITION, f"event.name in {_NAMES}"): "That is another folder's path",
        _source(
            _BY_POSITION, give="mine[-1].data['path'] if mine else ''"
        ): "No event tells of that folder: then there is no",
        _source(_BY_POSITION, give="mine[-1].data['path']"): "No event tells of that folder, and instead",
        _source(_BY_POSITION, "event.data['folder'] == folder"): "An event that has no such field",
        _source(_BY_POSITION, give="mine[-1] if mine else None"): "That is the event",
        _source(
            _BY_POSITION, "event.data['folder'] == folder", "mine[-1].data.get('path') if mine else None"
        ): "The folder is somewhere, and nothing came back",
        "def newest_path(events, folder):\n    return '/' + folder": "That is not where the folder is",
    },
)
