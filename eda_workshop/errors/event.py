"""What can be wrong with an event: its name, its data, its times, its form on the wire."""

from __future__ import annotations

from dataclasses import dataclass

from eda_workshop.errors.root import EdaError, cut, shorten


@dataclass(eq=False)
class BadName(EdaError):
    """Raised for a text that is no event or command name; `place` is a character's index from 0."""

    text: str
    place: int
    rule: str

    def __str__(self) -> str:
        return (
            f"{shorten(self.text)} is not a name: {self.rule} (at character {self.place}). "
            "Write lower-case tokens joined by dots, at least two, such as user.signed_up."
        )


@dataclass(eq=False)
class BadPattern(EdaError):
    """Raised for a text that is no pattern; `place` is a character's index from 0."""

    text: str
    place: int
    rule: str

    def __str__(self) -> str:
        return (
            f"{shorten(self.text)} is not a pattern: {self.rule} (at character {self.place}). "
            "* stands for exactly one token, > for one or more and only at the end: "
            "user.* or user.>"
        )


@dataclass(eq=False)
class BadData(EdaError):
    """Raised when an event's data is not JSON; `path` leads to the offending value."""

    path: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{cut(self.path, 100)} {self.problem}. {self.remedy}"


@dataclass(eq=False)
class BadEvent(EdaError):
    """Raised when an attribute of an event, or what was passed for an event, is wrong."""

    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.what}. {self.remedy}"


@dataclass(eq=False)
class MadeUp(EdaError):
    """Raised by a log, a bus and a live gateway for an event that was made up in a branch."""

    name: str
    id: str

    def __str__(self) -> str:
        return (
            f"{self.name} (id {shorten(self.id)}) was made up in a branch and has not happened, so nothing was recorded "
            "or sent. What you decide to do now is an event of its own: publish Event(...)."
        )


class FrozenData(EdaError, TypeError):
    """Raised by an attempt to change an event, its data, or a state that was folded from events."""

    def __str__(self) -> str:
        return (
            "An event is a fact and can't be changed, and so is the state that follows from it. Make another event "
            "with event.replace(...), work on a copy of the data, data.copy(), or publish a new event that says what "
            "happened since."
        )


@dataclass(eq=False)
class BadTime(EdaError):
    """Raised for a time that is no instant: naive, or not in RFC 3339 form."""

    given: str
    rule: str

    def __str__(self) -> str:
        return (
            f"{shorten(self.given)} is not an instant: {self.rule}. "
            "Write 2026-03-02T09:00:00Z, or a datetime with tzinfo=UTC."
        )


@dataclass(eq=False)
class ClockBackwards(EdaError):
    """Raised when a manual clock is asked to go back."""

    now: str
    asked: str

    def __str__(self) -> str:
        return (
            f"The clock stands at {self.now} and can't go back to {self.asked}. Recorded time only "
            "grows; to tell of an earlier moment, pass occurred= to the event."
        )


@dataclass(eq=False)
class BadCloudEvent(EdaError):
    """Raised for a document that is no CloudEvents 1.0 event in JSON form."""

    problem: str

    def __str__(self) -> str:
        return f"This is not a CloudEvents 1.0 event: {self.problem}. Mend the document, or ask whoever sent it."
