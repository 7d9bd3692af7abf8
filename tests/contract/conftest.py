"""A nats-server for the tests of the contract: started on a free port of loopback, stopped at the end."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from eda_workshop.servers import NatsServer, find_nats_server


@pytest.fixture(scope="session")
def nats_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NatsServer]:
    """A server that keeps its streams in a temporary folder."""
    if find_nats_server() is None:
        pytest.fail("no nats-server: the test command brings one") if os.environ.get("CI") else pytest.skip(
            "no nats-server was found"
        )
    with NatsServer(tmp_path_factory.mktemp("nats"), durable=False) as server:
        yield server
