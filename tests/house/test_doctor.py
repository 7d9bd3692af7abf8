"""The doctor: each finding in order, and each with its fix when it isn't."""

import json
import sys

import pytest

from eda_workshop.commands import doctor


def one(findings):
    (finding,) = findings
    return finding


@pytest.mark.parametrize(("version", "ok"), [((3, 11, 0), True), ((3, 10, 9), False)])
def test_python(version, ok):
    """3.11 and newer are in order; the finding shows the version."""
    finding = one(doctor.python(version))
    assert (finding.ok, finding.what) == (ok, "Python " + ".".join(map(str, version)))


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


def test_widgets(tmp_path):
    """The extension that draws widgets is looked for where JupyterLab looks."""
    assert not one(doctor.widgets([str(tmp_path)])).ok
    place = tmp_path / "@jupyter-widgets" / "jupyterlab-manager"
    place.mkdir(parents=True)
    (place / "package.json").write_text(json.dumps({"version": "5.0"}), encoding="utf-8")
    assert one(doctor.widgets([str(tmp_path)])) == (True, "widget manager 5.0", "")
    assert one(doctor.widgets()).ok


def test_sqlite():
    """This machine's SQLite is new enough and can write ahead."""
    assert all(finding.ok for finding in doctor.sqlite())


def test_an_old_sqlite(monkeypatch):
    """Strict tables need 3.37."""
    monkeypatch.setattr(doctor.sqlite3, "sqlite_version_info", (3, 34, 1))
    assert not doctor.sqlite()[0].ok


def test_notebooks(tmp_path, monkeypatch):
    """There must be some, and they must be writable."""
    assert not doctor.notebooks(tmp_path)[0].ok
    (tmp_path / "00-start.ipynb").touch()
    assert [finding.ok for finding in doctor.notebooks(tmp_path)] == [True, True]
    monkeypatch.setattr(doctor.os, "access", lambda *_: False)
    assert [finding.ok for finding in doctor.notebooks(tmp_path)] == [True, False]


def test_port_and_browser_are_told_but_never_a_fault():
    """Both have a way out of their own."""
    assert one(doctor.browser("/usr/bin/chromium")).what == "browser for the tests: chromium"
    assert one(doctor.browser("")).ok
    assert one(doctor.port()).ok


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
    assert doctor.main([]) == 1
    monkeypatch.setattr(doctor, "EXAMINATIONS", (lambda: doctor.disk(2**40),))
    assert doctor.main([]) == 0
    assert "1024.0 GB" in capsys.readouterr().out
