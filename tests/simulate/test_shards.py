"""Shards against counting by hand: how many users move, who is hot, and what is left of the order."""

from __future__ import annotations

from collections import Counter

import pytest

from eda_workshop import BadSetting
from eda_workshop.simulate.shards import (
    BIGGEST,
    EVENTS,
    HASHED,
    MOD,
    OWN,
    RENDEZVOUS,
    SPLIT,
    USERS,
    Sharding,
    by_remainder,
    by_rendezvous,
    moved,
    names,
    spread,
)


@pytest.mark.parametrize("shards", [1, 2, 4, 7])
def test_one_shard_more_moves_nearly_all_or_one_part(shards: int) -> None:
    """With the remainder n of n + 1 move, with rendezvous hashing one of n + 1; the latter only to the new shard."""
    assert moved(by_remainder, shards, shards + 1) == pytest.approx(shards / (shards + 1), abs=0.05)
    assert moved(by_rendezvous, shards, shards + 1) == pytest.approx(1 / (shards + 1), abs=0.05)
    places = {user: (by_rendezvous(user, shards), by_rendezvous(user, shards + 1)) for user in names()}
    assert {after for before, after in places.values() if before != after} == {shards}


@pytest.mark.parametrize("router", [by_remainder, by_rendezvous])
def test_users_are_spread_evenly(router: object) -> None:
    """A thousand users on four shards: about 250 on each."""
    counts = Counter(router(user, 4) for user in names())  # type: ignore[operator]
    assert all(count == pytest.approx(USERS / 4, rel=0.15) for count in counts.values())


def test_even_users_are_no_trouble_and_busy_ones_are() -> None:
    """The fullest shard has little more than the mean; with a busy user it has all of hers, and more."""
    even, busy = spread(Sharding(4)), spread(Sharding(4, skew=1.5))
    assert sum(even.loads) == sum(busy.loads) == EVENTS
    assert even.hot < 1.15
    assert busy.hot == max(busy.loads) / (EVENTS / 4)
    assert max(busy.loads) > busy.biggest > EVENTS / 3


def test_a_shard_of_her_own_helps_the_others_only() -> None:
    """It holds nothing but the busiest user's events, as many as she makes."""
    made = spread(Sharding(4, skew=1.5, biggest=OWN))
    assert (made.loads[-1], made.users[-1], len(made.loads)) == (made.biggest, 1, 5)
    assert made.torn == 0


def test_to_split_her_is_to_lose_her_order() -> None:
    """The loads are even; of her own neighbours many come the wrong way round to a reader of all shards."""
    hashed, split = (spread(Sharding(4, skew=1.5, biggest=where)) for where in (HASHED, SPLIT))
    assert split.hot < hashed.hot
    assert (hashed.torn, split.torn > 0.05) == (0, True)
    assert split.asked == (4, 4)
    assert hashed.asked == (1, 4)


def test_a_question_about_everybody_needs_every_shard() -> None:
    """One shard of 99 % answers so often; four all at once do so less."""
    assert spread(Sharding(4)).works == pytest.approx((0.99, 0.99**4))


def test_one_shard_has_one_order() -> None:
    """With a single shard nothing is swapped, and nobody's order is lost."""
    made = spread(Sharding(1, skew=1))
    assert (made.swapped, made.torn, made.read) == (0, 0, tuple(range(1, 13)))


def test_equal_seeds_give_equal_events() -> None:
    """Whatever the router, the same users do the same."""
    one, other = (spread(Sharding(4, 1.0, router)) for router in (MOD, RENDEZVOUS))
    assert one.biggest == other.biggest
    assert [big for _, big in one.sample] == [big for _, big in other.sample]
    assert spread(Sharding(4, 1.0), seed=2).biggest != one.biggest
    assert names()[0] == BIGGEST


@pytest.mark.parametrize("wrong", [{"shards": 0}, {"shards": 9}, {"skew": -1}, {"router": "luck"}, {"biggest": "x"}])
def test_wrong_settings_are_refused(wrong: dict[str, object]) -> None:
    """With what to give instead."""
    with pytest.raises(BadSetting):
        Sharding(**wrong)  # type: ignore[arg-type]
