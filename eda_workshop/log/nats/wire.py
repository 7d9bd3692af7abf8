"""The connection: nats-py on an event loop in a thread of its own, asked from any other thread."""

from __future__ import annotations

import asyncio
import contextlib
import re
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from itertools import count
from typing import Any, NamedTuple

from nats.aio.client import Client
from nats.aio.msg import Msg

from eda_workshop.errors import BadLog
from eda_workshop.log.base import closed
from eda_workshop.log.nats.answers import Waiting

OPENING = 2.0
"""Seconds to find a server when the log is opened, for each that is named."""
AGAIN = 0.1
"""Seconds between two attempts to come back."""
PING = 3.0
"""Seconds between two looks whether the server is there; the third that it leaves unanswered ends the connection."""


class Letter(NamedTuple):
    """One message to send."""

    subject: str
    body: bytes
    headers: dict[str, str] | None = None


class Wire:
    """One connection that comes back by itself.

    state     "connected", "reconnecting" or "closed"
    patience  seconds that a request waits for a connection and for its answer
    """

    def __init__(self, url: str, servers: Sequence[str], patience: float, options: Mapping[str, Any]) -> None:
        self.url = url
        self.patience = patience
        self.state = "reconnecting"
        self.trouble = ""
        self._numbers = count(1)
        self._waiting: dict[str, Waiting] = {}
        self._connected = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._live, name="eda_workshop nats", daemon=True)
        self._servers, self._options = list(servers), options
        self._client = Client()
        self._listening: list[tuple[str, Callable[[Msg], Awaitable[None]]]] = []
        self._returning: asyncio.Task[None] | None = None
        self._inbox = ""
        self._thread.start()
        try:
            self._run(self._open(), OPENING * len(servers) + 1)
        except BaseException as error:
            self.close()
            if not isinstance(error, Exception):
                raise
            raise self._unreachable(error) from None

    # --- asking ---------------------------------------------------------------------------------

    def ask(self, *letters: Letter) -> Msg:
        """Send the letters, and return the answer to the last of them. Raises `Lost`, or `BadLog` without a connection."""
        return self.collect(lambda _, __: True, *letters)[-1]

    def collect(self, is_last: Callable[[Msg, int], bool], *letters: Letter, apart: bool = False) -> list[Msg]:
        """All answers up to the one that is the last; `is_last` is told each, and how many there are by then.

        apart  the answers come under subjects of their own, so that they need an inbox of their own
        """
        deadline = time.monotonic() + self.patience
        self._await_connection(deadline)
        number, waiting = str(next(self._numbers)), Waiting(is_last)
        self._waiting[number] = waiting
        start = self._start_apart if apart else self._start
        try:
            self._loop.call_soon_threadsafe(start, letters, f"{self._inbox}.{number}", waiting)
            waiting.wait(deadline)
        except RuntimeError:
            raise closed(self.url) from None
        finally:
            self._waiting.pop(number, None)
        return waiting.answers

    def listen(self, subject: str, heard: Callable[[], object]) -> None:
        """Call `heard`, on the connection's thread, whenever something is published there; perhaps not each time."""

        async def hear(_: Msg) -> None:
            heard()

        self._listening.append((subject, hear))
        self._run(self._client.subscribe(subject, cb=hear), self.patience)

    def version(self) -> tuple[int, int, int]:
        """The version of the server."""
        server = self._client.connected_server_version
        return server.major, server.minor, server.patch

    @property
    def room(self) -> int:
        """Bytes that one message may have."""
        return self._client.max_payload

    def close(self) -> None:
        """Leave the server; those who wait are told. Closing twice is allowed."""
        if self.state == "closed":
            return
        self.state = "closed"
        with contextlib.suppress(Exception):
            self._run(self._leave(), OPENING)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(OPENING)
        self._lose_all()

    def abandon(self) -> None:
        """Leave the server without waiting for that: whoever finds that nobody needs it any more may be its own thread."""
        if self.state != "closed":
            self.state = "closed"
            with contextlib.suppress(RuntimeError):  # its loop has ended
                self._loop.call_soon_threadsafe(lambda: self._loop.create_task(self._end()))

    # --- on the connection's thread -------------------------------------------------------------

    def _live(self) -> None:
        self._loop.run_forever()
        self._loop.close()

    async def _end(self) -> None:
        await self._leave()
        self._loop.stop()

    async def _open(self) -> None:
        await asyncio.wait_for(self._connect(), OPENING * len(self._servers))

    async def _connect(self) -> None:
        self._client = Client()
        patient = {"reconnect_time_wait": AGAIN, "max_reconnect_attempts": -1, "ping_interval": PING}
        wishes = {"name": "eda_workshop", "connect_timeout": OPENING, **patient, **self._options}
        # Nothing is kept back while there is no connection: whoever asks waits, and knows that it does.
        fixed = {"pending_size": -1, "skip_subject_validation": True, "error_cb": self._note}
        told = {"disconnected_cb": self._on_lost, "reconnected_cb": self._on_found, "closed_cb": self._on_closed}
        await self._client.connect(list(self._servers), **{**wishes, **fixed, **told})
        self._inbox = self._client.new_inbox()
        for subject, hear in [(f"{self._inbox}.*", self._on_answer), *self._listening]:
            await self._client.subscribe(subject, cb=hear)
        await self._on_found()

    async def _leave(self) -> None:
        with contextlib.suppress(Exception):
            await asyncio.wait_for(self._client.close(), OPENING / 2)
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _start(self, letters: Sequence[Letter], reply: str, _: Waiting) -> None:
        self._loop.create_task(self._send(letters, reply))

    def _start_apart(self, letters: Sequence[Letter], reply: str, waiting: Waiting) -> None:
        self._loop.create_task(self._send_apart(letters, f"{reply}.apart", waiting))

    async def _send_apart(self, letters: Sequence[Letter], inbox: str, waiting: Waiting) -> None:
        async def take(answer: Msg) -> None:
            waiting.take(answer)
            if not waiting.latch.locked():
                await subscription.unsubscribe()

        subscription = await self._client.subscribe(inbox, cb=take)
        await self._send(letters, inbox)

    async def _send(self, letters: Sequence[Letter], reply: str) -> None:
        last = len(letters) - 1
        try:
            for number, letter in enumerate(letters):
                to = reply if number == last else ""
                await self._client.publish(letter.subject, letter.body, to, letter.headers)
        except Exception as error:
            await self._note(error)
            self._lose_all()

    async def _on_answer(self, answer: Msg) -> None:
        waiting = self._waiting.get(answer.subject.rpartition(".")[2])
        if waiting is not None:
            waiting.take(answer)

    async def _on_lost(self) -> None:
        self._connected.clear()
        if self.state != "closed":
            self.state = "reconnecting"
        self._lose_all()

    async def _on_found(self) -> None:
        self.state, self.trouble = "connected", ""
        self._connected.set()

    async def _on_closed(self) -> None:
        # A server that ends a connection, for the user's time is up, ends nats-py's attempts with it.
        if self.state != "closed" and (self._returning is None or self._returning.done()):
            self._returning = self._loop.create_task(self._come_back())

    async def _come_back(self) -> None:
        while self.state == "reconnecting":
            try:
                await self._connect()
            except Exception as error:
                await self._note(error)
                await asyncio.sleep(AGAIN)

    async def _note(self, error: Exception) -> None:
        # A refused user is tried again and again, and what the attempts end in later says less.
        if not self._is_refused():
            self.trouble = str(error) or type(error).__name__

    # --- small parts ----------------------------------------------------------------------------

    def _await_connection(self, deadline: float) -> None:
        if self.state != "connected" and self.state != "closed":
            self._connected.wait(max(0.0, deadline - time.monotonic()))
        if self.state == "closed":
            raise closed(self.url)
        if self.state != "connected" and self._is_refused():
            raise self._refused()
        if self.state != "connected":
            remedy = "It goes on by itself when the server is back; nothing was appended."
            raise BadLog(self.url, f"had no connection for {self.patience:g} s", remedy)

    def _lose_all(self) -> None:
        for waiting in list(self._waiting.values()):
            waiting.lose()

    def _run(self, work: Coroutine[Any, Any, Any], patience: float) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(patience)

    def _is_refused(self) -> bool:
        return re.search("authoriz|authentic", self.trouble.lower()) is not None

    def _refused(self) -> BadLog:
        return BadLog(self.url, "was refused: user, password or credentials are wrong", "Ask whoever runs the server.")

    def _unreachable(self, error: Exception) -> BadLog:
        if self._is_refused():
            return self._refused()
        said = self.trouble or str(error) or type(error).__name__
        remedy = "Is a server running there? `python3 workshop.py nats` starts one."
        return BadLog(self.url, f"can't be reached ({said})", remedy)
