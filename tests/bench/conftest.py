"""What all tests of the bench share."""

import pytest

from eda_workshop.bench import histories


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    """Each test makes its logs in a folder of its own, which pytest deletes."""
    folder = tmp_path / "bench"
    folder.mkdir()
    monkeypatch.setenv(histories.FOLDER, str(folder))
    histories.folder.cache_clear()
    yield
    histories.folder.cache_clear()
