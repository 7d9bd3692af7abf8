"""A log as it counts: in the order in which things occurred, with rejections and corrections applied."""

from __future__ import annotations

from collections.abc import Iterable

from eda_workshop.clock import as_instant
from eda_workshop.errors import BadCorrection
from eda_workshop.event import Recorded, as_event, record_as

REJECTED, CORRECTED = "event.rejected", "event.corrected"


def effective(events: Iterable[Recorded]) -> list[Recorded]:
    """The events that count, of all that were recorded, in the order recorded; see `EventLog.effective`."""
    recorded = list(events)
    known = {event.id: event for event in recorded}
    void = _void(recorded, known)
    changes: dict[str, list[Recorded]] = {}
    for event in recorded:
        if event.name == CORRECTED and event.id not in void:
            changes.setdefault(_target(event, known).id, []).append(event)
    counting = (event for event in recorded if event.name not in (REJECTED, CORRECTED) and event.id not in void)
    corrected = (_corrected(event, changes.get(event.id, [])) for event in counting)
    return sorted(corrected, key=lambda event: (event.occurred, event.position))


def _void(recorded: list[Recorded], known: dict[str, Recorded]) -> set[str]:
    """The ids that don't count. Newest first: a rejection that was rejected later rejects nothing."""
    void: set[str] = set()
    for event in reversed(recorded):
        if event.name == REJECTED and event.id not in void:
            void.add(_target(event, known).id)
    return void


def _target(event: Recorded, known: dict[str, Recorded]) -> Recorded:
    """The event that a rejection or correction refers to: one that was recorded before it."""
    id = event.data.get("event")
    target = known.get(id) if isinstance(id, str) else None
    if target is None or target.position >= event.position:
        raise BadCorrection(event.name, event.position, id)
    return target


def _corrected(event: Recorded, changes: list[Recorded]) -> Recorded:
    """The event with all its corrections, oldest first; its place in the log stays."""
    for change in changes:
        data = change.data.get("data", event.data)
        occurred = as_instant(change.data["occurred"]) if "occurred" in change.data else event.occurred
        plain = as_event(event).replace(data=data, occurred=occurred)
        event = record_as(plain, event.position, event.recorded, event.hash)
    return event
