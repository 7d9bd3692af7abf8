"""Sagas: steps in order, undone in reverse, over crashes, twins and answers that come too late."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eda_workshop import Bus, CounterIds, Delivery, Event, ManualClock, Rejected, open_log
from eda_workshop.errors import BadName, BadSaga, NoLog
from eda_workshop.flows import Saga, Step

STEPS = (
    Step("user.register", "user.registered", "user.remove"),
    Step("home.make", "home.made", "home.delete"),
    Step("trial.open", "trial.opened", "trial.close"),
    Step("mail.welcome", "mail.sent", within=3600),
)
ASKED = [step.do for step in STEPS]


class Plug(BaseException):
    """The machine goes off."""


class World:
    """A log that outlives everything, and participants that do what they are asked once for each command id."""

    def __init__(self, *, refuse=(), crash=(), silent=(), fail=()):
        self.log = open_log("memory://", clock=ManualClock())
        self.ids = CounterIds()
        self.refuse, self.silent, self.fail = set(refuse), set(silent), set(fail)
        self.crashes = list(crash)
        self.done, self.seen = [], set()
        self.start()

    def start(self, delivery=None):
        """A new process on the same log."""
        self.bus = Bus(self.log, ids=self.ids, delivery=delivery)
        for step in STEPS:
            self.bus.handle(step.do, lambda command, step=step: self.act(command, step.done))
            if step.undo:
                self.bus.handle(step.undo, lambda command, step=step: self.act(command, f"{step.undo}d"))
        while True:
            try:
                self.saga = Saga(self.bus, "sign_up", "user.asked", STEPS)
                return None
            except Plug:
                return self.start()

    def act(self, command, fact):
        """Refuse, fail, or do it once and say so; and perhaps go off before or after."""
        if command.name in self.refuse:
            raise Rejected(f"no {command.name}")
        if command.name in self.fail:
            raise RuntimeError("out of order")
        self.maybe_crash()
        if command.id not in self.seen:
            self.seen.add(command.id)
            self.done.append(command.name)
            if command.name not in self.silent:
                self.bus.publish(fact)
        self.maybe_crash()

    def maybe_crash(self):
        if self.crashes and self.crashes.pop(0):
            raise Plug

    def publish(self, *args, **attributes):
        """Publish, and come back from a crash as often as needed."""
        try:
            self.bus.publish(*args, **attributes)
        except Plug:
            self.start()

    def told(self):
        """What the saga said, without its name."""
        return [event.name.removeprefix("sign_up.") for event in self.log if event.name.startswith("sign_up.")]


def test_the_steps_in_their_order():
    """Each step is asked for when the one before it is done; then the saga is completed."""
    world = World()
    world.publish("user.asked", {"user": "ada"}, id="c-1")
    assert world.done == ASKED
    assert world.saga.of("c-1").status == "completed"
    assert world.told() == ["started", *["step_asked", "step_accepted", "step_done"] * 4, "completed"]
    assert repr(world.saga) == "<Saga sign_up: 4 steps, 1 completed>"


def test_every_event_is_in_the_conversation():
    """What the saga says, what it asks and what comes of it carry one correlation."""
    world = World()
    world.publish("user.asked", {"user": "ada"}, id="c-1")
    assert {event.correlation for event in world.log} == {"c-1"}
    assert len(world.bus.trace("c-1").lines) == len(world.log)


def test_a_refusal_undoes_what_was_done_newest_first():
    """The refused step and those after it are not undone: they were never done."""
    world = World(refuse=["trial.open"])
    world.publish("user.asked", id="c-1")
    assert world.done == ["user.register", "home.make", "home.delete", "user.remove"]
    found = world.saga.of("c-1")
    assert (found.status, found.reason, found.undone) == (
        "compensated",
        "no trial.open",
        ("home.make", "user.register"),
    )
    assert world.told()[-4:] == ["step_failed", "step_undone", "step_undone", "compensated"]


def test_a_first_step_that_is_refused_leaves_nothing_to_undo():
    """Nothing done, nothing taken back, and the reason is kept."""
    world = World(refuse=["user.register"])
    world.publish("user.asked", id="c-1")
    assert (world.done, world.saga.of("c-1").status) == ([], "compensated")


def test_any_error_is_a_refusal():
    """A command whose handler breaks has failed as well; the reason names the error."""
    world = World(fail=["home.make"])
    world.publish("user.asked", id="c-1")
    assert world.saga.of("c-1").reason == "RuntimeError: out of order"
    assert world.done == ["user.register", "user.remove"]


def test_an_undo_that_is_refused_needs_a_person():
    """It stops there, says which undo and why, and does not try for ever."""
    world = World(refuse=["trial.open", "home.delete"])
    world.publish("user.asked", id="c-1")
    found = world.saga.of("c-1")
    assert (found.status, found.reason, found.left) == (
        "stuck",
        "home.delete: no home.delete",
        ("home.make", "user.register"),
    )
    assert world.done == ["user.register", "home.make"]


def test_a_step_that_waits_times_out():
    """Not before its time; then what was done is undone, and the reason says how long it had."""
    world = World(silent=["mail.welcome"])
    world.publish("user.asked", id="c-1")
    world.log.clock.advance(3599)
    assert (world.saga.check(), world.saga.of("c-1").status) == (0, "running")
    world.log.clock.advance(1)
    assert (world.saga.check(), world.saga.of("c-1").status) == (1, "compensated")
    assert world.saga.of("c-1").reason == "mail.sent did not come within 3600 s"
    assert world.done[-3:] == ["trial.close", "home.delete", "user.remove"]
    assert world.saga.check() == 0


def test_an_answer_in_time_ends_the_waiting():
    """What somebody outside says belongs to the conversation by its correlation."""
    world = World(silent=["mail.welcome"])
    world.publish("user.asked", id="c-1")
    world.publish("mail.sent", correlation="c-1")
    assert world.saga.of("c-1").status == "completed"


def test_an_answer_that_comes_too_late_is_undone_too():
    """A step that was given up and is done after all is taken back, once."""
    world = World(silent=["home.make"])
    world.publish("user.asked", id="c-1")
    steps = [Step("home.make", "home.made", "home.delete", within=60)]
    late = Saga(world.bus, "late", "user.came", steps)
    world.publish("user.came", id="c-2")
    world.log.clock.advance(60)
    late.check()
    assert late.of("c-2").status == "compensated"
    for _ in range(2):
        world.publish("home.made", correlation="c-2")
    assert world.done.count("home.delete") == 1
    assert (late.of("c-2").status, late.of("c-2").undone) == ("compensated", ("home.make",))


def test_what_can_t_be_undone_is_kept_and_said():
    """A mail can't be unsent: the step stays, with its reason in the log, and the others are undone."""
    bus = Bus(open_log("memory://", clock=ManualClock()))
    done = []
    for name in ("user.register", "mail.welcome", "user.remove"):
        bus.handle(name, lambda command: done.append(command.name))
    bus.handle("trial.open", refuse)
    steps = [
        Step("user.register", "user.registered", "user.remove"),
        Step("mail.welcome", "mail.sent", kept="a mail can't be unsent"),
        Step("trial.open", "trial.opened"),
    ]
    saga = Saga(bus, "sign_up", "user.asked", steps)
    bus.publish("user.asked", id="c-1")
    bus.publish("user.registered", correlation="c-1")
    bus.publish("mail.sent", correlation="c-1")
    assert done == ["user.register", "mail.welcome", "user.remove"]
    assert saga.of("c-1").status == "compensated"
    kept = [event.data["reason"] for event in bus.log if event.name == "sign_up.step_kept"]
    assert kept == ["a mail can't be unsent"]


def refuse(command):
    raise Rejected("the plan is sold out")


def test_twins_count_once():
    """The same report twice, the same start twice: each step is done once."""
    world = World()
    world.publish("user.asked", id="c-1")
    for name in ("user.asked", "home.made", "mail.sent"):
        world.publish(name, correlation="c-1")
    assert world.done == ASKED


def test_a_step_that_is_done_before_it_is_asked_for_is_not_asked_for():
    """Its fact is there already."""
    world = World(silent=["user.register"])
    world.publish("user.asked", id="c-1")
    world.publish("trial.opened", correlation="c-1")
    world.publish("user.registered", correlation="c-1")
    assert world.done == ["user.register", "home.make", "mail.welcome"]
    assert world.saga.of("c-1").status == "completed"


def test_conversations_don_t_mix():
    """Two at once, each with its own fate; a report from a third changes nothing."""
    world = World(silent=["mail.welcome"])
    world.publish("user.asked", {"user": "ada"}, id="c-1")
    world.publish("user.asked", {"user": "grace"}, id="c-2")
    world.publish("mail.sent", correlation="c-2")
    world.publish("mail.sent", correlation="c-3")
    assert [instance.status for instance in world.saga.instances] == ["running", "completed"]
    assert world.saga.of("c-3") is None


def test_a_failing_listener_is_no_refusal():
    """Who else fails at what a step brought about has a dead letter; the saga goes on."""
    world = World(silent=["mail.welcome"])
    world.bus.subscriber("audit", on_error="park").on("home.made", lambda event: 1 / 0)
    world.publish("user.asked", id="c-1")
    assert world.saga.of("c-1").status == "running"
    assert world.saga.of("c-1").accepted == tuple(ASKED)


@settings(max_examples=150)
@given(
    refused=st.sets(st.sampled_from(ASKED), max_size=2),
    crash=st.lists(st.booleans(), max_size=12),
    doubled=st.integers(0, 99),
    chance=st.sampled_from([0, 0.3, 0.6]),
    users=st.integers(1, 3),
)
def test_all_or_nothing(refused, crash, doubled, chance, users):
    """With refusals, crashes at any command, and reports that are doubled and reordered: all steps once, or all undone."""
    world = World(refuse=refused, crash=crash)
    world.start(Delivery(seed=doubled, duplicate=chance, reordered=chance))
    for number in range(users):
        world.publish("user.asked", id=f"c-{number}")
    for _ in range(20):
        try:
            world.bus.settle()
            break
        except Plug:
            world.start()
    world.start()
    first = min((ASKED.index(name) for name in refused), default=len(ASKED))
    for instance in world.saga.instances:
        assert instance.status == ("compensated" if refused else "completed")
        assert instance.done == tuple(ASKED[:first])
        assert instance.undone == (tuple(reversed(ASKED[:first])) if refused else ())
    assert len(world.saga.instances) == users
    assert sorted(world.done) == sorted([*ASKED[:first], *(step.undo for step in STEPS[:first] if refused)] * users)


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ([], "it has no steps"),
        ([Step("a.do", "a.done"), Step("b.do", "b.done")], "if 'b.do' fails, nothing takes 'a.do' back. Give it undo="),
        ([Step("a.do", "a.done", "a.undo"), Step("a.do", "b.done")], "two of its steps have do='a.do'"),
        ([Step("a.do", "a.done", "a.undo"), Step("b.do", "a.done")], "two of its steps have done='a.done'"),
        ([Step("a.do", "user.asked")], "'user.asked' starts it and is one of its steps"),
        ([Step("a.do", "a.done", "a.undo", kept="why not"), Step("b.do", "b.done")], "both undone and kept"),
    ],
)
def test_what_can_t_be_a_saga(steps, said):
    """Refused when it is made, with what to do instead."""
    with pytest.raises(BadSaga, match="The saga 'sign_up' can't be run") as refused:
        Saga(Bus(open_log("memory://")), "sign_up", "user.asked", steps)
    assert said in str(refused.value)


def test_a_saga_needs_a_log_and_good_names():
    """What it did must be somewhere; its events have names."""
    with pytest.raises(NoLog):
        Saga(Bus(), "sign_up", "user.asked", STEPS)
    with pytest.raises(BadName):
        Saga(Bus(open_log("memory://")), "Sign up", "user.asked", STEPS)
    with pytest.raises(BadName):
        Step("register", "user.registered")


def test_a_saga_on_a_file_goes_on_in_another_process(tmp_path):
    """Half-way, everything is closed; a new bus and saga on the file finish it."""
    path, done = tmp_path / "drive.db", []

    def world():
        log = open_log(path)
        bus = Bus(log)
        bus.handle("home.make", lambda command: done.append(command.id))
        return log, bus, Saga(bus, "sign_up", "user.asked", [Step("home.make", "home.made")])

    log, bus, saga = world()
    bus.publish(Event("user.asked", {"user": "ada"}, id="c-1"))
    log.close()
    log, bus, saga = world()
    assert saga.of("c-1").status == "running"
    bus.publish("home.made", correlation="c-1")
    assert (saga.of("c-1").status, done) == ("completed", ["process/sign_up/c-1/c-1/3"])
    log.close()
