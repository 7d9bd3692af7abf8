"""What can go wrong on the bus: with subscribers, handlers, commands and deliveries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from eda_workshop.errors.root import EdaError, cut, shorten

NAMED = 5
"""How many failures `DeliveryFailed` names in its sentence; it carries them all."""


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
    they differ where a pattern overlaps. `subscriber` is "" for a command.
    """

    subscriber: str
    name: str
    existing_name: str
    existing: str
    new: str

    def __str__(self) -> str:
        who = f"Subscriber {self.subscriber!r}" if self.subscriber else "The bus"
        if not self.subscriber:
            has = f"already has a handler for the command {self.name}"
            return f"{who} {has}: {self.existing}, so {self.new} was refused. {self._way_out()}"
        if self.name == self.existing_name:
            has = f"already has a handler for {self.name}"
        else:
            has = f"has a handler for {self.existing_name} that overlaps {self.name}"
        return f"{who} {has}: {self.existing}, so {self.new} was refused. {self._way_out()}"

    def _way_out(self) -> str:
        if not self.subscriber:
            return "Pass replace=True to swap it."
        swap = "pass replace=True to swap it, " if self.name == self.existing_name else ""
        ways = f"{swap}take the old one off with off({self.existing_name!r}), "
        return f"{ways[0].upper()}{ways[1:]}or let another subscriber react too."


@dataclass(eq=False)
class NotRegistered(EdaError):
    """Raised when a handler is taken off that isn't there."""

    subscriber: str
    name: str
    known: tuple[str, ...]

    def __str__(self) -> str:
        have = f"it has handlers for: {', '.join(self.known)}" if self.known else "it has none yet"
        return f"Subscriber {self.subscriber!r} has no handler for {cut(self.name)}; {have}."


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
    """Raised by a command's handler that says no: ``raise Rejected("the folder exists")``."""


@dataclass(eq=False)
class AsyncHandler(EdaError):
    """Raised when a call that can't wait meets an async handler.

    `call` is the method that was called: its twin with ``_async`` waits. `subscriber` is "" for a
    command. When `publish` raises it, nothing was appended or delivered.
    """

    subscriber: str
    name: str
    handler: str
    call: str = "bus.publish"

    def __str__(self) -> str:
        whose = f" of subscriber {self.subscriber!r}" if self.subscriber else ""
        return (
            f"{self.handler}{whose}, which handles {self.name}, is async, and {self.call}() can't "
            f"wait for it. Write: await {self.call}_async(...)."
        )


@dataclass(eq=False)
class ReadOnlyTap(EdaError):
    """Raised when an observer tries to publish or to send."""

    observer: str
    name: str

    def __str__(self) -> str:
        return (
            f"{self.observer} observes and may not publish {self.name}: a tap that writes is part "
            "of the flow. Make it a subscriber: bus.subscriber(name).on(event, handler)."
        )


@dataclass(eq=False)
class EndlessChain(EdaError):
    """Raised in the handler whose publish would pass `max_hops`; the event was not published."""

    chain: tuple[str, ...]
    max_hops: int

    def __str__(self) -> str:
        whole = len(self.chain) <= 7
        shown = self.chain if whole else (*self.chain[:3], "…", *self.chain[-3:])
        return (
            f"These events keep causing each other, {self.max_hops} hops so far: "
            f"{' → '.join(shown)}. Let one handler end the chain, or raise Bus(max_hops=...) if it "
            "really is that long."
        )


class DeliveryFailed(ExceptionGroup[Exception], EdaError):
    """Raised after everything was delivered, when handlers failed whose policy is "raise".

    The event itself is published and recorded. `receipt` is what the call would have returned; after
    `publish` it says who got the event. `letters` are the failures, in order, and stay in
    ``bus.dead_letters`` until `redeliver` succeeds.
    """

    receipt: Any
    letters: tuple[Any, ...]

    def __new__(cls, receipt: Any, letters: Sequence[Any]) -> Self:
        who = ", ".join(f"{letter.subscriber} on {letter.event.name}" for letter in letters[:NAMED])
        more = f" and {len(letters) - NAMED} more" if len(letters) > NAMED else ""
        self = super().__new__(
            cls,
            f"The event is published, but not everybody could handle it: {who}{more}. Mend the "
            "handler, then call bus.redeliver()",
            [letter.error for letter in letters],
        )
        self.receipt, self.letters = receipt, tuple(letters)
        return self

    def __init__(self, *_: object) -> None:
        super().__init__(self.message, self.exceptions)

    def derive(self, excs: Sequence[Exception], /) -> ExceptionGroup[Exception]:  # type: ignore[override]
        """What ``except*`` leaves: of this kind as long as each part is one letter's error."""
        left = [letter for letter in self.letters if any(letter.error is error for error in excs)]
        if len(left) != len(excs):
            return ExceptionGroup(self.message, excs)
        return DeliveryFailed(self.receipt, left)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.receipt, self.letters), self.__dict__


@dataclass(eq=False)
class NoLog(EdaError):
    """Raised when something is asked of a bus that only a log can answer."""

    asked: str

    def __str__(self) -> str:
        return (
            f"{self.asked} needs a log, and this bus has none: what it delivered is gone. "
            'Make the bus with one: Bus(open_log("memory://")).'
        )
