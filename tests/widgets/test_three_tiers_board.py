"""The controls of the three tiers do what its methods do."""

from __future__ import annotations

from labelled import control

from eda_workshop.widgets import ThreeTiers


def test_controls_and_methods_are_twins() -> None:
    """Moved by hand, each control comes to the same picture as its method."""
    by_hand, by_code = ThreeTiers(), ThreeTiers()
    control(by_hand, "Servers").value = 4
    control(by_hand, "Replicas").value = 5
    control(by_hand, "Servers keep sessions").value = True
    control(by_hand, "Servers down").value = 1
    control(by_hand, "Replicas down").value = 2
    control(by_hand, "Requests a second").value = 290
    by_code.build(servers=4, replicas=5)
    by_code.keep_sessions()
    by_code.down(servers=1, replicas=2)
    assert by_code.rate(290) == by_hand.picture
    assert by_hand.numbers["lost"] == 150
    control(by_hand, "Start over").click()
    assert by_hand.picture == ThreeTiers().picture


def test_a_wrong_wish_is_told_and_changes_nothing() -> None:
    """No more can be down than there are."""
    tiers = ThreeTiers()
    before = tiers.numbers
    assert "Servers down can't be 5" in tiers.down(servers=5).words
    assert "Servers can't be 9" in tiers.build(servers=9).words
    assert tiers.numbers == before


def test_a_new_build_is_all_up() -> None:
    """What was down is forgotten with what was built."""
    tiers = ThreeTiers()
    tiers.down(servers=3, replicas=3)
    assert "0 down; 3 replicas, 0 down" in tiers.build(servers=2).words
