"""The README: its code runs, its commands exist, its links lead somewhere, and it knows every public name."""

import contextlib
import io
import re
from pathlib import Path

import pytest

import eda_workshop
from eda_workshop.commands.table import COMMANDS
from eda_workshop.lessons import readme
from eda_workshop.lessons.catalogue import LESSONS

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "notebooks/glossary.md")
PAGES += (
    "docs/scaling.md",
    "docs/cheatsheet.md",
    "docs/reading.md",
    "docs/instructors.md",
    "docs/overview.md",
    "docs/accessibility.md",
    "docs/files.md",
)


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def test_its_code_prints_what_it_says():
    """Each Python block runs, and the text block after it is what it printed."""
    assert len(blocks("python")) == len(blocks("text")) == 2
    for code, expected in zip(blocks("python"), blocks("text"), strict=True):
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(code, "README.md", "exec"), {})
        assert printed.getvalue() == expected


@pytest.mark.parametrize("page", PAGES)
def test_its_commands_exist(page):
    """Whatever follows workshop.py or eda-workshop on a page is a command."""
    text = (ROOT / page).read_text(encoding="utf-8")
    named = set(re.findall(r"(?:workshop\.py|eda-workshop) ([a-z]+)\b", text)) - {"and"}
    assert named <= set(COMMANDS)


def test_it_names_every_command():
    """No command is left for the reader to find out."""
    assert all(re.search(rf"`?{name}`?", README) for name in COMMANDS)


@pytest.mark.parametrize("page", PAGES)
def test_its_links_lead_somewhere(page):
    """Every relative link is a file of the project, seen from where the page is."""
    text = (ROOT / page).read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    assert [link for link in links if not ((ROOT / page).parent / link).exists()] == []


def test_every_page_is_linked():
    """Whoever reads the README finds each page of the docs."""
    pages = [*sorted((ROOT / "docs").glob("*.md")), ROOT / "notebooks" / "glossary.md"]
    assert {page.relative_to(ROOT).as_posix() for page in pages} <= set(PAGES)
    assert [page.name for page in pages if f"]({page.relative_to(ROOT).as_posix()})" not in README] == []


def test_it_maps_every_lesson():
    """The table of lessons is the catalogue: the same notebooks and minutes."""
    rows = re.findall(r"\| \[\d\d [^\]]+\]\(notebooks/([^)]+)\) \| .* \| (\d+) \|", README)
    assert rows == [(lesson.notebook, str(lesson.minutes)) for lesson in LESSONS]


def test_every_public_name_is_documented():
    """A name that the package hands on stands in the README, or is an error that says what to do."""
    errors = {name for name in eda_workshop.__all__ if isinstance(getattr(eda_workshop, name), type)}
    errors = {name for name in errors if issubclass(getattr(eda_workshop, name), eda_workshop.EdaError)}
    missing = [name for name in eda_workshop.__all__ if f"`{name}`" not in README and name not in errors]
    assert missing == []


def test_its_picture_is_what_the_kit_draws():
    """The picture is built, not pasted."""
    assert (ROOT / "notebooks" / readme.NAME).read_text(encoding="utf-8") == readme.picture().svg + "\n"


def test_the_talk_is_credited_once():
    """One line names the talk and its author."""
    assert README.count("Event Driven Architecture The Right Way") == 1
