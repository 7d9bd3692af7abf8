"""Whether a log is whole: the chain of hashes, and all that is stored beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import msgspec

from eda_workshop.errors import BadLog, EdaError
from eda_workshop.event import Recorded
from eda_workshop.log.record import chain, unpack

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Row(NamedTuple):
    """One record as a log stores it; the columns before `hash` repeat what `event` says, for queries.

    occurred and recorded are microseconds since 1970, UTC; event is the text that the hash covers.
    """

    position: int
    id: str
    name: str
    subject: str
    occurred: int
    recorded: int
    hash: str
    event: str


@dataclass(frozen=True)
class Damage:
    """The first thing in a log that doesn't fit.

    position  where: from 1; one more than the last record's if something beside the records is damaged
    problem   what, in words
    """

    position: int
    problem: str

    def __str__(self) -> str:
        return f"position {self.position}: {self.problem}"


def row_of(record: Recorded, text: str) -> Row:
    """The row that stores this record."""
    times = micros(record.occurred), micros(record.recorded)
    return Row(record.position, record.id, record.name, record.subject, *times, record.hash, text)


def micros(moment: datetime) -> int:
    """Microseconds since 1970, UTC."""
    since = moment - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def instant(micros: int) -> datetime:
    """The moment that many microseconds after the beginning of 1970, UTC."""
    return _EPOCH + timedelta(microseconds=micros)


def find_damage(rows: Iterator[Row]) -> Damage | None:
    """The first row that doesn't continue the ones before it."""
    position, digest, recorded = 0, "", None
    try:
        for row in rows:
            position += 1
            if row.position != position:
                return Damage(position, f"it is missing; the next record is at {row.position}")
            if row.hash != chain(digest, row.event):
                return Damage(position, "the hash doesn't fit the record and the hash before it")
            digest = row.hash
            record, problem = _read(row)
            if record is None or problem:
                return Damage(position, problem)
            if recorded is not None and record.recorded < recorded:
                return Damage(position, "it was recorded before the record at the position before")
            recorded = record.recorded
    except BadLog as error:
        return Damage(position + 1, f"{error.problem}")
    return None


def _read(row: Row) -> tuple[Recorded | None, str]:
    try:
        record = unpack(row.event, row.hash)[0]
        sure = row_of(record, row.event)
    except (msgspec.DecodeError, EdaError, ValueError) as error:
        return None, f"the record is no event ({error})"
    wrong = [column for column, stored, true in zip(Row._fields, row, sure, strict=True) if stored != true]
    return record, f"the column {wrong[0]} is not what the record says" if wrong else ""
