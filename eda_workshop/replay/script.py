"""The events of a branch: a log's events, of which some were dropped, replaced or added to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from eda_workshop.errors import BadEdit
from eda_workshop.event import Event, Hypothetical, Recorded, as_event, made_up
from eda_workshop.log import EventLog

Place = int | str
"""Where an event stands in a branch: its position in the log, or its id."""

Gap = tuple[int, int]
"""A place between events: the slot, and how many events of the slot come before."""


class Script:
    """The log's events by slot: slot 0 is before the first, slot p holds what stands at position p of the log.

    Only slots that were edited are kept; all others hold the log's event.

    end   the log's head when the script was begun; what is recorded later is not part of it
    head  the last slot
    """

    def __init__(self, log: EventLog, end: int, head: int, slots: dict[int, tuple[Recorded, ...]]) -> None:
        self.log = log
        self.end = end
        self.head = head
        self.slots = slots

    def copy(self) -> Script:
        """The same events, to be edited apart."""
        return Script(self.log, self.end, self.head, dict(self.slots))

    @property
    def first(self) -> int:
        """The first slot that was edited; one beyond the last if none was."""
        return min(self.slots, default=self.head + 1)

    def row(self, slot: int) -> tuple[Recorded, ...]:
        """The events of a slot."""
        return self.slots[slot] if slot in self.slots else self.logged(slot)

    def logged(self, slot: int) -> tuple[Recorded, ...]:
        """What the log has at a slot: its event, nothing at 0."""
        return tuple(self.log.read(slot - 1, slot)) if slot else ()

    def gap_after(self, place: Place) -> Gap:
        """The gap behind an event; position 0 is before the first. Raises `BadEdit`."""
        if type(place) is int and place == 0:
            return 0, 0
        slot, index = self.find(place)
        return slot, index + 1

    def find(self, place: Place) -> tuple[int, int]:
        """The slot of an event, and its index there. Raises `BadEdit` if the branch does not have it."""
        slot, id = self._address(place)
        for index, event in enumerate(self.row(slot)):
            if event.id == id:
                return slot, index
        raise BadEdit(place, "that event was dropped here", "Take another, or make a new branch.")

    def insert(self, gap: Gap, events: Iterable[Event]) -> None:
        """Put made-up events into a gap. Raises `BadEdit` for an id that is there already, `BadEvent`."""
        slot, count = gap
        row = self.row(slot)
        recorded = row[count - 1].recorded if count else None
        new = [made_up(self._new(event), slot, recorded or event.occurred) for event in events]
        for before, event in enumerate(new):
            if any(event.id == other.id for other in new[:before]):
                raise BadEdit(event.id, "two of the new events have this id", "Give each an id of its own.")
        self.slots[slot] = (*row[:count], *new, *row[count:])

    def drop(self, slot: int, index: int) -> None:
        """Leave an event out."""
        row = self.row(slot)
        self.slots[slot] = row[:index] + row[index + 1 :]

    def replace(self, slot: int, index: int, event: Event) -> None:
        """Put a made-up event where another stands."""
        row = self.row(slot)
        self.slots[slot] = (*row[:index], made_up(event, slot, row[index].recorded), *row[index + 1 :])

    def cut(self, gap: Gap) -> None:
        """Leave out everything after a gap."""
        slot, count = gap
        self.slots = {place: row for place, row in self.slots.items() if place < slot} | {slot: self.row(slot)[:count]}
        self.head = slot

    def pages(self, first: int, subject: str | None = None) -> Iterator[list[Recorded]]:
        """The events from a slot on, in lists; those about one subject, or all."""
        edited = sorted(slot for slot in self.slots if slot >= first)
        for before, slot in pairwise([first - 1, *edited, self.head + 1]):
            if slot > max(before, 0) + 1:
                yield from self.log.pages(max(before, 0), slot - 1, subject=subject)
            if slot <= self.head:
                yield [event for event in self.slots[slot] if subject is None or event.subject == subject]

    def same_upto(self) -> int:
        """The position up to which the events are the log's, and no others."""
        for slot in sorted(self.slots):
            row, logged = self.slots[slot], self.logged(slot)
            if row[: len(logged)] != logged:
                return slot - 1
            if len(row) > len(logged):
                return slot
        return self.head

    def edits(self) -> tuple[list[Recorded], list[Recorded]]:
        """The log's events that are not here, those cut off left aside, and the made-up ones that are."""
        gone = [event for slot in self.slots for event in self.logged(slot) if event not in self.slots[slot]]
        return gone, [event for row in self.slots.values() for event in row if isinstance(event, Hypothetical)]

    def _address(self, place: Place) -> tuple[int, str]:
        """The slot and the id that a place means."""
        if type(place) is int and 1 <= place <= self.head:
            return place, self.logged(place)[0].id
        if isinstance(place, str):
            for slot, row in self.slots.items():
                if any(event.id == place for event in row):
                    return slot, place
            logged = self.log.find(place)
            if logged is not None and logged.position <= self.head:
                return logged.position, place
        raise BadEdit(place, "it has no such event", f"Give a position from 1 to {self.head}, or an event's id.")

    def _new(self, given: Event) -> Event:
        """The plain event, of one that may be added."""
        event = given.event if isinstance(given, Recorded) else as_event(given)
        try:
            self.find(event.id)
        except BadEdit:
            return event
        raise BadEdit(event.id, "it has an event with this id already", "Give the new one an id of its own.")
