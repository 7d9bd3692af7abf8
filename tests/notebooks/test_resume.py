"""Reset and recovery: a lesson can be begun at any section, and its cells be run again in any order."""

import os
import random
import re
import shutil
from pathlib import Path

import pytest
from in_process import code_cells, kernel, stored
from jupyter_client.manager import start_new_kernel
from thorough import THOROUGH

from eda_workshop.lessons.catalogue import LESSONS

NAMES = [lesson.name for lesson in LESSONS]
START = re.compile(r'from eda_workshop\.lessons import start_here; start_here\("(.+)"\)')
RESUMED = re.compile(r"Resumed: replayed \d+ cells? of \d+ sections?\.\n")
# What a lesson leaves open ends with its kernel; here there is no kernel to end.
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


def sections(name):
    """The code cells of a lesson by section, each with its name; those before the first heading are the first."""
    found = [["", []]]
    for cell in code_cells(name):
        if start := START.match(cell["source"]):
            found.append([start[1], []])
        found[-1][1].append(cell)
    return [(place, cells) for place, cells in found if cells]


def some(seed, count):
    """Sections of each lesson, chosen by chance from the seed; all of them in the thorough tests."""
    found = []
    for name in NAMES:
        places = [place for place, _ in sections(name) if place]
        chosen = places if THOROUGH else random.Random(f"{seed} {name}").sample(places, min(count, len(places)))
        found += [pytest.param(name, place, id=place.replace(" ", "-")) for place in sorted(chosen, key=places.index)]
    return found


def cells_at(name, place):
    return dict(sections(name))[place]


def differing(kernel, cells):
    """The cells that show something else than what is stored, each with both."""
    found = []
    for cell in cells:
        shown = kernel.run(cell["source"])
        if "nbval-ignore-output" not in cell["tags"] and shown != stored(cell):
            found.append((cell["source"], shown, stored(cell)))
    return found


def told(shown):
    """The sentence about what was replayed, taken out of what a cell shows; "" without one."""
    sentence = RESUMED.match(shown["stdout"])
    shown["stdout"] = RESUMED.sub("", shown["stdout"])
    return sentence[0] if sentence else ""


@pytest.mark.parametrize("name", NAMES)
def test_each_section_has_a_start_of_its_own(name):
    """The first cell below each heading begins with the line that makes a start of it, and no two are called the same."""
    text = (Path(__file__).resolve().parents[2] / "notebooks" / "source" / f"{name}.py").read_text(encoding="utf-8")
    headings, is_new, expected = [], False, []
    for block in re.split(r"^# %%", text, flags=re.MULTILINE)[1:]:
        if block.startswith(" [markdown]"):
            headings += re.findall(r"^# ## (.+)$", block, re.MULTILINE)
            is_new |= bool(re.search(r"^# ## ", block, re.MULTILINE))
        if is_new and (not block.startswith(" [markdown]") or "# exercise: " in block):
            expected.append(f"{name[:2]} {headings[-1]}")
            is_new = False
    places = [place for place, _ in sections(name) if place]
    assert places == expected
    assert len(set(places)) == len(places) >= 3


@pytest.mark.parametrize(("name", "place"), some(1, 2))
def test_from_any_section_on_a_fresh_kernel_shows_what_is_stored(name, place, tmp_path):
    """Begun in the middle, a section's cells show what they do after all that comes before, and one sentence more."""
    first, *rest = cells_at(name, place)
    with kernel(tmp_path) as fresh:
        shown = fresh.run(first["source"])
        sentence = told(shown)
        assert bool(sentence) == (place != sections(name)[0][0])
        assert "nbval-ignore-output" in first["tags"] or shown == stored(first)
        assert differing(fresh, rest) == []


@pytest.mark.parametrize(("name", "place"), some(2, 1))
def test_cells_can_be_run_again_in_any_order(name, place, tmp_path):
    """After a section was run once, none of its cells fails unexpectedly, in whatever order and however often it runs."""
    cells = cells_at(name, place)
    with kernel(tmp_path) as fresh:
        for cell in cells:
            fresh.run(cell["source"])
        again = cells * 2
        random.Random(place).shuffle(again)
        for cell in again:
            shown = fresh.run(cell["source"])
            assert shown["error"] is None or "raises-exception" in cell["tags"], (cell["source"], shown["error"])
            assert "Resumed" not in shown["stdout"]


@pytest.mark.parametrize("name", NAMES if THOROUGH else random.Random(3).sample(NAMES[1:15], 3))
def test_after_the_whole_lesson_any_section_can_be_taken_again(name, tmp_path):
    """Back in an earlier section, whose names later ones have used as well, no cell fails unexpectedly."""
    parts = sections(name)
    back = parts[1:] if THOROUGH else random.Random(name).sample(parts[1:], 4)
    random.Random(name).shuffle(back)
    with kernel(tmp_path) as used:
        for _, cells in parts:
            for cell in cells:
                assert "Resumed" not in used.run(cell["source"])["stdout"]
        for _, cells in back:
            for cell in cells:
                shown = used.run(cell["source"])
                assert shown["error"] is None or "raises-exception" in cell["tags"], (cell["source"], shown["error"])


class Real:
    """A kernel in a process of its own, as JupyterLab starts it, in a folder with the lesson's notebook."""

    def __init__(self, folder, name):
        self.folder = folder
        shutil.copy(Path(__file__).resolve().parents[2] / "notebooks" / f"{name}.ipynb", folder)
        self._start()

    def _start(self):
        environment = {**os.environ, "EDA_WORKSHOP_HOME": str(self.folder)}
        self.manager, self.client = start_new_kernel(cwd=str(self.folder), env=environment, startup_timeout=120)

    def run(self, source):
        """Run a cell; what it prints, and the name of its error."""
        printed, error = "", None

        def hear(message):
            nonlocal printed, error
            content = message["content"]
            printed += content["text"] if message["msg_type"] == "stream" else ""
            error = content["ename"] if message["msg_type"] == "error" else error

        self.client.execute_interactive(source, output_hook=hear, timeout=120)
        return printed, error

    def kill(self):
        """End it without a word, and start another."""
        self.end()
        self._start()

    def end(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


@pytest.fixture
def real(request, tmp_path):
    made = Real(tmp_path, request.param)
    yield made
    made.end()


@pytest.mark.parametrize("real", ["06-event-log"], indirect=True)
def test_killed_in_the_middle_the_lesson_goes_on_from_its_log_file(real):
    """What is in the file is there afterwards, also what the learner added, and nothing is in it twice."""
    parts = sections("06-event-log")
    places = [place for place, _ in parts]
    begun, next_ = places.index("06 Two times"), places.index("06 Nothing is ever changed")
    for _, cells in parts[: begun + 1]:
        for cell in cells:
            assert real.run(cell["source"])[1] is None
    real.run('log.append(Event("folder.shared", {"with": "grace"}, id="my-own"))')
    real.kill()
    printed, error = real.run(parts[next_][1][0]["source"])
    assert error is None
    assert RESUMED.match(printed)
    assert [line.split(" | ")[:2] for line in printed.splitlines()[1:-1]] == [
        ["1", "user.signed_up"],
        ["2", "folder.created"],
        ["3", "folder.moved"],
        ["4", "folder.shared"],
    ]
    assert real.run("print(log.find('my-own').position, log.verify())")[0] == "4 None\n"


@pytest.mark.parametrize("real", ["08-memory-image"], indirect=True)
def test_killed_again_and_again_a_lesson_with_files_comes_to_its_end(real):
    """Before the section with the killed writer and after it the kernel is killed, too: what was promised is there."""
    for place, cells in sections("08-memory-image"):
        if place in ("08 Pull the plug, for real", "08 Decide, then record"):
            real.kill()
        for cell in cells:
            printed, error = real.run(cell["source"])
            assert error is None, (cell["source"], printed)
            assert "False" not in printed
    assert real.run("print(open_log('drive.db').head)")[0] == "50\n"


def test_the_first_cell_can_be_run_again(tmp_path):
    """In the middle of the lesson on logs, once where the kernel is and once from elsewhere: the files are still found."""
    cells = code_cells("06-event-log")
    (tmp_path / "elsewhere").mkdir()
    with kernel(tmp_path) as one:
        for cell in cells:
            shown = one.run(cell["source"])
            assert shown["error"] == stored(cell)["error"], cell["source"]
            one.run(f"import os; os.chdir({str(tmp_path / 'elsewhere')!r})")
            assert one.run(cells[0]["source"])["error"] is None
        shown = [one.run(cell["source"]) for cell in cells if "sqlite3.connect" in cell["source"]]
        assert [each["stdout"].splitlines()[0][:4] for each in shown] == ["1 | "]
