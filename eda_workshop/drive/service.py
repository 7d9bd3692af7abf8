"""The file-sharing service itself: commands that may be rejected, and subscribers that react to facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from eda_workshop.bus import Bus, Command
from eda_workshop.decide import execute
from eda_workshop.drive.kinds import KINDS
from eda_workshop.drive.rules import Files, Known
from eda_workshop.event import Event
from eda_workshop.log import Query
from eda_workshop.replay import fold
from eda_workshop.replay.decisions import decided


class Drive:
    """Users sign up, folders are created, moved and shared, e-mails go out.

    It handles the commands ``user.sign_up``, ``folder.create``, ``folder.move`` and ``folder.share``. `Files` decides on
    them by the events that are in the log at that moment, so any number of programs can do this on one log. On a bus
    without a log it decides by the events that it has heard. Three subscribers react: "drive" keeps `users`, and
    `folders` with their paths, "homes" makes a home for each new user, "mailer" writes to people. `outbox` holds every
    e-mail that this program has sent, as (address, text).

    >>> bus = Bus(open_log("memory://"))
    >>> drive = Drive(bus)
    >>> bus.send("user.sign_up", {"user": "ada", "email": "ada@example.org"})
    >>> drive.outbox, list(drive.folders.values())
    ([('ada@example.org', 'welcome')], ['/ada'])
    """

    def __init__(self, bus: Bus) -> None:
        self.bus = bus
        self.outbox: list[tuple[str, str]] = []
        head = None if bus.log is None else bus.log.head
        self._known: Known = Files.initial if bus.log is None else fold(bus.log, Files, head)
        for command in Files.decisions:
            bus.handle(command, self._decide)
        drive = bus.subscriber("drive", after=head)
        for name in Files.rules:
            drive.on(name, self._learn)
        bus.subscriber("homes").on("user.signed_up", self._make_home)
        mailer = bus.subscriber("mailer")
        mailer.on("user.signed_up", self._welcome)
        mailer.on("folder.shared", self._invite)

    @property
    def users(self) -> set[str]:
        """The users whose sign-up it has heard of."""
        return {*self._known.users}

    @property
    def folders(self) -> dict[str, str]:
        """The path of each folder that it has heard of."""
        return {**self._known.folders}

    def _decide(self, command: Command) -> None:
        if self.bus.log is not None:
            execute(self.bus, Files, command)
        else:
            for event in decided(Files.decisions[command.name], self._known, command, self.bus.clock):
                self.bus.publish(event)

    def _learn(self, event: Event) -> None:
        self._known = Files.rules[event.name].apply(self._known, event)

    def _make_home(self, event: Event) -> None:
        user = event.data["user"]
        self._publish("folder.created", {"user": user, "folder": f"home-{user}", "path": f"/{user}"})

    def _welcome(self, event: Event) -> None:
        self._mail(event.data["user"], event.data["email"], "welcome")

    def _invite(self, event: Event) -> None:
        friend = event.data["with"]
        self._mail(friend, self._address(friend), f"folder {event.data['folder']} is shared with you")

    def _address(self, user: str) -> str:
        """The address that the user gave at sign-up, in this program or in a different one."""
        if self.bus.log is not None:
            signed_up = self.bus.log.read(where=Query("user.signed_up", tags=f"user/{user}"), limit=1)
            return str(next(signed_up).data["email"])
        return str(self._known.users[user])

    def _mail(self, user: str, address: str, text: str) -> None:
        self.outbox.append((address, text))
        self._publish("email.sent", {"to": user, "text": text})

    def _publish(self, name: str, data: Mapping[str, Any]) -> None:
        self.bus.publish(name, data, subject=KINDS[name].subject(data), source="/drive")
