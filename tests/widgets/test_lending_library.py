"""The lending library as an instrument: each button's twin in code, what it draws, and what it refuses."""

import re

import pytest
from labelled import control

from eda_workshop.exercises.lesson_16.solutions import kit
from eda_workshop.stories.lending import Parts
from eda_workshop.stories.library import SLIPS
from eda_workshop.widgets import LendingLibrary


@pytest.fixture
def library():
    return LendingLibrary(kit())


def marks(library, look):
    """How many discs of a look are in the picture, by the title or the ring that it has."""
    return library.picture.body.count({"gone": "recorded here, and corrected", "late": ">late<"}[look])


@pytest.mark.parametrize(
    ("label", "act"),
    [
        ("Next slip", lambda library: library.slips()),
        ("Slips up to 10", lambda library: library.slips(10)),
        ("Pull the plug", lambda library: library.pull_the_plug()),
        ("Rebuild the screen", lambda library: library.rebuild()),
        ("Let April come", lambda library: library.april()),
    ],
)
def test_a_button_does_what_its_twin_does(label, act):
    """By hand and from code, the same picture."""
    by_hand, by_code = LendingLibrary(kit()), LendingLibrary(kit())
    control(by_hand, label).click()
    assert by_hand.picture == act(by_code)


def test_march_and_the_letter(library):
    """A cross where the return was recorded, a short delay instead of a long one, four letters, a fine that waits."""
    library.slips(10)
    assert (marks(library, "gone"), marks(library, "late")) == (0, 1)
    control(library, "Take the letter in").click()
    assert (marks(library, "gone"), marks(library, "late")) == (1, 0)
    assert "fine: ada 1 €, 26 March" in library.picture.body
    assert "4 messages went out, 1 waits, and the screen doesn't show what counts" in library.picture.words
    assert "screen, not what counts ✗" in library.picture.body
    assert "shows what counts" in library.rebuild().words
    assert "5 messages went out, 0 wait" in library.april().words


def test_the_plug_takes_nothing_but_the_screen_made_anew(library):
    """Letters, line and records are as they were."""
    library.slips(10)
    library.letter()
    before = library.numbers["received"], library.numbers["records"]
    said = library.pull_the_plug().words
    assert (library.numbers["received"], library.numbers["records"]) == before
    assert "the plug pulled 1 time," in said
    assert "the plug pulled 2 times," in library.pull_the_plug().words


def test_what_can_t_be_done_is_refused_and_changes_nothing(library):
    """A letter about a return that is not recorded yet, a letter twice, and slips that there are not."""
    assert library.letter().words.startswith("Refused: ")
    assert library.settings == ()
    library.slips(len(SLIPS))
    assert "nothing: all slips are typed in" in library.slips().words
    library.letter()
    assert library.letter().words.startswith("Refused: ")
    library.reset()
    for count in (0, 12, "3", True):
        assert "a whole number from 1 to 11" in library.slips(count).words
    assert library.reset().words.startswith("1 March: 0 slips")


def test_two_readers_with_one_book_are_drawn_side_by_side():
    """A desk that lends what is out: two bars, and a sign."""
    hasty = LendingLibrary(Parts(**{**vars(kit()), "lend": lambda history, event: history.log.append(event)}))
    hasty.slips(len(SLIPS))
    assert "Emma: 2 readers have it ✗" in hasty.picture.words
    readers = re.findall(r"<title>(\w+) has it, due", hasty.picture.body)
    assert readers == ["ada", "cy", "grace", "bob", "alan"]


def test_a_post_that_fails_is_told_and_raises_nothing():
    """The event waits to be tried again, and the sentence says so, with the words of the error."""
    broken = LendingLibrary(Parts(**{**vars(kit()), "react": lambda event, book, mail, fine: 1 / 0}))
    said = "The post failed with slip-6 (ZeroDivisionError: division by zero), and tries again later."
    assert broken.slips(6).words.endswith(said)


def test_a_part_that_fails_is_told_and_raises_nothing():
    """The words of the error stand in the status line, and the slip that met it did not come."""
    parts = Parts(**{**vars(kit()), "lend": lambda history, event: 1 / 0})
    broken = LendingLibrary(parts)
    assert "ZeroDivisionError" in broken.slips().words
    assert broken.settings == ()
