"""Moving a log to another engine, record by record, as it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from eda_workshop.errors import BadLog
from eda_workshop.log.base import EventLog
from eda_workshop.log.consumers import keep_letter, letters_of
from eda_workshop.log.files import BATCH, batches

Progress = Callable[[int, int], object]
"""Called with how many records the target holds, and how many there will be."""


@dataclass(frozen=True)
class Copied:
    """What became of a copy.

    records      how many were copied now
    repeated     how many the target held already, from a copy before
    subscribers  how many durable subscribers' positions were taken along
    letters      how many of their dead letters came with them
    """

    records: int
    repeated: int
    subscribers: int
    letters: int = 0

    def __str__(self) -> str:
        before = f", {self.repeated:,} were there already" if self.repeated else ""
        letters = f", with {self.letters:,} dead letters" if self.letters else ""
        return (
            f"{self.records:,} records copied{before}; {self.subscribers} subscribers' positions taken along{letters}"
        )


def copy_log(source: EventLog, target: EventLog, *, progress: Progress | None = None) -> Copied:
    """Copy all records of a log to another, on any engine: positions, times, hashes; and how far subscribers have come,
    with their dead letters.

    Broken off and done again, it goes on where it was; when the source has grown, it brings the rest. Every record must
    continue the chain of hashes in the target, and in the end both have the same last record. The state of groups of
    workers is not copied: let them finish first. Raises `BadLog` if the target holds anything else than the source's
    beginning.

    >>> here, there = open_log("memory://"), open_log("memory://")
    >>> _ = here.append(Event("user.signed_up"), Event("email.sent"))
    >>> print(copy_log(here, there), there.last == here.last)
    2 records copied; 0 subscribers' positions taken along True
    """
    total, begun = source.head, target.head
    _check_same(source, target, begun)
    done = begun
    for batch in batches(source.read(begun, total, raw=True), min(BATCH, target.max_batch or BATCH)):
        done += target.restore(batch)
        if progress is not None:
            progress(done, total)
    _check_same(source, target, total)
    positions = {name: position for name, position in source.subscribers().items() if position <= total}
    letters = sum(_copy_letters(source, target, name, position) for name, position in positions.items())
    return Copied(done - begun, begun, len(positions), letters)


def _copy_letters(source: EventLog, target: EventLog, name: str, position: int) -> int:
    """Keep a subscriber's letters in the target, then its position; how many letters. Those before where it is there are known."""
    before = target.position_of(name) or 0
    letters = [letter for letter in letters_of(source, "letter", name) if before < letter.position <= position]
    for letter in letters:
        keep_letter(target, "letter", name, letter)
    target.keep_position(name, position)
    return len(letters)


def _check_same(source: EventLog, target: EventLog, position: int) -> None:
    """Raise `BadLog` unless both hold the same record at a position, and so the same ones before it."""
    ours, theirs = (
        next(log.read(position - 1, position, raw=True), None) if position else None for log in (source, target)
    )
    if (ours and ours.hash) != (theirs and theirs.hash):
        problem = f"holds other events than {source.url} up to position {position}, so it is not a copy of it"
        raise BadLog(target.url, problem, "Copy to an empty log; nothing was changed.")
