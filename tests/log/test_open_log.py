"""Opening a log: by the URL, and with a clear error for what is none."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest

from eda_workshop import BadLog, Event, EventLog, ManualClock, WallClock, open_log
from eda_workshop.log.memory import MemoryLog
from eda_workshop.log.sqlite import SQLiteLog


def test_memory_is_the_default() -> None:
    """Without a URL the log lives in this process; two of them share nothing."""
    first, second = open_log(), open_log("memory://")
    first.append(Event("a.b"))
    assert (type(first), first.head, second.head) == (MemoryLog, 1, 0)
    assert isinstance(first.clock, WallClock)


@pytest.mark.parametrize("prefix", ["", "sqlite:///"])
def test_a_file_s_name_opens_sqlite(tmp_path: Path, prefix: str) -> None:
    """A name and its URL are the same file; the log takes its times from the clock."""
    clock = ManualClock()
    with open_log(f"{prefix}{tmp_path}/drive.db", clock=clock) as log:
        log.append(Event("a.b"))
        assert type(log) is SQLiteLog
        assert log.clock is clock
        assert log.url == f"{tmp_path}/drive.db"
    with open_log(tmp_path / "drive.db") as log:
        assert log.head == 1


def test_a_relative_name_is_taken_from_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The log shows the name as it was given, so that outputs don't depend on the machine."""
    monkeypatch.chdir(tmp_path)
    with open_log("drive.db") as log:
        assert repr(log) == "<EventLog drive.db: 0 events>"
    assert (tmp_path / "drive.db").exists()


def test_a_url_may_spell_its_signs(tmp_path: Path) -> None:
    """Percent signs are decoded in a URL, and taken as they are in a name."""
    open_log(f"sqlite:///{tmp_path}/my%20drive.db").close()
    open_log(f"{tmp_path}/my%20drive.db").close()
    assert sorted(path.name for path in tmp_path.glob("*.db")) == ["my drive.db", "my%20drive.db"]


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("redis://localhost", "has the scheme 'redis', which no engine knows"),
        ("memory://elsewhere", "has the scheme 'memory'"),
        ("sqlite://drive.db", "has the scheme 'sqlite'"),
        (":memory:", "which no engine knows"),
        ("", "has no file name"),
        ("sqlite:///", "has no file name"),
        (None, "has no name"),
        (3, "has no name"),
        (b"drive.db", "has no name"),
    ],
)
def test_what_names_no_log_is_refused(url: Any, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says what is wrong and what to write; no file is made by accident."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BadLog, match=re.escape(words)) as caught:
        open_log(url)
    assert "drive.db" in caught.value.remedy or "memory://" in caught.value.remedy
    assert os.listdir(tmp_path) == []  # noqa: PTH208


def test_a_log_closes_itself_after_with(tmp_path: Path) -> None:
    """`with` closes it, whatever happened inside."""

    def crash(log: EventLog) -> None:
        with log:
            raise ValueError

    log = open_log(tmp_path / "drive.db")
    with pytest.raises(ValueError):
        crash(log)
    with pytest.raises(BadLog, match="is closed"):
        log.append(Event("a.b"))
