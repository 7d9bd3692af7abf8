"""Every exercise three ways: untouched, wrong in each known way, and right."""

import builtins
import re
import sys

import pytest

import eda_workshop
from eda_workshop import exercises
from eda_workshop.exercises import registry
from eda_workshop.exercises.judge import judge
from eda_workshop.exercises.raised import LONGEST
from eda_workshop.lessons.catalogue import LESSONS

EVERY = exercises.every()
IDS = [exercise.id for exercise in EVERY]


def answer(exercise, source):
    """What a learner has in the notebook after running a cell with this source."""
    names = {name: getattr(eda_workshop, name) for name in eda_workshop.__all__}
    exec(compile(source, "<cell>", "exec"), names)
    return names[exercise.id]


@pytest.mark.parametrize("exercise", EVERY, ids=IDS)
def test_the_untouched_stub_is_not_attempted(exercise):
    """Nobody is told that they are wrong before they have tried."""
    assert judge(exercise, answer(exercise, exercise.stub)).state == "not attempted"


@pytest.mark.parametrize("exercise", EVERY, ids=IDS)
def test_each_solution_is_right(exercise):
    """Every solution passes, and shows all solutions to compare with."""
    for source in exercise.solutions:
        outcome = judge(exercise, answer(exercise, source))
        assert outcome.state == "right", outcome
        assert outcome.code == exercise.solutions


@pytest.mark.parametrize(
    ("exercise", "source", "said"),
    [
        pytest.param(exercise, source, said, id=f"{exercise.id}-{number}")
        for exercise in EVERY
        for number, (source, said) in enumerate(exercise.wrong.items())
    ],
)
def test_each_wrong_answer_gets_its_own_sentence(exercise, source, said):
    """A known misconception is named."""
    outcome = judge(exercise, answer(exercise, source))
    assert outcome.state == "wrong"
    assert outcome.sentence.startswith(said)


@pytest.mark.parametrize("exercise", EVERY, ids=IDS)
def test_it_is_complete(exercise):
    """Minutes, at least two hints, a solution, two wrong answers, a task that names no solution, and a short stub."""
    assert exercise.id.isidentifier()
    assert 1 <= exercise.minutes <= 15
    assert len(exercise.hints) >= 2
    assert all(hint.strip() for hint in exercise.hints)
    assert len(exercise.solutions) >= 1
    assert len(exercise.wrong) >= 2
    assert all(said.strip() for said in exercise.wrong.values())
    (_, text), (_, code) = exercises.notebook_cells(exercise)
    assert f"{exercise.minutes} minutes" in text
    assert len(code.splitlines()) <= 15
    assert code.endswith(f"check.{exercise.id}({exercise.id})")


def test_ids_are_unique_and_belong_to_lessons():
    """An id is a name in a notebook and in the progress file; its lesson is in the catalogue."""
    assert len(set(IDS)) == len(IDS)
    assert {exercise.lesson for exercise in EVERY} <= {lesson.number for lesson in LESSONS}


@pytest.mark.parametrize("lesson", registry.LESSONS)
def test_each_lesson_has_at_least_three_and_catches_eight_misconceptions(lesson):
    """The wrong answers of a lesson have at least eight different sentences."""
    mine = exercises.of(lesson)
    assert len(mine) >= 3
    assert len({said for exercise in mine for said in exercise.wrong.values()}) >= 8


@pytest.mark.parametrize("exercise", EVERY, ids=IDS)
@pytest.mark.parametrize(
    "odd",
    [None, 0, "text", [], {}, {"topic": None}, object, print, lambda: None, lambda *_: 1 / 0],
    ids=[str(number) for number in range(10)],
)
def test_odd_answers_get_a_sentence_and_no_traceback(exercise, odd):
    """Whatever is passed, the check says something in words."""
    outcome = judge(exercise, odd)
    assert outcome.state in ("wrong", "not attempted")
    assert outcome.sentence
    assert "Traceback" not in outcome.sentence


@pytest.mark.parametrize("exercise", EVERY, ids=IDS)
def test_a_check_says_the_same_twice(exercise):
    """Each check works on an engine of its own, so the second run is like the first."""
    source = next(iter(exercise.wrong))
    said = {judge(exercise, answer(exercise, source)).sentence for _ in range(2)}
    assert len(said) == 1
    assert not re.search(r"0x[0-9a-f]{6}", said.pop())


def functions():
    return [exercise for exercise in EVERY if exercise.stub.startswith(f"def {exercise.id}(")]


@pytest.mark.parametrize("exercise", functions(), ids=lambda exercise: exercise.id)
@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("while True: pass", "does not come to an end"),
        ("raise KeyError('x')", "raised KeyError: 'x', in line 2 of its cell"),
        ("raise SystemExit", "raised SystemExit"),
    ],
)
def test_code_that_fails_or_never_ends(exercise, body, said):
    """An endless loop is stopped, an exception is shown with the learner's own line."""
    head = exercise.stub.splitlines()[0]
    assert said in judge(exercise, answer(exercise, f"{head}\n    {body}")).sentence


LOOPS = {
    "on one line": "while True: pass",
    "a call": "while True:\n        len('')",
    "a bare except": "while True:\n        try:\n            pass\n        except:\n            pass",
    "a loop in an except": "while True:\n        try:\n            while True: pass\n        except BaseException:\n            pass",
    "finally goes on": "while True:\n        try:\n            while True: pass\n        finally:\n            continue",
}


@pytest.mark.parametrize("body", LOOPS.values(), ids=LOOPS)
def test_no_loop_catches_its_own_end(body):
    """Whatever the loop catches, it is stopped, on every Python; afterwards nothing is traced any more."""
    exercise = next(exercise for exercise in EVERY if exercise.id == "late_tap")
    for _ in range(2):
        outcome = judge(exercise, answer(exercise, f"def late_tap(bus, heard):\n    {body}"))
        assert "does not come to an end" in outcome.sentence
        assert sys.gettrace() is None


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("raise NotImplementedError", "late_tap raised NotImplementedError, in line 2 of its cell (late_tap)."),
        ("late_tap(bus, heard)", "late_tap calls itself without end. Look at what makes it stop"),
        ("bus.subscriber('audit').on('user.signed_up', print('now'))", "in line 2 of its cell (late_tap)."),
        (
            "bus.subscriber('audit').on('user.signed_up', [lambda event: event])",
            "BadHandler: This list can't be a handler",
        ),
        (
            "bus.subscriber('audit').on('user.signed_up', lambda event: event['id'])",
            "in line 2 of its cell.",
        ),
        ("def note(): pass\n    note(1)", "TypeError: note() takes 0 positional arguments"),
        ("__import__('json').loads('?')", "(char 0), in line 2 of its cell (late_tap)."),
    ],
)
def test_an_error_is_told_by_what_the_learner_has_written(body, said):
    """Its own line, no line of a library, the error in a handler and not the failed delivery, and no address."""
    exercise = next(exercise for exercise in EVERY if exercise.id == "late_tap")
    sentence = judge(exercise, answer(exercise, f"def late_tap(bus, heard):\n    {body}")).sentence
    assert said in sentence
    assert "locals" not in sentence
    assert not re.search(r"0x[0-9a-f]{4}", sentence)


LONG = {
    "letters": "raise ValueError('x' * 40_000)",
    "dots": "raise ValueError('a.' * 20_000 + '<locals>')",
    "zeros": "raise ValueError(' at 0x' * 40_000)",
    "a name": "raise type('X' * 40_000, (Exception,), {})('x')",
    "an endless text": "raise type('Odd', (Exception,), {'__str__': lambda self: [None for _ in iter(int, 1)]})",
}


@pytest.mark.parametrize("body", LONG.values(), ids=LONG)
def test_a_long_error_is_cut(body):
    """Nobody reads 40,000 letters, and to look for addresses in them must not take longer than the check."""
    exercise = next(exercise for exercise in EVERY if exercise.id == "late_tap")
    outcome = judge(exercise, answer(exercise, f"def late_tap(bus, heard):\n    {body}"))
    assert outcome.state == "wrong"
    assert len(outcome.sentence) <= LONGEST + 200


@pytest.mark.parametrize(
    "said", ["1 / 0", "None", "exit()", "'\\ud800'", "type('Text', (str,), {'__len__': None})('x')"]
)
def test_an_error_that_can_t_say_what_it_is(said):
    """Whatever its __str__ does, the check has an outcome, which can be shown."""
    exercise = next(exercise for exercise in EVERY if exercise.id == "late_tap")
    odd = f"raise type('Odd', (Exception,), {{'__str__': lambda self: {said}}})"
    outcome = judge(exercise, answer(exercise, f"def late_tap(bus, heard):\n    {odd}"))
    assert outcome.sentence.startswith("late_tap raised Odd: ")
    assert "in line 2 of its cell" in outcome.sentence
    assert outcome.sentence.encode()


@pytest.mark.parametrize("exercise", functions()[:1], ids=lambda exercise: exercise.id)
@pytest.mark.parametrize("body", ["return any(1 / 0 for _ in 'x')", "return (lambda: 1 / 0)()"])
def test_a_failure_within_a_line_names_the_function(exercise, body):
    """Names that Python makes up, such as <genexpr>, are left out."""
    head = exercise.stub.splitlines()[0]
    sentence = judge(exercise, answer(exercise, f"{head}\n    {body}")).sentence
    assert f"in line 2 of its cell ({exercise.id})" in sentence


@pytest.mark.parametrize("exercise", functions(), ids=lambda exercise: exercise.id)
def test_functions_of_another_shape(exercise):
    """Other arguments, or async, are told before anything runs."""
    head = exercise.stub.splitlines()[0]
    asynchronous = judge(exercise, answer(exercise, f"async {head}\n    return 1"))
    assert "async" in asynchronous.sentence
    assert "other arguments" in judge(exercise, answer(exercise, f"def {exercise.id}():\n    return 1")).sentence


def test_nothing_is_printed_by_a_check(capsys):
    """What a learner prints is theirs; the kit adds nothing."""
    exercise = EVERY[0]
    judge(exercise, answer(exercise, exercise.solutions[0]))
    assert capsys.readouterr().out == ""
    assert builtins.print is print
