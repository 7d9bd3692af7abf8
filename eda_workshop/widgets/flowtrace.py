"""The trace of a flow: one sign-up, led by nobody or by a saga, with a participant that may refuse."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import ipywidgets

from eda_workshop.bus import Bus, Delivery
from eda_workshop.clock import ManualClock
from eda_workshop.drive.signup import PARTICIPANTS, choreographed, orchestrated, request
from eda_workshop.errors import BadSetting
from eda_workshop.flows.sequence import Sequence, sequence
from eda_workshop.ids import CounterIds
from eda_workshop.log import open_log
from eda_workshop.show.picture import Picture
from eda_workshop.show.sequence import draw_sequence
from eda_workshop.widgets.given import check_switch
from eda_workshop.widgets.instrument import Frame, Instrument, button, choice, number, tick

FLOWS = {"choreography": choreographed, "orchestration": orchestrated}
_NAMES = [who.name for who in PARTICIPANTS]


@dataclass(frozen=True)
class FlowSettings:
    """Which way the flow is built, who refuses ("" for nobody), whether copies are doubled, and how much is shown."""

    flow: str = "choreography"
    refuses: str = ""
    doubled: bool = False
    shown: int | None = None


def run(settings: FlowSettings) -> tuple[Sequence, Bus]:
    """One sign-up on a real bus with a log, as a sequence drawn from that log."""
    delivery = Delivery(seed=4, duplicate=0.5) if settings.doubled else None
    bus = Bus(open_log("memory://", clock=ManualClock(tick=1)), ids=CounterIds(), delivery=delivery)
    FLOWS[settings.flow](bus, refuses=settings.refuses)
    request(bus)
    bus.settle()
    return sequence(bus.log or (), bus, without=("sign_up.>",)), bus


class FlowTrace(Instrument):
    """One sign-up of the drive, from its log.

    flow     "choreography": each reacts to the one before it; "orchestration": a saga asks one after the other
    refuses  the participant that will not: accounts, folders, billing or mailer; "" for nobody

    >>> FlowTrace("orchestration").picture.words
    '9 messages among 6 participants: 5 events and 4 commands.'
    """

    def __init__(self, flow: str = "choreography", *, refuses: str = "") -> None:
        if flow not in FLOWS:
            raise BadSetting("flow", flow, f"one of: {', '.join(FLOWS)}")
        if refuses and refuses not in _NAMES:
            raise BadSetting("refuses", refuses, f"one of: {', '.join(_NAMES)}, or nothing")
        self.settings = FlowSettings(flow, refuses)
        super().__init__()

    def frame(self) -> Frame:
        drawn, bus = run(self.settings)
        numbers = {
            "messages": len(drawn.messages),
            "commands": sum(message.is_command for message in drawn.messages),
            "participants": len(drawn.participants),
            "known by": len({row.subscriber for row in bus.registry()}),
            "facts": tuple(message.name for message in drawn.messages if not message.is_command),
        }
        return Frame(draw_sequence(drawn, upto=self.settings.shown), numbers)

    @property
    def mermaid(self) -> str:
        """The sequence as the text of a Mermaid diagram."""
        return run(self.settings)[0].mermaid()

    def flow(self, name: str) -> Picture:
        """Build it as a "choreography" or an "orchestration"."""
        return self._do(lambda: self._choose(flow=self._one_of("flow", name, list(FLOWS))))

    def refuse(self, participant: str = "") -> Picture:
        """Let this participant refuse; nobody without a name."""
        return self._do(lambda: self._choose(refuses=self._one_of("refuses", participant, ["", *_NAMES])))

    def double(self, on: bool = True) -> Picture:
        """Let copies of events come twice, by chance from a seed, or not."""
        return self._do(lambda: self._choose(doubled=check_switch("Copies come twice", on)))

    def show(self, messages: int) -> Picture:
        """Show so many messages, and the others faintly."""
        return self._do(lambda: self._set(shown=self._within(messages)))

    def reset(self) -> Picture:
        """Everything as it was: nobody refuses, nothing comes twice."""
        return self._do(lambda: self._choose(refuses="", doubled=False))

    def _controls(self) -> list[list[ipywidgets.Widget]]:
        self._flow = choice("Flow", list(FLOWS), self.settings.flow)
        self._refuses = choice("Refuses", [("nobody", ""), *((name, name) for name in _NAMES)], self.settings.refuses)
        self._doubled = tick("Copies come twice", False, lambda on: self._by_hand(lambda: self.double(on)))
        most = len(run(self.settings)[0].messages)
        self._slider = number("Messages", most, 0, most, 1, lambda value: self._by_hand(lambda: self.show(int(value))))
        self._flow.observe(lambda change: self._by_hand(lambda: self.flow(change["new"])), names="value")
        self._refuses.observe(lambda change: self._by_hand(lambda: self.refuse(change["new"])), names="value")
        return [[self._flow, self._refuses, self._doubled], [*self._slider, button("Start over", self.reset)]]

    def _put_controls(self) -> None:
        self._flow.value, self._refuses.value = self.settings.flow, self.settings.refuses
        self._doubled.value = self.settings.doubled
        most = len(run(self.settings)[0].messages)
        for control in self._slider:
            control.max = most
        self._slider[0].value = most if self.settings.shown is None else self.settings.shown

    def _one_of(self, what: str, given: str, known: list[str]) -> str:
        if given not in known:
            raise BadSetting(what, given, f"one of: {', '.join(filter(None, known))}")
        return given

    def _within(self, messages: int) -> int:
        most = len(run(self.settings)[0].messages)
        if type(messages) is not int or not 0 <= messages <= most:
            raise BadSetting("messages", messages, f"a whole number from 0 to {most}")
        return messages

    def _choose(self, **changes: Any) -> None:
        self._set(shown=None, **changes)

    def _set(self, **changes: Any) -> None:
        self.settings = replace(self.settings, **changes)
