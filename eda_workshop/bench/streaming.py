"""Logs on a server: the kit's on NATS JetStream, beside the same done by nats-py alone."""

from __future__ import annotations

import asyncio
import atexit
import itertools
import threading
from collections.abc import Callable, Coroutine, Sequence
from functools import cache
from secrets import token_hex
from typing import Any

import msgspec

from eda_workshop.bench.appending import Appending, Written, event
from eda_workshop.bench.case import Aim, Block, Case, Group
from eda_workshop.event import Event
from eda_workshop.log import EventLog, open_log
from eda_workshop.servers import NatsServer

READ = 10_000


@cache
def _server() -> NatsServer:
    """One server for all cases, set up as servers are: the disk follows."""
    server = NatsServer(durable=False).start()
    atexit.register(server.stop)
    return server


def _log() -> EventLog:
    return open_log(_server().url(f"kit-{token_hex(8)}"))


class Plain:
    """nats-py on an event loop of its own, and a stream.

    called  from code that is not async itself, as a notebook's cell is: the loop runs in another thread
    """

    def __init__(self, *, called: bool = False) -> None:
        import nats

        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        if called:
            self.thread.start()
        self.name = f"plain-{token_hex(8)}"
        self.client = self.run(nats.connect(f"nats://127.0.0.1:{_server().port}"))
        self.stream = self.client.jetstream()
        config = {"name": self.name, "subjects": [f"{self.name}.>"], "allow_direct": True, "allow_atomic": True}
        self.run(self.client.request(f"$JS.API.STREAM.CREATE.{self.name}", msgspec.json.encode(config)))

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Do it on the loop."""
        if self.thread.is_alive():
            return asyncio.run_coroutine_threadsafe(work, self.loop).result()
        return self.loop.run_until_complete(work)

    def count(self) -> int:
        """How many messages the stream holds."""
        return int(self.run(self.stream.stream_info(self.name)).state.messages)

    def letter(self, number: int) -> tuple[str, bytes]:
        """The event as a message: its subject, and a CloudEvent as the kit writes it."""
        made = event(number)
        return f"{self.name}.{made.subject}.{made.name}", msgspec.json.encode(made.to_cloudevent())

    def close(self) -> None:
        """Leave the server."""
        self.run(self.client.close())
        if self.thread.is_alive():
            self.loop.call_soon_threadsafe(self.loop.stop)
            self.thread.join()
        self.loop.close()

    # --- ways to append -------------------------------------------------------------------------

    async def one(self, letters: Sequence[tuple[str, bytes]]) -> None:
        """Publish each, and wait for its acknowledgement."""
        for subject, body in letters:
            await self.stream.publish(subject, body)

    async def window(self, letters: Sequence[tuple[str, bytes]]) -> None:
        """Publish all, then wait for all acknowledgements: some may be stored and others not."""
        await asyncio.gather(*[await self.stream.publish_async(*letter) for letter in letters])

    async def batch(self, letters: Sequence[tuple[str, bytes]]) -> None:
        """Publish all as one atomic batch, by the headers that servers know since 2.12."""
        name, last = token_hex(16), len(letters)
        for number, (subject, body) in enumerate(letters, 1):
            headers = {"Nats-Batch-Id": name, "Nats-Batch-Sequence": str(number)}
            if number < last:
                await self.client.publish(subject, body, headers=headers)
            else:
                await self.client.request(subject, body, headers={**headers, "Nats-Batch-Commit": "1"}, timeout=10)


def plain(
    batch: int, way: Callable[[Plain], Callable[[Any], Coroutine[Any, Any, None]]], *, called: bool = False
) -> Appending:
    """nats-py, given events whose bytes are ready."""
    peer = Plain(called=called)
    append = way(peer)
    return Appending(peer.letter, lambda letters: peer.run(append(letters)), peer.count, batch, peer.close)


def kit(batch: int) -> Appending:
    """The kit's log: with positions that are expected, ids, and the chain of hashes."""
    log = _log()
    return Appending(event, lambda events: log.append(*events), lambda: log.head, batch, log.close)


class Reading:
    """Reads a stream of so many events from its beginning to its end, again and again."""

    def __init__(self, read: Callable[[], int], close: Callable[[], object]) -> None:
        self.read, self.close = read, close
        self._events = 0
        self.tally = Written(READ, lambda: self._events)

    def prepare(self, times: int) -> Callable[[], object]:
        """Read them so often that it comes to this number of events."""

        def work() -> None:
            for _ in range(times // READ):
                self._events += self.read()

        return work


def reading_plain() -> Reading:
    """nats-py's ordered consumer, and the event in each message."""
    peer = Plain()
    for start in range(0, READ, 1_000):
        peer.run(peer.window([peer.letter(number) for number in range(start, start + 1_000)]))

    async def read() -> int:
        subscription = await peer.stream.subscribe(f"{peer.name}.>", ordered_consumer=True)
        for _ in range(READ):
            Event.from_cloudevent((await subscription.next_msg()).data)
        await subscription.unsubscribe()
        return READ

    return Reading(lambda: int(peer.run(read())), peer.close)


def reading_kit() -> Reading:
    """The kit's `read`."""
    log = _log()
    for start in range(0, READ, 1_000):
        log.append(*itertools.starmap(event, zip(range(start, start + 1_000), strict=True)))
    return Reading(lambda: sum(1 for _ in log.read()), log.close)


def _case(label: str, build: Callable[[], Any]) -> Case:
    return Case(label, build, peer="" if label == "our log" else "nats", peak=False, warm=1_000)


def _block(batch: int) -> Block:
    cases = [
        _case("nats-py, publish_async", lambda: plain(batch, lambda peer: peer.window)),
        _case("nats-py, atomic batch", lambda: plain(batch, lambda peer: peer.batch)),
        _case("our log", lambda: kit(batch)),
    ]
    return Block(f"{batch:,} events an append, on NATS", tuple(cases), "event")


SINGLE = "1 event an append, on NATS"
CALLED = "nats-py, publish, from plain code"
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
                _case(CALLED, lambda: plain(1, lambda peer: peer.one, called=True)),
                _case("nats-py, publish, awaited", lambda: plain(1, lambda peer: peer.one)),
                _case("our log", lambda: kit(1)),
            ),
            "event",
        ),
        *map(_block, (10, 100, 1_000)),
        Block(ALL, (_case("nats-py, ordered consumer", reading_plain), _case("our log", reading_kit)), "event"),
    ),
    aims=(
        Aim(SINGLE, "our log", "at most", 1.3, CALLED),
        *(
            Aim(f"{n:,} events an append, on NATS", "our log", "at most", 1.5, "nats-py, atomic batch")
            for n in (10, 100)
        ),
        Aim("1,000 events an append, on NATS", "our log", "at most", 1.5, "nats-py, publish_async"),
        Aim(ALL, "our log", "at most", 1.5, "nats-py, ordered consumer"),
    ),
)
