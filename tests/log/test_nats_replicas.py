"""The log in a stream with replicas: how many it has, and reading where one of them lags behind."""

from __future__ import annotations

import secrets
from typing import Any

import pytest
from contract.setup import an_event, numbers

from eda_workshop import BadLog, open_log
from eda_workshop.log.nats.engine import NatsLog
from eda_workshop.log.nats.features import features_of
from eda_workshop.log.nats.requests import NO_STREAM
from eda_workshop.log.nats.stream import Stream
from eda_workshop.servers import NatsCluster


@pytest.fixture
def name() -> str:
    """The name of a stream that isn't there yet."""
    return f"t{secrets.token_hex(8)}"


def config_of(log: NatsLog, stream: str) -> dict[str, Any]:
    """How the servers keep a stream."""
    config: dict[str, Any] = log._stream.told(f"STREAM.INFO.{stream}", {})["config"]
    return config


# --- how many -----------------------------------------------------------------------------------


@pytest.mark.parametrize("replicas", [None, 1, 3])
def test_a_new_stream_gets_the_replicas_that_are_asked_for(
    nats_cluster: NatsCluster, name: str, replicas: int | None
) -> None:
    """So does the bucket beside it; without a word it is one. The log's address doesn't repeat it."""
    with NatsLog(nats_cluster.url(name, replicas=replicas)) as log:
        log.append(an_event(1))
        log.keep_position("mailer", 1)
        kept = [config_of(log, each)["num_replicas"] for each in (name, f"KV_{name}-subscribers")]
        assert (kept, log.url) == ([replicas or 1] * 2, nats_cluster.url(name))


def test_fewer_than_asked_for_are_told(nats_cluster: NatsCluster, name: str) -> None:
    """A log that was promised to be on three servers is not opened on one; without a promise it is used as it is."""
    positions = f"KV_{name}-subscribers"
    with NatsLog(nats_cluster.url(name)) as log:
        log.append(an_event(1))
        log.keep_position("mailer", 1)
        for stream in (name, positions):
            told = rf"has 1 replica in its stream {stream}, and 3.*nats stream edit {stream} --replicas 3"
            with pytest.raises(BadLog, match=told):
                open_log(nats_cluster.url(name, replicas=3))
            log._stream.told(f"STREAM.UPDATE.{stream}", config_of(log, stream) | {"num_replicas": 3})
        for replicas in (None, 1, 3):
            with open_log(nats_cluster.url(name, replicas=replicas)) as other:
                assert (numbers(other.read()), other.position_of("mailer")) == ([1], 1)


def test_whoever_makes_it_first_decides(nats_cluster: NatsCluster, name: str, monkeypatch: Any) -> None:
    """Two programs open a new log at once, and one asks for fewer replicas: the other is told."""
    request, hidden = Stream.request, list[str]()

    def late(stream: Stream, what: str, wish: dict[str, Any]) -> dict[str, Any]:
        if what == f"STREAM.INFO.{name}" and not hidden:
            hidden.append(what)
            return {"error": {"err_code": NO_STREAM}}
        return request(stream, what, wish)

    with open_log(nats_cluster.url(name)) as log:
        monkeypatch.setattr(Stream, "request", late)
        with pytest.raises(BadLog, match="has 1 replica"):
            open_log(nats_cluster.url(name, replicas=3))
        assert log.append(an_event(1)) == (1,)


def test_servers_that_can_t_have_them_are_told(nats_cluster: NatsCluster, stream_url: str, name: str) -> None:
    """A server that runs alone, and a cluster that has too few; no stream is made."""
    with pytest.raises(BadLog, match="its server is in no cluster"):
        open_log(f"{stream_url}?replicas=3")
    with pytest.raises(BadLog, match="too few servers for its replicas"):
        open_log(nats_cluster.url(name, replicas=5))
    with open_log(stream_url) as alone, open_log(nats_cluster.url(name, replicas=3)) as log:
        assert (alone.append(an_event(1)), log.append(an_event(1))) == ((1,), (1,))


# --- reading ------------------------------------------------------------------------------------


def every_way(log: NatsLog) -> list[list[int]]:
    """The numbers of what is read in all ways that ask a server for something else."""
    return [
        numbers(log.read()),
        numbers(log.read(reverse=True)),
        numbers(log.read(names="user.signed_up")),
        numbers(log.read(names=["user.signed_up", "folder.*"], subject="user/1")),
        numbers(log.read(5, subject="user/2", reverse=True)),
    ]


@pytest.fixture
def log(nats_cluster: NatsCluster, name: str) -> Any:
    """A log with three replicas and 120 events."""
    with NatsLog(nats_cluster.url(name, replicas=3)) as log:
        kinds = ("user.signed_up", "folder.created")
        log.append(*(an_event(number, kinds[number % 2], f"user/{number % 3}") for number in range(1, 121)))
        yield log


@pytest.mark.parametrize("known", [0, 1, 60, 119])
def test_a_replica_that_lags_behind_hides_nothing(log: NatsLog, monkeypatch: Any, known: int) -> None:
    """It knows all up to some place; what it hasn't yet comes from the leader, whatever is asked for."""
    whole, page = every_way(log), Stream._page

    def lagging(stream: Stream, after: int, size: int, subjects: str) -> list[Any]:
        return [message for message in page(stream, after, size, subjects) if message.seq <= known]

    monkeypatch.setattr(Stream, "_page", lagging)
    assert every_way(log) == whole
    assert [len(found) for found in whole] == [120, 120, 60, 40, 38]


def test_every_server_gives_what_was_appended(nats_cluster: NatsCluster, log: NatsLog, name: str) -> None:
    """Read at once after the acknowledgement, at the server that has the event last."""
    logs = [NatsLog(f"nats://127.0.0.1:{server.port}/{name}") for server in nats_cluster.servers]
    for number in range(121, 161):
        log.append(an_event(number, "email.sent"))
        assert [numbers(other.read(names="email.*"))[-1] for other in logs] == [number] * 3
    for other in logs:
        other.close()


@pytest.mark.parametrize("stale", [2, 1_000_000])
def test_a_leader_that_is_none_any_more_is_asked_again(log: NatsLog, monkeypatch: Any, stale: int) -> None:
    """It stood still and answers what was so before; only a log that stays shorter than it was has been replaced."""
    old, last, left = log._stream.at(100), log._stream.last, iter(range(stale))
    monkeypatch.setattr(log._stream, "last", lambda: last() if next(left, None) is None else old)
    with NatsLog(log.url) as other:
        other.append(an_event(121))
    if stale == 2:
        assert log.append(an_event(122), expected=121) == (122,)
    else:
        with pytest.raises(BadLog, match="deleted or replaced"):
            log.append(an_event(122))


def test_old_servers_in_a_cluster_are_read_by_consumers(log: NatsLog) -> None:
    """All ways of reading give the same as pages do."""
    new = every_way(log)
    log._stream.features = features_of((2, 9, 10))
    assert every_way(log) == new


def test_without_a_replica_that_sends_pages_the_leader_does(log: NatsLog) -> None:
    """A stream that somebody changed so that only its leader may be read: slower, and complete."""
    name = log._stream.name
    log._stream.told(f"STREAM.UPDATE.{name}", config_of(log, name) | {"allow_direct": False})
    assert numbers(log.read(100)) == list(range(101, 121))
    assert numbers(log.read(100, names="user.signed_up")) == list(range(102, 121, 2))
