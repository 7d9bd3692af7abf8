"""From an answer to an outcome; nothing that a learner writes gets past it as an exception."""

from __future__ import annotations

import traceback
from pathlib import Path

import eda_workshop
from eda_workshop.exercises.attempt import EndlessLoop, bounded, is_attempted
from eda_workshop.exercises.exercise import Exercise, Wrong
from eda_workshop.exercises.outcome import Outcome

_KIT = str(Path(eda_workshop.__file__).parent)


def judge(exercise: Exercise, answer: object) -> Outcome:
    """Check the answer once, on an engine of its own."""
    if not is_attempted(answer):
        return Outcome("not attempted", f"Replace the ... in {exercise.id} and run the cell again.")
    try:
        with bounded():
            exercise.check(answer)
    except Wrong as wrong:
        return Outcome("wrong", str(wrong))
    except EndlessLoop:
        return Outcome("wrong", f"{exercise.id} does not come to an end. Look at its loops, and at what they wait for.")
    except (Exception, SystemExit) as error:
        return Outcome("wrong", _raised(exercise, error))
    return Outcome("right", f"{exercise.title}: everything that was checked holds.", exercise.solutions)


def _raised(exercise: Exercise, error: BaseException) -> str:
    """What the learner's code raised, and in which of its own lines."""
    own = [frame for frame in traceback.extract_tb(error.__traceback__) if not frame.filename.startswith(_KIT)]
    named = [
        frame.name for frame in own if not frame.name.startswith("<")
    ]  # <genexpr> and the like say nothing to anybody
    within = f" ({named[-1]})" if named else ""
    place = f", in line {own[-1].lineno} of its cell{within}" if own else ""
    text = str(error).rstrip(".")
    return f"{exercise.id} raised {type(error).__name__}: {text}{place}."
