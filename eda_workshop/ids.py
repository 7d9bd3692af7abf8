"""Where the ids of events come from."""

from __future__ import annotations

import itertools
import os
import threading
import time
import uuid
from collections.abc import Callable

__all__ = ["CounterIds", "uuid7"]

NewId = Callable[[], str]

_lock = threading.Lock()
_last = 0


def uuid7() -> str:
    """A UUID of version 7 (RFC 9562): unique, and later ones sort after earlier ones of this process."""
    global _last
    with _lock:
        # 48 bits of milliseconds and 12 of their fraction; one more when two calls fall together.
        _last = max(_last + 1, time.time_ns() * 4096 // 1_000_000)
        stamp = _last
    high = (stamp >> 12) << 16 | 0x7000 | stamp & 0xFFF
    low = 0b10 << 62 | int.from_bytes(os.urandom(8), "big") >> 2
    return str(uuid.UUID(int=high << 64 | low))


class CounterIds:
    """Ids that count, so that a lesson prints the same ids on every run.

    >>> new_id = CounterIds()
    >>> new_id(), new_id()
    ('evt-0001', 'evt-0002')
    """

    def __init__(self, prefix: str = "evt") -> None:
        self.prefix = prefix
        self._numbers = itertools.count(1)

    def __call__(self) -> str:
        return f"{self.prefix}-{next(self._numbers):04}"

    def __repr__(self) -> str:
        return f"CounterIds({self.prefix!r})"
