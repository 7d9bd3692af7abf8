"""Replays of long logs: the whole, one subject, any position, and a restart."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial
from itertools import chain
from typing import Any

import msgspec

from eda_workshop.bench import histories
from eda_workshop.bench.case import Aim, Block, Case, Group
from eda_workshop.bench.errors import WrongCount
from eda_workshop.bench.histories import Place, Places, kit_log, subject_of
from eda_workshop.replay import MemoryImage, Timeline, fold
from eda_workshop.replay.fold import Fold

SIZES = (10_000, 100_000, 1_000_000)
MOST = SIZES[-1]
CHOSEN = 50
"""Subjects that are folded alone."""
TAIL = 500
"""Events after the snapshot that a restart begins with."""


class Proof:
    """Checks that a replay came to what it must come to; stands where the bus's cases have their tally."""

    def __init__(self, cycle: int) -> None:
        self.cycle = cycle
        self.delivered = 0
        self.wrong = 0

    def check(self, case: str, published: int) -> None:
        """Raise `WrongCount` if a replay gave another state."""
        if self.wrong:
            raise WrongCount(case, 0, self.wrong)
        self.delivered = published


class Replaying:
    """Replays the same events again and again; `replay` returns how many moves its state counts.

    cycle  how many events one replay is made of; they count one each
    due    how many moves it must count
    """

    def __init__(self, replay: Callable[[], int], cycle: int, due: int, close: Callable[[], object]) -> None:
        self.tally = Proof(cycle)
        self._replay = replay
        self._due = due
        self._close = close

    def prepare(self, times: int) -> Callable[[], object]:
        return partial(self._run, times // self.tally.cycle)

    def close(self) -> None:
        self._close()

    def _run(self, times: int) -> None:
        for _ in range(times):
            self.tally.wrong += self._replay() != self._due


def _counted(places: Any) -> int:
    return sum(place.moves for place in places.values())


def whole_kit(count: int) -> Replaying:
    """Fold the kit's log from nothing."""
    log = kit_log(count)
    return Replaying(lambda: _counted(fold(log, Places)), count, count, log.close)


def decoded(count: int) -> Replaying:
    """Fold events that are in memory already."""
    log = kit_log(count)
    events = list(chain.from_iterable(log.pages()))
    log.close()
    reducers = Fold(Places)

    def replay() -> int:
        values = reducers.start()
        reducers.run(values, events)
        return _counted(values)

    return Replaying(replay, count, count, events.clear)


def bare(count: int) -> Replaying:
    """Read a bare table and fold it by hand."""
    db = histories.bare_table(count)
    decode = msgspec.msgpack.Decoder(tuple[str, str]).decode

    def replay() -> int:
        places: dict[str, Place] = {}
        nowhere = Place()
        for (packed,) in db.execute("SELECT event FROM events ORDER BY position"):
            subject, path = decode(packed)
            places[subject] = Place(path, places.get(subject, nowhere).moves + 1)
        return _counted(places)

    return Replaying(replay, count, count, db.close)


def whole_library(count: int) -> Replaying:
    """Fold the library's notification log in sections of 1,000."""
    app = histories.library(count)

    def replay() -> int:
        places: dict[Any, Any] = {}
        start = 1
        while section := app.notification_log.select(start, 1_000):
            for notification in section:
                event = app.mapper.to_domain_event(notification)
                places[event.originator_id] = event.mutate(places.get(event.originator_id))
            start = section[-1].id + 1
        # The first event of each folder creates it, and moves nothing.
        return _counted(places) + len(places)

    return Replaying(replay, count, count, app.close)


def read_kit(count: int) -> Replaying:
    """Read the kit's log, event by event, hashes included."""
    log = kit_log(count)
    return Replaying(lambda: sum(1 for _ in log.read()), count, count, log.close)


def read_bare(count: int) -> Replaying:
    """Read a bare table and decode its rows."""
    db = histories.bare_table(count)
    decode = msgspec.msgpack.Decoder(tuple[str, str]).decode
    rows = "SELECT event FROM events ORDER BY position"
    return Replaying(lambda: sum(1 for (packed,) in db.execute(rows) if decode(packed)), count, count, db.close)


def read_library(count: int) -> Replaying:
    """Read the library's notification log in sections of 1,000, as its events."""
    app = histories.library(count)

    def replay() -> int:
        seen = 0
        while section := app.notification_log.select(seen + 1, 1_000):
            seen += sum(1 for notification in section if app.mapper.to_domain_event(notification))
        return seen

    return Replaying(replay, count, count, app.close)


def one_kit(count: int) -> Replaying:
    """Fold one subject after the other, from the log's index."""
    log = kit_log(count)
    return _each(count, lambda number: fold(log, Places, subject=subject_of(number)).moves, log.close)


def one_library(count: int) -> Replaying:
    """Get one aggregate after the other from the repository."""
    from uuid import UUID

    app = histories.library(count)
    return _each(count, lambda number: app.repository.get(UUID(int=number + 1)).moves + 1, app.close)


def _each(count: int, moves_of: Callable[[int], int], close: Callable[[], object]) -> Replaying:
    """One subject after the other, some a replay; the cost is for each of their events."""
    subjects = random.Random(5).sample(range(min(histories.SUBJECTS, count // 100)), CHOSEN)
    due = dict.fromkeys(range(histories.SUBJECTS), 0)
    for subject, _ in histories.moves(count):
        due[subject] += 1
    total = sum(due[subject] for subject in subjects)
    return Replaying(lambda: sum(map(moves_of, subjects)), total, total, close)


def from_nothing(count: int) -> Replaying:
    """One state, folded from the beginning."""
    log = kit_log(count)
    return Replaying(lambda: _counted(fold(log, Places)), 1, count, log.close)


def at_random(count: int, every: int) -> Replaying:
    """The state at a random position, from a timeline that has its snapshots."""
    log = kit_log(count)
    timeline, draw = Timeline(log, Places, every=every), random.Random(7)
    timeline.at()

    def replay() -> int:
        position = draw.randrange(count)
        state = timeline.at(position=position)
        return int(state is not None and timeline.position == 0)

    return Replaying(replay, 1, 1, log.close)


def restart(count: int, *, snapshot: bool) -> Replaying:
    """A memory image that comes back, with a snapshot of 500 events ago or from nothing."""
    log = kit_log(count)
    path = histories.folder() / f"kit-{count}.snapshot"
    if snapshot:
        state = fold(log, Places, upto=count - TAIL)
        _write(path, log, count - TAIL, state)

    def replay() -> int:
        return _counted(MemoryImage(log, Places, snapshots=path if snapshot else None).state)

    return Replaying(replay, 1, count, log.close)


def _write(path: Any, log: Any, position: int, state: Any) -> None:
    from eda_workshop.replay.snapshots import write_snapshot

    write_snapshot(path, log, Places, position, state)


def _whole(count: int) -> Block:
    cases = (
        Case("fold of decoded events", partial(decoded, count), most=count, peak=False),
        Case("sqlite3 + msgspec", partial(bare, count), most=count, peak=False),
        Case("our log", partial(whole_kit, count), most=count, peak=False),
        Case("eventsourcing", partial(whole_library, count), peer="eventsourcing", most=count, peak=False),
    )
    return Block(f"the whole log of {count:,} events", cases, "event")


READ = f"reading {SIZES[1]:,} events"
ONE = f"one subject of {MOST:,} events and {histories.SUBJECTS:,} subjects"
ANY = f"the state at a random position of {MOST:,}"
AGAIN = f"a restart with {MOST:,} events"
GROWTH = "the whole log, as it grows"

GROUP = Group(
    name="replay",
    title="Replay of long logs",
    about="Each event read from SQLite, decoded and folded into a place for each of 10,000 folders.",
    clock="cpu",
    rounds=5,
    blocks=(
        Block(
            READ,
            (
                Case("sqlite3 + msgspec", partial(read_bare, SIZES[1]), most=SIZES[1], peak=False),
                Case("our log", partial(read_kit, SIZES[1]), most=SIZES[1], peak=False),
                Case("eventsourcing", partial(read_library, SIZES[1]), peer="eventsourcing", most=SIZES[1], peak=False),
            ),
            "event",
        ),
        *map(_whole, SIZES),
        Block(
            GROWTH,
            tuple(Case(f"{size:,} events", partial(whole_kit, size), most=size, peak=False) for size in SIZES),
            "event",
        ),
        Block(
            ONE,
            (
                Case("our log", partial(one_kit, MOST), peak=False),
                Case("eventsourcing", partial(one_library, MOST), peer="eventsourcing", peak=False),
            ),
            "event",
        ),
        Block(
            ANY,
            (
                Case("from nothing", partial(from_nothing, MOST), most=1, peak=False),
                Case("a snapshot every 1,000", partial(at_random, MOST, 1_000)),
                Case("a snapshot every 10,000", partial(at_random, MOST, 10_000)),
            ),
            "state",
        ),
        Block(
            AGAIN,
            (
                Case("from nothing", partial(restart, MOST, snapshot=False), most=1, peak=False),
                Case(f"a snapshot and {TAIL} events", partial(restart, MOST, snapshot=True), peak=False),
            ),
            "restart",
        ),
    ),
    aims=(
        Aim(f"the whole log of {MOST:,} events", "eventsourcing", "at least", 5, "our log"),
        Aim(f"the whole log of {MOST:,} events", "our log", "at most", 2.5, "fold of decoded events"),
        Aim(GROWTH, f"{MOST:,} events", "at most", 1.5, f"{SIZES[0]:,} events"),
        Aim(ONE, "eventsourcing", "at least", 13, "our log"),
        Aim(ANY, "from nothing", "at least", 300, "a snapshot every 1,000"),
    ),
)
