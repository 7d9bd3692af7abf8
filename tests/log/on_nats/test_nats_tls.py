"""What asks for TLS gets TLS or nothing: no user, password or token goes over a line that anybody can read."""

from __future__ import annotations

import gc
import json
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from contract.setup import an_event, numbers
from waiting import until

from eda_workshop import BadLog, open_log
from eda_workshop.servers import NatsServer

TLS = Path(__file__).parent / "tls"
SECRET = b"s3cret"
# Of a handshake that failed, nats-py leaves a stream for the garbage collector, and Python 3.11 stumbles over it.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


class Eavesdropper:
    """A server without TLS, which says what it is told to and records all that it gets."""

    def __init__(self, port: int = 0, **says: bool) -> None:
        facts = {"server_id": "X", "version": "2.12.0", "max_payload": 1_048_576, "auth_required": True, "nonce": "abc"}
        self._info = b"INFO " + json.dumps(facts | says).encode() + b"\r\n"
        self._socket = socket.create_server(("127.0.0.1", port))
        self.port = self._socket.getsockname()[1]
        self.asked = 0
        self.got = b""
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                caller, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._listen, args=(caller,), daemon=True).start()

    def _listen(self, caller: socket.socket) -> None:
        with caller:
            try:
                caller.sendall(self._info)
                self.asked += 1
                while heard := caller.recv(4_096):
                    self.got += heard
            except OSError:
                pass

    def close(self) -> None:
        """Answer nobody any more."""
        self._socket.close()


@pytest.fixture(autouse=True)
def _garbage() -> Iterator[None]:
    """What a handshake left is collected here, not in somebody else's test."""
    yield
    gc.collect()


@pytest.fixture
def trusting() -> ssl.SSLContext:
    """What takes the certificate of these tests for a good one."""
    return ssl.create_default_context(cafile=TLS / "certificate.pem")


@pytest.fixture
def eavesdropper(monkeypatch: pytest.MonkeyPatch) -> Iterator[Eavesdropper]:
    """One that says that it has no TLS."""
    monkeypatch.setattr("eda_workshop.log.nats.client.OPENING", 1.0)
    server = Eavesdropper(tls_required=False)
    yield server
    server.close()


def refused(url: str, connect: dict[str, Any] | None = None) -> BadLog:
    """The error that an address gets."""
    with pytest.raises(BadLog) as caught:
        open_log(url, connect=connect)
    return caught.value


@pytest.mark.parametrize("user", ["ada:s3cret@", "s3cret@", ""])
@pytest.mark.parametrize(
    "given", [{}, {"user": "ada", "password": "s3cret"}, {"token": "s3cret"}, {"tls_hostname": "h", "token": "s3cret"}]
)
def test_nothing_is_sent_to_a_server_without_tls(eavesdropper: Eavesdropper, user: str, given: dict[str, Any]) -> None:
    """The server was asked and said that it has none: it got not a byte, and the error says so and what to do."""
    error = refused(f"tls://{user}127.0.0.1:{eavesdropper.port}/drive", given)
    assert error.problem == "is on a server without TLS, so no user, password or token was sent"
    assert "switch TLS on" in error.remedy
    assert (eavesdropper.asked > 0, eavesdropper.got) == (True, b"")


def test_a_context_asks_for_tls_as_well(eavesdropper: Eavesdropper, trusting: ssl.SSLContext) -> None:
    """Under ``nats://``, too: whoever brings certificates doesn't want to be heard."""
    error = refused(f"nats://ada:s3cret@127.0.0.1:{eavesdropper.port}/drive", {"tls": trusting})
    assert "is on a server without TLS" in error.problem
    assert (eavesdropper.asked > 0, eavesdropper.got) == (True, b"")


@pytest.mark.parametrize("says", [{"tls_required": True}, {"tls_available": True}])
def test_a_server_that_only_says_that_it_has_tls(
    monkeypatch: pytest.MonkeyPatch, trusting: ssl.SSLContext, says: dict[str, bool]
) -> None:
    """It gets the beginning of a handshake, and no secret."""
    monkeypatch.setattr("eda_workshop.log.nats.client.OPENING", 1.0)
    server = Eavesdropper(**says)
    refused(f"tls://ada:s3cret@127.0.0.1:{server.port}/drive", {"tls": trusting})
    server.close()
    assert server.got
    assert SECRET not in server.got
    assert b"CONNECT" not in server.got


class Optional(NatsServer):
    """A server that has TLS and takes callers without it."""

    def settings(self) -> str:
        user = 'authorization { user: "ada", password: "s3cret" }\nallow_non_tls: true\n'
        return f'{super().settings()}{user}tls {{ cert_file: "{TLS / "certificate.pem"}", key_file: "{TLS / "key.pem"}" }}\n'


def test_tls_that_a_server_only_offers_is_used(
    nats_server: NatsServer, tmp_path: Path, trusting: ssl.SSLContext
) -> None:
    """``tls://`` takes the offer, and refuses a certificate that it doesn't know."""
    with Optional(tmp_path / "nats") as server:
        url = f"tls://ada:s3cret@127.0.0.1:{server.port}/drive"
        with open_log(url, connect={"tls": trusting}) as log:
            log.append(an_event(1))
            assert numbers(log.read()) == [1]
        assert "certificate" in str(refused(url))


def test_a_server_that_comes_back_without_tls(
    nats_server: NatsServer, tmp_path: Path, trusting: ssl.SSLContext
) -> None:
    """A log that was open looks for its server, and sends nothing to what has taken its place."""
    from eda_workshop.log.nats.log import NatsLog

    with Optional(tmp_path / "nats") as server:
        url = f"tls://ada:s3cret@127.0.0.1:{server.port}/drive"
        with NatsLog(url, connect={"tls": trusting}, patience=1) as log:
            log.append(an_event(1))
            server.kill()
            impostor = Eavesdropper(server.port, tls_required=False)
            until(lambda: impostor.asked > 2)
            with pytest.raises(BadLog, match="is on a server without TLS"):
                log.append(an_event(2))
            impostor.close()
            assert impostor.got == b""
