"""Buses in several processes on one log: listening, being killed, coming back."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest
from waiting import until

from eda_workshop import BadLog, Bus, DeliveryFailed, Event, NoLog, open_log
from eda_workshop.servers import NatsServer

MAILER = """
import sqlite3, sys, time
from eda_workshop import Bus, deduplicated, open_log
url, database, slow = sys.argv[1], sqlite3.connect(sys.argv[2]), float(sys.argv[3])
database.execute("CREATE TABLE IF NOT EXISTS mails (event TEXT)")
bus = Bus(open_log(url))
mailer = bus.subscriber("mailer", durable=True, after=0)

def mail(event):
    database.execute("INSERT INTO mails VALUES (?)", (event.id,))
    time.sleep(slow)

mailer.on("user.signed_up", deduplicated(mail, inbox=database, consumer="mailer"))
print("listening", flush=True)
bus.listen()
"""


def test_listening_hears_what_another_bus_appends(logged: Bus) -> None:
    """First what the log holds, then what comes; each once; the number handled is returned."""
    there, got = Bus(logged.log), list[int]()
    there.subscriber("late", after=0).on("a.b", lambda event: got.append(event.position))
    there.subscriber("plain").on("a.b", lambda event: got.append(-1))
    logged.publish("a.b")
    assert (there.listen(patience=0), got) == (1, [1])
    logged.publish("x.y")
    logged.publish("a.b")
    assert (there.listen(patience=0), got) == (1, [1, 3])
    assert there.listen(patience=0) == 0


def test_listening_goes_on_until_it_is_stopped(logged: Bus) -> None:
    """Another thread publishes on another bus meanwhile, and one stops it."""
    there, got, counts = Bus(logged.log), list[int](), list[int]()
    there.subscriber("late", after=0).on("a.b", lambda event: got.append(event.position))
    there.stop_listening()
    listener = threading.Thread(target=lambda: counts.append(there.listen()))
    listener.start()
    for _ in range(20):
        logged.publish("a.b")
    until(lambda: len(got) == 20)
    there.stop_listening()
    listener.join(10)
    assert (got, counts) == (list(range(1, 21)), [20])


def test_a_handler_that_fails_ends_it(logged: Bus) -> None:
    """As in `catch_up`; who listens again goes on behind it."""
    there, got = Bus(logged.log), list[int]()

    def handle(event: Event) -> None:
        got.append(event.position)  # type: ignore[attr-defined]
        if len(got) == 1:
            raise ValueError

    there.subscriber("late", after=0).on("a.b", handle)
    logged.publish("a.b")
    logged.publish("a.b")
    with pytest.raises(DeliveryFailed):
        there.listen(patience=0)
    there.listen(patience=0)
    assert got == [1, 2]


def test_a_stopped_subscriber_is_left_alone(logged: Bus) -> None:
    """It waits for `resume`; the others hear."""
    there, got = Bus(logged.log), list[str]()
    there.subscriber("bad", after=0, on_error="stop").on("a.b", lambda event: 1 / 0)
    there.subscriber("good", after=0).on("a.b", lambda event: got.append(event.id))
    logged.publish("a.b")
    logged.publish("a.b")
    there.listen(patience=0)
    assert (len(got), there.subscribers["bad"].stopped) == (2, True)


def test_only_a_bus_with_a_log_listens(bus: Bus) -> None:
    """Without a log there is nothing to hear."""
    with pytest.raises(NoLog, match="listens"):
        bus.listen()


# --- processes ----------------------------------------------------------------------------------


@pytest.fixture(params=["sqlite", "nats"])
def shared(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a log that several processes share."""
    return request.getfixturevalue("stream_url") if request.param == "nats" else str(tmp_path / "shared.db")


def mailer(url: str, database: Path, slow: float = 0.0) -> subprocess.Popen[str]:
    """A subscriber in a process of its own, listening."""
    command = [sys.executable, "-c", MAILER, url, str(database), str(slow)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "listening\n"
    return process


def mails(database: Path) -> list[str]:
    """Whom the subscriber has written to."""
    with closing(sqlite3.connect(database)) as db:
        return [row[0] for row in db.execute("SELECT event FROM mails")]


def end(process: subprocess.Popen[str], number: int) -> None:
    process.send_signal(number)
    process.communicate(timeout=20)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no kill -9")
def test_a_killed_subscriber_comes_back(shared: str, tmp_path: Path) -> None:
    """Killed in the middle of its work, three times: in the end each event was handled, in order, and none twice."""
    database = tmp_path / "mailer.db"
    with open_log(shared) as log:
        bus = Bus(log)
        ids = [bus.publish("user.signed_up", id=f"evt-{number}").event.id for number in range(30)]
        for done in (3, 10, 20):
            process = mailer(shared, database, slow=0.01)
            until(lambda done=done: len(mails(database)) >= done)
            end(process, signal.SIGKILL)
            ids.append(bus.publish("user.signed_up", id=f"late-{done}").event.id)
        process = mailer(shared, database)
        until(lambda: len(mails(database)) == len(ids))
        ids.append(bus.publish("user.signed_up", id="last").event.id)
        until(lambda: len(mails(database)) == len(ids))
        end(process, signal.SIGINT)
        assert mails(database) == ids
        assert log.position_of("mailer") == len(ids)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no kill -9")
def test_a_killed_server_comes_back(nats_server: NatsServer, tmp_path: Path) -> None:
    """Publisher and subscriber go on by themselves: all that was acknowledged is handled, and nothing twice."""
    database, told = tmp_path / "mailer.db", list[str]()
    with NatsServer(tmp_path / "nats") as server, open_log(server.url("drive")) as log:
        bus = Bus(log)
        process = mailer(server.url("drive"), database)
        for number in range(60):
            if number in (20, 40):
                server.kill()
                threading.Timer(0.1, server.start).start()
            told.append(bus.publish("user.signed_up", id=f"evt-{number}").event.id)
        until(lambda: len(mails(database)) == len(told))
        end(process, signal.SIGINT)
        assert mails(database) == told == [event.id for event in log]


def test_a_log_that_goes_away_ends_it(nats_server: NatsServer, tmp_path: Path) -> None:
    """A server that doesn't come back is told after the log's patience."""
    from eda_workshop.log.nats.log import NatsLog

    with NatsServer(tmp_path / "nats") as server, NatsLog(server.url("drive"), patience=0.3) as log:
        bus = Bus(log)
        bus.subscriber("late", after=0)
        threading.Timer(0.1, server.stop).start()
        with pytest.raises(BadLog, match="no connection"):
            bus.listen()
