"""A process's own stream in the log: what it heard, what it sent and what became of that, and which timers it set.

A record of a step names the event that led to it, and holds the commands and timers that came of it; so it is inbox and
outbox at once. The subject of all records is ``process/<name>/<key>``. Their ids follow from the event's, so an event leads
to the same ids in whatever order and however often events come.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from eda_workshop.bus.commands import Command, effect_of
from eda_workshop.decide.process import ACCEPTED, REFUSED, After, Output, Process, Send, evolved
from eda_workshop.errors import Rejected
from eda_workshop.event import Event, Recorded, record_as
from eda_workshop.log import Query
from eda_workshop.log.identity import Identity
from eda_workshop.log.own import COMMAND_ACCEPTED, COMMAND_FAILED, COMMAND_REFUSED, DUE, STEPPED, STEPS
from eda_workshop.values import FrozenDict

ANSWERS = {COMMAND_ACCEPTED: ACCEPTED, COMMAND_REFUSED: REFUSED}
Find = Callable[[Identity], Recorded]
"""Gives the event of the log with this identity."""
LONGEST_REASON = 2000
"""Characters of an error that are recorded."""
SHORT = 40
"""Characters of an event's id that its step's id can show; a longer one is shown by its hash."""


@dataclass(frozen=True)
class Waiting:
    """A command that a process has sent, or is about to send, and that has no answer yet.

    command   the command, with the same id at every try
    attempts  how often its handler failed with it
    reason    how it failed the last time; "" if it did not
    """

    command: Command
    attempts: int = 0
    reason: str = ""


@dataclass(frozen=True)
class Timer:
    """A timer that is set: the name and data of the event that the process gets, and when.

    step  the record of the step that set it
    """

    id: str
    name: str
    data: FrozenDict
    due: datetime
    step: Recorded


class Stream:
    """One process, as a fold of its own records.

    key      which process of its class it is
    state    what `evolve` made of the events that it heard
    steps    how many those were
    waiting  by id, the commands that have no answer
    timers   by id, the timers that are set
    """

    def __init__(self, process: type[Process], key: str) -> None:
        self.process, self.key = process, key
        self.steps = 0
        self.state: Any = process.initial
        self.waiting: dict[str, Waiting] = {}
        self.timers: dict[str, Timer] = {}
        self._heard: set[Identity] = set()

    @property
    def subject(self) -> str:
        """What all its records are about."""
        return f"{kind_of(self.process)}/{self.key}"

    @property
    def condition(self) -> Query:
        """What must not be recorded meanwhile."""
        return Query(STEPS, tags=self.subject)

    def has_heard(self, event: Recorded) -> bool:
        """Whether the event has led to a step."""
        return event.identity in self._heard

    def learn(self, record: Recorded, find: Find) -> list[Timer]:
        """Take one of its records in; the timers that are new. Raises `ReducerFailed`."""
        data = record.data
        match record.name:
            case "process.stepped":
                return self._step(record, find((data.get("source", ""), data["event"])))
            case "process.failed":
                before = self.waiting[data["id"]]
                self.waiting[data["id"]] = replace(before, attempts=before.attempts + 1, reason=data["reason"])
            case "process.due":
                del self.timers[data["id"]]
            case _:
                del self.waiting[data["id"]]
        return []

    def _step(self, record: Recorded, cause: Recorded) -> list[Timer]:
        self.state = evolved(self.process, self.state, as_heard(cause))
        self.steps += 1
        self._heard.add(cause.identity)
        for sent in record.data.get("sends", ()):
            about = record.correlation, record.causation, record.extensions
            self.waiting[sent["id"]] = Waiting(Command(sent["name"], sent["data"], sent["id"], *about))
        set_now = [
            Timer(
                timer["id"], timer["name"], timer["data"], record.occurred + timedelta(seconds=timer["after"]), record
            )
            for timer in record.data.get("timers", ())
        ]
        self.timers |= {timer.id: timer for timer in set_now}
        return set_now

    # --- what is recorded -----------------------------------------------------------------------

    def step_id(self, cause: Event) -> str:
        """What the ids of all that an event leads to begin with."""
        own = f"{self.subject}/"
        shown = cause.id.removeprefix(own) if cause.name in STEPS else "" if cause.source else cause.id
        if not 0 < len(shown) <= SHORT:
            shown = hashlib.sha256("\n".join(cause.identity).encode()).hexdigest()[:16]
        return own + shown

    def step(self, cause: Recorded, outputs: Iterable[Output], now: datetime) -> tuple[Event, ...]:
        """The record of a step, and the facts that come of it."""
        sends: list[Mapping[str, Any]] = []
        timers: list[Mapping[str, Any]] = []
        facts: list[Event] = []
        step = self.step_id(cause)
        for number, output in enumerate(outputs, 1):
            id = f"{step}/{number}"
            match output:
                case Send(name, data):
                    sends.append({"id": id, "name": name, "data": data})
                case After(seconds, name, data):
                    timers.append({"id": id, "name": name, "data": data, "after": seconds})
                case _:
                    facts.append(output)
        told = {"source": cause.source, "sends": sends, "timers": timers, "facts": len(facts)}
        data = {"event": cause.id, **{name: value for name, value in told.items() if value}}
        return effect_of(cause, self._record(STEPPED, f"{step}/step", data, occurred=now)), *facts

    def answer(self, waiting: Waiting, error: Exception | None, now: datetime, *, again: bool = False) -> Event:
        """The record of what became of a command; `again` if it will be tried again."""
        command, id = waiting.command, waiting.command.id
        said = {"command": command.name, "data": command.data, "id": id}
        if error is None:
            return effect_of(command, self._record(COMMAND_ACCEPTED, f"{id}/answer", said, occurred=now))
        said |= {"error": type(error).__name__, "reason": reason_of(error)}
        name, id = (COMMAND_FAILED, f"{id}/{waiting.attempts + 1}") if again else (COMMAND_REFUSED, f"{id}/answer")
        return effect_of(command, self._record(name, id, said, occurred=now))

    def due(self, timer: Timer) -> Event:
        """The record of a timer that is due. It occurred when it fell due, whenever somebody noticed."""
        data = {"name": timer.name, "data": timer.data, "id": timer.id}
        step = timer.step
        return self._record(
            DUE,
            f"{timer.id}/due",
            data,
            occurred=timer.due,
            correlation=step.correlation,
            causation=step.causation,
            extensions=step.extensions,
        )

    def _record(self, name: str, id: str, data: Mapping[str, Any], **attributes: Any) -> Event:
        tags, source = (kind_of(self.process),), f"/{self.process.name}"
        return Event(name, data, subject=self.subject, tags=tags, source=source, id=id, **attributes)


def kind_of(process: type[Process]) -> str:
    """The tag that the records of all processes of a class have."""
    return f"process/{process.name}"


def records_of(process: type[Process]) -> Query:
    """The records of all processes of a class."""
    return Query(STEPS, tags=kind_of(process))


def key_in(process: type[Process], record: Event) -> str | None:
    """Whose record it is; None if it is of no process of this class."""
    prefix = f"{kind_of(process)}/"
    return record.subject.removeprefix(prefix) if record.subject.startswith(prefix) else None


def as_heard(event: Recorded) -> Recorded:
    """An event as the process hears it: a record of a timer, or of an answer, under the name that the process knows."""
    if event.name == DUE:
        heard = event.replace(name=event.data["name"], data=event.data["data"], tags=())
    elif event.name in ANSWERS:
        heard = event.replace(name=ANSWERS[event.name], tags=())
    else:
        return event
    return record_as(heard, event.position, event.recorded, "")


def reason_of(error: Exception) -> str:
    """Why a command was not carried out, as text that can be recorded and is never empty."""
    kind = type(error).__name__
    try:
        said = str(error).encode(errors="replace").decode()[:LONGEST_REASON]
    except Exception:
        said = ""
    return (said or kind) if isinstance(error, Rejected) else f"{kind}: {said}" if said else kind
