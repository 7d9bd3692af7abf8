"""Charts of logs and replays: what is drawn is what the log holds, and the sentence says it."""

from itertools import pairwise

import pytest

from eda_workshop import open_log
from eda_workshop.drive import Count, stream
from eda_workshop.log.records import text_of
from eda_workshop.show.replaying import growth_chart, lag_chart, saw_tooth_chart, state_chart


@pytest.fixture
def log():
    """Twenty events of the drive."""
    log = open_log()
    log.append(*stream(20))
    return log


def heights(chart):
    """The values of the first line."""
    return [float(value) for value in chart.figure.axes[0].lines[0].get_ydata()]


def test_a_log_grows_by_the_bytes_of_its_records(log):
    """Position by position, from nothing to the sum that the sentence names."""
    sizes = [len(text_of(event).encode()) for event in log]
    drawn = heights(growth_chart(log))
    assert [after - before for before, after in pairwise(drawn)] == sizes
    assert f"{sum(sizes):,} bytes" in repr(growth_chart(log))


def test_an_empty_log_takes_nothing():
    """And has no mean."""
    assert "0 bytes, 0 a piece" in repr(growth_chart(open_log()))


def test_a_quantity_is_drawn_at_every_position(log):
    """One value before the first event, and one after each."""
    chart = state_chart(log, Count, lambda count: count["folders"], "folders")
    created = [sum(event.name == "folder.created" for event in log.read(upto=upto)) for upto in range(21)]
    assert heights(chart) == created


def test_the_saw_tooth_names_the_mean_of_each_row():
    """As many lines as there are distances."""
    chart = saw_tooth_chart({5: [0, 1, 2, 3, 4], 2: [0, 1, 0, 1, 0]})
    assert len(chart.figure.axes[0].lines) == 2
    assert "2 events with a snapshot every 5, 0.4 with one every 2" in repr(chart)


def test_lag_is_the_head_less_the_position():
    """The worst moment counts, not the last alone."""
    chart = lag_chart([0, 3, 6, 6], {"folders": [0, 1, 2, 6]})
    assert heights(chart) == [0, 2, 4, 0]
    assert "folders is 0 events behind; at most it was 4" in repr(chart)
