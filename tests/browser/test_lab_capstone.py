"""The capstone in JupyterLab: the library by keyboard, and a part that a team wrote."""

import pytest
from lab_page import assert_says, tab_to

from eda_workshop import exercises

REACT = next(each for each in exercises.of(16) if each.id == "react").solutions[0]


@pytest.fixture
def capstone(lab):
    return lab.run("16-capstone")


def test_the_library_by_keyboard(capstone):
    """Start over, a slip, ten slips, the letter, the plug: each is announced, and the focus can be seen."""
    cell = capstone.cell("library = LendingLibrary(")
    status = capstone.status(cell)
    cell.get_by_role("button", name="Start over").focus()
    capstone.page.keyboard.press("Space")
    assert_says(status, "^1 March: 0 slips")
    cell.get_by_role("button", name="Next slip").focus()
    capstone.page.keyboard.press("Space")
    assert_says(status, "^1 March: 1 slip, 0 refused")
    way = tab_to(capstone, "Slips up to 10")
    capstone.page.keyboard.press("Enter")
    assert_says(status, "^20 March: 10 slips, 1 refused")
    way += tab_to(capstone, "Take the letter in")
    capstone.page.keyboard.press("Space")
    assert_says(status, "4 messages went out, 1 waits, and the screen doesn't show what counts")
    capstone.page.keyboard.press("Space")
    assert_says(status, "^Refused. ")
    way += tab_to(capstone, "Pull the plug")
    capstone.page.keyboard.press("Space")
    assert_says(status, "the plug pulled 1 time, .* 4 messages went out")
    assert [focus for focus in way if focus["outline"] < 2 or focus["contrast"] < 3] == []


def test_a_part_of_the_team_s_own(capstone):
    """A part that is typed in and right takes the kit's place when the library is put together again."""
    cell = capstone.cell("check.react(react)")
    card = cell.locator("[role=status]")
    cell.locator(".cm-content").click()
    capstone.page.keyboard.press("ControlOrMeta+a")
    capstone.page.keyboard.insert_text(f"{REACT}\n\ncheck.react(react)")
    capstone.page.keyboard.press("Control+Enter")
    assert_says(card, "^✓ Right.")
    handed = capstone.cell("handed = hand_in(globals())")
    handed.locator(".cm-content").click()
    capstone.page.keyboard.press("Control+Enter")
    assert_says(handed.locator("[role=status]"), "^Of 8 parts 1 are yours")
    assert handed.locator("td", has_text="yours").count() == 1
