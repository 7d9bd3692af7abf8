"""check, hint, solution and progress, as a learner meets them."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eda_workshop import exercises
from eda_workshop.exercises import check, hint, progress, quiz, solution
from eda_workshop.exercises.attempt import is_attempted
from eda_workshop.exercises.errors import NoSuchHint, UnknownExercise
from eda_workshop.exercises.judge import judge
from eda_workshop.exercises.outcome import Outcome
from eda_workshop.exercises.registry import LESSONS as ASKED

RIGHT = {"topic": 24, "queue": 6}


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A fresh learner for each test."""
    monkeypatch.setenv("EDA_WORKSHOP_HOME", str(tmp_path))
    return tmp_path


def record(id="deliveries"):
    return progress.load().of(id)


def test_a_check_is_remembered():
    """Attempts count, passing stays, and an untouched stub counts for nothing."""
    check.deliveries(...)
    assert record() == progress.Record()
    check.deliveries({"topic": 6, "queue": 6})
    assert (record().attempts, record().passed) == (1, False)
    check.deliveries(RIGHT)
    check.deliveries({"topic": 6, "queue": 6})
    assert (record().attempts, record().passed) == (3, True)


def test_hints_come_one_by_one():
    """The next at each call, then the end; a certain one by its number; a wrong number lists the range."""
    count = len(next(each for each in exercises.every() if each.id == "deliveries").hints)
    said = [repr(hint.deliveries()) for _ in range(count + 1)]
    assert said[0].startswith(f"Hint 1 of {count}.")
    assert said[-1].startswith("No more hints.")
    assert repr(hint.deliveries(1)) == said[0]
    assert record().hints == count
    with pytest.raises(NoSuchHint, match=f"ask for 1 to {count}"):
        hint.deliveries(count + 1)


def test_a_solution_shows_when_asked_twice():
    """The first request says how to insist; the second shows."""
    assert "once more" in repr(solution.deliveries())
    assert "3 * 2 * 4" in repr(solution.deliveries())
    assert record().passed is False


def test_a_solution_shows_at_once_after_passing():
    """Whoever passed may compare."""
    outcome = check.deliveries(RIGHT)
    assert "<details>" in outcome._repr_mimebundle_()["text/html"]
    assert "3 * 2 * 4" in repr(solution.deliveries())


@pytest.mark.parametrize("desk", [check, hint, solution])
def test_an_unknown_exercise_lists_the_known_ones(desk):
    """A typing mistake is answered with the names, and completion knows them."""
    with pytest.raises(UnknownExercise, match="There is no exercise delivery. There are: .*deliveries, late_tap"):
        desk.delivery()
    assert dir(desk) == sorted(each.id for each in exercises.every())


@pytest.mark.parametrize("state", ["not attempted", "wrong", "right"])
def test_an_outcome_is_a_word_and_a_sign_and_is_announced(state):
    """Color is never the only sign, markup is escaped, and screen readers are told."""
    bundle = Outcome(state, "a < b")._repr_mimebundle_()
    assert state in bundle["text/plain"]
    assert state.capitalize() in bundle["text/html"]
    assert 'role="status"' in bundle["text/html"]
    assert "a &lt; b" in bundle["text/html"]


def test_a_damaged_file_is_set_aside_and_said(home, capsys):
    """A check goes on; nothing of the damaged file is overwritten."""
    folder = home / progress.FOLDER
    folder.mkdir()
    progress.path().write_text("{broken", encoding="utf-8")
    check.deliveries(RIGHT)
    assert "was damaged" in capsys.readouterr().err
    assert progress.path().with_suffix(".broken").read_text(encoding="utf-8") == "{broken"
    assert record().passed


def test_a_disk_that_cannot_be_written_costs_the_memory_only(monkeypatch, capsys):
    """The outcome is shown all the same."""

    def refuse(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(progress, "whole_file", refuse)
    assert check.deliveries(RIGHT).state == "right"
    assert "Progress could not be kept (No space left on device)" in capsys.readouterr().err


def test_reset_forgets_some_or_all():
    """Named exercises, or all; an unknown name forgets nothing."""
    check.deliveries(RIGHT)
    hint.late_tap()
    with pytest.raises(UnknownExercise):
        progress.reset(["nope"])
    assert progress.reset(["deliveries"]) == ["deliveries"]
    assert record("late_tap").hints == 1
    assert progress.reset() == ["late_tap"]
    assert progress.load().records == {}


def test_the_file_is_plain_json(home):
    """A person can read it, and nothing stays beside it but the file that is locked for a change."""
    check.deliveries(RIGHT)
    facts = json.loads(progress.path().read_text(encoding="utf-8"))
    assert facts["exercises"]["deliveries"] == {"attempts": 1, "hints": 0, "passed": True, "shown": False}
    assert facts["last"] == "deliveries"
    assert {path.suffix for path in (home / progress.FOLDER).iterdir()} == {".json", ".lock"}


def test_two_users_of_one_folder_are_told_apart(home, monkeypatch):
    """Each has a file of their own, whatever they are called; where the system knows no name, it is one more."""
    paths = set()
    for user in ("ada", "bob", "a/b", "ä b", ".."):
        monkeypatch.setattr("getpass.getuser", lambda user=user: user)
        assert not record().passed
        check.deliveries(RIGHT)
        assert record().passed
        paths.add(progress.path())
    monkeypatch.setattr("getpass.getuser", raise_no_user)
    assert not record().passed
    check.deliveries(RIGHT)
    assert {path.parent for path in paths} == {home / progress.FOLDER}
    assert len(list((home / progress.FOLDER).glob("*.json"))) == 6


def raise_no_user():
    raise OSError("no username set in the environment")


def test_the_notebooks_folder_is_found_from_inside_and_from_above(tmp_path, monkeypatch):
    """Lessons run in the notebooks folder, the command above it; both mean one file."""
    monkeypatch.delenv("EDA_WORKSHOP_HOME")
    notebooks = tmp_path / "clone" / "notebooks"
    notebooks.mkdir(parents=True)
    (notebooks / "00-start.ipynb").touch()
    places = set()
    for place in (notebooks, notebooks.parent):
        monkeypatch.chdir(place)
        places.add(progress.path())
    assert {place.parent for place in places} == {notebooks / progress.FOLDER}
    assert len(places) == 1


json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@settings(max_examples=60)
@given(
    answer=json_like | st.dictionaries(st.sampled_from(["topic", "queue"]), json_like),
    which=st.integers(0, len(exercises.every()) - 1),
)
def test_no_answer_makes_a_check_raise(answer, which):
    """Arbitrary values end in an outcome."""
    exercise = exercises.every()[which]
    assert judge(exercise, answer).state in ("wrong", "not attempted", "right")


def empty():
    """Only words about what is to be done."""


@pytest.mark.parametrize(
    ("answer", "attempted"),
    [
        (..., False),
        ({"a": ...}, False),
        ([1, ...], False),
        (empty, False),
        (lambda: ..., True),
        (lambda: 1, True),
        ({"a": 1}, True),
        (None, True),
        ({}, True),
    ],
)
def test_what_counts_as_an_attempt(answer, attempted):
    """Dots and empty functions don't; anything else does."""
    assert is_attempted(answer) is attempted


@pytest.mark.parametrize("lesson", ASKED)
def test_each_quiz_has_three_questions_with_one_right_answer(lesson):
    """Every answer has a word; the right one is not always at the same place."""
    questions = quiz(lesson).questions
    assert len(questions) == 3
    places = set()
    for question in questions:
        assert [option.right for option in question.options].count(True) == 1
        assert all(option.because for option in question.options)
        places.add([option.right for option in question.options].index(True))
    assert len(places) > 1


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            "bus.subscriber('valet').on('departure.announced', lambda event: event.degrees)",
            "raised AttributeError: 'Recorded' object has no attribute 'degrees', in line 2 of its cell.",
        ),
        (
            "bus.subscriber('valet').on('departure.announced', lambda: None)",
            "Write: def handler(event): ..., in line 2 of its cell (going_out).",
        ),
        ("__import__('statistics').mean([])", "in line 2 of its cell (going_out)."),
        ("raise LookupError", "going_out raised LookupError, in line 2 of its cell (going_out)."),
        ("raise LookupError(object())", "going_out raised LookupError: <object object>, in line 2"),
    ],
    ids=["in a handler", "in code that is made", "in the standard library", "without a word", "with an address"],
)
def test_what_was_raised_is_told_with_the_learners_own_line(body, said):
    """Not the group in which the bus tells of it, no line of anybody else's code, and no address in memory."""
    names = {}
    exec(compile(f"def going_out(bus, ask_sensor, coats):\n    {body}", "<cell>", "exec"), names)
    exercise = next(each for each in exercises.every() if each.id == "going_out")
    assert said in judge(exercise, names["going_out"]).sentence


def test_a_sentence_has_no_address_in_it():
    """An address is another one each time, and tells nothing."""
    exercise = next(each for each in exercises.every() if each.id == "changes")
    names = {}
    exec(compile("def changes(old, new):\n    yield 1", "<cell>", "exec"), names)
    assert "<generator object changes>" in judge(exercise, names["changes"]).sentence
