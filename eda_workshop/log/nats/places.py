"""Where a stream has an event, by its identity."""

from __future__ import annotations

from eda_workshop.log.identity import Identity


class Places:
    """The positions of events by identity, and by id alone. An id nearly always has one source, which takes least room."""

    def __init__(self) -> None:
        self._first: dict[str, tuple[str, int]] = {}
        self._further: dict[str, dict[str, int]] = {}

    def add(self, identity: Identity, position: int) -> None:
        """Learn where an event is, in place of what was known of it."""
        source, id = identity
        if self._first.setdefault(id, (source, position))[0] == source:
            self._first[id] = source, position
        else:
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
