"""Every error of the kit: it carries its facts as attributes, and its sentence is made from them here."""

from __future__ import annotations

import copyreg
import math
import operator
import string
from collections.abc import Iterable, Sequence
from numbers import Real
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self, dataclass_transform, overload

from eda_workshop.commandline import bringing


def shorten(text: str, width: int = 60) -> str:
    """The text in quotes, cut in the middle when it is longer than `width` characters.

    >>> shorten("x" * 100, width=9)
    "'xxxx…xxxx' (100 characters)"
    """
    if len(text) <= width:
        return repr(text)
    return f"{cut(text, width)!r} ({len(text):,} characters)"


def cut(text: str, width: int = 60) -> str:
    """The text without its middle when it is longer than `width` characters."""
    if len(text) <= width:
        return text
    half = (width - 1) // 2
    return f"{text[:half]}…{text[-half:]}"


def _beginning(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79]}…"


def close_to(name: object, known: Iterable[str]) -> str:
    """The known name that a misspelled one is most like; "" if none is like it.

    >>> close_to("user.singed_up", ["user.signed_up", "folder.created"])
    'user.signed_up'
    """
    from difflib import get_close_matches

    found = get_close_matches(name, list(known), n=1, cutoff=0.75) if isinstance(name, str) else []
    return found[0] if found else ""


def did_you_mean(name: object, known: Iterable[str]) -> str:
    """A question to add to a sentence when a name is spelled nearly as one that is known, else nothing.

    >>> did_you_mean("user.singed_up", ["user.signed_up", "user.left"])
    ' Did you mean user.signed_up?'
    """
    close = close_to(name, known)
    return f" Did you mean {close}?" if close else ""


class _Wording(string.Formatter):
    """Fills a sentence with facts: ``{id:quoted}`` goes through `shorten`, ``{given!r:cut}`` through `cut`."""

    def format_field(self, value: Any, format_spec: str) -> str:
        if format_spec == "quoted":
            return shorten(value)
        return cut(value) if format_spec == "cut" else str(value)


class EdaError(Exception):
    """Root of every error of the kit: catch it to catch them all."""

    def __reduce__(self) -> tuple[Any, ...]:
        return copyreg.__newobj__, (type(self), *self.args), self.__dict__  # type: ignore[attr-defined]


@dataclass_transform(eq_default=False)
class _Facts(EdaError):
    """An error made of facts, as a dataclass is of fields, and the sentence that says them.

    Where one sentence is not enough, a class has a ``__str__`` of its own. It isn't a dataclass, because making
    dozens of those would be a tenth of the time that importing the kit takes.
    """

    sentence: ClassVar[str]
    facts: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls) -> None:
        cls.facts = (*cls.facts, *cls.__annotations__)

    def __init__(self, *given: object, **named: object) -> None:
        facts = {**dict(zip(self.facts, given, strict=False)), **named}
        wanted = [fact for fact in self.facts if fact in facts or not hasattr(type(self), fact)]
        if len(given) + len(named) != len(facts) or {*facts} != {*wanted}:
            raise TypeError(f"{type(self).__name__} takes {', '.join(self.facts)}")
        super().__init__(*given)
        vars(self).update(facts)

    def __str__(self) -> str:
        return _Wording().vformat(self.sentence, (), vars(self))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{fact}={getattr(self, fact)!r}' for fact in self.facts)})"


class BadSetting(_Facts):
    """Raised for an argument of the wrong kind or out of range; `rule` says what to give instead."""

    name: str
    given: object
    rule: str
    sentence = "{name}={given!r:cut} can't be used. Give {rule}."


@overload
def check_number(name: str, given: object, least: float, most: float = math.inf) -> int: ...
@overload
def check_number(name: str, given: object, least: float, most: float = math.inf, *, whole: Literal[False]) -> float: ...


def check_number(name: str, given: object, least: float, most: float = math.inf, *, whole: bool = True) -> float:
    """The number as a plain `int`, or `float` where it need not be whole, whatever library it comes from.

    Raises `BadSetting` unless least <= given <= most; True and False aren't numbers here, nor is text.

    >>> check_number("after", 2, 0)
    2
    """
    number = _whole(given) if whole else _number(given)
    if number is not None and least <= number <= most:
        return number
    limits = f" from {least} to {most}" if math.isfinite(most) else f" of at least {least}"
    raise BadSetting(name, given, f"a {'whole ' if whole else ''}number{limits if math.isfinite(least) else ''}")


def _whole(given: object) -> int | None:
    """The whole number that this is; None if it isn't one."""
    if isinstance(given, bool):
        return None
    try:
        return operator.index(given)  # type: ignore[arg-type]
    except TypeError:
        return None


def _number(given: object) -> float | None:
    """The number that this is; None for anything else, such as numpy's own True, and for a number that no float holds."""
    if isinstance(given, bool) or not isinstance(given, Real):
        return None
    try:
        number = float(given)
    except OverflowError:
        return None
    return int(given) if isinstance(given, int) else number


# --- events ---------------------------------------------------------------------------------------


class BadName(_Facts):
    """Raised for a text that is not the name of an event or command; `place` is a character's index from 0."""

    text: str
    place: int
    rule: str
    sentence = (
        "{text:quoted} is not a name: {rule} (at character {place}). "
        "Write lower-case tokens joined by dots, at least two, such as user.signed_up."
    )


class BadPattern(_Facts):
    """Raised for a text that is not a pattern; `place` is a character's index from 0."""

    text: str
    place: int
    rule: str
    sentence = (
        "{text:quoted} is not a pattern: {rule} (at character {place}). "
        "* stands for exactly one token, > for one or more and only at the end: user.* or user.>"
    )


class BadData(_Facts):
    """Raised when an event's data is not JSON; `path` leads to the offending value."""

    path: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{cut(self.path, 100)} {self.problem}. {self.remedy}"


class BadEvent(_Facts):
    """Raised when an attribute of an event, or what was passed for an event, is wrong."""

    what: str
    remedy: str
    sentence = "{what}. {remedy}"


class MadeUp(_Facts):
    """Raised by a log, a bus and a live gateway for an event that was made up in a branch."""

    name: str
    id: str
    sentence = (
        "{name} (id {id:quoted}) was made up in a branch and has not happened, so nothing was recorded "
        "or sent. What you decide to do now is an event of its own: publish Event(...)."
    )


class FrozenData(EdaError, TypeError):
    """Raised by an attempt to change an event, its data, or a state that was folded from events."""

    def __str__(self) -> str:
        return (
            "An event is a fact and can't be changed, nor can the state that follows from it. Make another event "
            "with event.replace(...), work on a copy of the data, data.copy(), or publish a new event that says what "
            "happened since."
        )


class BadTime(_Facts):
    """Raised for a time that is not an instant: it has no offset, or is not in the form of RFC 3339."""

    given: str
    rule: str
    sentence = "{given:quoted} is not an instant: {rule}. Write 2026-03-02T09:00:00Z, or a datetime with tzinfo=UTC."


class ClockBackwards(_Facts):
    """Raised when a manual clock is asked to go back."""

    now: str
    asked: str
    sentence = (
        "The clock is at {now} and can't go back to {asked}. Recorded time only moves forward; "
        "for something that happened earlier, pass occurred= to the event."
    )


class BadCloudEvent(_Facts):
    """Raised for a document that is not a CloudEvents 1.0 event in JSON form."""

    problem: str
    sentence = "This is not a CloudEvents 1.0 event: {problem}. Fix the document, or ask its sender."


class UnsupportedEvent(BadCloudEvent):
    """Raised for a CloudEvents 1.0 event that this kit can't hold, such as one with binary data."""

    sentence = (
        "This is a CloudEvents 1.0 event that this kit doesn't take: {problem}. The kit's events carry JSON objects. "
        "Leave it out, or wrap its data in an object: {{'content': …}}."
    )


# --- the log --------------------------------------------------------------------------------------


class Conflict(_Facts):
    """Raised when an event was appended that the decision didn't see; nothing of this append was written.

    expected  the position that the writer expected to be the last, or up to which the writer had read
    actual    the position of the last event
    event     the first event in the way; None if `expected` was the log's end
    unless    the query that matches it
    """

    expected: int
    actual: int
    event: Any = None
    unless: Any = None

    def __str__(self) -> str:
        again = "Read the new events, decide again, and append"
        if self.event is None:
            return (
                f"You expected the log to end at position {self.expected}, but it ends at {self.actual}, because somebody "
                f"else has appended to it. {again} with the new head."
            )
        about = f" about {shorten(self.event.subject)}" if self.event.subject else ""
        return (
            f"{self.event.name!r}{about} is in the way, at position {self.event.position}. You had read up to position "
            f"{self.expected}, and your decision depends on {cut(repr(self.unless), 200)}. {again} with after= the position "
            "up to which you have read by then."
        )


class Overtaken(Conflict):
    """Raised when every try of a decision met a conflict; nothing was appended.

    `in_the_way` has the events that other writers appended in between, one for each try.
    """

    in_the_way: tuple[Any, ...] = ()

    def __str__(self) -> str:
        who = ", ".join(f"{event.name} at {event.position}" for event in self.in_the_way if event is not None)
        times = "once" if len(self.in_the_way) == 1 else f"{len(self.in_the_way)} times"
        return (
            f"This decision was overtaken {times}{f' ({cut(who, 200)})' if who else ''} and has no tries left. Nothing was "
            "appended. Execute the command again, allow more tries=, or narrow the boundary, so that fewer appends conflict."
        )


class DuplicateEvent(_Facts):
    """Raised for an event whose source and id the log already holds with different content; nothing was appended.

    `differs` is the first attribute that differs, such as ``occurred``; "" if none does, but the event had to be new.
    """

    id: str
    position: int
    differs: str = ""

    def __str__(self) -> str:
        id, position = shorten(self.id), self.position
        there = f"The log already holds an event of this source with the id {id} at position {position}"
        if not self.differs:
            return f"{there}. Give the new event an id of its own."
        return (
            f"{there}, and its {self.differs} differs. To repeat an append, send the same event again: "
            "keep the event, because one that is made again gets a new time. If it is a different fact, give it an id "
            "of its own."
        )


class AmbiguousId(_Facts):
    """Raised when an id alone doesn't say which event is meant, because several sources have used it."""

    id: str
    sources: tuple[str, ...]

    def __str__(self) -> str:
        shown = ", ".join(cut(source) for source in self.sources[:5])
        more = f" and {len(self.sources) - 5} more" if len(self.sources) > 5 else ""
        return (
            f"The id {shorten(self.id)} is ambiguous, because several sources have used it: {shown}{more}. "
            f"Name the source as well: find(id, source={self.sources[0]!r})."
        )


class BadLog(_Facts):
    """Raised for a log that can't be opened, read or written: wrong file, read-only, gone."""

    url: str
    problem: str
    remedy: str
    sentence = "The log {url} {problem}. {remedy}"


class BadFile(_Facts):
    """Raised for a file of events, or of a snapshot, that can't be written or read."""

    path: str
    problem: str
    remedy: str
    sentence = "The file {path} {problem}. {remedy}"


class BadRecord(_Facts):
    """Raised for a record that doesn't continue the log it is copied to; nothing was copied."""

    position: int
    id: str
    head: int
    sentence = (
        "The record at position {position} (id {id:quoted}) doesn't continue this log, which ends at {head}: it "
        "comes from another log, or was changed on the way. Copy to an empty log, or load it without restore=True."
    )


class BadUpcaster(_Facts):
    """Raised for an upcaster that is not a function, or a second one for the same step."""

    name: str
    version: int
    problem: str

    def __str__(self) -> str:
        return (
            f"The upcaster of {self.name} from version {self.version} to {self.version + 1} {self.problem}. "
            "Register one function for each step: @upcasters.step(name, version)."
        )


class MissingUpcaster(_Facts):
    """Raised when an event is older than the newest version and the next step is not registered.

    `position` is 0 for an event that was being published and was not appended.
    """

    name: str
    position: int
    version: int
    newest: int

    def __str__(self) -> str:
        where = f" at position {self.position}" if self.position else ""
        unharmed = "What is stored is unharmed: read(raw=True)." if self.position else "Nothing was appended."
        return (
            f"The event {self.name}{where} can't come from version {self.version} to {self.newest}: the step from "
            f"{self.version} to {self.version + 1} is missing. Register it: "
            f"@upcasters.step({self.name!r}, {self.version}). {unharmed}"
        )


class UpcasterFailed(_Facts):
    """Raised when an upcaster raises, or returns something that can't be an event's data.

    `position` is 0 for an event that was being published and was not appended.
    """

    name: str
    position: int
    version: int
    problem: str

    def __str__(self) -> str:
        where = f" at position {self.position}" if self.position else ""
        unharmed = "What is stored is unharmed; fix the upcaster, then read again."
        advice = unharmed if self.position else "Nothing was appended; fix the upcaster, then publish again."
        return f"The upcaster of {self.name} from version {self.version} failed{where}: {self.problem}. {advice}"


class BadCorrection(_Facts):
    """Raised for a rejection or correction that can't be applied; nothing was appended."""

    name: str
    id: str
    problem: str
    sentence = (
        "The {name} {id:quoted} {problem}. An event.rejected says {{'event': id}}, and {{'source': …}} with it if several "
        "sources have used that id; an event.corrected also 'data', an object, or 'occurred', a time. If yours means "
        "something else, give it a name of its own. Nothing was appended."
    )


# --- the bus --------------------------------------------------------------------------------------


class BadSubscriber(_Facts):
    """Raised for a subscriber that can't be made, or used, as asked."""

    name: str
    rule: str
    remedy: str
    sentence = "Subscriber {name:quoted} {rule}. {remedy}"


class NameTaken(_Facts):
    """Raised when two programs, or two parts of one, are at work under one name: to one that comes second, or that a newer one took over from.

    `who` is the subscriber or worker; `by` says where the one is that has the name, and `is_newer` whether it took over.
    """

    who: str
    by: str
    is_newer: bool = False

    def __str__(self) -> str:
        if self.is_newer:
            remedy = "Use that one. What this one handled last may be handled again."
            return f"{self.who} was taken over by {self.by}. {remedy}"
        return f"{self.who} is at work in {self.by}. Stop that program, or give this one another name."


class BadInbox(_Facts):
    """Raised by an inbox whose database, or handler, does not leave the transaction to it."""

    consumer: str
    problem: str
    remedy: str
    sentence = "The inbox of {consumer:quoted} can't be used: {problem}. {remedy}"


class BadHandler(_Facts):
    """Raised for something that can't handle an event; `given` describes what was passed."""

    given: str
    problem: str
    remedy: str
    sentence = "{given} can't be a handler: {problem}. {remedy}"


class DuplicateHandler(_Facts):
    """Raised for a second handler of one subscriber (or of one command) for the same name.

    `name` is the name or pattern of the refused handler, `existing_name` that of the handler in place:
    they differ where a pattern overlaps. `subscriber` is "" for a command.
    """

    subscriber: str
    name: str
    existing_name: str
    existing: str
    new: str

    def __str__(self) -> str:
        swap, off = "ass replace=True to swap it", f"ake the old one off with off({self.existing_name!r})"
        if not self.subscriber:
            has, ways = f"The bus already has a handler for the command {self.name}", f"P{swap}"
        elif self.name == self.existing_name:
            has = f"Subscriber {self.subscriber!r} already has a handler for {self.name}"
            ways = f"P{swap}, t{off}, or let another subscriber react too"
        else:
            has = f"Subscriber {self.subscriber!r} has a handler for {self.existing_name} that overlaps {self.name}"
            ways = f"T{off}, or let another subscriber react too"
        return f"{has}: {self.existing}, so {self.new} was refused. {ways}."


class NotRegistered(_Facts):
    """Raised when a handler is taken off that isn't there."""

    subscriber: str
    name: str
    known: tuple[str, ...]

    def __str__(self) -> str:
        have = f"it has handlers for: {', '.join(self.known)}" if self.known else "it has none yet"
        return f"Subscriber {self.subscriber!r} has no handler for {cut(self.name)}; {have}.{did_you_mean(self.name, self.known)}"


class NoHandler(_Facts):
    """Raised when a command has nobody to carry it out."""

    name: str
    known: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"Nobody handles the command {self.name}.{did_you_mean(self.name, self.known)} A command needs exactly one "
            f"handler: bus.handle({self.name!r}, function). Commands with a handler: {', '.join(self.known) or 'none yet'}."
        )


class NoDecision(_Facts):
    """Raised when a decider has no rule for a command."""

    decider: str
    name: str
    known: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"{self.decider} has no rule for the command {self.name}.{did_you_mean(self.name, self.known)} Write "
            f"@decides({self.name!r}) above a function of (state, command). It has rules for: {', '.join(self.known) or 'none yet'}."
        )


class SpecFailed(_Facts, AssertionError):
    """Raised when a decider doesn't do what a spec says.

    example  the decider, the events that were given, and the command, in words
    problem  what the decider did, and what it should have done
    hint     which of the given events it didn't read; "" if it read all of them
    """

    example: str
    problem: str
    hint: str = ""
    sentence = "{example}: {problem}.{hint}"


class Rejected(EdaError):
    """Raised by a command's handler that says no: ``raise Rejected("the folder exists")``."""


class AsyncHandler(_Facts):
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


class ReadOnlyTap(_Facts):
    """Raised when an observer tries to publish or to send."""

    observer: str
    name: str
    sentence = (
        "{observer} observes and may not publish {name}: a tap that writes is part "
        "of the flow. Make it a subscriber: bus.subscriber(name).on(event, handler)."
    )


class EndlessChain(_Facts):
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

    The event itself is published and recorded. `receipt` is what the call would have returned; after
    `publish` it says who got the event. `letters` are the failures, in order, and stay in
    ``bus.dead_letters`` until `redeliver` succeeds. The sentence names the first five.
    """

    receipt: Any
    letters: tuple[Any, ...]

    def __new__(cls, receipt: Any, letters: Sequence[Any]) -> Self:
        who = ", ".join(f"{each.subscriber} on {each.event.name} ({_beginning(each.reason)})" for each in letters[:5])
        more = f" and {len(letters) - 5} more" if len(letters) > 5 else ""
        self = super().__new__(
            cls,
            f"The event is published, but not everybody could handle it: {who}{more}. Fix the "
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


class NoLog(_Facts):
    """Raised when something is asked of a bus that only a log can answer."""

    asked: str
    sentence = (
        "{asked} needs a log, and this bus has none: what it delivered is gone. "
        'Make the bus with one: Bus(open_log("memory://")).'
    )


# --- replay ---------------------------------------------------------------------------------------


class BadModel(_Facts):
    """Raised for a model that can't be replayed: two reducers for a name, a state that can be changed."""

    model: str
    problem: str
    remedy: str
    sentence = "The model {model} {problem}. {remedy}"


class ReducerFailed(_Facts):
    """Raised when a reducer raises, changes what it was given, or returns no state; the log is unharmed."""

    model: str
    name: str
    position: int
    problem: str
    remedy: str
    sentence = "The reducer of {model} for {name} at position {position} {problem}. {remedy} The log is unharmed."


class UnknownEvent(_Facts):
    """Raised by a strict model for an event that it has no reducer for."""

    model: str
    name: str
    position: int
    like: str = ""

    def __str__(self) -> str:
        meant = f"Did you mean {self.name} where you wrote @applies({self.like!r})? " if self.like else ""
        return (
            f"The model {self.model} is strict and has no reducer for {self.name} at position {self.position}. {meant}"
            f"Write one: @applies({self.name!r}); or leave strict out, and such events are skipped."
        )


class NotReversible(_Facts):
    """Raised when an event can't be undone because the model has no inverse for it."""

    model: str
    name: str
    position: int
    sentence = (
        "The model {model} can't undo {name} at position {position}: it has no inverse. Write one: "
        "@reverses({name!r}); or go back with step(-1), which replays from the snapshot before."
    )


class BadPosition(_Facts):
    """Raised for a position that the log doesn't have."""

    given: object
    head: int
    sentence = (
        "There is no position {given!r:cut} in this log: positions go from 0, before the first event, "
        "to {head}, its head. Give one of them."
    )


class BadSnapshot(_Facts):
    """Raised for a state that can't be kept in a file so that it comes back the same."""

    model: str
    problem: str
    sentence = (
        "A state of {model} can't be kept: {problem}. Use frozen dataclasses, text, numbers, dates and "
        "tuples, with the types of all fields written down."
    )


class Crashed(_Facts):
    """Raised where the plug was pulled on purpose, and by a memory image that has been gone since."""

    point: str
    sentence = (
        "The plug was pulled {point}; what was in memory is gone. Make the image again from its log: it "
        "recovers by itself."
    )


class StillBehind(_Facts):
    """Raised when a projection did not reach a position in time."""

    name: str
    position: int
    wanted: int
    problem: str
    sentence = (
        "The projection {name} is at position {position} but should have reached {wanted}: {problem}. "
        "Start it, call advance(), or wait longer."
    )


class BadGateway(_Facts):
    """Raised for a gateway used in a way that could not be replayed."""

    gateway: str
    problem: str
    remedy: str
    sentence = "The gateway {gateway!r} {problem}. {remedy}"


class MissingAnswer(_Facts):
    """Raised when a replay asks something that was never asked live, so that no answer was recorded."""

    gateway: str
    question: str
    event: str
    position: int
    sentence = (
        "The gateway {gateway!r} has no recorded answer to {question:cut} for the event {event} at "
        "position {position}, and a replay never asks the outside. Ask a person for the value of that time, "
        "and record it: gateways.answer(...)."
    )


class BadPeriod(_Facts):
    """Raised for a change of a temporal property that no history can hold."""

    problem: str
    remedy: str
    sentence = "{problem}. {remedy}"


class BadEdit(_Facts):
    """Raised for an edit that a branch can't make: before its branch point, or of an event that it does not have."""

    place: object
    problem: str
    remedy: str
    sentence = "The branch can't be edited at {place!r:cut}: {problem}. {remedy}"


class BadTarget(_Facts):
    """Raised for a correction of an event that can't be corrected like this; nothing was recorded."""

    target: object
    problem: str
    remedy: str
    sentence = "The event {target!r:cut} {problem}. {remedy} Nothing was recorded."


class BadPlan(_Facts):
    """Raised for a plan that can't be carried out as asked; nothing was recorded."""

    problem: str
    remedy: str
    sentence = "{problem}. {remedy} Nothing was recorded."


# --- flows, the simulator, servers ----------------------------------------------------------------


class BadSaga(_Facts):
    """Raised for a saga that can't be run as described: a step that could not be undone, two steps that look the same."""

    saga: str
    problem: str
    remedy: str
    sentence = "The saga {saga:quoted} can't be run: {problem}. {remedy}"


class BadSystem(_Facts):
    """Raised for a system that can't be simulated: a service that calls itself, an unknown target, an endless call."""

    system: str
    problem: str
    remedy: str
    sentence = "The system {system:quoted} can't be simulated: {problem}. {remedy}"


_WAYS = {
    "nats-server": f"{bringing('nats-server', 'nats')} one; or install it: apt, brew and conda-forge have it.",
    "redis-server": "Install it: apt, brew and conda-forge have it; or go on without, it is optional.",
}


class NoServer(_Facts):
    """Raised when a server isn't there, or doesn't start."""

    name: str
    reason: str

    def __str__(self) -> str:
        return f"{self.name} can't be used: {self.reason}. {_WAYS.get(self.name, '')}".rstrip()


if not TYPE_CHECKING:
    __all__ = [
        name for name, it in globals().items() if name[0] != "_" and isinstance(it, type) and issubclass(it, EdaError)
    ]
