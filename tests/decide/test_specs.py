"""Given, when, then: what a failing spec says, and which wrong deciders the specs catch."""

import pytest
from seats import Seats, reserve, reserved

from eda_workshop import (
    BadModel,
    BadSetting,
    Command,
    Event,
    NoDecision,
    Query,
    SpecFailed,
    applies,
    caught_by,
    decides,
    kills,
    spec,
)

ADA, BOB = reserved("seat/12", "ada"), reserved("seat/12", "bob")


def free(decider):
    """A free seat is given away."""
    return spec(decider).when(reserve("seat/12", "ada")).then(ADA)


def taken(decider):
    """A taken one is not."""
    return spec(decider).given(BOB).when(reserve("seat/12", "ada")).refused()


def elsewhere(decider):
    """Another seat makes no difference."""
    return spec(decider).given(reserved("seat/7", "bob")).when(reserve("seat/12", "ada")).then(ADA)


ALL = (free, taken, elsewhere)


def failure(claim):
    with pytest.raises(SpecFailed) as info:
        claim()
    assert isinstance(info.value, AssertionError)
    return str(info.value)


def test_what_holds_is_told():
    """In a cell its last line shows what was examined."""
    assert repr(free(Seats)) == "Seats, given nothing, when seat.reserve: seat.reserved happens, as it should."
    assert (
        repr(taken(Seats)) == 'Seats, given seat.reserved, when seat.reserve: it refuses: "bob has it", as it should.'
    )
    assert "End it with .then" in repr(spec(Seats).given(BOB))


def test_ids_times_and_conversations_are_not_compared():
    """A right desk has other ids and another clock."""
    other = ADA.replace(id="x", occurred="2020-01-01T00:00:00Z", correlation="trip-7", causation="c9")
    assert spec(Seats).when(reserve("seat/12", "ada")).then(other).outcome == "seat.reserved happens"


def test_a_refusal_where_an_event_should_be():
    """Both are named."""
    said = failure(lambda: spec(Seats).given(BOB).when(reserve("seat/12", "ada")).then(ADA))
    assert said == (
        'Seats, given seat.reserved, when seat.reserve: seat.reserved should happen, but it refuses: "bob has it".'
    )


def test_an_event_where_a_refusal_should_be():
    """It is named."""
    assert "it should refuse, but seat.reserved happens." in failure(
        lambda: spec(Seats).when(reserve("seat/12", "ada")).refused()
    )


def test_nothing_should_happen():
    """`then()` without events."""
    assert "nothing should happen, but seat.reserved happens." in failure(
        lambda: spec(Seats).when(reserve("seat/12", "ada")).then()
    )


@pytest.mark.parametrize(
    ("expected", "words"),
    [
        (BOB, "event 1, seat.reserved: by is 'ada' and should be 'bob'"),
        (ADA.replace(data={**ADA.data, "row": 3}), "event 1, seat.reserved: row is missing and should be 3"),
        (ADA.replace(data={"seat": "seat/12"}), "event 1, seat.reserved: by is 'ada' and should not be there"),
        (ADA.replace(subject="seat/7"), "event 1, seat.reserved: subject is 'seat/12' and should be 'seat/7'"),
        (ADA.replace(tags=["wallet/ada"]), "event 1, seat.reserved: tags is () and should be ('wallet/ada',)"),
        (ADA.replace(source="/desk"), "event 1, seat.reserved: source is '' and should be '/desk'"),
        (ADA.replace(data={"seat": {"row": 1}, "by": "ada"}), "seat is 'seat/12' and should be {'row': 1}"),
        (Event("seat.sold"), "seat.sold should happen, but seat.reserved happens"),
    ],
)
def test_what_differs_is_said_with_both_values(expected, words):
    """Event, field, and the two values."""
    assert words in failure(lambda: spec(Seats).when(reserve("seat/12", "ada")).then(expected))


def test_one_and_true_differ():
    """Values are the same if their JSON is."""

    class Ones(Seats):
        @decides("seat.count")
        def count(_state, _command):
            return Event("seat.counted", {"number": 1})

    command = Command("seat.count", {"seat": "seat/12"})
    spec(Ones).when(command).then(Event("seat.counted", {"number": 1}))
    assert "number is 1 and should be True" in failure(
        lambda: spec(Ones).when(command).then(Event("seat.counted", {"number": True}))
    )


def test_an_error_is_neither_an_event_nor_a_refusal():
    """A decider that breaks fails the spec, whatever was claimed."""

    class Broken(Seats):
        @decides("seat.reserve")
        def broken(_holder, command):
            return command.data["nobody"]

    for claim in (free, taken):
        assert "but it fails with KeyError" in failure(lambda claim=claim: claim(Broken))


def test_only_what_lies_within_the_boundary_is_given():
    """A boundary that is too narrow can't hide behind a list of events, and what it left out is named."""

    class Narrow(Seats):
        def boundary(command):
            return Query(tags=f"reader/{command.data['by']}")

    assert [function.__name__ for function in caught_by(ALL, Narrow)] == ["taken"]
    assert "The decision didn't read seat.reserved, which its boundary leaves out." in failure(lambda: taken(Narrow))


def test_steps_can_be_shared_and_go_on():
    """Each step is a new one: what two specs have in common may be said once."""
    begun = spec(Seats).given(BOB)
    assert (
        begun.given(Event("seat.released", {"by": "bob"}, subject="seat/12")).when(reserve("seat/12", "ada")).then(ADA)
    )
    assert begun.when(reserve("seat/12", "ada")).refused()


# --- wrong deciders ---------------------------------------------------------------------------------


class Yes(Seats):
    """Everybody gets the seat."""

    @decides("seat.reserve")
    def reserve(_holder, command):
        return reserved(**command.data)


class No(Seats):
    """Nobody gets it."""

    @decides("seat.reserve")
    def reserve(_holder, _command):
        from eda_workshop import Rejected

        raise Rejected("never")


class Nameless(Seats):
    """It forgets for whom."""

    @decides("seat.reserve")
    def reserve(holder, command):
        return Seats.reserve(holder, command).replace(data={"seat": command.data["seat"]})

    @applies("seat.reserved")
    def reserved(_holder, _event):
        return "somebody"


def test_the_score_is_what_the_specs_catch():
    """Few specs catch few; all of them catch all, and the right one passes."""
    wrong = [Yes, No, Nameless]
    assert kills([taken], wrong) == [Yes]
    assert kills([free], wrong) == [No, Nameless]
    assert kills(ALL, wrong) == wrong
    assert kills(ALL, [Seats]) == kills([], wrong) == []
    assert caught_by(iter(ALL), No) == [free, elsewhere]


def test_an_assertion_of_ones_own_counts():
    """A spec may say with assert what the words can't."""

    def plain(decider):
        assert decider.initial == "free"

    assert kills([plain], [Seats]) == [Seats]


def test_a_spec_must_claim_something():
    """One that ends half-way would pass everything."""

    def half(decider):
        return spec(decider).given(BOB).when(reserve("seat/12", "ada"))

    with pytest.raises(BadSetting, match="half"):
        kills([half], [Yes])


def test_a_spec_with_a_mistake_of_its_own_kills_nobody():
    """The error comes out."""

    def mistaken(decider):
        return spec(decidr).when(reserve("seat/12", "ada")).refused()  # noqa: F821

    with pytest.raises(NameError):
        kills([mistaken], [Yes])


@pytest.mark.parametrize(
    ("claim", "error"),
    [
        (lambda: spec(Seats).then(ADA), BadSetting),
        (lambda: spec(Seats).refused(), BadSetting),
        (lambda: spec(Seats).when("seat.reserve"), BadSetting),
        (lambda: spec(Seats).when(Command("seat.sell")).refused(), NoDecision),
        (lambda: spec("Seats"), BadModel),
    ],
)
def test_what_cant_be_examined(claim, error):
    """It is told at once, and counts as no failure of the decider."""
    with pytest.raises(error):
        claim()
