"""A learner's progress: a small file beside the notebooks, one for each user of the folder."""

from __future__ import annotations

import getpass
import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from eda_workshop.exercises import registry
from eda_workshop.exercises.errors import UnknownExercise
from eda_workshop.files import whole_file

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


@dataclass
class Progress:
    """What is known of all exercises, by id, and the id of the one that was checked last, "" if none was."""

    records: dict[str, Record] = field(default_factory=dict)
    last: str = ""

    def of(self, id: str) -> Record:
        return self.records.setdefault(id, Record())


def path() -> Path:
    """Where this user's file is: in EDA_WORKSHOP_HOME, else beside the notebooks, else here."""
    home = os.environ.get("EDA_WORKSHOP_HOME")
    return Path(home or _notebooks() or Path.cwd()) / FOLDER / f"progress-{quote(_user(), safe='')}.json"


def load() -> Progress:
    """The progress so far. A damaged file is set aside and said, never overwritten."""
    place = path()
    try:
        facts = json.loads(place.read_text(encoding="utf-8"))
        return Progress({id: Record(**record) for id, record in facts["exercises"].items()}, str(facts["last"]))
    except FileNotFoundError:
        return Progress()
    except (OSError, ValueError, TypeError, AttributeError, KeyError) as error:
        _set_aside(place, error)
        return Progress()


def change(id: str, act: Callable[[Record], None]) -> Record:
    """Change one record and keep it; a disk that can't be written costs the memory, not the lesson."""
    progress = load()
    record = progress.of(id)
    attempts = record.attempts
    act(record)
    if record.attempts > attempts:
        progress.last = id
    try:
        _save(progress)
    except OSError as error:
        print(f"Progress could not be kept ({error.strerror}).", file=sys.stderr)
    return record


def reset(ids: list[str] | None = None) -> list[str]:
    """Forget these exercises, or all; return what was forgotten. Raises `UnknownExercise`."""
    known = [exercise.id for exercise in registry.every()]
    for id in ids or []:
        if id not in known:
            raise UnknownExercise(id, tuple(known))
    progress = load()
    forgotten = [id for id in progress.records if ids is None or id in ids]
    for id in forgotten:
        del progress.records[id]
    if progress.last in forgotten:
        progress.last = ""
    _save(progress)
    return forgotten


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
    place.parent.mkdir(parents=True, exist_ok=True)
    exercises = {id: asdict(record) for id, record in progress.records.items()}
    facts: dict[str, Any] = {"last": progress.last, "exercises": exercises}
    with whole_file(place) as file:
        file.write(json.dumps(facts, indent=1).encode())


def _set_aside(place: Path, error: Exception) -> None:
    broken = place.with_suffix(".broken")
    try:
        place.replace(broken)
    except OSError:
        return
    print(f"The progress file was damaged ({type(error).__name__}); it is kept as {broken.name}.", file=sys.stderr)


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
