"""The event: its defaults, its checks, and that it can't be changed."""

from __future__ import annotations

import copy
import pickle
from datetime import UTC, datetime
from enum import IntEnum
from typing import Any

import pytest

from eda_workshop import BadData, BadEvent, BadName, BadTime, Event, FrozenData, Recorded
from eda_workshop.clock import as_instant
from eda_workshop.event import as_event, record_as

MOMENT = as_instant("2026-03-02T09:00:00Z")


def recorded(**changes: Any) -> Recorded:
    """An event as a log holds it."""
    facts: dict[str, Any] = {"name": "user.signed_up", "id": "evt-0001", "occurred": MOMENT}
    return Recorded(**facts | {"position": 4, "recorded": MOMENT, "hash": "ab"} | changes)


def test_an_event_needs_only_a_name() -> None:
    """It gets an id of its own, the time of now, no data, and begins a conversation."""
    before = datetime.now(UTC)
    event, other = Event("user.signed_up"), Event("user.signed_up")
    assert before <= event.occurred <= datetime.now(UTC)
    assert (event.data, event.subject, event.source, event.causation, event.version) == ({}, "", "", "", 1)
    assert event.correlation == event.id != other.id
    assert event.extensions == {}


def test_only_name_and_data_are_positional() -> None:
    """All else is named where it is passed."""
    with pytest.raises(TypeError):
        Event("user.signed_up", {}, "user/ada")  # type: ignore[call-arg]


def test_an_event_keeps_what_it_is_told() -> None:
    """Times may be text in any zone; the conversation may be another's."""
    event = Event(
        "user.signed_up",
        {"name": "Ada"},
        subject="user/ada",
        source="/accounts",
        id="evt-0007",
        occurred="2026-03-02T10:00:00+01:00",  # type: ignore[arg-type]
        correlation="evt-0001",
        causation="evt-0006",
        version=2,
    )
    assert event.occurred == MOMENT
    assert (event.id, event.correlation, event.causation) == ("evt-0007", "evt-0001", "evt-0006")
    assert (event.subject, event.source, event.version) == ("user/ada", "/accounts", 2)


def test_an_event_may_occur_later() -> None:
    """What is announced for later is no error; once recorded it shows as scheduled."""
    assert recorded(occurred=as_instant("2030-01-01T00:00:00Z")).scheduled
    assert not recorded().scheduled


@pytest.mark.parametrize(
    ("attributes", "error", "words"),
    [
        ({"name": "signup"}, BadName, "one token"),
        ({"name": None}, BadName, "NoneType"),
        ({"name": ["user.signed_up"]}, BadName, "list"),
        ({"data": {"f": print}}, BadData, "data['f']"),
        ({"data": None}, BadData, "dict"),
        ({"id": ""}, BadEvent, "id is empty"),
        ({"id": None}, BadEvent, "id is NoneType, not text"),
        ({"subject": 3}, BadEvent, "subject is int, not text"),
        ({"source": b"/x"}, BadEvent, "source is bytes, not text"),
        ({"correlation": 1}, BadEvent, "correlation is int"),
        ({"causation": Event("a.b")}, BadEvent, "causation is Event"),
        ({"id": "\ud800"}, BadEvent, "id is not valid Unicode"),
        ({"version": 0}, BadEvent, "version 0 is no whole number from 1"),
        ({"version": "2"}, BadEvent, "version '2'"),
        ({"version": True}, BadEvent, "version True"),
        ({"version": 2**70}, BadEvent, "no whole number from 1"),
        ({"version": 2**63}, BadEvent, "no whole number from 1"),
        ({"version": 2.0}, BadEvent, "no whole number from 1"),
        (
            {"source": "my laptop"},
            BadEvent,
            "'my laptop' is not a URI reference, as CloudEvents demands. Write source='my%20l",
        ),
        ({"source": "/Zoë"}, BadEvent, "source='/Zo%C3%AB'"),
        ({"source": "/50%"}, BadEvent, "not a URI reference"),
        ({"subject": "x" * 16_385}, BadData, "subject takes the event's attributes past 16,384 characters"),
        ({"id": "x" * 8_193}, BadData, "past 16,384 characters"),
        ({"data": {"a": [123] * 3_000_000}}, BadData, "past 786,432 bytes as JSON"),
        ({"data": {"a": [""] * 400_000}}, BadData, "past 786,432 bytes as JSON"),
        ({"data": {"a": "\x01" * 131_071}}, BadData, "past 786,432 bytes as JSON"),
        ({"extensions": {f"x{n}": "y" * 100 for n in range(80)}}, BadData, "more than 8,192 characters"),
        ({"extensions": {"datacontenttype": "text/plain"}}, BadEvent, "'text/plain' is not JSON"),
        ({"extensions": {"datacontenttype": 3}}, BadEvent, "datacontenttype is int, not text"),
        ({"extensions": {"edahash": "x"}}, BadEvent, "'edahash' can't be an extension"),
        ({"occurred": None}, BadTime, "NoneType"),
        ({"occurred": "2026-03-02T09:00:00"}, BadTime, "no time zone"),
        ({"extensions": None}, BadEvent, "extensions are NoneType"),
        ({"extensions": {"trace_parent": "x"}}, BadEvent, "'trace_parent' can't be an extension"),
        ({"extensions": {"time": "x"}}, BadEvent, "'time' can't be an extension"),
        ({"extensions": {1: "x"}}, BadEvent, "1 can't be an extension"),
        ({"extensions": {"n": 1.5}}, BadEvent, "extension n is float"),
        ({"extensions": {"n": 2**31}}, BadEvent, "more than 32 bits"),
        ({"extensions": {"n": "\udfff"}}, BadEvent, "extension n is not valid Unicode"),
    ],
)
def test_a_wrong_attribute_is_named(attributes: dict[str, Any], error: type[Exception], words: str) -> None:
    """The error is of the kind of the mistake and names the attribute and what was given."""
    with pytest.raises(error) as caught:
        Event(**{"name": "user.signed_up"} | attributes)
    assert words in str(caught.value)


@pytest.mark.parametrize("attributes", [{"position": 0}, {"position": "1"}, {"hash": None}])
def test_a_recorded_event_has_a_place(attributes: dict[str, Any]) -> None:
    """Positions count from 1, and the hash is text."""
    facts = {"position": 4, "recorded": MOMENT, "hash": "ab"} | attributes
    with pytest.raises(BadEvent, match=next(iter(attributes))):
        record_as(Event("user.signed_up"), **facts)


@pytest.mark.parametrize("event", [Event("user.signed_up", {"a": [1]}), recorded()])
def test_an_event_is_frozen(event: Event) -> None:
    """No attribute can be set, made or deleted, and the data can't be changed."""
    with pytest.raises(FrozenData, match=r"event\.replace"):
        event.subject = "user/eve"
    with pytest.raises(FrozenData):
        event.new = 1
    with pytest.raises(FrozenData):
        del event.data
    with pytest.raises(FrozenData):
        event.data["a"] = 2  # type: ignore[index]
    with pytest.raises(TypeError):
        event.data["a"] = 2  # type: ignore[index]


def test_replace_makes_another_event() -> None:
    """The new one differs in what was said, the old one stays, and checks apply as ever."""
    event = Event("user.signed_up", {"name": "Ada"}, id="evt-0001", causation="x")
    other = event.replace(data={"name": "Bob"}, subject="user/bob")
    assert (other.data, other.subject, other.id, other.causation) == ({"name": "Bob"}, "user/bob", "evt-0001", "x")
    assert (event.data, event.subject) == ({"name": "Ada"}, "")
    with pytest.raises(BadName):
        event.replace(name="*")
    assert type(recorded().replace(subject="x")) is Event


def test_replacing_the_id_begins_another_conversation() -> None:
    """Unless the event belongs to a conversation, or the call says to which."""
    assert Event("a.b", id="1").replace(id="2").correlation == "2"
    assert Event("a.b", id="1", correlation="0").replace(id="2").correlation == "0"
    assert Event("a.b", id="1").replace(id="2", correlation="1").correlation == "1"


def test_replacing_an_unknown_attribute_is_refused() -> None:
    """The error names it, and the attribute that was meant if one is close."""
    with pytest.raises(BadEvent, match=r"no attribute subjekt\. Did you mean subject\?"):
        Event("a.b").replace(subjekt="x")
    with pytest.raises(BadEvent, match=r"no attribute zzz\. What is special"):
        Event("a.b").replace(zzz="x")


def test_events_are_equal_when_all_is() -> None:
    """Equality is by value, the hash by id, and a recorded event is another thing than the event."""
    event, twin = (Event("a.b", {"x": 1}, id="1", occurred=MOMENT) for _ in range(2))
    assert event == twin
    assert hash(event) == hash(twin)
    assert event != event.replace(data={})
    assert recorded().event == Event("user.signed_up", id="evt-0001", occurred=MOMENT)
    assert recorded() != recorded().event
    assert len({event, twin, recorded(), recorded()}) == 2


@pytest.mark.parametrize("event", [Event("a.b", {"x": [1]}, extensions={"flag": True}), recorded()])
def test_copies_and_pickles_are_equal_and_frozen(event: Event) -> None:
    """A copy of a fact is the same fact."""
    for again in (copy.copy(event), copy.deepcopy(event), pickle.loads(pickle.dumps(event))):
        assert again == event
        assert type(again) is type(event)
        with pytest.raises(FrozenData):
            again.data["x"] = 2  # type: ignore[index]


def test_repr_is_short_and_stable() -> None:
    """It shows name, data, subject and id; of long data only the beginning; of a recorded event the position."""
    assert repr(Event("a.b", id="1")) == "Event('a.b', {}, id='1')"
    event = Event("a.b", {"x": 1}, subject="s", id="1", source="/x", correlation="c")
    assert repr(event) == "Event('a.b', {'x': 1}, subject='s', id='1')"
    assert repr(recorded()) == "Recorded(4, 'user.signed_up', {}, id='evt-0001')"
    long = repr(Event("a.b", {"text": "x" * 500}, id="1"))
    assert long == "Event('a.b', {'text': '" + "x" * 48 + "…}, id='1')"


def test_as_event_takes_events_only() -> None:
    """Whoever needs an event gets the event alone; classes, texts and subclasses are refused with the way out."""

    class SignedUp(Event):
        """A kind of event that should have been a name."""

    event = Event("a.b")
    assert as_event(event) is event
    assert as_event(recorded()) == recorded().event
    for wrong, words in (
        (SignedUp("user.signed_up"), "SignedUp is a class of its own"),
        (Event, "This is the class Event, not an event"),
        ("a.b", "This is str, not an event"),
        (None, "This is NoneType"),
    ):
        with pytest.raises(BadEvent, match=words):
            as_event(wrong)


class Text(str):
    """What numpy's text looks like from outside."""

    __slots__ = ()


class Whole(IntEnum):
    """A kind of whole number."""

    SEVEN = 7


class Index:
    """What numpy's whole numbers look like from outside."""

    def __index__(self) -> int:
        return 7


def test_kinds_of_text_and_numbers_become_plain() -> None:
    """In every field: a log stores JSON, which knows no others."""
    texts = {name: Text(f"/{name}") for name in ("subject", "source", "id", "correlation", "causation")}
    event = Event(
        Text("a.b"),
        {Text("key"): Text("x"), "n": Whole.SEVEN},
        version=Whole.SEVEN,
        extensions={Text("trace"): Text("y"), "n": Whole.SEVEN, "flag": True},
        **texts,  # type: ignore[arg-type]
    )
    found = [event.name, *(getattr(event, name) for name in texts), *event.data, event.data["key"], *event.extensions]
    assert {*map(type, [*found, event.extensions["trace"]])} == {str}
    assert {type(number) for number in (event.version, event.data["n"], event.extensions["n"])} == {int}
    assert event.extensions["flag"] is True
    assert (event.subject, event.version, event.source) == ("/subject", 7, "/source")
    assert Event("a.b", version=Index()).version == 7  # type: ignore[arg-type]
