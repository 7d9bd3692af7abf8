"""What every log does, whatever engine it runs on: being followed."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Thread

import pytest

from contract.setup import LogSetup, an_event, fill, numbers
from eda_workshop.errors import BadPattern, BadSetting
from eda_workshop.log import EventLog, Follower

SOON = 10
"""Seconds; a follower that has not ended by then never will."""


class FollowingContract(LogSetup):
    """The tests of `EventLog.follow`."""

    @pytest.fixture
    def three(self, log: EventLog) -> EventLog:
        """A log of three events."""
        log.append(an_event(1), an_event(2, "folder.created", "folder/x"), an_event(3))
        return log

    def test_following_catches_up(self, three: EventLog) -> None:
        """With no patience it ends where the log ends now, and knows how far it has come."""
        follower = three.follow(1, patience=0)
        assert (follower.position, numbers(follower), follower.position) == (1, [2, 3], 3)
        assert list(three.follow(3, patience=0)) == list(three.follow(80, patience=0)) == []

    def test_following_an_empty_log(self, log: EventLog) -> None:
        """There is nothing to give, and that is no error; the first event comes when it is there."""
        follower = log.follow(patience=0)
        assert list(follower) == []
        log.append(an_event(1))
        assert numbers(follower) == [1]

    def test_following_goes_on(self, three: EventLog) -> None:
        """What is appended after it began comes too, each once; also after it ran out of patience."""
        follower = three.follow(patience=0)
        assert next(follower).position == 1
        three.append(an_event(4))
        assert numbers(follower) == [2, 3, 4]
        three.append(an_event(5), an_event(6))
        assert (numbers(follower), numbers(follower)) == ([5, 6], [])

    def test_patience_is_waited_for(self, log: EventLog) -> None:
        """It ends when so many seconds brought no event, not before."""
        start = time.monotonic()
        assert list(log.follow(patience=0.1)) == []
        assert 0.1 <= time.monotonic() - start < SOON

    def test_following_live_has_no_gap_and_no_double(self, three: EventLog) -> None:
        """While another thread appends, every event comes once, in order, whenever the follower began."""

        def append() -> None:
            for number in range(4, 204):
                three.append(an_event(number))

        appender = Thread(target=append)
        early = three.follow(patience=SOON)
        appender.start()
        assert [next(early).position for _ in range(100)] == list(range(1, 101))
        late = three.follow(50, patience=SOON)
        assert [next(late).position for _ in range(153)] == list(range(51, 204))
        assert [next(early).position for _ in range(103)] == list(range(101, 204))
        appender.join()

    def test_names_and_subject_filter(self, three: EventLog) -> None:
        """Only what was asked for comes; the position counts what was passed over."""
        three.append(an_event(4, "folder.moved", "folder/x"), an_event(5))
        assert numbers(three.follow(patience=0, names="folder.*")) == [2, 4]
        assert numbers(three.follow(patience=0, names=(name for name in ("folder.moved", "a.b")))) == [4]
        assert numbers(three.follow(patience=0, subject="folder/x")) == [2, 4]
        follower = three.follow(patience=0, subject="folder/x", names=["folder.created"])
        assert (numbers(follower), follower.position) == ([2], 5)
        three.append(an_event(6), an_event(7, "folder.created", "folder/x"))
        assert (numbers(follower), follower.position) == ([7], 7)

    def test_close_ends_it(self, three: EventLog) -> None:
        """Whatever is left is not given any more; closing twice is allowed; `with` closes it."""
        with three.follow() as follower:
            assert next(follower).position == 1
            follower.close()
            follower.close()
            assert list(follower) == []
        with three.follow() as other:
            pass
        assert list(other) == []
        assert three.append(an_event(4)) == (4,)

    def test_close_from_another_thread_ends_the_waiting(self, three: EventLog) -> None:
        """A follower without limits to its patience waits until somebody closes it."""
        follower = three.follow()
        assert ends(follower, follower.close)

    def test_closing_the_log_ends_it(self, three: EventLog) -> None:
        """Waiting or in the middle of catching up: a closed log has no more to say, and that is no error."""
        fill(three, 4, 1_499)
        reading = three.follow()
        next(reading)
        assert ends(three.follow(1_400), three.close)
        assert list(reading) == []

    def test_wrong_wishes_are_refused(self, three: EventLog) -> None:
        """The call raises, not the first step."""
        for wrong in ({"after": -1}, {"after": "1"}, {"patience": -1}, {"patience": "1"}):
            with pytest.raises(BadSetting):
                three.follow(**wrong)
        with pytest.raises(BadPattern):
            three.follow(names="folder")


def ends(follower: Follower, end: Callable[[], object]) -> bool:
    """Whether the iteration, waiting at its end in a thread, is over soon after `end` was called, without an error."""
    over: list[bool] = []
    thread = Thread(target=lambda: over.append(all(follower)), daemon=True)
    thread.start()
    time.sleep(0.02)
    end()
    thread.join(SOON)
    return over == [True]
