"""Whose turn it is to deliver: one thread at a time, the same thread as often as it likes."""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from threading import Lock, get_ident

PATIENCE = 0.1
"""Seconds after which a waiter looks for itself, should an interruption have swallowed its wake-up."""


class Turn:
    """A re-entrant lock whose way in costs one deletion, so that `Bus.publish` can inline it.

    `free` holds one item while nobody has the turn. Deleting it is taking the turn: that is atomic, and unlike a call
    it leaves Python no moment to raise KeyboardInterrupt before the next statement. Whoever can't take the turn leaves
    a gate in `waiting` and tries again when the holder opens it. The holder appends to `free` first and looks at
    `waiting` second, a waiter does the reverse, so no wake-up is missed.
    """

    __slots__ = ("_depth", "free", "owner", "waiting")

    def __init__(self) -> None:
        self.free = [True]
        self.waiting: deque[Lock] = deque()
        self.owner = 0
        self._depth = 0

    def mine(self) -> bool:
        """Whether this thread has the turn."""
        return self.owner == get_ident()

    def __enter__(self) -> None:
        me = get_ident()
        if self.owner == me:
            self._depth += 1
            return
        while True:
            try:
                del self.free[0]
                self.owner = me
                return
            except IndexError:
                self._wait()

    def __exit__(self, *_: object) -> None:
        if not self.mine():
            # Given back already, and perhaps somebody else has it by now.
            if self.waiting:
                self.wake()
        elif self._depth:
            self._depth -= 1
        else:
            self.give()

    def give(self) -> None:
        """Give the turn back and wake one who waits."""
        self.owner = 0
        self.free.append(True)
        if self.waiting:
            self.wake()

    def wake(self) -> None:
        """Open the gate of the one who has waited longest."""
        try:
            self.waiting.popleft().release()
        except IndexError:
            return

    async def take_async(self) -> None:
        """Take the turn without blocking the event loop while another thread or task has it."""
        import asyncio  # Whoever awaits has it already; for all others it would be a fifth of the kit's import time.

        me = get_ident()
        while True:
            try:
                del self.free[0]
                self.owner = me
                return
            except IndexError:
                await asyncio.sleep(0.001)

    def _wait(self) -> None:
        """Sleep until the turn may be free."""
        gate = Lock()
        gate.acquire()
        self.waiting.append(gate)
        try:
            if not self.free:
                gate.acquire(timeout=PATIENCE)
        finally:
            # A gate left behind would swallow the wake-up of whoever waits after it.
            with suppress(ValueError):
                self.waiting.remove(gate)
