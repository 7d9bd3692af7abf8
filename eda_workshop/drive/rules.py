"""The rules of the file-sharing service, and the events that each of its decisions depends on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from eda_workshop.bus import Command
from eda_workshop.decide import Decider, decides
from eda_workshop.drive.kinds import KINDS
from eda_workshop.errors import Rejected
from eda_workshop.event import Event
from eda_workshop.log import Query
from eda_workshop.replay import applies
from eda_workshop.values import FrozenDict

_PLACES = Query(("folder.created", "folder.moved"))


@dataclass(frozen=True)
class Known:
    """The state that the rules need: the e-mail address of each user, and the path of each folder."""

    users: FrozenDict = field(default_factory=FrozenDict)
    folders: FrozenDict = field(default_factory=FrozenDict)


class Files(Decider):
    """The rules for users and folders.

    Signing up depends on one user alone. A new folder needs a free path and the next number, so it depends on all
    folders.
    """

    initial = Known()
    kinds = KINDS

    @staticmethod
    def boundary(command: Command) -> Query:
        match command.name:
            case "user.sign_up":
                return _user(command.data["user"])
            case "folder.create":
                return _user(command.data["user"]) | _PLACES
            case "folder.share":
                return _user(command.data["with"]) | Query("folder.created", tags=f"folder/{command.data['folder']}")
        return _PLACES

    @staticmethod
    @applies("user.signed_up")
    def signed_up(known: Known, event: Event) -> Known:
        return replace(known, users=FrozenDict({**known.users, event.data["user"]: event.data["email"]}))

    @staticmethod
    @applies("folder.created", "folder.moved")
    def placed(known: Known, event: Event) -> Known:
        return replace(known, folders=FrozenDict({**known.folders, event.data["folder"]: event.data["path"]}))

    @staticmethod
    @decides("user.sign_up")
    def sign_up(known: Known, command: Command) -> Event:
        user = command.data["user"]
        _require(user not in known.users, f"{user} has signed up already")
        return _fact("user.signed_up", command.data)

    @staticmethod
    @decides("folder.create")
    def create(known: Known, command: Command) -> Event:
        user, path = command.data["user"], command.data["path"]
        _require(user in known.users, f"nobody is called {user}")
        _require(path not in known.folders.values(), f"{path} exists already")
        return _fact("folder.created", {**command.data, "folder": f"f{len(known.folders) + 1}"})

    @staticmethod
    @decides("folder.move")
    def move(known: Known, command: Command) -> Event:
        folder, path = command.data["folder"], command.data["path"]
        _require(folder in known.folders, f"there is no folder {folder}")
        _require(path not in known.folders.values(), f"{path} exists already")
        return _fact("folder.moved", command.data)

    @staticmethod
    @decides("folder.share")
    def share(known: Known, command: Command) -> Event:
        folder, friend = command.data["folder"], command.data["with"]
        _require(folder in known.folders, f"there is no folder {folder}")
        _require(friend in known.users, f"nobody is called {friend}")
        return _fact("folder.shared", command.data)


def _fact(name: str, data: Mapping[str, Any]) -> Event:
    return Event(name, data, subject=KINDS[name].subject(data), source="/drive")


def _user(user: str) -> Query:
    return Query("user.signed_up", tags=f"user/{user}")


def _require(condition: bool, otherwise: str) -> None:
    if not condition:
        raise Rejected(otherwise)
