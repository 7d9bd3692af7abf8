"""The event: a frozen fact with two times, when it occurred and when it was recorded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NoReturn, Self

import msgspec
from msgspec.structs import force_setattr

from eda_workshop import cloudevents
from eda_workshop.clock import as_instant
from eda_workshop.errors import BadEvent, FrozenData
from eda_workshop.frozen import FrozenDict, freeze
from eda_workshop.ids import uuid7
from eda_workshop.names import check_name

_TEXTS = ("subject", "source", "id", "correlation", "causation")


def _now() -> datetime:
    return datetime.now(UTC)


class _Message(msgspec.Struct):
    """What events and commands share: a name and data."""

    name: str
    data: Mapping[str, Any] = FrozenDict()


class Event(_Message, kw_only=True):
    """Something that happened. It can't be changed, refused or taken back; only more can be said.

    name         what happened: ``noun.verb_past``, two or more tokens joined by dots
    data         JSON, frozen: a dict with text keys
    subject      the entity it is about, such as ``user/ada``
    source       who says so: a URI reference
    id           unique for each occurrence; the key to publishing it once. Default: a UUID of version 7
    occurred     when it happened: an aware datetime or RFC 3339 text. Default: now, by the wall clock
    correlation  the id of the event that began the conversation. Default: its own id
    causation    the id of the event or command that directly caused it; "" if none did
    version      the version of the data's shape, from 1
    extensions   further CloudEvents attributes, kept as they came

    Raises `BadName`, `BadData`, `BadTime` or `BadEvent`. The two times follow Fowler's Domain Event.

    >>> Event("user.signed_up", {"name": "Ada"}, subject="user/ada", id="evt-0001")
    Event('user.signed_up', {'name': 'Ada'}, subject='user/ada', id='evt-0001')
    """

    subject: str = ""
    source: str = ""
    id: str = msgspec.field(default_factory=uuid7)
    occurred: datetime = msgspec.field(default_factory=_now)
    correlation: str = ""
    causation: str = ""
    version: int = 1
    extensions: Mapping[str, str | int | bool] = FrozenDict()

    def __post_init__(self) -> None:
        check_name(self.name)
        for text in _TEXTS:
            _check_text(text, getattr(self, text))
        if not self.id:
            raise BadEvent("The event's id is empty", "Leave id= out, or give one that no other event has.")
        if type(self.version) is not int or self.version < 1:
            raise BadEvent(f"The version {self.version!r} is no number from 1", "Write version=1.")
        force_setattr(self, "data", freeze(self.data))
        force_setattr(self, "occurred", as_instant(self.occurred))
        force_setattr(self, "correlation", self.correlation or self.id)
        force_setattr(self, "extensions", cloudevents.check_extensions(self.extensions))

    def replace(self, **changes: Any) -> Self:
        """A new event like this one, with some attributes changed; this one stays as it is."""
        return msgspec.structs.replace(self, **changes)

    def to_cloudevent(self) -> dict[str, Any]:
        """The event in the JSON form of CloudEvents 1.0, as a dict.

        >>> event = Event("user.signed_up", id="evt-0001", occurred="2026-03-02T09:00:00Z")
        >>> event.to_cloudevent()["type"], event.to_cloudevent()["time"]
        ('user.signed_up', '2026-03-02T09:00:00Z')
        """
        return cloudevents.encode(self)

    @classmethod
    def from_cloudevent(cls, document: Mapping[str, Any] | str | bytes) -> Event:
        """The event of a CloudEvents 1.0 document: a dict, or its JSON text.

        A document with `recordedtime` and `sequence` becomes a `Recorded`. Raises `BadCloudEvent`, or what
        `Event` raises for a type that breaks the rules of names.
        """
        attributes = cloudevents.decode(document)
        return (Recorded if "position" in attributes else Event)(**attributes)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise FrozenData

    def __delattr__(self, name: str) -> NoReturn:
        raise FrozenData

    def __hash__(self) -> int:
        return hash(self.id)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._summary()})"

    def _summary(self) -> str:
        about = f", subject={self.subject!r}" if self.subject else ""
        return f"{self.name!r}, {_abridged(self.data)}{about}, id={self.id!r}"


class Recorded(Event, kw_only=True):
    """An event as a log holds it.

    position   its place in the log, from 1, without gaps
    recorded   when the log took it in; never before the event at the position before
    hash       SHA-256 in hex over the event and the hash before it
    """

    position: int
    recorded: datetime
    hash: str = ""

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        force_setattr(self, "recorded", as_instant(self.recorded))

    @property
    def event(self) -> Event:
        """The event alone, as it was before it was recorded."""
        return Event(**{name: getattr(self, name) for name in Event.__struct_fields__})

    @property
    def scheduled(self) -> bool:
        """Whether it was recorded before it occurs: announced for later."""
        return self.occurred > self.recorded

    def __hash__(self) -> int:
        return hash(self.id)

    def _summary(self) -> str:
        return f"{self.position}, {Event._summary(self)}"


def _check_text(attribute: str, value: object) -> None:
    if not isinstance(value, str):
        kind = type(value).__name__
        raise BadEvent(f"The event's {attribute} is {kind}, not text", f"Write {attribute}='…'.")


def _abridged(data: Mapping[str, Any], width: int = 60) -> str:
    text = repr(data)
    return text if len(text) <= width else text[: width - 2] + "…}"
