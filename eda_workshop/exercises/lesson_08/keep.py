"""Record a click so that no crash loses one that was acknowledged."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from eda_workshop.clock import ManualClock
from eda_workshop.event import Event
from eda_workshop.exercises.attempt import require_function
from eda_workshop.exercises.exercise import Exercise, Wrong
from eda_workshop.exercises.lesson_08.watched import WatchedDict
from eda_workshop.log import EventLog, open_log


class PowerCut(BaseException):
    """The plug is pulled: no `except Exception` sees it."""


def _world() -> tuple[EventLog, WatchedDict, Event]:
    log = open_log("memory://", clock=ManualClock())
    return log, WatchedDict(clicks=0), Event("button.clicked", id="click-1", occurred=log.clock.now())


def check(answer: Any) -> None:
    function = require_function(answer, "log", "memory", "event")
    _check_a_good_day(function)
    _check_another_day(function)
    _check_power_cut(function)
    _check_log_refuses(function)
    _check_again(function)


def _check_a_good_day(function: Callable[..., Any]) -> None:
    log, memory, event = _world()
    function(log, memory, event)
    if log.head == 0:
        raise Wrong("Nothing is in the log: after a restart nobody knows of the click.", _CALLED, "1 event", "0", _LOOK)
    if memory["clicks"] == 0:
        raise Wrong("The log has the click, but memory still says 0: the counter does not move.", _CALLED, look=_LOOK)
    if memory["clicks"] != 1:
        raise Wrong("One click was counted more than once.", _CALLED, "clicks: 1", f"clicks: {memory['clicks']}")
    if log.head != 1:
        raise Wrong("One click was recorded more than once.", _CALLED, "1 event", f"{log.head} events")


def _check_another_day(function: Callable[..., Any]) -> None:
    """There were clicks before, and the log holds other events as well."""
    log, memory, event = _world()
    log.append(Event("user.signed_up", id="evt-1", occurred=log.clock.now()), event.replace(id="click-0"))
    memory["clicks"] = 1
    function(log, memory, event)
    if memory["clicks"] != 2:
        said = "With one click before, and an event that is no click, the count is not right: each click adds one to what memory says."
        raise Wrong(said, _CALLED, "clicks: 2", f"clicks: {memory['clicks']}")


def _check_power_cut(function: Callable[..., Any]) -> None:
    """Wherever the power fails, the log knows at least what memory knew."""
    log, memory, event = _world()

    def cut(*_: Any) -> None:
        # Without power nothing more is written, not even in a finally.
        log.write = _no_power  # type: ignore[assignment, method-assign]
        raise PowerCut

    memory.after = cut
    with suppress(PowerCut):
        function(log, memory, event)
    if log.head < memory["clicks"]:
        raise Wrong(
            "The screen showed the click, the power went, and after the restart it is gone: memory was written first.",
            f"{_CALLED}, power cut right after memory is written",
            "1 event in the log",
            "none",
            _LOOK,
        )


def _check_log_refuses(function: Callable[..., Any]) -> None:
    """The disk is full."""
    log, memory, event = _world()
    writes = list[int]()
    memory.after = lambda _, value: writes.append(value)
    log.write = _refuse  # type: ignore[assignment, method-assign]
    try:
        function(log, memory, event)
    except OSError:
        if writes:
            said = (
                "The click could not be recorded, and it was counted all the same: what is on the screen is not true."
            )
            raise Wrong(said, "keep with a disk that is full", "clicks: 0", f"clicks: {writes[0]}") from None
        return
    except Exception as error:
        said = "The click could not be recorded, and another error than the log's came out: why it failed is hidden from the caller."
        raise Wrong(said, "keep with a disk that is full", "the error of the log", type(error).__name__) from None
    said = "The click could not be recorded, and the caller was not told: returning means that it counts."
    raise Wrong(said, "keep with a disk that is full", "the error of the log", "a return", "Who swallows it?")


def _check_again(function: Callable[..., Any]) -> None:
    """A client that got no answer sends the same event once more."""
    log, memory, event = _world()
    function(log, memory, event)
    function(log, memory, event)
    log.append(Event("user.signed_up", id="evt-1", occurred=log.clock.now()))
    function(log, memory, event)
    if memory["clicks"] != log.head - 1:
        said = (
            "The same click came twice, because the first answer got lost. The log knows it by its id and holds it once; "
            "memory counted it again, and says something else than the log."
        )
        called = f"{_CALLED}, then the same event again"
        raise Wrong(said, called, "clicks: 1", f"clicks: {memory['clicks']}", _IS_NEW)


def _no_power(*_: Any) -> Any:
    raise PowerCut


def _refuse(*_: Any) -> Any:
    raise OSError("the disk is full")


_CALLED = "keep(log, memory, event)"
_LOOK = "Look at “Break it: memory first”: what must be there before anybody is told?"
_IS_NEW = "append returns the old position for an event that is there already. Which positions are new?"
_HEAD = "def keep(log, memory, event):\n"
_LOG = "log.append(event)"
_COUNT = 'memory["clicks"] += 1'


def _source(*lines: str) -> str:
    return _HEAD + "\n".join(f"    {line}" for line in lines)


KEEP = Exercise(
    id="keep",
    lesson=8,
    title="Log, memory, answer",
    minutes=8,
    task=(
        "Write `keep(log, memory, event)`: it records a click in the log and counts it in `memory`, a dict with the key `clicks`. "
        "Returning means “it counts”. The power may go between any two steps, and the disk may be full: whatever was "
        "acknowledged or shown must be there after a restart, and an error of the log must reach the caller. A client that got no answer sends "
        "the same event again: it counts once, in the log and in memory."
    ),
    stub='def keep(log, memory, event):\n    """Record a click, and count it."""\n    ...',
    check=check,
    hints=(
        "Memory is gone after a crash; the log is not. Which of them may be ahead of the other?",
        "Ask of each order of the two writes: the power goes between them. What does the restart find?",
        "log.append(event) returns when the log has the event, and raises if it can't. Count after it, and catch nothing.",
        "Look at log.head before you append. An event that is new gets a position beyond it; one that is there already keeps its old one.",
    ),
    solutions=(
        _source("head = log.head", "(position,) = log.append(event)", "if position > head:", f"    {_COUNT}"),
        _source("is_new = log.find(event.id) is None", _LOG, 'memory["clicks"] = memory["clicks"] + is_new'),
    ),
    wrong={
        _source(_COUNT, _LOG): "The screen showed the click",
        _source('memory.update(clicks=memory["clicks"] + 1)', _LOG): "The screen showed the click",
        _source("try:", f"    {_COUNT}", "finally:", f"    {_LOG}"): "The screen showed the click",
        _source(_COUNT): "Nothing is in the log",
        _source(_LOG): "The log has the click, but memory",
        _source(
            "try:", f"    {_LOG}", "except OSError:", "    pass", _COUNT
        ): "The click could not be recorded, and the caller",
        _source(
            "try:", f"    {_LOG}", "finally:", f"    {_COUNT}"
        ): "The click could not be recorded, and it was counted",
        _source(
            "try:", f"    {_LOG}", "except OSError:", '    raise Rejected("not now") from None', _COUNT
        ): "The click could not be recorded, and another error",
        _source(_LOG, 'memory["clicks"] = len(log)'): "With one click before",
        _source(_LOG, 'memory["clicks"] = 1'): "With one click before",
        _source(_LOG, _COUNT): "The same click came twice",
        _source(
            "head = log.head", "(position,) = log.append(event)", "if position >= head:", f"    {_COUNT}"
        ): "The same click came twice",
        _source("positions = log.append(event)", 'memory["clicks"] += len(positions)'): "The same click came twice",
        _source(_LOG, _COUNT, _COUNT): "One click was counted more than once",
        _source(_LOG, 'log.append(event.replace(id="again"))', _COUNT): "One click was recorded more than once",
    },
)
