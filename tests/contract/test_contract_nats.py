"""The contract, kept by the log in a JetStream stream."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from contract import DurableLogContract, SettableClock
from eda_workshop.log import EventLog, open_log
from eda_workshop.servers import NatsServer


class TestNatsLog(DurableLogContract):
    """``open_log("nats://127.0.0.1:…/…")``."""

    @pytest.fixture(autouse=True)
    def _server(self, nats_server: NatsServer) -> None:
        self.server = nats_server

    def open(self, clock: SettableClock, folder: Path, **options: Any) -> EventLog:
        stream = hashlib.sha256(str(folder).encode()).hexdigest()[:16]
        return open_log(self.server.url(stream), clock=clock, **options)
