"""A browser for the tests: found, or else installed when somebody agrees."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from eda_workshop.commands.asking import agreed

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "msedge",
)
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
NEEDED = "Install one (Debian and Ubuntu: sudo apt install chromium), or name one in EDA_BROWSER."


def find_browser() -> str | None:
    """The browser in EDA_BROWSER, on the PATH, in its usual place, or Playwright's own; None if there is none."""
    asked = os.environ.get("EDA_BROWSER")
    if asked:
        return asked
    on_path = next(filter(None, map(shutil.which, NAMES)), None)
    return on_path or next((place for place in PLACES if Path(place).exists()), None) or bundled()


def install_browser() -> str | None:
    """Install Playwright's Chromium if whoever sits at the terminal agrees; None if they don't, or it can't be had."""
    print(f"The browser tests need Chrome, Chromium or Edge, and none was found. {NEEDED}", flush=True)
    if not sys.stdin.isatty() or not agreed("Download a Chromium for these tests now?"):
        return None
    return bundled() if succeeds([sys.executable, "-m", "playwright", "install", "chromium"]) else None


def bundled() -> str | None:
    """The Chromium that Playwright brought, if it did."""
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        return None
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def succeeds(command: list[str]) -> bool:
    """Run a command without its chatter; whether it succeeded within ten minutes."""
    try:
        result = subprocess.run(command, capture_output=True, timeout=600, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return result.returncode == 0
