"""The site of the lessons as they are, written once for all these tests."""

from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from eda_workshop.site.lesson import readings
from eda_workshop.site.pages import site

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"


@pytest.fixture(scope="session")
def lessons():
    """All lessons, ready to be read."""
    return readings(NOTEBOOKS)


@pytest.fixture(scope="session")
def files(lessons):
    """The site's files by name."""
    return site(lessons)


@pytest.fixture(scope="session")
def pages(files):
    """The site's pages, parsed."""
    return {name: BeautifulSoup(text, "html.parser") for name, text in files.items() if name.endswith(".html")}
