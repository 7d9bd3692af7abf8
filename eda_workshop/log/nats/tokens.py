"""The tokens of servers that this user started on this machine: each in a file that only this user can read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from eda_workshop.files import secret_file

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
PORT = 4222
"""The port of an address that names none."""
_CREDENTIALS = {"token", "user", "password", "user_credentials", "nkeys_seed", "nkeys_seed_str", "user_jwt_cb"}


def place(port: int) -> Path:
    """Where the token of the server on this port is kept."""
    return Path.home() / ".eda-workshop" / "servers" / f"nats-{port}"


def remember(port: int, token: str) -> None:
    """Keep the token of a server that is being started. Raises `OSError`."""
    secret_file(place(port), token)


def forget(port: int, token: str) -> None:
    """Forget the token of a server that was stopped, unless another one has the port by now."""
    if _kept(port) == token:
        place(port).unlink(missing_ok=True)


def found(servers: Iterable[str], options: Mapping[str, Any]) -> dict[str, Any]:
    """What to give to `nats.connect` for these addresses: the token that is remembered for one of them on loopback.

    Nothing if the addresses or the options say who connects.
    """
    parts = [urlsplit(server) for server in servers]
    if _CREDENTIALS & set(options) or any(part.username for part in parts):
        return {}
    kept = (_kept(part.port or PORT) for part in parts if part.hostname in LOOPBACK)
    token = next(filter(None, kept), "")
    return {"token": token} if token else {}


def _kept(port: int) -> str:
    try:
        return place(port).read_text(encoding="utf-8")
    except (OSError, ValueError, RuntimeError):
        return ""
