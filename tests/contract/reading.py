"""What every log does, whatever engine it runs on: reading."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest

from contract.setup import LogSetup, SettableClock, an_event, numbers
from eda_workshop.errors import BadPattern, BadSetting, BadTime
from eda_workshop.event import Event, Recorded
from eda_workshop.log import EventLog

NAMES = ("user.signed_up", "folder.created", "folder.moved", "user.profile.updated")


class ReadingContract(LogSetup):
    """The tests of `EventLog.read` and `find`."""

    @pytest.fixture
    def eight(self, log: EventLog, clock: SettableClock) -> EventLog:
        """Eight events a minute apart, names and subjects in turn; the later recorded, the earlier they occurred."""
        for number in range(1, 9):
            subject = "user/ada" if number % 2 else "user/bob"
            log.append(an_event(number, NAMES[number % 4 - 1], subject, day=20 - number))
            clock.move(minutes=1)
        return log

    def test_read_gives_all_in_order(self, eight: EventLog) -> None:
        """Without arguments the whole log comes, in the order recorded; so does iteration."""
        assert numbers(eight.read()) == list(range(1, 9))
        assert list(eight) == list(eight.read())

    def test_read_by_position(self, eight: EventLog) -> None:
        """`after` is left out and `upto` is included."""
        assert numbers(eight.read(5)) == [6, 7, 8]
        assert numbers(eight.read(2, 4)) == [3, 4]
        assert numbers(eight.read(upto=2)) == [1, 2]
        assert numbers(eight.read(4, 4)) == []

    def test_reading_beyond_the_head_gives_nothing(self, eight: EventLog) -> None:
        """A position beyond the head is no error, and `upto` may lie there too."""
        assert numbers(eight.read(8)) == numbers(eight.read(800)) == []
        assert numbers(eight.read(6, 800)) == [7, 8]

    def test_read_by_name(self, eight: EventLog) -> None:
        """One name, or several of which any may be the event's."""
        assert numbers(eight.read(names="folder.created")) == [2, 6]
        assert numbers(eight.read(names=["folder.created", "folder.moved"])) == [2, 3, 6, 7]
        assert numbers(eight.read(names=[])) == []

    def test_read_by_pattern(self, eight: EventLog) -> None:
        """Patterns follow the rules of names: * is one token, > is the rest."""
        assert numbers(eight.read(names="user.*")) == [1, 5]
        assert numbers(eight.read(names="user.>")) == [1, 4, 5, 8]
        assert numbers(eight.read(names=("*.created", "user.profile.updated"))) == [2, 4, 6, 8]

    def test_read_by_very_many_names(self, eight: EventLog) -> None:
        """The number of names has no limit."""
        many = [f"thing.no_{number}" for number in range(40_000)]
        assert numbers(eight.read(names=[*many, "folder.moved"])) == [3, 7]

    def test_read_by_subject(self, eight: EventLog) -> None:
        """Only what is about this entity, exactly; "" is the subject of events about nothing."""
        assert numbers(eight.read(subject="user/ada")) == [1, 3, 5, 7]
        assert numbers(eight.read(subject="user")) == numbers(eight.read(subject="")) == []

    def test_read_by_time_of_occurring(self, eight: EventLog) -> None:
        """A span includes its beginning and leaves out its end; None leaves an end open."""
        assert numbers(eight.read(occurred=("2026-03-15T00:00:00Z", "2026-03-17T00:00:00Z"))) == [4, 5]
        assert numbers(eight.read(occurred=("2026-03-18T00:00:00Z", None))) == [1, 2]
        assert numbers(eight.read(occurred=(None, "2026-03-13T00:00:00.000001Z"))) == [7, 8]

    def test_read_by_time_of_recording(self, eight: EventLog) -> None:
        """The same for when it was recorded, in any time zone."""
        assert numbers(eight.read(recorded=("2026-03-02T09:02:00Z", "2026-03-02T09:04:00Z"))) == [3, 4]
        assert numbers(eight.read(recorded=("2026-03-02T10:07:00+01:00", None))) == [8]

    def test_conditions_hold_together(self, eight: EventLog) -> None:
        """An event is read when it meets all of them."""
        span = (None, "2026-03-18T00:00:00Z")
        assert numbers(eight.read(1, 7, names="user.*", subject="user/ada", occurred=span)) == [5]

    def test_numpy_s_whole_numbers_are_whole_numbers(self, eight: EventLog) -> None:
        """Wherever a position or a count is given."""
        two = np.int64(2)
        assert numbers(eight.read(after=two, upto=np.uint8(4), limit=two)) == [3, 4]
        assert [[event.position for event in page] for page in eight.pages(two, two + 1)] == [[3]]
        assert next(eight.follow(after=two, patience=0)).position == 3
        assert eight.append(an_event(9), expected=np.int32(8)) == (9,)
        eight.keep_position("mailer", two)
        assert eight.subscribers() == {"mailer": 2}
        assert type(eight.consumer("clerk", after=two).position) is int
        worker = eight.group("mailers", "ada", after=two, lease=np.float32(30), attempts=two)
        taken = worker.take()
        assert taken is not None
        assert (taken.position, worker.done(taken), worker.position) == (3, True, 3)

    def test_limit_counts_what_is_read(self, eight: EventLog) -> None:
        """At most so many events come, of those that meet the conditions."""
        assert numbers(eight.read(limit=2)) == [1, 2]
        assert numbers(eight.read(names="user.>", limit=3)) == [1, 4, 5]
        assert numbers(eight.read(limit=0)) == []
        assert numbers(eight.read(limit=2**70)) == numbers(eight.read(after=0, upto=2**70)) == list(range(1, 9))
        assert numbers(eight.read(after=2**70)) == []

    def test_reverse_gives_the_newest_first(self, eight: EventLog) -> None:
        """The same events come in the other order; a limit takes the newest."""
        assert numbers(eight.read(2, 6, reverse=True)) == [6, 5, 4, 3]
        assert numbers(eight.read(names="user.*", reverse=True, limit=1)) == [5]

    def test_a_read_shows_the_log_as_it_was_at_the_call(self, eight: EventLog) -> None:
        """What is appended while somebody reads is not included, so that every read ends."""
        seen = []
        for event in eight.read(6):
            seen.append(event.position)
            eight.append(an_event(100 + event.position))
        assert seen == [7, 8]
        assert eight.head == 10

    def test_a_read_may_be_left_unfinished(self, eight: EventLog) -> None:
        """Two reads don't disturb each other, nor an append between them."""
        first, second = eight.read(), eight.read(reverse=True)
        assert (next(first).position, next(second).position) == (1, 8)
        eight.append(an_event(9))
        assert (next(first).position, next(second).position) == (2, 7)

    def test_raw_is_the_same_without_upcasters(self, eight: EventLog) -> None:
        """As long as nothing is upcasted, both readings are one, with every condition."""
        assert list(eight.read(raw=True)) == list(eight)
        assert numbers(eight.read(1, 7, names="user.*", limit=1, reverse=True, raw=True)) == [5]

    def test_pages_hold_the_same_events(self, eight: EventLog) -> None:
        """Between any two positions, for any subject: lists that together are what `read` gives, but for the hash."""
        for after in range(10):
            for upto in (None, *range(10)):
                for subject in (None, "user/ada", "user"):
                    pages = list(eight.pages(after, upto, subject=subject))
                    read = eight.read(after, upto, subject=subject)
                    assert [plain(event) for page in pages for event in page] == [plain(event) for event in read]

    def test_many_pages_are_one_log(self, log: EventLog) -> None:
        """However many events there are, none is lost or doubled where one page ends and the next begins."""
        for first in range(1, 2_101, 7):
            log.append(*(an_event(number) for number in range(first, first + 6)), an_event(first + 6, subject="week/1"))
        assert [event.position for page in log.pages() for event in page] == list(range(1, 2_101))
        assert [event.position for event in log.read(reverse=True)] == list(range(2_100, 0, -1))
        weekly = list(range(7, 2_101, 7))
        assert [event.position for page in log.pages(subject="week/1") for event in page] == weekly
        assert [event.position for event in log.read(subject="week/1")] == weekly
        for edge in (199, 200, 201, 400, 999, 1_000, 1_001, 2_000):
            assert [e.position for page in log.pages(edge, edge + 2) for e in page] == [edge + 1, edge + 2]
            assert [e.position for page in log.pages(0, edge) for e in page] == list(range(1, edge + 1))

    def test_pages_show_the_log_as_it_was_at_the_call(self, eight: EventLog) -> None:
        """What is appended meanwhile is not included, as with `read`."""
        pages = eight.pages(6)
        eight.append(an_event(9))
        assert [event.position for page in pages for event in page] == [7, 8]

    def test_wrong_pages_are_refused_at_once(self, eight: EventLog) -> None:
        """The call raises, not the first step."""
        for wrong in ({"after": -1}, {"upto": -1}, {"after": "1"}):
            with pytest.raises(BadSetting):
                eight.pages(**wrong)

    def test_find_by_id(self, eight: EventLog) -> None:
        """An event is found by its id, whole and exactly."""
        found = eight.find("evt-0003")
        assert found is not None
        assert found.position == 3
        assert eight.find("evt-000") is None

    def test_wrong_conditions_are_refused_at_once(self, eight: EventLog) -> None:
        """The call raises, not the first step of reading."""
        for wrong in ({"after": -1}, {"upto": -1}, {"limit": -1}, {"after": "1"}, {"occurred": "2026"}):
            with pytest.raises(BadSetting):
                eight.read(**wrong)
        with pytest.raises(BadPattern):
            eight.read(names="folder")
        with pytest.raises(BadTime):
            eight.read(recorded=("2026-03-02T09:00:00", None))


def plain(event: Recorded) -> tuple[int, datetime, Event]:
    """All of a recorded event but its hash."""
    return event.position, event.recorded, event.event
