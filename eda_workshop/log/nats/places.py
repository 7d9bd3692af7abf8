"""Where a stream has an event: by its identity, and by what queries ask for."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from eda_workshop.event import Recorded
from eda_workshop.log.identity import Identity
from eda_workshop.log.query import Item, Query
from eda_workshop.names import matches

_NOWHERE: Sequence[int] = ()


class Place(NamedTuple):
    """Where an event is, and what it is found by; the subject is among the tags."""

    identity: Identity
    position: int
    name: str
    tags: tuple[str, ...]


def place_of(event: Recorded) -> Place:
    """Where this event is."""
    return Place(event.identity, event.position, event.name, (event.subject, *event.tags))


class Places:
    """The positions of events by identity, by id alone, by name and by tag, an event's subject among its tags.

    An id nearly always has one source, which takes least room; a name or a tag takes eight bytes for each event.
    """

    def __init__(self) -> None:
        self._first: dict[str, tuple[str, int]] = {}
        self._further: dict[str, dict[str, int]] = {}
        self._by_name: dict[str, array[int]] = {}
        self._by_tag: dict[str, array[int]] = {}

    def add(self, place: Place) -> None:
        """Learn where an event is, in the order of positions; again, if an interruption may have left it half known."""
        (source, id), position, name, tags = place
        _note(self._by_name, name, position)
        for tag in tags:
            _note(self._by_tag, tag, position)
        if self._first.setdefault(id, (source, position))[0] != source:
            self._further.setdefault(id, {})[source] = position

    def find(self, identity: Identity) -> int | None:
        """The position of the event, None if it isn't known."""
        source, id = identity
        found = self._first.get(id)
        if found is None or found[0] == source:
            return found and found[1]
        return self._further.get(id, {}).get(source)

    def with_id(self, id: str) -> dict[Identity, int]:
        """The positions of all events with this id, from any source."""
        found = self._first.get(id)
        sources = {} if found is None else dict([found]) | self._further.get(id, {})
        return {(source, id): position for source, position in sources.items()}

    def meant(self, query: Query, after: int, upto: int) -> list[int]:
        """Where the events are that a query means, at after < position <= upto, in order."""
        return sorted({place for item in query.items for place in self._of(item, after, upto)})

    def _of(self, item: Item, after: int, upto: int) -> Iterator[int]:
        named = [places for name, places in self._by_name.items() if _has_name(item, name)]
        if not item.tags:
            return (place for places in named for place in _between(places, after, upto))
        rarest, *others = sorted((self._by_tag.get(tag, _NOWHERE) for tag in item.tags), key=len)
        return (
            place
            for place in _between(rarest, after, upto)
            if (not item.names or any(_holds(places, place) for places in named))
            and all(_holds(places, place) for places in others)
        )


def _note(index: dict[str, array[int]], key: str, position: int) -> None:
    places = index.setdefault(key, array("Q"))
    if not places or places[-1] < position:
        places.append(position)


def _has_name(item: Item, name: str) -> bool:
    return not item.names or any(matches(wanted, name) for wanted in item.names)


def _between(places: Sequence[int], after: int, upto: int) -> Sequence[int]:
    return places[bisect_right(places, after) : bisect_right(places, upto)]


def _holds(places: Sequence[int], place: int) -> bool:
    index = bisect_left(places, place)
    return index < len(places) and places[index] == place
