"""Four programs on one file, killed at any moment: what was acknowledged is there, and is handled by somebody."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from thorough import THOROUGH
from waiting import until

from eda_workshop import Bus, open_log

PROGRAM = """
import os, sys, time
from eda_workshop import Bus, Event, NameTaken, open_log
path, folder, name = sys.argv[1:]
log = open_log(path)
def note(file, text):
    # One write at the end of the file: it is there as a whole when a kill comes.
    handle = os.open(os.path.join(folder, file), os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(handle, f"{text}\\n".encode())
    os.close(handle)
worker = log.group("workers", name, lease=0.3)
bus, mailer, count = Bus(log), None, 0
while True:
    count += 1
    event = Event("a.b", id=f"{name}-{os.getpid()}-{count}")
    log.append(event)
    note("acknowledged", event.id)
    taken = worker.take()
    if taken is not None:
        note("worked", taken.id)
        worker.done(taken)
    try:
        if mailer is None:
            mailer = bus.subscriber("mailer", durable=True, after=0, on_error="park")
            @mailer.on("a.b")
            def handle(event):
                if event.position % 7 == 0 and not os.path.exists(os.path.join(folder, "calm")):
                    raise OSError("every seventh fails at first")
                note("handled", event.id)
        mailer.catch_up()
    except NameTaken:
        pass
    if os.path.exists(os.path.join(folder, "calm")):
        break
while (taken := worker.take()) is not None or worker.position < log.head:
    if taken is None:
        time.sleep(0.05)
        continue
    note("worked", taken.id)
    worker.done(taken)
"""


def lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


@pytest.mark.skipif(os.name == "nt", reason="Windows has no kill -9")
def test_nothing_acknowledged_is_lost_and_nothing_is_handled_by_nobody(tmp_path: Path) -> None:
    """Every event of the log was handled by the group and by the durable subscriber; its position never went back."""
    path, draw = tmp_path / "shared.db", random.Random(16)
    kills = 60 if THOROUGH else 12
    with open_log(path) as log:

        def begun(number: int) -> subprocess.Popen[bytes]:
            command = [sys.executable, "-c", PROGRAM, str(path), str(tmp_path), f"program-{number}"]
            return subprocess.Popen(command)

        programs, highest = [begun(number) for number in range(4)], 0
        for _ in range(kills):
            time.sleep(draw.uniform(0.05, 0.4))
            position = log.position_of("mailer") or 0
            assert position >= highest
            highest = position
            victim = draw.randrange(4)
            programs[victim].kill()
            programs[victim].wait()
            programs[victim] = begun(victim)
        until(lambda: (log.position_of("mailer") or 0) > 0)
        (tmp_path / "calm").touch()
        for program in programs:
            assert program.wait(timeout=120) == 0

        bus = Bus(log)
        mailer = bus.subscriber("mailer", durable=True)
        handled = lines(tmp_path / "handled")
        mailer.on("a.b", lambda event: handled.append(event.id))
        mailer.catch_up()
        bus.redeliver()
        ids = [event.id for event in log]
        assert set(lines(tmp_path / "acknowledged")) <= set(ids)
        assert set(lines(tmp_path / "worked")) == set(handled) == set(ids)
        assert (len(ids) == len(set(ids)), log.verify(), bus.dead_letters) == (True, None, ())
