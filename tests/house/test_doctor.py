"""The doctor: each finding in order, and each with its fix when it isn't."""

import json
import socket
import sqlite3
import sys

import pytest

from eda_workshop.commands import doctor
from eda_workshop.commands.table import parse


def one(findings):
    (finding,) = findings
    return finding


@pytest.mark.parametrize(("version", "ok"), [((3, 11, 0), True), ((3, 10, 9), False)])
def test_python(version, ok):
    """3.11 and newer are in order; the finding shows the version."""
    finding = one(doctor.python(version))
    assert (finding.ok, finding.what) == (ok, "Python " + ".".join(map(str, version)))


@pytest.mark.parametrize(
    ("prefix", "base", "conda", "ok"),
    [("/a/.venv", "/usr", "", True), ("/conda/x", "/conda/x", "/conda/x", True), ("/usr", "/usr", "", False)],
)
def test_environment(prefix, base, conda, ok):
    """A venv and conda's environment are in order; the system's Python is not the place to install into."""
    finding = one(doctor.environment(prefix, base, conda))
    assert finding.ok is ok
    assert "workshop.py" in finding.fix


@pytest.mark.parametrize(
    ("need", "ok", "what"),
    [("pytest>=1", True, "pytest "), ("pytest>=999", False, "is not >=999"), ("no-such-thing", False, "is missing")],
)
def test_packages(need, ok, what):
    """A package that is there and allowed, one that is too old, one that is missing."""
    finding = one(doctor.packages([need]))
    assert finding.ok is ok
    assert what in finding.what
    assert "workshop.py" in finding.fix


def test_the_kits_own_needs_are_in_order_here():
    """What these tests run on is what pyproject asks for; extras are not asked of a learner."""
    findings = doctor.packages()
    assert all(finding.ok for finding in findings)
    assert any("jupyterlab" in finding.what for finding in findings)
    assert not any("hypothesis" in finding.what for finding in findings)


@pytest.mark.parametrize(("argv", "ok"), [([sys.executable], True), (["/no/python"], False), ([], False)])
def test_kernel(argv, ok):
    """Notebooks must run on the Python that has the kit."""
    finding = one(doctor.kernel(argv))
    assert finding.ok is ok
    assert "ipykernel install" in finding.fix


def test_the_kernel_here_runs_this_python():
    """The kernel spec that JupyterLab would start is this environment's."""
    assert one(doctor.kernel()).ok


def test_widgets(tmp_path, monkeypatch):
    """The extension that draws widgets is looked for where JupyterLab looks, and must not be switched off."""
    assert not one(doctor.widgets([str(tmp_path)])).ok
    place = tmp_path / "@jupyter-widgets" / "jupyterlab-manager"
    place.mkdir(parents=True)
    (place / "package.json").write_text(json.dumps({"version": "5.0"}), encoding="utf-8")
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path))
    finding = one(doctor.widgets([str(tmp_path)]))
    assert (finding.ok, finding.what) == (True, "widget manager 5.0")
    assert one(doctor.widgets()).ok
    (tmp_path / "labconfig").mkdir()
    switches = {"disabledExtensions": {"@jupyter-widgets/jupyterlab-manager": True}}
    (tmp_path / "labconfig" / "page_config.json").write_text(json.dumps(switches), encoding="utf-8")
    finding = one(doctor.widgets([str(tmp_path)]))
    assert (finding.ok, finding.what) == (False, "widget manager 5.0 is switched off")
    assert "enable @jupyter-widgets/jupyterlab-manager" in finding.fix


def test_sqlite(tmp_path):
    """This machine's SQLite is new enough and can write ahead; the probe leaves nothing behind."""
    assert all(finding.ok for finding in doctor.sqlite(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_an_old_sqlite(monkeypatch):
    """Strict tables need 3.37."""
    monkeypatch.setattr(doctor.sqlite3, "sqlite_version_info", (3, 34, 1))
    assert not doctor.sqlite()[0].ok


def test_a_disk_without_a_write_ahead_log(tmp_path, monkeypatch):
    """Where SQLite falls back to another journal, as on a network drive, the finding says where to go."""
    memory = sqlite3.connect(":memory:")
    monkeypatch.setattr(doctor.sqlite3, "connect", lambda _: memory)
    finding = doctor.sqlite(tmp_path)[1]
    assert not finding.ok
    assert "local disk" in finding.fix


def test_notebooks(tmp_path, monkeypatch):
    """There must be some, and they must be writable."""
    assert not doctor.notebooks(tmp_path)[0].ok
    (tmp_path / "00-start.ipynb").touch()
    assert [finding.ok for finding in doctor.notebooks(tmp_path)] == [True, True]
    monkeypatch.setattr(doctor, "may_write", lambda _: False)
    assert [finding.ok for finding in doctor.notebooks(tmp_path)] == [True, False]


def test_looking_for_notebooks_copies_none(tmp_path, monkeypatch):
    """An installed kit whose lessons were never opened is in order, and the doctor changes nothing."""
    monkeypatch.setattr(doctor, "clone_root", lambda: None)
    finding = one(doctor.notebooks(tmp_path / "eda-workshop-notebooks"))
    assert (finding.ok, finding.what) == (True, "notebooks will be copied to eda-workshop-notebooks by `lab`")
    assert list(tmp_path.iterdir()) == []


def test_may_write(tmp_path):
    """A file is really made, and gone afterwards; where there is no folder it can't be."""
    assert doctor.may_write(tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert not doctor.may_write(tmp_path / "nowhere")


def test_port_and_browser_are_told_but_never_a_fault():
    """Both have a way out of their own."""
    assert one(doctor.browser("/usr/bin/chromium")).what == "browser for the tests: chromium"
    assert one(doctor.browser("")).ok
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        number = server.getsockname()[1]
        server.listen()
        finding = one(doctor.port(number))
    assert (finding.ok, "next free one" in finding.what) == (True, True)
    assert one(doctor.port(number)).what == f"port {number} is free"


@pytest.mark.parametrize(("free", "ok"), [(2**30, True), (2**20, False)])
def test_disk(free, ok):
    """Less than half a gigabyte is too little."""
    assert one(doctor.disk(free)).ok is ok


def test_the_report_puts_the_fix_under_its_finding():
    """In order: one line; not in order: two."""
    shown = doctor.report([doctor.Finding(True, "a"), doctor.Finding(False, "b", "do c")])
    assert shown == "ok   a\nFIX  b\n       → do c"


def test_exit_code(monkeypatch, capsys):
    """1 if anything needs a fix, else 0."""
    monkeypatch.setattr(doctor, "EXAMINATIONS", (lambda: doctor.disk(0),))
    assert doctor.main(parse("doctor", [])) == 1
    monkeypatch.setattr(doctor, "EXAMINATIONS", (lambda: doctor.disk(2**40),))
    assert doctor.main(parse("doctor", [])) == 0
    assert "1024.0 GB" in capsys.readouterr().out
