"""Pyodide with our packages in it: a folder from which a kernel starts without asking any other host."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

PYODIDE = "314.0.6"
"""The release that the kernel of constraints.txt is made for; wheels are for its Python and its platform."""
PYTHON, PLATFORM = "314", "pyemscripten_2026_0_wasm32"

RUNTIME = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")
LOCK = "pyodide-lock.json"

PACKAGES = (
    *(
        "asttokens",
        "comm",
        "executing",
        "ipython",
        "ipython-pygments-lexers",
        "ipywidgets",
        "jedi",
        "matplotlib-inline",
    ),
    *("micropip", "msgspec", "nats-py", "networkx", "packaging", "parso", "prompt-toolkit", "pure-eval", "pygments"),
    *("simpy", "stack-data", "traitlets", "typing-extensions", "wcwidth"),
)
"""What the kernel and the kit import there. They are named one by one: pip would bring what only a real system needs."""


def assemble(folder: Path, runtime: Path, wheels: Iterable[Path]) -> list[str]:
    """Put the runtime and the wheels into the folder, with a lock of these and no others; gives their names."""
    folder.mkdir(parents=True)
    for name in RUNTIME:
        shutil.copy(runtime / name, folder)
    packages = {}
    for wheel in sorted(wheels):
        shutil.copy(wheel, folder)
        entry = locked(wheel)
        packages[entry["name"]] = entry
    lock = json.loads((folder / LOCK).read_text(encoding="utf-8"))
    (folder / LOCK).write_text(json.dumps({**lock, "packages": packages}, indent=1), encoding="utf-8")
    return list(packages)


def locked(wheel: Path) -> dict[str, Any]:
    """The lock's entry for a wheel. It depends on nothing, for all of them are loaded."""
    distribution, version = wheel.name.split("-")[:2]
    name = distribution.lower().replace("_", "-").replace(".", "-")
    return {
        "name": name,
        "version": version,
        "file_name": wheel.name,
        "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
        "install_dir": "site",
        "package_type": "package",
        "imports": [name.replace("-", "_")],
        "depends": [],
        "unvendored_tests": False,
    }
