"""The address of a log on NATS: where the servers are, what the stream is called, and what to keep to oneself."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from eda_workshop.errors import BadLog

_STREAM = re.compile(r"[A-Za-z0-9_-]{1,64}")
_EXAMPLE = "Write nats://127.0.0.1:4222/drive: the server, and the stream's name."
_NUMBERS = ("1", "3", "5")


class Address(NamedTuple):
    """servers: as nats-py takes them, passwords included; stream: its name; shown: the URL without secrets.

    replicas  how many the stream must have; None: as it is, and one for a new stream
    """

    servers: list[str]
    stream: str
    shown: str
    replicas: int | None = None


def parse(url: str) -> Address:
    """The address that a URL means. Raises `BadLog`.

    Several servers of one cluster are joined by commas; the user of the first one is the user of all.
    """
    scheme, _, rest = url.partition("://")
    hosts, _, path = rest.partition("/")
    stream, _, wishes = path.partition("?")
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
    return Address(servers, stream, shown, _replicas(shown, wishes))


def _replicas(shown: str, wishes: str) -> int | None:
    """The number behind ``?replicas=``; None if there is nothing."""
    said = parse_qsl(wishes, keep_blank_values=True)
    for name, text in said:
        if name != "replicas":
            raise BadLog(shown, f"knows no setting {name!r}", "All that may follow the stream is ?replicas=3.")
        if text not in _NUMBERS:
            remedy = "Write 1, 3 or 5: a majority must be up, so 2 stop sooner than 1, and 4 no later than 3."
            raise BadLog(shown, f"can't have {text!r} replicas", remedy)
    if len(said) > 1:
        raise BadLog(shown, "says replicas twice", "Say it once.")
    return int(said[0][1]) if said else None


def _is_host(text: str) -> bool:
    try:
        parts = urlsplit(f"nats://{text}")
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
