"""The controls of stream and table do what its methods do."""

from __future__ import annotations

from labelled import control

from eda_workshop.widgets import StreamAndTable


def test_controls_and_methods_are_twins() -> None:
    """Moved by hand, each control comes to the same picture as its method."""
    by_hand, by_code = StreamAndTable(), StreamAndTable()
    control(by_hand, "Read up to").value = 6
    control(by_hand, "Read one more").click()
    control(by_hand, "Where was").value = "f3"
    control(by_hand, "after").value = 4
    by_code.seek(6)
    by_code.step()
    assert by_code.ask("f3", 4) == by_hand.picture
    assert by_hand.numbers["answers"] == ("/photos", "nobody knows")
    control(by_hand, "Start over").click()
    assert by_hand.picture == StreamAndTable().picture


def test_the_end_is_the_end() -> None:
    """One more than all is all."""
    board = StreamAndTable()
    before = board.picture
    assert board.step() == before


def test_a_wrong_wish_is_told_and_changes_nothing() -> None:
    """In the words of the library's own error."""
    board = StreamAndTable()
    before = board.numbers
    assert "Read up to can't be 11" in board.seek(11).words
    assert "Where was can't be 'f9'" in board.ask("f9", 1).words
    assert board.numbers == before
