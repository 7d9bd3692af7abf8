"""Gateways: the world outside, told once and asked once, however often its events are replayed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from eda_workshop.callbacks import call, check_plain
from eda_workshop.clock import Instant, as_instant, iso
from eda_workshop.errors import AmbiguousId, BadGateway, MadeUp, MissingAnswer
from eda_workshop.event import NO_SOURCE, Event, Hypothetical, Recorded
from eda_workshop.log import EventLog
from eda_workshop.log.identity import Identity
from eda_workshop.log.own import ANSWERED, BUFFERED, NOTES, RETRACTED, SENT, WITHDRAWN
from eda_workshop.values import FrozenDict, canonical, freeze

LIVE, REPLAY, BRANCH = "live", "replay", "branch"

Send = Callable[[FrozenDict], object]
Release = Callable[[Event], Instant]

Key = tuple[str, Identity, int]
"""A message: its gateway, the event that caused it, and which of these it was, from 0."""

Question = tuple[str, Identity, str, int]
"""The same for a question, with its text, and how often it had been asked."""


@dataclass(frozen=True)
class Message:
    """What goes out, or would: through which gateway, what, and because of which event.

    cause   the event's id
    source  the event's source
    """

    gateway: str
    content: FrozenDict
    cause: str
    source: str = ""

    @property
    def caused_by(self) -> Identity:
        """The source and the id of the event."""
        return self.source, self.cause


@dataclass
class _Moment:
    """The event that is being handled, and how often it asked and told what so far."""

    event: Event
    asked: Counter[tuple[str, str]]
    told: Counter[str]


class Gateways:
    """All ways from a program to the world outside; make one for each engine.

    The code that handles events uses a gateway in the same way whether it is live or replayed, and can't tell which.
    Live, messages go out and answers are recorded, as events of the log that name the event that caused them. In a
    replay or a branch nothing goes out, and answers come from the recording. After Fowler's Event Sourcing, External
    Updates and External Queries.

    >>> log = open_log("memory://")
    >>> gateways, inbox = Gateways(log), []
    >>> mail = gateways.update("mail", inbox.append)
    >>> def welcome(event): mail(to=event.data["user"])
    >>> _ = log.append(Event("user.signed_up", {"user": "ada"}))
    >>> gateways.handle(next(log.read()), welcome)
    >>> with gateways.replaying(): gateways.handle(next(log.read()), welcome)
    >>> inbox, gateways.suppressed
    ([{'to': 'ada'}], 1)
    """

    def __init__(self, log: EventLog) -> None:
        self.log = log
        self.mode = LIVE
        self.suppressed = 0
        self.outbound: list[Message] = []
        self.recording = Recording(log)
        self._names: set[str] = set()
        self._moment: _Moment | None = None
        self._senders: dict[str, Send] = {}
        self._retractors: dict[str, Send] = {}
        self._releases: dict[str, Release] = {}

    # --- the gateways ---------------------------------------------------------------------------

    def update(self, name: str, send: Send, *, retract: Send | None = None) -> Callable[..., None]:
        """A gateway that tells: ``mail(to="ada")`` calls ``send({"to": "ada"})``, but only live, and once.

        It is recorded when it has gone out; a crash in between sends it again, so give the receiver the event's id
        if that matters.

        retract  called with the content of a message that should not have gone out, see `retract`; None if nothing
                 can be done about that
        """
        self._register(name, send, retract)

        def tell(**content: Any) -> None:
            moment = self._now(name)
            message = self._message(name, content, moment)
            if self.mode != LIVE:
                self.suppressed += 1
            elif (key := self._key(name, moment)) not in self.recording.sent:
                self._send(key, message.content)
            moment.told[name] += 1

        return tell

    def query(self, name: str, ask: Callable[..., Any]) -> Callable[..., Any]:
        """A gateway that asks: ``rate("EUR")`` calls ``ask("EUR")`` live, and records the answer, which is JSON.

        In a replay or branch the recorded answer is given; `MissingAnswer` if there is none. Asking the same twice
        for one event counts as two questions.
        """
        check_plain(ask)
        self._register(name)

        def answer(*question: Any) -> Any:
            moment = self._now(name)
            text = text_of(name, question)
            key = (name, moment.event.identity, text, moment.asked[name, text])
            moment.asked[name, text] += 1
            if key in self.recording.answers:
                return self.recording.answers[key]
            if self.mode != LIVE:
                position = getattr(moment.event, "position", 0)
                raise MissingAnswer(name, text, moment.event.name, position)
            self._record_answer(key, call(ask, *question), moment.event)
            return self.recording.answers[key]

        return answer

    def buffered(self, name: str, send: Send, release: Release, *, retract: Send | None = None) -> Callable[..., None]:
        """A gateway that tells later: messages wait until `release` is called with a time at or after their own.

        release  gives the moment from which a message of this event may go out, such as the end of its month

        Until then `withdraw` takes it back without a trace outside; afterwards only a message that corrects it helps.
        """
        check_plain(release, None)
        self._register(name, send, retract)
        self._releases[name] = release

        def tell(**content: Any) -> None:
            moment = self._now(name)
            message = self._message(name, content, moment)
            key = self._key(name, moment)
            moment.told[name] += 1
            if self.mode != LIVE:
                self.suppressed += 1
                return
            if key not in self.recording.buffer and key not in self.recording.sent:
                self._buffer(key, message.content, moment.event)

        return tell

    def release(self, now: Instant) -> int:
        """Send what waits until now or earlier; return how many messages went out."""
        self._check_live("release")
        moment, waiting = as_instant(now), self.recording.buffer.items()
        due = [(key, content) for key, (when, content) in waiting if as_instant(when) <= moment]
        for key, content in due:
            self._send(key, content)
        return len(due)

    def withdraw(self, cause: str, source: str | None = None) -> int:
        """Take back what waits because of the event with this id; return how many messages that were.

        source  whose id it is; None: anybody's, as long as only one source's events with it wait, else `AmbiguousId`
        """
        self._check_live("withdraw")
        source = "" if source == NO_SOURCE else source
        keys = [key for key in self.recording.buffer if key[1][1] == cause and source in (None, key[1][0])]
        sources = sorted({key[1][0] for key in keys})
        if len(sources) > 1:
            raise AmbiguousId(cause, tuple(each or NO_SOURCE for each in sources))
        for key in keys:
            self._note(WITHDRAWN, key, {})
        return len(keys)

    def retract(self, message: Message) -> bool:
        """Take back a message that should not be: while it waits without a trace, else with the gateway's `retract`.

        Returns whether that could be done; one that is not there counts as taken back.
        """
        self._check_live("retract")
        for key, waiting in self.recording.waiting((message.caused_by,)):
            if _words(waiting) == _words(message):
                self._note(WITHDRAWN, key, {})
                return True
        for key, out in self.recording.out((message.caused_by,)):
            if _words(out) == _words(message):
                if message.gateway not in self._retractors:
                    return False
                call(self._retractors[message.gateway], message.content)
                self._note(RETRACTED, key, {"content": dict(message.content)})
                return True
        return True

    def make_up(self, message: Message, event: Event) -> None:
        """Send a message that should have gone out because of an event, or let it wait if it is not due yet."""
        self._check_live("make up for a message")
        key = self.recording.next_key(message.gateway, message.caused_by)
        if message.gateway in self._releases:
            self._buffer(key, message.content, event)
        else:
            self._send(key, message.content)

    def answer(self, gateway: str, question: Iterable[Any], value: Any, *, event: Event, nth: int = 0) -> None:
        """Record an answer that a person found out, for a question of an event that was never asked live."""
        self._record_answer((gateway, event.identity, text_of(gateway, question), nth), value, event)

    @property
    def waiting(self) -> list[Message]:
        """What is buffered and has not gone out."""
        return [message for _, message in self.recording.waiting()]

    # --- handling and replaying -----------------------------------------------------------------

    def handle(self, event: Event, handler: Callable[[Event], object]) -> None:
        """Call the handler with the event; what its gateways do meanwhile is done because of this event.

        Raises `MadeUp` for an event that was made up in a branch, unless in a replay or a branch.
        """
        if self.mode == LIVE and isinstance(event, Hypothetical):
            raise MadeUp(event.name, event.id)
        before, self._moment = self._moment, _Moment(event, Counter(), Counter())
        try:
            call(handler, event)
        finally:
            self._moment = before

    def handler(self, handler: Callable[[Event], object]) -> Callable[[Event], None]:
        """The handler, made fit for a bus: ``mailer.on("user.signed_up", gateways.handler(welcome))``.

        What gateways recorded themselves is skipped, or a handler of all events would answer its own mails forever.
        """

        check_plain(handler, None)

        def handle(event: Event) -> None:
            if event.name not in NOTES:
                self.handle(event, handler)

        return handle

    def replay(
        self, handler: Callable[[Event], object], *, after: int = 0, upto: int | None = None, names: Any = None
    ) -> int:
        """Call the handler with each event of the log, silently; return how many that were.

        What gateways recorded themselves is left out, and so is what `names` leaves out, as in `EventLog.read`.
        """
        check_plain(handler, None)
        count = 0
        with self.replaying():
            for event in self.log.read(after, upto, names=names):
                if event.name not in NOTES:
                    self.handle(event, handler)
                    count += 1
        return count

    @contextmanager
    def replaying(self) -> Iterator[None]:
        """Nothing goes out within; also when an error ends it, what was before is restored."""
        with self._in(REPLAY):
            yield

    @contextmanager
    def branching(self) -> Iterator[None]:
        """As in a replay, for events that were made up: nothing goes out, and questions need recorded answers."""
        with self._in(BRANCH):
            yield

    @contextmanager
    def _in(self, mode: str) -> Iterator[None]:
        before, self.mode = self.mode, mode
        try:
            yield
        finally:
            self.mode = before

    # --- what is recorded -----------------------------------------------------------------------

    def _register(self, name: str, send: Send | None = None, retract: Send | None = None) -> None:
        if name in self._names:
            raise BadGateway(name, "is there already", "Give each gateway a name of its own.")
        for function in filter(None, (send, retract)):
            check_plain(function, None)
        self._names.add(name)
        if send is not None:
            self._senders[name] = send
        if retract is not None:
            self._retractors[name] = retract

    def _now(self, name: str) -> _Moment:
        if self._moment is None:
            problem = "was used while no event is handled, so a replay could not match it"
            raise BadGateway(name, problem, "Use it in a handler called by gateways.handle(event, handler).")
        return self._moment

    def _message(self, name: str, content: dict[str, Any], moment: _Moment) -> Message:
        message = Message(name, freeze(content), moment.event.id, moment.event.source)
        self.outbound.append(message)
        return message

    def _key(self, name: str, moment: _Moment) -> Key:
        return name, moment.event.identity, moment.told[name]

    def _send(self, key: Key, content: FrozenDict) -> None:
        if key[0] not in self._senders:
            raise BadGateway(key[0], "is not there", f"Make it first: gateways.buffered({key[0]!r}, send, release).")
        call(self._senders[key[0]], content)
        self._note(SENT, key, {"content": dict(content)})

    def _buffer(self, key: Key, content: FrozenDict, event: Event) -> None:
        due = iso(as_instant(self._releases[key[0]](event)))
        self._note(BUFFERED, key, {"due": due, "content": dict(content)}, event)

    def _record_answer(self, key: Question, value: Any, event: Event) -> None:
        gateway, cause, question, nth = key
        self._note(ANSWERED, (gateway, cause, nth), {"question": question, "answer": value}, event)

    def _note(self, name: str, key: Key, data: dict[str, Any], event: Event | None = None) -> None:
        self.recording.note(name, key, data, event or self.log.clock.now())

    def _check_live(self, verb: str) -> None:
        if self.mode != LIVE:
            raise BadGateway(
                "*", f"can't {verb} in a {self.mode}", "Do it live, outside of replaying() or branching()."
            )


# --- what the log has recorded of gateways -------------------------------------------------------


class Recording:
    """Notes of gateways in a log, and what they come to. Every look takes in what is new.

    answers  the answer to each question
    sent     what went out by each message; None once it was retracted
    buffer   when each message that waits is due, and what it says
    """

    def __init__(self, log: EventLog) -> None:
        self.log = log
        self._upto = 0
        self._answers: dict[Question, Any] = {}
        self._sent: dict[Key, FrozenDict | None] = {}
        self._buffer: dict[Key, tuple[str, FrozenDict]] = {}
        self._used: Counter[tuple[str, Identity]] = Counter()

    @property
    def answers(self) -> dict[Question, Any]:
        self._catch_up()
        return self._answers

    @property
    def sent(self) -> dict[Key, FrozenDict | None]:
        self._catch_up()
        return self._sent

    @property
    def buffer(self) -> dict[Key, tuple[str, FrozenDict]]:
        self._catch_up()
        return self._buffer

    def next_key(self, gateway: str, cause: Identity) -> Key:
        """A message that there has not been yet."""
        self._catch_up()
        return gateway, cause, self._used[gateway, cause]

    def out(self, causes: Collection[Identity]) -> Iterator[tuple[Key, Message]]:
        """What went out because of these events, and was not retracted."""
        for key, content in self.sent.items():
            if key[1] in causes and content is not None:
                yield key, _message_of(key, content)

    def waiting(self, causes: Collection[Identity] | None = None) -> Iterator[tuple[Key, Message]]:
        """What waits because of these events, or of any."""
        for key, (_, content) in self.buffer.items():
            if causes is None or key[1] in causes:
                yield key, _message_of(key, content)

    def note(self, name: str, key: Key, data: dict[str, Any], event: Event | datetime) -> None:
        """Record something about a message or a question.

        event  the event that it belongs to, or the time of the record itself
        """
        gateway, cause, nth = key
        self.log.append(note(name, cause, {"gateway": gateway, "nth": nth, **data}, event))

    def _catch_up(self) -> None:
        head = self.log.head
        if head == self._upto:
            return
        for event in self.log.read(self._upto, head, names=NOTES):
            if not _is_note(event):
                continue
            data = event.data
            cause = data.get("source", ""), event.causation
            if event.name == ANSWERED:
                self._answers[data["gateway"], cause, data["question"], data["nth"]] = data["answer"]
                continue
            key = data["gateway"], cause, data["nth"]
            self._used[key[:2]] = max(self._used[key[:2]], key[2] + 1)
            if event.name == BUFFERED:
                self._buffer[key] = data["due"], data["content"]
                continue
            self._buffer.pop(key, None)
            if event.name in (SENT, RETRACTED):
                self._sent[key] = data["content"] if event.name == SENT else None
        self._upto = head


def _message_of(key: Key, content: FrozenDict) -> Message:
    source, cause = key[1]
    return Message(key[0], content, cause, source)


def note(name: str, cause: Identity, data: dict[str, Any], when: Event | datetime) -> Event:
    """What a gateway records; its id follows from what it is about, so that it is recorded once.

    when  the event that it belongs to, or the time of the record itself
    """
    source, id = cause
    data = data | ({"source": source} if source else {})
    about = [name, *filter(None, cause), data["gateway"], data.get("question", ""), str(data["nth"])]
    occurred, correlation = (when.occurred, when.correlation) if isinstance(when, Event) else (when, "")
    return Event(
        name,
        data,
        id="/".join(about),
        source="/gateways",
        occurred=occurred,
        correlation=correlation,
        causation=id,
    )


_SAID = {
    SENT: ("content",),
    RETRACTED: (),
    WITHDRAWN: (),
    BUFFERED: ("due", "content"),
    ANSWERED: ("question", "answer"),
}
"""What each note says beside its gateway and its number."""


def _is_note(event: Event) -> bool:
    """Whether a gateway recorded this; what others record under its names says nothing about messages."""
    data = event.data
    is_about = isinstance(data.get("gateway"), str) and isinstance(data.get("nth"), int)
    return is_about and all(name in data for name in _SAID[event.name])


def text_of(gateway: str, question: Iterable[Any]) -> str:
    """A question as JSON text, by which its answer is found again."""
    try:
        return msgspec.json.encode(list(question)).decode()
    except (TypeError, ValueError) as error:
        raise BadGateway(
            gateway, f"was asked something that is not JSON ({error})", "Ask with text and numbers."
        ) from error


# --- what would be sent --------------------------------------------------------------------------


@dataclass(frozen=True)
class Rehearsal:
    """What handlers would have done to the world outside.

    messages    what they would have sent, in order
    unanswered  what they asked and nobody answered at the time; an event that asked so sends nothing
    """

    messages: tuple[Message, ...]
    unanswered: tuple[MissingAnswer, ...]


def rehearse(gateways: Gateways, events: Iterable[Recorded], handle: Callable[[Event], object]) -> Rehearsal:
    """Call `handle` with each event but those that gateways recorded, silently, answered from the recording."""
    messages: list[Message] = []
    unanswered: list[MissingAnswer] = []
    with gateways.branching():
        for event in events:
            if event.name in NOTES:
                continue
            before = len(gateways.outbound)
            try:
                gateways.handle(event, handle)
            except MissingAnswer as missing:
                unanswered.append(missing)
            else:
                messages += gateways.outbound[before:]
    return Rehearsal(tuple(messages), tuple(unanswered))


def outbound_diff(had: Iterable[Message], should: Iterable[Message]) -> dict[str, list[Message]]:
    """What was sent against what should have been: ``same``, ``missing`` to send, ``wrong`` to take back.

    Order does not matter; how often a message occurs does.

    >>> from eda_workshop.values import freeze
    >>> ada, bob = (Message("mail", freeze({"to": name}), "1") for name in ("ada", "bob"))
    >>> diff = outbound_diff([ada, ada], [ada, bob])
    >>> [(kind, [message.content["to"] for message in messages]) for kind, messages in diff.items()]
    [('same', ['ada']), ('missing', ['bob']), ('wrong', ['ada'])]
    """
    wanted, right, wrong, missing = list(should), list[Message](), list[Message](), list[Message]()
    unmet = Counter(map(_words, wanted))
    for message in had:
        is_right = unmet[_words(message)] > 0
        unmet[_words(message)] -= is_right
        (right if is_right else wrong).append(message)
    for message in reversed(wanted):
        if unmet[_words(message)] > 0:
            unmet[_words(message)] -= 1
            missing.insert(0, message)
    return {"same": right, "missing": missing, "wrong": wrong}


def _words(message: Message) -> tuple[str, Identity, bytes]:
    """What makes two messages the same."""
    return message.gateway, message.caused_by, canonical(message.content)
