"""The line with which a section starts: what it replays, what it leaves alone, and what it says."""

import json

import nbformat
import pytest
from in_process import kernel

from eda_workshop.lessons import start_here
from eda_workshop.lessons.source import read_lesson

SOURCE = """\
# %% [markdown]
# # A lesson

# %%
# %load_ext eda_workshop
from eda_workshop.exercises import check
trace = []

# %% [markdown]
# ## One

# %%
number = 1
trace.append("one")
print("shown")
number

# %%
trace.append("one again")

# %% [markdown]
# ## Two

# %% tags=["raises-exception"]
trace.append("two")
raise ValueError("meant")

# %%
number = 2

# %% [markdown]
# ## Exercises

# %% [markdown]
# exercise: late_tap

# %% [markdown]
# ## Three

# %%
print(number, trace)
"""


@pytest.fixture
def lesson(tmp_path):
    """The code cells of a small lesson whose notebook stands in the kernel's folder."""
    source = tmp_path / "03-bus.py"
    source.write_text(SOURCE, encoding="utf-8")
    notebook = read_lesson(source)
    nbformat.write(notebook, tmp_path / "03-bus.ipynb")
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


@pytest.fixture
def fresh(tmp_path):
    with kernel(tmp_path) as fresh:
        yield fresh


def edit(folder, change):
    """What a learner's saving does to the notebook."""
    path = folder / "03-bus.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    change([cell for cell in notebook["cells"] if cell["cell_type"] == "code"], notebook["cells"])
    path.write_text(json.dumps(notebook), encoding="utf-8")


def test_on_a_fresh_kernel_what_comes_before_is_replayed_and_nothing_of_it_shown(lesson, fresh):
    """One sentence; no print, no result and no error of the replayed cells; the exercise is left out."""
    shown = fresh.run(lesson[-1].source)
    said = "Resumed: replayed 5 cells of 3 sections.\n2 ['one', 'one again', 'two']\n"
    assert shown == {"stdout": said, "stderr": "", "plain": [], "error": None}
    assert "late_tap" not in fresh.names


def test_from_top_to_bottom_it_says_nothing(lesson, fresh):
    """In a run of all cells, the last one has nothing but its own output."""
    assert [fresh.run(cell.source)["stdout"] for cell in lesson[:-2]] == ["", "shown\n", "", "", ""]
    assert fresh.run(lesson[-1].source)["stdout"] == "2 ['one', 'one again', 'two']\n"


def test_only_what_is_missing_is_replayed(lesson, fresh):
    """A cell that was passed over is made up for, and those around it are not run twice."""
    for at in (0, 1):
        fresh.run(lesson[at].source)
    assert fresh.run(lesson[3].source)["stdout"] == "Resumed: replayed 1 cell of 1 section.\n"
    said = fresh.run(lesson[-1].source)["stdout"]
    assert said == "Resumed: replayed 1 cell of 1 section.\n2 ['one', 'one again', 'two']\n"


def test_a_cell_that_the_learner_changed_counts_as_run(lesson, fresh):
    """The front end tells which cell it was, so the learner's version stays."""
    for cell in lesson[:4]:
        fresh.run(cell.source, cell.id)
    fresh.run("number = 20", lesson[4].id)
    assert fresh.run(lesson[-1].source, lesson[-1].id)["stdout"].startswith("20 ")


def test_without_ids_a_section_in_which_something_else_was_run_is_left_alone(lesson, fresh):
    """Some front ends don't name cells: what is not the kit's text may be the learner's version of it."""
    assert fresh.run(lesson[3].source)["stdout"] == "Resumed: replayed 3 cells of 2 sections.\n"
    fresh.run("number = 20")
    assert fresh.run(lesson[-1].source)["stdout"].startswith("20 ")


def test_a_cell_that_failed_is_made_up_for(lesson, fresh):
    """What broke in the middle is replayed from the notebook."""
    for cell in lesson[:4]:
        fresh.run(cell.source, cell.id)
    assert fresh.run("number = nobody", lesson[4].id)["error"]
    said = fresh.run(lesson[-1].source, lesson[-1].id)["stdout"]
    assert said.startswith("Resumed: replayed 1 cell of 1 section.\n2 ")


def test_going_back_finds_the_names_as_they_were(lesson, fresh):
    """What a later section called by the same name doesn't come into an earlier one, but what the learner set does."""
    for cell in lesson:
        fresh.run(cell.source, cell.id)
    assert fresh.names["number"] == 2
    fresh.run(lesson[3].source, lesson[3].id)
    assert fresh.names["number"] == 1
    fresh.run("number = 99", "a-cell-of-my-own")
    fresh.run(lesson[3].source, lesson[3].id)
    assert fresh.names["number"] == 99


def test_the_notebook_s_order_counts_and_not_that_of_the_runs(lesson, fresh):
    """An early cell that is run again last doesn't reach past a later one that sets the same name."""
    for cell in lesson:
        fresh.run(cell.source)
    fresh.run(lesson[1].source)
    assert fresh.names["number"] == 1
    assert fresh.run(lesson[-1].source)["stdout"].startswith("2 ")


def test_what_the_learner_saved_is_what_is_replayed(lesson, fresh, tmp_path):
    """Changed cells are replayed as they are in the learner's notebook; cells and headings of one's own are passed over."""

    def change(codes, cells):
        codes[4]["source"] = "number = 3"
        cells.insert(4, {"cell_type": "code", "id": "mine", "source": "trace.append('mine')", "metadata": {}})
        cells.insert(4, {"cell_type": "markdown", "id": "head", "source": "## Mine", "metadata": {}})

    edit(tmp_path, change)
    said = fresh.run(lesson[-1].source)["stdout"]
    assert said == "Resumed: replayed 5 cells of 3 sections.\n3 ['one', 'one again', 'two']\n"


def test_a_cell_that_can_t_be_replayed_is_named_and_the_rest_goes_on(lesson, fresh, tmp_path):
    """The sentence says which cell it was, where, and why; it is tried again the next time."""

    def change(codes, _):
        codes[1]["source"][1:] = ["number = nobody"]

    edit(tmp_path, change)
    said, last = fresh.run(lesson[-1].source)["stdout"].splitlines()
    assert said == (
        "Resumed: replayed 4 cells of 3 sections. This one failed: number = nobody (in “One”), with NameError: name "
        "'nobody' is not defined. Run it yourself, then this one again."
    )
    assert last == "2 ['one again', 'two']"
    fresh.run(lesson[1].source, lesson[1].id)
    assert "Resumed" not in fresh.run(lesson[-1].source)["stdout"]


def test_two_that_fail_are_counted(lesson, fresh, tmp_path):
    """Only the first is named, for the others may fail because of it."""

    def change(codes, _):
        codes[0]["source"] = "import nobody"

    edit(tmp_path, change)
    assert fresh.run(lesson[-1].source)["stdout"].splitlines()[0].endswith("2 cells after it failed as well.")


def test_names_that_were_reset_are_made_anew(lesson, fresh):
    """After %reset the kernel is as good as a new one."""
    for cell in lesson:
        fresh.run(cell.source)
    fresh.run("%reset -f")
    assert fresh.run(lesson[-1].source)["stdout"].startswith("Resumed: replayed 5 cells")


def test_errors_are_plain_after_a_resume(lesson, fresh):
    """The extension is loaded with the rest, and loading it once more says nothing."""
    fresh.run(lesson[-1].source)
    assert fresh.shell.custom_exceptions
    assert fresh.run(lesson[0].source)["stdout"] == ""


@pytest.mark.parametrize("place", ["03 Nowhere", "99 One"])
def test_an_unknown_place_is_told_and_stops_nothing(fresh, place):
    """A notebook that doesn't belong to the kit gets a sentence that says what to do."""
    shown = fresh.run(f"from eda_workshop.lessons import start_here; start_here({place!r})\nprint('on')")
    assert f"“{place}” could not be replayed" in shown["stdout"]
    assert shown["stdout"].endswith("Run the cells above it yourself.\non\n")


def test_a_damaged_notebook_is_passed_over_for_the_kit_s_own(fresh, tmp_path):
    """Half a file, as when it is being saved, is no reason to replay nothing."""
    (tmp_path / "03-bus.ipynb").write_text("{", encoding="utf-8")
    shown = fresh.run('from eda_workshop.lessons import start_here; start_here("03 A queue is something else")')
    assert shown["stdout"] == "Resumed: replayed 4 cells of 4 sections.\n"


def test_outside_of_a_notebook_it_does_nothing(capsys):
    """A lesson's code runs as a script, too."""
    start_here("03 The real bus")
    assert capsys.readouterr().out == ""
