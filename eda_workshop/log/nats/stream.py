"""The stream that holds a log: made, checked, written and read."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import msgspec

from eda_workshop.errors import BadLog
from eda_workshop.log.nats.features import OLDEST, features_of, text_of
from eda_workshop.log.nats.requests import (
    MOVED,
    NO_MESSAGE,
    NO_STREAM,
    Answer,
    Stored,
    answer_of,
    api,
    appended,
    is_status,
    status_of,
)
from eda_workshop.log.nats.shape import positions_shape, problem_of, shape_of
from eda_workshop.log.nats.subjects import filter_of
from eda_workshop.log.nats.wire import Letter, Lost, Wire

PAGE = 500
"""Messages sent at once; fewer when they are large."""
PAGE_BYTES = 8 << 20
MINUTE = 60_000_000_000
"""Nanoseconds."""

_Result = TypeVar("_Result")


class Stream:
    """One JetStream stream, and the bucket beside it, asked through a wire."""

    def __init__(self, wire: Wire, name: str) -> None:
        self.wire = wire
        self.name = name
        self.all = f"{name}.>"
        self.features = features_of(wire.version())
        if self.features.version < OLDEST:
            problem = f"is on nats-server {text_of(self.features.version)}, which lacks too much"
            raise BadLog(wire.url, problem, f"Run {text_of(OLDEST)} or newer.")
        info = self._open()
        # Tells it from another stream of its name.
        self.created = str(info["created"])
        self.replicas = int(info["config"].get("num_replicas", 1))
        self._has_bucket = False

    # --- writing --------------------------------------------------------------------------------

    def append(self, messages: Sequence[tuple[str, bytes]], after: int) -> bool:
        """Store messages, (subject, body), all or none, if the last sequence is `after`; else False. Raises `Lost`."""
        answer = answer_of(self.wire.ask(*appended(messages, after)))
        if answer.error is not None and answer.error.err_code in MOVED:
            return False
        self._check(answer)
        return True

    # --- reading --------------------------------------------------------------------------------

    def filter(self, names: Sequence[str] | None, subject: str | None) -> str:
        """What to ask the server for. A replica may lag behind, which shows only when nothing is left out."""
        return self.all if self.replicas > 1 else filter_of(self.name, names, subject)

    def last(self) -> Stored | None:
        """The last message, as the stream's leader knows it; None while the stream is empty."""
        return self._get(self.name, {"last_by_subj": ">"})

    def at(self, position: int) -> Stored | None:
        """The message at a position, None if there is none."""
        return self._get(self.name, {"seq": position})

    def page(self, after: int, size: int, subjects: str) -> list[Stored]:
        """The first messages behind a position, at most `size` and at most `PAGE`, on subjects that fit a pattern."""
        if size == 1 and subjects == self.all:
            found = self.at(after + 1)
            return [found] if found else []
        ask = self._page if self.features.pages else self._page_of_consumer
        return self.patiently(lambda: ask(after, min(size, PAGE), subjects))

    def _page(self, after: int, size: int, subjects: str) -> list[Stored]:
        wish: dict[str, Any] = {"seq": after + 1, "batch": size, "max_bytes": PAGE_BYTES}
        if subjects != self.all:
            wish["next_by_subj"] = subjects
        *found, end = self.wire.collect(lambda each, _: is_status(each), api(f"DIRECT.GET.{self.name}", wish))
        if status_of(end) not in (204, 404):
            self._check(answer_of(end))
        return [Stored(int((each.headers or {})["Nats-Sequence"]), each.data) for each in found]

    def _page_of_consumer(self, after: int, size: int, subjects: str) -> list[Stored]:
        """The same on servers that don't know pages: a consumer that lives for one page."""
        config = {
            "deliver_policy": "by_start_sequence",
            "opt_start_seq": after + 1,
            "ack_policy": "none",
            "filter_subject": subjects,
            "inactive_threshold": MINUTE,
            "mem_storage": True,
        }
        consumer = self._ask(f"CONSUMER.CREATE.{self.name}", {"stream_name": self.name, "config": config})["name"]
        letter = api(f"CONSUMER.MSG.NEXT.{self.name}.{consumer}", {"batch": size, "no_wait": True})
        answers = self.wire.collect(lambda each, number: number == size or is_status(each), letter, apart=True)
        self._ask(f"CONSUMER.DELETE.{self.name}.{consumer}", {})
        return [Stored(each.metadata.sequence.stream, each.data) for each in answers if not is_status(each)]

    def size(self) -> int:
        """Bytes that the stream takes on the server."""
        return int(self._ask(f"STREAM.INFO.{self.name}", {})["state"]["bytes"])

    # --- what is remembered beside it -----------------------------------------------------------

    @property
    def bucket(self) -> str:
        """The key-value bucket beside the stream."""
        return f"{self.name}-subscribers"

    def remember(self, key: str, body: bytes) -> None:
        """Put a value into the bucket."""
        self._make_bucket()
        letter = Letter(f"$KV.{self.bucket}.{key}", body)
        self._check(self.patiently(lambda: answer_of(self.wire.ask(letter))))

    def exchange(self, key: str, body: bytes, revision: int) -> bool:
        """Put a value there if the one before has this revision, 0 if there was none; else False."""
        self._make_bucket()
        headers = {"Nats-Expected-Last-Subject-Sequence": str(revision)}
        letter = Letter(f"$KV.{self.bucket}.{key}", body, headers)
        try:
            answer = answer_of(self.wire.ask(letter))
        except Lost:
            found = self.remembered(key)
            return found is not None and found.data == body
        if answer.error is not None and answer.error.err_code in MOVED:
            return False
        self._check(answer)
        return True

    def remembered(self, key: str) -> Stored | None:
        """What was put there last, None if nothing was; its sequence is its revision."""
        return self._get(f"KV_{self.bucket}", {"last_by_subj": f"$KV.{self.bucket}.{key}"})

    def all_remembered(self) -> list[Stored]:
        """All that is in the bucket now."""
        wish = {"subjects_filter": f"$KV.{self.bucket}.>"}
        info = self._request(f"STREAM.INFO.KV_{self.bucket}", wish)
        keys = (info.get("state", {}).get("subjects") or {}).keys()
        found = (self.remembered(key.removeprefix(f"$KV.{self.bucket}.")) for key in keys)
        return [each for each in found if each is not None]

    def _make_bucket(self) -> None:
        if not self._has_bucket:
            info = self._request(f"STREAM.INFO.KV_{self.bucket}", {})
            if info.get("error", {}).get("err_code") == NO_STREAM:
                self._ask(f"STREAM.CREATE.KV_{self.bucket}", positions_shape(self.bucket))
            self._has_bucket = True

    # --- small parts ----------------------------------------------------------------------------

    def patiently(self, work: Callable[[], _Result]) -> _Result:
        """Ask again when the answer was lost, as long as the wire is patient: only for what may be done twice."""
        deadline = time.monotonic() + self.wire.patience
        while True:
            try:
                return work()
            except Lost:
                if time.monotonic() >= deadline:
                    raise self.silent("nothing was appended") from None

    def silent(self, outcome: str) -> BadLog:
        """The error for a server that doesn't answer; `outcome` says what that means."""
        problem = f"didn't answer within {self.wire.patience:g} s"
        return BadLog(self.wire.url, problem, f"Is the server up? Then try again; {outcome}.")

    def _open(self) -> dict[str, Any]:
        """What the server knows of the stream, which is made if it isn't there."""
        info = self._request(f"STREAM.INFO.{self.name}", {})
        if info.get("error", {}).get("err_code") == NO_STREAM:
            info = self._ask(f"STREAM.CREATE.{self.name}", shape_of(self.name, self.features))
        problem = problem_of(self.name, info, self.features)
        if problem:
            raise BadLog(self.wire.url, problem, "Name another stream: one that isn't there yet is made as it must be.")
        return info

    def _get(self, stream: str, wish: dict[str, Any]) -> Stored | None:
        letter = api(f"STREAM.MSG.GET.{stream}", wish)
        answer = self.patiently(lambda: answer_of(self.wire.ask(letter)))
        missing = (NO_MESSAGE,) if stream == self.name else (NO_MESSAGE, NO_STREAM)
        if answer.error is not None and answer.error.err_code in missing:
            return None
        self._check(answer)
        return answer.message

    def _ask(self, request: str, wish: dict[str, Any]) -> dict[str, Any]:
        info = self._request(request, wish)
        if "error" in info:
            self._check(msgspec.convert(info, Answer))
        return info

    def _request(self, request: str, wish: dict[str, Any]) -> dict[str, Any]:
        answer = self.patiently(lambda: self.wire.ask(api(request, wish)))
        if is_status(answer):
            self._check(answer_of(answer))
        return msgspec.json.decode(answer.data, type=dict[str, Any])

    def _check(self, answer: Answer) -> None:
        if answer.error is not None:
            raise BadLog(self.wire.url, *answer.error.words())
