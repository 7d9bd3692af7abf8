"""Exercises: tasks that are checked, with hints and solutions, and a learner's progress."""

from eda_workshop.exercises.cells import notebook_cells
from eda_workshop.exercises.desk import check, hint, solution
from eda_workshop.exercises.exercise import Exercise, Wrong
from eda_workshop.exercises.map import progress_map
from eda_workshop.exercises.quizzes import quiz
from eda_workshop.exercises.registry import every, of
from eda_workshop.exercises.room import Room
from eda_workshop.exercises.sharing import share_code
from eda_workshop.exercises.your_progress import YourProgress

__all__ = [
    "Exercise",
    "Room",
    "Wrong",
    "YourProgress",
    "check",
    "every",
    "hint",
    "notebook_cells",
    "of",
    "progress_map",
    "quiz",
    "share_code",
    "solution",
]
