"""What can go wrong with a log: its file, its head, its ids."""

from __future__ import annotations

from dataclasses import dataclass

from eda_workshop.errors.root import EdaError, cut, shorten


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


@dataclass(eq=False)
class BadFile(EdaError):
    """Raised for a file of events, or of a snapshot, that can't be written or read."""

    path: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"The file {self.path} {self.problem}. {self.remedy}"


@dataclass(eq=False)
class BadRecord(EdaError):
    """Raised for a record that doesn't continue the log it is copied to; nothing was copied."""

    position: int
    id: str
    head: int

    def __str__(self) -> str:
        return (
            f"The record at position {self.position} (id {shorten(self.id)}) doesn't continue this log, which ends "
            f"at {self.head}: it comes from another log, or was changed on the way. Copy to an empty log, or load it "
            "without restore=True."
        )


@dataclass(eq=False)
class BadUpcaster(EdaError):
    """Raised for an upcaster that is no function, or a second one for the same step."""

    name: str
    version: int
    problem: str

    def __str__(self) -> str:
        return (
            f"The upcaster of {self.name} from version {self.version} to {self.version + 1} {self.problem}. "
            "Register one function for each step: @upcasters.step(name, version)."
        )


@dataclass(eq=False)
class MissingUpcaster(EdaError):
    """Raised when an event is older than the newest version and the next step is not registered."""

    name: str
    position: int
    version: int
    newest: int

    def __str__(self) -> str:
        return (
            f"The event {self.name} at position {self.position} can't come from version {self.version} to "
            f"{self.newest}: the step from {self.version} to {self.version + 1} is missing. Register it: "
            f"@upcasters.step({self.name!r}, {self.version}). What is stored is unharmed: read(raw=True)."
        )


@dataclass(eq=False)
class UpcasterFailed(EdaError):
    """Raised when an upcaster raises, or what it gives back is no event data."""

    name: str
    position: int
    version: int
    problem: str

    def __str__(self) -> str:
        return (
            f"The upcaster of {self.name} from version {self.version} failed at position {self.position}: "
            f"{self.problem}. What is stored is unharmed; mend the upcaster, then read again."
        )


@dataclass(eq=False)
class BadCorrection(EdaError):
    """Raised for a rejection or correction that refers to nothing recorded before it that could be so."""

    name: str
    position: int
    target: object

    def __str__(self) -> str:
        return (
            f"The {self.name} at position {self.position} refers to {cut(repr(self.target))}, which is no id of an event "
            "before it that can be. Put the id of the event into its data: {'event': 'evt-0001'}. To take this one back, "
            "reject it."
        )
