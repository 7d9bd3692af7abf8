"""The map of lesson 00: all lessons and exercises, and how far they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Any, Protocol

from eda_workshop.exercises import progress, registry
from eda_workshop.show import palette

_SIGNS = {"right": "✓", "tried": "✗", "not attempted": "…"}
_TABLE = f"color: {palette.INK}; font-family: {palette.FONT}; font-size: 14px; border-collapse: collapse"
_CELL = f"text-align: left; vertical-align: top; padding: 6px 12px; border-bottom: 1px solid {palette.FAINT}"


class Entry(Protocol):
    """What the map needs to know of a lesson."""

    @property
    def number(self) -> int: ...
    @property
    def title(self) -> str: ...
    @property
    def minutes(self) -> int: ...
    @property
    def notebook(self) -> str: ...


@dataclass(frozen=True)
class Row:
    """One lesson with its exercises, as (title, state)."""

    lesson: Entry
    exercises: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Map:
    """Lessons and exercises with a word and a sign for each state."""

    rows: tuple[Row, ...]

    @property
    def done(self) -> int:
        return sum(state == "right" for row in self.rows for _, state in row.exercises)

    @property
    def count(self) -> int:
        return sum(len(row.exercises) for row in self.rows)

    def __repr__(self) -> str:
        return f"{len(self.rows)} lessons, {self.done} of {self.count} exercises done"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        body = "".join(map(_row, self.rows))
        head = "".join(f'<th scope="col" style="{_CELL}">{word}</th>' for word in ("Lesson", "Minutes", "Exercises"))
        table = f'<table style="{_TABLE}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
        return {"text/html": f"{table}<p>{escape(repr(self))}.</p>", "text/plain": repr(self)}


def progress_map(lessons: Iterable[Entry]) -> Map:
    """The map of these lessons for the learner whose progress file this is."""
    known = progress.load()
    return Map(
        tuple(
            Row(lesson, tuple((each.title, known.of(each.id).state) for each in registry.of(lesson.number)))
            for lesson in lessons
        )
    )


def _row(row: Row) -> str:
    lesson = row.lesson
    link = f'<a href="{escape(lesson.notebook)}">{lesson.number:02} {escape(lesson.title)}</a>'
    states = "<br>".join(f"{_SIGNS[state]} {escape(title)}: {state}" for title, state in row.exercises) or "none"
    cells = (link, str(lesson.minutes), states)
    return "<tr>" + "".join(f'<td style="{_CELL}">{cell}</td>' for cell in cells) + "</tr>"
