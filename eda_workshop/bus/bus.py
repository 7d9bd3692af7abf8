"""The bus: publish an event, and everybody who has a handler for it gets it.

Read `publish`, then `_enqueue`, `_run`, `_dispatched` and `_deliver`: the way of an event from its publisher to its handlers.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict, deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextvars import ContextVar
from datetime import UTC, datetime
from threading import Event as Signal
from threading import RLock, get_ident
from time import monotonic
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, Protocol, TypeVar, overload

from eda_workshop.bus.commands import Command, carry_trace, effect_of, origin
from eda_workshop.bus.faults import Copy, Delivery
from eda_workshop.bus.letters import DeadLetter, Letters
from eda_workshop.bus.policies import Policy, as_policy
from eda_workshop.bus.receipts import Receipt, Statistics
from eda_workshop.bus.registry import Observer, Registry, Route, Row
from eda_workshop.bus.subscriber import MISSED, Binding, Outcome, Steps, Subscriber, check_subscriber_name, refuse_async
from eda_workshop.bus.trace import Trace, TraceLine, tree
from eda_workshop.callbacks import (
    AnyHandler,
    Handler,
    call,
    check_handler,
    check_plain,
    describe,
    dismiss,
    not_done,
    unfinished,
)
from eda_workshop.clock import Clock, WallClock, check_clock
from eda_workshop.errors import (
    AsyncHandler,
    BadEvent,
    BadSetting,
    BadSubscriber,
    DeliveryFailed,
    DuplicateHandler,
    EndlessChain,
    NameTaken,
    NoHandler,
    NoLog,
    ReadOnlyTap,
    check_number,
    did_you_mean,
)
from eda_workshop.event import Event, Recorded, as_event, check_attributes
from eda_workshop.ids import NewId, check_ids, uuid7
from eda_workshop.log import EventLog, Follower, Query
from eda_workshop.log.consumers import Consumer
from eda_workshop.log.upcasters import in_shape
from eda_workshop.names import check_name
from eda_workshop.values import NOTHING, freeze

REMEMBERED = 10_000
"""Of how many events a bus with a log remembers who got them."""
LOOK = 0.05
"""Seconds between two looks at the clock while a letter waits for its time: another thread may set it."""
_PAUSE = 0.001
"""Seconds after which a task looks again whether a thread has ended its delivery."""
_ATTRIBUTES = tuple(name for name in Event.__struct_fields__ if name not in ("name", "data"))

_Result = TypeVar("_Result")
_Begun = tuple[Any, Exception | None]
"""How a first attempt ended: with a result that must be awaited, or with an error."""


class _Queued:
    """An event that waits for its delivery or is being delivered; `done` counts the bindings that are done with it."""

    __slots__ = ("chain", "done", "receipt", "route")

    def __init__(self, receipt: Receipt, chain: tuple[str, ...]) -> None:
        self.receipt, self.chain = receipt, chain
        self.route: Route | None = None
        self.done = 0


class _Dispatch:
    """One call from outside and everything that it causes. A bus has one at a time.

    over      set when a dispatch ends that tasks await; None for one that a thread runs, which holds the lock meanwhile
    is_ended  True when everything is delivered, or it was interrupted
    """

    __slots__ = ("failures", "is_ended", "over", "queue", "thread")

    def __init__(self, over: Signal | None = None) -> None:
        self.queue: deque[_Queued] = deque()
        self.failures: list[DeadLetter] = []
        self.thread = get_ident()
        self.over = over
        self.is_ended = False


class _Cause(NamedTuple):
    """What this thread or task is handling, and the names that led to it, its own last.

    outer  what it was handling when this came, perhaps on another bus
    """

    dispatch: _Dispatch
    message: Event | Command
    chain: tuple[str, ...]
    outer: _Cause | None
    observer: Observer | None = None


class Timekeeper(Protocol):
    """What has something to do at certain moments by the bus's clock, such as a process manager."""

    @property
    def next_due(self) -> datetime | None:
        """The first of these moments; None if there is none."""

    def ring(self, now: datetime) -> int:
        """Do what is due by now; how many things that were. It publishes, and leaves all else to who hears that."""


class _CantAwait(Exception):
    """Tells the steps that nobody here can await what they yielded."""


_IDLE = _Dispatch()
"""What a bus is at while nobody calls it."""
_handling: ContextVar[_Cause | None] = ContextVar("handling", default=None)


class Bus:
    """Publish/subscribe in one process, synchronous: `publish` returns when every handler has run.

    log       where events are appended before they are delivered; None: nothing is remembered
    clock     gives the times of events that the bus makes. Default: the log's clock, or the wall clock
    ids       gives their ids. Default: UUIDs of version 7
    delivery  makes delivery bad on purpose; None: every copy arrives at once
    max_hops  how many events may cause one another in a chain before it is taken for endless

    One thread delivers at a time; another thread's publish waits for it. References to handlers are strong.

    >>> bus = Bus()
    >>> mailer = bus.subscriber("mailer")
    >>> _ = mailer.on("user.signed_up", lambda event: print("Welcome", event.data["name"]))
    >>> bus.publish("user.signed_up", {"name": "Ada"}, id="evt-0001")
    Welcome Ada
    <Receipt evt-0001 user.signed_up: delivered to mailer>
    """

    def __init__(
        self,
        log: EventLog | None = None,
        *,
        clock: Clock | None = None,
        ids: NewId = uuid7,
        delivery: Delivery | None = None,
        max_hops: int = 50,
    ) -> None:
        if log is not None and not isinstance(log, EventLog):
            raise BadSetting("log", log, 'a log: Bus(open_log("memory://"))')
        if delivery is not None and not isinstance(delivery, Delivery):
            raise BadSetting("delivery", delivery, "what is bad about it, from a seed: Delivery(seed=7, lost=0.2)")
        own = log.clock if log is not None else WallClock()
        self.log = log
        self.clock: Clock = own if clock is None else check_clock(clock)
        self._ids, self._faults, self._max_hops = check_ids(ids), delivery, check_number("max_hops", max_hops, 1)
        self._lock = RLock()
        self._tasks: tuple[Any, Any] | None = None
        self._dispatch = _IDLE
        # Who hears what.
        self._registry = Registry(self._lock, plain=delivery is None)
        self._commands: dict[str, Handler] = {}
        # What was done.
        self._letters = Letters(log)
        self._published: defaultdict[str, int] = defaultdict(int)
        self._unheard = self._failed = 0
        self._recent: OrderedDict[tuple[str, str], Receipt] = OrderedDict()
        self._now = datetime.min.replace(tzinfo=UTC)
        self._redelivering = False
        self._timekeepers: list[Timekeeper] = []
        self._follower: Follower | None = None

    # --- publishing -----------------------------------------------------------------------------

    def publish(self, event: Event | str, data: Mapping[str, Any] | None = None, **attributes: Any) -> Receipt:
        """Append an event to the log, then deliver it; return a `Receipt`, never a handler's result.

        Pass an `Event`, or a name, data and any attribute of `Event`. Handlers run in the order they subscribed, which
        nobody should rely on. What a handler publishes is appended at once and delivered afterwards, first in first
        out, with correlation, causation and trace context set. A handler that fails stops no other: its failure becomes a
        `DeadLetter`, and its subscriber's policy says what then. By default all failures are raised together, as
        `DeliveryFailed`, when everything has been delivered. An async handler is refused with `AsyncHandler`, a chain
        of more than `max_hops` events with `EndlessChain`; then nothing was appended. The log's upcasters bring the
        event up to date before its delivery, so a live handler gets the same as one that catches up later.
        """
        made = self._make(event, data, attributes)
        return self._run(self._enqueue(made))

    async def publish_async(
        self, event: Event | str, data: Mapping[str, Any] | None = None, **attributes: Any
    ) -> Receipt:
        """`publish` for async handlers: they are awaited one after the other; others are called."""
        made = self._make(event, data, attributes)
        return await self._run_async(self._enqueue(made))

    def publish_all(self, *events: Event, after: int | None = None, unless: Query | None = None) -> tuple[Receipt, ...]:
        """Append several events, all or none, then deliver them in their order; a receipt for each.

        after, unless  a condition, as in `EventLog.append`: raises `Conflict`, and then nothing was appended or
                       delivered. It takes a log, else `NoLog`

        Else as `publish`.

        >>> bus = Bus(open_log("memory://"))
        >>> bus.publish_all(Event("seat.reserved", id="1"), Event("wallet.charged", id="2"), after=0)
        (<Receipt 1 seat.reserved: unheard>, <Receipt 2 wallet.charged: unheard>)
        """
        made = [self._make(event, None, {}) for event in events]
        return self._run(self._enqueue_all(made, after, unless))

    def event(self, name: str, data: Mapping[str, Any] | None = None, **attributes: Any) -> Event:
        """An event with this bus's next id and time, made but not published."""
        return self._make(name, data, attributes)

    # --- subscribing ----------------------------------------------------------------------------

    def subscriber(
        self,
        name: str,
        *,
        on_error: str | Policy = "raise",
        after: int | None = None,
        durable: bool = False,
        hold: Literal["subject"] | None = None,
    ) -> Subscriber:
        """A new participant. Its name must be free, else `BadSubscriber`.

        on_error  what a failure leads to: "raise" (after everybody got the event), "park" (a dead letter, nothing
                  more), "stop" (nothing further for this subscriber until `resume`), ``retry(3)``, or
                  ``retry(5, wait=backoff(1))``
        after     start from this position of the log, 0 for its beginning; None: from now on, with no memory
        durable   keep the position in the log under this name, so that the subscriber goes on where it was when it
                  comes back: each event at least once. Starts after `after`, or from now, the first time. With "stop"
                  the position waits for a failed event; else the dead letter is kept in the log's store before the
                  position moves past it, and is there after a restart. One program at a time is at work under the
                  name: a newer subscriber of this process takes over, and `NameTaken` while another program has it
        hold      "subject": while a letter waits, later events about its subject wait behind it, in their order, and
                  all others go on
        """
        with self._lock:
            check_subscriber_name(name, self._registry.subscribers)
            policy = as_policy(name, on_error)
            if hold not in (None, "subject"):
                raise BadSetting("hold", hold, "'subject' or None")
            consumer = self._consumer(name, after) if durable else None
            position = consumer.position if consumer else self._starting_position(after)
            made = Subscriber(self, name, policy, position, log=self.log, consumer=consumer, hold=hold)
            if consumer is not None:
                self._letters.take_up(consumer, self.clock.now)
            self._registry.subscribers[name] = made
        return made

    def observe(self, pattern: str, handler: Callable[[Event], object]) -> Observer:
        """A read-only tap on all events that the pattern stands for; close it with ``.close()``.

        Observers come before subscribers, don't count as handlers, and may not publish. What an
        observer raises is raised by `publish` when everything has been delivered.
        """
        return self._registry.observe(pattern, handler)

    def in_turn(self, act: Callable[[], _Result]) -> _Result:
        """Call a function when it is this thread's turn to deliver; return its result.

        What the function publishes is delivered when it has returned, as with a handler, and failures are raised then.
        Raises `BadHandler` for an async function, and for one whose result would have to be awaited.

        >>> bus = Bus()
        >>> _ = bus.subscriber("mailer").on("user.signed_up", lambda event: print("Welcome"))
        >>> def sign_up():
        ...     bus.publish("user.signed_up")
        ...     print("published, not yet delivered")
        >>> bus.in_turn(sign_up)
        published, not yet delivered
        Welcome
        """
        check_plain(act)
        return self._run(_called(act))

    def keep_time(self, keeper: Timekeeper) -> Callable[[], None]:
        """Let something ring when its time has come: `settle`, `listen` and the next `publish` see to it.

        Call the function that it returns to end that.
        """
        with self._lock:
            self._timekeepers.append(keeper)

        def end() -> None:
            with self._lock:
                if keeper in self._timekeepers:
                    self._timekeepers.remove(keeper)

        return end

    @property
    def subscribers(self) -> Mapping[str, Subscriber]:
        """The subscribers by name, in the order they came. Read-only."""
        return MappingProxyType(self._registry.subscribers)

    # --- commands -------------------------------------------------------------------------------

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
        check_name(name)
        check_handler(handler)
        with self._lock:
            if name in self._commands and not replace:
                raise DuplicateHandler("", name, name, describe(self._commands[name]), describe(handler))
            self._commands[name] = handler
        return handler

    def send(self, command: Command | str, data: Mapping[str, Any] | None = None) -> Any:
        """Ask the one handler of a command, and return its answer.

        Pass a `Command`, or a name and data. Raises `NoHandler` if there is none, `AsyncHandler` if
        it must be awaited, and whatever the handler raises, such as `Rejected`. What it publishes is
        delivered before `send` returns; subscribers that fail raise `DeliveryFailed`.
        """
        return self._run(self._ask(command, data))

    async def send_async(self, command: Command | str, data: Mapping[str, Any] | None = None) -> Any:
        """`send` for an async handler, which is awaited; another one is called."""
        return await self._run_async(self._ask(command, data))

    # --- what did not arrive --------------------------------------------------------------------

    @property
    def dead_letters(self) -> tuple[DeadLetter, ...]:
        """What subscribers could not handle and nobody has redelivered or discarded yet, oldest first.

        Those of durable subscribers are kept in the log's store. Letters there of subscribers that are not on this bus
        come last.
        """
        return self._letters.everywhere

    @property
    def discarded(self) -> tuple[DeadLetter, ...]:
        """The letters that somebody discarded, each with the reason."""
        return self._letters.discarded

    def redeliver(
        self, subscriber: str | None = None, *, where: Callable[[DeadLetter], object] | None = None
    ) -> list[DeadLetter]:
        """Try dead letters again, of one subscriber or of all, due or not; return those handled now.

        where  only letters for which this says yes

        The subscriber that has the name now gets the event; without a handler, or while it is
        stopped, the letter waits. A handler that fails again has the same consequences as the first
        time. Raises `AsyncHandler`, and changes nothing, if a handler is async.
        """
        return self._run(self._redeliver(subscriber, where, "bus.redeliver"))

    async def redeliver_async(
        self, subscriber: str | None = None, *, where: Callable[[DeadLetter], object] | None = None
    ) -> list[DeadLetter]:
        """`redeliver` for async handlers."""
        return await self._run_async(self._redeliver(subscriber, where))

    def discard(self, letter: DeadLetter, reason: str) -> None:
        """Give a dead letter up for good, for a reason that `discarded` will show. Raises `BadSetting`.

        >>> bus = Bus()
        >>> _ = bus.subscriber("mailer", on_error="park").on("user.signed_up", lambda event: 1 / 0)
        >>> _ = bus.publish("user.signed_up")
        >>> bus.discard(bus.dead_letters[0], "a test account")
        >>> bus.dead_letters, bus.discarded[0].discarded
        ((), 'a test account')
        """
        if not isinstance(reason, str) or not reason.strip():
            raise BadSetting("reason", reason, "a sentence that says why nobody needs it")
        with self._lock:
            if not self._letters.discard(letter, reason, self.clock.now):
                raise BadSetting("letter", letter, "one of bus.dead_letters")

    def settle(self) -> int:
        """Deliver every copy that bad delivery still holds, every letter that is due and every timer; return how many.

        What their handlers publish meets bad delivery too, and may be on its way afterwards.
        """
        return self._run(self._settle("bus.settle"))

    async def settle_async(self) -> int:
        """`settle` for async handlers."""
        return await self._run_async(self._settle())

    # --- hearing other processes ----------------------------------------------------------------

    def listen(self, *, patience: float | None = None) -> int:
        """Bring to the subscribers with a position what the log holds, and what any process appends; return how many.

        It wakes for letters and timers that fall due, too. It returns when nothing was appended for `patience` seconds, or when another thread calls `stop_listening`;
        with None it waits until then, and Ctrl-C ends it. What a handler raises ends it, too, as in
        `Subscriber.catch_up`. Raises `NoLog`; `AsyncHandler` if a handler is async.

        >>> log = open_log("memory://")
        >>> here, there = Bus(log), Bus(log)
        >>> there.subscriber("mailer", after=0).on("user.signed_up", lambda event: print("Welcome"))  # doctest: +ELLIPSIS
        <function ...
        >>> _ = here.publish("user.signed_up")
        >>> there.listen(patience=0)
        Welcome
        1
        """
        log = self._known_log("A bus that listens")
        if patience is not None:
            check_number("patience", patience, 0, whole=False)
        with log.follow(log.head) as self._follower:
            handled, since = self._catch_up_all(), monotonic()
            while not self._follower.is_over:
                left = None if patience is None else since + patience - monotonic()
                if left is not None and left <= 0:
                    break
                if self._follower.skip(self._until_due(left)):
                    handled, since = handled + self._catch_up_all(), monotonic()
                else:
                    self._run(self._deliver_due())
        return handled

    def _until_due(self, left: float | None) -> float | None:
        """Seconds to wait for an event: what is left, or less if a letter or a timer falls due before that."""
        with self._lock:
            moments = [self._letters.next_due, *(keeper.next_due for keeper in self._timekeepers)]
        due = min((moment for moment in moments if moment is not None), default=None)
        if due is None:
            return left
        wait = max(0.0, min(LOOK, (due - self.clock.now()).total_seconds()))
        return wait if left is None else min(wait, left)

    def stop_listening(self) -> None:
        """End `listen`, from any thread; does nothing while nobody listens."""
        if self._follower is not None:
            self._follower.close()

    def _catch_up_all(self) -> int:
        hearing = [
            each for each in [*self._registry.subscribers.values()] if each.position is not None and not each.is_halted
        ]
        return sum(each.catch_up() for each in hearing)

    # --- looking inside -------------------------------------------------------------------------

    def registry(self) -> tuple[Row, ...]:
        """Who handles what: rows of subscriber, name and handler, sorted."""
        return self._registry.rows()

    def statistics(self) -> Statistics:
        """What the bus has done since it was made, in numbers."""
        with self._lock:
            return Statistics(
                published=dict(sorted(self._published.items())),
                delivered=dict(sorted(self._registry.counted().items())),
                unheard=self._unheard,
                failed=self._failed,
                dead_letters=len(self._letters),
                accidents={**self._faults.counts, "on_the_way": self._faults.on_the_way} if self._faults else {},
            )

    def receivers(self, event: Event) -> tuple[str, ...] | None:
        """Who got this event, if it is one of the last 10,000 of a bus with a log; else None."""
        receipt = self._recent.get((event.source, event.id))
        return None if receipt is None else receipt.delivered_to

    def trace(self, conversation: Event | str) -> Trace:
        """One conversation from the log, each event under its cause.

        Pass one of its events, or its correlation id. Raises `NoLog` on a bus without a log.
        """
        log = self._known_log("A trace")
        if isinstance(conversation, Event):
            conversation = conversation.correlation
        events = tree(event for event in log.read() if event.correlation == conversation)
        return Trace(tuple(TraceLine(event, depth, self.receivers(event)) for event, depth in events))

    def __repr__(self) -> str:
        count = len(self._registry.subscribers)
        return f"<Bus: {count} subscriber{'' if count == 1 else 's'}, log {self.log!r}>"

    # --- from publish to the handlers -----------------------------------------------------------

    def _make(self, given: Any, data: Mapping[str, Any] | None, attributes: dict[str, Any]) -> Event:
        """The event that was meant, linked to what is being handled. Raises `BadEvent` for what is not an event."""
        cause = self._cause()
        if isinstance(given, str):
            return self._new(given, data, attributes, cause)
        if isinstance(given, Command):
            remedy = "Send it: bus.send(command)."
            raise BadEvent(f"{given.name} is a command, and commands are not published", remedy)
        event = as_event(given)
        _refuse_extras(f"event {event.name}", "Publish event.replace(...)", data, attributes)
        return event if cause is None else effect_of(cause.message, event)

    def _new(self, name: str, data: Any, attributes: dict[str, Any], cause: _Cause | None) -> Event:
        check_attributes(attributes, _ATTRIBUTES)
        # What can be wrong comes before the next id and time, so that a refusal uses up neither.
        check_name(name)
        frozen = freeze({} if data is None else data)
        if "id" not in attributes:
            attributes["id"] = self._ids()
        if "occurred" not in attributes:
            attributes["occurred"] = self.clock.now()
        if cause is not None and not attributes.get("causation"):
            attributes["causation"] = origin(cause.message)
            attributes["correlation"] = attributes.get("correlation") or cause.message.correlation
            attributes["extensions"] = carry_trace(cause.message, attributes.get("extensions", NOTHING))
        return Event(name, frozen, **attributes)

    def _enqueue(self, event: Event) -> Steps[Receipt]:
        receipts = yield from self._enqueue_all((event,))
        return receipts[0]

    def _enqueue_all(
        self, events: Sequence[Event], after: int | None = None, unless: Query | None = None
    ) -> Steps[tuple[Receipt, ...]]:
        """Refuse what must be refused, append the events, and put them in line for their delivery."""
        cause, dispatch = self._cause(), self._dispatch
        for event in events:
            self._refuse(event.name, cause)
        if cause is None:
            yield from self._deliver_due()
        if dispatch.over is None:
            for event in events:
                route = self._registry.route(event.name)
                if not route.handlers:
                    refuse_async(route.bindings, "bus.publish", event.name)
        receipts = tuple(self._append(events, after, unless))
        dispatch.queue.extend(_Queued(each, _chain(cause, each.event)) for each in receipts if each.queued)
        return receipts

    def _append(self, events: Sequence[Event], after: int | None, unless: Query | None) -> list[Receipt]:
        """Append the events to the log, if there is one, and bring them up to date as its readers will see them."""
        if self.log is None:
            if after is not None or unless is not None:
                raise NoLog("A condition")
            return [Receipt(self._dated(event), queued=True) for event in events]
        upcasters = self.log.upcasters
        # Before the append, which an upcaster that fails prevents.
        shapes = {event.identity: upcasters.shape(event) for event in events if event.name in upcasters.steps}
        receipts = []
        for event, is_new in self.log.write(events, after=after, unless=unless):
            shape = shapes.get(event.identity)
            shown = in_shape(event, *shape) if shape else event
            receipts.append(Receipt(shown, queued=True) if is_new else Receipt(shown, repeated=True))
        return receipts

    def _dated(self, event: Event) -> Event:
        return event.replace(occurred=self.clock.now()) if event.undated else event

    def _run(self, steps: Steps[_Result]) -> _Result:
        """Take the steps when it is this thread's turn: at once within its own dispatch, else as a new one."""
        while True:
            with self._lock:
                going_on = self._dispatch
                if going_on is _IDLE:
                    steps = self._dispatched(_Dispatch(), steps)
                over = None if self._is_within(going_on) else going_on.over
                if over is None:
                    result = _finish(steps)
            if over is None:
                return result
            over.wait()

    def _is_within(self, dispatch: _Dispatch) -> bool:
        """Whether the caller is a part of a dispatch, or runs on the thread of its tasks, which must not wait."""
        return dispatch.thread == get_ident() or self._cause() is not None

    def _dispatched(self, dispatch: _Dispatch, steps: Steps[_Result]) -> Steps[_Result]:
        """Take the steps, deliver what they put in line and what that causes; then raise all failures together."""
        result: Any = None
        refusal: Exception | None = None
        try:
            self._dispatch = dispatch
            try:
                result = yield from steps
            except Exception as error:
                refusal = error
            while dispatch.queue:
                queued = dispatch.queue[0]
                receipt = yield from self._deliver(queued)
                if result is queued.receipt:
                    result = receipt
                elif type(result) is tuple:
                    result = tuple(receipt if each is queued.receipt else each for each in result)
                dispatch.queue.popleft()
        except BaseException:
            self._abandon(dispatch)
            raise
        finally:
            dispatch.is_ended = True
            self._dispatch = _IDLE
        if dispatch.failures:
            failed = DeliveryFailed(result, dispatch.failures)
            if refusal is None:
                raise failed
            refusal.add_note(f"Besides: {failed.message}.")
        if refusal is not None:
            raise refusal
        return result  # type: ignore[no-any-return]

    def _deliver(self, queued: _Queued) -> Steps[Receipt]:
        """Bring an event to all observers, then to all subscribers, in the order they came to the bus."""
        event, route, before = queued.receipt.event, self._begin(queued), _handled_now()
        _handling.set(_Cause(self._dispatch, event, queued.chain, before))
        outcomes: list[Outcome] = []
        try:
            if self._faults is not None:
                self._now = self.clock.now()
                yield from self._hand_over(self._faults.arrivals(self._now))
            for observer in route.observers:
                self._show(observer, event)
            begun = self._call_each(queued, route, event) if route.handlers else None
            if route.handlers and begun is None:
                return self._remember(Receipt(event, route.subscribers))
            outcomes += [None] * queued.done
            for binding in route.bindings[queued.done :]:
                outcomes.append((yield from self._offer(binding, event, begun)))
                begun = None
                queued.done += 1
        finally:
            _handling.set(before)
        missed = tuple(name for name, each in zip(route.subscribers, outcomes, strict=True) if each is MISSED)
        letters = tuple(each for each in outcomes if isinstance(each, DeadLetter))
        return self._remember(Receipt(event, route.subscribers, missed, letters))

    def _call_each(self, queued: _Queued, route: Route, event: Event) -> _Begun | None:
        """Call one handler after the other, up to the first that fails or must be awaited; say how that one ended."""
        begun: _Begun | None = None
        try:
            for queued.done, handler in enumerate(route.handlers):
                if (result := handler(event)) is not None and unfinished(result):
                    begun = result, None
                    break
            else:
                queued.done += 1
        except Exception as error:
            begun = None, error
        except BaseException:
            self._registry.delivered.update(route.subscribers[: queued.done])
            self._keep(route.bindings[queued.done], event, attempts=1)
            raise
        if begun is None:
            self._registry.count_all(route)
        else:
            self._registry.delivered.update(route.subscribers[: queued.done])
        return begun

    def _offer(self, binding: Binding, event: Event, begun: _Begun | None) -> Steps[Outcome]:
        """Bring an event to one subscriber: from the log if it has a position, else at once, or by bad delivery."""
        if binding.subscriber.position is not None and isinstance(event, Recorded):
            return (yield from binding.subscriber.feed(binding, event))
        if self._faults is not None:
            self._faults.send(binding, event, self._now)
            return (yield from self._hand_over(self._faults.arrivals(self._now), (binding, event)))
        return (yield from self._attempt(binding, event, begun=begun))

    def _take_in(self, binding: Binding, event: Recorded) -> Steps[Outcome]:
        """Bring an event of the log to a subscriber with a position; a crash may have left a letter about it before."""
        letter = self._letters.left_at(binding.subscriber.name, event.position)
        if letter is not None and letter.held:
            return MISSED
        outcome = yield from self._attempt(binding, event, letter)
        if letter is not None and outcome is None:
            self._letters.remove(letter, self.clock.now)
        return outcome

    def _attempt(
        self, binding: Binding, event: Event, letter: DeadLetter | None = None, begun: _Begun | None = None
    ) -> Steps[Outcome]:
        """Let the handler try as often as the policy allows.

        letter  the one that the event has left before
        begun   how the first attempt ended, if it was made already
        """
        attempts, before, subscriber = 0, _handled_now(), binding.subscriber
        if binding.spent:
            return MISSED
        if subscriber.stopped:
            if letter is None:
                self._keep(binding, event)
            return MISSED
        if letter is None and subscriber.hold and self._letters.is_held(subscriber.name, event):
            self._letters.keep(_letter(binding, event, held=True))
            return MISSED
        if before is None or before.message is not event:
            _handling.set(_Cause(self._dispatch, event, (event.name,), before))
        try:
            while attempts <= subscriber.policy.at_once:
                attempts += 1
                try:
                    result = _take(begun) if begun else binding.handler(event)
                    if result is not None:
                        yield from _finished(result, binding.handler)
                    self._succeed(binding)
                    return None
                except _CantAwait:
                    error: Exception = self._now_known_as_async(binding, event)
                    break
                except Exception as failure:
                    error, begun = failure, None
        except BaseException:
            if letter is None:
                self._keep(binding, event, attempts)
            raise
        finally:
            _handling.set(before)
        return self._fail(binding, event, letter, error, attempts)

    # --- how an attempt ends --------------------------------------------------------------------

    def _succeed(self, binding: Binding) -> None:
        self._registry.delivered[binding.subscriber.name] += 1
        if binding.once:
            binding.spent = True
            self._change(lambda: binding.subscriber.discard(binding))

    def _fail(
        self, binding: Binding, event: Event, letter: DeadLetter | None, error: Exception, attempts: int
    ) -> DeadLetter:
        subscriber, policy = binding.subscriber, binding.subscriber.policy
        is_new = letter is None
        letter = letter or _letter(binding, event)
        letter.blame(error, attempts)
        letter.due = policy.due(self.clock, letter.attempts, event.id)
        if letter.due is None:
            self._failed += 1
            if policy.then == "stop":
                subscriber.stopped = True
                self._registry.forget_routes()
            if policy.then == "raise":
                self._dispatch.failures.append(letter)
        # A stopped subscriber with a position finds the event in the log when it resumes.
        if not (is_new and subscriber.stopped and subscriber.position is not None):
            self._letters.keep(letter)
        return letter

    def _dismiss(self, binding: Binding, event: Event, error: NameTaken) -> None:
        """Take a subscriber off the bus whose name a newer one has taken over; the publisher gets the error."""
        letter = _letter(binding, event)
        letter.blame(error, 1)
        self._dispatch.failures.append(letter)
        binding.subscriber.close()

    def _now_known_as_async(self, binding: Binding, event: Event) -> AsyncHandler:
        """A plain function gave a coroutine: from now on it counts as async."""
        binding.is_async = True
        self._registry.forget_routes()
        return AsyncHandler(binding.subscriber.name, event.name, describe(binding.handler))

    def _keep(self, binding: Binding, event: Event, attempts: int = 0) -> None:
        """Keep a letter, unless the subscriber will find the event in the log."""
        if binding.subscriber.position is None:
            self._letters.keep(_letter(binding, event, attempts))

    def _abandon(self, dispatch: _Dispatch) -> None:
        """After an interruption: keep letters for everybody who is not done with an event of this dispatch."""
        for queued in dispatch.queue:
            event, route = queued.receipt.event, queued.route or self._begin(queued)
            waiting = {letter.subscriber for letter in self._letters if letter.event is event}
            for binding in route.bindings[queued.done :]:
                if binding.subscriber.name not in waiting:
                    self._keep(binding, event)

    def _show(self, observer: Observer, event: Event) -> None:
        before = _handling.get()
        assert before is not None
        _handling.set(before._replace(observer=observer))
        try:
            call(observer.handler, event)
        except Exception as error:
            letter = DeadLetter(event, repr(observer), describe(observer.handler))
            letter.blame(error, 1)
            before.dispatch.failures.append(letter)
        finally:
            _handling.set(before)

    # --- letters, late copies, commands ---------------------------------------------------------

    def _redeliver(
        self, subscriber: str | None, where: Callable[[DeadLetter], object] | None = None, call_name: str = ""
    ) -> Steps[list[DeadLetter]]:
        """Try letters again, oldest first; those that were handled now. `call_name` is what can't wait for async handlers."""
        letters = self._letters_of(subscriber)
        if where is not None:
            check_plain(where, None)
            letters = [letter for letter in letters if call(where, letter)]
        if call_name:
            refuse_async((self._handler_of(each.subscriber, each.event) for each in letters), call_name)
        return (yield from self._try_again(letters))

    def _deliver_due(self, subscriber: str | None = None) -> Steps[int]:
        """Ring the timers and deliver the letters that are due, but those that only a task could; how many there were."""
        rung = self._ring() if self._timekeepers and subscriber is None else 0
        # Nearly always there are none, and then the way of an event passes no file of letters.
        if not self._letters.moments or self._letters.next_due is None:
            return rung
        letters = self._letters.due_by(self.clock.now(), subscriber)
        if self._dispatch.over is None:
            bindings = ((letter, self._handler_of(letter.subscriber, letter.event)) for letter in letters)
            letters = [letter for letter, binding in bindings if binding is not None and not binding.is_async]
        yield from self._try_again(letters)
        return rung + len(letters)

    def _ring(self) -> int:
        waiting = [(keeper, due) for keeper in self._timekeepers if (due := keeper.next_due) is not None]
        if not waiting:
            return 0
        now = self.clock.now()
        return sum(keeper.ring(now) for keeper, due in waiting if due <= now)

    def _try_again(self, letters: Sequence[DeadLetter]) -> Steps[list[DeadLetter]]:
        """Try these letters; those that were handled. What is held waits until the one before it is handled."""
        done: list[DeadLetter] = []
        # A handler that redelivers would meet its own letter, without end.
        if self._redelivering:
            return done
        self._redelivering = True
        try:
            for letter in letters:
                binding = self._handler_of(letter.subscriber, letter.event)
                if binding is None or binding.subscriber.stopped or letter.held:
                    continue
                if (yield from self._attempt(binding, letter.event, letter)) is None:
                    self._letters.remove(letter, self.clock.now)
                    done.append(letter)
        finally:
            self._redelivering = False
        return done

    def _settle(self, call_name: str = "") -> Steps[int]:
        """Deliver whatever is still on its way, and the letters that are due; the number of both."""
        copies: Sequence[Copy] = ()
        if self._faults is not None:
            if call_name:
                refuse_async(self._faults.receivers(), call_name)
            copies = self._faults.arrivals(None)
            yield from self._hand_over(copies)
        return len(copies) + (yield from self._deliver_due())

    def _hand_over(self, copies: Sequence[Copy], sent: Copy | None = None) -> Steps[Outcome]:
        """Bring copies that have arrived to the handlers of now; what became of the one that was just sent."""
        outcome: Outcome = MISSED
        for index, (binding, event) in enumerate(copies):
            is_sent = sent is not None and binding is sent[0] and event is sent[1]
            receiver = binding if is_sent else self._handler_of(binding.subscriber.name, event)
            if receiver is None:
                continue
            try:
                result = yield from self._attempt(receiver, event)
            except BaseException:
                for left, waiting in copies[index + 1 :]:
                    self._keep(left, waiting)
                raise
            if is_sent and (outcome is MISSED or isinstance(result, DeadLetter)):
                outcome = result
        return outcome

    def _ask(self, given: Command | str, data: Mapping[str, Any] | None) -> Steps[Any]:
        """Call the one handler of a command; its answer."""
        cause, before = self._cause(), _handled_now()
        command = self._command(given, data, cause)
        if command.name not in self._commands:
            raise NoHandler(command.name, tuple(sorted(self._commands)))
        handler = self._commands[command.name]
        _handling.set(_Cause(self._dispatch, command, _chain(cause, command), before))
        try:
            return (yield from _finished(handler(command), handler))
        except _CantAwait:
            raise AsyncHandler("", command.name, describe(handler), "bus.send") from None
        finally:
            _handling.set(before)

    def _command(self, given: Command | str, data: Mapping[str, Any] | None, cause: _Cause | None) -> Command:
        """The command that was meant; one that a handler sends belongs to its conversation."""
        if isinstance(given, Command):
            _refuse_extras(f"command {given.name}", "Send another Command", data, {})
            self._refuse(given.name, cause)
            return given if cause is None else given.caused_by(cause.message)
        if not isinstance(given, str):
            remedy = "Pass its name and data: send('folder.create', {...})."
            raise BadEvent(f"send() takes a command, not {type(given).__name__}", remedy)
        self._refuse(check_name(given), cause)
        frozen = freeze({} if data is None else data)
        command = Command(given, frozen, self._ids())
        return command if cause is None else command.caused_by(cause.message)

    # --- tasks ----------------------------------------------------------------------------------

    async def _run_async(self, steps: Steps[_Result]) -> _Result:
        """`_run` for a task, which awaits its turn, and what handlers give to be awaited."""
        going_on = self._dispatch
        within_thread = going_on is not _IDLE and going_on.over is None and going_on.thread == get_ident()
        if within_thread or self._cause() is not None:
            return await self._finish_async(steps)
        import asyncio  # an awaiting caller has it already; for all others it would be a third of the kit's import

        if self._tasks is None or self._tasks[0] is not asyncio._get_running_loop():
            self._tasks = asyncio._get_running_loop(), asyncio.Lock()
        over = Signal()
        dispatch = _Dispatch(over)
        async with self._tasks[1]:
            try:
                while not self._claim(dispatch):
                    await asyncio.sleep(_PAUSE)
                return await self._finish_async(self._dispatched(dispatch, steps))
            finally:
                if self._dispatch is dispatch:
                    self._dispatch = _IDLE
                over.set()

    async def _finish_async(self, steps: Steps[_Result]) -> _Result:
        """Take the steps; await what they yield without the lock, so that threads may register meanwhile."""
        go_on: Callable[[Any], Any] = steps.send
        sent: Any = None
        try:
            while True:
                with self._lock:
                    awaited = go_on(sent)
                try:
                    go_on, sent = steps.send, await awaited
                except BaseException as error:
                    go_on, sent = steps.throw, error
        except StopIteration as stop:
            return stop.value  # type: ignore[no-any-return]

    def _claim(self, dispatch: _Dispatch) -> bool:
        """Begin a dispatch, unless another goes on; without waiting, which would stop the event loop."""
        if not self._lock.acquire(blocking=False):
            return False
        try:
            if self._dispatch is _IDLE:
                self._dispatch = dispatch
            return self._dispatch is dispatch
        finally:
            self._lock.release()

    def _cause(self) -> _Cause | None:
        """What the caller is handling as a part of the dispatch that goes on, if anything."""
        cause = _handled_now()
        while cause is not None and cause.dispatch is not self._dispatch:
            cause = cause.outer
        return cause

    def _refuse(self, name: str, cause: _Cause | None) -> None:
        """Raise for a tap that writes, and for a chain that does not end."""
        if cause is None:
            return
        if cause.observer is not None:
            raise ReadOnlyTap(repr(cause.observer), name)
        if len(cause.chain) >= self._max_hops:
            raise EndlessChain((*cause.chain, name), self._max_hops)

    # --- who hears what -------------------------------------------------------------------------

    def _bind(self, binding: Binding, *, replace: bool) -> None:
        self._registry.bind(binding, replace=replace)

    def _change(self, change: Callable[[], object]) -> None:
        self._registry.change(change)

    def _leave(self, subscriber: Subscriber) -> None:
        self._registry.leave(subscriber)
        self._letters.give_up(subscriber.name)

    def _handler_of(self, subscriber: str, event: Event) -> Binding | None:
        """The handler that takes the event for the subscriber that has this name now."""
        found = self._registry.subscribers.get(subscriber)
        return None if found is None else found.binding_for(event.name)

    def _letters_of(self, subscriber: str | None) -> list[DeadLetter]:
        """The letters of one subscriber, or all, oldest first. Raises `BadSubscriber`."""
        known = {*self._registry.subscribers, *(letter.subscriber for letter in self._letters)}
        if subscriber is not None and subscriber not in known:
            names = ", ".join(sorted(known)) or "none yet"
            raise BadSubscriber(
                str(subscriber), "is not on this bus", f"There are: {names}.{did_you_mean(subscriber, known)}"
            )
        return self._letters.of(subscriber)

    def _starting_position(self, after: int | None) -> int | None:
        if after is None:
            return None
        return check_number("after", after, 0, self._known_log("A subscriber with a position").head)

    def _consumer(self, name: str, after: int | None) -> Consumer:
        log = self._known_log("A subscriber with a position")
        return log.consumer(name, log.head if after is None else after)

    def _known_log(self, what_needs_it: str) -> EventLog:
        if self.log is None:
            raise NoLog(what_needs_it)
        return self.log

    # --- counting -------------------------------------------------------------------------------

    def _begin(self, queued: _Queued) -> Route:
        """The route of an event whose delivery begins, which is counted."""
        name = queued.receipt.event.name
        route = queued.route = self._registry.route(name)
        self._published[name] += 1
        self._unheard += not route.bindings
        return route

    def _remember(self, receipt: Receipt) -> Receipt:
        if self.log is not None:
            self._recent[receipt.event.source, receipt.event.id] = receipt
            if len(self._recent) > REMEMBERED:
                self._recent.popitem(last=False)
        return receipt


def _handled_now() -> _Cause | None:
    """What this thread or task is handling, without what an interruption has left behind."""
    cause = _handling.get()
    while cause is not None and cause.dispatch.is_ended:
        cause = cause.outer
    return cause


def _called(act: Callable[[], _Result]) -> Steps[_Result]:
    """A call as steps of a delivery, none of which must be awaited."""
    yield from ()
    return call(act)  # type: ignore[no-any-return]


def _finish(steps: Steps[_Result]) -> _Result:
    """Take steps that nobody awaits: a handler that wants to be awaited has failed."""
    try:
        unawaited = next(steps)
        while True:
            dismiss(unawaited)
            unawaited = steps.throw(_CantAwait())
    except StopIteration as stop:
        return stop.value  # type: ignore[no-any-return]


def _finished(result: Any, handler: Handler) -> Steps[Any]:
    """What a handler gave once its work is done: awaited as often as it takes. Raises `BadHandler`."""
    while what := unfinished(result):
        if not isinstance(result, Awaitable):
            raise not_done(handler, what)
        result = yield result
    return result


def _take(begun: _Begun) -> Any:
    result, error = begun
    if error is not None:
        raise error
    return result


def _chain(cause: _Cause | None, message: Event | Command) -> tuple[str, ...]:
    return (*cause.chain, message.name) if cause else (message.name,)


def _letter(binding: Binding, event: Event, attempts: int = 0, *, held: bool = False) -> DeadLetter:
    return DeadLetter(event, binding.subscriber.name, describe(binding.handler), attempts, held=held)


def _refuse_extras(what: str, remedy: str, data: Mapping[str, Any] | None, attributes: dict[str, Any]) -> None:
    """With a ready-made message nothing else may be passed."""
    if data is not None or attributes:
        extra = "data" if data is not None else next(iter(attributes))
        problem = f"The {what} is ready-made, and {extra} was passed beside it"
        raise BadEvent(problem, f"{remedy} if you want a different one.")
