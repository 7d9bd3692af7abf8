"""JetStream's own requests and answers, as data."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from nats.aio.msg import Msg

from eda_workshop.log.nats.wire import Letter

MOVED = (10071, 10164)
"""The last sequence is another than was expected."""
AWAY = (10008, 10009, 10176)
"""No majority of the replicas is there, or another leads them now; in the middle of a batch that shows as a part missing."""
FEW = 10005
"""Too few servers are there for the replicas."""
IN_USE = 10058
NO_MESSAGE = 10037
NO_STREAM = 10059

_WORDS = {
    10023: ("can't grow: the server has no room", "Free some, or raise the server's limits; nothing was appended."),
    10047: ("can't grow: the server's disk is full", "Free some space; nothing was appended."),
    10076: ("is on a server whose JetStream is switched off", "Start the server with -js."),
    10039: ("is on a server whose JetStream is off for this account", "Ask whoever runs the server."),
    FEW: ("finds too few servers for its replicas", "Start those of its cluster that are down, or ask for fewer."),
    10074: (
        "can't have replicas: its server is in no cluster",
        "Name the servers of a cluster, or leave ?replicas out.",
    ),
    NO_STREAM: ("was deleted while it was open", "Open it again to begin anew; nothing was appended."),
    10077: ("can't grow: the stream's limit is reached", "Raise it; nothing was appended."),
}


class Problem(msgspec.Struct):
    """Why JetStream did not do what it was asked."""

    err_code: int = 0
    description: str = ""

    def words(self) -> tuple[str, str]:
        """What is wrong and what to do, in our words."""
        known = _WORDS.get(self.err_code)
        return known or (f"can't be used ({self.description})", "Nothing was appended.")


class Stored(msgspec.Struct):
    """A message of the stream: its sequence, which is a position in the log, and its body."""

    seq: int
    data: bytes = b""


class Answer(msgspec.Struct):
    """What JetStream answers: an error, a message, or neither, which means that it was done."""

    error: Problem | None = None
    message: Stored | None = None


_decode = msgspec.json.Decoder(Answer).decode


def answer_of(message: Msg) -> Answer:
    """The answer in a message; a server that has no JetStream answers with a status alone."""
    if is_status(message):
        return Answer(Problem(10076 if status_of(message) == 503 else 0, f"status {status_of(message)}"))
    return _decode(message.data)


def api(request: str, wish: Mapping[str, Any]) -> Letter:
    """A request to JetStream."""
    return Letter(f"$JS.API.{request}", msgspec.json.encode(wish))


def appended(messages: Sequence[tuple[str, bytes]], after: int) -> list[Letter]:
    """What stores these messages, (subject, body), behind the sequence `after`: all of them, or none."""
    headers = [{"content-type": "application/cloudevents+json"} for _ in messages]
    headers[0]["Nats-Expected-Last-Sequence"] = str(after)
    if len(messages) > 1:
        batch = secrets.token_hex(16)
        for number, each in enumerate(headers, 1):
            each |= {"Nats-Batch-Id": batch, "Nats-Batch-Sequence": str(number)}
        headers[-1]["Nats-Batch-Commit"] = "1"
    return [Letter(*message, each) for message, each in zip(messages, headers, strict=True)]


def is_status(message: Msg) -> bool:
    """Whether it is no message of a stream but a word about the request: the end, or that there is none."""
    return bool(message.headers and "Status" in message.headers)


def status_of(message: Msg) -> int:
    """The number of the status: 204 and 404 mean the end, 503 that nobody answers."""
    return int((message.headers or {}).get("Status", "200"))
