"""What a query costs in a file: SQLite looks into indexes, and reads no more of them than was asked for."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from contract.deciding import any_of, sold
from contract.setup import an_event, numbers

from eda_workshop import Conflict
from eda_workshop.log import Query
from eda_workshop.log.sqlite import SQLiteLog

MANY = 100_000
SHOW, SEAT = Query(tags="show/1"), Query("seat.*", tags=("show/1", "seat/12"))


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SQLiteLog]:
    """A log of a hundred thousand sales in one show, whose subject is the show in every other; the last but nine is of seat 12."""
    with SQLiteLog(tmp_path_factory.mktemp("long") / "drive.db", durable=False) as log:
        for start in range(1, MANY, 10_000):
            log.append(*map(sale, range(start, start + 10_000)))
        yield log


def sale(number: int) -> Any:
    """One of them."""
    seat = f"{number + 100}" if number != MANY - 9 else "12"
    if number % 2:
        return sold(number, seat, "show/1")
    return an_event(number, "seat.reserved", "show/1").replace(tags=(f"seat/{seat}",))


def refused(append: Callable[[], Any]) -> int:
    """The position of the event that is in the way of an append."""
    with pytest.raises(Conflict) as caught:
        append()
    return int(caught.value.event.position)


ASKING: list[tuple[str, Callable[[SQLiteLog], Any], Any]] = [
    ("first page", lambda log: next(log.read(where=SHOW)).position, 1),
    ("last page", lambda log: next(log.read(where=SHOW, reverse=True)).position, MANY),
    ("middle", lambda log: numbers(log.read(50_000, 50_003, where=SHOW)), [50_001, 50_002, 50_003]),
    ("named", lambda log: next(log.read(where=Query(["seat.reserved", "seat.*"], tags="show/1"))).position, 1),
    ("rare tag", lambda log: numbers(log.read(where=SEAT)), [MANY - 9]),
    ("rare tag, last in order", lambda log: numbers(log.read(where=Query(tags=("show/1", "zone/none")))), []),
    ("alternatives", lambda log: next(log.read(where=SHOW | SEAT | Query(tags="seat/7"))).position, 1),
    (
        "a hundred",
        lambda log: numbers(log.read(where=any_of([Query(tags=f"seat/{n}") for n in range(100)]))),
        [MANY - 9],
    ),
    ("nothing new", lambda log: log.append(after=MANY - 5, unless=Query(tags="seat/12")), ()),
    ("in the way at once", lambda log: refused(lambda: log.append(an_event(0), unless=SHOW)), 1),
    ("in the way late", lambda log: refused(lambda: log.append(an_event(0), after=MANY - 50, unless=SEAT)), MANY - 9),
    ("never happened", lambda log: log.append(unless=Query("seat.*", tags=("show/1", "seat/7"))), ()),
]


@pytest.mark.parametrize(("ask", "answer"), [case[1:] for case in ASKING], ids=[case[0] for case in ASKING])
def test_no_look_is_a_scan(long: SQLiteLog, ask: Callable[[SQLiteLog], Any], answer: Any) -> None:
    """Every statement searches by an index, and finds the events in their order: it neither scans nor sorts."""
    seen = list[str]()
    with long.tracer(seen.append):
        assert ask(long) == answer
    selects = [sql for sql in seen if "tag = '" in sql]
    assert selects != []
    with closing(sqlite3.connect(long.path)) as db:
        plans = [row[3] for sql in selects for row in db.execute(f"EXPLAIN QUERY PLAN {sql}")]
    assert [step for step in plans if re.search(r"SCAN (events|tags|t)\b|ORDER BY|TEMP B-TREE", step)] == []


@pytest.mark.parametrize(("ask", "answer"), [case[1:] for case in ASKING], ids=[case[0] for case in ASKING])
def test_no_look_reads_the_whole_subject(long: SQLiteLog, ask: Callable[[SQLiteLog], Any], answer: Any) -> None:
    """SQLite takes some thousand steps, where an entity with a hundred thousand events would take a million."""
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 10
        return 0

    db = long._connection()
    db.set_progress_handler(count, 10)
    try:
        assert ask(long) == answer
    finally:
        db.set_progress_handler(None, 0)
    assert 0 < steps < 60_000


def test_a_condition_is_looked_up_in_the_transaction(tmp_path: Path) -> None:
    """Between the look and the insert nobody can write: both are within BEGIN IMMEDIATE and COMMIT."""
    with SQLiteLog(tmp_path / "drive.db") as log:
        log.append(sold(1, "12", "show/1"))
        seen = list[str]()
        with log.tracer(seen.append):
            log.append(sold(2, "7", "show/1"), unless=Query("seat.reserved", tags="seat/7"))
    looks = [place for place, sql in enumerate(seen) if "tag = 'seat/7'" in sql]
    assert (seen[0], seen[-1], len(looks)) == ("BEGIN IMMEDIATE", "COMMIT", 1)
    assert looks[0] < next(place for place, sql in enumerate(seen) if sql.startswith("INSERT"))
