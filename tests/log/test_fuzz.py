"""Ten thousand inputs that somebody else might hand in, made from good ones: each is taken and comes back, or is refused by name."""

from __future__ import annotations

import json
import random
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from eda_workshop import EdaError, Event, ManualClock, open_log
from eda_workshop.log import EventLog
from eda_workshop.log.records import text_of, unpack

SEED = 16
FILES, DOCUMENTS, RECORDS = 3_000, 4_000, 3_000
PATIENCE = 120
"""Seconds for all inputs of a kind, which take a tenth of that."""

PIECES = [
    *(
        "{",
        "}",
        "[",
        "]",
        '"',
        ":",
        ",",
        "\\",
        "\\u0000",
        "\\ud800",
        "null",
        "true",
        "-0",
        "1e999",
        "-1",
        "NaN",
        "\n",
        "\r",
        " ",
    ),
    *(
        "9" * 20,
        "9" * 4_301,
        "\ufeff",
        "☃",
        "\x00",
        "[" * 70,
        '{"a":' * 1_100,
        "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:59:60Z",
    ),
    *('"source":', '"edasequence":"3",', '"sequence":', '"data":[],', '"data":null,', '"hash":1,', "x" * 3_000),
]
"""What is put into texts."""
VALUES: list[Any] = [
    *(
        None,
        True,
        False,
        0,
        -1,
        1.5,
        2**31,
        2**64,
        10**400,
        float("nan"),
        float("inf"),
        "",
        "x",
        "\x00",
        "9" * 4_301,
        [],
        {},
    ),
    *(
        [[]],
        {"a": {"b": [1]}},
        b"bytes",
        object(),
        "0001-01-01T00:00:00+01:00",
        "2026-W10-1T09:00:00Z",
        "/",
        "my laptop",
    ),
    *(
        "a.b",
        "com.example.OrderPlaced",
        "application/notjson",
        "1.0",
        "text/xml",
        "1" * 12,
        "f" * 64,
        {1: 2},
        {"x": {3}},
    ),
]
"""What is put in the place of values."""


@contextmanager
def guarded() -> Iterator[None]:
    """End a test that hangs."""
    if not hasattr(signal, "alarm"):
        yield
        return
    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    signal.alarm(PATIENCE)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def a_log() -> EventLog:
    """A log of records with all that an event can have."""
    log = open_log(clock=ManualClock(tick=1))
    log.append(
        Event("user.signed_up", {"name": "Ada"}, id="1", occurred="2026-03-02T09:00:00Z"),
        Event(
            *("folder.created", {"path": "/фото", "deep": [{"a": [1, 2.5, None, True]}], "n": -7}),
            id="1",
            source="/drive",
            subject="folder/1",
            occurred="2026-03-01T09:00:00.25Z",
            version=3,
            correlation="c",
            causation="1",
            extensions={"traceparent": "00-x", "flag": True, "n": 2},
        ),
        Event("email.sent", {"to": "Zoë 😀"}, id="2", occurred="2026-03-02T09:00:00Z"),
    )
    return log


GOOD = [event.to_cloudevent() for event in a_log()] + [
    {"specversion": "1.0", "id": "7", "source": "urn:x", "type": "order.placed", "data": {"euros": 3}},
    {"specversion": "1.0", "id": "8", "source": "/x", "type": "order.placed", "datacontenttype": "application/json"}
    | {"time": "2026-03-02T09:00:00+01:00", "sequence": "001", "hash": "abc", "data": {}},
]


def mutated_text(chance: random.Random, text: str) -> str:
    """The text with some pieces put in, left out, repeated or exchanged."""
    for _ in range(chance.choice((1, 1, 1, 2, 5))):
        start = chance.randrange(len(text) + 1)
        end = min(len(text), start + chance.choice((0, 0, 1, 3, 30)))
        piece = chance.choice((chance.choice(PIECES), text[end : end + 9], chr(chance.randrange(1, 0x300)), ""))
        text = text[:start] + piece + text[end:]
    return text


def mutated_document(chance: random.Random, document: dict[str, Any]) -> dict[str, Any]:
    """The document with some values exchanged, left out, or under other names."""
    document = json.loads(json.dumps(document))
    for _ in range(chance.choice((1, 1, 2, 4))):
        name = chance.choice([*document, "extra", "Extra", "sequence", "recordedtime", "hash", "edasequence", "time"])
        match chance.randrange(4):
            case 0:
                document.pop(name, None)
            case 1:
                document[chance.choice([*document, "x", "trace-parent", ""])] = document.get(name)
            case _:
                document[name] = chance.choice(VALUES)
    return document


def attempted(work: Callable[[], Any]) -> Any:
    """What it returns; None if it is refused with an error of the kit's, which has a sentence."""
    try:
        return work()
    except EdaError as error:
        return str(error) and None


def check_file(path: Path) -> bool:
    """Load the file; what was taken is saved, and loaded elsewhere it is the same. Whether it was taken."""
    with open_log(clock=ManualClock()) as log, open_log() as copy:
        taken = attempted(lambda: log.load(path))
        out = path.with_name("out.ndjson")
        out.unlink(missing_ok=True)
        log.save(out)
        copy.load(out, restore=True)
        assert list(copy) == list(log)
        return taken is not None


def test_files_of_lines(tmp_path: Path) -> None:
    """Bytes that are no UTF-8 included."""
    chance, taken = random.Random(SEED), 0
    whole = "\n".join(json.dumps(document, ensure_ascii=False) for document in GOOD) + "\n"
    with guarded():
        for number in range(FILES):
            text = mutated_text(chance, whole).encode("utf-8", "surrogatepass")
            if number % 10 == 0:
                place = chance.randrange(len(text))
                text = text[:place] + chance.randbytes(3) + text[place + 3 :]
            (tmp_path / "in.ndjson").write_bytes(text)
            taken += check_file(tmp_path / "in.ndjson")
    assert FILES / 20 < taken < FILES


def test_arrays(tmp_path: Path) -> None:
    """The batch of the specification, by a tenth as many."""
    chance, whole = random.Random(SEED), json.dumps(GOOD)
    with guarded():
        for _ in range(FILES // 10):
            (tmp_path / "in.json").write_text(mutated_text(chance, whole), "utf-8", "surrogatepass")
            check_file(tmp_path / "in.json")


def test_documents() -> None:
    """Dicts that no JSON parser has made, with values that JSON doesn't have."""
    chance, taken = random.Random(SEED), 0
    with guarded():
        for _ in range(DOCUMENTS):
            document = mutated_document(chance, chance.choice(GOOD))
            event = attempted(lambda document=document: Event.from_cloudevent(document))
            if event is not None:
                taken += 1
                assert Event.from_cloudevent(json.dumps(event.to_cloudevent())) == event
    assert DOCUMENTS / 20 < taken < DOCUMENTS


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[tuple[EventLog, sqlite3.Connection]]:
    """A log in a file, and somebody else's connection to it, who has taken the triggers out."""
    with open_log(tmp_path / "x.db", durable=False) as log:
        log.restore(list(a_log()))
        with closing(sqlite3.connect(tmp_path / "x.db", isolation_level=None)) as db:
            db.execute("PRAGMA synchronous = OFF")
            for (trigger,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
                db.execute(f"DROP TRIGGER {trigger}")
            yield log, db


def test_records_in_a_file(opened: tuple[EventLog, sqlite3.Connection]) -> None:
    """Whatever stands in a record, it is read as an event that can be stored again, or the log is said to be damaged."""
    log, db = opened
    chance, taken = random.Random(SEED), 0
    texts = dict(db.execute("SELECT position, event FROM events"))
    with guarded():
        for _ in range(RECORDS):
            place = chance.choice(list(texts))
            text = mutated_text(chance, texts[place]).encode("utf-8", "surrogatepass").decode("utf-8", "replace")
            db.execute("UPDATE events SET event = ? WHERE position = ?", (text, place))
            asks = (log.verify, log.statistics, lambda: log.find("2"), lambda: list(log.pages()), lambda: log.last)
            for ask in asks:
                attempted(ask)
            events = attempted(lambda: list(log))
            for event in events or ():
                assert unpack(text_of(event), event.hash) == [event]
            taken += events is not None
            db.execute("UPDATE events SET event = ? WHERE position = ?", (texts[place], place))
    assert RECORDS / 20 < taken < RECORDS
    assert list(log) == list(a_log())
