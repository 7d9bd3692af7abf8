"""Lanes over one time axis."""

import re
import xml.etree.ElementTree as ET

from eda_workshop.show.lanes import LEFT, RIGHT, TALLEST, Disc, Lane, Scale, draw


def lanes(count, discs=3):
    marks = tuple(Disc(float(number), number) for number in range(1, discs + 1))
    return [Lane(f"lane {index}", "open", discs=marks, is_pipe=index == 0) for index in range(count)]


def test_no_picture_is_taller_than_the_limit():
    """Many lanes get less room each, and beyond twelve the rest is left out and said."""
    assert draw(lanes(3), now=4, sentence="").height < TALLEST
    crowded = draw(lanes(15), now=4, sentence="")
    assert crowded.height <= TALLEST
    assert "Not drawn: 3 more lanes." in crowded.body


def test_only_the_newest_forty_events_are_drawn():
    """Beyond forty, the oldest are left out of every lane, and the picture says how many."""
    body = draw(lanes(2, discs=55), now=56, sentence="").body
    assert "Not drawn: the first 15 events." in body
    assert ">15</text>" not in body
    assert ">16</text>" in body


def test_time_runs_to_the_right_within_the_lanes():
    """Every moment up to now falls between the lanes' ends, later ones farther right."""
    scale = Scale(37.5)
    places = [scale.x(second) for second in (0, 1, 20, 37.5)]
    assert places == sorted(places)
    assert LEFT < places[0] < places[-1] < RIGHT


def test_the_axis_has_few_round_steps():
    """Whatever the span, there are at most nine labels."""
    for now in (0, 0.5, 7, 60, 3600, 86_400):
        assert 2 <= len(re.findall(r"(\d+) s</text>", Scale(now).axis(100))) <= 9


def test_a_lost_event_is_told_by_shape_not_color_alone():
    """Lost: hollow, dashed, with a cross and without its number; late: dashed rim around the number."""
    lost = draw([Lane("tap", "", discs=(Disc(1, 4, "lost", "4 lost"),))], now=2, sentence="").body
    late = draw([Lane("tap", "", discs=(Disc(1, 4, "late"),))], now=2, sentence="").body
    assert "stroke-dasharray" in lost
    assert ">4</text>" not in lost
    assert "<title>4 lost</title>" in lost
    assert ">4</text>" in late


def test_it_is_valid_xml_for_odd_names():
    """Names may hold anything that a person can type."""
    odd = Lane("<tap> & 'co' \"x\"", "ä — ✓", discs=(Disc(0, 1, title="<&>"),))
    assert ET.fromstring(draw([odd], now=0, sentence="a < b & c").svg) is not None
