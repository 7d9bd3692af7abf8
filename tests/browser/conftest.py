"""JupyterLab, really started by the kit's own command, and a real browser to look at it."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import IO

import pytest
from lab_page import HEIGHT, PATIENCE, WIDE, Lab, Lesson, Server
from playwright.sync_api import Browser

from eda_workshop.commands.browser import find_browser

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
FLAGS = ["--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update"]


@pytest.fixture(scope="session")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project under a name with a space and an accent; what is done in the browser stays there."""
    root = tmp_path_factory.mktemp("browser") / "my clone é"
    for folder in ("eda_workshop", "notebooks"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    return root


@pytest.fixture(scope="session")
def server(clone: Path, chromium: str) -> Iterator[Server]:
    """JupyterLab on the clone's notebooks, with nobody's settings and nobody's progress; stopped at the end."""
    command = [sys.executable, "-m", "eda_workshop", "lab", "--no-browser", "--port", "0"]
    addresses: queue.Queue[tuple[str, str]] = queue.Queue()
    with subprocess.Popen(
        command, cwd=clone, env=environment(clone), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        listener = threading.Thread(target=listen, args=(process.stderr, addresses), daemon=True)
        listener.start()
        try:
            origin, token = addresses.get(timeout=90)
            yield Server(origin, token, clone / "notebooks")
        finally:
            process.terminate()
            listener.join(timeout=30)


def environment(clone: Path) -> dict[str, str]:
    """An environment of the server's own; the kernels take the package from the clone."""
    folders = {
        name: str(clone.parent / name.lower())
        for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")
    }
    settings = Path(folders["JUPYTER_CONFIG_DIR"])
    settings.mkdir()
    for name, app in (("lab", "LabApp"), ("notebook", "JupyterNotebookApp")):
        exposed = json.dumps({app: {"expose_app_in_browser": True}})
        (settings / f"jupyter_{name}_config.json").write_text(exposed, encoding="utf-8")
    inherited = {
        name: value for name, value in os.environ.items() if name not in ("EDA_WORKSHOP_HOME", "JUPYTER_CONFIG_PATH")
    }
    return {**inherited, **folders, "IPYTHONDIR": str(clone.parent / "ipython"), "PYTHONPATH": str(clone)}


def listen(log: IO[str], addresses: queue.Queue[tuple[str, str]]) -> None:
    """Read the server's log to its end, so that it never waits for a reader, and hand on its address."""
    for line in log:
        found = re.search(r"(http://127\.0\.0\.1:\d+)/lab\S*token=(\w+)", line)
        if found:
            addresses.put((found[1], found[2]))


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of Chromium, Chrome or Edge. Without one these tests are left out, but in CI that is a failure."""
    path = find_browser()
    if path is None:
        message = "No Chrome, Chromium or Edge was found: the browser tests are left out. EDA_BROWSER can name one."
        (pytest.fail if os.environ.get("CI") else pytest.skip)(message)
    return path


# One for each file, not for the session: while it is open, its event loop keeps every other test of the
# process from starting one with asyncio.run.
@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """A browser without a window."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def lab(server: Server, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Lab:
    """A browser on the server, with one page in which the lessons are opened."""
    page = browser.new_page(viewport={"width": WIDE, "height": HEIGHT}, reduced_motion="reduce")
    for probes in ("probes.js", "access.js"):
        page.add_init_script(path=HERE / probes)
    page.set_default_timeout(PATIENCE)
    return Lab(page, server, tmp_path_factory.mktemp("screenshots"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failed test leaves a picture of its page and says where."""
    report = yield
    if report.failed:
        for lesson in getattr(item, "funcargs", {}).values():
            if isinstance(lesson, Lesson):
                with contextlib.suppress(Exception):  # a page that crashed must not hide why the test failed
                    report.sections.append(("Screenshot", str(lesson.screenshot(re.sub(r"\W+", "-", item.name)))))
    return report
