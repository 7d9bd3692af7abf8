"""An exercise as two cells of a lesson."""

from __future__ import annotations

from typing import Literal

from eda_workshop.exercises.exercise import Exercise

Cell = tuple[Literal["markdown", "code"], str]


def notebook_cells(exercise: Exercise) -> list[Cell]:
    """The task as text, and the stub with its check as code."""
    asking = f"*Stuck?* `hint.{exercise.id}()` gives a hint, `solution.{exercise.id}()` a solution when you ask twice."
    text = f"### {exercise.title}\n\n*{exercise.minutes} minutes.* {exercise.task}\n\n{asking}"
    return [("markdown", text), ("code", f"{exercise.stub}\n\ncheck.{exercise.id}({exercise.id})")]
