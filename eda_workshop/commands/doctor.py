"""``doctor``: look for what is missing, and say how to mend it."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterable
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import NamedTuple

from packaging.requirements import Requirement

from eda_workshop.commands.browser import find_browser
from eda_workshop.commands.folders import notebooks_folder
from eda_workshop.commands.lab import PORT, is_free

ROOM = 500 * 2**20


class Finding(NamedTuple):
    """One thing that was looked at: whether it is in order, what it is, and what to do if it isn't."""

    ok: bool
    what: str
    fix: str = ""


def main(arguments: list[str]) -> int:
    """`doctor`"""
    argparse.ArgumentParser(prog="doctor", description="Look for what is missing.").parse_args(arguments)
    findings = [finding for examine in EXAMINATIONS for finding in examine()]
    print(report(findings))
    return 0 if all(finding.ok for finding in findings) else 1


def report(findings: Iterable[Finding]) -> str:
    """A line for each finding, with its fix under it."""
    lines = []
    for finding in findings:
        lines.append(f"{'ok  ' if finding.ok else 'FIX '} {finding.what}")
        if not finding.ok:
            lines.append(f"       → {finding.fix}")
    return "\n".join(lines)


def python(current: tuple[int, ...] = sys.version_info[:3]) -> list[Finding]:
    shown = ".".join(map(str, current))
    return [Finding(current >= (3, 11), f"Python {shown}", "Start workshop.py with Python 3.11 or newer.")]


def packages(wanted: list[str] | None = None) -> list[Finding]:
    """The packages that the kit needs, at versions that it allows."""
    listed = (requires("eda-workshop") or []) if wanted is None else wanted
    needed = [Requirement(line) for line in listed]
    return [_package(need) for need in needed if need.marker is None or need.marker.evaluate({"extra": ""})]


def _package(need: Requirement) -> Finding:
    fix = "Run `python3 workshop.py` again, or `pip install .` in your own environment."
    try:
        installed = version(need.name)
    except PackageNotFoundError:
        return Finding(False, f"{need.name} is missing", fix)
    good = need.specifier.contains(installed, prereleases=True)
    return Finding(good, f"{need.name} {installed}" + ("" if good else f" is not {need.specifier}"), fix)


def kernel(argv: list[str] | None = None) -> list[Finding]:
    """Whether notebooks run on this very Python."""
    started = _kernel_command() if argv is None else argv
    fix = f"Run: {sys.executable} -m ipykernel install --sys-prefix"
    same = bool(started) and Path(shutil.which(started[0]) or started[0]).resolve() == Path(sys.executable).resolve()
    return [Finding(same, f"kernel python3 {'runs here' if same else 'runs another Python, or is missing'}", fix)]


def _kernel_command() -> list[str]:
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    try:
        command = KernelSpecManager().get_kernel_spec("python3").argv
    except NoSuchKernel:
        return []
    return [sys.executable if part in ("python", "python3") else part for part in command]


def widgets(folders: Iterable[str] | None = None) -> list[Finding]:
    """Whether JupyterLab has the extension that draws widgets."""
    if folders is None:
        from jupyter_core.paths import jupyter_path

        folders = jupyter_path("labextensions")
    name = Path("@jupyter-widgets") / "jupyterlab-manager" / "package.json"
    found = next((Path(folder) / name for folder in folders if (Path(folder) / name).exists()), None)
    if found is None:
        return [
            Finding(False, "JupyterLab can't draw widgets", "Run: pip install --force-reinstall jupyterlab_widgets")
        ]
    release = json.loads(found.read_text(encoding="utf-8"))["version"]
    return [Finding(True, f"widget manager {release}")]


def sqlite(folder: str | None = None) -> list[Finding]:
    """Whether SQLite is new enough for strict tables and can write ahead."""
    modern = sqlite3.sqlite_version_info >= (3, 37)
    fix = "Use a Python from python.org or conda: its SQLite is newer."
    with tempfile.TemporaryDirectory(dir=folder) as place:
        database = sqlite3.connect(Path(place) / "probe.db")
        ahead = database.execute("PRAGMA journal_mode = WAL").fetchone()[0] == "wal"
        database.close()
    return [
        Finding(modern, f"SQLite {sqlite3.sqlite_version}", fix),
        Finding(ahead, "SQLite write-ahead log", "Keep logs on a local disk, not on a network drive."),
    ]


def notebooks(folder: Path | None = None) -> list[Finding]:
    """Whether the notebooks are there and may be saved."""
    place = folder or notebooks_folder()
    count = len(list(place.glob("*.ipynb")))
    return [
        Finding(count > 0, f"{count} notebooks in {place.name}", "Get the project again, or run `build`."),
        Finding(os.access(place, os.W_OK), f"{place.name} may be written", "Copy the folder to your home."),
    ]


def port(number: int = PORT) -> list[Finding]:
    if is_free(number):
        return [Finding(True, f"port {number} is free")]
    return [Finding(True, f"port {number} is taken, so JupyterLab will use the next free one")]


def browser(path: str | None = None) -> list[Finding]:
    found = find_browser() if path is None else path
    if found:
        return [Finding(True, f"browser for the tests: {Path(found).name}")]
    return [Finding(True, "no browser for the tests; `test` will try to install one")]


def disk(free: int | None = None) -> list[Finding]:
    room = shutil.disk_usage(Path.cwd()).free if free is None else free
    return [Finding(room >= ROOM, f"{room / 2**30:.1f} GB of disk free", "Free some space; the kit needs about 1 GB.")]


EXAMINATIONS: tuple[Callable[[], list[Finding]], ...] = (
    python,
    packages,
    kernel,
    widgets,
    sqlite,
    notebooks,
    port,
    browser,
    disk,
)
