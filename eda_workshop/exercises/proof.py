"""Whether an exercise's file keeps what it says: right answers pass, and each wrong answer gets its own sentence."""

from __future__ import annotations

from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

from eda_workshop.exercises.exercise import Exercise
from eda_workshop.exercises.files import load, read
from eda_workshop.exercises.judge import judge
from eda_workshop.exercises.outcome import Outcome
from eda_workshop.exercises.page import Cell, Page
from eda_workshop.exercises.places import order, path_of


def prove_lesson(lesson: int) -> None:
    """Check every answer in the files of a lesson's exercises. Raises `BadExercise`."""
    for id in order().get(lesson, ()):
        if path_of(lesson, id).is_file():
            prove(path_of(lesson, id))


def prove(path: Path) -> None:
    """Check every answer in the file. Raises `BadExercise` for the first that gets something else than the file says."""
    page, exercise = load(path), read(path)
    for cell in page.rights:
        outcome = _judged(page, exercise, cell)
        if outcome.state != "right":
            problem = f"this {cell.word} isn't right: {outcome.sentence.removesuffix('.')}"
            raise page.bad(cell.line, problem, "Correct it, or the check.")
    for cell in page.wrongs:
        outcome = _judged(page, exercise, cell)
        if outcome.state != "wrong":
            raise page.bad(cell.line, "this wrong answer passes", "Add a case in which it differs from the solution.")
        if not outcome.sentence.startswith(cell.said):
            raise page.bad(cell.line, *_other(page, outcome.sentence))


def _judged(page: Page, exercise: Exercise, cell: Cell) -> Outcome:
    with redirect_stdout(StringIO()):
        return judge(exercise, page.answer(cell))


def _other(page: Page, got: str) -> tuple[str, str]:
    """What is wrong with an answer that gets this sentence in place of its own, and what to do."""
    alike = [other.line for other in page.wrongs if got.startswith(other.said)]
    if alike:
        problem = f"this wrong answer behaves like the one in line {alike[0]}"
        return problem, "Add a case in which the two differ, or drop one of them."
    problem = f"this wrong answer gets a different sentence: {got.removesuffix('.')}"
    return problem, "Let the cell say what the check says, or the other way round."
