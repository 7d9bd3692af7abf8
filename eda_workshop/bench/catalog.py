"""The groups that `bench` knows, in the order it runs them."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.util import find_spec

from eda_workshop.bench import (
    appending,
    awaiting,
    correcting,
    delivery,
    flat,
    naming,
    patterns,
    replaying,
    simulating,
    streaming,
)
from eda_workshop.bench.case import Group
from eda_workshop.bench.errors import MissingPeer

MODULES = (delivery, naming, patterns, flat, awaiting, appending, replaying, correcting, simulating, streaming)
GROUPS: dict[str, Group] = {module.GROUP.name: module.GROUP for module in MODULES}


def check_peers(groups: Iterable[Group]) -> tuple[str, ...]:
    """The peers that these groups need, sorted. Raises `MissingPeer` if one is not installed."""
    needed = sorted({peer for group in groups for peer in group.peers()})
    missing = tuple(peer for peer in needed if find_spec(peer) is None)
    if missing:
        raise MissingPeer(missing)
    return tuple(needed)
