"""Undo a move, with what was kept beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from eda_workshop.clock import ManualClock
from eda_workshop.errors import FrozenData
from eda_workshop.event import Event
from eda_workshop.exercises.attempt import require_function
from eda_workshop.exercises.exercise import Exercise, Wrong
from eda_workshop.exercises.lesson_07.shown import as_dict, shown
from eda_workshop.ids import CounterIds
from eda_workshop.log import open_log
from eda_workshop.replay import Model, Timeline, applies, reverses
from eda_workshop.values import freeze

KEPT, PATH = "/ada/photos", "/ada/summer"
NOW = {"f1": PATH, "f2": "/grace"}
BEFORE = {**NOW, "f1": KEPT}


def check(answer: Any) -> None:
    function = require_function(answer, "state", "event", "kept")
    got = _call(function, "f1", KEPT)
    _check_state(got)
    if got != BEFORE:
        raise Wrong(_said(function, got), _called("f1", KEPT), got=shown(got), look=_LOOK)
    other = _call(function, "f1", "/old")
    if other != {**NOW, "f1": "/old"}:
        said = "Whatever was kept, the folder goes to the same place: the path before was not taken from kept."
        raise Wrong(said, _called("f1", "/old"), got=shown(other), look=_LOOK)
    _check_unknown(function)
    _check_empty(function)
    _check_timeline(function)


def _event(folder: str, path: str = PATH) -> Event:
    data = {"folder": folder, "path": path}
    return Event("folder.moved", data, subject=f"folder/{folder}", id="evt-0001", occurred=ManualClock().now())


def _call(function: Callable[..., Any], folder: str, kept: str | None) -> Any:
    try:
        return function(freeze(NOW), _event(folder), kept)
    except FrozenData:
        said = "The state you were given was to be changed. To go back is to give the state before, not to spoil the one after."
        raise Wrong(said, _called(folder, kept), look="Give back a new dict, made from the old one.") from None


def _check_state(got: Any) -> None:
    called = _called("f1", KEPT)
    if got is None:
        raise Wrong("Nothing comes back. The inverse gives the state before the event.", called, got="None")
    if isinstance(got, str):
        said = "That is one path. The inverse gives the whole state before the event."
        raise Wrong(said, called, got=repr(got))
    if not isinstance(got, Mapping):
        raise Wrong("What comes back is no dict, and the state before was one.", called, got=shown(got))
    if "f2" not in got:
        said = "The other folders are gone. They were there before the event too."
        raise Wrong(said, called, got=shown(got), look=_LOOK)


def _said(function: Callable[..., Any], got: Mapping[str, Any]) -> str:
    """The misconception behind a state that is not the one before."""
    if got == NOW:
        return "The event was applied once more instead of being undone: the folder is where it moved to."
    if "f1" not in got:
        return "The folder is gone. Before it moved it was somewhere; only its creation, undone, takes it away."
    if got == {**NOW, "f1": ""}:
        return "The folder went back to a default. What was there before the event is no default: it was kept."
    if got["f2"] != NOW["f2"]:
        return "All folders were moved back. The event was about one of them."
    if _call(function, "f1", "/old") == got:
        return "The path before was guessed from the event. The event only says where to, never where from."
    return "That is not the state before the event."


def _check_unknown(function: Callable[..., Any]) -> None:
    """The event was about a folder that wasn't there, so it changed nothing."""
    got = _call(function, "f9", None)
    if got != NOW:
        said = (
            "The event changed nothing, for there was no such folder; undone, it put one in."
            if isinstance(got, Mapping) and "f9" in got
            else "The event changed nothing, for there was no such folder; undone, it must change nothing either."
        )
        raise Wrong(said, _called("f9", None), "the state as it is", shown(got))


def _check_empty(function: Callable[..., Any]) -> None:
    """The folder was at the top, whose path is the empty text."""
    got = _call(function, "f1", "")
    if got != {**NOW, "f1": ""}:
        said = "The folder was at '' before, the top, and it stays where it moved to. '' is a path as well: only None says that nothing was kept."
        raise Wrong(said, _called("f1", ""), "{'f1': '', 'f2': '/grace'}", shown(got), "kept is None")


def _check_timeline(function: Callable[..., Any]) -> None:
    """Back step by step, and at each position the same state as on the way there."""
    log, new_id = open_log("memory://", clock=ManualClock()), CounterIds()
    moves = (("f1", "/ada/sea"), ("f2", "/grace/music"), ("f9", "/nowhere"), ("f1", "/ada/greece"))
    log.append(*(_event(*move).replace(id=new_id()) for move in moves))
    timeline = Timeline(log, _model(function))
    timeline.seek(log.head)
    while timeline.position:
        got = timeline.undo()
        expected = timeline.at(timeline.position)
        if got != expected:
            called = f"{log.head} moves, undone back to position {timeline.position}"
            raise Wrong("One step back is right, several in a row are not.", called, f"{expected}", f"{got}")


def _model(function: Callable[..., Any]) -> type[Model]:
    class Folders(Model):
        initial = NOW

        @staticmethod
        @applies("folder.moved", keep=lambda state, event: state.get(event.data["folder"]))
        def moved(state: dict[str, str], event: Event) -> dict[str, str]:
            folder = event.data["folder"]
            return {**state, folder: event.data["path"]} if folder in state else state

        @staticmethod
        @reverses("folder.moved")
        def unmoved(state: dict[str, str], event: Event, kept: str | None) -> Any:
            return as_dict(function)(state, event, kept)

    return Folders


def _called(folder: str, kept: str | None) -> str:
    return f"unmoved({NOW}, {folder!r} moved to {PATH!r}, kept={kept!r})"


_LOOK = "Look at “Undo”: what can be known from the event, and what must be kept beside it?"


def _source(result: str, is_careful: bool = True) -> str:
    first = "    if kept is None:\n        return state\n" if is_careful else ""
    return f"def unmoved(state, event, kept):\n{first}    {result}"


def _set(path: str) -> str:
    return f"return {{**state, event.data['folder']: {path}}}"


UNMOVED = Exercise(
    id="unmoved",
    lesson=7,
    title="Back where it was",
    minutes=7,
    task=(
        "Now the way back. Write `unmoved(state, event, kept)`, the inverse of `moved`. `state` is the dict from folder to path *after* "
        "the event; `kept` is what the model kept beside the event: the path that the folder had *before*, or `None` if the state didn't "
        "have that folder, so that the event changed nothing. It returns the state before the event."
    ),
    stub='def unmoved(state, event, kept):\n    """The state before folder.moved."""\n    ...',
    check=check,
    hints=(
        "The event says which folder. Who says where it was?",
        "It looks like the reducer, with another path; and if nothing was kept, nothing changed.",
        "If kept is None, give back state; otherwise a new dict in which the folder of the event has the path kept.",
    ),
    solutions=(
        _source(_set("kept")),
        "def unmoved(state, event, kept):\n    folder = event.data['folder']\n"
        "    return {each: kept if each == folder else path for each, path in state.items()}",
    ),
    wrong={
        _source(_set("''")): "The folder went back to a default",
        _source("return {f: p for f, p in state.items() if f != event.data['folder']}"): "The folder is gone",
        _source(_set("event.data['path']")): "The event was applied once more",
        _source(_set("event.data['path'].rsplit('/', 1)[0]")): "The path before was guessed from the event",
        _source(_set("'/ada/photos'")): "Whatever was kept, the folder goes to the same place",
        _source("state[event.data['folder']] = kept\n    return state"): "The state you were given was to be changed",
        _source("return dict.fromkeys(state, kept)"): "All folders were moved back",
        _source("return {event.data['folder']: kept}"): "The other folders are gone",
        _source(_set("kept").removeprefix("return ")): "Nothing comes back",
        _source("return kept"): "That is one path",
        _source(
            _set("kept"), is_careful=False
        ): "The event changed nothing, for there was no such folder; undone, it put",
        _source(_set("kept")).replace("        return state\n", "        return\n"): (
            "The event changed nothing, for there was no such folder; undone, it must"
        ),
        _source(_set("kept")).replace("kept is None", "not kept"): "The folder was at '' before",
        _source(f"{_set('kept')} if kept else state", is_careful=False): "The folder was at '' before",
        _source(_set("kept.upper()")): "That is not the state before the event",
    },
)
