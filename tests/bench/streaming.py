"""Logs on a server: the kit's on NATS JetStream, next to the same done by nats-py alone."""

from __future__ import annotations

import asyncio
import atexit
import threading
from collections.abc import Callable, Coroutine, Sequence
from functools import cache
from secrets import token_hex
from typing import Any

import msgspec

from bench.appending import appending, event, to_log
from bench.cases import Aim, Block, Case, Group, Work, repeated
from eda_workshop import Event, EventLog, Query, open_log
from eda_workshop.servers import NatsServer

READ = 10_000
Letter = tuple[str, bytes]


@cache
def _server() -> NatsServer:
    """One server for all cases, set up as servers are: the disk follows."""
    server = NatsServer(durable=False).start()
    atexit.register(server.stop)
    return server


def _log() -> EventLog:
    return open_log(_server().url(f"kit-{token_hex(8)}"))


class Plain:
    """nats-py on an event loop in another thread, as code that is not async itself needs it, and a stream."""

    def __init__(self) -> None:
        import nats

        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.name = f"plain-{token_hex(8)}"
        self.client = self.run(nats.connect(_server().url("", with_token=True)))
        self.stream = self.client.jetstream()
        config = {"name": self.name, "subjects": [f"{self.name}.>"], "allow_direct": True, "allow_atomic": True}
        self.run(self.client.request(f"$JS.API.STREAM.CREATE.{self.name}", msgspec.json.encode(config)))

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Do it on the loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result()

    def count(self) -> int:
        """How many messages the stream holds."""
        return int(self.run(self.stream.stream_info(self.name)).state.messages)

    def letter(self, number: int) -> Letter:
        """The event as a message: its subject, and a CloudEvent as the kit writes it."""
        made = event(number)
        return f"{self.name}.{made.subject}.{made.name}", msgspec.json.encode(made.to_cloudevent())

    def close(self) -> None:
        """Leave the server."""
        self.run(self.client.close())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    async def one(self, letters: Sequence[Letter]) -> None:
        """Publish each, and wait for its acknowledgement."""
        for subject, body in letters:
            await self.stream.publish(subject, body)

    async def window(self, letters: Sequence[Letter]) -> None:
        """Publish all, then wait for all acknowledgements: some may be stored and others not."""
        await asyncio.gather(*[await self.stream.publish_async(*letter) for letter in letters])

    async def batch(self, letters: Sequence[Letter]) -> None:
        """Publish all as one atomic batch, by the headers that servers know since 2.12."""
        name, last = token_hex(16), len(letters)
        for number, (subject, body) in enumerate(letters, 1):
            headers = {"Nats-Batch-Id": name, "Nats-Batch-Sequence": str(number)}
            if number < last:
                await self.client.publish(subject, body, headers=headers)
            else:
                await self.client.request(subject, body, headers={**headers, "Nats-Batch-Commit": "1"}, timeout=10)

    async def read(self) -> int:
        """All messages by an ordered consumer, and the event in each."""
        subscription = await self.stream.subscribe(f"{self.name}.>", ordered_consumer=True)
        for _ in range(READ):
            Event.from_cloudevent((await subscription.next_msg()).data)
        await subscription.unsubscribe()
        return READ


def plain(batch: int, way: Callable[[Plain, Sequence[Letter]], Coroutine[Any, Any, None]]) -> Work:
    """nats-py, given events whose bytes are ready."""
    peer = Plain()
    return appending(peer.letter, lambda letters: peer.run(way(peer, letters)), peer.count, batch, peer.close)


def kit(batch: int) -> Work:
    """The kit's log: with positions that are expected, ids, and the chain of hashes."""
    return to_log(_log(), batch)


def conditional() -> Work:
    """The same, one at a time, unless something that never happened happened to the event's entity."""
    log = _log()

    def append(events: Sequence[Event]) -> None:
        (one,) = events
        log.append(one, unless=Query("folder.deleted", tags=one.subject))

    return appending(event, append, lambda: log.head, 1, log.close)


def reading_plain() -> Work:
    """nats-py's ordered consumer, and the event in each message."""
    peer = Plain()
    for start in range(0, READ, 1_000):
        peer.run(peer.window([peer.letter(number) for number in range(start, start + 1_000)]))
    return repeated(lambda: int(peer.run(peer.read())), READ, READ, peer.close)


def reading_kit() -> Work:
    """The kit's `read`."""
    log = _log()
    for start in range(0, READ, 1_000):
        log.append(*map(event, range(start, start + 1_000)))
    return repeated(lambda: sum(1 for _ in log.read()), READ, READ, log.close)


def _case(label: str, build: Callable[[], Work]) -> Case:
    return Case(label, build, peer="" if label == "our log" else "nats", warm=1_000)


def _block(batch: int) -> Block:
    cases = [
        _case("nats-py, publish_async", lambda: plain(batch, Plain.window)),
        _case("nats-py, atomic batch", lambda: plain(batch, Plain.batch)),
        _case("our log", lambda: kit(batch)),
    ]
    return Block(f"{batch:,} events an append, on NATS", tuple(cases), "event")


SINGLE = "1 event an append, on NATS"
CALLED = "nats-py, publish"
UNLESS = "our log, unless its entity was deleted"
ALL = f"reading {READ:,} events, on NATS"

GROUP = Group(
    name="nats",
    title="Logs on a server",
    about=(
        "Each append returns with the server's acknowledgement. The kit's log also names the position that it expects, "
        "checks ids and keeps the chain of hashes; what nats-py publishes is encoded before."
    ),
    clock="wall",
    rounds=25,
    blocks=(
        Block(
            SINGLE,
            (
                _case(CALLED, lambda: plain(1, Plain.one)),
                _case("our log", lambda: kit(1)),
                Case(UNLESS, conditional, warm=1_000),
            ),
            "event",
        ),
        *map(_block, (100, 1_000)),
        Block(ALL, (_case("nats-py, ordered consumer", reading_plain), _case("our log", reading_kit)), "event"),
    ),
    aims=(
        Aim(SINGLE, "our log", "at most", 1.3, CALLED),
        Aim(SINGLE, UNLESS, "at most", 1.5, "our log"),
        Aim("100 events an append, on NATS", "our log", "at most", 1.5, "nats-py, atomic batch"),
        Aim("1,000 events an append, on NATS", "our log", "at most", 1.5, "nats-py, publish_async"),
        Aim(ALL, "our log", "at most", 1.5, "nats-py, ordered consumer"),
    ),
)
