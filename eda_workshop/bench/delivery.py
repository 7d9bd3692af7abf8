"""Delivery of a ready-made event: what a publish costs, and what each further handler adds."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from eda_workshop.bench.case import Aim, Block, Case, Group
from eda_workshop.bench.peers import Blinker, DictOfLists, OurBus, Peer, Pyee
from eda_workshop.bench.subjects import Publishing
from eda_workshop.event import Event

NAME = "user.signed_up"
NAMES = tuple(f"user.fact_{number}" for number in range(1000))

PEERS: dict[str, tuple[Callable[[], Peer], str]] = {
    "dict of lists": (DictOfLists, ""),
    "our bus": (OurBus, ""),
    "pyee emit": (Pyee, "pyee"),
    "blinker send": (Blinker, "blinker"),
}


def to_handlers(handlers: int, make: Callable[[], Peer]) -> Publishing:
    """One event, over and over, to so many handlers."""
    return Publishing(make(), [Event(NAME)], {NAME: 1}, handlers)


def over_names(make: Callable[[], Peer]) -> Publishing:
    """One event of each name in turn, each to the one handler of its name."""
    return Publishing(make(), [Event(name) for name in NAMES], dict.fromkeys(NAMES, 1))


def _block(title: str, build: Callable[[Callable[[], Peer]], Publishing]) -> Block:
    cases = (Case(label, partial(build, make), peer) for label, (make, peer) in PEERS.items())
    return Block(title, tuple(cases))


GROUP = Group(
    name="delivery",
    title="Delivery of a ready-made event",
    about="One publish to all its handlers, each adding one to a number; the event is made before.",
    clock="cpu",
    blocks=(
        _block("1 handler", partial(to_handlers, 1)),
        _block("10 handlers", partial(to_handlers, 10)),
        _block("1,000 handlers", partial(to_handlers, 1000)),
        _block("1,000 names, 1 handler each", over_names),
    ),
    aims=(
        Aim("1 handler", "our bus", "at most", 1.7, "dict of lists"),
        Aim("10 handlers", "our bus", "at most", 1.3, "dict of lists"),
        Aim("1,000 handlers", "our bus", "at most", 1.3, "dict of lists"),
        Aim("1,000 names, 1 handler each", "our bus", "at most", 1.7, "dict of lists"),
        Aim("1 handler", "pyee emit", "at least", 3.5, "our bus"),
        Aim("10 handlers", "pyee emit", "at least", 3.5, "our bus"),
        Aim("1,000 handlers", "pyee emit", "at least", 3.5, "our bus"),
    ),
)
