"""A pure reducer for folders that move."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import FunctionType
from typing import Any

from eda_workshop.clock import ManualClock
from eda_workshop.errors import FrozenData
from eda_workshop.event import Event
from eda_workshop.exercises.attempt import require_function
from eda_workshop.exercises.exercise import Exercise, Wrong
from eda_workshop.exercises.lesson_07.shown import as_dict, shown
from eda_workshop.exercises.purity import require_pure
from eda_workshop.ids import CounterIds
from eda_workshop.log import EventLog, open_log
from eda_workshop.replay import Model, applies, fold
from eda_workshop.values import freeze

BEFORE = {"f1": "/ada/photos", "f2": "/grace"}
OLD, NEW = BEFORE["f1"], "/ada/summer"
AFTER = {**BEFORE, "f1": NEW}


def check(answer: Any) -> None:
    function = require_function(answer, "state", "event")
    require_pure(_model(function))
    got = _call(function, "f1")
    _check_state(got)
    if got != AFTER:
        raise Wrong(_said(got), _called("f1"), got=shown(got), look=_LOOK)
    _check_unknown(function)
    _check_memory(function)
    _check_fold(function)


def _event(folder: str, path: str = NEW) -> Event:
    data = {"folder": folder, "path": path}
    return Event("folder.moved", data, subject=f"folder/{folder}", id="evt-0001", occurred=ManualClock().now())


def _call(function: Callable[..., Any], folder: str) -> Any:
    """The next state, of two calls that must give the same."""
    try:
        one, other = (function(freeze(BEFORE), _event(folder)) for _ in range(2))
    except FrozenData:
        said = "The state you were given was to be changed. Snapshots and everybody who looked at it share it."
        raise Wrong(said, _called(folder), look="Give back a new dict, made from the old one.") from None
    if one != other:
        said = "The same state and the same event gave two different states: something from outside got in."
        raise Wrong(
            said, f"{_called(folder)}, twice", look="A reducer knows the state and the event, and nothing else."
        )
    return one


def _check_state(got: Any) -> None:
    if got is None:
        raise Wrong("Nothing comes back: after this event there is no state any more.", _called("f1"), got="None")
    if not isinstance(got, Mapping):
        said = "What comes back is no dict. The next state has the same form as the one before."
        raise Wrong(said, _called("f1"), got=shown(got))
    if got == {"f1": NEW}:
        said = "Only the folder that moved is left. The state is all folders, also those that stay where they are."
        raise Wrong(said, _called("f1"), got=f"{got}", look=_LOOK)
    more = sorted(str(key) for key in got if key not in BEFORE)
    if more:
        said = "There is more in the state than folders and their paths."
        raise Wrong(
            said, _called("f1"), "the keys f1, f2", f"{', '.join(more)} as well", "The key is event.data['folder']."
        )


def _said(got: Mapping[str, Any]) -> str:
    if got == BEFORE:
        return "The folder is where it was: the state comes back without what the event tells."
    if set(got.values()) == {NEW}:
        return "All folders have moved. The event is about one of them."
    if "f1" not in got:
        return "The folder that moved is gone. It is somewhere else now, not nowhere."
    return "That is not the state after the event."


def _check_unknown(function: Callable[..., Any]) -> None:
    """A move of a folder that was never created."""
    try:
        got = _call(function, "f9")
    except KeyError:
        said = "It fails for a folder that isn't there. A reducer meets every event of the log, also the odd ones."
        raise Wrong(said, _called("f9"), "the state as it was", "KeyError") from None
    if got is None:
        said = "For a folder that isn't there nothing comes back. The state stays as it is, and is given back too."
        raise Wrong(said, _called("f9"), "the state as it was", "None")
    if got != BEFORE:
        said = (
            "A folder came into being by moving. Nobody has created it, so it stays out."
            if isinstance(got, Mapping) and "f9" in got
            else "A folder that isn't there moved, and it changed the others."
        )
        raise Wrong(said, _called("f9"), "the state as it was", shown(got))


def _check_memory(function: Callable[..., Any]) -> None:
    """A state that has nothing to do with the ones before."""
    other = {"f3": "/alan"}
    got = function(freeze(other), _event("f3"))
    if got != {"f3": NEW}:
        said = (
            "Given another state, it comes to what that one doesn't hold: something is remembered outside of the state."
        )
        called = f"moved({other}, 'f3' moved to {NEW!r}), after the calls above"
        raise Wrong(said, called, f"{{'f3': {NEW!r}}}", shown(got))


def _check_fold(function: Callable[..., Any]) -> None:
    """One event after the other, as a model's reducer."""
    got = fold(_moves(), _folding(function))
    expected = {"f1": "/ada/sea", "f2": "/grace/music"}
    if got != expected:
        raise Wrong(
            "One event alone is right, several in a row are not.", "f1, f2, f9 and f1 move", f"{expected}", f"{got}"
        )


def _moves() -> EventLog:
    log, new_id = open_log("memory://", clock=ManualClock()), CounterIds()
    moves = (("f1", "/ada/summer"), ("f2", "/grace/music"), ("f9", "/nowhere"), ("f1", "/ada/sea"))
    log.append(*(_event(*move).replace(id=new_id()) for move in moves))
    return log


def _model(function: Callable[..., Any]) -> type[Model]:
    """A model with a copy of the function: to mark it as a reducer would change the learner's own."""
    assert isinstance(function, FunctionType)
    copy = FunctionType(
        function.__code__, function.__globals__, function.__name__, function.__defaults__, function.__closure__
    )
    copy.__kwdefaults__ = function.__kwdefaults__
    return type("Folders", (Model,), {"initial": BEFORE, "moved": applies("folder.moved")(copy)})


def _folding(function: Callable[..., Any]) -> type[Model]:
    """A model in which the function may give any mapping back."""
    return type("Folders", (Model,), {"initial": BEFORE, "moved": applies("folder.moved")(as_dict(function))})


def _called(folder: str) -> str:
    return f"moved({BEFORE}, {folder!r} moved to {NEW!r})"


_LOOK = "Look at what the reducers in “A model is a set of reducers” give back."


def _source(result: str, before: str = "") -> str:
    check_first = "    if event.data['folder'] not in state:\n        return state\n"
    return f"def moved(state, event):\n{check_first}{before}    {result}"


_SET = "return {**state, event.data['folder']: event.data['path']}"

MOVED = Exercise(
    id="moved",
    lesson=7,
    title="A reducer for moves",
    minutes=6,
    task=(
        'The state is a dict from folder to path, such as `{"f1": "/ada/photos"}`. Write `moved(state, event)`, a pure reducer for '
        "`folder.moved`, whose data are `folder` and the new `path`. It returns the state after the event. If a folder moved that the "
        "state doesn't have, the state stays as it is."
    ),
    stub='def moved(state, event):\n    """The state after folder.moved."""\n    ...',
    check=check,
    hints=(
        "Don't change what you were given. Build a new dict that holds the old entries, and one of them anew.",
        "First the odd case: if event.data['folder'] is not in state, give back state.",
        "{**state, key: value} is a new dict in which key has another value.",
    ),
    solutions=(
        _source(_SET),
        "def moved(state, event):\n    folder, path = event.data['folder'], event.data['path']\n"
        "    return {each: path if each == folder else old for each, old in state.items()}",
    ),
    wrong={
        _source(
            "state[event.data['folder']] = event.data['path']\n    return state"
        ): "The state you were given was to be",
        _source("state = {**state, event.data['folder']: event.data['path']}"): "Nothing comes back",
        _source("return {event.data['folder']: event.data['path']}"): "Only the folder that moved is left",
        "import time\n\n\n"
        + _source(
            "return {**state, event.data['folder']: event.data['path'], 'at': time.time()}"
        ): "The reducer reads the clock",
        "import random\n\n\n"
        + _source("return {**state, event.data['folder']: random.choice(['/a', '/b'])}"): "The reducer draws at random",
        _source(_SET, "    print('moved', event.data['folder'])\n"): "The reducer prints",
        "seen = []\n\n\n"
        + _source("seen.append(event)\n    return {**state, event.data['folder']: f'/{len(seen)}'}"): (
            "The same state and the same event gave two different states"
        ),
        "seen = {}\n\n\n"
        + _source(
            "seen.update({**state, event.data['folder']: event.data['path']})\n    return dict(seen)"
        ): "Given another state, it comes to what that one",
        "def moved(state, event):\n    " + _SET: "A folder came into being by moving",
        "def moved(state, event):\n    assert state[event.data['folder']]\n    "
        + _SET: "It fails for a folder that isn't there",
        "def moved(state, event):\n    if event.data['folder'] in state:\n        "
        + _SET: "For a folder that isn't there",
        "def moved(state, event):\n    return state": "The folder is where it was",
        _source("return dict.fromkeys(state, event.data['path'])"): "All folders have moved",
        _source(
            "return {each: state[each] for each in state if each != event.data['folder']}"
        ): "The folder that moved is gone",
        _source("return {**state, event.subject: event.data['path']}"): "There is more in the state than folders",
        _source("return event.data['path']"): "What comes back is no dict",
    },
)
