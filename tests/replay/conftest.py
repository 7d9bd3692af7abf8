"""Replay is the same on every engine: what the golden tests run on."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from secrets import token_hex

import pytest
from accounts import logs, places


@pytest.fixture(params=["memory", "sqlite", "nats"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[None]:
    """Each new log of this test is on that engine."""
    numbers = count(1)
    if request.param == "nats":
        server = request.getfixturevalue("nats_server")
        places.append(lambda: server.url(f"t{token_hex(8)}"))
    elif request.param == "sqlite":
        places.append(lambda: tmp_path / f"golden-{next(numbers)}.db")
    else:
        places.append(lambda: "memory://")
    yield
    places.pop()
    while logs:
        logs.pop().close()
