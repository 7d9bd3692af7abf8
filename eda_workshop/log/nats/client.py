"""The connection to NATS: nats-py's client on an event loop in a thread of its own, called from any thread."""

from __future__ import annotations

import asyncio
import concurrent.futures
import inspect
import re
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from typing import Any, TypeVar

from nats.aio.client import Client
from nats.errors import ConnectionClosedError, Error, NoRespondersError, OutboundBufferLimitError
from nats.js.client import JetStreamContext
from nats.js.errors import NoStreamResponseError

from eda_workshop.commandline import start
from eda_workshop.errors import BadLog, did_you_mean
from eda_workshop.log.base import closed
from eda_workshop.log.nats.address import check_credentials

OPENING = 2.0
"""Seconds to find a server when the log is opened, for each that is named."""
SILENCE = 2.0
"""Seconds to wait for one answer: in a cluster, the server that was asked may be gone."""
RECONNECT = 0.1
"""Seconds between two attempts to reconnect."""
PING = 3.0
"""Seconds between two pings; the third that stays unanswered ends the connection."""
DEAD = 4.0
"""Seconds of silence after which whoever had a name counts as dead."""

_Result = TypeVar("_Result")


class NoTls(Error):
    """The server takes no TLS, and the address or the options ask for it."""


class TlsClient(Client):
    """nats-py's client, which sends no user, password or token to a server without TLS if TLS was asked for.

    By itself it encrypts only if the server asks for that, so that ``tls://`` alone would protect nothing.
    """

    async def _process_info(self, info: dict[str, Any], initial_connection: bool = False) -> None:
        """What a server says of itself; at first, before anything is sent to it."""
        if initial_connection and self._asks_for_tls():
            if not (info.get("tls_required") or info.get("tls_available")):
                if self._transport is not None:  # nats-py leaves it open when it reconnects
                    self._transport.close()  # type: ignore[no-untyped-call]
                raise NoTls
            info["tls_required"] = True  # so the handshake comes next, and what a server can't do fails there
        await super()._process_info(info, initial_connection)

    def _asks_for_tls(self) -> bool:
        by_options = any(self.options.get(name) for name in ("tls", "tls_hostname"))
        is_done = self.options.get("tls_handshake_first")
        server = self._current_server
        return not is_done and (by_options or (server is not None and server.uri.scheme == "tls"))


class NoAnswer(Exception):
    """No answer came in time: what was asked for may have been done."""


class NoResponders(NoAnswer):
    """Nobody was there to answer: what was asked for has not been done."""


class Connection:
    """One connection, which reconnects by itself.

    client    nats-py's client, and `jetstream` its JetStream context; to be used in `call` only
    patience  seconds that a call waits for the connection
    """

    jetstream: JetStreamContext

    def __init__(self, url: str, servers: Sequence[str], patience: float, options: Mapping[str, Any]) -> None:
        _check_names(url, options)
        self.url = url
        self.patience = patience
        self.client: Client = TlsClient()
        self._servers, self._options = list(servers), options
        self._handlers: list[tuple[str, Callable[[Any], Awaitable[None]]]] = []
        self._subscriptions: dict[str, Any] = {}
        self._reported = ""
        self._lacks_tls = False
        self._closed = False
        self._connected = asyncio.Event()
        self._reconnecting: asyncio.Task[None] | None = None
        self._submitting = threading.Lock()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="eda_workshop nats", daemon=True)
        self._thread.start()
        try:
            self._wait(self._connect(), OPENING * len(servers))
        except BaseException as error:
            self.close()
            if isinstance(error, BadLog) or not isinstance(error, Exception):
                raise
            raise self._unreachable(error) from None

    # --- from any thread ------------------------------------------------------------------------

    def call(self, work: Callable[[], Awaitable[_Result]]) -> _Result:
        """What `work` returns; it runs on the connection's thread, once there is a connection.

        Raises `NoAnswer`, `NoResponders`, nats-py's errors, and `BadLog` without a connection.
        """
        return self._wait(self._call(work))

    def subscribe(self, subject: str, notify: Callable[[], object]) -> None:
        """Call `notify`, on the connection's thread, for each message that is published there from now on."""

        async def handle(_: object) -> None:
            notify()

        self._listen(subject, handle)

    def answer(self, subject: str) -> None:
        """Answer whoever asks there, for as long as this process lives and the connection is open."""
        if subject in self._subscriptions:
            return

        async def handle(message: Any) -> None:
            await message.respond(b"")

        self._listen(subject, handle)
        self.call(self.client.flush)

    def stop_answering(self, subject: str) -> None:
        """Undo `answer`."""
        subscription = self._subscriptions.pop(subject, None)
        self._handlers = [each for each in self._handlers if each[0] != subject]
        if subscription is not None and self.state == "connected":
            self.call(subscription.unsubscribe)

    def _listen(self, subject: str, handle: Callable[[Any], Awaitable[None]]) -> None:
        async def subscribe() -> None:
            self._subscriptions[subject] = await self.client.subscribe(subject, cb=handle)

        self._handlers.append((subject, handle))
        self.call(subscribe)

    def is_answered(self, subject: str) -> bool:
        """Whether anybody answers there: nobody, if it was silent for `DEAD` seconds, or for half of that without a subscription."""
        begun = time.monotonic()
        while (waited := time.monotonic() - begun) < DEAD:
            try:
                self.call(lambda: self.client.request(subject, timeout=DEAD / 4))
                return True
            except NoResponders:
                if waited > DEAD / 4:
                    return False
                time.sleep(DEAD / 20)
            except NoAnswer:
                pass
        return False

    @property
    def state(self) -> str:
        """ "connected", "reconnecting" or "closed"."""
        return "closed" if self._closed else "connected" if self._connected.is_set() else "reconnecting"

    @property
    def version(self) -> tuple[int, int, int]:
        """The version of the server."""
        server = self.client.connected_server_version
        return server.major, server.minor, server.patch

    def close(self, *, wait: bool = True) -> None:
        """Disconnect; calls that wait raise `BadLog`. Closing twice is allowed.

        wait  False: return at once, as a finalizer must, which may run on the connection's own thread
        """
        with self._submitting:
            if self._closed:
                return
            self._closed = True
            asyncio.run_coroutine_threadsafe(self._disconnect(), self._loop)
        if wait:
            self._thread.join(OPENING)

    def _wait(self, work: Coroutine[Any, Any, _Result], timeout: float | None = None) -> _Result:
        with self._submitting:
            if self._closed:
                work.close()
                raise closed(self.url)
            future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result(timeout)
        except concurrent.futures.CancelledError:
            raise closed(self.url) from None

    # --- on the connection's thread -------------------------------------------------------------

    def _run(self) -> None:
        self._loop.run_forever()
        self._loop.close()

    async def _call(self, work: Callable[[], Awaitable[_Result]]) -> _Result:
        if not self._connected.is_set():
            try:
                await asyncio.wait_for(self._connected.wait(), self.patience)
            except TimeoutError:
                raise self._no_connection() from None
        try:
            return await work()
        except (NoRespondersError, NoStreamResponseError, OutboundBufferLimitError, ConnectionClosedError):
            raise NoResponders from None
        except TimeoutError:
            raise NoAnswer from None

    async def _connect(self) -> None:
        check_credentials(self.url, self._options)
        self.client = TlsClient()
        defaults = {"name": "eda_workshop", "connect_timeout": OPENING, "ping_interval": PING}
        reconnects = {"reconnect_time_wait": RECONNECT, "max_reconnect_attempts": -1}
        # Nothing is sent later than it was asked for: without a connection, a call waits.
        fixed = {"pending_size": -1, "error_cb": self._on_error}
        states = {"disconnected_cb": self._on_disconnected, "reconnected_cb": self._on_connected}
        await self.client.connect(self._servers, **{**defaults, **reconnects, **self._options, **fixed, **states})
        self.jetstream = self.client.jetstream(timeout=min(SILENCE, self.patience))
        for subject, handler in self._handlers:
            self._subscriptions[subject] = await self.client.subscribe(subject, cb=handler)
        await self._on_connected()

    async def _disconnect(self) -> None:
        # nats-py may swallow a cancellation, so nothing here waits without a limit.
        await asyncio.wait([asyncio.gather(self.client.close(), return_exceptions=True)], timeout=OPENING / 2)
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.wait([asyncio.gather(*others, return_exceptions=True)], timeout=OPENING / 2)
        self._loop.stop()

    async def _on_connected(self) -> None:
        self._reported = ""
        self._connected.set()

    async def _on_disconnected(self) -> None:
        self._connected.clear()
        if not self._closed and (self._reconnecting is None or self._reconnecting.done()):
            self._reconnecting = self._loop.create_task(self._reconnect())

    async def _reconnect(self) -> None:
        """Wait while nats-py reconnects, and connect again when it has stopped doing so.

        It stops when a server ended the connection, because the user's time is up, and at an error that it doesn't
        expect, such as credentials that are being written.
        """
        while not (self._closed or self._connected.is_set()):
            attempts = getattr(self.client, "_reconnection_task", None)
            if attempts is not None and not attempts.done():
                await asyncio.gather(attempts, return_exceptions=True)
                continue
            try:
                await self.client.close()
                await self._connect()
            except Exception as error:
                await self._on_error(error)
                await asyncio.sleep(RECONNECT)

    async def _on_error(self, error: Exception) -> None:
        self._lacks_tls = isinstance(error, NoTls)
        # A refused user is tried again and again, and the errors that these attempts end in later say less.
        if not self._is_refused():
            self._reported = str(error) or type(error).__name__

    # --- errors ---------------------------------------------------------------------------------

    def _is_refused(self) -> bool:
        return re.search("authoriz|authentic", self._reported.lower()) is not None

    def _no_connection(self) -> BadLog:
        try:
            check_credentials(self.url, self._options)
        except BadLog as error:
            return error
        remedy = "It goes on by itself when the server is back; nothing was appended."
        return self._refused() or BadLog(self.url, f"had no connection for {self.patience:g} s", remedy)

    def _unreachable(self, error: Exception) -> BadLog:
        reason = self._reported or str(error) or type(error).__name__
        remedy = f"Is a server running there? `{start()} nats` starts one."
        return self._refused() or BadLog(self.url, f"can't be reached ({reason})", remedy)

    def _refused(self) -> BadLog | None:
        if self._lacks_tls:
            remedy = (
                "Ask whoever runs it to switch TLS on. If nobody else can listen on the way, write nats:// and no tls."
            )
            return BadLog(self.url, "is on a server without TLS, so no user, password or token was sent", remedy)
        problem = "was refused: user, password or credentials are wrong"
        return BadLog(self.url, problem, "Ask whoever runs the server.") if self._is_refused() else None


def _check_names(url: str, options: Mapping[str, Any]) -> None:
    """Raise `BadLog` for an option that nats-py doesn't have; its value may be a secret and isn't shown."""
    known = inspect.signature(Client.connect).parameters.keys() - {"self", "servers"}
    for name in options.keys() - known:
        problem = f"can't be opened with the option {name!r}, which nats.connect doesn't have"
        raise BadLog(url, problem, f"Check its name.{did_you_mean(name, known)}")
