"""What an exercise is made of, and how a check says no."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Check = Callable[[Any], str | None]

STEPS = 1_000_000
"""So many steps of the interpreter may run in one check before it counts as an endless loop."""


@dataclass(frozen=True)
class Exercise:
    """A task with a stub, a check, hints, solutions and the wrong answers that are worth a word.

    id         a Python identifier: what the learner's function or variable is called
    task       Markdown: what to do, and why
    stub       the source in the lesson's cell; a function that does nothing, or a value with ``...`` in it
    check      called with the answer; raises `Wrong` if it is not right, else returns a sentence on what was tried, or None
    hints      from the first nudge to nearly the answer; at least two
    solutions  sources that define the id and pass; at least one
    wrong      sources that define the id → how the sentence that each gets begins; at least two
    unusual    sources that pass too, and that nobody expects
    steps      how many steps of the interpreter a check may take; None if it counts them itself, call by call
    """

    id: str
    lesson: int
    title: str
    minutes: int
    task: str
    stub: str
    check: Check
    hints: tuple[str, ...]
    solutions: tuple[str, ...]
    wrong: Mapping[str, str]
    unusual: tuple[str, ...] = ()
    steps: int | None = STEPS


@dataclass
class Wrong(Exception):
    """Raised by a check: what the answer gets wrong, without giving the right one away.

    said      the misconception, in a sentence
    called    what the check did
    expected  what it should have come to
    got       what it came to
    look      where to look
    """

    said: str
    called: str = ""
    expected: str = ""
    got: str = ""
    look: str = ""

    def __str__(self) -> str:
        facts = {"I tried": self.called, "Expected": self.expected, "Got": self.got}
        told = " ".join(f"{label}: {fact.removesuffix('.')}." for label, fact in facts.items() if fact)
        return " ".join(part for part in (self.said, told, self.look) if part)
