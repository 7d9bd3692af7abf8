"""The scene of specs and wrong deciders: its words fit, and cross, frame and word say the same."""

import pytest
from test_show_two_desks import WIDTH, boxes

from eda_workshop.show.spec_table import SpecRow, SpecTableState, StoryTold, WrongDecider, draw_spec_table

NAMES = ("one too many", "counts returned", "reads the book alone", "leaves out the reader", "<b> & 'co'")
LONG = StoryTold(
    1, NAMES[0], "It errs. " * 30, ("book.borrowed emma ada",) * 12, "book.lend " * 30, "a " * 300, "b " * 300
)


def state(specs, deciders, *, problem="", story=None, kills=True):
    names = [f"a_spec_with_a_long_name_{number}" for number in range(specs)]
    rows = tuple(SpecRow(name, problem if not at else "", (kills,) * deciders) for at, name in enumerate(names))
    by = tuple(names) if kills else ()
    columns = tuple(WrongDecider(NAMES[at % 5], f"edge {at % 4}", by) for at in range(deciders))
    return SpecTableState(rows, columns, story)


SCENES = {
    "nothing yet": state(0, 8, kills=False),
    **{f"{specs} on {deciders}": state(specs, deciders) for specs in (1, 6, 7, 9, 30) for deciders in (1, 8, 10)},
    "with a problem": state(5, 8, problem="it fails on the right decider, " * 9),
    "with a story": state(12, 10, story=LONG, kills=False),
}


@pytest.mark.parametrize("name", SCENES)
def test_words_fit(name):
    """None is smaller than 11 or leaves the picture, which is no taller than 420."""
    picture = draw_spec_table(SCENES[name])
    assert picture.height <= 420
    for words, size, left, right, top, bottom in boxes(picture):
        assert size >= 11, words
        assert left >= 0, words
        assert right <= WIDTH, words
        assert top >= 0, words
        assert bottom <= picture.height, words


@pytest.mark.parametrize("name", SCENES)
def test_words_keep_apart(name):
    """No line covers another."""
    found = sorted(boxes(draw_spec_table(SCENES[name])), key=lambda box: box[4])
    for at, (one, _, *a) in enumerate(found):
        for other, _, *b in found[at + 1 :]:
            assert not (a[0] < b[1] and b[0] < a[1] and a[2] < b[3] and b[2] < a[3]), (one, other)


def test_a_cross_for_each_kill():
    """Where a spec kills, and nowhere else; the foot says dead or lives."""
    rows = (SpecRow("full", "", (True, False, True)), SpecRow("first", "", (True, False, False)))
    columns = (WrongDecider("a", "x", ("full", "first")), WrongDecider("b", "y"), WrongDecider("c", "z", ("full",)))
    body = draw_spec_table(SpecTableState(rows, columns)).body
    assert body.count("✗") == 3
    assert (body.count("dead, 2×"), body.count("dead, 1×"), body.count(">lives<")) == (1, 1, 1)
    assert "<title>1, a: killed by full, first</title>" in body


def test_a_survivor_keeps_its_name_to_itself():
    """What is wrong with it isn't told before its story is."""
    columns = (WrongDecider("one too many", "the limit"),)
    assert "one too" not in draw_spec_table(SpecTableState((), columns)).body
    story = StoryTold(
        1, "one too many", "It lends a fourth book.", (), "book.lend", "it refuses", "book.borrowed happens"
    )
    told = draw_spec_table(SpecTableState((), columns, story))
    assert "one too" in told.body
    assert told.words.endswith("Right: it refuses. Wrong: book.borrowed happens. It lends a fourth book.")


@pytest.mark.parametrize(
    ("survivors", "said"),
    [
        ([], "2 specs kill 4 of 4; none survives."),
        (["the limit"], "2 specs kill 3 of 4; one survives at the limit."),
        (["the limit", "the limit"], "2 specs kill 2 of 4; two survive at the limit."),
        (["the limit", "the line"], "2 specs kill 2 of 4; two survive: one at the limit and one at the line."),
        (["a", "b", "c", "d"], "2 specs kill 0 of 4; four survive."),
    ],
)
def test_the_sentence_says_where_they_survive(survivors, said):
    """As long as these are few places."""
    dead = tuple(WrongDecider("x", "y", ("full",)) for _ in range(4 - len(survivors)))
    alive = tuple(WrongDecider("x", edge) for edge in survivors)
    rows = (SpecRow("full", "", (False,) * 4), SpecRow("first", "", (False,) * 4))
    assert draw_spec_table(SpecTableState(rows, (*alive, *dead))).words == said


def test_what_is_left_out_is_counted():
    """Thirty specs: eight rows, and one for the others, with their kills."""
    assert "and 22 more" in draw_spec_table(state(30, 8)).body
