"""The file-sharing service itself: commands that may be rejected, and subscribers that react to facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from eda_workshop.bus import Bus, Command
from eda_workshop.drive.kinds import KINDS
from eda_workshop.errors import Rejected
from eda_workshop.event import Event


class Drive:
    """Users sign up, folders are created, moved and shared, e-mails go out.

    It handles the commands ``user.sign_up``, ``folder.create``, ``folder.move`` and ``folder.share``: each decides
    and publishes, and changes nothing itself. Three subscribers react: "drive" keeps `users`, and `folders` with their paths, "homes"
    makes a home for each new user, "mailer" writes to people. `outbox` holds every e-mail, as (address, text).

    >>> bus = Bus(open_log("memory://"))
    >>> drive = Drive(bus)
    >>> bus.send("user.sign_up", {"user": "ada", "email": "ada@example.org"})
    >>> drive.outbox, list(drive.folders.values())
    ([('ada@example.org', 'welcome')], ['/ada'])
    """

    def __init__(self, bus: Bus) -> None:
        self.bus = bus
        self.users: set[str] = set()
        self.folders: dict[str, str] = {}
        self.outbox: list[tuple[str, str]] = []
        self._addresses: dict[str, str] = {}
        bus.handle("user.sign_up", self._sign_up)
        bus.handle("folder.create", self._create)
        bus.handle("folder.move", self._move)
        bus.handle("folder.share", self._share)
        self._subscribe("drive", self._user_signed_up, self._folder_created, self._folder_moved)
        bus.subscriber("homes").on("user.signed_up", self._make_home)
        mailer = bus.subscriber("mailer")
        mailer.on("user.signed_up", self._welcome)
        mailer.on("folder.shared", self._invite)

    # --- commands decide, and may say no --------------------------------------------------------

    def _sign_up(self, command: Command) -> None:
        user = command.data["user"]
        _require(user not in self.users, f"{user} has signed up already")
        self._publish("user.signed_up", command.data)

    def _create(self, command: Command) -> None:
        user, path = command.data["user"], command.data["path"]
        _require(user in self.users, f"nobody is called {user}")
        _require(path not in self.folders.values(), f"{path} exists already")
        self._publish("folder.created", {**command.data, "folder": f"f{len(self.folders) + 1}"})

    def _move(self, command: Command) -> None:
        folder, path = command.data["folder"], command.data["path"]
        _require(folder in self.folders, f"there is no folder {folder}")
        _require(path not in self.folders.values(), f"{path} exists already")
        self._publish("folder.moved", command.data)

    def _share(self, command: Command) -> None:
        folder, friend = command.data["folder"], command.data["with"]
        _require(folder in self.folders, f"there is no folder {folder}")
        _require(friend in self.users, f"nobody is called {friend}")
        self._publish("folder.shared", command.data)

    # --- "drive": the state follows the facts ---------------------------------------------------

    def _user_signed_up(self, event: Event) -> None:
        self.users.add(event.data["user"])

    def _folder_created(self, event: Event) -> None:
        self.folders[event.data["folder"]] = event.data["path"]

    def _folder_moved(self, event: Event) -> None:
        self.folders[event.data["folder"]] = event.data["path"]

    # --- "homes" and "mailer" -------------------------------------------------------------------

    def _make_home(self, event: Event) -> None:
        user = event.data["user"]
        self._publish("folder.created", {"user": user, "folder": f"home-{user}", "path": f"/{user}"})

    def _welcome(self, event: Event) -> None:
        self._addresses[event.data["user"]] = event.data["email"]
        self._mail(event.data["user"], "welcome")

    def _invite(self, event: Event) -> None:
        self._mail(event.data["with"], f"folder {event.data['folder']} is shared with you")

    def _mail(self, user: str, text: str) -> None:
        self.outbox.append((self._addresses[user], text))
        self._publish("email.sent", {"to": user, "text": text})

    # --- publishing and subscribing -------------------------------------------------------------

    def _publish(self, name: str, data: Mapping[str, Any]) -> None:
        self.bus.publish(name, data, subject=KINDS[name].subject(data), source="/drive")

    def _subscribe(self, subscriber: str, *handlers: Callable[[Event], None]) -> None:
        """Bind each handler to the event it is called after: _folder_moved hears folder.moved."""
        taker = self.bus.subscriber(subscriber)
        for handler in handlers:
            taker.on(handler.__name__.strip("_").replace("_", ".", 1), handler)


def _require(condition: bool, otherwise: str) -> None:
    if not condition:
        raise Rejected(otherwise)
