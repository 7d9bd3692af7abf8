"""The log on NATS JetStream, for several processes and several machines."""

from __future__ import annotations

import hashlib
import re
import time
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from threading import Condition
from typing import Any

import msgspec

from eda_workshop.clock import Clock
from eda_workshop.errors import BadLog, EdaError
from eda_workshop.event import NO_SOURCE, Event, Recorded
from eda_workshop.log.backup import back_up
from eda_workshop.log.base import EventLog, RecordingTimes
from eda_workshop.log.consumers import Key, KeyKind, is_here
from eda_workshop.log.identity import Identity
from eda_workshop.log.nats import tokens
from eda_workshop.log.nats.address import check_options, parse
from eda_workshop.log.nats.client import SILENCE, Connection, NoAnswer, NoResponders
from eda_workshop.log.nats.places import Place, Places, place_of
from eda_workshop.log.nats.stream import NOTHING, PAGE, PAUSE, Bucket, Message, Stream
from eda_workshop.log.query import Query, Selection, is_wanted
from eda_workshop.log.records import EMPTY, Draft, End, Find, Row, end_of, row_of, text_of
from eda_workshop.log.upcasters import Upcasters

PATIENCE = 15.0
"""Seconds to wait for a server that went away, or is slow. Replicas take up to ten to choose another leader."""
FIRST_PAGE = 50
"""Messages of the first page, for readers who want only a few; later pages are larger."""
HEADERS = 512
"""Bytes that a message needs in addition to its event."""

_UNKNOWN = "whether it was appended is open, and appending it again is harmless, for its id is the same"
_REPLACED = (
    "was deleted or replaced while it was open; nothing was appended",
    "Open it again, and compare its last record with what you know.",
)
_FOREIGN = "Somebody else publishes to its subjects: let only logs do so, and verify() tells what else doesn't fit."


class _Known(msgspec.Struct):
    """All that must be known of an event to find it again: to decode no more is much faster."""

    source: str
    id: str
    type: str
    subject: str = ""
    edatags: str = ""


_decode = msgspec.json.Decoder(_Known).decode
_decode_tags = msgspec.json.Decoder(tuple[str, ...]).decode
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_/:@=+-]{0,63}")


class NatsLog(EventLog):
    """A log in a JetStream stream: ``open_log("nats://127.0.0.1:4222/drive")``.

    A position is a sequence of the stream, and each message is one event: CloudEvents as JSON, on the subject
    ``drive.<entity>.<name>``, so that any NATS client can read them. Every append names the sequence that it expects to
    be the last; so there is one order, and a hash chain, with any number of writers. An append of several events is an
    atomic batch, which nats-server has from 2.12; 2.11 takes one event at a time.

    An acknowledgement means that the stream's leader has stored the event; with ``?replicas=3``, on a cluster, that two
    of three servers have, so that one may fall: appends wait for some seconds, until the others have chosen a leader.
    When the disk has it is the server's affair: every two minutes unless ``sync_interval`` says otherwise, at once with
    ``sync_interval: always``, as ``workshop.py nats`` starts it.

    connect   what `nats.connect` takes: user, password, token, tls, user_credentials, …; a credentials file is read
              again whenever the connection comes back, so that it may be renewed while the log is open
    patience  seconds to wait for a server that went away, or is slow

    A log that nobody holds any more is closed, as happens in a notebook whenever a cell runs again.
    """

    def __init__(
        self,
        url: str,
        clock: Clock | None = None,
        upcasters: Upcasters | None = None,
        *,
        connect: Mapping[str, Any] | None = None,
        patience: float = PATIENCE,
        create: bool = True,
        read_only: bool = False,
    ) -> None:
        address = parse(url)
        super().__init__(address.shown, clock, upcasters, read_only=read_only)
        given = check_options(connect)
        options = {**tokens.found(address.servers, given), **given}
        self._connection = Connection(self.url, address.servers, patience, options)
        try:
            self._stream = Stream(self._connection, address.stream, address.replicas, create=create)
            self._bucket = Bucket(self._stream, address.replicas)
        except BaseException:
            self._connection.close()
            raise
        self.max_batch = self._stream.max_batch
        # A server forgets the ids of messages after two minutes. An append goes through only at the position that it
        # expects, so a writer that knows all ids up to there knows whether one is new.
        self._places = Places()
        self._end: End | None = None
        self._subscribed = False

    # --- the contract ---------------------------------------------------------------------------

    @property
    def state(self) -> str:
        """The connection: "connected", "reconnecting" or "closed". It reconnects by itself; calls wait meanwhile."""
        return self._connection.state

    @property
    def last(self) -> Recorded | None:
        found = self._stream.last()
        return self._record(found) if found else None

    @property
    def head(self) -> int:
        found = self._stream.last()
        return found.position if found else 0

    def get_state(self, key: Key) -> tuple[str, int]:
        text, revision = self._bucket.get(_bucket_key(key))
        return (_unwrap(text)[1] if text else ""), revision

    def put_state(self, key: Key, text: str, revision: int) -> int:
        self._check_writable()
        return self._bucket.replace(_bucket_key(key), _wrap(key, text) if text else "", revision)

    def states(self, kind: str, name: str | None = None) -> dict[Key, str]:
        prefix = f"{kind}." if name is None else f"{kind}.{token(name)}."
        texts = (self._bucket.get(key)[0] for key in self._bucket.keys(prefix))
        return dict(map(_unwrap, filter(None, texts)))

    def proof(self, subscriber: str, position: int) -> str:  # noqa: ARG002 (a stream that was made again is another)
        return self._stream.created

    def hold(self, key: Key, holder: str, new: str) -> bool:  # noqa: ARG002 (each holder answers on its own subject)
        self._check_writable()
        self._connection.answer(_answering(new))
        if not holder or is_here(holder) or not self._connection.is_answered(_answering(holder)):
            return True
        self._connection.stop_answering(_answering(new))
        return False

    def let_go(self, key: Key, holder: str) -> None:  # noqa: ARG002
        self._connection.stop_answering(_answering(holder))

    def changed(self) -> Condition:
        condition = super().changed()
        if not self._subscribed:
            self._subscribed = True
            self._connection.subscribe(self._stream.subjects, lambda: _notify_if_free(condition))
        return condition

    def backup(self, path: str | Path) -> None:
        back_up(self, path)

    def close(self) -> None:
        self._connection.close()

    def __del__(self) -> None:
        connection = self.__dict__.get("_connection")  # none, if the address was wrong
        if connection is not None:
            connection.close(wait=False)

    @property
    def closed(self) -> bool:
        return self.state == "closed"

    def __repr__(self) -> str:
        return f"<EventLog {self.url}: reconnecting>" if self.state == "reconnecting" else super().__repr__()

    # --- appending ------------------------------------------------------------------------------

    def _commit(self, decide: Callable[[End, Find], Draft]) -> Draft:
        """Decide at the end that is known here; if others have appended since, learn that and decide again."""
        deadline = time.monotonic() + self._connection.patience
        end, lost = self._end or self._catch_up(), None
        while True:
            draft = lost or self._decide(end, decide)
            try:
                try:
                    if draft and self._append(draft, end):
                        return draft
                except NoResponders:
                    pass
                except NoAnswer:
                    lost = draft
                now = self._catch_up()
                if lost and now != end and self._holds(lost):
                    return lost
            except BadLog:
                if lost:
                    raise self._stream.no_answer(_UNKNOWN) from None
                raise
            if time.monotonic() >= deadline:
                raise self._given_up(now == end, _UNKNOWN if lost else NOTHING)
            if now == end:
                time.sleep(PAUSE)
            else:
                end, lost = now, None

    def _decide(self, end: End, decide: Callable[[End, Find], Draft]) -> Draft | None:
        """The draft at this end; None if it is refused there, but the log ends elsewhere."""
        try:
            return decide(end, self._known)
        except EdaError:
            if self._catch_up() == end:
                raise
            return None

    def _append(self, draft: Draft, end: End) -> bool:
        """Store the draft's records at this end; False if the log ends elsewhere. Raises `NoAnswer`."""
        records = [record for record, _ in draft.records]
        messages = [(subject_of(self._stream.name, record), self._body(record)) for record in records]
        if not (self._stream.append(messages, end.position) if messages else self._catch_up() == end):
            return False
        for record in records:
            self._places.add(place_of(record))
        self._end = draft.end
        return True

    def _holds(self, draft: Draft) -> bool:
        """Whether the draft's records are in the log."""
        first, _ = draft.records[0]
        found = self._stream.at(first.position)
        return found is not None and self._record(found).hash == first.hash

    def _given_up(self, is_silent: bool, outcome: str) -> BadLog:
        if is_silent:
            return self._stream.no_answer(outcome)
        problem = f"was busy for {self._connection.patience:g} s"
        return BadLog(self.url, problem, f"Others append to it; {NOTHING}.")

    def _body(self, record: Recorded) -> bytes:
        body = msgspec.json.encode(record.to_cloudevent())
        room = self._connection.client.max_payload - HEADERS
        if len(body) > room:
            problem = f"takes events of up to {room:,} bytes, and {record.name} has {len(body):,}"
            remedy = "Keep what is large elsewhere and put its address into the event; nothing was appended."
            raise BadLog(self.url, problem, remedy)
        return body

    # --- what others have appended --------------------------------------------------------------

    def _catch_up(self) -> End:
        """Learn what others have appended, and return where the log ends now."""
        with self._lock:
            known = self._end or EMPTY
            end = self._end_after(known)
            if end != known:
                self._learn(known, end)
            # Last: what could not be learned is learned next time.
            self._end = end
            return end

    def _end_after(self, known: End) -> End:
        """Where the log ends now, at `known` or after it. Raises `BadLog` if it ends before."""
        deadline = time.monotonic() + SILENCE
        while (end := end_of(self.last)).position < known.position:
            # A leader that stood still while the others chose another doesn't know that at once.
            if self._stream.replicas == 1 or time.monotonic() >= deadline:
                raise BadLog(self.url, *_REPLACED)
            time.sleep(PAUSE)
        return end

    def _learn(self, known: End, end: End) -> None:
        """Learn where the events are from the last known record on, which must be what it was."""
        for page in self._forwards(max(0, known.position - 1), end.position, self._stream.subjects):
            if page[0].position == known.position and self._record(page[0]).hash != known.hash:
                raise BadLog(self.url, *_REPLACED)
            for message in page:
                place = self._place(message)
                if self._places.find(place.identity) is None:
                    self._places.add(place)

    def _place(self, message: Message) -> Place:
        try:
            found = _decode(message.body)
            tags = _decode_tags(found.edatags) if found.edatags else ()
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return place_of(self._record(message))  # says what is wrong with it
        identity = "" if found.source == NO_SOURCE else found.source, found.id
        return Place(identity, message.position, found.type, (found.subject, *tags))

    def _find(self, identities: Sequence[Identity]) -> dict[Identity, Recorded]:
        self._catch_up()
        return self._known(identities)

    def _known(self, identities: Sequence[Identity]) -> dict[Identity, Recorded]:
        places = (self._places.find(identity) for identity in identities)
        return {event.identity: event for event in self._records(place for place in places if place is not None)}

    def _with_id(self, id: str) -> list[Recorded]:
        self._catch_up()
        return self._records(self._places.with_id(id).values())

    def _records(self, positions: Iterable[int]) -> list[Recorded]:
        return [self._record(message) for message in self._stream.those(positions)]

    # --- reading --------------------------------------------------------------------------------

    def _pages(self, selection: Selection, *, hashes: bool) -> Iterator[list[Recorded]]:  # noqa: ARG002 (they come anyway)
        after, upto = self._between(selection)
        for page in self._messages(selection, after, upto):
            yield [event for event in map(self._record, page) if is_wanted(event, selection)]

    def _messages(self, selection: Selection, after: int, upto: int) -> Iterator[list[Message]]:
        if selection.where is not None:
            positions = self._meant(selection.where, after, upto)
            return self._at(positions[::-1] if selection.reverse else positions)
        subjects = filter_of(self._stream.name, selection.names, selection.subject)
        return self._backwards(after, upto, subjects) if selection.reverse else self._forwards(after, upto, subjects)

    def _first(self, query: Query, after: int, upto: int) -> Recorded | None:
        return next(iter(self._records(self._meant(query, after, upto)[:1])), None)

    def _meant(self, query: Query, after: int, upto: int) -> Sequence[int]:
        """Where the events are that a query means. The server is asked for what isn't known here yet, and no more."""
        if query.is_all:
            return range(after + 1, upto + 1)
        if (self._end or EMPTY).position < upto:
            self._catch_up()
        return self._places.meant(query, after, upto)

    def _at(self, positions: Sequence[int]) -> Iterator[list[Message]]:
        """The messages at these positions."""
        start, size = 0, FIRST_PAGE
        while start < len(positions):
            yield self._stream.those(positions[start : start + size])
            start, size = start + size, min(PAGE, size * 4)

    def _between(self, selection: Selection) -> tuple[int, int]:
        """The positions that the times of recording leave: after < position <= upto."""
        (first, until), (after, upto) = selection.recorded, (selection.after, selection.upto)
        times = RecordingTimes(self) if first or until else ()
        after = after if first is None else max(after, bisect_left(times, first))
        return after, upto if until is None else min(upto, bisect_left(times, until))

    def _forwards(self, after: int, upto: int, subjects: str) -> Iterator[list[Message]]:
        """The messages between two positions, without a gap: what a replica doesn't have yet comes from the leader."""
        size, dense = FIRST_PAGE, subjects == self._stream.subjects
        while after < upto:
            page = self._stream.page(after, min(size, upto - after), subjects)
            if dense:
                page = [message for number, message in enumerate(page, after + 1) if message.position == number]
            if not page:
                found = self._stream.next(after, subjects)
                if dense and (found is None or found.position != after + 1):
                    remedy = "Somebody deleted it; restore the stream from a copy."
                    raise BadLog(self.url, f"has lost the record at position {after + 1}", remedy)
                page = [found] if found else []
            page = [message for message in page if message.position <= upto]
            if not page:
                return
            after, size = page[-1].position, min(PAGE, size * 4)
            yield page

    def _backwards(self, after: int, upto: int, subjects: str) -> Iterator[list[Message]]:
        size = FIRST_PAGE
        while upto > after:
            start = max(after, upto - size)
            for page in reversed(list(self._forwards(start, upto, subjects))):
                yield page[::-1]
            upto, size = start, min(PAGE, size * 4)

    def _record(self, message: Message) -> Recorded:
        try:
            event = Event.from_cloudevent(message.body)
        except EdaError as error:
            raise BadLog(self.url, f"can't be read at position {message.position} ({error})", _FOREIGN) from error
        if not isinstance(event, Recorded) or event.position != message.position:
            raise BadLog(self.url, f"holds no record of its own at position {message.position}", _FOREIGN)
        return event

    def _rows(self) -> Iterator[Row]:
        pages = self._forwards(0, self.head, self._stream.subjects)
        events = (self._record(message) for page in pages for message in page)
        return (row_of(event, text_of(event)) for event in events)

    def _stored_bytes(self) -> int:
        return self._stream.size()


# --- subjects -----------------------------------------------------------------------------------


def subject_of(stream: str, event: Event) -> str:
    """Where an event is published, so that a server can filter by entity and name.

    >>> subject_of("drive", Event("folder.created", subject="folder/7", id="1"))
    'drive.folder/7.folder.created'
    """
    return f"{stream}.{token(event.subject)}.{event.name}"


def filter_of(stream: str, names: Sequence[str] | None, subject: str | None) -> str:
    """What a server is asked for; it sends all that is wanted, and perhaps more if there are several names."""
    if names is None and subject is None:
        return f"{stream}.>"
    name = names[0] if names is not None and len(names) == 1 else ">"
    return f"{stream}.{'*' if subject is None else token(subject)}.{name}"


def token(text: str) -> str:
    """One token of a subject for any text: "-" for none, and a hash for what NATS doesn't allow there.

    >>> token("user/ada"), token(""), token("Zoë's folders")
    ('user/ada', '-', '~c03047d83302f9f57a33817963d6f27f')
    """
    if not text:
        return "-"
    return text if _PLAIN.fullmatch(text) else "~" + hashlib.sha256(text.encode()).hexdigest()[:32]


# --- texts beside the stream --------------------------------------------------------------------


def _bucket_key(key: Key) -> str:
    return f"{key.kind}.{token(key.name)}.{token(key.item)}"


def _wrap(key: Key, text: str) -> str:
    """A text with its key, which the bucket's own key may only hold a hash of."""
    return msgspec.json.encode([*key, text]).decode()


def _unwrap(text: str) -> tuple[Key, str]:
    kind, name, item, inner = msgspec.json.decode(text, type=tuple[KeyKind, str, str, str])
    return Key(kind, name, item), inner


def _answering(holder: str) -> str:
    """Where the connection of a holder answers for as long as it is there."""
    return "_INBOX.eda_workshop." + hashlib.sha256(holder.encode()).hexdigest()[:32]


def _notify_if_free(condition: Condition) -> None:
    """Wake followers. A follower that holds the lock is about to look anyway, and must not be waited for here."""
    if condition.acquire(blocking=False):
        try:
            condition.notify_all()
        finally:
            condition.release()
