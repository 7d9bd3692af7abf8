"""Any history of failures, waits, restarts and redeliveries of durable subscribers, against a plain model of what must come of it."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from eda_workshop import Bus, DeliveryFailed, Event, ManualClock, backoff, open_log, retry
from eda_workshop.bus import Policy
from eda_workshop.log import EventLog

POLICIES = ["raise", "park", retry(1), retry(2, wait=backoff(10)), retry(1, then="raise", wait=5)]
SUBJECTS = ["ada", "ada", "", "bob"]


class Program:
    """One run of a program: its bus, and what its handler did. All runs share what they were told to fail with."""

    def __init__(self, log: EventLog, clock: ManualClock, policy: Any, hold: Any, world: World) -> None:
        self.bus = Bus(log, clock=clock)
        self.mailer = self.bus.subscriber("mailer", durable=True, after=0, on_error=policy, hold=hold)
        self.mailer.on("a.*", world.handle)


class World:
    """What is outside: which events can't be handled now, and which were, in order."""

    def __init__(self) -> None:
        self.broken: set[str] = set()
        self.handled: list[str] = []

    def handle(self, event: Event) -> None:
        """Fail, or take note."""
        if event.id in self.broken:
            raise OSError(event.id)
        self.handled.append(event.id)


class Letters(RuleBasedStateMachine):
    """Every event that was published is handled, or a letter, or ahead of the position: none is lost, and none is handled twice without a crash."""

    events = Bundle("events")

    @initialize(policy=st.sampled_from(POLICIES), hold=st.sampled_from([None, "subject"]), on_file=st.booleans())
    def begin(self, policy: str | Policy, hold: Any, on_file: bool) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.clock = ManualClock()
        self.url = str(self.folder / "drive.db") if on_file else "memory://"
        self.log = open_log(self.url, clock=self.clock, durable=False)
        self.policy, self.hold, self.world = policy, hold, World()
        self.subjects: dict[str, str] = {}
        self.again: set[str] = set()
        self.highest = 0
        self.program = self.started()

    def started(self) -> Program:
        return Program(self.log, self.clock, self.policy, self.hold, self.world)

    def carefully(self, call: Any) -> None:
        if self.policy == "raise" or self.policy[1] == "raise":
            with suppress(DeliveryFailed):
                call()
        else:
            call()

    @rule(target=events, subject=st.sampled_from(SUBJECTS), breaks=st.booleans())
    def publish(self, subject: str, breaks: bool) -> str:
        event = f"evt-{len(self.subjects) + 1}"
        self.subjects[event] = subject
        if breaks:
            self.world.broken.add(event)
        self.carefully(lambda: self.program.bus.publish("a.b", id=event, subject=subject))
        return event

    @rule(target=events, subject=st.sampled_from(SUBJECTS))
    def append_elsewhere(self, subject: str) -> str:
        event = f"evt-{len(self.subjects) + 1}"
        self.subjects[event] = subject
        self.log.append(Event("a.b", id=event, subject=subject))
        return event

    @rule(event=events)
    def repair(self, event: str) -> None:
        self.world.broken.discard(event)

    @rule(seconds=st.integers(0, 30))
    def settle(self, seconds: int) -> None:
        self.clock.advance(seconds)
        self.carefully(self.program.bus.settle)

    @rule()
    def redeliver(self) -> None:
        self.carefully(self.program.bus.redeliver)

    @rule()
    def catch_up(self) -> None:
        self.carefully(self.program.mailer.catch_up)

    @rule()
    def restart(self) -> None:
        if self.url != "memory://":
            self.log.close()
            self.log = open_log(self.url, clock=self.clock, durable=False)
        self.program = self.started()

    @rule(data=st.data())
    def discard(self, data: st.DataObject) -> None:
        letters = self.program.bus.dead_letters
        if letters:
            letter = data.draw(st.sampled_from(letters))
            self.program.bus.discard(letter, "drawn")
            self.again.add(letter.event.id)

    # --- what always holds ----------------------------------------------------------------------

    @invariant()
    def nothing_is_lost(self) -> None:
        letters = [letter.event.id for letter in self.program.bus.dead_letters]
        ahead = [event.id for event in self.log.read(self.log.position_of("mailer") or 0)]
        done = [*self.world.handled, *letters, *ahead, *self.again]
        assert sorted(done) == sorted(self.subjects)

    @invariant()
    def the_position_never_goes_back(self) -> None:
        position = self.log.position_of("mailer") or 0
        assert position >= self.highest
        self.highest = position

    @invariant()
    def a_held_subject_stays_in_order(self) -> None:
        if getattr(self, "hold", None):
            for subject in ("ada", "bob"):
                numbers = [int(each[4:]) for each in self.world.handled if self.subjects[each] == subject]
                assert numbers == sorted(numbers)

    @invariant()
    def letters_are_the_same_for_everybody(self) -> None:
        ours = {(each.event.id, each.attempts, each.due, each.held) for each in self.program.bus.dead_letters}
        assert {(each.event.id, each.attempts, each.due, each.held) for each in Bus(self.log).dead_letters} == ours

    def teardown(self) -> None:
        self.world.broken.clear()
        for _ in range(len(self.subjects) + 1):
            self.program.bus.redeliver()
            self.program.mailer.catch_up()
        assert self.program.bus.dead_letters == ()
        assert sorted([*self.world.handled, *self.again]) == sorted(self.subjects)
        self.a_held_subject_stays_in_order()
        self.log.close()
        shutil.rmtree(self.folder)


Letters.TestCase.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
TestLetters = Letters.TestCase
