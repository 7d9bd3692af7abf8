"""The notebooks as a reader finds them: complete, clean, and saying in words what they show."""

import json
import re
from html import unescape
from pathlib import Path

import pytest

from eda_workshop import exercises
from eda_workshop.lessons.catalogue import LESSONS

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
FILES = sorted(NOTEBOOKS.glob("*.ipynb"))
NAMES = [path.stem for path in FILES]
LESSON_FILES = [path for path in FILES if not path.stem.startswith("00")]
each = pytest.mark.parametrize("path", FILES, ids=NAMES)
each_lesson = pytest.mark.parametrize("path", LESSON_FILES, ids=[path.stem for path in LESSON_FILES])

# Outputs must be the same on every machine and every run.
UNSTABLE = {
    "an address": r"0x[0-9a-f]{6,}",
    "an absolute path": r"(?:/(?:home|tmp|Users|root)/|[A-Z]:\\)",
    "a random id": r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-",
    "an ipykernel path": r"ipykernel_\d+",
}
FORBIDDEN = {
    "a trailing semicolon": r";\s*$",
    "clear_output": r"clear_output",
    "display_id": r"display_id",
    "interact": r"\binteract\(",
    "printing into an Output": r"with \w*[Oo]ut\w*:",
    "unseeded chance": r"import random|random\.",
    "the wall clock": r"datetime\.now|time\.time",
}


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def cells(path, kind):
    return [cell for cell in read(path)["cells"] if cell["cell_type"] == kind]


def source(cell):
    return "".join(cell["source"])


def prose(path):
    return "\n\n".join(source(cell) for cell in cells(path, "markdown"))


def outputs(path):
    for cell in cells(path, "code"):
        yield from cell["outputs"]


def texts(output):
    """What an output shows as text; embedded images are not text."""
    shown = ["".join(output.get("text", ""))]
    shown += ["".join(value) for value in output.get("data", {}).values()]
    return re.sub(r"base64,[A-Za-z0-9+/=]+", "", "\n".join(shown))


def test_sources_notebooks_and_catalogue_are_the_same_lessons():
    """Each lesson has a source, a notebook and an entry, and nothing else lies about."""
    sources = sorted(path.stem for path in (NOTEBOOKS / "source").iterdir())
    assert sources == NAMES == [lesson.name for lesson in LESSONS]


@each
def test_it_was_run_from_top_to_bottom(path):
    """Execution counts are 1…n, so no cell is left out of nbval's comparison."""
    counts = [cell["execution_count"] for cell in cells(path, "code")]
    assert counts == list(range(1, len(counts) + 1))


@each
def test_it_holds_no_widget_state(path):
    """Neither widgets' state nor views are stored, so that a reader without a kernel sees pictures, not errors."""
    assert set(read(path)["metadata"]) == {"kernelspec", "language_info"}
    assert "widget-view" not in path.read_text(encoding="utf-8")


@each
@pytest.mark.parametrize(("what", "pattern"), UNSTABLE.items(), ids=list(UNSTABLE))
def test_outputs_are_stable(path, what, pattern):
    """Nothing in an output depends on the machine or the moment."""
    found = [match[0] for output in outputs(path) for match in re.finditer(pattern, texts(output))]
    assert found == [], what


@each
@pytest.mark.parametrize(("what", "pattern"), FORBIDDEN.items(), ids=list(FORBIDDEN))
def test_code_keeps_to_what_can_be_tested(path, what, pattern):
    """Cells use nothing that nbval can't see or that differs from run to run."""
    found = [code for code in map(code_of, cells(path, "code")) if re.search(pattern, code, re.MULTILINE)]
    assert found == [], what


def code_of(cell):
    """A cell's code without comments; a cell that shows what is impure may be impure."""
    return "" if "check_determinism(" in source(cell) else re.sub(r"  # .*", "", source(cell))


@each
def test_cells_are_short(path):
    """At most 45 cells, and 15 lines of code in one, besides the line with which a section starts."""
    assert len(read(path)["cells"]) <= 45
    lines = [[line for line in source(cell).splitlines() if "start_here(" not in line] for cell in cells(path, "code")]
    assert [own for own in lines if len(own) > 15] == []


@each
def test_it_is_small(path):
    """At most 400 kB, so that it opens at once and a change can be read."""
    assert path.stat().st_size <= 400_000


@each
def test_every_picture_has_its_sentence(path):
    """A picture's plain form is a sentence; the stored image and the inline one carry it as their label."""
    for output in outputs(path):
        data = output.get("data", {})
        html = "".join(data.get("text/html", ""))
        if "<img" in html:
            said = "".join(data["text/plain"])
            words = re.search(r'alt="([^"]+)"', html)[1]
            assert said.endswith(unescape(words))
            assert said.count(" ") >= 5
            assert "<figcaption>" in html
            assert f'aria-label="{words}"' in html or "eda-chart" in html


@each
def test_errors_are_meant_and_plain(path):
    """A cell that fails has the tag, one that has the tag fails, and what it shows is a sentence without a traceback."""
    for cell in cells(path, "code"):
        errors = [output for output in cell["outputs"] if output["output_type"] == "error"]
        assert bool(errors) == ("raises-exception" in cell["metadata"].get("tags", [])), source(cell)
        for error in errors:
            assert error["traceback"] == [f"{error['ename']}: {error['evalue']}"]


@each
def test_its_links_lead_beside_it(path):
    """Every relative link is a notebook or a page in the notebooks' folder, for only that one is copied to learners."""
    links = [link for link in re.findall(r"\]\(([^)]+)\)", prose(path)) if "://" not in link]
    beside = {file.name for file in NOTEBOOKS.iterdir() if file.suffix in (".ipynb", ".md")}
    assert [link for link in links if link.split("#")[0] not in beside] == []


@each_lesson
def test_a_lesson_has_all_its_parts(path):
    """Question, minutes, objectives, predictions, something to break, exercises, quiz, take away."""
    text = prose(path)
    for part in (
        "**Question.**",
        "minutes**",
        "Afterwards you can",
        "redict",
        "reak it",
        "## Exercise",
        "## Quiz",
        "## Take away",
    ):
        assert part in text, part
    assert re.search(r"^quiz\(\d+\)$", "\n".join(source(cell) for cell in cells(path, "code")), re.MULTILINE)


@each_lesson
def test_minutes_add_up(path):
    """The heading says what the catalogue says, and the exercises' minutes are those of the exercises."""
    lesson = next(lesson for lesson in LESSONS if lesson.name == path.stem)
    minutes, practice = re.search(r"\*\*(\d+) minutes\*\*, (\d+) of them exercises", prose(path)).groups()
    assert int(minutes) == lesson.minutes
    assert int(practice) == sum(exercise.minutes for exercise in exercises.of(lesson.number))
    assert int(practice) < int(minutes)


@each_lesson
def test_it_asks_for_every_exercise_of_its_lesson(path):
    """No exercise is forgotten, and their order is that of the registry."""
    number = int(path.stem[:2])
    asked = re.findall(r"^check\.(\w+)\(", "\n".join(source(cell) for cell in cells(path, "code")), re.MULTILINE)
    assert asked == [exercise.id for exercise in exercises.of(number)]


@each
def test_unsolved_it_runs_to_the_end(path):
    """A stored check says "not attempted": nobody is shown a wrong answer that they did not give."""
    for cell in cells(path, "code"):
        if re.search(r"^check\.", source(cell), re.MULTILINE):
            assert "".join(cell["outputs"][-1]["data"]["text/plain"]).startswith("… not attempted")


def test_every_public_name_is_used_or_explained_in_a_lesson():
    """What the package hands on to learners turns up in the lessons."""
    written = "\n".join(prose(path) + "\n".join(source(cell) for cell in cells(path, "code")) for path in FILES)
    for name in (
        "Bus",
        "Event",
        "open_log",
        "ManualClock",
        "CounterIds",
        "Delivery",
        "deduplicated",
        "competing",
        "retry",
    ):
        assert re.search(rf"\b{name}\b", written), name
