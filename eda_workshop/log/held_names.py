"""Names that one process holds at a time, and that the system frees when the process ends, however it ends."""

from __future__ import annotations

import hashlib
import os
import sys
from contextlib import suppress
from pathlib import Path
from threading import Lock

_BYTES = 2**30
"""Each name locks one byte of the file, which need not be there."""


class HeldNames:
    """The names of one file. A process has one of these for a file, because POSIX frees a process's locks on a file whenever it closes the file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None
        self._holders: dict[str, str] = {}
        self._lock = Lock()

    def take(self, name: str, holder: str) -> bool:
        """Make a part of this process the holder of a name; False if another process has it."""
        with self._lock:
            if name not in self._holders and not self._take(name):
                return False
            self._holders[name] = holder
            return True

    def let_go(self, name: str, holder: str) -> None:
        """Free a name, unless another part of this process has it by now."""
        with self._lock:
            if self._holders.get(name) == holder:
                del self._holders[name]
                _unlock(self._open(), _byte(name), 1)
                if not self._holders:
                    self._close()

    def _take(self, name: str) -> bool:
        while True:
            file = self._open()
            if not _lock(file, _byte(name), 1):
                if not self._holders:
                    os.close(file)
                    self._file = None
                return False
            if _is_at(file, self._path):
                return True
            # Another process has removed the file in the meantime.
            os.close(file)
            self._file = None

    def _open(self) -> int:
        if self._file is None:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o666)
        return self._file

    def _close(self) -> None:
        """Close the file, and remove it if no other process has a name in it."""
        file, self._file = self._open(), None
        if _lock(file, 0, _BYTES) and _is_at(file, self._path):
            with suppress(OSError):  # where an open file can't be removed, it stays
                self._path.unlink()
        os.close(file)


def held_names(path: Path) -> HeldNames:
    """The names that processes hold in the file at a path."""
    key = os.getpid(), str(path)
    with _opening:
        if key not in _files:
            _files[key] = HeldNames(path)
        return _files[key]


_files: dict[tuple[int, str], HeldNames] = {}
_opening = Lock()


def _byte(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big") % _BYTES


def _is_at(file: int, path: Path) -> bool:
    try:
        there = path.stat()
    except FileNotFoundError:
        return False
    here = os.fstat(file)
    return (here.st_dev, here.st_ino) == (there.st_dev, there.st_ino)


if sys.platform == "win32":
    import msvcrt

    def _lock(file: int, start: int, count: int) -> bool:
        os.lseek(file, start, os.SEEK_SET)
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, count)
        except OSError:
            return False
        return True

    def _unlock(file: int, start: int, count: int) -> None:
        os.lseek(file, start, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_UNLCK, count)
else:
    import fcntl

    def _lock(file: int, start: int, count: int) -> bool:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, count, start)
        except OSError:
            return False
        return True

    def _unlock(file: int, start: int, count: int) -> None:
        fcntl.lockf(file, fcntl.LOCK_UN, count, start)
