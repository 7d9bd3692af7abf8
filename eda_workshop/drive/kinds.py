"""The kinds of event that the file-sharing service knows, and the fields of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

PEOPLE = ("ada", "grace", "edsger", "barbara", "alan", "frances", "donald", "leslie")


@dataclass(frozen=True)
class Field:
    """One value in an event's data: its name, what a person calls it, and an example.

    `choices` are all values that make sense, empty if any text does.
    """

    name: str
    label: str
    example: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Kind:
    """A kind of event: its name, its fields, and how its subject is formed from them."""

    name: str
    fields: tuple[Field, ...]
    about: str

    def subject(self, data: Mapping[str, Any]) -> str:
        """The entity that an event with this data is about.

        >>> KINDS["user.signed_up"].subject({"user": "ada"})
        'user/ada'
        """
        return self.about.format_map(data)


def _kind(name: str, about: str, *fields: Field) -> Kind:
    return Kind(name, fields, about)


_USER = Field("user", "User", "ada", PEOPLE)
_FOLDER = Field("folder", "Folder", "f1")
_PATH = Field("path", "Path", "/ada/photos")

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        _kind("user.signed_up", "user/{user}", _USER, Field("email", "E-mail", "ada@example.org")),
        _kind("folder.created", "folder/{folder}", _USER, _FOLDER, _PATH),
        _kind("folder.moved", "folder/{folder}", _FOLDER, Field("path", "Path", "/ada/summer")),
        _kind("folder.shared", "folder/{folder}", _FOLDER, Field("with", "With", "grace", PEOPLE)),
        _kind("email.sent", "user/{to}", Field("to", "To", "ada", PEOPLE), Field("text", "Text", "welcome")),
    )
}
"""All kinds by name, in the order in which a story usually meets them."""
