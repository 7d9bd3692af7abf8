"""Commands on the bus: one asks, exactly one answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, overload

from eda_workshop.bus.calls import Outcome
from eda_workshop.bus.commands import Command, carry_out
from eda_workshop.bus.flow import Cause
from eda_workshop.bus.handlers import AnyHandler, describe, is_async
from eda_workshop.bus.parts import Parts
from eda_workshop.errors import AsyncHandler


class Asking(Parts):
    """The side of a bus that takes requests."""

    @overload
    def handle(self, name: str, *, replace: bool = False) -> Callable[[AnyHandler], AnyHandler]: ...
    @overload
    def handle(self, name: str, handler: AnyHandler, *, replace: bool = False) -> AnyHandler: ...

    def handle(self, name: str, handler: Any = ..., *, replace: bool = False) -> Any:
        """Carry out commands of this name. Also a decorator.

        A second handler raises `DuplicateHandler`; `replace=True` swaps it.

        >>> bus = Bus()
        >>> @bus.handle("folder.create")
        ... def create(command): return "made " + command.data["path"]
        >>> bus.send("folder.create", {"path": "/photos"})
        'made /photos'
        """
        if handler is ...:
            return lambda function: self.handle(name, function, replace=replace)
        with self._flow:
            self._commands.add(name, handler, replace=replace)
        return handler

    def send(self, command: Command | str, data: Mapping[str, Any] | None = None) -> Any:
        """Ask the one handler of a command, and return its answer.

        Pass a `Command`, or a name and data. Raises `NoHandler` if there is none, `AsyncHandler` if
        it must be awaited, and whatever the handler raises, such as `Rejected`. What it publishes is
        delivered before `send` returns; subscribers that fail raise `DeliveryFailed`.
        """
        made = self._intake.make_command(command, data)
        handler = self._commands.handler(made.name)
        if is_async(handler):
            raise AsyncHandler("", made.name, describe(handler), "bus.send")
        steps = carry_out(handler, made)
        return _answer(self._flow.run(steps, Cause(made, (made.name,))))

    async def send_async(self, command: Command | str, data: Mapping[str, Any] | None = None) -> Any:
        """`send` for an async handler, which is awaited; another one is called."""
        made = self._intake.make_command(command, data)
        steps = carry_out(self._commands.handler(made.name), made)
        return _answer(await self._flow.run_async(steps, Cause(made, (made.name,))))


def _answer(outcome: Outcome) -> Any:
    if outcome.error is not None:
        raise outcome.error
    return outcome.result
