"""A key for the shards: order where it is needed, and no shard that does all the work."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from typing import Any
from zlib import crc32

from eda_workshop.clock import as_instant
from eda_workshop.event import Event
from eda_workshop.exercises.attempt import require_function
from eda_workshop.exercises.exercise import Exercise, Wrong

MOST = 1.6
"""A shard may have so many times the mean; with 90 folders on four shards an even key stays well below."""


def _events() -> list[Event]:
    """Three hundred events of 90 folders; two of three are Ada's, and most are moves."""
    chance, events = random.Random(5), []
    for number in range(300):
        folder = f"f{chance.randrange(90)}"
        user = "ada" if int(folder[1:]) % 3 else f"user {folder[1:]}"
        name = "folder.moved" if chance.random() < 0.9 else "folder.shared"
        occurred = as_instant(f"2026-03-02T09:{number // 60:02}:{number % 60:02}Z")
        data = {"user": user, "folder": folder}
        events.append(Event(name, data, subject=f"folder/{folder}", id=f"evt-{number:04}", occurred=occurred))
    return events


def check(answer: Any) -> None:
    function = require_function(answer, "event", "shards")
    events = _events()
    for shards in (4, 3):
        places = [_place(function, event, shards) for event in events]
        _check_order(function, events, places, shards)
        _check_stable(function, events, places, shards)
        _check_even(events, places, shards)


def _place(function: Callable[..., Any], event: Event, shards: int) -> int:
    place = function(event, shards)
    if type(place) is not int or not 0 <= place < shards:
        said = "A shard is a number from 0, below the number of shards."
        raise Wrong(said, f"shard_of(…, {shards})", f"0 to {shards - 1}", f"{place!r:.40}", _LOOK)
    return place


def _check_order(function: Callable[..., Any], events: list[Event], places: list[int], shards: int) -> None:
    """All of a folder's events on one shard, at each call."""
    homes: dict[str, int] = {}
    for event, place in zip(events, places, strict=True):
        if homes.setdefault(event.subject, place) != place:
            again = [_place(function, event, shards) for _ in range(8)]
            if len(set(again)) > 1:
                said = "Asked twice about the same event, it names two shards. Chance, and counting, don't know where a thing was put."
                raise Wrong(said, f"shard_of({event.id}) eight times", got=f"{again}", look=_LOOK)
            said = "Two events of one folder are on two shards. Order holds within a shard only: nobody can tell any more which move was the last."
            raise Wrong(
                said, f"all events of {event.subject}", "one shard", f"{homes[event.subject]} and {place}", _LOOK
            )


def _check_stable(function: Callable[..., Any], events: list[Event], places: list[int], shards: int) -> None:
    """The same in another process, where Python's own hash of a text is another."""
    before = function.__globals__.get("hash", hash)
    function.__globals__["hash"] = lambda given: crc32(f"another process {given!r}".encode())
    try:
        elsewhere = [_place(function, event, shards) for event in events]
    finally:
        function.__globals__["hash"] = before
    if elsewhere != places:
        said = (
            "Another process puts the same folder elsewhere: Python's hash() of a text is another one in each process."
        )
        raise Wrong(said, "shard_of in two processes", "the same shards", "others", _LOOK)


def _check_even(events: list[Event], places: list[int], shards: int) -> None:
    loads = Counter(places)
    hot = max(loads.values()) * shards / len(events)
    if len(loads) == 1:
        raise Wrong(
            "All events are on one shard. The others were bought for nothing.",
            got=f"{len(events)} on shard {places[0]}",
            look=_LOOK,
        )
    if hot <= MOST:
        return
    busiest = loads.most_common(1)[0][0]
    owners = {event.data["user"] for event, place in zip(events, places, strict=True) if place == busiest}
    users = {event.data["user"]: place for event, place in zip(events, places, strict=True)}
    by_user = all(users[event.data["user"]] == place for event, place in zip(events, places, strict=True))
    said = "One shard does most of the work."
    if by_user and "ada" in owners:
        said = (
            "Ada is on one shard with all that she does, and she does most. A key is only as good as its busiest value."
        )
    elif len(loads) < shards:
        said = "A shard never gets anything. How large a remainder can be depends on what you divide by."
    raise Wrong(
        said, f"{len(events)} events on {shards} shards", f"at most {MOST} times the mean", f"{hot:.1f} times", _LOOK
    )


_LOOK = "Look at the bars of “Shards”: what is the same for events whose order matters, and differs for most others?"
_HEAD = "import zlib\n\n\ndef shard_of(event, shards):\n"
_PLAIN = "def shard_of(event, shards):\n"
_CRC = "    return zlib.crc32({}.encode()) % shards"

SHARD_OF = Exercise(
    id="shard_of",
    lesson=15,
    title="A key for the shards",
    minutes=7,
    task=(
        "Write `shard_of(event, shards)`: the number of the shard, from 0, that an event goes to. The events of one folder (its name is in "
        "`event.subject`) must stay in order; Ada owns two folders of three and is always busy; and several programs do this at once and must agree. "
        "`zlib.crc32(text.encode())` makes a number of a text, the same one everywhere."
    ),
    stub='import zlib\n\n\ndef shard_of(event, shards):\n    """Which shard gets this event: 0 to shards - 1."""\n    ...',
    check=check,
    hints=(
        "Order is needed within a folder, and not within a user or a name.",
        "The remainder of a number, divided by the number of shards, is a shard.",
    ),
    solutions=(
        _HEAD + _CRC.format("event.subject"),
        _HEAD + _CRC.format('event.data["folder"]'),
        "import hashlib\n\n\ndef shard_of(event, shards):\n    return int(hashlib.sha256(event.subject.encode()).hexdigest(), 16) % shards",
    ),
    wrong={
        _HEAD + _CRC.format('event.data["user"]'): "Ada is on one shard with all that she does",
        _HEAD + _CRC.format("event.id"): "Two events of one folder are on two shards",
        _HEAD + _CRC.format("event.name"): "Two events of one folder are on two shards",
        _HEAD + _CRC.format("str(event.occurred)"): "Two events of one folder are on two shards",
        _PLAIN + "    return hash(event.subject) % shards": "Another process puts the same folder elsewhere",
        "import random\n\n\n" + _PLAIN + "    return random.randrange(shards)": "Asked twice about the same event",
        "import itertools\nturns = itertools.count()\n\n\n"
        + _PLAIN
        + "    return next(turns) % shards": "Asked twice about the same event",
        _PLAIN + "    return 0": "All events are on one shard",
        _HEAD + "    return zlib.crc32(event.subject.encode())": "A shard is a number from 0",
        _HEAD + "    return zlib.crc32(event.subject.encode()) % (shards - 1)": "A shard never gets anything",
        _PLAIN + "    return event.subject": "A shard is a number from 0",
        _PLAIN
        + '    return min(shards - 1, int(event.subject.removeprefix("folder/f")) // 10)': "One shard does most of the work",
    },
)
