"""What a log does whose events outlive the object: on disk, or on a server."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from contract.appending import LogContract
from contract.consuming import DurableConsumingContract
from contract.setup import SettableClock, an_event, numbers
from eda_workshop.bus import Bus
from eda_workshop.errors import BadLog, Conflict, DuplicateEvent
from eda_workshop.log import EventLog


class DurableLogContract(DurableConsumingContract, LogContract):
    """`LogContract`, and what is there when the log is opened again. `open` is called twice for one folder."""

    def test_what_was_appended_is_there_again(self, log: EventLog, clock: SettableClock, tmp_path: Path) -> None:
        """A log that was closed and opened again holds the same events."""
        log.append(an_event(1), an_event(2))
        before = list(log)
        log.close()
        with self.open(clock, tmp_path) as again:
            assert list(again) == before

    def test_appending_goes_on_where_it_ended(self, log: EventLog, clock: SettableClock, tmp_path: Path) -> None:
        """Positions, times of recording and hashes continue after a new start, and ids are still known."""
        log.append(an_event(1))
        last = next(log.read())
        log.close()
        clock.move(days=-1)
        with self.open(clock, tmp_path) as again:
            assert again.append(an_event(1), an_event(2)) == (1, 2)
            event = next(again.read(1))
            assert event.recorded == last.recorded
            assert event.hash != last.hash

    def test_a_subscriber_s_position_outlives_the_object(
        self, log: EventLog, clock: SettableClock, tmp_path: Path
    ) -> None:
        """A durable subscriber finds its position after a new start."""
        log.append(an_event(1), an_event(2))
        log.keep_position("mailer", 2)
        log.close()
        with self.open(clock, tmp_path) as again:
            assert again.position_of("mailer") == 2

    # --- opening it -----------------------------------------------------------------------------

    @pytest.mark.parametrize("options", [{"create": False}, {"read_only": True}])
    def test_a_log_that_isn_t_there_is_not_made(
        self, clock: SettableClock, tmp_path: Path, options: dict[str, bool]
    ) -> None:
        """It is an error that says so, and the next one to ask finds nothing either."""
        for _ in range(2):
            with pytest.raises(BadLog, match="can't be opened: there is no such"):
                self.open(clock, tmp_path, **options)
        assert list(tmp_path.rglob("*.db*")) == []

    def test_a_log_that_is_there_needs_no_making(self, log: EventLog, clock: SettableClock, tmp_path: Path) -> None:
        """`create=False` opens it, to read and to write."""
        log.append(an_event(1))
        with self.open(clock, tmp_path, create=False) as again:
            assert again.append(an_event(2)) == (2,)

    def test_to_read_only_is_to_read_all(self, log: EventLog, clock: SettableClock, tmp_path: Path) -> None:
        """Events, positions, letters' places, statistics, and also what is appended while it is open."""
        log.append(an_event(1), an_event(2))
        log.keep_position("mailer", 1)
        with self.open(clock, tmp_path, read_only=True) as reader, reader.follow(patience=10) as follower:
            assert (list(reader), reader.last, reader.subscribers()) == (list(log), log.last, {"mailer": 1})
            assert (reader.statistics(), reader.verify()) == (log.statistics(), None)
            assert [next(follower).position, next(follower).position] == [1, 2]
            log.append(an_event(3))
            assert next(follower).position == 3
            assert reader.find("evt-0003") == log.last
            log.keep_position("mailer", 3)
            assert reader.position_of("mailer") == 3
            assert repr(reader).endswith(": 3 events, read-only>")

    def test_to_read_only_is_not_to_write(self, log: EventLog, clock: SettableClock, tmp_path: Path) -> None:
        """Every call that writes says so, also one that would change nothing; the log is as it was."""
        log.append(an_event(1))
        log.keep_position("mailer", 1)
        log.save(tmp_path / "events.ndjson")
        with self.open(clock, tmp_path, read_only=True) as reader:
            writes: list[Callable[[], object]] = [
                lambda: reader.append(an_event(2)),
                lambda: reader.append(an_event(1)),
                lambda: reader.restore(list(log)),
                lambda: reader.load(tmp_path / "events.ndjson"),
                lambda: reader.keep_position("mailer", 1),
                lambda: reader.consumer("mailer"),
                lambda: reader.consumer("new"),
                lambda: reader.group("mailers", "ada"),
                lambda: reader.delete_subscriber("mailer"),
                lambda: Bus(reader).publish("user.signed_up"),
                lambda: Bus(reader).subscriber("mailer", durable=True),
            ]
            for write in writes:
                with pytest.raises(BadLog, match="was opened to be read only"):
                    write()
            assert reader.save(tmp_path / "copy.ndjson") == 1
        assert (log.head, log.subscribers(), log.verify()) == (1, {"mailer": 1}, None)

    # --- several objects ------------------------------------------------------------------------

    def test_two_objects_are_one_log(self, log: EventLog, clock: SettableClock, tmp_path: Path) -> None:
        """What one appends the other reads, counts and can't append over."""
        with self.open(clock, tmp_path) as other:
            log.append(an_event(1))
            other.append(an_event(2), expected=1)
            with pytest.raises(Conflict):
                log.append(an_event(3), expected=1)
            assert other.append(an_event(1)) == (1,)
            assert numbers(log.read()) == numbers(other.read()) == [1, 2]

    def test_an_expectation_sees_what_others_appended(
        self, log: EventLog, clock: SettableClock, tmp_path: Path
    ) -> None:
        """Also without events to append, and for an event that the other object appended."""
        with self.open(clock, tmp_path) as other:
            log.append(an_event(1))
            other.append(an_event(2))
            with pytest.raises(Conflict):
                log.append(expected=1)
            log.append(expected=2)
            other.append(an_event(3))
            with pytest.raises(DuplicateEvent):
                log.append(an_event(4), an_event(3).replace(data={}))
            assert log.append(an_event(4), an_event(3)) == (4, 3)

    def test_another_object_s_events_are_followed(self, log: EventLog, clock: SettableClock, tmp_path: Path) -> None:
        """A follower learns of what was appended elsewhere, without being told."""
        with self.open(clock, tmp_path) as other, log.follow(patience=10) as follower:
            other.append(an_event(1))
            assert next(follower).position == 1
            later = threading.Timer(0.02, other.append, [an_event(2)])
            later.start()
            assert next(follower).position == 2
            later.join()

    def test_two_objects_restore_in_turn(self, log: EventLog, clock: SettableClock, tmp_path: Path) -> None:
        """A copy may be continued by whoever has the log open, wherever this object saw its end last."""
        with self.another(clock, tmp_path) as source, self.open(clock, tmp_path) as other:
            source.append(*(an_event(number) for number in range(1, 7)))
            records = list(source)
            assert (log.restore(records[:2]), other.restore(records[:4]), log.restore(records[4:])) == (2, 2, 2)
            assert list(other) == list(log) == records

    def test_a_whole_log_is_whole_again(self, log: EventLog, clock: SettableClock, tmp_path: Path) -> None:
        """The chain goes on after a new start, and the tip is where it was."""
        log.append(an_event(1), an_event(2))
        log.keep_position("mailer", 2)
        last = log.last
        log.close()
        with self.open(clock, tmp_path) as again:
            assert (again.last, again.verify()) == (last, None)
            again.append(an_event(3))
            assert again.verify() is None

    def test_two_writers_leave_no_gap(self, log: EventLog, clock: SettableClock, tmp_path: Path) -> None:
        """Two objects that append at once get all positions between them, each once."""
        with self.open(clock, tmp_path) as other:
            start = threading.Barrier(2)
            places: list[int] = []

            def append(to: EventLog, first: int) -> None:
                start.wait()
                for number in range(first, first + 20):
                    places.extend(to.append(an_event(number)))

            writers = [threading.Thread(target=append, args=work) for work in ((log, 100), (other, 200))]
            for writer in writers:
                writer.start()
            for writer in writers:
                writer.join()
        assert sorted(places) == [event.position for event in log] == list(range(1, 41))

    def test_a_group_outlives_the_object(self, log: EventLog, clock: SettableClock, tmp_path: Path) -> None:
        """Who has which event is known after a new start, and to every process."""
        log.append(an_event(1), an_event(2), an_event(3))
        ada = log.group("mailers", "ada")
        one, two = ada.take(), ada.take()
        assert one is not None
        assert two is not None
        ada.done(one)
        with self.open(clock, tmp_path) as other:
            bob = other.group("mailers", "bob")
            three = bob.take()
            assert three is not None
            assert (three.position, bob.position, bob.take()) == (3, 1, None)
            clock.move(minutes=1)
            assert bob.take() == two
