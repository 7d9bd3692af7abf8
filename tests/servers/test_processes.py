"""Servers that the kit starts: they end with it, come back on their port, and leave nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from contract.setup import an_event, numbers
from waiting import until

from eda_workshop import Event, NoServer, open_log
from eda_workshop.servers import NatsServer, a_place
from eda_workshop.servers.place import Files

OWNER = """
import sys, time
from eda_workshop.servers import NatsServer
server = NatsServer(sys.argv[1]).start()
print(server.pid, flush=True)
time.sleep(60)
"""


def alive(pid: int) -> bool:
    """Whether the process runs, and is not only waiting to be buried."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(") ")[1][0] != "Z"
    except OSError:
        return False


def test_it_comes_back_with_what_it_kept(nats_server: NatsServer, tmp_path: Path) -> None:
    """Stopped or killed, and started again on the same port and folder."""
    server = NatsServer(tmp_path / "streams")
    with server:
        assert (server.start(), server.running, "running" in repr(server)) == (server, True, True)
        with open_log(server.url("drive")) as log:
            log.append(an_event(1))
            for end in (server.stop, server.kill):
                end()
                assert (server.running, server.pid) == (False, 0)
                server.start()
            log.append(an_event(2))
            assert numbers(log.read()) == [1, 2]
    server.stop()
    assert "stopped" in repr(server)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks into /proc")
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_it_ends_with_the_program_that_started_it(nats_server: NatsServer, tmp_path: Path, end: int) -> None:
    """Also when that program was killed and could do nothing any more."""
    owner = subprocess.Popen([sys.executable, "-c", OWNER, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    pid = int(owner.stdout.readline())
    assert alive(pid)
    os.kill(owner.pid, end)
    owner.communicate(timeout=20)
    until(lambda: not alive(pid))


def test_it_answers_on_this_machine_only(nats_server: NatsServer) -> None:
    """Its settings name loopback; no other address is listened on."""
    settings = (nats_server.folder / "nats.conf").read_text()
    assert settings.startswith(f"listen: 127.0.0.1:{nats_server.port}\n")


def test_a_fresh_log_takes_the_name_over(nats_server: NatsServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each `fresh` is the address of an empty log, and from then on the one that `url` means; other names stay."""
    server = a_place()
    monkeypatch.setenv("EDA_NATS_SERVER", "")
    for place in (server, a_place()):
        other = place.url("sea")
        for _ in range(3):
            with open_log(place.fresh("drive")) as log, open_log(place.url("drive")) as same:
                log.append(Event("user.signed_up"))
                assert (log.head, same.head) == (1, 1)
        assert place.url("sea") == other
        place.stop()


def test_a_place_is_a_server_or_files(nats_server: NatsServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a lesson does works on both, and each says what it is."""
    server = a_place()
    monkeypatch.setenv("EDA_NATS_SERVER", "")
    files = a_place()
    for place in (server, files):
        with open_log(place.url("drive")) as log:
            log.append(Event("user.signed_up"))
            place.kill()
            place.start()
            assert log.append(Event("user.signed_up")) == (2,)
        place.stop()
    assert (isinstance(files, Files), "SQLite files" in repr(files)) == (True, True)
    assert repr(server).startswith("nats-server 2.")
    with pytest.raises(NoServer, match="none was found"):
        NatsServer()
