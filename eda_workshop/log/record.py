"""What a log writes down of an event, and how each record is chained to the one before it."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterator
from datetime import datetime
from itertools import repeat
from operator import attrgetter

import msgspec
from msgspec.structs import force_setattr

from eda_workshop.event import Event, Recorded, as_event, record_as
from eda_workshop.values import FrozenDict, freeze

_PAGE = msgspec.json.Decoder(list[Recorded])
_DATA = attrgetter("data")
_encode = msgspec.json.Encoder().encode
_WIDTH = 64
"""Letters of a SHA-256 in hex."""


def seal(event: Event, position: int, recorded: datetime, before: str) -> tuple[Recorded, str]:
    """The event as recorded at this position, and the text of its record; `before` is the hash before it."""
    sealed = record_as(event, position, recorded, "")
    text = _encode(sealed).decode()
    force_setattr(sealed, "hash", chain(before, text))
    return sealed, text


def chain(before: str, text: str) -> str:
    """The hash of a record: SHA-256 in hex over the hash before it, a line's end, and the record's text."""
    return hashlib.sha256(f"{before}\n{text}".encode()).hexdigest()


def text_of(event: Recorded) -> str:
    """The text of a record: the recorded event as JSON, without its hash and without what is empty."""
    return _encode(record_as(event, event.position, event.recorded, "")).decode()


def unpack(texts: str, hashes: str = "") -> list[Recorded]:
    """The recorded events of texts joined by commas, with their hashes, joined without anything, if given.

    Raises `msgspec.DecodeError` if one of them is no record, `ValueError` if the hashes are not theirs.
    """
    page = _PAGE.decode(f"[{texts}]")
    filled = [event for event in page if event.data]
    # One brace for each record and one for each data: then nothing in them is nested, which is so nearly always. To
    # count is much faster than to look into each, and so is a loop that runs in C.
    if texts.count("{") == len(page) + len(filled) and "[" not in texts:
        deque(map(force_setattr, filled, repeat("data"), map(FrozenDict, map(_DATA, filled))), maxlen=0)
    else:
        for event in page:
            force_setattr(event, "data", freeze(event.data))
            force_setattr(event, "extensions", freeze(event.extensions))
    if hashes:
        for event, digest in zip(page, _cut(hashes, _WIDTH), strict=True):
            force_setattr(event, "hash", digest)
    return page


def same_content(one: Event, other: Event) -> bool:
    """Whether two events say the same. Python calls 1, 1.0 and True equal; JSON does not."""
    return _sorted(one) == _sorted(other)


def _sorted(event: Event) -> bytes:
    return msgspec.json.encode(msgspec.structs.asdict(as_event(event)), order="sorted")


def _cut(text: str, width: int) -> Iterator[str]:
    return (text[start : start + width] for start in range(0, len(text), width))
