"""redis-server on loopback, for the contrast: its publish/subscribe keeps nothing."""

from __future__ import annotations

from eda_workshop.errors import NoServer
from eda_workshop.servers.process import HOST, Server, find_program, temporary_folder


def find_redis_server() -> str | None:
    """The redis-server to use: the one in EDA_REDIS_SERVER, or on the PATH; None without one."""
    return find_program("redis-server", "EDA_REDIS_SERVER")


class RedisServer(Server):
    """A redis-server on a port of 127.0.0.1 that writes nothing to the disk. Raises `NoServer` if there is none."""

    name = "redis-server"

    def __init__(self) -> None:
        program = find_redis_server()
        if program is None:
            raise NoServer(self.name, "none was found")
        super().__init__(program, temporary_folder("eda-redis-"))

    def command(self) -> list[str]:
        """What starts it."""
        settings = {"--port": str(self.port), "--bind": HOST, "--save": "", "--appendonly": "no", "--daemonize": "no"}
        return [self.program, *(word for setting in settings.items() for word in setting)]
