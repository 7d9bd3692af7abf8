"""redis-server on loopback, for the contrast: its publish/subscribe keeps nothing."""

from __future__ import annotations

import secrets

from eda_workshop.errors import NoServer
from eda_workshop.files import secret_file
from eda_workshop.servers.process import HOST, Server, find_program


def find_redis_server() -> str | None:
    """The redis-server to use: the one in EDA_REDIS_SERVER, or on the PATH; None without one."""
    return find_program("redis-server", "EDA_REDIS_SERVER")


class RedisServer(Server):
    """A redis-server on a port of 127.0.0.1 that writes nothing to the disk. Raises `NoServer` if there is none.

    password  what it asks of those who connect
    """

    name = "redis-server"

    def __init__(self) -> None:
        program = find_redis_server()
        if program is None:
            raise NoServer(self.name, "none was found")
        super().__init__(program, None)
        self.password = secrets.token_urlsafe(24)

    def command(self) -> list[str]:
        """What starts it, with its settings in a file, because anyone may read a command line."""
        settings = {"port": self.port, "bind": HOST, "requirepass": self.password, "appendonly": "no", "save": '""'}
        file = self.folder / "redis.conf"
        secret_file(file, "".join(f"{name} {value}\n" for name, value in settings.items()))
        return [self.program, str(file)]
