"""From an answer to an outcome; nothing that a learner writes gets past it as an exception."""

from __future__ import annotations

import re
import sysconfig
import traceback
from pathlib import Path

from eda_workshop.exercises.attempt import EndlessLoop, bounded, is_attempted
from eda_workshop.exercises.exercise import Exercise, Wrong
from eda_workshop.exercises.outcome import Outcome

_NOT_THEIRS = (
    str(Path(__file__).parents[1]),
    *(sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")),
    "<string>",
    "<frozen ",
)
"""How the names of files begin that no learner has written; classes of data have their methods from "<string>"."""
LONGEST = 2000
"""Letters of an error that are shown."""
_NOISE = re.compile(r"\b(?:\w+\.)*<locals>\.| at 0x[0-9a-fA-F]+")
"""What Python tells of a function or an object beside its name: where it was made, and where it lies in memory."""


def judge(exercise: Exercise, answer: object) -> Outcome:
    """Check the answer once, on an engine of its own."""
    if not is_attempted(answer):
        return Outcome("not attempted", f"Replace the ... in {exercise.id} and run the cell again.")
    try:
        with bounded(exercise.steps):
            exercise.check(answer)
    except EndlessLoop:
        return Outcome("wrong", f"{exercise.id} does not come to an end. Look at its loops, and at what they wait for.")
    except (Exception, SystemExit) as error:
        return Outcome("wrong", _cut(_NOISE.sub("", _said(exercise, _first(error)))))
    return Outcome("right", f"{exercise.title}: everything that was checked holds.", exercise.solutions)


def _first(error: BaseException) -> BaseException:
    """What a handler raised, and not the group in which the bus tells of it."""
    return _first(error.exceptions[0]) if isinstance(error, BaseExceptionGroup) else error


def _said(exercise: Exercise, error: BaseException) -> str:
    """The check's own sentence, or what the learner's code raised and in which of its own lines."""
    if isinstance(error, Wrong):
        return _text(error)
    if isinstance(error, RecursionError):
        return f"{exercise.id} calls itself without end. Look at what makes it stop, and whether that is ever reached."
    text = _text(error)
    text = text if text.endswith("...") else text.removesuffix(".")
    said = f"{type(error).__name__}: {text}" if text else type(error).__name__
    return f"{exercise.id} raised {said}{_place(error)}."


def _text(error: BaseException) -> str:
    """What an error says, as far as anybody reads it; one that can't say anything says nothing."""
    try:
        with bounded():
            said = str.__str__(str(error))  # plain text, also where a class of text comes back
    except (Exception, SystemExit, EndlessLoop):
        return "its own __str__ fails, so what it says can't be shown"
    return _cut(said).encode(errors="replace").decode()


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"


def _place(error: BaseException) -> str:
    """The last line of the learner's that was reached, and the function that it is in; a generator's has no name."""
    own = [frame for frame in traceback.extract_tb(error.__traceback__) if not frame.filename.startswith(_NOT_THEIRS)]
    named = [f" ({frame.name})" for frame in own if not frame.name.startswith("<")]
    return f", in line {own[-1].lineno} of its cell{''.join(named[-1:])}" if own else ""
