"""The kit's own records: what it writes into a log about events and messages. No model's reducer ever sees them."""

from __future__ import annotations

from eda_workshop.event import Event

REJECTED, CORRECTED, ACCEPTED = "event.rejected", "event.corrected", "event.accepted"
CORRECTIONS = (REJECTED, CORRECTED)

SENT, ANSWERED, BUFFERED, WITHDRAWN = "gateway.sent", "gateway.answered", "gateway.buffered", "gateway.withdrawn"
RETRACTED = "gateway.retracted"
NOTES = (SENT, ANSWERED, BUFFERED, WITHDRAWN, RETRACTED)
"""What gateways record."""

STEPPED, COMMAND_ACCEPTED, COMMAND_REFUSED = "process.stepped", "process.accepted", "process.refused"
COMMAND_FAILED, DUE = "process.failed", "process.due"
STEPS = (STEPPED, COMMAND_ACCEPTED, COMMAND_REFUSED, COMMAND_FAILED, DUE)
"""What process managers record."""

OWN = frozenset([*CORRECTIONS, ACCEPTED, *NOTES, *STEPS])
"""All names of such records; other names in the same namespaces, such as ``event.planned``, are anybody's."""


def is_own(event: Event) -> bool:
    """Whether the kit itself wrote this record, about others."""
    return event.name in OWN
