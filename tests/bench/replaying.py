"""Replays of long logs, whole, of one subject and to any position; and corrections of the past in them."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any
from uuid import UUID

import msgspec

from bench import histories
from bench.cases import Aim, Block, Case, Group, Work, repeated, sized
from bench.histories import Place, Places, kit_log, subject_of
from eda_workshop import History, Timeline, fold, open_log

SIZES = (10_000, 100_000, 1_000_000)
MOST = SIZES[-1]
CHOSEN = 50
"""Subjects that are folded alone."""
CORRECTIONS = 100
"""Corrections in a round, each at another place."""


def _counted(places: Any) -> int:
    return sum(place.moves for place in places.values())


def whole_kit(count: int) -> Work:
    """Fold the kit's log from nothing."""
    log = kit_log(count)
    return repeated(lambda: _counted(fold(log, Places)), count, count, log.close)


def whole_bare(count: int) -> Work:
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

    return repeated(replay, count, count, db.close)


def whole_library(count: int) -> Work:
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

    return repeated(replay, count, count, app.close)


def one_kit(count: int) -> Work:
    """Fold one subject after the other, from the log's index."""
    log = kit_log(count)
    return _each(count, lambda number: fold(log, Places, subject=subject_of(number)).moves, log.close)


def one_library(count: int) -> Work:
    """Get one aggregate after the other from the repository."""
    app = histories.library(count)
    return _each(count, lambda number: app.repository.get(UUID(int=number + 1)).moves + 1, app.close)


def _each(count: int, moves_of: Callable[[int], int], close: Callable[[], object]) -> Work:
    """One subject after the other, some a replay; the cost is for each of their events."""
    subjects = random.Random(5).sample(range(min(histories.SUBJECTS, count // 100)), CHOSEN)
    due = dict.fromkeys(subjects, 0)
    for subject, _ in histories.moves(count):
        if subject in due:
            due[subject] += 1
    total = sum(due.values())
    return repeated(lambda: sum(map(moves_of, subjects)), total, total, close)


def from_nothing(count: int) -> Work:
    """One state, folded from the beginning."""
    log = kit_log(count)
    return repeated(lambda: _counted(fold(log, Places)), count, close=log.close)


def at_random(count: int, every: int) -> Work:
    """The state at a random position, from a timeline that has its snapshots."""
    log = kit_log(count)
    timeline, draw = Timeline(log, Places, every=every), random.Random(7)
    timeline.at()
    return repeated(lambda: timeline.at(position=draw.randrange(count)) is not None, True, close=log.close)


def correct(count: int) -> Work:
    """An event at a random place turns out to have been wrong: plan, append, and fold again what it touches."""
    kit_log(count).close()
    log, draw = open_log(histories.copy_of(f"kit-{count}.db")), random.Random(11)
    history = History(log, Places)
    history.state(subject=subject_of(0))

    def once() -> bool:
        position = draw.randrange(count)
        event = next(log.read(position, position + 1))
        plan = history.correct(event.id, data={"path": f"/right/{log.head}"})
        plan.commit("selective")
        return bool(history.state(subject=event.subject).moves)

    return repeated(once, True, close=log.close)


def _whole(count: int) -> Block:
    cases = (
        Case("sqlite3 + msgspec", lambda: whole_bare(count), most=count),
        Case("our log", lambda: whole_kit(count), most=count),
        Case("eventsourcing", lambda: whole_library(count), peer="eventsourcing", most=count),
    )
    return Block(f"the whole log of {count:,} events", cases, "event")


ONE = f"one subject of {MOST:,} events and {histories.SUBJECTS:,} subjects"
ANY = f"the state at a random position of {MOST:,}"
GROWTH = "the whole log, as it grows"

REPLAY = Group(
    name="replay",
    title="Replay of long logs",
    about="Each event read from SQLite, decoded and folded into a place for each of 10,000 folders.",
    clock="cpu",
    rounds=5,
    blocks=(
        _whole(MOST),
        Block(GROWTH, tuple(Case(f"{n:,} events", lambda n=n: whole_kit(n), most=n) for n in SIZES), "event"),
        Block(
            ONE,
            (
                Case("our log", lambda: one_kit(MOST)),
                Case("eventsourcing", lambda: one_library(MOST), peer="eventsourcing"),
            ),
            "event",
        ),
        Block(
            ANY,
            (
                Case("from nothing", lambda: from_nothing(MOST), most=1),
                Case("a snapshot every 1,000", lambda: at_random(MOST, 1_000)),
            ),
            "state",
        ),
    ),
    aims=(Aim(f"the whole log of {MOST:,} events", "eventsourcing", "at least", 5, "our log"),),
)

FIX = f"a correction in {MOST:,} events"
FLAT = "a correction, as the log grows"

TIME = Group(
    name="time",
    title="Corrections",
    about="At random places, appended durably; the state of their subject before and after.",
    clock="wall",
    rounds=5,
    blocks=(
        Block(
            FIX,
            (
                Case("full replay", lambda: from_nothing(MOST), most=1),
                Case("keyed correction", lambda: correct(MOST), most=CORRECTIONS),
            ),
            "correction",
        ),
        sized(FLAT, correct, SIZES, "events", most=CORRECTIONS, unit="correction"),
    ),
    aims=(
        Aim(FIX, "full replay", "at least", 500, "keyed correction"),
        Aim(FLAT, f"{MOST:,} events", "at most", 1.5, f"{SIZES[0]:,} events"),
    ),
)
