"""The same folders, written for the `eventsourcing` library as its own documentation writes them."""

from __future__ import annotations

from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event


class Place(Aggregate):
    """A folder's place, and how often it was moved."""

    def __init__(self) -> None:
        self.path = ""
        self.moves = 0

    @event("Moved")
    def move(self, path: str) -> None:
        """It moved."""
        self.path = path
        self.moves += 1


class Folders(Application[UUID]):
    """All folders; its log is read in sections of 1,000, not of 10, which would be slower."""

    log_section_size = 1_000
