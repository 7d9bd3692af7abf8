"""The controls of the two paths do what its methods do."""

from __future__ import annotations

from labelled import control

from eda_workshop.widgets import TwoPaths


def test_controls_and_methods_are_twins() -> None:
    """Moved by hand, each control comes to the same picture as its method."""
    by_hand, by_code = TwoPaths(), TwoPaths()
    control(by_hand, "Batch every").value = 20
    control(by_hand, "Told late").value = 0.6
    control(by_hand, "Told twice").value = 0.2
    control(by_hand, "Change the rule in one program").value = True
    by_code.period(20)
    by_code.late(0.6)
    by_code.twins(0.2)
    assert by_code.change_the_rule() == by_hand.picture
    assert by_hand.numbers["worst"] != 0
    control(by_hand, "Start over").click()
    assert by_hand.picture == TwoPaths().picture


def test_a_wrong_wish_is_told_and_changes_nothing() -> None:
    """In the words of the library's own error."""
    paths = TwoPaths()
    before = paths.numbers
    assert "Told late can't be 2" in paths.late(2).words
    assert paths.numbers == before


def test_the_sentence_has_the_numbers() -> None:
    """The worst gap and those right after the runs."""
    paths = TwoPaths()
    words = paths.twins(0.5).words
    assert f"{abs(paths.numbers['worst'])} off, in minute {paths.numbers['minute']}" in words
    assert "50% twice" in words
