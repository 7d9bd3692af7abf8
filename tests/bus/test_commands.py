"""Commands: exactly one addressee, who may say no."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from eda_workshop import (
    BadData,
    BadEvent,
    BadName,
    Bus,
    Command,
    DeliveryFailed,
    DuplicateHandler,
    Event,
    FrozenData,
    NoHandler,
    Rejected,
    causes,
    find_cycle,
)
from eda_workshop.log import EventLog


def test_send_returns_the_answer(bus: Bus) -> None:
    """The one handler gets the command, and its result comes back."""
    got: list[Command] = []
    bus.handle("folder.create", lambda command: (got.append(command), command.data["path"])[1])  # type: ignore[func-returns-value]
    assert bus.send("folder.create", {"path": "/photos"}) == "/photos"
    ready = Command("folder.create", {"path": "/x"}, id="cmd-7")
    assert bus.send(ready) == "/x"
    assert [(command.id, command.correlation) for command in got] == [("evt-0001", "evt-0001"), ("cmd-7", "cmd-7")]
    assert got[1] is ready


def test_nobody_there_is_an_error(bus: Bus) -> None:
    """A command demands an answer, so nobody to give one is no silence; events' subscribers don't count."""
    bus.subscriber("a").on("folder.create", lambda event: None)
    bus.handle("folder.move", lambda command: None)
    with pytest.raises(NoHandler) as caught:
        bus.send("folder.create")
    assert (caught.value.name, caught.value.known) == ("folder.create", ("folder.move",))


def test_a_second_handler_is_refused(bus: Bus) -> None:
    """Exactly one carries a command out; `replace=True` swaps it."""

    @bus.handle("folder.create")
    def first(command: Command) -> str:
        return "first"

    with pytest.raises(DuplicateHandler) as caught:
        bus.handle("folder.create", first)
    assert caught.value.existing.startswith("first (test_commands.py")
    assert bus.send("folder.create") == "first"

    @bus.handle("folder.create", replace=True)
    def second(command: Command) -> str:
        return "second"

    assert bus.send("folder.create") == "second"


def test_a_handler_may_say_no(bus: Bus) -> None:
    """`Rejected` reaches the sender as it was raised, and nothing has happened."""
    refusal = Rejected("the folder exists")

    def refuse(command: Command) -> None:
        raise refusal

    bus.handle("folder.create", refuse)
    with pytest.raises(Rejected) as caught:
        bus.send("folder.create")
    assert caught.value is refusal
    assert bus.dead_letters == ()


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        (("folder.*",), BadName, "wildcard"),
        (("create",), BadName, "one token"),
        (("a.b", {"f": print}), BadData, "data['f']"),
        ((3,), BadEvent, "send() takes a command, not int"),
        ((Event("a.b"),), BadEvent, "send() takes a command, not Event"),
        ((Command("a.b"), {"x": 1}), BadEvent, "command a.b is ready-made, and data was passed beside it"),
    ],
)
def test_a_mistake_is_one_clear_error(bus: Bus, arguments: tuple[Any, ...], error: type[Exception], words: str) -> None:
    """Before the handler is asked, and without using up an id."""
    asked: list[Command] = []
    bus.handle("a.b", asked.append)
    with pytest.raises(error) as caught:
        bus.send(*arguments)
    assert words in str(caught.value)
    assert asked == []
    assert bus.event("x.y").id == "evt-0001"


def test_a_pattern_handles_no_command(bus: Bus) -> None:
    """A command has one name and one handler."""
    with pytest.raises(BadName):
        bus.handle("folder.*", lambda command: None)


def test_what_a_command_causes_is_linked_to_it(logged: Bus) -> None:
    """Events that its handler publishes carry its id, and are delivered before `send` returns."""
    got: list[Event] = []

    def create(command: Command) -> int:
        logged.publish("folder.created", command.data)
        return len(got)

    logged.subscriber("a").on("folder.created", got.append)
    logged.handle("folder.create", create)
    assert logged.send(Command("folder.create", {"path": "/"}, id="cmd-1", correlation="talk")) == 0
    assert [(event.causation, event.correlation, event.data) for event in got] == [("cmd-1", "talk", {"path": "/"})]
    assert str(logged.trace("talk")) == "1 folder.created → a"


def test_a_command_inside_a_delivery_is_answered_at_once(logged: Bus) -> None:
    """Asking waits for the answer, unlike telling; the command belongs to the handler's conversation."""
    order: list[str] = []
    commands: list[Command] = []

    def create(command: Command) -> str:
        commands.append(command)
        order.append("asked")
        logged.publish("folder.created")
        return "done"

    def on_signup(event: Event) -> None:
        order.append(f"answer {logged.send('folder.create')}")
        logged.publish("email.sent")

    logged.handle("folder.create", create)
    logged.subscriber("a").on("user.signed_up", on_signup)
    logged.subscriber("b").on(">", lambda event: order.append(f"{event.name} ← {event.causation}"))
    logged.publish("user.signed_up")
    assert order == [
        "asked",
        "answer done",
        "user.signed_up ← ",
        "folder.created ← evt-0001",
        "email.sent ← evt-0001",
    ]
    assert (commands[0].correlation, commands[0].causation) == ("evt-0001", "evt-0001")


def test_causes_see_through_commands(logged: Bus, log: EventLog) -> None:
    """The cause of what a command's handler publishes is the event that led to it, through two commands as well."""
    logged.handle("folder.create", lambda command: logged.send("folder.make"))
    logged.handle("folder.make", lambda command: logged.publish("folder.created"))
    logged.subscriber("a").on("user.signed_up", lambda event: logged.send("folder.create"))
    logged.publish("user.signed_up")
    assert causes(log) == {("user.signed_up", "folder.created"): 1}
    assert str(logged.trace("evt-0001")).splitlines() == ["1 user.signed_up → a", "   2 folder.created → nobody"]


def test_a_circle_through_a_command_is_found(logged: Bus, log: EventLog) -> None:
    """Event, command, event: the bus stops the chain, and the log shows the circle."""
    logged.handle("b.do", lambda command: logged.publish("a.done"))
    logged.subscriber("a", on_error="park").on("a.done", lambda event: logged.send("b.do"))
    logged.publish("a.done")
    assert [type(letter.error).__name__ for letter in logged.dead_letters] == ["EndlessChain"]
    assert find_cycle(causes(log)) == ("a.done", "a.done")


def test_a_ready_made_command_joins_the_conversation(logged: Bus) -> None:
    """Sent by a handler, it gets the cause and conversation that it doesn't name itself; its id stays."""
    got: list[Command] = []
    logged.handle("a.do", got.append)
    ready = [
        Command("a.do", id="1"),
        Command("a.do", id="2", correlation="talk"),
        Command("a.do", id="3", causation="x"),
    ]
    logged.subscriber("a").on("a.done", lambda event: [logged.send(command) for command in ready])
    logged.publish("a.done")
    assert [(command.id, command.correlation, command.causation) for command in got] == [
        ("1", "evt-0001", "evt-0001"),
        ("2", "talk", "evt-0001"),
        ("3", "3", "x"),
    ]


@pytest.mark.parametrize("ready_made", [False, True])
def test_the_trace_context_is_carried_on(logged: Bus, log: EventLog, ready_made: bool) -> None:
    """From an event to what its handlers publish, through commands as well; other extensions are not."""

    def tell(name: str, **attributes: Any) -> None:
        logged.publish(Event(name, **attributes) if ready_made else name, **({} if ready_made else attributes))

    logged.handle("a.do", lambda command: tell("a.told"))
    logged.subscriber("a").on("a.done", lambda event: (logged.send(Command("a.do") if ready_made else "a.do"),))
    logged.subscriber("b").on("a.told", lambda event: tell("a.read", extensions={"color": "red"}))
    logged.subscriber("c").on("a.told", lambda event: tell("a.new", extensions={"traceparent": "own"}))
    trace = {"traceparent": "00-4b-7-01", "tracestate": "x=1"}
    logged.publish("a.done", extensions=trace | {"secret": 1})
    assert {event.name: event.extensions for event in log.read(1)} == {
        "a.told": trace,
        "a.read": trace | {"color": "red"},
        "a.new": {"traceparent": "own"},
    }


def test_a_command_brings_a_trace_context(logged: Bus, log: EventLog) -> None:
    """One from outside has its own, and what comes of it carries that on."""
    logged.handle("a.do", lambda command: logged.publish("a.done"))
    logged.send(Command("a.do", id="cmd-1", extensions={"traceparent": "00-4b-7-01"}))
    assert [(event.causation, event.extensions) for event in log] == [("cmd-1", {"traceparent": "00-4b-7-01"})]


def test_a_refusal_inside_a_handler_is_its_failure(bus: Bus) -> None:
    """Unless the handler takes it, it becomes a dead letter like any other error."""
    bus.subscriber("a", on_error="park").on("a.b", lambda event: bus.send("folder.create"))
    bus.publish("a.b")
    assert [type(letter.error) for letter in bus.dead_letters] == [NoHandler]


def test_commands_that_send_each_other_without_end_are_stopped(bus: Bus) -> None:
    """The chain counts commands and events alike."""
    bus.handle("a.b", lambda command: bus.send("c.d"))
    bus.handle("c.d", lambda command: bus.send("a.b"))
    with pytest.raises(Exception, match=r"a\.b → c\.d → a\.b → …"):
        bus.send("a.b")


def test_a_chain_through_commands_is_stopped() -> None:
    """An event whose handler sends a command whose handler publishes the event again."""
    bus = Bus(max_hops=9)
    hops: list[str] = []
    bus.handle("c.d", lambda command: bus.publish("a.b"))
    bus.subscriber("a", on_error="park").on("a.b", lambda event: (hops.append("a.b"), bus.send("c.d")))  # type: ignore[func-returns-value]
    bus.publish("a.b")
    assert [type(letter.error).__name__ for letter in bus.dead_letters] == ["EndlessChain"]
    assert len(hops) == 5


def test_failures_of_a_command_s_events_are_raised(bus: Bus) -> None:
    """They come after the command was carried out, with its answer."""
    bus.handle("folder.create", lambda command: (bus.publish("folder.created"), "made")[1])
    bus.subscriber("a").on("folder.created", lambda event: 1 / 0)
    with pytest.raises(DeliveryFailed) as caught:
        bus.send("folder.create")
    assert caught.value.receipt == "made"


def test_a_refusal_outweighs_failures(bus: Bus) -> None:
    """The sender gets the no; a note tells of the failures, and their letters wait."""

    def refuse(command: Command) -> None:
        bus.publish("folder.refused")
        raise Rejected("no")

    bus.handle("folder.create", refuse)
    bus.subscriber("a").on("folder.refused", lambda event: 1 / 0)
    with pytest.raises(Rejected) as caught:
        bus.send("folder.create")
    assert "a on folder.refused" in caught.value.__notes__[0]
    assert len(bus.dead_letters) == 1
    bus.publish("x.y")


def test_a_command_is_frozen() -> None:
    """Like an event; it equals by value, hashes by id, and can be pickled."""
    command = Command("folder.create", {"path": ["/"]}, id="1")
    for change in (
        lambda: setattr(command, "name", "x.y"),
        lambda: delattr(command, "data"),
        lambda: command.data["path"].append("x"),
    ):
        with pytest.raises(FrozenData):
            change()
    assert pickle.loads(pickle.dumps(command)) == command == Command("folder.create", {"path": ["/"]}, "1")
    assert len({command, Command("folder.create", id="1")}) == 2
    assert repr(command) == "Command('folder.create', {'path': ['/']}, id='1')"


@pytest.mark.parametrize("wrong", [{"id": ""}, {"id": 3}, {"correlation": None}, {"causation": 3}, {"extensions": 3}])
def test_a_command_s_ids_are_text(wrong: dict[str, Any]) -> None:
    """The error names the attribute."""
    with pytest.raises(BadEvent, match=next(iter(wrong))):
        Command("folder.create", **wrong)
