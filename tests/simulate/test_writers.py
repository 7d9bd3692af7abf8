"""Writers who decide at one moment: the numbers of the lesson, counted by hand."""

from __future__ import annotations

import pytest

from eda_workshop import BadSetting
from eda_workshop.simulate.writers import BOUNDARIES, Sale, one_seat, one_show, unrelated, write


@pytest.mark.parametrize(("boundary", "conflicts"), [("whole log", 28), ("stream", 0), ("query", 0)])
def test_eight_unrelated_decisions_at_one_moment(boundary: str, conflicts: int) -> None:
    """On the whole log one gets through in each turn: 7 + 6 + … + 1 conflicts, and each of them for nothing."""
    written = write(unrelated(8), boundary)
    assert (written.appends, written.conflicts, written.needless, written.refused) == (8, conflicts, conflicts, 0)
    assert written.turns == (8 if conflicts else 1)


@pytest.mark.parametrize(("boundary", "conflicts"), [("whole log", 28), ("stream", 28), ("query", 0)])
def test_eight_seats_of_one_show(boundary: str, conflicts: int) -> None:
    """The show's stream is too wide a boundary, as the whole log is: only the seats matter."""
    written = write(one_show(8), boundary)
    assert (written.appends, written.conflicts, written.needless) == (8, conflicts, conflicts)


@pytest.mark.parametrize("boundary", BOUNDARIES)
def test_one_seat_for_eight(boundary: str) -> None:
    """One gets it and seven don't, whatever the boundary: these conflicts are real, and each changes a decision."""
    written = write(one_seat(8), boundary)
    assert (written.appends, written.conflicts, written.needless, written.refused) == (1, 7, 0, 7)
    assert [each.writer for each in written.tries if each.position] == [1]


@pytest.mark.parametrize("boundary", BOUNDARIES)
@pytest.mark.parametrize("count", [0, 1, 2, 5])
@pytest.mark.parametrize("each", [0, 1, 4])
def test_nothing_is_sold_twice_or_forgotten(boundary: str, count: int, each: int) -> None:
    """Every sale is made or refused, once; positions are dense; the whole log takes one turn for each event."""
    for writers in (unrelated(count, each), one_show(count, each), [[Sale("show/1", "seat/1")] * each] * count):
        written = write(writers, boundary)
        sold = [each.sale for each in written.tries if each.position]
        assert len(sold) == len(set(sold)) == written.appends == len({sale for sales in writers for sale in sales})
        assert written.appends + written.refused == sum(map(len, writers))
        assert sorted(filter(None, (each.position for each in written.tries))) == list(range(1, written.appends + 1))
        assert written == write(writers, boundary)


def test_fifty_decisions_of_each() -> None:
    """While all eight have something left, seven of eight tries on the whole log are for nothing."""
    written = write(unrelated(8, 50), "whole log")
    assert (written.appends, written.turns) == (400, 400)
    assert written.conflicts == written.needless == 7 * 393 + sum(range(7))
    assert write(unrelated(8, 50), "query").conflicts == 0
    assert write(unrelated(8, 50), "query").turns == 50


def test_a_tie_is_broken_in_turn() -> None:
    """Another writer is the first in each turn, so that none is always the last."""
    firsts = [each.writer for each in write(unrelated(3, 2), "whole log").tries if each.position]
    assert firsts == [1, 2, 3, 1, 2, 3]


def test_what_is_no_boundary_is_refused() -> None:
    """It names those that there are."""
    with pytest.raises(BadSetting, match="'whole log', 'stream', 'query'"):
        write(unrelated(2), "table")
    with pytest.raises(BadSetting):
        unrelated(-1)
