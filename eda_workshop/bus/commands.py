"""Commands: requests to do something, with exactly one addressee, who may say no."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

import msgspec
from msgspec.structs import force_setattr

from eda_workshop.errors import BadEvent, FrozenData
from eda_workshop.ids import uuid7
from eda_workshop.names import check_name
from eda_workshop.values import FrozenDict, freeze


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
