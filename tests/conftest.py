"""What all tests share: readable failures of the contract, Hypothesis without surprises, a nats-server."""

from __future__ import annotations

import os
import secrets
import threading
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from thorough import THOROUGH

from eda_workshop.servers import NatsCluster, NatsServer, find_nats_server

pytest.register_assert_rewrite("contract")

# Two loaded cores make any deadline a coin toss; a fixed order of examples makes a failure repeat.
settings.register_profile(
    "kit", deadline=None, derandomize=True, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("thorough", parent=settings.get_profile("kit"), derandomize=False, max_examples=1_000)
settings.load_profile("thorough" if THOROUGH else "kit")


@pytest.fixture(scope="session")
def nats_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NatsServer]:
    """A nats-server on a free port of loopback, stopped at the end; in CI a missing one is a failure."""
    if find_nats_server() is None:
        missing = "no nats-server was found; `python3 workshop.py test` brings one"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    with NatsServer(tmp_path_factory.mktemp("nats"), durable=False) as server:
        yield server


@pytest.fixture(scope="module")
def nats_cluster(nats_server: NatsServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[NatsCluster]:
    """Three of them that are one, all of which stay up; for a file only, for they are busy also when nobody asks."""
    with NatsCluster(folder=tmp_path_factory.mktemp("cluster"), durable=False) as cluster:
        yield cluster


@pytest.fixture
def stream_url(nats_server: NatsServer) -> str:
    """The address of a log that isn't there yet."""
    return nats_server.url(f"t{secrets.token_hex(8)}")


@pytest.fixture(scope="module", autouse=True)
def _no_connection_is_left() -> Iterator[None]:
    """A log on a server that a test leaves open would look for its server until the end, and find another's port."""
    before = _connections()
    yield
    assert _connections() <= before


def _connections() -> set[threading.Thread]:
    return {each for each in threading.enumerate() if each.name == "eda_workshop nats"}
