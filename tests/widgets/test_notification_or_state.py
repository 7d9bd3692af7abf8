"""Notification or carried state: its numbers, its controls, and its two pictures."""

import pytest
from labelled import control

from eda_workshop.errors import BadSetting
from eda_workshop.show.picture import WIDTH
from eda_workshop.widgets import NotificationOrState

FAST = "two fast updates"


def seen(instrument):
    """The labels of what is shown."""
    rows = instrument._box.children[:-2]
    return {each.description for row in rows for each in row.children if each.layout.display != "none"} - {""}


def test_what_it_costs_and_what_it_saves():
    """Bytes on the bus against callbacks, in the numbers and in the sentence."""
    numbers = NotificationOrState().numbers
    assert (numbers["notification"]["bus_bytes"], numbers["notification"]["callbacks"]) == (16_000, 400)
    assert (numbers["carried"]["bus_bytes"], numbers["carried"]["callbacks"]) == (360_000, 0)
    assert "16,000 B on the bus and 400 callbacks that return 360,000 B" in NotificationOrState().picture.words


def test_an_outage():
    """Letters fail by notification; by carried state they go out, from a copy that grows old."""
    dial = NotificationOrState()
    words = dial.outage(20).words
    assert (dial.numbers["notification"]["failed"], dial.numbers["carried"]["failed"]) == (80, 0)
    assert (dial.numbers["carried"]["stale"], dial.numbers["carried"]["oldest"]) == (80, 20)
    assert "80 letters fail by notification and 0 by carried state" in words
    assert "up to 20 s old" in words


def test_two_fast_updates():
    """What the slow consumer notes, and what it missed; a quick one misses nothing."""
    dial = NotificationOrState(view=FAST)
    assert dial.numbers == {"notification": [30, 30], "carried": [20, 30]}
    assert "Whoever asks never knew of 20." in dial.picture.words
    assert "30 ✗" in dial.picture.svg
    assert "Nothing is missed." in dial.times(behind=0.5).words
    assert dial.numbers["notification"] == [20, 30]


@pytest.mark.parametrize(
    ("label", "value", "key", "expected"),
    [
        ("Changes", 50, "bus_bytes", 8_000),
        ("Consumers", 2, "callbacks", 200),
        ("Notification (B)", 50, "bus_bytes", 20_000),
        ("Full state (B)", 100, "callback_bytes", 40_000),
        ("for (s)", 10, "failed", 40),
        ("Cut off at (s)", 90, "failed", 0),
    ],
)
def test_each_number_box_acts(label, value, key, expected):
    """What is typed is what is counted."""
    dial = NotificationOrState()
    control(dial, label).value = value
    assert dial.numbers["notification"][key] == expected


def test_the_times_have_boxes_too():
    """Of the second picture."""
    dial = NotificationOrState(view=FAST)
    control(dial, "Apart (s)").value = 5
    assert dial.numbers["notification"] == [20, 30]
    control(dial, "Behind (s)").value = 5
    assert dial.numbers["notification"] == [30, 30]


def test_only_controls_that_act_are_shown():
    """Each view has its own; Show and Start over belong to both."""
    dial = NotificationOrState()
    assert "Changes" in seen(dial)
    assert "Apart (s)" not in seen(dial)
    control(dial, "Show").value = FAST
    assert seen(dial) == {"Show", "Start over", "Apart (s)", "Behind (s)"}


def test_methods_move_the_controls():
    """Code and controls are the same instrument, and Start over brings the beginning back, in the same view."""
    dial = NotificationOrState()
    first = dial.picture.words
    dial.changes(20)
    dial.consumers(8)
    dial.payload(100, 2000)
    dial.outage(5, at=10)
    labels = ("Changes", "Consumers", "Notification (B)", "Full state (B)", "for (s)", "Cut off at (s)")
    assert [control(dial, label).value for label in labels] == [20, 8, 100, 2000, 5, 10]
    control(dial, "Start over").click()
    assert dial.picture.words == first
    dial.view(FAST)
    assert control(dial, "Show").value == FAST


def test_what_is_refused_is_told():
    """A number out of range and a view that is none; nothing changes."""
    dial = NotificationOrState()
    assert dial.consumers(9).words.startswith("Refused: Consumers can't be 9")
    assert dial.times(behind=99).words.startswith("Refused: Behind (s) can't be 99")
    assert dial.view("a third").words.startswith("Refused: Show can't be 'a third'")
    with pytest.raises(BadSetting, match="view"):
        NotificationOrState(view="a third")


@pytest.mark.parametrize("settings", [{"events": 1, "consumers": 1}, {"events": 200, "consumers": 8, "down_for": 200}])
def test_it_has_room(settings):
    """The least and the most fit into the picture."""
    picture = NotificationOrState(**settings).picture
    assert picture.height <= 420
    assert WIDTH == 880
    assert "nan" not in picture.svg
