"""A log that others append to as well, at the moment when it matters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from eda_workshop.clock import ManualClock
from eda_workshop.errors import Conflict
from eda_workshop.event import Event, Recorded
from eda_workshop.exercises.exercise import Wrong
from eda_workshop.ids import CounterIds
from eda_workshop.log import Query
from eda_workshop.log.memory import MemoryLog
from eda_workshop.log.records import Written

PATIENCE = 10
"""Conflicts that a function may meet before it counts as a loop without end."""


class Stuck(BaseException):
    """One conflict after the other: no `except Exception` stops it."""


class Condition(NamedTuple):
    """The condition of an append; three times None if it had none."""

    expected: int | None
    after: int | None
    unless: Query | None


class BusyLog(MemoryLog):
    """A log in memory with deterministic schedules of what others do.

    before_appends  what others do right before an append, one for each
    after_reads     what others do right after a read, one for each
    conditions      the conditions of the appends so far, the others' ones left out
    conflicts       how many of them were refused
    """

    def __init__(self) -> None:
        super().__init__(ManualClock("2026-03-02T09:00:00Z"))
        self.new_id = CounterIds()
        self.before_appends: list[Callable[[], object]] = []
        self.after_reads: list[Callable[[], object]] = []
        self.conditions: list[Condition] = []
        self.conflicts = 0

    def others(self, name: str, data: dict[str, Any], *, subject: str = "", tags: tuple[str, ...] = ()) -> None:
        """Others append an event; nothing comes in between."""
        event = Event(name, data, subject=subject, tags=tags, id=self.new_id(), occurred=self.clock.now())
        super().write([event])

    def write(
        self,
        events: Sequence[Event],
        expected: int | None = None,
        after: int | None = None,
        unless: Query | None = None,
    ) -> list[Written]:
        self.conditions.append(Condition(expected, after, unless))
        if self.before_appends:
            self.before_appends.pop(0)()
        try:
            return super().write(events, expected, after, unless)
        except Conflict:
            self.conflicts += 1
            if self.conflicts > PATIENCE:
                raise Stuck from None
            raise

    def read(self, *args: Any, **wanted: Any) -> Iterator[Recorded]:
        found = super().read(*args, **wanted)
        self._disturb()
        return found

    def pages(self, *args: Any, **wanted: Any) -> Iterator[list[Recorded]]:
        found = super().pages(*args, **wanted)
        self._disturb()
        return found

    def all_of(self, names: str = "*.*") -> list[Recorded]:
        """The events with these names, read without anybody coming in between."""
        return list(MemoryLog.read(self, names=names))

    @property
    def is_quiet(self) -> bool:
        """Whether nobody else is about to do anything."""
        return not self.before_appends and not self.after_reads

    @property
    def had_condition(self) -> bool:
        """Whether every append so far had a condition."""
        return all(any(part is not None for part in condition) for condition in self.conditions)

    def _disturb(self) -> None:
        if self.after_reads:
            self.after_reads.pop(0)()


def call(function: Callable[..., Any], log: BusyLog, *arguments: Any) -> Any:
    """What a function returns. Raises `Wrong` if conflicts get out of it, or never stop."""
    when = "while others append right before you do"
    try:
        return function(log, *arguments)
    except Conflict:
        said = "Your function lets the Conflict through. It isn't a failure: look again, and decide again."
        raise Wrong(said, when) from None
    except Stuck:
        said = "After a Conflict your loop appends again on what is old by now: look again, and decide again."
        raise Wrong(said, when, got=f"{log.conflicts} conflicts") from None
