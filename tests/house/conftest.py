"""workshop.py as a module that works in a folder of its own."""

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def workshop(tmp_path, monkeypatch):
    """The script as a module, working in an empty folder with a space and an accent in its name."""
    spec = importlib.util.spec_from_file_location("workshop", ROOT / "workshop.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    root = tmp_path / "my dir é"
    root.mkdir()
    for name in ("pyproject.toml", "constraints.txt", "nats-server.txt"):
        (root / name).write_bytes((ROOT / name).read_bytes())
    kept = root / ".workshop"
    places = {"ROOT": root, "KEPT": kept, "VENV": kept / "3.x", "MARK": kept / "README.txt", "LOCK": kept / "lock"}
    places |= {"STAMP": kept / "3.x" / "workshop.json", "LOG": kept / "3.x" / "install.log"}
    kept.mkdir()
    places["MARK"].touch()
    for name, value in places.items():
        monkeypatch.setattr(module, name, value)
    return module


@pytest.fixture
def installed(workshop, monkeypatch):
    """The same, with an environment whose pip is a script of ours; `steps` notes what was done."""
    workshop.steps = []

    def make_venv():
        workshop.steps.append("venv")
        workshop.python().parent.mkdir(parents=True, exist_ok=True)
        workshop.python().write_text("")

    monkeypatch.setattr(workshop, "make_venv", make_venv)
    monkeypatch.setattr(workshop, "works", lambda: workshop.python().exists())
    monkeypatch.setattr(workshop, "install", lambda extras: workshop.steps.append(extras))
    return workshop
