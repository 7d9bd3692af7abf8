"""Where a lesson's files are: new when it is begun, the same when it is resumed."""

import pytest
from IPython.core.interactiveshell import InteractiveShell

from eda_workshop import BadLog
from eda_workshop.lessons import files, lesson_files
from eda_workshop.lessons.files import resuming


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("EDA_WORKSHOP_HOME", str(tmp_path))
    return tmp_path


def test_a_lesson_that_is_begun_finds_an_empty_folder():
    """Whatever an earlier run left is not in the way."""
    (lesson_files("06") / "drive.db").touch()
    assert list(lesson_files("06").iterdir()) == []


def test_a_lesson_that_is_resumed_finds_its_files():
    """In a replay it is the folder of the last run, and another lesson has another."""
    folder = lesson_files("06")
    with resuming():
        assert lesson_files("06") == folder
        assert lesson_files("08") != folder
    assert lesson_files("06") != folder


def test_only_the_last_two_are_kept():
    """The last one may still be open in another kernel; those before it are cleared away."""
    first, second, third = (lesson_files("06") for _ in range(3))
    assert [folder.exists() for folder in (first, second, third)] == [False, True, True]


def test_they_lie_beside_the_progress(home):
    """Each user of a folder has their own, out of sight."""
    assert lesson_files("06").is_relative_to(home / ".eda-workshop")


def test_where_nothing_can_be_written_it_is_a_temporary_one(home):
    """A disk that can't be written costs the files, not the lesson."""
    (home / ".eda-workshop").write_text("in the way")
    folder = lesson_files("06")
    assert folder.is_dir()
    assert not folder.is_relative_to(home)
    folder.rmdir()


def test_where_sqlite_fails_it_is_a_temporary_one(home, monkeypatch):
    """As on the drive of a browser, which takes files and no logs; nothing is left there."""

    def fails(path):
        path.touch()
        raise BadLog(str(path), "can't be used (disk I/O error)", "Nothing was appended.")

    monkeypatch.setattr(files, "open_log", fails)
    folder = lesson_files("06")
    assert not folder.is_relative_to(home)
    assert [path for path in home.rglob("*") if path.is_file()] == []
    with resuming():
        assert lesson_files("06") != folder
    folder.rmdir()


def test_a_kernel_keeps_its_folder(home, tmp_path, monkeypatch):
    """The cell that asks for it is run again, also from another folder; a new kernel begins anew, and one that lost its files, too."""
    monkeypatch.delenv("EDA_WORKSHOP_HOME")
    monkeypatch.chdir(home)
    shell = InteractiveShell.instance()
    try:
        first, other = lesson_files("06"), lesson_files("08")
        monkeypatch.chdir(first)
        assert (lesson_files("06"), lesson_files("08")) == (first, other)
        monkeypatch.chdir(home)
        first.rename(home / "lost")
        assert lesson_files("06").is_dir()
        shell.reset()
        second = lesson_files("06")
        assert lesson_files("06") == second != first
    finally:
        InteractiveShell.clear_instance()
