"""The plane of two times as an instrument: questions, letters, what is owed, and what it refuses."""

from datetime import date

import pytest

from eda_workshop import Unknown
from eda_workshop.stories.payroll import day
from eda_workshop.widgets import TwoTimes
from eda_workshop.widgets.plane import MOST_LETTERS


@pytest.mark.parametrize(
    ("actual", "record", "value"),
    [
        ("25 February", "25 February", 6000),
        ("25 February", "25 March", 6500),
        ("25 February", "25 April", 6400),
        ("25 March", "25 April", 6400),
        ("14 February", "25 April", 6000),
        ("31 December 2025", "25 April", Unknown),
        ("25 January", "31 December 2025", Unknown),
    ],
)
def test_any_day_as_known_on_any_other(actual, record, value):
    """The answer is the log's, by both times."""
    plane = TwoTimes()
    assert f"On {record} it was" in plane.ask(actual, record).words
    assert plane.numbers["value"] == value


@pytest.mark.parametrize(
    ("back_pay", "paid", "owed"), [(False, 18_500, 300), (True, 19_000, -200)], ids=["none", "back pay"]
)
def test_paid_against_due(back_pay, paid, owed):
    """As known after the last letter, before the next run."""
    plane = TwoTimes(record="10 April")
    plane.back_pay(back_pay)
    assert plane.numbers == {"value": 6400, "paid": paid, "due": 18_800, "owed": owed}


def test_the_boxes_and_sliders_ask_too():
    """A box and its slider follow each other, and a box that is being filled in changes nothing."""
    plane = TwoTimes()
    box, slider = plane._days["record"]
    box.value = date(2026, 4, 25)
    assert (slider.value, plane.numbers["value"]) == (145, 6400)
    slider.value -= 59
    assert (box.value, plane.numbers["value"]) == (date(2026, 2, 25), 6000)
    box.value = None
    assert plane.settings.record == day("25 February")


def test_a_question_moves_the_boxes():
    """What is done in code shows in the controls."""
    plane = TwoTimes()
    plane.ask("1 March", "2 March")
    assert [box.value for box, _ in plane._days.values()] == [date(2026, 3, 1), date(2026, 3, 2)]


def test_a_letter_changes_what_is_thought_from_its_day_on():
    """The past of belief stays: the day before, nobody knew."""
    plane = TwoTimes()
    plane.letter("1 February", 6100, "1 May")
    assert [plane.ask("10 February", known) and plane.numbers["value"] for known in ("30 April", "1 May")] == [
        6000,
        6100,
    ]
    plane.remove()
    assert plane.numbers["value"] == 6000


def test_a_scheduled_raise_waits():
    """It is known at once, and holds from its day on."""
    plane = TwoTimes()
    plane.letter("1 July", 7000, "20 April")
    values = [plane.ask(actual, "20 April") and plane.numbers["value"] for actual in ("30 June", "1 July")]
    assert values == [6400, 7000]
    assert "would earn 7000" in plane.picture.words


def test_starting_over():
    """The three letters and the first question again; the tick stays as it is."""
    plane = TwoTimes(back_pay=True)
    first = plane.picture.words
    plane.letter("1 July", 7000, "20 April")
    plane.ask("1 July", "1 May")
    assert plane.reset().words == first
    assert plane._days["actual"][0].value == date(2026, 2, 25)


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda plane: plane.letter("1 March", 6600, "4 April"), "Record history only grows"),
        (lambda plane: plane.letter("1 March", 999, "5 May"), "Amount can't be 999"),
        (lambda plane: plane.letter("1 March", 6600, "1 August"), "a day from 1 December 2025 to 31 July"),
        (lambda plane: plane.ask("30 November 2025", "1 March"), "Actual can't be '30 November 2025'"),
        (lambda plane: plane.ask("1 March", "2026-03-01"), 'a day such as "25 March"'),
    ],
)
def test_what_the_plane_refuses(act, words):
    """In the library's own words, and nothing is changed by it."""
    plane = TwoTimes()
    before = plane.settings
    assert act(plane).words.startswith("Refused: ")
    assert words in plane.picture.words
    assert words in plane._status.value.replace("&quot;", '"').replace("&#x27;", "'")
    assert plane.settings == before


def test_the_contract_stays_and_letters_have_an_end():
    """No fewer than one letter, no more than fit beside the plane."""
    plane = TwoTimes()
    plane.remove()
    plane.remove()
    assert "the contract stays" in plane.remove().words
    for _ in range(1, MOST_LETTERS):
        assert "Refused" not in plane.letter("1 July", 7000, "20 April").words
    assert "remove the last one first" in plane.letter("1 July", 7000, "20 April").words


def test_a_date_that_is_half_filled_in_is_no_letter():
    """The button says so."""
    plane = TwoTimes()
    start, _, _, add, *_ = plane._box.children[1].children
    start.value = None
    add.click()
    assert "Refused: From can't be None. Give a whole date." in plane.picture.words


def test_nothing_is_drawn_twice():
    """The same question is answered by the same picture, without another chart."""
    assert TwoTimes().picture is TwoTimes().picture
