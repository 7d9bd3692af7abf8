"""Deciding at once: programs on one file or one server, and writers with connections of their own."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import pytest
from contract.together import at_once

from eda_workshop import Conflict, Event, EventLog, open_log
from eda_workshop.log import Query

BUYER = """
import sys
from eda_workshop import Conflict, Event, open_log
from eda_workshop.log import Query

url, who, seats = sys.argv[1], sys.argv[2], [f"seat/{number}" for number in range(int(sys.argv[3]))]
with open_log(url) as log:
    print("ready", flush=True)
    sys.stdin.readline()
    got = 0
    while True:
        read = log.head
        taken = {event.subject for event in log.read(upto=read, where=Query("seat.reserved", tags="show/1"))}
        free = [seat for seat in seats if seat not in taken]
        if not free:
            break
        seat = Query("seat.reserved", tags=(free[0], "show/1"))
        try:
            log.append(Event("seat.reserved", subject=free[0], tags=("show/1", f"buyer/{who}")), after=read, unless=seat)
            got += 1
        except Conflict as conflict:
            assert conflict.event.subject == free[0]
    print(got)
"""
MOVER = """
import sys
from eda_workshop import Event, open_log
from eda_workshop.log import Query

url, who, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
with open_log(url) as log:
    print("ready", flush=True)
    sys.stdin.readline()
    mine = Query(tags=f"folder/{who}")
    for number in range(count):
        read = log.head
        assert len(list(log.read(upto=read, where=mine))) == number
        log.append(Event("folder.moved", subject=f"folder/{who}"), after=read, unless=mine)
    print(count)
"""


@pytest.fixture(params=["file", "server"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A log that programs can share: in a file, and on a server."""
    if request.param == "server":
        return str(request.getfixturevalue("stream_url"))
    return str(tmp_path / "drive.db")


def run(program: str, url: str, count: int, programs: int = 4) -> list[int]:
    """What each of some programs says at its end, which begin at the same moment."""
    started = [
        subprocess.Popen(
            [sys.executable, "-c", program, url, str(number), str(count)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(programs)
    ]
    for process in started:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in started:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [process.communicate(timeout=120)[0] for process in started]
    assert [process.returncode for process in started] == [0] * programs
    return [int(text) for text in said]


def test_four_programs_never_sell_a_seat_twice(url: str) -> None:
    """All seats are sold, each once, and each sale was told to one program."""
    sold = run(BUYER, url, 40)
    with open_log(url) as log:
        assert sorted(event.subject for event in log) == sorted(f"seat/{number}" for number in range(40))
        buyers = Counter(tag for event in log for tag in event.tags if tag.startswith("buyer/"))
        assert [buyers[f"buyer/{number}"] for number in range(4)] == sold
        assert log.verify() is None


def test_four_programs_on_their_own_folders_never_meet(url: str) -> None:
    """No decision is disturbed by the others, which a conflict would have ended."""
    assert run(MOVER, url, 20) == [20] * 4
    with open_log(url) as log:
        assert Counter(event.subject for event in log) == {f"folder/{number}": 20 for number in range(4)}


def test_eight_writers_lose_no_update(url: str) -> None:
    """Each has a connection of its own, reads a counter, and writes the next number; none is there twice."""
    start, query = threading.Barrier(8), Query("counter.raised", tags="counter/1")

    def count(writer: int) -> int:
        with open_log(url) as log:
            start.wait()
            for number in range(10):
                while not is_raised(log, f"{writer}-{number}"):
                    pass
        return writer

    def is_raised(log: EventLog, id: str) -> bool:
        read = list(log.read(where=query))
        value, after = (read[-1].data["value"], read[-1].position) if read else (0, 0)
        try:
            log.append(
                Event("counter.raised", {"value": value + 1}, subject="counter/1", id=id), after=after, unless=query
            )
        except Conflict:
            return False
        return True

    open_log(url).close()
    assert at_once([lambda writer=writer: count(writer) for writer in range(8)]) == list(range(8))
    with open_log(url) as log:
        assert [event.data["value"] for event in log] == list(range(1, 81))
