"""The folder that pages are written to: new, empty, or one that the same command wrote before."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from eda_workshop.errors import EdaError

MARK = "eda-workshop.json"
"""The file in which a folder says what wrote it, and which files those were."""


@dataclass(eq=False)
class NotOurFolder(EdaError):
    """Raised for a folder that holds something else; nothing in it was touched."""

    folder: str
    command: str

    def __str__(self) -> str:
        return (
            f"{self.folder} holds something that `{self.command}` did not write, so nothing was written. "
            "Name a new or an empty folder."
        )


@dataclass(eq=False)
class NotWritten(EdaError):
    """Raised when the pages can't be written; `reason` is the system's."""

    folder: str
    reason: str

    def __str__(self) -> str:
        return f"The pages can't be written to {self.folder} ({self.reason}). Name a folder that is yours."


def fill(folder: Path, command: str, files: dict[str, str]) -> None:
    """Write the files, by name, in place of those that the command wrote here before. What else is there stays.

    Raises `NotOurFolder` before anything is written, and `NotWritten`.
    """
    before = written(folder, command)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # First, so that a folder that was left half-way is still known as ours.
        _mark(folder, command, {*before, *files})
        for name in before - set(files):
            (folder / name).unlink(missing_ok=True)
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
        _mark(folder, command, files)
    except OSError as error:
        raise NotWritten(str(folder), error.strerror or str(error)) from None


def written(folder: Path, command: str) -> set[str]:
    """The files that the command wrote into the folder before. Raises `NotOurFolder` if the folder is somebody else's."""
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return set()
    try:
        mark = json.loads((folder / MARK).read_text(encoding="utf-8"))
        if mark["command"] == command:
            return {name for name in mark["files"] if Path(name).name == name}
    except (OSError, ValueError, KeyError, TypeError):
        pass
    raise NotOurFolder(str(folder), command)


def move_in(folder: Path, command: str, built: Path) -> None:
    """Move all that was built elsewhere into the folder, in place of what the command wrote here before.

    Raises `NotOurFolder` before anything is written, and `NotWritten`.
    """
    before, names = written(folder, command), sorted(path.name for path in built.iterdir())
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _mark(folder, command, {*before, *names})
        for name in before:
            _remove(folder / name)
        for name in names:
            shutil.move(built / name, folder / name)
        _mark(folder, command, names)
    except OSError as error:
        raise NotWritten(str(folder), error.strerror or str(error)) from None


def _mark(folder: Path, command: str, names: Iterable[str]) -> None:
    text = json.dumps({"command": command, "files": sorted(names)}, indent=1)
    (folder / MARK).write_text(text + "\n", encoding="utf-8")


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
