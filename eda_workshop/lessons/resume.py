"""Begin at any section: what comes before it is replayed, if this kernel has not run it.

The kernel's memory is a memory image, and the notebook is its log.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from eda_workshop.lessons.files import is_resuming, resuming
from eda_workshop.lessons.ran import watch
from eda_workshop.lessons.sections import CannotResume, Cell, cells_at


def start_here(place: str) -> None:
    """Be ready for a section, named by its lesson's number and its heading, whatever this kernel has run before.

    If all cells above were run here, nothing happens but that names which other sections have set are again what the
    cells above make them. Else those that weren't run are replayed from the notebook, without showing anything, and a
    sentence says so. Exercises and quizzes are left to the learner.
    """
    from IPython.core.getipython import get_ipython

    shell = get_ipython()
    if shell is None or is_resuming():
        return
    ran = watch(shell)
    try:
        cells, here = cells_at(place, ran.folder)
    except CannotResume as error:
        print(error)
        return
    ran.put_back(shell.user_ns, cells, here)
    done = ran.done(cells)
    missing = [cell for cell in cells[:here] if cell.id not in done and not cell.is_theirs]
    if missing:
        print(_told(missing, _replay(shell, missing)))
        ran.put_back(shell.user_ns, cells, here)


def _replay(shell: Any, cells: list[Cell]) -> list[tuple[Cell, Exception]]:
    """Run the cells, showing nothing; the ones that failed, with their errors."""
    ran, failed = watch(shell), []
    with resuming(), _silence():
        for cell in cells:
            try:
                _execute(shell, cell.source)
            except Exception as error:
                failed += [] if cell.may_fail else [(cell, error)]
            succeeded = not (failed and failed[-1][0] is cell)
            ran.note(shell.user_ns, cell.id, cell.source, succeeded=succeeded, is_replayed=True)
    return failed


def _execute(shell: Any, source: str) -> None:
    """Run a cell's code without a display of its result or of its error: the shell's own way would show both."""
    code = shell.transform_cell(source)
    name = shell.compile.cache(code, shell.execution_count, raw_code=source)
    # Without dont_inherit the annotations of a learner's code would be those of this file.
    exec(compile(code, name, "exec", dont_inherit=True), shell.user_ns)


@contextmanager
def _silence() -> Iterator[None]:
    from IPython.utils.capture import capture_output

    with capture_output():
        yield


def _told(cells: list[Cell], failed: list[tuple[Cell, Exception]]) -> str:
    """What was done, in a sentence, and what of it failed."""
    replayed, sections = len(cells) - len(failed), len({cell.section for cell in cells})
    said = f"Resumed: replayed {_count(replayed, 'cell')} of {_count(sections, 'section')}."
    for cell, error in failed[:1]:
        why = f"{type(error).__name__}: {error}"
        said += f" This one failed: {cell.words} (in “{cell.section}”), with {why.splitlines()[0].removesuffix('.')}."
        said += " Run it yourself, then this one again."
    if len(failed) > 1:
        said += f" {_count(len(failed) - 1, 'cell')} after it failed as well."
    return said


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
