"""Lessons in pages of JupyterLab: opening, running and looking at them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, Request, expect

WIDE, NARROW = 1400, 600
HEIGHT = 1000
OUTPUTS = ".jp-OutputArea-output"
PATIENCE = 90_000
"""Milliseconds until a page or a run counts as stuck; they need a tenth of it."""

# A slider's handle is the widget library's, which gives it no name; the labeled number box beside it does the same.
NOT_OURS = [".noUi-handle"]
# What JupyterLab says when a notebook is closed while its kernel has still to answer; only these tests are so quick.
CLOSED_EARLY = "Canceled future for"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]


@dataclass(frozen=True)
class Server:
    """A running JupyterLab: its origin, its token, and the folder that it shows."""

    origin: str
    token: str
    folder: Path


@dataclass
class Lesson:
    """One notebook in JupyterLab's page: what went wrong there, and where pictures of it are kept."""

    name: str
    page: Page
    shots: Path
    complaints: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)

    def ask(self, probe: str) -> Any:
        """What the probe answers now."""
        return self.page.evaluate(f"probes.{probe}()")

    def wait_until(self, probe: str) -> None:
        """Wait for the probe to answer yes."""
        self.page.wait_for_function(f"probes.{probe}()", timeout=PATIENCE)

    def run_all(self) -> None:
        """Run → Run All Cells, until the last cell has run and is drawn."""
        self.command("notebook:run-all-cells")
        self.wait_until("finished")

    def command(self, name: str, arguments: dict[str, str] | None = None) -> None:
        """Do what the command in JupyterLab's menus does."""
        call = "([name, given]) => window.jupyterapp.commands.execute(name, given).then(() => null)"
        self.page.evaluate(call, [name, arguments or {}])

    def theme(self, name: str) -> None:
        """Change to the Light or the Dark theme, and wait until JupyterLab's veil is gone: it fails to lift two at once."""
        wanted = f"JupyterLab {name}"
        if self.page.evaluate("document.body.dataset.jpThemeName") != wanted:
            self.command("apputils:change-theme", {"theme": wanted})
        self.page.wait_for_function(
            "name => document.body.dataset.jpThemeName === name && !document.getElementById('jupyterlab-splash')",
            arg=wanted,
        )

    def resize(self, width: int) -> None:
        """Make the window so wide, and wait until the page has been laid out anew."""
        self.page.set_viewport_size({"width": width, "height": HEIGHT})
        self.page.evaluate("() => new Promise(go => requestAnimationFrame(() => requestAnimationFrame(go)))")

    def axe(self) -> list[str]:
        """What axe finds against WCAG 2.1 A and AA in the outputs."""
        context: Any = {"include": [[OUTPUTS]], "exclude": [NOT_OURS]}
        found = Axe().run(self.page, context, {"runOnly": RULES}).response
        assert "color-contrast" in {rule["id"] for rule in found["passes"] + found["violations"]}, "axe saw no text"
        return [
            f"{rule['id']}: {node['html'][:140]} {node['failureSummary']}"
            for rule in found["violations"]
            for node in rule["nodes"]
        ]

    def screenshot(self, name: str) -> Path:
        """Keep a picture of the page under this name."""
        path = self.shots / f"{name}.png"
        self.page.screenshot(path=path)
        return path

    def cell(self, code: str) -> Locator:
        """The code cells whose source holds this."""
        return self.page.locator(".jp-CodeCell", has=self.page.locator(".jp-InputArea", has_text=code))

    def status(self, cell: Locator) -> Locator:
        """The line that the cell's instrument announces."""
        return cell.locator("[role=status][aria-live=polite]")


class Lab:
    """JupyterLab in a browser: opens notebooks, one at a time, in one page that is loaded once."""

    def __init__(self, page: Page, server: Server, shots: Path) -> None:
        self._page = page
        self._server = server
        self._shots = shots
        self._lesson: Lesson | None = None
        page.on("console", lambda said: self._complain(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self._complain(error.stack or str(error)))
        page.on("request", self._note)

    def open(self, name: str, *, kernel: bool = True) -> Lesson:
        """Open a notebook anew, light and wide; wait until it is drawn and, if asked for, its kernel answers."""
        before, lesson = self._lesson, Lesson(name, self._page, self._shots)
        if before is None:
            self._lesson = lesson
            self._page.goto(f"{self._server.origin}/lab/tree/{name}.ipynb?reset&token={self._server.token}")
            self._page.wait_for_function("window.jupyterapp !== undefined", timeout=PATIENCE)
        else:
            before.resize(WIDE)
            before.ask("close")
            self._lesson = lesson
            lesson.command("docmanager:open", {"path": f"{name}.ipynb"})
        lesson.ask("opened")
        lesson.wait_until("drawn")
        lesson.theme("Light")
        if kernel:
            lesson.ask("kernel")
        return lesson

    def run(self, name: str) -> Lesson:
        """The notebook with all its cells run: as it stands if it is open, else opened."""
        if self._lesson is None or self._lesson.name != name:
            self.open(name).run_all()
        assert self._lesson is not None
        return self._lesson

    def _complain(self, words: str) -> None:
        if self._lesson and CLOSED_EARLY not in words:
            self._lesson.complaints.append(words)

    def _note(self, request: Request) -> None:
        if self._lesson and not request.url.startswith((f"{self._server.origin}/", "data:", "blob:")):
            self._lesson.outside.append(request.url)


def assert_says(status: Locator, words: str) -> None:
    """The line says this in the end; a failure tells what it says instead."""
    expect(status).to_have_text(re.compile(words), timeout=PATIENCE)


def take_next(lesson: Lesson) -> None:
    """Take the next entry of the list that has the focus."""
    for key in ("Space", "ArrowDown", "Enter"):
        lesson.page.keyboard.press(key)


def tab_to(lesson: Lesson, name: str) -> list[dict[str, Any]]:
    """Press Tab until the control with this name has the focus; what had it on the way, inside outputs."""
    way: list[dict[str, Any]] = []
    for _ in range(12):
        lesson.page.keyboard.press("Tab")
        focus = lesson.ask("focus")
        way += [focus] if focus["inOutput"] else []
        if focus["name"] == name:
            return way
    raise AssertionError(f"Tab does not reach {name}: {way}")
