"""External corrections: what was told the world outside, against what it should have been told."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from eda_workshop.errors import MissingAnswer
from eda_workshop.event import Event, Recorded
from eda_workshop.replay.gateways import Gateways
from eda_workshop.replay.messages import Message, outbound_diff
from eda_workshop.replay.rehearsal import rehearse

React = Callable[[Event, Any], object]


@dataclass(frozen=True)
class External:
    """What a correction means outside, as far as its events go.

    same        went out, or waits, and is right
    missing     should have gone out
    wrong       went out, and should not have
    waiting     should not go out, and waits still: it can be withdrawn without a trace
    unanswered  questions that nobody asked at the time, so that nobody knows what their events should have sent
    """

    same: tuple[Message, ...] = ()
    missing: tuple[Message, ...] = ()
    wrong: tuple[Message, ...] = ()
    waiting: tuple[Message, ...] = ()
    unanswered: tuple[MissingAnswer, ...] = ()

    @property
    def repeated(self) -> int:
        """How many messages a replay without gateways would have sent once more."""
        return len(self.same)

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left to do."""
        return not (self.missing or self.wrong or self.waiting or self.unanswered)

    def __repr__(self) -> str:
        counts = {
            "same": self.same,
            "missing": self.missing,
            "wrong": self.wrong,
            "waiting": self.waiting,
            "unanswered": self.unanswered,
        }
        return f"<External: {', '.join(f'{len(rows)} {name}' for name, rows in counts.items())}>"


def compare(
    gateways: Gateways, react: React, story: Iterable[tuple[Recorded, Any]], gone: Iterable[Recorded]
) -> External:
    """What went out because of some events against what they would send now.

    story  the events as they count, each with the state right after it
    gone   events that count no more
    """
    told = list(story)
    events, states = [event for event, _ in told], {event.id: state for event, state in told}
    rehearsal = rehearse(gateways, events, lambda event: react(event, states[event.id]))
    positions = {missing.position for missing in rehearsal.unanswered}
    causes = {event.id for event in (*events, *gone) if event.position not in positions}
    out = [message for _, message in gateways.recording.out(causes)]
    waiting = [message for _, message in gateways.recording.waiting(causes)]
    found = outbound_diff([*out, *waiting], rehearsal.messages)
    wrong = outbound_diff(found["wrong"], waiting)
    return External(
        tuple(found["same"]), tuple(found["missing"]), tuple(wrong["wrong"]), tuple(wrong["same"]), rehearsal.unanswered
    )


def settle(gateways: Gateways, external: External, find: Callable[[str], Event | None]) -> None:
    """Withdraw what waits wrongly, retract what can be retracted, and send what is missing; the rest is for a person.

    Nothing that is right is sent again.
    """
    for message in (*external.waiting, *external.wrong):
        gateways.retract(message)
    for message in external.missing:
        event = find(message.cause)
        if event is not None:
            gateways.make_up(message, event)
