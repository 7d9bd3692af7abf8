"""The map of lesson 00 in JupyterLab: its links, a code to share, and progress that is forgotten only after a yes."""

import re

import pytest
from lab_page import assert_says, tab_to

from eda_workshop import exercises

COUNT = len(exercises.every())
SOLUTION = next(each for each in exercises.every() if each.id == "deliveries").solutions[0]


@pytest.fixture
def start(lab):
    return lab.run("00-start")


def type_in(lesson, code, text):
    """Put this into the cell that holds the code, and run it."""
    cell = lesson.cell(code)
    cell.locator(".cm-content").click()
    lesson.page.keyboard.press("ControlOrMeta+a")
    lesson.page.keyboard.insert_text(text)
    lesson.page.keyboard.press("Control+Enter")


def forget(start, what, answer):
    """Ask to forget the progress of something, and answer."""
    cell = start.cell("YourProgress(LESSONS)")
    cell.get_by_label("Progress of").select_option(what)
    cell.get_by_role("button", name="Forget …").click()
    assert_says(start.status(cell), f"^Forget the progress of {what}\\?")
    cell.get_by_role("button", name=answer).click()
    assert_says(start.status(cell), "^(?:Forgotten|Nothing was forgotten|There was no progress)")


def test_a_code_by_keyboard(start):
    """A nickname is typed, a code is made and announced; without one it is said what to type."""
    cell = start.cell("YourProgress(LESSONS)")
    status = start.status(cell)
    cell.get_by_label("Nickname").focus()
    tab_to(start, "Make a code")
    start.page.keyboard.press("Space")
    assert_says(status, "The nickname '' can't be used. Take up to 20 letters")
    cell.get_by_label("Nickname").focus()
    start.page.keyboard.type("owl")
    tab_to(start, "Make a code")
    start.page.keyboard.press("Enter")
    assert_says(status, "^Your code: EDA-[A-Z2-7]+-[0-9A-F]{4}-owl$")


def test_progress_is_forgotten_after_a_yes(start):
    """Something is done, the map counts it; a no keeps it, a yes forgets it. What other tests did is forgotten first."""
    forget(start, "all exercises", "Yes, forget it")
    type_in(
        start,
        "print(in_words(look()))",
        f"from eda_workshop.exercises import check\n{SOLUTION}\ncheck.deliveries(deliveries)",
    )
    start.page.locator("[role=status]", has_text="✓ Right").wait_for()
    cell = start.cell("YourProgress(LESSONS)")
    status = start.status(cell)
    cell.get_by_role("button", name="Where was I?").click()
    assert_says(status, f"1 of {COUNT} exercises done. Go on with 03")
    for answer, done in (("No, keep it", 1), ("Yes, forget it", 0)):
        forget(start, "deliveries", answer)
        assert_says(status, re.escape("Nothing was forgotten." if done else "Forgotten: deliveries."))
        cell.get_by_role("button", name="Where was I?").click()
        assert_says(status, f"{done} of {COUNT} exercises done")


def test_the_map_opens_lessons(start):
    """A lesson's name is a link that opens it beside this one."""
    link = start.cell("progress_map(LESSONS)").get_by_role("link", name="03 The bus: a pipe and its taps")
    link.click()
    start.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) h1", has_text="03 · The bus").wait_for()
    start.command("application:close")
    start.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) h1", has_text="Start here").wait_for()
