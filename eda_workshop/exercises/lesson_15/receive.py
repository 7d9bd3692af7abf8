"""Once, whatever is killed: an effect and the memory of it, in one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any, Self

from eda_workshop.event import Event
from eda_workshop.exercises.attempt import require_function
from eda_workshop.exercises.exercise import Exercise, Wrong

TABLES = """
CREATE TABLE balances (user TEXT PRIMARY KEY, amount INTEGER NOT NULL);
CREATE TABLE handled (consumer TEXT, source TEXT, id TEXT, PRIMARY KEY (consumer, source, id));
INSERT INTO balances VALUES ('ada', 0), ('grace', 0);
INSERT INTO handled VALUES ('mailer', '/shop', 'pay-2');
"""
EVENTS = tuple(
    Event("payment.received", {"user": user, "amount": amount}, id=id, source=source)
    for source, id, user, amount in (
        ("/shop", "pay-1", "ada", 10),
        ("/shop", "pay-2", "grace", 5),
        ("/kiosk", "pay-1", "ada", 7),
    )
)
RIGHT = {"ada": 17, "grace": 5}
STEPS = 12
"""No answer takes so many statements for one event."""


class _Killed(BaseException):
    """The process is gone; no `except Exception` hears of it."""


class Database:
    """An SQLite connection, in a program that is killed before one of its steps."""

    def __init__(self, db: sqlite3.Connection, before: int, notes: set[str]) -> None:
        self._db, self._left, self._notes = db, before, notes

    def execute(self, sql: str, values: Any = ()) -> sqlite3.Cursor:
        """Run a statement."""
        self._step()
        cursor = self._db.execute(sql, values)
        if "balances" in sql and cursor.description is None:
            self._notes |= {"tried", "changed"} if cursor.rowcount else {"tried"}
        return cursor

    def commit(self) -> None:
        """Make all since the last commit last."""
        self._step()
        self._db.commit()

    def rollback(self) -> None:
        """Take all since the last commit back."""
        self._db.rollback()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.commit() if kind is None else self._db.rollback()

    def _step(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise _Killed


def check(answer: Any) -> None:
    function = require_function(answer, "database", "event")
    notes: set[str] = set()
    plain = _run(function, killed=None, notes=notes)
    if plain != RIGHT:
        raise Wrong(_said_plain(plain, notes), "each of three payments, once", f"{RIGHT}", f"{plain}", _LOOK)
    if _run(function, killed=None) != RIGHT:
        said = (
            "It remembers in the program, and the program is what gets killed. The database is still there afterwards."
        )
        raise Wrong(said, "three payments, in a database that is new", look=_LOOK)
    again = _run(function, killed=None, times=2)
    if again != RIGHT:
        said = "A payment that is delivered twice is booked twice. After a crash the log delivers again what was not acknowledged."
        if sum(again.values()) < sum(RIGHT.values()):
            said = "When a payment is delivered again, a booking is lost."
        raise Wrong(said, "each payment delivered twice", f"{RIGHT}", f"{again}", _LOOK)
    for step in range(STEPS):
        got = _run(function, killed=step)
        if got != RIGHT:
            raise Wrong(
                _said_killed(got), f"killed before step {step + 1}, then delivered again", f"{RIGHT}", f"{got}", _LOOK
            )


def _run(
    function: Callable[..., Any], *, killed: int | None, times: int = 1, notes: set[str] | None = None
) -> dict[str, int]:
    """The balances after three payments; the first one's program is killed before a step, and it is delivered again.

    notes  gets "tried" if a statement was to change the balances, and "changed" if it did
    """
    noted = set() if notes is None else notes
    with closing(sqlite3.connect(":memory:")) as db:
        db.executescript(TABLES)
        for number, event in enumerate(EVENTS):
            if killed is not None and number == 0:
                _deliver(function, db, event, killed, noted)
            for _ in range(times):
                _deliver(function, db, event, 1_000, noted)
        balances = dict(db.execute("SELECT user, amount FROM balances").fetchall())
        marks = set(db.execute("SELECT source, id FROM handled WHERE consumer = 'billing'").fetchall())
    if balances == RIGHT and marks and marks != {(event.source, event.id) for event in EVENTS}:
        said = "Each payment is booked once, and its mark is not the event's source and id: another program, or tomorrow's, won't know it again."
        raise Wrong(
            said,
            "SELECT source, id FROM handled",
            f"{[(event.source, event.id) for event in EVENTS]}",
            f"{len(marks)} others",
            _LOOK,
        )
    return balances


def _deliver(function: Callable[..., Any], db: sqlite3.Connection, event: Event, before: int, notes: set[str]) -> None:
    """Call it in a process that ends afterwards: what was not committed is gone."""
    try:
        function(Database(db, before, notes), event)
    except _Killed:
        pass
    except sqlite3.Error as error:
        raise Wrong(_said_refused(error), f"receive(database, {event.id})", look=_LOOK) from None
    db.rollback()


def _said_refused(error: sqlite3.Error) -> str:
    if "UNIQUE" in str(error):
        return "The same mark was set twice, and SQLite refused the second. Ask first whether it is there; then there is nothing to do."
    if "number of bindings" in str(error):
        return f"SQLite refused a statement ({error}) Each question mark takes one value of the tuple: (event.source, event.id)."
    return f"SQLite refused a statement ({error})."


def _said_plain(got: dict[str, int], notes: set[str]) -> str:
    if not notes:
        return "No payment was booked: no statement got as far as the balances. What execute gives is true, row or no row; fetchone() is None if there is none."
    if "changed" not in notes:
        return "The booking changed no row. Values stand for the question marks, in their order."
    if not any(got.values()):
        return "Nothing is booked. What is not committed is gone when the process ends."
    if got == {"ada": 7, "grace": 5}:
        return "The amount was written over what was there. A payment is added."
    if got["grace"] == 0:
        return (
            "Grace's payment is not booked: the mailer had handled the event, and its mark was taken for yours. Each consumer of a "
            "database has marks of its own."
        )
    if sum(got.values()) < sum(RIGHT.values()):
        return "A payment is missing, and nothing was killed. What tells events apart is source and id together: shop and kiosk both have a pay-1."
    return "The balances are not right even when nothing goes wrong."


def _said_killed(got: dict[str, int]) -> str:
    if sum(got.values()) > sum(RIGHT.values()):
        return "Killed between the booking and its mark, it books again. Two commits are two moments, and the plug can be pulled between them."
    return (
        "Killed between the mark and the booking, the payment is marked and never booked. Two commits are two moments."
    )


_LOOK = "What must last together belongs between the same two commits."
_HEAD = "def receive(database, event):\n"
_KEY = "(event.source, event.id)"
_WHERE = "consumer = 'billing' AND source = ? AND id = ?"
_KNOWN = f'    if database.execute("SELECT 1 FROM handled WHERE {_WHERE}", {_KEY}).fetchone():\n        return\n'
_MARK = f"    database.execute(\"INSERT INTO handled VALUES ('billing', ?, ?)\", {_KEY})\n"
_BOOK = (
    '    database.execute("UPDATE balances SET amount = amount + ? WHERE user = ?",'
    ' (event.data["amount"], event.data["user"]))\n'
)
_COMMIT = "    database.commit()\n"
_NEW = (
    _MARK.replace("    database", "    new = database")
    .replace("INSERT", "INSERT OR IGNORE")
    .replace("))\n", ")).rowcount\n")
)

RECEIVE = Exercise(
    id="receive",
    lesson=15,
    title="Once, whatever is killed",
    minutes=8,
    task=(
        "Write `receive(database, event)`: it books a payment, `event.data` has `user` and `amount`. The table `balances(user, amount)` has a row for "
        "each user. In the table `handled(consumer, source, id)` each consumer of this database notes the events that it has handled; you are the consumer `billing`. The same event may be delivered again, and the process may be killed between any two steps: in the end each "
        "payment is booked *once*. `database` has `execute(sql, values)` and `commit()`, as SQLite has, and `execute(…).fetchone()` is a row that was found, or `None`. What was "
        "not committed is gone after a crash."
    ),
    stub=(
        "def receive(database, event):\n"
        '    """Book the payment, once."""\n'
        "    # UPDATE balances SET amount = amount + ? WHERE user = ?\n"
        "    # INSERT INTO handled VALUES ('billing', ?, ?)\n"
        "    # SELECT 1 FROM handled WHERE consumer = 'billing' AND source = ? AND id = ?\n"
        "    ..."
    ),
    check=check,
    hints=(
        "Ask first whether billing has handled the event, which source and id tell; fetchone() gives None if it hasn't. Values are a tuple: (event.source, event.id).",
        "Booking and mark, then one commit for both.",
    ),
    solutions=(
        _HEAD + _KNOWN + _BOOK + _MARK + _COMMIT,
        _HEAD
        + "    with database:\n"
        + _NEW.replace("    new", "        new")
        + "        if new:\n"
        + _BOOK.replace("    database", "            database"),
    ),
    wrong={
        _HEAD
        + (_KNOWN + _BOOK + _MARK).replace("(event.source, event.id)", "(event.source, str(hash(event.id)))")
        + _COMMIT: "Each payment is booked once, and its mark",
        _HEAD + _BOOK + _COMMIT: "A payment that is delivered twice",
        _HEAD + _KNOWN + _BOOK + _MARK: "Nothing is booked",
        _HEAD + _KNOWN.replace(".fetchone()", "") + _BOOK + _MARK + _COMMIT: "No payment was booked",
        _HEAD
        + _KNOWN
        + _BOOK.replace('event.data["amount"], event.data["user"]', 'event.data["user"], event.data["amount"]')
        + _MARK
        + _COMMIT: ("The booking changed no row"),
        _HEAD + _BOOK + _MARK + _COMMIT: "The same mark was set twice",
        _HEAD
        + (_KNOWN + _BOOK + _MARK).replace(_KEY, "event.id")
        + _COMMIT: "SQLite refused a statement (Incorrect number",
        _HEAD + (_KNOWN + _BOOK + _MARK).replace("event.source", "'/shop'") + _COMMIT: "A payment is missing",
        _HEAD
        + _KNOWN.replace("consumer = 'billing' AND ", "")
        + _BOOK
        + _MARK
        + _COMMIT: "Grace's payment is not booked",
        _HEAD + (_KNOWN + _BOOK + _MARK).replace("billing", "mailer") + _COMMIT: "Grace's payment is not booked",
        _HEAD + _KNOWN + _BOOK + _COMMIT + _MARK + _COMMIT: "Killed between the booking and its mark",
        _HEAD + _KNOWN + _MARK + _COMMIT + _BOOK + _COMMIT: "Killed between the mark and the booking",
        _HEAD + _KNOWN + _BOOK.replace("amount + ?", "?") + _MARK + _COMMIT: "The amount was written over",
        "seen = set()\n\n\n"
        + _HEAD
        + "    if (event.source, event.id) not in seen:\n        seen.add((event.source, event.id))\n    "
        + _BOOK
        + "    "
        + _COMMIT: ("It remembers in the program"),
        _HEAD + _BOOK.replace("balances", "balance") + _COMMIT: "SQLite refused a statement",
    },
)
