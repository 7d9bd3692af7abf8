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

_NOT_THEIRS = (
    str(Path(eda_workshop.__file__).parent),
    *(sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")),
    "<string>",
    "<frozen ",
)
"""How the names of files begin that no learner has written; classes of data have their methods from "<string>"."""


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
    # A group says which delivery failed; what went wrong in the handler stands in its parts.
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if isinstance(error, RecursionError):
        return f"{exercise.id} calls itself without end. Look at what makes it stop, and whether that is ever reached."
    own = [frame for frame in traceback.extract_tb(error.__traceback__) if not frame.filename.startswith(_NOT_THEIRS)]
    place = f", in line {own[-1].lineno} of its cell ({own[-1].name})" if own else ""
    return f"{exercise.id} raised {type(error).__name__}{_text(error)}{place}."


def _text(error: BaseException) -> str:
    """What an error says, behind a colon, if it says anything; a function is called by its own name alone."""
    text = re.sub(r"(?:\w+\.)*<locals>\.", "", str(error))
    if text and not text.endswith("..."):
        text = text.removesuffix(".")
    return f": {text}" if text else ""
