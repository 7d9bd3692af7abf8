"""Exercises as files: what a file may say, what is said of one that can't be used, and what every answer gets."""

import json
import re
import textwrap
from pathlib import Path

import pytest

import eda_workshop
from eda_workshop.exercises import registry
from eda_workshop.exercises.errors import BadExercise
from eda_workshop.exercises.files import read
from eda_workshop.exercises.judge import MOST_PRINTED, judge
from eda_workshop.exercises.places import folder, order, path_of
from eda_workshop.exercises.proof import prove
from eda_workshop.widgets.pipe import Act, PipeSettings, run

FILES = sorted(folder().glob("*/*.py"))

LATE = '''
from eda_workshop import Event

# %% task: Who was late? (lesson 08, 5 minutes, function)
# Write `late(times)`. It returns every time that is smaller than one before it.

# %% stub
def late(times):
    """The times that came late."""
    ...

# %% hint
# What do you have to remember of the times so far?
# %% hint
# Keep the greatest so far, and compare.

# %% solution
def late(times):
    greatest, found = 0, []
    for time in times:
        if time < greatest:
            found.append(time)
        greatest = max(greatest, time)
    return found

# %% unusual: with a list of all before
def late(times):
    return tuple(time for place, time in enumerate(times) if any(before > time for before in times[:place]))

# %% wrong: You compared each time with the one before it.
def late(times):
    return [b for a, b in zip(times, times[1:]) if b < a]

# %% wrong like solution: You took equal times for late.
# time < greatest -> time <= greatest

# %% wrong like solution: You stopped at the first one.
# found.append(time) -> return [time]

# %% wrong: Your function fails on an empty list.
def late(times):
    first = times[0]
    return [time for place, time in enumerate(times) if any(before > time for before in times[:place])]

# %% check
CASES = {"in order": [1, 2, 3], "nothing": [], "two late ones": [5, 1, 3, 6], "three": [5, 1, 4, 2], "equal times": [2, 2]}

def observe(late, times):
    return late(times)
'''


@pytest.fixture
def file(tmp_path):
    """Writes the file of an exercise in lesson 08, with pieces of it replaced; gives its path."""

    def write(*changes, text=LATE, name="late"):
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / "exercises" / "08" / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")
        return path

    return write


def said(path, source, name="late"):
    """What a learner is told who has this source in a cell."""
    names = {}
    exec(compile(textwrap.dedent(source), "<cell>", "exec"), names)
    return judge(read(path), names[name])


# --- the files of the workshop ----------------------------------------------------------------------


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_answer_gets_what_its_file_says(path):
    """Right answers pass, the unusual ones too; each wrong one gets its own sentence, and no two behave alike."""
    prove(path)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_right_answers_pass_in_a_cell_of_a_lesson(path):
    """They need nothing but the kit's public names."""
    exercise = read(path)
    for source in (*exercise.solutions, *exercise.unusual):
        names = {name: getattr(eda_workshop, name) for name in eda_workshop.__all__}
        exec(compile(source, "<cell>", "exec"), names)
        assert judge(exercise, names[exercise.id]).state == "right"


def test_each_file_has_a_place_in_its_lesson():
    """order.txt names every file, so that none is forgotten, and the lessons' sources name them in the same order."""
    assert {path_of(lesson, id) for lesson, ids in order().items() for id in ids} >= set(FILES)
    for lesson in registry.LESSONS:
        assert tuple(exercise.id for exercise in registry.of(lesson)) == order()[lesson]


def test_a_name_in_the_order_that_no_file_has_is_an_error(monkeypatch):
    """With the line of order.txt, and what to do."""
    monkeypatch.setattr(registry, "order", lambda: {2: (), 3: ("late_tap", "early_tap")})
    with pytest.raises(BadExercise, match=r"order.txt, line 2: no file is called early_tap. Write 03/early_tap.py"):
        registry.of.__wrapped__(3)


def test_no_solution_gets_into_a_lesson():
    """Site, slides and the browser's lessons are made of the notebooks; solutions stay in the files."""
    notebooks = [json.loads(path.read_text(encoding="utf-8")) for path in folder().parent.glob("*.ipynb")]
    cells = ["".join(cell["source"]) for notebook in notebooks for cell in notebook["cells"]]
    for exercise in map(read, FILES):
        for source in (*exercise.solutions, *exercise.unusual):
            body = source.partition("):\n")[2] or source
            assert not any(body in cell for cell in cells), exercise.id


# --- what is read ---------------------------------------------------------------------------------------


def test_a_file_becomes_an_exercise(file):
    """Its heading, its texts, and its answers, those that are like the solution written out."""
    exercise = read(file())
    assert (exercise.id, exercise.lesson, exercise.title, exercise.minutes) == ("late", 8, "Who was late?", 5)
    assert exercise.task == "Write `late(times)`. It returns every time that is smaller than one before it."
    assert exercise.hints == (
        "What do you have to remember of the times so far?",
        "Keep the greatest so far, and compare.",
    )
    assert list(exercise.wrong.values())[1:3] == ["You took equal times for late.", "You stopped at the first one."]
    assert any("time <= greatest" in source for source in exercise.wrong)
    assert len(exercise.solutions) == len(exercise.unusual) == 1


@pytest.mark.parametrize(
    ("change", "line", "words"),
    [
        (
            ("(lesson 08, 5 minutes, function)", "(5 minutes)"),
            4,
            "Write `# %% task: Title (lesson 08, 5 minutes, kind)`",
        ),
        (("function)", "riddle)"), 4, "one of function, form, open, specs"),
        (("lesson 08", "lesson 07"), 4, "the task says lesson 07, and the file is in the folder 08"),
        (
            ("# Write `late(times)`. It returns every time that is smaller than one before it.", ""),
            4,
            "the task is empty",
        ),
        (("# %% stub", "# %% hint"), 1, "the exercise has no stub. Add a cell that begins with `# %% stub`."),
        (("# %% hint\n# Keep the greatest so far, and compare.", ""), 12, "has 1 hint, and needs 2. Add a cell"),
        (("# %% check", "# %% check\n# %% check"), 46, "this is a second check"),
        (("# %% check\n", ""), 1, "the exercise has no check"),
        (("# %% solution\n", "# %% unusual\n"), 7, "the exercise has no solution. Add a cell"),
        (("# %% unusual", "# %% odd"), 26, "a cell can't begin with `# %% odd`. A cell begins with `# %% task`,"),
        (("# %% wrong: You compared each time with the one before it.", "# %% wrong"), 30, "has no sentence. Write"),
        (
            ("# time < greatest ->", "# time > greatest ->"),
            35,
            "`time > greatest` occurs 0 times in the first solution",
        ),
        (("# time < greatest -> time <=", "# time -> time <="), 35, "`time` occurs 6 times in the first solution"),
        (("# time < greatest -> time <= greatest", "# nothing"), 35, "this isn't a replacement. Write `# old -> new`"),
        (("    first = times[0]", "    first = ("), 42, "this is not Python"),
        (("def observe", "def look"), 45, "this check doesn't define observe"),
        (('def late(times):\n    """', 'def early(times):\n    """'), 7, "this stub doesn't define late"),
    ],
)
def test_a_file_that_can_t_be_used_is_named_with_its_line_and_what_to_do(file, change, line, words):
    """Nobody has to guess what an author may write."""
    with pytest.raises(BadExercise) as raised:
        read(file(change))
    sentence = str(raised.value)
    assert words in sentence
    assert f"exercises/08/late.py, line {line}: " in sentence


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("before > time for", "before < time for"), "line 26: this unusual isn't right: "),
        ((', "equal times": [2, 2]', ""), "line 34: this wrong answer passes. Add a case in which it differs"),
        (
            ("return late(times)", "raise Wrong('You did something.') if len(late(times)) > 9 else late(times) * 5"),
            "this solution isn't right: ",
        ),
    ],
    ids=["right", "wrong", "the check"],
)
def test_an_answer_that_gets_something_else_than_its_file_says_is_named(file, change, words):
    """A right one that doesn't pass, a wrong one that does."""
    with pytest.raises(BadExercise) as raised:
        prove(file(change))
    assert words in str(raised.value)


def test_two_wrong_answers_that_behave_alike_are_named(file):
    """Both lines, and what to do."""
    twin = """# %% wrong: Your code is different, and does the same.
def late(times):
    return [times[n] for n in range(1, len(times)) if times[n] < times[n - 1]]

# %% check"""
    with pytest.raises(BadExercise) as raised:
        prove(file(("# %% check", twin)))
    assert "line 45: this wrong answer behaves like the one in line 30. Add a case" in str(raised.value)


# --- what a learner is told -----------------------------------------------------------------------------


def test_a_right_answer_is_told_what_was_tried(file):
    """Another way to the same is right, whatever its sequence is called."""
    source = "def late(times):\n    return tuple(t for n, t in enumerate(times) if t < max(times[:n + 1]))"
    outcome = said(file(), source)
    assert outcome.state == "right"
    assert "in each of 5 cases (in order; nothing; two late ones; three; equal times)" in outcome.sentence


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (
            "return [b for a, b in zip(times, times[1:]) if a > b]",
            "You compared each time with the one before it. I tried: two late ones. Expected: [1, 3]. Got: [1].",
        ),
        (
            "raise IndexError(['list index out of range'][0] if not times else times)",
            "late raised IndexError: [1, 2, 3], in line 5 of its cell (late). I tried: in order. Expected: [].",
        ),
        ("if not times: return times[0]\n    return []", "Your function fails on an empty list. I tried: nothing."),
        ("return 0", "Your late does something different here. I tried: in order. Expected: []. Got: 0."),
        ("times.sort()", "Your function returned None. Does it reach a line with return? I tried: in order."),
        ("return [float(t) for t in LATE(times)]", "Expected: [1, 3]. Got: [1.0, 3.0]."),
        ("return [t == 1 or t for t in LATE(times)]", "Expected: [1, 3]. Got: [True, 3]."),
    ],
    ids=["like a wrong one", "an error", "the error of a wrong one", "like none", "nothing", "floats", "a bool"],
)
def test_a_wrong_answer_gets_the_sentence_of_the_one_that_it_is_like(file, body, sentence):
    """On the first case in which it differs from the solution; else that case alone, plainly."""
    outcome = said(file(), f"{RIGHT}\n\ndef late(times):\n    {body}")
    assert outcome.state == "wrong"
    assert sentence in outcome.sentence


RIGHT = "def LATE(times):\n    return [t for n, t in enumerate(times) if t < max(times[:n + 1])]"


def test_of_several_that_are_alike_in_a_case_the_likest_one_speaks(file):
    """The first case in which an answer differs may not tell two mistakes apart; the others do."""
    first = "return [min(times[1:])] if len(times) == 4 else []"
    cell = f"# %% wrong: You return the smallest.\ndef late(times):\n    {first}\n\n# %% check"
    path = file(("# %% check", cell), ("[5, 1, 3, 6]", "[5, 1, 3, 6], 'all but one': [9, 4, 3, 5]"))
    assert said(path, f"def late(times):\n    {first}").sentence.startswith("You return the smallest.")
    neighbors = "return [b for a, b in zip(times, times[1:]) if b < a]"
    assert said(path, f"def late(times):\n    {neighbors}").sentence.startswith("You compared each time")


def test_an_answer_that_changes_what_it_is_given_harms_no_other_case(file):
    """Each call gets data of its own, and so does the solution."""
    source = f"{RIGHT}\n\ndef late(times):\n    found = LATE(times)\n    times.clear()\n    return found"
    path = file(
        ('"two late ones": [5, 1, 3, 6]', '"two late ones": SAME, "again": SAME'),
        ("CASES", "SAME = [5, 1, 3, 6]\nCASES"),
    )
    assert [said(path, source).state for _ in range(2)] == ["right", "right"]


def test_what_observe_refuses_is_told_in_its_words(file):
    """For what behavior can't tell."""
    look = "if late.__name__ != 'late':\n        raise Wrong('You gave it a different name.')\n    return late(times)"
    path = file(
        ("from eda_workshop import Event", "from eda_workshop.exercises import Wrong"), ("return late(times)", look)
    )
    prove(path)
    assert said(path, f"{RIGHT}\n\nlate = LATE").sentence == "You gave it a different name. I tried: in order."


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("while True: pass", "late does not come to an end."),
        ("raise SystemExit", "late raised SystemExit, in line 2 of its cell (late)."),
        ("return late(times)", "late calls itself without end."),
        (
            "raise type('Odd', (BaseException,), {'__str__': lambda self: 1 / 0})",
            "late raised Odd: its own __str__ fails",
        ),
        ("return type('Odd', (), {'__repr__': lambda self: 1 / 0})()", "Got: <Odd instance"),
        (
            "return type('Odd', (list,), {'__iter__': lambda self: 1 / 0, '__len__': lambda self: 1 / 0})()",
            "does something",
        ),
        ("return type('Odd', (), {'__eq__': lambda *_: [1 for _ in iter(int, 1)]})()", "does something different"),
        ("return [0] * 10_000_000", "Got: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ...]."),
        ("return 10 ** 5000", "Got: a value whose text can't be made."),
        ("return '\\ud800'", "does something different"),
        ("own = []\n    own.append(own)\n    return own", "Got: [[[[[[[...]]]]]]]."),
    ],
)
def test_nothing_that_an_answer_does_gets_out_of_the_check(file, body, sentence):
    """It loops, exits, returns something huge or without a text: there is an outcome, which can be shown."""
    outcome = said(file(), f"def late(times):\n    {body}")
    assert outcome.state == "wrong"
    assert sentence in outcome.sentence
    assert len(outcome.sentence.encode()) < 1000


def test_an_answer_that_prints_megabytes_is_cut(file, capsys):
    """What it prints is the learner's to read, and nobody reads that much."""
    outcome = said(file(), f"{RIGHT}\n\ndef late(times):\n    print('x' * 10_000_000)\n    return LATE(times)")
    assert outcome.state == "right"
    printed = capsys.readouterr().out
    assert printed.startswith("xxx")
    assert "… The check left out what came after 10,000 characters." in printed
    assert len(printed) < MOST_PRINTED + 100


def test_what_the_other_answers_print_is_not_the_learners_to_read(file, capsys):
    """Solutions and wrong answers run beside the learner's, silently."""
    path = file(("    greatest, found = 0, []", "    print('mine')\n    greatest, found = 0, []"))
    said(path, "def late(times):\n    print('yours')\n    return 0")
    assert capsys.readouterr().out == "yours\n"


def test_an_answer_that_breaks_the_kit_is_told_so(file, monkeypatch):
    """What a cell did to a class of the kit makes no answer right, and no check raise."""
    path = file(
        ("import Event", "import Bus"), ("return late(times)", "Bus().publish('a.created')\n    return late(times)")
    )
    prove(path)
    monkeypatch.setattr("eda_workshop.Bus.publish", lambda *_: 1 / 0)
    outcome = said(path, RIGHT.replace("LATE", "late"))
    assert outcome.state == "wrong"
    assert "The solution itself fails here, so something has changed the kit's own classes." in outcome.sentence
    assert "Got: ZeroDivisionError: division by zero. Restart the kernel" in outcome.sentence


def test_the_exercise_in_the_contributors_guide_is_one(file):
    """Who copies it has an exercise that holds."""
    guide = (Path(__file__).resolve().parents[2] / "CONTRIBUTING.md").read_text(encoding="utf-8")
    text = guide.partition("## Add an exercise")[2].partition("```python\n")[2].partition("\n```")[0]
    prove(file(text=text))


# --- forms ------------------------------------------------------------------------------------------------

FORM = """
# %% task: Who pays? (lesson 08, 2 minutes, form)
# Say who pays, and how much.

# %% form: Look at the slip.
# who: the one at the table
#   right guest
#   wrong the waiter: You let the waiter pay. The waiter brings the slip.
# euros: what is on the slip
#   right 24
#   wrong 42: You read the number from behind.
#   other: You have a different number than the slip.

# %% hint
# Who ate?
# %% hint
# What does the slip say?

# %% wrong: You exchanged the two.
late = {"who": "the waiter", "euros": 42}
"""


def test_a_form_becomes_a_dict(file):
    """A line for each question; the right choice is not known from its place."""
    exercise = read(file(text=FORM))
    assert exercise.stub == (
        'late = {\n    "who": ...,  # the one at the table\n    "euros": ...,  # what is on the slip\n}'
    )
    assert exercise.solutions == ("late = {'who': 'guest', 'euros': 24}",)
    assert [question.choices for question in exercise.check.questions] == [("guest", "the waiter"), (24, 42)]


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (
            {"who": "the waiter", "euros": 24},
            "You let the waiter pay. The waiter brings the slip. Got: who: the waiter.",
        ),
        ({"who": "guest", "euros": 42.0}, "You read the number from behind. Got: euros: 42. Look at the slip."),
        ({"who": "guest", "euros": 7}, "You have a different number than the slip. Got: euros: 7. Look at the slip."),
        ({"who": "the waiter", "euros": 42}, "You exchanged the two. Got: who: the waiter, euros: 42."),
        (
            {"who": "cook", "euros": 24},
            "that isn't one of the choices. Expected: 'guest' or 'the waiter'. Got: 'cook'.",
        ),
        ({"who": "guest", "euros": "24"}, "Each answer is one whole number, without quotes. Got: '24' for euros."),
        ({"who": "guest", "euros": True}, "Each answer is one whole number"),
        ({"who": ["guest"], "euros": 24}, "isn't one of the choices"),
        ({"who": "guest"}, "This is not the table that was asked for."),
    ],
)
def test_each_wrong_choice_has_its_sentence(file, answer, sentence):
    """A whole dict may have a sentence of its own, which comes first; a number may be written as a float."""
    outcome = judge(read(file(text=FORM)), answer)
    assert outcome.state == "wrong"
    assert sentence in outcome.sentence


def test_a_right_form_passes(file):
    """With the number as a float, too."""
    assert judge(read(file(text=FORM)), {"who": "guest", "euros": 24.0}).sentence == "Who pays? All 2 lines are right."


@pytest.mark.parametrize(
    ("change", "line", "words"),
    [
        (("#   right guest\n", ""), 8, "the question who above this line lacks a right choice"),
        (("#   right 24", "#   right"), 10, "this line names no right choice"),
        (("the waiter: You let the waiter pay. The waiter brings the slip.", "the waiter"), 8, "has no sentence"),
        (("# who: the one at the table\n", ""), 6, "this choice belongs to no question"),
        (("#   right guest", "#  right guest"), 7, "neither a question nor a choice"),
    ],
)
def test_a_form_that_can_t_be_read_is_named_with_its_line(file, change, line, words):
    """And with what to write in its place."""
    with pytest.raises(BadExercise) as raised:
        read(file(change, text=FORM))
    assert words in str(raised.value)
    assert f"line {line}: " in str(raised.value)


def test_the_copies_are_those_of_the_engine():
    """The numbers in the file are what really arrives."""
    acts = tuple(Act("open", tap=f"tap {number}") for number in range(4))
    acts += tuple(Act("publish", name="user.signed_up", data={}) for _ in range(3 * 2))
    topic, queue = (run(PipeSettings(acts, queue=queue)).numbers["delivered"] for queue in (False, True))
    assert judge(read(path_of(3, "deliveries")), {"topic": topic, "queue": queue}).state == "right"


# --- properties over generated cases ------------------------------------------------------------------------

OPEN = """
from eda_workshop.exercises import Wrong

# %% task: In order (lesson 08, 5 minutes, open)
# Write `late(numbers)`. It returns them in order.

# %% stub
def late(numbers):
    ...

# %% hint
# Which function of Python's does it?
# %% hint
# `sorted`.

# %% solution
def late(numbers):
    return sorted(numbers)

# %% wrong: You lost a number.
def late(numbers):
    return sorted(set(numbers))

# %% wrong: Your numbers are not in order.
def late(numbers):
    return list(numbers)

# %% check
def cases(rng):
    for size in range(20):
        yield [rng.randrange(50) for _ in range(size)]

def holds(late, numbers):
    found = late(numbers)
    if any(a > b for a, b in zip(found, found[1:])):
        raise Wrong("Your numbers are not in order.", got=str(found))
    if len(found) < len(numbers):
        raise Wrong("You lost a number.")
    return sorted(numbers) == found
"""


def test_what_doesn_t_hold_is_shown_in_its_smallest_case(file):
    """Nothing more can be left out of it."""
    path = file(text=OPEN)
    prove(path)
    sentence = said(path, "def late(numbers):\n    return list(numbers)").sentence
    found = re.fullmatch(
        r"Your numbers are not in order\. I tried: \[(\d+), (\d+)\]\. Got: \[(\d+), (\d+)\]\.", sentence
    )
    assert int(found[1]) > int(found[2])
    sentence = said(path, "def late(numbers):\n    return sorted(set(numbers))").sentence
    assert re.fullmatch(r"You lost a number\. I tried: \[(\d+), \1\]\.", sentence)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (
            "return numbers[0:] if len(numbers) < 3 else 1 / 0",
            "late raised ZeroDivisionError: division by zero, in line 2",
        ),
        ("return [n + 1 for n in sorted(numbers)]", "Your late doesn't do here what it should. I tried: ["),
        ("while True: pass", "late does not come to an end."),
    ],
)
def test_an_answer_that_fails_in_a_generated_case(file, body, sentence):
    """What happened, and in which case."""
    assert said(file(text=OPEN), f"def late(numbers):\n    {body}").sentence.startswith(sentence)


def test_a_property_that_holds_says_in_how_many_cases(file):
    """And the answer may spoil what it is given."""
    source = "def late(numbers):\n    found = sorted(numbers)\n    numbers.clear()\n    return found"
    path = file(("    found = late(numbers)", "    own = list(numbers)\n    found = late(own)"), text=OPEN)
    assert said(path, source).sentence == "In order. It holds in each of 20 generated cases."


def test_a_case_that_is_no_list_is_made_smaller_by_the_exercise(file):
    """A number, for one."""
    smaller = (
        "def smaller(number):\n    return range(number)\n\ndef holds(late, number):\n    return late(number) < 7\n"
    )
    text = OPEN.partition("# %% wrong")[0] + f"# %% check\ndef cases(rng):\n    return [90]\n\n{smaller}"
    assert "I tried: 7." in said(file(text=text), "def late(number):\n    return number").sentence


# --- specs ----------------------------------------------------------------------------------------------------

SPECS = """
# %% task: Catch them (lesson 08, 5 minutes, specs)
# Write specs of `absolute`.

# %% stub
def positive(program):
    assert program(3) == 3

late = [positive, ...]

# %% hint
# Which numbers are there?
# %% hint
# Zero, and those below.

# %% solution
def below(program):
    assert program(-3) == 3

def zero(program):
    assert program(0) == 0

def positive(program):
    assert program(3) == 3

late = [below, zero, positive]

# %% wrong: You tried only numbers above zero.
def positive(program):
    assert program(3) == 3

late = [positive]

# %% wrong: You tried only zero.
def zero(program):
    assert program(0) == 0

late = [zero]

# %% wrong: Your spec half fails on a right program, so it doesn't count.
def half(program):
    assert program(-0.5) == 1

late = [half]

# %% check
right = {"Your spec {spec} fails on a right program, so it doesn't count.": abs}
mutants = {"leaves the sign": lambda number: number, "changes zero": lambda number: abs(number) or 1, "turns": lambda number: -number}
enough = 3
"""


def test_specs_are_scored_by_the_wrong_programs_that_they_catch(file):
    """The sentence is that of the wrong answer that catches all that these do, and the least besides."""
    path = file(text=SPECS)
    prove(path)
    assert said(path, "def zero(p):\n    assert p(0) == 0\n\nlate = [zero]").sentence == (
        "You tried only zero. Expected: 3 of 3 wrong programs caught. Got: 1."
    )
    nothing = said(path, "late = [lambda program: program(3)]").sentence
    assert nothing == "You tried only numbers above zero. Expected: 3 of 3 wrong programs caught. Got: 0."
    both = "def zero(p):\n    assert p(0) == 0\n\ndef above(p):\n    assert p(3) == 3\n\nlate = [zero, above]"
    assert said(path, both).sentence.startswith("Your specs let 1 wrong program pass.")


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ("late = 5", "Your answer isn't a list of specs. Expected: a list of functions. Got: int."),
        ("late = []", "There are no specs in your list."),
        ("late = [3]", "Got: a list of other things."),
        ("def loops(p):\n    while True: pass\n\nlate = [loops]", "Your spec loops fails on a right program"),
    ],
)
def test_what_is_no_list_of_specs(file, answer, sentence):
    """Nor is a spec one that never ends."""
    assert sentence in said(file(text=SPECS), answer).sentence
