"""Where a lesson's logs are: on a server if this machine has one, else in files."""

from __future__ import annotations

import tempfile
from pathlib import Path

from eda_workshop.errors import NoServer
from eda_workshop.servers.nats import NatsServer


class Files:
    """The embedded log in the place of a server: each stream is an SQLite file, which several processes may share."""

    running = True

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="eda-logs-"))

    def url(self, stream: str) -> str:
        """What `open_log` takes for this log."""
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


class Running(NatsServer):
    """A NATS server that tells where it came from."""

    def __repr__(self) -> str:
        version = ".".join(map(str, self.version))
        return f"nats-server {version} runs on this machine, for this notebook alone."


def a_place() -> Files | Running:
    """A server that was started, or files; both have `url`, `start`, `stop` and `kill`.

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
