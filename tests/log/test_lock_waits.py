"""Waiting for another program can be interrupted."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from eda_workshop import open_log
from eda_workshop.servers import NatsServer

WAITER = """
import sys
from eda_workshop import Event, open_log
from eda_workshop.log import sqlite_file
sqlite_file.PATIENCE = 3_600
url, what = sys.argv[1:]
log = None if what == "open" else open_log(url)
acts = {
    "open": lambda: open_log(url),
    "append": lambda: log.append(Event("user.signed_up")),
    "move": lambda: log.keep_position("mailer", 0),
    "backup": lambda: log.backup(url + "-copy"),
}
print("ready", flush=True)
sys.stdin.readline()
print("waits", flush=True)
try:
    acts[what]()
    print("done", flush=True)
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


def started(url: str, what: str) -> subprocess.Popen[str]:
    """A program that is about to wait."""
    command = [sys.executable, "-c", WAITER, url, what]
    waiter = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert waiter.stdout is not None
    assert waiter.stdout.readline() == "ready\n"
    return waiter


def interrupted(waiter: subprocess.Popen[str]) -> str:
    """What the program says when it is interrupted while it waits, which it would do for an hour."""
    assert waiter.stdin is not None
    assert waiter.stdout is not None
    print(file=waiter.stdin, flush=True)
    assert waiter.stdout.readline() == "waits\n"
    time.sleep(0.5)  # until it waits; if it took longer, it would be interrupted before
    waiter.send_signal(signal.SIGINT)
    try:
        return waiter.communicate(timeout=20)[0].strip()
    finally:
        waiter.kill()


@pytest.mark.parametrize("what", ["append", "move"])
def test_waiting_for_another_writer_can_be_interrupted(tmp_path: Path, what: str) -> None:
    """A tool that holds the lock, and Ctrl-C in the program that waits for it; nothing was written."""
    path = tmp_path / "drive.db"
    waiter = started(str(path), what)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("BEGIN EXCLUSIVE")
        assert interrupted(waiter) == "interrupted"
        db.execute("ROLLBACK")
    with open_log(path) as log:
        assert (log.head, log.subscribers()) == (0, {})


def test_waiting_to_open_can_be_interrupted(tmp_path: Path) -> None:
    """A tool that has the whole file for itself, so that not even reading is possible."""
    path = tmp_path / "drive.db"
    open_log(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA locking_mode = EXCLUSIVE")
        db.execute("BEGIN EXCLUSIVE")
        db.execute("DELETE FROM states WHERE true")
        assert interrupted(started(str(path), "open")) == "interrupted"


def test_waiting_for_a_server_can_be_interrupted(nats_server: NatsServer, tmp_path: Path) -> None:
    """A server that stands still, and Ctrl-C in the program that waits for its answer."""
    with NatsServer(tmp_path / "nats", durable=False) as server:
        waiter = started(server.url("drive"), "append")
        os.kill(server.pid, signal.SIGSTOP)
        try:
            assert interrupted(waiter) == "interrupted"
        finally:
            os.kill(server.pid, signal.SIGCONT)
