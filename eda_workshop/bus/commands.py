"""Commands: requests to do something, with exactly one addressee, who may say no."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

import msgspec
from msgspec.structs import force_setattr

from eda_workshop.errors import BadEvent, FrozenData
from eda_workshop.event import Event, check_extensions
from eda_workshop.ids import uuid7
from eda_workshop.names import check_name
from eda_workshop.values import NOTHING, freeze

_TRACE = ("traceparent", "tracestate")
"""The extensions in which CloudEvents carries the context of W3C's distributed tracing."""


class Command(msgspec.Struct):
    """A request, named in the imperative: ``folder.create``. Frozen, like an event, but no fact.

    name         what is asked for: ``noun.verb``
    data         JSON, frozen: a dict with text keys
    id           unique for each request. Default: a UUID of version 7
    correlation  the id of what began the conversation. Default: its own id
    causation    the id of the event that led to it; "" if none did. The bus fills it in
    extensions   further attributes, such as ``traceparent``, which the bus carries on

    >>> Command("folder.create", {"path": "/photos"}, id="cmd-0001")
    Command('folder.create', {'path': '/photos'}, id='cmd-0001')
    """

    name: str
    data: Mapping[str, Any] = NOTHING
    id: str = msgspec.field(default_factory=uuid7)
    correlation: str = ""
    causation: str = ""
    extensions: Mapping[str, str | int | bool] = NOTHING

    def __post_init__(self) -> None:
        force_setattr(self, "name", check_name(self.name))
        for attribute in ("id", "correlation", "causation"):
            value = getattr(self, attribute)
            if not isinstance(value, str) or (attribute == "id" and not value):
                remedy = f"Leave {attribute}= out, or give it text."
                raise BadEvent(f"The command's {attribute} is {value!r}", remedy)
        force_setattr(self, "data", freeze(self.data))
        force_setattr(self, "extensions", check_extensions(self.extensions))
        force_setattr(self, "correlation", self.correlation or self.id)

    def caused_by(self, cause: Event | Command) -> Command:
        """The command as a part of the conversation of what led to it; one that names its cause stays as it is."""
        if self.causation:
            return self
        correlation = cause.correlation if self.correlation == self.id else self.correlation
        extensions = carry_trace(cause, self.extensions)
        return Command(self.name, self.data, self.id, correlation, origin(cause), extensions)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise FrozenData

    def __delattr__(self, name: str) -> NoReturn:
        raise FrozenData

    def __hash__(self) -> int:
        return hash(self.id)

    def __repr__(self) -> str:
        return f"Command({self.name!r}, {self.data!r}, id={self.id!r})"


def origin(cause: Event | Command) -> str:
    """The id that an effect names as its cause: the event that led to it, through any number of commands.

    A command that no event led to stands for itself.
    """
    return cause.id if isinstance(cause, Event) else cause.causation or cause.id


def effect_of(cause: Event | Command, event: Event) -> Event:
    """The event as a part of the conversation of what led to it; one that names its cause stays as it is."""
    if event.causation:
        return event
    correlation = cause.correlation if event.correlation == event.id else event.correlation
    extensions = carry_trace(cause, event.extensions)
    return event.replace(causation=origin(cause), correlation=correlation, extensions=extensions)


def carry_trace(cause: Event | Command, extensions: Any) -> Any:
    """The extensions of an effect: its own, and the cause's trace context unless it has one of its own."""
    if "traceparent" not in cause.extensions or not isinstance(extensions, Mapping) or "traceparent" in extensions:
        return extensions
    return {name: cause.extensions[name] for name in _TRACE if name in cause.extensions} | {**extensions}
