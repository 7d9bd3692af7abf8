"""What every log does, whatever engine it runs on: keeping for each consumer its position, its name and its letters."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import Any

import pytest

from contract.setup import LogSetup, SettableClock, an_event, fill
from eda_workshop import Bus, backoff, retry
from eda_workshop.errors import BadSetting, DeliveryFailed, NameTaken
from eda_workshop.event import Event
from eda_workshop.log import EventLog
from eda_workshop.log.consumers import Letter


class Failing:
    """A handler that fails while it is told to, and remembers what it handled."""

    def __init__(self, *failing: int) -> None:
        self.failing = set(failing)
        self.handled: list[int] = []

    def __call__(self, event: Event) -> None:
        if event.data["number"] in self.failing:
            raise LookupError(f"no {event.data['number']}")
        self.handled.append(event.data["number"])


class ConsumingContract(LogSetup):
    """The tests of `EventLog.consumer`, and of buses with durable subscribers."""

    @pytest.fixture
    def three(self, log: EventLog) -> EventLog:
        """A log of three events."""
        fill(log, 1, 3)
        return log

    # --- one consumer under one name ------------------------------------------------------------

    def test_a_newer_consumer_takes_over(self, three: EventLog) -> None:
        """It goes on where the older was; that one is refused at its next write, whichever it is."""
        older = three.consumer("mailer")
        older.move(1)
        newer = three.consumer("mailer", after=3)
        assert (newer.position, newer.epoch) == (1, 2)
        for write in (lambda: older.move(2), lambda: older.keep(Letter(1)), lambda: older.drop(1)):
            with pytest.raises(NameTaken, match="taken over by a newer one"):
                write()
        newer.move(3)
        older.release()
        newer.keep(Letter(3))
        assert (three.position_of("mailer"), len(newer.letters())) == (3, 1)

    def test_a_consumer_that_is_killed_while_it_begins(self, three: EventLog, monkeypatch: pytest.MonkeyPatch) -> None:
        """It begins where it was told to, or finds that it was never here."""
        put, writes = three.put_state, []

        def killed(*write: Any) -> int:
            writes.append(write)
            if len(writes) > 1:
                raise KeyboardInterrupt
            return put(*write)

        monkeypatch.setattr(three, "put_state", killed)
        with suppress(KeyboardInterrupt):
            three.consumer("mailer", after=2)
        monkeypatch.undo()
        assert three.consumer("mailer", after=2).position == 2
        assert three.subscribers() == {"mailer": 2}

    def test_an_interruption_after_a_write_is_no_take_over(
        self, three: EventLog, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Ctrl-C comes when the position is kept, and nobody has noted that: the next write goes through."""
        mailer = three.consumer("mailer")
        put_state = three.put_state

        def interrupted(*write: object) -> int:
            put_state(*write)  # type: ignore[arg-type]
            raise KeyboardInterrupt

        monkeypatch.setattr(three, "put_state", interrupted)
        with pytest.raises(KeyboardInterrupt):
            mailer.move(1)
        monkeypatch.setattr(three, "put_state", put_state)
        mailer.move(2)
        mailer.keep(Letter(1))
        assert (three.position_of("mailer"), mailer.position) == (2, 2)

    def test_a_position_never_goes_back(self, three: EventLog) -> None:
        """Neither by a consumer, nor by whoever keeps one from outside."""
        mailer = three.consumer("mailer", after=2)
        mailer.move(1)
        assert (mailer.position, three.position_of("mailer")) == (2, 2)
        three.keep_position("mailer", 1)
        assert three.position_of("mailer") == 2

    def test_a_subscriber_can_be_deleted(self, three: EventLog) -> None:
        """With its letters; who was at work as it is refused, and a new one begins where it wants."""
        mailer = three.consumer("mailer", after=2)
        mailer.keep(Letter(1))
        three.keep_position("folders", 1)
        assert three.delete_subscriber("mailer")
        assert not three.delete_subscriber("mailer")
        assert three.subscribers() == {"folders": 1}
        with pytest.raises(NameTaken):
            mailer.move(3)
        again = three.consumer("mailer", after=1)
        assert (again.position, again.letters()) == (1, [])

    def test_letters_are_kept_by_name_and_position(self, three: EventLog, clock: SettableClock) -> None:
        """Each as it was given, the newest for a position; what was dropped is gone."""
        mailer, folders = three.consumer("Zoë's mail/er"), three.consumer("folders")
        first = Letter(2, "user/ada", "send", 3, clock.now(), False, "LookupError: no 2", "Traceback …")
        for letter in (Letter(3, held=True), Letter(2), first, Letter(1)):
            mailer.keep(letter)
        folders.keep(Letter(1, "x"))
        mailer.drop(1)
        assert mailer.letters() == [first, Letter(3, held=True)]
        assert folders.letters() == [Letter(1, "x")]

    # --- dead letters of durable subscribers ----------------------------------------------------

    def restarted(self, log: EventLog, handler: Failing, **settings: object) -> Bus:
        """A bus as a program makes it that starts again: nothing of the one before is left."""
        gc.collect()
        bus = Bus(log)
        bus.subscriber("mailer", durable=True, after=0, **settings).on("user.*", handler)  # type: ignore[arg-type]
        return bus

    @pytest.mark.parametrize("policy", ["raise", "park", retry(2), retry(3, wait=backoff(60))], ids=str)
    def test_a_dead_letter_outlives_the_program(self, log: EventLog, policy: object) -> None:
        """It is in the log's store before the position moves on; after the restart it is redelivered."""
        bus = self.restarted(log, Failing(1), on_error=policy)
        raises = pytest.raises(DeliveryFailed, match="LookupError: no 1") if policy == "raise" else nullcontext()
        with raises:
            bus.publish(an_event(1))
        bus.publish(an_event(2))
        assert log.position_of("mailer") == 2
        handler = Failing()
        bus = self.restarted(log, handler, on_error=policy)
        (letter,) = bus.dead_letters
        assert (letter.event, letter.subscriber, letter.reason) == (log.find("evt-0001"), "mailer", "LookupError: no 1")
        assert letter.attempts == (3 if policy == retry(2) else 1)
        assert "raise LookupError" in letter.traceback
        assert (len(bus.redeliver("mailer")), handler.handled, bus.dead_letters) == (1, [1], ())
        assert self.restarted(log, handler).dead_letters == ()

    def test_stop_keeps_the_position_instead(self, log: EventLog) -> None:
        """The failed event, and what came after it, are handled after the restart."""
        bus = self.restarted(log, Failing(1), on_error="stop")
        bus.publish(an_event(1))
        bus.publish(an_event(2))
        assert (log.position_of("mailer"), bus.dead_letters) == (0, ())
        handler = Failing()
        bus = self.restarted(log, handler, on_error="stop")
        assert (bus.subscribers["mailer"].catch_up(), handler.handled, log.position_of("mailer")) == (2, [1, 2], 2)

    def test_a_crash_between_letter_and_position_loses_nothing(self, log: EventLog) -> None:
        """The event is handled once more, and then its letter is gone."""
        fill(log, 1, 2)
        log.consumer("mailer").keep(Letter(1, error="LookupError: no 1", attempts=1))
        handler = Failing()
        bus = self.restarted(log, handler)
        assert len(bus.dead_letters) == 1
        bus.subscribers["mailer"].catch_up()
        assert (handler.handled, bus.dead_letters) == ([1, 2], ())

    def test_letters_are_seen_before_the_subscriber_is_there(self, log: EventLog) -> None:
        """Whoever looks into the log finds them, may discard one, and can't redeliver them."""
        bus = self.restarted(log, Failing(1, 2), on_error="park")
        bus.publish(an_event(1))
        bus.publish(an_event(2))
        bus.subscribers["mailer"].close()
        looking = Bus(log)
        assert [letter.event.id for letter in looking.dead_letters] == ["evt-0001", "evt-0002"]
        assert looking.redeliver() == []
        looking.discard(looking.dead_letters[0], "a test account")
        bus = self.restarted(log, Failing())
        assert [letter.event.id for letter in bus.dead_letters] == ["evt-0002"]
        assert [(each.event.id, each.discarded) for each in bus.discarded] == [("evt-0001", "a test account")]

    def test_what_falls_due_is_delivered_after_a_restart(self, log: EventLog, clock: SettableClock) -> None:
        """At its time, by the next publish; until then nobody waits for it."""
        policy = retry(2, wait=backoff(60))
        self.restarted(log, Failing(1), on_error=policy).publish(an_event(1))
        handler = Failing()
        bus = self.restarted(log, handler, on_error=policy)
        clock.move(seconds=59)
        bus.publish(an_event(2))
        assert (bus.settle(), handler.handled) == (0, [2])
        clock.move(seconds=1)
        bus.publish(an_event(3))
        assert (handler.handled, bus.dead_letters) == ([2, 1, 3], ())

    def test_a_held_subject_stays_in_order(self, log: EventLog) -> None:
        """Across a restart, too: what follows for the subject waits behind its letter, and the rest goes on."""
        bus = self.restarted(log, Failing(1), on_error="park", hold="subject")
        for number, who in enumerate(("ada", "ada", "bob", "ada"), 1):
            bus.publish(an_event(number, subject=f"user/{who}"))
        assert [letter.held for letter in bus.dead_letters] == [False, True, True]
        handler = Failing(1)
        bus = self.restarted(log, handler, on_error="park", hold="subject")
        bus.publish(an_event(5, subject="user/ada"))
        assert (bus.redeliver(), handler.handled) == ([], [])
        handler.failing.clear()
        assert (len(bus.redeliver()), handler.handled, bus.dead_letters) == (4, [1, 2, 4, 5], ())

    def test_a_bus_that_was_taken_over_is_told(self, log: EventLog) -> None:
        """A cell that is run again makes a new subscriber: whoever publishes on the old bus hears of it once."""
        old_handler, handler = Failing(), Failing()
        old = self.restarted(log, old_handler)
        old.publish(an_event(1))
        bus = self.restarted(log, handler)
        with pytest.raises(DeliveryFailed, match="taken over"):
            old.publish(an_event(2))
        assert old.publish(an_event(3)).unheard
        assert (bus.subscribers["mailer"].catch_up(), handler.handled, log.position_of("mailer")) == (2, [2, 3], 3)

    # --- groups ---------------------------------------------------------------------------------

    def test_one_worker_under_one_name(self, three: EventLog) -> None:
        """A newer one takes the name over; the older may neither take nor end anything, and its event is not the newer's."""
        older = three.group("mailers", "ada", lease=10)
        event = older.take()
        assert event is not None
        newer = three.group("mailers", "ada", lease=10)
        for ask in (older.take, lambda: older.done(event), lambda: older.give_back(event)):
            with pytest.raises(NameTaken, match="Worker 'ada' of the group 'mailers' was taken over"):
                ask()
        second = newer.take()
        assert (newer.done(event), second and second.position) == (False, 2)

    def test_parking_needs_nobody_else(self, log: EventLog, clock: SettableClock) -> None:
        """A worker that died with the only event: the next look parks it, and says why."""
        log.append(an_event(1))
        group = log.group("mailers", "ada", lease=10, attempts=1)
        assert group.take() is not None
        clock.move(seconds=11)
        assert (group.take(), group.parked, group.position) == (None, (1,), 1)
        (letter,) = log.group("mailers", "bob").letters
        assert (letter.attempts, letter.error) == (1, "worker 'ada' had it for longer than its lease")

    def test_what_is_parked_can_be_redriven_or_discarded(self, three: EventLog) -> None:
        """The workers try it again as often as a new one; what is discarded never comes back."""
        group = three.group("mailers", "ada", attempts=1)
        for _ in range(2):
            with pytest.raises(ZeroDivisionError):
                group.work(lambda event: 1 / 0)
        group.work(lambda event: None)
        other = three.group("mailers", "bob", attempts=2)
        assert (other.parked, other.letters[0].error) == ((1, 2), "ZeroDivisionError: division by zero")
        assert (other.redrive(1), other.redrive(1), other.redrive(3)) == (True, False, False)
        assert (other.parked, other.position) == ((2,), 0)
        event = other.take()
        assert event is not None
        assert (event.position, other.done(event), other.position) == (1, True, 3)
        assert (other.discard(2, "a test account"), other.discard(2, "again"), other.parked) == (True, False, ())
        assert other.redrive(2) is False
        with pytest.raises(BadSetting, match="reason"):
            other.discard(2, " ")

    def test_a_worker_wakes_when_a_lease_ends(self, log: EventLog, clock: SettableClock) -> None:
        """Nothing is appended meanwhile: the lease of a dead worker ends, another gives its event back."""
        fill(log, 1, 2)
        dead, slow = log.group("mailers", "dead", lease=60), log.group("mailers", "slow", lease=3600)
        assert dead.take() is not None
        event = slow.take()
        assert event is not None
        got: list[int] = []

        def moments() -> Iterator[None]:
            clock.move(seconds=61)
            yield
            slow.give_back(event)
            yield

        steps = moments()
        follower_skip = type(log.follow(0)).skip

        def skip(follower: object, patience: float | None) -> bool:
            next(steps, None)
            return follower_skip(follower, 0.01 if patience is None else min(patience, 0.01))  # type: ignore[arg-type]

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(type(log.follow(0)), "skip", skip)
            log.group("mailers", "bob").work(lambda event: got.append(event.position), patience=0.5)
        assert got == [1, 2]

    def test_a_group_can_be_deleted(self, three: EventLog) -> None:
        """Its workers, what they have and what it parked: a new group of its name starts from the beginning."""
        group = three.group("mailers", "ada", attempts=1)
        with pytest.raises(ZeroDivisionError):
            group.work(lambda event: 1 / 0)
        assert group.parked == (1,)
        assert three.delete_group("mailers")
        assert not three.delete_group("mailers")
        with pytest.raises(NameTaken):
            group.take()
        again = three.group("mailers", "ada")
        event = again.take()
        assert (again.parked, event and event.position) == ((), 1)


class DurableConsumingContract(ConsumingContract):
    """The same for a log that several programs can open."""

    def test_letters_are_there_when_it_is_opened_again(self, clock: SettableClock, tmp_path: Path) -> None:
        """Also those of a group."""
        with self.open(clock, tmp_path) as log:
            bus = self.restarted(log, Failing(1), on_error="park")
            bus.publish(an_event(1))
            group = log.group("mailers", "ada", attempts=1)
            event = group.take()
            assert event is not None
            group.give_back(event, "the mail server is down")
        with self.open(clock, tmp_path) as log:
            handler = Failing()
            bus = self.restarted(log, handler)
            assert (len(bus.redeliver()), handler.handled) == (1, [1])
            (letter,) = log.group("mailers", "bob").letters
            assert (letter.position, letter.error) == (1, "the mail server is down")
