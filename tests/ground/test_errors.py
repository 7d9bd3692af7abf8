"""Errors: each is raised by a mistake, carries its facts, says them in a sentence, and can be pickled."""

from __future__ import annotations

import pickle
import sqlite3
from collections.abc import Callable
from contextlib import closing
from enum import IntEnum
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import eda_workshop
from eda_workshop import (
    BadSetting,
    Bus,
    Command,
    Decider,
    DeliveryFailed,
    EdaError,
    Event,
    Gateways,
    History,
    Inbox,
    ManualClock,
    MemoryImage,
    Model,
    NotRegistered,
    Projection,
    Query,
    Rejected,
    Subscriber,
    TemporalProperty,
    Timeline,
    applies,
    decides,
    execute,
    fold,
    open_log,
    spec,
)
from eda_workshop import errors as all_errors
from eda_workshop.errors import check_number, cut, shorten
from eda_workshop.flows import Saga
from eda_workshop.log import Upcasters
from eda_workshop.log.memory import MemoryLog
from eda_workshop.servers import NatsServer
from eda_workshop.simulate import Operation, Service, System, call


class Counting(Decider):
    """It counts, and never says no."""

    @staticmethod
    def boundary(_command: Command) -> Query:
        return Query("count.*")

    @staticmethod
    @decides("count.raise")
    def raise_it(_state: Any, _command: Command) -> Event:
        return Event("count.raised")


class OvertakenLog(MemoryLog):
    """A log in which another writer is always quicker."""

    def write(self, events: Any, *condition: Any, **named: Any) -> Any:
        super().write([Event("count.raised")])
        return super().write(events, *condition, **named)


def handle(event: Event) -> None:
    """A handler."""


async def handle_later(event: Event) -> None:
    """An async handler."""


def fail(event: Event) -> None:
    """A handler that fails."""
    raise ValueError("no paper")


def refuse(command: Any) -> None:
    """A command's handler that says no."""
    raise Rejected("the folder exists")


def a_bus(*names: str) -> tuple[Bus, Subscriber]:
    """A bus with a subscriber that handles these names."""
    bus = Bus()
    mailer = bus.subscriber("mailer")
    for name in names:
        mailer.on(name, handle)
    return bus, mailer


def twice_on() -> None:
    a_bus("user.*")[1].on("user.signed_up", handle)


def off_unknown() -> None:
    a_bus("a.b", "c.d")[1].off("x.y")


def publish_to_async() -> None:
    bus, mailer = a_bus()
    mailer.on("a.b", handle_later)
    bus.publish("a.b")


def observer_publishes() -> None:
    bus, _ = a_bus()
    bus.observe(">", lambda event: bus.publish("c.d"))
    try:
        bus.publish("a.b")
    except DeliveryFailed as failed:
        raise failed.exceptions[0] from None


def ping_pong() -> None:
    bus, mailer = a_bus()
    mailer.on("a.b", lambda event: bus.publish("c.d"))
    mailer.on("c.d", lambda event: bus.publish("a.b"))
    try:
        bus.publish("a.b")
    except DeliveryFailed as failed:
        raise failed.exceptions[0] from None


def publish_to_failing() -> None:
    bus, mailer = a_bus()
    mailer.on("a.b", fail)
    bus.publish("a.b", id="1")


def send_refused() -> None:
    bus, _ = a_bus()
    bus.handle("folder.create", refuse)
    bus.send("folder.create")


def append_over() -> None:
    open_log().append(Event("a.b"), expected=7)


def find_ambiguous() -> None:
    log = open_log()
    log.append(Event("a.b", id="1"), Event("a.b", id="1", source="/shop"))
    log.find("1")


def append_other() -> None:
    log = open_log()
    log.append(Event("a.b", id="1"))
    log.append(Event("a.b", {"x": 1}, id="1"))


def restore_elsewhere() -> None:
    log, other = open_log(), open_log()
    log.append(Event("a.b", id="1"))
    other.append(Event("c.d", id="2"))
    log.restore(list(other))


def upcasters(*steps: int) -> Upcasters:
    """Steps of a.b that all fail."""
    upcasters = Upcasters()
    for version in steps:
        upcasters.step("a.b", version)(lambda data: 1 / 0)
    return upcasters


def read_old(*steps: int) -> None:
    log = open_log(upcasters=upcasters(*steps))
    log.append(Event("a.b", id="1"))
    list(log)


def change_data() -> None:
    Event("a.b", {"x": 1}).data["x"] = 2  # type: ignore[index]


class Sum(Model):
    """What c.d holds is added up; each e.f makes it another kind of number."""

    initial = 0
    strict = True

    @applies("c.d")
    def added(total: int, event: Event) -> int:
        return total + event.data["amount"]

    @applies("e.f")
    def halved(total: int, event: Event) -> float:
        return total + 0.5


def timeline(*events: Event) -> Timeline:
    """A timeline of the sum, at its head."""
    log = open_log()
    log.append(*events)
    timeline = Timeline(log, Sum)
    timeline.seek(log.head)
    return timeline


def keep_half() -> None:
    image = MemoryImage(open_log(), Sum, snapshots="never.snapshot")
    image.record(Event("e.f"))
    image.snapshot()


def crash() -> None:
    image = MemoryImage(open_log(), Sum)
    image.pull_the_plug("after append")
    image.record(Event("c.d", {"amount": 1}))


def ask_in_a_replay() -> None:
    gateways = Gateways(open_log())
    rate = gateways.query("rate", lambda currency: 1.1)
    gateways.log.append(Event("c.d"))
    gateways.replay(lambda event: rate("EUR"))


def wait_for_nobody() -> None:
    projection = Projection(open_log(), Sum)
    projection.log.append(Event("c.d", {"amount": 1}))
    projection.wait(1)


def reject_nothing() -> None:
    open_log("memory://").append(Event("event.rejected", {"event": "evt-0007"}, id="evt-0008"))


# What raises an error of each kind, some of its facts, and what its sentence must hold.
def start_without_a_server() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EDA_NATS_SERVER", "")
        NatsServer()


def inbox_with_a_transaction() -> None:
    """Somebody's transaction is open."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as database:
        database.execute("BEGIN")
        Inbox(database, "billing")


def taken_over() -> None:
    """Two consumers under one name."""
    log = open_log()
    log.append(Event("a.b"))
    older = log.consumer("mailer")
    log.consumer("mailer")
    older.move(1)


MISTAKES: dict[str, tuple[Callable[[], Any], dict[str, Any], tuple[str, ...]]] = {
    "AsyncHandler": (
        publish_to_async,
        {"subscriber": "mailer", "name": "a.b", "call": "bus.publish"},
        ("handle_later (test_errors.py, line", "'mailer'", "a.b", "await bus.publish_async(...)"),
    ),
    "BadCloudEvent": (lambda: Event.from_cloudevent("[]"), {"problem": "it is list, not a JSON object"}, ("list",)),
    "BadCorrection": (
        reject_nothing,
        {"name": "event.rejected", "id": "evt-0008"},
        (
            "'evt-0008' refers to 'evt-0007', which is not the id of one earlier event",
            "'source'",
            "Nothing was appended.",
        ),
    ),
    "BadData": (
        lambda: Event("a.b", {"tags": {1}}),
        {"path": "data['tags']", "problem": "is a set, which JSON does not have"},
        ("data['tags'] is a set", "sorted(values)"),
    ),
    "BadEvent": (lambda: Event("a.b", id=""), {"what": "The event's id is empty"}, ("id is empty", "Leave id= out")),
    "BadFile": (
        lambda: open_log().save("events.csv"),
        {"path": "events.csv", "problem": "has no known ending"},
        ("The file events.csv has no known ending", ".ndjson"),
    ),
    "BadEdit": (
        lambda: timeline(Event("c.d", {"amount": 1})).branch().drop(1),
        {"place": 1},
        ("The branch can't be edited at 1: all up to position 1 is shared", "earlier place"),
    ),
    "BadPlan": (
        lambda: History(timeline(Event("c.d", {"amount": 1}, id="1")).log, Sum).reject("1").commit("magic"),
        {},
        ("There is no strategy 'magic'. Take one of: rebuild, rewind, selective", "Nothing was recorded"),
    ),
    "BadSystem": (
        lambda: System("pair", [Service("web")], [call("web", "web")], [Operation("see", "web")]),
        {"system": "pair", "problem": "'web' calls itself"},
        ("'pair' can't be simulated", "leave the link out"),
    ),
    "BadTarget": (
        lambda: History(timeline().log, Sum).reject("evt-0009"),
        {"target": "evt-0009"},
        ("The event 'evt-0009' is not in the log", "Give the id of an event that was recorded", "Nothing was recorded"),
    ),
    "BadPeriod": (
        lambda: TemporalProperty().move("2026-03-02T00:00:00Z", to="2026-03-01T00:00:00Z"),
        {},
        ("No change is known at 2026-03-02", "Changes are known at: none"),
    ),
    "MadeUp": (
        lambda: open_log().append(next(timeline().branch().append(Event("a.b", id="1")).events)),
        {"name": "a.b", "id": "1"},
        ("a.b (id '1') was made up in a branch and has not happened", "publish Event(...)"),
    ),
    "BadGateway": (
        lambda: Gateways(open_log()).update("mail", handle)(to="ada"),  # type: ignore[arg-type]
        {"gateway": "mail"},
        ("'mail' was used while no event is handled", "gateways.handle(event, handler)"),
    ),
    "BadInbox": (
        inbox_with_a_transaction,
        {"consumer": "billing"},
        ("The inbox of 'billing'", "open transaction", "Commit or roll back first"),
    ),
    "NameTaken": (
        taken_over,
        {"who": "Subscriber 'mailer'", "is_newer": True},
        ("Subscriber 'mailer' was taken over by a newer one", "Use that one"),
    ),
    "BadHandler": (
        lambda: a_bus()[1].on("a.b", handle(Event("a.b"))),  # type: ignore[call-overload,func-returns-value]
        {"given": "None"},
        ("None can't be a handler", "on(name, f), not its result, f()"),
    ),
    "BadLog": (
        lambda: open_log("redis://x"),
        {"url": "redis://x", "problem": "has the scheme 'redis', which no engine knows"},
        ("redis://x", "memory://"),
    ),
    "BadModel": (
        lambda: fold(open_log(), int),  # type: ignore[type-var]
        {"model": "int", "problem": "is not a model's class"},
        ("The model int is not a model's class", "Write class"),
    ),
    "BadName": (
        lambda: Event("user.*"),
        {"text": "user.*", "place": 5},
        ("'user.*'", "character 5", "user.signed_up"),
    ),
    "BadPattern": (
        lambda: a_bus()[1].on("user.**", handle),
        {"text": "user.**", "place": 5},
        ("'user.**'", "whole tokens", "user.>"),
    ),
    "BadPosition": (
        lambda: timeline().at(3),
        {"given": 3, "head": 0},
        ("no position 3 in this log", "to 0, its head", "Give one of them"),
    ),
    "BadRecord": (
        restore_elsewhere,
        {"position": 1, "id": "2", "head": 1},
        ("position 1 (id '2') doesn't continue this log, which ends at 1", "restore=True"),
    ),
    "NoServer": (
        start_without_a_server,
        {"name": "nats-server", "reason": "none was found"},
        ("nats-server can't be used: none was found", "workshop.py nats"),
    ),
    "BadSaga": (
        lambda: Saga(Bus(open_log("memory://")), "sign_up", "user.asked", []),
        {"saga": "sign_up", "problem": "it has no steps"},
        ("'sign_up' can't be run", "at least one Step"),
    ),
    "BadSetting": (
        lambda: Bus(max_hops=0),
        {"name": "max_hops", "given": 0, "rule": "a whole number of at least 1"},
        ("max_hops=0 can't be used", "Give a whole number of at least 1"),
    ),
    "BadSnapshot": (
        keep_half,
        {"model": "Sum", "problem": "Expected `int`, got `float` - at `$[...]`"},
        ("A state of Sum can't be kept", "Use frozen dataclasses"),
    ),
    "BadSubscriber": (
        lambda: a_bus()[0].subscriber("mailer"),
        {"name": "mailer", "rule": "is there already"},
        ("'mailer' is there already", "bus.subscribers['mailer']"),
    ),
    "BadTime": (
        lambda: Event("a.b", occurred="noon"),  # type: ignore[arg-type]
        {"given": "noon", "rule": "it is not in the form of RFC 3339"},
        ("'noon'", "RFC 3339", "tzinfo=UTC"),
    ),
    "BadUpcaster": (
        lambda: upcasters(1, 1),
        {"name": "a.b", "version": 1, "problem": "is there already"},
        ("The upcaster of a.b from version 1 to 2 is there already", "@upcasters.step(name, version)"),
    ),
    "ClockBackwards": (
        lambda: ManualClock().advance(-60),
        {"now": "2026-03-02T09:00:00Z", "asked": "2026-03-02T08:59:00Z"},
        ("is at 2026-03-02T09:00:00Z", "back to 2026-03-02T08:59:00Z", "occurred="),
    ),
    "Conflict": (append_over, {"expected": 7, "actual": 0}, ("position 7", "ends at 0", "decide again")),
    "NoDecision": (
        lambda: execute(open_log(), Counting, Command("count.rise")),
        {"decider": "Counting", "name": "count.rise", "known": ("count.raise",)},
        ("Counting has no rule for the command count.rise. Did you mean count.raise?", "@decides('count.rise')"),
    ),
    "Overtaken": (
        lambda: execute(OvertakenLog(), Counting, Command("count.raise"), tries=2),
        {"expected": 1, "actual": 2},
        ("overtaken 2 times (count.raised at 1, count.raised at 2)", "narrow the boundary"),
    ),
    "SpecFailed": (
        lambda: spec(Counting).when(Command("count.raise")).refused(),
        {"example": "Counting, given nothing, when count.raise", "hint": ""},
        ("it should refuse, but count.raised happens.",),
    ),
    "Crashed": (crash, {"point": "after append"}, ("The plug was pulled after append", "Make the image again")),
    "DeliveryFailed": (publish_to_failing, {}, ("mailer on a.b", "bus.redeliver()")),
    "AmbiguousId": (
        find_ambiguous,
        {"id": "1", "sources": ("/", "/shop")},
        ("'1' is ambiguous", "/, /shop", "find(id, source='/')"),
    ),
    "DuplicateEvent": (
        append_other,
        {"id": "1", "position": 1, "differs": "data"},
        (
            "of this source with the id '1' at position 1",
            "its data differs",
            "send the same event again",
            "an id of its own",
        ),
    ),
    "DuplicateHandler": (
        twice_on,
        {"subscriber": "mailer", "name": "user.signed_up", "existing_name": "user.*"},
        ("'mailer'", "user.* that overlaps user.signed_up", "handle (test_errors.py, line", "off('user.*')"),
    ),
    "EndlessChain": (
        ping_pong,
        {"chain": ("a.b", "c.d") * 25 + ("a.b",), "max_hops": 50},
        ("50 hops", "a.b → c.d → a.b → … → a.b → c.d → a.b", "max_hops"),
    ),
    "FrozenData": (change_data, {}, ("can't be changed", "event.replace(...)", "data.copy()")),
    "MissingAnswer": (
        ask_in_a_replay,
        {"gateway": "rate", "question": '["EUR"]', "event": "c.d", "position": 1},
        ("'rate' has no recorded answer to", "c.d at position 1", "gateways.answer(...)"),
    ),
    "MissingUpcaster": (
        lambda: read_old(2),
        {"name": "a.b", "position": 1, "version": 1, "newest": 3},
        ("a.b at position 1", "from version 1 to 3", "from 1 to 2 is missing", "@upcasters.step('a.b', 1)"),
    ),
    "NoHandler": (
        lambda: a_bus()[0].send("folder.create"),
        {"name": "folder.create", "known": ()},
        ("folder.create", "bus.handle('folder.create', function)", "none yet"),
    ),
    "NoLog": (lambda: a_bus()[0].trace("1"), {"asked": "A trace"}, ("A trace needs a log", "open_log")),
    "NotRegistered": (
        off_unknown,
        {"subscriber": "mailer", "name": "x.y", "known": ("a.b", "c.d")},
        ("'mailer'", "x.y", "a.b, c.d"),
    ),
    "NotReversible": (
        lambda: timeline(Event("c.d", {"amount": 1})).undo(),
        {"model": "Sum", "name": "c.d", "position": 1},
        ("Sum can't undo c.d at position 1", "@reverses('c.d')", "step(-1)"),
    ),
    "ReadOnlyTap": (
        observer_publishes,
        {"name": "c.d"},
        ("observer <lambda> (test_errors.py, line", "may not publish c.d", "bus.subscriber(name)"),
    ),
    "ReducerFailed": (
        lambda: timeline(Event("c.d")),
        {"model": "Sum", "name": "c.d", "position": 1, "problem": "raises KeyError: 'amount'"},
        ("The reducer of Sum for c.d at position 1 raises KeyError", "The log is unharmed"),
    ),
    "Rejected": (send_refused, {"args": ("the folder exists",)}, ("the folder exists",)),
    "StillBehind": (
        wait_for_nobody,
        {"name": "Sum", "position": 0, "wanted": 1, "problem": "nothing moves it"},
        ("Sum is at position 0 but should have reached 1: nothing moves it", "call advance()"),
    ),
    "UnsupportedEvent": (
        lambda: Event.from_cloudevent({"specversion": "1.0", "id": "1", "source": "/x", "type": "a.b", "data": "text"}),
        {"problem": "its data is text, so its values have no names"},
        ("that this kit doesn't take: its data is text", "wrap its data in an object: {'content': …}"),
    ),
    "UnknownEvent": (
        lambda: timeline(Event("x.y")),
        {"model": "Sum", "name": "x.y", "position": 1},
        ("Sum is strict and has no reducer for x.y at position 1", "@applies('x.y')"),
    ),
    "UpcasterFailed": (
        lambda: read_old(1),
        {"name": "a.b", "position": 1, "version": 1, "problem": "ZeroDivisionError: division by zero"},
        ("from version 1 failed at position 1: ZeroDivisionError: division by zero.", "fix the upcaster"),
    ),
}


def caught(name: str) -> EdaError:
    """The error that the mistake raises."""
    with pytest.raises(getattr(all_errors, name)) as info:
        MISTAKES[name][0]()
    assert isinstance(info.value, EdaError)
    return info.value


def test_every_error_has_its_mistake() -> None:
    """No class of errors is left out here, and all of them are public."""
    classes = {
        name
        for name, value in vars(all_errors).items()
        if isinstance(value, type) and issubclass(value, EdaError) and value is not EdaError and name[0] != "_"
    }
    assert classes == set(MISTAKES)
    assert classes < set(eda_workshop.__all__)


@pytest.mark.parametrize("name", MISTAKES)
def test_an_error_carries_its_facts_and_says_them(name: str) -> None:
    """The attributes tell a program what the sentence tells a person, and the sentence ends with what to do."""
    error, (_, facts, words) = caught(name), MISTAKES[name]
    for attribute, value in facts.items():
        assert getattr(error, attribute) == value
    for word in words:
        assert word in str(error)
    assert "\n" not in str(error)


@pytest.mark.parametrize("name", MISTAKES)
def test_an_error_can_be_pickled(name: str) -> None:
    """It comes back from another process with its facts, its sentence and its notes."""
    error = caught(name)
    error.add_note("in the second cell")
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert str(again) == str(error)
    assert again.__notes__ == ["in the second cell"]
    for attribute in MISTAKES[name][1]:
        assert getattr(again, attribute) == getattr(error, attribute)


def test_an_error_s_repr_shows_its_facts() -> None:
    """The attributes by name, as they would be passed."""
    assert repr(caught("Conflict")) == "Conflict(expected=7, actual=0, event=None, unless=None)"


def test_facts_are_passed_as_to_any_function() -> None:
    """By place or by name; one too many, one too few, one twice or one that isn't there is a `TypeError`."""
    assert repr(all_errors.Conflict(7, actual=0)) == "Conflict(expected=7, actual=0, event=None, unless=None)"
    assert all_errors.AsyncHandler("", "a.b", "f").call == "bus.publish"
    assert "await bus.send_async" in str(all_errors.AsyncHandler("", "a.b", "f", call="bus.send"))
    for given, named in (
        ((7, 0, None, None, 1), {}),
        ((7,), {}),
        ((7,), {"expected": 1}),
        ((7, 0), {"actual": 1}),
        ((7, 0), {"at": 1}),
    ):
        with pytest.raises(TypeError, match="Conflict takes expected, actual"):
            all_errors.Conflict(*given, **named)


def test_an_error_of_a_learner_s_own_can_be_pickled() -> None:
    """A subclass with more attributes keeps them."""
    error = TooLate("closed", hour=18)
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.hour) == ("closed", 18)


class TooLate(Rejected):
    """A refusal with a fact of its own."""

    def __init__(self, text: str, hour: int = 0) -> None:
        super().__init__(text)
        self.hour = hour


def test_a_duplicate_can_be_swapped_only_at_its_own_name() -> None:
    """The sentence offers `replace=True` where it helps, and not where the old handler has another name."""
    assert "replace=True" not in str(caught("DuplicateHandler"))
    with pytest.raises(all_errors.DuplicateHandler, match="Pass replace=True to swap it, take the old one off"):
        a_bus("a.b")[1].on("a.b", handle)


def test_a_duplicate_command_handler_has_its_own_words() -> None:
    """A command has no subscribers, so the sentence speaks of none."""
    bus = Bus()
    bus.handle("folder.create", handle)
    with pytest.raises(all_errors.DuplicateHandler) as info:
        bus.handle("folder.create", handle)
    assert info.value.subscriber == ""
    assert "already has a handler for the command folder.create" in str(info.value)
    assert "another subscriber" not in str(info.value)


def test_failures_are_named_up_to_five() -> None:
    """The sentence of many failures stays readable; the error carries them all."""
    bus = Bus()
    for number in range(8):
        bus.subscriber(f"s{number}").on("a.b", fail)
    with pytest.raises(DeliveryFailed, match=r"s4 on a\.b \(.*\) and 3 more") as info:
        bus.publish("a.b")
    assert len(info.value.letters) == len(info.value.exceptions) == 8
    assert "s5 on" not in info.value.message


def test_failures_can_be_split_by_kind() -> None:
    """`except*` takes the errors it knows; what is left still knows its receipt and its letters."""
    bus = Bus()
    bus.subscriber("a").on("a.b", fail)
    bus.subscriber("b").on("a.b", lambda event: 1 / 0)
    taken: list[Exception] = []
    left: DeliveryFailed | None = None
    try:
        try:
            bus.publish("a.b")
        except* ValueError as group:
            taken += group.exceptions
    except DeliveryFailed as rest:
        left = rest
    assert [str(error) for error in taken] == ["no paper"]
    assert left is not None
    assert [letter.subscriber for letter in left.letters] == ["b"]
    assert left.receipt.addressed == ("a", "b")


def test_long_texts_are_cut_in_the_middle() -> None:
    """`shorten` quotes and counts, `cut` only cuts; short texts stay whole."""
    assert shorten("it's") == '"it\'s"'
    assert shorten("a" * 50 + "b" * 50, width=11) == "'aaaaa…bbbbb' (100 characters)"
    assert cut("abcdefghij", 5) == "ab…ij"
    assert cut("abcde", 5) == "abcde"


def test_a_broken_file_is_one_error(tmp_path: Path) -> None:
    """The sentence names the file."""
    (tmp_path / "notes.txt").write_text("dear diary, " * 100)
    with pytest.raises(all_errors.BadLog, match=r"notes\.txt is not an SQLite file"):
        open_log(tmp_path / "notes.txt")


# --- numbers and names --------------------------------------------------------------------------


@pytest.mark.parametrize("given", [2, np.int64(2), np.uint8(2), np.array(2), IntEnum("Two", {"TWO": 2}).TWO])  # type: ignore[attr-defined]
def test_a_whole_number_of_any_library_is_one(given: Any) -> None:
    """It becomes Python's own."""
    number = check_number("after", given, 0)
    assert (type(number), number) == (int, 2)


@pytest.mark.parametrize("given", [0.5, np.float32(0.5), np.float64(0.5), Fraction(1, 2)])
def test_a_number_of_any_library_is_one(given: Any) -> None:
    """Where it need not be whole."""
    number = check_number("delay", given, 0, whole=False)
    assert (type(number), number) == (float, 0.5)
    with pytest.raises(BadSetting, match="delay"):
        check_number("delay", given, 0)


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize(
    "given", [True, False, np.bool_(True), "2", b"2", None, [2], float("nan"), 2 + 0j, -1, np.int64(-1)]
)
def test_what_is_no_number_is_refused(given: Any, whole: bool) -> None:
    """Truth values aren't numbers, nor is text; and a number may be too small."""
    with pytest.raises(BadSetting):
        check_number("after", given, 0, whole=whole)


def test_what_is_misspelled_is_asked_about() -> None:
    """Wherever the names that are known are near: handlers, commands, subscribers of letters."""
    bus, mailer = a_bus()
    mailer.on("user.signed_up", print)
    bus.handle("folder.create", print)
    for ask, meant in (
        (lambda: mailer.off("user.singed_up"), "user.signed_up"),
        (lambda: bus.send("folder.craete"), "folder.create"),
        (lambda: bus.redeliver("mialer"), "mailer"),
    ):
        with pytest.raises(EdaError, match=rf"Did you mean {meant}\?"):
            ask()
    with pytest.raises(NotRegistered) as caught:
        mailer.off("something.quite_different")
    assert "Did you mean" not in str(caught.value)
