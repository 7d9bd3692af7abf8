"""The command ``nats``: a server until Ctrl-C, whose logs are there again next time."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from eda_workshop import BadLog, Event, NoServer, open_log
from eda_workshop.commands import doctor, nats
from eda_workshop.commands.errors import PortTaken
from eda_workshop.commands.table import parse
from eda_workshop.servers import NatsServer, find_nats_server
from eda_workshop.servers.nats import version_of


def served(folder: Path) -> tuple[subprocess.Popen[str], str]:
    """The command, running, and the address that it tells."""
    command = [sys.executable, "-m", "eda_workshop", "nats", "--port", "0", "--folder", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout is not None
    said = "".join(process.stdout.readline() for _ in range(3))
    found = re.search(r'open_log\("(nats://[\w-]+@127\.0\.0\.1:\d+/drive)"\)', said)
    assert found, said
    return process, found[1]


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no SIGINT")
def test_what_was_recorded_is_there_next_time(nats_server: NatsServer, tmp_path: Path) -> None:
    """The address that it tells takes events; Ctrl-C ends it with a word and code 0, and nobody answers any more."""
    for expected in (1, 2):
        process, url = served(tmp_path / "streams é")
        with open_log(url) as log:
            assert log.append(Event("user.signed_up")) == (expected,)
        process.send_signal(signal.SIGINT)
        assert "Stopped" in process.communicate(timeout=20)[0]
        assert process.returncode == 0
        with pytest.raises(BadLog, match="can't be reached"):
            open_log(url)


def test_it_tells_what_an_answer_promises(nats_server: NatsServer, tmp_path: Path) -> None:
    """On the disk, or soon."""
    assert "before the disk has it" in nats.told(NatsServer(tmp_path, durable=False))
    assert "once the disk has it" in nats.told(NatsServer(tmp_path))


def test_a_taken_port_is_told(nats_server: NatsServer) -> None:
    """With the way out, before anything is started."""
    with pytest.raises(PortTaken, match="--port 0"):
        nats.main(parse("nats", ["--port", str(nats_server.port)]))


def test_without_a_server_it_says_where_to_get_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An empty EDA_NATS_SERVER means that there shall be none."""
    monkeypatch.setenv("EDA_NATS_SERVER", "")
    assert find_nats_server() is None
    with pytest.raises(NoServer, match=r"apt, brew and conda-forge"):
        nats.main(parse("nats", ["--port", "0"]))


def test_a_server_that_doesn_t_start_is_told(tmp_path: Path, nats_server: NatsServer) -> None:
    """With the last thing that it said; no process is left."""
    (tmp_path / "data").write_text("in the way")
    server = NatsServer(tmp_path)
    with pytest.raises(NoServer, match="storage directory"):
        server.start()
    assert not server.running


def test_the_doctor_knows_it(nats_server: NatsServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """None, an old one, a good one, and a program that is none."""
    assert [(finding.ok, "brings one" in finding.what) for finding in doctor.nats("")] == [(True, True)]
    assert doctor.nats(nats_server.program)[0].what.startswith("nats-server 2.")
    for version, ok, what in (((2, 11, 4), True, "takes one event at a time"), ((2, 9, 10), False, "too old for logs")):
        monkeypatch.setattr(doctor, "version_of", lambda program, version=version: version)
        assert [(finding.ok, what in finding.what) for finding in doctor.nats("x")] == [(ok, True)]
    monkeypatch.undo()
    program = tmp_path / "nats-server"
    program.write_text("#!/bin/sh\necho hello\n")
    program.chmod(0o755)
    assert (doctor.nats(str(program))[0].ok, "tells no version" in doctor.nats(str(program))[0].what) == (False, True)


def test_versions_are_read_from_the_program(nats_server: NatsServer, tmp_path: Path) -> None:
    """What says no version, or isn't there, is no server."""
    assert version_of(nats_server.program) >= (2, 9, 0)
    with pytest.raises(NoServer, match="doesn't start"):
        version_of(str(tmp_path / "nothing"))
