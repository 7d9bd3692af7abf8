"""``doctor``: look for what is missing, and say how to fix it."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import sys
import tempfile
from argparse import Namespace
from collections.abc import Callable, Iterable
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import NamedTuple

from packaging.requirements import Requirement

from eda_workshop.commandline import INSTALLED, bringing, start
from eda_workshop.commands.browser import find_browser
from eda_workshop.commands.folders import expected_folder
from eda_workshop.commands.lab import PORT, is_free
from eda_workshop.errors import NoServer
from eda_workshop.lessons.catalogue import clone_root
from eda_workshop.log.nats import BATCHES, OLDEST
from eda_workshop.servers.nats import find_nats_server, version_of

ROOM = 500 * 2**20
INSTALL = "Install the kit again with pip." if start() == INSTALLED else f"Run `{start()}` again."
_OWN = (
    "Make an environment, and install the kit in it: python3 -m venv eda, then eda/bin/pip install it."
    if start() == INSTALLED
    else f"Start `{start()} doctor`: it makes an environment in .workshop."
)
MANAGER = "@jupyter-widgets/jupyterlab-manager"


class Finding(NamedTuple):
    """One thing that was looked at: whether it is in order, what it is, and what to do if it isn't."""

    ok: bool
    what: str
    fix: str = ""


def main(_options: Namespace) -> int:
    """Look at everything; 1 if something is not in order."""
    findings = look()
    print(report(findings))
    return 0 if all(finding.ok for finding in findings) else 1


def look() -> list[Finding]:
    """Look at everything."""
    return [finding for examine in EXAMINATIONS for finding in examine()]


def in_words(findings: Iterable[Finding]) -> str:
    """A sentence for a notebook: all is in order, or what is not and what to do."""
    rows = list(findings)
    wrong = [finding for finding in rows if not finding.ok]
    if not wrong:
        return f"All is in order: {len(rows)} things were looked at, from Python to the disk."
    told = (f"- {finding.what}. {finding.fix}" for finding in wrong)
    return "\n".join([f"{len(wrong)} of {len(rows)} things to fix:", *told])


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


def environment(prefix: str = sys.prefix, base: str = sys.base_prefix, conda: str | None = None) -> list[Finding]:
    """Whether the kit has an environment of its own: a venv or conda's."""
    own = prefix != base or prefix == (os.environ.get("CONDA_PREFIX") if conda is None else conda)
    what = f"environment {Path(prefix).name}" if own else "no environment of its own: this is the system's Python"
    return [Finding(own, what, _OWN)]


def packages(wanted: list[str] | None = None) -> list[Finding]:
    """The packages that the kit needs, at versions that it allows."""
    try:
        listed = (requires("eda-workshop") or []) if wanted is None else wanted
    except PackageNotFoundError:
        return [Finding(False, "eda-workshop is not installed", INSTALL)]
    needed = [Requirement(line) for line in listed]
    return [_package(need) for need in needed if need.marker is None or need.marker.evaluate({"extra": ""})]


def _package(need: Requirement) -> Finding:
    try:
        installed = version(need.name)
    except PackageNotFoundError:
        return Finding(False, f"{need.name} is missing", INSTALL)
    good = need.specifier.contains(installed, prereleases=True)
    return Finding(good, f"{need.name} {installed}" + ("" if good else f" is not {need.specifier}"), INSTALL)


def kernel(argv: list[str] | None = None) -> list[Finding]:
    """Whether notebooks run on this very Python."""
    started = _kernel_command() if argv is None else argv
    fix = f'Run: "{sys.executable}" -m ipykernel install --sys-prefix'
    same = bool(started) and Path(shutil.which(started[0]) or started[0]).resolve() == Path(sys.executable).resolve()
    return [Finding(same, f"kernel python3 {'runs here' if same else 'runs another Python, or is missing'}", fix)]


def _kernel_command() -> list[str]:
    try:
        from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
    except ModuleNotFoundError:
        return []
    try:
        command = KernelSpecManager().get_kernel_spec("python3").argv
    except NoSuchKernel:
        return []
    return [sys.executable if part in ("python", "python3") else part for part in command]


def widgets(folders: list[str] | None = None) -> list[Finding]:
    """Whether JupyterLab has the extension that draws widgets, and has it switched on."""
    try:
        from jupyter_core.paths import jupyter_path
        from jupyterlab_server.config import get_static_page_config
    except ModuleNotFoundError:
        return [Finding(False, "JupyterLab is missing", INSTALL)]
    places = jupyter_path("labextensions") if folders is None else folders
    found = next((path for place in places if (path := Path(place, MANAGER, "package.json")).exists()), None)
    if found is None:
        fix = f'Run: "{sys.executable}" -m pip install --force-reinstall jupyterlab_widgets'
        return [Finding(False, "JupyterLab can't draw widgets", fix)]
    release = json.loads(found.read_text(encoding="utf-8"))["version"]
    switches = get_static_page_config(level="all").get("disabledExtensions", {})
    off = any(disabled and name.split(":")[0] == MANAGER for name, disabled in dict(switches).items())
    fix = f'Run: "{sys.executable}" -m jupyterlab.labextensions enable {MANAGER}'
    return [Finding(not off, f"widget manager {release}{' is switched off' if off else ''}", fix)]


def sqlite(folder: Path | None = None) -> list[Finding]:
    """Whether SQLite is new enough for strict tables, and can write ahead where the notebooks are."""
    modern = sqlite3.sqlite_version_info >= (3, 37)
    fix = "Use a Python from python.org or conda: its SQLite is newer."
    place = folder or expected_folder()
    with tempfile.TemporaryDirectory(dir=place if may_write(place) else None, prefix=".doctor-") as probe:
        database = sqlite3.connect(Path(probe) / "probe.db")
        ahead = database.execute("PRAGMA journal_mode = WAL").fetchone()[0] == "wal"
        database.close()
    return [
        Finding(modern, f"SQLite {sqlite3.sqlite_version}", fix),
        Finding(ahead, "SQLite write-ahead log", "Keep logs on a local disk, not on a network drive."),
    ]


def notebooks(folder: Path | None = None) -> list[Finding]:
    """Whether the notebooks are there and may be saved."""
    place = folder or expected_folder()
    move = "Copy the folder to your home."
    if not place.exists() and clone_root() is None:
        return [Finding(may_write(place.parent), f"notebooks will be copied to {place.name} by `lab`", move)]
    count = len(list(place.glob("*.ipynb")))
    return [
        Finding(count > 0, f"{count} notebooks in {place.name}", "Get the project again, or run `build`."),
        Finding(may_write(place), f"{place.name} may be written", move),
    ]


def may_write(folder: Path) -> bool:
    """Whether a file can really be made there; permissions alone don't tell."""
    try:
        tempfile.TemporaryFile(dir=folder).close()
    except OSError:
        return False
    return True


def port(number: int = PORT) -> list[Finding]:
    if is_free(number):
        return [Finding(True, f"port {number} is free")]
    return [Finding(True, f"port {number} is taken, so JupyterLab will use the next free one")]


def browser(path: str | None = None) -> list[Finding]:
    found = find_browser() if path is None else path
    if found:
        return [Finding(True, f"browser for the tests: {Path(found).name}")]
    return [Finding(True, "no browser for the tests; `test` asks whether to download one")]


def nats(program: str | None = None) -> list[Finding]:
    """Which NATS server the lesson on several machines would use; without one it runs on the embedded log."""
    found = find_nats_server() if program is None else program
    if not found:
        return [Finding(True, f"no nats-server; {bringing('nats-server', 'nats')} one")]
    try:
        version = version_of(found)
    except NoServer as error:
        return [Finding(False, f"nats-server: {error.reason}", "Remove it, or put another first on the PATH.")]
    what = f"nats-server {'.'.join(map(str, version))}"
    if version < OLDEST:
        return [
            Finding(
                False, f"{what}, which is too old for logs", "Install 2.11 or newer, or put another first on the PATH."
            )
        ]
    return [Finding(True, what if version >= BATCHES else f"{what}, which takes one event at a time; 2.12 takes many")]


def disk(free: int | None = None) -> list[Finding]:
    room = shutil.disk_usage(Path.cwd()).free if free is None else free
    return [Finding(room >= ROOM, f"{room / 2**30:.1f} GB of disk free", "Free some space; the kit needs about 1 GB.")]


EXAMINATIONS: tuple[Callable[[], list[Finding]], ...] = (
    python,
    environment,
    packages,
    kernel,
    widgets,
    sqlite,
    notebooks,
    port,
    browser,
    nats,
    disk,
)
