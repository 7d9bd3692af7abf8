"""The instructor's pages: their minutes add up, and what they name is there."""

import re
from pathlib import Path

import pytest

from eda_workshop import exercises
from eda_workshop.lessons import overview
from eda_workshop.lessons.catalogue import LESSONS
from eda_workshop.lessons.source import read_lesson

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "instructors.md").read_text(encoding="utf-8")
SOURCE = ROOT / "notebooks" / "source"
OUTLINES = {lesson.number: overview.outline(lesson, read_lesson(SOURCE / f"{lesson.name}.py")) for lesson in LESSONS}
MINUTES = {exercise.id: exercise.minutes for exercise in exercises.every()}

ROUTES = re.findall(r"^### ((?:\d+ minutes|A full day).*?)\n(.*?)(?=^###? )", GUIDE, re.MULTILINE | re.DOTALL)
NOTES = re.findall(r"^### (\d\d) [A-Z].*?\n(.*?)(?=^###? )", GUIDE, re.MULTILINE | re.DOTALL)


def rows(text):
    """The rows of a route: minutes, and what is done."""
    return [(int(minutes), what) for minutes, what in re.findall(r"^\| (\d+) \| (.*) \|$", text, re.MULTILINE)]


def sections(number):
    """The headings of a lesson."""
    return {section.title for section in OUTLINES[number].sections}


def named_in(text):
    """What stands in italics: sections."""
    return re.findall(r"(?<!\*)\*([^*]+)\*(?!\*)", text)


def test_the_overview_is_made_from_the_lessons():
    """Nobody wrote it by hand, and nobody forgot to make it anew."""
    assert (ROOT / "docs" / overview.NAME).read_text(encoding="utf-8") == overview.page(SOURCE)


@pytest.mark.parametrize("lesson", LESSONS, ids=[lesson.name for lesson in LESSONS])
def test_the_minutes_of_a_lesson_are_shared_out(lesson):
    """Sections and exercises together take what the lesson takes, and no section takes nothing."""
    found = OUTLINES[lesson.number]
    taught = [section.minutes for section in found.sections]
    assert sum(taught) + sum(minutes for _, minutes in found.practice) == lesson.minutes
    assert min(taught) >= 1


@pytest.mark.parametrize("lesson", LESSONS, ids=[lesson.name for lesson in LESSONS])
def test_the_minutes_of_a_lesson_are_plausible(lesson):
    """What there is to say and to run takes about as long as there is for it: within three tenths."""
    found = OUTLINES[lesson.number]
    there_is = lesson.minutes - sum(minutes for _, minutes in found.practice)
    assert 0.7 <= there_is / sum(overview.weights(read_lesson(SOURCE / f"{lesson.name}.py")).values()) <= 1.3


def test_there_are_routes_for_an_hour_and_for_a_day():
    """Sixty, ninety, a hundred and eighty minutes, and a day."""
    assert [re.match(r"\d+ minutes|A full day", title)[0] for title, _ in ROUTES] == [
        "60 minutes",
        "90 minutes",
        "180 minutes",
        "A full day",
    ]


@pytest.mark.parametrize(("title", "text"), ROUTES, ids=[title.split(":")[0] for title, _ in ROUTES])
def test_a_route_adds_up(title, text):
    """Its rows take as long as it says, and rows of exercises as long as these."""
    stated = re.match(r"(\d+) minutes", title) or re.search(r"(\d+) minutes\.", text)
    assert sum(minutes for minutes, _ in rows(text)) == int(stated[1])
    for minutes, what in rows(text):
        ids = re.findall(r"`(\w+)`", what)
        if ids:
            assert minutes == sum(MINUTES[id] for id in ids), what


@pytest.mark.parametrize(("title", "text"), ROUTES, ids=[title.split(":")[0] for title, _ in ROUTES])
def test_what_a_route_takes_is_there_and_has_time(title, text):
    """Each section is one of its lesson, in the order of the lesson, and the row is not shorter than half of what they take."""
    for minutes, what in rows(text):
        lesson = re.match(r"(\d\d): ", what)
        if not lesson:
            continue
        names = named_in(what)
        known = [section.title for section in OUTLINES[int(lesson[1])].sections]
        places = [known.index(name) for name in names]
        assert places == sorted(places)
        takes = sum(s.minutes for s in OUTLINES[int(lesson[1])].sections if s.title in names)
        assert minutes >= takes / 2, what


def test_every_lesson_has_its_notes():
    """What to break, what they ask, and what can go when it is late."""
    assert [int(number) for number, _ in NOTES] == [lesson.number for lesson in LESSONS]
    for number, text in NOTES:
        for word in ("**Break live:**", "**They ask:**", "**Late:**"):
            assert text.count(word) == 1, (number, word)
        late = re.search(r"\*\*Late:\*\* (.*)", text)[1]
        ids = {id for id in re.findall(r"`(\w+)`", late) if id in MINUTES}
        named = [name for part in late.split(". ")[:1] for name in named_in(part)]
        assert named or ids, number
        assert set(named) <= sections(int(number)), number
        assert all(id in dict(OUTLINES[int(number)].practice) for id in ids), number
