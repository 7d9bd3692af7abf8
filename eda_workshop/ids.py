"""Where the ids of events come from."""

from __future__ import annotations

import itertools
import os
import random
import threading
import time
from collections.abc import Callable

from eda_workshop.errors import BadSetting

__all__ = ["CounterIds", "uuid7"]

NewId = Callable[[], str]

_lock = threading.Lock()
_last = 0
_random = random.Random()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_random.seed)  # or parent and child would give the same ids


def uuid7() -> str:
    """A UUID of version 7 (RFC 9562): unique, and later ones sort after earlier ones of this process."""
    global _last
    with _lock:
        # 48 bits of milliseconds and 12 of their fraction; one more when two calls fall together.
        _last = stamp = max(_last + 1, time.time_ns() * 4096 // 1_000_000)
    number = (stamp >> 12) << 80 | 0x7000 << 64 | (stamp & 0xFFF) << 64 | 0b10 << 62 | _random.getrandbits(62)
    text = f"{number:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def check_ids(given: object) -> NewId:
    """Return what makes ids; raise `BadSetting` for what can't, the class in place of an object included.

    >>> check_ids(CounterIds)
    Traceback (most recent call last):
    ...
    eda_workshop.errors.BadSetting: ids=<class 'eda_workshop.ids.CounterIds'> can't be used. Give what makes a new id when it is called: CounterIds(), uuid7.
    """
    if isinstance(given, type) or not callable(given):
        raise BadSetting("ids", given, "what makes a new id when it is called: CounterIds(), uuid7")
    return given


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
