"""Whether a publish stays as cheap as it is when the bus grows: more names, more patterns."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from eda_workshop.bench.case import Aim, Block, Case, Group
from eda_workshop.bench.patterns import seen
from eda_workshop.bench.peers import OurBus
from eda_workshop.bench.subjects import Publishing
from eda_workshop.event import Event

BY_NAMES = {f"{size:,} names": size for size in (10, 100, 1000, 10_000)}
BY_PATTERNS = {f"{size:,} patterns": size for size in (10, 100, 999)}
USED = 10


def among_names(count: int) -> Publishing:
    """Ten names in turn, spread evenly over so many that have a handler each.

    Always the same number of names is used: the question is what the others cost that are merely
    there. Going through all of them would ask how many events fit into the processor's cache.
    """
    names = [f"user.fact_{number}" for number in range(count)]
    used = names[:: count // USED]
    due = dict.fromkeys(names, 0) | dict.fromkeys(used, 1)
    return Publishing(OurBus(), [Event(name) for name in used], due)


def _block(title: str, build: Callable[[int], Publishing], sizes: dict[str, int]) -> Block:
    cases = (Case(label, partial(build, size)) for label, size in sizes.items())
    return Block(title, tuple(cases))


GROUP = Group(
    name="flat",
    title="What the size of the bus costs",
    about="One publish on our bus: to ten names in turn among many, and at many patterns, 3 match.",
    clock="cpu",
    blocks=(
        _block("names with a handler each", among_names, BY_NAMES),
        _block("patterns with a handler each", partial(seen, OurBus), BY_PATTERNS),
    ),
    aims=(
        Aim("names with a handler each", "10,000 names", "at most", 1.2, "10 names"),
        Aim("patterns with a handler each", "999 patterns", "at most", 1.2, "10 patterns"),
    ),
)
