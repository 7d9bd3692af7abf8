"""Branches: the same fold over a history that was made up from one place on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

from eda_workshop.errors import BadEdit
from eda_workshop.event import Event, Recorded
from eda_workshop.replay.difference import Difference, diff
from eda_workshop.replay.folding import Cost, Fold, Values
from eda_workshop.replay.gateways import Gateways
from eda_workshop.replay.model import check_apart, is_apart
from eda_workshop.replay.rehearsal import Rehearsal, rehearse
from eda_workshop.replay.script import Gap, Place, Script

if TYPE_CHECKING:
    from eda_workshop.replay.timeline import Timeline


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
    <Branch of Signups at 1: 1 event dropped, 2 made up>
    >>> what_if.state, what_if.diff()
    (3, [<state: 2 → 3>])
    """

    def __init__(self, timeline: Timeline, script: Script, shared: Gap, parent: Branch | None = None) -> None:
        self.timeline = timeline
        self.parent = parent
        self.cost = Cost()
        self._script = script
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
        `BadEvent` for what is no event. After an error nothing was edited, as with all edits.
        """
        self._script.insert(self._gap(after), events)
        return self

    def append(self, *events: Event) -> Branch:
        """Make up events that come last: a future."""
        self._script.insert((self._script.head, len(self._script.row(self._script.head))), events)
        return self

    def drop(self, place: Place) -> Branch:
        """Leave an event out, as if it had never happened. Raises `BadEdit`."""
        self._script.drop(*self._own_place(place))
        return self

    def replace(self, place: Place, **changes: Any) -> Branch:
        """Let an event have happened otherwise, such as ``replace(4, data={"path": "/b"})``.

        changes  attributes of the event, as for `Event.replace`, but for its id. Its place stays, whatever its time

        Raises `BadEdit`, `BadEvent`.
        """
        slot, index = self._own_place(place)
        old = self._script.row(slot)[index]
        new = old.replace(**changes)
        if new.id != old.id:
            raise BadEdit(place, "an event with another id is another event", "Drop this one, and insert the other.")
        self._script.replace(slot, index, new)
        return self

    def cut(self, after: Place | None = None) -> Branch:
        """Leave out everything after a place; None means after the branch point."""
        self._script.cut(self._gap(after))
        return self

    def branch(self, at: Place | None = None) -> Branch:
        """A branch of this branch, which shares its events up to a place; None means all of them.

        What one of them edits later does not reach the other.
        """
        head = self._script.head
        shared = (head, len(self._script.row(head))) if at is None else self._script.gap_after(at)
        return Branch(self.timeline, self._script.copy(), shared, self)

    # --- what it comes to -----------------------------------------------------------------------

    @property
    def events(self) -> Iterator[Recorded]:
        """The events of the branch from the first to the last; those that were made up are `Hypothetical`."""
        return chain.from_iterable(self._script.pages(0))

    @property
    def state(self) -> Any:
        """The state at the end of the branch.

        Of a keyed model whose rules touch the subject alone, only the subjects of edited events are replayed.
        """
        values = self._overlaid() if is_apart(self.timeline.model) else None
        return self.timeline.state_of(self._whole() if values is None else values)

    def value_of(self, subject: str) -> Any:
        """One subject's value of a keyed model at the end of the branch, by its own events alone.

        Raises `BadModel` if the model is not keyed, or a rule of it touches other keys than the subject.
        """
        check_apart(self.timeline.model)
        return self._values_of(subject).get(subject, self.timeline.model.initial)

    def play(self) -> Iterator[tuple[Recorded, Any]]:
        """Each event of the branch, from the first on, and the state after it."""
        values = self._fold.start()
        for event in self.events:
            self._forward(values, [event])
            yield event, self.timeline.state_of(values)

    def diff(self, other: Branch | None = None) -> list[Difference]:
        """What differs between another branch's state, on the left, and the state here; None means the timeline's."""
        if other is not None:
            return diff(other.state, self.state)
        timeline, end = self.timeline, self._script.end
        if not is_apart(timeline.model) or self._script.head < end:
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
        script = self._script
        gone, made_up = script.edits()
        return Divergence(script.same_upto(), len(gone) + script.end - script.head, len(made_up), tuple(self.diff()))

    def rehearse(self, gateways: Gateways, handler: Callable[[Event], object]) -> Rehearsal:
        """What a handler would send if the branch were real; nothing goes out, and answers come from the recording."""
        return rehearse(gateways, self.events, handler)

    def __repr__(self) -> str:
        gone, made_up = self._script.edits()
        count = len(gone) + self._script.end - self._script.head
        dropped = f"{count} event{'s' * (count != 1)} dropped"
        return f"<Branch of {self.timeline.model.__name__} at {self.at}: {dropped}, {len(made_up)} made up>"

    # --- how it gets there ----------------------------------------------------------------------

    def _gap(self, after: Place | None) -> Gap:
        gap = self._shared if after is None else self._script.gap_after(after)
        if gap < self._shared:
            raise self._is_shared(after)
        return gap

    def _own_place(self, place: Place) -> tuple[int, int]:
        slot, index = self._script.find(place)
        if (slot, index) < self._shared:
            raise self._is_shared(place)
        return slot, index

    def _is_shared(self, place: Place | None) -> BadEdit:
        return BadEdit(place, f"all up to position {self.at} is shared", "Make the branch at an earlier place.")

    def _touched(self) -> set[str]:
        """The subjects of all edited events."""
        return self._fold.touched(chain(*self._script.edits()))

    def _overlaid(self) -> Values | None:
        """The timeline's values with those of edited subjects over them; None if a subject is there no more."""
        with self._counted():
            values = self.timeline.values_at(self._script.head)
        for subject in self._touched():
            own = self._values_of(subject)
            if not own and values.get(subject) is not None:
                return None
            values.update(own)
        return values

    def _values_of(self, subject: str) -> Values:
        first = self._script.first
        with self._counted():
            values = self.timeline.values_of(subject, max(min(first - 1, self._script.head), 0))
        for page in self._script.pages(first, subject):
            self._forward(values, page)
        return values

    def _whole(self) -> Values:
        first = self._script.first
        with self._counted():
            values = self.timeline.values_at(max(min(first - 1, self._script.head), 0))
        for page in self._script.pages(first):
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
