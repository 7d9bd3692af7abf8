"""The log on NATS when something goes wrong: killed and silent servers, lost answers, wrong passwords."""

from __future__ import annotations

import os
import signal
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from contract.setup import an_event, numbers
from nats.js.client import JetStreamContext
from waiting import until

from eda_workshop import BadLog, open_log
from eda_workshop.log.consumers import Key
from eda_workshop.log.nats.client import NoAnswer, NoResponders
from eda_workshop.log.nats.log import NatsLog
from eda_workshop.servers import NatsServer
from eda_workshop.servers.process import free_port

TLS = Path(__file__).parent / "tls"
posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")


@pytest.fixture
def server(nats_server: NatsServer, tmp_path: Path) -> Iterator[NatsServer]:
    """A server of the test's own, to be killed."""
    with NatsServer(tmp_path / "nats", durable=False) as server:
        yield server


# --- servers that go away -----------------------------------------------------------------------


def test_a_killed_server_loses_nothing_that_was_acknowledged(server: NatsServer) -> None:
    """Two writers append while the server is killed twice: all that was answered is there, once, and the chain holds."""
    told: dict[str, int] = {}
    stop = threading.Event()

    def write(first: int) -> None:
        with open_log(server.url("drive")) as log:
            number = first
            while not stop.is_set():
                events = [an_event(number), an_event(number + 1)]
                told.update(zip((event.id for event in events), log.append(*events), strict=True))
                number += 2

    writers = [threading.Thread(target=write, args=[first]) for first in (1_000, 5_000)]
    for writer in writers:
        writer.start()
    for _ in range(2):
        time.sleep(0.3)
        server.kill()
        time.sleep(0.1)
        server.start()
    count = len(told)
    until(lambda: len(told) > count + 20)
    stop.set()
    for writer in writers:
        writer.join()
    with open_log(server.url("drive")) as log:
        there = {event.id: event.position for event in log}
        assert told.items() <= there.items()
        assert (log.verify(), len(there)) == (None, log.head)


def test_a_connection_comes_back_by_itself(server: NatsServer) -> None:
    """Meanwhile its state can be seen, its repr waits for nobody, and whoever asks waits for the server."""
    with NatsLog(server.url("drive")) as log:
        log.append(an_event(1))
        assert (log.state, repr(log)) == ("connected", f"<EventLog {log.url}: 1 event>")
        server.stop()
        until(lambda: log.state == "reconnecting")
        assert repr(log) == f"<EventLog {log.url}: reconnecting>"
        back = threading.Timer(0.3, server.start)
        back.start()
        assert (log.append(an_event(2)), numbers(log.read()), log.state) == ((2,), [1, 2], "connected")
        back.join()
    assert (log.state, "closed" in repr(log)) == ("closed", True)


def test_who_waits_too_long_is_told(server: NatsServer) -> None:
    """Without a server an append ends after the patience that was asked for, and nothing was appended."""
    with NatsLog(server.url("drive"), patience=0.3) as log:
        server.stop()
        until(lambda: log.state == "reconnecting")
        for ask in (lambda: log.append(an_event(1)), lambda: log.head, lambda: list(log), lambda: log.position_of("x")):
            with pytest.raises(BadLog, match=r"no connection for 0\.3 s"):
                ask()
        server.start()
        until(lambda: log.state == "connected")
        assert log.append(an_event(1)) == (1,)


def test_a_follower_survives_a_new_start(server: NatsServer) -> None:
    """What was there and what comes after the new start: each once."""
    with NatsLog(server.url("drive")) as log, log.follow(patience=10) as follower:
        log.append(an_event(1), an_event(2))
        assert [next(follower).position for _ in range(2)] == [1, 2]
        server.kill()
        back = threading.Timer(0.2, lambda: (server.start(), log.append(an_event(3))))
        back.start()
        assert next(follower).position == 3
        back.join()


@posix
def test_a_silent_server_leaves_it_open(server: NatsServer) -> None:
    """No answer is neither yes nor no, and the sentence says so; the same event again is recorded once."""
    with NatsLog(server.url("drive"), patience=0.5) as log:
        log.append(an_event(1))
        os.kill(server.pid, signal.SIGSTOP)
        os.waitpid(server.pid, os.WUNTRACED)
        try:
            with pytest.raises(BadLog, match="whether it was appended is open"):
                log.append(an_event(2))
            with pytest.raises(BadLog, match=r"didn't answer within 0\.5 s"):
                list(log)
        finally:
            os.kill(server.pid, signal.SIGCONT)
        until(lambda: log.state == "connected")
        log.append(an_event(2))
        assert (numbers(log.read()), log.verify()) == ([1, 2], None)


# --- answers that are lost ----------------------------------------------------------------------


def losing(log: NatsLog, monkeypatch: Any, *, sent: bool, meanwhile: Callable[[], object] = lambda: None) -> None:
    """Lose the next append's answer: on its way back if it was sent, else the append itself."""
    append, lost = log._stream.append, []

    def lose(messages: Any, after: int) -> bool:
        if lost:
            return append(messages, after)
        lost.append(True)
        if sent:
            append(messages, after)
        meanwhile()
        raise NoAnswer

    monkeypatch.setattr(log._stream, "append", lose)


@pytest.mark.parametrize("sent", [True, False])
def test_a_lost_answer_is_looked_for(stream_url: str, monkeypatch: Any, sent: bool) -> None:
    """Whether the server stored the events before the connection broke or not, they are new, and there once."""
    with NatsLog(stream_url) as log:
        log.append(an_event(1))
        losing(log, monkeypatch, sent=sent)
        written = log.write([an_event(2), an_event(3)])
        assert [(entry.event.position, entry.fresh) for entry in written] == [(2, True), (3, True)]
        assert (numbers(log.read()), log.verify()) == ([1, 2, 3], None)


def test_somebody_else_may_be_quicker_then(stream_url: str, monkeypatch: Any) -> None:
    """The append was lost before it came to the server, and another's took its place: it goes behind that."""
    with NatsLog(stream_url) as log, NatsLog(stream_url) as other:
        log.append(an_event(1))
        losing(log, monkeypatch, sent=False, meanwhile=lambda: other.append(an_event(9)))
        written = log.write([an_event(2)])
        assert [(entry.event.position, entry.fresh) for entry in written] == [(3, True)]
        assert (numbers(log.read()), log.verify()) == ([1, 9, 2], None)


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [
        ([NoResponders()], "nothing was appended"),
        ([NoResponders(), NoAnswer(), NoResponders()], "whether it was appended is open"),
        ([False], "nothing was appended"),
        ([NoAnswer(), False], "whether it was appended is open"),
        ([NoAnswer(), BadLog("x", "was away", "Wait.")], "whether it was appended is open"),
    ],
)
def test_what_is_told_is_what_is_known(stream_url: str, monkeypatch: Any, answers: list[Any], outcome: str) -> None:
    """Nobody heard it, or an append before it is not settled: nothing was appended. One answer was lost: it is open."""
    with NatsLog(stream_url, patience=0.3) as log:
        append, coming = log._stream.append, iter(answers)

        def answer(messages: Any, after: int) -> bool:
            said = next(coming, answers[-1])
            if isinstance(said, Exception):
                raise said
            return bool(said)

        monkeypatch.setattr(log._stream, "append", answer)
        with pytest.raises(BadLog, match=outcome):
            log.append(an_event(1))
        monkeypatch.setattr(log._stream, "append", append)
        assert (log.append(an_event(1)), log.verify()) == ((1,), None)


@pytest.mark.parametrize("sent", [True, False])
def test_a_group_s_lost_answer_is_looked_for(stream_url: str, monkeypatch: Any, sent: bool) -> None:
    """What a group keeps is there once, whether its answer was lost or it never came to the server."""
    with NatsLog(stream_url) as log:
        key = Key("group", "folders")
        assert log.put_state(key, "first", 0)
        publish, lost = JetStreamContext.publish, list[bool]()

        async def lose(jetstream: Any, *message: Any, **options: Any) -> Any:
            if lost:
                return await publish(jetstream, *message, **options)
            lost.append(True)
            if sent:
                await publish(jetstream, *message, **options)
            raise TimeoutError

        monkeypatch.setattr(JetStreamContext, "publish", lose)
        revision = log.get_state(key)[1]
        assert log.put_state(key, "second", revision)
        assert (log.get_state(key)[0], log.put_state(key, "third", revision)) == ("second", 0)


@pytest.mark.parametrize("error", [BadLog("x", "was away", "Wait."), KeyboardInterrupt()])
def test_what_could_not_be_learned_is_learned_later(stream_url: str, monkeypatch: Any, error: BaseException) -> None:
    """Broken off while it reads what others appended, it reads it again: no id gets lost, and none is recorded twice."""
    with NatsLog(stream_url) as log, NatsLog(stream_url) as other:
        log.append(an_event(1))
        other.append(*(an_event(number) for number in range(2, 200)))
        page, calls = log._stream.page, []

        def broken(*request: Any) -> Any:
            calls.append(request)
            if len(calls) == 2:
                raise error
            return page(*request)

        monkeypatch.setattr(log._stream, "page", broken)
        with pytest.raises(type(error)):
            log.append(an_event(300))
        assert log.append(an_event(150)) == (150,)
        assert log.append(an_event(301)) == (200,)
        assert log.verify() is None


# --- users, passwords, TLS ----------------------------------------------------------------------


class Guarded(NatsServer):
    """A server that wants a user and a password, over TLS."""

    def authorization(self) -> str:
        return 'authorization { user: "ada", password: "s3cret" }\n'

    def settings(self) -> str:
        return f'{super().settings()}tls {{ cert_file: "{TLS / "certificate.pem"}", key_file: "{TLS / "key.pem"}" }}\n'


def test_a_user_a_password_and_tls(nats_server: NatsServer, tmp_path: Path) -> None:
    """They are given in the address or by `connect`; no text of the log shows them."""
    trusting = ssl.create_default_context(cafile=TLS / "certificate.pem")
    with Guarded(tmp_path / "nats") as server:
        plain = server.url("drive")
        with open_log(plain.replace("//", "//ada:s3cret@"), connect={"tls": trusting}) as log:
            log.append(an_event(1))
            assert (log.url, "s3cret" in repr(log)) == (plain, False)
        with open_log(plain, connect={"user": "ada", "password": "s3cret", "tls": trusting}) as log:
            assert numbers(log.read()) == [1]
        with pytest.raises(BadLog, match="user, password or credentials are wrong") as caught:
            open_log(plain.replace("//", "//ada:wr0ng@"), connect={"tls": trusting})
        assert "wr0ng" not in str(caught.value)
        with pytest.raises(BadLog, match="can't be reached"):
            open_log(plain.replace("//", "//ada:s3cret@"))


def test_an_address_may_say_tls(nats_server: NatsServer, tmp_path: Path) -> None:
    """``tls://``, also with several addresses, of which one is dead; the user of the first is the user of all."""
    trusting = ssl.create_default_context(cafile=TLS / "certificate.pem")
    with Guarded(tmp_path / "nats") as server:
        for hosts in (f"127.0.0.1:{server.port}", f"127.0.0.1:{free_port()},127.0.0.1:{server.port}"):
            with open_log(f"tls://ada:s3cret@{hosts}/drive", connect={"tls": trusting}) as log:
                log.append(an_event(1))
                assert (numbers(log.read()), log.url) == ([1], f"tls://{hosts}/drive")
        with pytest.raises(BadLog, match="can't be reached") as caught:
            open_log(f"tls://ada:s3cret@127.0.0.1:{server.port}/drive")
        assert "s3cret" not in str(caught.value)
