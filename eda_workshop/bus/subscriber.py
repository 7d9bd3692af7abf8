"""A subscriber: handlers, a policy for their failures, and perhaps a position in the log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, overload

from eda_workshop.bus.handlers import AnyHandler
from eda_workshop.bus.receipts import Policy
from eda_workshop.bus.registry import Registration, refuse_async
from eda_workshop.errors import BadSubscriber

if TYPE_CHECKING:
    from collections.abc import Callable

    from eda_workshop.bus.bus import Bus


class Subscriber:
    """One participant that reacts to events, with at most one handler for each event name.

    Made by `Bus.subscriber`. Without a position it hears what is published while it is there. With a position
    (``after=``, ``durable=True``) it is fed from the log: it catches up first and then goes on live, without a gap
    and without a double. Use it in ``with``, or call `close`.
    """

    def __init__(self, bus: Bus, name: str, policy: Policy, position: int | None, *, durable: bool) -> None:
        self.name = name
        self.policy = policy
        self.position = position
        self.durable = durable
        self.stopped = False
        self.closed = False
        self.is_fed = False
        self._bus = bus

    @overload
    def on(self, name: str, *, replace: bool = False) -> Callable[[AnyHandler], AnyHandler]: ...
    @overload
    def on(self, name: str, handler: AnyHandler, *, replace: bool = False) -> AnyHandler: ...

    def on(self, name: str, handler: Any = ..., *, replace: bool = False) -> Any:
        """React to events of this name, or of any name a pattern stands for. Also a decorator.

        The handler is called with one argument, the event; what it returns is ignored. A second
        handler for a name, the same function again included, raises `DuplicateHandler`, and so does
        a pattern that overlaps another registration of this subscriber; nothing is changed then.
        `replace=True` swaps the handler of that very name.

        >>> mailer = Bus().subscriber("mailer")
        >>> @mailer.on("user.signed_up")
        ... def welcome(event): print("Welcome", event.data["name"])
        """
        if handler is ...:
            return lambda function: self.on(name, function, replace=replace)
        self._bus._add(Registration(self, name, handler), replace=replace)
        return handler

    @overload
    def once(self, name: str) -> Callable[[AnyHandler], AnyHandler]: ...
    @overload
    def once(self, name: str, handler: AnyHandler) -> AnyHandler: ...

    def once(self, name: str, handler: Any = ...) -> Any:
        """React to the next event of this name only: the first that is handled. Also a decorator."""
        if handler is ...:
            return lambda function: self.once(name, function)
        self._bus._add(Registration(self, name, handler, once=True), replace=False)
        return handler

    def off(self, name: str) -> None:
        """Stop reacting to this name; raises `NotRegistered` if there is no handler for it.

        Called while an event is delivered, it takes effect with the next event.
        """
        self._bus._remove(self, name)

    def catch_up(self) -> int:
        """Handle what the log holds after the position; return how many events were handled.

        Only names that have a handler now count, and those without one are passed. It does nothing
        while the subscriber is stopped, has no handlers, or is handling an event. Raises
        `AsyncHandler` if a handler is async, `BadSubscriber` if there is no position.
        """
        self._check_fed()
        refuse_async(self._bus._registry.entries_of(self.name), "subscriber.catch_up")
        steps = self._bus._courier.feed.catch_up(self)
        return self._bus._flow.run(steps)  # type: ignore[no-any-return]

    async def catch_up_async(self) -> int:
        """`catch_up` for async handlers."""
        self._check_fed()
        steps = self._bus._courier.feed.catch_up(self)
        return await self._bus._flow.run_async(steps)  # type: ignore[no-any-return]

    def resume(self) -> None:
        """Go on after a stop: first what waits, oldest first, then live.

        It stops again at the next failure. Raises `AsyncHandler` if a handler is async.
        """
        self.check_open()
        self._bus._flow.run(self._bus._courier.resume(self, awaited=False))

    async def resume_async(self) -> None:
        """`resume` for async handlers."""
        self.check_open()
        await self._bus._flow.run_async(self._bus._courier.resume(self, awaited=True))

    def close(self) -> None:
        """Leave the bus; the name is free again. A durable subscriber's position stays in the log.

        Dead letters wait for whoever takes the name next.
        """
        self._bus._close(self)

    def check_open(self) -> None:
        """Raise `BadSubscriber` if it has left the bus."""
        if self.closed:
            remedy = f"Make it again: bus.subscriber({self.name!r})."
            raise BadSubscriber(self.name, "is closed", remedy)

    @property
    def names(self) -> tuple[str, ...]:
        """The names and patterns it has handlers for."""
        return () if self.closed else self._bus._registry.names_of(self.name)

    @property
    def is_special(self) -> bool:
        """Whether delivering to it takes more than calling a handler."""
        return self.stopped or self.position is not None

    def _check_fed(self) -> None:
        self.check_open()
        if self.position is None:
            raise BadSubscriber(self.name, "has no position", "Make it with after=0 to hear what was.")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        state = "closed" if self.closed else "stopped" if self.stopped else ", ".join(self.names) or "no handlers"
        place = "" if self.position is None else f" at position {self.position}"
        return f"<Subscriber {self.name}{place}: {state}>"
