"""What goes out through gateways, and how it is recorded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from eda_workshop.errors import BadGateway
from eda_workshop.event import Event
from eda_workshop.values import FrozenDict

SENT, ANSWERED, BUFFERED, WITHDRAWN = "gateway.sent", "gateway.answered", "gateway.buffered", "gateway.withdrawn"
RETRACTED = "gateway.retracted"


@dataclass(frozen=True)
class Message:
    """What goes out, or would: through which gateway, what, and because of which event."""

    gateway: str
    content: FrozenDict
    cause: str


def note(name: str, cause: str, data: dict[str, Any], when: Event | datetime) -> Event:
    """What a gateway records; its id follows from what it is about, so that it is recorded once.

    when  the event that it belongs to, or the time of the record itself
    """
    about = [name, cause, data["gateway"], data.get("question", ""), str(data["nth"])]
    occurred, correlation = (when.occurred, when.correlation) if isinstance(when, Event) else (when, "")
    return Event(
        name,
        data,
        id="/".join(about),
        source="/gateways",
        occurred=occurred,
        correlation=correlation,
        causation=cause,
    )


def is_own(event: Event) -> bool:
    """Whether a gateway recorded this event."""
    return event.name.startswith("gateway.")


def text_of(gateway: str, question: Iterable[Any]) -> str:
    """A question as JSON text, by which its answer is found again."""
    try:
        return msgspec.json.encode(list(question)).decode()
    except (TypeError, ValueError) as error:
        raise BadGateway(gateway, f"was asked what is not JSON ({error})", "Ask with text and numbers.") from error


def outbound_diff(had: Iterable[Message], should: Iterable[Message]) -> dict[str, list[Message]]:
    """What was sent against what should have been: ``same``, ``missing`` to send, ``wrong`` to take back.

    Order does not matter; how often a message occurs does.

    >>> from eda_workshop.values import freeze
    >>> ada, bob = (Message("mail", freeze({"to": name}), "1") for name in ("ada", "bob"))
    >>> diff = outbound_diff([ada, ada], [ada, bob])
    >>> [(kind, [message.content["to"] for message in messages]) for kind, messages in diff.items()]
    [('same', ['ada']), ('missing', ['bob']), ('wrong', ['ada'])]
    """
    left = list(should)
    same, wrong = [], []
    for message in had:
        if message in left:
            left.remove(message)
            same.append(message)
        else:
            wrong.append(message)
    return {"same": same, "missing": left, "wrong": wrong}
