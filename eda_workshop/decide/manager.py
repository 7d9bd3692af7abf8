"""The process manager: brings events to the processes that they are for, sends their commands, and rings their timers.

Read `_hear`, then `_step` and `_send`: a decision is in the log before any of it is carried out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import heappop, heappush
from typing import Any, Self

from eda_workshop.bus import Bus
from eda_workshop.decide.process import Process, check_process, decided, evolved, key_of, patterns_heard
from eda_workshop.decide.stream import ANSWERS, Stream, Timer, Waiting, as_heard, key_in, records_of
from eda_workshop.errors import (
    BadLog,
    BadSetting,
    BadSubscriber,
    Conflict,
    DeliveryFailed,
    DuplicateEvent,
    NoLog,
    Rejected,
    check_number,
)
from eda_workshop.event import Event, Recorded
from eda_workshop.log import EventLog
from eda_workshop.log.identity import Identity
from eda_workshop.log.own import DUE, is_own
from eda_workshop.names import matches

AT_ONCE = 10
"""How many answers may lead to one another at once; later ones come by the bus, which stops an endless chain."""


@dataclass(frozen=True)
class ProcessInstance:
    """One process, as it is now.

    key      which one
    state    what its events came to
    status   what its class calls that state
    timers   those that are set, in the order in which they fall due
    waiting  the commands that have no answer yet, in the order in which they were decided
    steps    how many events it has heard
    """

    key: str
    state: Any
    status: str
    timers: tuple[Timer, ...]
    waiting: tuple[Waiting, ...]
    steps: int


class ProcessManager:
    """Runs the processes of one class: one for each key, each with a stream of its own in the log.

    log         the log of the bus, in which everything is recorded
    bus         on which it hears events, as a durable subscriber, and sends commands
    process     the class
    after       the position after which it hears events when it is new; None: from now on
    tries       how often a command whose handler fails is sent before it counts as refused; after `Rejected` it does at once
    subscriber  the subscriber's name; left out, ``process <name>``

    One step is one append: it records which event came, and the commands, timers and facts that the event led to, all or
    none, and only if no other manager has added to the process's stream. Then the manager sends the commands, and records
    each answer. If it is killed at any moment, the next one goes on from there: an event leads to one step, however often
    it comes, and a command is sent until it has an answer. That may be twice, but with the same id, by which the command's
    handler, a plain function, can recognize it. Timers are due by the bus's clock; `check`, `Bus.settle`, `Bus.listen` and
    the next `Bus.publish` ring them.

    One program at a time is at work for a class, as with all durable subscribers; a second program gets `NameTaken`. Raises
    `NoLog`, `BadModel`, `BadSetting`. An event on which `decide` fails leaves a dead letter, and `Bus.redeliver` lets
    the process decide on it again.

    >>> class Joining(Process):
    ...     def key(event): return event.data.get("member")
    ...     def evolve(state, event): return event.name
    ...     def decide(state, event):
    ...         if event.name == "member.came": return [Send("badge.print", event.data), After(60, "badge.overdue")]
    >>> bus = Bus(open_log("memory://", clock=ManualClock()))
    >>> _ = bus.handle("badge.print", lambda command: print("prints for", command.data["member"]))
    >>> joining = ProcessManager(bus.log, bus, Joining)
    >>> _ = bus.publish("member.came", {"member": "ada"})
    prints for ada
    >>> bus.clock.advance(60)
    >>> joining.check(), joining.of("ada").state
    (1, 'badge.overdue')
    """

    def __init__(
        self,
        log: EventLog,
        bus: Bus,
        process: type[Process],
        *,
        after: int | None = None,
        tries: int = 3,
        subscriber: str = "",
    ) -> None:
        self.process = check_process(process)
        self.bus, self.log = bus, _log_of(log, bus)
        self._tries = check_number("tries", tries, 1)
        self._streams: dict[str, Stream] = {}
        self._seen = 0
        self._sending: set[str] = set()
        self._moments: list[tuple[datetime, str, str]] = []
        self._is_ringing, self._depth = False, 0
        self._subscriber = bus.subscriber(subscriber or f"process {process.name}", durable=True, after=after)
        self._end_timekeeping = bus.keep_time(self)
        try:
            bus.in_turn(self._begin)
        except BaseException:
            self.close()
            raise

    def of(self, key: str) -> ProcessInstance | None:
        """The process with this key; None if there is none."""
        stream = self._streams.get(key)
        return None if stream is None else _instance(stream)

    @property
    def instances(self) -> tuple[ProcessInstance, ...]:
        """Every process, in the order in which they began."""
        return tuple(map(_instance, [*self._streams.values()]))

    def check(self) -> int:
        """Ring the timers that are due by the bus's clock, and send again the commands without an answer; how many of both.

        Call it now and then. Raises `BadSubscriber` when the manager is closed, `DeliveryFailed` if a handler fails.
        """
        if self._subscriber.closed:
            name = self._subscriber.name
            raise BadSubscriber(name, "is closed", f"Make it again: ProcessManager(log, bus, {self.process.__name__}).")
        return self.bus.in_turn(self._check)

    def close(self) -> None:
        """Leave the bus. What was decided stays in the log, and the next manager of the class goes on with it."""
        self._end_timekeeping()
        self._subscriber.close()

    def _begin(self) -> None:
        """Learn what was recorded, hear what came since, and send what was decided and has no answer."""
        self._read_on()
        patterns = patterns_heard(self.process)
        own = [name for name in (*ANSWERS, DUE) if not any(matches(pattern, name) for pattern in patterns)]
        for name in (*patterns, *own):
            self._subscriber.on(name, self._hear)
        self._subscriber.catch_up()
        self._send_all(again=False)

    # --- hearing --------------------------------------------------------------------------------

    def _hear(self, event: Recorded) -> None:
        """Let the process that an event is for take a step, and send what it decides to send."""
        key = self._key_of(event)
        stream = None if key is None else self._step(key, event)
        if stream is not None:
            for waiting in [*stream.waiting.values()]:
                if not waiting.attempts:
                    self._send(stream, waiting)

    def _key_of(self, event: Recorded) -> str | None:
        if not is_own(event):
            return key_of(self.process, event)
        return key_in(self.process, event) if event.name in (*ANSWERS, DUE) else None

    def _step(self, key: str, event: Recorded) -> Stream | None:
        """Decide what the event leads to, and record it, unless that was done before; None if no process begins with it."""
        if key not in self._streams:
            self._read_on()
        if key not in self._streams and not self._may_start(event):
            return None
        while not (stream := self._streams.get(key) or Stream(self.process, key)).has_heard(event):
            now, heard = self.bus.clock.now(), as_heard(event)
            outputs = decided(self.process, stream.state, heard, stream.step_id(event), now)
            evolved(self.process, stream.state, heard)  # an event that it can't take must not be recorded as heard
            self._append(stream, stream.step(event, outputs, now))
        return stream

    def _may_start(self, event: Event) -> bool:
        starts = self.process.starts
        return not starts or any(matches(pattern, event.name) for pattern in starts)

    # --- sending --------------------------------------------------------------------------------

    def _send(self, stream: Stream, waiting: Waiting) -> None:
        """Send a command, record what became of it, and let the process hear that. One that is being sent is left alone."""
        id = waiting.command.id
        answers: tuple[Recorded, ...] = ()
        if id in self._sending or stream.waiting.get(id) != waiting:
            return
        self._sending.add(id)
        try:
            error = self._carried_out(waiting)
            while stream.waiting.get(id) == waiting:
                again = not isinstance(error, Rejected) and waiting.attempts + 1 < self._tries
                answers = self._append(stream, (stream.answer(waiting, error, self.bus.clock.now(), again=again),))
        finally:
            self._sending.discard(id)
        for answer in answers:
            self._hear_at_once(answer)

    def _hear_at_once(self, answer: Recorded) -> None:
        """Let a process hear an answer before others hear what came of the command. The bus will bring it in any case."""
        if self._depth < AT_ONCE:
            self._depth += 1
            try:
                self._hear(answer)
            finally:
                self._depth -= 1

    def _carried_out(self, waiting: Waiting) -> Exception | None:
        """Let the handler of a command do it; why it did not."""
        try:
            self.bus.send(waiting.command)
        except DeliveryFailed:
            return None  # it did; somebody else failed at what came of it, and has a dead letter
        except Exception as error:
            return error
        return None

    def _send_all(self, *, again: bool) -> int:
        """Send what has no answer, or only what was never tried; how much there was."""
        found = [
            (stream, waiting)
            for stream in self._streams.values()
            for waiting in stream.waiting.values()
            if waiting.command.id not in self._sending and (again or not waiting.attempts)
        ]
        for stream, waiting in found:
            self._send(stream, waiting)
        return len(found)

    # --- timers ---------------------------------------------------------------------------------

    @property
    def next_due(self) -> datetime | None:
        """When the next timer falls due; None if none is set, or the manager is closed."""
        if self._subscriber.closed:
            return None
        while self._moments and self._moments[0][2] not in self._streams[self._moments[0][1]].timers:
            heappop(self._moments)
        return self._moments[0][0] if self._moments else None

    def ring(self, now: datetime) -> int:
        """Record the timers that are due by a moment, for their processes to hear; how many they were."""
        count = 0
        if self._is_ringing:
            return count
        self._is_ringing = True
        try:
            while (due := self.next_due) is not None and due <= now:
                _, key, id = self._moments[0]
                stream = self._streams[key]
                self._append(stream, (stream.due(stream.timers[id]),))
                count += id not in stream.timers
        finally:
            self._is_ringing = False
        return count

    def _check(self) -> int:
        return self.ring(self.bus.clock.now()) + self._send_all(again=True)

    # --- the log --------------------------------------------------------------------------------

    def _append(self, stream: Stream, events: Sequence[Event]) -> tuple[Recorded, ...]:
        """Append to a process's stream, and learn it; nothing if somebody else was quicker, then learn what they added."""
        try:
            receipts = self.bus.publish_all(*events, after=self._seen, unless=stream.condition)
        except (Conflict, DuplicateEvent):
            if not self._read_on():
                raise
            return ()
        self._read_on()
        return tuple(receipt.event for receipt in receipts)  # type: ignore[misc]

    def _read_on(self) -> int:
        """Learn what was recorded of the processes since the last look; how many records."""
        head, count = self.log.head, 0
        for record in self.log.read(self._seen, head, where=records_of(self.process)):
            key = key_in(self.process, record)
            if key is not None:
                self._learn(self._streams.setdefault(key, Stream(self.process, key)), record)
            self._seen, count = record.position, count + 1
        self._seen = head
        return count

    def _learn(self, stream: Stream, record: Recorded) -> None:
        for timer in stream.learn(record, self._event):
            heappush(self._moments, (timer.due, stream.key, timer.id))

    def _event(self, identity: Identity) -> Recorded:
        source, id = identity
        found = self.log.find(id, source)
        if found is None:
            problem = f"has no event {id!r:.80}, which a process has heard"
            raise BadLog(self.log.url, problem, "Restore the log from a copy.")
        return found

    def __repr__(self) -> str:
        found = [each.status for each in self.instances]
        told = ", ".join(f"{found.count(status)} {status}" for status in dict.fromkeys(found))
        return f"<ProcessManager {self.process.name}: {told or 'no process yet'}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _instance(stream: Stream) -> ProcessInstance:
    status, state = stream.process.status, stream.state
    timers = tuple(sorted(stream.timers.values(), key=lambda timer: (timer.due, timer.id)))
    named = "running" if status is None else status(state)
    return ProcessInstance(stream.key, state, named, timers, tuple(stream.waiting.values()), stream.steps)


def _log_of(log: object, bus: object) -> EventLog:
    if not isinstance(bus, Bus):
        raise BadSetting("bus", bus, "a bus: Bus(log)")
    if bus.log is None:
        raise NoLog("A process")
    if log is not bus.log:
        raise BadSetting("log", log, "the log of the bus: ProcessManager(bus.log, bus, Joining)")
    return bus.log
