"""One consumer under one name, among programs: a cell that is run again, a kernel that starts again, `kill -9`, two kernels."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from eda_workshop import Bus, Event, NameTaken, open_log
from eda_workshop.log import EventLog

PROGRAM = """
import sys
from eda_workshop import Bus, NameTaken, open_log
log = open_log(sys.argv[1])
def begin():
    bus = Bus(log)
    mailer = bus.subscriber("mailer", durable=True, after=0)
    mailer.on("user.*", lambda event: print("handled", event.position, flush=True))
    worker = log.group("folders", "ada")
    return mailer
try:
    mailer = begin()
    print("begun", mailer.position, flush=True)
except NameTaken as error:
    print("refused", error, flush=True)
for line in sys.stdin:
    match line.strip():
        case "catch up": print("caught up", mailer.catch_up(), flush=True)
        case "again":
            mailer = begin()
            print("begun", mailer.position, flush=True)
        case "end": break
"""


class Program:
    """A program with the durable subscriber `mailer` and the worker `ada`."""

    def __init__(self, url: str) -> None:
        command = [sys.executable, "-c", PROGRAM, url]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def says(self) -> str:
        """Its next line."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().rstrip()

    def tell(self, text: str) -> str:
        """Its next line after being told something."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{text}\n")
        self.process.stdin.flush()
        return self.says()

    def end(self, number: int = signal.SIGKILL) -> None:
        """End it by a signal."""
        self.process.send_signal(number)
        self.process.communicate(timeout=20)


@pytest.fixture(params=["sqlite", "nats"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a log that several programs share."""
    return request.getfixturevalue("stream_url") if request.param == "nats" else str(tmp_path / "shared.db")


@pytest.fixture
def log(url: str) -> Iterator[EventLog]:
    """That log, with three events."""
    with open_log(url) as log:
        log.append(*(Event("user.signed_up", id=str(number)) for number in (1, 2, 3)))
        yield log


@pytest.fixture
def programs() -> Iterator[list[Program]]:
    """Programs that are ended after the test."""
    running: list[Program] = []
    yield running
    for program in running:
        if program.process.poll() is None:
            program.end()


pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no kill -9")


def test_a_second_program_is_refused_while_the_first_lives(url: str, log: EventLog, programs: list[Program]) -> None:
    """The error names the subscriber, where the other runs, and what to do; the first goes on undisturbed."""
    first = Program(url)
    programs.append(first)
    assert first.says() == "begun 0"
    second = Program(url)
    programs.append(second)
    said = second.says()
    assert said.startswith(f"refused Subscriber 'mailer' is at work in process {first.process.pid} on ")
    assert said.endswith("Stop that program, or give this one another name.")
    with pytest.raises(NameTaken, match="Subscriber 'mailer' is at work"):
        Bus(log).subscriber("mailer", durable=True)
    with pytest.raises(NameTaken, match="Worker 'ada' of the group 'folders' is at work"):
        log.group("folders", "ada")
    with pytest.raises(NameTaken):
        log.delete_subscriber("mailer")
    with pytest.raises(NameTaken):
        log.delete_group("folders")
    assert [first.tell("catch up"), *(first.says() for _ in range(3))] == [
        *(f"handled {position}" for position in (1, 2, 3)),
        "caught up 3",
    ]
    assert log.position_of("mailer") == 3


def test_a_killed_program_frees_the_name(url: str, log: EventLog, programs: list[Program]) -> None:
    """At once on SQLite, after some seconds on NATS; the next goes on where it was."""
    first = Program(url)
    programs.append(first)
    first.says()
    assert [first.tell("catch up"), *(first.says() for _ in range(3))][-1] == "caught up 3"
    first.end()
    begun = time.monotonic()
    assert Bus(log).subscriber("mailer", durable=True).position == 3
    assert log.group("folders", "ada").take() is not None
    assert time.monotonic() - begun < 60, "it hangs"


def test_a_program_that_ends_frees_the_name(url: str, log: EventLog, programs: list[Program]) -> None:
    """And leaves nothing behind beside the log's own files."""
    first = Program(url)
    programs.append(first)
    first.says()
    first.process.communicate("end\n", timeout=20)
    second = Program(url)
    programs.append(second)
    assert second.says() == "begun 0"
    second.process.communicate("end\n", timeout=20)
    if url.endswith(".db"):
        assert not Path(f"{url}-lock").exists()


def test_a_cell_that_is_run_again_takes_over(url: str, log: EventLog, programs: list[Program]) -> None:
    """In the same program: a new bus, a new subscriber, the same name; another program is still refused."""
    program = Program(url)
    programs.append(program)
    program.says()
    assert program.tell("again") == "begun 0"
    with pytest.raises(NameTaken):
        Bus(log).subscriber("mailer", durable=True)
    assert program.tell("catch up") == "handled 1"


def test_a_program_that_stands_still_is_refused_when_it_goes_on(url: str, log: EventLog) -> None:
    """What comes from behind never moves the position back: here the claim is taken away under its feet."""
    old, new = log.consumer("mailer"), log.consumer("mailer")
    new.move(3)
    with pytest.raises(NameTaken):
        old.move(1)
    assert log.position_of("mailer") == 3


def test_a_log_that_nobody_holds_frees_its_names(url: str, log: EventLog, programs: list[Program]) -> None:
    """In a notebook it goes when a cell is run again, without being closed."""
    here = open_log(url)
    here.consumer("mailer")
    del here
    program = Program(url)
    programs.append(program)
    assert program.says() == "begun 0"
