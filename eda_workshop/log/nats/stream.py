"""The stream that holds a log, and the key-value bucket next to it: made, checked, written and read."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from typing import Any, NamedTuple, TypeVar

import msgspec
from nats.js.api import DiscardPolicy, KeyValueConfig, RetentionPolicy, StorageType, StreamConfig, StreamInfo
from nats.js.client import JetStreamContext
from nats.js.errors import (
    APIError,
    BucketNotFoundError,
    KeyWrongLastSequenceError,
    NotFoundError,
)
from nats.js.kv import KeyValue

from eda_workshop.errors import BadLog
from eda_workshop.log.files import batches
from eda_workshop.log.nats import BATCHES, OLDEST
from eda_workshop.log.nats.client import SILENCE, Connection, NoAnswer

MAX_BATCH = 1_000
"""Messages in one atomic batch, unless a server is told otherwise."""
PAGE = 500
"""Messages that are sent for one request; fewer when they are large."""
PAGE_BYTES = 1 << 20
AT_ONCE = 100
"""Single messages that are asked for without waiting for one another."""
PAUSE = 0.02
"""Seconds before something is tried again."""
NOTHING = "nothing was appended"

_FEW = 10005
_IN_USE = 10058
_NO_STREAM = 10059
_JETSTREAM_OFF = 10076
_WRONG_LAST = (10071, 10164)
_UNDECIDED = (10008, 10009, 10176)
"""No majority of the replicas is there, or a new leader; in the middle of a batch, that shows as a missing part."""
_PROBLEMS = {
    _FEW: ("finds too few servers for its replicas", "Start those of its cluster that are down, or ask for fewer."),
    10023: ("can't grow: the server has no room", "Free some, or raise the server's limits; nothing was appended."),
    10039: ("is on a server whose JetStream is off for this account", "Ask whoever runs the server."),
    10047: ("can't grow: the server's disk is full", "Free some space; nothing was appended."),
    10074: (
        "can't have replicas: its server is in no cluster",
        "Name the servers of a cluster, or leave ?replicas out.",
    ),
    _JETSTREAM_OFF: ("is on a server whose JetStream is switched off", "Start the server with -js."),
    10077: ("can't grow: the stream's limit is reached", "Raise it; nothing was appended."),
    _NO_STREAM: ("was deleted while it was open", "Open it again to start a new one; nothing was appended."),
}

_Result = TypeVar("_Result")


class Message(NamedTuple):
    """A message of the stream: its sequence, which is a position in the log, and its body."""

    position: int
    body: bytes


class Stream:
    """One JetStream stream. Its leader knows the last message; any of its replicas sends pages.

    replicas   how many it must have at least; None: any number, and one if it is made now
    create     whether to make it if it isn't there; else that is a `BadLog`
    created    when it was made, which tells it from another stream of its name
    max_batch  how many messages one append may have
    """

    def __init__(self, connection: Connection, name: str, replicas: int | None = None, *, create: bool = True) -> None:
        self.connection = connection
        self.name = name
        self.subjects = f"{name}.>"
        self.replicas = replicas or 1
        self._version = connection.version
        if self._version < OLDEST:
            problem = f"is on nats-server {_dotted(self._version)}, which lacks too much"
            raise BadLog(connection.url, problem, f"Run {_dotted(OLDEST)} or newer.")
        self.max_batch = MAX_BATCH if self._version >= BATCHES else 1
        info = self.retry(lambda: self._open(create=create))
        if problem := self._problem(info):
            remedy = "Name another stream: one that isn't there yet is made as it must be."
            raise BadLog(connection.url, problem, remedy)
        self.check_replicas(info, replicas)
        self.created = str(info.created)
        self.replicas = info.config.num_replicas or 1

    # --- the stream itself ----------------------------------------------------------------------

    async def _open(self, *, create: bool) -> StreamInfo:
        jetstream = self.connection.jetstream
        try:
            return await jetstream.stream_info(self.name)
        except NotFoundError:
            if not create:
                remedy = "Check the stream's name; open_log(url) without create=False and read_only=True makes one."
                raise BadLog(self.connection.url, "can't be opened: there is no such stream", remedy) from None
        try:
            return await jetstream.add_stream(self._config())
        except APIError as error:
            if error.err_code != _IN_USE:
                raise
            return await jetstream.stream_info(self.name)  # somebody made it meanwhile, with other replicas

    def _config(self) -> StreamConfig:
        """Everything is kept, in order, for good: a full disk refuses an event, and drops none."""
        return StreamConfig(
            name=self.name,
            description="An event log of eda_workshop",
            subjects=[self.subjects],
            retention=RetentionPolicy.LIMITS,
            storage=StorageType.FILE,
            discard=DiscardPolicy.NEW,
            num_replicas=self.replicas,
            deny_delete=True,
            deny_purge=True,
            allow_direct=True,
            allow_atomic=True if self.max_batch > 1 else None,
        )

    def _problem(self, info: StreamInfo) -> str:
        """Why the stream can't be a log; "" if it can."""
        config = info.config
        limits = ["max_msgs", "max_bytes", "max_msgs_per_subject", "max_age"]
        drops = [limit for limit in limits if (getattr(config, limit) or 0) > 0]
        if config.retention not in (None, RetentionPolicy.LIMITS):
            drops.append(f"retention {RetentionPolicy(config.retention).value}")
        if drops:
            return f"is a stream that drops messages ({', '.join(drops)}), and a log keeps all"
        if not (config.deny_delete and config.deny_purge):
            return "is a stream from which messages can be deleted (deny_delete and deny_purge are not set)"
        if config.subjects != [self.subjects]:
            return f"is a stream for the subjects {config.subjects}, not for {self.subjects}"
        if self.max_batch > 1 and not config.allow_atomic:
            return "is a stream that takes no batches (allow_atomic is not set)"
        if info.state.messages != info.state.last_seq:
            return "is a stream from which messages are missing"
        return ""

    def check_replicas(self, info: StreamInfo, replicas: int | None) -> None:
        """Raise `BadLog` if this stream has fewer replicas than are asked for."""
        have, name = info.config.num_replicas or 1, info.config.name
        if have < (replicas or 1):
            problem = f"has {have} replica{'' if have == 1 else 's'} in its stream {name}, and {replicas} are asked for"
            remedy = f"Give it more with `nats stream edit {name} --replicas {replicas}`, or leave ?replicas out."
            raise BadLog(self.connection.url, problem, remedy)

    def size(self) -> int:
        """Bytes that the stream takes on the server."""
        return self.retry(lambda: self.connection.jetstream.stream_info(self.name)).state.bytes

    # --- writing --------------------------------------------------------------------------------

    def append(self, messages: Sequence[tuple[str, bytes]], after: int) -> bool:
        """Store messages, (subject, body), all or none, if the last sequence is `after`; else False. Raises `NoAnswer`."""
        if len(messages) > self.max_batch:
            raise BadLog(self.connection.url, *self._too_many(len(messages)))
        return self.once(lambda: self._publish(messages, after))

    async def _publish(self, messages: Sequence[tuple[str, bytes]], after: int) -> bool:
        headers = [{"content-type": "application/cloudevents+json"} for _ in messages]
        headers[0]["Nats-Expected-Last-Sequence"] = str(after)
        if len(messages) > 1:
            batch = secrets.token_hex(16)
            for number, header in enumerate(headers, 1):
                header |= {"Nats-Batch-Id": batch, "Nats-Batch-Sequence": str(number)}
            headers[-1]["Nats-Batch-Commit"] = "1"
        for (subject, body), header in zip(messages[:-1], headers, strict=False):
            await self.connection.client.publish(subject, body, headers=header)
        try:
            await self.connection.jetstream.publish(*messages[-1], headers=headers[-1])
        except APIError as error:
            if error.err_code in _WRONG_LAST:
                return False
            raise
        return True

    def _too_many(self, count: int) -> tuple[str, str]:
        if self.max_batch > 1:
            problem = f"takes at most {self.max_batch:,} events in one append, and {count:,} were given"
            return problem, "Append them in parts; nothing was appended."
        problem = f"is on nats-server {_dotted(self._version)}, which can't store {count:,} events all or none"
        return problem, f"Append them one by one, or run nats-server {_dotted(BATCHES)} or newer; nothing was appended."

    # --- reading --------------------------------------------------------------------------------

    def last(self) -> Message | None:
        """The last message, as the stream's leader knows it; None while the stream is empty."""
        return self._get(subject=">")

    def at(self, position: int) -> Message | None:
        """The message at a position, None if there is none."""
        return self._get(seq=position)

    def those(self, positions: Iterable[int]) -> list[Message]:
        """The messages at these positions, as the leader knows them; those that aren't there are left out."""
        return [found for part in batches(positions, AT_ONCE) for found in self.retry(partial(self._those, part))]

    async def _those(self, positions: Sequence[int]) -> list[Message]:
        return [found for found in await asyncio.gather(*(self._one(seq=place) for place in positions)) if found]

    def next(self, after: int, subjects: str) -> Message | None:
        """The first message after a position on subjects that fit a pattern, as the leader knows it; None without one."""
        return self._get(seq=after + 1, subject=subjects, next=True)

    def _get(self, **which: Any) -> Message | None:
        return self.retry(lambda: self._one(**which))

    async def _one(self, **which: Any) -> Message | None:
        try:
            found = await self.connection.jetstream.get_msg(self.name, **which)
        except NotFoundError as error:
            if error.err_code == _NO_STREAM:
                raise
            return None
        return Message(found.seq or 0, found.data or b"")

    def page(self, after: int, size: int, subjects: str) -> list[Message]:
        """The first messages after a position, at most `size`, on subjects that fit a pattern.

        They may be fewer than there are, or none: a replica that lags behind doesn't know the last ones yet.
        """
        if size == 1:
            found = self.next(after, subjects)
            return [found] if found else []
        return self.retry(lambda: self._page(after, size, subjects))

    async def _page(self, after: int, size: int, subjects: str) -> list[Message]:
        client, found, complete = self.connection.client, list[Message](), asyncio.Event()

        async def take(message: Any) -> None:
            headers = message.headers or {}
            if "Status" in headers:  # 204 and 404: the end; 503: no replica is ready, and the leader has to be asked
                complete.set()
            else:
                found.append(Message(int(headers["Nats-Sequence"]), message.data))

        request = {"seq": after + 1, "batch": size, "max_bytes": PAGE_BYTES, "next_by_subj": subjects}
        inbox = client.new_inbox()
        subscription = await client.subscribe(inbox, cb=take)
        try:
            await client.publish(f"$JS.API.DIRECT.GET.{self.name}", msgspec.json.encode(request), reply=inbox)
            await asyncio.wait_for(complete.wait(), min(SILENCE, self.connection.patience))
        finally:
            await subscription.unsubscribe()
        return found

    # --- answers --------------------------------------------------------------------------------

    def retry(self, work: Callable[[], Awaitable[_Result]]) -> _Result:
        """What `work` returns; tried again while no answer comes, so only for what may be done twice. Raises `BadLog`."""
        deadline = time.monotonic() + self.connection.patience
        while True:
            try:
                return self.once(work)
            except NoAnswer as error:
                if time.monotonic() >= deadline:
                    raise error.__cause__ or self.no_answer(NOTHING) from None
            time.sleep(PAUSE)

    def once(self, work: Callable[[], Awaitable[_Result]]) -> _Result:
        """What `work` returns, tried once. Raises `NoAnswer`, and `BadLog` for JetStream's errors."""
        try:
            return self.connection.call(work)
        except APIError as error:
            code = error.err_code or _JETSTREAM_OFF  # without a number, nobody responded
            if code in _UNDECIDED:
                raise NoAnswer from None
            problem = _PROBLEMS.get(code) or (f"can't be used ({error.description})", "Nothing was appended.")
            known = BadLog(self.connection.url, *problem)
            if code == _FEW and "offline" in str(error.description):
                raise NoAnswer from known  # a server that has just come back counts as offline for a moment
            raise known from None

    def no_answer(self, outcome: str) -> BadLog:
        """The error for servers that don't answer; `outcome` says what that means."""
        patience = f"{self.connection.patience:g} s"
        if self.replicas == 1:
            problem, question = f"didn't answer within {patience}", "Is the server up?"
        else:
            problem = f"had no answer from a majority of its {self.replicas} replicas within {patience}"
            question = "Are their servers up?"
        return BadLog(self.connection.url, problem, f"{question} Then try again; {outcome}.")


class Bucket:
    """The key-value bucket next to a stream, made when something is put there, with the stream's replicas.

    replicas  how many it must have at least, if it is there; None: any number. Raises `BadLog` if it has fewer
    """

    def __init__(self, stream: Stream, replicas: int | None) -> None:
        self._stream = stream
        self._name = f"{stream.name}-subscribers"
        self._bound: tuple[JetStreamContext, KeyValue] | None = None
        info = stream.retry(self._info) if replicas else None
        if info is not None:
            stream.check_replicas(info, replicas)

    def get(self, key: str) -> tuple[str, int]:
        """A key's text and its revision; "" and 0 if it has none."""
        return self._stream.retry(lambda: self._get(key))

    def replace(self, key: str, text: str, revision: int) -> int:
        """Give a key this text if the text before has this revision, 0 for none; its new revision, else 0."""
        attempts = 0

        async def replace() -> int:
            nonlocal attempts
            attempts += 1
            bucket = await self._bind()
            there, last = await self._get(key) if attempts > 1 else (text, revision)
            if last != revision:
                return last if there == text else 0  # the answer to an attempt before got lost
            try:
                return await bucket.update(key, text.encode(), last=revision, validate_keys=False)
            except KeyWrongLastSequenceError:
                there, last = await self._get(key)
                if last == revision:
                    raise NoAnswer from None  # somebody was quicker, which shows soon
                return last if attempts > 1 and there == text else 0

        return self._stream.retry(replace)

    def keys(self, prefix: str) -> list[str]:
        """The keys that begin with these tokens, also those whose text was deleted."""
        info = self._stream.retry(lambda: self._info(f"$KV.{self._name}.{prefix}>"))
        return [subject.split(".", 2)[2] for subject in (info.state.subjects or {})] if info else []

    async def _get(self, key: str) -> tuple[str, int]:
        # Not `KeyValue.get`: any replica may answer that, and one that lags behind would give the text before.
        jetstream = self._stream.connection.jetstream
        try:
            found = await jetstream.get_last_msg(f"KV_{self._name}", f"$KV.{self._name}.{key}")
        except NotFoundError:
            return "", 0
        return (found.data or b"").decode(), found.seq or 0

    async def _info(self, subjects: str = ">") -> StreamInfo | None:
        try:
            return await self._stream.connection.jetstream.stream_info(f"KV_{self._name}", subjects_filter=subjects)
        except NotFoundError:
            return None

    async def _bind(self) -> KeyValue:
        jetstream = self._stream.connection.jetstream
        if self._bound is None or self._bound[0] is not jetstream:
            self._bound = jetstream, await self._open(jetstream)
        return self._bound[1]

    async def _open(self, jetstream: JetStreamContext) -> KeyValue:
        try:
            return await jetstream.key_value(self._name)
        except BucketNotFoundError:
            description = "How far each durable subscriber of an event log has come"
            config = KeyValueConfig(self._name, description, replicas=self._stream.replicas, storage=StorageType.FILE)
            return await jetstream.create_key_value(config)


def _dotted(version: tuple[int, int, int]) -> str:
    return ".".join(map(str, version))
