"""Several nats-servers that are one: who leads, and what happens when one falls."""

from __future__ import annotations

from pathlib import Path

import pytest
from contract.setup import an_event, numbers
from nats_cluster import NatsCluster
from waiting import until

from eda_workshop import NoServer, open_log
from eda_workshop.servers import NatsServer


def test_three_servers_are_one(nats_server: NatsServer, tmp_path: Path) -> None:
    """One of them leads a stream; it is told which, and another does when it is stopped."""
    with NatsCluster(tmp_path) as cluster:
        assert cluster.leader("drive") is None
        with open_log(cluster.url("drive", replicas=3)) as log:
            log.append(an_event(1))
            leader = cluster.leader("drive")
            assert leader is not None
            leader.stop()
            until(lambda: cluster.leader("drive") not in (None, leader))
            log.append(an_event(2))
            cluster.start()
            assert (numbers(log.read()), leader.running) == ([1, 2], True)
    assert not any(server.running for server in cluster.servers)


def test_they_answer_on_this_machine_only(nats_cluster: NatsCluster) -> None:
    """Each of a server's ports is one of loopback."""
    for server in nats_cluster.servers:
        text = server.settings()
        assert text.count("127.0.0.1") == 3 + len(nats_cluster.servers)
        for port in (f"listen: 127.0.0.1:{server.port}", f"http: 127.0.0.1:{server.monitor}"):
            assert port in text
        assert f"listen: 127.0.0.1:{server.route}" in text


def test_the_address_names_all(nats_cluster: NatsCluster) -> None:
    """All servers, the stream, and how many replicas it shall have, if that was said."""
    hosts = ",".join(f"127.0.0.1:{server.port}" for server in nats_cluster.servers)
    assert nats_cluster.url("drive") == f"nats://{hosts}/drive"
    assert nats_cluster.url("drive", replicas=3) == f"nats://{hosts}/drive?replicas=3"


def test_one_that_never_is_whole_is_told(
    nats_server: NatsServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Servers that don't find one another are stopped again."""
    monkeypatch.setattr("nats_cluster.JOINING", 0.1)
    cluster = NatsCluster(tmp_path, 2)
    cluster.servers[0].routes = cluster.servers[1].routes = [1]
    with pytest.raises(NoServer, match="2 servers didn't become one cluster"):
        cluster.start()
    assert not any(server.running for server in cluster.servers)
