"""A browser for the tests: found, or else installed where that can be done without asking."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

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


def find_browser() -> str | None:
    """The browser in EDA_BROWSER, on the PATH, in its usual place, or Playwright's own; None if there is none."""
    asked = os.environ.get("EDA_BROWSER")
    if asked:
        return asked
    on_path = next(filter(None, map(shutil.which, NAMES)), None)
    return on_path or next((place for place in PLACES if Path(place).exists()), None) or bundled()


def install_browser() -> str | None:
    """Bring a Chromium: Playwright's build, or on Debian as root the system's package; None if neither works."""
    print("No browser found; installing Chromium for the browser tests …", flush=True)
    if quiet([sys.executable, "-m", "playwright", "install", "chromium"]):
        return bundled()
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        quiet(["apt-get", "update", "-qq"])
        quiet(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"])
    return shutil.which("chromium")


def bundled() -> str | None:
    """The Chromium that Playwright brought, if it did."""
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        return None
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def quiet(command: list[str]) -> bool:
    """Run a command without its chatter; whether it succeeded within ten minutes."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        result = subprocess.run(command, capture_output=True, timeout=600, check=False, env=environment)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return result.returncode == 0
