"""The stream that holds a log: made, checked, written and read."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import msgspec

from eda_workshop.errors import BadLog
from eda_workshop.log.nats.answers import Lost, Unheard
from eda_workshop.log.nats.features import OLDEST, features_of, text_of
from eda_workshop.log.nats.requests import (
    AWAY,
    FEW,
    IN_USE,
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
from eda_workshop.log.nats.shape import problem_of, shape_of, too_few
from eda_workshop.log.nats.subjects import filter_of
from eda_workshop.log.nats.wire import Letter, Wire

PAGE = 500
"""Messages sent at once; fewer when they are large."""
PAGE_BYTES = 8 << 20
PAUSE = 0.02
"""Seconds before something is tried again."""
MINUTE = 60_000_000_000
"""Nanoseconds."""
NOTHING = "nothing was appended"

_Result = TypeVar("_Result")


class Stream:
    """One JetStream stream, asked through a wire. Its leader says what is last; any of its replicas sends pages.

    replicas  how many it must have at least; None: any number, and one if it is made now
    """

    def __init__(self, wire: Wire, name: str, replicas: int | None = None) -> None:
        self.wire = wire
        self.name = name
        self.all = f"{name}.>"
        self.features = features_of(wire.version())
        if self.features.version < OLDEST:
            problem = f"is on nats-server {text_of(self.features.version)}, which lacks too much"
            raise BadLog(wire.url, problem, f"Run {text_of(OLDEST)} or newer.")
        self.replicas = replicas or 1
        info = self._open(replicas)
        # Tells it from another stream of its name.
        self.created = str(info["created"])
        self.replicas = int(info["config"].get("num_replicas", 1))

    # --- writing --------------------------------------------------------------------------------

    def append(self, messages: Sequence[tuple[str, bytes]], after: int) -> bool:
        """Store messages, (subject, body), all or none, if the last sequence is `after`; else False. Raises `Lost`."""
        answer = self.publish(*appended(messages, after))
        if answer.error is not None and answer.error.err_code in MOVED:
            return False
        self.check(answer)
        return True

    def publish(self, *letters: Letter) -> Answer:
        """The answer to the last letter of what one append sends. Raises `Lost`, or `Unheard` while nobody leads."""
        said = self.wire.ask(*letters)
        if is_status(said) and status_of(said) == 503:
            raise Unheard
        return _settled(answer_of(said))

    # --- reading --------------------------------------------------------------------------------

    def filter(self, names: Sequence[str] | None, subject: str | None) -> str:
        """What to ask the server for."""
        return filter_of(self.name, names, subject)

    def last(self) -> Stored | None:
        """The last message, as the stream's leader knows it; None while the stream is empty."""
        return self.get(self.name, {"last_by_subj": ">"})

    def at(self, position: int) -> Stored | None:
        """The message at a position, None if there is none."""
        return self.get(self.name, {"seq": position})

    def next(self, after: int, subjects: str) -> Stored | None:
        """The first message behind a position on subjects that fit a pattern, as the leader knows it; None without one."""
        return self.get(self.name, {"seq": after + 1, "next_by_subj": subjects})

    def page(self, after: int, size: int, subjects: str) -> list[Stored]:
        """The first messages behind a position, at most `size` and at most `PAGE`, on subjects that fit a pattern.

        They may be fewer than there are, or none: a replica that lags behind doesn't know the last ones yet.
        """
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
        # 503: no replica is ready to send any, and the leader has to be asked.
        if status_of(end) not in (204, 404, 503):
            self.check(answer_of(end))
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
        consumer = self.told(f"CONSUMER.CREATE.{self.name}", {"stream_name": self.name, "config": config})["name"]
        letter = api(f"CONSUMER.MSG.NEXT.{self.name}.{consumer}", {"batch": size, "no_wait": True})
        answers = self.wire.collect(lambda each, number: number == size or is_status(each), letter, apart=True)
        self.told(f"CONSUMER.DELETE.{self.name}.{consumer}", {})
        return [Stored(each.metadata.sequence.stream, each.data) for each in answers if not is_status(each)]

    def size(self) -> int:
        """Bytes that the stream takes on the server."""
        return int(self.told(f"STREAM.INFO.{self.name}", {})["state"]["bytes"])

    # --- small parts ----------------------------------------------------------------------------

    def patiently(self, work: Callable[[], _Result]) -> _Result:
        """Ask again when the answer was lost, as long as the wire is patient: only for what may be done twice."""
        deadline = time.monotonic() + self.wire.patience
        while True:
            try:
                return work()
            except Lost:
                if time.monotonic() >= deadline:
                    raise self.silent(NOTHING) from None
            time.sleep(PAUSE)

    def silent(self, outcome: str) -> BadLog:
        """The error for servers that don't answer; `outcome` says what that means."""
        if self.replicas == 1:
            problem, question = f"didn't answer within {self.wire.patience:g} s", "Is the server up?"
        else:
            problem = f"had no answer from a majority of its {self.replicas} replicas within {self.wire.patience:g} s"
            question = "Are their servers up?"
        return BadLog(self.wire.url, problem, f"{question} Then try again; {outcome}.")

    def _open(self, replicas: int | None) -> dict[str, Any]:
        """What the server knows of the stream, which is made if it isn't there."""
        info = self.request(f"STREAM.INFO.{self.name}", {})
        if code_of(info) == NO_STREAM:
            info = self._create()
        if code_of(info) == IN_USE:  # somebody made it meanwhile, with other replicas
            info = self.request(f"STREAM.INFO.{self.name}", {})
        self.check_info(info)
        problem = problem_of(self.name, info, self.features)
        if problem:
            raise BadLog(self.wire.url, problem, "Name another stream: one that isn't there yet is made as it must be.")
        self.check_replicas(self.name, info, replicas)
        return info

    def _create(self) -> dict[str, Any]:
        deadline = time.monotonic() + self.wire.patience
        while True:
            info = self.request(f"STREAM.CREATE.{self.name}", shape_of(self.name, self.features, self.replicas))
            # A server that has just come back counts as away for a moment.
            if not is_waiting(info) or time.monotonic() >= deadline:
                return info
            time.sleep(PAUSE)

    def check_replicas(self, stream: str, info: dict[str, Any], replicas: int | None) -> None:
        """Raise `BadLog` if this stream has fewer replicas than are asked for."""
        problem = too_few(stream, info, replicas or 1)
        if problem:
            raise BadLog(self.wire.url, *problem)

    # --- requests -------------------------------------------------------------------------------

    def get(self, stream: str, wish: dict[str, Any], missing: Sequence[int] = (NO_MESSAGE,)) -> Stored | None:
        """One message of a stream, from its leader; None for the errors that mean that there is none."""
        letter = api(f"STREAM.MSG.GET.{stream}", wish)
        answer = self.patiently(lambda: _settled(answer_of(self.wire.ask(letter))))
        if answer.error is not None and answer.error.err_code in missing:
            return None
        self.check(answer)
        return answer.message

    def told(self, request: str, wish: dict[str, Any]) -> dict[str, Any]:
        """What JetStream answers. Raises `BadLog` for an error."""
        info = self.request(request, wish)
        self.check_info(info)
        return info

    def request(self, request: str, wish: dict[str, Any]) -> dict[str, Any]:
        """What JetStream answers, which may be an error."""

        def ask() -> dict[str, Any]:
            said = self.wire.ask(api(request, wish))
            if is_status(said):
                self.check(answer_of(said))
            _settled(answer_of(said))
            return msgspec.json.decode(said.data, type=dict[str, Any])

        return self.patiently(ask)

    def check_info(self, info: dict[str, Any]) -> None:
        """Raise `BadLog` if this is an error."""
        if "error" in info:
            self.check(msgspec.convert(info, Answer))

    def check(self, answer: Answer) -> None:
        """Raise `BadLog` if this is an error."""
        if answer.error is not None:
            raise BadLog(self.wire.url, *answer.error.words())


def is_waiting(info: dict[str, Any]) -> bool:
    """Whether a stream can't be made because a server of the cluster is down."""
    return code_of(info) == FEW and "offline" in info["error"]["description"]


def code_of(info: dict[str, Any]) -> int:
    """The number of the error that JetStream answers; 0 if it is none."""
    return int(info.get("error", {}).get("err_code", 0))


def _settled(answer: Answer) -> Answer:
    """The answer, unless it says that nobody can decide now. Raises `Lost`."""
    if answer.error is not None and answer.error.err_code in AWAY:
        raise Lost
    return answer
