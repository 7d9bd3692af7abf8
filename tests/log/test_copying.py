"""Moving a log from one engine to another, and back."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from secrets import token_hex

import pytest
from contract.setup import an_event, fill
from thorough import THOROUGH

from eda_workshop import BadLog, EventLog, ManualClock, Upcasters, copy_log, open_log
from eda_workshop.commands import copy
from eda_workshop.drive import stream

New = Callable[[str], EventLog]


@pytest.fixture
def new(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[New]:
    """Gives an empty log on the engine that is named, closed after the test."""
    with ExitStack() as open_logs:

        def make(engine: str) -> EventLog:
            places = {"memory": "memory://", "sqlite": str(tmp_path / f"{token_hex(4)}.db")}
            if engine == "nats":
                server = request.getfixturevalue("nats_server")
                places["nats"] = server.url(f"t{token_hex(8)}")
            return open_logs.enter_context(open_log(places[engine], clock=ManualClock(tick=1)))

        yield make


@pytest.mark.parametrize("there", ["memory", "sqlite", "nats"])
@pytest.mark.parametrize("here", ["memory", "sqlite", "nats"])
def test_a_copy_is_the_same_log(new: New, here: str, there: str) -> None:
    """Events, positions, times, hashes and subscribers; both go on with the same chain."""
    source, target, seen = new(here), new(there), []
    source.append(*stream(300))
    source.keep_position("mailer", 120)
    source.keep_position("Zoë's folders", 0)
    copied = copy_log(source, target, progress=lambda done, total: seen.append((done, total)))
    assert (copied.records, copied.repeated, copied.subscribers, seen[-1]) == (300, 0, 2, (300, 300))
    assert list(target) == list(source)
    assert (target.last, target.verify(), target.subscribers()) == (source.last, None, source.subscribers())
    source.append(an_event(9_999))
    assert (copy_log(source, target).records, target.last) == (1, source.last)


@pytest.mark.parametrize("there", ["sqlite", "nats"])
def test_a_copy_goes_on_where_it_broke_off(new: New, there: str) -> None:
    """Stopped in the middle, whole batches are there; the next run brings the rest and nothing twice."""
    source, target = new("memory"), new(there)
    fill(source, 1, 3_500)

    def stop(done: int, total: int) -> None:
        if done >= 2_000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        copy_log(source, target, progress=stop)
    assert (target.head, target.verify()) == (2_000, None)
    copied = copy_log(source, target)
    assert (copied.records, copied.repeated, str(copied)[:50]) == (
        1_500,
        2_000,
        "1,500 records copied, 2,000 were there already; 0 ",
    )
    assert target.last == source.last
    assert copy_log(source, target).records == 0


def test_another_log_is_no_target(new: New) -> None:
    """It holds other events, fewer or more: the sentence tells both logs, and neither is changed."""
    source, other, longer = new("memory"), new("sqlite"), new("sqlite")
    source.append(an_event(1), an_event(2))
    other.append(an_event(9))
    copy_log(source, longer)
    longer.append(an_event(3))
    for target in (other, longer):
        head = target.head
        with pytest.raises(BadLog, match="not a copy of it"):
            copy_log(source, target)
        assert target.head == head


def test_what_is_stored_is_copied(new: New) -> None:
    """An upcaster changes what is read, and not what is copied."""
    source, target = new("memory"), new("sqlite")
    source.append(an_event(1))
    source.upcasters = Upcasters()
    source.upcasters.step("user.signed_up", 1)(lambda data: {"n": data["number"]})
    copy_log(source, target)
    assert next(target.read()).data == {"number": 1}


def test_many_events_go_to_a_server_and_back(new: New) -> None:
    """From a file to a stream and to another file: the three have one tip, and each chain is whole."""
    many = 100_000 if THOROUGH else 20_000
    first, server, last = new("sqlite"), new("nats"), new("sqlite")
    fill(first, 1, many)
    assert copy_log(first, server).records == copy_log(server, last).records == many
    assert first.last == server.last == last.last
    assert (server.verify(), last.verify()) == (None, None)


def test_the_command(tmp_path: Path, stream_url: str) -> None:
    """There and back by name; a second run finds everything there."""
    with open_log(tmp_path / "a.db") as log:
        log.append(*stream(50))
    command = [sys.executable, "-m", "eda_workshop", "copy"]
    for source, target in ((str(tmp_path / "a.db"), stream_url), (stream_url, str(tmp_path / "b.db"))):
        said = [
            subprocess.run([*command, source, target], capture_output=True, text=True, check=True).stdout for _ in "12"
        ]
        assert said[0] == "50 records copied; 0 subscribers' positions taken along. The copy is whole.\n"
        assert said[1].startswith("0 records copied, 50 were there already")
    with open_log(tmp_path / "a.db") as first, open_log(tmp_path / "b.db") as last:
        assert first.last == last.last


def test_the_bar_grows(capsys: pytest.CaptureFixture[str]) -> None:
    """Forty signs wide, with the numbers beside it."""
    copy.show(500, 2_000)
    assert capsys.readouterr().err == "\r" + "█" * 10 + "░" * 30 + " 500 of 2,000"
