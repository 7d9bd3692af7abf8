"""Errors: each is raised by a mistake, carries its facts, says them in a sentence, and can be pickled."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import eda_workshop
from eda_workshop import Bus, DeliveryFailed, EdaError, Event, ManualClock, Rejected, Subscriber, open_log
from eda_workshop import errors as all_errors
from eda_workshop.errors import cut, shorten


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


def append_other() -> None:
    log = open_log()
    log.append(Event("a.b", id="1"))
    log.append(Event("a.b", {"x": 1}, id="1"))


def change_data() -> None:
    Event("a.b", {"x": 1}).data["x"] = 2  # type: ignore[index]


# What raises an error of each kind, some of its facts, and what its sentence must hold.
MISTAKES: dict[str, tuple[Callable[[], Any], dict[str, Any], tuple[str, ...]]] = {
    "AsyncHandler": (
        publish_to_async,
        {"subscriber": "mailer", "name": "a.b", "call": "bus.publish"},
        ("handle_later (test_errors.py, line", "'mailer'", "a.b", "await bus.publish_async(...)"),
    ),
    "BadCloudEvent": (lambda: Event.from_cloudevent("[]"), {"problem": "it is list, not a JSON object"}, ("list",)),
    "BadData": (
        lambda: Event("a.b", {"tags": {1}}),
        {"path": "data['tags']", "problem": "is a set, which JSON does not have"},
        ("data['tags'] is a set", "sorted(values)"),
    ),
    "BadEvent": (lambda: Event("a.b", id=""), {"what": "The event's id is empty"}, ("id is empty", "Leave id= out")),
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
    "BadSetting": (
        lambda: Bus(max_hops=0),
        {"name": "max_hops", "given": 0, "rule": "a whole number of at least 1"},
        ("max_hops=0 can't be used", "Give a whole number of at least 1"),
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
    "ClockBackwards": (
        lambda: ManualClock().advance(-60),
        {"now": "2026-03-02T09:00:00Z", "asked": "2026-03-02T08:59:00Z"},
        ("stands at 2026-03-02T09:00:00Z", "back to 2026-03-02T08:59:00Z", "occurred="),
    ),
    "Conflict": (append_over, {"expected": 7, "actual": 0}, ("position 7", "ends at 0", "decide again")),
    "DeliveryFailed": (publish_to_failing, {}, ("mailer on a.b", "bus.redeliver()")),
    "DuplicateEvent": (append_other, {"id": "1", "position": 1}, ("id '1' at position 1", "an id of its own")),
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
    "FrozenData": (change_data, {}, ("can't be changed", "event.replace(...)", "event.data.copy()")),
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
    "ReadOnlyTap": (
        observer_publishes,
        {"name": "c.d"},
        ("observer <lambda> (test_errors.py, line", "may not publish c.d", "bus.subscriber(name)"),
    ),
    "Rejected": (send_refused, {"args": ("the folder exists",)}, ("the folder exists",)),
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
        if isinstance(value, type) and issubclass(value, EdaError) and value is not EdaError
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
    assert repr(caught("Conflict")) == "Conflict(expected=7, actual=0)"


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
    with pytest.raises(DeliveryFailed, match=r"s4 on a\.b and 3 more") as info:
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
