"""A learner's progress: a small file beside the notebooks, one for each user of the folder."""

from __future__ import annotations

import getpass
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

from eda_workshop.exercises import registry
from eda_workshop.exercises.errors import UnknownExercise
from eda_workshop.files import one_at_a_time, whole_file

FOLDER = ".eda-workshop"


@dataclass
class Record:
    """What is known of one exercise."""

    attempts: int = 0
    hints: int = 0
    passed: bool = False
    shown: bool = False

    @property
    def state(self) -> str:
        if self.passed:
            return "right"
        return "tried" if self.attempts else "not attempted"

    def merged(self, other: Record) -> Record:
        """What is known of the exercise if both are about it."""
        return Record(
            self.attempts + other.attempts,
            max(self.hints, other.hints),
            self.passed or other.passed,
            self.shown or other.shown,
        )


_KINDS: dict[str, type[int]] = {"attempts": int, "hints": int, "passed": bool, "shown": bool}
_MANY = 2**53
"""More attempts than anybody makes, and a number that every reader of JSON has."""
RENAMED: dict[str, str] = {}
"""Today's id of each exercise that once had another one. One that was dropped stays in the file, and isn't counted."""


@dataclass
class Progress:
    """What is known of all exercises, by id, and the id of the one that was checked last, "" if none was."""

    records: dict[str, Record] = field(default_factory=dict)
    last: str = ""

    def of(self, id: str) -> Record:
        return self.records.setdefault(id, Record())

    def facts(self) -> dict[str, Any]:
        """What is kept of it, for `parse`."""
        return {"last": self.last, "exercises": {id: {**vars(record)} for id, record in self.records.items()}}


def path() -> Path:
    """Where this user's file is: in EDA_WORKSHOP_HOME, else beside the notebooks, else here."""
    home = os.environ.get("EDA_WORKSHOP_HOME")
    return Path(home or _notebooks() or Path.cwd()) / FOLDER / f"progress-{quote(_user(), safe='')}.json"


def load() -> Progress:
    """The progress so far. A damaged file is set aside with a word about it, never overwritten."""
    place = path()
    try:
        return parse(place.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Progress()
    except (OSError, ValueError) as error:
        _set_aside(place, error)
        return Progress()


def parse(text: str) -> Progress:
    """What a progress file says, under the names that the exercises have today. Raises `ValueError` if it is none.

    >>> parse('{"last": "", "exercises": {"late_tap": {"attempts": 2}}}').of("late_tap").state
    'tried'
    """
    try:
        facts = json.loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(facts, dict) or not isinstance(facts.get("exercises"), dict):
        raise ValueError("no exercises")
    records = {id: _record(id, found) for id, found in facts["exercises"].items()}
    last = facts.get("last", "")
    if not isinstance(last, str):
        raise ValueError("last is no exercise")
    for old, new in RENAMED.items():
        if old in records:
            records[new] = records.pop(old).merged(records.get(new, Record()))
    return Progress(records, RENAMED.get(last, last))


def _record(id: str, found: object) -> Record:
    """One record; what it lacks is as at the beginning. Raises `ValueError`."""
    if not isinstance(found, dict) or not set(found) <= set(_KINDS):
        raise ValueError(f"{id} has no record")
    facts: dict[str, Any] = found
    for name, value in facts.items():
        if type(value) is not _KINDS[name] or not 0 <= value < _MANY:
            raise ValueError(f"{name} of {id}")
    return Record(**facts)


def change(id: str, act: Callable[[Record], None]) -> Record:
    """Change one record and keep it; a disk that can't be written costs the memory, not the lesson."""
    try:
        with _alone():
            progress = load()
            record = _acted(progress, id, act)
            _save(progress)
    except OSError as error:
        print(f"Progress could not be kept ({error.strerror}).", file=sys.stderr)
        return _acted(load(), id, act)
    return record


def _acted(progress: Progress, id: str, act: Callable[[Record], None]) -> Record:
    record = progress.of(id)
    attempts = record.attempts
    act(record)
    if record.attempts > attempts:
        progress.last = id
    return record


def reset(ids: list[str] | None = None) -> list[str]:
    """Forget these exercises, or all; return what was forgotten. Raises `UnknownExercise`."""
    known = [exercise.id for exercise in registry.every()]
    for id in ids or []:
        if id not in known:
            raise UnknownExercise(id, tuple(known))
    with _alone():
        progress = load()
        forgotten = [id for id in progress.records if ids is None or id in ids]
        for id in forgotten:
            del progress.records[id]
        if progress.last in forgotten:
            progress.last = ""
        _save(progress)
    return forgotten


@contextmanager
def _alone() -> Iterator[None]:
    """Nobody else changes the file meanwhile: two notebooks are two programs, and each has an exercise checked."""
    place = path()
    place.parent.mkdir(parents=True, exist_ok=True)
    with one_at_a_time(place.with_suffix(".lock")):
        yield


def report() -> str:
    """All exercises and how far they are, for a terminal."""
    progress, lines, passed = load(), [], 0
    for exercise in registry.every():
        record = progress.of(exercise.id)
        passed += record.passed
        extra = f", {record.hints} hints" if record.hints else ""
        minutes = f"{exercise.minutes} min"
        lines.append(f"{exercise.lesson:02}  {exercise.id:18}{minutes:>7}  {record.state}{extra}")
    return "\n".join([*lines, "", f"{passed} of {len(lines)} exercises done."])


def _save(progress: Progress) -> None:
    """All at once or not at all: a crash leaves the old file or the new one."""
    place = path()
    with whole_file(place) as file:
        file.write(json.dumps(progress.facts(), indent=1).encode())


def _set_aside(place: Path, error: Exception) -> None:
    names = (place.with_suffix(f".broken{number or ''}") for number in count())
    broken = next(name for name in names if not name.exists())
    try:
        place.replace(broken)
    except OSError:
        return
    print(f"The progress file was damaged ({error}); it is kept as {broken.name}.", file=sys.stderr)


def _user() -> str:
    """The name of whoever runs this, "learner" where the system knows none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "learner"


def _notebooks() -> Path | None:
    """The folder with 00-start.ipynb, here or above, or in a notebooks folder of those."""
    for folder in (Path.cwd(), *Path.cwd().parents):
        for place in (folder, folder / "notebooks"):
            if (place / "00-start.ipynb").exists():
                return place
    return None
