"""Patterns: many subscribers with one each, of which three stand for the event's name."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from eda_workshop.bench.case import Aim, Block, Case, Group
from eda_workshop.bench.peers import OurBus, Peer, Pymitter
from eda_workshop.bench.subjects import FreshNames, Publishing
from eda_workshop.event import Event

NAME = "drive.folder.created"
MATCHING = ("drive.*.created", "drive.*.*", "*.*.created")
OTHERS = ("service_{}.*.created", "drive.*.failed_{}", "*.thing_{}.*")
EXACT = "our bus, exact name"
SEEN = "our bus"
FIRST = "999 patterns, first sight of a name"


def patterns(count: int) -> dict[str, int]:
    """So many patterns and how often an event of `NAME` calls each: the first three once, no other.

    The others have their wildcard in the first, second or last token, a third of them each.
    """
    others = (OTHERS[number % 3].format(number) for number in range(count - len(MATCHING)))
    return dict.fromkeys(MATCHING, 1) | dict.fromkeys(others, 0)


def seen(make: Callable[[], Peer], count: int) -> Publishing:
    """One event, over and over, at so many patterns."""
    return Publishing(make(), [Event(NAME)], patterns(count))


def exact() -> Publishing:
    """The same event to three subscribers of its very name."""
    return Publishing(OurBus(), [Event(NAME)], {NAME: 1}, handlers=3)


def unseen(make: Callable[[], Peer], count: int) -> FreshNames:
    """Each event has a name of its own that three of the patterns stand for."""
    return FreshNames(make(), "drive.folder_{}.created".format, patterns(count))


def _block(count: int) -> Block:
    return Block(
        f"{count} patterns, 3 match",
        (
            Case(EXACT, exact),
            Case(SEEN, partial(seen, OurBus, count)),
            Case("pymitter emit", partial(seen, Pymitter, count), "pymitter"),
        ),
    )


GROUP = Group(
    name="patterns",
    title="Delivery through patterns",
    about="One publish to three handlers whose patterns stand for the name, among many that don't.",
    clock="cpu",
    blocks=(
        _block(30),
        _block(999),
        Block(
            FIRST,
            (
                Case(SEEN, partial(unseen, OurBus, 999), most=500),
                Case("pymitter emit", partial(unseen, Pymitter, 999), "pymitter", most=500),
            ),
        ),
    ),
    aims=(
        Aim("30 patterns, 3 match", SEEN, "at most", 1.2, EXACT),
        Aim("999 patterns, 3 match", SEEN, "at most", 1.2, EXACT),
        Aim("999 patterns, 3 match", "pymitter emit", "at least", 1000, SEEN),
    ),
)
