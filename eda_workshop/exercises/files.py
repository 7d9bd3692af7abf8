"""From a file in percent cells to an exercise."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from eda_workshop.exercises.behavior import SameBehavior
from eda_workshop.exercises.exercise import Exercise
from eda_workshop.exercises.form import Form
from eda_workshop.exercises.mutants import Mutants
from eda_workshop.exercises.open import Properties
from eda_workshop.exercises.page import Page

KINDS = ("function", "form", "open", "specs")
HINTS = 2
"""So many hints an exercise has at least."""
_TITLE = re.compile(r"(?P<title>.+) \(lesson (?P<lesson>\d\d), (?P<minutes>\d+) minutes?, (?P<kind>\w+)\)")
_CHECKED = {"function": ("CASES", "observe"), "open": ("cases", "holds"), "specs": ("right", "mutants", "enough")}
"""Kind → what its check must define."""


def load(path: Path) -> Page:
    """The cells of a file."""
    return Page(path, path.read_text(encoding="utf-8"))


def read(path: Path) -> Exercise:
    """The exercise in a file. Raises `BadExercise`, which names the line and says what to do."""
    page = load(path)
    task = page.only("task")
    found = _TITLE.fullmatch(task.said)
    if not found or found["kind"] not in KINDS:
        remedy = f"Write `# %% task: Title (lesson 08, 5 minutes, kind)`, where the kind is one of {', '.join(KINDS)}."
        raise page.bad(task.line, "the first line of the task can't be read", remedy)
    if found["lesson"] != path.parent.name:
        problem = f"the task says lesson {found['lesson']}, and the file is in the folder {path.parent.name}"
        raise page.bad(task.line, problem, "Move the file, or correct the task.")
    if not task.prose:
        raise page.bad(task.line, "the task is empty", "Write below it, as a comment, what to do.")
    return Exercise(
        id=page.id,
        lesson=int(found["lesson"]),
        title=found["title"],
        minutes=int(found["minutes"]),
        task=task.prose,
        hints=_hints(page),
        **_KINDS[found["kind"]](page),
    )


def _hints(page: Page) -> tuple[str, ...]:
    hints = tuple(cell.prose or cell.said for cell in page.each("hint"))
    if len(hints) < HINTS:
        cells = page.each("hint")
        line = cells[-1].line if cells else page.only("task").line
        problem = f"the exercise has {len(hints) or 'no'} hint{'s' * (len(hints) != 1)}, and needs {HINTS}"
        raise page.bad(line, problem, "Add a cell that begins with `# %% hint`: a question first, an instruction next.")
    return hints


def _form(page: Page) -> dict[str, Any]:
    form = Form(page)
    wrongs = {cell.code: cell.said for cell in page.wrongs}
    return {
        "stub": form.stub,
        "check": form,
        "solutions": tuple(cell.code for cell in page.each("solution")) or (form.filled(),),
        "wrong": wrongs | dict(form.wrongs()),
    }


def _program(kind: str, check: Callable[[Page, tuple[str, ...] | None], Any]) -> Callable[[Page], dict[str, Any]]:
    """What makes an exercise of this kind: a stub, a check, right answers and wrong ones."""

    def parts(page: Page) -> dict[str, Any]:
        stub = page.only("stub")
        if not page.each("solution"):
            raise page.bad(stub.line, "the exercise has no solution", "Add a cell that begins with `# %% solution`.")
        for cell in (stub, *page.rights, *page.wrongs):
            page.require_code(cell, page.id)
        for name in _CHECKED[kind]:
            page.require_code(page.only("check"), name)
        return {
            "stub": stub.code,
            "check": check(page, _parameters(page)),
            "solutions": tuple(cell.code for cell in page.each("solution")),
            "unusual": tuple(cell.code for cell in page.each("unusual")),
            "wrong": {cell.code: cell.said for cell in page.wrongs},
            "steps": None,
        }

    return parts


def _parameters(page: Page) -> tuple[str, ...] | None:
    """What the stub's function takes; None if the stub is something else."""
    for node in ast.parse(page.only("stub").source).body:
        if isinstance(node, ast.FunctionDef) and node.name == page.id:
            return tuple(argument.arg for argument in node.args.args)
    return None


_KINDS: dict[str, Callable[[Page], dict[str, Any]]] = {
    "form": _form,
    "function": _program("function", SameBehavior),
    "open": _program("open", Properties),
    "specs": _program("specs", lambda page, _: Mutants(page)),
}
