"""The address of a log on NATS: where the servers are, what the stream is called, and what to keep to oneself."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import urlsplit

from eda_workshop.errors import BadLog

_STREAM = re.compile(r"[A-Za-z0-9_-]{1,64}")
_EXAMPLE = "Write nats://127.0.0.1:4222/drive: the server, and the stream's name."


class Address(NamedTuple):
    """servers: as nats-py takes them, passwords included; stream: its name; shown: the URL without secrets."""

    servers: list[str]
    stream: str
    shown: str


def parse(url: str) -> Address:
    """The address that a URL means. Raises `BadLog`.

    Several servers of one cluster are joined by commas; the user of the first one is the user of all.
    """
    scheme, _, rest = url.partition("://")
    hosts, _, stream = rest.partition("/")
    public = [host.rpartition("@")[2] for host in hosts.split(",")]
    shown = f"{scheme}://{','.join(public)}/{stream}"
    if not all(public) or not all(map(_is_host, public)):
        raise BadLog(shown, "names no server", _EXAMPLE)
    if not stream:
        raise BadLog(shown, "names no stream", _EXAMPLE)
    if not _STREAM.fullmatch(stream):
        remedy = "A stream's name has up to 64 letters, digits, _ and -."
        raise BadLog(shown, f"has no stream's name in {stream!r}", remedy)
    secret, at, _ = hosts.split(",")[0].rpartition("@")
    servers = [f"{scheme}://{host if '@' in host else secret + at + host}" for host in hosts.split(",")]
    return Address(servers, stream, shown)


def _is_host(text: str) -> bool:
    try:
        parts = urlsplit(f"nats://{text}")
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
