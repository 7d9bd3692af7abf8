"""What every log does, whatever engine it runs on: many threads and tasks that append at once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from threading import Event as Flag
from threading import Thread
from typing import Any

import pytest
from msgspec.structs import force_setattr

from contract.setup import LogSetup, an_event, numbers
from eda_workshop.clock import Clock
from eda_workshop.errors import BadEvent, BadSetting, Conflict, DuplicateEvent
from eda_workshop.log import EventLog


class TogetherContract(LogSetup):
    """The tests of appends that wait for each other, and of `append_async`."""

    def test_appends_that_wait_get_their_own_answers(self, log: EventLog) -> None:
        """Whatever lines up behind a slow append is written after it; each call returns its own positions."""
        works = [lambda n=n: log.append(an_event(n), an_event(n + 1)) for n in range(10, 50, 2)]
        first, *others = behind(log, lambda: log.append(an_event(1)), works)
        assert first == (1,)
        assert sorted(place for places in others for place in places) == list(range(2, 42))
        for number, places in zip(range(10, 50, 2), others, strict=True):
            assert numbers(log.read(places[0] - 1, places[1])) == [number, number + 1]
        assert log.verify() is None

    def test_a_refused_append_harms_no_other(self, log: EventLog) -> None:
        """Among appends that wait together, a conflict and a contradiction go to those who made them."""
        works: list[Callable[[], Any]] = [
            lambda: log.append(an_event(2)),
            lambda: log.append(an_event(3), an_event(4), expected=0),
            lambda: log.append(an_event(5), an_event(1).replace(data={})),
            lambda: log.append(an_event(1)),
            lambda: log.append(an_event(5)),
            lambda: log.append(an_event(6), an_event(7)),
        ]
        first, two, conflict, double, again, five, more = behind(log, lambda: log.append(an_event(1)), works)
        assert (first, again) == ((1,), (1,))
        assert isinstance(conflict, Conflict)
        assert conflict.expected == 0
        assert isinstance(double, DuplicateEvent)
        assert (double.id, double.position) == ("evt-0001", 1)
        assert sorted(two + five + more) == [2, 3, 4, 5]
        assert sorted(numbers(log.read())) == [1, 2, 5, 6, 7]
        assert log.verify() is None

    def test_what_is_wrong_with_one_append_fails_that_one_alone(self, log: EventLog) -> None:
        """Whatever goes wrong with an event, even what nobody thought of, reaches the one who appended it, and only that."""
        broken = an_event(2)
        force_setattr(broken, "data", {"number": object()})
        works: list[Callable[[], Any]] = [
            lambda n=n: log.append(*([broken, an_event(n)] if n % 3 == 0 else [an_event(n)])) for n in range(3, 30)
        ]
        first, *others = behind(log, lambda: log.append(an_event(1)), works)
        assert first == (1,)
        assert [n for n, answer in enumerate(others, 3) if isinstance(answer, TypeError)] == list(range(3, 30, 3))
        assert sorted(numbers(log.read())) == [1, *(n for n in range(3, 30) if n % 3)]
        assert (log.verify(), log.find("evt-0003")) == (None, None)

    def test_of_equal_expectations_that_wait_one_wins(self, log: EventLog) -> None:
        """The first of them moves the head; the others learn where it is now."""
        works = [lambda n=n: log.append(an_event(n), expected=1) for n in range(2, 8)]
        _, *others = behind(log, lambda: log.append(an_event(1)), works)
        lost = [error for error in others if isinstance(error, Conflict)]
        assert others.count((2,)) == 1
        assert [error.actual for error in lost] == [2] * 5
        assert log.head == 2

    def test_the_same_event_from_many_is_recorded_once(self, log: EventLog) -> None:
        """All who append it learn its one position, and one of them that it was new."""
        _, *others = behind(log, lambda: log.append(an_event(1)), [lambda: log.write([an_event(2)])] * 6)
        written = [entry for (entry,) in others]
        assert [entry.event.position for entry in written] == [2] * 6
        assert sum(entry.fresh for entry in written) == 1

    def test_an_interruption_stops_only_its_own_append(self, log: EventLog) -> None:
        """Ctrl-C in the thread that writes for all: the appends of the others are written all the same."""
        works = [lambda n=n: log.append(an_event(n)) for n in range(2, 8)]
        first, *others = behind(log, lambda: log.append(an_event(1)), works, interrupted=True)
        assert first == (1,)
        stopped = [number for number, answer in enumerate(others, 2) if isinstance(answer, KeyboardInterrupt)]
        assert len(stopped) == 1
        assert sorted(answer for answer in others if isinstance(answer, tuple)) == [(n,) for n in range(2, 7)]
        assert sorted(numbers(log.read())) == sorted({1, *range(2, 8)} - set(stopped))
        assert log.append(an_event(9)) == (7,)
        assert log.verify() is None

    # --- tasks ----------------------------------------------------------------------------------

    def test_tasks_append(self, log: EventLog) -> None:
        """Many at once: each gets its own positions, and the log is dense."""

        async def append() -> list[tuple[int, ...]]:
            return await asyncio.gather(*(log.append_async(an_event(n), an_event(n + 1)) for n in range(0, 60, 2)))

        for number, places in enumerate(asyncio.run(append())):
            assert numbers(log.read(places[0] - 1, places[1])) == [2 * number, 2 * number + 1]
        assert asyncio.run(log.append_async()) == ()
        assert log.head == 60
        assert log.verify() is None

    def test_each_task_gets_its_own_error(self, log: EventLog) -> None:
        """Conflicts, contradictions and what is not an event go to the task that made them; the others are written."""

        async def append() -> list[Any]:
            first = await log.append_async(an_event(1), expected=0)
            works = [
                log.append_async(an_event(2), expected=0),
                log.append_async(an_event(1).replace(data={})),
                log.append_async("user.signed_up"),  # type: ignore[arg-type]
                log.append_async(an_event(3), expected=-1),
                log.append_async(an_event(1), an_event(4)),
            ]
            return [first, *await asyncio.gather(*works, return_exceptions=True)]

        first, *errors, last = asyncio.run(append())
        assert (first, last) == ((1,), (1, 2))
        assert [type(error) for error in errors] == [Conflict, DuplicateEvent, BadEvent, BadSetting]
        assert numbers(log.read()) == [1, 4]

    def test_a_canceled_task_harms_no_other(self, log: EventLog) -> None:
        """Its event may be in the log; appending it again gives its position, and the others are written."""

        async def append() -> list[Any]:
            tasks = [asyncio.create_task(log.append_async(an_event(number))) for number in range(1, 6)]
            await asyncio.sleep(0)
            tasks[1].cancel()
            tasks[3].cancel()
            return await asyncio.gather(*tasks, return_exceptions=True)

        answers = asyncio.run(append())
        assert [isinstance(answer, asyncio.CancelledError) for answer in answers] == [False, True, False, True, False]
        for number in range(1, 6):
            (position,) = log.append(an_event(number))
            assert numbers(log.read(position - 1, position)) == [number]
            assert isinstance(answers[number - 1], asyncio.CancelledError) or answers[number - 1] == (position,)
        assert log.head == 5

    def test_tasks_and_threads_append_at_once(self, log: EventLog) -> None:
        """Two event loops in two threads, and a thread without one, share the log."""

        async def append(first: int) -> None:
            await asyncio.gather(*(log.append_async(an_event(number)) for number in range(first, first + 30)))

        def plainly() -> None:
            for number in range(300, 330):
                log.append(an_event(number))

        assert at_once([lambda: asyncio.run(append(100)), lambda: asyncio.run(append(200)), plainly]) == [None] * 3
        assert sorted(numbers(log.read())) == [*range(100, 130), *range(200, 230), *range(300, 330)]
        assert log.verify() is None

    def test_a_task_wakes_a_follower(self, log: EventLog) -> None:
        """What is appended by a task is followed like everything else."""
        follower = log.follow(patience=10)
        asyncio.run(log.append_async(an_event(1)))
        assert next(follower).position == 1

    def test_a_closed_log_tells_tasks(self, log: EventLog) -> None:
        """The error of a closed log comes out of the await."""
        log.close()
        with pytest.raises(Exception, match="closed"):
            asyncio.run(log.append_async(an_event(1)))


class SlowClock:
    """A clock whose first look takes until it is let go, and whose second may be interrupted as by Ctrl-C."""

    def __init__(self, clock: Clock, *, interrupted: bool) -> None:
        self.looked, self.go_on = Flag(), Flag()
        self._clock = clock
        self._interrupted = interrupted

    def now(self) -> datetime:
        """The other clock's time, later."""
        if not self.looked.is_set():
            self.looked.set()
            self.go_on.wait()
        elif self._interrupted:
            self._interrupted = False
            raise KeyboardInterrupt
        return self._clock.now()


def behind(
    log: EventLog, first: Callable[[], Any], others: Sequence[Callable[[], Any]], *, interrupted: bool = False
) -> list[Any]:
    """What each gave back or raised, when the others came while the first was being written."""
    clock, answers = log.clock, [None] * (len(others) + 1)
    slow = log.clock = SlowClock(clock, interrupted=interrupted)
    threads = [in_a_thread(work, answers, place) for place, work in enumerate((first, *others))]
    threads[0].start()
    slow.looked.wait()
    for thread in threads[1:]:
        thread.start()
    time.sleep(0.05)
    slow.go_on.set()
    for thread in threads:
        thread.join()
    log.clock = clock
    return answers


def at_once(works: Sequence[Callable[[], Any]]) -> list[Any]:
    """What each gave back or raised, in threads of their own."""
    answers = [None] * len(works)
    threads = [in_a_thread(work, answers, place) for place, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def in_a_thread(work: Callable[[], Any], answers: list[Any], place: int) -> Thread:
    """A thread that puts what the work gives back or raises in its place."""

    def run() -> None:
        try:
            answers[place] = work()
        except BaseException as error:
            answers[place] = error

    return Thread(target=run, daemon=True)
