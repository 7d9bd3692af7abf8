"""All exercises, in the order of the lessons."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from eda_workshop.exercises.exercise import Exercise

LESSONS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17)


@cache
def every() -> tuple[Exercise, ...]:
    """Every exercise, in the order of the lessons."""
    return tuple(exercise for lesson in LESSONS for exercise in of(lesson))


@cache
def of(lesson: int) -> tuple[Exercise, ...]:
    """The exercises of one lesson, in their order; () if it has none."""
    if lesson not in LESSONS:
        return ()
    found: tuple[Exercise, ...] = import_module(f"eda_workshop.exercises.lesson_{lesson:02}").EXERCISES
    return found
