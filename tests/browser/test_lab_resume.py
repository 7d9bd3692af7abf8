"""Beginning in the middle of a lesson after a restart, in JupyterLab: one sentence, and on from there."""

import pytest
from lab_page import OUTPUTS, assert_says

RESTART = "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()"


@pytest.fixture
def handlers(lab):
    """A lesson whose kernel was restarted."""
    lesson = lab.open("04-handlers")
    lesson.page.evaluate(RESTART)
    return lesson


def run(lesson, code, text=None):
    """Run the cell that holds this code, with another text if one is given; its outputs."""
    cell = lesson.cell(code)
    cell.locator(".cm-content").click()
    if text is not None:
        lesson.page.keyboard.press("ControlOrMeta+a")
        lesson.page.keyboard.insert_text(text)
    lesson.page.keyboard.press("Control+Enter")
    return cell.locator(OUTPUTS)


def test_only_the_sentence_and_the_cell_s_own_output_are_shown(handlers):
    """Nothing of what is replayed is drawn or printed, not even the errors that are meant."""
    shown = run(handlers, 'start_here("04 Commands: exactly one")')
    assert_says(shown.first, r"^Resumed: replayed 16 cells of 9 sections\.\s+Nobody handles the command")
    assert_says(shown.last, "made /ada")
    assert shown.count() == 2


def test_a_changed_cell_is_known_by_its_place(handlers):
    """JupyterLab tells which cell it runs, so the learner's version of it counts, and only the others are replayed."""
    start = 'from eda_workshop.lessons import start_here; start_here("04 Patterns")'
    shown = run(handlers, 'start_here("04 Patterns")', f"{start}\nnames = 'mine'\nprint(names)")
    assert_says(shown.first, r"^Resumed: replayed 12 cells of 7 sections\.\s+mine")
    assert_says(run(handlers, 'start_here("04 Many hands').first, r"^Resumed: replayed 2 cells of 1 section\.")
    again = run(handlers, 'start_here("04 Commands', 'start_here("04 Commands: exactly one")\nprint(names)')
    assert_says(again.first, "^mine")
