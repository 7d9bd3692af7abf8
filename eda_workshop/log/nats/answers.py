"""A thread that waits for answers, which come on another; or don't."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from nats.aio.msg import Msg

SILENCE = 2.0
"""Seconds without a word until an answer counts as lost: in a cluster, who was asked may be gone."""


class Lost(Exception):
    """The answer never came: the connection broke, or the server was silent. What was asked may have been done."""


class Unheard(Lost):
    """Nobody listens there now, so that what was asked has not been done."""


class Waiting:
    """A thread that waits for answers until one of them is the last."""

    __slots__ = ("answers", "is_last", "latch", "lost")

    def __init__(self, is_last: Callable[[Msg, int], bool]) -> None:
        self.answers: list[Msg] = []
        self.is_last = is_last
        self.lost = False
        # A bare lock costs half of what an Event does, and most requests wait for a single answer.
        self.latch = threading.Lock()
        self.latch.acquire()

    def take(self, answer: Msg) -> None:
        """Note an answer; wake the thread if it is the last."""
        if self.latch.locked():
            self.answers.append(answer)
            if self.is_last(answer, len(self.answers)):
                self.latch.release()

    def wait(self, deadline: float) -> None:
        """Return when the last answer is there. Raises `Lost` when it is lost, too late, or nothing comes for long."""
        heard = 0
        while not self.latch.acquire(timeout=max(0.0, min(SILENCE, deadline - time.monotonic()))):
            if len(self.answers) == heard or time.monotonic() >= deadline:
                raise Lost
            heard = len(self.answers)
        if self.lost:
            raise Lost

    def lose(self) -> None:
        """Wake the thread without the last answer."""
        if self.latch.locked():
            self.lost = True
            self.latch.release()
