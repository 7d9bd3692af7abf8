"""All exercises, in the order of the lessons."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from eda_workshop.exercises.exercise import Exercise
from eda_workshop.exercises.files import read
from eda_workshop.exercises.places import order, path_of

LESSONS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17)


@cache
def every() -> tuple[Exercise, ...]:
    """Every exercise, in the order of the lessons."""
    return tuple(exercise for lesson in LESSONS for exercise in of(lesson))


@cache
def of(lesson: int) -> tuple[Exercise, ...]:
    """The exercises of one lesson, in their order; () if it has none. Raises `BadExercise` for a file that can't be used."""
    written = {id: read(path) for id in order().get(lesson, ()) if (path := path_of(lesson, id)).is_file()}
    others = _in_code(lesson) if len(written) < len(order().get(lesson, ())) else {}
    return tuple((others | written)[id] for id in order().get(lesson, ()))


def _in_code(lesson: int) -> dict[str, Exercise]:
    """The exercises of the lesson that are modules of the package."""
    found: tuple[Exercise, ...] = import_module(f"eda_workshop.exercises.lesson_{lesson:02}").EXERCISES
    return {exercise.id: exercise for exercise in found}
