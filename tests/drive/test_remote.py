"""The folder service in a process of its own: asked by HTTP, told by events, killed."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from eda_workshop import Bus, Event, open_log
from eda_workshop.drive.remote import FolderProgram, Folders
from eda_workshop.log import EventLog

SLOW = 0.2


@pytest.fixture
def url(tmp_path: Path) -> str:
    return str(tmp_path / "drive.db")


@pytest.fixture
def log(url: str) -> Iterator[EventLog]:
    with open_log(url) as log:
        yield log


def made(log: EventLog, count: int) -> list[Event]:
    """The folders that are there as soon as there are so many."""
    return [event for _, event in zip(range(count), log.follow(names="folder.*", patience=20), strict=False)]


def test_a_folder_is_made_and_then_moved() -> None:
    """The second wish of a user moves what the first made."""
    folders = Folders(slow=0)
    assert [folders.put("ada", path) for path in ("/ada", "/photos")] == ["folder.created", "folder.moved"]


def test_who_asks_waits_and_who_tells_doesn_t(url: str, log: EventLog) -> None:
    """Three by request take three times the work; three events are published before one folder is there."""
    with FolderProgram(url, slow=SLOW) as folders:
        start = time.monotonic()
        answers = [folders.ask(user) for user in ("ada", "bob", "eve")]
        assert time.monotonic() - start >= 3 * SLOW
        assert answers[1] == {"event": "folder.created", "user": "bob", "path": "/bob"}
        bus = Bus(log)
        told = [bus.publish("user.signed_up", {"user": user}).event for user in ("tim", "kim", "lou")]
        assert not list(log.read(names="folder.*"))
        folder_events = made(log, 3)
    assert [event.data["user"] for event in folder_events] == ["tim", "kim", "lou"]
    assert [event.causation for event in folder_events] == [event.id for event in told]


def test_killed_at_any_moment_it_makes_each_folder_once(url: str, log: EventLog) -> None:
    """Also when it was killed between its own event and its new position: the log tells it that the work is done."""
    bus, chance = Bus(log), random.Random(5)
    with FolderProgram(url, slow=0.005) as folders:
        for number in range(30):
            bus.publish("user.signed_up", {"user": f"user {number}"})
        for count in (1, 5, 12, 20):
            made(log, count)
            time.sleep(chance.uniform(0, 0.01))
            folders.kill()
            folders.start()
        users = [event.data["user"] for event in made(log, 30)]
    assert users == [f"user {number}" for number in range(30)]
    assert len(list(log.read(names="folder.*"))) == 30


def test_a_killed_service_answers_nobody_and_misses_nothing(url: str, log: EventLog) -> None:
    """By request that is an error at once; by event it is work for later."""
    with FolderProgram(url, slow=0.01) as folders:
        folders.kill()
        with pytest.raises(OSError, match=r"refused|reset"):
            folders.ask("ada")
        Bus(log).publish("user.signed_up", {"user": "ada"})
        folders.start()
        assert [event.data["path"] for event in made(log, 1)] == ["/ada"]
