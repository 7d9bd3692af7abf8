"""Answers to the rule of two times: two that are right, and what people write on the way there."""

from __future__ import annotations


def _source(*lines: str) -> str:
    return "def believed(rows, actual, record):\n" + "\n".join(f"    {line}" for line in lines)


def _newest(test: str, key: str = "(row[1], row[0])", empty: str = "Unknown") -> str:
    """The row with the largest key among those that pass the test."""
    return _source(
        f"left = [row for row in rows if {test}]",
        f"return max(left, key=lambda row: {key})[2] if left else {empty}",
    )


_BOTH = "row[0] <= record and row[1] <= actual"

RIGHT = (
    _newest(_BOTH),
    _source(
        "newest = {}",
        "for known, start, value in rows:",
        "    if known <= record and start <= actual:",
        "        newest[start] = value  # of one moment, what was recorded last",
        "return newest[max(newest)] if newest else Unknown",
    ),
)

WRONG = {
    _newest("row[1] <= actual"): "You used a letter that had not come in yet",
    _newest("row[0] <= actual"): "The day of the question was held against the record times",
    _newest("row[0] <= actual and row[1] <= record"): "The day of the question was held against the record times",
    _newest("row[0] <= record"): "The scheduled change holds at once",
    _newest(_BOTH, key="row[0]"): "What was recorded last hid what begins later",
    _source(f"left = [row for row in rows if {_BOTH}]", "return left[-1][2] if left else Unknown"): (
        "What was recorded last hid what begins later"
    ),
    _newest(_BOTH, key="row[1]"): "Two letters speak of the same day",
    _newest(_BOTH, key="row[2]"): "Two letters speak of the same day",
    _newest("row[0] <= record and row[1] < actual"): "Off by one: at the very moment at which a change begins",
    _newest("row[0] < record and row[1] <= actual"): "Off by one: what is recorded at that very moment",
    _newest(_BOTH, empty="rows[0][2]"): "Before the first value you give the first one",
    _newest(_BOTH, empty="None"): "None comes back",
    _newest(_BOTH, empty="0"): "Nothing is known of that day, and you name a value",
    _newest(_BOTH).replace("max(left", "min(left"): "The row that begins first was taken",
    _newest(_BOTH).replace("[2]", ""): "The whole row comes back",
    _newest(_BOTH).replace("return max", "max"): "Nothing comes back",
    _newest(_BOTH, empty='"Unknown"'): "That is a text",
    _source(f"left = [row for row in rows if {_BOTH}]", "return max(left, key=lambda row: (row[1], row[0]))[2]"): (
        "Nothing is known of that yet"
    ),
    _source(
        "value = None",
        "for row in sorted(rows, key=lambda row: (row[1], row[0])):",
        f"    if {_BOTH}:",
        "        value = row[2]",
        "return value or Unknown",
    ): "An unpaid month, 0, was taken for no value",
    _source(
        "rows.sort(key=lambda row: (row[1], row[0]))",
        f"left = [row for row in rows if {_BOTH}]",
        "return left[-1][2] if left else Unknown",
    ): "The rows were changed",
    _source(
        "while rows and rows[-1][0] > record:",
        "    rows.pop()",
        "left = [row for row in rows if row[1] <= actual]",
        "return max(left, key=lambda row: (row[1], row[0]))[2] if left else Unknown",
    ): "The rows were changed",
    _newest("row[0].date() <= record.date() and row[1] <= actual"): "Days were compared, not moments",
    _source(
        "actual, record = (moment.replace(tzinfo=None) for moment in (actual, record))",
        "left = [row for row in rows if row[0].replace(tzinfo=None) <= record and row[1].replace(tzinfo=None) <= actual]",
        "return max(left, key=lambda row: (row[1], row[0]))[2] if left else Unknown",
    ): "The time zones were dropped",
    "from datetime import datetime\n\n\n"
    + _source(
        "if actual < datetime(2026, 1, 1):",
        "    return Unknown",
        f"left = [row for row in rows if {_BOTH}]",
        "return max(left, key=lambda row: (row[1], row[0]))[2]",
    ): "A time without a zone",
    _newest("row[0] <= record and row[1].date() <= actual"): "A time without a zone, or a mere date",
    _source("return rows"): "One value was asked for",
}
