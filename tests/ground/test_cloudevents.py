"""CloudEvents: out and in without loss, and understood by the official SDK."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from contract.setup import an_event
from hypothesis import given
from hypothesis import strategies as st

from eda_workshop import BadCloudEvent, BadData, BadName, Event, ManualClock, open_log
from eda_workshop.clock import as_instant
from eda_workshop.event import record_as

PLAIN = {"specversion": "1.0", "id": "1", "source": "/x", "type": "user.signed_up"}
FULL = Event(
    "folder.created",
    {"path": "/фото", "tags": [1, None, True, 2.5]},
    subject="folder/1",
    source="/drive",
    id="evt-0002",
    occurred=as_instant("2026-03-02T09:00:00.25Z"),
    correlation="evt-0001",
    causation="evt-0001",
    version=3,
    extensions={"traceparent": "00-4b-7-01", "sampled": True, "tries": 2, "dataschema": "https://example.org/v3"},
)


def test_the_document_has_the_attributes_of_the_spec() -> None:
    """Name, times, ids and data go where CloudEvents 1.0 and its extensions want them."""
    assert FULL.to_cloudevent() == {
        "specversion": "1.0",
        "id": "evt-0002",
        "source": "/drive",
        "type": "folder.created",
        "time": "2026-03-02T09:00:00.250000Z",
        "subject": "folder/1",
        "causationid": "evt-0001",
        "correlationid": "evt-0001",
        "edaversion": 3,
        "traceparent": "00-4b-7-01",
        "sampled": True,
        "tries": 2,
        "dataschema": "https://example.org/v3",
        "data": {"path": "/фото", "tags": [1, None, True, 2.5]},
    }


def test_what_is_empty_is_left_out() -> None:
    """The wire knows no empty attributes; a source is demanded and stands for none."""
    event = Event("user.signed_up", id="1", occurred=as_instant("2026-03-02T09:00:00Z"))
    assert event.to_cloudevent() == PLAIN | {
        "source": "/",
        "time": "2026-03-02T09:00:00Z",
        "correlationid": "1",
        "data": {},
    }
    assert Event.from_cloudevent(event.to_cloudevent()).source == ""


def test_a_recorded_event_brings_its_place() -> None:
    """Position, time of recording and hash travel as extensions, and come back."""
    log = open_log(clock=ManualClock())
    log.append(an_event(1), an_event(2))
    event = next(log.read(1))
    document = event.to_cloudevent()
    assert document["edasequence"] == "000000000002"
    assert document["edarecorded"] == "2026-03-02T09:00:00Z"
    assert document["edahash"] == event.hash
    assert Event.from_cloudevent(json.dumps(document)) == event


def test_the_document_is_a_copy() -> None:
    """Changing it does not reach the event."""
    event = Event("a.b", {"list": [1]})
    event.to_cloudevent()["data"]["list"].append(2)
    assert event.data == {"list": [1]}


def test_text_and_bytes_are_read() -> None:
    """A document may come as a dict, as JSON text or as its bytes."""
    text = json.dumps(FULL.to_cloudevent())
    for document in (FULL.to_cloudevent(), text, text.encode()):
        assert Event.from_cloudevent(document) == FULL


def test_a_minimal_document_is_enough() -> None:
    """Id, source, type and version are all that the spec demands."""
    event = Event.from_cloudevent(PLAIN)
    assert (event.name, event.id, event.source, event.data) == ("user.signed_up", "1", "/x", {})
    assert event.correlation == "1"


def test_null_means_absent() -> None:
    """JSON's null is the spec's way to say that an attribute is not set."""
    nothing = dict.fromkeys(["time", "subject", "data", "datacontenttype", "traceparent", "edasequence", "edarecorded"])
    event = Event.from_cloudevent(PLAIN | nothing)
    assert (event.data, event.subject, event.extensions) == ({}, "", {})
    assert type(event) is Event


@pytest.mark.parametrize(
    "content",
    ["application/json", "application/json; charset=utf-8", "application/x+json", "Application/JSON", "text/json;a=b"],
)
def test_any_json_media_type_will_do(content: str) -> None:
    """The data is taken by what it is, and the type goes out again as it came."""
    document = PLAIN | {"datacontenttype": content, "data": {"x": 1}}
    event = Event.from_cloudevent(document)
    assert event.data == {"x": 1}
    assert document.items() <= event.to_cloudevent().items()


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ("[1]", "it is list, not a JSON object"),
        ("{", "it is not JSON"),
        (b"\xff", "it is not JSON"),
        (3, "it is int"),
        ({}, "specversion is None"),
        (PLAIN | {"specversion": "0.3"}, "specversion is '0.3'"),
        (PLAIN | {"id": ""}, "id is missing"),
        (PLAIN | {"id": 3}, "id is missing, empty or not text"),
        (PLAIN | {"source": None}, "source is missing"),
        ({key: value for key, value in PLAIN.items() if key != "type"}, "type is missing"),
        (PLAIN | {"datacontenttype": 3}, "datacontenttype is int, not text"),
        (PLAIN | {"dataschema": True}, "dataschema is bool, not text"),
        (PLAIN | {"source": "my laptop"}, "'my laptop' is not a URI reference"),
        (PLAIN | {"source": "/50%"}, "not a URI reference"),
        (PLAIN | {"source": "/Zoë"}, "not a URI reference"),
        (PLAIN | {"time": "yesterday"}, "time yesterday is wrong"),
        (PLAIN | {"time": "2026-03-02T09:00:00"}, "no time zone"),
        (PLAIN | {"subject": 3}, "subject is int"),
        (PLAIN | {"edaversion": "2"}, "version '2'"),
        (PLAIN | {"trace_parent": "x"}, "can't be an extension"),
        (PLAIN | {"edarecorded": "2026-03-02T09:00:00Z", "edasequence": "-1"}, "sequence '-1'"),
        (PLAIN | {"edarecorded": "2026-03-02T09:00:00Z", "edasequence": 1}, "sequence 1"),
        (PLAIN | {"edarecorded": "2026-03-02T09:00:00Z", "edasequence": "0"}, "position 0"),
        (PLAIN | {"edarecorded": "2026-03-02T09:00:00Z", "edasequence": "1" * 4_301}, "is not a position"),
        (PLAIN | {"edarecorded": "2026-03-02T09:00:00Z", "edasequence": "9" * 19}, "no whole number"),
        (PLAIN | {"edarecorded": "0001-01-01T00:00:00+01:00", "edasequence": "1"}, "outside the years"),
        (PLAIN | {"edasequence": "1"}, "edasequence alone"),
    ],
)
def test_what_is_no_cloudevent_is_refused(document: Any, words: str) -> None:
    """The error says which rule of the spec the document breaks."""
    with pytest.raises(BadCloudEvent) as caught:
        Event.from_cloudevent(document)
    assert words in caught.value.problem
    assert caught.value.problem in str(caught.value)


def test_stricter_rules_of_ours_have_their_own_errors() -> None:
    """A type that is no name of ours, or too big an integer, is not the document's fault."""
    with pytest.raises(BadName):
        Event.from_cloudevent(PLAIN | {"type": "com.Example.SignedUp"})
    with pytest.raises(BadData):
        Event.from_cloudevent(json.dumps(PLAIN | {"data": {"n": 2**70}}))


def test_what_others_call_as_the_kit_once_did_stays_theirs() -> None:
    """Another system's numbers, times, versions, hashes and tags are extensions, which go out as they came."""
    theirs = {"sequence": "001", "recordedtime": "2026-03-02T09:00:00Z", "dataversion": "2.0", "hash": "x", "tags": "a"}
    for some in (
        theirs,
        {"sequence": "5"},
        theirs | {"sequence": 7, "dataversion": 2},
        theirs | {"correlationid": "c"},
    ):
        event = Event.from_cloudevent(PLAIN | some)
        assert type(event) is Event
        assert (event.version, event.extensions) == (1, {name: it for name, it in some.items() if name in theirs})
        assert some.items() <= event.to_cloudevent().items()


def test_records_of_earlier_versions_are_read() -> None:
    """Files that the kit wrote with names of its own that others use, too, come back as the records that they were."""
    log = open_log(clock=ManualClock())
    log.append(Event("a.b", id="1", version=3, extensions={"traceparent": "00-x"}))
    record = next(log.read())
    names = {"edasequence": "sequence", "edarecorded": "recordedtime", "edahash": "hash", "edaversion": "dataversion"}
    earlier = {names.get(name, name): value for name, value in record.to_cloudevent().items()}
    assert set(names.values()) <= set(earlier)
    assert Event.from_cloudevent(earlier) == record


def test_a_byte_order_mark_doesn_t_matter() -> None:
    """In text as in bytes."""
    text = json.dumps(PLAIN)
    for document in ("\ufeff" + text, b"\xef\xbb\xbf" + text.encode()):
        assert Event.from_cloudevent(document).id == "1"


def test_foreign_types_are_mapped() -> None:
    """A type that is no name of ours gets one; what isn't in the table stays."""
    names = {"com.example.OrderPlaced": "order.placed"}
    document = PLAIN | {"type": "com.example.OrderPlaced"}
    assert Event.from_cloudevent(document, names=names).name == "order.placed"
    assert Event.from_cloudevent(PLAIN, names=names).name == "user.signed_up"
    with pytest.raises(BadName):
        Event.from_cloudevent(document, names={"com.example.OrderPlaced": "Order"})


def test_an_event_without_a_time_is_undated() -> None:
    """Nobody has said when it occurred, and nothing is made up: read twice it is the same, and it goes out as it came."""
    event = Event.from_cloudevent(PLAIN)
    assert event.undated
    assert event == Event.from_cloudevent(PLAIN)
    assert "time" not in event.to_cloudevent()
    assert Event.from_cloudevent(event.to_cloudevent()) == event
    assert event.replace(subject="x").undated
    dated = event.replace(occurred="2026-03-02T09:00:00Z")
    assert (dated.undated, dated.to_cloudevent()["time"]) == (False, "2026-03-02T09:00:00Z")
    assert not Event.from_cloudevent(PLAIN | {"time": "0001-01-01T00:00:00Z"}).undated


# --- the official SDK ---------------------------------------------------------------------------


def test_the_sdk_reads_what_we_write() -> None:
    """Every attribute and the data mean the same to the official SDK."""
    theirs = JSONFormat().read(None, json.dumps(FULL.to_cloudevent()))
    assert isinstance(theirs, CloudEvent)
    assert (theirs.get_id(), theirs.get_type(), theirs.get_source()) == ("evt-0002", "folder.created", "/drive")
    assert (theirs.get_subject(), theirs.get_time()) == ("folder/1", FULL.occurred)
    assert theirs.get_dataschema() == "https://example.org/v3"
    assert theirs.get_extension("correlationid") == theirs.get_extension("causationid") == "evt-0001"
    assert theirs.get_data() == FULL.data


def test_the_sdk_reads_a_recorded_event() -> None:
    """The extensions of a recorded event have names and values that the SDK accepts."""
    log = open_log(clock=ManualClock())
    log.append(an_event(1))
    theirs = JSONFormat().read(None, json.dumps(next(log.read()).to_cloudevent()))
    assert theirs.get_extension("edasequence") == "000000000001"
    assert theirs.get_extension("edarecorded") == "2026-03-02T09:00:00Z"


def test_we_read_what_the_sdk_writes() -> None:
    """An event that somebody else made with the SDK becomes ours."""
    attributes = {"type": "folder.moved", "source": "urn:x", "id": "77", "subject": "folder/1", "time": FULL.occurred}
    theirs = CloudEvent(attributes | {"correlationid": "70", "custom": "kept"}, {"to": "/"})
    event = Event.from_cloudevent(JSONFormat().write(theirs))
    assert event == Event(
        "folder.moved",
        {"to": "/"},
        id="77",
        source="urn:x",
        subject="folder/1",
        occurred=FULL.occurred,
        correlation="70",
        extensions={"custom": "kept"},
    )


def is_uri(text: str) -> bool:
    """Whether each % of the text is followed by two digits."""
    return re.fullmatch("([^%]|%20|%00|%22|%02)*", text) is not None


texts = st.text(max_size=20)
filled = st.text(min_size=1, max_size=20)
times = st.datetimes().map(lambda moment: f"{moment.isoformat()}Z")
extensions = st.dictionaries(
    st.from_regex("x[a-z0-9]{0,25}", fullmatch=True), texts | st.booleans() | st.integers(-(2**31), 2**31 - 1)
)
data = st.dictionaries(texts, st.none() | st.booleans() | st.integers(-(2**53), 2**53) | texts | st.lists(texts))
events = st.builds(
    Event,
    st.sampled_from(["user.signed_up", "a.b.c_1"]),
    data,
    subject=texts,
    source=st.text("abc/:%20?#-._~", max_size=20).filter(is_uri),
    id=filled,
    occurred=times,
    correlation=texts,
    causation=texts,
    version=st.integers(1, 2**31),
    extensions=extensions,
)


@given(events, st.none() | st.tuples(st.integers(1, 2**40), times, texts))
def test_any_event_survives_the_wire_and_the_sdk(event: Event, place: tuple[int, Any, str] | None) -> None:
    """Out to JSON, through the SDK and back is the same event, recorded or not."""
    if place:
        event = record_as(event, place[0], as_instant(place[1]), place[2])
    text = json.dumps(event.to_cloudevent())
    assert Event.from_cloudevent(text) == event
    assert Event.from_cloudevent(JSONFormat().write(JSONFormat().read(None, text))) == event
