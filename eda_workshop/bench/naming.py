"""What publish(name, data) costs, which makes the event first: information, without an aim."""

from __future__ import annotations

from collections.abc import Callable

from eda_workshop.bench.case import Block, Case, Group
from eda_workshop.bench.peers import MakingByHand, OurBusMaking, Peer
from eda_workshop.bench.subjects import Publishing
from eda_workshop.bus import Bus
from eda_workshop.clock import ManualClock
from eda_workshop.event import Event
from eda_workshop.ids import CounterIds

NAME = "user.signed_up"


def _making(make: Callable[[], Peer]) -> Callable[[], Publishing]:
    return lambda: Publishing(make(), [Event(NAME)], {NAME: 1})


def _lesson_bus() -> OurBusMaking:
    return OurBusMaking(Bus(clock=ManualClock(), ids=CounterIds()))


GROUP = Group(
    name="naming",
    title="From a name and data to a delivered event",
    about="publish(name, data) to one handler: checks, a frozen copy of the data, id and time.",
    clock="cpu",
    blocks=(
        Block(
            "1 handler, event made on the way",
            (
                Case("uuid4 + now + dict of lists", _making(MakingByHand)),
                Case("our bus", _making(OurBusMaking)),
                Case("our bus, counted ids, manual clock", _making(_lesson_bus)),
            ),
        ),
    ),
)
