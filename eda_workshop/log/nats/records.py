"""The records in a stream: read in pages, forwards or backwards, without a gap."""

from __future__ import annotations

import time
from collections.abc import Iterator

from eda_workshop.errors import BadLog, EdaError
from eda_workshop.event import Event, Recorded
from eda_workshop.log.nats.answers import SILENCE
from eda_workshop.log.nats.requests import Stored
from eda_workshop.log.nats.stream import PAGE, PAUSE, Stream
from eda_workshop.log.query import Selection
from eda_workshop.log.records import EMPTY, End, Row, row_of, text_of

FIRST = 50
"""Messages of the first page, for whoever wants only a few; later pages are larger."""

REPLACED = (
    "was deleted or replaced while it was open; nothing was appended",
    "Open it again, and compare its tip with what you know.",
)
_FOREIGN = "Somebody else publishes to its subjects: let only logs do so, and verify() tells what else doesn't fit."


class Records:
    """What a stream holds, as records; `seen` is the last position that was read or written here."""

    def __init__(self, stream: Stream) -> None:
        self.seen = 0
        self._stream = stream

    def forwards(self, query: Selection, subjects: str) -> Iterator[list[Stored]]:
        after, size = query.after, FIRST
        while after < query.upto:
            page = self._stream.page(after, min(size, query.upto - after), subjects)
            if subjects == self._stream.all:
                page = self._without_gap(after, page)
            elif not page:
                page = self._of_leader(after, subjects)
            if not page:
                return
            yield [message for message in page if message.seq <= query.upto]
            after, size = page[-1].seq, min(PAGE, size * 4)
            self.seen = max(self.seen, after)

    def backwards(self, query: Selection, subjects: str) -> Iterator[list[Stored]]:
        upto, size = query.upto, FIRST
        while upto > query.after:
            after = max(query.after, upto - size)
            window = list(self.forwards(query._replace(after=after, upto=upto), subjects))
            yield [message for page in reversed(window) for message in reversed(page)]
            upto, size = after, min(PAGE, size * 4)

    def _without_gap(self, after: int, page: list[Stored]) -> list[Stored]:
        """The messages up to the first gap; a replica that lags behind has one where its leader has none."""
        for number, message in enumerate(page, after + 1):
            if message.seq != number:
                page = page[: number - after - 1]
                break
        if not page:
            found = self._stream.at(after + 1)
            if found is None:
                remedy = "Somebody deleted it; restore the stream from a copy."
                raise BadLog(self._stream.wire.url, f"has lost the record at position {after + 1}", remedy)
            return [found]
        return page

    def _of_leader(self, after: int, subjects: str) -> list[Stored]:
        """The next message that a replica had none of: it knows all up to some place, and the leader all."""
        found = self._stream.next(after, subjects)
        return [found] if found else []

    def event(self, message: Stored) -> Recorded:
        try:
            event = Event.from_cloudevent(message.data)
        except EdaError as error:
            raise BadLog(
                self._stream.wire.url, f"can't be read at position {message.seq} ({error})", _FOREIGN
            ) from error
        if not isinstance(event, Recorded) or event.position != message.seq:
            raise BadLog(self._stream.wire.url, f"holds no record of its own at position {message.seq}", _FOREIGN)
        return event

    def row(self, message: Stored) -> Row:
        try:
            event = self.event(message)
        except BadLog:
            return Row(message.seq, "", "", "", 0, 0, "", message.data.decode(errors="replace"))
        return row_of(event, text_of(event))

    def end(self, known: End) -> End:
        """Where the log ends now, at `known` or behind it. Raises `BadLog` if it ends before."""
        deadline = time.monotonic() + SILENCE
        while True:
            now = self.tip(self._stream.last())
            if now.position >= known.position:
                return now
            # A leader that stood still while the others chose another doesn't know it at once.
            if self._stream.replicas == 1 or time.monotonic() >= deadline:
                raise BadLog(self._stream.wire.url, *REPLACED)
            time.sleep(PAUSE)

    def tip(self, found: Stored | None) -> End:
        if found is None:
            return EMPTY
        last = self.event(found)
        return End(last.position, last.recorded, last.hash)
