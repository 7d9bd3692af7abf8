"""What all tests of the bench share."""

import pytest

from bench import histories


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    """Each test makes its logs in a folder of its own, which pytest deletes."""
    folder = tmp_path / "bench"
    folder.mkdir()
    histories.folder.cache_clear()
    monkeypatch.setattr(histories.tempfile, "tempdir", str(folder))
    yield
    histories.folder.cache_clear()
