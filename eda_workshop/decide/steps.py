"""What a saga is made of: its steps, and how far one instance of it has come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any, Literal

from eda_workshop.errors import BadSaga, check_number
from eda_workshop.names import check_name

Status = Literal["running", "undoing", "completed", "compensated", "stuck"]


@dataclass(frozen=True)
class Step:
    """One step of a saga.

    do      the command that has it done, such as ``account.open``
    done    the event that says it is done, such as ``account.opened``, about the same key, or in the same conversation
    undo    the command that takes it back, such as ``account.close``; "" if nothing does
    kept    why nothing takes it back, for a step that has no `undo` and is followed by others
    within  seconds by the bus's clock after which it counts as failed; None: it may take forever
    """

    do: str
    done: str
    undo: str = ""
    kept: str = ""
    within: float | None = None

    def __post_init__(self) -> None:
        for name in (self.do, self.done, *([self.undo] if self.undo else [])):
            check_name(name)
        if self.within is not None:
            check_number("within", self.within, 1e-9, whole=False)


@dataclass(frozen=True)
class Instance:
    """How far one run of a saga has come. Steps are named by what they do, in the order in which it happened.

    key          which one it is: the business key, or the conversation's correlation
    data         what the event that started it said; each command gets the same
    since        when what led to the newest step occurred
    status       running; undoing; completed; compensated: all that was done was taken back; stuck: a person must help
    asked        the steps whose command was sent, or was about to be
    accepted     the steps whose command was carried out and not refused
    done         the steps that are done
    undone       the steps that were taken back, or can't be and stay
    reason       why it failed; "" if it did not
    taking_back  the step whose undo was sent and has no answer; "" if there is none
    """

    key: str
    data: Mapping[str, Any]
    since: datetime
    status: Status = "running"
    asked: tuple[str, ...] = ()
    accepted: tuple[str, ...] = ()
    done: tuple[str, ...] = ()
    undone: tuple[str, ...] = ()
    reason: str = ""
    taking_back: str = ""

    @property
    def left(self) -> tuple[str, ...]:
        """What is done and must be taken back, newest first."""
        return tuple(step for step in reversed(self.done) if step not in self.undone)


def check_steps(saga: str, starts: str, steps: Sequence[Step]) -> None:
    """Raise `BadSaga` for steps that can't be distinguished, or can't be undone when a later one fails."""
    if not steps:
        raise BadSaga(saga, "it has no steps", "Give at least one Step(do, done, undo).")
    for attribute in ("do", "done"):
        names = [getattr(step, attribute) for step in steps]
        for name in names:
            if names.count(name) > 1:
                raise BadSaga(saga, f"two of its steps have {attribute}={name!r}", "Give each a name of its own.")
            if name == starts:
                raise BadSaga(saga, f"{name!r} starts it and is one of its steps", "Start it by another event.")
    for step, following in pairwise(steps):
        if not step.undo and not step.kept:
            problem = f"if {following.do!r} fails, nothing takes {step.do!r} back"
            raise BadSaga(saga, problem, "Give it undo=, or say why it stays: kept='…'.")
        if step.undo and step.kept:
            raise BadSaga(saga, f"{step.do!r} is both undone and kept", "Give undo= or kept=, not both.")
