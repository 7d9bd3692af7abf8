"""A query in SQL."""

from __future__ import annotations

from typing import Any

from eda_workshop.log.query import Moments, Query
from eda_workshop.log.verify import micros

MANY_NAMES = 1_000
"""SQLite takes only so many values; more names are left to Python."""


def select(query: Query, size: int, *, hashes: bool) -> tuple[str, list[Any]]:
    """One row for a whole page: its texts joined by commas, its hashes, how many, and the last position.

    SQLite joins the texts about as fast as it reads them; a row for each event would take Python much longer.
    """
    clauses, values = _where(query)
    direction, last = ("DESC", "min") if query.reverse else ("ASC", "max")
    digests = "group_concat(hash, '')" if hashes else "''"
    inner = f"SELECT * FROM events WHERE {clauses} ORDER BY position {direction} LIMIT ?"
    return f"SELECT group_concat(event), {digests}, count(*), {last}(position) FROM ({inner})", [*values, size]


def _where(query: Query) -> tuple[str, list[Any]]:
    """The conditions that SQLite can check; names with wildcards are left to Python."""
    clauses = ["position > ?", "position <= ?"]
    values: list[Any] = [query.after, query.upto]
    if query.subject is not None:
        clauses.append("subject = ?")
        values.append(query.subject)
    _between(clauses, values, "occurred", query.occurred)
    _between(clauses, values, "recorded", query.recorded)
    if query.exact is not None and len(query.exact) <= MANY_NAMES:
        clauses.append(f"name IN ({', '.join('?' * len(query.exact))})")
        values.extend(query.exact)
    return " AND ".join(clauses), values


def _between(clauses: list[str], values: list[Any], column: str, span: Moments) -> None:
    for sign, moment in zip((">=", "<"), span, strict=True):
        if moment is not None:
            clauses.append(f"{column} {sign} ?")
            values.append(micros(moment))
