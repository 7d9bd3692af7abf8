"""Reading a log that may not be written, and leaving no trace there."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from contract.setup import an_event, numbers
from rights import public, without_rights

from eda_workshop import BadLog, EventLog, open_log
from eda_workshop.cli import main

__all__ = ["public"]


def filled(path: Path) -> Path:
    """A closed log of three events, and a subscriber that has come to the second."""
    with open_log(path) as log:
        log.append(an_event(1), an_event(2), an_event(3))
        log.keep_position("mailer", 2)
    return path


def locked(path: Path) -> Path:
    """Nobody but root may write the file, or make one beside it."""
    for each in path.parent.iterdir():
        each.chmod(0o444)
    path.parent.chmod(0o555)
    return path


def there(folder: Path) -> dict[str, bytes]:
    """All files of a folder, with what is in them."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_file_in_a_folder_without_the_right_to_write(public: Path) -> None:
    """All of it is read. Opened to be written it is refused, with the way to read it."""
    path = locked(filled(public / "drive.db"))
    with without_rights():
        with open_log(path, read_only=True) as log:
            assert (numbers(log.read()), log.verify(), log.subscribers()) == ([1, 2, 3], None, {"mailer": 2})
            assert numbers(log.read(after=1, subject="")) == [2, 3]
        with pytest.raises(BadLog, match="is read-only") as caught:
            open_log(path)
        assert "read_only=True" in caught.value.remedy


@pytest.mark.parametrize("mode", [0o400, 0o644])
def test_reading_leaves_no_trace(tmp_path: Path, mode: int) -> None:
    """Not even where it could: the files are the same to the last byte, and none is new."""
    path = filled(tmp_path / "drive.db")
    path.chmod(mode)
    before = there(tmp_path)
    with open_log(path, read_only=True) as log:
        assert (numbers(log.read()), log.verify()) == ([1, 2, 3], None)
        assert there(tmp_path) == before
    assert there(tmp_path) == before


def test_somebody_else_writes_meanwhile(public: Path) -> None:
    """Its owner opens the log after the reader, appends, writes back and closes it: the reader sees each of them."""
    path = filled(public / "drive.db")
    with open_log(path, read_only=True) as reader:
        assert (numbers(reader.read()), reader.find("evt-0004")) == ([1, 2, 3], None)
        with open_log(path) as owner:
            owner.append(*(an_event(number) for number in range(4, 500)))
            assert numbers(reader.read()) == list(range(1, 500))
            with closing(sqlite3.connect(path)) as db:
                db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            owner.append(an_event(500))
            assert (reader.head, reader.last) == (500, owner.last)
        assert (reader.verify(), numbers(reader.read(after=498))) == (None, [499, 500])


def test_somebody_else_has_written_back_everything(tmp_path: Path) -> None:
    """The log was opened and closed by its owner between two reads, so that nothing but the file itself shows it."""
    path = filled(tmp_path / "drive.db")
    with open_log(path, read_only=True) as reader:
        assert numbers(reader.read()) == [1, 2, 3]
        for first in range(4, 1_000, 100):
            with open_log(path) as owner:
                owner.append(*(an_event(number) for number in range(first, first + 100)))
            assert (reader.head, reader.verify()) == (first + 99, None)


def test_a_log_that_its_owner_has_open(public: Path) -> None:
    """What is only in the write-ahead log is read, without the right to write there."""
    with open_log(public / "drive.db") as owner:
        owner.append(an_event(1))
        path = locked(public / "drive.db")
        with without_rights(), open_log(path, read_only=True) as reader:
            assert numbers(reader.read()) == [1]
        owner.append(an_event(2))
        with without_rights(), open_log(path, read_only=True) as reader:
            assert (numbers(reader.read()), reader.verify()) == ([1, 2], None)


def test_a_write_ahead_log_that_can_t_be_read(public: Path) -> None:
    """A crash's files that were copied without the index, into a folder that can't be written: the error says what to do."""
    with open_log(public / "drive.db") as owner:
        owner.append(an_event(1))
        (public / "copy").mkdir()
        for ending in ("", "-wal"):
            (public / "copy" / f"copy.db{ending}").write_bytes((public / f"drive.db{ending}").read_bytes())
    path = locked(public / "copy" / "copy.db")
    with without_rights(), pytest.raises(BadLog, match="has a write-ahead log, which can't be read") as caught:
        open_log(path, read_only=True)
    assert "into a folder of yours" in caught.value.remedy
    path.parent.chmod(0o755)


def test_a_file_that_may_not_be_read(public: Path) -> None:
    """The sentence says that, and not that the file is missing or damaged."""
    path = filled(public / "drive.db")
    path.chmod(0o000)
    for read_only in (True, False):
        with without_rights(), pytest.raises(BadLog, match="can't be opened: you may not read it"):
            open_log(path, read_only=read_only)


@pytest.mark.parametrize(
    ("content", "problem"), [(b"", "is an empty file, not a log"), (b"dear diary\n" * 99, "is not an SQLite file")]
)
@pytest.mark.parametrize("options", [{"create": False}, {"read_only": True}])
def test_what_is_no_log_stays_what_it_is(
    tmp_path: Path, content: bytes, problem: str, options: dict[str, bool]
) -> None:
    """Where a log has to be there, an empty file isn't one."""
    path = tmp_path / "drive.db"
    path.write_bytes(content)
    with pytest.raises(BadLog, match=problem):
        open_log(path, **options)
    assert there(tmp_path) == {"drive.db": content}


@pytest.mark.parametrize("options", [{"create": False}, {"read_only": True}])
def test_a_name_that_is_nearly_right(tmp_path: Path, options: dict[str, bool]) -> None:
    """The error asks whether the file next to it was meant; nothing is made."""
    filled(tmp_path / "drive.db")
    with pytest.raises(BadLog, match=r"can't be opened: there is no such file.*Did you mean drive\.db\?"):
        open_log(tmp_path / "dirve.db", **options)
    assert os.listdir(tmp_path) == ["drive.db"]  # noqa: PTH208


@pytest.mark.parametrize(
    ("name", "problem"),
    [("nowhere/drive.db", "there is no folder"), (".", "it is a folder"), ("new.db", "no such file")],
)
def test_a_place_that_can_t_be_opened(tmp_path: Path, name: str, problem: str) -> None:
    """Each says why."""
    with pytest.raises(BadLog, match=f"can't be opened: .*{problem}"):
        open_log(tmp_path / name, create=False)


def test_a_place_where_nothing_can_be_made(public: Path) -> None:
    """A new log in a folder without the right to write."""
    public.chmod(0o555)
    with without_rights(), pytest.raises(BadLog, match="You may not make one in that folder"):
        open_log(public / "drive.db")


@pytest.mark.parametrize("options", [{"create": False}, {"read_only": True}])
def test_a_log_in_memory_is_always_new(options: dict[str, bool]) -> None:
    """So it can't be one that is there already."""
    with pytest.raises(BadLog, match="is always a new log"):
        open_log("memory://", **options)


# --- the command --------------------------------------------------------------------------------


def test_a_misspelled_log_is_not_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command fails and says why; neither the log that was misspelled nor a copy is there."""
    monkeypatch.chdir(tmp_path)
    filled(Path("drive.db"))
    assert main(["copy", "dirve.db", "backup.db"]) != 0
    said = capsys.readouterr()
    assert (said.out, "Did you mean drive.db?" in said.err) == ("", True)
    assert os.listdir() == ["drive.db"]  # noqa: PTH208


def test_somebody_else_s_log_is_copied(public: Path, tmp_path: Path) -> None:
    """To read it is enough."""
    path = locked(filled(public / "drive.db"))
    home = public.parent / f"{public.name}-home"
    home.mkdir()
    home.chmod(0o777)
    try:
        with without_rights():
            assert main(["copy", str(path), str(home / "copy.db")]) == 0
            with open_log(home / "copy.db") as copy:
                assert same(copy, path)
    finally:
        for file in home.iterdir():
            file.unlink()
        home.rmdir()


def same(copy: EventLog, path: Path) -> bool:
    """Whether a copy has the records and subscribers of the log in a file."""
    with open_log(path, read_only=True) as log:
        return list(copy) == list(log) and copy.subscribers() == log.subscribers()
