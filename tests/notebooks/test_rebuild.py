"""Each notebook is what its source gives."""

import copy

import nbformat
import pytest

from eda_workshop.lessons.build import NotebookNode, build, comparable
from eda_workshop.lessons.catalogue import LESSONS, clone_root

ROOT = clone_root()


def stored(lesson) -> NotebookNode:
    return nbformat.read(ROOT / "notebooks" / lesson.notebook, as_version=4)


@pytest.mark.parametrize("lesson", LESSONS, ids=[lesson.name for lesson in LESSONS])
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
