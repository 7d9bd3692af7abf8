"""The chain of hashes, computed by hand."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

import pytest

from eda_workshop import BadTime, Event, ManualClock, open_log
from eda_workshop.clock import as_instant
from eda_workshop.log.records import difference, seal, text_of, unpack
from eda_workshop.values import FrozenDict, FrozenList, freeze


def test_the_hash_is_sha256_over_the_record_in_writing() -> None:
    """Anybody can recompute it: the hash before, a line's end, and the record as JSON, empty attributes left out."""
    log = open_log(clock=ManualClock("2026-03-02T09:00:00Z", tick=1))
    occurred = as_instant("2026-03-01T00:00:00Z")
    log.append(Event("b.a", {"z": "ö", "a": [1.5, None]}, id="1", occurred=occurred), Event("a.b", id="2"))
    written = (
        '{"name":"b.a","data":{"z":"ö","a":[1.5,null]},"id":"1","occurred":"2026-03-01T00:00:00Z","correlation":"1",'
        '"position":1,"recorded":"2026-03-02T09:00:00Z"}'
    )
    first, second = log
    assert text_of(first) == written
    assert first.hash == hashlib.sha256(f"\n{written}".encode()).hexdigest()
    assert second.hash == hashlib.sha256(f"{first.hash}\n{text_of(second)}".encode()).hexdigest()


@pytest.mark.parametrize("empty", [{}, FrozenDict(), freeze({})])
def test_what_is_empty_is_left_out_however_it_was_made(empty: dict[str, Any]) -> None:
    """Equal events have equal records, so that a copy of a log has its hashes."""
    facts = {"name": "a.b", "id": "1", "occurred": "2026-03-01T00:00:00Z"}
    event = Event(**facts, data=empty, extensions=empty, subject="".join([]), version=int("1"))
    record, text = seal(event, 1, as_instant("2026-03-02T09:00:00Z"), "")
    assert text == text_of(seal(Event(**facts), 1, record.recorded, "")[0])
    assert text_of(unpack(text)[0]) == text


@pytest.mark.parametrize("data", [{"x": {"y": [1]}}, {"x": []}, {"x": "{["}, {}, {"x": 1}])
def test_what_is_read_is_frozen(data: dict[str, Any]) -> None:
    """Flat or nested, the data of a record that is read refuses every change."""
    event = Event("a.b", data, extensions={"flag": True})
    record, text = seal(event, 1, event.occurred, "")
    read = unpack(text, record.hash)[0]
    assert (read, repr(read.data)) == (record, repr(event.data))
    for place in (read.data, read.extensions, read.data.get("x")):
        if isinstance(place, (dict, list)):
            assert type(place) in (FrozenDict, FrozenList)


@pytest.mark.parametrize(("one", "other"), [(1, True), (1, 1.0), (0.0, -0.0), ("1", 1)])
def test_what_json_tells_apart_is_not_the_same(one: object, other: object) -> None:
    """Python calls some of these equal; a record does not."""
    event = Event("a.b", {"x": one, "y": 2}, id="1")
    assert difference(event, event.replace(data={"x": other, "y": 2})) == "data"
    assert difference(event, event.replace(data={"y": 2, "x": one})) == ""


def test_a_clock_without_a_zone_is_refused() -> None:
    """A log's times are instants, so that two logs' times can be compared."""

    class Naive:
        """A clock that somebody wrote in a hurry."""

        def now(self) -> datetime:
            return datetime(2026, 3, 2)  # noqa: DTZ001

    log = open_log(clock=Naive())
    with pytest.raises(BadTime, match="no time zone"):
        log.append(Event("a.b"))
    assert log.head == 0
