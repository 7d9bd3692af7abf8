"""Storing records: all or none, and what was lost on the way is looked for."""

from __future__ import annotations

import time
from collections.abc import Sequence

import msgspec

from eda_workshop.errors import BadLog
from eda_workshop.event import Recorded
from eda_workshop.log.nats.answers import Lost, Unheard
from eda_workshop.log.nats.records import Records
from eda_workshop.log.nats.shape import lacking
from eda_workshop.log.nats.stream import NOTHING, PAUSE, Stream
from eda_workshop.log.nats.subjects import subject_of

HEADERS = 512
"""Bytes that a message needs beside its event."""

_OPEN = "whether it was appended is open, and appending it again is harmless, for its id is the same"


class Storing:
    """The part of a log that writes to its stream."""

    def __init__(self, stream: Stream, records: Records) -> None:
        self._stream = stream
        self._records = records

    def store(self, records: Sequence[Recorded]) -> bool:
        """Whether the records are stored, as long as the wire is patient; False if somebody else was quicker."""
        if len(records) > self._stream.features.most:
            raise BadLog(self._stream.wire.url, *lacking(self._stream.features, len(records)))
        messages = [(subject_of(self._stream.name, each), self._body(each)) for each in records]
        deadline, again, unsure = time.monotonic() + self._stream.wire.patience, False, False
        while True:
            try:
                return self._try(records[0], messages, again)
            except Lost as lost:
                again, unsure = True, unsure or not isinstance(lost, Unheard)
            except BadLog:
                if unsure:
                    raise self._stream.silent(_OPEN) from None
                raise
            if time.monotonic() >= deadline:
                raise self._stream.silent(_OPEN if unsure else NOTHING)
            time.sleep(PAUSE)

    def _try(self, first: Recorded, messages: Sequence[tuple[str, bytes]], again: bool) -> bool:
        if again:
            found = self._stream.at(first.position)
            if found is not None:
                return self._records.event(found).hash == first.hash
        if self._stream.append(messages, first.position - 1):
            return True
        if again:
            # What took the place may be ours, on its way to the other replicas: it shows soon.
            raise Lost
        return False

    def _body(self, record: Recorded) -> bytes:
        body = msgspec.json.encode(record.to_cloudevent())
        room = self._stream.wire.room - HEADERS
        if len(body) > room:
            problem = f"takes events of up to {room:,} bytes, and {record.name} has {len(body):,}"
            remedy = "Keep what is large elsewhere and put its address into the event; nothing was appended."
            raise BadLog(self._stream.wire.url, problem, remedy)
        return body
