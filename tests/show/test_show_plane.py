"""The plane of two times: its regions say what the property says, and its sentence what the picture shows."""

from datetime import timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eda_workshop import TemporalProperty, Unknown, fold
from eda_workshop.show.picture import Picture
from eda_workshop.show.plane import DAYS, FIRST, LAST, PlaneState, apart, draw_plane
from eda_workshop.show.regions import looks_of, regions_of
from eda_workshop.show.slips import balance, money, settled
from eda_workshop.stories.payroll import LETTERS, RUNS, Salaries, day, payroll, sally_log

SALARY = fold(sally_log(), Salaries)["sally"]


def state(actual="25 February", record="25 March", salary=SALARY):
    runs = [run for run in RUNS if run <= day(record)]
    return PlaneState(salary, day(actual), day(record), RUNS, payroll(salary, runs))


def size(region):
    return (region.right - region.left).days * (region.high - region.low).days


def test_the_regions_of_sally():
    """Unknown below and to the left, and each belief in its band."""
    values = [region.value for region in regions_of(SALARY, FIRST, LAST)]
    assert values == [Unknown, Unknown, 6000, 6000, 6500, 6400]


ROWS = st.lists(st.tuples(st.integers(-20, DAYS + 20), st.integers(-20, DAYS + 20), st.integers(0, 4)), max_size=7)
DAY = st.integers(0, DAYS - 1)


@given(ROWS, DAY, DAY)
def test_regions_cover_the_plane_once_and_tell_the_truth(rows, actual, record):
    """Every point lies in one region, half-open, and the region says what `at` says; the areas add up."""
    made = TemporalProperty()
    for begins, known, value in sorted(rows, key=lambda row: row[1]):
        made = made.put(FIRST + timedelta(begins), value, FIRST + timedelta(known))
    regions = regions_of(made, FIRST, LAST)
    assert sum(map(size, regions)) == DAYS**2
    x, y = FIRST + timedelta(actual), FIRST + timedelta(record)
    (here,) = [each for each in regions if each.left <= x < each.right and each.low <= y < each.high]
    assert here.value == made.at(x, y)


def test_no_two_values_look_alike():
    """Their patterns differ, not only their colors; what is not known has a look of its own."""
    salary = SALARY
    for number in range(5):
        salary = salary.put(day("1 May"), 7000 + number, day("1 May") + timedelta(number))
    looks = looks_of(regions_of(salary, FIRST, LAST))
    assert len(looks) == 9
    assert len({look.hatch for look in looks.values()}) == 9


def texts(chart):
    """The words of the plane with the boxes that they take, in pixels."""
    canvas = chart.figure.canvas
    canvas.draw()
    for axes in chart.figure.axes:
        for text in axes.texts:
            if text.get_text().strip():
                yield text.get_text(), text.get_window_extent(canvas.get_renderer())


CROWDED = SALARY
for amount, actual, record in (
    (7000, "1 July", "8 April"),
    (6200, "1 February", "10 April"),
    (10_000, "1 March", "1 May"),
    (5000, "1 December 2025", "2 May"),
    (5500, "20 May", "30 July"),
):
    CROWDED = CROWDED.put(day(actual), amount, day(record))


@pytest.mark.parametrize("salary", [SALARY, CROWDED], ids=["three letters", "eight letters"])
@pytest.mark.parametrize(
    ("actual", "record"),
    [
        ("25 February", "25 March"),
        ("1 December 2025", "1 December 2025"),
        ("31 July", "31 July"),
        ("15 May", "6 April"),
    ],
)
def test_no_words_collide_or_leave_the_picture(salary, actual, record):
    """Wherever the question is, and with as many letters as an instrument takes."""
    chart = draw_plane(state(actual, record, salary))
    found = list(texts(chart))
    width, height = chart.figure.get_size_inches() * chart.figure.dpi
    assert [words for words, box in found if box.x0 < 0 or box.y0 < 0 or box.x1 > width or box.y1 > height] == []
    assert [(one, other) for (one, a), (other, b) in combinations(found, 2) if a.overlaps(b)] == []


def days(moment):
    return (moment - FIRST).days


@pytest.mark.parametrize("salary", [SALARY, CROWDED], ids=["three letters", "eight letters"])
def test_every_region_with_room_has_its_value_in_it(salary):
    """So that no color needs to be known; the regions of the story have room, all of them."""
    written = [
        (text.get_text(), *text.get_position()) for text in draw_plane(state(salary=salary)).figure.axes[0].texts
    ]
    without = []
    for region in regions_of(salary, FIRST, LAST):
        inside = [
            word
            for word, x, y in written
            if days(region.left) <= x < days(region.right) and days(region.low) <= y < days(region.high)
        ]
        if not inside:
            without.append(region)
        else:
            assert inside == ["Unknown" if region.value is Unknown else money(region.value)]
    assert all(min((each.right - each.left).days, (each.high - each.low).days) < 15 for each in without)
    assert not (without and salary is SALARY)


@pytest.mark.parametrize(
    ("actual", "record", "said"),
    [
        ("25 February", "25 February", "On 25 February it was thought that on 25 February Sally earned 6000."),
        ("25 February", "25 March", "On 25 March it was thought that on 25 February Sally earned 6500."),
        ("1 June", "6 April", "On 6 April it was thought that on 1 June Sally would earn 6400."),
        ("20 December 2025", "6 April", "On 6 April it was not known what Sally earned on 20 December 2025: Unknown."),
    ],
)
def test_the_sentence_asks_and_answers(actual, record, said):
    """In words that say which of the two days is which."""
    assert draw_plane(state(actual, record)).words.startswith(said)


def test_what_is_settled_depends_on_the_day_of_record():
    """Nothing in January; 500 as March knew it; 300 as April did."""
    slips = payroll(SALARY)
    assert settled(SALARY, (), day("5 January")) == "No payroll had run by then."
    assert settled(SALARY, slips, RUNS[2]).endswith("18,500 was paid and 19,000 was due: 500 owed.")
    assert settled(SALARY, slips, day("6 April")).endswith("18,500 was paid and 18,800 was due: 300 owed.")


def test_amounts_in_words():
    """Too little, too much, and a comma from five digits on."""
    assert [balance(missing) for missing in (300, 0, -200)] == ["300 owed", "nothing owed", "200 too much"]
    assert (money(6500), money(18_800)) == ("6500", "18,800")


def test_the_bars_are_as_long_as_the_amounts():
    """Paid and due in turn, from zero."""
    chart = draw_plane(state(record="6 April"))
    bars = [bar.get_width() for bar in chart.figure.axes[1].patches]
    assert bars == [6000, 6000, 6000, 6400, 6500, 6400]


def test_labels_that_crowd_are_moved_apart():
    """In their order, within the limits, and no further than needed."""
    assert apart([5.0, 5.0, 5.0], [2, 2, 2], low=0, high=8) == [3.0, 5.0, 7.0]
    assert apart([1.0, 4.0], [2, 2], low=0, high=8) == [1.0, 4.0]


def test_a_chart_can_stand_for_a_picture():
    """Stored once as an image with its sentence; live, it is a scene with a name."""
    chart = draw_plane(state())
    picture = chart.as_picture()
    assert isinstance(picture, Picture)
    assert picture.html() == chart._repr_mimebundle_()["text/html"]
    assert f'aria-label="{picture.words}"' in picture.live()
    assert "<figcaption>" not in picture.html(caption=False)


def test_letters_of_the_story_fit_the_plane():
    """None is left out of the picture."""
    assert all(FIRST <= letter.known < LAST and FIRST <= letter.start < LAST for letter in LETTERS)
