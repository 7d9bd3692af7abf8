"""Subscribers: at most one handler a name, and how handlers come and go."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from typing import Any
from unittest.mock import Mock

import pytest

from eda_workshop import (
    BadHandler,
    BadPattern,
    BadSubscriber,
    Bus,
    DuplicateHandler,
    Event,
    NotRegistered,
    Subscriber,
    competing,
    deduplicated,
)
from eda_workshop.callbacks import describe


def welcome(event: Event) -> None:
    """A handler."""


def other(event: Event) -> None:
    """Another one."""


class Mailer:
    """An object that handles."""

    def __init__(self) -> None:
        self.got: list[Event] = []

    def __call__(self, event: Event) -> None:
        self.got.append(event)

    def take(self, event: Event, *, loud: bool = False) -> None:
        self.got.append(event)


def rows(bus: Bus) -> list[tuple[str, str]]:
    return [(row.subscriber, row.name) for row in bus.registry()]


def test_a_second_handler_for_a_name_is_refused(bus: Bus) -> None:
    """The error names subscriber, event, the old handler's place and the new one's; nothing has changed."""
    mailer = bus.subscriber("mailer")
    mailer.on("user.signed_up", welcome)
    for again in (welcome, other):
        with pytest.raises(DuplicateHandler) as caught:
            mailer.on("user.signed_up", again)
        error = caught.value
        assert (error.subscriber, error.name, error.existing_name) == ("mailer", "user.signed_up", "user.signed_up")
        assert re.fullmatch(r"welcome \(test_subscriber\.py, line \d+\)", error.existing)
        assert error.new.startswith(again.__name__)
    assert [row.handler for row in bus.registry()] == [describe(welcome)]


def test_another_subscriber_may_handle_the_same_name(bus: Bus) -> None:
    """The rule is per subscriber; any number of subscribers may have their own handler, even the same function."""
    for name in ("mailer", "folders", "audit"):
        bus.subscriber(name).on("user.signed_up", welcome)
    assert bus.publish("user.signed_up").delivered_to == ("mailer", "folders", "audit")


@pytest.mark.parametrize(
    ("first", "second"),
    [("user.*", "user.signed_up"), ("user.signed_up", "user.*"), (">", "a.b"), ("a.>", "*.b"), ("a.*.c", "a.b.>")],
)
def test_an_overlapping_pattern_is_refused(bus: Bus, first: str, second: str) -> None:
    """Two handlers of one subscriber must not meet one event, in whichever order they come; replace is no way out."""
    mailer = bus.subscriber("mailer")
    mailer.on(first, welcome)
    for replace in (False, True):
        with pytest.raises(DuplicateHandler) as caught:
            mailer.on(second, other, replace=replace)
        assert (caught.value.name, caught.value.existing_name) == (second, first)
    assert rows(bus) == [("mailer", first)]
    bus.subscriber("folders").on(second, other)


def test_patterns_that_do_not_meet_are_fine(bus: Bus) -> None:
    """A subscriber may have any number of handlers as long as each event has one."""
    mailer = bus.subscriber("mailer")
    for name in ("user.*", "folder.*", "user.profile.*", "a.b.c.>"):
        mailer.on(name, welcome)
    assert mailer.names == ("user.*", "folder.*", "user.profile.*", "a.b.c.>")


def test_replace_swaps_in_place(bus: Bus) -> None:
    """The new handler takes the old one's place in the order; without an old one it is just added."""
    order: list[str] = []
    bus.subscriber("a").on("a.b", lambda event: order.append("a"))
    bus.subscriber("b").on("a.b", lambda event: order.append("b"))
    bus.subscribers["a"].on("a.b", lambda event: order.append("new a"), replace=True)
    bus.subscribers["a"].on("c.d", welcome, replace=True)
    bus.publish("a.b")
    assert order == ["new a", "b"]
    assert rows(bus) == [("a", "a.b"), ("a", "c.d"), ("b", "a.b")]


def test_off_takes_a_handler_off(bus: Bus) -> None:
    """The name is free again, for this subscriber; others are not touched."""
    mailer, folders = bus.subscriber("mailer"), bus.subscriber("folders")
    for subscriber in (mailer, folders):
        subscriber.on("a.b", welcome)
        subscriber.on("c.*", welcome)
    mailer.off("a.b")
    mailer.off("c.*")
    assert [bus.publish(name).delivered_to for name in ("a.b", "c.d")] == [("folders",)] * 2
    mailer.on("c.d", other)
    assert bus.publish("c.d").delivered_to == ("folders", "mailer")


@pytest.mark.parametrize("name", ["x.y", "a.*", "no name", "", None, ["a.b"]])
def test_off_of_an_unknown_name_raises(bus: Bus, name: Any) -> None:
    """The error lists what there is; a pattern does not stand for the names it matches."""
    mailer = bus.subscriber("mailer")
    mailer.on("a.b", welcome)
    with pytest.raises(NotRegistered) as caught:
        mailer.off(name)
    assert caught.value.known == ("a.b",)
    assert mailer.names == ("a.b",)


def test_a_change_during_a_delivery_counts_from_the_next_event(bus: Bus) -> None:
    """Whoever was to get the event gets it; who comes meanwhile does not; what is queued is the next event."""
    got: list[str] = []
    first, second = bus.subscriber("first"), bus.subscriber("second")

    def meddle(event: Event) -> None:
        got.append(f"first {event.name}")
        if event.name == "a.b":
            second.off("a.b")
            bus.subscriber("third").on("a.*", lambda event: got.append(f"third {event.name}"))
            bus.publish("a.c")

    first.on("a.*", meddle)
    second.on("a.b", lambda event: got.append("second a.b"))
    assert bus.publish("a.b").delivered_to == ("first", "second")
    assert got == ["first a.b", "second a.b", "first a.c", "third a.c"]


def test_closing_during_a_delivery_counts_from_the_next_event(bus: Bus) -> None:
    """A subscriber may leave while it handles, or while another does."""
    got: list[str] = []
    first, second = bus.subscriber("first"), bus.subscriber("second")

    def leave(event: Event) -> None:
        got.append("first")
        first.close()
        second.close()
        bus.publish("a.b")

    first.on("a.b", leave)
    second.on("a.b", lambda event: got.append("second"))
    assert bus.publish("a.b").delivered_to == ("first", "second")
    assert got == ["first", "second"]
    assert rows(bus) == []


def test_once_handles_one_event(bus: Bus) -> None:
    """The handler is gone when it has handled an event, also one of a pattern, also when events are queued."""
    got: list[str] = []
    mailer = bus.subscriber("mailer")
    mailer.once("a.*", lambda event: (got.append(event.name), bus.publish("a.c")))  # type: ignore[func-returns-value]
    bus.publish("a.b")
    bus.publish("a.d")
    assert got == ["a.b"]
    mailer.on("a.b", welcome)


def test_once_stays_until_an_event_is_handled(bus: Bus) -> None:
    """A failure does not use it up; handling the dead letter does."""
    mailer, calls = bus.subscriber("mailer", on_error="park"), []

    @mailer.once("a.b")
    def fail_first(event: Event) -> None:
        calls.append(event.id)
        if len(calls) == 1:
            raise ValueError

    bus.publish("a.b")
    assert mailer.names == ("a.b",)
    assert len(bus.redeliver()) == 1
    assert not mailer.names


def test_a_used_up_once_leaves_a_later_handler_alone(bus: Bus) -> None:
    """A handler that replaces itself while it runs stays."""
    mailer, got = bus.subscriber("mailer"), []

    def first(event: Event) -> None:
        mailer.on("a.b", lambda event: got.append("second"), replace=True)

    mailer.once("a.b", first)
    bus.publish("a.b")
    bus.publish("a.b")
    assert got == ["second"]


def test_on_is_a_decorator_too(bus: Bus) -> None:
    """The function stays what it was; `on(name, f)` returns it as well."""
    mailer = bus.subscriber("mailer")

    @mailer.on("a.b")
    def handler(event: Event) -> None: ...

    @mailer.on("a.b", replace=True)
    def newer(event: Event) -> None: ...

    assert (mailer.on("c.d", handler), mailer.once("e.f", handler)) == (handler, handler)
    assert [row.handler.split()[0] for row in bus.registry()] == ["newer", "handler", "handler"]


def generator(event: Event) -> Any:
    yield event


async def async_generator(event: Event) -> Any:
    yield event


class Generating:
    """An object whose call would not run."""

    def __call__(self, event: Event) -> Any:
        yield event


async def coroutine(event: Event) -> None: ...


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: None, "None can't be a handler: it is what a function returns"),
        (lambda: welcome(Event("a.b")), "Pass the function itself"),
        (lambda: coroutine(Event("a.b")), "A coroutine can't be a handler"),
        (lambda: 3, "3 can't be a handler: it is int"),
        (lambda: "welcome", "'welcome' can't be a handler: it is str"),
        (lambda: lambda: None, "it takes (), and it will be called with one argument"),
        (lambda: lambda event, more: None, "it takes (event, more)"),
        (lambda: lambda *, event: None, "it takes (*, event)"),
        (lambda: functools.partial(welcome, Event("a.b")), "with one argument"),
        (lambda: generator, "it has a yield"),
        (lambda: async_generator, "it has a yield"),
        (lambda: functools.partial(generator), "it has a yield"),
        (Generating, "it has a yield"),
    ],
)
def test_what_can_t_handle_is_refused(bus: Bus, make: Callable[[], Any], words: str) -> None:
    """Where it is registered, not when the first event comes; nothing is registered then."""
    mailer = bus.subscriber("mailer")
    for register in (mailer.on, mailer.once, bus.observe, bus.handle):
        with pytest.raises(BadHandler) as caught:
            register("a.b", make())
        assert words in str(caught.value)
    assert mailer.names == ()


@pytest.mark.parametrize(
    ("make", "description"),
    [
        (lambda: welcome, r"welcome \(test_subscriber\.py, line \d+\)"),
        (lambda: lambda event, loud=False: None, r"<lambda> \(test_subscriber\.py, line \d+\)"),
        (lambda: lambda *events: None, r"<lambda> \(test_subscriber\.py, line \d+\)"),
        (lambda: Mailer().take, r"take \(test_subscriber\.py, line \d+\)"),
        (lambda: Mailer(), r"Mailer"),
        (lambda: [].append, r"append"),
        (lambda: print, r"print"),
        (lambda: functools.partial(Mailer.take, Mailer(), loud=True), r"take \(test_subscriber\.py, line \d+\)"),
        (lambda: deduplicated(functools.partial(welcome)), r"welcome \(test_subscriber\.py, line \d+\)"),
        (lambda: competing(welcome, other), r"<competing: 2 workers>"),
        (lambda: Mock(), r"Mock"),
    ],
)
def test_anything_that_takes_one_event_handles(bus: Bus, make: Callable[[], Any], description: str) -> None:
    """Functions, methods, objects, partials, built-ins, wrappers; the registry says which without an address."""
    mailer = bus.subscriber("mailer")
    mailer.on("a.b", make())
    ((_, _, handler),) = bus.registry()
    assert re.fullmatch(description, handler)
    assert bus.publish("a.b").delivered_to == ("mailer",)


def test_a_handler_that_claims_to_be_wrapped_without_end_is_described() -> None:
    """A mock that answers every question with itself does not hang the registry."""

    class Endless:
        """An object with every attribute."""

        def __getattr__(self, name: str) -> Any:
            return self

        def __call__(self, event: Event) -> None: ...

    assert "Endless" in describe(Endless())


def test_a_handler_of_a_notebook_has_no_path() -> None:
    """Outputs of lessons must not hold a path of the machine."""
    for filename in ("/tmp/ipykernel_77/1234.py", "<ipython-input-3-abc>"):
        scope: dict[str, Any] = {}
        exec(compile("def welcome(event): ...", filename, "exec"), scope)
        assert describe(scope["welcome"]) == "welcome (a notebook cell, line 1)"


@pytest.mark.parametrize("name", ["mailer", "Zoë's mailer №1", "x" * 64])
def test_a_subscriber_has_a_name(bus: Bus, name: str) -> None:
    """Any readable text names one; it can be found by it."""
    assert bus.subscriber(name) is bus.subscribers[name]


@pytest.mark.parametrize("name", ["", "  ", " mailer", "mailer\n", "a\tb", "x" * 65, None, 3])
def test_a_wrong_name_is_refused(bus: Bus, name: Any) -> None:
    """Empty, odd or endless names make no subscriber."""
    with pytest.raises(BadSubscriber):
        bus.subscriber(name)
    assert not bus.subscribers


def test_a_taken_name_is_refused(bus: Bus) -> None:
    """The first subscriber stays; its name is free when it has left."""
    mailer = bus.subscriber("mailer")
    mailer.on("a.b", welcome)
    with pytest.raises(BadSubscriber, match="is there already") as caught:
        bus.subscriber("mailer")
    assert caught.value.name == "mailer"
    mailer.close()
    assert bus.subscriber("mailer").names == ()


def test_a_closed_subscriber_takes_no_part(bus: Bus) -> None:
    """It can be closed twice, refuses everything else, and does not touch who has its name now."""
    with bus.subscriber("mailer") as old:
        old.on("a.b", welcome)
    old.close()
    bus.subscriber("mailer").on("a.b", other)
    for use in (lambda: old.on("c.d", welcome), lambda: old.off("a.b"), old.resume, old.catch_up):
        with pytest.raises(BadSubscriber, match="is closed"):
            use()
    assert old.names == ()
    assert repr(old) == "<Subscriber mailer: closed>"
    assert bus.publish("a.b").delivered_to == ("mailer",)


def test_subscribers_can_be_looked_at_but_not_changed(bus: Bus) -> None:
    """The mapping is read-only, and in the order they came."""
    for name in ("b", "a"):
        bus.subscriber(name)
    assert list(bus.subscribers) == ["b", "a"]
    with pytest.raises(TypeError):
        bus.subscribers["c"] = bus.subscribers["a"]  # type: ignore[index]


def test_a_pattern_hears_what_it_stands_for(bus: Bus) -> None:
    """* is exactly one token, > one or more."""
    got: dict[str, list[str]] = {}
    for pattern in ("user.*", "user.>", ">", "*.created"):
        bus.subscriber(pattern).on(pattern, lambda event, p=pattern: got.setdefault(p, []).append(event.name))
    for name in ("user.signed_up", "user.profile.updated", "folder.created"):
        bus.publish(name)
    assert got == {
        "user.*": ["user.signed_up"],
        "user.>": ["user.signed_up", "user.profile.updated"],
        ">": ["user.signed_up", "user.profile.updated", "folder.created"],
        "*.created": ["folder.created"],
    }
    with pytest.raises(BadPattern):
        bus.subscriber("x").on("user", welcome)


def test_references_are_strong(bus: Bus) -> None:
    """A handler that nobody else holds stays, lambda or bound method of a forgotten object."""
    import gc

    got: list[Event] = []

    def register(subscriber: Subscriber) -> None:
        subscriber.on("a.b", lambda event: got.append(event))
        mailer = Mailer()
        mailer.got = got
        subscriber.on("c.d", mailer.take)

    register(bus.subscriber("mailer"))
    gc.collect()
    bus.publish("a.b")
    bus.publish("c.d")
    assert len(got) == 2


def test_the_registry_is_sorted_and_plain(bus: Bus) -> None:
    """Rows of subscriber, name and handler, which sort by subscriber and name."""
    for name in ("b", "a"):
        bus.subscriber(name).on("z.z", welcome)
        bus.subscribers[name].on("a.a", welcome)
    assert rows(bus) == [("a", "a.a"), ("a", "z.z"), ("b", "a.a"), ("b", "z.z")]


def test_a_subscriber_prints_its_names(bus: Bus) -> None:
    """And that it has none, or what state it is in."""
    mailer = bus.subscriber("mailer", on_error="stop")
    assert repr(mailer) == "<Subscriber mailer: no handlers>"
    mailer.on("a.b", lambda event: 1 / 0)
    mailer.on("c.*", welcome)
    assert repr(mailer) == "<Subscriber mailer: a.b, c.*>"
    bus.publish("a.b")
    assert repr(mailer) == "<Subscriber mailer: stopped>"
