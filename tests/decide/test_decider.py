"""The decider: what it reads, what it records, and what happens when somebody else was quicker."""

import threading
import warnings

import pytest
from seats import Seats, reserve, reserved

from eda_workshop import (
    BadEvent,
    BadModel,
    BadSetting,
    Bus,
    Command,
    Conflict,
    Decider,
    DeliveryFailed,
    Event,
    ManualClock,
    NoDecision,
    NoLog,
    Overtaken,
    Query,
    Rejected,
    applies,
    decides,
    execute,
    fold,
    open_log,
)


@pytest.fixture(params=["memory", "sqlite"])
def log(request, tmp_path):
    url = "memory://" if request.param == "memory" else tmp_path / "seats.db"
    with open_log(url, clock=ManualClock("2026-03-02T09:00:00Z", tick=60)) as log:
        yield log


def disturbed(monkeypatch, log, *others):
    """Let somebody else append these before the next appends come through, one before each."""
    waiting, write = [*others], log.write

    def late(events, *condition, **named):
        if waiting:
            write([waiting.pop(0)])
        return write(events, *condition, **named)

    monkeypatch.setattr(log, "write", late)


# --- one decision -----------------------------------------------------------------------------------


def test_what_it_decides_is_recorded_as_an_effect_of_the_command(log):
    """Ids come from the command's, times from the log's clock, and the conversation is the command's."""
    command = reserve("seat/12", "ada", id="c1", correlation="trip-7")
    decision = execute(log, Seats, command)
    (event,) = decision.events
    assert (decision.position, decision.attempts, [*log]) == (1, 1, [event])
    assert (event.id, event.correlation, event.causation) == ("c1/1", "trip-7", "c1")
    assert (event.data["by"], event.occurred <= event.recorded) == ("ada", True)
    assert event.occurred.date().isoformat() == "2026-03-02"


def test_a_refusal_leaves_nothing(log):
    """What the rule raises comes out, and nothing is in the log."""
    log.append(reserved("seat/12", "ada"))
    with pytest.raises(Rejected, match="ada has it"):
        execute(log, Seats, reserve("seat/12", "bob"))
    assert log.head == 1
    assert execute(log, Seats, reserve("seat/7", "bob")).position == 2


def test_a_command_that_is_executed_again_gives_what_it_led_to(log):
    """After a lost answer the same command is harmless, whatever has happened since."""
    first = execute(log, Seats, reserve("seat/12", "ada", id="c1"))
    execute(log, Seats, Command("seat.release", {"seat": "seat/12", "by": "ada"}))
    again = execute(log, Seats, reserve("seat/12", "ada", id="c1"))
    assert (again.events, again.position, again.attempts) == (first.events, 1, 0)
    assert log.head == 2


def test_two_programs_that_execute_one_command_at_once_record_it_once(log, monkeypatch):
    """The other one's events came right before ours, by another clock: they are the same decision."""
    theirs = reserved("seat/12", "ada", id="c1/1", occurred="2026-03-02T08:00:00Z", correlation="c1", causation="c1")
    disturbed(monkeypatch, log, theirs)
    decision = execute(log, Seats, reserve("seat/12", "ada", id="c1"))
    assert (decision.attempts, [event.occurred.hour for event in decision.events], log.head) == (0, [8], 1)


class Forms(Decider):
    """Rules that give their events in different forms."""

    def boundary(command):
        return Query(tags="forms")

    @decides("form.none")
    def none(_state, _command):
        return None

    @decides("form.one")
    def one(_state, _command):
        return Event("a.happened")

    @decides("form.several")
    def several(_state, _command):
        return [Event("a.happened"), Event("a.happened", id="mine")]

    @decides("form.generator")
    def generator(_state, _command):
        yield Event("a.happened")
        yield Event("a.happened", id="mine")
        yield Event("a.happened")

    @decides("form.left_out")
    def left_out(_state, _command):
        return [Event("a.happened"), Event("b.happened")][1:]


@pytest.mark.parametrize(
    ("form", "ids"),
    [
        ("none", []),
        ("one", ["c1/1"]),
        ("several", ["c1/1", "mine"]),
        ("generator", ["c1/1", "mine", "c1/3"]),
        ("left_out", ["c1/1"]),
    ],
)
def test_a_rule_may_give_its_events_in_many_forms(log, form, ids):
    """Nothing, one, a list, or one by one; ids count in the order in which they are given, and ids of ones own stay."""
    decision = execute(log, Forms, Command(f"form.{form}", id="c1"))
    assert [event.id for event in decision.events] == ids
    assert decision.position == log.head == len(ids)


def test_events_that_others_make_meanwhile_are_no_part_of_the_decision(log):
    """Even if a rule is impure and appends some itself: they keep ids of their own, and the command is decided again."""

    class Impure(Seats):
        @decides("seat.reserve")
        def reserve(holder, command):
            if log.head == 0:
                log.append(reserved("seat/12", "bob"), Event("seat.released", {"by": "bob"}, subject="seat/12"))
            return Seats.reserve(holder, command)

    decision = execute(log, Impure, reserve("seat/12", "ada", id="c1"))
    assert (decision.attempts, [event.id for event in decision.events]) == (2, ["c1/1"])
    assert [event.id.startswith("c1/") for event in log] == [False, False, True]


def test_events_of_one_decision_may_name_each_other(log):
    """The first is the cause of the second, by the id that it has in the log."""

    class Chain(Decider):
        def boundary(command):
            return Query()

        @decides("chain.begin")
        def begin(_state, _command):
            first = Event("chain.begun")
            return [first, Event("chain.ended", causation=first.id)]

    begun, ended = execute(log, Chain, Command("chain.begin", id="c1")).events
    assert (begun.id, ended.id, ended.causation) == ("c1/1", "c1/2", "c1/1")


def test_a_decision_tells_what_happened(log):
    """In a cell its last line shows it."""
    assert repr(execute(log, Forms, Command("form.none"))) == "<Decision: nothing happened, 1 attempt>"
    assert repr(execute(log, Forms, Command("form.one"))) == "<Decision: a.happened at 1, 1 attempt>"


def test_a_generator_that_raises_half_way_leaves_nothing(log):
    """The events that it had given before are not recorded either."""

    class Half(Decider):
        def boundary(command):
            return Query()

        @decides("half.do")
        def do(_state, _command):
            yield Event("a.happened")
            raise Rejected("after all, no")

    with pytest.raises(Rejected, match="after all"):
        execute(log, Half, Command("half.do"))
    assert log.head == 0


def test_the_same_command_leads_to_the_same_events(log):
    """Rules are pure: the same state and command give the same ids, whoever asks, and the usual ids come back after it."""
    other = open_log("memory://", clock=ManualClock("2026-03-02T09:00:00Z", tick=60))
    command = reserve("seat/12", "ada", id="c1")
    assert execute(log, Seats, command).events[0].id == execute(other, Seats, command).events[0].id == "c1/1"
    assert Event("a.happened").id != Event("a.happened").id


def test_an_event_may_lie_outside_the_boundary(log):
    """It is recorded; decisions of this kind don't see it, and it disturbs none of them."""

    class Notes(Decider):
        initial = 0

        def boundary(command):
            return Query("note.kept")

        @applies("note.kept", "note.sent")
        def count(number, _event):
            return number + 1

        @decides("note.send")
        def send(number, _command):
            return Event("note.sent", {"kept": number})

    for number in range(3):
        assert execute(log, Notes, Command("note.send")).events[0].data == {"kept": 0}, number


# --- overtaken --------------------------------------------------------------------------------------


def test_it_decides_again_on_what_came_in_between(log, monkeypatch):
    """Bob was quicker: Ada's decision is made again on what is, and the answer is no."""
    disturbed(monkeypatch, log, reserved("seat/12", "bob"))
    with pytest.raises(Rejected, match="bob has it"):
        execute(log, Seats, reserve("seat/12", "ada"))
    assert [event.data["by"] for event in log] == ["bob"]


def test_after_a_conflict_the_answer_may_still_be_yes(log, monkeypatch):
    """Bob had the seat, and gave it back just now: the second attempt sees both."""
    log.append(reserved("seat/12", "bob"))
    released = Event("seat.released", {"seat": "seat/12", "by": "bob"}, subject="seat/12")
    read, looked = log.read, []

    def read_late(*args, **wanted):
        found = read(*args, **wanted)
        if wanted.get("where") and not looked:
            looked.append(args)
            log.append(released)
        return found

    monkeypatch.setattr(log, "read", read_late)
    with pytest.raises(Rejected):  # a refusal is an answer: it was no when the log was read
        execute(log, Seats, reserve("seat/12", "ada"))
    assert execute(log, Seats, reserve("seat/12", "ada")).attempts == 1


def test_strangers_never_disturb(log, monkeypatch):
    """Events outside the boundary come in between, and the first attempt goes through."""
    disturbed(monkeypatch, log, reserved("seat/7", "bob"))
    assert execute(log, Seats, reserve("seat/12", "ada"), tries=1).attempts == 1


class Counted(Decider):
    """How many times something was counted; two at once are a conflict, and both are right."""

    initial = 0

    def boundary(command):
        return Query(tags="counter")

    @applies("counter.raised")
    def raised(count, _event):
        return count + 1

    @decides("counter.raise")
    def raise_it(count, _command):
        return Event("counter.raised", {"to": count + 1}, subject="counter")


def test_attempts_are_counted(log, monkeypatch):
    """Each time somebody was quicker, it reads on and decides again."""
    others = [Event("counter.raised", subject="counter") for _ in range(3)]
    disturbed(monkeypatch, log, *others)
    decision = execute(log, Counted, Command("counter.raise"))
    assert (decision.attempts, decision.position, decision.events[0].data["to"]) == (4, 4, 4)


def test_more_conflicts_than_tries(log, monkeypatch):
    """The error says how often and by whom it was overtaken, and nothing was appended."""
    others = [Event("counter.raised", subject="counter", source=f"/desk/{number}") for number in range(3)]
    disturbed(monkeypatch, log, *others)
    with pytest.raises(Overtaken) as info:
        execute(log, Counted, Command("counter.raise"), tries=3)
    assert isinstance(info.value, Conflict)
    assert [event.source for event in info.value.in_the_way] == ["/desk/0", "/desk/1", "/desk/2"]
    assert "3 times (counter.raised at 1, counter.raised at 2, counter.raised at 3)" in str(info.value)
    assert log.head == 3


def test_many_threads_lose_no_update(log):
    """Forty threads on one counter: every number once."""
    gate, numbers = threading.Barrier(40), []

    def count():
        gate.wait()
        numbers.append(execute(log, Counted, Command("counter.raise"), tries=1_000).events[0].data["to"])

    threads = [threading.Thread(target=count) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == list(range(1, 41))
    assert fold(log, Counted) == 40


def test_a_correction_counts_where_it_should(log, monkeypatch):
    """With corrected=True a rejected reservation frees the seat, and one that comes in between is noticed."""
    log.append(reserved("seat/12", "bob", id="mistake"))
    with pytest.raises(Rejected):
        execute(log, Seats, reserve("seat/12", "ada"), corrected=True)
    log.append(reserved("seat/7", "cy", id="other"))
    log.append(Event("event.rejected", {"event": "mistake"}))
    disturbed(monkeypatch, log, Event("event.rejected", {"event": "other"}))
    with pytest.raises(Rejected):
        execute(log, Seats, reserve("seat/12", "ada"))
    decision = execute(log, Seats, reserve("seat/12", "ada"), corrected=True)
    assert decision.attempts == 2


# --- on a bus ---------------------------------------------------------------------------------------


def test_on_a_bus_the_events_are_delivered_too(log):
    """Subscribers hear what was decided, in order; what a handler publishes is caused by it."""
    bus, heard = Bus(log), []
    bus.subscriber("board").on("seat.*", heard.append)
    bus.handle("seat.reserve", lambda command: execute(bus, Seats, command).position)
    assert bus.send(reserve("seat/12", "ada", id="c1")) == 1
    assert [(event.name, event.id, event.causation) for event in heard] == [("seat.reserved", "c1/1", "c1")]
    with pytest.raises(Rejected):
        bus.send(reserve("seat/12", "bob"))
    assert len(heard) == 1


def test_a_subscriber_that_fails_undoes_no_decision(log):
    """The event is recorded and the failure is told; executed again, the command is known."""
    bus, command = Bus(log), reserve("seat/12", "ada", id="c1")
    bus.subscriber("board").on("seat.reserved", lambda event: 1 / 0)
    with pytest.raises(DeliveryFailed):
        execute(bus, Seats, command)
    assert execute(bus, Seats, command).attempts == 0
    assert log.head == 1


def test_a_bus_without_a_log_has_nothing_to_decide_on():
    """It is said so."""
    with pytest.raises(NoLog):
        execute(Bus(), Seats, reserve("seat/12", "ada"))


# --- bad input --------------------------------------------------------------------------------------


class Wrong(Decider):
    """Rules that give what no rule may give."""

    def boundary(command):
        return command.data.get("boundary", "seat/12") if command.name == "bad.boundary" else Query()

    @decides("bad.boundary")
    def nothing(_state, _command):
        return None

    @decides("bad.dict")
    def a_dict(_state, _command):
        return {"name": "seat.reserved"}

    @decides("bad.text")
    def text(_state, _command):
        return "seat.reserved"

    @decides("bad.command")
    def a_command(_state, command):
        return command

    @decides("bad.mixed")
    def mixed(_state, _command):
        return [Event("a.happened"), 7]

    @decides("bad.lambda")
    def coroutine(_state, _command):
        async def later():
            return Event("a.happened")

        return later()


@pytest.mark.parametrize("name", ["dict", "text", "command", "mixed", "lambda"])
def test_what_is_no_event_is_refused(log, name):
    """The error names the command and says what to return; nothing is recorded, and no warning is left behind."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(BadEvent, match=rf"bad\.{name}.*Return an event"):
            execute(log, Wrong, Command(f"bad.{name}"))
    assert log.head == 0


def test_an_error_of_a_rule_is_its_own(log):
    """A generator that breaks with a TypeError half-way isn't taken for something that gives no events."""

    class Broken(Decider):
        def boundary(command):
            return Query()

        @decides("broken.do")
        def do(_state, _command):
            yield Event("a.happened")
            yield 1 + "a"

    with pytest.raises(TypeError, match="unsupported operand"):
        execute(log, Broken, Command("broken.do"))
    assert log.head == 0


def test_a_boundary_must_be_a_query(log):
    """A tag alone is none."""
    with pytest.raises(BadModel, match="'seat/12', which isn.t a query"):
        execute(log, Wrong, Command("bad.boundary"))


def test_a_command_without_a_rule(log):
    """It is named, with what was probably meant, and what it decides."""
    with pytest.raises(NoDecision, match=r"Did you mean seat.reserve\?.*seat.reserve, seat.release"):
        execute(log, Seats, Command("seat.resreve", {"seat": "seat/12"}))


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("drive.db", Seats, reserve("seat/1", "a")), BadSetting),
        ((None, Seats, reserve("seat/1", "a")), BadSetting),
        ((open_log(), Seats, "seat.reserve"), BadSetting),
        ((open_log(), Seats, Event("seat.reserved")), BadSetting),
        ((open_log(), Seats(), reserve("seat/1", "a")), BadModel),
        ((open_log(), Decider, reserve("seat/1", "a")), BadModel),
    ],
)
def test_what_it_is_called_with_is_checked(arguments, problem):
    """A place, a decider's class, a command."""
    with pytest.raises(problem):
        execute(*arguments)


@pytest.mark.parametrize("tries", [0, -1, 1.5, "many", True])
def test_tries_are_a_number_from_1(log, tries):
    """Anything else is refused, and nothing is decided."""
    with pytest.raises(BadSetting, match="tries"):
        execute(log, Seats, reserve("seat/12", "ada"), tries=tries)
    assert log.head == 0


def test_a_decider_without_a_boundary_says_so_once(log):
    """It reads the whole log: one warning, however often it decides."""

    class Wide(Decider):
        @decides("wide.do")
        def do(_state, _command):
            return Event("wide.done")

    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        for _ in range(3):
            execute(log, Wide, Command("wide.do"))
    assert [str(each.message).partition(",")[0] for each in told] == ["Wide has no boundary"]


def test_rules_are_checked_where_they_are_defined():
    """Async ones, a self, and names that are none are refused with the class."""
    with pytest.raises(BadModel, match="async"):

        class Later(Decider):
            @decides("a.do")
            async def do(_state, _command): ...

    with pytest.raises(BadModel, match="3 arguments|self"):

        class Self(Decider):
            @decides("a.do")
            def do(self, state, command): ...

    with pytest.raises(BadModel, match="boundary"):

        class Nothing(Decider):
            def boundary(): ...


def test_a_decider_is_inherited():
    """A subclass may replace the boundary or a rule; the rest stays, and the first class is as it was."""

    class Generous(Seats):
        @decides("seat.reserve")
        def reserve_for_all(_holder, command):
            return reserved(**command.data)

    log = open_log()
    log.append(reserved("seat/12", "ada"))
    assert execute(log, Generous, reserve("seat/12", "bob")).position == 2
    with pytest.raises(Rejected):
        execute(log, Seats, reserve("seat/12", "cy"))
