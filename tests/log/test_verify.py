"""verify: whatever somebody changes in the file is noticed, or changes nothing that can be read."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from contract.setup import an_event
from thorough import THOROUGH

from eda_workshop import BadLog, Event, ManualClock, open_log
from eda_workshop.clock import as_instant
from eda_workshop.log.sqlite import SQLiteLog
from eda_workshop.log.sqlite_schema import shape

SUBSCRIBERS = ("mailer", "search")
SUBJECTS = ("", "folder/x", "user/ada")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A closed log of twelve events and two subscribers' positions, all of it in the one file."""
    path = tmp_path / "drive.db"
    with SQLiteLog(path, ManualClock(tick=1)) as log:
        for number in range(1, 13):
            tags = ("path:/photos", "user/ada") if number == 5 else ()
            log.append(an_event(number, "folder.created", SUBJECTS[number % 3]).replace(tags=tags))
        log.keep_position("mailer", 7)
        log.keep_position("search", 12)
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
    return path


def tampered(path: Path, *statements: str) -> Any:
    """What verify says after these statements, with the triggers put back as they were."""
    triggers = [sql for kind, _, sql in shape() if kind == "trigger"]
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for kind, name, _ in shape():
            if kind == "trigger":
                db.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            db.execute(statement)
        for trigger in triggers:
            db.execute(trigger)
    with open_log(path) as log:
        return log.verify()


def test_an_untouched_file_is_whole(path: Path) -> None:
    """Also after its triggers were dropped and put back: that alone changes nothing."""
    with open_log(path) as log:
        assert log.verify() is None
    assert tampered(path) is None


TAMPERED = [
    ("UPDATE events SET event = replace(event, '\"number\":5', '\"number\":6') WHERE position = 5", 5, "hash"),
    ("UPDATE events SET event = event || ' ' WHERE position = 5", 5, "hash"),
    ("UPDATE events SET event = event || ',' || event WHERE position = 5", 5, "hash"),
    ("UPDATE events SET event = '' WHERE position = 5", 5, "hash"),
    ("UPDATE events SET event = CAST(x'ff' AS TEXT) WHERE position = 5", 5, ""),
    (
        "UPDATE events SET event = replace(event, '2026-03-01T00:00:00Z', '0001-01-01T00:00:00+01:00') WHERE position = 5",
        5,
        "hash",
    ),
    (
        "UPDATE events SET event = replace(event, '{\"number\":5}', '" + '{"a":' * 2_000 + "') WHERE position = 5",
        5,
        "hash",
    ),
    ("UPDATE events SET hash = upper(hash) WHERE position = 12", 12, "hash"),
    ("UPDATE events SET hash = '' WHERE position = 1", 1, "hash"),
    ("UPDATE events SET hash = hash || '0' WHERE position = 3", 3, "hash"),
    ("UPDATE events SET hash = (SELECT hash FROM events WHERE position = 4) WHERE position = 3", 3, "hash"),
    ("UPDATE events SET id = 'evt-9999' WHERE position = 2", 2, "column id"),
    ("UPDATE events SET source = '/eve' WHERE position = 2", 2, "column source"),
    ("UPDATE events SET name = 'folder.moved' WHERE position = 12", 12, "column name"),
    ("UPDATE events SET subject = 'user/eve' WHERE position = 5", 5, "column subject"),
    ("UPDATE events SET occurred = occurred + 1 WHERE position = 1", 1, "column occurred"),
    ("UPDATE events SET recorded = recorded - 1 WHERE position = 8", 8, "column recorded"),
    ("UPDATE events SET recorded = 9223372036854775807 WHERE position = 12", 12, "column recorded"),
    ("UPDATE events SET position = 99 WHERE position = 12", 12, "missing; the next record is at 99"),
    ("UPDATE events SET position = 0 WHERE position = 1", 1, "missing"),
    ("UPDATE events SET position = -1 WHERE position = 1", 1, "missing"),
    ("DELETE FROM events WHERE position = 6", 6, "missing; the next record is at 7"),
    ("DELETE FROM events WHERE position = 1", 1, "missing; the next record is at 2"),
    ("DELETE FROM events WHERE position BETWEEN 3 AND 11", 3, "missing; the next record is at 12"),
    (
        "INSERT INTO events SELECT 13, '', 'new', name, subject, occurred, recorded, hash, event FROM events LIMIT 1",
        13,
        "hash",
    ),
    ("DELETE FROM tags WHERE tag = 'user/ada'", 5, "tags doesn't say what the record says about the tag 'user/ada'"),
    ("DELETE FROM tags", 5, "the tag 'path:/photos'"),
    ("UPDATE tags SET name = 'folder.moved' WHERE tag = 'user/ada'", 5, "the tag 'user/ada'"),
    ("INSERT INTO tags VALUES ('user/eve', 3, 'folder.created')", 3, "the tag 'user/eve'"),
    ("INSERT INTO tags VALUES ('user/eve', 13, 'folder.created')", 13, "the tag 'user/eve'"),
    ("UPDATE tags SET position = 6 WHERE tag = 'user/ada'", 5, "the tag 'user/ada'"),
    ("UPDATE tags SET tag = 'user/eve' WHERE tag = 'user/ada'", 5, "the tag 'user/ada'"),
    ("UPDATE events SET event = replace(event, 'user/ada\",\"', 'user/eve\",\"') WHERE position = 5", 5, "hash"),
]


@pytest.mark.parametrize(("sql", "position", "words"), TAMPERED)
def test_a_change_is_named_with_its_position(path: Path, sql: str, position: int, words: str) -> None:
    """Text, hash or column changed, a record moved, taken out or put in: the first that doesn't fit is named."""
    damage = tampered(path, sql)
    assert damage.position == position
    assert words in damage.problem
    assert str(damage) == f"position {position}: {damage.problem}"


@pytest.mark.parametrize(("sql", "position"), [(sql, position) for sql, position, _ in TAMPERED])
def test_a_changed_log_raises_nothing_but_our_error(path: Path, sql: str, position: int) -> None:
    """Whatever was done to it, it can be read or says that it can't; it never ends in somebody else's error."""
    tampered(path, sql)
    with open_log(path) as log:
        for ask in (lambda: list(log), lambda: list(log.pages()), lambda: log.find("evt-0005"), log.statistics):
            try:
                ask()
            except BadLog as error:
                assert "damaged" in str(error) or "can't be" in str(error)  # noqa: PT017


@pytest.mark.parametrize(("tag", "other"), [("a\x00b", "a"), ("a", "a\x00b")])
def test_a_tag_is_compared_whole(path: Path, tag: str, other: str) -> None:
    """SQLite's JSON ends a text at a NUL; a log with such a tag is whole all the same, and a shortened one is found."""
    with open_log(path) as log:
        log.append(an_event(13).replace(tags=(tag,)))
        assert log.verify() is None
    sql = f"UPDATE tags SET tag = CAST(x'{other.encode().hex()}' AS TEXT) WHERE position = 13"
    assert tampered(path, sql).position == 13


def test_two_records_that_changed_places_are_named(path: Path) -> None:
    """Both are real records of this log, but the first of them stands where it never was."""
    moves = [f"UPDATE events SET position = {to} WHERE position = {at}" for at, to in ((4, 99), (9, 4), (99, 9))]
    damage = tampered(path, *moves)
    assert damage.position == 4
    assert "hash" in damage.problem


def test_a_chain_made_anew_shows_in_the_columns_or_the_subscribers(path: Path) -> None:
    """Who knows how to hash can write history anew; a position that was kept with the old hashes gives it away."""
    from eda_workshop.log.records import chain, row_of, unpack

    with open_log(path) as log:
        texts = [row.event.replace('"number":3', '"number":4') for row in log._rows()]
    digest, rows = "", []
    for text in texts:
        digest = chain(digest, text)
        rows.append(row_of(unpack(text, digest)[0], text))
    columns = ", ".join(map(repr, rows[0]._fields))
    inserts = [f"INSERT INTO events ({columns}) VALUES {tuple(row)!r}" for row in rows]
    damage = tampered(path, "DELETE FROM events", *inserts)
    assert damage.position == 13
    assert "'mailer'" in damage.problem
    with open_log(path) as log, pytest.raises(BadLog, match="it never kept"):
        log.position_of("mailer")


@pytest.mark.parametrize(
    ("event", "moment", "words"),
    [
        (an_event(13), "2020-01-01T00:00:00Z", "recorded before the record at the position before"),
        (an_event(13), "2026-03-02T09:00:11Z", None),
    ],
)
def test_a_record_that_only_hashes_right_is_no_record(path: Path, event: Event, moment: str, words: str | None) -> None:
    """Put in by hand with its proper hash, it shows by its time; with a proper time as well it is a record."""
    from eda_workshop.log.records import row_of, seal

    with open_log(path) as log:
        row = row_of(*seal(event, 13, as_instant(moment), log.last.hash))
    damage = tampered(path, f"INSERT INTO events VALUES {tuple(row)!r}")
    assert (damage and damage.position) == (words and 13)
    assert words is None or words in damage.problem


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+01:00", "2026-03-01T01:00:00+01:00", "2026-03-01T00:00:00"])
def test_a_record_whose_time_is_not_in_utc_is_no_record(path: Path, text: str) -> None:
    """Even with its proper hash: a log writes no such times, and some of them no calendar has."""
    from eda_workshop.log.records import chain, row_of, seal

    with open_log(path) as log:
        record, written = seal(an_event(13), 13, as_instant("2026-03-02T09:00:11Z"), log.last.hash)
        changed = written.replace("2026-03-01T00:00:00Z", text)
        row = row_of(record, changed)._replace(hash=chain(log.last.hash, changed))
    damage = tampered(path, f"INSERT INTO events VALUES {tuple(row)!r}")
    assert damage.position == 13
    assert "not in UTC" in damage.problem or "not an event" in damage.problem
    with open_log(path) as log, pytest.raises(BadLog, match="damaged at position 13"):
        list(log)


def test_a_cut_end_shows_only_beside_the_log(path: Path) -> None:
    """The records that are left fit; a subscriber that had come further than the end gives it away, and so does a tip."""
    with open_log(path) as log:
        last = log.last
    damage = tampered(path, "DELETE FROM events WHERE position > 10")
    assert (damage.position, "'search'" in damage.problem) == (11, True)
    with open_log(path) as log:
        assert log.last != last
        assert log.position_of("mailer") == 7
        with pytest.raises(BadLog, match="'search' that it never kept"):
            log.position_of("search")
        assert log.delete_subscriber("search")
        log.keep_position("search", 10)
        assert log.verify() is None


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("UPDATE states SET text = json_set(text, '$.position', 8) WHERE name = 'mailer'", "'mailer'"),
        ("UPDATE states SET text = json_set(text, '$.position', 99) WHERE name = 'mailer'", "'mailer'"),
        ("UPDATE states SET text = json_set(text, '$.proof', '') WHERE name = 'mailer'", "'mailer'"),
        ("UPDATE states SET text = '{' WHERE name = 'mailer'", "'mailer'"),
        ("UPDATE states SET text = json_set(text, '$.position', 'seven') WHERE name = 'mailer'", "'mailer'"),
        ("UPDATE states SET name = 'eve' WHERE name = 'mailer'", "'eve'"),
        ("INSERT INTO states SELECT kind, 'eve', item, revision, text FROM states WHERE name = 'mailer'", "'eve'"),
        ("DROP INDEX events_by_subject", "an index or a trigger was changed"),
        ("DROP VIEW readable", "was changed"),
        ("CREATE TABLE notes (text TEXT)", "was changed"),
        ("CREATE TRIGGER forget AFTER INSERT ON states BEGIN DELETE FROM states; END", "was changed"),
        ("DROP TABLE states", "no such table"),
    ],
)
def test_a_change_beside_the_records_is_told_behind_them(path: Path, sql: str, words: str) -> None:
    """Subscribers' positions, indexes, triggers and views: the position is one more than the last record's."""
    if sql == "DROP TABLE states":
        with open_log(path) as log:
            with closing(sqlite3.connect(path)) as db:
                db.execute(sql)
            damage: Any = log.verify()
    else:
        damage = tampered(path, sql)
    assert damage.position == 13
    assert words in damage.problem


def test_missing_triggers_are_told(path: Path) -> None:
    """Without them anybody could change the log, so a file that lost them isn't whole."""
    with closing(sqlite3.connect(path)) as db:
        db.execute("DROP TRIGGER no_delete")
    with open_log(path) as log:
        damage = log.verify()
    assert damage is not None
    assert damage.position == 13


# --- bytes --------------------------------------------------------------------------------------


def answers(path: Path) -> dict[str, Any]:
    """All that can be read from the log; an error counts as noticed, and so does what verify says."""
    with open_log(path) as log:
        found: dict[str, Any] = {"damage": log.verify()}
        if found["damage"]:
            return found
        found["events"] = list(log)
        found["pages"] = [event.event for page in log.pages() for event in page]
        for subject in SUBJECTS:
            found[subject] = list(log.read(subject=subject, reverse=True))
        for number in range(13):
            found[str(number)] = log.find(f"evt-{number:04}")
        found["positions"] = [log.position_of(name) for name in (*SUBSCRIBERS, "nobody")]
        found["tip"], found["names"] = log.last, log.statistics().names
    return found


def places(size: int) -> Iterator[tuple[int, int]]:
    """Bytes and bits to flip: a sample of the same ones each time, or one bit of every byte."""
    chance = random.Random(2)
    for offset in range(size) if THOROUGH else (*range(18, 24), *chance.sample(range(size), 150)):
        yield offset, 1 << chance.randrange(8)


def test_a_flipped_bit_is_noticed_or_changes_nothing(path: Path) -> None:
    """Anywhere in the file: opening, verify or reading says so, or every answer is as it was."""
    whole, before, noticed = path.read_bytes(), answers(path), 0
    for offset, bit in places(len(whole)):
        content = bytearray(whole)
        content[offset] ^= bit
        for leftover in path.parent.glob("drive.db*"):
            leftover.unlink()
        path.write_bytes(content)
        try:
            after = answers(path)
        except BadLog:
            noticed += 1
            continue
        if after["damage"] is not None:
            noticed += 1
            continue
        assert after == before, f"byte {offset}, bit {bit}"
    assert noticed > 20


def test_an_event_with_any_letter_changed_is_noticed(path: Path) -> None:
    """Every byte of a record's text and hash counts."""
    whole = path.read_bytes()
    with closing(sqlite3.connect(path)) as db:
        text, digest = db.execute("SELECT event, hash FROM events WHERE position = 5").fetchone()
    start, end = whole.index(digest.encode()), whole.index(text.encode()) + len(text)
    step = 1 if THOROUGH else 5
    for offset in range(start, end, step):
        content = bytearray(whole)
        content[offset] ^= 1
        path.write_bytes(content)
        with open_log(path) as log:
            damage = log.verify()
        assert damage is not None, offset
        assert damage.position == 5


def test_a_recorded_event_of_the_future_is_no_damage(tmp_path: Path) -> None:
    """A scheduled event, and one recorded at the same moment as the last, are as they should be."""
    with open_log(tmp_path / "drive.db", clock=ManualClock()) as log:
        log.append(Event("a.b"), an_event(1, day=30))
        assert log.verify() is None
