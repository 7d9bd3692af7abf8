"""Ctrl-C at any moment of an append: whichever statement it hits, the log is whole and everybody else goes on."""

from __future__ import annotations

import contextlib
import signal
import time
from datetime import datetime
from pathlib import Path
from threading import Thread, main_thread
from typing import Any

import pytest
from contract.setup import an_event, numbers
from contract.together import SlowClock, in_a_thread
from interrupting import KIT, interrupted_at

from eda_workshop import Conflict, Event, EventLog, WallClock, open_log
from eda_workshop.log import Query

TRACED = KIT, contextlib.__file__
ENGINES = f"{KIT}/log/memory.py", f"{KIT}/log/sqlite.py"


class Crowd:
    """A clock that, at its first look, lets two other threads append, which then wait for the one that looks."""

    def __init__(self, log: EventLog) -> None:
        self.answers: dict[int, Any] = {}
        self._log = log
        self._threads = [Thread(target=self._append, args=(number,), daemon=True) for number in (11, 12)]
        self._fresh = True

    def now(self) -> datetime:
        """The time, when the others are in line."""
        if self._fresh:
            self._fresh = False
            for thread in self._threads:
                thread.start()
            time.sleep(0.002)
        return WallClock().now()

    def join(self) -> bool:
        """Whether the others came to their ends."""
        for thread in self._threads:
            if thread.ident:
                thread.join(5)
        return not any(thread.is_alive() for thread in self._threads)

    def _append(self, number: int) -> None:
        self.answers[number] = self._log.append(an_event(number))


def appended_elsewhere(log: EventLog, number: int) -> Any:
    """What another thread's append gives back; None if it never comes back."""
    answers: list[Any] = []
    thread = Thread(target=lambda: answers.append(log.append(an_event(number))), daemon=True)
    thread.start()
    thread.join(5)
    return answers[0] if answers else None


def check(log: EventLog, moment: int) -> None:
    """The log can be appended to by everybody, and what is in it is whole."""
    assert appended_elsewhere(log, 50) is not None, moment
    (position,) = log.append(an_event(1))
    assert numbers(log.read(position - 1, position)) == [1], moment
    assert log.append(an_event(1), an_event(51)) == (position, log.head), moment
    ids = [event.id for event in log]
    assert len(ids) == len(set(ids)) == log.head, moment
    for event in log:
        assert log.find(event.id) == event, moment
        assert list(log.read(subject=event.subject)) == [other for other in log if other.subject == event.subject], (
            moment
        )
    assert log.verify() is None, moment


@pytest.mark.parametrize("url", ["memory://", "drive.db"])
@pytest.mark.parametrize("batch", [1, 2])
def test_an_interruption_at_any_moment_leaves_the_log_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, batch: int
) -> None:
    """The events are there or not, all or none, and nobody waits for a thread that is gone."""
    monkeypatch.chdir(tmp_path)
    moment, interrupted = 0, True
    while interrupted:
        Path("drive.db").unlink(missing_ok=True)
        with open_log(url, durable=False) as log:
            log.append(an_event(0))
            events = [an_event(number) for number in range(1, 1 + batch)]
            interrupted = interrupted_at(moment, lambda: log.append(*events), *TRACED)  # noqa: B023
            assert numbers(log.read(1)) in ([], list(range(1, 1 + batch))), moment
            check(log, moment)
        moment += 1
    assert moment > 40


@pytest.mark.parametrize("url", ["memory://", "drive.db"])
def test_an_interruption_at_any_moment_leaves_the_others_going(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    """Two that wait for the one that is interrupted get their own answers all the same."""
    monkeypatch.chdir(tmp_path)
    moment, interrupted = 0, True
    while interrupted:
        Path("drive.db").unlink(missing_ok=True)
        with open_log(url, durable=False) as log:
            log.append(an_event(0))
            crowd = log.clock = Crowd(log)
            interrupted = interrupted_at(moment, lambda: log.append(an_event(1)), *TRACED)
            assert crowd.join(), moment
            log.clock = WallClock()  # A crowd that was not asked for comes no more, and outlives no log.
            for number, (position,) in crowd.answers.items():
                assert numbers(log.read(position - 1, position)) == [number], moment
            check(log, moment)
        moment += 1
    assert moment > 60


@pytest.mark.parametrize("url", ["memory://", "drive.db"])
def test_who_is_interrupted_while_waiting_holds_nobody_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    """A real signal reaches the thread that stands in line: it leaves the line, and those behind it have their turn."""
    monkeypatch.chdir(tmp_path)
    with open_log(url, durable=False) as log:
        clock, slow = log.clock, SlowClock(log.clock, interrupted=False)
        log.clock = slow
        answers: list[Any] = [None, None]
        first = in_a_thread(lambda: log.append(an_event(1)), answers, 0)
        last = in_a_thread(lambda: log.append(an_event(3)), answers, 1)
        first.start()
        slow.looked.wait()
        signals = Thread(target=interrupt_soon, args=(last,))
        signals.start()
        with pytest.raises(KeyboardInterrupt):
            log.append(an_event(2))
        signals.join()
        slow.go_on.set()
        for thread in (first, last):
            thread.join(5)
        log.clock = clock
        assert answers == [(1,), (2,)]
        assert numbers(log.read()) == [1, 3]
        check(log, 0)


@pytest.mark.parametrize("url", ["memory://", "drive.db"])
def test_what_an_interruption_left_hides_nothing_from_a_query(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    """A batch is interrupted at any moment, and shorter ones follow: queries and conditions see what is there, and only that."""
    monkeypatch.chdir(tmp_path)
    moment, interrupted, where = 0, True, Query(tags="show/1")
    while interrupted:
        with open_log(url if url == "memory://" else f"{moment}.db", durable=False) as log:
            log.append(tagged(1))
            batch = [tagged(2), tagged(3), tagged(4), tagged(5)]
            interrupted = interrupted_at(moment, lambda log=log, batch=batch: log.append(*batch), *ENGINES)
            for number in range(6, 10):
                log.append(tagged(number))
            everything = [event.position for event in log]
            for after in range(len(everything) + 1):
                assert [event.position for event in log.read(after, where=where)] == everything[after:], moment
                assert [event.position for event in log.read(after, subject="seat/12")] == everything[after:], moment
            with pytest.raises(Conflict) as caught:
                log.append(tagged(10), after=len(everything) - 1, unless=where)
            assert caught.value.event == log.last, moment
        moment += 1
    assert moment > 5


def tagged(number: int) -> Event:
    """Something that happened to one seat of one show."""
    return an_event(number, subject="seat/12").replace(tags=("show/1",))


def interrupt_soon(behind: Thread) -> None:
    """Let another thread line up behind the main one, then send Ctrl-C."""
    time.sleep(0.05)
    behind.start()
    time.sleep(0.05)
    signal.pthread_kill(main_thread().ident or 0, signal.SIGINT)
