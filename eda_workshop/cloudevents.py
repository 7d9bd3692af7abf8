"""Events on the wire: the JSON form of CloudEvents 1.0.

`type` is our name, `time` is when it occurred; `correlationid` and `causationid` are extensions that the CloudEvents
project documents. What is our own begins with `eda`: `edaversion`; `edatags`, a JSON array as text; and of a record
`edasequence`, `edarecorded` and `edahash`. What else a document brings stays in the event's `extensions` as it came,
`dataschema` and `datacontenttype` included; so does what others call `sequence`, `tags` or `hash`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from eda_workshop.clock import as_instant, iso
from eda_workshop.errors import BadCloudEvent, BadEvent, BadTime, UnsupportedEvent, cut, shorten
from eda_workshop.event import NO_SOURCE, WIRE_NAMES, Event, Recorded, is_json_type, record_as
from eda_workshop.values import parsed, thaw

_DIGITS = re.compile(r"[0-9]{1,19}")
"""No log has more positions than fit into 64 bits."""
_EARLIER = {"sequence": "edasequence", "recordedtime": "edarecorded", "hash": "edahash", "dataversion": "edaversion"}
"""The names of a record's attributes in files that earlier versions of the kit wrote."""


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
    }
    if not event.undated:
        document["time"] = iso(event.occurred)
    if event.subject:
        document["subject"] = event.subject
    if event.causation:
        document["causationid"] = event.causation
    document["correlationid"] = event.correlation
    if event.tags:
        document["edatags"] = msgspec.json.encode(event.tags).decode()
    if event.version != 1:
        document["edaversion"] = event.version
    if isinstance(event, Recorded):
        document["edarecorded"] = iso(event.recorded)
        document["edasequence"] = f"{event.position:012}"
        if event.hash:
            document["edahash"] = event.hash
    document.update(event.extensions)
    document["data"] = thaw(event.data)
    return document


def from_cloudevent(document: Mapping[str, Any] | str | bytes, *, names: Mapping[str, str] | None = None) -> Event:
    """The event of a CloudEvents 1.0 document: a dict, or its JSON text.

    names  our names for types that others use: ``{"com.example.OrderPlaced": "order.placed"}``

    A record of a log comes back as a `Recorded`. An event without a time is `Event.undated`. Raises `BadCloudEvent` for
    what isn't a CloudEvents 1.0 event, `UnsupportedEvent` for one whose data isn't a JSON object, and `BadName` or `BadData`
    where this kit's rules are stricter.

    >>> Event.from_cloudevent(Event("user.signed_up", id="evt-0001").to_cloudevent())
    Event('user.signed_up', {}, id='evt-0001')
    """
    given = _parse(document) if isinstance(document, (str, bytes)) else document
    if not isinstance(given, Mapping):
        raise BadCloudEvent(f"it is {type(given).__name__}, not a JSON object")
    facts = {key: value for key, value in given.items() if value is not None}
    _check(facts)
    try:
        if _is_earlier_record(facts):
            facts = {_EARLIER.get(key, key): value for key, value in facts.items()}
        record = _record_of(facts)
        event = _event_of(facts, names or {}, record)
        return record_as(event, **record) if record else event
    except BadTime as error:
        raise BadCloudEvent(f"its time {cut(error.given)} is wrong: {error.rule}") from None
    except BadEvent as error:
        raise BadCloudEvent(error.what[0].lower() + error.what[1:]) from error


def _parse(text: str | bytes) -> Any:
    try:
        return parsed(text)
    except ValueError as error:
        raise BadCloudEvent(str(error)) from None


def _check(document: Mapping[str, Any]) -> None:
    """Raise if this isn't an event of the specification, or if the kit doesn't take it."""
    if document.get("specversion") != "1.0":
        raise BadCloudEvent(f"its specversion is {cut(repr(document.get('specversion')))}, not '1.0'")
    for required in ("id", "source", "type"):
        if not isinstance(document.get(required), str) or not document[required]:
            raise BadCloudEvent(f"its {required} is missing, empty or not text")
    content = document.get("datacontenttype", "application/json")
    if not isinstance(content, str):
        raise BadCloudEvent(f"its datacontenttype is {type(content).__name__}, not text")
    if "data_base64" in document:
        raise UnsupportedEvent("its data is binary")
    if not is_json_type(content):
        raise UnsupportedEvent(f"its datacontenttype is {shorten(content)}, not JSON")
    if not isinstance(document.get("data", {}), Mapping):
        raise UnsupportedEvent(f"its data is {_kind(document['data'])}, so its values have no names")


def _event_of(facts: Mapping[str, Any], names: Mapping[str, str], record: Mapping[str, Any]) -> Event:
    """The event alone. A record without a time occurred when it was recorded."""
    occurred = as_instant(facts["time"]) if "time" in facts else record.get("recorded")
    when: dict[str, Any] = {"undated": True} if occurred is None else {"occurred": occurred}
    return Event(
        names.get(facts["type"], facts["type"]),
        facts.get("data", {}),
        id=facts["id"],
        source=facts["source"],
        subject=facts.get("subject", ""),
        tags=_tags_of(facts.get("edatags", "[]")),
        correlation=facts.get("correlationid", ""),
        causation=facts.get("causationid", ""),
        version=facts.get("edaversion", 1),
        extensions={key: value for key, value in facts.items() if key not in WIRE_NAMES},
        **when,
    )


def _tags_of(text: Any) -> tuple[str, ...]:
    try:
        tags: tuple[str, ...] = msgspec.json.decode(text, type=tuple[str, ...])
        return tags
    except (msgspec.DecodeError, TypeError):
        raise BadCloudEvent(f"its edatags {cut(repr(text))} are not texts in a JSON array") from None


def _record_of(facts: Mapping[str, Any]) -> dict[str, Any]:
    """What a log added to the event; {} if none did."""
    there = [name for name in ("edasequence", "edarecorded") if name in facts]
    if not there:
        return {}
    if len(there) == 1:
        raise BadCloudEvent(f"it has {there[0]} alone, and a record has both edasequence and edarecorded")
    recorded = as_instant(facts["edarecorded"])
    return {"position": _position(facts["edasequence"]), "recorded": recorded, "hash": facts.get("edahash", "")}


def _position(sequence: object) -> int:
    if not isinstance(sequence, str) or not _DIGITS.fullmatch(sequence):
        raise BadCloudEvent(f"its edasequence {cut(repr(sequence))} is not a position")
    return int(sequence)


def _is_earlier_record(facts: Mapping[str, Any]) -> bool:
    """Whether an earlier version of the kit wrote it: with a record's attributes as it wrote them, and none of today's."""
    if any(name in facts for name in _EARLIER.values()) or "correlationid" not in facts:
        return False
    texts = [facts.get(name) for name in ("sequence", "recordedtime", "hash")]
    written = (r"[0-9]{12,19}", r"[0-9T:.-]+Z", r"[0-9a-f]{64}")
    return all(isinstance(text, str) and re.fullmatch(form, text) for text, form in zip(texts, written, strict=True))


def _kind(data: object) -> str:
    """What JSON calls a value that isn't an object."""
    if isinstance(data, str):
        return "text"
    if isinstance(data, (list, tuple)):
        return "an array"
    return "true or false" if isinstance(data, bool) else "a number"


Event.to_cloudevent = to_cloudevent  # type: ignore[assignment, method-assign]
Event.from_cloudevent = staticmethod(from_cloudevent)  # type: ignore[method-assign]
