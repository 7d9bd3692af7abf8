"""Can you say no? Messages, sent as command, event or query, to nobody, to one, or to several."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, ClassVar, get_args

import ipywidgets

from eda_workshop.bus import Bus
from eda_workshop.clock import ManualClock
from eda_workshop.errors import DuplicateHandler, EdaError, NoHandler, Rejected, check_number
from eda_workshop.ids import CounterIds
from eda_workshop.log import open_log
from eda_workshop.show.picture import Picture
from eda_workshop.show.refusing import MOST, RefusingState, Taker, Way, draw_refusing
from eda_workshop.widgets.given import check_known, check_switch
from eda_workshop.widgets.instrument import Frame, Instrument, button, choice, number, tick

RECEIVERS = ("folders", "mailer", "audit")
WAYS: tuple[Way, ...] = get_args(Way)


@dataclass(frozen=True)
class Card:
    """A message: what it really is, what its sender expects, and the fact that it leads to if it is carried out."""

    means: Way
    wants: str
    fact: str = ""


CARDS: dict[str, Card] = {
    "folder.create": Card("command", "make a folder; no is an answer, too", "folder.created"),
    "user.signed_up": Card("event", "Ada has an account now"),
    "folder.list": Card("query", "which folders has Ada?"),
    "email.send": Card("command", "write to Ada, once", "email.sent"),
    "folder.shared": Card("event", "Grace can see the photos now"),
    "report.requested": Card("command", "somebody has to make the report", "report.created"),
    "quota.check": Card("query", "how much room is left?"),
    "payment.refused": Card("event", "the bank has said no"),
}
"""Three of the names mislead: an order in the past, a question in the imperative, a refusal that is a fact."""


@dataclass(frozen=True)
class RefusingSettings:
    """Which message, how it is sent, how many receivers there are, and whether the first of them says no."""

    card: str = "folder.create"
    way: Way = "command"
    receivers: int = 1
    refuses: bool = False


def run(settings: RefusingSettings) -> RefusingState:
    """Send the message on a bus, and see what becomes of it."""
    scene = _Scene(settings)
    act: dict[Way, Callable[[], None]] = {"command": scene.send, "event": scene.publish, "query": scene.ask}
    act[settings.way]()
    card = scene.card
    names = RECEIVERS[: settings.receivers]
    takers = tuple(scene.takers.get(name, Taker(name, "was not asked", "idle")) for name in names)
    refusals = sum(taker.did.startswith("said no") for taker in takers)
    reactions = sum(taker.mark == "done" for taker in takers)
    facts = tuple(event.name for event in scene.log)
    counts = (scene.errors, refusals, reactions, scene.answers)
    return RefusingState(settings.card, card.means, card.wants, settings.way, takers, *counts, facts, scene.said)


class _Scene:
    """One message on a bus of its own, with receivers that note what they did."""

    def __init__(self, settings: RefusingSettings) -> None:
        self.name, self.card, self._way = settings.card, CARDS[settings.card], settings.way
        self.log = open_log("memory://", clock=ManualClock())
        self.takers: dict[str, Taker] = {}
        self.errors = self.answers = 0
        self.said = ""
        self._bus = Bus(self.log, ids=CounterIds())
        self._names = RECEIVERS[: settings.receivers]
        self._refuser = RECEIVERS[0] if settings.refuses else ""

    def send(self) -> None:
        """As a command: the bus lets one handler in, and hands its answer back."""
        try:
            for name in self._names:
                self._bus.handle(self.name, self._receiver(name))
            self._bus.send(self.name)
            self.answers = 1
        except DuplicateHandler as error:
            self.takers[name] = Taker(name, "was not let in as a second handler", "shut out")
            self._object(error)
        except (NoHandler, Rejected) as error:
            self._object(error)

    def publish(self) -> None:
        """As an event: recorded, then handed to whoever is there; a refusal becomes a dead letter."""
        for name in self._names:
            self._bus.subscriber(name, on_error="park").on(self.name, self._receiver(name))
        self._bus.publish(self.name)
        for letter in self._bus.dead_letters:
            self.said = f"{letter.subscriber} has a dead letter: {letter.error}. The event is published all the same."

    def ask(self) -> None:
        """As a query, which needs no bus: a plain call of each function that knows an answer."""
        if not self._names:
            self.errors = 1
            self.said = "There is nobody to ask."
        for name in self._names:
            try:
                self._receiver(name)(None)
                self.answers += 1
            except Rejected as error:
                self._object(error)

    def _receiver(self, name: str) -> Callable[[Any], str]:
        def receive(_: Any) -> str:
            if name == self._refuser:
                self.takers[name] = Taker(name, f"said no{self._in_vain}", "refused")
                raise Rejected(f"{name} says no")
            if self.card.fact:
                self._bus.publish(self.card.fact)
            self.takers[name] = Taker(name, self._deed, "done")
            return self._deed

        return receive

    @property
    def _deed(self) -> str:
        done = {"command": "did it", "event": "reacted", "query": "answered"}[self.card.means]
        return done + (", to nobody" if (self.card.means, self._way) == ("query", "event") else "")

    @property
    def _in_vain(self) -> str:
        return ", but it has happened" if self.card.means == "event" and self._way != "query" else ""

    def _object(self, error: EdaError) -> None:
        """Note what the library says, without its advice."""
        self.errors += 1
        self.said = f"{type(error).__name__}: {str(error).split(': ')[0]}."


class CanYouSayNo(Instrument):
    """A message and up to three receivers, the first of which may say no.

    card       the message: one of `CARDS`
    way        how it is sent: "command", "event" or "query"
    receivers  how many there are, 0 to 3
    refuses    whether the first of them says no

    >>> CanYouSayNo("user.signed_up", "event", 3)
    CanYouSayNo: user.signed_up as an event to 3 receivers: 0 errors, 3 reactions, 0 refusals. The log holds user.signed_up. News: it is true whoever hears it, and whatever they do.
    """

    labels: ClassVar = {"card": "Message", "way": "Send it as", "refuses": "The first says no"}

    def __init__(
        self, card: str = "folder.create", way: Way = "command", receivers: int = 1, *, refuses: bool = False
    ) -> None:
        self.settings = RefusingSettings()
        self._set(card=card, way=way, receivers=receivers, refuses=refuses)
        super().__init__()

    def frame(self) -> Frame:
        state = run(self.settings)
        names = ("errors", "refusals", "reactions", "answers", "facts")
        return Frame(draw_refusing(state), {name: getattr(state, name) for name in names})

    def card(self, name: str) -> Picture:
        """Take another message."""
        return self._do(lambda: self._set(card=name))

    def send_as(self, way: Way) -> Picture:
        """Send it as a "command", an "event" or a "query"."""
        return self._do(lambda: self._set(way=way))

    def receivers(self, count: int) -> Picture:
        """To so many receivers, 0 to 3."""
        return self._do(lambda: self._set(receivers=count))

    def refuse(self, on: bool = True) -> Picture:
        """Let the first receiver say no, or not."""
        return self._do(lambda: self._set(refuses=on))

    def reset(self) -> Picture:
        """The first message, as a command, to one receiver who agrees."""
        return self._do(lambda: setattr(self, "settings", RefusingSettings()))

    def _controls(self) -> list[list[ipywidgets.Widget]]:
        settings = self.settings
        self._card = choice("Message", list(CARDS), settings.card)
        self._way = choice("Send it as", list(WAYS), settings.way)
        self._card.observe(lambda change: self._by_hand(lambda: self.card(change["new"])), names="value")
        self._way.observe(lambda change: self._by_hand(lambda: self.send_as(change["new"])), names="value")
        count = number(
            "Receivers", settings.receivers, 0, MOST, 1, lambda value: self._by_hand(lambda: self.receivers(int(value)))
        )
        self._count = count[0]
        self._refuses = tick("The first says no", settings.refuses, lambda on: self._by_hand(lambda: self.refuse(on)))
        return [[self._card, self._way, *count, self._refuses, button("Start over", self.reset)]]

    def _put_controls(self) -> None:
        self._card.value, self._way.value = self.settings.card, self.settings.way
        self._count.value, self._refuses.value = self.settings.receivers, self.settings.refuses

    def _set(self, **changes: Any) -> None:
        settings = replace(self.settings, **changes)
        check_known("card", settings.card, CARDS)
        check_known("way", settings.way, WAYS)
        check_switch("refuses", settings.refuses)
        check_number("receivers", settings.receivers, 0, MOST)
        self.settings = settings
