"""Several nats-servers that are one: who leads, and what happens when one falls."""

from __future__ import annotations

from pathlib import Path

import pytest
from contract.setup import an_event, numbers
from waiting import until

from eda_workshop import BadSetting, NoServer, open_log
from eda_workshop.servers import NatsCluster, NatsServer


def test_three_servers_are_one(nats_server: NatsServer, tmp_path: Path) -> None:
    """One of them leads a stream; it is told which, and another does when it is stopped."""
    with NatsCluster(folder=tmp_path, durable=False) as cluster:
        assert repr(cluster) == "<NatsCluster of 3 servers: 3 running>"
        assert cluster.leader("drive") is None
        with open_log(cluster.url("drive", replicas=3)) as log:
            log.append(an_event(1))
            leader = cluster.leader("drive")
            assert leader is not None
            leader.stop()
            until(lambda: cluster.leader("drive") not in (None, leader))
            assert repr(cluster) == "<NatsCluster of 3 servers: 2 running>"
            log.append(an_event(2))
            cluster.start()
            assert (numbers(log.read()), leader.running) == ([1, 2], True)
    assert repr(cluster) == "<NatsCluster of 3 servers: 0 running>"


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
    monkeypatch.setattr("eda_workshop.servers.cluster.JOINING", 0.1)
    cluster = NatsCluster(2, tmp_path, durable=False)
    cluster.servers[0].routes = cluster.servers[1].routes = [1]
    with pytest.raises(NoServer, match="2 servers didn't become one cluster"):
        cluster.start()
    assert "0 running" in repr(cluster)
    with pytest.raises(BadSetting, match="count"):
        NatsCluster(0)
