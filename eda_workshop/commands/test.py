"""``test``: everything, in one pytest run: unit, property, contract, exercises, notebooks, docs, browser."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from argparse import Namespace
from importlib.util import find_spec
from pathlib import Path

from eda_workshop.commands.browser import find_browser, install_browser
from eda_workshop.commands.errors import NotAClone
from eda_workshop.lessons.catalogue import clone_root

CHECKS = (
    ("ruff check", [sys.executable, "-m", "ruff", "check", "."]),
    ("ruff format", [sys.executable, "-m", "ruff", "format", "--check", "."]),
    ("mypy", [sys.executable, "-m", "mypy"]),
)
NBVAL = ["--nbval", "--nbval-current-env", "--nbval-cell-timeout=60", "--nbval-kernel-startup-timeout=120"]
NBVAL.append("--nbval-sanitize-with=tests/notebooks/sanitize.cfg")


def main(options: Namespace) -> int:
    """Run every test, or those that the further arguments name."""
    root = clone_root()
    if root is None:
        raise NotAClone("test")
    if find_spec("pytest") is None:
        raise ModuleNotFoundError("no pytest", name="pytest")
    failed = [] if options.rest else [name for name, command in CHECKS if not passes(name, command, root)]
    browser = find_browser() or install_browser()
    if browser is None:
        print("Without a browser, the browser tests are left out.")
    with tempfile.TemporaryDirectory() as home:
        code = subprocess.call(
            pytest_command(options.rest), cwd=root, env=environment(browser, home, thorough=options.thorough)
        )
    if failed:
        print(f"Not in order: {', '.join(failed)} (see above).", file=sys.stderr)
    # In CI nobody reads a line about tests that were left out; all others have run by now and said how they went.
    return code or (1 if failed or (browser is None and os.environ.get("CI")) else 0)


def passes(name: str, command: list[str], root: Path) -> bool:
    """Run one check, quiet when it passes."""
    result = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    print(f"{name}: {'ok' if result.returncode == 0 else 'failed'}", flush=True)
    if result.returncode:
        print(result.stdout + result.stderr, flush=True)
    return result.returncode == 0


def pytest_command(rest: list[str]) -> list[str]:
    """All tests on two workers; a file, and so a notebook, stays on one of them."""
    command = [sys.executable, "-m", "pytest", *NBVAL]
    return [*command, *rest] if rest else [*command, "tests", "notebooks", "-n", "2", "--dist", "loadfile"]


def environment(browser: str | None, home: str, *, thorough: bool) -> dict[str, str]:
    """Tests find the browser, and no learner's progress."""
    extra = {"EDA_WORKSHOP_HOME": home, "EDA_BROWSER": browser or "", "EDA_THOROUGH": "1" if thorough else ""}
    return {**os.environ, **extra}
