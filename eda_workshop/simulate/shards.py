"""Shards: users spread over copies of the application by a router, some of them busier than others."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise
from random import Random

from eda_workshop.errors import BadSetting, check_number
from eda_workshop.simulate.failures import availability
from eda_workshop.simulate.system import Operation, Service, System, call

USERS, EVENTS, SAMPLE = 1000, 4000, 12
BIGGEST = "ada"
UP = 0.99
"""The share of time in which one shard is up."""

MOD, RENDEZVOUS = "hash mod n", "rendezvous"
HASHED, OWN, SPLIT = "as its hash says", "on a shard of its own", "split over all"

Route = Callable[[str, int], int]


@dataclass(frozen=True)
class Sharding:
    """How the drive's users are spread.

    shards   how many shards the router knows, 1 to 8
    skew     the Zipf exponent: 0, all users are equally busy; 1, the tenth does a tenth of what the first does; up to 2
    router   "hash mod n", or "rendezvous": each shard draws a number for each user, and the highest one has it
    biggest  where the busiest user goes: "as its hash says", "on a shard of its own", "split over all"
    """

    shards: int = 4
    skew: float = 0.0
    router: str = MOD
    biggest: str = HASHED

    def __post_init__(self) -> None:
        check_number("shards", self.shards, 1, 8)
        check_number("skew", self.skew, 0, 2, whole=False)
        if self.router not in ROUTERS:
            raise BadSetting("router", self.router, f"one of: {', '.join(ROUTERS)}")
        if self.biggest not in (HASHED, OWN, SPLIT):
            raise BadSetting("biggest", self.biggest, f"one of: {HASHED}, {OWN}, {SPLIT}")


@dataclass(frozen=True)
class Sharded:
    """What the spreading came to.

    loads    events on each shard; a shard of its own is the last one
    users    how many users have events on each
    biggest  how many events the busiest user made
    sample   the shard of each of the first events, and whether it is the busiest user's
    read     the numbers of these, from 1, as a reader of all shards gets them that takes one from each in turn
    swapped  the share of neighbours in all events that this reader gets the wrong way round, 0 to 1
    torn     the same among the busiest user's events
    moved    router → the share of users that move when there is one shard more, 0 to 1
    asked    shards to ask about the busiest user alone, and about everybody
    works    how often each of these questions is answered, 0 to 1
    """

    sharding: Sharding
    loads: tuple[int, ...]
    users: tuple[int, ...]
    biggest: int
    sample: tuple[tuple[int, bool], ...]
    read: tuple[int, ...]
    swapped: float
    torn: float
    moved: dict[str, float]
    asked: tuple[int, int]
    works: tuple[float, float]

    @property
    def mean(self) -> float:
        """Events on a shard, on average."""
        return sum(self.loads) / len(self.loads)

    @property
    def hot(self) -> float:
        """How many times the mean the fullest shard has."""
        return max(self.loads) / self.mean


@lru_cache(maxsize=1 << 15)
def _hash(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def by_remainder(user: str, shards: int) -> int:
    """The shard of a user, from 0: what is left of its hash, divided by the number of shards."""
    return _hash(user) % shards


def by_rendezvous(user: str, shards: int) -> int:
    """The shard of a user, from 0: the one whose own hash of it is the highest."""
    return max(range(shards), key=lambda shard: _hash(f"{user}/{shard}"))


ROUTERS: dict[str, Route] = {MOD: by_remainder, RENDEZVOUS: by_rendezvous}


def names() -> list[str]:
    """The drive's users, the busiest first."""
    return [BIGGEST, *(f"user {number}" for number in range(2, USERS + 1))]


def moved(route: Route, before: int, after: int) -> float:
    """The share of users whose shard is another one when there are so many shards, 0 to 1.

    >>> moved(by_rendezvous, 4, 4), moved(by_remainder, 1, 2) > 0.4
    (0.0, True)
    """
    users = names()
    return sum(route(user, before) != route(user, after) for user in users) / len(users)


def spread(sharding: Sharding, *, seed: int = 1) -> Sharded:
    """Let four thousand events happen, and see where they go. Equal seeds give equal events to every router.

    >>> spread(Sharding(shards=1)).loads, round(spread(Sharding(4, skew=1.5)).hot, 1)
    ((4000,), 2.6)
    """
    events = _events(sharding.skew, seed)
    places = _places(events, sharding)
    count = sharding.shards + (sharding.biggest == OWN)
    loads, pairs = Counter(places), set(zip(events, places, strict=True))
    order = _in_turn(places)
    asked = (sharding.shards if sharding.biggest == SPLIT else 1, count)
    return Sharded(
        sharding,
        tuple(loads[shard] for shard in range(count)),
        tuple(sum(place == shard for _, place in pairs) for shard in range(count)),
        events.count(BIGGEST),
        tuple((place, user == BIGGEST) for user, place in zip(events[:SAMPLE], places[:SAMPLE], strict=True)),
        tuple(number + 1 for number in _in_turn(places[:SAMPLE])),
        _swapped(order, range(len(events))),
        _swapped(order, [number for number, user in enumerate(events) if user == BIGGEST]),
        {name: moved(route, sharding.shards, sharding.shards + 1) for name, route in ROUTERS.items()},
        asked,
        (_works(asked[0]), _works(asked[1])),
    )


def _events(skew: float, seed: int) -> list[str]:
    """Whose each event is."""
    weights = list(accumulate(rank**-skew for rank in range(1, USERS + 1)))
    return Random(f"{seed}/events").choices(names(), cum_weights=weights, k=EVENTS)


def _places(events: Sequence[str], sharding: Sharding) -> list[int]:
    """The shard of each event."""
    route, shards = ROUTERS[sharding.router], sharding.shards
    homes = {user: route(user, shards) for user in set(events)}
    if sharding.biggest == OWN:
        homes[BIGGEST] = shards
    if sharding.biggest != SPLIT:
        return [homes[user] for user in events]
    turns = iter(range(len(events)))
    return [next(turns) % shards if user == BIGGEST else homes[user] for user in events]


def _in_turn(places: Sequence[int]) -> list[int]:
    """The events, by number from 0, as a reader gets them that takes one from each shard in turn."""
    rows: dict[int, int] = {}
    rounds = []
    for number, place in enumerate(places):
        rows[place] = rows.get(place, 0) + 1
        rounds.append((rows[place], place, number))
    return [number for _, _, number in sorted(rounds)]


def _swapped(order: Sequence[int], among: Sequence[int]) -> float:
    """The share of neighbours among these events that come the wrong way round."""
    when = {number: turn for turn, number in enumerate(order)}
    pairs = list(pairwise(among))
    return sum(when[one] > when[other] for one, other in pairs) / len(pairs) if pairs else 0.0


def _works(asked: int) -> float:
    """How often a question is answered that needs so many shards."""
    shards = [Service(f"shard {number}", up=UP) for number in range(1, asked + 1)]
    links = [call("router", shard.name) for shard in shards]
    return availability(System("question", [Service("router", up=1), *shards], links, [Operation("ask", "router")]))
