"""The events that put others right: made, and refused where they would say nothing, or nothing true."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from eda_workshop.clock import Instant, as_instant, iso
from eda_workshop.errors import BadTarget, DuplicateEvent
from eda_workshop.event import Event, Recorded, as_event
from eda_workshop.log import EventLog
from eda_workshop.log.corrections import CORRECTED, CORRECTIONS, REJECTED, Corrections
from eda_workshop.values import freeze

LATE, WRONG, INCORRECT, WITHDRAWN = "late", "rejected", "incorrect", "withdrawn"


@dataclass(frozen=True)
class Draft:
    """An event to append, what kind of correction it is, and what it speaks of; None if of nothing before it."""

    kind: str
    event: Event
    target: Recorded | None = None


class Desk:
    """Where corrections are drafted, from a log and what has been corrected in it so far."""

    def __init__(self, log: EventLog, corrections: Corrections) -> None:
        self.log = log
        self.corrections = corrections
        self.now = log.clock.now()

    def late(self, given: Event) -> Draft:
        """An event that occurred and was not recorded then."""
        event = as_event(given)
        self._check_past(event.id, event.occurred)
        if event.name in CORRECTIONS:
            raise BadTarget(event.id, "is not an event that happened", "Use reject, correct or withdraw.")
        if (known := self.log.find(event.id)) is not None:
            raise DuplicateEvent(event.id, known.position)
        return Draft(LATE, event)

    def reject(self, id: str, reason: str) -> Draft:
        """An event never happened."""
        target = self._counting(id)
        return Draft(WRONG, self._about(target, REJECTED, {"reason": reason}), target)

    def correct(self, id: str, data: Mapping[str, Any] | None, occurred: Instant | None, reason: str) -> Draft:
        """An event happened with other data, at another time, or both."""
        target = self._counting(id)
        counted = self.corrections.counted(target)
        assert counted is not None
        changes: dict[str, Any] = {}
        if data is not None and freeze(data) != counted.data:
            changes["data"] = data
        if occurred is not None and as_instant(occurred) != counted.occurred:
            self._check_past(id, as_instant(occurred))
            changes["occurred"] = iso(as_instant(occurred))
        if not changes:
            problem = "counts exactly so already, so the correction would change nothing"
            raise BadTarget(id, problem, "Give data= or occurred= that differs.")
        return Draft(INCORRECT, self._about(target, CORRECTED, {**changes, "reason": reason}), target)

    def withdraw(self, id: str, reason: str) -> Draft:
        """A rejection or correction was wrong itself."""
        target = self._find(id)
        if target.name not in CORRECTIONS:
            raise BadTarget(id, "is neither a rejection nor a correction", f"Use reject({id!r}) if it never happened.")
        if self.corrections.is_void(id):
            raise BadTarget(id, "was withdrawn already", "What it said counts no more; say it again if it is true.")
        return Draft(WITHDRAWN, self._about(target, REJECTED, {"reason": reason}), target)

    def _counting(self, id: str) -> Recorded:
        """The event with this id, which happened and counts."""
        target = self._find(id)
        if target.name in CORRECTIONS:
            problem = f"is itself {'a rejection' if target.name == REJECTED else 'a correction'}"
            raise BadTarget(id, problem, f"Take it back: withdraw({id!r}).")
        for said in self.corrections.about(id):
            if said.name == REJECTED:
                problem = f"was rejected already, at position {said.position}"
                raise BadTarget(id, problem, f"If it did happen, take that back: withdraw({said.id!r}).")
        return target

    def _find(self, id: str) -> Recorded:
        target = self.log.find(id) if isinstance(id, str) else None
        if target is None:
            raise BadTarget(id, "is not in the log", "Give the id of an event that was recorded, as text.")
        return target

    def _check_past(self, id: str, occurred: datetime) -> None:
        if occurred > self.now:
            problem = f"can't have occurred at {iso(occurred)}, for it is only {iso(self.now)}"
            raise BadTarget(id, problem, "Give a time that has passed; what is planned for later is published now.")

    def _about(self, target: Recorded, name: str, data: dict[str, Any]) -> Event:
        root = self.corrections.root(target)
        return Event(
            name,
            {"event": target.id, **{key: value for key, value in data.items() if value != ""}},
            subject=root.subject,
            id=f"{name}/{target.id}/{self.log.head + 1}",
            occurred=self.now,
            correlation=root.correlation,
        )
