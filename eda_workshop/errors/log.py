"""What can go wrong with a log: its file, its head, its ids."""

from __future__ import annotations

from dataclasses import dataclass

from eda_workshop.errors.root import EdaError, shorten


@dataclass(eq=False)
class Conflict(EdaError):
    """Raised when the log's head is not where the writer expected it; nothing was appended."""

    expected: int
    actual: int

    def __str__(self) -> str:
        return (
            f"The log was expected to end at position {self.expected}, but it ends at "
            f"{self.actual}: the expectation is out of date. Read what is new, decide again, and "
            "append with the new head."
        )


@dataclass(eq=False)
class DuplicateEvent(EdaError):
    """Raised for an id that the log holds already with other content; nothing was appended."""

    id: str
    position: int

    def __str__(self) -> str:
        return (
            f"The log holds another event with the id {shorten(self.id)} at position "
            f"{self.position}. A fact is never rewritten: give the new event an id of its own."
        )


@dataclass(eq=False)
class BadLog(EdaError):
    """Raised for a log that can't be opened, read or written: wrong file, read-only, gone."""

    url: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"The log {self.url} {self.problem}. {self.remedy}"
