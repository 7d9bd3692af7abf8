"""JupyterLab, really started by the kit's own command line, and a real browser to look at it."""

import os
import shutil
import subprocess
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

from eda_workshop.commands import lab
from eda_workshop.commands.browser import find_browser

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "token-of-these-tests"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
]

READY = """async () => {
  const app = window.jupyterapp;
  await app.restored;
  while (!app.shell.currentWidget?.context) await new Promise(go => setTimeout(go, 50));
  const panel = app.shell.currentWidget;
  await panel.context.ready;
  app.shell.collapseLeft();
}"""
KERNEL = """async () => {
  const panel = window.jupyterapp.shell.currentWidget;
  await panel.sessionContext.ready;
  await panel.sessionContext.session.kernel.info;
}"""
RUN_ALL = "async () => { await window.jupyterapp.commands.execute('notebook:run-all-cells'); }"
THEME = "async theme => { await window.jupyterapp.commands.execute('apputils:change-theme', {theme}); }"


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """The address of a JupyterLab on copies of the notebooks; stopped at the end."""
    home = tmp_path_factory.mktemp("lab")
    folder = home / "notebooks"
    folder.mkdir()
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        shutil.copy(path, folder)
    port = lab.free_port()
    command = lab.lab_command(folder, "00-start.ipynb", port, browser=False)
    command.append("--LabApp.expose_app_in_browser=True")
    folders = {
        name: str(home / name.lower()) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")
    }
    variables = {
        **os.environ,
        **folders,
        "EDA_WORKSHOP_HOME": str(home),
        "JUPYTER_TOKEN": TOKEN,
        "IPYTHONDIR": str(home / "i"),
    }
    variables |= {"JUPYTER_CONFIG_PATH": lab.environment(folder)["JUPYTER_CONFIG_PATH"]}
    with (home / "log").open("w") as log, subprocess.Popen(command, env=variables, stdout=log, stderr=log) as process:
        try:
            wait_for(f"http://{lab.ADDRESS}:{port}/api?token={TOKEN}")
            yield f"http://{lab.ADDRESS}:{port}"
        finally:
            process.terminate()


def wait_for(address):
    for _ in range(600):
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("JupyterLab does not answer")


@pytest.fixture(scope="session")
def browser():
    """Chromium, Chrome or Edge. Without one these tests are left out, but in CI that is a failure."""
    path = find_browser()
    if path is None:
        message = "no Chrome, Chromium or Edge was found: the browser tests are left out"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(message)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()


class Lab:
    """One notebook in one page, with what went wrong in it."""

    def __init__(self, page, address):
        self.page = page
        self.address = address
        self.console, self.outside = [], []
        page.on("console", lambda message: self.console.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.console.append(str(error)))
        page.on("request", lambda request: self._note(request.url))

    def open(self, name, *, run=True):
        """Open a notebook; wait for the kernel and run all cells."""
        self.page.goto(f"{self.address}/lab/tree/{name}.ipynb?reset&token={TOKEN}")
        self.page.wait_for_function("window.jupyterapp !== undefined", timeout=60_000)
        self.page.evaluate(READY)
        self.theme("Light")
        if run:
            self.page.evaluate(KERNEL)
            self.page.evaluate(RUN_ALL)
        return self.page

    def theme(self, name):
        self.page.evaluate(THEME, f"JupyterLab {name}")
        self.page.wait_for_function("name => document.body.dataset.jpThemeName === name", arg=f"JupyterLab {name}")

    def _note(self, url):
        if not url.startswith((self.address, "data:", "blob:")):
            self.outside.append(url)


@pytest.fixture
def opened(server, browser, tmp_path):
    """Open a notebook in a page of its own size; a screenshot is kept if the test fails."""

    @contextmanager
    def open_page(name, *, width=1400, height=9000, run=True):
        page = browser.new_page(viewport={"width": width, "height": height})
        try:
            here = Lab(page, server)
            here.open(name, run=run)
            yield here
        except BaseException as error:
            shot = tmp_path / f"{name}.png"
            page.screenshot(path=shot)
            error.add_note(f"screenshot: {shot}")
            raise
        finally:
            page.close()

    return open_page
