"""The log on NATS JetStream, for several processes and several machines."""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from threading import Condition
from typing import Any

import msgspec

from eda_workshop.clock import Clock
from eda_workshop.errors import BadLog, EdaError, check_number
from eda_workshop.event import Recorded
from eda_workshop.log.base import EventLog, RecordingTimes
from eda_workshop.log.nats.address import parse
from eda_workshop.log.nats.bucket import Bucket
from eda_workshop.log.nats.credentials import check_credentials
from eda_workshop.log.nats.ids import Ids
from eda_workshop.log.nats.records import REPLACED, Records
from eda_workshop.log.nats.storing import Storing
from eda_workshop.log.nats.stream import NOTHING, PAUSE, Stream
from eda_workshop.log.nats.subjects import token
from eda_workshop.log.nats.wire import Wire
from eda_workshop.log.query import Selection, is_wanted
from eda_workshop.log.records import EMPTY, Draft, End, Find, Row
from eda_workshop.log.upcasters import Upcasters

PATIENCE = 15.0
"""Seconds to wait for a server that went away, or is slow. Replicas take up to ten to choose another leader."""
BUSY = 30.0
"""Seconds to try an append again when others are quicker."""


class NatsLog(EventLog):
    """A log in a JetStream stream: ``open_log("nats://127.0.0.1:4222/drive")``.

    A position is a sequence of the stream, and each message is one event: CloudEvents as JSON, on the subject
    ``drive.<entity>.<name>``, so that any NATS client can read them. Every append names the sequence that it expects to
    be the last; so there is one order, and a hash chain, with any number of writers. An append of several events is an
    atomic batch, which nats-server has from 2.12; older ones take one event at a time.

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
    ) -> None:
        address = parse(url)
        super().__init__(address.shown, clock, upcasters)
        check_credentials(self.url, connect or {})
        self._wire = Wire(self.url, address.servers, patience, connect or {})
        try:
            self._stream = Stream(self._wire, address.stream, address.replicas)
            self._bucket = Bucket(self._stream)
            if address.replicas is not None:
                self._bucket.check(address.replicas)
        except BaseException:
            self._wire.close()
            raise
        self._records = Records(self._stream)
        self._storing = Storing(self._stream, self._records)
        self.most = self._stream.features.most
        self._ids = Ids()
        self._last: End | None = None
        self._watching = False

    # --- the contract ---------------------------------------------------------------------------

    @property
    def state(self) -> str:
        """The connection: "connected", "reconnecting" or "closed". It comes back by itself; who asks meanwhile waits."""
        return self._wire.state

    @property
    def tip(self) -> End:
        return self._records.tip(self._stream.last())

    @property
    def head(self) -> int:
        found = self._stream.last()
        return found.seq if found else 0

    def position_of(self, subscriber: str) -> int | None:
        found = self._bucket.get(token(subscriber))
        if found is None:
            return None
        kept = msgspec.json.decode(found.data, type=dict[str, Any])
        if kept.get("of") != self._stream.created or kept.get("position", 0) > self.head:
            problem = f"doesn't hold what the subscriber {subscriber} has heard: it was made anew, or lost its end"
            raise BadLog(self.url, problem, "Give the subscriber another name, and it begins anew.")
        return int(kept["position"])

    def keep_position(self, subscriber: str, position: int) -> None:
        # Who keeps a position has read the event there, so the head is asked for only in doubt.
        if type(position) is not int or not 0 <= position <= self._records.seen:
            check_number("position", position, 0, self.head)
        kept = {"subscriber": subscriber, "position": position, "of": self._stream.created}
        self._bucket.put(token(subscriber), msgspec.json.encode(kept))

    def subscribers(self) -> dict[str, int]:
        bodies = [msgspec.json.decode(each.data, type=dict[str, Any]) for each in self._bucket.all()]
        names = sorted(body["subscriber"] for body in bodies if "subscriber" in body)
        return {name: self.position_of(name) or 0 for name in names}

    def kept(self, name: str) -> tuple[str, int]:
        found = self._bucket.get(token(f"group {name}"))
        return (found.data.decode(), found.seq) if found else ("", 0)

    def keep(self, name: str, text: str, revision: int) -> bool:
        return self._bucket.exchange(token(f"group {name}"), text.encode(), revision)

    def watched(self) -> Condition:
        news = super().watched()
        if not self._watching:
            self._watching = True
            self._wire.listen(self._stream.all, lambda: _tell_if_free(news))
        return news

    def close(self) -> None:
        self._wire.close()

    def __del__(self) -> None:
        wire = self.__dict__.get("_wire")  # none, if its address was wrong
        if wire is not None:
            wire.abandon()

    @property
    def closed(self) -> bool:
        return self._wire.state == "closed"

    def __repr__(self) -> str:
        return f"<EventLog {self.url}: reconnecting>" if self.state == "reconnecting" else super().__repr__()

    # --- what an engine brings ------------------------------------------------------------------

    def _commit(self, draft: Callable[[End, Find], Draft]) -> None:
        """Draft behind the last record that is known; if others have appended since, learn that and draft again."""
        begun = moved = time.monotonic()
        last = self._last or self._catch_up()
        while not self._commit_behind(last, draft):
            before, last, now = last, self._catch_up(), time.monotonic()
            if now - begun > BUSY:
                raise BadLog(self.url, f"was busy for {BUSY:g} s", "Others append to it; nothing was appended.")
            if last != before:
                moved = now
            elif now - moved > self._wire.patience:
                # Something was taken before ours, and waits for other replicas.
                raise self._stream.silent(NOTHING)
            else:
                time.sleep(PAUSE)

    def _commit_behind(self, last: End, draft: Callable[[End, Find], Draft]) -> bool:
        """Store what is drafted behind this tip; False if the log ends elsewhere, and what was refused may be right."""
        try:
            drafted = draft(last, self._known)
        except EdaError:
            if self._catch_up() != last:
                return False
            raise
        records = [record for record, _ in drafted.records]
        if not (self._storing.store(records) if records else self._catch_up() == last):
            return False
        for record in records:
            self._ids.add(record.id, record.position)
        self._last, self._records.seen = drafted.tip, max(self._records.seen, drafted.tip.position)
        return True

    def _find(self, id: str) -> Recorded | None:
        self._catch_up()
        return self._known(id)

    def _pages(self, query: Selection, *, hashes: bool) -> Iterator[list[Recorded]]:  # noqa: ARG002 (they come anyway)
        subjects = self._stream.filter(query.names, query.subject)
        query = self._within(query)
        for page in (
            self._records.backwards(query, subjects) if query.reverse else self._records.forwards(query, subjects)
        ):
            yield [event for event in map(self._records.event, page) if is_wanted(event, query)]

    def _rows(self) -> Iterator[Row]:
        everything = Selection(0, self.head, None, None, (None, None), (None, None), False)
        return (
            self._records.row(message)
            for page in self._records.forwards(everything, self._stream.all)
            for message in page
        )

    def _stored_bytes(self) -> int:
        return self._stream.size()

    # --- learning -------------------------------------------------------------------------------

    def _catch_up(self) -> End:
        """Learn what others have appended, and return where the log ends now."""
        with self._lock:
            before = self._last or EMPTY
            now = self._records.end(before)
            if now != before:
                self._learn(before, now)
            # Last, so that what could not be learned is learned next time.
            self._last = now
            return now

    def _learn(self, before: End, now: End) -> None:
        """Take in the ids from the last known record on, which must be what it was."""
        known = max(0, before.position - 1)
        news = Selection(known, now.position, None, None, (None, None), (None, None), False)
        for page in self._records.forwards(news, self._stream.all):
            if before.position and page[0].seq == before.position and self._records.event(page[0]).hash != before.hash:
                raise BadLog(self.url, *REPLACED)
            self._ids.learn(page)

    def _known(self, id: str) -> Recorded | None:
        """The event with this id among those that were learned."""
        position = self._ids.position_of(id)
        found = None if position is None else self._stream.at(position)
        return self._records.event(found) if found else None

    # --- reading --------------------------------------------------------------------------------

    def _within(self, query: Selection) -> Selection:
        """The same query between the positions that the times of recording mean."""
        first, until = query.recorded
        if first is None and until is None:
            return query
        times = RecordingTimes(self)
        after = query.after if first is None else max(query.after, bisect_left(times, first))
        upto = query.upto if until is None else min(query.upto, bisect_left(times, until))
        return query._replace(after=after, upto=upto)


def _tell_if_free(news: Condition) -> None:
    """Wake whoever follows. Who holds the lock is about to look anyway, and must not be waited for here."""
    if news.acquire(blocking=False):
        try:
            news.notify_all()
        finally:
            news.release()
