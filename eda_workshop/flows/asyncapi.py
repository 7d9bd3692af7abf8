"""The registry of a bus as an AsyncAPI 3 document: what others may hear, and who hears it already."""

from __future__ import annotations

from typing import Any

from eda_workshop.bus import Bus
from eda_workshop.log.own import OWN, is_own
from eda_workshop.names import is_pattern, matching

_TYPE = "application/cloudevents+json"


def asyncapi(bus: Bus, *, title: str, version: str = "1.0.0") -> dict[str, Any]:
    """An AsyncAPI 3.0 document of the whole system behind a bus, as a dict ready for JSON.

    There is a channel for each event name that has a handler or is in the log; a "receive" operation for each
    subscriber and name; and a "send" operation for each source and name that the log knows. Patterns stand for the names
    that they match; the document says nothing that the bus and its log don't know, and leaves out the kit's own records.

    >>> bus = Bus()
    >>> _ = bus.subscriber("mailer").on("user.signed_up", lambda event: None)
    >>> list(asyncapi(bus, title="drive")["operations"])
    ['mailer.receives.user.signed_up']
    """
    rows = [row for row in bus.registry() if row.name not in OWN]
    sent = _sent(bus)
    names = sorted({*(row.name for row in rows if not is_pattern(row.name)), *(name for _, name in sent)})
    operations = {}
    for row in rows:
        for name in matching(row.name, names):
            operations[f"{_key(row.subscriber)}.receives.{name}"] = _operation(
                "receive", name, f"{row.subscriber} reacts"
            )
    for source, name in sorted(sent):
        operations[f"{_key(source)}.sends.{name}"] = _operation("send", name, f"{source} says that it happened")
    return {
        "asyncapi": "3.0.0",
        "info": {"title": title, "version": version},
        "defaultContentType": _TYPE,
        "channels": {
            name: {"address": name, "messages": {name: {"$ref": f"#/components/messages/{name}"}}} for name in names
        },
        "operations": operations,
        "components": {"messages": {name: _message(name, bus) for name in names}},
    }


def _sent(bus: Bus) -> set[tuple[str, str]]:
    """Who said what, as far as the log knows."""
    return {
        (event.source.strip("/"), event.name)
        for event in bus.log or ()
        if event.source.strip("/") and not is_own(event)
    }


def _operation(action: str, name: str, summary: str) -> dict[str, Any]:
    return {
        "action": action,
        "summary": summary,
        "channel": {"$ref": f"#/channels/{name}"},
        "messages": [{"$ref": f"#/channels/{name}/messages/{name}"}],
    }


def _message(name: str, bus: Bus) -> dict[str, Any]:
    """A message's name and shape: the fields that its newest event in the log has."""
    newest = next(iter(bus.log.read(names=[name], reverse=True, limit=1)), None) if bus.log is not None else None
    fields: dict[str, dict[str, Any]] = {field: {} for field in sorted(newest.data)} if newest else {}
    data = {"type": "object", **({"properties": fields} if fields else {})}
    payload = {"type": "object", "properties": {"type": {"const": name}, "data": data}}
    return {"name": name, "contentType": _TYPE, "payload": payload}


def _key(text: str) -> str:
    """A key of the document may hold letters, digits, dots, dashes and underscores."""
    return "".join(sign if sign.isascii() and (sign.isalnum() or sign in ".-_") else "_" for sign in text)
