"""Three questions at the end of each lesson; every wrong answer is a misconception and gets its own word."""

from __future__ import annotations

from importlib import import_module

from eda_workshop.exercises.registry import LESSONS
from eda_workshop.widgets.quiz import Question, Quiz


def quiz(lesson: int) -> Quiz:
    """The quiz of a lesson."""
    return Quiz(f"Quiz of lesson {lesson:02}", questions(lesson))


def questions(lesson: int) -> tuple[Question, ...]:
    """The questions of a lesson. Raises `KeyError` for one that has none."""
    if lesson not in LESSONS:
        raise KeyError(lesson)
    found: tuple[Question, ...] = import_module(f"eda_workshop.exercises.lesson_{lesson:02}.quiz").QUESTIONS
    return found
