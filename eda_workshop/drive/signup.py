"""The drive's sign-up, built twice from the same participants: each reacts to the one before, or one place leads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from eda_workshop.bus import Bus
from eda_workshop.decide import Saga, Step
from eda_workshop.errors import BadSetting, Rejected

STARTS = "signup.requested"


@dataclass(frozen=True)
class Participant:
    """One that takes part: its name, and what it does and takes back, as commands and as facts."""

    name: str
    do: str
    done: str
    undo: str = ""
    undone: str = ""
    kept: str = ""

    @property
    def refused(self) -> str:
        """The fact that it would not."""
        return f"{self.done.partition('.')[0]}.refused"


PARTICIPANTS = (
    Participant("accounts", "account.open", "account.opened", "account.close", "account.closed"),
    Participant("folders", "home.make", "home.made", "home.remove", "home.removed"),
    Participant("billing", "trial.begin", "trial.begun", "trial.end", "trial.ended"),
    Participant("mailer", "mail.send", "mail.sent"),
)


def choreographed(bus: Bus, *, refuses: str = "") -> None:
    """Each participant reacts to the fact of the one before it; and to the one after it that it failed, by undoing.

    refuses  the participant that will not: accounts, folders, billing or mailer; "" for none
    """
    _check(refuses)
    before = STARTS
    for number, who in enumerate(PARTICIPANTS):
        tap = bus.subscriber(who.name)
        tap.on(before, _does(bus, who, refuses=who.name == refuses))
        for failed in _failures_after(number):
            tap.on(failed, _says(bus, who, who.undone))
        before = who.done


def orchestrated(bus: Bus, *, refuses: str = "") -> Saga:
    """The same participants carry out commands, and a saga knows the order, and what to undo."""
    _check(refuses)
    for who in PARTICIPANTS:
        bus.handle(who.do, _refuse if who.name == refuses else _says(bus, who, who.done))
        if who.undo:
            bus.handle(who.undo, _says(bus, who, who.undone))
    return Saga(bus, "sign_up", STARTS, [Step(who.do, who.done, who.undo) for who in PARTICIPANTS])


def request(bus: Bus, user: str = "ada") -> str:
    """Somebody wants to sign up. The conversation's correlation."""
    return bus.publish(STARTS, {"user": user}, source="/web", subject=f"user/{user}").event.correlation


def order_known_by(bus: Bus) -> Mapping[str, tuple[str, ...]]:
    """Where the order of the steps is written down: who reacts to facts of others, and to which."""
    found: dict[str, tuple[str, ...]] = {}
    for row in bus.registry():
        found[row.subscriber] = (*found.get(row.subscriber, ()), row.name)
    return found


def _failures_after(number: int) -> list[str]:
    """What tells a participant to undo: the next one would not, or has undone its own part."""
    following = PARTICIPANTS[number + 1 : number + 2]
    return [name for who in following for name in (who.refused, who.undone) if name and PARTICIPANTS[number].undone]


def _does(bus: Bus, who: Participant, *, refuses: bool) -> Callable[[Any], None]:
    return _says(bus, who, who.refused if refuses else who.done)


def _says(bus: Bus, who: Participant, fact: str) -> Callable[[Any], None]:
    """Do it, which here is nothing more than to say so."""

    def handle(message: Any) -> None:
        bus.publish(fact, message.data, source=f"/{who.name}", subject=f"user/{message.data['user']}")

    return handle


def _refuse(command: Any) -> None:
    raise Rejected(f"{command.name} is refused")


def _check(refuses: str) -> None:
    names = [who.name for who in PARTICIPANTS]
    if refuses and refuses not in names:
        raise BadSetting("refuses", refuses, f"one of: {', '.join(names)}, or nothing")
