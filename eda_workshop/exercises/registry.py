"""All exercises, in the order of the lessons."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from eda_workshop.exercises.errors import BadExercise
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
    ids = order().get(lesson, ())
    found = {id: read(path) for id in ids if (path := path_of(lesson, id)).is_file()}
    if len(found) < len(ids):
        found = _in_code(lesson) | found
    if missing := [id for id in ids if id not in found]:
        remedy = f"Write {lesson:02}/{missing[0]}.py, or take the name out."
        raise BadExercise(
            "exercises/order.txt", [*order()].index(lesson) + 1, f"no file is called {missing[0]}", remedy
        )
    return tuple(found[id] for id in ids)


def _in_code(lesson: int) -> dict[str, Exercise]:
    """The exercises of the lesson that are modules of the package."""
    module = import_module(f"eda_workshop.exercises.lesson_{lesson:02}")
    found: tuple[Exercise, ...] = getattr(module, "EXERCISES", ())
    return {exercise.id: exercise for exercise in found}
