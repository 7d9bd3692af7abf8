"""The address of a log on NATS, and the credentials that belong to it, checked before a server is asked."""

from __future__ import annotations

import re
from collections import UserString
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from eda_workshop.errors import BadLog, BadSetting
from eda_workshop.log.address import hide_secrets

_STREAM = re.compile(r"[A-Za-z0-9_-]{1,64}")
_EXAMPLE = "Write nats://127.0.0.1:4222/drive: the server, and the stream's name."
_SPELL = (
    "Write the user before the first server. A password with a slash or a comma goes into "
    "open_log(url, connect={'user': ..., 'password': ...})."
)
_REPLICAS = ("1", "3", "5")

# --- the address --------------------------------------------------------------------------------


class Address(NamedTuple):
    """servers: as nats-py takes them, passwords included; stream: its name; shown: the URL without secrets.

    replicas  how many the stream must have; None: as it is, and one for a new stream
    """

    servers: list[str]
    stream: str
    shown: str
    replicas: int | None = None

    def __repr__(self) -> str:
        return f"Address({self.shown!r})"


def parse(url: str) -> Address:
    """The address that a URL means. Raises `BadLog`.

    Several servers of one cluster are joined by commas; the user of the first one is the user of all.
    """
    scheme, _, rest = url.partition("://")
    place, _, path = rest.partition("/")
    stream, _, settings = path.partition("?")
    hosts = place.split(",")
    public = [host.rpartition("@")[2] for host in hosts]
    # A password with a slash or a comma in it would be taken for a host or a stream, and shown as one.
    if "@" in path or ("@" in place and "@" not in hosts[0]):
        raise BadLog(hide_secrets(url), "has an @ where a server or a stream is named", _SPELL)
    shown = f"{scheme}://{','.join(public)}/{stream}"
    if not all(map(_is_host, public)):
        raise BadLog(hide_secrets(url), "names no server", _EXAMPLE)
    if not stream:
        raise BadLog(shown, "names no stream", _EXAMPLE)
    if not _STREAM.fullmatch(stream):
        remedy = "A stream's name has up to 64 letters, digits, _ and -."
        raise BadLog(shown, f"has no stream's name in {stream!r}", remedy)
    user, at, _ = hosts[0].rpartition("@")
    servers = [f"{scheme}://{host if '@' in host else user + at + host}" for host in hosts]
    return Address(servers, stream, shown, _replicas(shown, settings))


def _replicas(shown: str, settings: str) -> int | None:
    """The number after ``?replicas=``; None if there is none."""
    found = parse_qsl(settings, keep_blank_values=True)
    for name, text in found:
        if name != "replicas":
            raise BadLog(shown, f"knows no setting {name!r}", "The only one that may follow the stream is ?replicas=3.")
        if text not in _REPLICAS:
            remedy = "Write 1, 3 or 5: a majority must be up, so 2 stop sooner than 1, and 4 no later than 3."
            raise BadLog(shown, f"can't have {text!r} replicas", remedy)
    if len(found) > 1:
        raise BadLog(shown, "says replicas twice", "Say it once.")
    return int(found[0][1]) if found else None


def _is_host(text: str) -> bool:
    try:
        parts = urlsplit(f"nats://{text}")
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


# --- credentials --------------------------------------------------------------------------------

_USER = b"BEGIN NATS USER JWT"
_SEED = b"BEGIN USER NKEY SEED"
_ASK = "Ask whoever runs the server for a new one, as `nsc generate creds` writes it."


def check_options(given: object) -> Mapping[str, Any]:
    """Return the options of a connection, none for None; raise `BadSetting`, which shows no value, for anything else."""
    if given is None:
        return {}
    if not isinstance(given, Mapping) or not all(isinstance(name, str) for name in given):
        raise BadSetting("connect", type(given), "a dict of what nats.connect takes, such as {'token': ...}")
    return given


def check_credentials(url: str, options: Mapping[str, Any]) -> None:
    """Raise `BadLog` if a credentials file isn't there, or can't be one. No sentence shows what the file holds.

    options  what `nats.connect` takes; `user_credentials`, `nkeys_seed` and `nkeys_seed_str` are looked at
    """
    given, seed_file, seed = (options.get(name) for name in ("user_credentials", "nkeys_seed", "nkeys_seed_str"))
    if isinstance(given, tuple):
        user_file, seed_file = given
        _read(url, user_file)
    elif given is not None:
        text = str(given).encode() if isinstance(given, UserString) else _read(url, given)
        _line_after(url, given, text, _USER)
        _check_seed(url, given, _line_after(url, given, text, _SEED))
    if seed_file is not None:
        _check_seed(url, seed_file, _read(url, seed_file).strip())
    if seed is not None:
        _check_seed(url, None, str(seed).strip().encode())


def _line_after(url: str, given: object, text: bytes, mark: bytes) -> bytes:
    """The line after the one with this mark, as nats-py finds it."""
    lines = text.splitlines(keepends=True)
    found = next((number for number, line in enumerate(lines, 1) if mark in line), len(lines))
    if found == len(lines):
        raise BadLog(url, f"finds no {mark.decode().removeprefix('BEGIN ')} in {_name(given)}", _ASK)
    return lines[found][:-1]


def _check_seed(url: str, given: object, seed: bytes) -> None:
    try:
        import nkeys
    except ImportError:
        problem = "needs a package for credentials files that isn't installed"
        raise BadLog(url, problem, "Install the extra nats-credentials, or the package nkeys.") from None
    try:
        nkeys.from_seed(bytearray(seed)).wipe()
    except Exception:
        raise BadLog(url, f"finds a key that isn't one in {_name(given)}", _ASK) from None


def _read(url: str, given: Any) -> bytes:
    try:
        return Path(given).read_bytes()
    except (OSError, TypeError) as error:
        reason = getattr(error, "strerror", None) or "not a file's name"
        raise BadLog(url, f"can't read the credentials in {_name(given)} ({reason})", "Name the file.") from None


def _name(given: object) -> str:
    """What to call it: the file, but not a text that is the secret itself."""
    return repr(str(given)) if isinstance(given, (str, Path)) else "the text that was given"
