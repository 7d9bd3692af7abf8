"""The controls of the shards do what its methods do."""

from __future__ import annotations

from labelled import control

from eda_workshop.simulate.shards import OWN, RENDEZVOUS
from eda_workshop.widgets import Shards


def test_controls_and_methods_are_twins() -> None:
    """Moved by hand, each control comes to the same picture as its method."""
    by_hand, by_code = Shards(), Shards()
    control(by_hand, "Shards").value = 6
    control(by_hand, "Skew of users").value = 1.5
    control(by_hand, "Router").value = RENDEZVOUS
    control(by_hand, "Busiest user").value = OWN
    by_code.shards(6)
    by_code.skew(1.5)
    by_code.router(RENDEZVOUS)
    assert by_code.biggest(OWN) == by_hand.picture
    assert by_code.numbers == by_hand.numbers
    control(by_hand, "Start over").click()
    assert by_hand.picture == Shards().picture


def test_a_wrong_wish_is_told_and_changes_nothing() -> None:
    """In the words of the library's own error."""
    shards = Shards()
    before = shards.numbers
    assert "Shards can't be 9" in shards.shards(9).words
    assert shards.numbers == before


def test_the_sentence_has_the_numbers() -> None:
    """What the picture shows can be read, too."""
    words = Shards(8, skew=2).biggest("split over all").words
    assert "8 shards, 1000 users, skew 2" in words
    assert "of ada's own events are read out of order" in words
