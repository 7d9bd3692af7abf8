"""Sharing a log: threads on one object, processes on one file."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from contract.setup import an_event
from contract.together import behind

from eda_workshop import BadLog, Conflict, EventLog, open_log
from eda_workshop.log.memory import MemoryLog
from eda_workshop.log.records import Draft, End, Find

WRITER = """
import sys
from eda_workshop import Conflict, Event, open_log

path, who, count, expecting = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4] == "expecting"
print("ready", flush=True)
sys.stdin.readline()
conflicts = 0
with open_log(path, durable=False) as log:
    for number in range(count):
        event = Event("user.signed_up", {"who": who}, id=f"{who}-{number}")
        while True:
            try:
                log.append(event, expected=log.head if expecting else None)
                break
            except Conflict:
                conflicts += 1
print(conflicts)
"""


def write_at_once(path: Path, writers: int, count: int, mode: str) -> None:
    """Start so many processes, and let them append to one file at the same moment."""
    started = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path), f"w{number}", str(count), mode],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(writers)
    ]
    for process in started:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in started:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in started:
        process.communicate(timeout=60)
        assert process.returncode == 0


@pytest.mark.parametrize("mode", ["any", "expecting"])
def test_processes_share_a_file(tmp_path: Path, mode: str) -> None:
    """Three that also make the file at once: every event is there once, dense, each writer's in its order."""
    write_at_once(tmp_path / "drive.db", 3, 25, mode)
    with open_log(tmp_path / "drive.db") as log:
        events = list(log)
    assert [event.position for event in events] == list(range(1, 76))
    for number in range(3):
        mine = [event.id for event in events if event.data["who"] == f"w{number}"]
        assert mine == [f"w{number}-{place}" for place in range(25)]
    assert all(before.recorded <= after.recorded for before, after in pairwise(events))


def run_at_once(work: Callable[[int], None], threads: int = 4) -> None:
    """Run the work in so many threads that begin together; raise what one of them raised."""
    start, errors = threading.Barrier(threads), list[BaseException]()

    def run(number: int) -> None:
        start.wait()
        try:
            work(number)
        except BaseException as error:
            errors.append(error)

    running = [threading.Thread(target=run, args=(number,)) for number in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    if errors:
        raise errors[0]


@pytest.mark.parametrize("url", ["memory://", "drive.db"])
def test_threads_share_an_object(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """Threads that append, read, find and close at once get dense positions and whole events."""
    monkeypatch.chdir(tmp_path)
    with open_log(url, durable=False) as log:

        def work(number: int) -> None:
            for place in range(40):
                event = an_event(number * 100 + place)
                (position,) = log.append(event)
                found = log.find(event.id)
                assert found is not None
                assert found.position == position
                assert [e.position for e in log.read(position - 1, position)] == [position]
                log.keep_position(f"s{number}", position)

        run_at_once(work)
        assert [event.position for event in log] == list(range(1, 161))
        assert len({event.id for event in log}) == 160


@pytest.mark.parametrize("url", ["memory://", "drive.db"])
def test_of_all_that_expect_the_same_head_one_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """An expectation is checked and used up in one step."""
    monkeypatch.chdir(tmp_path)
    with open_log(url, durable=False) as log:
        won: list[int] = []

        def work(number: int, log: EventLog = log) -> None:
            for head in range(20):
                try:
                    log.append(an_event(number * 100 + head), expected=head)
                    won.append(head)
                except Conflict as conflict:
                    assert conflict.actual != head  # noqa: PT017

        run_at_once(work)
        assert sorted(won) == list(range(log.head))


class PickyLog(MemoryLog):
    """Stores two events at once at most, and never the third."""

    max_batch = 2

    def __init__(self) -> None:
        super().__init__()
        self.sizes: list[int] = []

    def _commit(self, decide: Callable[[End, Find], Draft]) -> Draft:
        def checked(end: End, find: Find) -> Draft:
            draft = decide(end, find)
            if any(record.id == "evt-0003" for record, _ in draft.records):
                raise BadLog(self.url, "doesn't take it", "Leave it out.")
            self.sizes.append(len(draft.records))
            return draft

        return super()._commit(checked)


def test_what_cant_be_stored_harms_no_other() -> None:
    """The engine refuses an event that shares a commit: only its own append fails."""
    with PickyLog() as log:
        works = [lambda n=n: log.append(an_event(n)) for n in range(2, 10)]
        first, two, three, *others = behind(log, lambda: log.append(an_event(1)), works)
        assert isinstance(three, BadLog)
        assert sorted([first, two, *others]) == [(position,) for position in range(1, 9)]
        assert log.verify() is None


def test_a_shared_commit_is_no_larger_than_the_engine_allows() -> None:
    """What doesn't fit is in the next one; a single append that is too large is the engine's to refuse."""
    with PickyLog() as log:
        works = [lambda n=n: log.append(an_event(n)) for n in range(11, 20)]
        behind(log, lambda: log.append(an_event(1)), works)
        assert log.head == sum(log.sizes) == 10
        assert max(log.sizes) == 2
        log.append(*map(an_event, (31, 32, 33)))
        assert log.sizes[-1] == 3


class InterruptedLog(MemoryLog):
    """A log whose first commit waits until two appends are in line, and is interrupted right after it has stored them."""

    def __init__(self) -> None:
        super().__init__()
        self.reached, self.go_on, self.commits = threading.Event(), threading.Event(), 0

    def _commit(self, decide: Callable[[End, Find], Draft]) -> Draft:
        self.commits += 1
        if self.commits == 1:  # with nobody in line but the first
            self.reached.set()
            assert self.go_on.wait(60)
            return super()._commit(decide)
        draft = super()._commit(decide)
        if self.commits == 2:
            raise KeyboardInterrupt
        return draft


def test_an_interruption_after_the_commit_takes_news_from_nobody() -> None:
    """The thread that committed for others is interrupted before it can say so: theirs are new, and stored once."""
    log, fresh, interrupted = InterruptedLog(), dict[int, bool](), list[int]()

    def append(number: int) -> None:
        try:
            (written,) = log.write([an_event(number)], expected=number - 1 if number == 3 else None)
            fresh[number] = written.fresh
        except KeyboardInterrupt:
            interrupted.append(number)

    threads = [threading.Thread(target=append, args=(number,)) for number in (1, 2, 3)]
    threads[0].start()
    assert log.reached.wait(60)
    for number in (1, 2):
        threads[number].start()
        while len(log._group_commit._queue) < number + 1:
            threading.Event().wait(0.001)
    log.go_on.set()
    for thread in threads:
        thread.join(60)
    assert (interrupted, fresh) == ([2], {1: True, 3: True})
    assert [event.id for event in log] == [an_event(number).id for number in (1, 2, 3)]
