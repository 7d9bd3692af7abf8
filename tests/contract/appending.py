"""What every log does, whatever engine it runs on: appending."""

from __future__ import annotations

import pytest

from contract.consuming import ConsumingContract
from contract.correcting import CorrectingContract
from contract.deciding import DecidingContract
from contract.following import FollowingContract
from contract.grouping import GroupingContract
from contract.keeping import KeepingContract
from contract.reading import ReadingContract
from contract.setup import SettableClock, an_event, numbers
from contract.together import TogetherContract
from contract.upcasting import UpcastingContract
from eda_workshop.clock import as_instant
from eda_workshop.errors import AmbiguousId, BadEvent, BadLog, BadSetting, Conflict, DuplicateEvent, FrozenData
from eda_workshop.event import Event, Recorded
from eda_workshop.log import EventLog, Query
from eda_workshop.log.records import chain, text_of


class LogContract(
    ReadingContract,
    UpcastingContract,
    KeepingContract,
    CorrectingContract,
    FollowingContract,
    GroupingContract,
    ConsumingContract,
    TogetherContract,
    DecidingContract,
):
    """The tests of an engine; see `contract`."""

    def test_an_empty_log_ends_at_0(self, log: EventLog) -> None:
        """A new log has no events, no head and nothing to find."""
        assert (log.head, len(log), list(log), log.find("evt-0001")) == (0, 0, [], None)

    def test_positions_count_from_1(self, log: EventLog) -> None:
        """Each append continues where the last one ended, without a gap."""
        assert log.append(an_event(1)) == (1,)
        assert log.append(an_event(2), an_event(3)) == (2, 3)
        assert [event.position for event in log] == [1, 2, 3]

    def test_appending_nothing_is_allowed(self, log: EventLog) -> None:
        """An append without events changes nothing."""
        assert log.append() == ()
        assert log.head == 0

    def test_an_event_comes_back_as_it_was(self, log: EventLog) -> None:
        """Every attribute and all data of an event survive, the time to the microsecond."""
        data = {"text": "Zoë 😀 \x00\n", "list": [1, 2.5, -0.0, True, None, {"deep": []}], "big": 2**63, "": {}}
        event = Event(
            "folder.created",
            data,
            subject="folder/Ünï",
            source="/drive",
            id="id " * 3_000,
            occurred=as_instant("2026-03-01T23:59:59.999999+14:00"),
            correlation="c",
            causation="b",
            version=7,
            extensions={"traceparent": "00-x", "flag": True, "count": -3},
        )
        log.append(event)
        found = log.find(event.id)
        assert found is not None
        assert found.event == event
        assert repr(found.data) == repr(event.data)

    def test_what_is_recorded_is_frozen(self, log: EventLog) -> None:
        """Neither a recorded event nor its data can be changed."""
        log.append(an_event(1))
        event = next(log.read())
        with pytest.raises(FrozenData):
            event.position = 2
        with pytest.raises(FrozenData):
            event.data["number"] = 2  # type: ignore[index]

    def test_a_recorded_event_is_appended_as_the_event_it_holds(self, log: EventLog) -> None:
        """Position, time and hash of another log don't come along."""
        foreign = Recorded(
            "user.signed_up", id="x", position=70, recorded=as_instant("2020-01-01T00:00:00Z"), hash="00"
        )
        assert log.append(foreign) == (1,)
        assert next(log.read()).recorded.year == 2026

    def test_only_events_are_appended(self, log: EventLog) -> None:
        """Anything else is refused before something is written."""
        for wrong in ("user.signed_up", [an_event(2)], Event, None):
            with pytest.raises(BadEvent):
                log.append(an_event(1), wrong)  # type: ignore[arg-type]
        assert log.head == 0

    def test_the_expected_head_lets_an_append_through(self, log: EventLog) -> None:
        """`expected` is the position at which the log ends; 0 for an empty one."""
        assert log.append(an_event(1), expected=0) == (1,)
        assert log.append(an_event(2), an_event(3), expected=1) == (2, 3)

    def test_another_head_is_a_conflict(self, log: EventLog) -> None:
        """A mismatch names both positions, and nothing is appended."""
        log.append(an_event(1))
        for expected in (0, 2):
            with pytest.raises(Conflict) as caught:
                log.append(an_event(2), expected=expected)
            assert (caught.value.expected, caught.value.actual) == (expected, 1)
        assert log.head == 1

    def test_appending_nothing_checks_what_was_expected(self, log: EventLog) -> None:
        """Without events the head is compared all the same."""
        assert log.append(expected=0) == ()
        log.append(an_event(1))
        with pytest.raises(Conflict):
            log.append(expected=0)

    def test_a_known_event_comes_before_any_condition(self, log: EventLog) -> None:
        """A retry after a lost acknowledgement succeeds, although the head has moved; a changed one is a duplicate."""
        assert log.append(an_event(1), expected=0, unless=Query("user.*")) == (1,)
        assert log.append(an_event(1), expected=0, after=0, unless=Query()) == (1,)
        with pytest.raises(DuplicateEvent):
            log.append(an_event(1).replace(data={"number": 99}), expected=0)
        with pytest.raises(Conflict):
            log.append(an_event(1), an_event(2), expected=0)
        assert log.head == 1

    def test_an_expectation_is_a_position(self, log: EventLog) -> None:
        """A negative, a broken or a spelled-out number is refused."""
        for wrong in (-1, 0.0, "0", True):
            with pytest.raises(BadSetting):
                log.append(an_event(1), expected=wrong)  # type: ignore[arg-type]
        assert log.head == 0

    def test_the_same_event_again_gives_its_old_position(self, log: EventLog) -> None:
        """Appending is idempotent by id: a retry after a lost answer does no harm."""
        log.append(an_event(1), an_event(2))
        assert log.append(an_event(1)) == (1,)
        assert log.append(an_event(2), an_event(3), an_event(3)) == (2, 3, 3)
        assert log.head == 3

    def test_write_tells_what_is_new(self, log: EventLog) -> None:
        """`write` returns each event as recorded, and whether this call recorded it."""
        log.append(an_event(1))
        written = log.write([an_event(1), an_event(2), an_event(2)])
        assert [(entry.event.position, entry.fresh) for entry in written] == [(1, False), (2, True), (2, False)]
        assert [entry.event for entry in written[:2]] == list(log)

    def test_the_same_id_with_other_content_is_refused(self, log: EventLog) -> None:
        """A fact is never rewritten: the error names the id and where it stands."""
        log.append(an_event(1))
        for changes in ({"data": {"number": True}}, {"occurred": "2026-03-09T00:00:00Z"}, {"subject": "user/eve"}):
            with pytest.raises(DuplicateEvent) as caught:
                log.append(an_event(1).replace(**changes))
            error = caught.value
            assert (error.id, error.position, error.differs) == ("evt-0001", 1, next(iter(changes)))

    def test_an_event_that_is_made_again_is_told_by_its_time(self, log: EventLog) -> None:
        """A retry that makes the event anew has another time; the error names it, and says to send the same event."""
        log.append(Event("a.happened", {}, id="x"))
        with pytest.raises(DuplicateEvent, match="its occurred differs.* send the same event again") as caught:
            log.append(Event("a.happened", {}, id="x"))
        assert caught.value.differs == "occurred"

    def test_two_sources_may_use_one_id(self, log: EventLog) -> None:
        """An event is one by its source and id: each is recorded, found, repeated and refused by itself."""
        bill, order = (
            an_event(1).replace(id="1", source="/billing"),
            an_event(2).replace(id="1", source="/shop"),
        )
        assert log.append(bill, order) == (1, 2)
        assert log.append(an_event(3).replace(id="1")) == (3,)
        assert log.append(order, bill) == (2, 1)
        found = [log.find("1", source=source) for source in ("/billing", "/shop", "/", "")]
        assert [event and event.position for event in found] == [1, 2, 3, 3]
        assert log.find("1", source="/elsewhere") is None
        with pytest.raises(DuplicateEvent) as caught:
            log.append(order.replace(data={}))
        assert (caught.value.id, caught.value.position, caught.value.differs) == ("1", 2, "data")
        assert (log.head, log.verify()) == (3, None)

    def test_an_id_that_several_sources_use_is_ambiguous(self, log: EventLog) -> None:
        """`find` by the id alone works while one source has used it; then the error names the sources."""
        log.append(an_event(1).replace(id="1", source="/billing"))
        found = log.find("1")
        assert found == log.last
        log.append(an_event(2).replace(id="1"))
        with pytest.raises(AmbiguousId) as caught:
            log.find("1")
        assert (caught.value.id, set(caught.value.sources)) == ("1", {"/billing", "/"})
        assert log.find("1", upto=1) == found

    def test_any_text_is_an_id_and_a_source(self, log: EventLog) -> None:
        """Also many at once, with letters that other programs end a text at."""
        events = [an_event(n).replace(id=f"same\x00{n % 9}", source=f"/{n // 9}") for n in range(1, 450)]
        assert log.append(*events) == log.append(*events) == tuple(range(1, 450))
        assert log.head == 449

    def test_a_batch_is_appended_whole_or_not_at_all(self, log: EventLog) -> None:
        """One wrong event in a batch, and none of it is there; also when the batch contradicts itself."""
        log.append(an_event(1))
        for twin in (an_event(1).replace(data={}), an_event(2).replace(data={})):
            with pytest.raises(DuplicateEvent):
                log.append(an_event(2), twin, an_event(3))
        assert numbers(log.read()) == [1]
        assert log.append(an_event(2)) == (2,)

    def test_too_many_at_once_are_refused(self, log: EventLog) -> None:
        """An engine that stores only so many at once says so, and appends none of them; others take all."""
        events = [an_event(number) for number in range(1, (log.max_batch or 2_000) + 2)]
        if log.max_batch is None:
            assert log.append(*events)[-1] == len(events)
            return
        with pytest.raises(BadLog, match=f"{log.max_batch:,}"):
            log.append(*events)
        assert log.head == 0
        assert log.append(*events[:-1])[-1] == log.max_batch

    def test_recorded_is_the_clock_s_time(self, log: EventLog, clock: SettableClock) -> None:
        """The time of recording has nothing to do with the time when it occurred."""
        clock.move(microseconds=1)
        log.append(an_event(1, day=9))
        event = next(log.read())
        assert event.recorded == clock.moment
        assert event.scheduled

    def test_recorded_never_goes_back(self, log: EventLog, clock: SettableClock) -> None:
        """A clock that is set back does not disturb the order of recording."""
        log.append(an_event(1))
        before = clock.moment
        clock.move(hours=-1)
        log.append(an_event(2), an_event(3))
        clock.move(hours=2)
        log.append(an_event(4))
        assert [event.recorded for event in log] == [before, before, before, clock.moment]

    def test_the_hashes_are_a_chain(self, log: EventLog, clock: SettableClock) -> None:
        """Each hash covers the hash before it and the record: position, time of recording and event."""
        log.append(an_event(1), an_event(2))
        clock.move(seconds=1)
        log.append(an_event(3))
        before = ""
        for event in log:
            assert event.hash == chain(before, text_of(event))
            assert event.hash != before
            before = event.hash

    def test_the_same_event_has_another_hash_elsewhere(self, log: EventLog) -> None:
        """Two events that differ in nothing but their ids and places have different hashes."""
        log.append(an_event(1), an_event(1).replace(id="twin"))
        assert len({event.hash for event in log}) == 2

    def test_a_subscriber_s_position_is_kept(self, log: EventLog) -> None:
        """The log remembers how far each durable subscriber has come; None if it was never here."""
        log.append(an_event(1), an_event(2), an_event(3))
        assert log.position_of("mailer") is None
        log.keep_position("mailer", 0)
        log.keep_position("Zoë's folders", 2)
        log.keep_position("mailer", 3)
        assert (log.position_of("mailer"), log.position_of("Zoë's folders")) == (3, 2)
        assert log.position_of("folders") is None
        assert log.subscribers() == {"Zoë's folders": 2, "mailer": 3}

    def test_only_a_position_of_the_log_is_kept(self, log: EventLog) -> None:
        """Nobody has come further than the head."""
        log.append(an_event(1))
        for wrong in (2, -1, 1.0):
            with pytest.raises(BadSetting):
                log.keep_position("mailer", wrong)  # type: ignore[arg-type]
        assert log.position_of("mailer") is None

    def test_closing_twice_is_allowed(self, log: EventLog) -> None:
        """A closed log says so, whatever it is asked; closing it again does nothing."""
        log.append(an_event(1))
        log.close()
        log.close()
        asks = (lambda: log.head, lambda: list(log.read()), lambda: log.append(an_event(2)), lambda: log.find("x"))
        for ask in (*asks, lambda: log.position_of("x"), lambda: log.keep_position("x", 1)):
            with pytest.raises(BadLog, match="closed"):
                ask()
        assert "closed" in repr(log)

    def test_the_repr_tells_how_many(self, log: EventLog) -> None:
        """A log prints as its address and the number of its events."""
        assert repr(log) == f"<EventLog {log.url}: 0 events>"
        log.append(an_event(1))
        assert repr(log) == f"<EventLog {log.url}: 1 event>"
