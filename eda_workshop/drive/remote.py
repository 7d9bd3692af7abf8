"""The drive's folder service as a program of its own: asked by HTTP, or told by events. Its work is slow on purpose.

The talk's demo, with real processes. `FolderProgram` starts it, and it answers to nobody else.
"""

from __future__ import annotations

import argparse
import json
import secrets
import sys
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from eda_workshop.bus import Bus
from eda_workshop.event import Event
from eda_workshop.files import secret_file
from eda_workshop.log import open_log
from eda_workshop.servers.process import HOST, Server

PATIENCE = 30
LARGEST = 100_000
"""Bytes of a request that are read at most."""


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


def serve(port: int, url: str, slow: float, token: str) -> None:
    """Answer requests that know the token, and hear events, until the program is ended."""
    folders, log = Folders(slow), open_log(url)
    bus = Bus(log)

    def home(event: Event) -> None:
        # Killed behind its publishing, it is called again; the log knows by the id that it is done.
        user, id = event.data["user"], f"home-{event.id}"
        if log.find(id) is None:
            name = folders.put(user, f"/{user}")
            bus.publish(name, {"user": user, "path": f"/{user}"}, subject=f"folder/{user}", id=id)

    bus.subscriber("folders", durable=True, after=0, on_error="park").on("user.signed_up", home)
    server = ThreadingHTTPServer((HOST, port), _answering(folders, port, token))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    bus.listen()


def _answering(folders: Folders, port: int, token: str) -> type[BaseHTTPRequestHandler]:
    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            if not self._is_allowed():
                self._answer(403, {"error": "This service is for the program that started it."})
                return
            wish = self._wish()
            if wish is None:
                self._answer(400, {"error": "Send a user and a path, as an object of JSON."})
                return
            self._answer(200, {"event": folders.put(wish["user"], wish["path"]), **wish})

        def _is_allowed(self) -> bool:
            """Whether it knows the token, and is no page of a browser, which may reach loopback under another host's name."""
            hosts = {f"{name}:{port}" for name in (HOST, "localhost")}
            known = secrets.compare_digest(self.headers.get("Authorization", "").encode(), f"Bearer {token}".encode())
            return known and self.headers.get("Host") in hosts and self.headers.get("Origin") is None

        def _wish(self) -> dict[str, str] | None:
            length = self.headers.get("Content-Length", "")
            if not length.isdecimal() or int(length) > LARGEST:
                return None
            try:
                wish = json.loads(self.rfile.read(int(length)))
                user, path = wish["user"], wish["path"]
            except (ValueError, KeyError, TypeError, RecursionError):
                return None
            return {"user": user, "path": path} if isinstance(user, str) and isinstance(path, str) else None

        def _answer(self, status: int, facts: dict[str, str]) -> None:
            body = json.dumps(facts).encode()
            self.send_response(status)
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

    It answers only to requests with its `token`, addressed to this machine, and not to pages in a browser.

    >>> with FolderProgram("drive.db") as folders:  # doctest: +SKIP
    ...     folders.ask("ada")["event"]
    'folder.created'
    """

    name = "the folder service"

    def __init__(self, url: str, *, slow: float = 0.5, port: int = 0) -> None:
        super().__init__(sys.executable, None, port)
        self._url, self._slow = url, slow
        self.token = secrets.token_urlsafe(24)

    def command(self) -> list[str]:
        """What starts it. Anyone may read a command line, so what nobody else may know is in a file."""
        file = self.folder / "settings.json"
        secret_file(file, json.dumps({"log": self._url, "token": self.token}))
        settings = ["--port", str(self.port), "--slow", str(self._slow), "--settings", str(file)]
        return [self.program, "-m", "eda_workshop.drive.remote", *settings]

    def ask(self, user: str) -> dict[str, str]:
        """Ask for a user's folder, and wait until it is there. Raises `OSError` if nobody answers."""
        wish = json.dumps({"user": user, "path": f"/{user}"}).encode()
        request = urllib.request.Request(f"http://{HOST}:{self.port}/folders", wish, method="POST")
        request.add_header("Authorization", f"Bearer {self.token}")
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return dict(json.loads(answer.read()))


def main(arguments: list[str]) -> None:
    """Run the service as the command line says."""
    parser = argparse.ArgumentParser(prog="eda_workshop.drive.remote", description="The folder service.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument(
        "--settings", type=Path, required=True, help="a file with the log's address and the token, in JSON"
    )
    parser.add_argument("--slow", type=float, default=0.5, help="seconds that each folder takes")
    options = parser.parse_args(arguments)
    settings = json.loads(options.settings.read_text(encoding="utf-8"))
    serve(options.port, settings["log"], options.slow, settings["token"])


if __name__ == "__main__":
    main(sys.argv[1:])
