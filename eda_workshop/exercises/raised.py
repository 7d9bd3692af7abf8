"""A sentence for each error that an answer raises, whatever that error can say about itself."""

from __future__ import annotations

import re
import sysconfig
import traceback
from pathlib import Path

from eda_workshop.exercises.attempt import EndlessLoop, bounded
from eda_workshop.exercises.exercise import Wrong
from eda_workshop.exercises.places import folder

_NOT_THEIRS = (
    str(Path(__file__).parents[1]),
    str(folder()),
    *(sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")),
    "<string>",
    "<frozen ",
)
"""How the names of files begin that no learner has written; classes of data have their methods from "<string>"."""
LONGEST = 2000
"""Letters of an error that are shown."""
_NOISE = re.compile(r"\b(?:\w+\.)*<locals>\.| at 0x[0-9a-fA-F]+")
"""What Python tells of a function or an object beside its name: where it was made, and where it lies in memory."""


def sentence(id: str, error: BaseException) -> str:
    """The check's own words, or the error that the answer to exercise `id` raised, and in which of its own lines."""
    return cut(_NOISE.sub("", _said(id, _first(error))))


def as_text(error: BaseException) -> str:
    """An error as Python's last line of a traceback has it, without addresses: ``KeyError: 'path'``."""
    text = _text(error)
    return cut(_NOISE.sub("", f"{type(error).__name__}: {text}" if text else type(error).__name__))


def cut(text: str) -> str:
    """The text, up to a length that anybody reads."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"


def _first(error: BaseException) -> BaseException:
    """What a handler raised, and not the group in which the bus tells of it."""
    return _first(error.exceptions[0]) if isinstance(error, BaseExceptionGroup) else error


def _said(id: str, error: BaseException) -> str:
    if isinstance(error, EndlessLoop):
        return f"{id} does not come to an end. Look at its loops, and at what they wait for."
    if isinstance(error, Wrong):
        return _text(error)
    if isinstance(error, RecursionError):
        return f"{id} calls itself without end. Look at what makes it stop, and whether that is ever reached."
    text = _text(error)
    text = text if text.endswith("...") else text.removesuffix(".")
    said = f"{type(error).__name__}: {text}" if text else type(error).__name__
    return f"{id} raised {said}{_place(error)}."


def _text(error: BaseException) -> str:
    """What an error says, as far as anybody reads it; one that can't say anything says nothing."""
    try:
        with bounded():
            said = str.__str__(str(error))  # plain text, also where a class of text comes back
    except (Exception, SystemExit, EndlessLoop):
        return "its own __str__ fails, so what it says can't be shown"
    return cut(said).encode(errors="replace").decode()


def _place(error: BaseException) -> str:
    """The last line of the learner's that was reached, and the function that it is in; a generator's has no name."""
    own = [frame for frame in traceback.extract_tb(error.__traceback__) if not frame.filename.startswith(_NOT_THEIRS)]
    named = [f" ({frame.name})" for frame in own if not frame.name.startswith("<")]
    return f", in line {own[-1].lineno} of its cell{''.join(named[-1:])}" if own else ""
