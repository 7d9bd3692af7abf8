"""What the service's events come to: models that lessons and benchmarks replay."""

from __future__ import annotations

from dataclasses import dataclass, replace

from eda_workshop.drive.kinds import KINDS
from eda_workshop.event import Event
from eda_workshop.replay import KeyedModel, Model, applies, reverses


@dataclass(frozen=True)
class Folder:
    """One folder: where it is, whose it is, with whom it is shared, and how often it was moved."""

    path: str = ""
    owner: str = ""
    shared: tuple[str, ...] = ()
    moves: int = 0


class Folders(KeyedModel):
    """Every folder by its subject, such as ``folder/f1``.

    >>> from eda_workshop.drive import stream
    >>> log = open_log("memory://")
    >>> _ = log.append(*stream(2))
    >>> fold(log, Folders)
    {'folder/f1': Folder(path='/ada', owner='ada', shared=(), moves=0)}
    """

    initial = Folder()
    kinds = KINDS

    @staticmethod
    @applies("folder.created", keep=lambda folder, event: folder)
    def created(folder: Folder, event: Event) -> Folder:
        return replace(folder, path=event.data["path"], owner=event.data["user"])

    @staticmethod
    @applies("folder.moved", keep=lambda folder, event: folder.path)
    def moved(folder: Folder, event: Event) -> Folder:
        return replace(folder, path=event.data["path"], moves=folder.moves + 1)

    @staticmethod
    @applies("folder.shared")
    def shared(folder: Folder, event: Event) -> Folder:
        return replace(folder, shared=(*folder.shared, event.data["with"]))

    @staticmethod
    @reverses("folder.created")
    def not_created(_folder: Folder, _event: Event, before: Folder) -> Folder:
        return before

    @staticmethod
    @reverses("folder.moved")
    def not_moved(folder: Folder, _event: Event, path: str) -> Folder:
        return replace(folder, path=path, moves=folder.moves - 1)

    @staticmethod
    @reverses("folder.shared")
    def not_shared(folder: Folder, _event: Event, _: None) -> Folder:
        return replace(folder, shared=folder.shared[:-1])


class Count(Model):
    """How many users, folders, shares and e-mails there are."""

    initial = {"users": 0, "folders": 0, "shares": 0, "emails": 0}  # noqa: RUF012 (it is frozen)
    kinds = KINDS

    @staticmethod
    @applies("user.signed_up")
    def signed_up(count: dict[str, int], _event: Event) -> dict[str, int]:
        return {**count, "users": count["users"] + 1}

    @staticmethod
    @applies("folder.created")
    def created(count: dict[str, int], _event: Event) -> dict[str, int]:
        return {**count, "folders": count["folders"] + 1}

    @staticmethod
    @applies("folder.shared")
    def shared(count: dict[str, int], _event: Event) -> dict[str, int]:
        return {**count, "shares": count["shares"] + 1}

    @staticmethod
    @applies("email.sent")
    def sent(count: dict[str, int], _event: Event) -> dict[str, int]:
        return {**count, "emails": count["emails"] + 1}
