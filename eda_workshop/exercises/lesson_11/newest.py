"""A copy that lives with twins and with events out of order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from eda_workshop.errors import FrozenData, Rejected
from eda_workshop.exercises.attempt import bounded, require_function
from eda_workshop.exercises.exercise import Exercise, Wrong
from eda_workshop.values import freeze

Told = dict[str, Any]


def _told(path: str, version: int, clock: int, folder: str = "f1") -> Told:
    return {"folder": folder, "path": path, "version": version, "clock": clock}


_A, _B, _C = _told("/a", 1, 100), _told("/b", 2, 90), _told("/a", 3, 120)
CASES: tuple[tuple[str, tuple[Told, ...], dict[str, str]], ...] = (
    ("three in order", (_A, _B, _C), {"f1": "/a"}),
    ("version 2 before version 1", (_B, _A), {"f1": "/b"}),
    ("version 2 twice", (_A, _B, _B), {"f1": "/b"}),
    ("versions 1, 3, 2", (_A, _C, _B), {"f1": "/a"}),
    ("version 2, whose clock went slow", (_A, _B), {"f1": "/b"}),
    ("version 3, which moves back to where 1 was", (_A, _B, _C, _B), {"f1": "/a"}),
    ("version 10 before version 9", (_told("/k", 10, 300), _told("/j", 9, 200)), {"f1": "/k"}),
    ("two folders", (_B, _told("/x", 1, 50, "f2")), {"f1": "/b", "f2": "/x"}),
)


def check(answer: Any) -> None:
    function = require_function(answer, "copy", "told")
    results = [(_run(function, events), called, events, wanted) for called, events, wanted in CASES]
    for got, called, _, wanted in results:
        if got != wanted:
            raise Wrong(_said([one for one, *_ in results]), called, f"{wanted}", f"{got}", _LOOK)


def _run(function: Callable[..., Any], events: tuple[Told, ...]) -> dict[str, Any]:
    copy: Any = {}
    for event in events:
        known = [entry["version"] for entry in events[: events.index(event)] if entry["folder"] == event["folder"]]
        try:
            with bounded():
                copy = function(copy, freeze(event))
        except (ValueError, RuntimeError, AssertionError, Rejected):
            if max(known, default=0) < event["version"]:
                raise
            said = "A late message was answered with an error. Late and twice is how messages come: it changes nothing, and is no fault."
            raise Wrong(said, f"version {event['version']} after {max(known)}", look=_LOOK) from None
        except FrozenData:
            raise Wrong("What was told was changed. It is a fact, and others read it, too.", look=_LOOK) from None
        if not isinstance(copy, dict):
            raise Wrong("What comes back is the copy, a dict, also when nothing was new.", got=f"{copy!r:.40}")
        if copy == event:
            said = "What comes back is the message alone. Give back the copy, with an entry for the folder."
            raise Wrong(said, expected='{"f1": {"path": "/a", "version": 1}}', look=_LOOK)
    return {folder: _path(entry) for folder, entry in copy.items()}


def _path(entry: Any) -> Any:
    try:
        return entry["path"]
    except (TypeError, KeyError, IndexError):
        said = "Each folder's entry has its path, and what you need to tell old from new."
        raise Wrong(said, expected='{"f1": {"path": "/a", "version": 1}}', got=f"{entry!r:.40}", look=_LOOK) from None


def _paths(*choices: Callable[[tuple[Told, ...]], dict[str, str]]) -> list[list[dict[str, str]]]:
    return [[choose(events) for _, events, _ in CASES] for choose in choices]


def _last(events: tuple[Told, ...]) -> dict[str, str]:
    return {event["folder"]: event["path"] for event in events}


def _first(events: tuple[Told, ...]) -> dict[str, str]:
    return {event["folder"]: event["path"] for event in reversed(events)}


def _by_clock(events: tuple[Told, ...]) -> dict[str, str]:
    return {event["folder"]: event["path"] for event in sorted(events, key=lambda event: event["clock"])}


def _once_each(events: tuple[Told, ...]) -> dict[str, str]:
    """What differs from all that was there before is taken, in the order of arrival."""
    found: dict[str, str] = {}
    seen = set[str]()
    for event in events:
        if event["path"] not in seen:
            found[event["folder"]] = event["path"]
        seen.add(event["path"])
    return found


def _one_counter(events: tuple[Told, ...]) -> dict[str, str]:
    """One version for all folders together."""
    found: dict[str, str] = {}
    newest = 0
    for event in events:
        if event["version"] > newest:
            newest, found[event["folder"]] = event["version"], event["path"]
    return found


def _oldest(events: tuple[Told, ...]) -> dict[str, str]:
    return _last(tuple(sorted(events, key=lambda event: event["version"], reverse=True)))


def _alone(events: tuple[Told, ...]) -> dict[str, str]:
    """Only the folder that was told of last."""
    newest = _last(tuple(sorted(events, key=lambda event: event["version"])))
    return {events[-1]["folder"]: newest[events[-1]["folder"]]}


def _no_gap(events: tuple[Told, ...]) -> dict[str, str]:
    """Only the version that comes next is taken."""
    found: dict[str, Told] = {}
    for event in events:
        if event["version"] == found.get(event["folder"], {"version": 0})["version"] + 1:
            found[event["folder"]] = event
    return {folder: event["path"] for folder, event in found.items()}


def _unseen(events: tuple[Told, ...]) -> dict[str, str]:
    """Each version once, in the order of arrival."""
    return _last(tuple(event for number, event in enumerate(events) if event not in events[:number]))


def _as_text(events: tuple[Told, ...]) -> dict[str, str]:
    return _last(tuple(sorted(events, key=lambda event: str(event["version"]))))


def _said(results: list[dict[str, str]]) -> str:
    last, first, clock, once, counter = _paths(_last, _first, _by_clock, _once_each, _one_counter)
    gap, unseen, text, oldest, alone = _paths(_no_gap, _unseen, _as_text, _oldest, _alone)
    sentences = (
        (last, "The last to arrive wins. What arrives last may be the oldest: the network doesn't keep order."),
        (first, "The first to arrive wins, and nothing is ever brought up to date."),
        (clock, "It was ordered by the clock of whoever told it. Clocks differ; the version counts what happened."),
        (once, "Twins were recognized by what they say. Moving back to an old path is a new event, and no twin."),
        (gap, "It waits for the version that comes next. One that was left out may come late, or never."),
        (unseen, "Twins are left out, and what comes late still wins: it is not new because it was not seen."),
        (text, "Versions were compared as text, where 9 comes after 10."),
        (oldest, "The oldest version is kept. The comparison is the wrong way round."),
        (alone, "The other folders are gone. What is told of one changes nothing of the others."),
        (counter, "One version was kept for all folders. Each folder counts its own."),
    )
    return next(
        (said for wrong, said in sentences if results == wrong), "The copy is not what the newest versions say."
    )


_LOOK = "Compare the version that is told with the one that the copy has, folder by folder."
_HEAD = "def newest(copy, told):\n"
_KEEP = '    return {**copy, told["folder"]: told}'
_OLD = '    old = copy.get(told["folder"])\n'

NEWEST = Exercise(
    id="newest",
    lesson=11,
    title="A copy that keeps its head",
    minutes=6,
    task=(
        'Write `newest(copy, told)`. It gives back the copy after one more message, `{"folder", "path", "version", "clock"}`; the copy is a dict from '
        'folder to an entry with at least `"path"`. Messages come twice and out of order; `version` counts the moves of each folder, '
        "`clock` is the sender's clock. In the end the newest version counts."
    ),
    stub='def newest(copy, told):\n    """The copy, after this was told: the newest version of each folder."""\n    ...',
    check=check,
    hints=(
        "What has a version that is not newer than the copy's changes nothing, be it late or a twin.",
        'Keep the whole message as the entry: then its "version" is there next time.',
    ),
    solutions=(
        _HEAD + _OLD + '    if old and old["version"] >= told["version"]:\n        return copy\n' + _KEEP,
        _HEAD + '    known = copy.get(told["folder"], {}).get("version", 0)\n'
        '    if told["version"] > known:\n        copy[told["folder"]] = {"path": told["path"], "version": told["version"]}\n    return copy',
    ),
    wrong={
        _HEAD + _KEEP: "The last to arrive wins",
        _HEAD
        + '    return copy if told["folder"] in copy else {**copy, told["folder"]: told}': "The first to arrive wins",
        _HEAD
        + _OLD
        + '    if old and old["clock"] >= told["clock"]:\n        return copy\n'
        + _KEEP: "It was ordered by the clock",
        "seen = {}\n\n\n"
        + _HEAD
        + '    if not copy:\n        seen.clear()\n    if told["path"] in seen:\n        return copy\n'
        '    seen[told["path"]] = 1\n' + _KEEP: "Twins were recognized by what they say",
        _HEAD
        + '    if any(old["version"] >= told["version"] for old in copy.values()):\n        return copy\n'
        + _KEEP: ("One version was kept for all folders"),
        _HEAD
        + _OLD
        + '    if not old or told["version"] > old["version"]:\n    '
        + _KEEP: "What comes back is the copy",
        _HEAD
        + _OLD
        + '    if told["version"] != (old["version"] if old else 0) + 1:\n        return copy\n'
        + _KEEP: "It waits for the version that comes next",
        _HEAD
        + _OLD
        + '    if old and str(old["version"]) >= str(told["version"]):\n        return copy\n'
        + _KEEP: "Versions were compared as text",
        _HEAD
        + '    old = copy.get(told["folder"], {"seen": ()})\n    if told["version"] in old["seen"]:\n        return copy\n'
        '    return {**copy, told["folder"]: {**told, "seen": (*old["seen"], told["version"])}}': (
            "Twins are left out, and what comes late still wins"
        ),
        _HEAD
        + _OLD
        + '    if old and old["version"] >= told["version"]:\n        raise ValueError("too old")\n'
        + _KEEP: "A late message was answered with an error",
        _HEAD
        + _OLD
        + '    if old and old["version"] <= told["version"]:\n        return copy\n'
        + _KEEP: "The oldest version is kept",
        _HEAD
        + _OLD
        + '    if old and old["version"] >= told["version"]:\n        return copy\n    return {told["folder"]: told}': (
            "The other folders are gone"
        ),
        _HEAD + "    return told": "What comes back is the message alone",
        _HEAD + '    told["folder"] = 1\n    return copy': "What was told was changed",
        _HEAD + '    return {**copy, told["folder"]: told["path"]}': "Each folder's entry has its path",
    },
)
