"""What can go wrong when a log is replayed: its model, a position, a snapshot, the world outside."""

from __future__ import annotations

from dataclasses import dataclass

from eda_workshop.errors.root import EdaError, cut


@dataclass(eq=False)
class BadModel(EdaError):
    """Raised for a model that can't be replayed: two reducers for a name, a state that can be changed."""

    model: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"The model {self.model} {self.problem}. {self.remedy}"


@dataclass(eq=False)
class ReducerFailed(EdaError):
    """Raised when a reducer raises, changes what it was given, or gives back no state; the log is unharmed."""

    model: str
    name: str
    position: int
    problem: str
    remedy: str

    def __str__(self) -> str:
        return (
            f"The reducer of {self.model} for {self.name} at position {self.position} {self.problem}. "
            f"{self.remedy} The log is unharmed."
        )


@dataclass(eq=False)
class UnknownEvent(EdaError):
    """Raised by a strict model for an event that it has no reducer for."""

    model: str
    name: str
    position: int

    def __str__(self) -> str:
        return (
            f"The model {self.model} is strict and has no reducer for {self.name} at position {self.position}. "
            f"Write one: @applies({self.name!r}); or leave strict out, and such events are passed."
        )


@dataclass(eq=False)
class NotReversible(EdaError):
    """Raised when an event can't be undone because the model has no inverse for it."""

    model: str
    name: str
    position: int

    def __str__(self) -> str:
        return (
            f"The model {self.model} can't undo {self.name} at position {self.position}: it has no inverse. Write one: "
            f"@reverses({self.name!r}); or go back with step(-1), which replays from the snapshot before."
        )


@dataclass(eq=False)
class BadPosition(EdaError):
    """Raised for a position where the log has none."""

    given: object
    head: int

    def __str__(self) -> str:
        return (
            f"There is no position {cut(repr(self.given))} in this log: positions go from 0, before the first event, "
            f"to {self.head}, its head. Give one of them."
        )


@dataclass(eq=False)
class BadSnapshot(EdaError):
    """Raised for a state that can't be kept in a file so that it comes back the same."""

    model: str
    problem: str

    def __str__(self) -> str:
        return (
            f"A state of {self.model} can't be kept: {self.problem}. Use frozen dataclasses, text, numbers, dates and "
            "tuples, with the types of all fields written down."
        )


@dataclass(eq=False)
class Crashed(EdaError):
    """Raised where the plug was pulled on purpose, and by a memory image that is gone since."""

    point: str

    def __str__(self) -> str:
        return (
            f"The plug was pulled {self.point}; what was in memory is gone. Make the image again from its log: it "
            "recovers by itself."
        )


@dataclass(eq=False)
class StillBehind(EdaError):
    """Raised when a projection did not come to a position in time."""

    name: str
    position: int
    wanted: int
    problem: str

    def __str__(self) -> str:
        return (
            f"The projection {self.name} is at position {self.position} and was to reach {self.wanted}: {self.problem}. "
            "Start it, call advance(), or wait longer."
        )


@dataclass(eq=False)
class BadGateway(EdaError):
    """Raised for a gateway used in a way that could not be replayed."""

    gateway: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"The gateway {self.gateway!r} {self.problem}. {self.remedy}"


@dataclass(eq=False)
class MissingAnswer(EdaError):
    """Raised when a replay asks what was never asked live, so that no answer was recorded."""

    gateway: str
    question: str
    event: str
    position: int

    def __str__(self) -> str:
        return (
            f"The gateway {self.gateway!r} has no recorded answer to {cut(self.question)} for the event {self.event} at "
            f"position {self.position}, and a replay never asks the outside. Ask a person for the value of that time, "
            "and record it: gateways.answer(...)."
        )


@dataclass(eq=False)
class BadPeriod(EdaError):
    """Raised for a change of a temporal property that no history can hold."""

    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.problem}. {self.remedy}"


@dataclass(eq=False)
class BadEdit(EdaError):
    """Raised for an edit that a branch can't make: before its branch point, or of an event that it does not have."""

    place: object
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"The branch can't be edited at {cut(repr(self.place))}: {self.problem}. {self.remedy}"


@dataclass(eq=False)
class BadTarget(EdaError):
    """Raised for a correction of an event that can't be corrected so; nothing was recorded."""

    target: object
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"The event {cut(repr(self.target))} {self.problem}. {self.remedy} Nothing was recorded."


@dataclass(eq=False)
class BadPlan(EdaError):
    """Raised for a plan that can't be carried out as asked; nothing was recorded."""

    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.problem}. {self.remedy} Nothing was recorded."
