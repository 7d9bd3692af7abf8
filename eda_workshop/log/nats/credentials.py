"""Files with a user's credentials, looked at before a server is asked, so that what is wrong with them is told in words."""

from __future__ import annotations

from collections import UserString
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from eda_workshop.errors import BadLog

_USER = b"BEGIN NATS USER JWT"
_SEED = b"BEGIN USER NKEY SEED"
_REMEDY = "Ask whoever runs the server for a new one, as `nsc generate creds` writes it."


def check_credentials(url: str, options: Mapping[str, Any]) -> None:
    """Raise `BadLog` if a file that is named isn't there, or can't be one. No sentence shows what stands in it."""
    given, seed, text = (options.get(name) for name in ("user_credentials", "nkeys_seed", "nkeys_seed_str"))
    if given is None and seed is None and text is None:
        return
    _check_nkeys(url)
    if text is not None:
        _check_seed(url, None, str(text).strip().encode())
    if isinstance(given, tuple):
        user, seed = given
        _read(url, user)
    elif given is not None:
        _check_both(url, given)
    if seed is not None:
        _check_seed(url, seed, _read(url, seed).strip())


def _check_nkeys(url: str) -> None:
    try:
        import nkeys  # noqa: F401
    except ImportError:
        problem = "needs a package for credentials files that isn't installed"
        raise BadLog(url, problem, "Install the extra nats-credentials, or the package nkeys.") from None


def _check_both(url: str, given: object) -> None:
    """A file with a user, signed, and the user's key."""
    text = str(given).encode() if isinstance(given, UserString) else _read(url, given)
    _behind(url, given, text, _USER)
    _check_seed(url, given, _behind(url, given, text, _SEED))


def _behind(url: str, given: object, text: bytes, mark: bytes) -> bytes:
    """The line behind the one with this mark, as nats-py finds it."""
    lines = text.splitlines(keepends=True)
    found = next((number for number, line in enumerate(lines, 1) if mark in line), len(lines))
    if found == len(lines):
        raise BadLog(url, f"finds no {mark.decode().removeprefix('BEGIN ')} in {_name(given)}", _REMEDY)
    return lines[found][:-1]


def _check_seed(url: str, given: object, seed: bytes) -> None:
    import nkeys

    try:
        nkeys.from_seed(bytearray(seed)).wipe()
    except Exception:
        raise BadLog(url, f"finds a key that is none in {_name(given)}", _REMEDY) from None


def _read(url: str, given: Any) -> bytes:
    try:
        return Path(given).read_bytes()
    except (OSError, TypeError) as error:
        reason = getattr(error, "strerror", None) or "no file's name"
        raise BadLog(url, f"can't read the credentials in {_name(given)} ({reason})", "Name the file.") from None


def _name(given: object) -> str:
    """What to call it: the file, but not a text that is the secret itself."""
    return repr(str(given)) if isinstance(given, (str, Path)) else "the text that was given"
