"""docs/files.md: its code runs, in a folder of its own, and prints what the page says."""

import contextlib
import io
import re
from pathlib import Path

import pytest

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "files.md").read_text(encoding="utf-8")
PAIRS = re.findall(r"```python\n(.*?)```\n\n```text\n(.*?)```", PAGE, re.DOTALL)


def test_its_code_prints_what_it_says(tmp_path, monkeypatch):
    """All blocks, one after the other."""
    monkeypatch.chdir(tmp_path)
    assert len(PAIRS) == PAGE.count("```python") == 5
    names = {}
    try:
        for code, text in PAIRS:
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed):
                exec(compile(code, "files.md", "exec"), names)
            assert printed.getvalue() == text
    finally:
        for name in ("log", "reader"):
            names[name].close()


@pytest.mark.parametrize("file", ["drive.db", "drive.db-wal", "drive.db-shm", "drive.db-lock"])
def test_its_files_are_the_ones_that_are_there(tmp_path, file):
    """While the log is open and a subscriber is at work; afterwards only the first is left."""
    from eda_workshop import Event, open_log

    with open_log(tmp_path / "drive.db") as log:
        log.append(Event("folder.created"))
        log.consumer("mailer")
        assert {path.name for path in tmp_path.iterdir()} == set(re.findall(r"drive\.db(?:-[a-z]+)?", PAGE))
        assert file in PAGE
    assert [path.name for path in tmp_path.iterdir()] == ["drive.db"]
