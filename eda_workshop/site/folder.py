"""The folder that pages are written to: new, empty, or one that the same command wrote before."""

from __future__ import annotations

import json
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
        mark = {"command": command, "files": sorted({*before, *files})}
        # First, so that a folder that was left half-way is still known as ours.
        (folder / MARK).write_text(json.dumps(mark, indent=1) + "\n", encoding="utf-8")
        for name in before - set(files):
            (folder / name).unlink(missing_ok=True)
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
        (folder / MARK).write_text(json.dumps({**mark, "files": sorted(files)}, indent=1) + "\n", encoding="utf-8")
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
