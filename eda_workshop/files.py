"""Names of files; files that are written whole or not at all, that only their user can read, and that one program at a time may change."""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import get_ident
from typing import BinaryIO

from eda_workshop.errors import BadFile


def as_path(given: object) -> Path:
    """The path that names a file; raise `BadFile` for what no system takes for one.

    >>> as_path("drive.db").name
    'drive.db'
    """
    if not isinstance(given, (str, os.PathLike)) or not os.fspath(given):
        raise BadFile(repr(given), "has no name", "Name a file, as text or as a Path.")
    path = Path(os.fsdecode(given))
    if not is_possible(str(path)):
        raise BadFile(repr(given), "has a character that no file's name can have", "Choose another name.")
    return path


def is_possible(name: str) -> bool:
    """Whether the system can take this for the name of a file."""
    try:
        return b"\0" not in os.fsencode(name)
    except UnicodeEncodeError:
        return False


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A file to write to, which takes this name only when all is written and the disk has it.

    Until then, and after an error, whatever had the name before is there. Writers at once don't disturb each other:
    the last one wins.
    """
    part = part_of(path)
    try:
        with part.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def secret_file(path: Path, text: str) -> None:
    """Write a file that nobody but this user can read, in a folder of the same kind if there is none yet."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = part_of(path)
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def one_at_a_time(path: Path) -> Iterator[None]:
    """Wait until no other thread or program is here with the same path, which names a file that is made for this.

    The system frees the lock of a program that died. Where the file system knows no locks, nobody waits.
    """
    with path.open("ab") as file:
        while not hold(file):
            time.sleep(0.01)
        yield


def hold(file: BinaryIO) -> bool:
    """Lock an open file until it is closed; False if another thread or program holds it."""
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except ImportError:
        return True  # a browser's Python, in which there is no second program
    except OSError as error:
        return error.errno not in (errno.EAGAIN, errno.EACCES, errno.EDEADLK)
    return True


def part_of(path: Path) -> Path:
    """What this thread calls the file until it is complete."""
    return path.with_name(f"{path.name}.{os.getpid()}-{get_ident()}.part")
