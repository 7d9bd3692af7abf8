"""Whose turn it is to deliver: one thread at a time, the same thread as often as it likes."""

from __future__ import annotations

import asyncio
from collections import deque
from threading import Lock, get_ident


class Turn:
    """A re-entrant lock whose way in costs one ``list.pop``, so that `Bus.publish` can inline it.

    `free` holds one item while nobody has the turn. Popping it is taking the turn: a list's pop and
    append are atomic. Whoever can't pop leaves a gate in `waiting` and tries again when the holder
    opens it. The holder appends to `free` first and looks at `waiting` second, a waiter does the
    reverse, so no wake-up is missed.
    """

    __slots__ = ("_depth", "free", "owner", "waiting")

    def __init__(self) -> None:
        self.free = [True]
        self.waiting: deque[Lock] = deque()
        self.owner = 0
        self._depth = 0

    def mine(self) -> bool:
        """Whether this thread has the turn."""
        return not self.free and self.owner == get_ident()

    def __enter__(self) -> None:
        if self.mine():
            self._depth += 1
        elif not self._try():
            self._wait()

    def __exit__(self, *_: object) -> None:
        if self._depth:
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
        while not self._try():
            await asyncio.sleep(0.001)

    def _try(self) -> bool:
        try:
            self.free.pop()
        except IndexError:
            return False
        self.owner = get_ident()
        return True

    def _wait(self) -> None:
        gate = Lock()
        gate.acquire()
        try:
            self.waiting.append(gate)
            while not self._try():
                gate.acquire()
                self.waiting.append(gate)
        except BaseException:
            # Interrupted: a wake-up that was on its way here must not be lost for the next.
            self._withdraw(gate)
            if self.free:
                self.wake()
            raise
        self._withdraw(gate)

    def _withdraw(self, gate: Lock) -> None:
        """A gate left behind would swallow the wake-up of whoever waits after it."""
        try:
            self.waiting.remove(gate)
        except ValueError:
            return
