"""Branches: the same fold over a history that was made up from one place on."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Any, Protocol

from eda_workshop.errors import BadEdit
from eda_workshop.event import Event, Hypothetical, Recorded, as_event, made_up
from eda_workshop.log import EventLog
from eda_workshop.log.corrections import effective
from eda_workshop.replay.difference import Difference, diff
from eda_workshop.replay.fold import Cost, Fold, Values, view_of
from eda_workshop.replay.gateways import Gateways, Rehearsal, rehearse
from eda_workshop.replay.model import Model, check_apart, is_apart

Place = int | str
"""Where an event stands in a branch: its position in the log, or its id."""

Gap = tuple[int, int]
"""A place between events: a position, and how many of the events there come before."""


class Trunk(Protocol):
    """What a branch asks of the timeline that it left."""

    log: EventLog
    model: type[Model]
    cost: Cost
    corrected: bool

    def at(self, position: int | None = None) -> Any:
        """The state at a position."""

    def values_at(self, position: int) -> Values:
        """The values at a position, for the caller to go on with."""

    def values_of(self, subject: str, position: int) -> Values:
        """The value of one subject at a position, for the caller to go on with."""

    def state_of(self, values: Values) -> Any:
        """The state that values come to."""

    def branch(self, at: Place | None = None) -> Branch:
        """Another branch."""


@dataclass(frozen=True)
class Divergence:
    """How far a branch has gone from its timeline.

    since    the position up to which both have the same events
    dropped  how many of the log's events the branch does not have, replaced ones included
    made_up  how many events of the branch the log does not have, replacements included
    values   what differs between the states at the two ends, the timeline's on the left
    """

    since: int
    dropped: int
    made_up: int
    values: tuple[Difference, ...]


class Branch:
    """A history that shares its beginning with a timeline, and goes its own way from a place on.

    It begins with all events of the log, of which those after the branch point can be dropped, replaced and added to.
    The log and the timeline know nothing of it: it only reads, what it makes up is `Hypothetical`, and no log takes
    that. What is recorded later does not reach it. Made by `Timeline.branch`. Fowler calls it a Parallel Model.

    Edits return the branch itself. A place is an event's position in the log, or its id.

    parent  the branch that this one was made from, None if from the timeline
    cost    what all its states so far have taken

    >>> class Signups(Model):
    ...     initial = 0
    ...     @applies("user.signed_up")
    ...     def count(n, event): return n + 1
    >>> log = open_log("memory://")
    >>> _ = log.append(Event("user.signed_up", id="1"), Event("user.signed_up", id="2"))
    >>> what_if = Timeline(log, Signups).branch(1).drop(2).append(Event("user.signed_up"), Event("user.signed_up"))
    >>> what_if
    <Branch of Signups at 1, as recorded: 1 event dropped, 2 made up>
    >>> what_if.state, what_if.diff()
    (3, [<state: 2 → 3>])
    """

    def __init__(self, timeline: Trunk, edited: EditedLog, shared: Gap, parent: Branch | None = None) -> None:
        self.timeline = timeline
        self.parent = parent
        self.cost = Cost()
        self._edited = edited
        self._shared = shared
        self._fold = Fold(timeline.model)

    @property
    def at(self) -> int:
        """The branch point: the position up to which all is shared."""
        return self._shared[0]

    # --- edits ----------------------------------------------------------------------------------

    def insert(self, *events: Event, after: Place | None = None) -> Branch:
        """Make up events that come after a place; None means right after the branch point.

        Raises `BadEdit` for a place that is shared or not there, and for an id that the branch has already;
        `BadEvent` for anything but an event. After an error nothing was edited, as with all edits.
        """
        self._edited.insert(self._gap(after), events)
        return self

    def append(self, *events: Event) -> Branch:
        """Make up events that come last: a future."""
        self._edited.insert((self._edited.head, len(self._edited.events_at(self._edited.head))), events)
        return self

    def drop(self, place: Place) -> Branch:
        """Leave an event out, as if it had never happened. Raises `BadEdit`."""
        self._edited.drop(*self._own_place(place))
        return self

    def replace(self, place: Place, **changes: Any) -> Branch:
        """Let an event have happened otherwise, such as ``replace(4, data={"path": "/b"})``.

        changes  attributes of the event, as for `Event.replace`, but for its id. Its place stays, whatever its time

        Raises `BadEdit`, `BadEvent`.
        """
        position, index = self._own_place(place)
        old = self._edited.events_at(position)[index]
        new = old.replace(**changes)
        if new.id != old.id:
            raise BadEdit(place, "an event with another id is another event", "Drop this one, and insert the other.")
        self._edited.replace(position, index, new)
        return self

    def cut(self, after: Place | None = None) -> Branch:
        """Leave out everything after a place; None means after the branch point."""
        self._edited.cut(self._gap(after))
        return self

    def branch(self, at: Place | None = None) -> Branch:
        """A branch of this branch, which shares its events up to a place; None means all of them.

        What one of them edits later does not reach the other.
        """
        head = self._edited.head
        shared = (head, len(self._edited.events_at(head))) if at is None else self._edited.gap_after(at)
        return Branch(self.timeline, self._edited.copy(), shared, self)

    # --- what it comes to -----------------------------------------------------------------------

    @property
    def events(self) -> Iterator[Recorded]:
        """The events of the branch from the first to the last; those that were made up are `Hypothetical`."""
        return chain.from_iterable(self._edited.pages(0))

    @property
    def state(self) -> Any:
        """The state at the end of the branch.

        Of a keyed model whose rules touch the subject alone, only the subjects of edited events are replayed. A branch of
        a timeline as corrected replays all that counts here, in the order in which it occurred.
        """
        if self.timeline.corrected:
            return self.timeline.state_of(self._whole())
        values = self._overlaid() if is_apart(self.timeline.model) else None
        return self.timeline.state_of(self._whole() if values is None else values)

    def value_of(self, subject: str) -> Any:
        """One subject's value of a keyed model at the end of the branch, by its own events alone.

        Raises `BadModel` if the model is not keyed, or a rule of it touches other keys than the subject.
        """
        check_apart(self.timeline.model)
        return self._values_of(subject).get(subject, self.timeline.model.initial)

    def play(self) -> Iterator[tuple[Recorded, Any]]:
        """Each event of the branch, from the first on, and the state after it; as corrected, each that counts."""
        values = self._fold.start()
        for event in self._counting():
            self._forward(values, [event])
            yield event, self.timeline.state_of(values)

    def diff(self, other: Branch | None = None) -> list[Difference]:
        """What differs between another branch's state, on the left, and the state here; None means the timeline's."""
        if other is not None:
            return diff(other.state, self.state)
        timeline, end = self.timeline, self._edited.end
        if timeline.corrected or not is_apart(timeline.model) or self._edited.head < end:
            return diff(timeline.at(position=end), self.state)
        left: Values = {}
        right: Values = {}
        for subject in self._touched():
            left.update(timeline.values_of(subject, end))
            right.update(self._values_of(subject))
        return diff(left, right)

    @property
    def divergence(self) -> Divergence:
        """How far it has gone from the timeline."""
        edited = self._edited
        gone, made_up = edited.edits()
        return Divergence(edited.same_upto(), len(gone) + edited.end - edited.head, len(made_up), tuple(self.diff()))

    def rehearse(self, gateways: Gateways, handler: Callable[[Event], object]) -> Rehearsal:
        """What a handler would send if the branch were real; nothing goes out, and answers come from the recording."""
        return rehearse(gateways, self._counting(), handler)

    def __repr__(self) -> str:
        gone, made_up = self._edited.edits()
        count = len(gone) + self._edited.end - self._edited.head
        dropped = f"{count} event{'s' * (count != 1)} dropped"
        view = view_of(self.timeline.corrected)
        return f"<Branch of {self.timeline.model.__name__} at {self.at}, {view}: {dropped}, {len(made_up)} made up>"

    # --- how it gets there ----------------------------------------------------------------------

    def _gap(self, after: Place | None) -> Gap:
        gap = self._shared if after is None else self._edited.gap_after(after)
        if gap < self._shared:
            raise self._is_shared(after)
        return gap

    def _own_place(self, place: Place) -> tuple[int, int]:
        position, index = self._edited.find(place)
        if (position, index) < self._shared:
            raise self._is_shared(place)
        return position, index

    def _is_shared(self, place: Place | None) -> BadEdit:
        return BadEdit(place, f"all up to position {self.at} is shared", "Make the branch at an earlier place.")

    def _touched(self) -> set[str]:
        """The subjects of all edited events."""
        return self._fold.touched(chain(*self._edited.edits()))

    def _overlaid(self) -> Values | None:
        """The timeline's values with those of edited subjects over them; None if a subject is there no more."""
        with self._counted():
            values = self.timeline.values_at(self._edited.head)
        for subject in self._touched():
            own = self._values_of(subject)
            if not own and values.get(subject) is not None:
                return None
            values.update(own)
        return values

    def _counting(self) -> Iterable[Recorded]:
        """The events that are folded, in that order."""
        return effective(self.events) if self.timeline.corrected else self.events

    def _values_of(self, subject: str) -> Values:
        if self.timeline.corrected:
            values = self._fold.start()
            self._forward(values, [event for event in self._counting() if event.subject == subject])
            return values
        first = self._edited.first
        with self._counted():
            values = self.timeline.values_of(subject, max(min(first - 1, self._edited.head), 0))
        for page in self._edited.pages(first, subject):
            self._forward(values, page)
        return values

    def _whole(self) -> Values:
        if self.timeline.corrected:
            values = self._fold.start()
            self._forward(values, list(self._counting()))
            return values
        first = self._edited.first
        with self._counted():
            values = self.timeline.values_at(max(min(first - 1, self._edited.head), 0))
        for page in self._edited.pages(first):
            self._forward(values, page)
        return values

    def _forward(self, values: Values, page: list[Recorded]) -> None:
        self._fold.run(values, page)
        self.cost += Cost(applied=len(page))

    @contextmanager
    def _counted(self) -> Iterator[None]:
        """What the timeline does meanwhile is done for the branch."""
        before = self.timeline.cost
        yield
        self.cost += self.timeline.cost - before


class EditedLog:
    """A log's events, of which some were dropped, replaced or added to.

    A position holds the log's event, or after an edit none or several; position 0 is before the first.

    end     the log's head when the edits began; what is recorded later is not part of it
    head    the last position
    edited  the events at each position that was edited
    """

    def __init__(self, log: EventLog, end: int, head: int, edited: dict[int, tuple[Recorded, ...]]) -> None:
        self.log = log
        self.end = end
        self.head = head
        self.edited = edited

    def copy(self) -> EditedLog:
        """The same events, to be edited apart."""
        return EditedLog(self.log, self.end, self.head, dict(self.edited))

    @property
    def first(self) -> int:
        """The first position that was edited; one beyond the last if none was."""
        return min(self.edited, default=self.head + 1)

    def events_at(self, position: int) -> tuple[Recorded, ...]:
        """The events of a position."""
        return self.edited[position] if position in self.edited else self.logged_at(position)

    def logged_at(self, position: int) -> tuple[Recorded, ...]:
        """What the log has at a position: its event, nothing at 0."""
        return tuple(self.log.read(position - 1, position)) if position else ()

    def gap_after(self, place: Place) -> Gap:
        """The gap behind an event; position 0 is before the first. Raises `BadEdit`."""
        if (place := _plain(place)) == 0:
            return 0, 0
        position, index = self.find(place)
        return position, index + 1

    def find(self, place: Place) -> tuple[int, int]:
        """The position of an event, and its index there. Raises `BadEdit` if the branch does not have it."""
        position, id = self._address(_plain(place))
        for index, event in enumerate(self.events_at(position)):
            if event.id == id:
                return position, index
        raise BadEdit(place, "that event was dropped here", "Take another, or make a new branch.")

    def insert(self, gap: Gap, events: Iterable[Event]) -> None:
        """Put made-up events into a gap. Raises `BadEdit` for an id that is there already, `BadEvent`."""
        position, count = gap
        there = self.events_at(position)
        recorded = there[count - 1].recorded if count else None
        new = [made_up(self._new(event), position, recorded or event.occurred) for event in events]
        for before, event in enumerate(new):
            if any(event.id == other.id for other in new[:before]):
                raise BadEdit(event.id, "two of the new events have this id", "Give each an id of its own.")
        self.edited[position] = (*there[:count], *new, *there[count:])

    def drop(self, position: int, index: int) -> None:
        """Leave an event out."""
        events = self.events_at(position)
        self.edited[position] = events[:index] + events[index + 1 :]

    def replace(self, position: int, index: int, event: Event) -> None:
        """Put a made-up event where another stands."""
        events = self.events_at(position)
        self.edited[position] = (
            *events[:index],
            made_up(event, position, events[index].recorded),
            *events[index + 1 :],
        )

    def cut(self, gap: Gap) -> None:
        """Leave out everything after a gap."""
        position, count = gap
        kept = self.events_at(position)[:count]
        self.edited = {place: events for place, events in self.edited.items() if place < position} | {position: kept}
        self.head = position

    def pages(self, first: int, subject: str | None = None) -> Iterator[list[Recorded]]:
        """The events from a position on, in lists; those about one subject, or all."""
        changed = sorted(position for position in self.edited if position >= first)
        for before, position in pairwise([first - 1, *changed, self.head + 1]):
            if position > max(before, 0) + 1:
                yield from self.log.pages(max(before, 0), position - 1, subject=subject)
            if position <= self.head:
                yield [event for event in self.edited[position] if subject is None or event.subject == subject]

    def same_upto(self) -> int:
        """The position up to which the events are the log's, and no others."""
        for position in sorted(self.edited):
            events, logged = self.edited[position], self.logged_at(position)
            if events[: len(logged)] != logged:
                return position - 1
            if len(events) > len(logged):
                return position
        return self.head

    def edits(self) -> tuple[list[Recorded], list[Recorded]]:
        """The log's events that are not here, those cut off left aside, and the made-up ones that are."""
        rows = self.edited.items()
        gone = [event for position, here in rows for event in self.logged_at(position) if event not in here]
        return gone, [event for events in self.edited.values() for event in events if isinstance(event, Hypothetical)]

    def _address(self, place: Place) -> tuple[int, str]:
        """The position and the id that a place means."""
        if type(place) is int and 1 <= place <= self.head:
            return place, self.logged_at(place)[0].id
        if isinstance(place, str):
            for position, events in self.edited.items():
                if any(event.id == place for event in events):
                    return position, place
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


def _plain(place: Any) -> Any:
    """A whole number of numpy's as a plain one; anything else as it is."""
    is_number = hasattr(place, "__index__") and not isinstance(place, bool)
    return operator.index(place) if is_number else place
