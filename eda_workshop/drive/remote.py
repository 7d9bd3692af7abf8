"""The drive's folder service as a program of its own: asked by HTTP, or told by events. Its work is slow on purpose.

The talk's demo, with real processes: ``python -m eda_workshop.drive.remote --port 8000 --log drive.db --slow 0.5``.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from eda_workshop.bus import Bus
from eda_workshop.event import Event
from eda_workshop.log import open_log
from eda_workshop.servers.process import HOST, Server, temporary_folder

PATIENCE = 30


class Folders:
    """Makes a folder for a user, or moves the one that is there; one at a time, and each takes `slow` seconds."""

    def __init__(self, slow: float) -> None:
        self._slow = slow
        self._paths: dict[str, str] = {}
        self._turn = threading.Lock()

    def put(self, user: str, path: str) -> str:
        """Do the work; return the name of the event that it comes to."""
        with self._turn:
            time.sleep(self._slow)
            known = user in self._paths
            self._paths[user] = path
        return "folder.moved" if known else "folder.created"


def serve(port: int, url: str, slow: float) -> None:
    """Answer requests and hear events, until the program is ended."""
    folders, log = Folders(slow), open_log(url)
    bus = Bus(log)

    def home(event: Event) -> None:
        # Killed behind its publishing, it is called again; the log knows by the id that it is done.
        user, id = event.data["user"], f"home-{event.id}"
        if log.find(id) is None:
            name = folders.put(user, f"/{user}")
            bus.publish(name, {"user": user, "path": f"/{user}"}, subject=f"folder/{user}", id=id)

    bus.subscriber("folders", durable=True, after=0, on_error="park").on("user.signed_up", home)
    server = ThreadingHTTPServer((HOST, port), _answering(folders))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    bus.listen()


def _answering(folders: Folders) -> type[BaseHTTPRequestHandler]:
    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            wish = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            event = folders.put(wish["user"], wish["path"])
            body = json.dumps({"event": event, **wish}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: Any) -> None:
            """Nobody reads along."""

    return Answering


class FolderProgram(Server):
    """The folder service, running in a process of its own on a port of loopback. Use it in ``with``, or call `stop`.

    url   the log that it hears and publishes to, which other processes share: a file or a server's address
    slow  seconds that each folder takes

    >>> with FolderProgram("drive.db") as folders:  # doctest: +SKIP
    ...     folders.ask("ada")["event"]
    'folder.created'
    """

    name = "the folder service"

    def __init__(self, url: str, *, slow: float = 0.5, port: int = 0) -> None:
        super().__init__(sys.executable, temporary_folder("eda-folders-"), port)
        self._url, self._slow = url, slow

    def command(self) -> list[str]:
        """What starts it."""
        settings = ["--port", str(self.port), "--log", self._url, "--slow", str(self._slow)]
        return [self.program, "-m", "eda_workshop.drive.remote", *settings]

    def ask(self, user: str) -> dict[str, str]:
        """Ask for a user's folder, and wait until it is there. Raises `OSError` if nobody answers."""
        wish = json.dumps({"user": user, "path": f"/{user}"}).encode()
        request = urllib.request.Request(f"http://{HOST}:{self.port}/folders", wish, method="POST")
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return dict(json.loads(answer.read()))


def main(arguments: list[str]) -> None:
    """Run the service as the command line says."""
    parser = argparse.ArgumentParser(prog="eda_workshop.drive.remote", description="The folder service.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--log", required=True, help="the log's address")
    parser.add_argument("--slow", type=float, default=0.5, help="seconds that each folder takes")
    options = parser.parse_args(arguments)
    serve(options.port, options.log, options.slow)


if __name__ == "__main__":
    main(sys.argv[1:])
