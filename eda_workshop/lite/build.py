"""Build JupyterLite with the lessons: fetch what it is made of, put it together, all in a folder of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import venv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat

from eda_workshop.errors import EdaError
from eda_workshop.lessons.catalogue import LESSONS
from eda_workshop.lite.distribution import PACKAGES, PLATFORM, PYODIDE, PYTHON, assemble
from eda_workshop.lite.lessons import in_a_browser
from eda_workshop.lite.pip import environment

KERNEL = "@jupyterlite/pyodide-kernel-extension"
BUILDER = ("jupyterlite-core", "jupyterlite-pyodide-kernel", "jupyterlab-server", "jupyterlab-widgets")
"""They get an environment of their own: in JupyterLab's, the kernel makes an error on every page."""


@dataclass(eq=False)
class NotBuilt(EdaError):
    """Raised when a step of the build fails; `said` is the end of what the program said."""

    step: str
    said: str

    def __str__(self) -> str:
        return (
            f"{self.step} failed, and nothing was written. It needs npm and the package indexes. It said: {self.said}"
        )


def build(root: Path, lessons: Path, work: Path, say: Callable[[str], None]) -> Path:
    """Build in the folder `work`, which is empty; gives the folder that holds the site. Raises `NotBuilt`.

    root     the clone
    lessons  the folder with the lessons to hand out
    """
    lite = work / "lite"
    say(f"Fetching Pyodide {PYODIDE} …")
    runtime = fetch_pyodide(work / "npm")
    say("Fetching the packages for the browser's Python …")
    wheels = fetch_wheels(root, source_of_kit(root, lessons, work / "kit"), work / "wheels")
    say("Making an environment for JupyterLite …")
    python = make_builder(root, work / "env")
    wheels += [path for path in own_wheels(work / "env") if not path.name.startswith("widgetsnbextension-3")]
    names = assemble(lite / "static" / "pyodide", runtime, wheels)
    (lite / "jupyter-lite.json").write_text(json.dumps(settings(names), indent=1), encoding="utf-8")
    write_lessons(lessons, lite / "files")
    say("Building …")
    command = [python, "-m", "jupyterlite_core", "build", "--lite-dir", lite, "--output-dir", work / "site"]
    step("jupyter lite build", [*map(str, command), "--no-sourcemaps", "--apps", "lab"], cwd=lite)
    return work / "site"


def fetch_pyodide(folder: Path) -> Path:
    """Pyodide's runtime from npm, unpacked."""
    folder.mkdir()
    npm = shutil.which("npm")
    if npm is None:
        raise NotBuilt("Fetching Pyodide", "there is no npm here. Install Node.js, and start again.")
    step("Fetching Pyodide", [npm, "pack", f"pyodide@{PYODIDE}"], cwd=folder)
    with tarfile.open(next(folder.glob("*.tgz"))) as archive:
        archive.extractall(folder, filter="data")
    return folder / "package"


def source_of_kit(root: Path, lessons: Path, folder: Path) -> Path:
    """What the kit's wheel is built from, with the lessons to hand out and none that somebody has changed."""
    compiled = shutil.ignore_patterns("__pycache__")
    shutil.copytree(root / "eda_workshop", folder / "eda_workshop", ignore=compiled)
    shutil.copytree(lessons, folder / "notebooks")
    shutil.copytree(root / "notebooks" / "exercises", folder / "notebooks" / "exercises", ignore=compiled)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(root / name, folder)
    return folder


def fetch_wheels(root: Path, kit: Path, folder: Path) -> list[Path]:
    """The wheel of the kit, whose source is there, and those of the packages, at the versions of constraints.txt, for the browser's Python."""
    pip = [sys.executable, "-m", "pip"]
    step("Building the kit's wheel", [*pip, "wheel", "--no-deps", "-w", str(folder), str(kit)], cwd=root)
    target = ["--platform", PLATFORM, "--python-version", PYTHON, "--implementation", "cp"]
    target += ["--abi", f"cp{PYTHON}", "--abi", "none", "--only-binary", ":all:"]
    command = [*pip, "download", "--no-deps", "-c", "constraints.txt", "-d", str(folder), *target, *PACKAGES]
    step("Fetching the packages", command, cwd=root)
    return list(folder.glob("*.whl"))


def make_builder(root: Path, folder: Path) -> Path:
    """An environment with JupyterLite in it; gives its Python."""
    venv.create(folder, with_pip=True)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    step("Installing JupyterLite", [str(python), "-m", "pip", "install", "-c", "constraints.txt", *BUILDER], cwd=root)
    return python


def own_wheels(environment: Path) -> list[Path]:
    """The wheels that the kernel itself brings."""
    return list((environment / "share" / "jupyter" / "labextensions" / KERNEL / "static" / "pypi").glob("*.whl"))


def settings(packages: list[str]) -> dict[str, object]:
    """JupyterLite's configuration: all packages are loaded at the start, and none is looked for elsewhere."""
    kernel = {"disablePyPIFallback": True, "loadPyodideOptions": {"packages": packages}}
    plugins = {f"{KERNEL}:kernel": kernel}
    shown = {"appName": "EDA workshop", "exposeAppInBrowser": True, "litePluginSettings": plugins}
    return {"jupyter-lite-schema-version": 0, "jupyter-config-data": shown}


def write_lessons(notebooks: Path, folder: Path) -> None:
    """The lessons' copies for a browser."""
    folder.mkdir(parents=True)
    for lesson in LESSONS:
        copy = in_a_browser(nbformat.read(notebooks / lesson.notebook, as_version=4))
        # In one piece each: JupyterLite puts a comma between the lines of a printed text.
        nbformat.write(copy, folder / lesson.notebook, split_lines=False)


def step(name: str, command: list[str], cwd: Path) -> None:
    """Run one program without its chatter. Raises `NotBuilt`."""
    try:
        result = subprocess.run(
            command, cwd=cwd, env=environment(sys.executable), capture_output=True, text=True, check=False
        )
    except OSError as error:
        raise NotBuilt(name, str(error)) from None
    if result.returncode:
        raise NotBuilt(name, (result.stderr.strip() or result.stdout.strip() or "nothing").splitlines()[-1])
