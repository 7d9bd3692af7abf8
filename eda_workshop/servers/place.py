"""Where a lesson's logs are: on a server if this machine has one, else in files."""

from __future__ import annotations

import tempfile
from abc import ABC, abstractmethod
from collections import Counter
from pathlib import Path

from eda_workshop.errors import NoServer
from eda_workshop.servers.nats import NatsServer


class _Streams(ABC):
    """Names for logs: what `fresh` was called for has a new one each time."""

    def __init__(self) -> None:
        super().__init__()
        self._count: Counter[str] = Counter()

    def fresh(self, stream: str) -> str:
        """What `open_log` takes for a log that isn't there yet; from now on it is the one that `url` means."""
        self._count[stream] += 1
        return self.url(stream)

    def url(self, stream: str) -> str:
        """What `open_log` takes for this log."""
        count = self._count[stream]
        return self._address(stream if count < 2 else f"{stream}-{count}")

    @abstractmethod
    def _address(self, stream: str) -> str:
        """What `open_log` takes for a log of exactly this name."""


class Files(_Streams):
    """The embedded log in the place of a server: each stream is an SQLite file, which several processes may share."""

    running = True

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="eda-logs-"))

    def _address(self, stream: str) -> str:
        return str(self.folder / f"{stream}.db")

    def start(self) -> Files:
        """There is no server to start."""
        return self

    def stop(self) -> None:
        """There is none to stop."""

    def kill(self) -> None:
        """There is none to kill: an embedded log goes down with its program, and with nothing else."""

    def __repr__(self) -> str:
        return "No NATS server was found: the logs are SQLite files. `python3 workshop.py nats` brings one."


class Running(_Streams, NatsServer):
    """A NATS server that tells where it came from."""

    def _address(self, stream: str) -> str:
        return NatsServer.url(self, stream)

    def __repr__(self) -> str:
        version = ".".join(map(str, self.version))
        return f"nats-server {version} runs on this machine, for this notebook alone."


def a_place() -> Files | Running:
    """A server that was started, or files; both have `url`, `fresh`, `start`, `stop` and `kill`.

    >>> place = a_place()
    >>> log = open_log(place.url("drive"))
    >>> log.append(Event("user.signed_up"))
    (1,)
    >>> log.close(); place.stop()
    """
    try:
        return Running().start()
    except NoServer:
        return Files()
