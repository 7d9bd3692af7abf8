"""Where a log is: which engine a URL names, the right spelling for a wrong one, and no secret in any sentence."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal, NamedTuple
from urllib.parse import unquote

from eda_workshop.errors import BadLog
from eda_workshop.files import is_possible

_NAME_ONE = "Name a file, such as drive.db, or use memory://."
_KNOWN = "Use memory://, a file's name such as drive.db, or nats://127.0.0.1:4222/drive."
_BEFORE_COLON = re.compile(r"([^/\\]*?):(/?)")
_SETTINGS_OF_SQLITE = re.compile(r"\?(cache|immutable|mode|modeof|nolock|psow|vfs)=")


class Place(NamedTuple):
    """An engine, and what it opens: a file's name, or a URL."""

    engine: Literal["memory", "sqlite", "nats"]
    name: str


def place_of(url: str | Path) -> Place:
    """The place that a URL or a file's name means. Raises `BadLog`.

    >>> place_of("sqlite:///drive.db")
    Place(engine='sqlite', name='drive.db')
    """
    if not isinstance(url, (str, Path)):
        raise BadLog(hide_secrets(repr(url)), "has no name", _NAME_ONE)
    text = str(url)
    if text == "memory://":
        return Place("memory", text)
    if text.startswith(("nats://", "tls://")):
        return Place("nats", text)
    if _SETTINGS_OF_SQLITE.search(text) or (text.startswith("sqlite:///") and "?" in text):
        problem = "has settings behind its name, which a file's name can't have here"
        raise BadLog(hide_secrets(text), problem, f"Write {_call(text)}. A ? in a URL's file name is %3F.")
    if text.startswith("sqlite:///"):
        return Place("sqlite", _checked(text, unquote(text.removeprefix("sqlite:///"))))
    if scheme := _scheme(url):
        raise _misspelled(text, scheme)
    return Place("sqlite", _checked(text, text))


def hide_secrets(url: str) -> str:
    """The URL as a sentence may show it: without user and password, and without the values of its settings.

    >>> hide_secrets("http://ada:s3cret@h/x?token=s3cret"), hide_secrets("ada:s3cret@h/x")
    ('http://h/x?token=…', 'h/x')
    """
    before, sign, rest = url.partition("://")
    if sign and not rest.startswith("/"):
        url = f"{before}://{rest.rpartition('@')[2]}"
    elif not sign and re.match(r"[^/\\@]{2,}:.*@", url, re.DOTALL):
        url = url.rpartition("@")[2]
    place, mark, settings = url.partition("?")
    return place + mark + re.sub(r"=[^&]*", "=…", settings)


def _scheme(url: str | Path) -> str:
    """What is before the first colon if that can't begin a file's name, the colon included; "" if it can."""
    found = _BEFORE_COLON.match(str(url))
    if found is None or len(found[1]) == 1:  # a drive of Windows
        return ""
    is_known = found[1].lower() in ("", "memory", "sqlite", "file", "nats", "tls")
    return f"{found[1]}:" if is_known or found[2] or isinstance(url, str) else ""


def _misspelled(url: str, scheme: str) -> BadLog:
    """The error for an address that no engine knows, with the spelling that was probably meant."""
    match scheme.lower():
        case ":" | "memory:" if url.strip(":/").lower() == "memory":
            return BadLog(url, "isn't how a log in memory is written", "Write memory://. A file is drive.db.")
        case "sqlite:" | "file:":
            return BadLog(hide_secrets(url), "isn't how a file is written", f"Write {_call(url)}.")
        case "nats:" | "tls:":
            remedy = "Write nats://127.0.0.1:4222/drive: the server, and the stream's name."
            return BadLog(hide_secrets(url), "isn't how a server's address is written", remedy)
    if "://" in url:
        return BadLog(hide_secrets(url), f"has the scheme {scheme[:-1]!r}, which no engine knows", _KNOWN)
    problem = "is neither a file's name nor a URL: something is before a colon"
    return BadLog(hide_secrets(url), problem, f"{_KNOWN} A file's name with a colon begins with ./ or a folder.")


def _call(url: str) -> str:
    """How the kit opens the file that an address of SQLite's, well written or not, probably means."""
    place, _, settings = url.partition("?")
    name = re.sub(r"sqlite:(///?)?|file:(//)?", "", place, count=1, flags=re.IGNORECASE)
    if not name or ":" in name or "@" in name:  # memory, or a server
        name = "drive.db"
    only_reads = "mode=ro" in settings or "immutable=1" in settings
    must_be_there = "mode=rw" in settings and "mode=rwc" not in settings
    return f"open_log({name!r}{', read_only=True' if only_reads else ', create=False' if must_be_there else ''})"


def _checked(url: str, path: str) -> str:
    """The file's name, if the system can take it."""
    if not path:
        raise BadLog(repr(url), "has no file name", "Name a file, such as drive.db.")
    if not is_possible(path):
        raise BadLog(repr(url), "has a character that no file's name can have", "Name a file, such as drive.db.")
    return path
