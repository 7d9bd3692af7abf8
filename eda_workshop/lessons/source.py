"""From an author's text to a notebook: jupytext's percent format, one line for each exercise, a start for each section."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import jupytext
import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from eda_workshop import exercises
from eda_workshop.errors import EdaError
from eda_workshop.lessons.sections import starting_line, titled

_EXERCISE = re.compile(r"exercise: (\w+)")
_TAGS = {"raises-exception", "nbval-ignore-output", "not-in-a-browser"}


class BadSource(EdaError):
    """Raised for a lesson's source that can't become a notebook."""


def read_lesson(path: Path) -> NotebookNode:
    """The notebook of one source, not run yet. Its cells' ids count, so that a rebuild changes none."""
    text = jupytext.read(path, fmt="py:percent")
    cells: list[NotebookNode] = []
    for cell in text.cells:
        wanted = _EXERCISE.fullmatch(cell.source.strip()) if cell.cell_type == "markdown" else None
        cells += _exercise(wanted[1], path) if wanted else [_plain(cell, path)]
    _mark_starts(cells, path)
    for number, cell in enumerate(cells):
        cell["id"] = f"{path.stem[:2]}-{number:02}"
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    notebook: NotebookNode = new_notebook(
        cells=cells, metadata={"kernelspec": kernel, "language_info": {"name": "python"}}
    )
    return notebook


def _mark_starts(cells: list[NotebookNode], path: Path) -> None:
    """Put the line that makes a start of it at the head of each section's first cell."""
    codes = [cell for cell in cells if cell.cell_type == "code"]
    places = titled((cell.cell_type, cell.source) for cell in cells)
    starts = [(cell, title) for cell, (title, is_start) in zip(codes, places, strict=True) if is_start]
    titles = [title for _, title in starts]
    if twice := sorted({title for title in titles if titles.count(title) > 1}):
        raise BadSource(f"{path.name} has two sections called {', '.join(twice)}: give each a name of its own.")
    for cell, title in starts:
        cell.source = f"{starting_line(path.stem[:2], title)}\n{cell.source}"


def _plain(cell: NotebookNode, path: Path) -> NotebookNode:
    """The cell with nothing but its source and its tags."""
    tags = cell.metadata.get("tags", [])
    if not set(tags) <= _TAGS:
        raise BadSource(f"{path.name} has a cell with the tags {tags}; a lesson may use {sorted(_TAGS)}.")
    made: NotebookNode = (
        new_markdown_cell(cell.source)
        if cell.cell_type == "markdown"
        else new_code_cell(cell.source, metadata={"tags": tags} if tags else {})
    )
    return made


def _exercise(name: str, path: Path) -> list[NotebookNode]:
    known = {exercise.id: exercise for exercise in exercises.every()}
    if name not in known:
        raise BadSource(f"{path.name} asks for the exercise {name}; there are: {', '.join(known)}.")
    make: dict[str, Callable[[str], NotebookNode]] = {"markdown": new_markdown_cell, "code": new_code_cell}
    return [make[kind](source) for kind, source in exercises.notebook_cells(known[name])]


def write(notebook: NotebookNode, path: Path) -> None:
    """Write the notebook with a final newline and UTF-8 as it is."""
    path.write_bytes(as_bytes(notebook))


def as_bytes(notebook: NotebookNode) -> bytes:
    """The notebook's file, the same on every system."""
    return f"{nbformat.writes(notebook, version=4)}\n".encode()
