"""Following without looking: who appends in this process wakes who waits, at once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest
from contract.setup import an_event

from eda_workshop import EventLog, open_log
from eda_workshop.log import base


def appended(log: EventLog) -> None:
    """One more event."""
    log.append(an_event(1))


def appended_by_a_task(log: EventLog) -> None:
    """The same from an event loop."""
    asyncio.run(log.append_async(an_event(1)))


def restored(log: EventLog) -> None:
    """One event of another log."""
    with open_log() as other:
        other.append(an_event(1))
        log.restore(list(other))


@pytest.mark.parametrize("url", ["memory://", "drive.db"])
@pytest.mark.parametrize("work", [appended, appended_by_a_task, restored])
def test_followers_are_woken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, work: Callable[[EventLog], None]
) -> None:
    """Two that would look again only in a minute learn of an event soon after it is there, and of being closed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(base, "GLANCE", 60)
    with open_log(url, durable=False) as log:
        got: list[int] = []

        def listen(follower: base.Follower) -> None:
            got.extend(event.position for event in follower)

        followers = [log.follow(), log.follow()]
        threads = [Thread(target=listen, args=(follower,), daemon=True) for follower in followers]
        for thread in threads:
            thread.start()
        time.sleep(0.05)
        work(log)
        deadline = time.monotonic() + 10
        while len(got) < 2 and time.monotonic() < deadline:
            time.sleep(0.005)
        assert got == [1, 1]
        for follower, thread in zip(followers, threads, strict=True):
            follower.close()
            thread.join(10)
            assert not thread.is_alive()
