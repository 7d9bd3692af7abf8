"""Desks before one log: whom a boundary disturbs, and what it overlooks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eda_workshop.errors import BadPlan, BadSetting
from eda_workshop.simulate.two_desks import (
    BOUNDARIES,
    MOST,
    WALLETS,
    Act,
    Run,
    Sale,
    all_at_once,
    each_its_own,
    one_round,
    overtaken,
    run,
)

SAME_SEAT = tuple(Sale(1, wallet) for wallet in WALLETS)
SAME_WALLET = tuple(Sale(seat, "ada") for seat in range(1, MOST + 1))


def numbers(boundary, sales):
    """Decisions, conflicts, needless conflicts, rules broken, when all decide at one moment."""
    outcome = run(all_at_once(Run(boundary), sales))
    return outcome.decisions, outcome.conflicts, outcome.needless, len(outcome.broken)


@pytest.mark.parametrize(
    ("boundary", "apart", "seat", "wallet"),
    [
        ("none", (8, 0, 0, 0), (8, 0, 0, 7), (8, 0, 0, 7)),
        ("log", (8, 28, 28, 0), (8, 7, 0, 0), (8, 7, 0, 0)),
        ("seat", (8, 0, 0, 0), (8, 7, 0, 0), (8, 0, 0, 7)),
        ("wallet", (8, 0, 0, 0), (8, 0, 0, 7), (8, 7, 0, 0)),
        ("query", (8, 0, 0, 0), (8, 7, 0, 0), (8, 7, 0, 0)),
    ],
)
def test_eight_desks_at_one_moment(boundary, apart, seat, wallet):
    """Too wide, and strangers disturb; too narrow, and a rule is broken; the query does neither."""
    assert numbers(boundary, each_its_own()) == apart
    assert numbers(boundary, SAME_SEAT) == seat
    assert numbers(boundary, SAME_WALLET) == wallet


def test_who_has_a_seat_and_what_is_in_a_wallet_is_told():
    """The sale that breaks a rule is the second, and the words say what a desk that had read everything would have said."""
    assert dict(run(all_at_once(Run("none"), SAME_SEAT[:2])).broken) == {3: "seat 1 is ada's"}
    assert dict(run(all_at_once(Run("none"), SAME_WALLET[:3])).broken) == {3: "ada has 0 €", 4: "ada has −10 €"}


def test_reading_and_appending_are_two_steps():
    """What another appends in between is in the way only inside the boundary; the log itself refuses the append."""
    both = Run("log", (Act("read", 1, Sale(1, "ada")), Act("read", 2, Sale(2, "bob")), Act("append", 1)))
    assert run(both).desk(2).in_the_way == (2,)
    assert run(Run("query", both.acts)).desk(2).in_the_way == ()
    refused = run(both.then(Act("append", 2)))
    assert (refused.desk(2).status, refused.conflicts, len(refused.events)) == ("overtaken", 1, 2)
    again = run(both.then(Act("append", 2), Act("read", 2, Sale(2, "bob")), Act("append", 2)))
    assert (again.desk(2).status, again.desk(2).wrote, again.desk(2).conflicts) == ("sold", 3, 1)


def test_a_desk_that_decides_again_may_have_to_say_no():
    """The second who wants the seat is overtaken, reads that it is sold, and appends nothing."""
    outcome = run(all_at_once(Run("query"), SAME_SEAT[:2]))
    assert (outcome.desk(2).status, outcome.desk(2).no, outcome.desk(2).conflicts) == ("refused", "seat 1 is ada's", 1)
    assert len(outcome.events) == 2


def test_a_round_leaves_who_was_overtaken():
    """One desk wins each round on the whole log."""
    one = one_round(Run("log"), [*enumerate(each_its_own(3), 1)])
    assert [number for number, _ in overtaken(one)] == [2, 3]
    assert [number for number, _ in overtaken(one_round(one, overtaken(one)))] == [3]


@pytest.mark.parametrize("acts", [(Act("append", 1),), (Act("read", 1), Act("append", 1), Act("append", 1))])
def test_without_a_decision_there_is_nothing_to_append(acts):
    """Before a reading, and after an append."""
    with pytest.raises(BadPlan, match="Desk 1 has decided nothing"):
        run(Run(acts=acts))


def test_what_was_overtaken_can_not_be_appended():
    """It has to be decided again."""
    with pytest.raises(BadPlan, match="Desk 2 was overtaken"):
        run(Run("log", (Act("read", 1), Act("read", 2), Act("append", 1), Act("append", 2), Act("append", 2))))


def test_what_was_dropped_is_gone():
    """A desk that dropped what it had read has nothing to append."""
    dropped = Run(acts=(Act("read", 1), Act("drop", 1)))
    assert run(dropped).desk(1).status == "free"
    with pytest.raises(BadPlan):
        run(dropped.then(Act("append", 1)))


@pytest.mark.parametrize("wrong", [{"seat": 0}, {"seat": 9}, {"seat": "1"}, {"wallet": "tony"}])
def test_a_sale_that_nobody_can_ask_for(wrong):
    """Seats are 1 to 8, and wallets have owners."""
    with pytest.raises(BadSetting):
        Sale(**wrong)


SALES = st.lists(st.builds(Sale, st.integers(1, 3), st.sampled_from(WALLETS[:3])), min_size=2, max_size=4)


@given(st.sampled_from(BOUNDARIES), SALES, st.lists(st.tuples(st.booleans(), st.integers(0, 3)), max_size=14))
def test_whatever_the_desks_do(boundary, sales, steps):
    """The query and the whole log break no rule, the query has no needless conflict, and only the log holds what was sold."""
    present = Run(boundary)
    for reads, place in steps:
        desk = place % len(sales) + 1
        if reads or run(present).desk(desk).status != "read":
            present = present.then(Act("read", desk, sales[desk - 1]))
        else:
            present = present.then(Act("append", desk))
    outcome = run(present)
    assert outcome.needless <= outcome.conflicts
    if boundary in ("log", "query"):
        assert not outcome.broken
    if boundary in ("none", "query"):
        assert outcome.needless == 0
    for desk in outcome.desks.values():
        assert all(position > desk.upto for position in desk.in_the_way)
        assert not set(desk.guarded) & set(desk.unguarded)
