"""The railway switch and the branch graph: what stands where, and what the sentence says."""

import re
import xml.etree.ElementTree as ET

import pytest

from eda_workshop import Event, ManualClock, Timeline, open_log
from eda_workshop.drive import Count, stream
from eda_workshop.show.lanes import TALLEST
from eda_workshop.show.railway import MOST_COLUMNS, look_at, railway
from eda_workshop.show.tracks import lay_out, value_curve
from eda_workshop.show.tree import Twig, branch_graph, draw_tree
from eda_workshop.stories.cargo import Freight, voyage

HEAD = 5


@pytest.fixture
def timeline():
    log = open_log("memory://", clock=ManualClock("2026-03-06T09:00:00Z", tick=60))
    log.append(*voyage())
    return Timeline(log, Freight)


def call(port, id="call"):
    return Event("ship.arrived", {"port": port}, id=id, occurred="2026-03-03T18:00:00Z")


def marked(state):
    return sum(item.was_in_canada for item in state.cargo.values())


def tracks(branch, head=HEAD):
    return lay_out(branch, label=lambda event: event.name, head=head)


def marks(stops):
    return [(stop.column, stop.mark, stop.look) for stop in stops]


def test_kept_events_stand_below_their_twins(timeline):
    """An insertion moves both lines apart, so that the same event has the same column and number on both."""
    made = tracks(timeline.branch(1).insert(call("Halifax"), after=3).drop(5))
    assert marks(made.base) == [
        (1, "1", "kept"),
        (2, "2", "kept"),
        (3, "3", "kept"),
        (5, "4", "kept"),
        (6, "5", "kept"),
    ]
    assert marks(made.branch)[2:] == [(3, "3", "kept"), (4, "A", "made up"), (5, "4", "kept"), (6, "5", "dropped")]
    assert (made.leaves, made.switch, made.columns) == (1, 1, 6)


def test_what_stands_for_another_has_its_number_with_a_prime(timeline):
    """Replaced: the same column, a prime; added: a letter, from before the first to after the last."""
    made = tracks(timeline.branch(0).replace(2, data={"port": "Boston"}).insert(call("x", "a")).append(call("y", "b")))
    assert marks(made.branch)[::2] == [
        (1, "A", "made up"),
        (3, "2′", "made up"),
        (5, "4", "kept"),
        (7, "B", "made up"),
    ]


def test_an_event_stands_before_what_was_put_in_behind_it(timeline):
    """Also when it was dropped afterwards."""
    made = tracks(timeline.branch(1).insert(call("Halifax"), after=2).drop(2))
    assert marks(made.branch)[1:3] == [(2, "2", "dropped"), (3, "A", "made up")]


def test_a_branch_of_a_branch_leaves_the_log_where_its_parent_does(timeline):
    """Its own switch stands later."""
    child = timeline.branch(1).drop(2).branch(3).drop(4)
    assert (tracks(child).leaves, tracks(child).switch) == (1, 3)


def test_what_was_recorded_later_is_not_drawn(timeline):
    """Neither as dropped nor at all."""
    branch = timeline.branch(1).drop(2)
    timeline.log.append(call("Boston"))
    assert tracks(branch).columns == HEAD


def test_the_curves_part_at_the_edit(timeline):
    """Up to there both have the same values; a dropped event changes nothing."""
    log, branch = look_at(timeline.branch(1).drop(2).drop(3), marked, "marked").values
    assert log == ((0, 0), (1, 0), (2, 1), (3, 1), (4, 1), (5, 1))
    assert branch == tuple((column, 0) for column in range(HEAD + 1))


def test_a_curve_needs_a_value_for_each_event(timeline):
    """The quantity after each event, from the state before the first on."""
    made = tracks(timeline.branch(5))
    curve = value_curve(made.branch, range(1, 6), lambda state: state * 10, 0)
    assert curve == ((0, 0), (1, 10), (2, 20), (3, 30), (4, 40), (5, 50))


def test_the_sentence_has_the_numbers(timeline):
    """Edits, values, differences, cost and calls; the differences are the bold ones."""
    picture = railway(timeline.branch(1).replace(2, data={"port": "Los Angeles"}), marked, "marked")
    assert "1 dropped and 1 made up · marked at the end: 0 instead of 1 · **1 difference**" in picture.sentence
    assert picture.words.endswith("5 events replayed · calls to the outside: 0.")
    assert "was_in_canada: True → False" in picture.body


def test_looks_are_told_by_shape(timeline):
    """Dropped: a cross instead of the number; made up: dashed, with a prime."""
    body = railway(timeline.branch(1).drop(3).replace(2, data={"port": "Boston"}), marked, "marked").body
    assert body.count(">3</text>") == 1
    assert ">2′</text>" in body
    assert re.search(r"<title>3 ship.departed, dropped</title>", body)


def test_one_end_or_two(timeline):
    """Where the ends are the same the picture says so, and no two labels lie on each other."""
    body = railway(timeline.branch(2).drop(3), marked, "marked").body
    assert "Both ends are the same." in body
    heights = [float(y) for y in re.findall(r'x="762" y="([\d.]+)"', body)]
    assert abs(heights[0] - heights[1]) >= 14


@pytest.mark.parametrize("at", [0, 30, 100])
def test_many_events_are_drawn_in_part(at):
    """Those around the switch, and the picture says how many were left out."""
    log = open_log("memory://", clock=ManualClock())
    log.append(*stream(100))
    picture = railway(Timeline(log, Count).branch(at).append(call("x")), lambda count: count["folders"], "folders")
    shown = re.findall(r"<title>\d+ [a-z._]+, kept</title>", picture.body)
    assert len(set(shown)) <= MOST_COLUMNS
    assert re.search(r"Not drawn: (\d+ events before|\d+ events after)", picture.body)
    assert ET.fromstring(picture.svg) is not None


def test_an_empty_log_can_be_drawn():
    """There is nothing on either line, and the picture is whole."""
    branch = Timeline(open_log("memory://"), Freight).branch()
    assert "0 dropped and 0 made up" in railway(branch, marked, "marked").words


def test_the_graph_knows_who_comes_from_whom(timeline):
    """Parents by name; a parent without one is passed over."""
    first = timeline.branch(1).drop(2)
    nameless = first.branch(3)
    picture = branch_graph({"a": first, "b": nameless.branch(4).append(call("Halifax"))}, marked, "marked")
    assert picture.sentence.startswith("2 branches of a log of 5 events, **2** of which end otherwise: ")
    assert (
        "a from the log at 1: 1 dropped, 0 made up, 1 difference; b from a at 4: 1 dropped, 1 made up" in picture.words
    )


def test_no_lines_of_the_graph_cross():
    """Rows are in the order of leaving, the last first, each followed by its own branches."""
    twigs = [Twig(name, parent, at, "", "0", ()) for name, parent, at in (("a", "", 1), ("b", "", 4), ("c", "a", 3))]
    body = draw_tree(HEAD, "1", "marked", twigs).body
    ys = {
        name: float(y) for y, name in re.findall(r'y="([\d.]+)" font-size="13" font-weight="600"[^>]*>([abc])<', body)
    }
    assert ys["b"] < ys["a"] < ys["c"]


@pytest.mark.parametrize("count", [0, 1, 11, 30])
def test_the_graph_fits(count):
    """However many branches there are; the oldest are left out, and that is said."""
    twigs = [Twig(f"branch {n}", "", n % 6, "at <1>", "0", ("x: 1 → 2",)) for n in range(count)]
    picture = draw_tree(HEAD, "1", "marked", twigs)
    assert picture.height <= TALLEST
    assert ("Not drawn: the first 19 branches." in picture.body) == (count == 30)
    assert ET.fromstring(picture.svg) is not None
