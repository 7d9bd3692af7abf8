"""Events on the wire: the JSON form of CloudEvents 1.0, and its documented extensions.

`type` is our name, `time` is when it occurred; `recordedtime`, `sequence`, `correlationid` and
`causationid` are extensions that the CloudEvents project documents; `dataversion` and `hash` are our
own. What else a document brings stays in the event's `extensions`, `dataschema` included.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from eda_workshop.clock import as_instant, iso
from eda_workshop.errors import BadCloudEvent, BadEvent, BadTime
from eda_workshop.values import NOTHING, FrozenDict, thaw

if TYPE_CHECKING:
    from eda_workshop.event import Event

NOBODY = "/"
"""The wire demands a source; this stands for an event that names none."""

_EXTENSION = re.compile(r"[a-z0-9]+")
_SPOKEN_FOR = {"specversion", "id", "source", "type", "time", "subject", "datacontenttype", "data", "data_base64"}
_SPOKEN_FOR |= {"recordedtime", "sequence", "correlationid", "causationid", "dataversion", "hash"}


def encode(event: Event) -> dict[str, Any]:
    """The event as a CloudEvents document; plain values, keys in a fixed order."""
    document: dict[str, Any] = {
        "specversion": "1.0",
        "id": event.id,
        "source": event.source or NOBODY,
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
    _add_record(document, event)
    document.update(event.extensions)
    document["data"] = thaw(event.data)
    return document


def decode(document: Mapping[str, Any] | str | bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    """The attributes of the event in a CloudEvents document, and those of its record. Raises `BadCloudEvent`."""
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
        "extensions": {key: value for key, value in facts.items() if key not in _SPOKEN_FOR},
    }
    try:
        if "time" in facts:
            attributes["occurred"] = as_instant(facts["time"])
        return attributes, _record_of(facts)
    except BadTime as error:
        raise BadCloudEvent(f"its time {error.given} is wrong: {error.rule}") from None


def check_extensions(extensions: Any) -> FrozenDict:
    """The extension attributes, frozen. Raises `BadEvent` for what the wire can't carry."""
    if type(extensions) is FrozenDict:
        return extensions or NOTHING
    if not isinstance(extensions, Mapping):
        remedy = "Pass a dict: extensions={'traceparent': '…'}."
        raise BadEvent(f"The event's extensions are {type(extensions).__name__}", remedy)
    for name, value in extensions.items():
        _check_extension(name, value)
    return FrozenDict(extensions) if extensions else NOTHING


def check_unicode(what: str, text: str) -> None:
    """Raise `BadEvent` for text that no file and no wire can carry."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise BadEvent(f"{what} is not valid Unicode", "Decode the text properly first.") from None


def _check_extension(name: object, value: object) -> None:
    if not isinstance(name, str) or not _EXTENSION.fullmatch(name) or name in _SPOKEN_FOR:
        raise BadEvent(
            f"{name!r} can't be an extension attribute",
            "CloudEvents allows the characters a-z and 0-9, and no attribute's own name.",
        )
    if not isinstance(value, (str, int)):
        remedy = "Write text, an integer or a bool."
        raise BadEvent(f"The extension {name} is {type(value).__name__}", remedy)
    if isinstance(value, str):
        check_unicode(f"The extension {name}", value)
    elif not -(2**31) <= value < 2**31:
        raise BadEvent(f"The extension {name} has more than 32 bits", "Write it as text.")


def _add_record(document: dict[str, Any], event: Event) -> None:
    recorded = getattr(event, "recorded", None)
    if recorded is None:
        return
    document["recordedtime"] = iso(recorded)
    document["sequence"] = f"{getattr(event, 'position', 0):012}"
    digest = getattr(event, "hash", "")
    if digest:
        document["hash"] = digest


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
