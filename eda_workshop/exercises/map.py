"""The map of lesson 00: all lessons and exercises, how far they are, and where to go on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Any, Protocol

from eda_workshop.exercises import progress, registry
from eda_workshop.exercises.exercise import Exercise
from eda_workshop.exercises.table import table
from eda_workshop.show import palette

_SIGNS = {"right": "✓", "tried": "✗", "not attempted": "…"}
_HEADS = ("Lesson", "Minutes", "After", "Exercises")
_NAME = "All lessons and how far you are"


class Entry(Protocol):
    """What the map needs to know of a lesson."""

    @property
    def number(self) -> int: ...
    @property
    def title(self) -> str: ...
    @property
    def minutes(self) -> int: ...
    @property
    def needs(self) -> tuple[int, ...]: ...
    @property
    def notebook(self) -> str: ...


@dataclass(frozen=True)
class Row:
    """One lesson with its exercises, as (exercise, state)."""

    lesson: Entry
    exercises: tuple[tuple[Exercise, str], ...]

    @property
    def done(self) -> int:
        """How many of its exercises are right."""
        return sum(state == "right" for _, state in self.exercises)

    @property
    def is_done(self) -> bool:
        """Whether nothing in it is left to do; a lesson without exercises has nothing."""
        return self.done == len(self.exercises)


@dataclass(frozen=True)
class Map:
    """Lessons and exercises with a word and a sign for each state.

    last  the id of the exercise that was checked last, "" if none was
    """

    rows: tuple[Row, ...]
    last: str = ""

    @property
    def done(self) -> int:
        return sum(row.done for row in self.rows)

    @property
    def count(self) -> int:
        return sum(len(row.exercises) for row in self.rows)

    @property
    def next(self) -> tuple[Row, Exercise] | None:
        """Where to go on: in the lesson of the last exercise, else in the next that is open and whose needs are met.

        None when everything is done.
        """
        rows = [row for row in self.rows if not row.is_done]
        if not rows:
            return None
        now = [row for row in rows if any(exercise.id == self.last for exercise, _ in row.exercises)]
        done = {row.lesson.number for row in self.rows if row.is_done}
        ready = [row for row in rows if done.issuperset(row.lesson.needs)]
        ahead = [row for row in ready if row.lesson.number > self._last_lesson]
        row = (now or ahead or ready or rows)[0]
        return row, next(exercise for exercise, state in row.exercises if state != "right")

    @property
    def advice(self) -> str:
        """Where to go on, in a sentence."""
        place = self.next
        if place is None:
            return "All exercises are done"
        row, exercise = place
        verb = "Go on" if self.last else "Begin"
        return f"{verb} with {row.lesson.number:02} {row.lesson.title}: “{exercise.title}”, {exercise.minutes} minutes"

    @property
    def _last_lesson(self) -> int:
        """The number of the lesson that was worked on last, 0 if none was."""
        numbers = (row.lesson.number for row in self.rows for exercise, _ in row.exercises if exercise.id == self.last)
        return next(numbers, 0)

    def __repr__(self) -> str:
        return f"{len(self.rows)} lessons, {self.done} of {self.count} exercises done. {self.advice}."

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/html": self._html(), "text/plain": repr(self)}

    def _html(self) -> str:
        """The table, and the sentence above it."""
        shown = table(_NAME, _HEADS, map(_row, self.rows))
        return f'<p style="{palette.WORDS}; font-family: {palette.FONT}"><b>{escape(repr(self))}</b></p>{shown}'


def progress_map(lessons: Iterable[Entry]) -> Map:
    """The map of these lessons for the learner whose progress file this is."""
    known = progress.load()
    rows = (
        Row(lesson, tuple((each, known.of(each.id).state) for each in registry.of(lesson.number))) for lesson in lessons
    )
    return Map(tuple(rows), known.last)


def _row(row: Row) -> tuple[str, ...]:
    lesson = row.lesson
    link = f'<a href="{escape(lesson.notebook)}" style="color: inherit; text-decoration: underline">{lesson.number:02} {escape(lesson.title)}</a>'
    needs = ", ".join(f"{number:02}" for number in lesson.needs)
    return link, str(lesson.minutes), needs, _exercises(row)


def _exercises(row: Row) -> str:
    """How many are done, with each of them behind a line that opens."""
    if not row.exercises:
        return "none"
    sign = "✓" if row.is_done else "…"
    states = "<br>".join(f"{_SIGNS[state]} {escape(each.title)}: {state}" for each, state in row.exercises)
    return f"<details><summary>{sign} {row.done} of {len(row.exercises)} done</summary>{states}</details>"
