"""Order two writes so that no crash between them does harm."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from eda_workshop.bus import Bus
from eda_workshop.clock import ManualClock
from eda_workshop.exercises.attempt import kind, require_function
from eda_workshop.exercises.exercise import Exercise, Wrong
from eda_workshop.ids import CounterIds
from eda_workshop.log import EventLog, open_log

PATH = "/ada/photos"


class PowerCut(BaseException):
    """The plug is pulled: no `except Exception` sees it."""


class _Disk(set[str]):
    """A disk that the power may fail on, before or after the write."""

    fails = ""

    def add(self, path: str) -> None:
        if self.fails == "before":
            raise PowerCut
        super().add(path)
        if self.fails == "after":
            raise PowerCut


class _Machine:
    """One life of the program: a bus on a log that outlives it, and the learner's wiring."""

    def __init__(self, function: Callable[..., Any], log: EventLog, disk: _Disk) -> None:
        self.bus = Bus(log, ids=CounterIds(f"life-{log.head}"))
        self.create = function(self.bus, disk)
        if not callable(self.create):
            look = "Return create itself, not what create(path) comes to."
            raise Wrong(
                "log_first(bus, disk) must return create, a function of a path.", "", "", kind(self.create), look
            )


def check(answer: Any) -> None:
    function = require_function(answer, "bus", "disk")
    _check_a_good_day(function)
    _check_the_broker_is_down(function)
    for moment in ("before", "after"):
        _check_power_cut(function, moment)


def _check_a_good_day(function: Any) -> None:
    log, disk = open_log("memory://", clock=ManualClock()), _Disk()
    _Machine(function, log, disk).create(PATH)
    events = [(event.name, dict(event.data)) for event in log]
    if ("folder.created", {"path": PATH}) not in events:
        raise Wrong(
            "On a good day the log has no folder.created with the path.", f"create({PATH!r})", got=_told(events)
        )
    if PATH not in disk:
        got = "something else on the disk" if disk else "nothing on the disk"
        raise Wrong("On a good day the folder is not on the disk.", f"create({PATH!r})", PATH, got, _LOOK)


def _told(events: list[tuple[str, dict[str, Any]]]) -> str:
    return ", ".join(f"{name} with {', '.join(data) or 'no data'}" for name, data in events) or "an empty log"


def _check_the_broker_is_down(function: Any) -> None:
    log, disk = open_log("memory://", clock=ManualClock()), _Disk()
    machine = _Machine(function, log, disk)
    log.write = _refuse  # type: ignore[assignment, method-assign]
    try:
        machine.create(PATH)
    except Exception:  # the failure itself, or what the learner makes of it
        pass
    else:
        raise Wrong("The fact could not be recorded, and the caller was not told: the exception was swallowed.")
    if disk:
        raise Wrong(
            "The fact could not be recorded, but the folder was made: it is on the disk, and nobody will ever hear of it.",
            look="What is written first?",
        )


def _check_power_cut(function: Any, moment: str) -> None:
    log, disk = open_log("memory://", clock=ManualClock()), _Disk()
    machine, disk.fails = _Machine(function, log, disk), moment
    with suppress(PowerCut):
        machine.create(PATH)
    disk.fails = ""
    revived = _Machine(function, log, disk).bus
    for subscriber in revived.subscribers.values():
        if subscriber.position is not None:
            subscriber.catch_up()
    created = [event.data["path"] for event in log.read(names="folder.created")]
    if PATH in disk and not created:
        raise Wrong(
            "The power failed after the first write: the folder is on the disk, and the log has no fact. Nobody can put that right later.",
            called=f"create({PATH!r}), power cut after the disk is written, restart",
            look="What is written first?",
        )
    if created and PATH not in disk:
        raise Wrong(
            "After a power cut the log has the folder, but the disk never gets it: nobody catches up when the program comes back.",
            called=f"create({PATH!r}), power cut {moment} the disk is written, restart",
            look=_LOOK,
        )
    if len(created) > 1:
        raise Wrong("After a restart the log does not hold the fact exactly once.", got=f"{len(created)} times")


def _refuse(*_: Any) -> Any:
    raise OSError("the log can't be written")


_LOOK = "Who writes the disk, and where does it go on after a restart?"
_HEAD = "def log_first(bus, disk):\n"
_PUBLISH = 'bus.publish("folder.created", {"path": path})'
_CREATE = f"\n    def create(path):\n        {_PUBLISH}\n\n    return create"
_KEEP = '    keeper.on("folder.created", lambda event: disk.add(event.data["path"]))\n'
_DISK_FIRST = f"    def create(path):\n        disk.add(path)\n        {_PUBLISH}\n\n    return create"
_SWALLOW = (
    f"    def create(path):\n        disk.add(path)\n        try:\n            {_PUBLISH}\n"
    "        except Exception:\n            pass\n\n    return create"
)
_BOTH = f"    def create(path):\n        {_PUBLISH}\n        disk.add(path)\n\n    return create"

LOG_FIRST = Exercise(
    id="log_first",
    lesson=5,
    title="Two writes, one truth",
    minutes=10,
    task=(
        "Mend the dual write. `log_first(bus, disk)` wires things up and returns `create(path)`. After `create`, the log holds "
        '`folder.created` with `{"path": path}`, and `path` is in the set `disk`. If the log can\'t be written, the caller learns it and '
        "there is no folder. If the power fails around the write to the disk, then after a restart, which calls `log_first` again and "
        "lets every subscriber catch up, both are right, and the fact is there once."
    ),
    stub='def log_first(bus, disk):\n    """Return create(path): first the fact, then the folder."""\n    ...',
    check=check,
    hints=(
        "create should do one write only. Which of the two can be derived from the other?",
        "Let a subscriber write the disk when it hears folder.created. A set takes the same path twice without harm.",
        'It has to go on where it was: bus.subscriber("disk", durable=True, after=0).',
    ),
    solutions=(_HEAD + '    keeper = bus.subscriber("disk", durable=True, after=0)\n' + _KEEP + _CREATE,),
    wrong={
        _HEAD + _DISK_FIRST: "The fact could not be recorded, but the folder was made",
        _HEAD + f"    def create(path):\n        disk.add(path)\n        try:\n            {_PUBLISH}\n"
        "        except Exception:\n            disk.discard(path)\n            raise\n\n    return create": (
            "The power failed after the first write"
        ),
        _HEAD + _SWALLOW: "The fact could not be recorded, and the caller was not told",
        _HEAD + _BOTH: "After a power cut the log has the folder, but the disk never gets it",
        _HEAD + '    keeper = bus.subscriber("disk")\n' + _KEEP + _CREATE: "After a power cut the log has the folder",
        _HEAD + _CREATE: "On a good day the folder is not on the disk",
        _HEAD + "    return lambda path: disk.add(path)": "On a good day the log has no folder.created",
        _HEAD
        + _KEEP.replace("keeper", 'bus.subscriber("disk", durable=True, after=0)'): "log_first(bus, disk) must return",
    },
)
