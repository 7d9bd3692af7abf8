"""The log in a stream with three replicas when servers fall: one is nobody's loss, two stop it, and all comes back."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from contract.setup import an_event, numbers
from nats_cluster import NatsCluster
from waiting import until

from eda_workshop import BadLog
from eda_workshop.log.consumers import Key
from eda_workshop.log.nats.log import NatsLog
from eda_workshop.servers import NatsServer

LONG = 60
"""Seconds of patience: replicas take up to ten to choose another leader, on a busy machine more."""
posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
streams = count(1)


@pytest.fixture(scope="module")
def servers(nats_server: NatsServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[NatsCluster]:
    """A cluster of these tests' own."""
    with NatsCluster(tmp_path_factory.mktemp("failover")) as cluster:
        yield cluster


@pytest.fixture
def cluster(servers: NatsCluster) -> NatsCluster:
    """The same, with all its servers up."""
    return servers.start()


@pytest.fixture
def url(cluster: NatsCluster) -> str:
    """A log with three replicas that isn't there yet."""
    return cluster.url(f"drive-{next(streams)}", replicas=3)


def leader_first(cluster: NatsCluster, log: NatsLog) -> list[Any]:
    """The servers, from the one that leads this log."""
    until(lambda: cluster.leader(log._stream.name) is not None)
    leader = cluster.leader(log._stream.name)
    return sorted(cluster.servers, key=lambda server: server is not leader)


def test_a_killed_leader_loses_nothing_that_was_acknowledged(cluster: NatsCluster, url: str) -> None:
    """Two writers append and one follows while it is killed: all that was answered is there, once, in order."""
    told, heard = dict[str, int](), list[int]()
    stop = threading.Event()

    def write(first: int, size: int) -> None:
        with NatsLog(url, patience=LONG) as log:
            for number in count(first, size):
                events = [an_event(each) for each in range(number, number + size)]
                told.update(zip((event.id for event in events), log.append(*events), strict=True))
                if stop.is_set():
                    return

    def follow() -> None:
        with NatsLog(url, patience=LONG) as log, log.follow() as follower:
            for event in follower:
                heard.append(event.position)
                if event.name == "work.done":
                    return

    with NatsLog(url, patience=LONG) as log:
        threads = [threading.Thread(target=write, args=work) for work in ((1_000, 1), (500_000, 3))]
        threads.append(threading.Thread(target=follow))
        for thread in threads:
            thread.start()
        until(lambda: len(told) > 40)
        fallen = leader_first(cluster, log)[0]
        fallen.kill()
        until(lambda: cluster.leader(log._stream.name) not in (None, fallen))
        before = len(told)
        until(lambda: len(told) > before + 40)
        stop.set()
        for thread in threads[:2]:
            thread.join()
        log.append(an_event(1, "work.done"))
        threads[2].join()
        there = {event.id: event.position for event in log}
        assert told.items() <= there.items()
        assert (log.verify(), heard) == (None, list(range(1, log.head + 1)))


@pytest.mark.parametrize("survivor", ["leader", "follower"])
def test_one_server_of_three_takes_nothing(cluster: NatsCluster, url: str, survivor: str) -> None:
    """An append is refused in words, or open and all or none; when the others are back, it goes on."""
    with NatsLog(url, patience=LONG) as log:
        log.append(an_event(1))
        log.keep_position("mailer", 1)
        leader, *followers = leader_first(cluster, log)
        last, fallen = (leader, followers) if survivor == "leader" else (followers[0], [leader, followers[1]])
        with NatsLog(f"nats://127.0.0.1:{last.port}/{log._stream.name}", patience=0.5) as lonely:
            for server in fallen:
                server.kill()
            for events in ([an_event(2), an_event(3)], [an_event(4)]):
                with pytest.raises(BadLog, match="no answer from a majority of its 3 replicas within 0.5 s"):
                    lonely.append(*events)
            with pytest.raises(BadLog, match="majority of its 3 replicas"):
                lonely.put_state(Key("group", "notes"), "mine", 0)
        for server in fallen:
            server.start()
        assert log.append(an_event(5)) in ((2,), (4,))
        assert numbers(log.read()) in ([1, 5], [1, 2, 3, 5])
        log.append(an_event(2), an_event(3))
        assert (sorted(numbers(log.read())), log.verify()) == ([1, 2, 3, 5], None)
        assert (log.position_of("mailer"), log.get_state(Key("group", "notes"))[0] in ("", "mine")) == (1, True)


@posix
def test_a_server_that_hangs_is_left(cluster: NatsCluster, url: str) -> None:
    """It answers nothing and closes nothing: who is connected to it goes to another, and who comes doesn't wait for it."""
    with NatsLog(url, patience=LONG) as log:
        log.append(an_event(1))
        *others, hung = leader_first(cluster, log)
        ordered = ",".join(f"127.0.0.1:{server.port}" for server in [hung, *others])
        address = f"nats://{ordered}/{log._stream.name}"
        in_order = {"dont_randomize": True, "ping_interval": 0.2}
        with NatsLog(address, connect=in_order, patience=LONG) as mine:
            os.kill(hung.pid, signal.SIGSTOP)
            os.waitpid(hung.pid, os.WUNTRACED)
            try:
                assert mine.append(an_event(2)) == (2,)
                with NatsLog(address, connect=in_order, patience=LONG) as late:
                    assert numbers(late.read()) == [1, 2]
            finally:
                os.kill(hung.pid, signal.SIGCONT)
