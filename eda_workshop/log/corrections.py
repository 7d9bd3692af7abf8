"""A log as it counts: in the order in which things occurred, with rejections and corrections applied."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Protocol

from eda_workshop.clock import as_instant
from eda_workshop.errors import AmbiguousId, BadCorrection, BadTime
from eda_workshop.event import Event, Hypothetical, Recorded, made_up, record_as
from eda_workshop.log.identity import Identity, the_one
from eda_workshop.log.own import ACCEPTED, CORRECTIONS, REJECTED

Place = tuple[datetime, int]


class Find(Protocol):
    """Finds the event with an id, up to a position, as `EventLog.find` does."""

    def __call__(self, id: str, source: str | None = None, *, upto: int | None = None) -> Any: ...


@dataclass(frozen=True)
class Broken:
    """A rejection or correction that can't be applied: every reader skips it. It came in by another way than `append`.

    event    the rejection or correction, as recorded
    problem  what is wrong with it, in words

    It stops being reported once it was withdrawn: `History.withdraw`, or an ``event.rejected`` about it.
    """

    event: Recorded
    problem: str

    def __str__(self) -> str:
        event = self.event
        return f"The {event.name} at position {event.position} {self.problem}. Take it back: withdraw({event.id!r})."


class Corrections:
    """What rejections and corrections say of the events before them; they are added in the order recorded."""

    def __init__(self) -> None:
        self._targets: dict[Identity, Recorded] = {}
        self._by_target: dict[Identity, list[Recorded]] = {}
        self._broken: dict[Identity, Broken] = {}
        self._void: set[Identity] = set()

    def add(self, event: Recorded, target: Recorded | None) -> None:
        """Take in a rejection or correction of an earlier event. One that can't be applied is kept apart, see `broken`."""
        if problem := problem_of(event, target):
            self._broken[event.identity] = Broken(event, problem)
        elif target is not None:
            self._targets[event.identity] = target
            self._by_target.setdefault(target.identity, []).append(event)
            self._settle(target)

    @contextmanager
    def supposing(self, event: Recorded, target: Recorded) -> Iterator[None]:
        """As if a rejection or correction had been added; within, it is."""
        self.add(event, target)
        try:
            yield
        finally:
            if self._targets.pop(event.identity, None) is not None:
                self._by_target[target.identity].pop()
                self._settle(target)
            self._broken.pop(event.identity, None)

    def upto(self, position: int) -> Corrections:
        """Those that were recorded up to a position."""
        older = Corrections()
        for rows in self._by_target.values():
            for event in rows:
                if event.position <= position:
                    older.add(event, self._targets[event.identity])
        older._broken = {key: broken for key, broken in self._broken.items() if broken.event.position <= position}
        return older

    @property
    def broken(self) -> tuple[Broken, ...]:
        """Those that can't be applied and were not withdrawn, in the order recorded."""
        return tuple(broken for broken in self._broken.values() if not self.is_void(broken.event))

    def about(self, event: Event) -> list[Recorded]:
        """The rejections and corrections of an event that stand, oldest first."""
        return [said for said in self._by_target.get(event.identity, ()) if not self.is_void(said)]

    def is_void(self, event: Event) -> bool:
        """Whether an event, or a correction, was rejected by something that was not rejected itself."""
        return event.identity in self._void

    def is_broken(self, event: Event) -> bool:
        """Whether it is a rejection or correction that can't be applied."""
        return event.identity in self._broken

    def root(self, event: Recorded) -> Recorded:
        """What happened, of an event or of what was said about it in one or more steps."""
        while event.name in CORRECTIONS and event.identity in self._targets:
            event = self._targets[event.identity]
        return event

    def counted(self, event: Recorded) -> Recorded | None:
        """The event as it counts, with all its corrections, oldest first; None if it does not count."""
        if event.name in CORRECTIONS or event.name == ACCEPTED:
            return None
        if event.identity not in self._by_target:
            return event
        changes = self.about(event)
        if any(change.name == REJECTED for change in changes):
            return None
        for change in changes:
            event = _corrected(event, change)
        return event

    def _settle(self, target: Recorded | None) -> None:
        """Find out again whether an event is void, and with it what it said of others."""
        while target is not None:
            key = target.identity
            is_void = any(said.name == REJECTED for said in self.about(target))
            if is_void is self.is_void(target):
                return
            (self._void.add if is_void else self._void.discard)(key)
            target = self._targets.get(key)


def effective(events: Iterable[Recorded], said: Corrections | None = None) -> list[Recorded]:
    """The events that count, of some that were recorded, in the order of occurrence; see `EventLog.effective`.

    said  what was rejected and corrected; None: what these events themselves say
    """
    recorded = list(events)
    corrections = corrections_of(recorded) if said is None else said
    return sorted(filter(None, map(corrections.counted, recorded)), key=place_of)


def corrections_of(recorded: Iterable[Recorded], find: Find | None = None) -> Corrections:
    """What the rejections and corrections among some events say.

    find  finds what they refer to; None: it is among the events themselves
    """
    corrections, by_id = Corrections(), dict[str, list[Event]]()
    for event in recorded:
        if event.name in CORRECTIONS:
            target = target_of(event, partial(_among, by_id)) if find is None else earlier_target(event, find)
            corrections.add(event, target)
        by_id.setdefault(event.id, []).append(event)
    return corrections


def target_of(event: Event, find: Find, upto: int | None = None) -> Any:
    """What a rejection or correction refers to: the event with the id in its data, of the source there.

    Without a source it means the one event up to a position that has the id; ids that came later change nothing about
    that. None if it names no event, or doesn't say which of several.
    """
    id, source = event.data.get("event"), event.data.get("source")
    if not isinstance(id, str) or not isinstance(source, str | None):
        return None
    try:
        return find(id, source, upto=upto)
    except AmbiguousId:
        return None


def earlier_target(event: Recorded, find: Find) -> Recorded | None:
    """What a recorded rejection or correction refers to, if that was recorded before it."""
    target: Recorded | None = target_of(event, find, upto=event.position - 1)
    return target


def check_corrections(events: Iterable[Event], find: Find) -> None:
    """Raise `BadCorrection` for the first rejection or correction, of events to be appended, that can't be applied.

    find  finds an event that was recorded before
    """
    batch: dict[str, list[Event]] = {}
    for event in events:
        if event.name in CORRECTIONS and find(event.id, event.source) is None:
            target = target_of(event, partial(_in_either, batch, find))
            if problem := problem_of(event, target):
                raise BadCorrection(event.name, event.id, problem)
        batch.setdefault(event.id, []).append(event)


def _in_either(
    batch: Mapping[str, list[Event]], find: Find, id: str, source: str | None = None, *, upto: int | None = None
) -> Any:
    """Find an event that was recorded, or comes earlier in the batch."""
    new, old = _among(batch, id, source), find(id, source, upto=upto)
    if new is not None and old is not None and new.identity != old.identity:
        raise AmbiguousId(id, (old.source, new.source))
    return new or old


def _among(by_id: Mapping[str, list[Any]], id: str, source: str | None = None, *, upto: int | None = None) -> Any:
    """Find an event among those that came so far, whatever their positions."""
    del upto
    return the_one(by_id.get(id, ()), id, source)


def problem_of(event: Event, target: Event | None) -> str:
    """Why a rejection or correction of a target, None if there is none, can't be applied; "" if it can."""
    data = event.data
    if target is None:
        return f"refers to {data.get('event')!r:.60}, which is not the id of one earlier event"
    if event.name == REJECTED:
        return ""
    if target.name in CORRECTIONS:
        return f"corrects {target.id!r:.60}, itself a correction or rejection, which can only be rejected"
    if not {"data", "occurred"} & data.keys():
        return "says neither what the right `data` is nor when it really `occurred`"
    if not isinstance(data.get("data", {}), Mapping):
        return f"gives {data['data']!r:.60} as the right data, which is not an object"
    return _problem_of_time(data["occurred"]) if "occurred" in data else ""


def _problem_of_time(given: object) -> str:
    try:
        as_instant(given)  # type: ignore[arg-type]
    except BadTime:
        return f"gives {given!r:.60} as the time when it occurred, which is not one"
    return ""


def place_of(event: Recorded) -> Place:
    """Where an event stands in the order of occurrence; at one moment, the order recorded decides."""
    return event.occurred, event.position


def _corrected(event: Recorded, change: Recorded) -> Recorded:
    """The event with other data, another time, or both; its place in the log stays."""
    data = change.data.get("data", event.data)
    occurred = as_instant(change.data["occurred"]) if "occurred" in change.data else event.occurred
    plain = event.replace(data=data, occurred=occurred)
    if isinstance(event, Hypothetical):
        return made_up(plain, event.position, event.recorded)
    return record_as(plain, event.position, event.recorded, event.hash)
