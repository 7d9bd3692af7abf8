"""What a browser's Python is put together from, and what is said when that fails."""

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from eda_workshop import cli
from eda_workshop.lite import build
from eda_workshop.lite.distribution import LOCK, PACKAGES, PYODIDE, RUNTIME, assemble
from eda_workshop.site.folder import MARK, NotOurFolder, move_in, written

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def runtime(tmp_path):
    """A stand-in for Pyodide's files."""
    folder = tmp_path / "package"
    folder.mkdir()
    for name in RUNTIME:
        (folder / name).write_text('{"info": {"python": "3.14.2"}, "packages": {"numpy": {}}}', encoding="utf-8")
    return folder


def test_the_lock_names_what_lies_beside_it(tmp_path, runtime):
    """Each wheel with its hash; what Pyodide's own lock would fetch from elsewhere is gone."""
    wheel = tmp_path / "ipython_pygments_lexers-1.1.1-py3-none-any.whl"
    wheel.write_bytes(b"wheel")
    target = tmp_path / "static" / "pyodide"
    assert assemble(target, runtime, [wheel]) == ["ipython-pygments-lexers"]
    lock = json.loads((target / LOCK).read_text(encoding="utf-8"))
    (entry,) = lock["packages"].values()
    assert (entry["version"], entry["file_name"]) == ("1.1.1", wheel.name)
    assert entry["sha256"] == hashlib.sha256(b"wheel").hexdigest()
    assert lock["info"] == {"python": "3.14.2"}
    assert {path.name for path in target.iterdir()} == {*RUNTIME, wheel.name}


def test_nothing_is_looked_for_elsewhere():
    """All packages are loaded at the start, and the kernel asks no index."""
    shown = build.settings(["msgspec"])["jupyter-config-data"]["litePluginSettings"]
    (kernel,) = shown.values()
    assert kernel == {"disablePyPIFallback": True, "loadPyodideOptions": {"packages": ["msgspec"]}}


def test_every_package_is_pinned():
    """The versions are those of constraints.txt; only what Pyodide brings itself is not in it."""
    pins = re.findall(r"^([\w-]+)==", (ROOT / "constraints.txt").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(PACKAGES) - set(pins) == {"micropip"}
    assert {"jupyterlite-core", "jupyterlite-pyodide-kernel"} <= set(pins)
    assert PYODIDE.count(".") == 2


def test_what_was_printed_is_written_in_one_piece(tmp_path):
    """A text of several lines is no list: JupyterLite would show a comma between its lines."""
    build.write_lessons(ROOT / "notebooks", tmp_path / "files")
    for path in sorted((tmp_path / "files").iterdir()):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        outputs = [output for cell in cells for output in cell.get("outputs", [])]
        assert all(isinstance(output.get("text", ""), str) for output in outputs)
        assert all(isinstance(text, str) for output in outputs for text in output.get("data", {}).values())


def test_without_npm_it_says_what_to_install(tmp_path, monkeypatch, capsys):
    """One sentence, and nothing is written."""
    monkeypatch.setattr(build.shutil, "which", lambda name: None)
    assert cli.main(["lite", str(tmp_path / "lite")]) == 1
    assert "there is no npm here. Install Node.js" in capsys.readouterr().err
    assert not (tmp_path / "lite").exists()


def test_a_step_that_fails_is_named(tmp_path):
    """The error says which step it was, and how the program's words ended."""
    with pytest.raises(build.NotBuilt, match=r"^Building failed, and nothing was written\. .* It said: no room$"):
        build.step("Building", [sys.executable, "-c", "import sys; sys.exit('first\\nno room')"], cwd=tmp_path)
    with pytest.raises(build.NotBuilt, match="Fetching failed"):
        build.step("Fetching", [str(tmp_path / "missing")], cwd=tmp_path)


def test_somebody_elses_folder_is_refused_before_anything_is_fetched(tmp_path, monkeypatch, capsys):
    """No program is started."""
    (tmp_path / "thesis.txt").touch()
    monkeypatch.setattr(subprocess, "run", None)
    assert cli.main(["lite", str(tmp_path)]) == 1
    assert "Name a new or an empty folder" in capsys.readouterr().err


def test_a_build_takes_the_place_of_the_last(tmp_path):
    """Folders and files of the last build go; what somebody put there stays."""
    folder = tmp_path / "lite"
    for names in (["lab", "old"], ["lab", "new"]):
        built = tmp_path / "-".join(names)
        for name in names:
            (built / name).mkdir(parents=True)
            (built / name / "file").write_text(names[1], encoding="utf-8")
        move_in(folder, "lite", built)
        (folder / "CNAME").touch()
    assert {path.name for path in folder.iterdir()} == {"lab", "new", "CNAME", MARK}
    assert (folder / "lab" / "file").read_text(encoding="utf-8") == "new"
    assert {name for name, _ in written(folder, "lite")} == {"lab/file", "new/file"}
    with pytest.raises(NotOurFolder):
        move_in(folder, "site", folder)
