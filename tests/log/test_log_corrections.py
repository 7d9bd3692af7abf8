"""The log as it counts: order of occurrence, rejections, corrections, and corrections of those."""

from __future__ import annotations

import random
from typing import Any

import pytest

from eda_workshop import BadCorrection, Event, EventLog, ManualClock, open_log
from eda_workshop.clock import as_instant


def an_event(id: str, day: int, name: str = "folder.moved", **data: Any) -> Event:
    """An event that occurred on a day in March 2026."""
    return Event(name, data, id=id, occurred=as_instant(f"2026-03-{day:02}T12:00:00Z"))


def a_log(*events: Event) -> EventLog:
    """A log with these events."""
    log = open_log("memory://", clock=ManualClock("2026-04-01T00:00:00Z", tick=60))
    log.append(*events)
    return log


def reject(id: str, target: str) -> Event:
    return an_event(id, 30, "event.rejected", event=target)


def correct(id: str, target: str, **changes: Any) -> Event:
    return an_event(id, 30, "event.corrected", event=target, **changes)


def counted(log: EventLog, upto: int | None = None) -> list[str]:
    """The ids of the events that count."""
    return [event.id for event in log.effective(upto)]


def test_late_events_come_where_they_occurred() -> None:
    """The order recorded is the log's; the order of occurrence is a view of it, ties by position."""
    log = a_log(an_event("a", 3), an_event("b", 5), an_event("late", 4), an_event("tie", 3))
    assert counted(log) == ["a", "tie", "late", "b"]
    assert [event.id for event in log.read()] == ["a", "b", "late", "tie"]


def test_a_rejected_event_does_not_count() -> None:
    """It stays in the log, and as known before the rejection it counted."""
    log = a_log(an_event("a", 3), an_event("b", 4), reject("r", "a"))
    assert counted(log) == ["b"]
    assert counted(log, upto=2) == ["a", "b"]
    assert len(log) == 3


def test_a_rejection_can_be_rejected() -> None:
    """Then the event counts again; and a third rejection takes it out once more."""
    log = a_log(an_event("a", 3), reject("r1", "a"), reject("r2", "r1"))
    assert counted(log) == ["a"]
    log.append(reject("r3", "r2"))
    assert counted(log) == []


def test_a_correction_gives_other_data() -> None:
    """The event keeps its id, place and time of recording."""
    log = a_log(an_event("a", 3, path="/x"), correct("c", "a", data={"path": "/y"}))
    (event,) = log.effective()
    assert (event.id, event.position, event.data) == ("a", 1, {"path": "/y"})
    assert event.recorded == next(log.read()).recorded
    assert log.effective(upto=1)[0].data == {"path": "/x"}


def test_a_correction_can_move_an_event_in_time() -> None:
    """It then counts at its other place."""
    log = a_log(an_event("a", 3), an_event("b", 5), correct("c", "a", occurred="2026-03-09T00:00:00Z"))
    assert counted(log) == ["b", "a"]


def test_the_newest_correction_wins_and_leaves_the_rest() -> None:
    """One corrects the data, the next the time, the third the data again."""
    log = a_log(
        an_event("a", 3, path="/1"),
        correct("c1", "a", data={"path": "/2"}),
        correct("c2", "a", occurred="2026-03-04T00:00:00Z"),
        correct("c3", "a", data={"path": "/3"}),
    )
    (event,) = log.effective()
    assert (event.data, event.occurred) == ({"path": "/3"}, as_instant("2026-03-04T00:00:00Z"))


def test_a_correction_can_be_rejected() -> None:
    """The event is again what it was, or what an earlier correction made of it."""
    log = a_log(
        an_event("a", 3, path="/1"),
        correct("c1", "a", data={"path": "/2"}),
        correct("c2", "a", data={"path": "/3"}),
        reject("r", "c2"),
    )
    assert log.effective()[0].data == {"path": "/2"}


def test_any_number_of_rejections_is_like_never_having_recorded_them() -> None:
    """For random histories: what counts is what a log without the rejected events would hold, in time's order."""
    draw = random.Random(1)
    for _ in range(50):
        events = [an_event(f"e{number}", draw.randint(1, 28)) for number in range(12)]
        gone = set(draw.sample(range(12), 4))
        log = a_log(*events, *(reject(f"r{number}", f"e{number}") for number in gone))
        clean = a_log(*(event for number, event in enumerate(events) if number not in gone))
        assert counted(log) == counted(clean)


def test_a_correction_may_name_the_source() -> None:
    """Of two events with one id, it means that of the source; without one it would not say which."""
    bill, order = (an_event("1", day).replace(source=source) for day, source in ((3, "/billing"), (4, "/shop")))
    log = a_log(bill, order, an_event("r", 30, "event.rejected", event="1", source="/shop"))
    assert [event.source for event in log.effective()] == ["/billing"]
    log.append(an_event("c", 30, "event.corrected", event="1", source="/billing", data={"fixed": True}))
    assert [(event.source, event.data) for event in log.effective()] == [("/billing", {"fixed": True})]
    with pytest.raises(BadCorrection, match="several sources have used that id"):
        a_log(bill, order, reject("r", "1"))


def test_an_id_that_another_source_uses_later_changes_no_correction() -> None:
    """What a correction means is settled when it is recorded: the one event that had the id by then."""
    bill, order = (an_event("1", day).replace(source=source) for day, source in ((3, "/billing"), (4, "/shop")))
    assert [event.source for event in a_log(bill, reject("r", "1"), order).effective()] == ["/shop"]
