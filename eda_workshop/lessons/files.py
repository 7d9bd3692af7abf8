"""Where a lesson's files are: a new folder whenever it is begun, and the same one when it is resumed."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from eda_workshop.errors import BadLog
from eda_workshop.exercises import progress
from eda_workshop.log import open_log
from eda_workshop.servers.process import temporary_folder

_PROBE = "probe.db"
_NAME = "_eda_files"
_resuming: ContextVar[bool] = ContextVar("resuming", default=False)


def lesson_files(lesson: str) -> Path:
    """A folder for this lesson's files, next to the learner's progress. A lesson that is resumed finds its files there.

    A kernel keeps the folder that it got, so the cell that asks for it can be run again. Where no log can be kept, as on a read-only disk or in a browser's drive, it is one for temporary files, and a lesson
    that is resumed begins anew.

    >>> os.chdir(lesson_files("06"))  # doctest: +SKIP
    """
    kept = _of_this_kernel()
    folder = kept.get(lesson)
    if folder is None or not folder.is_dir():
        folder = kept[lesson] = _found_or_made(lesson)
    return folder


def _of_this_kernel() -> dict[str, Path]:
    """The folders that this kernel has got, by lesson, kept among the learner's names; a new dict outside of a kernel."""
    interactive = sys.modules.get("IPython")
    shell = interactive.get_ipython() if interactive else None
    if shell is None:
        return {}
    shell.user_ns_hidden[_NAME] = None
    kept: dict[str, Path] = shell.user_ns.setdefault(_NAME, {})
    return kept


def _found_or_made(lesson: str) -> Path:
    place = progress.path().absolute()
    home = place.with_name(f"{place.stem}-files") / lesson
    before = sorted((int(folder.name), folder) for folder in home.glob("[0-9]*"))
    if is_resuming() and before:
        return before[-1][1]
    # The last one may still be open in another kernel.
    for _, folder in before[:-1]:
        shutil.rmtree(folder, ignore_errors=True)
    return _made(home, before[-1][0] + 1 if before else 1)


def is_resuming() -> bool:
    """Whether a lesson is being replayed."""
    return _resuming.get()


@contextmanager
def resuming() -> Iterator[None]:
    """Whoever asks for a lesson's files in here goes on with those that are there."""
    token = _resuming.set(True)
    try:
        yield
    finally:
        _resuming.reset(token)


def _made(home: Path, number: int) -> Path:
    folder = home / str(number)
    try:
        folder.mkdir(parents=True)
        open_log(folder / _PROBE).close()
    except FileExistsError:
        return _made(home, number + 1)
    except (OSError, BadLog):
        shutil.rmtree(folder, ignore_errors=True)
        return temporary_folder("eda-lesson-")
    for file in folder.glob(f"{_PROBE}*"):
        file.unlink()
    return folder
