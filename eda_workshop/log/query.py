"""What to read from a log."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from eda_workshop.clock import Instant, as_instant
from eda_workshop.errors import BadSetting, check_number
from eda_workshop.event import Event, Recorded
from eda_workshop.names import check_pattern, is_pattern, matches

Span = tuple[Instant | None, Instant | None]
"""Half open: from <= moment < until; None leaves an end open."""

Moments = tuple[datetime | None, datetime | None]


class Selection(NamedTuple):
    """The arguments of `EventLog.read`, checked and with instants parsed. `upto` is at most the head."""

    after: int
    upto: int
    names: tuple[str, ...] | None
    subject: str | None
    occurred: Moments
    recorded: Moments
    reverse: bool

    @property
    def exact(self) -> tuple[str, ...] | None:
        """The names, if there are some and none of them is a pattern."""
        return None if self.names is None or any(map(is_pattern, self.names)) else self.names


def select(
    head: int,
    after: int,
    upto: int | None,
    names: str | Iterable[str] | None,
    subject: str | None,
    occurred: Span,
    recorded: Span,
    reverse: bool,
) -> Selection:
    """The selection that these arguments mean. Raises `BadSetting`, `BadPattern` or `BadTime`."""
    after = check_number("after", after, 0)
    last = head if upto is None else min(check_number("upto", upto, 0), head)
    spans = _span("occurred", occurred), _span("recorded", recorded)
    return Selection(after, last, _names(names), subject, *spans, reverse)


def is_wanted(event: Recorded, selection: Selection) -> bool:
    """Whether the event meets all conditions but the positions."""
    if selection.subject is not None and event.subject != selection.subject:
        return False
    if not _within(event.occurred, selection.occurred) or not _within(event.recorded, selection.recorded):
        return False
    return is_named(event, selection.names)


def is_named(event: Event, names: tuple[str, ...] | None) -> bool:
    """Whether the event has one of the names, or a name that one of the patterns stands for."""
    return names is None or any(matches(name, event.name) for name in names)


def _within(moment: datetime, span: Moments) -> bool:
    first, until = span
    return (first is None or first <= moment) and (until is None or moment < until)


def _names(names: str | Iterable[str] | None) -> tuple[str, ...] | None:
    if names is None:
        return None
    return tuple(check_pattern(name) for name in ([names] if isinstance(names, str) else names))


def _span(name: str, span: Span) -> Moments:
    if not isinstance(span, (tuple, list)) or len(span) != 2:
        raise BadSetting(name, span, "a pair (from, until), None for an open end")
    first, until = (None if moment is None else as_instant(moment) for moment in span)
    return first, until
