"""What is remembered beside a stream: a key-value bucket for subscribers' positions and groups of workers."""

from __future__ import annotations

from eda_workshop.log.nats.answers import Lost
from eda_workshop.log.nats.requests import MOVED, NO_MESSAGE, NO_STREAM, Stored
from eda_workshop.log.nats.shape import positions_shape
from eda_workshop.log.nats.stream import Stream, code_of
from eda_workshop.log.nats.wire import Letter


class Bucket:
    """The bucket of a stream, made when something is put there, with as many replicas as the stream has."""

    def __init__(self, stream: Stream) -> None:
        self.name = f"{stream.name}-subscribers"
        self._stream = stream
        self._is_there = False

    def put(self, key: str, body: bytes) -> None:
        """Put a value there."""
        self._make()
        letter = Letter(self._subject(key), body)
        self._stream.check(self._stream.patiently(lambda: self._stream.publish(letter)))

    def exchange(self, key: str, body: bytes, revision: int) -> bool:
        """Put a value there if the one before has this revision, 0 if there was none; else False."""
        self._make()
        headers = {"Nats-Expected-Last-Subject-Sequence": str(revision)}
        letter, lost = Letter(self._subject(key), body, headers), list[Lost]()

        def put() -> bool:
            if not lost or self._revision(key) == revision:
                try:
                    answer = self._stream.publish(letter)
                except Lost as error:
                    lost.append(error)
                    raise
                if answer.error is None or answer.error.err_code not in MOVED:
                    self._stream.check(answer)
                    return True
                if self._revision(key) == revision:
                    # What took the place is on its way to the other replicas, and shows soon.
                    raise Lost
            found = self.get(key)
            return bool(lost) and found is not None and found.data == body

        return self._stream.patiently(put)

    def get(self, key: str) -> Stored | None:
        """What was put there last, None if nothing was; its sequence is its revision."""
        return self._stream.get(f"KV_{self.name}", {"last_by_subj": self._subject(key)}, (NO_MESSAGE, NO_STREAM))

    def all(self) -> list[Stored]:
        """All that is there now."""
        info = self._stream.request(f"STREAM.INFO.KV_{self.name}", {"subjects_filter": self._subject(">")})
        keys = (info.get("state", {}).get("subjects") or {}).keys()
        found = (self.get(key.removeprefix(self._subject(""))) for key in keys)
        return [each for each in found if each is not None]

    def check(self, replicas: int) -> None:
        """Raise `BadLog` if it is there and has fewer replicas than are asked for."""
        info = self._stream.request(f"STREAM.INFO.KV_{self.name}", {})
        if code_of(info) != NO_STREAM:
            self._stream.check_info(info)
            self._stream.check_replicas(f"KV_{self.name}", info, replicas)

    def _make(self) -> None:
        if not self._is_there:
            info = self._stream.request(f"STREAM.INFO.KV_{self.name}", {})
            if code_of(info) == NO_STREAM:
                self._stream.told(f"STREAM.CREATE.KV_{self.name}", positions_shape(self.name, self._stream.replicas))
            self._is_there = True

    def _revision(self, key: str) -> int:
        found = self.get(key)
        return found.seq if found else 0

    def _subject(self, key: str) -> str:
        return f"$KV.{self.name}.{key}"
