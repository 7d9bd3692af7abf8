"""Which events to read from a log, and on which of them a decision depends."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from eda_workshop.clock import Instant, as_instant
from eda_workshop.errors import BadEvent, BadSetting, FrozenData, check_number
from eda_workshop.event import Event, Recorded, check_tags
from eda_workshop.names import check_pattern, matches

Span = tuple[Instant | None, Instant | None]
"""Half open: from <= moment < until; None leaves an end open."""

Moments = tuple[datetime | None, datetime | None]


MOST_ITEMS = 100
"""Alternatives of one query; SQLite takes no more than 500 in a statement."""
_POSITION = attrgetter("position")


class Item(NamedTuple):
    """One alternative of a query: any of the names, or any name at all if there are none, and all of the tags."""

    names: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    def matches(self, event: Event) -> bool:
        """Whether the event has one of the names and all of the tags."""
        return (not self.names or is_named(event, self.names)) and all(
            tag == event.subject or tag in event.tags for tag in self.tags
        )


class Query:
    """A choice of events: those with any of the names and all of the tags. An event's subject counts as one of its tags.

    names  a name or several, patterns too; left out: any name
    tags   a tag or several; left out: whatever the tags
    items  the alternatives; ``|`` joins those of two queries, at most 100

    ``Query()`` matches every event. The terms are those of dcb.events. Raises `BadSetting` or `BadPattern`. An empty list
    is refused, because it could mean none or all.

    >>> taken = Query("seat.*", tags="seat/12")
    >>> taken.matches(Event("seat.reserved", subject="seat/12")), taken.matches(Event("seat.reserved", subject="seat/7"))
    (True, False)
    >>> taken | Query("wallet.charged", tags=("wallet/ada", "shop/1"))
    Query('seat.*', tags='seat/12') | Query('wallet.charged', tags=('shop/1', 'wallet/ada'))
    """

    __slots__ = ("items",)
    items: tuple[Item, ...]

    def __init__(self, names: str | Iterable[str] | None = None, *, tags: str | Iterable[str] | None = None) -> None:
        object.__setattr__(self, "items", (Item(_some("names", _names(names)), _some("tags", _tags(tags))),))

    def matches(self, event: Event) -> bool:
        """Whether the query means this event."""
        return any(item.matches(event) for item in self.items)

    @property
    def is_all(self) -> bool:
        """Whether it means every event."""
        return Item() in self.items

    def __or__(self, other: object) -> Query:
        if not isinstance(other, Query):
            return NotImplemented
        joined = tuple(dict.fromkeys(self.items + other.items))
        if len(joined) > MOST_ITEMS:
            rule = f"a query with at most {MOST_ITEMS} alternatives; a common tag says the same more shortly"
            raise BadSetting("query", f"{len(joined)} alternatives", rule)
        return _query_of(joined)

    def __setattr__(self, name: str, value: object) -> None:
        raise FrozenData

    def __eq__(self, other: object) -> bool:
        return frozenset(self.items) == frozenset(other.items) if isinstance(other, Query) else NotImplemented

    def __hash__(self) -> int:
        return hash(frozenset(self.items))

    def __reduce__(self) -> tuple[object, ...]:
        return _query_of, (self.items,)

    def __repr__(self) -> str:
        return " | ".join(map(_shown, self.items))


def check_query(name: str, given: object) -> Query:
    """The query, given as the argument of this name. Raises `BadSetting` for anything else."""
    if isinstance(given, Query):
        return given
    raise BadSetting(name, given, "a query: Query('seat.*', tags='seat/12'), or Query() for every event")


def _query_of(items: tuple[Item, ...]) -> Query:
    query = Query()
    object.__setattr__(query, "items", items)
    return query


def _some(what: str, given: tuple[str, ...] | None) -> tuple[str, ...]:
    if given == ():
        raise BadSetting(what, (), f"at least one, or leave {what}= out for any")
    return given or ()


def _tags(tags: str | Iterable[str] | None) -> tuple[str, ...] | None:
    if tags is None:
        return None
    try:
        return check_tags((tags,) if isinstance(tags, str) else tags)
    except BadEvent as error:
        raise BadSetting("tags", tags, "texts such as 'seat/12'") from error


def _shown(item: Item) -> str:
    names, tags = (", ".join(map(repr, each)) if len(each) == 1 else repr(each) for each in item)
    return f"Query({', '.join(([names] if item.names else []) + ([f'tags={tags}'] if item.tags else []))})"


def merged(parts: Iterable[Iterable[Recorded]], *, reverse: bool = False) -> Iterator[Recorded]:
    """The events of several ordered parts in one order, each once."""
    first, *others = parts
    if not others:
        yield from first
        return
    for _, same in groupby(heapq.merge(first, *others, key=_POSITION, reverse=reverse), key=_POSITION):
        yield next(same)


class Selection(NamedTuple):
    """The arguments of `EventLog.read`, checked and with instants parsed. `upto` is at most the head."""

    after: int
    upto: int
    names: tuple[str, ...] | None
    subject: str | None
    occurred: Moments
    recorded: Moments
    reverse: bool = False
    where: Query | None = None


def select(
    head: int,
    after: int,
    upto: int | None,
    names: str | Iterable[str] | None,
    subject: str | None,
    occurred: Span,
    recorded: Span,
    reverse: bool,
    where: Query | None = None,
) -> Selection:
    """The selection that these arguments mean. Raises `BadSetting`, `BadPattern` or `BadTime`."""
    after = check_number("after", after, 0)
    last = head if upto is None else min(check_number("upto", upto, 0), head)
    spans = _span("occurred", occurred), _span("recorded", recorded)
    where = None if where is None or check_query("where", where).is_all else where
    return Selection(after, last, _names(names), subject, *spans, reverse, where)


def all_of(query: Query, after: int, upto: int) -> Selection:
    """The selection of what a query means at the positions after < position <= upto."""
    return Selection(after, upto, None, None, (None, None), (None, None), where=None if query.is_all else query)


def is_wanted(event: Recorded, selection: Selection) -> bool:
    """Whether the event meets all conditions but the positions."""
    if selection.subject is not None and event.subject != selection.subject:
        return False
    if not _within(event.occurred, selection.occurred) or not _within(event.recorded, selection.recorded):
        return False
    return is_meant(event, selection)


def is_meant(event: Event, selection: Selection) -> bool:
    """Whether the event has one of the names, and the query means it."""
    return is_named(event, selection.names) and (selection.where is None or selection.where.matches(event))


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
