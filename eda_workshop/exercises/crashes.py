"""A program that is killed before each of its writes and started again: what is lost then, and what is done twice."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from copy import copy
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal, NamedTuple

from eda_workshop.clock import ManualClock
from eda_workshop.event import Event
from eda_workshop.log import EventLog, open_log
from eda_workshop.log.consumers import Key
from eda_workshop.log.own import COMMAND_FAILED

DAY = 86_400
STARTS = 6
"""A program that still fails when it is started for the sixth time never comes to its end."""
FOLLOWING = 3
"""Before how many of the writes that follow a failure it is killed, too: those of its letter and of the position."""
SWITCHED_ON = "2026-03-01T12:00:00Z"

Program = Callable[["Computer"], object]
Moment = Literal["before", "after"]
Kind = Literal["lost", "twice", "changed", "stuck"]


class Killed(BaseException):
    """The program is gone: no `except Exception` hears of it, and nothing is written any more."""


class FailedOnce(Exception):
    """A handler or the outside world failed, and will not fail again."""


class Accident(NamedTuple):
    """What happens to a program, once.

    kill    before which write it is killed, counted from 1, or from the failure if there is one; 0: it isn't
    fail    which call of a handler or of the outside world fails, counted from 1; 0: none
    moment  whether that call fails before its work, or after it, when only the answer is lost
    """

    kill: int = 0
    fail: int = 0
    moment: Moment = "before"


NONE = Accident()


@dataclass(frozen=True)
class Fault:
    """What an accident did to the work of a program.

    kind      "lost", "twice", "changed" (there is an effect that there should not be), or "stuck": it never ends
    what      which effect
    happened  the accident, in words
    """

    kind: Kind
    what: str
    happened: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.kind}: {self.what} ({', then '.join(self.happened)})"


@dataclass(frozen=True)
class Report:
    """What became of a program.

    accidents  how many different ones it went through
    faults     what they did to its work; none if all is as it is without them
    """

    accidents: int
    faults: tuple[Fault, ...]


def killed_at_each_step(program: Program, clock: str = SWITCHED_ON) -> Report:
    """Run the program undisturbed, then kill it before each of its writes and start it again, and compare what is left.

    program  a function of a `Computer`, from which it takes its logs, databases and effects; it is called again after
             an accident, and once more when it has ended, as a program is started again
    clock    when the computer is switched on

    It also goes through each failure of a handler or of the outside world, with and without a kill soon after. Each row
    in a database and each event in a log must be there exactly once, as it is without the accident. What went out must
    have gone out at least once, under the same id. Raises what the program raises when nothing happens to it.

    >>> def program(computer):
    ...     computer.log().append(Event("mail.due", id="mail-1", occurred="2026-03-01T12:00:00Z"))
    ...     computer.send("mail-1")
    >>> killed_at_each_step(program)
    Report(accidents=20, faults=())
    """
    trials = _Trials(program, clock)
    for kill in count(1):
        if not trials.happens(Accident(kill)):
            break
    for moment in ("before", "after"):
        for fail in count(1):
            if not trials.happens(Accident(0, fail, moment)):
                break
            for kill in range(1, FOLLOWING + 1):
                trials.happens(Accident(kill, fail, moment))
    return Report(trials.count, tuple(trials.faults))


class _Trials:
    """One program, and what became of it in each accident."""

    def __init__(self, program: Program, clock: str) -> None:
        self._program, self._clock = program, clock
        self.count = 0
        self.faults: list[Fault] = []
        with closing(Computer(clock)) as computer:
            for _ in range(2):
                computer.start(program)
            self._expected = computer.left()

    def happens(self, accident: Accident) -> bool:
        """Live through an accident; False if the program ended before it came to that."""
        with closing(Computer(self._clock, accident)) as computer:
            problem = _start_until_it_ends(computer, self._program)
            if not computer.happened:
                return False
            happened = tuple(computer.happened)
            stuck: list[tuple[Kind, str]] = [("stuck", problem)]
            found = stuck if problem else self._expected.differs(computer.left())
            self.faults += [Fault(kind, what, happened) for kind, what in found]
        self.count += 1
        return True


def _start_until_it_ends(computer: Computer, program: Program) -> str:
    """Start the program until it has ended by itself twice in a row; the error if it never does."""
    ended, problem = 0, ""
    for _ in range(STARTS):
        try:
            computer.start(program)
            ended += 1
        except (Exception, Killed) as error:
            ended, problem = 0, f"{type(error).__name__}: {error}"
        if ended == 2:
            return ""
    return problem


class Left(NamedTuple):
    """What is left of a program's work, each with how often it is there.

    outside  what went out, by id and content
    inside   the rows of the databases, and the events of the logs without ids and times
    """

    outside: Counter[str]
    inside: Counter[str]

    def differs(self, other: Left) -> list[tuple[Kind, str]]:
        """How another differs from this one, which is right: what is lost, done twice inside, or changed."""
        lost = [*(self.outside.keys() - other.outside.keys()), *(self.inside.keys() - other.inside.keys())]
        changed = [*(other.outside.keys() - self.outside.keys()), *(other.inside.keys() - self.inside.keys())]
        twice = [what for what, times in (other.inside - self.inside).items() if what in self.inside]
        return [
            *(("lost", what) for what in sorted(lost)),
            *(("twice", what) for what in sorted(twice)),
            *(("changed", what) for what in sorted(changed)),
        ]


# --- where it runs ------------------------------------------------------------------------------


class Computer:
    """Where a program runs that may be killed. What it writes with these methods survives, and nothing else does.

    clock     when it is switched on; a day passes between two starts
    accident  what will happen
    folder    where the logs and databases are; None: logs are in memory, and databases in a folder that `close` removes
    die       what happens at a kill, such as to end the process; None: all objects of the program are abandoned

    >>> computer = Computer()
    >>> computer.start(lambda computer: computer.send("mail-1", {"to": "ada"}))
    >>> computer.sent
    [('mail-1', {'to': 'ada'})]
    >>> computer.close()
    """

    def __init__(
        self,
        clock: str = SWITCHED_ON,
        accident: Accident = NONE,
        folder: Path | None = None,
        die: Callable[[], object] | None = None,
    ) -> None:
        self.clock = ManualClock(clock)
        self.happened: list[str] = []
        self._accident, self._die = accident, die
        self._temporary = TemporaryDirectory() if folder is None else None
        self._folder = Path(self._temporary.name if self._temporary else folder or "")
        self._logs: dict[str, EventLog] = {}
        self._life = _Life(self)
        self._writes = self._calls = 0

    # --- what a program uses --------------------------------------------------------------------

    def log(self, name: str = "log") -> EventLog:
        """The log of this name, opened: with the events, positions and letters of all starts."""
        return self._life.watch_log(self._open_log(name), name)

    def database(self, name: str = "data") -> sqlite3.Connection:
        """The database of this name, opened: what was committed in it is there, and nothing else."""
        return self._life.open_database(self._folder / f"{name}.db", name)

    def send(self, id: str, content: Any = None) -> None:
        """Have an effect that nobody can take back, such as an e-mail; whoever gets it knows it again by its id."""
        with self._life.call(f"the sending of {id}"):
            self._life.write(f"{id} went out")
            with (self._folder / "sent").open("a") as file:
                file.write(f"{json.dumps([id, content])}\n")

    def handler(self, handler: Callable[[Event], object]) -> Callable[[Event], None]:
        """The handler, which may now fail once, before its work or after it."""

        def handle(event: Event) -> None:
            with self._life.call(f"the handler of {event.id}"):
                handler(event)

        return handle

    # --- running it -----------------------------------------------------------------------------

    def start(self, program: Program) -> None:
        """Run the program until it ends by itself, fails, or is killed; raises what ends it."""
        self._life = _Life(self)
        try:
            program(self)
        finally:
            self._life.end()
            self.clock.advance(DAY)

    def close(self) -> None:
        """Remove the folder that it has made for itself."""
        self._life.end()
        if self._temporary is not None:
            self._temporary.cleanup()

    @property
    def sent(self) -> list[tuple[str, Any]]:
        """What went out: ids and contents, in order."""
        path = self._folder / "sent"
        return [tuple(json.loads(line)) for line in path.read_text().splitlines()] if path.exists() else []

    def left(self) -> Left:
        """What is left of its work. That a process's command failed once is a part of the accident, and not of the work."""
        inside = Counter(row for path in sorted(self._folder.glob("*.db")) for row in _rows(path))
        for name in sorted(self._logs.keys() | {path.stem for path in self._folder.glob("*.log")}):
            with self._open_log(name) as log:
                inside.update(
                    f"{event.name} {event.subject} {_text(event.data)} in {name}"
                    for event in log
                    if event.name != COMMAND_FAILED
                )
        return Left(Counter(f"{id} {_text(content)}" for id, content in self.sent), inside)

    # --- for the life of a program --------------------------------------------------------------

    def meet_write(self, what: str) -> None:
        """Kill the program if this is the write."""
        self._writes += not self._accident.fail or bool(self.happened)
        if self._accident.kill and self._writes == self._accident.kill:
            self._accident = self._accident._replace(kill=0)
            self.happened.append(f"killed before {what}")
            if self._die is not None:
                self._die()
            raise Killed(what)

    def meet_call(self) -> Moment | None:
        """When the next call fails; None if it doesn't."""
        self._calls += 1
        return self._accident.moment if self._calls == self._accident.fail else None

    def _open_log(self, name: str) -> EventLog:
        if self._temporary is None:
            return open_log(self._folder / f"{name}.log", clock=self.clock)
        if name not in self._logs:
            self._logs[name] = open_log("memory://", clock=self.clock)
        # The copy can be closed with the program; what it holds is the same.
        return copy(self._logs[name])


class _Life:
    """One start of a program: when it is over, nothing that it still holds can write."""

    def __init__(self, computer: Computer) -> None:
        self._computer = computer
        self._is_over = False
        self._open: list[Callable[[], object]] = []

    def write(self, what: str) -> None:
        """Called before each write; raises `Killed` if the program is gone, or is killed now."""
        if self._is_over:
            raise Killed(what)
        try:
            self._computer.meet_write(what)
        except Killed:
            self._is_over = True
            raise

    @contextmanager
    def call(self, what: str) -> Iterator[None]:
        """Around what may fail once."""
        fails = self._computer.meet_call()
        if fails == "before":
            self._fail(f"{what} failed")
        yield
        if fails == "after":
            self._fail(f"{what} failed when all was done")

    def _fail(self, what: str) -> None:
        self._computer.happened.append(what)
        raise FailedOnce(what)

    def watch_log(self, log: EventLog, name: str) -> EventLog:
        """The log, which tells of each write."""
        self._open.append(log.close)
        for method in ("write", "restore", "put_state"):
            setattr(log, method, self._watched(getattr(log, method), name))
        return log

    def _watched(self, write: Callable[..., Any], name: str) -> Callable[..., Any]:
        def watched(what: Any, *more: Any, **named: Any) -> Any:
            self.write(f"{_described(what)} was kept in {name}")
            return write(what, *more, **named)

        return watched

    def open_database(self, path: Path, name: str) -> sqlite3.Connection:
        """The database, which tells of each commit."""
        database = sqlite3.connect(path, factory=_Database)
        database.execute("PRAGMA synchronous = OFF")
        database.before_commit = lambda: self.write(f"{name} was committed")
        self._open += [database.close]
        return database

    def end(self) -> None:
        """Close what the program has left open; what it had not committed is gone."""
        self._is_over = True
        while self._open:
            self._open.pop()()


class _Database(sqlite3.Connection):
    """A connection that tells of a commit before it."""

    before_commit: Callable[[], None] = staticmethod(lambda: None)

    def commit(self) -> None:
        if self.in_transaction:
            self.before_commit()
        super().commit()

    def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
        if sql.strip().upper().startswith(("COMMIT", "END")):
            self.before_commit()
        return super().execute(sql, *values)

    def __exit__(self, kind: type[BaseException] | None, *more: object) -> Literal[False]:
        if kind is None:
            self.commit()
        else:
            self.rollback()
        return False


def _described(what: Any) -> str:
    """What a log is about to keep: events, or something about one of its readers."""
    if isinstance(what, Key):
        return f"the {what.kind} {what.name!r}"
    return ", ".join(event.name for event in what)


def _rows(path: Path) -> list[str]:
    """All rows of all tables of a database."""
    with closing(sqlite3.connect(path)) as database:
        tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return [f"{row} in {table}" for (table,) in tables for row in database.execute(f'SELECT * FROM "{table}"')]


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=dict)
