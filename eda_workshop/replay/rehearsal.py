"""What would be sent: handlers at work on events while nothing goes out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from eda_workshop.errors import MissingAnswer
from eda_workshop.event import Event, Recorded
from eda_workshop.replay.gateways import Gateways
from eda_workshop.replay.messages import Message, is_own


@dataclass(frozen=True)
class Rehearsal:
    """What handlers would have done to the world outside.

    messages    what they would have sent, in order
    unanswered  what they asked and nobody answered at the time; an event that asked so sends nothing
    """

    messages: tuple[Message, ...]
    unanswered: tuple[MissingAnswer, ...]


def rehearse(gateways: Gateways, events: Iterable[Recorded], handle: Callable[[Event], object]) -> Rehearsal:
    """Call `handle` with each event but those that gateways recorded, silently, answered from the recording."""
    messages: list[Message] = []
    unanswered: list[MissingAnswer] = []
    with gateways.branching():
        for event in events:
            if is_own(event):
                continue
            before = len(gateways.outbound)
            try:
                gateways.handle(event, handle)
            except MissingAnswer as missing:
                unanswered.append(missing)
            else:
                messages += gateways.outbound[before:]
    return Rehearsal(tuple(messages), tuple(unanswered))
