"""Every error of the kit: it carries its facts as attributes and words itself from them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any


class EdaError(Exception):
    """Root of every error of the kit: catch it to catch them all."""

    def __reduce__(self) -> tuple[Any, ...]:
        names = (field.name for field in fields(self)) if hasattr(self, "__dataclass_fields__") else ()
        return type(self), tuple(getattr(self, name) for name in names) or self.args


# --- events, names, times -----------------------------------------------------------------------


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
            "* stands for exactly one token, > for one or more and only at the end: user.* or user.>"
        )


@dataclass(eq=False)
class BadData(EdaError):
    """Raised when an event's data is not JSON; `path` leads to the offending value."""

    path: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.path} {self.problem}. {self.remedy}"


@dataclass(eq=False)
class BadEvent(EdaError):
    """Raised when an attribute of an event, or what was passed for an event, is of the wrong kind."""

    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.what}. {self.remedy}"


class FrozenData(EdaError, TypeError):
    """Raised by an attempt to change an event or its data."""

    def __str__(self) -> str:
        return (
            "An event is a fact and can't be changed. Make another with event.replace(...), work on a "
            "copy of its data, event.data.copy(), or publish a new event that says what happened since."
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
        return f"This is not a CloudEvents 1.0 event: {self.problem}."


# --- the bus ------------------------------------------------------------------------------------


@dataclass(eq=False)
class BadSubscriber(EdaError):
    """Raised for a subscriber that can't be made, or used, as asked."""

    name: str
    rule: str
    remedy: str

    def __str__(self) -> str:
        return f"Subscriber {shorten(self.name)} {self.rule}. {self.remedy}"


@dataclass(eq=False)
class BadHandler(EdaError):
    """Raised for something that can't handle an event; `given` describes what was passed."""

    given: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.given} can't be a handler: {self.problem}. {self.remedy}"


@dataclass(eq=False)
class DuplicateHandler(EdaError):
    """Raised for a second handler of one subscriber (or of one command) for the same name.

    `name` is what the new handler was to be bound to, `existing_name` what the old one is bound to:
    they differ where a pattern overlaps.
    """

    subscriber: str
    name: str
    existing_name: str
    existing: str
    new: str

    def __str__(self) -> str:
        who = f"Subscriber {self.subscriber!r}" if self.subscriber else "A command"
        if self.name == self.existing_name:
            clash = f"already has a handler for {self.name}: {self.existing}"
        else:
            clash = f"has a handler for {self.existing_name} that overlaps {self.name}: {self.existing}"
        if not self.subscriber:
            return f"{who} {clash}, so {self.new} was refused; pass replace=True to swap it."
        return (
            f"{who} {clash}, so {self.new} was refused. Pass replace=True to swap it, take the old "
            f"one off with off({self.existing_name!r}), or let another subscriber react too."
        )


@dataclass(eq=False)
class NotRegistered(EdaError):
    """Raised when a handler is taken off that isn't there."""

    subscriber: str
    name: str
    known: tuple[str, ...]

    def __str__(self) -> str:
        have = ", ".join(self.known) or "none yet"
        return f"Subscriber {self.subscriber!r} has no handler for {self.name}; it has: {have}."


@dataclass(eq=False)
class NoHandler(EdaError):
    """Raised when a command has nobody to carry it out."""

    name: str
    known: tuple[str, ...]

    def __str__(self) -> str:
        have = ", ".join(self.known) or "none yet"
        return (
            f"Nobody handles the command {self.name}. A command needs exactly one handler: "
            f"bus.handle({self.name!r}, function). Commands with a handler: {have}."
        )


class Rejected(EdaError):
    """Raised by a command's handler that says no: ``raise Rejected("the folder exists already")``."""


@dataclass(eq=False)
class AsyncHandler(EdaError):
    """Raised when `publish` meets an async handler; nothing was appended or delivered."""

    subscriber: str
    name: str
    handler: str

    def __str__(self) -> str:
        return (
            f"{self.handler} of subscriber {self.subscriber!r} is async, and publish() can't wait "
            f"for it. Write: await bus.publish_async(...) to publish {self.name}."
        )


@dataclass(eq=False)
class ReadOnlyTap(EdaError):
    """Raised when an observer tries to publish or to send."""

    observer: str
    name: str

    def __str__(self) -> str:
        return (
            f"{self.observer} observes and may not publish {self.name}: a tap that writes is part of "
            "the flow. Make it a subscriber: bus.subscriber(name).on(event, handler)."
        )


@dataclass(eq=False)
class EndlessChain(EdaError):
    """Raised in the handler whose publish would pass `max_hops`; the event was not published."""

    chain: tuple[str, ...]
    max_hops: int

    def __str__(self) -> str:
        shown = self.chain if len(self.chain) <= 7 else (*self.chain[:3], "…", *self.chain[-3:])
        return (
            f"These events keep causing each other, {self.max_hops} hops so far: {' → '.join(shown)}. "
            "Let one handler end the chain, or raise Bus(max_hops=...) if it really is that long."
        )


class DeliveryFailed(ExceptionGroup[Exception], EdaError):
    """Raised after everything was delivered, when handlers failed whose policy is "raise".

    The event itself is published and recorded. `receipt` says who got it; `letters` are the failures,
    in order, and stay in ``bus.dead_letters`` until `redeliver` succeeds.
    """

    receipt: Any
    letters: tuple[Any, ...]

    def __new__(cls, receipt: Any, letters: tuple[Any, ...]) -> DeliveryFailed:
        who = ", ".join(f"{letter.subscriber} on {letter.event.name}" for letter in letters)
        self = super().__new__(
            cls,
            f"The event is published, but not everybody could handle it: {who}. Mend the handler, "
            "then call bus.redeliver()",
            [letter.error for letter in letters],
        )
        self.receipt, self.letters = receipt, letters
        return self

    def __init__(self, receipt: Any, letters: tuple[Any, ...]) -> None:
        super().__init__(self.message, self.exceptions)


# --- the log ------------------------------------------------------------------------------------


@dataclass(eq=False)
class NoLog(EdaError):
    """Raised when something is asked of a bus that only a log can answer."""

    asked: str

    def __str__(self) -> str:
        return (
            f"{self.asked} needs a log, and this bus has none: what it delivered is gone. "
            'Make the bus with one: Bus(open_log("memory://")).'
        )


@dataclass(eq=False)
class Conflict(EdaError):
    """Raised when the log's head is not where the writer expected it; nothing was appended."""

    expected: int
    actual: int

    def __str__(self) -> str:
        return (
            f"The log was expected to end at position {self.expected}, but it ends at {self.actual}: "
            "somebody else appended first. Read what is new, decide again, append with the new head."
        )


@dataclass(eq=False)
class DuplicateEvent(EdaError):
    """Raised for an id that the log holds already with other content; nothing was appended."""

    id: str
    position: int

    def __str__(self) -> str:
        return (
            f"The log holds another event with the id {self.id} at position {self.position}. A fact is "
            "never rewritten: give the new event an id of its own."
        )


@dataclass(eq=False)
class BadLog(EdaError):
    """Raised for a log that can't be opened or written: wrong file, read-only, newer, gone."""

    url: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"The log {self.url} {self.problem}. {self.remedy}"


def shorten(text: str, width: int = 60) -> str:
    """The text in quotes, cut in the middle when it is longer than `width` characters.

    >>> shorten("x" * 100, width=9)
    "'xxxx…xxxx' (100 characters)"
    """
    if len(text) <= width:
        return repr(text)
    half = (width - 1) // 2
    return f"{text[:half] + '…' + text[-half:]!r} ({len(text):,} characters)"
