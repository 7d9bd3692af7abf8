"""Lessons for a browser's Python: what can't run there is told, and nothing else is changed."""

from pathlib import Path

import nbformat
import pytest

from eda_workshop.lessons.catalogue import LESSONS
from eda_workshop.lite.lessons import ELSEWHERE, LEFT_OUT, NOTICE, in_a_browser

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"


@pytest.fixture(params=[lesson.notebook for lesson in LESSONS])
def lesson(request):
    return nbformat.read(NOTEBOOKS / request.param, as_version=4)


def test_a_notice_stands_under_the_title(lesson):
    """The first thing after the title says where the copy runs, and what is different there."""
    copy = in_a_browser(lesson)
    assert copy.cells[0] == lesson.cells[0]
    assert copy.cells[1].source == NOTICE
    nbformat.validate(copy)


def test_all_other_cells_are_as_they_were(lesson):
    """Only tagged cells are replaced; the lesson itself stays whole."""
    before = nbformat.writes(lesson)
    copy = in_a_browser(lesson)
    cells = [copy.cells[0], *copy.cells[2:]]
    pairs = [(mine, theirs) for mine, theirs in zip(cells, lesson.cells, strict=True) if mine != theirs]
    assert all(ELSEWHERE in theirs.metadata.tags for _, theirs in pairs)
    assert len(pairs) == sum(ELSEWHERE in cell.metadata.get("tags", []) for cell in lesson.cells)
    assert nbformat.writes(lesson) == before


def test_what_is_left_out_is_shown_with_its_result(lesson):
    """Code and stored output stand in the text, with a sentence that says where they run."""
    copy = {cell.id: cell for cell in in_a_browser(lesson).cells}
    for cell in lesson.cells:
        if ELSEWHERE in cell.metadata.get("tags", []):
            shown = copy[cell.id]
            assert shown.cell_type == "markdown"
            assert shown.source.startswith(f"{LEFT_OUT}\n\n```python\n{cell.source}\n```")
            for output in cell.outputs:
                data = output.get("data", {})
                assert (data.get("text/html") or output.get("text") or data["text/plain"]).strip() in shown.source


def test_charts_say_what_they_lack(monkeypatch):
    """Without matplotlib the kit can be imported, and a chart is an error with one sentence."""
    import sys

    from eda_workshop.show.chart import NoCharts, new_figure

    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(NoCharts, match="`python3 workshop.py` opens the lesson where it is."):
        new_figure()
