"""The desks by hand and from code."""

import re

import pytest
from labelled import control

from eda_workshop.errors import BadSetting
from eda_workshop.simulate.two_desks import Sale
from eda_workshop.widgets import TwoDesks


def says(desks):
    return re.sub("<[^>]*>", "", desks._status.value)


def spot(desks, name):
    """The button over a desk, by what it says."""
    (found,) = [each for each in desks._spots.buttons if each.description == name]
    return found


def both(desks):
    desks.read(1)
    desks.read(2)
    desks.append(1)
    return desks.append(2)


def test_too_wide_and_strangers_disturb():
    """On the whole log the second desk is overtaken by a sale that it has nothing to do with."""
    desks = TwoDesks(boundary="log")
    assert both(desks).words.startswith("Boundary log: 1 conflict for 1 decision, needless. Desk 2 was overtaken")
    assert desks.again().words == "Boundary log: 1 conflict for 2 decisions, needless."
    assert desks.numbers == {"decisions": 2, "conflicts": 1, "needless": 1, "broken": 0}


def test_too_narrow_and_a_rule_is_broken():
    """Ten euros, spent twice; one seat, two people; and the query sees both."""
    for boundary, sale, rule in (("seat", (2, "ada"), "ada has 0 €"), ("wallet", (1, "bob"), "seat 1 is ada's")):
        desks = TwoDesks(boundary=boundary)
        desks.ask(2, *sale)
        assert f"breaks a rule: {rule}, and nobody saw it." in both(desks).words
        desks.boundary("query")
        assert "1 conflict for 1 decision, not needless" in both(desks).words
        assert desks.numbers["broken"] == 0


def test_eight_desks_until_all_are_done():
    """28 conflicts on the whole log, and none on the query; the first run stays counted."""
    desks = TwoDesks(desks=8, boundary="log")
    desks.all_at_once()
    desks.boundary("query")
    words = desks.all_at_once().words
    assert words == "Boundary log: 28 conflicts for 8 decisions, all needless; boundary query: none."


def test_round_by_round():
    """One desk gets through in each round on the whole log: 7 and 6 and 5 conflicts, and so on."""
    desks, found = TwoDesks(desks=8, boundary="log"), []
    desks.round()
    for _ in range(7):
        found.append(desks.numbers["conflicts"])
        desks.again()
    assert found == [7, 13, 18, 22, 25, 27, 28]
    assert desks.again().words.startswith("Refused: No desk was overtaken")


def test_another_boundary_rewrites_nothing():
    """It begins a new log; what was done on the one before keeps its numbers, and nothing done leaves none."""
    desks = TwoDesks(boundary="log")
    both(desks)
    before = desks.settings.run
    desks.boundary("seat")
    assert desks.settings.earlier == (before,)
    assert desks.settings.run.acts == ()
    desks.boundary("query")
    assert desks.settings.earlier == (before,)


def test_another_sale_drops_what_was_read():
    """The desk reads anew for it; a sale that it has appended stays."""
    desks = TwoDesks()
    desks.read(1)
    desks.ask(1, 3, "grace")
    assert "Refused: Desk 1 has decided nothing" in desks.append(1).words
    desks.read(1)
    desks.append(1)
    desks.ask(1, 4, "alan")
    assert desks.numbers["decisions"] == 1


def test_one_seat_and_one_wallet_for_all():
    """All want the same; the first gets it, and the others say no."""
    desks = TwoDesks(desks=3)
    desks.one_seat()
    desks.all_at_once()
    assert desks.numbers == {"decisions": 3, "conflicts": 2, "needless": 0, "broken": 0}
    desks.reset()
    desks.one_wallet()
    desks.round()
    assert desks.numbers["conflicts"] == 2
    desks.reset()
    desks.each_its_own()
    desks.all_at_once()
    assert desks.numbers["conflicts"] == 0


def test_more_desks_join_and_leave():
    """What those did that left stays in the log."""
    desks = TwoDesks()
    desks.desks(5)
    desks.all_at_once()
    desks.desks(2)
    assert desks.numbers["decisions"] == 5
    assert desks.append(3).words.startswith("Refused: Desk can't be 3. Give a whole number from 1 to 2")


def test_the_controls_do_the_same():
    """Lists, numbers and buttons."""
    by_hand, by_code = TwoDesks(), TwoDesks()
    control(by_hand, "Boundary").value = "wallet"
    control(by_hand, "Desks").value = 3
    control(by_hand, "Desk").value = 2
    control(by_hand, "Seat").value = 1
    control(by_hand, "Wallet").value = "alan"
    control(by_hand, "Read").click()
    control(by_hand, "Append").click()
    control(by_hand, "All read, all append").click()
    by_code.boundary("wallet")
    by_code.desks(3)
    by_code.ask(2, 1, "alan")
    by_code.read(2)
    by_code.append(2)
    by_code.round()
    assert by_hand.settings == by_code.settings
    assert by_hand.settings.sales[1] == Sale(1, "alan")
    control(by_hand, "Start over").click()
    assert by_hand.settings == TwoDesks().settings


def test_the_buttons_on_the_desks_take_the_next_step():
    """Read, append, and after a conflict read again; their names say which."""
    desks = TwoDesks(boundary="log")
    spot(desks, "Desk 1: read").click()
    spot(desks, "Desk 2: read").click()
    spot(desks, "Desk 1: append").click()
    spot(desks, "Desk 2: append").click()
    spot(desks, "Desk 2: read again").click()
    spot(desks, "Desk 2: append").click()
    assert desks.numbers == {"decisions": 2, "conflicts": 1, "needless": 1, "broken": 0}
    assert [each.layout.display for each in desks._spots.buttons].count(None) == 2


def test_the_lists_follow_the_desk():
    """Seat and wallet are those of the desk that was chosen; a desk that left is no choice any more."""
    desks = TwoDesks(desks=8)
    control(desks, "Desk").value = 7
    assert (control(desks, "Seat").value, control(desks, "Wallet").value) == (7, "donald")
    desks.desks(3)
    assert control(desks, "Desk").value == 3
    assert control(desks, "Seat").value == 3


@pytest.mark.parametrize("wrong", [{"desks": 1}, {"desks": 9}, {"desks": "2"}, {"boundary": "seats"}, {"boundary": []}])
def test_what_no_desk_can_be(wrong):
    """The numbers and the boundaries that there are."""
    with pytest.raises(BadSetting):
        TwoDesks(**wrong)


@pytest.mark.parametrize(
    "mistake",
    [
        lambda desks: desks.append(1),
        lambda desks: desks.read(3),
        lambda desks: desks.ask(1, 9, "ada"),
        lambda desks: desks.ask(1, 1, "tony"),
        lambda desks: desks.boundary("shop"),
        lambda desks: desks.again(),
    ],
)
def test_a_mistake_is_told_and_changes_nothing(mistake):
    """In the status line."""
    desks = TwoDesks()
    before = desks.settings
    assert mistake(desks).words.startswith("Refused: ")
    assert "Refused" in says(desks)
    assert desks.settings == before
