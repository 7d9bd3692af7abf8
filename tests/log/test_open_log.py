"""Opening a log: by the URL, and with a clear error for what is none."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest

from eda_workshop import BadLog, Event, EventLog, ManualClock, Upcasters, WallClock, open_log
from eda_workshop.errors import BadSetting
from eda_workshop.log.memory import MemoryLog
from eda_workshop.log.nats.address import parse
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
        ("", "has no file name"),
        ("sqlite:///", "has no file name"),
        ("drive\0.db", "has a character that no file's name can have"),
        ("sqlite:///drive%00.db", "has a character that no file's name can have"),
        ("\ud800.db", "has a character that no file's name can have"),
        (Path("drive\0.db"), "has a character that no file's name can have"),
        ("127.0.0.1:4222/drive", "is neither a file's name nor a URL: something is before a colon"),
        ("localhost:4222/drive", "is neither a file's name nor a URL"),
        ("notes:2026.db", "A file's name with a colon begins with ./ or a folder"),
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


@pytest.mark.parametrize(
    ("url", "right"),
    [
        ("memory:", "memory://"),
        ("memory:/", "memory://"),
        ("memory:///", "memory://"),
        ("Memory://", "memory://"),
        (":memory:", "memory://"),
        (Path(":memory:"), "memory://"),
        (Path("memory://"), "memory://"),
        ("file:drive.db", "open_log('drive.db')"),
        ("file://drive.db", "open_log('drive.db')"),
        ("file:///srv/ada/drive.db", "open_log('/srv/ada/drive.db')"),
        (Path("file:drive.db"), "open_log('drive.db')"),
        ("file::memory:", "open_log('drive.db')"),
        ("file:drive.db?mode=ro", "open_log('drive.db', read_only=True)"),
        ("file:drive.db?mode=rw", "open_log('drive.db', create=False)"),
        ("file:drive.db?mode=rwc&cache=shared", "open_log('drive.db')"),
        ("sqlite:drive.db", "open_log('drive.db')"),
        ("sqlite://drive.db", "open_log('drive.db')"),
        ("SQLite:///drive.db", "open_log('drive.db')"),
        ("sqlite:///drive.db?mode=ro", "open_log('drive.db', read_only=True)"),
        ("sqlite:///drive.db?immutable=1", "open_log('drive.db', read_only=True)"),
        ("sqlite:////srv/drive.db?timeout=5", "open_log('/srv/drive.db')"),
        ("drive.db?mode=ro", "open_log('drive.db', read_only=True)"),
        (Path("drive.db?mode=ro"), "open_log('drive.db', read_only=True)"),
        ("nats:127.0.0.1:4222/drive", "nats://127.0.0.1:4222/drive"),
        (Path("nats://127.0.0.1:4222/drive"), "nats://127.0.0.1:4222/drive"),
        ("TLS://example.org/drive", "nats://127.0.0.1:4222/drive"),
    ],
)
def test_what_is_spelled_wrong_makes_no_file(
    url: str | Path, right: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error gives the right spelling, which the engine takes."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BadLog) as caught:
        open_log(url)
    assert right in caught.value.remedy
    assert os.listdir() == []  # noqa: PTH208


@pytest.mark.parametrize("name", ["./notes:2026.db", "a?b.db", "what=this.db", "drive#1.db", "50%.db", "ä ö.db"])
def test_a_file_may_have_an_odd_name(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As long as it can't be meant for anything else; the file has that very name."""
    monkeypatch.chdir(tmp_path)
    with open_log(name) as log:
        log.append(Event("a.b"))
        assert open_log(name, read_only=True).head == 1
    assert os.listdir() == [Path(name).name]  # noqa: PTH208


SECRET = "s3cret"
SECRETS = [
    f"http://ada:{SECRET}@h/x",
    f"http://{SECRET}@h/x",
    f"postgres://ada:{SECRET}@h/x?sslpassword={SECRET}&token={SECRET}",
    f"redis://:{SECRET}@h:6379/0",
    f"memory://ada:{SECRET}@h/x",
    f"sqlite://ada:{SECRET}@h/x.db",
    f"file://ada:{SECRET}@h/x.db",
    f"ada:{SECRET}@h/x",
    f"nats:ada:{SECRET}@h/drive",
    f"nats:/ada:{SECRET}@h/drive",
    f"NATS://ada:{SECRET}@h/drive",
    f"nats://ada:{SECRET}@h",
    f"nats://ada:{SECRET}@/drive",
    f"nats://ada:{SECRET}@h:port/drive",
    f"nats://ada:{SECRET}@h/no stream",
    f"nats://ada:{SECRET}@h/drive?token={SECRET}",
    f"nats://ada:{SECRET}@127.0.0.1:1/drive",
    f"nats://ada:a/{SECRET}@h/drive",
    f"nats://ada:{SECRET}/a@h/drive",
    f"nats://ada:{SECRET},a@h/drive",
    f"tls://ada:{SECRET}@127.0.0.1:1/drive",
    f"nats://{SECRET}@127.0.0.1:1/drive",
]


@pytest.mark.parametrize("url", [*SECRETS, *map(Path, SECRETS[:4]), *(text.encode() for text in SECRETS[:4])])
def test_no_error_shows_a_password(url: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the scheme, and wherever something else is wrong: no sentence, no repr, no traceback's text has it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("eda_workshop.log.nats.client.OPENING", 0.5)
    with pytest.raises(BadLog) as caught:
        open_log(url)
    error: BaseException | None = caught.value
    while error is not None:
        assert SECRET not in f"{error} {error!r} {vars(error)}"
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def test_an_address_does_not_show_its_password() -> None:
    """Nor do the options of a connection, when they are of a wrong kind."""
    assert SECRET not in repr(parse(f"nats://ada:{SECRET}@h,ada:{SECRET}@g/drive"))
    for wrong in (SECRET, [SECRET], {1: SECRET}):
        with pytest.raises(BadSetting) as caught:
            open_log("nats://127.0.0.1:1/drive", connect=wrong)  # type: ignore[arg-type]
        assert SECRET not in f"{caught.value} {caught.value!r}"


def test_an_option_that_is_misspelled_is_named() -> None:
    """Before a server is asked, and without what was given for it."""
    with pytest.raises(BadLog, match=r"the option 'pasword'.*Did you mean password\?") as caught:
        open_log("nats://127.0.0.1:1/drive", connect={"user": "ada", "pasword": SECRET})
    assert SECRET not in repr(caught.value)


@pytest.mark.parametrize("url", ["memory://", "drive.db"])
@pytest.mark.parametrize(
    "wrong",
    [
        {"clock": ManualClock},
        {"clock": 0},
        {"clock": "now"},
        {"upcasters": {}},
        {"upcasters": Upcasters},
        {"upcasters": []},
    ],
)
def test_what_is_no_clock_and_no_upcasters_is_refused(
    url: str, wrong: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A class in place of its object, and what is empty, too; no file is made."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BadSetting) as caught:
        open_log(url, **wrong)
    assert (caught.value.name, caught.value.given) == next(iter(wrong.items()))
    assert os.listdir() == []  # noqa: PTH208


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
