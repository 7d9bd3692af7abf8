"""From an answer to an outcome; nothing that a learner writes gets past it as an exception."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, redirect_stdout
from io import StringIO
from typing import TextIO

from eda_workshop.exercises.attempt import bounded, is_attempted
from eda_workshop.exercises.exercise import Exercise
from eda_workshop.exercises.outcome import Outcome
from eda_workshop.exercises.raised import sentence

MOST_PRINTED = 10_000
"""Characters that an answer may print during one check; the rest is left out, so that no notebook grows by megabytes."""


def judge(exercise: Exercise, answer: object) -> Outcome:
    """Check the answer once, on an engine of its own."""
    if not is_attempted(answer):
        return Outcome("not attempted", f"Replace the ... in {exercise.id} and run the cell again.")
    try:
        with _little_printed(), bounded(exercise.steps) if exercise.steps else nullcontext():
            tried = exercise.check(answer)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return Outcome("wrong", sentence(exercise.id, error))
    title = exercise.title if exercise.title.endswith("?") else f"{exercise.title}."
    return Outcome("right", f"{title} {tried or 'Everything that was checked holds.'}", exercise.solutions)


class _Short(StringIO):
    """Passes on what is printed, up to a limit."""

    def __init__(self, out: TextIO) -> None:
        super().__init__()
        self._out = out
        self._left = MOST_PRINTED

    def write(self, text: str, /) -> int:
        if self._left > 0:
            self._out.write(text[: self._left])
            self._left -= len(text)
            if self._left <= 0:
                self._out.write(f"\n… The check left out what came after {MOST_PRINTED:,} characters.\n")
        return len(text)


@contextmanager
def _little_printed() -> Iterator[None]:
    with redirect_stdout(_Short(sys.stdout)):
        yield
