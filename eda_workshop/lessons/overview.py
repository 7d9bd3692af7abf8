"""The instructor's overview: each lesson's sections with estimated minutes, made from the lessons themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from eda_workshop import exercises
from eda_workshop.lessons.catalogue import LESSONS, Lesson
from eda_workshop.lessons.source import read_lesson

NAME = "overview.md"

WORDS, CODE, START = 130, 1.5, 0.5
"""Words that are spoken in a minute; minutes for a cell that is predicted, run and talked about; minutes to begin a section."""

END = ("Quiz", "Take away")
"""Headings that make the end of a lesson."""

_HEAD = """# Overview: sections and minutes

Made from the lessons by `python3 workshop.py build`; don't edit it. The minutes of a lesson and of each exercise are the authors' estimates. Those of the sections
share out what the lesson has for teaching, by how much there is to say and to run: **estimates of estimates**, to see what is long and what is short. The quiz
and the end of a lesson are in its last line.
"""


@dataclass(frozen=True)
class Section:
    """One part of a lesson: its heading, and its estimated minutes."""

    title: str
    minutes: int


@dataclass(frozen=True)
class Outline:
    """A lesson with its question, its sections, and the minutes of its exercises."""

    lesson: Lesson
    question: str
    sections: tuple[Section, ...]
    practice: tuple[tuple[str, int], ...]


def outline(lesson: Lesson, notebook: NotebookNode) -> Outline:
    """The outline of a lesson from its cells; its sections' minutes and its exercises' add up to the lesson's."""
    practice = tuple((each.id, each.minutes) for each in exercises.of(lesson.number))
    weighed = weights(notebook)
    teaching = lesson.minutes - sum(minutes for _, minutes in practice)
    shares = _shared_out(teaching, list(weighed.values()))
    sections = tuple(Section(title, minutes) for title, minutes in zip(weighed, shares, strict=True))
    return Outline(lesson, _question(notebook), sections, practice)


def page(source: Path) -> str:
    """The whole page, from the folder of the sources."""
    outlines = [outline(lesson, read_lesson(source / f"{lesson.name}.py")) for lesson in LESSONS]
    rows = "".join(map(_row, outlines))
    table = (
        "| lesson | teach | exercises | all | after |\n| --- | ---: | ---: | ---: | --- |\n"
        f"{rows}| **all** | {_sum(outlines, 'teach')} | {_sum(outlines, 'practice')} | {_sum(outlines, 'all')} | |\n"
    )
    return "\n".join([_HEAD, table, *map(_details, outlines)])


def write(root: Path, *, check: bool) -> bool:
    """Write the page into docs, or only look; whether it was as it is now."""
    made, target = page(root / "notebooks" / "source"), root / "docs" / NAME
    same = target.exists() and target.read_text(encoding="utf-8") == made
    if not same and not check:
        target.write_text(made, encoding="utf-8", newline="\n")
    return same


# --- how long ----------------------------------------------------------------------------------


def weights(notebook: NotebookNode) -> dict[str, float]:
    """How much there is to say and to run in each section, in minutes that are not to scale yet."""
    found, title = {"Beginning": 0.0}, "Beginning"
    for is_code, part in _parts(notebook):
        heading = None if is_code else re.match(r"## (.+)", part)
        if heading:
            title = _place(heading[1])
            found.setdefault(title, START)
        found[title] += CODE if is_code else len(part.split()) / WORDS
    return {title: weight for title, weight in found.items() if title != "Exercises" and weight}


def _parts(notebook: NotebookNode) -> Iterator[tuple[bool, str]]:
    """Each piece of code, and each piece of text from one heading to the next; whether it is code."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            yield True, cell.source
        else:
            yield from ((False, part) for part in re.split(r"(?m)^(?=## )", cell.source) if part)


def _place(heading: str) -> str:
    """The section that a heading begins: quiz and take-away are one, and exercises are none."""
    if heading.startswith("Exercise"):
        return "Exercises"
    return "Quiz and take-away" if heading in END else heading


def _shared_out(total: int, weights: list[float]) -> list[int]:
    """Whole minutes in the proportion of the weights, which add up to the total; none is less than one."""
    room = total - len(weights)
    exact = [room * weight / sum(weights) for weight in weights]
    minutes = [1 + int(share) for share in exact]
    rest = sorted(range(len(weights)), key=lambda place: int(exact[place]) - exact[place])
    for place in rest[: total - sum(minutes)]:
        minutes[place] += 1
    return minutes


def _question(notebook: NotebookNode) -> str:
    """The lesson's question; of a lesson that has none, nothing."""
    found = re.search(r"\*\*Question\.\*\* ((?:.+\n?)+)", notebook.cells[0].source)
    return " ".join(found[1].split()) if found else ""


# --- the page ----------------------------------------------------------------------------------


def _row(each: Outline) -> str:
    lesson = each.lesson
    needs = ", ".join(f"{number:02}" for number in lesson.needs)
    practice = sum(minutes for _, minutes in each.practice)
    link = f"[{lesson.number:02} {lesson.title}](#{lesson.name})"
    return f"| {link} | {lesson.minutes - practice} | {practice} | {lesson.minutes} | {needs} |\n"


def _sum(outlines: list[Outline], column: str) -> str:
    practice = sum(minutes for each in outlines for _, minutes in each.practice)
    total = sum(each.lesson.minutes for each in outlines)
    minutes = {"teach": total - practice, "practice": practice, "all": total}[column]
    return f"{minutes // 60} h {minutes % 60:02}"


def _details(each: Outline) -> str:
    lesson = each.lesson
    head = f"## {lesson.name}\n\n[{lesson.title}](../notebooks/{lesson.notebook}). {each.question}".rstrip() + "\n"
    rows = "".join(f"| {section.title} | {section.minutes} |\n" for section in each.sections)
    table = f"| section | minutes |\n| --- | ---: |\n{rows}"
    if not each.practice:
        return f"{head}\n{table}"
    told = ", ".join(f"`{id}` {minutes}" for id, minutes in each.practice)
    return f"{head}\n{table}\nExercises, minutes each: {told}.\n"
