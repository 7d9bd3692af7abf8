"""More desks for specs to meet: right ones that are written differently, and ones that are wrong in everything of a kind."""

from __future__ import annotations

from typing import Any, ClassVar

from eda_workshop.bus import Command
from eda_workshop.decide import decides
from eda_workshop.errors import Rejected
from eda_workshop.event import Event
from eda_workshop.replay import applies, fold
from eda_workshop.stories.desks import LEND, RESERVE, RETURN, Desk, reserved, returned
from eda_workshop.stories.library import BORROWED, RESERVED, RETURNED

RULES = {LEND: Desk.lend, RETURN: Desk.take_back, RESERVE: Desk.reserve}


class OtherWords(Desk):
    """Right, and says no in other words."""

    @staticmethod
    @decides(LEND, RETURN, RESERVE)
    def decide(state: Any, command: Command) -> Event:
        try:
            return RULES[command.name](state, command)
        except Rejected:
            raise Rejected("Sorry.") from None


class OtherState(Desk):
    """Right, and keeps in its state all that has happened."""

    initial: ClassVar[Any] = ()

    @staticmethod
    @applies(BORROWED, RETURNED, RESERVED)
    def note(state: Any, event: Event) -> Any:
        return (*state, (event.name, event.data["title"], event.data["reader"]))

    @staticmethod
    @decides(LEND, RETURN, RESERVE)
    def decide(state: Any, command: Command) -> Event:
        events = [Event(name, {"title": title, "reader": reader}) for name, title, reader in state]
        return RULES[command.name](fold(events, Desk), command)


class SaysYes(Desk):
    """Wrong: it never refuses."""

    @staticmethod
    @decides(LEND, RETURN, RESERVE)
    def decide(_: Any, command: Command) -> Event:
        title, reader = command.data["title"], command.data["reader"]
        if command.name == LEND:
            return RULES[LEND](Desk.initial, command)
        return returned(title, reader) if command.name == RETURN else reserved(title, reader)


class Forgets(Desk):
    """Wrong: to it, nothing has ever happened."""

    @staticmethod
    @applies(BORROWED, RETURNED, RESERVED)
    def forget(state: Any, _: Event) -> Any:
        return state


class OtherFacts(Desk):
    """Wrong: it refuses what it should, and its state is right, but its events lack half of what they should say."""

    @staticmethod
    @decides(LEND, RETURN, RESERVE)
    def decide(state: Any, command: Command) -> Event:
        event = RULES[command.name](state, command)
        return event.replace(data={name: event.data[name] for name in ("title", "reader")}, tags=())
