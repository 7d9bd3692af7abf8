"""Ids: unique, ordered, and countable where a lesson needs it."""

from __future__ import annotations

import threading
import time
import uuid

from eda_workshop import CounterIds, uuid7


def test_uuid7_is_a_uuid_of_version_7() -> None:
    """Version, variant and the time in its first 48 bits follow RFC 9562."""
    before = time.time_ns() // 1_000_000
    made = uuid.UUID(uuid7())
    after = time.time_ns() // 1_000_000
    assert made.version == 7
    assert made.variant == uuid.RFC_4122
    # Ids made in one moment borrow from the moments after it.
    assert before <= made.int >> 80 <= after + 1_000


def test_uuid7_sorts_in_the_order_made() -> None:
    """Also when many are made within a millisecond."""
    made = [uuid7() for _ in range(10_000)]
    assert made == sorted(made)


def test_uuid7_is_unique_over_threads() -> None:
    """Threads that make ids at once never get the same one."""
    start, made = threading.Barrier(4), []

    def make() -> None:
        start.wait()
        made.extend([uuid7() for _ in range(2_000)])

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 8_000


def test_counter_ids_count_each_for_itself() -> None:
    """Two counters don't share their numbers, and the prefix is free; more than 9,999 go on."""
    events, commands = CounterIds(), CounterIds("cmd")
    assert (events(), events(), commands()) == ("evt-0001", "evt-0002", "cmd-0001")
    assert repr(commands) == "CounterIds('cmd')"
    for _ in range(9_997):
        events()
    assert (events(), events()) == ("evt-10000", "evt-10001")
