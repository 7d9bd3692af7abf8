"""The late letter: what it shows is what the engine does, at every stage and for every kind."""

import re

import pytest

from eda_workshop.drive.billing import MARCH, Billing, day
from eda_workshop.drive.letter import Letter, live
from eda_workshop.widgets import LateLetter


def picture_of(letter):
    return letter.picture.body


@pytest.mark.parametrize(
    ("choose", "costs"),
    [
        (lambda letter: letter.late(10, 3), {"rebuild": 12, "rewind": 17, "selective": 8}),
        (lambda letter: letter.reject(6), {"rebuild": 6, "rewind": 11, "selective": 3}),
        (lambda letter: letter.correct(6, 1), {"rebuild": 7, "rewind": 12, "selective": 4}),
        (lambda letter: letter.move(6, 9), {"rebuild": 11, "rewind": 16, "selective": 7}),
    ],
)
def test_each_kind_has_its_prices_and_one_end(choose, costs):
    """By whichever strategy, the steps are those planned, and the state and the messages are the same."""
    ends = set()
    for strategy, steps in costs.items():
        letter = LateLetter()
        choose(letter)
        assert letter.numbers["costs"] == costs
        done = re.search(r"After (\d+) steps by (\w+)(?:, (\d+) spared)?", letter.commit(strategy).words)
        assert (int(done[1]) + int(done[3] or 0), done[2]) == (steps, strategy)
        ends.add((re.sub(r"After .*?:", "", letter.settle().words), str(letter.numbers["outside"])))
    assert len(ends) == 1


def test_a_plan_changes_nothing():
    """Neither the lane of what is, nor what the world outside has."""
    letter = LateLetter()
    plain = Billing()
    plain.month()
    assert letter.numbers["outside"] == plain.outside
    letter.commit()
    letter.plan()
    assert "Planned: ada stores 15 GB, not 12" in letter.picture.words
    assert letter.numbers["outside"] == plain.outside


def test_what_waits_is_taken_back_without_a_trace():
    """With invoices that wait, nobody hears of the wrong one; once they are out, a credit note is needed."""
    letter = LateLetter()
    letter.commit()
    letter.settle()
    assert [name for name, _ in letter.numbers["outside"]] == ["mail", "mail", "mail"]
    letter.invoices()
    letter.commit()
    letter.settle()
    assert sorted(name for name, _ in letter.numbers["outside"]) == ["credit", *["invoice"] * 2, *["mail"] * 3]


def test_a_fact_that_has_become_impossible_needs_a_yes():
    """Nobody removes what they don't have: the sentence names the event, and a commit is refused until it is accepted."""
    letter = LateLetter()
    words = letter.move(4, 1).words
    assert "But event 4 is impossible, because 0 GB are stored and 2 GB are removed." in words
    assert letter.commit().words.startswith(
        'Refused: A later event becomes impossible, and nobody has accepted that. Tick "Accept the impossible"'
    )
    assert letter.settings.stage == "planned"
    letter._accepted.value = True
    assert "ada stores 14 GB, not 12. But event 4 is impossible" in letter.commit().words
    assert "It was accepted." in letter.picture.words
    letter.accept(False)
    assert letter.commit().words.startswith("Refused: ")
    assert "impossible" not in letter.move(4, 13).words


def test_settling_needs_a_commit():
    """It is refused in words, and nothing happens."""
    letter = LateLetter()
    assert letter.settle().words.startswith("Refused: What is not recorded can't be settled. Commit first.")
    assert "Planned" in letter.picture.words


@pytest.mark.parametrize(
    "call",
    [
        lambda letter: letter.late(32),
        lambda letter: letter.late(0),
        lambda letter: letter.reject(len(MARCH) + 1),
        lambda letter: letter.correct(1, 10),
        lambda letter: letter.correct(6, 4),
        lambda letter: letter.commit("magic"),
    ],
)
def test_what_can_not_be_is_refused(call):
    """And the letter stays as it was."""
    letter = LateLetter()
    before = letter.settings
    assert call(letter).words.startswith("Refused: ")
    assert letter.settings == before


def test_controls_and_code_say_the_same():
    """A control moves the picture, and a call moves the control."""
    letter = LateLetter()
    letter._day[0].value = 3
    assert "A late event of 3 March" in letter.picture.words
    letter._kind.value = "never happened"
    letter._event.value = 9
    assert "Event 9: ada closed never happened" in letter.picture.words
    letter.move(2, 7)
    assert (letter._kind.value, letter._event.value, letter._day[1].value) == ("was on another day", 2, 7)


def test_controls_that_say_nothing_new_are_refused_until_they_do():
    """What is chosen stays chosen: the next change takes all of it together."""
    letter = LateLetter()
    letter._event.value = 3
    letter._kind.value = "was another amount"
    assert "would change nothing" in letter.picture.words
    letter._gigabytes[0].value = 5
    assert letter.picture.words.startswith("Event 3: ada added 3 GB was 5 GB")


def test_the_lanes_show_what_became_of_the_event():
    """Made up while it is a plan, crossed when it never was, ringed when it was otherwise; the branch point lies there."""
    letter = LateLetter()
    assert picture_of(letter).count('stroke-dasharray="3 2"') == 1
    letter.reject(6)
    assert picture_of(letter).count("never happened") == 1
    letter.correct(6, 1)
    ringed = picture_of(letter)
    letter.commit()
    assert picture_of(letter).count('r="12.5"') == 2 * ringed.count('r="12.5"') == 2
    assert live(Letter(day=10)).plan.since == day(10)
