"""Crashes: a killed writer loses nothing that it was told is there, and many writers don't get in each other's way."""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from contract.setup import an_event, numbers
from thorough import THOROUGH

from eda_workshop import BadLog, open_log
from eda_workshop.log.sqlite import SQLiteLog

WRITER = """
import os, sys
from eda_workshop import Event, open_log
path, who = sys.argv[1:]
with open_log(path) as log:
    number = 0
    while True:
        batch = [Event("user.signed_up", {"text": "x" * 3_000}, id=f"{who}-{number + n}") for n in range(number % 3 + 1)]
        positions = log.append(*batch)
        log.keep_position(who, positions[-1])
        os.write(1, "".join(f"{p} {e.id}\\n" for p, e in zip(positions, batch)).encode())
        number += len(batch)
"""

CROWD = """
import sys
from eda_workshop import Event, open_log
path, who, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
print("ready", flush=True)
sys.stdin.readline()
with open_log(path, durable=False) as log:
    for number in range(count):
        log.append(Event("user.signed_up", {"who": who}, id=f"{who}-{number}"))
print("done")
"""


def acknowledged_until_killed(path: Path, who: str, moment: float) -> dict[str, int]:
    """The ids and positions that a writer was told are there, before it was killed so long after the first one."""
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(path), who], stdout=subprocess.PIPE)
    assert writer.stdout is not None
    first = writer.stdout.readline()
    time.sleep(moment)
    writer.send_signal(signal.SIGKILL)
    rest = writer.communicate(timeout=60)[0]
    assert writer.returncode == -signal.SIGKILL
    lines = [line.split() for line in (first + rest).decode().splitlines(keepends=True) if line.endswith("\n")]
    return {id: int(position) for position, id in lines}


def test_a_killed_writer_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    """After kill -9 at any moment, again and again: what was answered is there, the chain holds, no position is missing."""
    path, chance, told = tmp_path / "drive.db", random.Random(7), dict[str, int]()
    for kill in range(60 if THOROUGH else 6):
        told |= acknowledged_until_killed(path, f"w{kill}", chance.uniform(0, 0.12))
        with open_log(path) as log:
            there = {event.id: event.position for event in log}
            assert told.items() <= there.items()
            assert list(there.values()) == list(range(1, log.head + 1))
            assert log.verify() is None
            assert (log.position_of(f"w{kill}") or 0) <= log.head
    batches = Counter(id.split("-")[0] for id in told)
    assert len(batches) == kill + 1


@pytest.mark.parametrize("count", [1_000 if THOROUGH else 150])
def test_a_crowd_of_processes_meets_no_error(tmp_path: Path, count: int) -> None:
    """Four that append to one file as fast as they can: all of it is there, each in its order, and nobody was refused."""
    path = tmp_path / "drive.db"
    command = [sys.executable, "-c", CROWD, str(path)]
    crowd = [
        subprocess.Popen(
            [*command, f"w{number}", str(count)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for number in range(4)
    ]
    for process in crowd:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
    for process in crowd:
        assert process.stdin is not None
        process.stdin.write(b"go\n")
        process.stdin.flush()
    assert [process.communicate(timeout=300) for process in crowd] == [(b"done\n", b"")] * 4
    with open_log(path) as log:
        assert log.verify() is None
        assert log.head == 4 * count
        for number in range(4):
            mine = [event.id for event in log if event.data["who"] == f"w{number}"]
            assert mine == [f"w{number}-{place}" for place in range(count)]


def test_a_killed_reader_holds_nobody_up(tmp_path: Path) -> None:
    """A process that dies while it holds the lock of a writer leaves the file free."""
    path = tmp_path / "drive.db"
    hold = (
        "import sqlite3, sys, time; db = sqlite3.connect(sys.argv[1], isolation_level=None);"
        "db.execute('BEGIN IMMEDIATE'); db.execute(\"INSERT INTO states VALUES ('subscriber', 'x', '', 1, '{}')\");"
        "print('held', flush=True); time.sleep(600)"
    )
    with open_log(path) as log:
        log.append(an_event(1))
        holder = subprocess.Popen([sys.executable, "-c", hold, str(path)], stdout=subprocess.PIPE)
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        holder.kill()
        holder.communicate(timeout=60)
        assert log.append(an_event(2)) == (2,)
        assert (log.position_of("x"), log.verify()) == (None, None)


def test_a_full_disk_in_the_middle_of_a_shared_commit(tmp_path: Path) -> None:
    """All who waited for it are told, nothing is there, and each may append again when there is room."""
    from contract.together import behind

    with SQLiteLog(tmp_path / "drive.db") as log:
        log.append(an_event(0))
        db = log._connection()
        pages = db.execute("PRAGMA page_count").fetchone()[0]
        db.execute(f"PRAGMA max_page_count = {pages}")
        large = [an_event(number).replace(data={"text": "x" * 20_000}) for number in range(6)]
        works = [lambda event=event: log.append(event) for event in large[1:]]
        for answer in behind(log, works[0], works[1:]):
            assert isinstance(answer, BadLog)
            assert answer.problem == "can't grow: the disk is full"
            assert "nothing was appended" in answer.remedy
        with pytest.raises(BadLog, match="the disk is full"):
            log.load(saved(tmp_path), restore=True)
        assert numbers(log.read()) == [0]
        db.execute("PRAGMA max_page_count = 100000")
        assert sorted(place for places in behind(log, works[0], works[1:]) for place in places) == [2, 3, 4, 5, 6]
        assert log.verify() is None


def saved(folder: Path) -> Path:
    """A file that continues the log of the test above with events that don't fit."""
    with open_log(folder / "drive.db") as log, open_log() as other:
        other.restore(list(log))
        other.append(*(an_event(100 + n).replace(data={"text": "x" * 20_000}) for n in range(5)))
        other.save(folder / "rest.ndjson")
    return folder / "rest.ndjson"


def test_a_write_ahead_file_that_was_lost_takes_no_old_event(tmp_path: Path) -> None:
    """What had reached the log's own file is whole without the file beside it, as after a careless copy."""
    path = tmp_path / "drive.db"
    with open_log(path) as log:
        log.append(an_event(1), an_event(2))
        with closing(sqlite3.connect(path)) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        log.append(an_event(3))
        copy = tmp_path / "copy.db"
        copy.write_bytes(path.read_bytes())
    with open_log(copy) as log:
        assert numbers(log.read()) == [1, 2]
        assert log.verify() is None
        assert log.append(an_event(4)) == (3,)


def test_a_copy_without_its_write_ahead_file_is_no_new_log(tmp_path: Path) -> None:
    """Nothing had reached the log's own file, so its copy has no tables: that is noticed, and the copy is as it was."""
    path, copy = tmp_path / "drive.db", tmp_path / "copy.db"
    with open_log(path) as log:
        log.append(*(an_event(number) for number in range(1, 6)))
        copy.write_bytes(path.read_bytes())
    before = copy.read_bytes()
    with pytest.raises(
        BadLog, match=r"in a file copy\.db-wal that isn't here: it was copied while it was open"
    ) as caught:
        open_log(copy)
    assert "log.backup('copy.db')" in caught.value.remedy
    assert (copy.read_bytes(), sorted(file.name for file in tmp_path.glob("copy*"))) == (before, ["copy.db"])
    copy.unlink()
    with open_log(path) as log:
        for ending in ("", "-wal"):
            Path(f"{copy}{ending}").write_bytes(Path(f"{path}{ending}").read_bytes())
    with open_log(copy) as log:
        assert numbers(log.read()) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("kind", [KeyboardInterrupt, sqlite3.OperationalError])
def test_a_log_that_was_not_made_to_its_end_is_made_the_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: type[BaseException]
) -> None:
    """An interruption while its tables are made leaves an empty file, and not what looks like half a copy."""

    def fails(_: sqlite3.Connection) -> None:
        raise kind

    path = tmp_path / "drive.db"
    with monkeypatch.context() as broken:
        broken.setattr("eda_workshop.log.sqlite_file.create", fails)
        with pytest.raises((KeyboardInterrupt, BadLog)):
            open_log(path)
    with open_log(path) as log:
        assert log.append(an_event(1)) == (1,)


MAKER = """
import os, signal, sys
from eda_workshop import open_log
from eda_workshop.log import sqlite_file
sqlite_file.create = lambda db: os.kill(os.getpid(), signal.SIGKILL)
open_log(sys.argv[1])
"""


def test_a_log_whose_maker_was_killed_is_made_the_next_time(tmp_path: Path) -> None:
    """Its write-ahead log is still there, and says that the file is no copy."""
    path = tmp_path / "drive.db"
    killed = subprocess.run([sys.executable, "-c", MAKER, str(path)], timeout=60, check=False)
    assert killed.returncode == -signal.SIGKILL
    with open_log(path) as log:
        assert log.append(an_event(1)) == (1,)


@pytest.mark.parametrize("cut", [1, 100, 4_096, 5_000])
def test_a_torn_write_ahead_file_ends_at_a_whole_append(tmp_path: Path, cut: int) -> None:
    """Bytes that the disk lost at the end take whole appends with them, never half of one."""
    path, torn = tmp_path / "drive.db", tmp_path / "torn.db"
    with open_log(path) as log:
        for number in range(1, 11):
            log.append(an_event(number), an_event(100 + number))
        torn.write_bytes(path.read_bytes())
        Path(f"{torn}-wal").write_bytes(Path(f"{path}-wal").read_bytes()[:-cut])
        whole = list(log)
    with open_log(torn) as log:
        assert log.verify() is None
        assert log.head % 2 == 0
        assert 0 < log.head < 20
        assert list(log) == whole[: log.head]
