"""The numbers that the exercise `spacing` asks for are those of a real timeline."""

import pytest

from eda_workshop.exercises.lesson_07.spacing import CHOICES, EVERY, LIMIT, look_backs, right
from eda_workshop.widgets.spacing import CHOICES as DISTANCES
from eda_workshop.widgets.spacing import run


@pytest.mark.parametrize("every", [50, 100, 250])
def test_look_backs_cost_what_the_timeline_counts(every):
    """At each position, event by event."""
    assert look_backs(every) == list(run(every).costs)


def test_the_numbers_are_those_of_the_instrument():
    """Mean and snapshots of the distance, and the largest distance whose worst look back keeps the limit."""
    state = run(EVERY)
    assert right() == {"mean": state.mean, "snapshots": state.snapshots, "largest_k": 100}
    assert run(100).worst <= LIMIT < run(250).worst
    assert run(250).mean <= LIMIT, "or nobody could mistake the mean for the worst"
    assert CHOICES == DISTANCES
