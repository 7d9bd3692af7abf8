"""Desks and specs in JupyterLab, in a notebook of their own: by mouse, by keys, in both themes, wide and narrow."""

import nbformat
import pytest
from lab_page import NARROW, WIDE, assert_says
from nbformat.v4 import new_code_cell, new_notebook

DESKS = "from eda_workshop.widgets import TwoDesks\ndesks = TwoDesks(boundary='log')\ndesks"
BROKEN = "broken = TwoDesks(8, 'none')\nbroken.one_seat()\nbroken.all_at_once()"
SPECS = """\
from eda_workshop import spec
from eda_workshop.stories.desks import borrowed, lending
from eda_workshop.widgets import SpecTable
def full(desk):
    three = [borrowed(title, "ada") for title in ("dune", "ulysses", "faust")]
    return spec(desk).given(*three).when(lending("emma", "ada")).refused()
SpecTable([full])"""


@pytest.fixture(scope="module")
def deciding(lab, server):
    notebook = new_notebook(cells=[*map(new_code_cell, (DESKS, BROKEN, SPECS))])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, server.folder / "deciding.ipynb")
    return lab.run("deciding")


@pytest.fixture
def desks(deciding):
    """The cell of the desks, with nothing done."""
    cell = deciding.cell("desks = TwoDesks")
    cell.get_by_role("button", name="Start over").click()
    assert_says(deciding.status(cell), "Boundary log: nothing is decided yet.$")
    return cell


def crowd(deciding, desks):
    """Eight desks, all but one of them overtaken, after they broke rules on a log before."""
    status, boundary = deciding.status(desks), desks.get_by_role("combobox", name="Boundary")
    desks.get_by_role("spinbutton", name="Desks").fill("8")
    deciding.page.keyboard.press("Enter")
    named(desks, "Desk 8: read").wait_for()
    boundary.select_option("no condition")
    named(desks, "One seat for all").click()
    named(desks, "All at once").click()
    assert_says(status, "7 rules broken")
    boundary.select_option("whole log")
    assert_says(status, "boundary log: nothing is decided yet")
    named(desks, "All read, all append").click()
    assert_says(status, "were overtaken by event 2")


def named(cell, name):
    return cell.get_by_role("button", name=name, exact=True)


def test_a_click_on_a_desk_takes_its_next_step(deciding, desks):
    """Two read, the first appends, and what the second has read turns red before it tries."""
    status = deciding.status(desks)
    named(desks, "Desk 1: read").click()
    named(desks, "Desk 2: read").click()
    assert_says(status, "Desks 1 and 2 have read, and can append.$")
    named(desks, "Desk 1: append").click()
    assert_says(status, "Desk 2 has read, and event 2 is new inside the boundary.$")
    named(desks, "Desk 2: append").click()
    assert_says(status, "^Boundary log: 1 conflict for 1 decision, needless. Desk 2 was overtaken")
    named(desks, "Again").click()
    assert_says(status, "^Boundary log: 1 conflict for 2 decisions, needless.$")


def test_the_same_by_keys(deciding, desks):
    """The button on a desk keeps the focus while its name and the picture change."""
    status, press = deciding.status(desks), deciding.page.keyboard.press
    for desk, key in ((1, "Enter"), (2, "Space")):
        named(desks, f"Desk {desk}: read").focus()
        press(key)
        named(desks, f"Desk {desk}: append").wait_for()
    named(desks, "Desk 1: append").click()
    named(desks, "Desk 2: append").focus()
    for name in ("Desk 2: read again", "Desk 2: append", "Desk 2: read"):
        press("Enter")
        named(desks, name).wait_for()
        focus = deciding.ask("focus")
        assert focus["name"] == name
        assert focus["outline"] >= 2
        assert focus["contrast"] >= 3
    assert_says(status, "^Boundary log: 1 conflict for 2 decisions, needless.$")


def test_another_boundary_keeps_what_was_counted(deciding, desks):
    """The list and the buttons: whole log, then the query."""
    status = deciding.status(desks)
    desks.get_by_role("spinbutton", name="Desks").fill("8")
    deciding.page.keyboard.press("Enter")
    named(desks, "Desk 8: read").wait_for()
    named(desks, "All at once").click()
    assert_says(status, "^Boundary log: 28 conflicts for 8 decisions, all needless.$")
    desks.get_by_role("combobox", name="Boundary").select_option("query: seat or wallet")
    assert_says(status, "boundary query: nothing is decided yet.$")
    named(desks, "All at once").click()
    assert_says(status, "^Boundary log: 28 conflicts for 8 decisions, all needless; boundary query: none.$")


def test_a_survivor_tells_its_story(deciding):
    """By mouse and by keys; the same button hides it."""
    cell = deciding.cell("SpecTable([full])")
    status = deciding.status(cell)
    assert_says(status, "^1 spec kills 2 of 8; six survive.$")
    cell.get_by_role("button", name="Show a story of 2: survivor").click()
    assert_says(status, "It counts the books that a reader brought back.$")
    deciding.page.keyboard.press("Enter")
    assert_says(status, "^1 spec kills 2 of 8; six survive.$")
    assert deciding.ask("focus")["name"] == "Show a story of 2: survivor"
    cell.get_by_role("combobox", name="Wrong decider").select_option("1: one too many, killed by full")
    named(cell, "Show a story").click()
    assert_says(status, "It lends a fourth book to a reader who has three.$")


@pytest.mark.parametrize("theme", ["Light", "Dark"])
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_it_can_be_read(deciding, desks, theme, width):
    """Names, contrast and room, while rules are broken, desks are overtaken, and a story is told."""
    crowd(deciding, desks)
    deciding.cell("SpecTable([full])").get_by_role("button", name="Show a story", exact=True).click()
    deciding.theme(theme)
    deciding.resize(width)
    try:
        assert deciding.axe() == []
        assert [deciding.ask(probe) for probe in ("faintOrCut", "overflowing", "unnamed", "moving")] == [[], [], [], []]
    finally:
        deciding.resize(WIDE)
        deciding.theme("Light")
    assert deciding.complaints == []
    assert deciding.outside == []
