"""On a page that sets no colors of JupyterLab's, such as a dark one elsewhere, text has its paper with it."""

import re

import pytest
from displayed import displayed

from eda_workshop import exercises
from eda_workshop.exercises import check, hint
from eda_workshop.exercises.table import table
from eda_workshop.lessons.catalogue import LESSONS, shipped_folder
from eda_workshop.show import palette
from eda_workshop.show.picture import Picture
from eda_workshop.widgets.status import status

INK = re.compile(r"(?<![\w-])color: ?var\(--jp-ui-font-color1[^;]*;?([^;\"}]*)")


def bare(html):
    """What sets the ink of words, and not their paper right after it."""
    return [found[0] for found in INK.finditer(html) if palette.PAPER not in found[1]]


@pytest.mark.parametrize(
    "make",
    [
        lambda: Picture("", 60, "a").html(),
        lambda: Picture("", 60, "a").live(),
        lambda: check.late_tap(...)._repr_mimebundle_()["text/html"],
        lambda: hint.late_tap(1)._repr_mimebundle_()["text/html"],
        lambda: exercises.progress_map(LESSONS)._repr_mimebundle_()["text/html"],
        lambda: displayed(exercises.quiz(3))[0]["text/html"],
        lambda: table("a", ["b"], [["c"]]),
        lambda: status("a"),
    ],
)
def test_where_ink_is_set_paper_is_set(make, tmp_path, monkeypatch):
    """Both come from the theme, or both are the kit's own."""
    monkeypatch.setenv("EDA_WORKSHOP_HOME", str(tmp_path))
    html = make()
    assert palette.WORDS in html
    assert bare(html) == []


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_what_is_stored_has_its_paper(lesson):
    """The pictures and tables of the notebooks, as they are shown before anything is run."""
    assert bare((shipped_folder() / lesson.notebook).read_text(encoding="utf-8").replace('\\"', '"')) == []
