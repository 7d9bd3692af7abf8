"""One delivery at a time: take the turn, run its steps, then run what was published meanwhile."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator
from contextvars import ContextVar
from typing import Any, NamedTuple

from eda_workshop.bus.commands import Command
from eda_workshop.bus.calls import Call, Outcome
from eda_workshop.bus.courier import Courier
from eda_workshop.bus.handlers import is_async
from eda_workshop.bus.turn import Turn
from eda_workshop.errors import DeliveryFailed
from eda_workshop.event import Event

Steps = Generator[Call, Outcome, Any]


class Cause(NamedTuple):
    """What is being handled, and the names that led to it, its own last."""

    message: Event | Command
    chain: tuple[str, ...]


_awaited: ContextVar[tuple[Flow, Cause] | None] = ContextVar("awaited", default=None)


class Flow(Turn):
    """Runs the courier's steps; what handlers publish waits in `queue`, first in first out."""

    __slots__ = ("_courier", "awaiting", "current", "queue")

    def __init__(self, courier: Courier) -> None:
        super().__init__()
        self.queue: deque[Cause] = deque()
        self.current: Cause | Event | None = None
        self.awaiting = False
        self._courier = courier

    def is_nested(self) -> bool:
        """Whether a delivery is going on that this caller can't wait for: it is part of it, or blocks it."""
        return self.mine() or self._inside_awaited()

    def is_inside(self) -> bool:
        """The same for a caller that can await its turn: only what is part of the delivery can't."""
        return self._inside_awaited() or (self.mine() and not self.awaiting)

    def cause(self) -> Cause | None:
        """What the caller's publishing is caused by, if it is a handler."""
        if self.awaiting:
            awaited = _awaited.get()
            return awaited[1] if awaited and awaited[0] is self else None
        current = self.current
        return Cause(current, (current.name,)) if isinstance(current, Event) else current

    def run(self, steps: Steps, cause: Cause | None = None) -> Any:
        """Run the steps in this thread's turn, then the queue. Raises `DeliveryFailed` at the end."""
        if self.mine():
            return self._drive(steps)
        with self:
            return self.finish(steps, cause)

    def finish(self, steps: Steps, cause: Cause | None = None) -> Any:
        """The same, when the turn is taken already."""
        try:
            self.current = cause
            result = self._drive(steps)
            self._drive(self._queued())
        finally:
            self.abandon()
        return self._settled(result)

    async def run_async(self, steps: Steps, cause: Cause | None = None) -> Any:
        """The same, awaiting the handlers that are async."""
        if self._inside_awaited():
            return await self._drive_async(steps)
        await self.take_async()
        try:
            self.awaiting, self.current = True, cause
            result = await self._drive_async(steps)
            await self._drive_async(self._queued())
        finally:
            self.awaiting = False
            self.abandon()
            self.give()
        return self._settled(result)

    def _inside_awaited(self) -> bool:
        awaited = _awaited.get()
        return self.awaiting and awaited is not None and awaited[0] is self

    def _queued(self) -> Steps:
        while self.queue:
            self.current = self.queue.popleft()
            assert isinstance(self.current.message, Event)
            yield from self._courier.deliver(self.current.message)

    def _drive(self, steps: Steps) -> Any:
        """Call what the steps ask for, and tell them how it ended."""
        try:
            call = next(steps)
            while True:
                try:
                    outcome = Outcome(call.handler(call.argument), None)
                except Exception as error:
                    outcome = Outcome(None, error)
                except BaseException as interruption:
                    steps.throw(interruption)
                    raise
                call = steps.send(outcome)
        except StopIteration as stop:
            return stop.value

    async def _drive_async(self, steps: Steps) -> Any:
        try:
            call = next(steps)
            while True:
                token = _awaited.set((self, self.current)) if isinstance(self.current, Cause) else None
                try:
                    result = call.handler(call.argument)
                    outcome = Outcome(await result if is_async(call.handler) else result, None)
                except Exception as error:
                    outcome = Outcome(None, error)
                except BaseException as interruption:
                    steps.throw(interruption)
                    raise
                finally:
                    if token is not None:
                        _awaited.reset(token)
                call = steps.send(outcome)
        except StopIteration as stop:
            return stop.value

    def abandon(self) -> None:
        """After an interruption: keep letters for all that still waited."""
        self.current = None
        while self.queue:
            message = self.queue.popleft().message
            assert isinstance(message, Event)
            self._courier.abandon(message)

    def _settled(self, result: Any) -> Any:
        failures = self._courier.take_failures()
        if failures:
            raise DeliveryFailed(result, failures)
        return result
