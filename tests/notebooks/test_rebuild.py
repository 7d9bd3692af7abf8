"""Each notebook is what its source gives."""

import copy

import nbformat
import pytest
from thorough import THOROUGH

from eda_workshop.lessons.build import NotebookNode, build, comparable
from eda_workshop.lessons.catalogue import LESSONS, clone_root
from eda_workshop.lessons.source import read_lesson

ROOT = clone_root()


def stored(lesson) -> NotebookNode:
    return nbformat.read(ROOT / "notebooks" / lesson.notebook, as_version=4)


def unrun(notebook):
    """The notebook before anybody ran it, and a kernel said what its language is."""
    notebook.metadata.pop("language_info", None)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return notebook


def lessons(*numbers):
    """A parameter for each lesson, or for those with these numbers."""
    chosen = [lesson for lesson in LESSONS if not numbers or lesson.number in numbers]
    return pytest.mark.parametrize("lesson", chosen, ids=[lesson.name for lesson in chosen])


@lessons()
def test_its_cells_are_those_of_its_source(lesson):
    """Text, code, tags and order, before anything is run."""
    source = read_lesson(ROOT / "notebooks" / "source" / f"{lesson.name}.py")
    assert comparable(unrun(source)) == comparable(unrun(stored(lesson)))


# What the cells give is compared by nbval in each lesson; that the build keeps it is shown by these, or by all.
@lessons(*([] if THOROUGH else [0, 3, 8, 15]))
def test_a_rebuild_changes_nothing(lesson):
    """Run again in a fresh kernel, the source gives the notebook that is committed."""
    source = ROOT / "notebooks" / "source" / f"{lesson.name}.py"
    assert comparable(build(source)) == comparable(stored(lesson))


def spoil_text(notebook):
    cell = next(cell for cell in notebook.cells if cell.get("outputs") and "text" in cell.outputs[0])
    cell.outputs[0]["text"] += "x"


def spoil_picture(notebook):
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if "eda-figure" in output.get("data", {}).get("text/html", ""):
                output["data"]["text/html"] = output["data"]["text/html"].replace("<circle", "<ellipse", 1)
                return


def spoil_source(notebook):
    notebook.cells[1].source += "\n"


def forget_to_run(notebook):
    next(cell for cell in notebook.cells if cell.cell_type == "code").execution_count = None


@pytest.mark.parametrize("spoil", [spoil_text, spoil_picture, spoil_source, forget_to_run])
def test_any_change_is_found(spoil):
    """A changed output, picture or source, and a cell that was not run, each make the comparison fail."""
    notebook = stored(LESSONS[1])
    spoiled = copy.deepcopy(notebook)
    spoil(spoiled)
    assert comparable(spoiled) != comparable(notebook)
