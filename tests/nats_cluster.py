"""Several nats-servers on loopback that are one: streams have replicas, and a server may fall."""

from __future__ import annotations

import json
import time
import urllib.request
from pathlib import Path
from typing import Any, Self

from eda_workshop.errors import NoServer
from eda_workshop.servers.nats import NatsServer
from eda_workshop.servers.process import HOST, free_port

JOINING = 30.0
"""Seconds that servers may take to become one."""

_Report = dict[str, Any]


class Member(NatsServer):
    """One server of a cluster, called `label` there."""

    def __init__(self, label: str, folder: Path) -> None:
        super().__init__(folder, durable=False)
        self.label = label
        self.route = free_port()
        self.monitor = free_port()
        self.routes: list[int] = [self.route]

    def settings(self) -> str:
        """A server's, and where the others are."""
        routes = ", ".join(f'"nats://{HOST}:{route}"' for route in self.routes)
        cluster = f"name: eda_workshop, listen: {HOST}:{self.route}, routes: [{routes}]"
        return f"{super().settings()}server_name: {self.label}\nhttp: {HOST}:{self.monitor}\ncluster {{ {cluster} }}\n"

    def report(self) -> _Report:
        """What it reports about its streams and the cluster; nothing while it doesn't answer."""
        try:
            with urllib.request.urlopen(f"http://{HOST}:{self.monitor}/jsz?streams=true", timeout=1) as answer:
                return dict(json.load(answer))
        except (OSError, ValueError):
            return {}


class NatsCluster:
    """A cluster of nats-servers on ports of 127.0.0.1, each with a folder of its own. Use it in ``with``, or call `stop`.

    Any of its `servers` can be killed and started again.
    """

    def __init__(self, folder: Path, count: int = 3) -> None:
        labels = [f"server_{number}" for number in range(1, count + 1)]
        self.servers = [Member(label, folder / label) for label in labels]
        for server in self.servers:
            server.routes = [each.route for each in self.servers]
            server.token = self.servers[0].token

    def url(self, stream: str, *, replicas: int | None = None) -> str:
        """What `open_log` takes for a log in this stream, which is made with so many replicas."""
        hosts = ",".join(f"{HOST}:{server.port}" for server in self.servers)
        return f"nats://{hosts}/{stream}" + ("" if replicas is None else f"?replicas={replicas}")

    def start(self) -> Self:
        """Start those that don't run, and return when all know one another. Raises `NoServer` if they don't."""
        try:
            for server in self.servers:
                server.start()
            self._wait()
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """Ask all to end, and wait until they have."""
        for server in self.servers:
            server.stop()

    def leader(self, stream: str) -> Member | None:
        """The server that leads this stream's replicas; None while none does."""
        found = {_leader_of(server.report(), stream) for server in self.servers if server.running}
        return next((server for server in self.servers if server.running and server.label in found), None)

    def _wait(self) -> None:
        deadline = time.monotonic() + JOINING
        while not any(map(self._sees_all, self.servers)):
            if time.monotonic() > deadline:
                raise NoServer(NatsServer.name, f"its {len(self.servers)} servers didn't become one cluster")
            time.sleep(0.05)

    def _sees_all(self, server: Member) -> bool:
        """Whether this server leads the cluster, and all others follow."""
        cluster = server.report().get("meta_cluster", {})
        others = cluster.get("replicas") or []
        follow = [other for other in others if other.get("current") and not other.get("offline")]
        return cluster.get("leader") == server.label and len(follow) == len(self.servers) - 1

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()


def _leader_of(report: _Report, stream: str) -> str:
    streams = [each for account in report.get("account_details", []) for each in account.get("stream_detail") or []]
    found = (each.get("cluster", {}).get("leader", "") for each in streams if each["name"] == stream)
    return next(found, "")
