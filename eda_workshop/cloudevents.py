"""Events on the wire: the JSON form of CloudEvents 1.0, and its documented extensions.

`type` is our name, `time` is when it occurred; `recordedtime`, `sequence`, `correlationid` and
`causationid` are extensions that the CloudEvents project documents; `dataversion` and `hash` are our
own. What else a document brings stays in the event's `extensions`, `dataschema` included.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from eda_workshop.clock import as_instant, iso
from eda_workshop.errors import BadCloudEvent, BadEvent, BadTime
from eda_workshop.event import NO_SOURCE, WIRE_NAMES, Event, Recorded, record_as
from eda_workshop.values import thaw


def to_cloudevent(event: Event) -> dict[str, Any]:
    """The event in the JSON form of CloudEvents 1.0: plain values, keys in a fixed order.

    >>> event = Event("user.signed_up", id="evt-0001", occurred="2026-03-02T09:00:00Z")
    >>> event.to_cloudevent()["type"], event.to_cloudevent()["time"]
    ('user.signed_up', '2026-03-02T09:00:00Z')
    """
    document: dict[str, Any] = {
        "specversion": "1.0",
        "id": event.id,
        "source": event.source or NO_SOURCE,
        "type": event.name,
        "time": iso(event.occurred),
    }
    if event.subject:
        document["subject"] = event.subject
    if event.causation:
        document["causationid"] = event.causation
    document["correlationid"] = event.correlation
    if event.version != 1:
        document["dataversion"] = event.version
    if isinstance(event, Recorded):
        document["recordedtime"] = iso(event.recorded)
        document["sequence"] = f"{event.position:012}"
        if event.hash:
            document["hash"] = event.hash
    document.update(event.extensions)
    document["data"] = thaw(event.data)
    return document


def from_cloudevent(document: Mapping[str, Any] | str | bytes) -> Event:
    """The event of a CloudEvents 1.0 document: a dict, or its JSON text.

    A document with `recordedtime` and `sequence` becomes a `Recorded`. Raises `BadCloudEvent`,
    or `BadName` and `BadData` where the document is right and this kit's rules are stricter.

    >>> Event.from_cloudevent(Event("user.signed_up", id="evt-0001").to_cloudevent())
    Event('user.signed_up', {}, id='evt-0001')
    """
    attributes, record = _facts_of(document)
    try:
        event = Event(**attributes)
        return record_as(event, **record) if record else event
    except BadEvent as error:
        raise BadCloudEvent(error.what[0].lower() + error.what[1:]) from error


def _facts_of(document: Mapping[str, Any] | str | bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    """The attributes of the event in a document, and those of its record. Raises `BadCloudEvent`."""
    given = _parse(document) if isinstance(document, (str, bytes)) else document
    if not isinstance(given, Mapping):
        raise BadCloudEvent(f"it is {type(given).__name__}, not a JSON object")
    facts = {key: value for key, value in given.items() if value is not None}
    _check(facts)
    attributes = {
        "name": facts["type"],
        "data": facts.get("data", {}),
        "id": facts["id"],
        "source": facts["source"],
        "subject": facts.get("subject", ""),
        "correlation": facts.get("correlationid", ""),
        "causation": facts.get("causationid", ""),
        "version": facts.get("dataversion", 1),
        "extensions": {key: value for key, value in facts.items() if key not in WIRE_NAMES},
    }
    try:
        if "time" in facts:
            attributes["occurred"] = as_instant(facts["time"])
        return attributes, _record_of(facts)
    except BadTime as error:
        raise BadCloudEvent(f"its time {error.given} is wrong: {error.rule}") from None


def _parse(text: str | bytes) -> Any:
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadCloudEvent(f"it is not JSON ({error})") from None


def _check(document: Mapping[str, Any]) -> None:
    if document.get("specversion") != "1.0":
        raise BadCloudEvent(f"its specversion is {document.get('specversion')!r}, not '1.0'")
    for required in ("id", "source", "type"):
        if not isinstance(document.get(required), str) or not document[required]:
            raise BadCloudEvent(f"its {required} is missing, empty or not text")
    if "data_base64" in document:
        raise BadCloudEvent("its data is binary; this kit's events carry JSON")
    if not isinstance(document.get("data", {}), Mapping):
        raise BadCloudEvent("its data is not a JSON object, so its values have no names")
    content = document.get("datacontenttype", "application/json")
    if not str(content).partition(";")[0].strip().endswith("json"):
        raise BadCloudEvent(f"its datacontenttype is {content!r}, not JSON")


def _record_of(facts: Mapping[str, Any]) -> dict[str, Any]:
    if "recordedtime" not in facts or "sequence" not in facts:
        return {}
    recorded = as_instant(facts["recordedtime"])
    return {"position": _position(facts["sequence"]), "recorded": recorded, "hash": facts.get("hash", "")}


def _position(sequence: object) -> int:
    if not isinstance(sequence, str) or not (sequence.isascii() and sequence.isdigit()):
        raise BadCloudEvent(f"its sequence {sequence!r} is not a position")
    return int(sequence)


Event.to_cloudevent = to_cloudevent  # type: ignore[assignment, method-assign]
Event.from_cloudevent = staticmethod(from_cloudevent)  # type: ignore[method-assign]
