"""A subscriber: handlers, a policy for their failures, and perhaps a position in the log."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Literal, Protocol, Self, TypeVar, overload

from eda_workshop.bus.letters import DeadLetter
from eda_workshop.bus.policies import Policy
from eda_workshop.callbacks import AnyHandler, Handler, check_handler, describe, is_async
from eda_workshop.errors import AsyncHandler, BadSubscriber, DuplicateHandler, NameTaken, NotRegistered
from eda_workshop.event import Event, Recorded
from eda_workshop.log import EventLog
from eda_workshop.log.consumers import Consumer
from eda_workshop.names import check_pattern, is_pattern, matches, overlap

_Result = TypeVar("_Result")
Steps = Generator[Awaitable[Any], Any, _Result]
"""What a delivery does, step by step: it yields what a handler gave to be awaited, and is sent what came of it."""


class _Absent(Enum):
    MISSED = "missed"


MISSED: Literal[_Absent.MISSED] = _Absent.MISSED
Outcome = DeadLetter | Literal[_Absent.MISSED] | None
"""What became of an event at one subscriber: None if it was handled, the letter it left, or `MISSED`: not delivered."""


class Host(Protocol):
    """What a subscriber asks of the bus that it is on."""

    def _bind(self, binding: Binding, *, replace: bool) -> None: ...
    def _change(self, change: Callable[[], object]) -> None: ...
    def _leave(self, subscriber: Subscriber) -> None: ...
    def _run(self, steps: Steps[_Result]) -> _Result: ...
    async def _run_async(self, steps: Steps[_Result]) -> _Result: ...
    def _take_in(self, binding: Binding, event: Recorded) -> Steps[Outcome]: ...
    def _deliver_due(self, subscriber: str) -> Steps[int]: ...
    def _dismiss(self, binding: Binding, event: Event, error: NameTaken) -> None: ...
    def _redeliver(self, subscriber: str) -> Steps[list[DeadLetter]]: ...


@dataclass(eq=False)
class Binding:
    """One handler of one subscriber, bound to a name or a pattern.

    `order` is its place among all of the bus; `spent` becomes True when a `once` handler has run.
    """

    subscriber: Subscriber
    name: str
    handler: Handler
    once: bool = False
    order: int = field(default=0, init=False)
    spent: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        self.name = check_pattern(self.name)
        check_handler(self.handler)
        self.is_async = is_async(self.handler)
        self.is_pattern = is_pattern(self.name)

    @property
    def is_special(self) -> bool:
        """Whether to deliver takes more than to call the handler."""
        subscriber = self.subscriber
        waits = subscriber.stopped or subscriber.hold is not None or subscriber.position is not None
        return self.is_async or self.once or waits


class Subscriber:
    """One participant that reacts to events, with at most one handler for each event name.

    Made by `Bus.subscriber`. Without a position it hears what is published while it is there. With a position
    (``after=``, ``durable=True``) it is fed from the log: it catches up first and then goes on live, without a gap
    and without a double. Use it in ``with``, or call `close`.
    """

    def __init__(
        self,
        bus: Host,
        name: str,
        policy: Policy,
        position: int | None,
        *,
        log: EventLog | None,
        consumer: Consumer | None = None,
        hold: Literal["subject"] | None = None,
    ) -> None:
        self.name = name
        self.policy = policy
        self.position = position
        self.hold = hold
        self.stopped = False
        self.closed = False
        self._bus, self._log, self._consumer = bus, log, consumer
        self._is_handling = False
        self._bindings: dict[str, Binding] = {}

    @overload
    def on(self, name: str, *, replace: bool = False) -> Callable[[AnyHandler], AnyHandler]: ...
    @overload
    def on(self, name: str, handler: AnyHandler, *, replace: bool = False) -> AnyHandler: ...

    def on(self, name: str, handler: Any = ..., *, replace: bool = False) -> Any:
        """React to events of this name, or of any name that a pattern stands for. Also a decorator.

        The handler is called with one argument, the event; what it returns is ignored. A second
        handler for a name, the same function again included, raises `DuplicateHandler`, and so does
        a pattern that overlaps another handler's name; nothing is changed then.
        `replace=True` swaps the handler of that very name.

        >>> mailer = Bus().subscriber("mailer")
        >>> @mailer.on("user.signed_up")
        ... def welcome(event): print("Welcome", event.data["name"])
        """
        if handler is ...:
            return lambda function: self.on(name, function, replace=replace)
        self._bus._bind(Binding(self, name, handler), replace=replace)
        return handler

    @overload
    def once(self, name: str) -> Callable[[AnyHandler], AnyHandler]: ...
    @overload
    def once(self, name: str, handler: AnyHandler) -> AnyHandler: ...

    def once(self, name: str, handler: Any = ...) -> Any:
        """React to the next event of this name only: the first that is handled. Also a decorator."""
        if handler is ...:
            return lambda function: self.once(name, function)
        self._bus._bind(Binding(self, name, handler, once=True), replace=False)
        return handler

    def off(self, name: str) -> None:
        """Stop reacting to this name; raises `NotRegistered` if there is no handler for it.

        Called while an event is delivered, it takes effect with the next event.
        """
        self._bus._change(lambda: self._remove(name))

    def catch_up(self) -> int:
        """Handle what the log holds after the position; return how many events were handled.

        Only names that have a handler now count; the others are skipped for good. It does nothing
        while the subscriber is stopped, has no handlers, or is handling an event. Raises
        `AsyncHandler` if a handler is async, `BadSubscriber` if there is no position.
        """
        return self._bus._run(self._catch_up("subscriber.catch_up"))

    async def catch_up_async(self) -> int:
        """`catch_up` for async handlers."""
        return await self._bus._run_async(self._catch_up())

    def resume(self) -> None:
        """Go on after a stop: first what waits, oldest first, then live.

        It stops again at the next failure. Raises `AsyncHandler` if a handler is async.
        """
        self._bus._run(self._resume("subscriber.resume"))

    async def resume_async(self) -> None:
        """`resume` for async handlers."""
        await self._bus._run_async(self._resume())

    def close(self) -> None:
        """Leave the bus; the name is free again. A durable subscriber's position and letters stay in the log.

        Dead letters wait for the next subscriber of that name.
        """
        if not self.closed:
            self._bus._leave(self)
            if not self._is_handling:
                self._release()

    @property
    def durable(self) -> bool:
        """Whether its position and its letters are kept in the log."""
        return self._consumer is not None

    @property
    def names(self) -> tuple[str, ...]:
        """The names and patterns it has handlers for."""
        return () if self.closed else tuple(self._bindings)

    # --- handlers, for the bus ------------------------------------------------------------------

    @property
    def bindings(self) -> tuple[Binding, ...]:
        """Its handlers, each bound to a name or a pattern."""
        return () if self.closed else tuple(self._bindings.values())

    def add(self, binding: Binding, *, replace: bool) -> Binding | None:
        """Take the handler in; return the one it replaces. Raises `DuplicateHandler`, and changes nothing then."""
        self._check_open()
        old = self._bindings.get(binding.name) or self._overlapping(binding)
        if old is not None and not (replace and old.name == binding.name):
            existing, new = describe(old.handler), describe(binding.handler)
            raise DuplicateHandler(self.name, binding.name, old.name, existing, new)
        self._bindings[binding.name] = binding
        return old

    def discard(self, binding: Binding) -> None:
        """Take out this very handler, if it is still there."""
        if self._bindings.get(binding.name) is binding:
            del self._bindings[binding.name]

    def binding_for(self, name: str) -> Binding | None:
        """The handler that takes events of this name now."""
        wide = (binding for binding in self._bindings.values() if matches(binding.name, name))
        return self._bindings.get(name) or next(wide, None)

    # --- the position, for the bus --------------------------------------------------------------

    @property
    def is_halted(self) -> bool:
        """Whether it takes nothing from the log, for now or for good."""
        return self.stopped or self.closed

    def feed(self, binding: Binding, event: Recorded) -> Steps[Outcome]:
        """Handle what the log holds up to this event, then this event, unless that was among it."""
        yield from self._advance(event.position - 1)
        if self.is_halted:
            return MISSED
        if not self._is_before(event.position):
            return None
        return (yield from self._take(binding, event))

    def _catch_up(self, call: str = "") -> Steps[int]:
        """Handle what the log holds now; the number of events. `call` is what can't wait for async handlers."""
        self._check_open()
        if self._log is None or self.position is None:
            raise BadSubscriber(self.name, "has no position", "Make it with after=0 to hear what was.")
        if call:
            refuse_async(self.bindings, call)
        head = self._log.head
        # A handler that catches up would meet its own event, without end.
        if self._is_handling or not self.names:
            return 0
        yield from self._bus._deliver_due(self.name)
        handled = yield from self._advance(head)
        if not self.is_halted:
            self._move(head)
        return handled

    def _resume(self, call: str = "") -> Steps[None]:
        """Undo a stop: what waits, oldest first, then what the log holds."""
        self._check_open()
        if call:
            refuse_async(self.bindings, call)
        self.stopped = False
        yield from self._bus._redeliver(self.name)
        if self.position is not None and not self.closed:
            yield from self._catch_up()

    def _advance(self, upto: int) -> Steps[int]:
        """Handle what lies between the position and `upto`, that included."""
        handled, names = 0, self.names
        if self._log is None or not self._is_before(upto) or not names:
            return handled
        for event in self._log.read(self.position or 0, upto, names=names):
            if self.is_halted:
                break
            binding = self.binding_for(event.name)
            if binding is not None:
                handled += (yield from self._take(binding, event)) is None
        return handled

    def _take(self, binding: Binding, event: Recorded) -> Steps[Outcome]:
        """One event of the log, then the position behind it."""
        self._is_handling = True
        try:
            outcome = yield from self._bus._take_in(binding, event)
            if not self.stopped:
                self._move(event.position)
        except NameTaken as error:
            if not self.closed:
                self._bus._dismiss(binding, event, error)
            return MISSED
        finally:
            self._is_handling = False
            if self.closed:
                self._release()
        return outcome

    def _move(self, position: int) -> None:
        """Go forward to this position of the log, and keep it there if it is durable; never back."""
        if self._is_before(position):
            if self._consumer is not None:
                self._consumer.move(position)
            self.position = position

    def _release(self) -> None:
        if self._consumer is not None:
            self._consumer.release()

    def _is_before(self, position: int) -> bool:
        return self.position is not None and self.position < position

    # --- small parts ----------------------------------------------------------------------------

    def _remove(self, name: str) -> None:
        self._check_open()
        if not isinstance(name, str) or name not in self._bindings:
            raise NotRegistered(self.name, str(name), self.names)
        del self._bindings[name]

    def _overlapping(self, binding: Binding) -> Binding | None:
        others = (one for one in self._bindings.values() if one.is_pattern or binding.is_pattern)
        return next((one for one in others if overlap(one.name, binding.name)), None)

    def _check_open(self) -> None:
        if self.closed:
            raise BadSubscriber(self.name, "is closed", f"Make it again: bus.subscriber({self.name!r}).")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        state = "closed" if self.closed else "stopped" if self.stopped else ", ".join(self.names) or "no handlers"
        place = "" if self.position is None else f" at position {self.position}"
        return f"<Subscriber {self.name}{place}: {state}>"


def check_subscriber_name(name: object, taken: Mapping[str, Subscriber]) -> None:
    """Raise `BadSubscriber` for what can't be a name, or is taken."""
    if not isinstance(name, str) or not name.strip():
        raise BadSubscriber(str(name), "has no name", "Give one that says who reacts: bus.subscriber('mailer').")
    if name != name.strip() or len(name) > 64 or not name.isprintable():
        raise BadSubscriber(name, "has a name with odd spaces or over 64 characters", "Shorten or strip it.")
    if name in taken:
        remedy = f"Use bus.subscribers[{name!r}], close it first, or choose another name."
        raise BadSubscriber(name, "is there already", remedy)


def refuse_async(bindings: Iterable[Binding | None], call: str, name: str = "") -> None:
    """Raise `AsyncHandler` if one of them is async; `call` is what can't wait for it."""
    for binding in bindings:
        if binding is not None and binding.is_async:
            handler = describe(binding.handler)
            raise AsyncHandler(binding.subscriber.name, name or binding.name, handler, call)
