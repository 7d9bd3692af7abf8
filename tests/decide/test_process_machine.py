"""Any history of members, twins, failures, waits and kills of the manager, against a plain account of what must come of it."""

from collections import Counter

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from members import FACTS, HOUR, Joining, came
from thorough import THOROUGH

from eda_workshop import Bus, DeliveryFailed, Event, ManualClock, ProcessManager, Rejected, open_log

MEMBERS = st.sampled_from(["ada", "grace"])
COMMANDS = st.sampled_from(sorted(FACTS))
SINCE = "2026-03-02T09:00:00Z"
FACT = st.sampled_from(["account.opened", "card.charged"])


class Killed(BaseException):
    """The program is gone."""


class Processes(RuleBasedStateMachine):
    """Every event that was heard led to one step; every command got one answer and took effect once; every timer rang once, when it was due."""

    @initialize()
    def begin(self):
        self.clock = ManualClock()
        self.log = open_log("memory://", clock=self.clock)
        self.write, self.log.write = self.log.write, self.written
        self.writes_left = None
        self.errors, self.effects, self.tried = {}, {}, Counter()
        self.numbers = 0
        self.start()

    def teardown(self):
        if hasattr(self, "log"):
            self.writes_left, self.errors = None, {}
            self.start()
            while self.manager.check():
                pass
            self.nothing_is_lost()
            self.log.close()

    def written(self, *given, **named):
        """Before each write of the log: perhaps it never comes to it."""
        if self.writes_left is not None:
            self.writes_left -= 1
            if self.writes_left < 0:
                raise Killed
        return self.write(*given, **named)

    def start(self):
        """A new program on the same log."""
        self.bus = Bus(self.log)
        for name in FACTS:
            self.bus.handle(name, self.carry_out)
        self.manager = ProcessManager(self.log, self.bus, Joining)

    def live(self, act):
        """Do something; come back from a kill."""
        try:
            act()
        except DeliveryFailed:
            pass
        except Killed:
            self.writes_left = None
            self.start()

    def carry_out(self, command):
        """An effect for each id, and a fact about it."""
        self.tried[command.id] += 1
        if command.name in self.errors:
            raise self.errors[command.name]
        self.effects.setdefault(command.id, (command.name, command.data["member"]))
        self.bus.publish(Event(FACTS[command.name], command.data, id=f"{command.id}/done", occurred=SINCE))

    # --- what happens -----------------------------------------------------------------------------

    @rule(member=MEMBERS, again=st.booleans())
    def come(self, member, again):
        """A member comes; or the same event is published once more."""
        self.numbers += not again
        event = came(member, id=f"came-{member}-{self.numbers}", occurred=SINCE)
        self.live(lambda: self.bus.publish(event))

    @rule(member=MEMBERS, name=FACT)
    def report(self, member, name):
        """Somebody reports a step, early, late or twice."""
        self.live(lambda: self.bus.publish(name, {"member": member}))

    @rule(seconds=st.sampled_from([1, HOUR - 1, HOUR]))
    def wait(self, seconds):
        self.clock.advance(seconds)
        self.live(self.manager.check)

    @rule(name=COMMANDS, error=st.sampled_from([Rejected("no"), TimeoutError(), None]))
    def fail(self, name, error):
        """From now on a command is refused, or its handler fails; or all is well again."""
        self.errors.pop(name, None)
        if error is not None:
            self.errors[name] = error

    @rule(writes=st.integers(0, 12))
    def kill_soon(self, writes):
        """Before one of the next writes."""
        self.writes_left = writes

    @rule()
    def start_again(self):
        self.writes_left = None
        self.start()

    # --- what must hold ---------------------------------------------------------------------------

    def recorded(self, name):
        return list(self.log.read(names=f"process.{name}"))

    @invariant()
    def one_step_for_each_event(self):
        if hasattr(self, "log"):
            steps = Counter((each.data.get("source", ""), each.data["event"]) for each in self.recorded("stepped"))
            assert set(steps.values()) <= {1}
            assert all(self.log.find(id, source) for source, id in steps)

    @invariant()
    def one_effect_for_each_command(self):
        if hasattr(self, "log"):
            decided = {each["id"] for step in self.recorded("stepped") for each in step.data.get("sends", ())}
            answered = Counter(each.data["id"] for name in ("accepted", "refused") for each in self.recorded(name))
            assert set(answered.values()) <= {1}
            assert set(answered) | set(self.effects) <= decided

    def nothing_is_lost(self):
        """At the end: what was heard has led to steps, what was decided has an answer, what was due has rung."""
        heard = {each.identity for each in self.log.read(names=(*Joining.hears, "process.accepted", "process.refused"))}
        heard |= {each.identity for each in self.recorded("due")}
        steps = self.recorded("stepped")
        assert {(each.data.get("source", ""), each.data["event"]) for each in steps} == heard
        decided = {each["id"] for step in steps for each in step.data.get("sends", ())}
        answers = [*self.recorded("accepted"), *self.recorded("refused")]
        assert {each.data["id"] for each in answers} == decided <= set(self.tried)
        accepted = {each.data["id"] for each in self.recorded("accepted")}
        assert accepted <= set(self.effects)
        timers = [each for step in steps for each in step.data.get("timers", ())]
        set_now = {timer.id for each in self.manager.instances for timer in each.timers}
        assert {each["id"] for each in timers} == set_now | {each.data["id"] for each in self.recorded("due")}
        assert all(timer.due > self.clock.now() for each in self.manager.instances for timer in each.timers)
        before = self.manager.instances
        self.start()
        assert self.manager.instances == before


Processes.TestCase.settings = settings(max_examples=400 if THOROUGH else 60, stateful_step_count=25, deadline=None)
TestProcesses = Processes.TestCase
