"""A stream and a table: two views of one log, what turns one into the other, and what compaction throws away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from eda_workshop.clock import ManualClock
from eda_workshop.errors import BadSetting, check_number
from eda_workshop.event import Event, Recorded
from eda_workshop.ids import CounterIds
from eda_workshop.log import EventLog, open_log
from eda_workshop.replay import Model, applies, fold
from eda_workshop.values import FrozenDict

STORY: tuple[tuple[str, str, str], ...] = (
    ("folder.created", "f1", "/ada"),
    ("folder.created", "f2", "/grace"),
    ("folder.moved", "f1", "/home"),
    ("folder.created", "f3", "/photos"),
    ("folder.deleted", "f2", ""),
    ("folder.moved", "f3", "/pictures"),
    ("folder.moved", "f1", "/old"),
    ("folder.created", "f4", "/music"),
    ("folder.moved", "f3", "/films"),
    ("folder.moved", "f1", "/ada"),
)
FOLDERS = ("f1", "f2", "f3", "f4")
UNKNOWN = "nobody knows"


class Paths(Model):
    """Where each folder is: the table of a stream of folders' events."""

    initial = FrozenDict()

    @staticmethod
    @applies("folder.created")
    def created(table: FrozenDict, event: Event) -> FrozenDict:
        return FrozenDict({**table, event.data["folder"]: event.data["path"]})

    @staticmethod
    @applies("folder.moved")
    def moved(table: FrozenDict, event: Event) -> FrozenDict:
        return FrozenDict({**table, event.data["folder"]: event.data["path"]})

    @staticmethod
    @applies("folder.deleted")
    def deleted(table: FrozenDict, event: Event) -> FrozenDict:
        return FrozenDict({folder: path for folder, path in table.items() if folder != event.data["folder"]})


def story() -> EventLog:
    """A log with the story's ten events, one a minute."""
    log, ids = open_log("memory://", clock=ManualClock(tick=60)), CounterIds()
    for name, folder, path in STORY:
        data = {"folder": folder} | ({"path": path} if path else {})
        log.append(Event(name, data, subject=f"folder/{folder}", id=ids(), occurred=log.clock.now()))
    return log


def table_of(events: list[Recorded]) -> Mapping[str, str]:
    """The table that these events come to."""
    log = open_log("memory://")
    log.append(*events)
    table: Mapping[str, str] = fold(log, Paths)
    return table


def compacted(events: list[Recorded]) -> list[Recorded]:
    """The newest event of each folder, in their order: enough for the table of now, and no more."""
    newest = {event.subject: event for event in events}
    return [event for event in events if newest[event.subject] is event]


def changes(old: Mapping[str, str], new: Mapping[str, str]) -> list[tuple[str, str | None]]:
    """The messages that turn one table into another: (folder, new path), None for a folder that went.

    >>> changes({"f1": "/a", "f2": "/b"}, {"f1": "/c"})
    [('f1', '/c'), ('f2', None)]
    """
    return [(folder, new.get(folder)) for folder in sorted({*old, *new}) if old.get(folder) != new.get(folder)]


@dataclass(frozen=True)
class Question:
    """Where was this folder after this position?"""

    folder: str = "f1"
    position: int = 3

    def __post_init__(self) -> None:
        if self.folder not in FOLDERS:
            raise BadSetting("folder", self.folder, f"one of: {', '.join(FOLDERS)}")
        check_number("position", self.position, 0, len(STORY))


@dataclass(frozen=True)
class TwoViews:
    """The log as a stream and as a table.

    position  how far the stream was read
    table     what it comes to there: folder to path
    told      what the table's owner would tell at this step: (folder, new path or None)
    kept      the positions that compaction keeps of those read
    question  what is asked of the past
    answers   what all events say to it, and what the compacted ones say
    same      whether the compacted events give the same table
    """

    position: int
    table: dict[str, str]
    told: list[tuple[str, str | None]]
    kept: tuple[int, ...]
    question: Question
    answers: tuple[str, str]
    same: bool


def views(position: int, question: Question) -> TwoViews:
    """Read so much of the story, compact it, and ask both.

    >>> views(10, Question("f1", 3)).answers
    ('/home', 'nobody knows')
    """
    check_number("position", position, 0, len(STORY))
    events: list[Recorded] = list(story().read(upto=position))
    kept, table = compacted(events), table_of(events)
    return TwoViews(
        position,
        dict(table),
        changes(table_of(events[:-1]), table),
        tuple(event.position for event in kept),
        question,
        (_answer(events, question), _answer(kept, question)),
        table_of(kept) == table,
    )


def _answer(events: list[Recorded], question: Question) -> str:
    """What these events say of the folder after that position."""
    before = [event for event in events if event.position <= question.position]
    if not events or events[-1].position < question.position:
        return UNKNOWN
    told: list[Any] = [event for event in before if event.data["folder"] == question.folder]
    first = next((number for number, (_, folder, _) in enumerate(STORY, 1) if folder == question.folder), 0)
    if not told:
        return UNKNOWN if first <= question.position else "not there yet"
    return str(told[-1].data.get("path", "deleted"))
