"""Events on the wire: the JSON form of CloudEvents 1.0, and its documented extensions.

`type` is our name, `time` is when it occurred; `recordedtime`, `sequence`, `correlationid` and `causationid`
are extensions that the CloudEvents project documents; `dataversion` and `hash` are our own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from eda_workshop.clock import as_instant, iso
from eda_workshop.errors import BadCloudEvent, BadEvent, BadTime
from eda_workshop.frozen import FrozenDict, thaw

if TYPE_CHECKING:
    from eda_workshop.event import Event

SOMEWHERE = "/"
"""The wire demands a source; this stands for an event that names none."""

_EXTENSION = re.compile(r"[a-z0-9]{1,20}")
_SPOKEN_FOR = frozenset(
    "specversion id source type time subject data data_base64 datacontenttype dataschema "
    "recordedtime sequence correlationid causationid dataversion hash".split()
)


def encode(event: Event) -> dict[str, Any]:
    """The event as a CloudEvents document; plain values, keys in a fixed order."""
    document: dict[str, Any] = {
        "specversion": "1.0",
        "id": event.id,
        "source": event.source or SOMEWHERE,
        "type": event.name,
        "time": iso(event.occurred),
    }
    optional = {"subject": event.subject, "causationid": event.causation}
    document |= {key: value for key, value in optional.items() if value}
    document["correlationid"] = event.correlation
    if event.version != 1:
        document["dataversion"] = event.version
    return document | _record(event) | dict(event.extensions) | {"data": thaw(event.data)}


def decode(document: Mapping[str, Any] | str | bytes) -> dict[str, Any]:
    """The attributes of the event in a CloudEvents document. Raises `BadCloudEvent`."""
    if isinstance(document, (str, bytes)):
        document = _parse(document)
    if not isinstance(document, Mapping):
        raise BadCloudEvent(f"it is {type(document).__name__}, not a JSON object")
    _check(document)
    attributes = {
        "name": document["type"],
        "data": document.get("data") or {},
        "id": document["id"],
        "source": "" if document["source"] == SOMEWHERE else document["source"],
        "subject": document.get("subject", ""),
        "correlation": document.get("correlationid", ""),
        "causation": document.get("causationid", ""),
        "version": document.get("dataversion", 1),
        "extensions": {key: value for key, value in document.items() if key not in _SPOKEN_FOR},
    }
    return attributes | _times(document)


def check_extensions(extensions: Mapping[str, Any]) -> FrozenDict:
    """The extension attributes, frozen. Raises `BadEvent` for a name or value that the wire can't carry."""
    for name, value in extensions.items():
        if not _EXTENSION.fullmatch(str(name)) or name in _SPOKEN_FOR:
            raise BadEvent(
                f"{name!r} can't be an extension attribute",
                "CloudEvents allows 1 to 20 characters a-z and 0-9, and no attribute's own name.",
            )
        if not isinstance(value, (str, int, bool)):
            raise BadEvent(f"The extension {name} is {type(value).__name__}", "Write text, an integer or a bool.")
    return FrozenDict(extensions)


def _record(event: Event) -> dict[str, Any]:
    if not hasattr(event, "position"):
        return {}
    record = {"recordedtime": iso(event.recorded), "sequence": f"{event.position:012}"}
    return record | ({"hash": event.hash} if event.hash else {})


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
    if not isinstance(document.get("data") or {}, Mapping):
        raise BadCloudEvent("its data is not a JSON object, so its values have no names")
    content = document.get("datacontenttype", "application/json")
    if not str(content).partition(";")[0].endswith("json"):
        raise BadCloudEvent(f"its datacontenttype is {content!r}, not JSON")


def _times(document: Mapping[str, Any]) -> dict[str, Any]:
    times: dict[str, Any] = {}
    try:
        if "time" in document:
            times["occurred"] = as_instant(document["time"])
        if "recordedtime" in document and "sequence" in document:
            times["recorded"] = as_instant(document["recordedtime"])
            times["position"] = int(document["sequence"])
            times["hash"] = document.get("hash", "")
    except BadTime as error:
        raise BadCloudEvent(f"its time {error.given} is wrong: {error.rule}") from None
    except ValueError:
        raise BadCloudEvent(f"its sequence {document['sequence']!r} is not a position") from None
    return times
