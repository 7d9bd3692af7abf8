"""The scene of the desks: its fields say what the outcome says, and its words keep apart."""

import re
import xml.etree.ElementTree as ET
from itertools import combinations

import pytest

from eda_workshop.show.picture import WIDTH
from eda_workshop.show.two_desks import MOST_COLUMNS, TwoDesksState, draw_two_desks
from eda_workshop.simulate.two_desks import BOUNDARIES, MOST, Act, Run, Sale, all_at_once, each_its_own, run

SVG = "{http://www.w3.org/2000/svg}"
SAME_WALLET = tuple(Sale(seat, "barbara") for seat in range(1, MOST + 1))


def state(settings, sales, earlier=()):
    return TwoDesksState(sales, run(settings), tuple(map(run, earlier)))


def busy(boundary, desks):
    """All have read, and the first has appended."""
    acts = [Act("read", number, sale) for number, sale in enumerate(each_its_own(desks), 1)]
    return state(Run(boundary, (*acts, Act("append", 1))), each_its_own(desks))


def boxes(picture):
    """The words of a picture with the room that they take, by a mean letter's width; ends of lines excluded."""
    for text in ET.fromstring(picture.svg).iter(f"{SVG}text"):
        words = "".join(piece for piece in (text.text, *(child.tail for child in text)) if piece)
        x, y, size = (float(text.get(name)) for name in ("x", "y", "font-size"))
        width = len(words) * size * 0.54
        left = x - width * {"middle": 0.5, "end": 1}.get(text.get("text-anchor"), 0)
        yield words, size, left, left + width, y - size * 0.75, y + size * 0.2


def crowded():
    """Every column and every row in use, with words as long as they get, and four runs."""
    runs = [all_at_once(Run(boundary), SAME_WALLET) for boundary in BOUNDARIES]
    twice = all_at_once(Run("none"), MOST * (Sale(1, "barbara"),))
    return state(all_at_once(twice, MOST * (Sale(2, "frances"),)), SAME_WALLET, runs)


SCENES = {
    **{f"{desks} {boundary}": busy(boundary, desks) for desks in (2, 5, 8) for boundary in BOUNDARIES},
    "crowded": crowded(),
    "nothing yet": state(Run(), each_its_own(2)),
}


@pytest.mark.parametrize("name", SCENES)
def test_words_fit_and_keep_apart(name):
    """None is smaller than 11, leaves the picture, or covers another; no picture is taller than 420."""
    picture = draw_two_desks(SCENES[name])
    found = list(boxes(picture))
    assert picture.height <= 420
    for words, size, left, right, top, bottom in found:
        assert size >= 11, words
        assert left >= 0, words
        assert right <= WIDTH, words
        assert top >= 0, words
        assert bottom <= picture.height, words
    for (one, _, *a), (other, _, *b) in combinations(found, 2):
        assert not (a[0] < b[1] and b[0] < a[1] and a[2] < b[3] and b[2] < a[3]), (one, other)


def test_what_is_in_the_way_is_told_by_word_and_cross():
    """Inside the boundary what is new is crossed; outside nothing is marked."""
    assert draw_two_desks(busy("log", 2)).body.count("✗ new") == 1
    assert "✗ new" not in draw_two_desks(busy("query", 2)).body


def test_what_lies_outside_the_boundary_is_dashed():
    """Read all the same, and not guarded: without a condition, every field is."""
    dashes, in_legend = 'stroke-dasharray="4 3"', 1
    assert draw_two_desks(busy("none", 2)).body.count(dashes) == 2 + in_legend
    assert draw_two_desks(busy("query", 2)).body.count(dashes) == in_legend


def test_desks_of_one_color_differ_in_pattern():
    """The fields of the first four are plain, and of the others hatched."""
    strokes = re.compile(r'stroke-width="1" opacity="0.7"')
    assert not strokes.search(draw_two_desks(busy("query", 4)).body)
    assert strokes.search(draw_two_desks(busy("query", 5)).body)


def test_a_broken_rule_is_marked_in_the_log():
    """By a cross before its words and a second ring, and its title says which."""
    body = draw_two_desks(state(all_at_once(Run("none"), SAME_WALLET[:2]), SAME_WALLET[:2])).body
    assert "✗ seat 2" in body
    assert "breaks a rule, barbara has 0 €" in body


def test_the_newest_events_are_drawn():
    """A longer log says how many of its events are not."""
    scene = crowded()
    hidden = len(scene.outcome.events) - MOST_COLUMNS
    assert hidden > 0
    assert f"the first {hidden} not drawn" in draw_two_desks(scene).body


def test_the_sentence_of_the_lesson():
    """Runs one after the other, each with its conflicts."""
    sales = each_its_own(8)
    log, query = (all_at_once(Run(boundary), sales) for boundary in ("log", "query"))
    words = draw_two_desks(state(query, sales, [log])).words
    assert words == "Boundary log: 28 conflicts for 8 decisions, all needless; boundary query: none."


@pytest.mark.parametrize(
    ("settings", "sales", "said"),
    [
        (Run(), 2, "Boundary query: nothing is decided yet."),
        (Run("none", (Act("read", 1),)), 2, "No condition: nothing is decided yet. Desk 1 has read, and can append."),
        (all_at_once(Run("query"), (Sale(1, "ada"), Sale(1, "bob"))), 2, "1 conflict for 2 decisions, not needless."),
        (all_at_once(Run("query"), (Sale(1, "ada"), Sale(1, "bob"))), 2, "Desk 2 said no: seat 1 is ada's."),
        (all_at_once(Run("none"), SAME_WALLET[:2]), 2, "no conflicts for 2 decisions, 1 rule broken. Event 3 breaks"),
    ],
)
def test_sentences(settings, sales, said):
    """What is decided, what waits, who said no and which rule is broken."""
    assert said in draw_two_desks(state(settings, each_its_own(sales))).words
