"""Programs that are killed before each of their writes: what holds, and what is found."""

import itertools
import multiprocessing
import os
import signal
import sqlite3
from contextlib import closing

import pytest

from eda_workshop import Bus, Event, backoff, deduplicated, retry
from eda_workshop.errors import BadLog
from eda_workshop.exercises.crashes import Accident, Computer, Killed, killed_at_each_step
from eda_workshop.exercises.lesson_16.solutions import answer, kit
from eda_workshop.stories.lending import Library, Parts, World, library_log
from eda_workshop.stories.library import SLIPS

WHEN = "2026-03-01T12:00:00Z"
PATIENT = retry(3, wait=backoff(60))
PAYMENTS = tuple(
    Event("payment.received", {"user": user, "amount": amount}, id=f"pay-{number}", source="/shop", occurred=WHEN)
    for number, (user, amount) in enumerate((("ada", 10), ("grace", 5), ("ada", 7)), 1)
)
TABLE = "CREATE TABLE IF NOT EXISTS booked (user TEXT, amount INTEGER)"


class Outbound(list):
    """What readers receive: it goes out of the computer."""

    def __init__(self, computer):
        super().__init__()
        self.computer = computer

    def append(self, message):
        what, content = message
        self.computer.send(f"{what} to {content.get('to') or content.get('reader')}", content)


def march(parts, slips=10):
    """The capstone as a program: ten slips, all typed in again after each start, and the fines of April."""

    def program(computer):
        library = Library(parts, computer.log(), World(Outbound(computer)))
        for slip in SLIPS[:slips]:
            library.take(slip)
        library.open_box(40)

    return program


def booking(computer, book):
    """A durable subscriber that books payments, and sends a receipt for each."""
    log, database = computer.log(), computer.database()
    database.execute(TABLE)
    log.append(*PAYMENTS)
    bus = Bus(log)
    handler = computer.handler(book(computer, database))
    bus.subscriber("billing", durable=True, after=0, on_error=PATIENT).on("payment.received", handler)
    bus.listen(patience=0)


def with_inbox(computer, database):
    return deduplicated(lambda event: insert(database, event), inbox=database, consumer="billing")


def without_inbox(computer, database):
    def book(event):
        with database:
            insert(database, event)

    return book


def commits_twice(computer, database):
    database.execute("CREATE TABLE IF NOT EXISTS handled (id TEXT)")

    def book(event):
        if not database.execute("SELECT 1 FROM handled WHERE id = ?", (event.id,)).fetchone():
            database.execute("INSERT INTO handled VALUES (?)", (event.id,))
            database.commit()
            insert(database, event)
            database.commit()

    return book


def sends_receipts(computer, database):
    return lambda event: computer.send(f"receipt-{event.id}")


def sends_new_ids(computer, database):
    return lambda event: computer.send(f"receipt-{computer.clock.now()}")


def insert(database, event):
    database.execute("INSERT INTO booked VALUES (?, ?)", (event.data["user"], event.data["amount"]))


def kinds(program):
    return {fault.kind for fault in killed_at_each_step(program).faults}


def test_the_capstone_outlives_every_crash():
    """Each letter and each fine goes out, also when the mail server was down for it, and no fact is recorded twice."""
    report = killed_at_each_step(march(kit()))
    assert report.accidents > 50
    assert report.faults == ()


def test_a_reader_whose_letter_failed_once_gets_it_after_a_restart():
    """The mail server is down for Alan's letter; the program ends, and starts again the same day."""
    received, down = [], [True]

    class Post(list):
        def append(self, message):
            if message[0] == "mail" and down and down.pop():
                raise ConnectionError("the mail server is down")
            received.append(message)

    log = library_log()
    library = Library(kit(), log, World(Post()))
    for slip in SLIPS[:6]:
        library.take(slip)
    assert received == []
    Library(kit(), log, World(Post()))
    assert received == [("mail", {"to": "alan", "title": "dune"})]


@pytest.mark.parametrize(
    ("part", "kind"),
    [
        (
            "def wire(bus, post, screen):\n"
            "    def careful(event):\n        try:\n            post(event)\n        except Exception:\n            pass\n"
            '    bus.subscriber("post", durable=True, after=0).on("book.returned", careful)',
            "lost",
        ),
        (
            "def from_slip(slip):\n    verbs = {'borrow': 'borrowed', 'return': 'returned', 'reserve': 'reserved'}\n"
            "    data = {'title': slip['title'], 'reader': slip['reader']}\n"
            "    subject = f\"book/{slip['title']}\"\n"
            "    return Event(f\"book.{verbs[slip['what']]}\", data, subject=subject, occurred=slip['when'])",
            "twice",
        ),
        (
            "def lend(history, event):\n    history.log.append(event.replace(id=f'{event.id}/{history.log.head}'))",
            "twice",
        ),
    ],
)
def test_wrong_parts_of_the_capstone_are_found(part, kind):
    """Failures that are swallowed, and slips without an id of their own."""
    name = part.split("(")[0].removeprefix("def ")
    assert kind in kinds(march(Parts(**{**vars(kit()), name: answer(part, name)}), slips=6))


@pytest.mark.parametrize(
    ("book", "found"),
    [
        (with_inbox, set()),
        (without_inbox, {"twice"}),
        (commits_twice, {"lost"}),
        (sends_receipts, set()),
        (sends_new_ids, {"lost", "changed"}),
    ],
)
def test_what_a_subscriber_does_inside_and_outside(book, found):
    """Inside one transaction: once. Outside: at least once, under the same id. All others are found."""
    assert kinds(lambda computer: booking(computer, book)) == found


def test_the_accident_is_told():
    """A fault says what was done to the program."""
    report = killed_at_each_step(lambda computer: booking(computer, commits_twice))
    assert str(report.faults[0]) == "lost: ('ada', 10) in booked (killed before data was committed)"


def test_a_program_that_no_longer_starts_is_stuck():
    """What an accident has left behind keeps it from starting again."""

    def program(computer):
        database = computer.database()
        database.execute("CREATE TABLE IF NOT EXISTS once (id INTEGER PRIMARY KEY, ended TEXT)")
        if database.execute("SELECT 1 FROM once WHERE ended = 'no'").fetchone():
            raise LookupError("it was not ended well")
        database.execute("INSERT OR REPLACE INTO once VALUES (1, 'no')")
        database.commit()
        database.execute("UPDATE once SET ended = 'yes'")
        database.commit()

    faults = killed_at_each_step(program).faults
    assert {(fault.kind, fault.what) for fault in faults} == {("stuck", "LookupError: it was not ended well")}


def test_a_program_that_is_over_writes_nothing():
    """Neither a finally nor an object that outlived it, whatever it is."""
    kept = []

    def program(computer):
        kept.append((computer.log(), computer.database(), computer))
        try:
            kept[0][0].append(PAYMENTS[0])
        finally:
            computer.send("after its end")

    computer = Computer(accident=Accident(kill=1))
    with pytest.raises(Killed):
        computer.start(program)
    log, database, _ = kept[0]
    for write in (lambda: log.append(PAYMENTS[0]), lambda: log.keep_position("billing", 0)):
        with pytest.raises((Killed, BadLog)):
            write()
    with pytest.raises(sqlite3.ProgrammingError):
        database.execute(TABLE)
    assert (computer.sent, len(computer.log())) == ([], 0)
    computer.close()


def in_a_process(folder, kill):
    process = multiprocessing.get_context("fork").Process(target=really, args=(folder, kill))
    process.start()
    process.join()
    return process.exitcode


def really(folder, kill):
    """Run the program in this process until it is killed."""

    def die():
        os.kill(os.getpid(), signal.SIGKILL)

    computer = Computer(accident=Accident(kill), folder=folder, die=die)
    computer.start(lambda computer: booking(computer, with_inbox))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no processes that begin as copies")
def test_kill_9(tmp_path):
    """The same in processes that are really killed, over files: each payment is booked once."""
    for kill in itertools.count(1):
        folder = tmp_path / str(kill)
        folder.mkdir()
        ended = [in_a_process(folder, number) for number in (kill, 0)]
        with closing(sqlite3.connect(folder / "data.db")) as database:
            rows = database.execute("SELECT user, amount FROM booked ORDER BY amount").fetchall()
        assert rows == [("grace", 5), ("ada", 7), ("ada", 10)]
        if ended == [0, 0]:
            break
        assert ended == [-signal.SIGKILL, 0]
    assert kill > 8
