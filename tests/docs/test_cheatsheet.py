"""docs/cheatsheet.md: every line runs and comes to what it says, it fits on a sheet, and it has every public name."""

import ast
import contextlib
import io
import re

import pytest

import eda_workshop
from eda_workshop.lessons.catalogue import clone_root

PAGE = (clone_root() / "docs" / "cheatsheet.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^## ([^\n]+)\n```python\n(.*?)```", PAGE, re.DOTALL | re.MULTILINE)


def claims(code):
    """Each statement with what its last line says after the arrow, if it says something."""
    lines = code.splitlines()
    for statement in ast.parse(code).body:
        said = re.search(r"  # .*?→ (.+)$|  # → (.+)$", lines[statement.end_lineno - 1])
        yield statement, (said[1] or said[2]) if said else None


def run(code, names):
    """Run the statements one after the other; returns what came of those that say so, and what they say."""
    came, said = [], []
    for statement, claim in claims(code):
        if isinstance(statement, ast.Expr):
            value = eval(compile(ast.Expression(statement.value), "cheatsheet.md", "eval"), names)
            came += [repr(value)] if claim else []
        else:
            assert claim is None, "only an expression comes to something"
            exec(compile(ast.Module([statement], []), "cheatsheet.md", "exec"), names)
        said += [claim] if claim else []
    return came, said


@pytest.fixture
def learner(tmp_path, monkeypatch):
    """A folder and a progress of one's own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EDA_WORKSHOP_HOME", str(tmp_path))


def test_every_line_comes_to_what_it_says(learner):
    """All blocks run in one program, from top to bottom, and each arrow points to what its line gives."""
    names = {}
    try:
        for title, code in BLOCKS:
            with contextlib.redirect_stdout(io.StringIO()):
                came, said = run(code, names)
            assert came == said, title
    finally:
        for name in names.keys() & {"here", "there"}:
            names[name].log.close()
        if "place" in names:
            names["place"].stop()
    assert sum(claim is not None for _, code in BLOCKS for _, claim in claims(code)) >= 20


def test_a_wrong_claim_is_found():
    """What comes of a line is compared with the text behind its arrow, also where a remark stands before it."""
    assert run("1 + 1  # → 2", {}) == (["2"], ["2"])
    assert run("1 + 1  # a sum → 3", {}) == (["2"], ["3"])


def test_it_is_grouped_by_task():
    """A heading for each thing that one wants to do; all code stands under one."""
    assert len(BLOCKS) == PAGE.count("```python") == PAGE.count("```") / 2 == 10


def test_it_fits_on_a_sheet():
    """Two sides of a sheet: at most 160 lines, and no line of code so long that a printer breaks it."""
    assert len(PAGE.splitlines()) <= 160
    assert [line for _, code in BLOCKS for line in code.splitlines() if len(line) > 130] == []


def test_it_has_every_public_name():
    """No name that the package hands on is left for the reader to find out."""
    assert [name for name in eda_workshop.__all__ if not re.search(rf"\b{name}\b", PAGE)] == []
