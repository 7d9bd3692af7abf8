"""The lessons as the kit ships them, which it knows by their bytes: whatever a learner saved is no such lesson."""

from __future__ import annotations

import hashlib
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from eda_workshop.commandline import start
from eda_workshop.errors import EdaError
from eda_workshop.lessons.catalogue import LESSONS, clone_root, shipped_folder

MANIFEST = Path(__file__).with_name("shipped.txt")
"""For each lesson its file's name, and on the next line the SHA-256 of its bytes. `build` writes it."""


@dataclass(eq=False)
class NotShipped(EdaError):
    """Raised when a lesson was changed, and what was shipped can't be found any more."""

    names: tuple[str, ...]

    def __str__(self) -> str:
        numbers = " ".join(name[:2] for name in self.names)
        remedy = (
            f"Copy what you want to keep, then run `{start()} build {numbers}`, which makes them again."
            if clone_root()
            else "Install the kit again."
        )
        return f"These lessons were changed, and the shipped ones aren't to be found: {', '.join(self.names)}. {remedy}"


def digests() -> dict[str, str]:
    """The SHA-256 of each lesson's bytes as they were built, by its file's name."""
    lines = MANIFEST.read_text(encoding="utf-8").split()
    return dict(zip(lines[::2], lines[1::2], strict=True))


def digest(data: bytes) -> str:
    """What the manifest holds for a lesson of these bytes."""
    return hashlib.sha256(data).hexdigest()


def is_shipped(name: str, data: bytes) -> bool:
    """Whether these are the bytes of that lesson."""
    return digests().get(name) == digest(data)


def note(built: Mapping[str, bytes]) -> None:
    """Put the lessons that were built into the manifest; one that the catalogue doesn't have goes."""
    known = {**digests(), **{name: digest(data) for name, data in built.items()}}
    names = [lesson.notebook for lesson in LESSONS if lesson.notebook in known]
    MANIFEST.write_text("".join(f"{name}\n{known[name]}\n" for name in names), encoding="utf-8", newline="\n")


def changed(folder: Path) -> set[str]:
    """The names of the lessons in the folder that are not as they were shipped."""
    there = [path for lesson in LESSONS if (path := folder / lesson.notebook).exists()]
    return {path.name for path in there if not is_shipped(path.name, path.read_bytes())}


@contextmanager
def as_shipped() -> Iterator[Path]:
    """A folder with all lessons as they were shipped, and the glossary, for a while. Raises `NotShipped`."""
    home = shipped_folder()
    found = {lesson.notebook: _bytes(home / lesson.notebook) for lesson in LESSONS}
    missing = tuple(name for name, data in found.items() if data is None)
    if missing:
        raise NotShipped(missing)
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        for name, data in found.items():
            (folder / name).write_bytes(data or b"")
        (folder / "glossary.md").write_bytes((home / "glossary.md").read_bytes())
        yield folder


def _bytes(path: Path) -> bytes | None:
    """The shipped bytes of a lesson: those of the file, else of one of git's versions of it; None if neither fits."""
    return next((data for data in _versions(path) if is_shipped(path.name, data)), None)


def _versions(path: Path) -> Iterator[bytes]:
    """The file as it is, and in a clone what git has kept of it, the newest first."""
    if path.exists():
        yield path.read_bytes()
    if clone_root():
        for commit in _git(path, "log", "--format=%H", "--", path.name).split():
            yield _git(path, "show", f"{commit.decode()}:./{path.name}")


def _git(path: Path, *arguments: str) -> bytes:
    command = ["git", "-C", str(path.parent), *arguments]
    try:
        return subprocess.run(command, capture_output=True, check=False).stdout
    except OSError:
        return b""
