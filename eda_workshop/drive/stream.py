"""Streams of events from the life of the service: the same seed tells the same story."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice

from eda_workshop.clock import Instant, as_instant
from eda_workshop.drive.kinds import KINDS, PEOPLE
from eda_workshop.event import Event
from eda_workshop.ids import CounterIds

_PLACES = ("photos", "music", "letters", "drafts", "recipes", "maps", "talks", "taxes")
_SOURCES = ("/web", "/phone", "/import")


def stream(count: int, *, seed: int = 1, start: Instant = "2026-03-02T09:00:00Z", pause: float = 20) -> list[Event]:
    """`count` events that make sense together: nobody shares a folder before it is created.

    `pause` is the mean time between two events in seconds. Ids count from ``evt-0001``.

    >>> for event in stream(3): print(event.occurred.time(), event.name, event.subject)
    09:00:00 user.signed_up user/ada
    09:00:01 folder.created folder/f1
    09:00:02 email.sent user/ada
    """
    return list(islice(_Story(seed, start, pause).events(), count))


class _Story:
    """The service's state as far as the next event needs it."""

    def __init__(self, seed: int, start: Instant, pause: float) -> None:
        self._random = random.Random(seed)
        self._ids = CounterIds()
        self._now = as_instant(start)
        self._pause = pause
        self._begun = False
        self._newcomers = list(PEOPLE)
        self._users: list[str] = []
        self._owners: dict[str, str] = {}
        self._paths: dict[str, str] = {}
        self._sources: dict[str, str] = {}

    def events(self) -> Iterator[Event]:
        while True:
            yield from self._chapter()

    def _chapter(self) -> Iterator[Event]:
        """One thing that somebody does, and what the service does about it."""
        draw = self._random.random()
        if self._newcomers and (not self._users or draw < 0.3):
            yield from self._sign_up(self._newcomers.pop(0))
        elif draw < 0.6 or len(self._users) < 2:
            yield self._create(self._random.choice(self._users))
        elif draw < 0.8:
            yield self._move()
        else:
            yield from self._share()

    def _sign_up(self, user: str) -> Iterator[Event]:
        self._users.append(user)
        self._sources[user] = self._random.choice(_SOURCES)
        first = self._event("user.signed_up", user, user=user, email=f"{user}@example.org")
        yield first
        yield self._create(user, f"/{user}", first)
        yield self._event("email.sent", user, first, to=user, text="welcome")

    def _create(self, user: str, path: str = "", cause: Event | None = None) -> Event:
        folder = f"f{len(self._owners) + 1}"
        self._owners[folder] = user
        self._paths[folder] = path or self._free(user)
        return self._event("folder.created", user, cause, user=user, folder=folder, path=self._paths[folder])

    def _move(self) -> Event:
        folder = self._random.choice(list(self._owners))
        user = self._owners[folder]
        self._paths[folder] = self._free(user)
        return self._event("folder.moved", user, folder=folder, path=self._paths[folder])

    def _share(self) -> Iterator[Event]:
        folder = self._random.choice(list(self._owners))
        user = self._owners[folder]
        friend = self._random.choice([other for other in self._users if other != user])
        first = self._event("folder.shared", user, folder=folder, **{"with": friend})
        yield first
        text = f"{user} shares {self._paths[folder]} with you"
        yield self._event("email.sent", user, first, to=friend, text=text)

    def _free(self, user: str) -> str:
        """A path that no folder has."""
        place, number = f"/{user}/{self._random.choice(_PLACES)}", 1
        path = place
        while path in self._paths.values():
            number += 1
            path = f"{place}-{number}"
        return path

    def _event(self, name: str, user: str, cause: Event | None = None, /, **data: str) -> Event:
        if self._begun:
            wait = 1 if cause else 2 + round(self._random.expovariate(1 / self._pause))
            self._now += timedelta(seconds=wait)
        self._begun = True
        return Event(
            name,
            data,
            subject=KINDS[name].subject(data),
            source=self._sources[user] if cause is None else "/drive",
            id=self._ids(),
            occurred=self._now,
            correlation=cause.correlation if cause else "",
            causation=cause.id if cause else "",
        )
