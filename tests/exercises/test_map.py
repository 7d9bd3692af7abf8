"""The map of lesson 00: what is done, where to go on, and progress that is forgotten after a second thought."""

from __future__ import annotations

from pathlib import Path

import pytest

from eda_workshop import exercises
from eda_workshop.exercises import YourProgress, check, progress, progress_map
from eda_workshop.exercises.errors import UnknownExercise
from eda_workshop.lessons.catalogue import LESSONS

RIGHT = {"topic": 24, "queue": 6}
COUNT = len(exercises.every())


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh learner for each test."""
    monkeypatch.setenv("EDA_WORKSHOP_HOME", str(tmp_path))
    return tmp_path


def passed(*ids: str, last: str = "") -> None:
    """These exercises are done, and the last one of them was the last to be checked, unless another is named."""
    for id in (*ids, *([last] if last else [])):
        progress.change(id, lambda record: vars(record).update(attempts=record.attempts + 1, passed=True))


def all_of(*lessons: int) -> tuple[str, ...]:
    return tuple(each.id for lesson in lessons for each in exercises.of(lesson))


def next_place() -> tuple[int, str] | None:
    place = progress_map(LESSONS).next
    return None if place is None else (place[0].lesson.number, place[1].id)


def test_the_report_and_the_map_agree() -> None:
    """Both show all exercises; what passed is done in both."""
    assert f"{len(LESSONS)} lessons, 0 of {COUNT} exercises done" in repr(progress_map(LESSONS))
    check.deliveries(RIGHT)
    assert f"1 of {COUNT} exercises done." in progress.report()
    drawn = progress_map(LESSONS)
    assert f"1 of {COUNT} exercises done" in repr(drawn)
    html = drawn._repr_mimebundle_()["text/html"]
    assert "✓ Count the copies: right" in html
    assert "… Topic or queue?: not attempted" in html
    assert all(f'href="{lesson.notebook}"' in html for lesson in LESSONS)


def test_prerequisites_lead_to_what_came_before() -> None:
    """A lesson needs only lessons with smaller numbers, so the order of the numbers is always a way."""
    numbers = {lesson.number for lesson in LESSONS}
    for lesson in LESSONS:
        assert set(lesson.needs) <= numbers
        assert all(needed < lesson.number for needed in lesson.needs)


def test_a_fresh_learner_begins_at_the_beginning() -> None:
    """The first exercise of the first lesson that has any."""
    assert next_place() == (1, exercises.of(1)[0].id)
    assert progress_map(LESSONS).advice.startswith("Begin with 01 Architectures")


def test_who_is_amid_a_lesson_stays_in_it() -> None:
    """The next open exercise of the lesson of the last check, also when earlier lessons were left out."""
    passed("deliveries")
    assert next_place() == (3, exercises.of(3)[1].id)
    assert progress_map(LESSONS).advice.startswith("Go on with 03 The bus")


def test_who_is_through_goes_on_to_what_is_ready() -> None:
    """After lesson 03 comes 04, which needs it; after 04 comes 05; after 09 the next that is ready is 10's."""
    passed(*all_of(3))
    assert next_place() == (4, exercises.of(4)[0].id)
    passed(*all_of(4))
    assert next_place() == (5, exercises.of(5)[0].id)
    passed(*all_of(6, 7, 9))
    assert next_place() == (10, exercises.of(10)[0].id)
    passed(*all_of(10, 11, 12, 13, 14, 15, 16, 17))
    assert next_place() == (1, exercises.of(1)[0].id)


def test_when_all_is_done_it_says_so() -> None:
    """There is an end."""
    passed(*(each.id for each in exercises.every()))
    assert next_place() is None
    assert repr(progress_map(LESSONS)).endswith(f"{COUNT} of {COUNT} exercises done. All exercises are done.")


def test_to_forget_takes_a_second_thought() -> None:
    """First a question, and only yes forgets; no and looking again keep everything."""
    check.deliveries(RIGHT)
    board = YourProgress(LESSONS)
    assert board.yes().startswith("Nothing was asked")
    board.forget()
    assert board.no() == "Nothing was forgotten."
    board.forget()
    board.look()
    assert board.yes().startswith("Nothing was asked")
    assert progress.load().of("deliveries").passed
    assert board.forget("deliveries") == "Forget the progress of deliveries? Your notebooks stay as they are."
    assert board.yes() == "Forgotten: deliveries."
    assert not progress.load().of("deliveries").passed
    board.forget()
    assert board.yes() == "There was no progress to forget."
    with pytest.raises(UnknownExercise):
        board.forget("delivery")


def test_what_was_done_elsewhere_shows_when_it_looks_again() -> None:
    """Other notebooks write the same file."""
    board = YourProgress(LESSONS)
    check.deliveries(RIGHT)
    assert f"1 of {COUNT} exercises done" in board.look()
    assert "Go on with 03 The bus" in board._voice.widget.value


def test_a_file_that_can_not_be_written_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The progress is still there, and the board says why."""
    check.deliveries(RIGHT)
    board = YourProgress(LESSONS)
    board.forget()
    monkeypatch.setattr(progress, "_save", _refuse)
    assert board.yes() == "It could not be forgotten: the file can't be written (Read-only file system)."
    assert progress.load().of("deliveries").passed


def _refuse(_: progress.Progress) -> None:
    raise OSError(30, "Read-only file system")
