"""What a log holds, in numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from eda_workshop.log.verify import Row, instant


@dataclass(frozen=True)
class LogStatistics:
    """What a log holds.

    events  how many
    bytes   what their records take, as JSON in UTF-8
    stored  what the log takes where it is kept, with indexes; the same as `bytes` in memory
    names   how many events of each name, in the order of first appearance
    first   when the first was recorded; None while the log is empty
    last    when the last was recorded
    """

    events: int
    bytes: int
    stored: int
    names: dict[str, int]
    first: datetime | None
    last: datetime | None


def measure(rows: Iterable[Row], stored: int | None) -> LogStatistics:
    """Count the rows; `stored` is what they take where they are kept, None if that is no more than they are."""
    names: Counter[str] = Counter()
    size, first, last = 0, None, None
    for row in rows:
        names[row.name] += 1
        size += len(row.event.encode())
        first, last = row.recorded if first is None else first, row.recorded
    times = (None if time is None else instant(time) for time in (first, last))
    return LogStatistics(names.total(), size, size if stored is None else stored, dict(names), *times)
