"""``nats``: a NATS server on this machine, for logs that several processes share."""

from __future__ import annotations

from argparse import Namespace

from eda_workshop.commands.errors import PortTaken
from eda_workshop.commands.folders import expected_folder
from eda_workshop.commands.lab import is_free
from eda_workshop.servers import NatsServer


def main(options: Namespace) -> int:
    """Run a server until Ctrl-C."""
    if options.port and not is_free(options.port):
        raise PortTaken(options.port)
    folder = options.folder or expected_folder() / ".eda-workshop" / "nats"
    with NatsServer(folder, port=options.port, durable=not options.fast) as server:
        print(told(server), flush=True)
        try:
            return server.wait()
        except KeyboardInterrupt:
            print("\nStopped; what was recorded stays in the folder.")
            return 0


def told(server: NatsServer) -> str:
    """Where the server is, what it promises, and how to use it."""
    version = ".".join(map(str, server.version))
    promise = "once the disk has it" if server.durable else "before the disk has it: a power cut may take the last ones"
    return (
        f"nats-server {version} on port {server.port}, with its streams in {server.folder}.\n"
        f"It acknowledges an event {promise}.\n"
        f'In a notebook: log = open_log("{server.url("drive", with_token=True)}").\n'
        f"Your own programs find the token by themselves: {server.url('drive')} will do. Stop it with Ctrl-C here."
    )
