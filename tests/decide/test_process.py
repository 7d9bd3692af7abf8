"""Processes: one for each key, one step for each event, commands with one id, and timers by the bus's clock."""

import asyncio
import signal
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import pytest
from members import HOUR, Joining, Office, came, facts

from eda_workshop import (
    After,
    BadEvent,
    BadModel,
    BadName,
    BadSetting,
    BadSubscriber,
    Bus,
    DeliveryFailed,
    Event,
    ManualClock,
    Model,
    NoLog,
    Process,
    ProcessManager,
    ReducerFailed,
    Rejected,
    Saga,
    Send,
    Step,
    applies,
    causes,
    find_cycle,
    fold,
    open_log,
)

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.fixture(params=["memory", "sqlite", "nats"])
def log(request, tmp_path):
    """An empty log of each engine, with a clock that stands still."""
    url = {"memory": "memory://", "sqlite": str(tmp_path / "members.db")}.get(request.param)
    url = url or request.getfixturevalue("stream_url")
    with open_log(url, clock=ManualClock()) as log:
        yield log


@pytest.fixture
def bus():
    """A bus on a log in memory."""
    return Bus(open_log("memory://", clock=ManualClock()))


def managed(bus, process=Joining, **options):
    assert bus.log is not None
    return ProcessManager(bus.log, bus, process, **options)


# --- one process ----------------------------------------------------------------------------------


def test_events_come_in_and_commands_and_facts_go_out(log):
    """On every log: what was decided is sent, what comes of it is heard, and facts are published."""
    bus = Bus(log)
    office, joining = Office(bus), managed(bus)
    bus.publish(came("ada"))
    assert office.names == ["account.open", "card.charge", "badge.print"]
    assert facts(log) == ["member.came", "account.opened", "card.charged", "member.joined", "badge.printed"]
    found = joining.of("ada")
    assert found is not None
    assert [name for name in found.state if name != "command.accepted"] == [
        "member.came",
        "account.opened",
        "card.charged",
    ]
    assert (found.waiting, [timer.name for timer in found.timers]) == ((), ["joining.overdue"])
    assert joining.of("grace") is None


def test_a_manager_made_again_knows_what_the_one_before_knew(log):
    """State, timers, commands without an answer: all of it is in the log."""
    bus = Bus(log)
    Office(bus, silent=("account.open",), errors={"badge.print": OSError("no paper")})
    joining = managed(bus)
    bus.publish(came("ada"))
    bus.publish(came("grace"))
    bus.publish("card.charged", {"member": "grace"})
    before = joining.instances
    assert [each.waiting[0].command.name for each in before if each.waiting] == ["badge.print"]
    joining.close()
    again = managed(Bus(log))
    assert again.instances == before


def test_a_process_is_found_by_its_key_and_not_by_the_conversation(bus):
    """An importer publishes two members in one handler: two processes, each with its own commands."""
    office, joining = Office(bus), managed(bus)
    importer = bus.subscriber("importer")
    importer.on("list.imported", lambda event: [bus.publish(came(name)) for name in event.data["members"]] and None)
    bus.publish("list.imported", {"members": ["ada", "grace"]})
    assert [each.key for each in joining.instances] == ["ada", "grace"]
    assert len({event.correlation for event in bus.log or () if event.name == "member.came"}) == 1
    assert Counter(command.data["member"] for command in office.got) == {"ada": 3, "grace": 3}


def test_what_has_no_key_is_not_for_a_process(bus):
    """It leads to no step and leaves no record."""
    Office(bus)
    managed(bus)
    bus.publish("member.came", {"guest": "bob"})
    assert bus.log is not None
    assert len(bus.log) == 1


def test_a_second_event_of_the_kind_is_a_matter_of_the_state(bus):
    """Decide sees the state before the event, so it knows a twin."""
    office, joining = Office(bus), managed(bus)
    bus.publish(came("ada"))
    bus.publish(came("ada"))
    assert office.names.count("account.open") == 1
    assert joining.of("ada").state.count("member.came") == 2


def test_only_what_starts_a_process_begins_one(bus):
    """Other events without a process are skipped; with one they are heard."""

    class Strict(Joining):
        starts = "member.came"

    Office(bus, silent=("account.open",))
    joining = managed(bus, Strict)
    bus.publish("card.charged", {"member": "ada"})
    assert joining.instances == ()
    bus.publish(came("ada"))
    bus.publish("card.charged", {"member": "ada"})
    assert joining.of("ada").state == ("member.came", "command.accepted", "card.charged", "command.accepted")


# --- answers --------------------------------------------------------------------------------------


def said_of_refusal(bus):
    return [(event.data["error"], event.data["reason"]) for event in bus.log or () if event.name == "member.refused"]


def test_a_refusal_comes_back_as_an_event(bus):
    """At once, with its reason, and the command is not sent again."""
    office = Office(bus, errors={"account.open": Rejected("the plan is sold out")})
    joining = managed(bus)
    bus.publish(came("ada"))
    assert said_of_refusal(bus) == [("Rejected", "the plan is sold out")]
    joining.check()
    assert office.names == ["account.open"]


@pytest.mark.parametrize(
    ("error", "reason"), [(TimeoutError(), "TimeoutError"), (OSError("no line"), "OSError: no line")]
)
def test_a_handler_that_fails_is_tried_again_and_then_counts_as_refused(bus, error, reason):
    """With the same id each time, three times at most; an error without a text is a failure, too."""
    office, joining = Office(bus, errors={"account.open": error}), managed(bus)
    bus.publish(came("ada"))
    assert joining.of("ada").waiting[0].reason == reason
    assert (joining.check(), said_of_refusal(bus)) == (1, [])
    assert joining.check() == 1
    assert said_of_refusal(bus) == [(type(error).__name__, reason)]
    assert (joining.check(), len(office.got), len({command.id for command in office.got})) == (0, 3, 1)


def test_a_refusal_without_a_text_is_one(bus):
    """It has a reason nevertheless."""
    Office(bus, errors={"account.open": Rejected()})
    managed(bus)
    bus.publish(came("ada"))
    assert said_of_refusal(bus) == [("Rejected", "Rejected")]


class Mute(Exception):
    """An error that can't say what it is."""

    def __str__(self):
        raise ValueError("no words")


@pytest.mark.parametrize(
    ("error", "reason"),
    [(Mute(), "Mute"), (Rejected("\ud800"), "?"), (Rejected("x" * 1_000_000), "x" * 2000), (OSError(""), "OSError")],
)
def test_any_error_has_a_reason_that_can_be_recorded(bus, error, reason):
    """However long it is, whatever it is made of."""
    Office(bus, errors={"account.open": error})
    managed(bus, tries=1)
    bus.publish(came("ada"))
    assert said_of_refusal(bus) == [(type(error).__name__, reason)]


def test_a_command_that_nobody_handles_yet_waits(bus):
    """Somebody who comes later gets it, when it is tried again."""
    joining = managed(bus)
    bus.publish(came("ada"))
    office = Office(bus, silent=("account.open",))
    assert (joining.check(), office.names) == (1, ["account.open"])


def test_others_who_fail_are_no_refusal(bus):
    """The command was carried out; who fails at what came of it has a letter."""
    Office(bus, silent=("card.charge",))
    joining = managed(bus)
    bus.subscriber("audit", on_error="park").on("account.opened", lambda event: 1 / 0)
    bus.publish(came("ada"))
    assert joining.of("ada").waiting == ()
    assert [letter.subscriber for letter in bus.dead_letters] == ["audit"]


def test_a_process_that_never_takes_no_is_stopped(bus):
    """It sends again whenever it is refused; the chain ends with an error, and the program goes on."""

    class Stubborn(Joining):
        def decide(state, event):
            return Send("account.open", {"member": "ada"})

    office = Office(bus, errors={"account.open": Rejected("no")})
    managed(bus, Stubborn)
    with pytest.raises(DeliveryFailed, match="keep causing each other"):
        bus.publish(came("ada"))
    assert 50 <= len(office.got) < 2000


def test_a_task_publishes_and_the_process_goes_on(bus):
    """Under `publish_async` the same happens; a command's handler that would have to be awaited counts as one that failed."""
    office, joining = Office(bus), managed(bus, tries=1)

    async def print_badge(command):
        await asyncio.sleep(0)

    bus.handle("badge.print", print_badge, replace=True)
    asyncio.run(bus.publish_async(came("ada")))
    assert office.names == ["account.open", "card.charge"]
    assert [error for error, _ in said_of_refusal(bus)] == ["AsyncHandler"]
    assert joining.of("ada").waiting == ()


# --- timers ---------------------------------------------------------------------------------------

RINGS = {
    "check": lambda bus, manager: manager.check(),
    "settle": lambda bus, manager: bus.settle(),
    "listen": lambda bus, manager: bus.listen(patience=0.01),
    "publish": lambda bus, manager: bus.publish("door.opened"),
}


@pytest.mark.parametrize("way", RINGS)
def test_a_timer_is_due_by_the_clock_of_the_bus(bus, way):
    """Not before its time; then the process gets its event, once, whatever the bus does next."""
    Office(bus, silent=("account.open",))
    joining = managed(bus)
    bus.publish(came("ada"))
    bus.clock.advance(HOUR - 1)
    RINGS[way](bus, joining)
    assert "member.waited" not in facts(bus.log)
    bus.clock.advance(1)
    for _ in range(2):
        RINGS[way](bus, joining)
    assert facts(bus.log).count("member.waited") == 1
    assert joining.of("ada").timers == ()


def test_check_says_how_much_was_due(bus):
    """Timers of all processes, and commands that are sent again."""
    Office(bus, silent=("account.open",))
    joining = managed(bus)
    for member in ("ada", "grace"):
        bus.publish(came(member))
    bus.clock.advance(HOUR)
    assert (joining.check(), joining.check()) == (2, 0)


def test_nobody_else_hears_a_timer(bus):
    """The event of a timer is the process's own."""
    heard = set()
    bus.observe(">", lambda event: heard.add(event.name))
    Office(bus, silent=("account.open",))
    joining = managed(bus)
    bus.publish(came("ada"))
    bus.clock.advance(HOUR)
    joining.check()
    assert "joining.overdue" not in heard
    assert "joining.overdue" in joining.of("ada").state


def test_a_timer_outlives_its_manager(log):
    """It is in the log, so the next one rings it, by what the clock says then."""
    bus = Bus(log)
    Office(bus, silent=("account.open",))
    managed(bus)
    bus.publish(came("ada"))
    bus = Bus(log)
    joining = managed(bus)
    log.clock.advance(HOUR)
    assert (joining.check(), facts(log)[-1]) == (1, "member.waited")


def test_a_timer_without_delay_is_rung_by_the_next_look(bus):
    """One that sets itself again does not keep the bus busy for ever."""

    class Ticking(Joining):
        hears = "member.came"

        def decide(state, event):
            return After(0, "clock.ticked")

    joining = managed(bus, Ticking)
    bus.publish(came("ada"))
    assert [joining.check() for _ in range(3)] == [1, 1, 1]
    assert joining.of("ada").state == ("member.came", *["clock.ticked"] * 3)


# --- all or nothing -------------------------------------------------------------------------------


def test_a_step_that_can_t_be_recorded_leaves_nothing(bus):
    """Its facts, its commands and that it heard the event come together; tried again, it is done once."""

    async def wait(event):
        await asyncio.sleep(0)

    class Telling(Joining):
        def decide(state, event):
            return [Event("member.seen"), Send("account.open", event.data)] if event.name == "member.came" else None

    office, joining = Office(bus), managed(bus, Telling)
    listener = bus.subscriber("listener")
    listener.on("member.seen", wait)
    with pytest.raises(DeliveryFailed, match="AsyncHandler"):
        bus.publish(came("ada"))
    assert (facts(bus.log), joining.instances, office.got) == (["member.came"], (), [])
    listener.close()
    assert len(bus.redeliver()) == 1
    assert (office.names, len(joining.instances), bus.dead_letters) == (["account.open"], 1, ())


def test_a_decision_that_fails_can_be_made_later(bus):
    """The event's letter waits; other keys go on meanwhile."""
    broken = {"ada"}

    class Fragile(Joining):
        def decide(state, event):
            if event.data.get("member") in broken:
                raise OSError("out of order")
            return Joining.decide(state, event)

    office, joining = Office(bus, silent=("account.open",)), managed(bus, Fragile)
    with pytest.raises(DeliveryFailed, match="out of order"):
        bus.publish(came("ada"))
    bus.publish(came("grace"))
    broken.clear()
    bus.redeliver()
    assert [each.key for each in joining.instances] == ["grace", "ada"]
    assert [command.data["member"] for command in office.got] == ["grace", "ada"]


def test_an_event_that_evolve_can_t_take_is_not_recorded_as_heard(bus):
    """Nothing is decided on it, and a manager that is made again begins without trouble."""

    class Changing(Joining):
        def evolve(state, event):
            state.append(event.name)

    Office(bus)
    joining = managed(bus, Changing)
    with pytest.raises(DeliveryFailed) as failed:
        bus.publish(came("ada"))
    assert isinstance(failed.value.exceptions[0], ReducerFailed)
    assert len(bus.log or ()) == 1
    joining.close()
    assert managed(bus).instances == ()


def test_a_fact_that_is_in_the_log_with_other_content_is_an_error(bus):
    """An id of the author's own that was used before: the step is refused, and not tried without end."""

    class Naming(Joining):
        def decide(state, event):
            return Event("member.seen", id="seen")

    bus.publish(Event("member.seen", {"by": "bob"}, id="seen"))
    managed(bus, Naming)
    with pytest.raises(DeliveryFailed, match="seen"):
        bus.publish(came("ada"))
    assert facts(bus.log) == ["member.seen", "member.came"]


# --- what belongs together ------------------------------------------------------------------------


def test_commands_and_facts_belong_to_the_conversation_of_what_led_to_them(bus):
    """Correlation, causation and the trace go on from the event to its commands, to what comes of them, and to facts."""
    office = Office(bus, errors={"badge.print": Rejected("no paper")})
    managed(bus)
    bus.publish(came("ada", id="came", correlation="c-1", extensions={"traceparent": TRACE}))
    assert office.got[0].causation == "came"
    assert {command.correlation for command in office.got} == {"c-1"}
    by_name = {event.name: event for event in bus.log or ()}
    assert {event.correlation for event in by_name.values()} == {"c-1"}
    assert {event.extensions.get("traceparent") for event in by_name.values()} == {TRACE}
    assert by_name["account.opened"].causation == "came"
    assert by_name["member.joined"].causation == by_name["card.charged"].id
    assert by_name["member.refused"].causation == by_name["process.refused"].id


def test_what_a_timer_leads_to_has_a_cause_in_the_log(bus):
    """And is in the conversation of the event that set it."""
    Office(bus, silent=("account.open",))
    joining = managed(bus)
    bus.publish(came("ada", id="came"))
    bus.clock.advance(HOUR)
    joining.check()
    assert bus.log is not None
    waited = next(bus.log.read(names="member.waited"))
    assert waited.correlation == "came"
    assert bus.log.find(waited.causation) is not None


def test_causes_are_seen_through_a_process(bus):
    """Who looks for chains sees facts only; answers that lead to commands are no circle."""
    Office(bus, errors={"badge.print": Rejected("no paper")})
    managed(bus)
    bus.publish(came("ada"))
    assert bus.log is not None
    edges = causes(bus.log)
    assert ("member.came", "account.opened") in edges
    assert ("card.charged", "member.refused") in edges
    assert not any(name.startswith("process.") for edge in edges for name in edge)
    assert find_cycle(edges) == ()


def test_no_model_meets_the_records_of_a_process(bus):
    """A strict model folds the log as if they were not there."""

    class Members(Model):
        initial = 0
        strict = True

        @applies("member.came", "account.opened", "card.charged", "member.joined", "badge.printed")
        def count(number, event):
            return number + 1

    Office(bus)
    managed(bus)
    bus.publish(came("ada"))
    assert bus.log is not None
    assert fold(bus.log, Members) == len(facts(bus.log))
    with pytest.raises(BadModel, match="a record of the kit's own"):

        class Curious(Model):
            @applies("process.stepped")
            def heard(state, event):
                return state


# --- several at once ------------------------------------------------------------------------------


def test_of_two_managers_in_a_process_the_newer_takes_over(log):
    """Each event leads to one step and one command, whoever hears it first; the older hears that it was taken over."""
    here, there = Bus(log), Bus(log)
    offices = Office(here, silent=("account.open",)), Office(there, silent=("account.open",))
    older, newer = managed(here), managed(there)
    with pytest.raises(DeliveryFailed, match="taken over"):
        here.publish(came("ada", id="a"))
    there.publish(came("grace", id="g"))
    newer.check()
    stepped = Counter(event.data["event"] for event in log.read(names="process.stepped"))
    assert set(stepped.values()) == {1}
    assert {command.id for office in offices for command in office.got} == {
        "process/joining/ada/a/1",
        "process/joining/grace/g/1",
    }
    assert [each.key for each in newer.instances] == ["ada", "grace"]
    with pytest.raises(BadSubscriber, match="is closed"):
        older.check()


def test_a_step_is_refused_when_somebody_else_has_taken_it(log):
    """A manager that reads what it has missed finds the step there, and decides on the state that came of it."""
    here, there = Bus(log), Bus(log)
    Office(here, silent=("account.open",)), Office(there)
    older = managed(here)
    here.publish(came("ada"))
    managed(there)
    there.publish("account.opened", {"member": "ada"})
    with pytest.raises(DeliveryFailed):
        here.publish(came("ada"))  # the older does not know yet that it was taken over, nor what has happened
    assert older.of("ada").state[:2] == ("member.came", "command.accepted")
    assert "account.opened" in older.of("ada").state
    assert set(Counter(event.data["event"] for event in log.read(names="process.stepped")).values()) == {1}


def test_threads_publish_while_others_look_at_the_clock():
    """Forty events from eight threads and three that check: each event leads to one step, each command is sent once."""
    with open_log("memory://") as log:
        bus = Bus(log)
        office, joining = Office(bus, silent=("account.open",)), managed(bus)
        errors = []

        def run(act: object) -> None:
            try:
                act()
            except BaseException as error:
                errors.append(error)

        def publish(number: int) -> None:
            for each in range(5):
                bus.publish(came(f"m{(number + each) % 4}"))

        acts = [lambda n=n: publish(n) for n in range(8)] + [lambda: [joining.check() for _ in range(20)]] * 3
        threads = [threading.Thread(target=run, args=(act,)) for act in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert errors == []
        assert Counter(command.data["member"] for command in office.got) == {f"m{n}": 1 for n in range(4)}
        assert sum(each.state.count("member.came") for each in joining.instances) == 40


PROGRAM = """
import sys
sys.path.insert(0, sys.argv[2])
from eda_workshop import Bus, NameTaken, ProcessManager, open_log
from members import Joining, came
log = open_log(sys.argv[1])
bus = Bus(log)
@bus.handle("account.open")
def account(command):
    print("asked", command.id, flush=True)
    if len(sys.argv) > 3:
        sys.stdin.readline()
try:
    joining = ProcessManager(log, bus, Joining)
    print("begun", flush=True)
    for line in sys.stdin:
        bus.publish(came(line.strip(), id=f"{line[0]}"))
        print("published", flush=True)
except NameTaken as error:
    print("refused", flush=True)
"""


class Program:
    """Another program with a manager on the same file; one that hangs is busy carrying out the command when it is killed."""

    def __init__(self, path, *, hangs=False):
        command = [sys.executable, "-c", PROGRAM, str(path), str(Path(__file__).parent), *["hangs"][: int(hangs)]]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def says(self):
        """Its next line."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().rstrip()

    def tell(self, text):
        """Write a line to it."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{text}\n")
        self.process.stdin.flush()

    def kill(self):
        """As the system does when memory runs out."""
        self.process.kill()
        self.process.communicate()


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no kill -9 on this system")
def test_two_programs_on_one_file(tmp_path):
    """While one is at work the other is refused; killed while a command is carried out, it is followed by one that goes on."""
    path = tmp_path / "members.db"
    programs = [Program(path, hangs=True)]
    try:
        assert programs[0].says() == "begun"
        programs.append(Program(path))
        assert programs[1].says() == "refused"
        programs[0].tell("ada")
        assert programs[0].says() == "asked process/joining/ada/a/1"
        programs[0].kill()
        programs.append(Program(path))
        assert [programs[2].says(), programs[2].says()] == ["asked process/joining/ada/a/1", "begun"]
        programs[2].tell("grace")
        assert [programs[2].says(), programs[2].says()] == ["asked process/joining/grace/g/1", "published"]
    finally:
        for program in programs:
            program.kill()
    with open_log(path) as log:
        assert Counter(event.name for event in log) == {
            "member.came": 2,
            "process.stepped": 4,
            "process.accepted": 2,
        }


# --- how a process is written ---------------------------------------------------------------------


def test_reducers_by_name_say_what_is_heard(bus):
    """With `@applies` there is no list of names; other events pass by."""

    class Counting(Process):
        initial = 0

        def key(event):
            return event.data["box"]

        @applies("box.filled")
        def filled(number, event):
            return number + 1

        @applies("command.refused")
        def refused(number, event):
            return -1

        def decide(number, event):
            if number == 1:
                yield Send("box.close", event.data)
                yield Event("box.full", event.data)

        def status(number):
            return "stuck" if number < 0 else "open"

    assert Counting.name == "counting"
    counting = managed(bus, Counting, tries=1)
    bus.publish("box.opened", {"lid": 1})
    for _ in range(2):
        bus.publish("box.filled", {"box": "b1"})
    assert [(each.state, each.status) for each in counting.instances] == [(-1, "stuck")]
    assert repr(counting) == "<ProcessManager counting: 1 stuck>"


def test_without_names_a_process_hears_all_events(bus):
    """And none of the records that it makes itself."""

    class Diary(Process):
        initial = ()

        def key(event):
            return "diary"

        def evolve(pages, event):
            return (*pages, event.name)

        def decide(pages, event):
            return None

    diary = managed(bus, Diary)
    bus.publish("member.came")
    bus.publish("door.opened")
    assert diary.of("diary").state == ("member.came", "door.opened")


def test_a_process_can_hear_what_was_before_it(bus):
    """With a position to begin after, as any durable subscriber."""
    bus.publish(came("ada"))
    Office(bus)
    assert managed(bus, after=0).of("ada").state[0] == "member.came"


def test_a_manager_that_is_closed_hears_nothing(bus):
    """The next one hears what came meanwhile."""
    Office(bus)
    with managed(bus) as joining:
        bus.publish(came("ada"))
    bus.publish(came("grace"))
    assert joining.of("grace") is None
    assert managed(bus).of("grace") is not None


class Plain(Process):
    def key(event):
        return event.data.get("member")

    def evolve(state, event):
        return event.name

    def decide(state, event):
        return None


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"decide": lambda self, state, event: None}, "called with 2 arguments: state, event"),
        ({"key": lambda state, event: ""}, "called with 1 argument: event"),
        ({"evolve": "later"}, "can't be called"),
        ({"initial": bytearray()}, "can be changed afterwards"),
        ({"count": applies("a.b")(lambda state, event: 1), "evolve": lambda state, event: 1}, "Do it in one of them"),
    ],
)
def test_what_can_t_be_a_process_is_refused_where_it_is_defined(body, said):
    """Before any event comes."""
    with pytest.raises(BadModel, match=said):
        type("Joining", (Process,), body)


def test_a_name_must_be_one_token():
    """It is part of what is recorded."""
    with pytest.raises(BadName):
        type("Joining", (Process,), {"name": "Join us"})


def test_what_lacks_a_function_can_t_be_run(bus):
    """The error says what to write."""
    lacking = type("Joining", (Process,), {"evolve": lambda state, event: 1, "decide": lambda state, event: None})
    with pytest.raises(BadModel, match=r"has no key. Write def key\(event\)"):
        managed(bus, lacking)
    for wrong in (Process, Joining(), "joining"):
        with pytest.raises(BadModel, match="is not a process's class"):
            managed(bus, wrong)
    assert bus.subscribers == {}


@pytest.mark.parametrize("key", [5, "", b"ada"])
def test_a_key_is_text(bus, key):
    """Anything else is an error that names the event; nothing is lost, the letter waits."""
    managed(bus, type("Odd", (Plain,), {"key": lambda event: key, "hears": "member.came"}))
    with pytest.raises(DeliveryFailed) as failed:
        bus.publish(came("ada"))
    assert "has a key for member.came at position 1" in str(failed.value.exceptions[0])
    assert len(bus.dead_letters) == 1


@pytest.mark.parametrize("given", ["account.open", {"a": 1}, 5, ["account.open"], Ellipsis])
def test_a_decision_gives_commands_timers_and_facts(bus, given):
    """Anything else is an error, and nothing is recorded."""
    managed(bus, type("Odd", (Plain,), {"decide": lambda state, event: given, "hears": "member.came"}))
    with pytest.raises(DeliveryFailed) as failed:
        bus.publish(came("ada"))
    assert isinstance(failed.value.exceptions[0], BadEvent)
    assert "Return Send('account.open'" in str(failed.value.exceptions[0])
    assert len(bus.log or ()) == 1


@pytest.mark.parametrize("seconds", [-1, float("nan"), float("inf"), "5", None, True])
def test_a_timer_needs_a_number_of_seconds(seconds):
    """From 0, and less than for ever."""
    with pytest.raises(BadSetting):
        After(seconds, "trial.expired")


def test_names_are_checked_where_they_are_given():
    """Of commands and timers."""
    with pytest.raises(BadName):
        Send("open")
    with pytest.raises(BadName):
        After(1, "Expired")


def test_a_process_needs_a_log_and_that_of_the_bus(bus):
    """What it did must be somewhere, and in one place."""
    with open_log("memory://") as another:
        with pytest.raises(NoLog):
            ProcessManager(another, Bus(), Joining)
        with pytest.raises(BadSetting, match="the log of the bus"):
            ProcessManager(another, bus, Joining)
    with pytest.raises(BadSetting, match="a bus"):
        ProcessManager(bus.log, bus.log, Joining)
    with pytest.raises(BadSetting):
        managed(bus, tries=0)
    assert bus.subscribers == {}


# --- the short form -------------------------------------------------------------------------------

STEPS = [Step("account.open", "account.opened", "account.close"), Step("card.charge", "card.charged")]


@pytest.mark.parametrize(("key", "found"), [(None, ["1"]), (lambda event: event.data["member"], ["ada", "grace"])])
def test_a_saga_for_each_of_two_members_that_one_handler_announces(bus, key, found):
    """By a business key there are two; by the conversation, as without a key, one."""
    Office(bus)
    saga = Saga(bus, "joining", "member.came", STEPS, key=key)
    bus.subscriber("importer").on(
        "list.imported", lambda event: [bus.publish(came(m)) for m in ("ada", "grace")] and None
    )
    bus.publish("list.imported", id="1")
    assert [(each.key, each.status) for each in saga.instances] == [(key, "completed") for key in found]


def test_a_saga_by_key_undoes_what_it_did_for_that_key(bus):
    """Each instance has its own fate."""
    office = Office(bus)
    closed = []
    bus.handle("account.close", lambda command: closed.append(command.data["member"]))
    bus.handle(
        "card.charge",
        lambda command: refuse() if command.data["member"] == "ada" else office.carry_out(command),
        replace=True,
    )
    saga = Saga(bus, "joining", "member.came", STEPS, key=lambda event: event.data["member"])
    for member in ("ada", "grace"):
        bus.publish(came(member, correlation="c-1"))
    assert [(each.key, each.status) for each in saga.instances] == [("ada", "compensated"), ("grace", "completed")]
    assert closed == ["ada"]


def refuse():
    raise Rejected("no money")


def test_a_saga_s_key_is_a_plain_function(bus):
    """Checked when the saga is made."""
    with pytest.raises(Exception, match="can't be a handler"):
        Saga(bus, "joining", "member.came", STEPS, key="member")
    assert bus.subscribers == {}
