"""One delivery at a time: take the turn, run its steps, then run what was published meanwhile."""

from __future__ import annotations

from collections import deque
from contextvars import ContextVar
from inspect import GEN_CLOSED, getgeneratorstate, iscoroutine
from typing import Any, NamedTuple

from eda_workshop.bus.calls import Call, Outcome, Steps
from eda_workshop.bus.commands import Command
from eda_workshop.bus.courier import Courier
from eda_workshop.bus.turn import Turn
from eda_workshop.errors import DeliveryFailed
from eda_workshop.event import Event


class Cause(NamedTuple):
    """What is being handled, and the names that led to it, its own last."""

    message: Event | Command
    chain: tuple[str, ...]


class Inside(NamedTuple):
    """Marks the code that an awaited delivery runs, and the tasks it starts."""

    flow: Flow
    delivery: int
    cause: Cause


_inside: ContextVar[Inside | None] = ContextVar("inside", default=None)


class Flow(Turn):
    """Runs the courier's steps; what handlers publish waits in `queue`, first in first out."""

    __slots__ = ("_courier", "_deliveries", "awaiting", "current", "queue")

    def __init__(self, courier: Courier) -> None:
        super().__init__()
        self.queue: deque[Cause] = deque()
        self.current: Cause | Event | None = None
        self.awaiting = False
        self._deliveries = 0
        self._courier = courier

    def is_nested(self) -> bool:
        """Whether a delivery goes on that this caller can't wait for: it is part of it, or blocks it."""
        return self.mine() or self._inside() is not None

    def is_inside(self) -> bool:
        """The same for a caller that can await its turn: only what is part of the delivery can't."""
        return self._inside() is not None or (self.mine() and not self.awaiting)

    def cause(self) -> Cause | None:
        """What the caller's publishing is caused by, if it is a handler."""
        if self.awaiting:
            inside = self._inside()
            return inside.cause if inside else None
        current = self.current
        return Cause(current, (current.name,)) if isinstance(current, Event) else current

    def run(self, steps: Steps, cause: Cause | None = None) -> Any:
        """Run the steps in this thread's turn, then the queue. Raises `DeliveryFailed` at the end."""
        if self.mine():
            return self._drive(steps)
        with self:
            try:
                return self.finish(steps, cause)
            finally:
                # Here and not only in __exit__, at whose beginning an interruption could come in between.
                self.owner = 0
                self.free.append(True)

    def finish(self, steps: Steps, cause: Cause | None = None) -> Any:
        """The same, when the turn is taken already."""
        try:
            self.current = cause
            result = self._drive(steps)
            self._drive(self._queued())
        except BaseException:
            self.abandon()
            raise
        finally:
            self.current = None
        return self._settled(result)

    async def run_async(self, steps: Steps, cause: Cause | None = None) -> Any:
        """The same, awaiting the handlers that are async."""
        if self._inside() is not None:
            return await self._drive_async(steps)
        await self.take_async()
        self._deliveries += 1
        try:
            self.awaiting, self.current = True, cause
            result = await self._drive_async(steps)
            await self._drive_async(self._queued())
        except BaseException:
            self.abandon()
            raise
        finally:
            self.awaiting, self.current = False, None
            self.give()
        return self._settled(result)

    def abandon(self) -> None:
        """After an interruption: keep letters for all that still waited."""
        while self.queue:
            message = self.queue.popleft().message
            assert isinstance(message, Event)
            self._courier.abandon(message)
        # Nobody is told of failures any more; their letters are kept.
        self._courier.attempts.take_failures()

    def _inside(self) -> Inside | None:
        inside = _inside.get()
        if self.awaiting and inside and inside.flow is self:
            return inside if inside.delivery == self._deliveries else None
        return None

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
                call = steps.send(self._call(call))
        except StopIteration as stop:
            return stop.value
        except BaseException as interruption:
            _tell(steps, interruption)
            raise

    async def _drive_async(self, steps: Steps) -> Any:
        try:
            call = next(steps)
            while True:
                call = steps.send(await self._await(call))
        except StopIteration as stop:
            return stop.value
        except BaseException as interruption:
            _tell(steps, interruption)
            raise

    def _call(self, call: Call) -> Outcome:
        current, inside = self.current, _inside.get()
        self.current = cause = self._cause_of(call.argument)
        if self.awaiting:
            _inside.set(Inside(self, self._deliveries, cause))
        try:
            return Outcome(call.handler(call.argument), None)
        except Exception as error:
            return Outcome(None, error)
        finally:
            self.current = current
            if self.awaiting:
                _inside.set(inside)

    async def _await(self, call: Call) -> Outcome:
        inside = _inside.get()
        _inside.set(Inside(self, self._deliveries, self._cause_of(call.argument)))
        try:
            result = call.handler(call.argument)
            return Outcome(await result if call.waits and iscoroutine(result) else result, None)
        except Exception as error:
            return Outcome(None, error)
        finally:
            # Not reset(token): a coroutine that is thrown away ends in another context.
            _inside.set(inside)

    def _cause_of(self, message: Event | Command) -> Cause:
        """What a handler of this message publishes is caused by the message."""
        now = self.cause() or self.current
        above: tuple[str, ...] = ()
        if isinstance(now, Cause):
            if now.message is message:
                return now
            above = now.chain if isinstance(message, Command) else ()
        return Cause(message, (*above, message.name))

    def _settled(self, result: Any) -> Any:
        failures = self._courier.attempts.take_failures()
        if not failures:
            return result
        answer, refusal = result if isinstance(result, Outcome) else (result, None)
        failed = DeliveryFailed(answer, failures)
        if refusal is None:
            raise failed
        refusal.add_note(f"Besides: {failed.message}.")
        return result


def _tell(steps: Steps, interruption: BaseException) -> None:
    """Let the steps keep letters, unless the interruption came from inside them, so that they know."""
    if getgeneratorstate(steps) != GEN_CLOSED:
        steps.throw(interruption)
