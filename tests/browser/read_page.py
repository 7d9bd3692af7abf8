"""Pages for readers in a browser: opened from the disk, as somebody does who got the folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

# axe would fetch the style sheet by script, which a browser allows no page from the disk; and to tell all that is
# well takes it longer than to find what isn't.
AXE = {"preload": False, "resultTypes": ["violations"]}
BROAD = """() => [...document.querySelectorAll("main, main *, nav, footer")]
    .filter(element => !element.parentElement.closest("pre, .scroll, svg, .picture:has(:checked)"))
    .filter(element => element.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
    .map(element => element.outerHTML.slice(0, 120))"""


class Reader:
    """A page of a browser that goes from file to file: what went wrong there, and what it asked others for."""

    def __init__(self, page: Page, folder: Path) -> None:
        self.page = page
        self.folder = folder
        self.complaints: list[str] = []
        self.outside: list[str] = []
        page.on("console", lambda said: self.complaints.append(said.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self._note(request.url))

    def _note(self, url: str) -> None:
        if not url.startswith((self.folder.as_uri(), "data:")):
            self.outside.append(url)

    def open(self, name: str) -> Page:
        """Open a file of the folder."""
        self.page.goto((self.folder / name).as_uri())
        return self.page

    def too_broad(self) -> list[str]:
        """What reaches over the right edge, though it is in nothing that scrolls."""
        found: list[str] = self.page.evaluate(BROAD)
        scrolls = self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        return found or (["the page scrolls sideways"] if scrolls else [])

    def axe(self, *rules: str) -> list[str]:
        """What axe finds by these rules, or by all that it has."""
        found = Axe().run(self.page, None, {**AXE, "runOnly": list(rules)} if rules else AXE).response
        assert "color-contrast" in {rule["id"] for rule in found["passes"] + found["violations"]}, "axe saw no text"
        return [
            f"{rule['id']}: {node['html'][:140]} {node['failureSummary']}"
            for rule in found["violations"]
            for node in rule["nodes"]
        ]


@contextmanager
def reader(browser: Browser, folder: Path, width: int, height: int, scheme: str) -> Iterator[Reader]:
    """A reader of the folder with a window so large and a light or a dark system."""
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)  # type: ignore[arg-type]
    yield Reader(page, folder)
    page.close()
