"""Leaving the house: what asking costs, and what being told costs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eda_workshop.errors import BadSetting
from eda_workshop.simulate.house import ASK, COLD, MINUTES, TOLD, House, run_house

ODD = [{"down": 5}, {"down": (1,)}, {"down": (1, 2, 3)}, {"bootstrap": "no"}, {"patience": -1}]
seeds = st.integers(0, 200)
lines = st.tuples(st.integers(0, 110), st.integers(0, 60))


@given(seeds, lines, st.sampled_from([0, 0.2, 1]))
def test_who_was_told_is_never_blocked(seed, down, delay):
    """Whatever happens to the line, who has a copy can decide: one way after somebody came to the door."""
    day = run_house(House(TOLD, down=down, delay=delay), seed=seed)
    assert day.blocked == 0
    assert {round(departure.waited, 6) for departure in day.departures} == {delay}


@given(seeds, lines)
def test_who_asks_without_delay_is_never_wrong(seed, down):
    """An answer that takes no time is true; the price is that there may be none."""
    day = run_house(House(ASK, down=down, delay=0), seed=seed)
    assert day.wrong == 0
    at, lasts = down
    assert day.blocked == sum(at <= departure.at < at + lasts for departure in day.departures)


@given(seeds)
def test_messages_against_a_formula(seed):
    """Asking takes four at each departure; being told one for each change, and one at the door."""
    asked, told = (run_house(House(style, delay=0), seed=seed) for style in (ASK, TOLD))
    assert asked.messages == asked.at_the_door == 4 * len(asked.departures)
    assert told.at_the_door == len(told.departures)
    assert told.messages == len(told.departures) + len(told.degrees)
    assert told.log == told.messages
    assert asked.log == 0


@given(seeds, lines, st.sampled_from([0, 1, 10]), st.sampled_from([ASK, TOLD]))
def test_nobody_is_lost(seed, down, delay, style):
    """Whoever came to the door left or gave up, however slow the answers are and whenever the day ends."""
    day = run_house(House(style, down=down, delay=delay), seed=seed)
    assert [departure.at for departure in day.departures] == list(range(5, MINUTES, 5))


@given(seeds)
def test_what_nobody_could_hear_was_sent(seed):
    """A line that stays down to the end keeps messages from being heard, not from being sent."""
    day, whole = (run_house(House(TOLD, down=down), seed=seed) for down in ((40, 80), (0, 0)))
    assert day.messages == whole.messages
    assert len(day.copy) <= len(whole.copy)


def test_who_gets_no_answer_waits_for_it():
    """At the door: two ways and the patience if there is no answer, four ways if there is one."""
    day = run_house(House(ASK, delay=0.5, patience=3, down=(40, 40)))
    assert {(departure.blocked, round(departure.waited, 6)) for departure in day.departures} == {(True, 4), (False, 2)}
    assert day.waited == pytest.approx(8 * 4 + 15 * 2)


def test_an_answer_can_be_cut_on_its_way():
    """The question arrived, the answer didn't: who asked can't tell the difference."""
    at_forty = next(d for d in run_house(House(ASK, delay=0.2, down=(40.3, 0.3))).departures if d.at == 40)
    assert at_forty.blocked
    assert at_forty.waited == pytest.approx(2.4)


@given(seeds, lines)
def test_a_copy_is_current_again_after_an_outage(seed, down):
    """What was said while the line was down is heard when it is up, in order; nothing is lost."""
    day = run_house(House(TOLD, down=down, delay=0), seed=seed)
    at, lasts = down
    if at + lasts < MINUTES:
        assert [degrees for _, degrees in day.copy] == [degrees for _, degrees in day.degrees]


def test_equal_seeds_give_equal_days():
    """The same weather for both styles, and the same day again."""
    assert run_house(House(ASK), seed=5) == run_house(House(ASK), seed=5)
    assert run_house(House(ASK), seed=5).degrees == run_house(House(TOLD), seed=5).degrees


def test_a_valet_that_heard_nothing_knows_nothing():
    """Without what was said before it came, nobody can leave until the first change."""
    day = run_house(House(TOLD, changes=2, bootstrap=False))
    first = day.degrees[1][0]
    assert all(
        departure.blocked == (departure.at < first) for departure in day.departures if abs(departure.at - first) > 1
    )
    assert day.blocked > 0
    assert run_house(House(TOLD, changes=2)).blocked == 0


def test_the_lesson_s_outage():
    """The day that lesson 11 shows: eight blocked by asking, three dressed wrong by a copy."""
    asked, told = (run_house(House(style, down=(40, 40))) for style in (ASK, TOLD))
    assert (asked.blocked, asked.wrong, told.blocked, told.wrong) == (8, 0, 0, 3)
    assert all(departure.coat == (departure.degrees >= COLD) for departure in told.departures if not departure.right)


@pytest.mark.parametrize(
    "mistake",
    [{"style": "guess"}, {"delay": -1}, {"changes": 61}, {"every": 0}, {"down": (-1, 5)}, {"down": (0, 999)}, *ODD],
)
def test_bad_settings_are_refused(mistake):
    """No third style, no negative time."""
    with pytest.raises(BadSetting):
        House(**mistake)
