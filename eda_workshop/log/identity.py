"""Which event is meant: source and id together tell it from all others."""

from __future__ import annotations

from collections.abc import Iterable

from eda_workshop.errors import AmbiguousId
from eda_workshop.event import NO_SOURCE, Recorded

Identity = tuple[str, str]
"""An event's source and id. Ids are unique within a source; two sources may use the same one."""


def the_one(found: Iterable[Recorded], id: str, source: str | None) -> Recorded | None:
    """The event that is meant, of those with an id; None if it isn't among them. Raises `AmbiguousId`."""
    source = "" if source == NO_SOURCE else source
    meant = [event for event in found if source is None or event.source == source]
    if len(meant) > 1:
        raise AmbiguousId(id, tuple(event.source or NO_SOURCE for event in meant))
    return meant[0] if meant else None
