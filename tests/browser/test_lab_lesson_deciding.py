"""Lesson 17 from top to bottom: what a learner clicks and types in it."""

import pytest
from lab_page import assert_says
from playwright.sync_api import expect

RESERVE = """\
def reserve(log, seat, who):
    while True:
        seen = log.head
        taken = Query("seat.reserved")
        holders = [event.data["who"] for event in log.read(where=taken) if event.data["seat"] == seat]
        if holders:
            return holders[0] == who
        try:
            log.append(Event("seat.reserved", {"seat": seat, "who": who}), after=seen, unless=taken)
            return True
        except Conflict:
            pass


check.reserve(reserve)"""
SPECS = """\
def at_the_limit(desk):
    three = [borrowed(title, "ada") for title in ("dune", "ulysses", "faust")]
    return spec(desk).given(*three).when(lending("emma", "ada")).refused()


table = SpecTable([lends, refuses, at_the_limit])
table"""


@pytest.fixture(scope="module")
def lesson(lab):
    return lab.run("17-decide")


def typed(lesson, code, text):
    """Replace a cell's code by typing, and run it."""
    cell = lesson.cell(code).first
    cell.locator(".cm-content").click()
    lesson.page.keyboard.press("ControlOrMeta+a")
    lesson.page.keyboard.insert_text(text)
    lesson.page.keyboard.press("ControlOrMeta+Enter")


def button(cell, name):
    return cell.get_by_role("button", name=name, exact=True)


def test_eight_unrelated_desks(lesson):
    """The question is there before its answer: 28 conflicts on the whole log, and none with a query, by keys alone."""
    cell = lesson.cell("unrelated = TwoDesks").first
    status, press = lesson.status(cell), lesson.page.keyboard.press
    assert_says(status, "^Boundary log: nothing is decided yet.$")
    button(cell, "All at once").focus()
    press("Enter")
    assert_says(status, "^Boundary log: 28 conflicts for 8 decisions, all needless.$")
    cell.get_by_role("combobox", name="Boundary").focus()
    press("End")
    assert_says(status, "boundary query: nothing is decided yet.$")
    button(cell, "All at once").focus()
    press("Space")
    assert_says(status, "boundary query: none.$")


def test_a_wallet_that_no_boundary_guards(lesson):
    """Two seats from one wallet: a rule is broken on the seat's stream, and on the wallet's none is."""
    cell = lesson.cell("wallet = TwoDesks").first
    status = lesson.status(cell)
    button(cell, "All read, all append").click()
    assert_says(status, "1 rule broken")
    cell.get_by_role("combobox", name="Boundary").select_option("stream of the wallet")
    button(cell, "All read, all append").click()
    assert_says(status, "boundary wallet's stream: 1 conflict")


def test_an_exercise_is_typed_and_checked(lesson):
    """By hand, with the condition of the lesson; the same cell then says that it is right."""
    typed(lesson, "check.reserve", RESERVE)
    expect(lesson.cell("check.reserve").first.locator(".jp-OutputArea")).to_contain_text("Right")


def test_one_more_spec_kills_one_more_desk(lesson):
    """The learner writes a spec at the edge, runs the cell, and asks a survivor for its story."""
    typed(lesson, "table = SpecTable", SPECS)
    cell = lesson.cell("at_the_limit").first
    status = lesson.status(cell)
    assert_says(status, "^3 specs kill 4 of 8; four survive")
    cell.get_by_role("button", name="Show a story of 3: survivor").click()
    assert_says(status, "Story of 3: given")
    assert lesson.complaints == []
    assert lesson.outside == []
