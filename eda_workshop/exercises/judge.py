"""From an answer to an outcome; nothing that a learner writes gets past it as an exception."""

from __future__ import annotations

import re
import sysconfig
import traceback
from pathlib import Path

import eda_workshop
from eda_workshop.exercises.attempt import EndlessLoop, bounded, is_attempted
from eda_workshop.exercises.exercise import Exercise, Wrong
from eda_workshop.exercises.outcome import Outcome

_KIT = str(Path(eda_workshop.__file__).parent)
_ADDRESS = re.compile(" at 0x[0-9a-fA-F]+")
"""Where an object lies in memory tells a learner nothing, and differs each time."""
_NOT_THEIRS = tuple({_KIT, *(sysconfig.get_paths()[name] for name in ("stdlib", "purelib", "platlib"))})


def judge(exercise: Exercise, answer: object) -> Outcome:
    """Check the answer once, on an engine of its own."""
    if not is_attempted(answer):
        return Outcome("not attempted", f"Replace the ... in {exercise.id} and run the cell again.")
    try:
        with bounded():
            exercise.check(answer)
    except EndlessLoop:
        return Outcome("wrong", f"{exercise.id} does not come to an end. Look at its loops, and at what they wait for.")
    except (Exception, SystemExit) as error:
        first = _first(error)
        said = str(first) if isinstance(first, Wrong) else _raised(exercise, first)
        return Outcome("wrong", _ADDRESS.sub("", said))
    return Outcome("right", f"{exercise.title}: everything that was checked holds.", exercise.solutions)


def _raised(exercise: Exercise, error: BaseException) -> str:
    """What the learner's code raised, and in which of its own lines."""
    own = [frame for frame in traceback.extract_tb(error.__traceback__) if _is_theirs(frame.filename)]
    place = f", in line {own[-1].lineno} of its cell ({own[-1].name})" if own else ""
    text = str(error) if str(error).endswith("...") else str(error).rstrip(".")
    said = f"{type(error).__name__}: {text}" if text else type(error).__name__
    return f"{exercise.id} raised {said}{place}."


def _first(error: BaseException) -> BaseException:
    """What a handler raised, and not the group in which the bus tells of it."""
    return _first(error.exceptions[0]) if isinstance(error, BaseExceptionGroup) else error


def _is_theirs(filename: str) -> bool:
    # Code that a dataclass makes has a name like <string>, and a cell never has.
    return not filename.startswith((*_NOT_THEIRS, "<string>", "<frozen"))
