"""Where a lesson's logs are: on a server if this machine has one, else in files."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path
from typing import Self

from eda_workshop.commandline import bringing
from eda_workshop.errors import NoServer
from eda_workshop.servers.nats import NatsServer
from eda_workshop.servers.process import temporary_folder


class Place:
    """Addresses for logs: on this server, or without one in SQLite files, which several processes may share.

    Files go down with their program, and with nothing else: without a server, `kill` does nothing.
    """

    def __init__(self, server: NatsServer | None) -> None:
        self.server = server
        self._folder = Path() if server else temporary_folder("eda-logs-")
        self._count: Counter[str] = Counter()

    def fresh(self, stream: str) -> str:
        """What `open_log` takes for a log that isn't there yet; from now on it is the one that `url` means."""
        self._count[stream] += 1
        return self.url(stream)

    def url(self, stream: str) -> str:
        """What `open_log` takes for this log."""
        count = self._count[stream]
        name = stream if count < 2 else f"{stream}-{count}"
        return self.server.url(name) if self.server else f"{self._folder}/{name}.db"

    def start(self) -> Self:
        """Start the server, if it doesn't run."""
        if self.server:
            self.server.start()
        else:
            self._folder.mkdir(mode=0o700, exist_ok=True)
        return self

    def stop(self) -> None:
        """Stop the server, and remove what it kept, or the files: both were temporary."""
        if self.server:
            self.server.stop()
        else:
            shutil.rmtree(self._folder, ignore_errors=True)

    def kill(self) -> None:
        """End the server at once, as ``kill -9`` does."""
        if self.server:
            self.server.kill()

    def kill_and_start(self, stored: str) -> str:
        """Kill the server and start it again; say so, or that there was none to kill.

        stored  what a run with a server came to, to be shown where there is none

        >>> print(Place(None).kill_and_start("recorded: 2, missing: 0"))
        No server runs here, so nothing was killed: what follows runs on SQLite files.
        Stored result of a run with a server that was killed: recorded: 2, missing: 0
        """
        if self.server is None:
            ran = "No server runs here, so nothing was killed: what follows runs on SQLite files."
            return f"{ran}\nStored result of a run with a server that was killed: {stored}"
        self.kill()
        self.start()
        return "The server was killed, as by kill -9, and started again."

    def __repr__(self) -> str:
        if self.server is None:
            return f"No NATS server was found: the logs are SQLite files. {bringing('nats-server', 'nats')} one."
        version = ".".join(map(str, self.server.version))
        return f"nats-server {version} runs on this machine, for this notebook alone."


def a_place() -> Place:
    """A server that was started, or files if this machine has none.

    >>> place = a_place()
    >>> log = open_log(place.url("drive"))
    >>> log.append(Event("user.signed_up"))
    (1,)
    >>> log.close(); place.stop()
    """
    try:
        return Place(NatsServer().start())
    except (NoServer, OSError):
        return Place(None)
