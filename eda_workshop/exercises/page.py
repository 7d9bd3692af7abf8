"""An exercise's file as cells: what each is, what it says, and the names that its code makes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from types import CodeType
from typing import Any

from eda_workshop.exercises.errors import BadExercise

WORDS = ("task", "stub", "hint", "form", "solution", "unusual", "wrong", "wrong like solution", "check")
"""What a cell can be, in the order of a file."""
_HEAD = re.compile(r"# %%(.*)")
_ARROW = re.compile(r"(?<= )->(?= |$)")


@dataclass(frozen=True)
class Cell:
    """A cell: its word, what its first line says after the colon, the source below, and the number of its first line."""

    word: str
    said: str
    source: str
    line: int

    @property
    def code(self) -> str:
        """The source as a learner has it in a cell."""
        return self.source.strip("\n")

    @property
    def prose(self) -> str:
        """The comment below the first line, without its signs, as Markdown."""
        return "\n".join(line.removeprefix("#").removeprefix(" ") for line in self.source.splitlines()).strip()


@dataclass(frozen=True)
class Page:
    """A file in percent cells. Code above the first cell, such as imports, holds for all of them.

    >>> page = Page(Path("late.py"), "from math import inf\\n# %% stub\\ndef late(events):\\n    ...\\n")
    >>> [cell.word for cell in page.cells], page.only("stub").line
    (['stub'], 2)
    """

    path: Path
    text: str

    @property
    def id(self) -> str:
        return self.path.stem

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """The cells in their order."""
        return tuple(self._parted())[1:]

    def each(self, *words: str) -> list[Cell]:
        """The cells with one of these words, in their order."""
        return [cell for cell in self.cells if cell.word in words]

    def only(self, word: str) -> Cell:
        """The one cell with this word. Raises `BadExercise` if there is none, or more than one."""
        found = self.each(word)
        if not found:
            raise self.bad(1, f"the exercise has no {word}", f"Add a cell that begins with `# %% {word}`.")
        if len(found) > 1:
            raise self.bad(found[1].line, f"this is a second {word}", "An exercise has one: merge the two cells.")
        return found[0]

    @cached_property
    def rights(self) -> tuple[Cell, ...]:
        """The answers that are right, the solution to show first."""
        return tuple(self.each("solution", "unusual"))

    @cached_property
    def wrongs(self) -> tuple[Cell, ...]:
        """The wrong answers, each with its sentence; those that are like the first solution are written out."""
        return tuple(map(self._wrong, self.each("wrong", "wrong like solution")))

    def bad(self, line: int, problem: str, remedy: str) -> BadExercise:
        """The error for a line of this file."""
        return BadExercise("/".join(self.path.parts[-4:]), line, problem, remedy)

    def names(self, cell: Cell) -> dict[str, Any]:
        """The names after running the cell, made new each time. Raises what its code raises."""
        names: dict[str, Any] = {"__name__": "__main__"}
        for source, line in ((self._head.source, 0), (cell.source, cell.line)):
            exec(_compiled(source, line, str(self.path)), names)
        return names

    def answer(self, cell: Cell) -> Any:
        """The answer that a cell gives: what it calls by the exercise's id."""
        return self.names(cell)[self.id]

    def require_code(self, cell: Cell, name: str) -> None:
        """Raise `BadExercise` unless the cell is Python and gives something this name."""
        try:
            body = ast.parse("\n" * cell.line + cell.source).body
        except SyntaxError as error:
            said = f"this is not Python: {error.msg}"
            raise self.bad(error.lineno or cell.line, said, "Correct the line.") from None
        if name not in {found for node in body for found in _given(node)}:
            raise self.bad(cell.line, f"this {cell.word} doesn't define {name}", f"Call what it defines {name}.")

    def _wrong(self, cell: Cell) -> Cell:
        if not cell.said:
            raise self.bad(cell.line, "this wrong answer has no sentence", f"Write `# %% {cell.word}: You …`.")
        if cell.word == "wrong":
            return cell
        return Cell("wrong", cell.said, self._replaced(cell, self.each("solution")[0].code), cell.line)

    def _replaced(self, cell: Cell, source: str) -> str:
        """The source with the replacements of a cell, one per line: ``# old -> new``."""
        for number, line in enumerate(cell.source.splitlines(), cell.line + 1):
            parts = _ARROW.split(line.removeprefix("#"), maxsplit=1)
            if len(parts) != 2 or not parts[0].strip():
                raise self.bad(number, "this isn't a replacement", "Write `# old -> new`, one replacement per line.")
            old, new = map(str.strip, parts)
            if (count := source.count(old)) != 1:
                problem = f"`{old}` occurs {count} times in the first solution"
                raise self.bad(number, problem, "Write a piece of it that occurs once.")
            source = source.replace(old, new)
        return source

    @cached_property
    def _head(self) -> Cell:
        return next(self._parted())

    def _parted(self) -> Iterator[Cell]:
        """The code above the first cell, and the cells."""
        word, said, first, lines = "", "", 0, list[str]()
        for number, line in enumerate(self.text.splitlines(), 1):
            if head := _HEAD.fullmatch(line.strip()):
                yield Cell(word, said, "\n".join(lines).rstrip(), first)
                word, _, said = (part.strip() for part in head[1].partition(":"))
                first, lines = number, []
                self._require_word(word, number)
            else:
                lines.append(line)
        yield Cell(word, said, "\n".join(lines).rstrip(), first)

    def _require_word(self, word: str, line: int) -> None:
        if word not in WORDS:
            words = ", ".join(f"`# %% {word}`" for word in WORDS)
            raise self.bad(line, f"a cell can't begin with `# %% {word}`", f"A cell begins with {words}.")


def _given(node: ast.stmt) -> Iterator[str]:
    """The names that a statement defines or assigns."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield node.name
    for part in ast.walk(node):
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
            yield part.id


@cache
def _compiled(source: str, line: int, path: str) -> CodeType:
    """The code, whose lines have the numbers that they have in the file."""
    return compile("\n" * line + source, path, "exec")
