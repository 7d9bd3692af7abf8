"""Specs of a learner's own against the wrong desks."""

import re

import pytest
from labelled import control

from eda_workshop import spec
from eda_workshop.decide import kills
from eda_workshop.errors import BadModel, BadSetting
from eda_workshop.stories.desks import WRONG, Desk, borrowed, lending, reserved, returned, returning
from eda_workshop.widgets import SpecTable

THREE = (borrowed("dune", "ada"), borrowed("ulysses", "ada"), borrowed("faust", "ada"))


def first(desk):
    return spec(desk).when(lending("emma", "ada")).then(borrowed("emma", "ada"))


def full(desk):
    return spec(desk).given(*THREE).when(lending("emma", "ada")).refused()


def line(desk):
    waits = borrowed("emma", "ada"), reserved("emma", "grace"), returned("emma", "ada")
    return spec(desk).given(*waits).when(lending("emma", "cy")).refused()


def not_yours(desk):
    return spec(desk).given(borrowed("emma", "ada")).when(returning("emma", "bob")).refused()


def brings_back(desk):
    back = returned("emma", "ada")
    return spec(desk).given(borrowed("emma", "ada")).when(returning("emma", "ada")).then(back)


def says(table):
    return re.sub("<[^>]*>", "", table._status.value)


def spot(table, number):
    return table._spots.buttons[number - 1]


def test_the_sentence_of_the_lesson():
    """How many specs kill how many, and where the others live."""
    table = SpecTable([first, full, line, not_yours, brings_back])
    assert table.picture.words == (
        "5 specs kill 6 of 8; two survive: one at the limit of three books and one at the line."
    )
    assert table.numbers["kills"] == {"first": 2, "full": 2, "line": 1, "not_yours": 1, "brings_back": 0}


def test_it_counts_what_kills_counts():
    """The table and the function agree on every set of specs."""
    wrong = [mutant.decider for mutant in WRONG.values()]
    for specs in ([first], [full, line], [not_yours, first, brings_back], [brings_back]):
        table = SpecTable(specs)
        assert table.numbers["killed"] == len(kills(specs, wrong))
        alive = [wrong[number - 1] for number in table.numbers["survivors"]]
        assert set(alive) == set(wrong) - set(kills(specs, wrong))


def test_without_specs_it_invites():
    """All survive, and the picture says how to begin."""
    table = SpecTable()
    assert table.picture.words.startswith("No specs yet: all 8 wrong deciders survive.")
    assert "SpecTable([full])" in table.picture.body


@pytest.mark.parametrize(
    ("wrong_spec", "said"),
    [
        (
            lambda desk: spec(desk).when(lending("emma", "ada")).refused(),
            "it fails on the right decider, where it should",
        ),
        (lambda desk: spec(desk).when(lending("emma", "ada")), "it claims nothing: end it with .then(…) or .refused()"),
        (lambda desk: spec(desk).when(lending("emma")).refused(), "it breaks off with TypeError"),
        (lambda: None, "it breaks off with TypeError"),
        (lambda desk: spec(desk).when("lend").refused(), "it breaks off with command"),
    ],
)
def test_a_spec_that_counts_nothing(wrong_spec, said):
    """It kills nobody, whatever it says of the wrong ones, and the sentence says why."""
    table = SpecTable([full, wrong_spec])
    assert table.numbers["specs"] == 1
    assert table.numbers["killed"] == 2
    assert f"spec 2 counts nothing, because {said}" in table.picture.words
    assert said.split(":")[0] in table.picture.body


def test_a_spec_that_asserts_by_itself():
    """Any assertion is a claim."""

    def asserts(desk):
        assert not spec(desk).given(*THREE).when(lending("emma", "ada")).ask().events

    assert SpecTable([asserts]).numbers["survivors"] == SpecTable([full]).numbers["survivors"]


@pytest.mark.parametrize(("number", "name"), [*enumerate(WRONG, 1)])
def test_every_wrong_desk_has_a_story_on_which_it_differs(number, name):
    """What the right one does and what this one does are told apart in words."""
    words = SpecTable().story(number).words
    right, wrong = re.search(r"Right: (.*?)\. Wrong: (.*?)\. " + re.escape(WRONG[name].fault), words).groups()
    assert right != wrong
    assert WRONG[name].fault in words


def test_the_controls_do_the_same():
    """List and buttons, and the heads of the columns."""
    by_hand, by_spot, by_code = (SpecTable([full]) for _ in range(3))
    control(by_hand, "Wrong decider").value = 4
    control(by_hand, "Show a story").click()
    spot(by_spot, 4).click()
    by_code.story(4)
    assert by_hand.settings == by_spot.settings == by_code.settings
    assert says(by_hand) == says(by_spot) == says(by_code)
    assert spot(by_spot, 4).description == "Hide a story of 4: survivor"
    control(by_hand, "Hide it").click()
    spot(by_spot, 4).click()
    assert by_hand.settings == by_spot.settings == SpecTable([full]).settings


def test_what_a_column_is_called_for_ears():
    """Who killed it, or that it survives."""
    table = SpecTable([full])
    assert spot(table, 1).description == "Show a story of 1: one too many, killed by full"
    assert spot(table, 2).description == "Show a story of 2: survivor"


def test_other_specs_take_the_place_of_those_before():
    """The story is put away, and two of one name are told apart."""
    table = SpecTable([full])
    table.story(1)
    assert table.examine([first, first]).words == "2 specs kill 2 of 8; six survive."
    assert list(table.numbers["kills"]) == ["first", "first, 2"]


def test_deciders_of_one_s_own():
    """Any right decider, and its wrong ones."""
    table = SpecTable([full, first], Desk, {"one too many": WRONG["one too many"]})
    assert table.picture.words == "2 specs kill 1 of 1; none survives."


@pytest.mark.parametrize("specs", ["full", full, 3, [full, "line"], {"full": full}, None])
def test_what_is_no_list_of_specs(specs):
    """Neither at the beginning, where it is an error, nor later, where the line says so."""
    with pytest.raises(BadSetting, match="specs"):
        SpecTable(specs)
    table = SpecTable([first])
    before = table.settings
    assert table.examine(specs).words.startswith("Refused: Specs can't be")
    assert table.settings == before


def test_what_is_no_decider():
    """The right one is a decider's class, and the wrong ones are mutants."""
    with pytest.raises(BadModel):
        SpecTable([], right=Desk.lend)
    for wrong in ({}, {"a": Desk}, [WRONG["one day more"]], {str(at): WRONG["one day more"] for at in range(11)}):
        with pytest.raises(BadSetting, match="wrong"):
            SpecTable([], wrong=wrong)


@pytest.mark.parametrize(
    "mistake", [lambda table: table.story(0), lambda table: table.story(9), lambda table: table.hide()]
)
def test_a_mistake_is_told_and_changes_nothing(mistake):
    """In the status line."""
    table = SpecTable([first])
    before = table.settings
    assert mistake(table).words.startswith("Refused: ")
    assert table.settings == before
