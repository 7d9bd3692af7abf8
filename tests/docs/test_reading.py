"""docs/reading.md: its links are well-formed, its lessons are there, and it says how much of each source was read."""

import re
from urllib.parse import urlsplit

import pytest

from eda_workshop.lessons.catalogue import LESSONS, clone_root

PAGE = (clone_root() / "docs" / "reading.md").read_text(encoding="utf-8")
NOTEBOOKS = {f"{lesson.number:02}": lesson.notebook for lesson in LESSONS}
OUTSIDE = re.findall(r"\]\((https?[^)\s]*)\)", PAGE)
LESSON_LINKS = re.findall(r"\[(\d\d)\]\(([^)]+)\)", PAGE)


def rows(title):
    """The rows of the table under a heading, as lists of their cells."""
    section = PAGE.split(f"## {title}\n")[1].split("\n## ")[0]
    table = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table[2:]]


TWELVE, MORE, LOOK_UP = rows("The twelve links"), rows("What the agenda needs besides"), rows("To look things up")


def test_the_talks_list_is_complete():
    """Twelve rows: ten with a link, and the two demo repositories, which are told and not linked."""
    assert len(TWELVE) == 12
    assert [row[0] for row in TWELVE if "](" not in row[0]] == ["the talk's demo in Python", "the talk's demo in Node"]


@pytest.mark.parametrize("row", TWELVE + MORE + LOOK_UP, ids=lambda row: row[0][:30])
def test_each_source_answers_a_question_of_a_lesson(row):
    """A row has a question, and the lessons in which its answer is used."""
    question, lessons = (row[2], row[3]) if len(row) == 5 else (row[1], row[2])
    assert question.endswith("?")
    assert re.fullmatch(r"\[\d\d\]\([^)]+\)(, \[\d\d\]\([^)]+\))*", lessons)


@pytest.mark.parametrize("row", TWELVE + MORE, ids=lambda row: row[0][:30])
def test_each_source_says_what_it_is_and_how_much_was_read(row):
    """Its kind is named, and how much of it went into the workshop is one of three words, which the page explains."""
    assert row[1]
    assert row[4] in ("whole", "opening", "notes")
    assert f"**{row[4]}**" in PAGE


@pytest.mark.parametrize(("number", "link"), LESSON_LINKS)
def test_its_lessons_are_there(number, link):
    """Each number leads to the notebook of that lesson."""
    assert link == f"../notebooks/{NOTEBOOKS[number]}"


def test_lessons_named_in_the_text_are_there():
    """A number without a link is a lesson's, too."""
    named = set(re.findall(r"[Ll]esson (\d\d)", PAGE)) | set(re.findall(r"(?:: |, )(\d\d)(?=[,.])", PAGE))
    assert named
    assert named <= set(NOTEBOOKS)


@pytest.mark.parametrize("url", OUTSIDE)
def test_each_link_is_well_formed(url):
    """An https address with a host and a path, and none that counts visits or jumps into the middle."""
    parts = urlsplit(url)
    assert parts.scheme == "https"
    assert re.fullmatch(r"([a-z0-9-]+\.)+[a-z]+", parts.netloc)
    assert len(parts.path) > 1
    assert re.fullmatch(r"(v=\w{11})?", parts.query)
    assert not parts.fragment


def test_no_link_stands_twice():
    """Each source has one row."""
    assert len(OUTSIDE) == len(set(OUTSIDE)) == len(TWELVE + MORE + LOOK_UP) - 2
