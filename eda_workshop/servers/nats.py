"""nats-server with JetStream, on loopback."""

from __future__ import annotations

import json
import re
import secrets
import subprocess
from functools import cache
from pathlib import Path
from typing import Self

from eda_workshop.errors import NoServer
from eda_workshop.files import secret_file
from eda_workshop.log.nats import OLDEST, tokens
from eda_workshop.servers.process import HOST, Server, find_program


def find_nats_server() -> str | None:
    """The nats-server to use: the one in EDA_NATS_SERVER, on the PATH, or of the ``nats-server`` extra; None without one."""
    return find_program("nats-server", "EDA_NATS_SERVER")


class NatsServer(Server):
    """A nats-server with JetStream on a port of 127.0.0.1, which keeps its streams in a folder.

    folder   where its streams are kept; None: a new one for temporary files
    port     the port; 0: any that is free
    durable  True: it answers when the disk has a message; False: the disk follows within minutes

    It answers only to those who know its `token`, which stays the same in the same folder. `open_log` finds the token of a
    server on loopback by itself, in a file that only this user can read. A folder for temporary files is removed when the
    server is stopped, and kept when it is killed.

    Raises `NoServer` if there is none on this machine, or one that is too old for logs.

    >>> with NatsServer() as server:  # doctest: +SKIP
    ...     log = open_log(server.url("drive"))
    """

    name = "nats-server"

    def __init__(self, folder: Path | str | None = None, *, port: int = 0, durable: bool = True) -> None:
        program = find_nats_server()
        if program is None:
            raise NoServer(self.name, "none was found")
        if version_of(program) < OLDEST:
            found, needed = (".".join(map(str, version)) for version in (version_of(program), OLDEST))
            raise NoServer(self.name, f"{program} is version {found}, and logs need {needed} or newer")
        self.durable = durable
        super().__init__(program, Path(folder).resolve() if folder else None, port)
        self.token = _kept(self.folder / "token") or secrets.token_urlsafe(24)

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    @property
    def version(self) -> tuple[int, int, int]:
        """The version of the program."""
        return version_of(self.program)

    def start(self) -> Self:
        if self.running:
            return self
        secret_file(self.folder / "token", self.token)
        if not self._data.exists():
            self._data.mkdir(mode=0o700)
        super().start()
        try:
            tokens.remember(self.port, self.token)
        except OSError as error:
            self.stop()
            raise NoServer(self.name, f"its token can't be kept in {tokens.place(self.port)}: {error}") from None
        return self

    def stop(self) -> None:
        super().stop()
        tokens.forget(self.port, self.token)

    def url(self, stream: str, *, with_token: bool = False) -> str:
        """What `open_log` takes for a log in this stream.

        with_token  whether the token is part of it, for programs of other users

        >>> NatsServer(port=4222).url("drive")  # doctest: +SKIP
        'nats://127.0.0.1:4222/drive'
        """
        user = f"{self.token}@" if with_token else ""
        return f"nats://{user}{HOST}:{self.port}/{stream}"

    def authorization(self) -> str:
        """The part of the settings that says who may connect."""
        return f"authorization {{ token: {json.dumps(self.token)} }}\n"

    def settings(self) -> str:
        """The text of its settings file."""
        synced = "  sync_interval: always\n" if self.durable else ""
        store = json.dumps(str(self._data), ensure_ascii=False)
        return f"listen: {HOST}:{self.port}\n{self.authorization()}jetstream {{\n  store_dir: {store}\n{synced}}}\n"

    def command(self) -> list[str]:
        """What starts it, with its settings in a file, because some of them have no option."""
        file = self.folder / "nats.conf"
        secret_file(file, self.settings())
        return [self.program, "-c", str(file)]


@cache
def version_of(program: str) -> tuple[int, int, int]:
    """The version that the program says it has. Raises `NoServer` if it says none."""
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NoServer("nats-server", f"{program} doesn't start: {error}") from None
    found = re.search(r"v?(\d+)\.(\d+)\.(\d+)", said.stdout)
    if not found:
        raise NoServer("nats-server", f"{program} tells no version")
    return int(found[1]), int(found[2]), int(found[3])


def _kept(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""
