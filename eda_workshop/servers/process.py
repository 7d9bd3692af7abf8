"""A program that listens on a port of 127.0.0.1: started, waited for, stopped and killed."""

from __future__ import annotations

import atexit
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any, Self

from eda_workshop.errors import NoServer

HOST = "127.0.0.1"
STARTING = 15.0
"""Seconds that a server may take to answer."""
STOPPING = 10.0

_WATCHDOG = """
import os, shutil, sys, time
if sys.stdin.read() != "stopped":
    os.kill(int(sys.argv[1]), 15)
    for folder in sys.argv[2:]:
        time.sleep(1)
        shutil.rmtree(folder, ignore_errors=True)
"""
"""A process that ends the server, and removes a temporary folder, if this one ends without stopping it: the pipe closes."""


def find_program(name: str, setting: str) -> str | None:
    """The program in the environment variable, on the PATH, or next to this Python; None if there is none.

    An empty variable means none.
    """
    asked = os.environ.get(setting)
    if asked is not None:
        return shutil.which(asked) if asked else None
    return shutil.which(name) or shutil.which(name, path=str(Path(sys.executable).parent))


class Server(ABC):
    """A server of ours on loopback, with its data in a folder. Use it in ``with``, or call `stop`.

    folder  where its data is; None: a new folder for temporary files, which `stop` removes
    port    the port that it listens on; the same one after `start` following `stop` or `kill`
    """

    name: str

    def __init__(self, program: str, folder: Path | None, port: int = 0) -> None:
        self.program = program
        self.folder = folder or temporary_folder(f"eda-{self.name.replace(' ', '-')}-")
        self._is_temporary = folder is None
        self.port = port or free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._watchdog: subprocess.Popen[str] | None = None

    @abstractmethod
    def command(self) -> list[str]:
        """What starts it."""

    @property
    def running(self) -> bool:
        """Whether the program runs."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """The number of its process, 0 while it doesn't run."""
        return self._process.pid if self._process else 0

    def start(self) -> Self:
        """Start it, and return when it answers. Raises `NoServer` if it doesn't; does nothing while it runs."""
        if self.running:
            return self
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self.folder / "server.log").open("ab") as log:
            # In a session of its own: Ctrl-C in a notebook interrupts a cell, and must not end the server.
            streams: Any = {"stdin": subprocess.DEVNULL, "stdout": log, "stderr": log}
            self._process = subprocess.Popen(self.command(), cwd=self.folder, start_new_session=True, **streams)
        watch = [sys.executable, "-I", "-S", "-c", _WATCHDOG, str(self.pid)]
        watch += [str(self.folder)] if self._is_temporary else []
        self._watchdog = subprocess.Popen(watch, stdin=subprocess.PIPE, text=True, start_new_session=True)
        self._wait()
        return self

    def stop(self) -> None:
        """Ask it to end, and wait until it has; what it keeps is on the disk, unless the folder was a temporary one."""
        if self._process is not None:
            self._process.terminate()
            self._reap()
        if self._is_temporary:
            shutil.rmtree(self.folder, ignore_errors=True)

    def kill(self) -> None:
        """End it at once, as ``kill -9`` does."""
        if self._process is not None:
            self._process.kill()
            self._reap()

    def wait(self) -> int:
        """Wait until the program ends, and return its code."""
        return self._process.wait() if self._process else 0

    def _reap(self) -> None:
        assert self._process is not None
        try:
            self._process.wait(STOPPING)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None
        if self._watchdog is not None:
            self._watchdog.communicate("stopped")
            self._watchdog = None

    def _wait(self) -> None:
        assert self._process is not None
        deadline = time.monotonic() + STARTING
        while self._process.poll() is None and time.monotonic() < deadline:
            if _answers(self.port):
                return
            time.sleep(0.02)
        said = (self.folder / "server.log").read_text(errors="replace").strip().splitlines()
        self.kill()
        raise NoServer(self.name, said[-1] if said else "it said nothing")

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} on port {self.port}: {'running' if self.running else 'stopped'}>"


def temporary_folder(prefix: str) -> Path:
    """A new folder, which is removed when this program ends."""
    folder = Path(tempfile.mkdtemp(prefix=prefix)).resolve()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def free_port() -> int:
    """A port of 127.0.0.1 that is free now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    try:
        with socket.create_connection((HOST, port), timeout=1):
            return True
    except OSError:
        return False
