"""Write, and read what you wrote."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from eda_workshop.clock import ManualClock
from eda_workshop.drive import Count
from eda_workshop.errors import StillBehind
from eda_workshop.event import Event
from eda_workshop.exercises.attempt import require_function
from eda_workshop.exercises.exercise import Exercise, Wrong
from eda_workshop.log import EventLog, open_log
from eda_workshop.replay import Projection

SEEN = 3
PATIENCE = 50


class _Follower(Projection):
    """A projection that moves only while somebody waits for it, and notes for what."""

    def __init__(self, log: EventLog) -> None:
        super().__init__(log, Count)
        super().advance()
        self.waits: list[int] = []
        self.looks = 0
        self.is_down = False
        self.pushed = False

    def __setattr__(self, name: str, value: Any) -> None:
        if name in ("state", "_values") and hasattr(self, "pushed"):
            said = "The read model was to be changed by hand. It follows the log, and nothing else."
            raise Wrong(said, _CALLED, got=f"projection.{name} = …", look=_LOOK)
        super().__setattr__(name, value)

    @property
    def position(self) -> int:
        """How far it came; whoever keeps asking is told so, since here it moves in `wait` only."""
        self._look()
        return super().position

    @property
    def lag(self) -> int:
        self._look()
        return super().lag

    def _look(self) -> None:
        self.looks += 1
        if self.looks > PATIENCE:
            said = "You ask again and again how far it is, which keeps a processor busy. wait sleeps until it is there."
            raise Wrong(said, _CALLED, got=f"{PATIENCE} looks in a row", look=_LOOK)

    def wait(self, position: int, timeout: float = 5) -> Any:
        if isinstance(position, tuple):
            said = "You waited for a tuple: several events may be appended at once, and each has a position."
            raise Wrong(said, _CALLED, "a number", f"{position}", _LOOK)
        self.waits.append(position)
        if self.is_down:
            raise StillBehind(self.name, self._position, position, "nobody moves it")
        super().advance(max(position - self._position, 0))
        return super().wait(position, timeout)

    def advance(self, limit: int | None = None) -> int:
        self.pushed = True
        return super().advance(limit)

    def start(self) -> None:
        self.pushed = True
        super().advance()


def _event(number: int) -> Event:
    return Event("user.signed_up", {"user": f"u{number}"}, id=f"evt-{number}", occurred="2026-03-02T09:00:00Z")  # type: ignore[arg-type]


def check(answer: Any) -> None:
    function = require_function(answer, "log", "projection", "event")
    names = set(function.__code__.co_names)
    if "sleep" in names:
        said = (
            "You look, sleep and look again: mostly it is there while you still sleep. wait wakes up as soon as it is."
            if names & {"position", "lag"}
            else "You sleep and hope: mostly that is too long, and now and then too short. Nobody tells you when it is there."
        )
        raise Wrong(said, got="a sleep", look=_LOOK)
    _check_once(function)
    _check_crowd(function)
    _check_behind(function)


def _world() -> tuple[EventLog, _Follower]:
    log = open_log("memory://", clock=ManualClock())
    log.append(*map(_event, range(SEEN)))
    return log, _Follower(log)


def _check_once(function: Callable[..., Any]) -> None:
    log, projection = _world()
    got = function(log, projection, _event(SEEN))
    if log.head == SEEN:
        raise Wrong("Nothing was written: the log is as it was.", _CALLED, f"{SEEN + 1} events", f"{SEEN}", _LOOK)
    if log.head > SEEN + 1:
        raise Wrong("It was written more than once.", _CALLED, f"{SEEN + 1} events", f"{log.head}", _LOOK)
    if projection.pushed:
        raise Wrong(
            "You moved the projection yourself. It has a pace of its own, and perhaps another process: wait for it.",
            _CALLED,
            look=_LOOK,
        )
    if isinstance(got, (int, tuple)):
        raise Wrong(
            "What comes back is a position. The state at that position was asked for.", _CALLED, got=f"{got!r:.40}"
        )
    if got is None:
        raise Wrong("Nothing comes back.", _CALLED, "the state, with your sign-up in it", "None")
    if not isinstance(got, Mapping):
        said = "What comes back is not the state of the projection."
        raise Wrong(said, _CALLED, "the state, with your sign-up in it", type(got).__name__)
    if got.get("users") != SEEN + 1:
        raise Wrong(_stale(projection), _CALLED, f"users: {SEEN + 1}", f"users: {got.get('users')}", _LOOK)
    if not projection.waits:
        said = "The number is right, but you did the projection's work again: it did not have your write when you answered."
        raise Wrong(said, _CALLED, f"a projection at {SEEN + 1}", f"one at {projection.position}", _LOOK)


def _stale(projection: _Follower) -> str:
    if not projection.waits:
        return "You read at once, and your own write is not there yet: the projection is behind."
    if max(projection.waits) > SEEN:
        return "You waited for your write, and then gave back a state from before: each state stays as it is. Read it after the wait."
    return "You waited for a position that was there before your write: wait for the one that append gives back."


def _check_crowd(function: Callable[..., Any]) -> None:
    """Others write, too, right before you and right after you."""
    log, projection = _world()
    append, mine = log.append, list[int]()

    def crowded(*events: Event, **condition: Any) -> tuple[int, ...]:
        append(*map(_event, range(20, 22)))
        positions = append(*events, **condition)
        append(*map(_event, range(50, 60)))
        mine.extend(positions)
        return positions

    log.append = crowded  # type: ignore[method-assign]
    function(log, projection, _event(SEEN))
    if not projection.waits:
        raise Wrong("With others writing as well, nobody waited for your write.", _CALLED, look=_LOOK)
    if not mine:  # It was written another way, by a bus, say; the first check has seen that it arrives.
        return
    waited = max(projection.waits)
    if waited < mine[0]:
        raise Wrong(
            "You reckoned which position your write would get. Somebody was faster, and has it.",
            f"{_CALLED}, while others append two events just before",
            f"wait({mine[0]})",
            f"wait({waited})",
            _LOOK,
        )
    if waited > mine[0]:
        raise Wrong(
            "You waited for the head, and with it for everybody else's writes. On a busy log that may take for ever.",
            f"{_CALLED}, while others append ten events more",
            f"wait({mine[0]})",
            f"wait({waited})",
            _LOOK,
        )


def _check_behind(function: Callable[..., Any]) -> None:
    """The projection's program is down: no state with your write in it will come in time."""
    log, projection = _world()
    projection.is_down = True
    try:
        got = function(log, projection, _event(SEEN))
    except StillBehind:
        return
    except Exception as error:
        got = type(error).__name__
    said = "The projection never got there, and that was kept from the caller, who takes an old state for one with the write in it."
    raise Wrong(said, f"{_CALLED}, while the projection stands still", "StillBehind", f"{got!s:.60}", _LOOK)


_CALLED = "read_your_write(log, projection, event)"
_LOOK = "Look at “Read your own write”."
_HEAD = "def read_your_write(log, projection, event):\n"


def _source(*lines: str) -> str:
    return _HEAD + "\n".join(f"    {line}" for line in lines)


READ_YOUR_WRITE = Exercise(
    id="read_your_write",
    lesson=10,
    title="Read your own write",
    minutes=8,
    task=(
        "Write `read_your_write(log, projection, event)`: it appends the event, waits until the projection has come to it, and returns the "
        "projection's state then. The projection moves by itself; others write to the log as well, and you don't wait for them. If it doesn't get there in time, the caller hears of it."
    ),
    stub='def read_your_write(log, projection, event):\n    """The state of the projection, with this event in it."""\n    ...',
    check=check,
    hints=(
        "append returns positions, a tuple with one for each event.",
        "projection.wait(position) returns the state as soon as the projection is there.",
    ),
    solutions=(
        _source("(position,) = log.append(event)", "return projection.wait(position)"),
        _source("positions = log.append(event)", "projection.wait(positions[0])", "return projection.state"),
    ),
    wrong={
        _source("log.append(event)", "return projection.state"): "You read at once",
        _source(
            "head = log.head", "log.append(event)", "return projection.wait(head)"
        ): "You waited for a position that was there",
        _source("log.append(event)", "return projection.wait(log.head)"): "You waited for the head",
        _source("position = log.head + 1", "log.append(event)", "return projection.wait(position)"): (
            "You reckoned which position"
        ),
        _source("return projection.wait(log.append(event))"): "You waited for a tuple",
        "import time\n\n\n"
        + _source("log.append(event)", "time.sleep(1)", "return projection.state"): "You sleep and hope",
        "import time\n\n\n"
        + _source(
            "(position,) = log.append(event)",
            "while projection.position < position:",
            "    time.sleep(0.1)",
            "return projection.state",
        ): "You look, sleep and look again",
        _source(
            "(position,) = log.append(event)",
            "while projection.position < position:",
            "    pass",
            "return projection.state",
        ): "You ask again and again how far it is",
        _source(
            "state = projection.state", "(position,) = log.append(event)", "projection.wait(position)", "return state"
        ): "You waited for your write, and then gave back",
        _source("log.append(event)", "return fold(log, projection.model)"): "The number is right, but you did",
        _source(
            "log.append(event)", 'return {**projection.state, "users": projection.state["users"] + 1}'
        ): "The number is right, but you did",
        _source("log.append(event)", "return projection"): "What comes back is not the state",
        _source("(position,) = log.append(event)", "projection.start()", "return projection.wait(position)"): (
            "You moved the projection yourself"
        ),
        _source("log.append(event)", "projection._values = {**projection.state}", "return projection.state"): (
            "The read model was to be changed by hand"
        ),
        _source(
            "log.append(event)", "projection.advance()", "return projection.state"
        ): "You moved the projection yourself",
        _source(
            "(position,) = log.append(event)", "projection.wait(position)", "return position"
        ): "What comes back is a position",
        _source("(position,) = log.append(event)", "projection.wait(position)"): "Nothing comes back",
        _source(
            "(position,) = log.append(event)",
            "try:",
            "    return projection.wait(position)",
            "except Exception:",
            "    return projection.state",
        ): "The projection never got there",
        _source("return projection.wait(log.head)"): "Nothing was written",
        _source("log.append(event)", 'log.append(event.replace(id="again"))', "return projection.wait(log.head)"): (
            "It was written more than once"
        ),
        _source(
            "log.append(event)", 'projection.state = {**projection.state, "users": 4}', "return projection.state"
        ): ("The read model was to be changed by hand"),
    },
)
