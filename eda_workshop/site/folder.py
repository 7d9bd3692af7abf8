"""The folder that pages are written to: new, empty, or one that the same command wrote before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from eda_workshop.errors import EdaError
from eda_workshop.files import whole_file

MARK = "eda-workshop.json"
"""The file in which a folder says what wrote it, and which files those were."""

Entry = tuple[str, str]
"""A file's path below the folder, with /, and the SHA-256 of its bytes."""


@dataclass(eq=False)
class NotOurFolder(EdaError):
    """Raised for a folder that holds something else; nothing in it was touched. `there` is the file in the way, if it is one."""

    folder: str
    command: str
    there: str = ""

    def __str__(self) -> str:
        what = f"{self.there}, which" if self.there else "something that"
        return (
            f"{self.folder} holds {what} `{self.command}` did not write, so nothing was written. "
            "Name a new or an empty folder."
        )


@dataclass(eq=False)
class NotWritten(EdaError):
    """Raised when the pages can't be written; `reason` is the system's."""

    folder: str
    reason: str

    def __str__(self) -> str:
        return f"The pages can't be written to {self.folder} ({self.reason}). Name a folder that is yours."


def fill(folder: Path, command: str, files: Mapping[str, str | bytes]) -> None:
    """Write the files, by their paths below the folder, in place of those that the command wrote here before.

    Everything else in the folder stays. Raises `NotOurFolder` before anything is written, and `NotWritten`.
    """
    contents = {name: text.encode() if isinstance(text, str) else text for name, text in files.items()}
    before, after = written(folder, command), {(name, _digest(data)) for name, data in contents.items()}
    _check_way(folder, command, contents, before)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # First, so that the next start knows the files of a start that was cut off.
        _mark(folder, command, before | after)
        for name, data in contents.items():
            _write(folder / name, data)
        for name, digest in before:
            if name not in contents:
                _remove(folder, name, digest)
        _mark(folder, command, after)
    except OSError as error:
        raise NotWritten(str(folder), error.strerror or str(error)) from None


def move_in(folder: Path, command: str, built: Path) -> None:
    """Fill the folder with all files that were built elsewhere. Raises `NotOurFolder` and `NotWritten`."""
    files = (path for path in sorted(built.rglob("*")) if path.is_file())
    fill(folder, command, {path.relative_to(built).as_posix(): path.read_bytes() for path in files})


def written(folder: Path, command: str) -> set[Entry]:
    """The files that the command wrote into the folder before. Raises `NotOurFolder` if it didn't make this folder."""
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return set()
    try:
        mark = json.loads((folder / MARK).read_text(encoding="utf-8"))
        entries = {(name, digest) for name, digest in mark["files"]}
        if mark["command"] == command and all(_is_entry(*entry) for entry in entries):
            return entries
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        pass
    raise NotOurFolder(str(folder), command)


def _is_entry(name: object, digest: object) -> bool:
    """Whether it can name a file that `fill` wrote: below the folder, spelled in one way only."""
    if not isinstance(name, str) or not isinstance(digest, str):
        return False
    parts = name.split("/")
    return name != MARK and not any(part in ("", ".", "..") or set(part) & set("\\:\0") for part in parts)


def _check_way(folder: Path, command: str, names: Iterable[str], before: set[Entry]) -> None:
    """Raise `NotOurFolder` if a file or a link that the command didn't write is where one of its files belongs."""
    for name in names:
        places = [folder / name, *(folder / parent for parent in Path(name).parents[:-1])]
        if any(place.is_symlink() for place in places):
            raise NotOurFolder(str(folder), command, name)
        if places[0].exists() and not _is_ours(places[0], name, before):
            raise NotOurFolder(str(folder), command, name)


def _is_ours(path: Path, name: str, before: set[Entry]) -> bool:
    return path.is_file() and (name, _digest(path.read_bytes())) in before


def _mark(folder: Path, command: str, entries: Iterable[Entry]) -> None:
    text = json.dumps({"command": command, "files": sorted(entries)}, indent=1)
    _write(folder / MARK, f"{text}\n".encode())


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(path) as file:
        file.write(data)


def _remove(folder: Path, name: str, digest: str) -> None:
    """Remove a file that is as the command wrote it, and the folders that this leaves empty. Links are not followed."""
    path = folder / name
    inside = [folder / parent for parent in Path(name).parents[:-1]]
    if any(place.is_symlink() for place in (path, *inside)) or not _is_ours(path, name, {(name, digest)}):
        return
    path.unlink()
    for parent in inside:
        with suppress(OSError):
            parent.rmdir()


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
