"""How lessons are cut into slides, and what an audience is not shown."""

import re

import pytest

from eda_workshop import cli
from eda_workshop.exercises import every
from eda_workshop.lessons.catalogue import LESSONS
from eda_workshop.site.blocks import Block, Kind
from eda_workshop.site.heights import ROOM, height
from eda_workshop.site.slides import slides

TITLE = Block(Kind.HEADING, "<h2>Names</h2>", 2, "names")
CODE = Block(Kind.CODE, "<pre>bus.publish(event)</pre>")
PRINTED = Block(Kind.PRINTED, "<pre>delivered</pre>")
PICTURE = Block(
    Kind.PICTURE, '<figure><svg viewBox="0 0 880 400"></svg><figcaption>One sentence.</figcaption></figure>'
)
SAID = Block(Kind.PROSE, "<p>Six.</p>")
LONG = Block(Kind.PROSE, "<p>" + "word " * 200 + "</p>")


def shapes(*blocks):
    """The kinds on each slide."""
    return [[block.kind.value for block in slide.blocks] for slide in slides(blocks)]


def test_a_heading_begins_a_slide():
    """Two sections are two slides, however short they are."""
    assert shapes(TITLE, SAID, TITLE, SAID) == [["heading", "prose"], ["heading", "prose"]]


def test_a_result_comes_after_the_question():
    """What a cell prints is not on the slide that asks for a prediction; the code is shown again with it."""
    assert shapes(TITLE, SAID, CODE, PRINTED, SAID) == [["heading", "prose", "code"], ["code", "printed", "prose"]]


def test_a_picture_has_the_screen_for_itself_and_what_is_said_of_it():
    """Its code stays behind."""
    assert shapes(TITLE, CODE, PICTURE, SAID) == [["heading", "code"], ["picture", "prose"]]


def test_what_is_too_much_for_a_slide_goes_on_the_next():
    """The next one says on top which section it belongs to."""
    first, second = slides([TITLE, LONG, LONG])
    assert [block.kind.value for block in second.blocks] == ["prose"]
    assert (first.running, second.running) == ("", "Names")


def test_a_heading_alone_makes_no_slide():
    """Exercises follow their heading at once; each has a slide of its own."""
    task = Block(Kind.HEADING, "<h3>Count</h3>", 3, "count")
    assert [slide.section for slide in slides([TITLE, task, SAID, task, SAID])] == ["Count", "Count"]


def test_a_picture_gets_the_room_that_is_left():
    """Alone it has more than with a paragraph."""
    (alone,), (_, second) = slides([TITLE, PICTURE]), slides([TITLE, CODE, PICTURE, SAID])
    assert alone.rest > 50
    assert second.rest == pytest.approx(100 * (ROOM - 1.55 - 1.42 - height(SAID)) / 20.69, abs=0.1)


def test_one_block_that_is_too_much_makes_all_smaller():
    """Such a slide is marked as crowded, and only such a one."""
    listing = Block(Kind.CODE, "<pre>" + "line\n" * 30 + "</pre>")
    assert [slide.crowded for slide in slides([TITLE, SAID, listing])] == [False, True]


def test_a_quiz_is_shown_question_by_question(parsed):
    """One slide a question, numbered on; the answers are closed."""
    for lesson in LESSONS:
        questions = parsed[f"{lesson.name}.html"].select(".slide .quiz")
        assert len(questions) == (3 if lesson.number else 0)
        assert all(len(question.select("details:not([open])")) == 1 for question in questions)
        assert [question.ol["start"] for question in questions] == ["1", "2", "3"][: len(questions)]


def test_no_slide_shows_a_solution_or_a_hint(shown):
    """Tasks and stubs are there, for all exercises; what the desk gives on request is not."""
    for exercise in every():
        page = shown[next(f"{lesson.name}.html" for lesson in LESSONS if lesson.number == exercise.lesson)]
        text = re.sub(r"<[^>]+>", "", page)
        assert f"check.{exercise.id}(" in text
        assert f"solution.{exercise.id}()" not in text
        assert f"hint.{exercise.id}()" not in text


def test_slides_are_numbered_and_small(shown, parsed):
    """Each says which of how many it is; no page passes 400 kB."""
    for lesson in LESSONS:
        marks = [slide.select_one(".place span").get_text() for slide in parsed[f"{lesson.name}.html"].select(".slide")]
        assert marks == [f"{number} / {len(marks)}" for number in range(1, len(marks) + 1)]
    assert max(len(text.encode()) for text in shown.values()) < 400_000


def test_slides_ask_nobody_for_anything(shown):
    """The only files that a page loads are the two beside it."""
    for name, text in shown.items():
        loaded = re.findall(r'(?:\bsrc|<link[^>]* href)="(?!data:)([^"]*)"|url\(([^)]*)\)|@import (\S+)', text)
        assert {"".join(found) for found in loaded} <= {"slides.css", "slides.js"}, name


def test_links_on_slides_lead_to_what_is_there(shown, parsed):
    """The index lists every deck, and every deck leads back."""
    for page in parsed.values():
        assert {link["href"] for link in page.select("a")} <= set(shown)


def test_some_lessons_can_be_chosen(tmp_path, capsys):
    """By number or name; the sentence says what to open."""
    assert cli.main(["slides", "03", "--into", str(tmp_path / "deck")]) == 0
    assert capsys.readouterr().out == f"Wrote slides of 1 lesson. Open {tmp_path / 'deck' / '03-bus.html'}.\n"
    assert not (tmp_path / "deck" / "04-handlers.html").exists()


def test_a_lesson_that_is_not_there_is_named(tmp_path, capsys):
    """The error lists those that are; nothing is written."""
    assert cli.main(["slides", "99", "--into", str(tmp_path / "deck")]) == 1
    assert "There is no notebook 99. There are: 00-start, 01-architectures" in capsys.readouterr().err
    assert not (tmp_path / "deck").exists()
