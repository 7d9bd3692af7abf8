"""The chain of hashes, computed by hand."""

from __future__ import annotations

import hashlib

from eda_workshop import Event, ManualClock, open_log
from eda_workshop.clock import as_instant
from eda_workshop.log.base import canonical


def test_the_hash_is_sha256_over_the_facts_in_writing() -> None:
    """Anybody can recompute it: the hash before, the position, the time, and the event as canonical JSON."""
    log = open_log(clock=ManualClock("2026-03-02T09:00:00Z", tick=1))
    occurred = as_instant("2026-03-01T00:00:00Z")
    log.append(Event("b.a", {"z": "ö", "a": [1.5, None]}, id="1", occurred=occurred), Event("a.b", id="2"))
    written = (
        '{"causation":"","correlation":"1","data":{"a":[1.5,null],"z":"ö"},"extensions":{},"id":"1","name":"b.a",'
        '"occurred":"2026-03-01T00:00:00Z","source":"","subject":"","version":1}'
    )
    first, second = log
    assert canonical(first) == written.encode()
    assert first.hash == hashlib.sha256(f"\n1\n2026-03-02T09:00:00+00:00\n{written}".encode()).hexdigest()
    head = f"{first.hash}\n2\n2026-03-02T09:00:01+00:00\n".encode()
    assert second.hash == hashlib.sha256(head + canonical(second)).hexdigest()


def test_canonical_json_does_not_depend_on_the_order_of_keys() -> None:
    """Equal events have equal bytes."""
    occurred = as_instant("2026-03-01T00:00:00Z")
    left, right = (
        Event("a.b", data, id="1", occurred=occurred) for data in ({"x": {"b": 1, "a": 2}}, {"x": {"a": 2, "b": 1}})
    )
    assert canonical(left) == canonical(right)
    assert canonical(left) != canonical(left.replace(data={"x": {"b": True, "a": 2}}))


def test_a_clock_without_a_zone_is_refused() -> None:
    """A log's times are instants, so that two logs' times can be compared."""
    from datetime import datetime

    import pytest

    from eda_workshop import BadTime

    class Naive:
        """A clock that somebody wrote in a hurry."""

        def now(self) -> datetime:
            return datetime(2026, 3, 2)  # noqa: DTZ001

    log = open_log(clock=Naive())
    with pytest.raises(BadTime, match="no time zone"):
        log.append(Event("a.b"))
    assert log.head == 0
