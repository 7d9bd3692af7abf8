"""The examples in the documents of the CloudEvents 1.0 specification: taken unharmed, or refused as what the kit doesn't take."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eda_workshop import BadFile, Event, ManualClock, UnsupportedEvent, open_log

CONTEXT = {
    "specversion": "1.0",
    "type": "com.example.someevent",
    "source": "/mycontext",
    "id": "C234-1234-1234",
    "time": "2018-04-05T17:31:00Z",
    "comexampleextension1": "value",
    "comexampleothervalue": 5,
}
APP_INFO = {"appinfoA": "abc", "appinfoB": 123, "appinfoC": True}
JSON_DATA = CONTEXT | {"datacontenttype": "application/json", "data": APP_INFO}
BINARY = {"datacontenttype": "application/vnd.apache.thrift.binary", "data_base64": "Q2xvdWRFdmVudHM="}
PULL_REQUEST = {
    "specversion": "1.0",
    "type": "com.github.pull_request.opened",
    "source": "https://github.com/cloudevents/spec/pull",
    "subject": "123",
    "id": "A234-1234-1234",
    "time": "2018-04-05T17:31:00Z",
    "comexampleextension1": "value",
    "comexampleothervalue": 5,
    "datacontenttype": "text/xml",
    "data": '<much wow="xml"/>',
}
BATCH = [
    CONTEXT | BINARY | {"source": "/mycontext/4", "id": "B234-1234-1234"},
    JSON_DATA | {"type": "com.example.someotherevent", "source": "/mycontext/9", "time": "2018-04-05T17:31:05Z"},
]
SOURCES = [
    "https://github.com/cloudevents",
    "mailto:cncf-wg-serverless@lists.cncf.io",
    "urn:uuid:6e8bc430-9c3a-11d9-9669-0800200c9a66",
    "/cloudevents/spec/pull/123",
    "/sensors/tn-1234567/alerts",
    "1-555-123-4567",
    "cloudevents/spec/pull?q=1#x",
    "http://[2001:db8::1]:80/a%20b",
]
TYPES = ["com.github.pull_request.opened", "com.example.object.deleted.v2"]
SUBJECTS = ["mynewfile.jpg", "123", "/Zoë/фото"]
EXTENSIONS: list[dict[str, Any]] = [
    {"boolean": True, "boolean2": False},
    {"integer": 2**31 - 1, "integer2": -(2**31), "integer3": 0},
    {"string": "Zoë 😀", "string2": ""},
    {"binary": "AAEC/w=="},
    {"uri": "https://example.com/a?b#c", "uriref": "../a"},
    {"timestamp": "1985-04-12T23:20:50.52Z"},
    {"dataschema": "https://example.com/schema/v2"},
    # Those that the project documents.
    {"sequence": "001", "sequencetype": "Integer"},
    {"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b9c7c989f97918e1-01", "tracestate": "rojo=00f067aa0ba902b7"},
    {"partitionkey": "user-7", "sampledrate": 10, "expirytime": "2018-04-06T17:31:00Z"},
    {"dataref": "https://example.com/content/7", "severitytext": "INFO", "severitynumber": 9},
    {"recordedtime": "2018-04-05T17:31:06Z"},
    {"correlationid": "c-1", "causationid": "c-0"},
    {"authtype": "user", "authid": "ada", "authclaims": "{}"},
]
TAKEN = [
    JSON_DATA,
    CONTEXT | {"data": APP_INFO},
    CONTEXT,
    CONTEXT | {"unsetextension": None, "data": APP_INFO},
    JSON_DATA | {"datacontenttype": "Application/JSON"},
    JSON_DATA | {"datacontenttype": "application/cloudevents+json; charset=UTF-8"},
    {name: value for name, value in JSON_DATA.items() if name != "time"},
    JSON_DATA | {"time": "2018-04-05T17:31:00.123Z"},
    *(JSON_DATA | {"source": source} for source in SOURCES),
    *(JSON_DATA | {"type": type} for type in TYPES),
    *(JSON_DATA | {"subject": subject} for subject in SUBJECTS),
    *(JSON_DATA | extensions for extensions in EXTENSIONS),
]
REFUSED = [
    (PULL_REQUEST, "datacontenttype is 'text/xml'"),
    (CONTEXT | {"datacontenttype": "application/xml", "data": '<much wow="xml"/>'}, "'application/xml'"),
    (CONTEXT | BINARY, "its data is binary"),
    (CONTEXT | {"data_base64": "AAEC"}, "its data is binary"),
    (CONTEXT | {"data": "I'm just a string"}, "its data is text"),
    (JSON_DATA | {"data": "I'm just a string"}, "its data is text"),
    (CONTEXT | {"data": 1.5}, "its data is a number"),
    (CONTEXT | {"data": 7}, "its data is a number"),
    (CONTEXT | {"data": False}, "its data is true or false"),
    (CONTEXT | {"data": [1, 2]}, "its data is an array"),
    (CONTEXT | {"data": ""}, "its data is text"),
    (JSON_DATA | {"datacontenttype": "text/plain"}, "'text/plain'"),
    (JSON_DATA | {"datacontenttype": "application/x-ndjson"}, "'application/x-ndjson'"),
    (JSON_DATA | {"datacontenttype": "application/notjson"}, "'application/notjson'"),
]


def said(document: dict[str, Any]) -> dict[str, Any]:
    """What a document says: null is another way to say nothing; instants are the same in any number of digits."""
    facts = {name: value for name, value in document.items() if value is not None}
    if facts.get("time") == "2018-04-05T17:31:00.123Z":
        facts["time"] = "2018-04-05T17:31:00.123000Z"
    return facts


@pytest.mark.parametrize("document", TAKEN)
def test_what_is_taken_comes_back(document: dict[str, Any]) -> None:
    """Everything that the document says is there again: attributes, extensions of all types, data."""
    again = Event.from_cloudevent(json.dumps(document)).to_cloudevent()
    assert said(document).items() <= again.items()
    assert set(again) - set(said(document)) <= {"correlationid", "data"}
    assert Event.from_cloudevent(again) == Event.from_cloudevent(document)


@pytest.mark.parametrize(("document", "words"), REFUSED)
def test_what_is_not_taken_is_said_to_be_the_kit_s_limit(document: dict[str, Any], words: str) -> None:
    """Data that is no JSON object is refused: as a right event that this kit doesn't take."""
    with pytest.raises(UnsupportedEvent, match=words) as caught:
        Event.from_cloudevent(json.dumps(document))
    assert str(caught.value).startswith("This is a CloudEvents 1.0 event that this kit doesn't take")


def test_files_and_logs_do_no_harm(tmp_path: Path) -> None:
    """From a batch into a log and out again, documents say what they said."""
    documents = [document | {"id": str(number)} for number, document in enumerate(TAKEN) if "time" in document]
    (tmp_path / "in.json").write_text(json.dumps(documents))
    log = open_log(clock=ManualClock())
    assert log.load(tmp_path / "in.json").appended == len(documents)
    log.save(tmp_path / "out.json")
    for before, after in zip(documents, json.loads((tmp_path / "out.json").read_text()), strict=True):
        assert said(before).items() <= after.items()


def test_the_batches_of_the_specification(tmp_path: Path) -> None:
    """An empty one is loaded; one with binary data is refused as a whole, and the event named."""
    (tmp_path / "empty.json").write_text("[]")
    assert open_log().load(tmp_path / "empty.json").appended == 0
    (tmp_path / "batch.json").write_text(json.dumps(BATCH))
    log = open_log()
    with pytest.raises(BadFile, match="event 1: This is a CloudEvents 1.0 event that this kit doesn't take") as caught:
        log.load(tmp_path / "batch.json")
    assert isinstance(caught.value.__cause__, UnsupportedEvent)
    (tmp_path / "rest.json").write_text(json.dumps(BATCH[1:]))
    assert (log.head, log.load(tmp_path / "rest.json").appended) == (0, 1)
