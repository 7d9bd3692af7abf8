"""What every log does, whatever engine it runs on: sharing its events among competing workers."""

from __future__ import annotations

from threading import Thread

import pytest

from contract.setup import LogSetup, SettableClock, an_event, fill
from eda_workshop.errors import BadLog, BadPattern, BadSetting
from eda_workshop.event import Recorded
from eda_workshop.log import EventLog, Group


def taken(group: Group) -> list[int]:
    """The positions of all events that a worker can take now."""
    found = []
    while (event := group.take()) is not None:
        found.append(event.position)
    return found


class GroupingContract(LogSetup):
    """The tests of `EventLog.group`."""

    @pytest.fixture
    def four(self, log: EventLog) -> EventLog:
        """A log of four events, the third of another name."""
        log.append(an_event(1), an_event(2), an_event(3, "folder.created"), an_event(4))
        return log

    def test_each_event_goes_to_one_worker(self, four: EventLog) -> None:
        """In the order of positions, to whoever asks; what comes later is taken, too."""
        ada, bob = four.group("mailers", "ada"), four.group("mailers", "bob")
        first, second = ada.take(), bob.take()
        assert first is not None
        assert second is not None
        assert (first, second) == tuple(four.read(upto=2))
        assert taken(ada) == [3, 4]
        assert taken(bob) == []
        four.append(an_event(5))
        assert taken(bob) == [5]

    def test_groups_don_t_share(self, four: EventLog) -> None:
        """Each group gets every event; so does one that begins later, from the position that it names."""
        assert taken(four.group("mailers", "ada")) == taken(four.group("folders", "ada")) == [1, 2, 3, 4]
        assert taken(four.group("late", "ada", after=3)) == [4]

    def test_only_the_names_that_were_asked_for(self, four: EventLog) -> None:
        """A pattern will do; what has another name is nobody's work."""
        group = four.group("mailers", "ada", names="user.*")
        assert taken(group) == [1, 2, 4]
        assert taken(four.group("folders", "ada", names=["folder.created", "a.b"])) == [3]

    def test_the_position_is_behind_what_is_done(self, four: EventLog) -> None:
        """Done out of order, it waits for the first that is not."""
        group = four.group("mailers", "ada")
        one, two, three = (group.take() for _ in range(3))
        assert group.position == 0
        for event, position in ((two, 0), (one, 2), (three, 3)):
            assert event is not None
            assert group.done(event)
            assert group.position == position
        assert repr(group) == "<Group mailers, worker ada, at position 3>"

    def test_a_dead_worker_s_event_goes_to_another(self, four: EventLog, clock: SettableClock) -> None:
        """When its lease is over; if it was only slow, it is told that the event is another's."""
        ada, bob = four.group("mailers", "ada", lease=10), four.group("mailers", "bob", lease=10)
        event = ada.take()
        assert event is not None
        clock.move(seconds=9.999)
        again = bob.take()
        assert again is not None
        assert again.position == 2
        clock.move(seconds=0.001)
        assert bob.take() == event
        assert (ada.done(event), ada.give_back(event)) == (False, False)
        assert (bob.done(event), bob.done(event)) == (True, False)

    def test_what_is_given_back_is_taken_first(self, four: EventLog) -> None:
        """By anybody, before what is new."""
        ada, bob = four.group("mailers", "ada"), four.group("mailers", "bob")
        event = ada.take()
        assert event is not None
        assert bob.take() is not None
        assert ada.give_back(event)
        assert bob.take() == event

    def test_an_event_that_fails_too_often_is_parked(self, four: EventLog, clock: SettableClock) -> None:
        """Given back or left by dead workers: after so many attempts nobody takes it any more, and the others go on."""
        group = four.group("mailers", "ada", lease=10, attempts=2)
        for parked in ([], [1]):
            event = group.take()
            assert event is not None
            group.give_back(event)
            assert (event.position, list(group.parked)) == (1, parked)
        for _ in range(2):
            left = group.take()
            assert left is not None
            assert left.position == 2
            clock.move(seconds=10)
        assert (taken(group), group.parked) == ([3, 4], (1, 2))

    def test_work_handles_what_there_is(self, four: EventLog) -> None:
        """One after the other; what the handler raises ends it, and the event waits for another attempt."""
        group, got = four.group("mailers", "ada"), list[int]()

        def handle(event: Recorded) -> None:
            got.append(event.position)
            if got == [1, 2]:
                raise LookupError

        with pytest.raises(LookupError):
            group.work(handle)
        assert (group.work(handle), got, group.position) == (3, [1, 2, 2, 3, 4], 4)
        assert group.work(handle) == 0

    def test_many_workers_leave_nothing_out_and_do_nothing_twice(self, log: EventLog) -> None:
        """Four threads share eighty events while they are appended."""
        got: list[int] = []

        def work(name: str) -> None:
            log.group("mailers", name).work(lambda event: got.append(event.position), patience=0.5)

        workers = [Thread(target=work, args=[f"worker {number}"]) for number in range(4)]
        for worker in workers:
            worker.start()
        for first in range(1, 81, 10):
            fill(log, first, first + 9)
        for worker in workers:
            worker.join()
        assert sorted(got) == list(range(1, 81))
        assert log.group("mailers", "one more").position == 80

    def test_wrong_groups_are_refused(self, four: EventLog) -> None:
        """Names, numbers and patterns are checked when the group is asked for."""
        for name, worker in (("", "ada"), ("mailers", " "), (1, "ada")):
            with pytest.raises(BadSetting):
                four.group(name, worker)  # type: ignore[arg-type]
        for wrong in ({"lease": 0}, {"lease": "1"}, {"attempts": 0}, {"after": 5}, {"after": -1}):
            with pytest.raises(BadSetting):
                four.group("mailers", "ada", **wrong)
        with pytest.raises(BadPattern):
            four.group("mailers", "ada", names="user")

    def test_a_closed_log_has_no_work(self, four: EventLog) -> None:
        """Whoever takes, ends or gives back is told."""
        group = four.group("mailers", "ada")
        event = group.take()
        assert event is not None
        four.close()
        for ask in (group.take, lambda: group.done(event), lambda: group.give_back(event), lambda: group.position):
            with pytest.raises(BadLog, match="closed"):
                ask()
