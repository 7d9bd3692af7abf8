"""What learners call: check, hint and solution, with an attribute for each exercise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from eda_workshop.exercises import progress, registry
from eda_workshop.exercises.errors import NoSuchHint, UnknownExercise
from eda_workshop.exercises.exercise import Exercise
from eda_workshop.exercises.judge import judge
from eda_workshop.exercises.outcome import Note, Outcome


class Desk:
    """One question that can be asked of every exercise: ``desk.late_tap(…)``."""

    def __init__(self, name: str, ask: Callable[..., Any]) -> None:
        self._name = name
        self._ask = ask

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("_"):
            raise AttributeError(name)
        known = {exercise.id: exercise for exercise in registry.every()}
        if name not in known:
            raise UnknownExercise(name, tuple(known))
        return lambda *arguments: self._ask(known[name], *arguments)

    def __dir__(self) -> list[str]:
        return [exercise.id for exercise in registry.every()]

    def __repr__(self) -> str:
        return f"{self._name}: {', '.join(dir(self))}"


def _check(exercise: Exercise, answer: object) -> Outcome:
    outcome = judge(exercise, answer)

    def note(record: progress.Record) -> None:
        record.attempts += outcome.state != "not attempted"
        record.passed |= outcome.state == "right"

    progress.change(exercise.id, note)
    return outcome


def _hint(exercise: Exercise, number: int | None = None) -> Note:
    """The next hint, or a certain one, counted from 1."""
    count = len(exercise.hints)
    if number is not None and not 1 <= number <= count:
        raise NoSuchHint(exercise.id, number, count)
    taken = progress.load().of(exercise.id).hints
    wanted = taken + 1 if number is None else number
    if wanted > count:
        return Note("No more hints.", f"Ask for one again with hint.{exercise.id}(1), or for solution.{exercise.id}().")
    progress.change(exercise.id, lambda record: setattr(record, "hints", max(record.hints, wanted)))
    return Note(f"Hint {wanted} of {count}.", exercise.hints[wanted - 1])


def _solution(exercise: Exercise) -> Note:
    """The solutions, at once after passing, else when asked a second time."""
    before = progress.load().of(exercise.id)
    if not (before.passed or before.shown):
        progress.change(exercise.id, lambda record: setattr(record, "shown", True))
        return Note("Not passed yet.", f"Run solution.{exercise.id}() once more if you want to see it all the same.")
    return Note("Solution." if len(exercise.solutions) == 1 else "Solutions.", code=exercise.solutions)


check = Desk("check", _check)
hint = Desk("hint", _hint)
solution = Desk("solution", _solution)
