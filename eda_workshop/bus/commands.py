"""Commands: requests to do something, with exactly one addressee, who may say no."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import Any, NoReturn

import msgspec
from msgspec.structs import force_setattr

from eda_workshop.bus.calls import Call, Outcome, is_unawaited
from eda_workshop.bus.handlers import Handler, check_handler, describe
from eda_workshop.errors import (
    AsyncHandler,
    BadEvent,
    DuplicateHandler,
    FrozenData,
    NoHandler,
)
from eda_workshop.values import FrozenDict, freeze
from eda_workshop.ids import uuid7
from eda_workshop.names import check_name


class Command(msgspec.Struct):
    """A request, named in the imperative: ``folder.create``. Frozen, like an event, but no fact.

    name         what is asked for: ``noun.verb``
    data         JSON, frozen: a dict with text keys
    id           unique for each request. Default: a UUID of version 7
    correlation  the id of what began the conversation. Default: its own id

    >>> Command("folder.create", {"path": "/photos"}, id="cmd-0001")
    Command('folder.create', {'path': '/photos'}, id='cmd-0001')
    """

    name: str
    data: Mapping[str, Any] = FrozenDict()
    id: str = msgspec.field(default_factory=uuid7)
    correlation: str = ""

    def __post_init__(self) -> None:
        force_setattr(self, "name", check_name(self.name))
        for attribute, value in (("id", self.id), ("correlation", self.correlation)):
            if not isinstance(value, str) or (attribute == "id" and not value):
                remedy = f"Leave {attribute}= out, or give it text."
                raise BadEvent(f"The command's {attribute} is {value!r}", remedy)
        force_setattr(self, "data", freeze(self.data))
        force_setattr(self, "correlation", self.correlation or self.id)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise FrozenData

    def __delattr__(self, name: str) -> NoReturn:
        raise FrozenData

    def __hash__(self) -> int:
        return hash(self.id)

    def __repr__(self) -> str:
        return f"Command({self.name!r}, {self.data!r}, id={self.id!r})"


class Commands:
    """The registry of commands: each name has exactly one handler or none yet."""

    def __init__(self) -> None:
        self._handlers: dict[str, Handler] = {}

    def add(self, name: str, handler: Handler, *, replace: bool) -> None:
        check_name(name)
        check_handler(handler)
        if name in self._handlers and not replace:
            existing = describe(self._handlers[name])
            raise DuplicateHandler("", name, name, existing, describe(handler))
        self._handlers[name] = handler

    def handler(self, name: str) -> Handler:
        """The one handler. Raises `NoHandler`."""
        if name not in self._handlers:
            raise NoHandler(name, tuple(sorted(self._handlers)))
        return self._handlers[name]


def carry_out(handler: Handler, command: Command) -> Generator[Call, Outcome, Outcome]:
    """Ask the handler; the outcome is the sender's, be it an answer or an error."""
    outcome = yield Call(handler, command)
    if outcome.error is None and is_unawaited(outcome.result):
        return Outcome(None, AsyncHandler("", command.name, describe(handler), "bus.send"))
    return outcome
