"""Waiting for what other threads and processes do."""

from __future__ import annotations

import time
from collections.abc import Callable

SOON = 20
"""Seconds; what has not happened by then never will."""


def until(condition: Callable[[], bool]) -> None:
    """Return when it holds; a test that waits too long has failed."""
    deadline = time.monotonic() + SOON
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.01)
