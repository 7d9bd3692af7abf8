"""A read model's reducer: how many folders each person has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from eda_workshop.clock import ManualClock
from eda_workshop.errors import FrozenData
from eda_workshop.event import Event, Recorded
from eda_workshop.exercises.attempt import require_function
from eda_workshop.exercises.exercise import Exercise, Wrong
from eda_workshop.log import open_log
from eda_workshop.replay.freeze import freeze_state
from eda_workshop.values import FrozenDict

STORY = (
    ("folder.created", {"user": "ada", "folder": "f1", "path": "/ada"}),
    ("folder.created", {"user": "grace", "folder": "f2", "path": "/grace"}),
    ("folder.moved", {"folder": "f1", "path": "/ada/home"}),
    ("user.signed_up", {"user": "alan"}),
    ("folder.created", {"user": "ada", "folder": "f3", "path": "/ada/photos"}),
)
RIGHT = {"ada": 2, "grace": 1}


def _events() -> list[Recorded]:
    log = open_log("memory://", clock=ManualClock())
    log.append(*(Event(name, data, id=f"evt-{n}", occurred=log.clock.now()) for n, (name, data) in enumerate(STORY, 1)))
    return list(log)


def check(answer: Any) -> None:
    function = require_function(answer, "state", "event")
    first = _fold(function)
    if first != RIGHT:
        raise Wrong(_said(first), _CALLED, f"{RIGHT}", f"{dict(first)}", _LOOK)
    again = _fold(function)
    if again != RIGHT:
        said = "Rebuilt from the same log, the read model says something else: it remembers something outside of its state."
        raise Wrong(said, f"{_CALLED}, twice", f"{RIGHT}", f"{dict(again)}", _LOOK)


def _fold(function: Callable[..., Any]) -> Mapping[str, Any]:
    state: Any = FrozenDict()
    for event in _events():
        try:
            new = function(state, event)
        except FrozenData:
            said = "The state was changed in place. Others hold the same one, and see it change under their hands."
            raise Wrong(said, f"totals(state, {event.name})", "a new dict", "a changed one", _LOOK) from None
        except KeyError as error:
            if error.args == (event.data.get("user"),):
                said = "This is the user's first folder: there is no number yet to which one could be added."
                raise Wrong(said, f"totals(state, {event.name})", got=f"KeyError: {error}", look=_LOOK) from None
            if "user" in event.data:
                raise
            said = "An event that has no such field stopped the read model: not every event is meant for it."
            raise Wrong(said, f"totals(state, {event.name})", got=f"KeyError: {error}", look=_LOOK) from None
        if new is None:
            raise Wrong(
                "Nothing comes back: for an event that changes nothing, the state stays.",
                f"totals(state, {event.name})",
            )
        if not isinstance(new, Mapping):
            raise Wrong("The state is a dict from user to number.", f"totals(state, {event.name})", got=f"{new!r:.40}")
        state = freeze_state(dict(new))
    found: Mapping[str, Any] = state
    return found


def _said(got: Mapping[str, Any]) -> str:
    if got == {"ada": 1}:
        return "Only the last user is left: the others were lost on the way."
    if got == {"ada": 1, "grace": 1}:
        return "Each user has one folder, however many there are: the number before is not looked at."
    if "alan" in got:
        return "Somebody without a folder is counted. A sign-up is no folder."
    if "f1" in got or "folder/f1" in got:
        return "It counts by folder. The question was how many each user has created."
    if sum(value for value in got.values() if isinstance(value, int)) > 3:
        return "A move was counted as a new folder: moved is not created."
    return "The totals are not right."


_CALLED = f"totals for {len(STORY)} events, one after the other"
_LOOK = "Look at Totals in “Two models of one service”."
_MORE = '{**state, event.data["user"]: state.get(event.data["user"], 0) + 1}'


def _source(body: str) -> str:
    return f"def totals(state, event):\n{body}"


_IF = '    if event.name == "folder.created":\n'

TOTALS = Exercise(
    id="totals",
    lesson=10,
    title="A read model of your own",
    minutes=5,
    task=(
        "Write the reducer of a read model that says how many folders each person has created: `totals(state, event)`, where the state is "
        "a dict from user to number, empty at first. It is called with *every* event of the log, and only `folder.created`, whose data has a "
        "`user`, counts."
    ),
    stub='def totals(state, event):\n    """How many folders each user has created."""\n    ...',
    check=check,
    hints=(
        "Events of other names give back the state as it is.",
        "A new dict: all that was there, {**state}, with one entry more or another number.",
        "state.get(user, 0) is the number so far, also for somebody who has none yet.",
    ),
    solutions=(
        _source(f"{_IF}        return {_MORE}\n    return state"),
        _source(f'    return {_MORE} if event.name == "folder.created" else state'),
    ),
    wrong={
        _source(
            f'{_IF}        user = event.data["user"]\n        state[user] = state.get(user, 0) + 1\n    return state'
        ): ("The state was changed in place"),
        _source(f"{_IF}        return {_MORE}"): "Nothing comes back",
        _source(f"{_IF}        return {_MORE.replace('.get(', '[').replace(', 0)', ']')}\n    return state"): (
            "This is the user's first folder"
        ),
        _source(f"    return {_MORE}"): "An event that has no such field",
        _source(
            f"{_IF}        return {{event.data['user']: state.get(event.data['user'], 0) + 1}}\n    return state"
        ): ("Only the last user is left"),
        _source(f"{_IF}        return {{event.data['user']: 1}}\n    return state"): "Only the last user is left",
        _source(
            f"{_IF}        return {{**state, event.data['user']: 1}}\n    return state"
        ): "Each user has one folder",
        _source(f'    if "user" in event.data:\n        return {_MORE}\n    return state'): "Somebody without a folder",
        _source(
            '    if event.name.startswith("folder."):\n        user = event.data.get("user") or event.data["path"].split("/")[1]\n'
            "        return {**state, user: state.get(user, 0) + 1}\n    return state"
        ): "A move was counted",
        _source(f"{_IF}        return {{**state, event.data['folder']: 1}}\n    return state"): "It counts by folder",
        "seen = set()\n\n\n"
        + _source(
            f"    if event.id in seen:\n        return state\n    seen.add(event.id)\n{_IF}        return {_MORE}\n    return state"
        ): "Rebuilt from the same log",
    },
)
