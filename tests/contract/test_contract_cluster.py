"""The contract, kept by the log in a stream with three replicas."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from nats_cluster import NatsCluster

from contract import DurableLogContract, SettableClock
from eda_workshop.log import EventLog, open_log


class TestReplicatedLog(DurableLogContract):
    """``open_log("nats://…,…,…/…?replicas=3")``."""

    @pytest.fixture(autouse=True)
    def _cluster(self, nats_cluster: NatsCluster) -> None:
        self.cluster = nats_cluster

    def open(self, clock: SettableClock, folder: Path, **options: Any) -> EventLog:
        stream = hashlib.sha256(str(folder).encode()).hexdigest()[:16]
        return open_log(self.cluster.url(stream, replicas=3), clock=clock, **options)
