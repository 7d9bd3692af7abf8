"""The site of the lessons as they are, written once for all these tests."""

from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from eda_workshop.site.decks import decks
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
    return site(lessons, (NOTEBOOKS / "glossary.md").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def pages(files):
    """The site's pages, parsed."""
    return {name: BeautifulSoup(text, "html.parser") for name, text in files.items() if name.endswith(".html")}


@pytest.fixture(scope="session")
def shown(lessons):
    """The files of the slides by name."""
    return decks(lessons)


@pytest.fixture(scope="session")
def parsed(shown):
    """The pages of slides, parsed."""
    return {name: BeautifulSoup(text, "html.parser") for name, text in shown.items() if name.endswith(".html")}
