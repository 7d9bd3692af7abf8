"""Leaving the house, and links or bus: controls, numbers, pictures."""

import pytest
from labelled import control

from eda_workshop.show.links import draw_links
from eda_workshop.simulate.house import ASK, TOLD, House
from eda_workshop.widgets import LeavingTheHouse, LinksOrBus
from eda_workshop.widgets.links import LinksSettings, run


def test_the_same_outage_in_both_styles():
    """Asking blocks, a copy goes wrong: the same controls, the other style."""
    house = LeavingTheHouse()
    control(house, "Line down at (min)").value = 40
    control(house, "for (min)").value = 40
    assert (house.numbers["blocked"], house.numbers["wrong"]) == (8, 0)
    control(house, "Style").value = TOLD
    assert (house.numbers["blocked"], house.numbers["wrong"]) == (0, 3)


def test_controls_and_code_say_the_same():
    """Each control has its method, and follows it."""
    house = LeavingTheHouse(TOLD)
    house.cut(20, 30)
    house.changes(12)
    house.delay(1)
    house.bootstrap(False)
    assert house.settings == House(TOLD, 1, 12, (20, 30), 5, bootstrap=False)
    labels = ("Line down at (min)", "for (min)", "Changes an hour", "Delay (min)", "Valet hears what was said before")
    assert [control(house, label).value for label in labels] == [20, 30, 12, 1, False]
    house.reset()
    assert (house.settings, control(house, "for (min)").value) == (House(TOLD), 0)


def test_every_departure_is_drawn():
    """A sign for each, with what it means as its title."""
    house = LeavingTheHouse(ASK)
    house.cut(40, 40)
    svg = house.picture.svg
    assert svg.count("nobody could say") == 8
    assert svg.count("a coat") >= 15


@pytest.mark.parametrize(
    "mistake", [lambda h: h.style("guess"), lambda h: h.cut(-1, 2), lambda h: h.changes(99), lambda h: h.delay(-1)]
)
def test_a_mistake_in_the_house_is_told(mistake):
    """In the status line, and nothing changes."""
    house = LeavingTheHouse()
    assert mistake(house).words.startswith("Refused: ")
    assert house.settings == House(ASK)


@pytest.mark.parametrize(
    ("parts", "direct", "chain"), [(2, 2, 0.9801), (4, 12, 0.9606), (6, 30, 0.9415), (8, 56, 0.9227)]
)
def test_links_and_availability_grow_apart(parts, direct, chain):
    """n(n-1) links against n, and 0.99 to the n-th against the publisher alone, or with the log."""
    state = run(LinksSettings(parts))
    assert (state.direct, state.bus, round(state.chain, 4), state.tied) == (direct, parts, chain, 0.99)
    assert round(run(LinksSettings(parts, counts=True)).tied, 4) == 0.9801


def test_links_by_hand():
    """The slider, the tick, and what is drawn: a line for each pair, one for each part."""
    links = LinksOrBus()
    control(links, "Parts").value = 5
    control(links, "The bus can fail, too").value = True
    assert links.numbers == {"direct": 20, "bus": 5, "chain": 0.951, "tied": 0.9801}
    assert draw_links(run(links.settings)).svg.count("<line") == 10 + 5
    assert links.parts(9).words.startswith("Refused: Parts can't be 9")
    links.reset()
    assert control(links, "Parts").value == 4
